"""Typed values stated in a message: money, years, points, visas, steps, days and times.

Everything that looks like a value is spotted first, each number at most once; which of them belong to the answer
depends on the intent and is chosen later (content/language/intents.yaml). Times and days are bot.extraction.times's grammar.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.extraction import amounts as amounts_of
from bot.extraction import times as when
from bot.understanding.normalise import Written
from bot.understanding.phrase_matcher import Hit
from content.places import Place

SUBCLASSES: Final = ("186", "189", "190", "482", "491")
_NAMED: Final = {f"v{number}": number for number in SUBCLASSES}
_OTHER_VISAS: Final = frozenset(
    [
        "100",
        "103",
        "115",
        "143",
        "155",
        "157",
        "173",
        "188",
        "191",
        "202",
        "300",
        "309",
        "400",
        "403",
        "407",
        "408",
        "417",
        "444",
        "461",
        "462",
        "476",
        "485",
        "487",
        "489",
        "494",
        "500",
        "590",
        "600",
        "601",
        "651",
        "771",
        "801",
        "802",
        "804",
        "820",
        "858",
        "864",
        "866",
        "870",
        "887",
        "888",
        "890",
    ]
)
_COUNTED: Final = [
    "k",
    "bus",
    "buses",
    "tram",
    "trams",
    "train",
    "flight",
    "flights",
    "route",
    "page",
    "pages",
    "words",
    "people",
    "grams",
    "gram",
    "g",
    "kg",
    "km",
    "kms",
    "calories",
    "hours",
    "hour",
    "days",
    "minutes",
    "points",
    "dollars",
    "aud",
    "bucks",
    "percent",
    "steps",
    "degrees",
    "lines",
    "litres",
    "ml",
    "mm",
    "cm",
    "metres",
    "thousand",
    "million",
    "grand",
    "cars",
    "guests",
    "items",
    "rows",
    "samples",
]
_NUMBERS: Final = {
    word: number
    for number, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ],
        1,
    )
}
_ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
        ],
        1,
    )
}

_N: Final = r"(?:\d{1,2}(?:\.\d)?|(?:" + "|".join(_NUMBERS) + r"|a couple of)\b)"
_MONEY = re.compile(
    r"(?P<mark>(?:au?d?\s?|a)?\$\s?|\baud\s?)?(?<![\w.,])(?P<n>\d{1,3}(?:,\d{3})+(?!\d)|(?<=\$)\d{1,3}(?: \d{3})+(?!\d)|\d+(?:\.\d+)?)(?:\s?(?P<unit>k|thousand|grand)\b)?(?P<rest>[\w%]*)"
)
_PER_DAY = re.compile(
    r"^\s{0,3}(?:aud\s{0,3}|aussie\s{0,3}|australian\s{0,3})?(?:dollars?\s{0,3}|bucks\s{0,3}|\$\s{0,3})?(?:\+\s?gst\s{0,3})?(?:/\s?|per\s{1,3}|a\s{1,3}|each\s{1,3}|every\s{1,3}|p\.?/?)?(?:d|day|days|daily|pd|diem)\b(?!\s{0,3}(?:a|per)\b)"
)
_DAILY_BEFORE = re.compile(
    r"\b(?:day|daily)[ -]rate[a-z ]{0,12}$|\bdaily\s{1,3}$|\b(?:per|a) day (?:is|of|at)\s{1,3}\$?$"
)
_PER_OTHER = re.compile(
    r"^\s{0,3}(?:aud\s{0,3}|dollars?\s{0,3}|bucks\s{0,3})?(?:/\s?|per\s{1,3}|an?\s{1,3}|each\s{1,3}|p)(?:h|hr|hour|week|wk|fortnight|month|mth)\b"
)
_OCCUPATION = re.compile(
    r"(?<![\d,.$])(?:anzsco\s{0,3})?((?:1[1-4]|2[1-7]|3[1-9])\d{4})(?![\d,]|\s?(?:k|aud|dollars|per|a year|base|plus|\+))"
)
_YEARS = re.compile(
    rf"(?<![\w.$])(?P<n>{_N})(?P<half>\s{{1,3}}and a half)?\s{{0,3}}\+?\s{{0,3}}(?:-\s{{0,3}})?(?:plus\s{{1,3}})?(?:years?|yrs?|yoe|yr|y)\b(?!\s{{0,3}}(?:old|of age|time\b|ago\b|visa))"
)
_NOT_WORKED = re.compile(
    r"\b(?:in|next|within|after another|another|every|for the next|coming|least|takes?|under|over|age|turn|turning|until|a|wait)\s{1,3}(?:the\s{1,3})?(?:next\s{1,3}|about\s{1,3}|around\s{1,3})?$"
)
_WORKED_ANYWAY = re.compile(
    r"^\s{0,3}(?:of\s{1,3})?(?:in\b|exp|experience|as\b|at\b|coding|working|with\b|doing|java|python|under my belt|post)"
)
_POINTS = re.compile(r"(?<![\w.$/])(\d{1,3})\s{0,3}\+?\s{0,3}(?:points?|pts?|marks)\b")
_SCORE = re.compile(
    r"(?<![\w.$:/,-])(\d{2,3})(?![\w%:]|[.,]\d|\s{0,3}(?:years?|yrs?|y/?o|k\b|am\b|pm\b|hours?|weeks?|days?))"
)
_NOT_SCORE = re.compile(
    r"\b(?:ielts|pte|toefl|oet|age|aged|am|turn|turning|turned|i'?m|visa|subclass|for(?: the)?|vs|of|older|until|by|before|after|every|superior|english|overall)\s{0,3}$"
)
_STEP_LIST = re.compile(
    rf"(?:\b(?:steps?|numbers?|tasks?|nos?\.?|nr|items?)\s{{0,3}}#?|(?<!\w)#)\s{{0,3}}(?P<list>(?:\d{{1,2}}|{'|'.join(_NUMBERS)})\b(?:\s{{0,3}}(?:,|&|and|n|nd|\+|to|-){{1,3}}\s{{0,3}}(?:steps?\s{{0,3}})?(?:\d{{1,2}}|{'|'.join(_NUMBERS)})\b){{0,40}})"
)
_STEP_ORDINAL = re.compile(
    rf"\b(?P<o>{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th))\s{{1,3}}(?:step|task|one|item)\b"
)
_BARE_NUMBERS = re.compile(
    r"(?<![\w.$/:#-])\d{1,2}(?![\w%:]|[.,]\d|\s{0,3}(?:hours?|hrs?|days?|weeks?|years?|minutes?|mins?|am\b|pm\b|%))"
)
_NOT_STEP = re.compile(
    r"\b(?:unit|week|module|lesson|chapter|part|lab|block|day|version|v|python|phase)s?\s{0,3}(?:\d{1,2}\s{0,3}(?:,|&|and)\s{0,3})*$"
)
_UNTIL = re.compile(r"\b(?:until|till?|before|by|back)\s{1,3}(?:(?:next|this|on)\s{1,3})?$")
_UNWANTED_DAY = re.compile(r"\b(?:not|instead of|rather than|replace|from)\s{1,3}(?:on\s{1,3})?$")
_PRESENT_DAY = re.compile(
    r"^s?\s{1,3}(?:nudge|reminder|notification|ping|one|slot|do ?n[o']?t work|does ?n[o']?t work|is not|isn'?t|is bad|no longer|no good)"
)
_CHANGES = re.compile(
    r"\b(?:change|move|switch|shift|reschedule|update|bump|push|make it|set it|instead|please set)\b"
)
_HUNDRED_DAYS = re.compile(
    r"(?<![\w.$])(\d{2,3})\s{0,3}(?:billable\s{1,3}|working\s{1,3}|work\s{1,3})?days?\b"
)

_LEVELS: Final = (
    (
        "contract",
        re.compile(
            r"\b(?:contract(?!\s{1,3}(?:law|question|review)|s\s{1,3}law)|contracts|contractors?|contracting|freelanc\w*|day rates?|daily rates?)\b"
        ),
    ),
    (
        "architect",
        re.compile(
            r"\b(?:architects?|principal|head of|(?:tech|team|ai|ml|engineering|technical)[ -]leads?|leads?(?=\s{1,3}(?:pay|role|salary|ml|ai|engineer|position|level|machine))"
            r"|(?:as a|for a|a|an|the) lead\b)"
        ),
    ),
    ("senior", re.compile(r"\b(?:seniors?|snr|sr)\b")),
    (
        "mid",
        re.compile(
            r"\b(?:mid|midlevel|intermediate|mid[ -]?level)\b(?!\s{0,3}(?:career|life|year|month|week|night|june|july))"
        ),
    ),
    (
        "junior",
        re.compile(
            r"\b(?:juniors?|jnr|jr|entry[ -]level|(?:new |fresh )?grad(?:uate)?s?(?!\s{0,3}(?:cert|dip|visa|school|diploma|certificate|program in))|beginners?|freshers?"
            r"|straight out\w* of uni|out of uni|outta uni|no experience)\b"
        ),
    ),
)
_INCLUDING = re.compile(
    r"\b(?:including|incl?\.?|inclusive of|with|total|includes?) (?:of )?super\b|\bsuper (?:included|inclusive)\b|\bpackage\b|\btrp\b"
)
_PLUS = re.compile(
    r"(?:\bplus|\+|\band|\bon top of|\bexcluding|\bexcl?\.?|\bex) super\b|\bsuper on top\b|\bbase\b"
)
_INCOME_YEAR = re.compile(r"\b20(\d\d)\s{0,3}[-/–]\s{0,3}(?:20)?(\d\d)\b|\bfy\s?(?:20)?(\d\d)\b")
_HELP = re.compile(r"\b(?:hecs|help[ -]debt|help[ -]loan|student (?:loan|debt)|hex debt)\b")


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


def spot(written: Written, hits: Iterable[Hit], places: Mapping[str, Place]) -> Values:
    """Every typed value of a message."""
    text = written.plain.lower()
    free = _Free(text)
    codes = [
        (match[1], free.take(match.span(1)))
        for match in _OCCUPATION.finditer(text)
        if _is_code(match[1])
    ]
    weekdays = when.weekdays(written.plain)
    clock = [spotted for spotted in when.times(written.plain) if isinstance(spotted.value, dt.time)]
    lapses = when.durations(written.plain)
    zone = next(
        (spotted.value.zone or spotted.value.said for spotted in when.zones(places, written.plain)),
        "",
    )
    for spotted in (*clock, *lapses):
        free.take((spotted.start, spotted.end))
    amounts, day_rates = _money(text, free)
    named = tuple(dict.fromkeys(_NAMED[hit.concept] for hit in hits if hit.concept in _NAMED))
    numbers, others = _visas(written.words, text, free)
    years = _years(text, free)
    points, score = _points(text, free)
    steps, small = _steps(text, free)
    until = next(
        (
            spotted.value
            for spotted in weekdays
            if len(spotted.value) == 1 and _UNTIL.search(written.plain[: spotted.start].lower())
        ),
        (),
    )
    lapse = lapses[0].value if lapses else None
    return Values(
        subclasses=tuple(dict.fromkeys((*numbers, *named))),
        named_visa=bool(named),
        other_visas=others,
        occupations=tuple(code for code, _ in codes),
        amounts=amounts,
        day_rates=day_rates,
        hour_rate=amounts_of.spoken(text).hour_rate,
        work_days=float(found[1]) if (found := _HUNDRED_DAYS.search(text)) and day_rates else None,
        years=years,
        level=_level(text),
        points=points,
        score=score,
        steps=steps,
        small_numbers=small,
        weekdays=tuple(
            when.DAY_NAMES[day] for day in when.days_of(_wanted_days(written.plain, weekdays))
        ),
        time=_wanted_time(text, clock),
        zone=zone,
        days=float(lapse.days) if lapse and lapse.days else None,
        hours=lapse.minutes / 60 if lapse and lapse.minutes else None,
        until=when.DAY_NAMES[until[0]] if until else "",
        basis="including super"
        if _INCLUDING.search(text)
        else "plus super"
        if _PLUS.search(text)
        else "",
        income_year=_income_year(text),
        help_debt=bool(_HELP.search(text)),
    )


def _wanted_days(
    text: str, found: tuple[when.Match[tuple[int, ...]], ...]
) -> tuple[when.Match[tuple[int, ...]], ...]:
    """Without the days that are given up: 'not monday, tuesday', 'my monday nudge to …', 'tuesdays don't work, fridays'."""
    lower = text.lower()
    kept = tuple(
        one
        for one in found
        if not _UNWANTED_DAY.search(lower[: one.start])
        and not (_PRESENT_DAY.match(lower[one.end :]) and _CHANGES.search(lower))
    )
    return kept or (() if any(_PRESENT_DAY.match(lower[one.end :]) for one in found) else found)


