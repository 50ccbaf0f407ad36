"""Readers of texts about pay: a pay alone, two side by side, one beside the visa thresholds,
somebody else's, and what is asked of a sum.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from bot.conversation import questions, topics, wanted_acts
from bot.conversation.heard import Heard
from bot.core.command_line import Line, parse
from bot.core.interpretation import Interpretation
from bot.core.state import LastAnswer
from bot.extraction import money, pay
from bot.extraction.numbers import with_digits
from bot.extraction.reports import reported
from bot.features import questionnaires
from bot.features.pay import pay_answers, pay_spans, pay_talk, thresholds
from bot.features.pay import talk as money_talks
from bot.features.pay.money_pays import WORKDAYS
from bot.features.pay.talk.beyond_cash import names_equity
from bot.understanding.acts import plain
from bot.understanding.reading import term_named
from content.subject import Mention, tokens

_ON_PAY: Final = re.compile(
    r"\b(?:on|earns?|makes?|gets?|paid)\s+\$?(?P<pay>\d{2,3}(?:,?\d{3})?"
    r"|\d\s+hundred)\b\s*(?P<k>k|grand)?",
    re.IGNORECASE,
)


def pay_of_others(heard: Heard) -> Iterator[Interpretation]:
    """'I know blokes on 400': where that stands; it is nobody's pay here."""
    others = any(one.holder == "other" for one in heard.utterance.clauses)
    hit = _ON_PAY.search(heard.text)
    if not others or hit is None or _NO_PAY.search(heard.utterance.line):
        return
    number = hit["pay"].replace(",", "")
    amount = int(number.split()[0]) * 100 if "hundred" in number else int(number)
    yearly = amount * 1000 if amount < _THOUSANDS else amount
    if yearly < _LEAST:
        return
    yield Interpretation(
        name="pay of others",
        score=0.9,
        covers=0.8,
        decide=lambda: heard.run(Line("salary", str(yearly)), None),
        takes_facts=True,
    )


_NO_PAY: Final = re.compile(
    r" (?:(?:got|get|gets|getting|let|made it) (?:in|through)|invited|invitation|points|pts"
    r"|pte|ielts) "
)
"""'He got in on 65': points, and no pay."""
_THOUSANDS: Final = 1000


_LEAST: Final = 40_000


_REPORTED_PAY: Final = re.compile(
    r"(?<![\w.,$])\$?(?P<pay>\d{2,3}(?:,?\d{3})?)\s?(?P<k>k|grand)?(?![\w,]*\d|\s?(?:points?"
    r"|days?|hours?|hrs?|weeks?|months?|years?|yrs?|people|percent|%|a day|per day|an? hour))",
    re.IGNORECASE,
)
_OF_PAY: Final = re.compile(
    r" (?:seek|linkedin|indeed|glassdoor|hays|payscale|recruiters?|ads?|listings?|levels fyi"
    r"|pays?|salary|salaries|salaried|earn|earns|earning"
    r"|range|bands?|offers?|offering|package|wages?|market|median|average|top|grand) "
)


_LEAST_PAY: Final = re.compile(
    r" (?:must|need|needs|needed|have to|has to|at least|minimum|threshold) "
)
"""What somebody has to earn is a threshold's matter, and no pay to be placed."""


_DOUBTED: Final = re.compile(
    r" (?:are|r|is) (?:you|u|ya|that) (?:really )?(?:sure|certain|right) | src | source "
)


