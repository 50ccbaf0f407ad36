"""An absence told by its stretch, as the words of a pause: 'on leave next week', 'away from 5 to 12
dec'.
"""

import re
from datetime import date, timedelta
from typing import Final

from bot.core import local_time
from bot.core.request import Request
from bot.extraction.times import dates
from bot.features.nudges.rules import active
from scheduler.civil_time import zone

_NEXT_WEEK: Final = re.compile(r"\bnext week\b", re.IGNORECASE)
_BACK: Final = re.compile(r"\b(?:until|till|til|back)\b", re.IGNORECASE)
_FROM_TO: Final = re.compile(
    r"\b(?:from|between|on|away|overseas|holidays?|leave|off|travell?ing|camping|interstate"
    r"|busy|exams?)\b(?P<start>.{1,30}?)"
    r"(?:\b(?:to|and|until|till|til|thru|through)\b|[-–])(?P<end>.{2,30})",
    re.IGNORECASE,
)
_ONE_MONTH: Final = re.compile(
    r"\s{0,3}(?:the\s)?(?P<day>\d{1,2})(?:st|nd|rd|th)?\s{0,3}\Z", re.IGNORECASE
)
"""'From 5 to 12 dec': the first day has the month of the last."""


def away(request: Request) -> str:
    """Until when, of an absence that is told by its stretch: 'on leave next week', 'away from 5 to
    12 dec'; '' where it is told otherwise.
    """
    rules = active(request.state.person)
    place = zone(rules[0].zone if rules else local_time.HOME)
    today = request.event.at.astimezone(place).date()
    if _NEXT_WEEK.search(request.words) and not _BACK.search(request.words):
        return f"until {today + timedelta(days=14 - today.weekday()):%Y-%m-%d}"
    named = [one.value for one in dates(request.words, today) if isinstance(one.value, date)]
    if len(named) > 1 and today <= named[0] <= named[-1]:
        return _stretch(named[0], named[-1], today)
    hit = _FROM_TO.search(request.words)
    if hit is None:
        return ""
    last = next((one.value for one in dates(hit["end"], today)), None)
    if not isinstance(last, date):
        return ""
    first = _first_day_away(hit["start"], last, today)
    if first is None and _BACK.search(request.words):
        return ""  # 'on leave till 5 january': that day they are back
    return _stretch(first, last, today)


def _stretch(first: date | None, last: date, today: date) -> str:
    """From the first day, where it is still to come, until the day after the last."""
    until = f"until {last + timedelta(days=1):%Y-%m-%d}"
    if first is None or first <= today:
        return until
    return f"from {first:%Y-%m-%d} {until}"


def _first_day_away(words: str, last: date, today: date) -> date | None:
    """The day on which an absence begins; None where none is read,
    or it is no earlier than its last.
    """
    starts = [one.value for one in dates(words, today)]
    first = starts[-1] if starts else None
    if first is None and (hit := _ONE_MONTH.search(words)) and 1 <= int(hit["day"]) < last.day:
        first = last.replace(day=int(hit["day"]))
    if isinstance(first, date) and first <= last:
        return first
    return None