def _wanted_time(text: str, clock: list[when.Match[dt.time | when.InvalidTime]]) -> dt.time | None:
    """The time asked for: where one is changed, the last one named."""
    times = [one.value for one in clock if isinstance(one.value, dt.time)]
    if not times:
        return None
    return times[-1] if _CHANGES.search(text) else times[0]


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


def _visas(
    words: tuple[str, ...], text: str, free: _Free
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Subclasses, and numbers of visas that the bot does not cover."""
    ours: list[str] = []
    others: list[str] = []
    money = {match[0] for match in re.finditer(r"\d{3}", text) if not free.at(match.span())}
    for place, word in enumerate(words):
        number = word[:3] if re.fullmatch(r"\d{3}[a-z]?", word) else ""
        if not number:
            continue
        following = words[place + 1] if place + 1 < len(words) else ""
        before = words[place - 1] if place else ""
        if (
            following in _COUNTED
            or before in ("bus", "tram", "flight", "route", "page", "line", "extra", "room", "gate")
            or number in money
        ):
            continue
        if number in SUBCLASSES:
            ours.append(number)
        elif number in _OTHER_VISAS and _about_visa(words, number):
            others.append(number)
    return tuple(ours), tuple(others)


def _about_visa(words: tuple[str, ...], number: str) -> bool:
    """Numbers that are little else than visas count on their own; round ones need the word."""
    return not number.endswith("0") or any(word.startswith(("visa", "subclass")) for word in words)


def _years(text: str, free: _Free) -> float | None:
    fallback = None
    for match in _YEARS.finditer(text):
        number = (
            float(_NUMBERS.get(match["n"], 0))
            or (2.0 if match["n"] == "a couple of" else float(match["n"]))
        ) + 0.5 * bool(match["half"])
        before, after = text[: match.start()], text[match.end() :]
        if _WORKED_ANYWAY.match(after):
            free.take(match.span("n"))
            return number
        if not _NOT_WORKED.search(before) and number < 50 and fallback is None:
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
            number = _NUMBERS.get(part) or (int(part) if part.isdecimal() else 0)
            if number:
                steps += range(before or number, number + 1)
            before = steps[-1] if steps and part in ("to", "-") else 0
    for match in _STEP_ORDINAL.finditer(text):
        word = match["o"]
        steps.append(_ORDINALS.get(word) or int(re.sub(r"\D", "", word)))
    small = [
        int(match[0])
        for match in _BARE_NUMBERS.finditer(text)
        if free.at(match.span())
        and not _NOT_STEP.search(text[: match.start()])
        and 0 < int(match[0]) < 100
    ]
    return tuple(dict.fromkeys(steps)), tuple(dict.fromkeys(small))


def _level(text: str) -> str:
    """The level named; where several are, a contract first, then the one named last ('from junior to senior')."""
    found = [
        (match.start(), level) for level, pattern in _LEVELS for match in pattern.finditer(text)
    ]
    if any(level == "contract" for _, level in found):
        return "contract"
    return max(found)[1] if found else ""


def _income_year(text: str) -> str:
    match = _INCOME_YEAR.search(text)
    if match is None:
        return ""
    end = int(match[2] or match[3])
    return f"20{end - 1}-{end:02}"
