"""How often, from when and until when: 'every second Tuesday', 'first Monday of the month', 'for 6
weeks', 'from 1 Feb'.

Days and times beside them are read elsewhere, from the words that are left. What is no cadence that
can be kept is named.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.extraction.numbers import QUANTITY, value_of
from bot.extraction.times.dates import dates
from bot.extraction.times.match import MOST_READ
from bot.extraction.times.weekdays import ANY_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """What a text says of it; whatever it leaves open is empty.

    `rest` is the text without those words, as long as before.
    """

    rest: str
    pace: str = ""
    """weekly or fortnightly, where it was said."""
    nth: int = 0
    """Of a month's weekdays, 1 to 4, -1 for the last."""
    starts_on: date | None = None
    ends_on: date | None = None
    lasts: int = 0
    """Days that it goes on for, from the first one."""
    unsupported: str = ""
    """How often, where that cannot be kept."""
    wrong: str = ""
    """A first or last day that cannot be."""

    @property
    def said(self) -> bool:
        """Something else than every week."""
        other = self.pace not in ("", "weekly")
        return bool(other or self.nth or self.starts_on or self.ends_on or self.lasts)


_NTH: Final = {
    **dict.fromkeys(("first", "1st"), 1),
    **dict.fromkeys(("second", "2nd"), 2),
    **dict.fromkeys(("third", "3rd"), 3),
    **dict.fromkeys(("fourth", "4th"), 4),
    "last": -1,
}
_OF_MONTH: Final = re.compile(
    rf"\b(?:(?:on|every|each)\s{{1,3}})?(?:the\s{{1,3}})?(?P<nth>{'|'.join(_NTH)})\s{{1,3}}(?P<day>{ANY_DAY})s?"
    r"\s{1,3}(?:(?:of|in|each|every|a|per|the)\s{1,3}){1,3}months?\b",
    re.IGNORECASE,
)
_MONTHLY_NTH: Final = re.compile(
    rf"\b(?:monthly|every month|each month|once a month)\s{{1,3}}(?:on\s{{1,3}})?(?:the\s{{1,3}})?(?P<nth>{'|'.join(_NTH)})\s{{1,3}}(?P<day>{ANY_DAY})s?\b",
    re.IGNORECASE,
)
_EVERY_FIRST: Final = re.compile(
    rf"\b(?:every|each)\s{{1,3}}(?P<nth>first|1st|last)\s{{1,3}}(?P<day>{ANY_DAY})s?\b",
    re.IGNORECASE,
)
_FORTNIGHTLY: Final = re.compile(
    r"\b(?:every|each)\s{1,3}(?:second|2nd|other|two|2)\s{1,3}(?:weeks?\b"
    rf"|(?P<day>{ANY_DAY})s?\b)"
    r"|\b(?:fortnightly|bi-?weekly|(?:every|once a|each) fortnight|once every (?:two"
    rf"|2) weeks|alternate\s{{1,3}}(?:weeks|(?P<day2>{ANY_DAY})s?))\b",
    re.IGNORECASE,
)
_WEEKLY: Final = re.compile(r"\b(?:weekly|every week|once a week)\b", re.IGNORECASE)
_UNSUPPORTED: Final = re.compile(
    r"\b(?:(?:every|each)\s{1,3}(?:(?:third|3rd|fourth|4th|fifth|5th|sixth|6th|three|four"
    r"|five|six|eight|ten|[3-9]|\d\d)\s{1,3}(?:weeks?|months?|days?|(?:mon|tues|wednes|thurs"
    r"|fri|satur|sun)days?)"
    r"|(?:second|other|2nd|two|2)\s{1,3}(?:months?|days?|hours?)|hour|minute|quarter|year"
    r"|few\s{1,3}\w+|\d{1,3}\s{1,3}(?:hours?|minutes?))"
    r"|hourly|quarterly|yearly|annually|bi-?monthly|(?:twice|two times|2x|three times"
    r"|3x)\s{1,3}(?:a|per)\s{1,3}(?:day|month)"
    r"|(?:on\s{1,3})?(?:the\s{1,3})?\d{1,2}(?:st|nd|rd|th)\s{1,3}(?:of\s{1,3})?(?:every|each"
    r"|the)\s{1,3}month|last day of (?:the|every|each) month)\b",
    re.IGNORECASE,
)
_FOR: Final = re.compile(
    rf"\bfor\s{{1,3}}(?:the next\s{{1,3}})?(?P<count>{QUANTITY})\s{{1,3}}(?P<unit>weeks?|wks?"
    r"|fortnights?|months?)\b",
    re.IGNORECASE,
)
_UNTIL: Final = re.compile(
    r"\b(?:until|till|til|up to|ending(?: on)?|ends(?: on)?)\s{1,3}", re.IGNORECASE
)
_FROM: Final = re.compile(
    r"\b(?:from|starting(?: from| on)?|starts?(?: on| from)?|beginning(?: on)?|as of|after)\s{1,3}",
    re.IGNORECASE,
)
_STAYS: Final = re.compile(
    r"\b(?:i'?m|i am|we'?re|we are|staying|living|based|here|visiting)\b[^.,;]{0,30}\Z",
    re.IGNORECASE,
)
"""'I'm in Pune till March' says how long somebody stays, and nothing of the nudges."""
_DAYS: Final = {"w": 7, "f": 14, "m": 30}


