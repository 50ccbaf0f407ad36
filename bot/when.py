"""Times as people type them: a small closed grammar over whole messages, nothing guessed.

Each function scans a text and returns what it spotted, in order, with its place. What cannot be a time or date (25:00,
31 February) is reported as `Impossible`. Short words that are also English (sat, sun, wed) need a context that makes them days.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from difflib import get_close_matches
from typing import Final, Generic, TypeVar

from bot.recurrence import zone_names
from content.places import Place

Value_co = TypeVar("Value_co", covariant=True)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Spotted(Generic[Value_co]):
    """Something read from a text: `text[start:end]`."""

    value: Value_co
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Impossible:
    """Written like a time or date, and none: 25:00, 7:75, 31 February."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A stretch of time: calendar days, which keep the wall clock, and minutes, which are elapsed time."""

    days: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A zone as it was named. `zone` is empty when the name covers several; then `several` holds place keys to choose from."""

    zone: str
    said: str
    region: str = ""
    several: tuple[str, ...] = ()
    note: str = ""


DAY_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _misspelt(name: str) -> set[str]:
    """One swap of neighbours or one letter missing inside: 'sunady', 'thusday'."""
    swaps = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)}
    gaps = {name[:i] + name[i + 1 :] for i in range(1, len(name) - 1)}
    return (swaps | gaps) - set(DAY_NAMES)


_SHORT_DAYS: Final = {
    "tue": 1,
    "tues": 1,
    "thu": 3,
    "thur": 3,
    "thurs": 3,
    "fri": 4,
    "weds": 2,
    "mon": 0,
    "mons": 0,
    "wed": 2,
    "sat": 5,
    "sats": 5,
    "sun": 6,
}
_ENGLISH_TOO: Final = frozenset({"mon", "mons", "wed", "weds", "sat", "sats", "sun"})
_DAYS: Final = {
    **{wrong: number for number, name in enumerate(DAY_NAMES) for wrong in _misspelt(name)},
    "wensday": 2,
    "wednsday": 2,
    "wendsday": 2,
    "saterday": 5,
    "teusday": 1,
    "thurday": 3,
    **_SHORT_DAYS,
    **{name: number for number, name in enumerate(DAY_NAMES)},
}
_SETS: Final = {
    "weekdays": (0, 1, 2, 3, 4),
    "weekday": (0, 1, 2, 3, 4),
    "work days": (0, 1, 2, 3, 4),
    "workdays": (0, 1, 2, 3, 4),
    "weekends": (5, 6),
    "weekend": (5, 6),
    "every day": (0, 1, 2, 3, 4, 5, 6),
    "everyday": (0, 1, 2, 3, 4, 5, 6),
    "daily": (0, 1, 2, 3, 4, 5, 6),
}
_DAY = re.compile(rf"\b({'|'.join(sorted(_DAYS, key=len, reverse=True))})(?:s|'s|’s)?\b", re.IGNORECASE)
_SET = re.compile(r"\b(weekdays|every weekday|work ?days|weekends|every weekend|every ?day|daily)\b", re.IGNORECASE)

_PARTS: Final = r"arvos?|afternoons?|mornings?|morns?|evenings?|eves?|nights?|tonight|noon|midday|midnight"
_CLOCK: Final = rf"(?:\d{{4}}\s?h\b|\d{{1,2}}(?:[:.h]\d\d|ish|\s?[ap]\.?m\b)|half\s|quarter\s|{_PARTS})"
_SURE_BEFORE = re.compile(r"\b(?:every|each|next|this coming|until|till|til|weekly on|weekly,?)\s+$", re.IGNORECASE)
_MAYBE_BEFORE = re.compile(
    rf"(?:^|[,;/&+(:–-]\s*|\b(?:on|by|from|and|n|or|to|for|also|instead|subscribe|reminders?|me|weekly|ping|nudges?|last|this|day|{'|'.join(DAY_NAMES)}"
    rf"|tues?|thu(?:rs?)?|fri|mon|wed|sat|sun|[ap]m|noon|\d[:.]\d\d)\s+)$",
    re.IGNORECASE,
)
_DAY_AFTER = re.compile(
    rf"\s*(?:$|[,.;!?)&/+–-]|(?:at|@|around|about)\s*(?:\d|half|quarter|noon|mid)|{_CLOCK}|\d{{1,2}}\s*$|(?:in the\s+)?(?:{_PARTS})\b"
    rf"|(?:and|n|or|to|until)\s+(?:{'|'.join(_DAYS)})\b|(?:{'|'.join(_DAYS)})\b"
    r"|(?:please|pls|plz|thx|thanks|instead|works|only|weekly|before|after|not|at)\b(?!\s+(?:home|work|uni|the)))",
    re.IGNORECASE,
)


def weekdays(text: str, *, asked: bool = False) -> tuple[Spotted[tuple[int, ...]], ...]:
    """Days of the week, Monday 0; a value has several for 'weekdays', 'weekends', 'daily'. With `asked`, sat, sun and wed are days
    wherever they stand.
    """
    found: list[Spotted[tuple[int, ...]]] = []
    for match in _SET.finditer(text):
        if match[0].lower() == "daily" and re.search(r"\d\s*$|\b(?:rate|earn|charge|paid|pay)\s+$", text[: match.start()], re.IGNORECASE):
            continue
        name = re.sub(r"^every (?=week)", "", match[0].lower())
        found.append(Spotted(_SETS[name], match.start(), match.end(), match[0]))
    for match in _DAY.finditer(text):
        if not asked and match[1].lower() in _ENGLISH_TOO and not _is_day(text, match):
            continue
        found.append(Spotted((_DAYS[match[1].lower()],), match.start(), match.end(), match[0]))
    return _in_order(found)


def _is_day(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()]
    if re.search(r"\b(?:the|a|my)\s+$", before, re.IGNORECASE):
        return False
    if _SURE_BEFORE.search(before):
        return True
    return bool(_MAYBE_BEFORE.search(before) and _DAY_AFTER.match(text, match.end())) or bool(
        re.match(rf"\s*{_CLOCK}|\s+(?:at|@)\s*\d", text[match.end() :], re.IGNORECASE)
    )


def days_of(found: Iterable[Spotted[tuple[int, ...]]]) -> tuple[int, ...]:
    """All the days in what was spotted, once each, Monday first."""
    return tuple(sorted({day for spotted in found for day in spotted.value}))


_HOURS: Final = {
    word: number
    for number, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1)
}
_HOUR_WORD: Final = "|".join(_HOURS)
_PART_AFTER: Final = (
    r"(?:\s*(?:o'?clock))?(?:\s+(?:in\s+(?:the\s+)?|at\s+|of\s+a\s+)?(?P<part>arvo|afternoon|morning|morn|evening|eve|night|nite)\b)?"
)
_CLOCK_COLON = re.compile(rf"(?<![\d:.$£€/])(?P<h>\d{{1,2}}):(?P<m>\d\d)(?!\d|:\d)\s*(?P<ap>[ap]\.?m\b\.?)?{_PART_AFTER}", re.IGNORECASE)
_CLOCK_H = re.compile(r"(?<![\d:.$£€/])(?P<h>\d{1,2})h(?P<m>\d\d)\b(?P<ap>)(?P<part>)", re.IGNORECASE)
_CLOCK_RUN = re.compile(r"(?<![\d:.$£€/])(?P<h>[01]\d|2\d)(?P<m>\d\d)\s?h\b(?P<ap>)(?P<part>)")
_CLOCK_DOT = re.compile(
    rf"(?<![\d:.$£€/])(?P<h>\d{{1,2}})\.(?P<m>\d\d)(?![\d%]|\.\d|\s?k\b)\s*(?P<ap>[ap]\.?m\b\.?)?{_PART_AFTER}", re.IGNORECASE
)
_CLOCK_AMPM = re.compile(r"(?<![\d:.$£€/,])(?P<h>\d{1,2})(?P<m>)(?P<gap>\s?)(?P<ap>[ap]\.?m\b\.?)(?P<part>)(?!\s+i\b)", re.IGNORECASE)
_CLOCK_ISH = re.compile(rf"(?<![\d:.$£€/])(?P<h>\d{{1,2}})(?P<m>)(?P<ap>)\s?-?ish\b{_PART_AFTER}", re.IGNORECASE)
_CLOCK_PART = re.compile(
    rf"(?<![\d:.$£€/])\b(?P<h>\d{{1,2}}|{_HOUR_WORD})(?P<m>)(?P<ap>)(?:\s*o'?clock)?\s+(?:in\s+(?:the\s+)?|at\s+)?"
    r"(?P<part>arvo|afternoon|morning|morn|evening|night|nite)\b",
    re.IGNORECASE,
)
_CLOCK_OCLOCK = re.compile(rf"\b(?P<h>\d{{1,2}}|{_HOUR_WORD})(?P<m>)(?P<ap>)\s*o'?clock\b(?P<part>)", re.IGNORECASE)
_CLOCK_WORDS = re.compile(
    rf"\b(?P<frac>half|quarter)\s+(?P<dir>past\s+|to\s+|)(?P<h>\d{{1,2}}|{_HOUR_WORD})\b(?!\s*(?:%|k\b|years?|yrs?|million|percent))"
    rf"(?P<m>)\s*(?P<ap>[ap]\.?m\b\.?)?{_PART_AFTER}",
    re.IGNORECASE,
)
_CLOCK_NAMED = re.compile(r"\b(?P<name>noon|midday|midnight)\b", re.IGNORECASE)
_BARE_END: Final = (
    rf"(?=\s*(?:$|[,.;!?)]+(?:\s|$)|(?:please|pls|plz|thx|thanks|instead|sharp|every|each|weekly|in|for|on\s+(?:{'|'.join(_DAYS)})"
    rf"|(?:{'|'.join(_DAYS)})s?|(?:[a-z]+\s+)?time|utc|gmt|ist|ae[sd]t|ac[sd]t|awst)\b))"
)
_CLOCK_BARE = re.compile(
    rf"(?P<lead>\bat|@|\b(?:{'|'.join(_DAYS)})s?(?:\s+(?:arvos?|mornings?|nights?|evenings?))?,?|\b(?:arvos?|mornings?|nights?|evenings?)(?:\s+at)?)"
    rf"\s*(?P<h>\d{{1,2}}|(?:{_HOUR_WORD})\b)(?P<m>)(?P<ap>)(?P<part>){_BARE_END}",
    re.IGNORECASE,
)
_CLOCK_TO = re.compile(rf"\b(?P<lead>to|for)\s+(?P<h>\d{{1,2}})(?P<m>)(?P<ap>)(?P<part>){_BARE_END}", re.IGNORECASE)
_ABOUT_REMINDERS = re.compile(r"\b(?:re?mind\w*|nudg\w*|ping\w*|notif\w*|alarm|subscri\w*|schedule)\b", re.IGNORECASE)
_PART_NEAR = re.compile(r"\b(?P<part>arvos?|afternoons?|mornings?|evenings?|tonight|nights?)\s*(?:,|at|around|@)?\s*$", re.IGNORECASE)
_DAY_BEFORE = re.compile(rf"(?:\b(?:{'|'.join(_DAYS)})s?|\bat|@|\baround|\bby|\bfrom|\bevery|\bto)\s*,?\s*$", re.IGNORECASE)
_ASKED_BARE = re.compile(
    rf"^\s*(?:at\s+)?(?:(?P<h>\d{{1,2}}|{_HOUR_WORD})(?P<m>)|(?P<h4>\d{{1,2}})(?P<m4>\d\d))\s*(?P<ap>[ap]\.?m?\b\.?)?(?P<part>)\s*$",
    re.IGNORECASE,
)


def times(text: str, *, asked: bool = False) -> tuple[Spotted[time | Impossible], ...]:
    """Clock times. Hours without am or pm: 6 to 11 are morning, 12 is noon, 1 to 5 afternoon, unless a part of the day is named.

    With `asked` (the bot has just asked for a time) a bare '7', '0730' or '7.30' counts as well.
    """
    found: list[Spotted[time | Impossible]] = []
    for pattern in (_CLOCK_COLON, _CLOCK_H, _CLOCK_RUN, _CLOCK_AMPM, _CLOCK_ISH, _CLOCK_PART, _CLOCK_OCLOCK, _CLOCK_WORDS):
        for match in pattern.finditer(text):
            if pattern is _CLOCK_AMPM and match["gap"] and int(match["h"]) > 12 and not asked:
                continue  # "I'm 34 am I too old"
            found.append(_clock(text, match))
    for match in _CLOCK_DOT.finditer(text):
        certain = asked or match["ap"] or match["part"] or _PART_NEAR.search(text[: match.start()])
        if certain or _DAY_BEFORE.search(text[: match.start()]) or _weekday_after(text, match.end()):
            found.append(_clock(text, match))
    bare = [*_CLOCK_BARE.finditer(text), *(_CLOCK_TO.finditer(text) if _ABOUT_REMINDERS.search(text) else ())]
    about = bool(_DAY.search(text) or _ABOUT_REMINDERS.search(text))
    found.extend(_clock(text, match, start=match.start("h")) for match in bare if _plausible(text, match, about=about))
    for match in _CLOCK_NAMED.finditer(text):
        hour = 0 if match["name"].lower() == "midnight" else 12
        found.append(Spotted(time(hour), match.start(), match.end(), match[0]))
    if asked and not found and (alone := _ASKED_BARE.match(text)):
        found.append(_clock(text, alone))
    return _in_order(found)


def _plausible(text: str, match: re.Match[str], *, about: bool) -> bool:
    """A bare number that may be an hour; before 'in' or 'for' ('at 4 in Brisbane', 'at 4 in total') only where a day or a reminder is named."""
    hour = not match["h"].isdecimal() or int(match["h"]) < 24
    return hour and (about or not re.match(r"\s*(?:in|for)\b", text[match.end() :], re.IGNORECASE))


def _weekday_after(text: str, end: int) -> bool:
    return bool(re.match(rf"\s*(?:on\s+|every\s+)?(?:{'|'.join(_DAYS)})s?\b", text[end:], re.IGNORECASE))


def _clock(text: str, match: re.Match[str], start: int | None = None) -> Spotted[time | Impossible]:
    start = match.start() if start is None else start
    words = text[start : match.end()].strip()
    groups = match.groupdict()
    hour_text = (groups.get("h") or groups.get("h4") or "").lower()
    hour = _HOURS.get(hour_text) or int(hour_text)
    minute = int(groups.get("m") or groups.get("m4") or 0)
    if groups.get("frac"):
        hour, minute = _fraction(groups["frac"].lower(), groups["dir"].strip().lower(), hour)
    part = (groups.get("part") or "").lower()
    if not part and (near := _PART_NEAR.search(text[:start])):
        part = near["part"].lower()
    half = (groups.get("ap") or "").lower()[:1]
    pinned = bool(half) or _on_24_hours(groups, hour_text)
    settled = _hour(hour, half=half, part=part, pinned=pinned)
    value: time | Impossible = Impossible(words) if settled is None or minute > 59 else time(settled, minute)
    return Spotted(value, start, match.end(), words)


def _on_24_hours(groups: Mapping[str, str | None], hour_text: str) -> bool:
    """'07:30' and '0730' are written on the 24-hour clock."""
    return hour_text.startswith("0") and bool(groups.get("m") or groups.get("m4"))


def _fraction(fraction: str, direction: str, hour: int) -> tuple[int, int]:
    """'half seven' and 'half past seven' are 7:30; 'quarter to seven' is 6:45."""
    minutes = 30 if fraction == "half" else 15
    if direction == "to":
        return (hour - 1 or 12), 60 - minutes
    return hour, minutes


def _hour(hour: int, *, half: str, part: str, pinned: bool) -> int | None:
    """The hour on the 24-hour clock, or None for one that cannot be."""
    if hour > 23 or (half and hour == 0 and half == "p") or (half == "a" and hour > 12):
        return None
    if half:
        return hour % 12 + (12 if half == "p" else 0)
    if hour > 12 or hour == 0 or pinned:
        return hour
    if part.startswith(("arvo", "afternoon", "eve")):
        return hour % 12 + 12
    if part.startswith("morn"):
        return hour % 12 if hour == 12 else hour
    if part.startswith(("night", "nite", "tonight")):
        return hour % 12 if hour in (12, 1, 2, 3, 4) else hour + 12
    return hour + 12 if hour < 6 else hour


def half_named(spotted: Spotted[time | Impossible]) -> bool:
    """Does the wording settle morning or afternoon ('7pm', '19:30', '07:30', 'noon'), so that no one need be asked?"""
    words = spotted.text.lower()
    if re.search(r"[ap]\.?m\b|arvo|afternoon|morn|even|night|noon|midday", words):
        return True
    digits = re.match(r"\d{1,2}", words)
    return bool(digits) and (int(digits[0]) > 12 or digits[0].startswith("0"))  # type: ignore[index]


_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        1,
    )
    for name in names
}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"\b(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b")
_DAY_MONTH = re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<mon>{_MONTH})\b\.?(?:,?\s+(?P<y>20\d\d))?", re.IGNORECASE)
_MONTH_DAY = re.compile(
    rf"\b(?P<mon>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:[:.]\d|%|k\b|years?|yrs?|hours?|points?))(?:,?\s+(?P<y>20\d\d))?",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"(?<![\d/.$])(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>20\d\d|\d\d)(?![\d/])")
_SLASHED_SHORT = re.compile(
    r"\b(?:until|till|til|from|on|by|after|before)\s+(?P<d>\d{1,2})/(?P<m>\d{1,2})(?![\d/%]|\s*(?:shifts?|hours))", re.IGNORECASE
)
_UNTIL_DAY = re.compile(rf"\b(?:until|till|til|next|from|after)\s+(?:next\s+)?(?P<day>{'|'.join(_DAYS)})\b", re.IGNORECASE)
_TO_MONTH = re.compile(
    rf"\b(?:until|till|til|from|after|to)\s+(?:(?P<end>the\s+end\s+of\s+)|the\s+start\s+of\s+|early\s+)?(?P<mon>{_MONTH})\b(?:\s+(?P<y>20\d\d))?(?!\s*\d)",
    re.IGNORECASE,
)
_NAMED_DAY = re.compile(
    r"\b(?P<name>today|tomorrow|tmrw|tomoz|tomorow|next week|next month|new year(?:'?s(?: day)?)?|christmas|xmas)\b", re.IGNORECASE
)


def dates(text: str, today: date) -> tuple[Spotted[date | Impossible], ...]:
    """Calendar days, day before month. A day without a year is the next one to come."""
    found: list[Spotted[date | Impossible]] = []
    for pattern in (_ISO, _DAY_MONTH, _MONTH_DAY, _SLASHED, _SLASHED_SHORT, _TO_MONTH):
        found.extend(_dated(text, match, today) for match in pattern.finditer(text))
    for match in _UNTIL_DAY.finditer(text):
        ahead = (_DAYS[match["day"].lower()] - today.weekday()) % 7 or 7
        found.append(Spotted(today + timedelta(days=ahead), match.start("day"), match.end("day"), match["day"]))
    named = _NAMED_DAY.finditer(text)
    found.extend(Spotted(_named_day(match["name"].lower(), today), match.start(), match.end(), match[0]) for match in named)
    return _in_order(found)


def _dated(text: str, match: re.Match[str], today: date) -> Spotted[date | Impossible]:
    groups = match.groupdict()
    start = min(match.start(name) for name, value in groups.items() if value)
    end = max(match.end(name) for name, value in groups.items() if value)
    words = text[start:end]
    month = _MONTHS[groups["mon"].lower()] if groups.get("mon") else int(groups["m"])
    year = int(groups["y"]) if groups.get("y") else None
    if year is not None and year < 100:
        year += 2000
    value: date | Impossible
    try:
        if groups.get("d"):
            value = _next(today, year, month, int(groups["d"]))
        else:
            value = _next(today, year, month, 1)
            if groups.get("end"):
                value = (value.replace(day=28) + timedelta(days=4)).replace(day=1)
    except ValueError:
        value = Impossible(words)
    return Spotted(value, start, end, words)


def _next(today: date, year: int | None, month: int, day: int) -> date:
    """Raises ValueError for a day that the calendar does not have (29 February: the next that exists)."""
    if year is not None:
        return date(year, month, day)
    date(2024, month, day)
    for candidate in range(today.year, today.year + 9):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError(f"no {day}.{month}. to come")


def _named_day(name: str, today: date) -> date:
    match name:
        case "today":
            return today
        case "next week":
            return today + timedelta(days=7 - today.weekday())
        case "next month":
            return (today.replace(day=28) + timedelta(days=4)).replace(day=1)
        case "christmas" | "xmas":
            return _next(today, None, 12, 25)
        case _ if name.startswith("new year"):
            return _next(today, None, 1, 1)
        case _:
            return today + timedelta(days=1)


_NUMBERS: Final = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "couple of": 2,
    "a couple of": 2,
    "few": 3,
}
_LENGTH = re.compile(
    r"(?<![\w.$£€,])(?:(?P<n>\d{1,3}(?:\.5)?)\s*-?\s*|(?P<word>a couple of|couple of|a|an|one|two|three|four|five|six)[\s-]+)"
    r"(?P<unit>minutes?|mins?|hours?|hrs?|hr|h|days?|d|weeks?|wks?|wk|w|fortnights?|months?)\b",
    re.IGNORECASE,
)
_TOMORROW = re.compile(r"\b(?:tomorrow|tmrw|tomoz|tomorow|tomorro|next day)\b", re.IGNORECASE)
_FORTNIGHT = re.compile(r"(?<!\ba\s)(?<!\bper\s)(?<!\bevery\s)(?<!\bone\s)(?<![\d]\s)\bfortnight\b", re.IGNORECASE)
_NEXT_WEEK = re.compile(r"\b(?:next week|not this week|skip this week|this week off)\b", re.IGNORECASE)
_RATE_BEFORE = re.compile(
    r"(?:\d[hdk]?|\b(?:hours?|hrs?|days?|times?|once|twice|thrice|dollars|bucks|grand|nudges?|paid|earns?|made|months?|weeks?|per|every|each))\s*$",
    re.IGNORECASE,
)


def durations(text: str) -> tuple[Spotted[Lapse], ...]:
    """Stretches of time: '3h', 'a week', 'fortnight', 'tomorrow'. Not the second half of a rate ('5 hours a week')."""
    found: list[Spotted[Lapse]] = []
    for match in _LENGTH.finditer(text):
        number = (match["n"] or match["word"]).lower()
        if number in ("a", "an") and _RATE_BEFORE.search(text[: match.start()]):
            continue
        if match["unit"] in ("H", "D", "W"):
            continue
        found.append(Spotted(_lapse(number, match["unit"].lower()), match.start(), match.end(), match[0]))
    found.extend(Spotted(Lapse(days=1), match.start(), match.end(), match[0]) for match in _TOMORROW.finditer(text))
    found.extend(Spotted(Lapse(days=14), match.start(), match.end(), match[0]) for match in _FORTNIGHT.finditer(text))
    found.extend(Spotted(Lapse(days=7), match.start(), match.end(), match[0]) for match in _NEXT_WEEK.finditer(text))
    return _in_order(found)


def _lapse(number: str, unit: str) -> Lapse:
    count = float(_NUMBERS[number]) if number in _NUMBERS else float(number)
    if unit.startswith("mi"):
        return Lapse(minutes=round(count))
    if unit.startswith("h"):
        return Lapse(minutes=round(count * 60))
    days = {"d": 1, "w": 7, "f": 14, "m": 30}[unit[0]]
    return Lapse(days=round(count * days))


_IANA = re.compile(r"\b[A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?\b|\b(?:UTC|GMT)\b(?!\s*[+-]\s*\d)", re.IGNORECASE)


def zones(places: Mapping[str, Place], text: str) -> tuple[Spotted[Zone], ...]:
    """Zones and places with a zone, longest names first. An abbreviation that is also a word counts in capitals or after a time."""
    found: list[Spotted[Zone]] = [
        Spotted(Zone(zone=name, said=match[0]), match.start(), match.end(), match[0])
        for match in _IANA.finditer(text)
        if (name := _iana(match[0]))
    ]
    pattern, keys = _place_names(places)
    for match in pattern.finditer(text):
        place = places[keys[match[0].lower()]]
        if match[0].lower() in place.careful and not _means_place(text, match):
            continue
        said = place.name
        value = Zone(zone=place.zone or "", said=said, region=place.region or "", several=place.several, note=place.note or "")
        found.append(Spotted(value, match.start(), match.end(), match[0]))
    return _in_order(found)


def nearest_places(places: Mapping[str, Place], text: str, *, count: int = 3) -> tuple[str, ...]:
    """Keys of the places spelt most like `text`, best first; empty when nothing is near."""
    _, keys = _place_names(places)
    names = get_close_matches(text.strip().lower(), keys, n=count * 2, cutoff=0.72)
    return tuple(dict.fromkeys(keys[name] for name in names))[:count]


_AFTER_TIME = re.compile(r"(?:\d|[ap]\.?m|ish|noon|midnight|\bin|\bto)\s*$", re.IGNORECASE)


def _means_place(text: str, match: re.Match[str]) -> bool:
    return match[0].isupper() or bool(_AFTER_TIME.search(text[: match.start()])) or text.strip().lower() == match[0].lower()


_BY_LOWER: Final[dict[str, str]] = {}


def _iana(name: str) -> str:
    if not _BY_LOWER:
        _BY_LOWER.update({known.lower(): known for known in zone_names()})
    return _BY_LOWER.get(name.lower(), "")


_PATTERNS: Final[dict[int, tuple[object, re.Pattern[str], dict[str, str]]]] = {}


def _place_names(places: Mapping[str, Place]) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern of every name, and which place each means. Kept for the content it was made from."""
    kept = _PATTERNS.get(id(places))
    if kept is None or kept[0] is not places:
        keys = {name.lower(): key for key, place in places.items() for name in (key.replace("_", " "), place.name, *place.aka)}
        spelt = "|".join(re.escape(name) for name in sorted(keys, key=len, reverse=True))
        _PATTERNS.clear()
        kept = (places, re.compile(rf"(?<![\w/])(?:{spelt})(?![\w/])", re.IGNORECASE), keys)
        _PATTERNS[id(places)] = kept
    return kept[1], kept[2]


def _in_order(found: list[Spotted[Item]]) -> tuple[Spotted[Item], ...]:
    """By place; of two that overlap, the longer."""
    kept: list[Spotted[Item]] = []
    for spotted in sorted(found, key=lambda spotted: (spotted.start - spotted.end, spotted.start)):
        if all(spotted.end <= other.start or spotted.start >= other.end for other in kept):
            kept.append(spotted)
    return tuple(sorted(kept, key=lambda spotted: spotted.start))
