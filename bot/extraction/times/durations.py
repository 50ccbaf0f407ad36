"""Stretches of time in whole messages: '3h', 'a week', 'tomorrow'.

Half of a rate ('5 hours a week') is none.
"""

import re
from dataclasses import dataclass

from bot.extraction.numbers import WORDED, value_of
from bot.extraction.times.match import MOST_READ, Match, in_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A stretch of time: calendar days, which keep the wall clock, and minutes,
    which are elapsed time.
    """

    days: int = 0
    minutes: int = 0


_LENGTH = re.compile(
    r"(?<![\w.$£€,])(?:(?P<n>\d{1,3}(?:\.5)?)\s{0,3}-?\s{0,3}|(?P<word>a couple of|couple of"
    r"|a few|few|an?|"
    rf"{WORDED})[\s-]{{1,9}})"
    r"(?P<unit>minutes?|mins?|hours?|hrs?|hr|h|days?|d|weeks?|wks?|wk|w|fortnights?|months?)\b",
    re.IGNORECASE,
)

_HALF_HOUR = re.compile(r"\bhalf (?:an? )?hour\b", re.IGNORECASE)

_TOMORROW = re.compile(r"\b(?:tomorrow|tmrw|tomoz|tomorow|tomorro|next day)\b", re.IGNORECASE)

_FORTNIGHT = re.compile(
    r"(?<!\ba\s)(?<!\bper\s)(?<!\bevery\s)(?<!\bone\s)(?<![\d]\s)\bfortnight\b", re.IGNORECASE
)

_NEXT_WEEK = re.compile(
    r"\b(?:next week|not this week|skip this week|this week off)\b", re.IGNORECASE
)

_RATE_BEFORE = re.compile(
    r"(?:\d[hdk]?|\b(?:hours?|hrs?|days?|times?|once|twice|thrice|dollars|bucks|grand|nudges?"
    r"|paid|earns?|made|months?|weeks?|per|every|each))\s{0,3}$",
    re.IGNORECASE,
)


def durations(text: str) -> tuple[Match[Duration], ...]:
    """Stretches of time: '3h', 'a week', 'fortnight', 'tomorrow'.

    Not the second half of a rate ('5 hours a week').
    """
    text = text[:MOST_READ]
    found: list[Match[Duration]] = []
    for match in _LENGTH.finditer(text):
        number = (match["n"] or match["word"]).lower()
        if number in ("a", "an") and _RATE_BEFORE.search(text[: match.start()]):
            continue
        if match["unit"] in ("H", "D", "W"):
            continue
        found.append(
            Match(_lapse(number, match["unit"].lower()), match.start(), match.end(), match[0])
        )
    found.extend(
        Match(Duration(minutes=30), match.start(), match.end(), match[0])
        for match in _HALF_HOUR.finditer(text)
    )
    found.extend(
        Match(Duration(days=1), match.start(), match.end(), match[0])
        for match in _TOMORROW.finditer(text)
    )
    found.extend(
        Match(Duration(days=14), match.start(), match.end(), match[0])
        for match in _FORTNIGHT.finditer(text)
    )
    found.extend(
        Match(Duration(days=7), match.start(), match.end(), match[0])
        for match in _NEXT_WEEK.finditer(text)
    )
    return in_order(found)


def _lapse(number: str, unit: str) -> Duration:
    count = value_of(number)
    if unit.startswith("mi"):
        return Duration(minutes=round(count))
    if unit.startswith("h"):
        return Duration(minutes=round(count * 60))
    days = {"d": 1, "w": 7, "f": 14, "m": 30}[unit[0]]
    return Duration(days=round(count * days))
