"""What falls due is booked once: under which key, from when on,
and when the next one is looked for. Pure.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from bot.core.state import Profile, Reminder, Subscription
from scheduler.civil_time import civil
from scheduler.recurrence import coming, counts_for, is_paused_at, latest_by, next_due

PROMISE: Final = timedelta(minutes=10)
"""A nudge comes between its time and this much later."""

SPREAD: Final = timedelta(minutes=9)
"""What of that a herd is spread over. The rest is for what the platform's pace holds back."""

LATE: Final = timedelta(hours=1)
"""Booked later than this, a nudge is a catch-up."""

CATCH_UP_GAP: Final = timedelta(hours=48)
"""No catch-up this close before the next occurrence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What falls due: its idempotency key (`week`, `resend`) and when it may go out.

    `week` is empty if nothing goes out (a catch-up too near the next one, a rule that has ended).
    `next_due_at` is the subscription's next instant, None for none. `spread`: how much later it may
    go out if many are due with it.
    """

    week: str = ""
    resend: int = 0
    due_at: datetime
    next_due_at: datetime | None
    spread: timedelta = timedelta()


def booking(subscription: Subscription, now: datetime, profile: Profile | None = None) -> Booked:
    """What a subscription whose `next_due_at` has come is owed, and when it is due again.

    Total: any row gets an answer.

    After downtime the newest missed occurrence goes out once, at a civil hour, and not within 48
    hours of the next.
    """
    profile = profile or Profile()
    if profile.skip_holidays:
        free_days = profile.region
    else:
        free_days = ""
    due = subscription.next_due_at
    if due is None or due > now or not subscription.active or is_paused_at(subscription, now):
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
            return Booked(
                due_at=due, next_due_at=next_due(subscription, now, holidays_of=free_days)
            )
    if subscription.snoozed_until:  # whoever put it off to an hour was promised that hour
        return Booked(week=week, resend=subscription.resend, due_at=goes_at, next_due_at=following)
    quiet = (
        profile.quiet
        and civil(goes_at + SPREAD, subscription.zone, profile.quiet) > goes_at + SPREAD
    )
    return Booked(
        week=week, due_at=goes_at, next_due_at=following, spread=timedelta() if quiet else SPREAD
    )


def slot(booked: Booked, whose: str) -> datetime:
    """When a nudge goes out that many others are due with: always equally long after its time for
    one subscription, evenly spread over all of them.
    """
    share = int.from_bytes(blake2b(whose.encode(), digest_size=4).digest()) / 2**32
    return booked.due_at + booked.spread * share


def reminder_slot(reminder: Reminder, now: datetime, profile: Profile) -> datetime:
    """When a one-off reminder that is due goes out: at its time, which the person chose; one that
    is late, at a civil hour.
    """
    if now - reminder.due_at <= LATE or not (reminder.zone or profile.zone):
        return reminder.due_at
    return civil(now, reminder.zone or profile.zone, profile.quiet)


def _newest(subscription: Subscription, due: datetime, now: datetime) -> datetime:
    """The last regular occurrence from `due` to `now`."""
    latest = latest_by(subscription, now)
    if latest:
        return max(due, latest)
    return due
