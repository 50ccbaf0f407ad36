"""Typed values stated in a message: money, years, points, visas, steps, days and times.

Everything that looks like a value is spotted first, each number at most once; which of them belong
to the answer depends on the intent and is chosen later (content/language/intents.yaml). Times and
days are bot.extraction.times's grammar.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.extraction import pay
from bot.extraction import times as when
from bot.extraction.numbers import DOZEN, ORDINALS, value_of
from bot.extraction.visas import visa_numbers
from bot.understanding.normalise import Written
from bot.understanding.phrase_matcher import Hit
from content.content import Content

_N: Final = r"\d{1,3}(?:\.\d)?"
_MONEY = re.compile(
    r"(?P<mark>(?:au?d?\s?|a)?\$\s?|\baud\s?)?(?<![\w.,])(?P<n>\d{1,3}(?:,\d{3})+(?!\d)"
    r"|(?<=\$)\d{1,3}(?: \d{3})+(?!\d)|\d+(?:\.\d+)?)(?:\s?(?P<unit>k|thousand"
    r"|grand)\b)?(?P<rest>[\w%]*)"
)
_PER_DAY = re.compile(
    r"^\s{0,3}(?:aud\s{0,3}|aussie\s{0,3}|australian\s{0,3})?(?:dollars?\s{0,3}|bucks\s{0,3}"
    r"|\$\s{0,3})?(?:\+\s?gst\s{0,3})?(?:/\s?|per\s{1,3}|a\s{1,3}|each\s{1,3}|every\s{1,3}"
    r"|p\.?/?)?(?:d|day|days|daily|pd|diem)\b(?!\s{0,3}(?:a|per)\b)"
)
_DAILY_BEFORE = re.compile(
    r"\b(?:day|daily)[ -]rate[a-z ]{0,12}$|\bdaily\s{1,3}$|\b(?:per|a) day (?:is|of|at)\s{1,3}\$?$"
)
_PER_OTHER = re.compile(
    r"^\s{0,3}(?:aud\s{0,3}|dollars?\s{0,3}|bucks\s{0,3})?(?:/\s?|per\s{1,3}|an?\s{1,3}"
    r"|each\s{1,3}|p)(?:h|hr|hour|week|wk|fortnight|month|mth)\b"
)
_OCCUPATION = re.compile(
    r"(?<![\d,.$])(?:anzsco\s{0,3})?((?:1[1-4]|2[1-7]|3[1-9])\d{4})(?![\d,]|\s?(?:k|aud"
    r"|dollars|per|a year|base|plus|\+))"
)
_YEARS = re.compile(
    rf"(?<![\w.$])(?P<n>{_N}|an?|one)(?P<half>\s{{1,3}}and a half)?\s{{0,3}}\+?\s{{0,3}}(?:-\s{{0,3}})?(?:plus\s{{1,3}})?"
    r"(?P<unit>years?|yrs?|yoe|yr|y|months?|mths?"
    r"|mos)\b(?P<after_half>\s{1,3}and a half)?(?!\s{0,3}(?:old|of age|time\b|ago\b|visa))"
)
_NOT_WORKED_BEFORE = re.compile(
    r"\b(?:in|next|within|after another|another|every|for the next|coming|least|takes?|under"
    r"|over|age|turn|turning|until|a|wait|stay)\s{1,3}(?:the\s{1,3})?(?:next\s{1,3}"
    r"|about\s{1,3}|around\s{1,3})?$"
)
_NOT_WORKED_AFTER = re.compile(
    r"^\s{0,3}(?:at home|off\b|out of|away\b|unemployed|jobless|of (?:parental|maternity"
    r"|study|studies|school|uni|travel\w*|unemployment)|on (?:parental|maternity|leave)"
    r"|raising|caring|travelling|without (?:work|a job|working)|between jobs|not working"
    r"|(?:career )?(?:break|gap)\b|left\b|to go\b|from now"
    r"|(?:degree|course|program|bachelor|masters?|phd|lease|mortgage|plan|contract)\b)"
)
_WORKED_ANYWAY = re.compile(
    r"^\s{0,3}(?:of\s{1,3})?(?:in\b(?! jail| prison)|into\b|exp|experience|as\b|at\b(?! home)"
    r"|coding|working|with\b(?! the kids)|doing|java|python|under my belt|post|on the job)"
)
_POINTS = re.compile(r"(?<![\w.$/])(\d{1,3})\s{0,3}\+?\s{0,3}(?:points?|pts?|marks)\b")
_SCORE = re.compile(
    r"(?<![\w.$:/,-])(\d{2,3})(?![\w%:]|[.,]\d|\s{0,3}(?:years?|yrs?|y/?o|[mf]\b|k\b|am\b"
    r"|pm\b|hours?|weeks?|days?))"
)
_NOT_SCORE = re.compile(
    r"\b(?:ielts|pte|toefl|oet|age|aged|am|turn|turning|turned|i'?m|visa|subclass"
    r"|for(?: the)?|vs|of|older|until|by|before|after|every|superior|english|overall)\s{0,3}$"
)
_STEP_LIST = re.compile(
    r"(?:\b(?:steps?|numbers?|tasks?|nos?\.?|nr|items?)\s{0,3}#?"
    rf"|(?<!\w)#)\s{{0,3}}(?P<list>(?:\d{{1,2}}|{'|'.join(DOZEN)})\b(?:\s{{0,3}}(?:,|&|and|n"
    r"|nd|\+|to|-){1,3}\s{0,3}(?:steps?\s{0,3})?(?:\d{1,2}"
    rf"|{'|'.join(DOZEN)})\b){{0,40}})"
)
_STEP_ORDINAL = re.compile(
    rf"\b(?P<o>{'|'.join(ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))\s{{1,3}}(?:step|task|one|item)\b"
)
_BARE_NUMBERS = re.compile(
    r"(?<![\w.$/:#-])\d{1,2}(?![\w%:]|[.,]\d|\s{0,3}(?:hours?|hrs?|days?|weeks?|years?"
    r"|minutes?|mins?|am\b|pm\b|%))"
)
_NOT_STEP = re.compile(
    r"\b(?:unit|week|module|lesson|chapter|part|lab|block|day|version|v|python"
    r"|phase)s?\s{0,3}(?:\d{1,2}\s{0,3}(?:,|&|and)\s{0,3})*$"
)
_UNTIL = re.compile(r"\b(?:until|till?|before|by|back)\s{1,3}(?:(?:next|this|on)\s{1,3})?$")
_GIVEN_UP = re.compile(
    r"\b(?:not|no more|instead of|rather than|replace|from|swap|swapping|switch from|drop"
    r"|except|but not|never)\s{1,3}(?:on\s{1,3}|at\s{1,3}|my\s{1,3}|the\s{1,3}"
    r"|every\s{1,3}){0,3}$"
)
"""Before a value that is no longer, or not, wanted: 'not 7am, 7pm', 'swap mondays for fridays'."""
_PRESENT_DAY = re.compile(
    r"^s?\s{1,3}(?:nudge|reminder|notification|ping|one|slot|do ?n[o']?t work"
    r"|does ?n[o']?t work|is not|isn'?t|is bad|no longer|no good)"
)
_CHANGES = re.compile(
    r"\b(?:change|move|switch|shift|reschedule|update|bump|push|make it|set it|instead"
    r"|please set)\b"
)
_HUNDRED_DAYS = re.compile(
    r"(?<![\w.$])(\d{2,3})\s{0,3}(?:billable\s{1,3}|working\s{1,3}|work\s{1,3})?days?\b"
)

_LEVELS: Final = (
    (
        "contract",
        re.compile(
            r"\b(?:contract(?!\s{1,3}(?:law|question|review)|s\s{1,3}law)|contracts"
            r"|contractors?|contracting|freelanc\w*|day rates?|daily rates?)\b"
        ),
    ),
    (
        "architect",
        re.compile(
            r"\b(?:architects?|principal|head of|(?:tech|team|ai|ml|engineering"
            r"|technical)[ -]leads?|leads?(?=\s{1,3}(?:pay|role|salary|ml|ai|engineer"
            r"|position|level|machine))"
            r"|(?:as a|for a|a|an|the) lead\b)"
        ),
    ),
    ("senior", re.compile(r"\b(?:seniors?|snr|sr)\b")),
    (
        "mid",
        re.compile(
            r"\b(?:mid|midlevel|intermediate|mid[ -]?level)\b(?!\s{0,3}(?:career|life|year"
            r"|month|week|night|june|july))"
        ),
    ),
    (
        "junior",
        re.compile(
            r"\b(?:juniors?|jnr|jr|entry[ -]level|(?:new "
            r"|fresh )?grad(?:uate)?s?(?!\s{0,3}(?:cert|dip|visa|school|diploma|certificate"
            r"|program in))|beginners?|freshers?"
            r"|straight out\w* of uni|out of uni|outta uni|no experience)\b"
        ),
    ),
)
_BASIS: Final = {"plus_super": "plus super", "including_super": "including super"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What was spotted. Tuples keep the order of the text; `until` is a weekday's name."""

    subclasses: tuple[str, ...] = ()
    named_visa: bool = False
    other_visas: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    amounts: tuple[float, ...] = ()
    day_rates: tuple[float, ...] = ()
    hour_rate: float | None = None
    work_days: float | None = None
    years: float | None = None
    level: str = ""
    points: float | None = None
    score: float | None = None
    """A number that is a score if the talk is of points."""
    steps: tuple[int, ...] = ()
    small_numbers: tuple[int, ...] = ()
    """Numbers that are steps if the talk is of steps."""
    weekdays: tuple[str, ...] = ()
    time: dt.time | None = None
    zone: str = ""
    days: float | None = None
    hours: float | None = None
    until: str = ""
    basis: str = ""
    income_year: str = ""
    help_debt: bool = False


