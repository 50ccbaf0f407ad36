"""Booking: subscriptions that are due become rows of the outbox, each (subscription, week, resend) once.

When a rule is due is bot.recurrence's business. A booked row has no words: they are chosen when its slot comes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from tzdata import IANA_VERSION

from adapters.storage import codec
from adapters.storage import people as people_rows
from adapters.storage.tables import BOOKED, NUDGE, OCCURRENCE, READY, Instant, outbox, people, send_pace, subscriptions
from adapters.storage.work import Work
from bot import recurrence
from bot.ports import Booking
from bot.state import REACHABLE, Profile

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


def _rows(name: str, **columns: type[sa.types.TypeEngine[Any]]) -> sa.TableValuedAlias:
    """PostgreSQL: a batch as one array a column, so that one statement carries it. (A statement with thousands of parameters
    costs the driver more than the database.)
    """
    arrays = (bindparam(f"all_{column}", type_=postgresql.ARRAY(kind)) for column, kind in columns.items())
    shape = (sa.column(column, kind) for column, kind in columns.items())
    return func.unnest(*arrays).table_valued(*shape, name=name).render_derived()


_booked = _rows(
    "booked",
    person_id=sa.BigInteger,
    token=sa.Text,
    chat=sa.Text,
    subscription_id=sa.Text,
    week=sa.Text,
    resend=sa.Integer,
    due_at=sa.BigInteger,
)
_once: dict[str, Any] = {"index_elements": list(OCCURRENCE), "index_where": BOOKED}
_BOOK = {
    "sqlite": sqlite.insert(outbox).values(lane="nudge", state="ready").on_conflict_do_nothing(**_once),
    "postgresql": postgresql.insert(outbox)
    .from_select(
        ["person_id", "token", "chat", "subscription_id", "week", "resend", "due_at", "not_before", "created_at", "lane", "state"],
        select(*_booked.c, _booked.c.due_at, bindparam("now", type_=Instant), NUDGE, READY),
    )
    .on_conflict_do_nothing(**_once),
}
_moved = _rows("moved", person=sa.BigInteger, id=sa.Text, due=sa.BigInteger)
_SETTLED = {
    "tz_version": IANA_VERSION,
    "snoozed_until": sa.case((subscriptions.c.snoozed_until > bindparam("now", type_=Instant), subscriptions.c.snoozed_until)),
}
"""A snooze that is over is forgotten."""
_MOVE = {
    "sqlite": sa.update(subscriptions)
    .where(subscriptions.c.person_id == bindparam("of_person"), subscriptions.c.id == bindparam("of_id"))
    .values(next_due_at=bindparam("to_due"), **_SETTLED),
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
    booked: list[dict[str, Any]] = []
    moves: list[dict[str, Any]] = []
    for one in due:
        owed = recurrence.booking(codec.rule_from(one), work.now, _profile(one.state))
        moves.append(_move_of(one, owed.next_due_at))
        if owed.week and one.nudge_chat is not None and one.unreachable in REACHABLE and not one.dead_reason:
            booked.append(_row(one, owed))
    _move(work, moves)
    if not booked:
        return 0
    if work.postgres:
        return work.run(_BOOK, _arrays(booked) | {"now": work.now}).rowcount
    return work.run(_BOOK, [{**row, "not_before": row["due_at"], "created_at": work.now} for row in booked]).rowcount


def _move(work: Work, moves: Sequence[Mapping[str, Any]]) -> None:
    """Give each subscription its next instant."""
    if work.postgres:
        work.run(_MOVE, _arrays(moves) | {"now": work.now})
    else:
        work.run(_MOVE, [{"of_person": move["person"], "of_id": move["id"], "to_due": move["due"], "now": work.now} for move in moves])


def _arrays(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """One list a column, instants as the numbers they are stored as."""
    return {f"all_{name}": [_stored(row[name]) for row in rows] for name in rows[0]}


def _stored(value: Any) -> Any:
    return codec.microseconds(value) if isinstance(value, datetime) else value


def _move_of(one: Any, due: datetime | None) -> dict[str, Any]:
    return {"person": one.person_id, "id": one.id, "due": due}


def _row(one: Any, owed: recurrence.Booked) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "token": f"{one.nudge_platform}:{one.nudge_workspace}",
        "chat": one.nudge_chat,
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
        _move(work, [_move_of(one, _anew(one, work.now)) for one in stale])
    return len(stale)


def _anew(one: Any, now: datetime) -> datetime | None:
    due: datetime | None = one.next_due_at
    if due is None or due <= now:
        return due
    profile = _profile(one.state)
    return recurrence.coming(codec.rule_from(one), now, holidays_of=people_rows.holidays_of(profile) if profile else "")
