"""Calendar days in whole messages, day before month: '5 January', '5/1/2027', 'until monday'."""

import re
from datetime import date, timedelta
from typing import Final

from bot.extraction.calendar_names import DAYS, MONTH, MONTHS
from bot.extraction.times.match import MOST_READ, InvalidTime, Match, in_order
from bot.extraction.times.weekdays import ANY_DAY

_ISO = re.compile(r"\b(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b")

_DAY_MONTH = re.compile(
    r"\b(?P<d>\d{1,2})(?:st|nd|rd"
    rf"|th)?\s{{1,3}}(?:of\s{{1,3}})?(?P<mon>{MONTH})\b\.?(?:,?\s{{1,3}}(?P<y>20\d\d))?",
    re.IGNORECASE,
)

_MONTH_DAY = re.compile(
    rf"\b(?P<mon>{MONTH})\.?\s{{1,3}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s{{0,3}}(?:[:.]\d"
    r"|%|k\b|years?|yrs?|hours?|points?))(?:,?\s{1,3}(?P<y>20\d\d))?",
    re.IGNORECASE,
)

_SLASHED = re.compile(
    r"(?<![\d/.$])(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>20\d\d|\d\d)(?![\d/])"
)

_SLASHED_SHORT = re.compile(
    r"\b(?:until|till|til|from|on|by|after"
    r"|before)\s{1,3}(?P<d>\d{1,2})/(?P<m>\d{1,2})(?![\d/%]|\s{0,3}(?:shifts?|hours))",
    re.IGNORECASE,
)

_UNTIL_THE = re.compile(
    r"\b(?:until|till|til|from|after|before|by)\s{1,3}the\s{1,3}(?P<d>\d{1,2})(?:st|nd|rd"
    r"|th)\b(?!\s{1,3}(?:of|hour|step|week))",
    re.IGNORECASE,
)

_UNTIL_DAY = re.compile(
    rf"\b(?:until|till|til|next|from|after)\s{{1,3}}(?:next\s{{1,3}})?(?P<day>{ANY_DAY})\b",
    re.IGNORECASE,
)

_TO_MONTH = re.compile(
    r"\b(?:until|till|til|from|after"
    r"|to)\s{1,3}(?:(?P<end>the\s{1,3}end\s{1,3}of\s{1,3})"
    r"|the\s{1,3}start\s{1,3}of\s{1,3}"
    rf"|early\s{{1,3}})?(?P<mon>{MONTH})\b(?:\s{{1,3}}(?P<y>20\d\d))?(?!\s{{0,3}}\d)",
    re.IGNORECASE,
)

_NAMED_DAY = re.compile(
    r"\b(?P<name>yesterday|last (?:week|month|year)|today|next year|(?:the )?end of (?:the "
    r"|this )?(?:month|year)|tomorrow|tmrw|tomoz|tomorow|next week|next month"
    r"|new year'?s? eve|nye|new year(?:'?s(?: day)?)?|(?:christmas|xmas) eve|boxing day|australia day"
    r"|anzac day|christmas|xmas)\b",
    re.IGNORECASE,
)


def dates(text: str, today: date) -> tuple[Match[date | InvalidTime], ...]:
    """Calendar days, day before month. A day without a year is the next one to come."""
    text = text[:MOST_READ]
    found: list[Match[date | InvalidTime]] = []
    for pattern in (_ISO, _DAY_MONTH, _MONTH_DAY, _SLASHED, _SLASHED_SHORT, _TO_MONTH):
        found.extend(_date_of(text, match, today) for match in pattern.finditer(text))
    for match in _UNTIL_DAY.finditer(text):
        ahead = (DAYS[match["day"].lower()] - today.weekday()) % 7 or 7
        found.append(
            Match(today + timedelta(days=ahead), match.start("day"), match.end("day"), match["day"])
        )
    found.extend(
        Match(
            _day_of_month(int(match["d"]), today),
            match.start("d"),
            match.end(),
            text[match.start("d") : match.end()],
        )
        for match in _UNTIL_THE.finditer(text)
    )
    named = _NAMED_DAY.finditer(text)
    found.extend(
        Match(_day_called(match["name"].lower(), today), match.start(), match.end(), match[0])
        for match in named
    )
    return in_order(found)


def _date_of(text: str, match: re.Match[str], today: date) -> Match[date | InvalidTime]:
    groups = match.groupdict()
    start = min(match.start(name) for name, value in groups.items() if value)
    end = max(match.end(name) for name, value in groups.items() if value)
    words = text[start:end]
    if groups.get("mon"):
        month = MONTHS[groups["mon"].lower()]
    else:
        month = int(groups["m"])
    year = int(groups["y"]) if groups.get("y") else None
    if year is not None and year < 100:
        year += 2000
    value: date | InvalidTime
    try:
        if groups.get("d"):
            value = _next(today, year, month, int(groups["d"]))
        else:
            value = _next(today, year, month, 1)
            if groups.get("end"):
                value = (value.replace(day=28) + timedelta(days=4)).replace(day=1)
    except ValueError:
        value = InvalidTime(words)
    return Match(value, start, end, words)


def _next(today: date, year: int | None, month: int, day: int) -> date:
    """Raises ValueError for a day that the calendar does not have (29
    February: the next that exists).
    """
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


def _day_of_month(number: int, today: date) -> date | InvalidTime:
    """The next day with this number, today's own excepted: 'the 10th', 'the 31st'."""
    if not 1 <= number <= 31:
        return InvalidTime(f"the {number}")
    day = today + timedelta(days=1)
    while day.day != number:
        day += timedelta(days=1)
    return day


_FEASTS: Final = {
    "christmas eve": (12, 24),
    "xmas eve": (12, 24),
    "christmas": (12, 25),
    "xmas": (12, 25),
    "boxing day": (12, 26),
    "nye": (12, 31),
    "new year eve": (12, 31),
    "new years eve": (12, 31),
    "new year's eve": (12, 31),
    "australia day": (1, 26),
    "anzac day": (4, 25),
}


def _day_called(name: str, today: date) -> date:
    if feast := _FEASTS.get(name):
        return _next(today, None, *feast)
    if name.startswith("new year"):
        return _next(today, None, 1, 1)
    match name:
        case "today":
            return today
        case "yesterday" | "last week" | "last month" | "last year":
            return today - timedelta(days=1)
        case "next year":
            return date(today.year + 1, 1, 1)
        case _ if "end of" in name:
            month = _day_called("next month", today)
            if name.endswith("year"):
                return date(today.year + 1, 1, 1)
            return month
        case "next week":
            return today + timedelta(days=7 - today.weekday())
        case "next month":
            return (today.replace(day=28) + timedelta(days=4)).replace(day=1)
        case _:
            return today + timedelta(days=1)
