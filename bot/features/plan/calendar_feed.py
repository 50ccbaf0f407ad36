"""What a private calendar address holds: the plan's weeks and the nudges, made anew from the person at
every fetch.

`served` notes what it gave, so that what is no longer planned is cancelled and unchanged content
keeps its bytes.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.calculators import study_plan
from bot.core.state import CalendarFeed, Person, Subscription
from bot.features.plan.calendar_events import (
    Properties,
    appointment,
    calendar_of,
    cancellation,
    slot_of,
)
from content.content import Content
from content.plan import Plan
from scheduler.civil_time import (
    is_holiday,
    monday_of,
    nth_weekday,
    occurrence,
    week_name,
    week_of,
    zone,
)
from scheduler.recurrence import FOREVER, last_sent_day, next_due

NUDGE_MINUTES: Final = 15
CANCELLED_AT_MOST: Final = 8
"""Series that ended and are still shown as cancelled."""
FETCH_HOURS: Final = 6
"""How often calendar programs are asked to look."""
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKS_BETWEEN: Final = {"weekly": 1, "fortnightly": 2, "monthly": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One fetch: the calendar's text, and when it last became another."""

    text: str
    changed_at: datetime


def calendar_now(content: Content, person: Person, at: datetime) -> tuple[Person, Served]:
    """The person's calendar now, and the person with what it holds noted.

    `person.feed` is there.
    """
    assert person.feed is not None  # noqa: S101 -- found by it
    feed, at = person.feed, at.replace(microsecond=0)
    weeks = _weeks(content, person, feed, at)
    series = {one.id: _series(content, person, feed, one, at) for one in person.subscriptions}
    running = {key: one for key, one in series.items() if one}
    nudges = {key: _instant(one) for key, one in running.items()}
    gone = [(key, first) for key, first in feed.nudges.items() if key not in nudges]
    gone = gone[-CANCELLED_AT_MOST:]
    entries = [
        *weeks.values(),
        *running.values(),
        *(_end(content, feed, key, first) for key, first in gone),
    ]
    feed = replace(feed, weeks=tuple(weeks), nudges={**dict(gone), **nudges})
    feed = _stamp(feed, hashlib.sha256(repr(entries).encode()).hexdigest(), at)
    return replace(person, feed=feed), Served(
        text=_text(content, entries, feed), changed_at=feed.changed_at or at
    )


def _stamp(feed: CalendarFeed, mark: str, at: datetime) -> CalendarFeed:
    if mark == feed.mark:
        return feed
    if feed.mark:
        sequence = feed.sequence + 1
    else:
        sequence = feed.sequence
    return replace(feed, mark=mark, sequence=sequence, changed_at=at)


def _text(content: Content, entries: list[Properties], feed: CalendarFeed) -> str:
    stamps = {
        "dtstamp": feed.changed_at,
        "last-modified": feed.changed_at,
        "sequence": feed.sequence,
    }
    days: dict[str, tuple[date, date]] = {}
    for entry in entries:
        start = _start(entry)
        name = str(start.tzinfo)
        if start.tzinfo is UTC:
            continue
        first, last = days.get(name, (start.date(), start.date()))
        days[name] = min(first, start.date()), max(last, start.date())
    book = calendar_of(content, days, [{**entry, **stamps} for entry in entries])
    book.add("method", "PUBLISH")
    book.add("refresh-interval", timedelta(hours=FETCH_HOURS), parameters={"VALUE": "DURATION"})
    text: str = book.to_ical().decode()
    return text


def _start(entry: Properties) -> datetime:
    start = entry["dtstart"]
    assert isinstance(start, datetime)  # noqa: S101 -- every entry here has one
    return start


def _instant(entry: Properties) -> datetime:
    return _start(entry).astimezone(UTC)


def _weeks(
    content: Content, person: Person, feed: CalendarFeed, at: datetime
) -> dict[str, Properties]:
    """Each week's appointment by its name; those that are planned no more are cancelled."""
    zone_name = _zone_of(person, feed)
    this_week = week_of(at, zone_name)
    laid = {week_name(week.monday): week for week in _plan_weeks(content, person, zone_name, at)}
    weekday, clock = slot_of(person)
    names = sorted({*laid, *(week for week in feed.weeks if week >= this_week)})
    found: dict[str, Properties] = {}
    for name in names:
        day = monday_of(name) + timedelta(days=weekday)
        start = datetime.combine(day, clock, zone(zone_name))
        found[name] = appointment(content, name, laid.get(name), start, feed.id)
    return found


