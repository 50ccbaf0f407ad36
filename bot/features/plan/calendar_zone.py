"""A time zone as a calendar program reads it: yearly rules, because Outlook looks at nothing else.

The zone file's last line is the rule that holds from now on, in POSIX form
('AEST-10AEDT,M10.1.0,M4.1.0/3'). Where it does not say what the zone does in the time that is asked
for, the onsets are listed one by one.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

from icalendar import Component, Timezone, TimezoneDaylight, TimezoneStandard

from scheduler.civil_time import zone

_DAYS: Final = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_LAST: Final = 5
_NAME: Final = r"<[^>]{1,12}>|[A-Za-z]{1,12}"
_OFFSET: Final = r"[+-]?\d{1,2}(?::\d\d){0,2}"
_RULE: Final = re.compile(rf"(?:{_NAME})(?:{_OFFSET})(?:(?:{_NAME})(?:{_OFFSET})?,(?P<rules>.+))?")
_ONSET: Final = re.compile(r"M(\d{1,2})\.(\d)\.(\d)(?:/([+-]?)(\d{1,3})(?::(\d\d))?)?")
_USUAL_HOUR: Final = "2"
_HALF_DAY: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Onset:
    """When the clock changes each year: on the `week`-th `weekday` (0 is Sunday, week 5 the last
    one) of `month`, so long after that day began by the clock that goes out.
    """

    month: int
    week: int
    weekday: int
    after: timedelta

    def on(self, year: int) -> datetime:
        """The wall clock's last reading before it is changed."""
        days = [
            day
            for day in calendar.Calendar().itermonthdates(year, self.month)
            if day.month == self.month and day.isoweekday() % 7 == self.weekday
        ]
        day = days[-1] if self.week == _LAST else days[self.week - 1]
        return datetime.combine(day, time()) + self.after

    @property
    def rrule(self) -> dict[str, object] | None:
        """As an RRULE.

        Hours beyond the day move it to a neighbouring weekday, within a week of the month; None if
        beyond the month.
        """
        shift = self.after // timedelta(days=1)
        weekday = _DAYS[(self.weekday + shift) % 7]
        if not shift:
            nth = -1 if self.week == _LAST else self.week
            return {"freq": "yearly", "bymonth": self.month, "byday": f"{nth}{weekday}"}
        length = calendar.monthrange(2027, self.month)[1]
        first = length - 6 if self.week == _LAST else 7 * self.week - 6
        days = [day + shift for day in range(first, first + 7)]
        if not 1 <= days[0] <= days[-1] <= length:
            return None
        rule = {"freq": "yearly", "bymonth": self.month, "byday": weekday}
        return {**rule, "bymonthday": days}


def timezone(zone_name: str, first: date, last: date) -> Timezone:
    """The zone's component for appointments between two days."""
    return _timezone(zone_name, first.year - 1, last.year + 1)


@lru_cache(maxsize=64)
def _timezone(zone_name: str, first: int, last: int) -> Timezone:
    onsets = _onsets(zone_name)
    if onsets is None or not _holds(zone_name, onsets, first, last):
        return _list(zone_name, first, last)
    made = Timezone()
    made.add("tzid", zone_name)
    if not onsets:
        made.add_component(_unchanging(zone_name, first))
    for onset in onsets:
        made.add_component(_yearly(zone_name, onset, first))
    return made


def _list(zone_name: str, first: int, last: int) -> Timezone:
    """Every onset by its date.

    The library's remark about the time it covers stands where none is allowed.
    """
    made = Timezone.from_tzid(zone_name, first_date=date(first, 1, 1), last_date=date(last, 12, 31))
    made.pop("comment", None)
    return made


def _footer(zone_name: str) -> str:
    file = files("tzdata").joinpath("zoneinfo", *zone_name.split("/"))
    return file.read_bytes().rsplit(b"\n", 2)[-2].decode()


def _onsets(zone_name: str) -> tuple[Onset, ...] | None:
    """Both changes of a year, none where there are none; None for a rule of another kind."""
    rule = _RULE.fullmatch(_footer(zone_name))
    if rule is None:
        return None
    said = rule["rules"].split(",") if rule["rules"] else []
    found = [_ONSET.fullmatch(one) for one in said]
    onsets = tuple(_onset(one) for one in found if one)
    sayable = all(onset.rrule for onset in onsets)
    if sayable and len(onsets) == len(said):
        return onsets
    return None


def _onset(found: re.Match[str]) -> Onset:
    month, week, weekday, sign, hours, minutes = found.groups()
    after = timedelta(hours=int(hours or _USUAL_HOUR), minutes=int(minutes or 0))
    return Onset(
        month=int(month),
        week=int(week),
        weekday=int(weekday),
        after=-after if sign == "-" else after,
    )


def _holds(zone_name: str, onsets: tuple[Onset, ...], first: int, last: int) -> bool:
    """Whether the clock changes at these instants and at no other time of these years.

    Looked at from noon to noon, because clocks change at night, some at midnight.
    """
    years = range(first, last + 1)
    changes = {(onset.on(year) + _HALF_DAY).date() for onset in onsets for year in years}
    noons = _noons(zone_name, first, last)
    found = {
        later.date()
        for earlier, later in pairwise(noons)
        if earlier.utcoffset() != later.utcoffset()
    }
    return found == changes


def _noons(zone_name: str, first: int, last: int) -> Iterator[datetime]:
    noon = datetime.combine(date(first, 1, 1), time(12), zone(zone_name))
    while noon.year <= last:
        yield noon
        noon += timedelta(days=1)


def _offsets(zone_name: str, onset: Onset, year: int) -> tuple[timedelta, timedelta]:
    """Before and after the change of that year."""
    at = onset.on(year)
    hours = (timedelta(hours=-3), timedelta(hours=3))
    before, after = (zone(zone_name).utcoffset(at + distance) for distance in hours)
    assert before is not None and after is not None  # noqa: S101, PT018 -- a zone knows them
    return before, after


def _yearly(zone_name: str, onset: Onset, year: int) -> Component:
    old, new = _offsets(zone_name, onset, year)
    part = TimezoneDaylight() if new > old else TimezoneStandard()
    at = onset.on(year)
    part.add("dtstart", at)
    part.add("rrule", onset.rrule)
    part.add("tzoffsetfrom", old)
    part.add("tzoffsetto", new)
    part.add("tzname", _name(zone_name, at + timedelta(hours=3)))
    return part


def _unchanging(zone_name: str, year: int) -> Component:
    part, begins = TimezoneStandard(), datetime.combine(date(year, 1, 1), time())
    offset = zone(zone_name).utcoffset(begins)
    part.add("dtstart", begins)
    part.add("tzoffsetfrom", offset)
    part.add("tzoffsetto", offset)
    part.add("tzname", _name(zone_name, begins))
    return part


def _name(zone_name: str, at: datetime) -> str:
    return zone(zone_name).tzname(at) or zone_name