def spot(written: Written, hits: Iterable[Hit], content: Content) -> Values:
    """Every typed value of a message.

    A stretch of text is one value only, so the order counts: codes before years, years before
    lengths of time, times of day before money, money before visas, points and steps.
    """
    text = written.plain.lower()
    free = _Free(text)
    codes = _codes(text, free)
    weekdays = when.weekdays(written.plain)
    clock = [spotted for spotted in when.times(written.plain) if isinstance(spotted.value, dt.time)]
    said = pay.read(text)
    years = _years(text, free)
    lapses = [one for one in when.durations(written.plain) if free.at((one.start, one.end))]
    for spotted in (*clock, *lapses):
        free.take((spotted.start, spotted.end))
    amounts, day_rates = _money(text, free)
    visas = _visas(written, hits, content, free)
    points, score = _points(text, free)
    steps, small = _steps(text, free)
    days, hours = _length(lapses)
    return Values(
        subclasses=visas.covered,
        named_visa=visas.named,
        other_visas=visas.others,
        occupations=codes,
        amounts=amounts,
        day_rates=day_rates,
        hour_rate=said.hour_rate,
        work_days=_work_days(text, day_rates),
        years=years,
        level=_level(text),
        points=points,
        score=score,
        steps=steps,
        small_numbers=small,
        weekdays=tuple(
            when.DAY_NAMES[day] for day in when.days_of(_days_asked(written.plain, weekdays))
        ),
        time=_time_asked(text, clock),
        zone=_zone(written, content),
        days=days,
        hours=hours,
        until=_until(written, weekdays),
        basis=_BASIS[said.basis] if said.basis else "",
        income_year=_income_year(said.year),
        help_debt=said.help_debt,
    )