def _zone_of(person: Person, feed: CalendarFeed) -> str:
    scheduled = next((one.zone for one in person.subscriptions if one.active), "")
    return person.profile.zone or scheduled or feed.zone


def _plan_weeks(
    content: Content, person: Person, zone_name: str, at: datetime
) -> tuple[study_plan.Week, ...]:
    """The plan's weeks as they are all week long: an appointment moves with what is done, not by
    the day on which it is looked at.
    """
    progress = person.progress
    if progress is None:
        return ()
    monday = monday_of(week_of(at, zone_name))
    today = max(monday, progress.started_on)
    return study_plan.weeks(_plan(content, progress.plan), progress, today, zone_name)


def _plan(content: Content, key: str) -> Plan:
    first = next(iter(content.plans.values()))
    return content.plans.get(key, first)


def _series(
    content: Content, person: Person, feed: CalendarFeed, one: Subscription, at: datetime
) -> Properties | None:
    """A nudge's rule as a series of appointments; None where it has stopped for good."""
    first = _first_day(one, feed, at)
    if first is None:
        return None
    start = datetime.combine(first, one.local_time, zone(one.zone))
    properties: dict[str, object] = {
        **_of_nudge(content, feed, one.id),
        "dtstart": start,
        "rrule": _rule(one),
    }
    left_out = list(_holidays(person, first, at))
    if left_out:
        place = zone(one.zone)
        properties["exdate"] = [datetime.combine(day, one.local_time, place) for day in left_out]
    return properties


def _of_nudge(content: Content, feed: CalendarFeed, key: str) -> dict[str, object]:
    name = hashlib.sha256(f"{feed.id} {key}".encode()).hexdigest()[:12]
    return {
        "uid": f"nudge-{name}-{feed.id}@pivotbot",
        "duration": timedelta(minutes=NUDGE_MINUTES),
        "summary": content.phrases["calendar_nudge"],
        "transp": "TRANSPARENT",
    }


def _end(content: Content, feed: CalendarFeed, key: str, first: datetime) -> Properties:
    gone = cancellation(content)
    return {**_of_nudge(content, feed, key), "dtstart": first, "status": gone["status"]}


def _first_day(one: Subscription, feed: CalendarFeed, at: datetime) -> date | None:
    """The series' first day: on the rule, not before the address was made,
    and the same tomorrow.
    """
    due = next_due(one, at)
    if due is None or (one.paused_until or date.min) >= FOREVER:
        return None
    place = zone(one.zone)
    earliest = max(
        feed.since.astimezone(place).date(),
        one.starts_on or date.min,
        one.paused_until or date.min,
    )
    if one.nth:
        return _first_of_month(one, earliest)
    on_rule = last_sent_day(one) or due.astimezone(place).date()
    step = 7 * _WEEKS_BETWEEN[one.pace]
    return earliest + timedelta(days=(on_rule - earliest).days % step)


def _first_of_month(one: Subscription, earliest: date) -> date:
    found = nth_weekday(earliest, one.weekday, one.nth)
    if found >= earliest:
        return found
    following = (earliest.replace(day=28) + timedelta(days=4)).replace(day=1)
    return nth_weekday(following, one.weekday, one.nth)


def _rule(one: Subscription) -> dict[str, object]:
    rule: dict[str, object] = {"freq": "WEEKLY", "byday": _DAYS[one.weekday]}
    if one.nth:
        rule = {"freq": "MONTHLY", "byday": f"{one.nth}{_DAYS[one.weekday]}"}
    elif one.pace != "weekly":
        rule["interval"] = _WEEKS_BETWEEN[one.pace]
    if one.ends_on:
        rule["until"] = occurrence(one.ends_on, one.local_time, one.zone)
    return rule


def _holidays(person: Person, first: date, at: datetime) -> Iterator[date]:
    """Public holidays of this year and the next on which the nudge rests."""
    if person.profile.skip_holidays:
        region = person.profile.region
    else:
        region = ""
    last = date(at.year + 1, 12, 31)
    day = first
    while region and day <= last:
        if is_holiday(region, day):
            yield day
        day += timedelta(days=7)
