"""How local time is said to a person: '7:30 am', 'Tue 24 Nov', 'UTC+10'.

And which zone is theirs, as far as we know.

No locale, no strftime names: the same words on every machine.
"""

from datetime import date, datetime, time
from typing import Final

from bot.core.events import Event
from bot.core.reply import Moment
from bot.core.state import Person
from scheduler.civil_time import zone, zone_names

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HOME: Final = "Australia/Sydney"
"""Whose calendar dates a plan with no known zone. Nudges never assume a zone."""


def clock(at: time) -> str:
    """'7:30 am', 'noon', 'midnight'."""
    if (at.hour, at.minute) == (12, 0):
        return "noon"
    if (at.hour, at.minute) == (0, 0):
        return "midnight"
    return f"{at.hour % 12 or 12}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"


def short_clock(at: time) -> str:
    """'7:30', to stand beside a clock time that named am or pm."""
    return f"{at.hour % 12 or 12}:{at.minute:02d}"


def day(on: date, today: date | None = None) -> str:
    """'Tue 24 Nov'; with the year where it is not this one's."""
    named = f"{DAYS[on.weekday()][:3]} {on.day} {MONTHS[on.month - 1]}"
    if today is None or on.year == today.year:
        return named
    return f"{named} {on.year}"


def offset(instant: datetime, zone_name: str) -> str:
    """'UTC+10', 'UTC+9:30', 'UTC'."""
    delta = instant.astimezone(zone(zone_name)).utcoffset()
    if delta:
        minutes = int(delta.total_seconds()) // 60
    else:
        minutes = 0
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02d}' if rest else ''}"


def moment(instant: datetime, zone_name: str, now: datetime) -> Moment:
    """'Tue 24 Nov, 7:30 am'."""
    local = instant.astimezone(zone(zone_name))
    return Moment(
        f"{day(local.date(), now.astimezone(zone(zone_name)).date())}, {clock(local.time())}",
        instant,
    )


def city(zone_name: str) -> str:
    """'Lord Howe' for 'Australia/Lord_Howe'."""
    return zone_name.rsplit("/", 1)[-1].replace("_", " ")


def known_zone(person: Person, event: Event) -> str:
    """The person's zone: what they said, else what a schedule of theirs has, else what the platform
    names now; '' if nobody knows.
    """
    scheduled = next((subscription.zone for subscription in person.subscriptions), "")
    if event.zone_hint in zone_names():
        hinted = event.zone_hint
    else:
        hinted = ""
    return person.profile.zone or scheduled or hinted


def today(person: Person, event: Event) -> date:
    return event.at.astimezone(zone(known_zone(person, event) or HOME)).date()


def hours(count: float) -> str:
    """'1 hour', '4.5 hours'."""
    return f"{count:g} hour{'' if count == 1 else 's'}"


def weeks(count: int) -> str:
    """'1 week', '19 weeks'."""
    return f"{count} week{'' if count == 1 else 's'}"


def minutes(count: int) -> str:
    """'40 minutes', '1 hour', '2.5 hours'."""
    if count < 60:
        return f"{count} minutes"
    return hours(count / 60)
