"""When a nudge is due: from a local rule (Mondays 09:00 in Sydney) to instants, and the week that an instant counts for.

The one place that turns wall clocks into UTC. A skipped local time moves forward by the offset before the gap, a repeated
one fires at its first pass (fold=0, RFC 5545). Pure, and bound to the tzdata wheel: the system's zones may be years old.
"""

import zoneinfo
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from bot.state import Profile, Subscription

zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()

PROMISE: Final = timedelta(minutes=10)
"""A nudge comes between its time and this much later."""
SPREAD: Final = timedelta(minutes=9)
"""What of that a herd is spread over. The rest is for what the platform's pace holds back."""
LATE: Final = timedelta(hours=1)
"""Booked later than this, a nudge is a catch-up."""
CATCH_UP_GAP: Final = timedelta(hours=48)
"""No catch-up this close before the next occurrence."""
REPLACES: Final = timedelta(hours=24)
"""A snooze that ends this close to the next occurrence, or after it, takes its place."""
CIVIL: Final = (time(8), time(21))
"""Hours for what comes at a time that nobody chose."""
FOREVER: Final = date(9000, 1, 1)
"""A pause without an end."""
NO_QUIET: Final = "00:00-00:00"
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
_WEEKS_BETWEEN: Final = {"weekly": 1, "fortnightly": 2, "monthly": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What falls due: its idempotency key (`week`, `resend`) and when it may go out. `week` is empty if nothing goes out
    (a catch-up too near the next one, a rule that has ended). `next_due_at` is the subscription's next instant, None for none.
    `spread`: how much later it may go out if many are due with it.
    """

    week: str = ""
    resend: int = 0
    due_at: datetime
    next_due_at: datetime | None
    spread: timedelta = timedelta()


@lru_cache(maxsize=1024)
def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone, from the wheel. Raises ZoneInfoNotFoundError for a name it does not have."""
    return zoneinfo.ZoneInfo(name)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every zone name that people may use."""
    return frozenset(name for name in zoneinfo.available_timezones() if not name.startswith(("Etc/", "posix", "right", "System")))


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


def next_due(subscription: Subscription, after: datetime, *, holidays_of: str = "") -> datetime | None:
    """The first regular occurrence later than `after`; None for a stopped or silent rule.

    Weeks that were sent already, weeks that a slower pace leaves out, days of a pause and, with `holidays_of`
    (a state: NSW, VIC …), public holidays are passed over. Snoozes are `booking`'s business.
    """
    if not subscription.active or subscription.pace == "silent" or (subscription.paused_until or date.min) >= FOREVER:
        return None
    place = zone(subscription.zone)
    # One day back: an occurrence moved out of a gap may stand on the next local date.
    day = after.astimezone(place).date() - _DAY
    earliest = _first_free_day(subscription)
    if earliest and earliest > day:
        day = earliest
    day += timedelta(days=(subscription.weekday - day.weekday()) % 7)
    while True:
        instant = datetime.combine(day, subscription.local_time, place).astimezone(UTC)
        if instant > after and not (holidays_of and is_holiday(holidays_of, day)):
            return instant
        day += _WEEK


def _first_free_day(subscription: Subscription) -> date | None:
    """The first local date on which this rule may fire again, from what was sent and what is paused."""
    earliest = subscription.paused_until
    if subscription.sent_week:
        free = monday_of(subscription.sent_week) + _WEEKS_BETWEEN[subscription.pace] * _WEEK
        earliest = max(earliest, free) if earliest else free
    return earliest


def coming(subscription: Subscription, now: datetime, *, holidays_of: str = "") -> datetime | None:
    """When this subscription next falls due, a snooze included."""
    if subscription.active and subscription.snoozed_until and not _paused(subscription, subscription.snoozed_until):
        return subscription.snoozed_until
    return next_due(subscription, now, holidays_of=holidays_of)


def upcoming(subscription: Subscription, now: datetime, count: int, *, holidays_of: str = "") -> tuple[datetime, ...]:
    """The next `count` times, as they would come if nothing changed."""
    found: list[datetime] = []
    rule, after = subscription, now
    instant = coming(rule, now, holidays_of=holidays_of)
    while instant and len(found) < count:
        found.append(instant)
        week = counts_for(rule, instant)
        rule = replace(rule, sent_week=max(week, rule.sent_week), snoozed_until=None, resend=0)
        after = max(instant, after)
        instant = next_due(rule, after, holidays_of=holidays_of)
    return tuple(found)


def booking(subscription: Subscription, now: datetime, profile: Profile | None = None) -> Booked:
    """What a subscription whose `next_due_at` has come is owed, and when it is due again. Total: any row gets an answer.

    After downtime the newest missed occurrence goes out once, at a civil hour, and not within 48 hours of the next.
    """
    profile = profile or Profile()
    free_days = profile.region if profile.skip_holidays else ""
    due = subscription.next_due_at
    if due is None or due > now or not subscription.active or _paused(subscription, now):
        return Booked(due_at=now, next_due_at=coming(subscription, now, holidays_of=free_days))
    if subscription.snoozed_until != due:
        subscription = replace(subscription, snoozed_until=None)
        due = _newest(subscription, due, now)
    week = counts_for(subscription, due)
    sent = replace(subscription, sent_week=max(week, subscription.sent_week), snoozed_until=None)
    following = next_due(sent, now, holidays_of=free_days)
    goes_at = due
    if now - due > LATE:
        goes_at = civil(now, subscription.zone, profile.quiet)
        if following and following - goes_at < CATCH_UP_GAP:
            return Booked(due_at=due, next_due_at=next_due(subscription, now, holidays_of=free_days))
    if subscription.snoozed_until:  # whoever put it off to an hour was promised that hour
        return Booked(week=week, resend=subscription.resend, due_at=goes_at, next_due_at=following)
    quiet = profile.quiet and civil(goes_at + SPREAD, subscription.zone, profile.quiet) > goes_at + SPREAD
    return Booked(week=week, due_at=goes_at, next_due_at=following, spread=timedelta() if quiet else SPREAD)


def slot(booked: Booked, whose: str) -> datetime:
    """When a nudge goes out that many others are due with: always equally long after its time for one subscription, evenly
    spread over all of them.
    """
    share = int.from_bytes(blake2b(whose.encode(), digest_size=4).digest()) / 2**32
    return booked.due_at + booked.spread * share


catch_up = booking
"""Downtime needs no road of its own: an overdue row is booked like any other."""


def counts_for(subscription: Subscription, due: datetime) -> str:
    """The week of an occurrence. A snoozed nudge that comes again keeps its week; one that takes the next one's place, takes its week.
    A snooze that a pause has covered decides nothing.
    """
    if subscription.snoozed_until != due:
        return week_of(due, subscription.zone)
    if subscription.resend:
        return subscription.sent_week
    replaced = week_of(_latest(subscription, due + REPLACES), subscription.zone)
    return replaced if replaced > subscription.sent_week else week_of(due, subscription.zone)


def _latest(subscription: Subscription, until: datetime) -> datetime:
    """The rule's last wall-clock occurrence up to an instant."""
    day = until.astimezone(zone(subscription.zone)).date()
    day -= timedelta(days=(day.weekday() - subscription.weekday) % 7)
    instant = occurrence(day, subscription.local_time, subscription.zone)
    return instant if instant <= until else occurrence(day - _WEEK, subscription.local_time, subscription.zone)


def _newest(subscription: Subscription, due: datetime, now: datetime) -> datetime:
    """The last regular occurrence from `due` to `now`."""
    weeks = max(0, (now - due).days // 7 - 1)
    day = due.astimezone(zone(subscription.zone)).date() + weeks * _WEEK
    newest = due
    while True:
        instant = occurrence(day, subscription.local_time, subscription.zone)
        if instant > now:
            return newest
        newest = max(newest, instant)
        day += _WEEK


def _paused(subscription: Subscription, at: datetime) -> bool:
    until = subscription.paused_until
    return until is not None and at.astimezone(zone(subscription.zone)).date() < until


def civil(instant: datetime, zone_name: str, quiet: str = "") -> datetime:
    """`instant`, or the end of the quiet hours it falls into ('21:00-07:00'; the civil hours' complement when empty)."""
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


def snooze(
    subscription: Subscription, until: datetime, now: datetime, *, moving: datetime | None = None, holidays_of: str = ""
) -> Subscription:
    """Bring one occurrence to `until`: the one sent last, or `moving`, the coming one, which then counts as spent in its week.
    Near the next regular one, or past it, it takes that one's place.
    """
    if moving:
        week = counts_for(subscription, moving)
        resend = subscription.resend if week == subscription.sent_week else 0
        subscription = replace(subscription, sent_week=max(week, subscription.sent_week), resend=resend)
    regular = next_due(replace(subscription, snoozed_until=None), now, holidays_of=holidays_of)
    again = bool(subscription.sent_week) and (regular is None or until < regular - REPLACES)
    return replace(subscription, snoozed_until=until, resend=subscription.resend + 1 if again else 0, next_due_at=until)


def moved(subscription: Subscription, zone_name: str, now: datetime, profile: Profile | None = None) -> Subscription:
    """The same wall-clock rule in another zone. A slot that is already past there, unsent and less than a day old, goes out now."""
    profile = profile or Profile()
    elsewhere = replace(subscription, zone=zone_name)
    due = coming(elsewhere, now, holidays_of=profile.region if profile.skip_holidays else "")
    waiting = subscription.next_due_at
    past = next_due(elsewhere, now - _DAY)
    if waiting and waiting > now and past and past <= now and week_of(past, zone_name) == week_of(waiting, subscription.zone):
        due = civil(now, zone_name, profile.quiet)
    return replace(elsewhere, next_due_at=due)


@lru_cache(maxsize=64)
def _holidays(region: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 -- four megabytes, for those who rest on public holidays

    return frozenset(holidays.country_holidays("AU", subdiv=region, years=year))


def is_holiday(region: str, day: date) -> bool:
    """Is this a public holiday in the Australian state or territory?"""
    return day in _holidays(region, day.year)