def pay_reported(heard: Heard) -> Iterator[Interpretation]:
    """'Seek has it at 180', after pay was talked about or from where pay is told:
    where that stands among the bands.
    """
    report = reported(heard.text)
    hit = _REPORTED_PAY.search(report)
    if _DOUBTED.search(plain(heard.text)):
        return  # 'r u sure about 160 to 210' doubts what was told
    last = heard.state.conversation.last
    on_pay = bool(_OF_PAY.search(plain(heard.text))) or _is_on_pay(heard, last)
    if hit is None or not on_pay or _LEAST_PAY.search(plain(report)):
        return
    amount = int(hit["pay"].replace(",", ""))
    is_short = amount in _SPOKEN_THOUSANDS
    yearly = amount * _THOUSANDS if is_short else amount
    if yearly < _LEAST or heard.content.mentions(tokens(report)) - _levels(heard):
        return
    if _MEDIAN.search(plain(report)) and yearly == heard.content.facts[UNFOUND_MEDIAN].value:
        yield Interpretation(
            name="a median that nobody can find",
            score=0.978,
            decide=lambda: heard.run(Line("fact", UNFOUND_REPORT), None),
            takes_facts=True,
        )
        return
    if span := pay_spans.read(report):
        yield Interpretation(
            name="a span of pay reported",
            score=0.976,
            decide=lambda: pay_spans.placed(heard.request("salary", heard.text), span),
            takes_facts=True,
        )
    yield Interpretation(
        name="a pay reported",
        score=0.975,
        decide=lambda: heard.run(Line("salary", str(yearly)), None),
        takes_facts=True,
    )


_MEDIAN: Final = re.compile(r" (?:medians?|averages?|avg|typical|middle|mean) ")
UNFOUND_REPORT: Final = "talenza_median"
UNFOUND_MEDIAN: Final = "occupations.ml_engineer.figures.talenza_all"
TRUST_IN_IT: Final = "talenza_trust"
_WHY_SHOWN: Final = re.compile(
    r" why (?:(?:do|are|would|is|even|bother|then|u|you|ya|it|even) ){0,4}(?:show|showing|shown"
    r"|quote|quoting|print|list|listing|mention|mentioning|include|keep|tell|use|give) "
)


def why_shown(heard: Heard) -> Iterator[Interpretation]:
    """'So why show it at all' after the median that nobody can find: what it is worth."""
    last = heard.state.conversation.last
    is_told = last is not None and last.words == UNFOUND_REPORT
    if is_told and _WHY_SHOWN.search(plain(heard.text)):
        yield Interpretation(
            name="why a weak figure is shown",
            score=0.978,
            decide=lambda: heard.run(Line("fact", TRUST_IN_IT), None),
        )


def _is_on_pay(heard: Heard, last: LastAnswer | None) -> bool:
    page = questions.as_page(heard.content, last)
    return page is not None and page.command in ("salary", "takehome", "offer")


def _levels(heard: Heard) -> frozenset[Mention]:
    return frozenset(one.mention for one in heard.content.subjects if one.kind == "level")


_ABOUT_A_THRESHOLD: Final = re.compile(
    r" (?:csit|ssit|tsmit|thresholds?|core|specialist|sponsor|sponsored|sponsorship"
    r"|nominations?|limits?|cut ?off|income floor|minimum (?:salary|pay|income)) "
)


_OF_OTHER_LIMITS: Final = re.compile(
    r" (?:hecs|help|medicare|levy|tax|contributions?|concessional|super (?:cap|limit"
    r"|guarantee)|cap) "
)
"""Limits of something else than a visa."""


_IS_IT_ENOUGH: Final = re.compile(
    r" (?:clears?|enough|over|under|above|below|meets?|reach(?:es)?|pass(?:es)?|suffices?"
    r"|count|line|least|minimum|ok|okay|fine|qualif(?:y|ies)) "
)


def pay_beside_thresholds(heard: Heard) -> Iterator[Interpretation]:
    """'88k including super, does that clear the 482': the pay without super beside each threshold,
    and no verdict.
    """
    line = heard.utterance.line
    visas = "|".join(number for number, one in heard.content.visas.items() if one.thresholds)
    named = re.compile(rf"(?<![\d$])(?:{visas})(?!\d|,\d|k)")
    is_about = bool(_ABOUT_A_THRESHOLD.search(line) or named.search(heard.text))
    said = pay.read(named.sub(" ", heard.text))
    ends = said.between or ((said.amount,) if said.amount is not None else ())
    if not (is_about and ends and _IS_IT_ENOUGH.search(line)) or _OF_OTHER_LIMITS.search(line):
        return
    span = "-".join(f"{end:.0f}" for end in ends)
    basis = {"plus_super": "plus super", "including_super": "including super"}.get(
        said.basis or "", ""
    )
    words = " ".join(f"{span} {basis} {thresholds.ASKED}".split())
    yield Interpretation(
        name="a pay beside the thresholds",
        score=0.975,
        decide=lambda: heard.run(Line("takehome", words), None),
    )


