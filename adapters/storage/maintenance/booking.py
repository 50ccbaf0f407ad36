"""Booking: subscriptions that are due become rows of the outbox, each (subscription, week, resend)
once.

When a rule is due is scheduler.recurrence's business. A booked row has no words: they are chosen
when its slot comes. Most rules that fall due together are alike, so what is owed is worked out once
for all of them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from tzdata import IANA_VERSION

from adapters.storage.maintenance.reachability import IS_REACHABLE, OWN_PACE, TOKEN
from adapters.storage.outbox.send_rate_limit import SendLimits
from adapters.storage.people import people as people_rows
from adapters.storage.sql import codec
from adapters.storage.sql.batch import over_rows, rows
from adapters.storage.sql.codec import Rule, microseconds
from adapters.storage.sql.tables import (
    BOOKED,
    NUDGE,
    OCCURRENCE,
    READY,
    Instant,
    outbox,
    people,
    send_pace,
    subscriptions,
)
from adapters.storage.sql.transaction import UnitOfWork
from bot.core.ports import Booking
from bot.core.state import Profile
from scheduler import booking, recurrence
from scheduler.booking import Booked

_RULE = tuple(subscriptions.c[name] for name in Rule._fields)
_CAREFUL = sa.or_(people.c.state.like('%"quiet"%'), people.c.state.like('%"skip_holidays"%'))
"""Has quiet hours or free holidays. Most people have neither: their text is not read."""
_STATE = sa.case((_CAREFUL, people.c.state), else_="").label("state")
_DUE = (
    select(
        *_RULE,
        subscriptions.c.person_id,
        subscriptions.c.id,
        _STATE,
        TOKEN.label("token"),
        people.c.nudge_chat.label("chat"),
        IS_REACHABLE.label("reachable"),
    )
    .select_from(
        subscriptions.join(people, people.c.id == subscriptions.c.person_id).outerjoin(
            send_pace, OWN_PACE
        )
    )
    .where(subscriptions.c.next_due_at <= bindparam("now", type_=Instant))
    .order_by(subscriptions.c.next_due_at)
    .limit(bindparam("count"))
    .with_for_update(of=subscriptions, skip_locked=True)
)
_NEXT = (
    select(subscriptions.c.next_due_at)
    .where(subscriptions.c.next_due_at.is_not(None))
    .order_by(subscriptions.c.next_due_at)
    .limit(1)
)
_now = bindparam("now", type_=Instant)
_BOOK = over_rows(
    lambda insert, one: (
        insert(outbox)
        .from_select(
            [*one.c.keys(), "created_at", "lane", "state"],
            select(*one.c, _now, NUDGE, READY).where(
                sa.true()
            ),  # without WHERE, SQLite takes ON for a join's
        )
        .on_conflict_do_nothing(index_elements=list(OCCURRENCE), index_where=BOOKED)
    ),
    person_id=sa.BigInteger,
    token=sa.Text,
    chat=sa.Text,
    subscription_id=sa.Text,
    week=sa.Text,
    resend=sa.Integer,
    due_at=sa.BigInteger,
    not_before=sa.BigInteger,
)


def _moving(**more: Any) -> Any:
    """Each subscription's next instant. A snooze that is over is forgotten."""
    snoozed = sa.case((subscriptions.c.snoozed_until > _now, subscriptions.c.snoozed_until))
    return over_rows(
        lambda _, one: (
            sa.update(subscriptions)
            .where(subscriptions.c.person_id == one.c.person_id, subscriptions.c.id == one.c.id)
            .values(
                next_due_at=sa.type_coerce(one.c.next_due_at, Instant),
                snoozed_until=snoozed,
                **more,
            )
        ),
        person_id=sa.BigInteger,
        id=sa.Text,
        next_due_at=sa.BigInteger,
    )


_MOVE = _moving()
_MOVE_WITH_ZONES = _moving(tz_version=IANA_VERSION)


def book(work: UnitOfWork, pacing: SendLimits, limit: int) -> Booking:
    """One batch. Batches in which nothing was to send are passed over at once."""
    booked = 0
    while True:
        next_due_at = work.run(_NEXT).scalar()
        if booked or next_due_at is None or next_due_at > work.now:
            return Booking(booked=booked, next_due_at=next_due_at)
        due = work.run(_DUE, {"now": work.now, "count": limit}).all()
        if not due:  # another replica has them
            return Booking(booked=0, next_due_at=next_due_at)
        booked = _batch(work, pacing, due)
        if (
            booked and len(due) == limit
        ):  # there may be more: who looks now would walk over all that this batch has moved
            return Booking(booked=booked, next_due_at=due[-1].next_due_at)


def _batch(work: UnitOfWork, pacing: SendLimits, due: Sequence[Any]) -> int:
    owing = [(one, _owed(Rule(*one[: len(_RULE)]), one.state, work.now)) for one in due]
    work.run(
        _MOVE, rows([_move_of(one, owed.next_due_at) for one, owed in owing]) | {"now": work.now}
    )
    going = [(one, owed) for one, owed in owing if owed.week and one.reachable]
    herds = _herds(pacing, Counter((one.token, owed.due_at) for one, owed in going))
    booked = [_row(one, owed, spread=(one.token, owed.due_at) in herds) for one, owed in going]
    if not booked:
        return 0
    return work.run(_BOOK, rows(booked) | {"now": work.now}).rowcount


