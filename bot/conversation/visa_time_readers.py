"""Readers of texts that tell how long somebody is on a visa, or when it ends: the time is added up
or said back, and nothing is judged.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.conversation.heard import Heard
from bot.core.command_line import Line, parse
from bot.core.interpretation import Interpretation
from bot.core.reply import Paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction.calendar_names import MONTH, MONTHS
from bot.features.visas import sponsor_time
from bot.understanding.acts import plain

_SPONSORED: Final = re.compile(r" (?:tss|skills in demand|sponsor\w*|employer sponsored|trt) ")
_TOWARDS: Final = re.compile(
    r" (?:ens|pr|permanent|residency|residence|trt|transition|when|how (?:long|much|many)"
    r"|counts?|counting|enough|left|more|remaining|apply|far|until|till|add up|adds up) "
)
_OWN: Final = re.compile(r" (?:i|im|ive|id|my|me|mine|been|we|our) ")
"""Without such a word it is the rule that is asked about."""
_EARLIER: Final = re.compile(
    r" (?:before|earlier|previous\w*|prior|other|another|old|first|also|plus|too|else|last) "
)
_OF_WORK_ELSEWHERE: Final = re.compile(
    r" (?:overseas|abroad|points|salary|pay|paid|study|degree|plan|hours) "
)


def sponsored_time(heard: Heard) -> Iterator[Interpretation]:
    """'14 months on a 482 with one company, when is the 186?',
    'and 8 before with another sponsor': added up.
    """
    line = heard.utterance.line
    if parse(heard.content, heard.text) or _OF_WORK_ELSEWHERE.search(line):
        return
    today = heard.words.today
    told = [one for one in heard.utterance.clauses if sponsor_time.told(one.text, today)]
    if any(one.holder == "other" and not _OWN.search(plain(one.text)) for one in told):
        return
    known = sponsor_time.way(heard.content)
    if known is None:
        return
    months = sponsor_time.told(heard.text, today)
    last = heard.state.conversation.last
    if last is not None and last.command == "visa":
        before = sponsor_time.of(last.words)
    else:
        before = ()
    is_sponsored = bool(_SPONSORED.search(line)) or f" {known.start} " in line
    is_about = is_sponsored and bool(_TOWARDS.search(line) or f" {known.goal} " in line)
    is_further = bool(before) and bool(_EARLIER.search(line))
    if not months or not (is_further or (is_about and _OWN.search(line))):
        return
    every = (*before, *months) if is_further else months
    words = f"{known.goal} {sponsor_time.MARK} {' '.join(map(str, every))}"
    yield Interpretation(
        name="time on a visa added up",
        score=0.985,
        decide=lambda: heard.run(Line("visa", words), None),
        takes_facts=True,
    )


_ENDS: Final = re.compile(
    r"\b(?P<visa>[1-8]\d\d|student|graduate|working holiday"
    r"|bridging)\b(?: visa)?(?: \w+)? (?:runs? out|ends?|expires?|finish(?:es)?|is up"
    r"|lapses?|is over|valid (?:un)?til|(?:only )?(?:un)?till?)\b"
    rf"[^.;?]{{0,16}}?\b(?P<month>{MONTH})\b(?: (?P<year>20[23]\d))?",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(
    r" (?:what|which|options?|after|next|then|visas|stay|pathways?|now|switch|move) "
)


def visa_ends(heard: Heard) -> Iterator[Interpretation]:
    """'My 485 runs out in April, what do people go for after': the date said back,
    then the ways there are.
    """
    hit = _ENDS.search(heard.text)
    is_mine = all(one.holder == "self" for one in heard.utterance.clauses)
    if hit is None or not is_mine or not _NEXT.search(heard.utterance.line):
        return
    yield Interpretation(
        name="a visa that ends",
        score=0.98,
        decide=lambda: _ways_on(heard, hit),
        takes_facts=True,
    )


def _ways_on(heard: Heard, hit: re.Match[str]) -> Turn:
    turn = heard.run(Line("visa", ""), None)
    request: Request = heard.request("visa", heard.text)
    today = heard.words.today
    month = MONTHS[hit["month"].lower()]
    if hit["year"]:
        year = int(hit["year"])
    else:
        year = today.year + (month < today.month)
    left = (year - today.year) * sponsor_time.MONTHS_A_YEAR + month - today.month
    if hit["visa"] in heard.content.visas:
        key = "visa_ends_ours"
    else:
        key = "visa_ends"
    lead = Paragraph(
        request.spans(
            key, visa=hit["visa"], month=hit["month"].title(), year=year, left=max(0, left)
        )
    )
    first, *others = turn.replies
    first = replace(first, blocks=(lead, *first.blocks), personal=True)
    return replace(turn, replies=(first, *others))