def pays_taxed(heard: Heard) -> Iterator[Interpretation]:
    """'900 a day 220 days', '165k plus super', 'and after tax if I got 150 plus super':
    what is left of it.
    """
    typed = parse(heard.content, heard.text)
    if typed is not None and typed.command in wanted_acts.SUMS:
        return
    said = _in_thousands(pay.read(heard.text))
    if topics.AFTER_TAX.search(heard.text) and not said.said_nothing and said.bare is None:
        words = pay.written(said)
        yield Interpretation(
            name="a pay after tax",
            score=0.965,
            decide=lambda: heard.run(Line("takehome", words), None),
        )
    is_settled = said.basis is not None or said.day_rate is not None or said.hour_rate is not None
    if is_settled and wanted_acts.is_a_pay(heard.text):
        yield Interpretation(
            name="a pay",
            score=0.9,
            decide=lambda: heard.run(Line("takehome", heard.text.strip()), None),
        )


def _in_thousands(said: pay.Pay) -> pay.Pay:
    """'150 plus super' is 150,000: as people speak of a year's pay."""
    if said.bare is None or said.bare not in _SPOKEN_THOUSANDS:
        return said
    return replace(said, amount=said.bare * _THOUSANDS, bare=None)


_SPOKEN_THOUSANDS: Final = range(40, 500)


_TWO_PAYS: Final = re.compile(
    r"(?<![\d,.])\$?(?P<one>\d{2,3}(?:,?\d{3})?)\s?k?\s{0,3}(?:and|&|vs|versus"
    r"|or)\s{1,3}(?:on |for |about )?\$?(?P<two>\d{2,3}(?:,?\d{3})?)\s?k?\b"
    r"(?! ?(?:days?|hours?|years?|yrs?|points?|visa)\b|\d|[,.]\d)",
    re.IGNORECASE,
)


_WITH_BASIS: Final = re.compile(
    r"(?<![\d,.])\$?(?P<pay>\d{2,3}(?:,?\d{3})?)\s?k?\s{1,3}(?:(?P<inside>inc|incl|including"
    r"|inclusive of)|plus|\+|and|with)\s{1,3}super\b",
    re.IGNORECASE,
)


def _each_with_basis(text: str) -> str:
    """'150k including super vs 140k plus super' of a text that names two pays,
    each with what is in it; '' for any other.
    """
    sides = [
        f"{hit['pay'].replace(',', '').removesuffix('000')}k "
        f"{'including' if hit['inside'] else 'plus'} super"
        for hit in _WITH_BASIS.finditer(text[:LONGEST])
    ]
    return " vs ".join(sides) if len(sides) == _TWO else ""


LONGEST: Final = 300
_TWO: Final = 2


def two_pays(heard: Heard) -> Iterator[Interpretation]:
    """'Take home on 140 and on 160, both plus super': the two side by side."""
    if both := _each_with_basis(heard.text):
        yield Interpretation(
            name="two pays", score=0.976, decide=lambda: heard.run(Line("offer", both), None)
        )
        return
    hit = _TWO_PAYS.search(heard.text)
    if hit is None or not topics.AFTER_TAX.search(heard.text):
        return
    basis = {"plus_super": "plus super", "including_super": "including super"}.get(
        pay.read(heard.text).basis or "", ""
    )
    sides = (
        f"{hit[name].replace(',', '').removesuffix('000')}k {basis}" for name in ("one", "two")
    )
    words = " vs ".join(side.strip() for side in sides)
    yield Interpretation(
        name="two pays", score=0.975, decide=lambda: heard.run(Line("offer", words), None)
    )


_OWN: Final = re.compile(r" (?:i(?! (?:mean|meant|guess|think|was asking))|im|ive|my|me|mine) ")
"""Without such a word 'four years in Perth' says whose pay is asked for,
and nothing of the speaker.
"""


_RATE_OF_A_YEAR: Final = re.compile(
    r"\W{0,3}\$?(?P<rate>\d{3,4}) ?(?:a|per|/) ?day\W{1,3}(?:for |at "
    r"|on )?(?P<days>\d{2,3}) ?days\b.{0,12}"
    r"\b(?:what|how much)\b.{0,12}\byear\W{0,3}",
    re.IGNORECASE,
)