def _herds(
    pacing: SendLimits, together: Mapping[tuple[str, datetime], int]
) -> set[tuple[str, datetime]]:
    """The tokens and instants at which more are due than go out in a few seconds.

    A token without a pace takes any number.
    """
    return {
        (token, at)
        for (token, at), count in together.items()
        if (rates := pacing.of(token)) and count > rates.herd
    }


@lru_cache(maxsize=1024)
def _owed(rule: Rule, state: str, now: datetime) -> Booked:
    return booking.booking(codec.rule_from(rule), now, _profile(state))


def _move_of(one: Any, due: datetime | None) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "id": one.id,
        "next_due_at": None if due is None else microseconds(due),
    }


def _row(one: Any, owed: Booked, *, spread: bool) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "token": one.token,
        "chat": one.chat,
        "subscription_id": one.id,
        "week": owed.week,
        "resend": owed.resend,
        "due_at": microseconds(owed.due_at),
        "not_before": microseconds(
            booking.slot(owed, f"{one.person_id}/{one.id}") if spread else owed.due_at
        ),
    }


def _profile(state: str) -> Profile | None:
    if not state:
        return None
    return codec.profile_from(state)


FIRST = (0, "")
"""Before every subscription, in the order of person and id."""
PAGE = 500

_WAITING = (
    select(*_RULE, subscriptions.c.person_id, subscriptions.c.id, _STATE)
    .join(people, people.c.id == subscriptions.c.person_id)
    .where(
        sa.tuple_(subscriptions.c.person_id, subscriptions.c.id)
        > sa.tuple_(bindparam("after_person", type_=sa.BigInteger), bindparam("after_id")),
        subscriptions.c.active,
    )
    .order_by(subscriptions.c.person_id, subscriptions.c.id)
    .limit(PAGE)
    .with_for_update(of=subscriptions)
)
_MOVE_BACK = over_rows(
    lambda _, one: (
        sa.update(subscriptions)
        .where(subscriptions.c.person_id == one.c.person_id, subscriptions.c.id == one.c.id)
        .values(next_due_at=sa.type_coerce(one.c.next_due_at, Instant), sent_week=one.c.sent_week)
    ),
    person_id=sa.BigInteger,
    id=sa.Text,
    next_due_at=sa.BigInteger,
    sent_week=sa.Text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescheduled:
    """How many of a page are due earlier than was thought, and its last one;
    None where no other page follows.
    """

    moved: int
    last: tuple[int, str] | None


def reschedule(work: UnitOfWork, after: tuple[int, str]) -> Rescheduled:
    """A page of subscriptions, due when they are due by the present time, where a later time had
    moved them on. A week that is still to come was not sent in truth; its key stays spent, so no
    week has two.
    """
    person, name = after
    page = work.run(_WAITING, {"after_person": person, "after_id": name}).all()
    earlier = [moved for one in page if (moved := _earlier(one, work.now))]
    if earlier:
        work.run(_MOVE_BACK, rows(earlier))
    last = None
    if len(page) == PAGE:
        last = (page[-1].person_id, page[-1].id)
    return Rescheduled(moved=len(earlier), last=last)


def _earlier(one: Any, now: datetime) -> dict[str, Any] | None:
    rule = codec.rule_from(Rule(*one[: len(_RULE)]))
    week = min(rule.sent_week, recurrence.period_of(rule, now))
    profile = _profile(one.state)
    if profile:
        free = people_rows.holidays_of(profile)
    else:
        free = ""
    due = recurrence.coming(replace(rule, sent_week=week), now, holidays_of=free)
    if due is None or (rule.next_due_at is not None and due >= rule.next_due_at):
        return None
    return {
        "person_id": one.person_id,
        "id": one.id,
        "next_due_at": microseconds(due),
        "sent_week": week,
    }


_STALE = (
    select(*_RULE, subscriptions.c.person_id, subscriptions.c.id, _STATE)
    .join(people, people.c.id == subscriptions.c.person_id)
    .where(subscriptions.c.tz_version < IANA_VERSION)
    .limit(bindparam("count"))
    .with_for_update(of=subscriptions, skip_locked=True)
)


def refresh_zones(work: UnitOfWork, limit: int) -> int:
    """Compute `next_due_at` anew where an older time-zone database computed it.

    What is due already stays due.
    """
    stale = work.run(_STALE, {"count": limit}).all()
    if stale:
        moves = [
            _move_of(one, _anew(Rule(*one[: len(_RULE)]), one.state, work.now)) for one in stale
        ]
        work.run(_MOVE_WITH_ZONES, rows(moves) | {"now": work.now})
    return len(stale)


@lru_cache(maxsize=1024)
def _anew(rule: Rule, state: str, now: datetime) -> datetime | None:
    if rule.next_due_at is None or rule.next_due_at <= now:
        return rule.next_due_at
    profile = _profile(state)
    return recurrence.coming(
        codec.rule_from(rule), now, holidays_of=people_rows.holidays_of(profile) if profile else ""
    )
