"""One-off reminders that are due become rows of the outbox; the reminder itself stays in its
person's list until it goes out.

The list is the truth and a row only its vehicle: it is taken off the list in the transaction that
commits the intent to send. So what was closed unsent is booked again, and what went out never is.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select

from adapters.storage.maintenance.reachability import IS_REACHABLE, OWN_PACE, TOKEN
from adapters.storage.sql import codec
from adapters.storage.sql.batch import over_rows, rows
from adapters.storage.sql.codec import microseconds
from adapters.storage.sql.tables import (
    BOOKED,
    NUDGE,
    OCCURRENCE,
    READY,
    Instant,
    outbox,
    people,
    send_pace,
)
from adapters.storage.sql.transaction import UnitOfWork
from bot.core.ports import Booking
from bot.core.state import Reminder
from scheduler.booking import reminder_slot

LOOK_AGAIN: Final = timedelta(hours=1)
"""What is due and still on the list is looked at again after so long: its row was closed,
or nobody could be written to.
"""

_DUE = (
    select(
        people.c.id,
        people.c.state,
        people.c.reminder_at,
        TOKEN.label("token"),
        people.c.nudge_chat.label("chat"),
        IS_REACHABLE.label("reachable"),
    )
    .select_from(people.outerjoin(send_pace, OWN_PACE))
    .where(people.c.reminder_at <= bindparam("now", type_=Instant))
    .order_by(people.c.reminder_at)
    .limit(bindparam("count"))
    .with_for_update(of=people, skip_locked=True)
)
_NEXT = (
    select(people.c.reminder_at)
    .where(people.c.reminder_at.is_not(None))
    .order_by(people.c.reminder_at)
    .limit(1)
)
_LOOK = over_rows(
    lambda _, one: (
        sa.update(people)
        .where(people.c.id == one.c.id)
        .values(reminder_at=sa.type_coerce(one.c.at, Instant))
    ),
    id=sa.BigInteger,
    at=sa.BigInteger,
)
_before = outbox.alias("before")


def _same(one: sa.FromClause) -> sa.ColumnElement[bool]:
    return sa.and_(
        _before.c.person_id == one.c.person_id, _before.c.subscription_id == one.c.subscription_id
    )


_now = bindparam("now", type_=Instant)
_BOOK = over_rows(
    lambda insert, one: (
        insert(outbox)
        .from_select(
            [*one.c.keys(), "resend", "created_at", "lane", "state"],
            select(
                *one.c,
                select(func.coalesce(func.max(_before.c.resend) + 1, 0))
                .where(_same(one))
                .scalar_subquery(),
                _now,
                NUDGE,
                READY,
            ).where(
                ~sa.exists().where(_same(one), _before.c.state.in_(["ready", "sending"])),
            ),
        )
        .on_conflict_do_nothing(index_elements=list(OCCURRENCE), index_where=BOOKED)
    ),
    person_id=sa.BigInteger,
    token=sa.Text,
    chat=sa.Text,
    subscription_id=sa.Text,
    week=sa.Text,
    due_at=sa.BigInteger,
    not_before=sa.BigInteger,
)


_LOOK_NOW = sa.update(people).where(people.c.reminder_at > _now).values(reminder_at=_now)


def look_anew(work: UnitOfWork) -> None:
    """The time went back: when to look next was reckoned from a later one,
    so everybody's reminders are looked at.
    """
    work.run(_LOOK_NOW, {"now": work.now})


def book(work: UnitOfWork, limit: int) -> Booking:
    """One batch of people who have something due."""
    next_at = work.run(_NEXT).scalar()
    if next_at is None or next_at > work.now:
        return Booking(booked=0, next_due_at=next_at)
    due = work.run(_DUE, {"now": work.now, "count": limit}).all()
    owing = [(row, codec.reminders_from(row.state)) for row in due]
    made = [one for row, kept in owing if row.reachable for one in _rows_of(row, kept, work.now)]
    if due:
        work.run(_LOOK, rows([_look_of(row.id, kept, work.now) for row, kept in owing]))
    if made:
        booked = work.run(_BOOK, rows(made) | {"now": work.now}).rowcount
    else:
        booked = 0
    more = len(due) == limit
    return Booking(booked=booked, next_due_at=work.now if more else work.run(_NEXT).scalar())


def _rows_of(row: Any, kept: Sequence[Reminder], now: datetime) -> Iterator[dict[str, Any]]:
    for one in kept:
        if one.due_at <= now:
            yield {
                "person_id": row.id,
                "token": row.token,
                "chat": row.chat,
                "subscription_id": one.id,
                "week": one.due_at.isoformat(),
                "due_at": microseconds(one.due_at),
                "not_before": microseconds(reminder_slot(one, now, codec.profile_from(row.state))),
            }


def _look_of(person: int, kept: Sequence[Reminder], now: datetime) -> dict[str, Any]:
    """When to look at this person next; None where nothing is left to come."""
    instants = [one.due_at if one.due_at > now else now + LOOK_AGAIN for one in kept]
    return {"id": person, "at": microseconds(min(instants)) if instants else None}