def _codes(text: str, free: "_Free") -> tuple[str, ...]:
    codes: list[str] = []
    for match in _OCCUPATION.finditer(text):
        if _is_code(match[1]):
            codes.append(match[1])
            free.take(match.span(1))
    return tuple(codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visas:
    """Those that the content covers, whether one was called by its name, and numbers of others."""

    covered: tuple[str, ...]
    named: bool
    others: tuple[str, ...]


def _visas(written: Written, hits: Iterable[Hit], content: Content, free: "_Free") -> _Visas:
    text, ours = written.plain.lower(), content.visas.keys()
    named = [
        hit.concept[1:] for hit in hits if hit.concept.startswith("v") and hit.concept[1:] in ours
    ]
    numbers = visa_numbers(text, ours, content.writing.other_visas, free.at)
    # Words that the spelling mended: a "four eighty two" is in them alone.
    mended = " ".join(word for word in written.words if word not in text)
    worded = visa_numbers(mended, ours, (), lambda _: True)
    return _Visas(
        covered=tuple(dict.fromkeys((*numbers.covered, *worded.covered, *named))),
        named=bool(named),
        others=numbers.others,
    )


def _zone(written: Written, content: Content) -> str:
    for spotted in when.zones(content.places, written.plain):
        return spotted.value.zone or spotted.value.said
    return ""


def _until(written: Written, weekdays: tuple[when.Match[tuple[int, ...]], ...]) -> str:
    """The day that ends a pause: 'until monday'."""
    for spotted in weekdays:
        before = written.plain[: spotted.start].lower()
        if len(spotted.value) == 1 and _UNTIL.search(before):
            return when.DAY_NAMES[spotted.value[0]]
    return ""


def _length(lapses: list[when.Match[when.Duration]]) -> tuple[float | None, float | None]:
    """Days and hours of the first length of time."""
    if not lapses:
        return None, None
    lapse = lapses[0].value
    days = float(lapse.days) if lapse.days else None
    hours = None
    if lapse.minutes:
        hours = lapse.minutes / 60
    return days, hours


def _work_days(text: str, day_rates: tuple[float, ...]) -> float | None:
    """Days a year that a day rate is paid for."""
    found = _HUNDRED_DAYS.search(text)
    if not found or not day_rates:
        return None
    return float(found[1])


def _income_year(year: str) -> str:
    if year and not year[:1].isdigit():
        return f"{year} tax year"
    return year


def _days_asked(
    text: str, found: tuple[when.Match[tuple[int, ...]], ...]
) -> tuple[when.Match[tuple[int, ...]], ...]:
    """Without the days that are given up: 'not monday, tuesday', 'my monday nudge to …',
    'tuesdays don't work, fridays'.
    """
    lower = text.lower()
    kept = tuple(
        one
        for one in found
        if not _GIVEN_UP.search(lower[: one.start])
        and not (_PRESENT_DAY.match(lower[one.end :]) and _CHANGES.search(lower))
    )
    return kept or (() if any(_PRESENT_DAY.match(lower[one.end :]) for one in found) else found)


def _time_asked(text: str, clock: list[when.Match[dt.time | when.InvalidTime]]) -> dt.time | None:
    """The time asked for, without those given up: where one is changed, the last one named."""
    wanted = [one for one in clock if not _GIVEN_UP.search(text[: one.start])]
    times = [one.value for one in wanted if isinstance(one.value, dt.time)]
    if not times:
        return None
    if _CHANGES.search(text):
        return times[-1]
    return times[0]


class _Free:
    """Which stretches of the text are still unread: a number means one thing only."""

    def __init__(self, text: str) -> None:
        self._taken = [False] * len(text)

    def take(self, span: tuple[int, int]) -> bool:
        """Claim a stretch; False if part of it is taken."""
        start, end = span
        if any(self._taken[start:end]):
            return False
        self._taken[start:end] = [True] * (end - start)
        return True

    def at(self, span: tuple[int, int]) -> bool:
        return not any(self._taken[slice(*span)])


def _is_code(number: str) -> bool:
    """Round numbers of six digits are money."""
    return not number.endswith("000") and not number.endswith("500")


def _money(text: str, free: _Free) -> tuple[tuple[float, ...], tuple[float, ...]]:
    amounts: list[float] = []
    day_rates: list[float] = []
    for match in _MONEY.finditer(text):
        span = match.span("n")
        if match["rest"] or not free.at(span):
            continue
        number = float(re.sub("[, ]", "", match["n"]))
        if match["unit"]:
            number *= 1000
        after, before = text[match.end() :], text[: match.start()]
        if 150 <= number <= 5000 and (_PER_DAY.match(after) or _DAILY_BEFORE.search(before)):
            free.take(span)
            day_rates.append(number)
        elif _PER_OTHER.match(after) or not 20_000 <= number <= 2_000_000:
            if match["mark"] or match["unit"]:
                free.take(span)
        elif match["mark"] or match["unit"] or "," in match["n"] or len(match["n"]) >= 5:
            free.take(span)
            amounts.append(number)
    return tuple(amounts), tuple(day_rates)


def _years(text: str, free: _Free) -> float | None:
    """Years worked. Months count where they are said to be work; years spent otherwise never do."""
    fallback = None
    for match in _YEARS.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        months = match["unit"].startswith("m")
        number = value_of(match["n"]) + 0.5 * bool(match["half"] or match["after_half"])
        number = round(number / 12, 2) if months else number
        if _NOT_WORKED_AFTER.match(after) or number >= 50:
            continue
        if _WORKED_ANYWAY.match(after):
            free.take(match.span("n"))
            return number
        named = match["n"] not in ("a", "an", "one") and not months
        if named and not _NOT_WORKED_BEFORE.search(before) and fallback is None:
            fallback = number
            free.take(match.span("n"))
    return fallback


def _points(text: str, free: _Free) -> tuple[float | None, float | None]:
    for match in _POINTS.finditer(text):
        if free.take(match.span(1)):
            return float(match[1]), None
    for match in _SCORE.finditer(text):
        number = int(match[1])
        if (
            45 <= number <= 140
            and free.at(match.span(1))
            and not _NOT_SCORE.search(text[: match.start()])
        ):
            return None, float(number)
    return None, None


def _steps(text: str, free: _Free) -> tuple[tuple[int, ...], tuple[int, ...]]:
    steps: list[int] = []
    for match in _STEP_LIST.finditer(text):
        before = 0
        for part in re.findall(r"\d{1,2}|[a-z]+|-", match["list"]):
            number = DOZEN.get(part) or (int(part) if part.isdecimal() else 0)
            if number:
                steps += range(before or number, number + 1)
            if steps and part in ("to", "-"):
                before = steps[-1]
            else:
                before = 0
    for match in _STEP_ORDINAL.finditer(text):
        word = match["o"]
        steps.append(ORDINALS.get(word) or int(re.sub(r"\D", "", word)))
    small = [
        int(match[0])
        for match in _BARE_NUMBERS.finditer(text)
        if free.at(match.span())
        and not _NOT_STEP.search(text[: match.start()])
        and 0 < int(match[0]) < 100
    ]
    return tuple(dict.fromkeys(steps)), tuple(dict.fromkeys(small))


def _level(text: str) -> str:
    """The level named; where several are, a contract first,
    then the one named last ('from junior to senior').
    """
    found = [
        (match.start(), level) for level, pattern in _LEVELS for match in pattern.finditer(text)
    ]
    if any(level == "contract" for _, level in found):
        return "contract"
    if not found:
        return ""
    return max(found)[1]
