"""When a nudge is due: from a local rule (Mondays 09:00 in Sydney, the first Monday of a month) to
instants, and the week or month that an instant counts for.

What is due is booked by scheduler.booking; clocks and zones are scheduler.civil_time's. Pure.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.core.state import Profile, Subscription
from scheduler.civil_time import (
    civil,
    is_holiday,
    is_month,
    monday_of,
    month_name,
    month_of,
    next_month,
    nth_weekday,
    occurrence,
    week_name,
    zone,
)

REPLACES: Final = timedelta(hours=24)
"""A snooze that ends this close to the next occurrence, or after it, takes its place."""
FOREVER: Final = date(9000, 1, 1)
"""A pause without an end."""
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)
_WEEKS_BETWEEN: Final = {"weekly": 1, "fortnightly": 2, "monthly": 4}


def next_due(
    subscription: Subscription, after: datetime, *, holidays_of: str = ""
) -> datetime | None:
    """The first regular occurrence later than `after`; None for a stopped or silent rule.

    Weeks that were sent already, weeks that a slower pace leaves out, days of a pause and, with
    `holidays_of` (a state: NSW, VIC …), public holidays are passed over. Snoozes are
    scheduler.booking's business.
    """
    if (
        not subscription.active
        or subscription.pace == "silent"
        or (subscription.paused_until or date.min) >= FOREVER
    ):
        return None
    place = zone(subscription.zone)
    # One day back: an occurrence moved out of a gap may stand on the next local date.
    day = after.astimezone(place).date() - _DAY
    earliest = _first_free_day(subscription)
    if earliest and earliest > day:
        day = earliest
    for candidate in _days_from(subscription, day):
        if subscription.ends_on and candidate > subscription.ends_on:
            return None
        instant = datetime.combine(candidate, subscription.local_time, place).astimezone(UTC)
        is_free = not (holidays_of and is_holiday(holidays_of, candidate))
        if instant > after and is_free and not is_rest_day(subscription, candidate):
            return instant
    return None


def _days_from(subscription: Subscription, day: date) -> Iterator[date]:
    """The rule's days from `day` on, without end."""
    if not subscription.nth:
        day += timedelta(days=(subscription.weekday - day.weekday()) % 7)
        while True:
            yield day
            day += _WEEK
    month = day.replace(day=1)
    while True:
        found = nth_weekday(month, subscription.weekday, subscription.nth)
        if found >= day:
            yield found
        month = next_month(month)


def _first_free_day(subscription: Subscription) -> date | None:
    """The first local date on which this rule may fire again, from where it starts,
    what was sent and what is paused.
    """
    free = _after_sent(subscription)
    until = None
    if not subscription.paused_from:
        until = subscription.paused_until
    days = (subscription.starts_on, until, free)
    return max((one for one in days if one), default=None)


def _after_sent(subscription: Subscription) -> date | None:
    sent = subscription.sent_week
    if not sent:
        return None
    if is_month(sent):
        return next_month(month_of(sent))
    return monday_of(sent) + _WEEKS_BETWEEN[subscription.pace] * _WEEK


def period_of(subscription: Subscription, instant: datetime) -> str:
    """What an occurrence counts for: the ISO week of its local date, the month of a monthly rule.

    Of one rule they compare as text.
    """
    day = instant.astimezone(zone(subscription.zone)).date()
    if subscription.nth:
        return month_name(day)
    return week_name(day)


def last_sent_day(subscription: Subscription) -> date | None:
    """The rule's own day in the period that was sent last."""
    sent = subscription.sent_week
    if not sent:
        return None
    if is_month(sent):
        return nth_weekday(month_of(sent), subscription.weekday, subscription.nth or 1)
    return monday_of(sent) + timedelta(days=subscription.weekday)


def rekey(before: Subscription, after: Subscription) -> Subscription:
    """A rule that went by weeks goes by months, or back:
    what was sent counts for the other kind of period.
    """
    if bool(before.nth) == bool(after.nth) or not before.sent_week:
        return after
    day = last_sent_day(before)
    if day is None:
        return after
    if after.nth:
        sent = month_name(day)
    else:
        sent = week_name(day)
    return replace(after, sent_week=sent, snoozed_until=None, resend=0)


