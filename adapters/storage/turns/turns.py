"""A turn, from the event's key to the messages it appended; and what happens to an event whose turn
failed twice.

The key is remembered in the same transaction as everything it caused, so a redelivered event has
its effect once.
"""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql

from adapters.storage.outbox import edits, replies
from adapters.storage.outbox import outbox as rows
from adapters.storage.outbox.send_rate_limit import SendLimits
from adapters.storage.outbox.workspaces import resume
from adapters.storage.people import people
from adapters.storage.sql.tables import dead_letters, seen_events, send_pace
from adapters.storage.sql.transaction import UnitOfWork, upserting
from adapters.storage.turns import pending_effects
from adapters.storage.turns.effects import carry_out
from bot.core.bot_token import BotToken
from bot.core.events import Event, Left
from bot.core.ports import Decider, Outcome
from bot.core.state import State

_SEEN = upserting(
    lambda insert: (
        insert(seen_events)
        .values(key=bindparam("seen"), at=bindparam("seen_at"))
        .on_conflict_do_nothing()
    )
)
_remembered = (
    postgresql.insert(seen_events)
    .values(key=bindparam("seen"), at=bindparam("seen_at"))
    .on_conflict_do_nothing()
    .returning(seen_events.c.key)
    .cte("remembered")
)
_locked = people.LOCK_BY_ACCOUNT.cte("locked")
_SEEN_AND_LOCKED = select(
    select(func.count()).select_from(_remembered).scalar_subquery().label("first_time"),
    select(_locked.c.id).scalar_subquery().label("person"),
)
"""PostgreSQL: remember the key and lock the person in one round trip.

What the lock waited for is read by the next statement.
"""
_DEAD_LETTER = upserting(lambda insert: insert(dead_letters).on_conflict_do_nothing())
_IS_DEAD = select(send_pace.c.token).where(
    send_pace.c.token == bindparam("token"),
    send_pace.c.chat == "",
    send_pace.c.dead_reason.is_not(None),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """What is kept of an event that was set aside: the error's class,
    and the number its sender was given.
    """

    error: str
    reference: str


def turn(
    work: UnitOfWork, pacing: SendLimits, event: Event, decider: Decider, room: int
) -> Outcome:
    """See bot.core.ports.Store.turn."""
    if pending_effects.is_answer_too_late(work, event):
        return Outcome(duplicate=True)
    before = _open(work, event)
    if before is None:
        return Outcome(duplicate=True)
    if not isinstance(event.body, Left):
        _note_heard(work, BotToken.of(event.chat).key)
    before, event = replies.find_turn(
        work, before, edits.find_target(work, event, before.person.id)
    )
    carried = carry_out(work, before, event, decider)
    appended = rows.append(work, pacing, carried.messages, carried.person, room, turn=event.turn)
    return Outcome(
        turn=carried.turn,
        claimed=appended.claimed,
        waiting=appended.waiting,
        effects=carried.effects,
    )


def set_aside(
    work: UnitOfWork,
    pacing: SendLimits,
    event: Event,
    decider: Decider,
    letter: DeadLetter,
    *,
    room: int,
) -> Outcome:
    """See bot.core.ports.Store.set_aside."""
    before = _open(work, event)
    if before is None:
        return Outcome(duplicate=True)
    kept = {
        "reference": letter.reference,
        "key": _hash(event.key),
        "error": letter.error,
        "platform": event.account.platform,
        "at": work.now,
    }
    work.run(_DEAD_LETTER, kept)
    decided = decider.decide(before, event)
    appended = rows.append(work, pacing, decided.messages, before.person.id, room, turn=event.turn)
    return Outcome(turn=decided.turn, claimed=appended.claimed, waiting=appended.waiting)


def _open(work: UnitOfWork, event: Event) -> State | None:
    """The locked state that this event meets; None if the event had its effect before."""
    key = {"seen": _hash(event.key), "seen_at": work.now}
    locked = None
    if work.postgres:
        row = work.run(_SEEN_AND_LOCKED, key | people.of(event.account)).one()
        first_time, locked = row.first_time, row.person
    else:
        first_time = work.run(_SEEN, key).rowcount
    if not first_time:
        return None
    return people.of_account(work, event, locked)


def _note_heard(work: UnitOfWork, token: str) -> None:
    """A token that something arrives by is alive."""
    if work.run(_IS_DEAD, {"token": token}).scalar() is not None:
        resume(work, token)


def _hash(key: str) -> str:
    """Keys may name a person's chat, so only their hash is kept:
    it says nothing after an erasure.
    """
    return sha256(key.encode()).hexdigest()[:32]
