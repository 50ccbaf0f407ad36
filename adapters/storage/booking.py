"""Booking: subscriptions that are due become rows of the outbox, each (subscription, week, resend) once.

When a rule is due is bot.recurrence's business. A booked row has no words: they are chosen when its slot comes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql
from tzdata import IANA_VERSION

from adapters.storage import codec
from adapters.storage import people as people_rows
from adapters.storage.tables import BOOKED, OCCURRENCE, Instant, outbox, people, send_pace, subscriptions
from adapters.storage.work import Work, upserting
from bot import recurrence
from bot.ports import Booking
from bot.state import Profile

_DUE = (
    select(
        subscriptions,
        people.c.state,
        people.c.unreachable,
        people.c.nudge_platform,
        people.c.nudge_workspace,
        people.c.nudge_chat,
        send_pace.c.dead_reason,
    )
    .select_from(
        subscriptions.join(people, people.c.id == subscriptions.c.person_id).outerjoin(
            send_pace,
            sa.and_(send_pace.c.token == people.c.nudge_platform + ":" + people.c.nudge_workspace, send_pace.c.chat == ""),
        )
    )
    .where(subscriptions.c.next_due_at <= bindparam("now", type_=Instant))
    .order_by(subscriptions.c.next_due_at)
    .limit(bindparam("count"))
    .with_for_update(of=subscriptions, skip_locked=True)
)
_NEXT = select(subscriptions.c.next_due_at).where(subscriptions.c.next_due_at.is_not(None)).order_by(subscriptions.c.next_due_at).limit(1)
_BOOK = upserting(
    lambda insert: insert(outbox).on_conflict_do_nothing(index_elements=list(OCCURRENCE), index_where=BOOKED).returning(outbox.c.id)
)
"""RETURNING makes SQLAlchemy send many rows in one statement: PostgreSQL answers once for all of them."""
_moved = (
    func.unnest(
        bindparam("persons", type_=postgresql.ARRAY(sa.BigInteger)),
        bindparam("ids", type_=postgresql.ARRAY(sa.Text)),
        bindparam("dues", type_=postgresql.ARRAY(sa.BigInteger)),
    )
    .table_valued(sa.column("person", sa.BigInteger), sa.column("id", sa.Text), sa.column("due", sa.BigInteger), name="moved")
    .render_derived()
)
_SETTLED = {
    "tz_version": IANA_VERSION,
    "snoozed_until": sa.case((subscriptions.c.snoozed_until > bindparam("now", type_=Instant), subscriptions.c.snoozed_until)),
}
"""A snooze that is over is forgotten."""
_MOVE = {
    "sqlite": sa.update(subscriptions)
    .where(subscriptions.c.person_id == bindparam("of_person"), subscriptions.c.id == bindparam("of_id"))
    .values(next_due_at=bindparam("due"), **_SETTLED),
    "postgresql": sa.update(subscriptions)
    .where(subscriptions.c.person_id == _moved.c.person, subscriptions.c.id == _moved.c.id)
    .values(next_due_at=sa.type_coerce(_moved.c.due, Instant), **_SETTLED),
}


def book(work: Work, limit: int) -> Booking:
    """One batch. Batches in which nothing was to send are passed over at once."""
    booked = 0
    while True:
        next_due_at = work.run(_NEXT).scalar()
        if booked or next_due_at is None or next_due_at > work.now:
            return Booking(booked=booked, next_due_at=next_due_at)
        due = work.run(_DUE, {"now": work.now, "count": limit}).all()
        if not due:  # another replica has them
            return Booking(booked=0, next_due_at=next_due_at)
        booked = _batch(work, due)


def _batch(work: Work, due: Sequence[Any]) -> int:
    rows: list[dict[str, Any]] = []
    moves: list[tuple[int, str, datetime | None]] = []
    for one in due:
        owed = recurrence.booking(codec.rule_from(one), work.now, _profile(one.state))
        moves.append((one.person_id, one.id, owed.next_due_at))
        if owed.week and one.nudge_chat is not None and not one.unreachable and not one.dead_reason:
            rows.append(_row(work, one, owed))
    _move(work, moves)
    return len(work.run(_BOOK, rows).all()) if rows else 0


def _move(work: Work, moves: Sequence[tuple[int, str, datetime | None]]) -> None:
    """Give each subscription (person, id) its next instant."""
    if work.postgres:
        persons, ids, dues = (list(column) for column in zip(*moves, strict=True))
        numbers = [None if due is None else codec.microseconds(due) for due in dues]
        work.run(_MOVE, {"persons": persons, "ids": ids, "dues": numbers, "now": work.now})
    else:
        work.run(_MOVE, [{"of_person": person, "of_id": id_, "due": due, "now": work.now} for person, id_, due in moves])


def _row(work: Work, one: Any, owed: recurrence.Booked) -> dict[str, Any]:
    return {
        "token": f"{one.nudge_platform}:{one.nudge_workspace}",
        "chat": one.nudge_chat,
        "person_id": one.person_id,
        "lane": "nudge",
        "state": "ready",
        "not_before": owed.due_at,
        "created_at": work.now,
        "subscription_id": one.id,
        "week": owed.week,
        "resend": owed.resend,
        "due_at": owed.due_at,
    }


def _profile(person: str) -> Profile | None:
    """Most people have neither quiet hours nor holidays: their text is not read."""
    return codec.profile_from(person) if '"quiet"' in person or '"skip_holidays"' in person else None


_STALE = (
    select(subscriptions, people.c.state)
    .join(people, people.c.id == subscriptions.c.person_id)
    .where(subscriptions.c.tz_version < IANA_VERSION)
    .limit(bindparam("count"))
    .with_for_update(of=subscriptions, skip_locked=True)
)


def refresh_zones(work: Work, limit: int) -> int:
    """Compute `next_due_at` anew where an older time-zone database computed it. What is due already stays due."""
    stale = work.run(_STALE, {"count": limit}).all()
    if stale:
        _move(work, [(one.person_id, one.id, _anew(one, work.now)) for one in stale])
    return len(stale)


def _anew(one: Any, now: datetime) -> datetime | None:
    due: datetime | None = one.next_due_at
    if due is None or due <= now:
        return due
    profile = _profile(one.state)
    return recurrence.coming(codec.rule_from(one), now, holidays_of=people_rows.holidays_of(profile) if profile else "")
