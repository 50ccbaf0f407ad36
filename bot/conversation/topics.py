"""What was talked about lately, and the short texts that change one thing of it: 'and on 120?',
'per week?', 'seniors?', 'and the 190?'.

The last five answers are kept as topics. An ellipsis changes one value of the nearest topic that
has such a slot; a turn that was not understood replaces none of them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.core.command_line import Line, parse, tidy
from bot.core.state import Conversation, LastAnswer, State
from bot.core.turn import Turn
from bot.extraction import pay as pay_said
from bot.extraction.visas import covered_visas, replaced_visas
from bot.features.about import fact
from bot.features.pay import net_pay, pay_words, thresholds
from bot.understanding.reading import find_answers
from content.content import Content

KEPT: Final = 5
POINTED_AT: Final = timedelta(minutes=10)
"""So long a pronoun or a bare value may mean what was answered last."""
SUMS_STAND: Final = timedelta(hours=6)
"""A sum stands in the chat; its inputs may be changed for longer."""
SUMS: Final = ("takehome", "offer", "what-if")
MOST_WORDS: Final = 14

_OPENING: Final = re.compile(
    r"^(?:(?:and|or|so|ok|okay|but|then|what|how|about|if|for|the|a|an|same|with|someone"
    r"|somebody|people|is|it|that|those|them|on|in|at|also|now|plus|yeah|hmm|well|righto"
    r"|right|oh|na|nah|no|sorry|wait|i mean|whats|what's|wat|wbt|then|say)\b[ ,.]*)+",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(
    r"(?<![ ,])[ ,]{0,4}(?:then|please|pls|instead|too|as well|mate|though|ones?|only|na"
    r"|呢)?[ ?.!]{0,9}$",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"(?<!\d)\d{6}(?!\d)")
AFTER_TAX: Final = re.compile(
    r"\b(?:after tax|take[ -]?home|in (?:the|my) (?:hand|pocket|bank)|in hand|net|lands in"
    r"|post[ -]tax|tax taken)\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d")
_SPENT: Final = re.compile(
    r"\b(?:daycare|day care|childcare|child care|rent|mortgage|bills|petrol|parking|groceries)\b",
    re.IGNORECASE,
)
"""What is spent is no pay: 'daycare is 150 a day'."""
_WHENCE: Final = re.compile(r"(?:and |so )?(?:src|source|sources|cite|citation)\b", re.IGNORECASE)
"""Asks where a figure comes from, and changes none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A command line, and the share of the text that it explains."""

    line: Line
    covers: float
    is_about_others: bool = False
    """Years and places in it are those of a question, and no facts of the speaker."""


def remembered(before: State, turn: Turn) -> Turn:
    """The turn, with the answer before it among the topics."""
    conversation = turn.state.conversation
    old, new = before.conversation.last, conversation.last
    if old is None or new is old or new is None:
        return turn
    kept = tuple(one for one in conversation.topics if _address(one) != _address(old))
    topics = (old, *kept)[: KEPT - 1]
    return replace(
        turn, state=replace(turn.state, conversation=replace(conversation, topics=topics))
    )


def _address(topic: LastAnswer) -> tuple[str, str]:
    """What makes two topics one: the command, and for a fact which one it was."""
    return topic.command, topic.words if topic.command == fact.COMMAND else ""


def recent(conversation: Conversation, now: datetime) -> tuple[LastAnswer, ...]:
    """The topics that may still be meant, nearest first."""
    every = (conversation.last, *conversation.topics)
    return tuple(
        one
        for one in every
        if one is not None and now - one.at <= (SUMS_STAND if one.command in SUMS else POINTED_AT)
    )


def ellipses(
    content: Content, conversation: Conversation, text: str, now: datetime
) -> Iterator[Changed]:
    """What the text changes about each of the topics, nearest first."""
    words = tidy(text)
    if not words or len(words.split()) > MOST_WORDS or _WHENCE.match(words):
        return
    is_spent = bool(_SPENT.search(words) and _NUMBER.search(words))
    for topic in recent(conversation, now):
        if is_spent and topic.command in SUMS:
            continue
        found = _of(content, topic, words)
        if found is not None:
            yield found


def _of(content: Content, topic: LastAnswer, words: str) -> Changed | None:
    match topic.command:
        case "takehome" | "offer":
            return _sum(content, topic, words)
        case "salary":
            return _pay_by_level(content, topic, words)
        case fact.COMMAND if topic.words in OF_LENGTH:
            found = _plan(topic, words)
            return found if found and found.line.words.startswith("at ") else None
        case fact.COMMAND if page := _salary_page(content, topic):
            found = _pay_by_level(content, page, words)
            # A level alone is asked for by its fact, which is shorter.
            is_level = found is not None and not found.is_about_others and not _NUMBER.search(words)
            return None if is_level else found
        case "visa":
            return _visa(content, topic, words)
        case "code":
            return _code(words)
        case "plan":
            return _plan(topic, words)
        case "subscribe" | "reminders" | "resume" | "pause" | "snooze":
            return _schedule(words)
        case _:
            return None


def _sum(content: Content, topic: LastAnswer, words: str) -> Changed | None:
    if not topic.words:
        return None
    found = net_pay.change(topic.command, topic.words, words, tuple(sorted(content.tax)))
    if found is None:
        is_asked_again = AFTER_TAX.search(words) and not _NUMBER.search(words)
        again = Line(topic.command, topic.words)
        if not is_asked_again:
            return None
        return Changed(line=again, covers=1.0)
    command = topic.command
    if thresholds.asks_for(topic.words):
        words = f"{found.words} {thresholds.ASKED}"
        return Changed(line=Line(command, words), covers=found.covers)
    if command == "offer" and re.search(r" (?:week|fortnight|month|year)$", found.words):
        return None
    return Changed(line=Line(command, found.words), covers=found.covers)


def _salary_page(content: Content, topic: LastAnswer) -> LastAnswer | None:
    """The page of pay that a fact belongs to; None for other facts."""
    unit = content.answer_units.get(topic.words)
    page = None
    if unit and unit.answer.more:
        page = parse(content, unit.answer.more)
    is_pay = page is not None and page.command == "salary"
    if page and is_pay:
        return replace(topic, command="salary", words=page.words)
    return None


_NARROWS: Final = re.compile(
    r"\b(?:specifically|only|just|exactly|in particular|itself|based|area|region|instead|tho"
    r"|hey|i meant?)\b",
    re.IGNORECASE,
)
_YEARS: Final = re.compile(
    r"\b(?P<years>\d{1,2})\s?(?:years?|yrs?|y)\b(?: (?:of )?(?:exp|experience|in|work))?",
    re.IGNORECASE,
)


def _pay_by_level(content: Content, topic: LastAnswer, words: str) -> Changed | None:
    """'In Perth tho', 'for 4 yrs in brissie specifically': the page of that level;
    else what a pay or a level changes.
    """
    if found := _of_a_range(content, topic, words):
        return found
    place = _place_in(content, words)
    if not place:
        return _salary(content, topic, words)
    left = re.sub(
        rf"\b(?:in|at|near|around|for|of)?\s{{0,2}}\b{re.escape(place)}\b",
        " ",
        words,
        flags=re.IGNORECASE,
    )
    bare = tidy(_CLOSING.sub("", _OPENING.sub("", _NARROWS.sub(" ", left))))
    years = _YEARS.fullmatch(bare.strip(" ,.?"))
    if bare.strip(" ,.?") and not years:
        return None
    asked = f"{years['years']} years" if years else topic.words
    return Changed(
        line=Line("salary", f"{asked} {place}".strip()), covers=1.0, is_about_others=True
    )


_WITH_SUPER: Final = re.compile(
    r"(?:\b(?:is|are|does|do|was) (?:that|it|this|these|those|they|the range"
    r"|the figure)s?\b.{0,24}|^(?:and |so |with |plus |incl\w* |before )?)\bsuper\b"
    r"(?: (?:in|inside|included|include|on top|in it|or without|or not|too|as well"
    r"|then)){0,3}\W{0,3}$",
    re.IGNORECASE,
)
_AS_A_JOB: Final = re.compile(
    r"\b(?P<years>\d{1,2})\s?(?:years?|yrs?)\b.{0,12}\b(?:as|of|in|doing"
    r"|with)\b.{0,24}\b(?:dev\w*|engineer\w*|analyst|scientist|swe|backend|frontend|data"
    r"|software|programm\w+|it|python|java)\b",
    re.IGNORECASE,
)
_RANGES_WITH_SUPER: Final = "are the ranges with super or without"


def _of_a_range(content: Content, topic: LastAnswer, words: str) -> Changed | None:
    """'Is that with super', '5 yrs as backend dev' after a range of pay: what is known of that
    range, the range of those years.
    """
    if not pay_said.read(topic.words).said_nothing:
        return None
    if _WITH_SUPER.search(words):
        key = find_answers(content, _RANGES_WITH_SUPER)[0].key
        return Changed(line=Line(fact.COMMAND, key), covers=1.0, is_about_others=True)
    if hit := _AS_A_JOB.search(words):
        return Changed(line=Line("salary", f"{hit['years']} years"), covers=1.0)
    return None


def _place_in(content: Content, words: str) -> str:
    """The Australian place that a text names; '' for none."""
    line = words.lower()
    named = (name for name in content.place_names.get("australia", ()) if name in line)
    whole = (name for name in named if re.search(rf"\b{re.escape(name)}\b", line))
    return max(whole, key=len, default="")


def _salary(content: Content, topic: LastAnswer, words: str) -> Changed | None:
    if AFTER_TAX.search(words) and not _NUMBER.search(words):
        pay = pay_said.read(topic.words)
        if pay.said_nothing:
            return None
        return Changed(line=Line("takehome", topic.words), covers=1.0)
    bare = _CLOSING.sub("", _OPENING.sub("", words))
    if not bare:
        return None
    old = pay_said.read(topic.words)
    new = pay_said.read(bare)
    if old.day_rate is not None and new.days is not None:
        found = net_pay.change("takehome", topic.words, bare, ())
        if not found:
            return None
        return Changed(line=Line("salary", found.words), covers=found.covers)
    if re.fullmatch(r"\$?\d{2,4}", bare) and not old.said_nothing:
        found = net_pay.change("takehome", topic.words, bare, ())
        if not found:
            return None
        return Changed(line=Line("salary", found.words), covers=1.0)
    wanted = pay_words.wanted(content, bare)
    numbers = wanted.numbers
    says = wanted.level or numbers.years or numbers.amount or numbers.day_rate
    if numbers.years and wanted.unknown and _OTHERS.search(words):
        low, high = numbers.years
        span = f"{low:g}" if low == high else f"{low:g}-{high:g}"
        return Changed(line=Line("salary", f"{span} years"), covers=0.9)
    if not says or wanted.unknown or (wanted.taken and len(bare.split()) > _FEW):
        return None
    return Changed(line=Line("salary", bare), covers=1.0)


_OTHERS: Final = re.compile(
    r"\b(?:friend|mate|bloke|guy|girl|cousin|brother|sister|he|she|him|her|someone|somebody"
    r"|colleague|partner|husband|wife|who|with)\b",
    re.IGNORECASE,
)


_FEW: Final = 4


def _visa(content: Content, topic: LastAnswer, words: str) -> Changed | None:
    """'and the 190?': the same of another visa; after a comparison, one more in it."""
    named = covered_visas(words, content.visas)
    without = replaced_visas(words, content.visas, " ")
    left = _CLOSING.sub("", _OPENING.sub("", without)).strip(" ,")
    if len(named) != 1 or left:
        return None
    if topic.words.startswith("compare"):
        return Changed(line=Line("visa", f"{topic.words} {named[0]}"), covers=1.0)
    if not covered_visas(topic.words, content.visas):
        return Changed(line=Line("visa", named[0]), covers=1.0)
    said = replaced_visas(topic.words, content.visas, named[0])
    return Changed(line=Line("visa", said), covers=1.0)


_HOURS: Final = re.compile(
    r"^(?P<asks>(?:(?:and|so|ok|what|whats|how|about|would|will|it|that|be|is|long|many|weeks"
    r"|if|i|did|do|does|at|with|for)\s{1,3}){1,8}(?=\d))?"
    r"(?:(?:wait|no|nah|actually|sorry|better|rather|just|more like|make it|make that|only"
    r"|say|what if|and|if|with|at|for|about|hey|then|instead|,|i mean|it's|its|rather"
    r"|maybe)\s{0,3}){0,8}(?P<hours>[1-9]|[1-3]\d|40)(?:\s{0,3}(?:h|hrs?"
    r"|hours?))?(?:\s{0,3}(?:a|per|each)\s{0,3}week)?(?:\s{0,3}(?:hey|then|please|pls|instead"
    r"|rather|a week|now)){0,4}[?!. ]{0,9}",
    re.IGNORECASE,
)


OF_LENGTH: Final = frozenset(["how_long_to_learn", "plan_hours_choice", "plan_what"])
"""Facts about how long it takes, after which a number is hours a week."""


def _plan(topic: LastAnswer, words: str) -> Changed | None:
    """'Wait, better 10', 'more like 4': the hours a week; after how long it would take,
    of that sum.
    """
    hit = _HOURS.fullmatch(words)
    if hit is None:
        return None
    is_asked = bool(hit["asks"]) and bool(re.search(r"\b(?:at|would|how|what|if)\b", hit["asks"]))
    what = "at" if is_asked or topic.words.startswith("at ") else "hours"
    return Changed(line=Line("plan", f"{what} {hit['hours']}"), covers=1.0 if is_asked else 0.95)


_MAKE_IT: Final = re.compile(
    r"^(?:(?:no|nah|oh|sorry|wait|actually|ok|please|pls|hang on|better"
    r"|rather)[, ]{1,4}){0,6}(?:make (?:it|that)|change (?:it|that)? ?to|move (?:it"
    r"|that)? ?to|set (?:it|that)? ?(?:to|at)|switch (?:it|that)? ?to|i meant?|it'?s"
    r"|rather)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_NOT_THE_OLD: Final = re.compile(
    r"(?<![, ])[, ]{0,4}\b(?:not|instead of|rather than)\b .*$", re.IGNORECASE
)


def _schedule(words: str) -> Changed | None:
    """'Make it fridays and 7 not 8', 'make it 6.30 instead': the day or the time of the nudge."""
    hit = _MAKE_IT.match(_CLOSING.sub("", words))
    if hit is None:
        return None
    rest = _NOT_THE_OLD.sub("", hit["rest"]).strip()
    rest = re.sub(r"\band (?=\d)|^(?=\d{1,2}(?:[.:]\d\d)?$)", "at ", rest)
    if not rest:
        return None
    return Changed(line=Line("reminders", rest), covers=1.0)


def _code(words: str) -> Changed | None:
    named = _CODE.findall(words)
    left = _CLOSING.sub("", _OPENING.sub("", _CODE.sub(" ", words))).strip(" ,那呢?？")
    if len(named) != 1 or left:
        return None
    return Changed(line=Line("code", named[0]), covers=1.0)