_PRO_RATA: Final = re.compile(
    r"\$?(?P<pay>\d{2,3}(?:,\d{3}|000)?)\s?(?:k|grand)?\s{1,2}(?:pro ?-?rata|pro ?rated)",
    re.IGNORECASE,
)
_DAYS_A_WEEK: Final = re.compile(r"(?P<days>[1-4]) days?(?: a| per|/) ?week|(?P<day>[1-4]) days?\b")


def part_of_full_time(heard: Heard) -> Iterator[Interpretation]:
    """'They want me 3 days a week and said 130 pro rata plus super': that part of it."""
    hit, days = _PRO_RATA.search(heard.text), _DAYS_A_WEEK.search(with_digits(heard.text))
    if hit is None or days is None:
        return
    figure = float(hit["pay"].replace(",", ""))
    amount = figure * _THOUSANDS if figure < _THOUSANDS else figure
    share = int(days["days"] or days["day"]) / WORKDAYS
    one = pay.Pay(amount=amount, basis=pay.read(heard.text).basis, share=round(share, 4))
    yield Interpretation(
        name="a part of full-time pay",
        score=0.991,
        decide=lambda: heard.run(Line("takehome", pay.written(one)), None),
    )


_HOLIDAY_TAX: Final = re.compile(
    r" (?:working holiday|backpackers?|whm|417|462) .{0,60}"
    r"(?:tax|taxed|net|take home|in hand|in the hand) | (?:tax|taxed) .{0,60}"
    r"(?:working holiday|backpackers?|whm|417|462) "
)
_PASSPORT_TAX: Final = re.compile(
    r" (?:passport|citizen|citizenship|visa|kiwi|nationality) .{0,40}tax |"
    r" tax .{0,40}(?:passport|citizen|citizenship|nationality) "
)


def tax_of_others(heard: Heard) -> Iterator[Interpretation]:
    """The tax of a working holiday, and whether a passport changes tax: facts, and no sums."""
    line = plain(heard.text)
    found = ""
    if _HOLIDAY_TAX.search(line):
        found = "working_holiday_tax"
    elif _PASSPORT_TAX.search(line):
        found = "new_arrival_tax"
    if found and not _GST.search(line):
        yield Interpretation(
            name="whose tax it is",
            score=0.985,
            decide=lambda: heard.run(Line("fact", found), None),
            takes_facts=True,
        )


_GST: Final = re.compile(r" (?:gst|offset|threshold|bracket|brackets|pension) ")
_TWO_JOBS: Final = re.compile(
    r" (?:two|2|second|both|other|side|weekend) (?:\w{1,12} )?(?:jobs?|incomes?|gigs?) "
)


def two_incomes(heard: Heard) -> Iterator[Interpretation]:
    """'I do 2 jobs, 84k plus super and tutoring 12k, how is tax': taxed as one income."""
    said = money.read(heard.text, money_talks.vocabulary(heard.request()))
    sums = [one.value for one in said.figures if one.is_thousands or one.value >= _LEAST_INCOME]
    line = plain(heard.text)
    if len(sums) != TWO_SUMS or not _TWO_JOBS.search(line) or not said.means("tax", "net"):
        return
    words = f"{sum(sums):.0f} plus super"
    lead = pay_answers.line(heard.request(), "pay_two_incomes")
    yield Interpretation(
        name="two incomes",
        score=0.991,
        decide=lambda: pay_answers.led(heard.run(Line("takehome", words), None), lead),
        takes_facts=True,
    )


TWO_SUMS: Final = 2
_LEAST_INCOME: Final = 5_000


def equity(heard: Heard) -> Iterator[Interpretation]:
    """'Perm also has 60k RSU over 4', 'whats esop': nothing of it is counted."""
    if names_equity(frozenset(tokens(heard.text))) and not _UNCOUNTED.search(plain(heard.text)):
        yield Interpretation(
            name="shares or options",
            score=0.985,
            decide=lambda: heard.run(Line("fact", "equity_pay"), None),
        )


