"""Wall clocks and instants: zones, days, weeks, quiet hours and public holidays, with nobody's
schedule in it.

The one place that turns wall clocks into UTC. A skipped local time moves forward by the offset
before the gap, a repeated one fires at its first pass (fold=0, RFC 5545). Bound to the tzdata
wheel: the system's zones may be years old.
"""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

zoneinfo.reset_tzpath(to=[])

zoneinfo.ZoneInfo.clear_cache()

CIVIL: Final = (time(8), time(21))
"""Hours for what comes at a time that nobody chose."""

NO_QUIET: Final = "00:00-00:00"

_DAY: Final = timedelta(days=1)


@lru_cache(maxsize=1024)
def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone, from the wheel. Raises ZoneInfoNotFoundError for a name it does not have."""
    return zoneinfo.ZoneInfo(name)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every zone name that people may use."""
    return frozenset(
        name
        for name in zoneinfo.available_timezones()
        if not name.startswith(("Etc/", "posix", "right", "System"))
    )


def occurrence(day: date, at: time, zone_name: str) -> datetime:
    """The UTC instant of a wall-clock time on a day."""
    return datetime.combine(day, at, zone(zone_name)).astimezone(UTC)


def week_of(instant: datetime, zone_name: str) -> str:
    """The ISO week of the local date: '2026-W48'. Weeks compare as text in order."""
    return week_name(instant.astimezone(zone(zone_name)).date())


def week_name(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def monday_of(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def month_name(day: date) -> str:
    """'2026-M12'. Months compare as text in order."""
    return f"{day.year}-M{day.month:02d}"


def is_month(period: str) -> bool:
    return period[5:6] == "M"


def month_of(period: str) -> date:
    """The first day of '2026-M12'."""
    return date(int(period[:4]), int(period[6:]), 1)


def next_month(day: date) -> date:
    """The first day of the month after this day's."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def nth_weekday(month: date, weekday: int, nth: int) -> date:
    """The first (1) to fourth (4) or the last (-1) such weekday of a month."""
    first = month.replace(day=1)
    found = first + timedelta(days=(weekday - first.weekday()) % 7)
    if nth > 0:
        return found + timedelta(weeks=nth - 1)
    return found + timedelta(weeks=(next_month(first) - found - _DAY).days // 7)


def civil(instant: datetime, zone_name: str, quiet: str = "") -> datetime:
    """`instant`, or the end of the quiet hours it falls into ('21:00-07:00';
    the civil hours' complement when empty).
    """
    place = zone(zone_name)
    start, end = quiet_hours(quiet)
    local = instant.astimezone(place)
    now = local.time()
    if start <= end:
        if not start <= now < end:
            return instant
        return datetime.combine(local.date(), end, place).astimezone(UTC)
    if end <= now < start:
        return instant
    day = local.date() + (_DAY if now >= start else timedelta())
    return datetime.combine(day, end, place).astimezone(UTC)


def quiet_hours(quiet: str) -> tuple[time, time]:
    """'21:00-07:00' as (from, to)."""
    if not quiet:
        return CIVIL[1], CIVIL[0]
    start, end = quiet.split("-")
    return time.fromisoformat(start), time.fromisoformat(end)


@lru_cache(maxsize=64)
def _holidays(region: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 -- four megabytes, for those who rest on public holidays

    return frozenset(holidays.country_holidays("AU", subdiv=region, years=year))


def is_holiday(region: str, day: date) -> bool:
    """Is this a public holiday in the Australian state or territory?"""
    return day in _holidays(region, day.year)