def coming(subscription: Subscription, now: datetime, *, holidays_of: str = "") -> datetime | None:
    """When this subscription next falls due, a snooze included."""
    if (
        subscription.active
        and subscription.snoozed_until
        and not is_paused_at(subscription, subscription.snoozed_until)
    ):
        return subscription.snoozed_until
    return next_due(subscription, now, holidays_of=holidays_of)


def upcoming(
    subscription: Subscription, now: datetime, count: int, *, holidays_of: str = ""
) -> tuple[datetime, ...]:
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


def counts_for(subscription: Subscription, due: datetime) -> str:
    """The week of an occurrence.

    A snoozed nudge that comes again keeps its week; one that takes the next one's place, takes its
    week. A snooze that a pause has covered decides nothing.
    """
    if subscription.snoozed_until != due:
        return period_of(subscription, due)
    if subscription.resend:
        return subscription.sent_week
    latest = latest_by(subscription, due + REPLACES)
    if latest:
        replaced = period_of(subscription, latest)
    else:
        replaced = ""
    if replaced > subscription.sent_week:
        return replaced
    return period_of(subscription, due)


def latest_by(subscription: Subscription, until: datetime) -> datetime | None:
    """The rule's last wall-clock occurrence up to an instant; None where it had not begun."""
    day = until.astimezone(zone(subscription.zone)).date()
    ends = subscription.ends_on
    for candidate in _days_back(subscription, min(day, ends) if ends else day):
        if subscription.starts_on and candidate < subscription.starts_on:
            return None
        instant = occurrence(candidate, subscription.local_time, subscription.zone)
        if instant <= until:
            return instant
    return None


def _days_back(subscription: Subscription, day: date) -> Iterator[date]:
    """The rule's days up to `day`, the latest first."""
    if not subscription.nth:
        day -= timedelta(days=(day.weekday() - subscription.weekday) % 7)
        while True:
            yield day
            day -= _WEEK
    month = day.replace(day=1)
    while True:
        found = nth_weekday(month, subscription.weekday, subscription.nth)
        if found <= day:
            yield found
        month = (month - _DAY).replace(day=1)


def is_paused_at(subscription: Subscription, at: datetime) -> bool:
    """Whether the rule rests at an instant, by its own clock."""
    return is_rest_day(subscription, at.astimezone(zone(subscription.zone)).date())


def is_rest_day(subscription: Subscription, day: date) -> bool:
    """Whether a local day lies in the rule's pause."""
    until = subscription.paused_until
    return until is not None and (subscription.paused_from or date.min) <= day < until


def snooze(
    subscription: Subscription,
    until: datetime,
    now: datetime,
    *,
    moving: datetime | None = None,
    holidays_of: str = "",
) -> Subscription:
    """Bring one occurrence to `until`: the one sent last, or `moving`, the coming one, which then
    counts as spent in its week. Near the next regular one, or past it, it takes that one's place.
    """
    if moving:
        week = counts_for(subscription, moving)
        if week == subscription.sent_week:
            resend = subscription.resend
        else:
            resend = 0
        subscription = replace(
            subscription, sent_week=max(week, subscription.sent_week), resend=resend
        )
    regular = next_due(replace(subscription, snoozed_until=None), now, holidays_of=holidays_of)
    again = bool(subscription.sent_week) and (regular is None or until < regular - REPLACES)
    return replace(
        subscription,
        snoozed_until=until,
        resend=subscription.resend + 1 if again else 0,
        next_due_at=until,
    )


def move(
    subscription: Subscription, zone_name: str, now: datetime, profile: Profile | None = None
) -> Subscription:
    """The same wall-clock rule in another zone.

    A slot that is already past there, unsent and less than a day old, goes out now.
    """
    profile = profile or Profile()
    elsewhere = replace(subscription, zone=zone_name)
    due = coming(elsewhere, now, holidays_of=profile.region if profile.skip_holidays else "")
    waiting = subscription.next_due_at
    past = next_due(elsewhere, now - _DAY)
    if (
        waiting
        and waiting > now
        and past
        and past <= now
        and period_of(elsewhere, past) == period_of(subscription, waiting)
    ):
        due = civil(now, zone_name, profile.quiet)
    return replace(elsewhere, next_due_at=due)