_UNCOUNTED: Final = re.compile(
    r" (?:ignore|forget|without|no|skip|drop|not counting|which|my) (?:the )?(?:rsus?|equity|shares"
    r"|options|stock|esop) | (?:what|which|other|more|any) options | options (?:do|are|for|have) "
)


def rates_of_a_year(heard: Heard) -> Iterator[Interpretation]:
    """'850 a day, 220 days, how much is that a year'."""
    hit = _RATE_OF_A_YEAR.fullmatch(heard.text[:LONGEST])
    if hit:
        line = Line("takehome", f"{hit['rate']} a day {hit['days']} days")
        yield Interpretation(
            name="a rate over a year", score=0.97, decide=lambda: heard.run(line, None)
        )


def pay_asked_about(heard: Heard) -> Iterator[Interpretation]:
    """What a short text asks of a pay, by itself or after a sum; a typed command is its own."""
    if parse(heard.content, heard.text):
        return
    topics_now = topics.recent(heard.state.conversation, heard.event.at)
    above = tuple(one for one in map(partial(questions.as_page, heard.content), topics_now) if one)
    asks = heard.utterance.asks or "?" in heard.text
    found = pay_talk.meant(heard.request("takehome", heard.text), heard.text, above, asks=asks)
    for place, one in enumerate(found):
        yield Interpretation(
            name="what is asked of a pay",
            score=0.985 - 0.01 * place,
            decide=lambda one=one: heard.run(one, None) if isinstance(one, Line) else one(),  # type: ignore[misc]
            takes_facts=not _OWN.search(heard.utterance.line),
        )


def _is_command(typed: Line | None) -> bool:
    """'Net on the low one' names no pay of its own, though `net` is a command."""
    if typed is None or typed.command in ("what-if", "sources"):
        return False
    is_of_talk = typed.command == "takehome" and bool(typed.words)
    return not (is_of_talk and pay.read(typed.words).said_nothing)


_CHATTER: Final = 0.02
MOST_WHOLE: Final = 5


def _is_chatter(heard: Heard, said: money.Money) -> bool:
    """Whether one word that money does not explain is about nothing else either: 'he gets 175 plus
    super the mongrel'.
    """
    if len(said.left) > 1 or said.size < MOST_WHOLE:
        return False
    if not said.means("super inside", "super on top", "no loan") or said.asks:
        return False
    if said.means("threshold", "beside", "who") or any(one.upto for one in said.figures):
        return False
    (word,) = said.left
    is_term = bool(term_named(heard.content, word))
    return not heard.content.mentions((word,)) and not is_term and word not in _ASKING


_ASKING: Final = frozenset("legal tax visa points law bonus plan code year".split())
_SPACED: Final = re.compile(r"(?<![\d.,])(?P<head>\d{2,3}) (?P<tail>\d{3})(?![\d.,])")
"""'140 000' as it is written elsewhere."""


def money_talk(heard: Heard) -> Iterator[Interpretation]:
    """A message of money talk read whole, against what was talked about: 'second one per
    fortnight', 'and lead?', 'whats my base'.
    """
    typed = parse(heard.content, heard.text)
    if _is_command(typed) or len(heard.text) > LONGEST:
        return
    known = money_talks.vocabulary(heard.request())
    text = _SPACED.sub(r"\g<head>\g<tail>", heard.text)
    said = money.read(text, known, frozenset(heard.content.place_names["australia"]))
    if not said.size or (said.left and not _is_chatter(heard, said)):
        return
    told = topics.recent(heard.state.conversation, heard.event.at)
    talk = money_talks.Talk(request=heard.request("takehome", heard.text), said=said, told=told)
    is_asked = questionnaires.waiting(heard.words) is not None
    if not money_talks.is_of_money(talk, is_asked_elsewhere=is_asked):
        return
    for place, (one, covers) in enumerate(money_talks.meant(talk)):
        yield Interpretation(
            name="money talk",
            score=0.994 - 0.01 * place,
            covers=covers - _CHATTER * len(said.left),
            decide=lambda one=one: heard.run(one, None) if isinstance(one, Line) else one(),  # type: ignore[misc]
            takes_facts=not _OWN.search(heard.utterance.line) or said.means("other"),
        )