def cadence(text: str, today: date) -> Cadence:
    """What `text` says of how often, from when and until when."""
    found = Cadence(rest=text[:MOST_READ])
    for read in (_monthly, _reject_unsupported, _fortnightly, _weekly, _beginning, _end, _stretch):
        found = read(found, today)
    return found


def _without(found: Cadence, start: int, end: int, keep: str = "") -> str:
    """The rest without these characters; `keep`, a day's name among them, stays."""
    blank = keep + " " * (end - start - len(keep))
    return found.rest[:start] + blank + found.rest[end:]


def _monthly(found: Cadence, today: date) -> Cadence:  # noqa: ARG001 -- one shape for all readers
    for pattern in (_OF_MONTH, _MONTHLY_NTH, _EVERY_FIRST):
        if hit := pattern.search(found.rest):
            rest = _without(found, *hit.span(), hit["day"])
            return replace(found, rest=rest, nth=_NTH[hit["nth"].lower()])
    return found


def _reject_unsupported(found: Cadence, today: date) -> Cadence:  # noqa: ARG001
    hit = _UNSUPPORTED.search(found.rest)
    if hit:
        return replace(found, unsupported=hit[0].strip())
    return found


def _fortnightly(found: Cadence, today: date) -> Cadence:  # noqa: ARG001
    hit = _FORTNIGHTLY.search(found.rest)
    if hit is None:
        return found
    rest = _without(found, *hit.span(), hit["day"] or hit["day2"] or "")
    return replace(found, rest=rest, pace="fortnightly")


def _weekly(found: Cadence, today: date) -> Cadence:  # noqa: ARG001
    """'weekly' said of what comes less often makes it weekly again."""
    hit = _WEEKLY.search(found.rest)
    if hit is None or found.pace or found.nth or found.unsupported:
        return found
    return replace(found, rest=_without(found, *hit.span()), pace="weekly")


def _beginning(found: Cadence, today: date) -> Cadence:
    return _with_bound(found, today, _FROM, lambda day: replace(found, starts_on=day))


def _end(found: Cadence, today: date) -> Cadence:
    return _with_bound(found, today, _UNTIL, lambda day: replace(found, ends_on=day))


def _with_bound(
    found: Cadence, today: date, lead: re.Pattern[str], made: Callable[[date], Cadence]
) -> Cadence:
    """A day right after a word that leads to it."""
    days = dates(found.rest, today)
    for hit in lead.finditer(found.rest):
        if _STAYS.search(found.rest[: hit.start()]):
            continue
        for day in days:
            if hit.start() <= day.start <= hit.end():
                rest = _without(found, hit.start(), max(day.end, hit.end()))
                if not isinstance(day.value, date):
                    return replace(found, rest=rest, wrong=day.text)
                return replace(made(day.value), rest=rest)
    return found


def _stretch(found: Cadence, today: date) -> Cadence:  # noqa: ARG001
    """'for 6 weeks'."""
    hit = _FOR.search(found.rest)
    if hit is None or found.ends_on:
        return found
    days = round(value_of(hit["count"]) * _DAYS[hit["unit"][0].lower()])
    return replace(found, rest=_without(found, *hit.span()), lasts=days)
