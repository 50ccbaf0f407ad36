"""The effects of a turn that only the database can carry out, in the turn's own transaction.

What one of them finds out goes back to the core as `Found` at once; effects that need the network
or the process are handed on. Which words follow is never decided here.
"""

import json
import logging
from collections import deque
from dataclasses import dataclass, replace
from typing import assert_never

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from adapters.storage.maintenance.housekeeping import figures
from adapters.storage.outbox import outbox as rows
from adapters.storage.people import linking, people
from adapters.storage.people.erasing import erase
from adapters.storage.people.exporting import export
from adapters.storage.people.usage import usage
from adapters.storage.sql import codec
from adapters.storage.sql.tables import broadcasts, outbox, unanswered
from adapters.storage.sql.tables import people as people_table
from adapters.storage.sql.transaction import UnitOfWork
from adapters.storage.turns import pending_effects
from bot.core.events import Event, Found, cause_of
from bot.core.messages import Message
from bot.core.ports import Decider
from bot.core.reply import Reply
from bot.core.state import REACHABLE, Person, State
from bot.core.turn import (
    Broadcast,
    CountPeople,
    CountTexts,
    CountUse,
    Effect,
    Export,
    Forget,
    JoinPeople,
    KeepUnanswered,
    LookUpLink,
    LookUpZone,
    MoveChat,
    OfferLink,
    ReloadContent,
    ShowForm,
    Turn,
    Unlink,
)

log = logging.getLogger(__name__)

_KEEP_UNANSWERED = sa.insert(unanswered)
_BROADCAST = sa.insert(broadcasts).returning(broadcasts.c.id)
_reachable = sa.and_(
    people_table.c.nudge_chat.is_not(None), people_table.c.unreachable.in_(REACHABLE)
)
_TO_EVERYONE = sa.insert(outbox).from_select(
    [
        "person_id",
        "token",
        "chat",
        "lane",
        "state",
        "not_before",
        "created_at",
        "due_at",
        "broadcast_id",
        "turn",
    ],
    select(
        people_table.c.id,
        people_table.c.nudge_platform + ":" + people_table.c.nudge_workspace,
        people_table.c.nudge_chat,
        sa.literal_column("'nudge'"),
        sa.literal_column("'ready'"),
        *(
            sa.cast(bindparam(name), sa.BigInteger)
            for name in ("from_at", "made_at", "meant_at", "broadcast")
        ),
        sa.cast(bindparam("of_turn"), sa.Text),
    ).where(_reachable),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a turn came to. `person` is None when the person was erased."""

    turn: Turn
    person: int | None
    messages: tuple[Message, ...]
    effects: tuple[Effect, ...] = ()


def carry_out(work: UnitOfWork, before: State, event: Event, decider: Decider) -> Carried:
    """Decide, save, carry out; and decide again, in the same way,
    for everything that was found out.
    """
    decided = decider.decide(before, event)
    turn, messages = decided.turn, decided.messages
    if any(isinstance(effect, Forget) for effect in turn.effects):
        erase(work, before.person, at=event.sent_at or event.at)
        return Carried(turn=turn, person=None, messages=messages)
    state = turn.state
    people.save(work, before, state, event.chat)
    pending, handed_on = deque(turn.effects), []
    while pending:
        effect = pending.popleft()
        if isinstance(effect, pending_effects.Errand):
            pending_effects.keep(work, event, effect, state.person.id)
            handed_on.append(effect)
            continue
        state, found = _carry(work, state, event, effect)
        if found is None:
            continue
        decided = decider.decide(
            state,
            replace(_after_the_answer(event, messages), body=replace(found, cause=cause_of(event))),
        )
        people.save(work, state, decided.turn.state, event.chat)
        state = decided.turn.state
        messages += decided.messages
        pending.extend(decided.turn.effects)
        turn = replace(turn, state=state, replies=turn.replies + decided.turn.replies)
    return Carried(turn=turn, person=state.person.id, messages=messages, effects=tuple(handed_on))


def _after_the_answer(event: Event, messages: tuple[Message, ...]) -> Event:
    """An acknowledgement carries one answer only."""
    if event.token is None or not any(message.address.in_ack for message in messages):
        return event
    return replace(event, token=replace(event.token, in_ack=False))


def _carry(
    work: UnitOfWork, state: State, event: Event, effect: Effect
) -> tuple[State, Found | None]:
    """The state as it stands afterwards, and what was found out."""
    person = state.person
    match effect:
        case OfferLink(code_hash=code_hash, expires_at=expires_at):
            linking.offer(work, person, event.account, code_hash, expires_at)
            return state, None
        case LookUpLink(code_hash=code_hash):
            return state, _finding(effect, _look_up(work, person, code_hash))
        case JoinPeople(code_hash=code_hash, keep=keep):
            outcome, one = linking.join(work, person, code_hash, keep)
            return replace(state, person=one), _finding(effect, {"outcome": outcome})
        case Unlink(account=account):
            return replace(state, person=linking.unlink(work, person, account)), None
        case Export():
            return state, _finding(effect, {"json": export(work, person)})
        case CountPeople() | CountUse():
            counts = figures(work) if isinstance(effect, CountPeople) else usage(work)
            return state, _finding(effect, {name: f"{value:g}" for name, value in counts.items()})
        case Broadcast(reply=reply, audit=audit):
            log.info("%s", audit, extra={"turn": event.turn})
            return state, _finding(
                effect, {"people": str(_broadcast(work, reply, audit, event.turn))}
            )
        case MoveChat(old=old, new=new):
            rows.move_chat(work, old, new)
            return state, None
        case KeepUnanswered(text=text):
            work.run(_KEEP_UNANSWERED, {"person_id": person.id, "text": text, "at": work.now})
            return state, None
        case ShowForm():
            return state, None  # whoever took the event in shows it
        case Forget() | LookUpZone() | ReloadContent() | CountTexts():
            raise AssertionError(f"not carried out here: {effect}")
        case _:
            assert_never(effect)


def _finding(effect: Effect, values: dict[str, str]) -> Found:
    return Found(type(effect).__name__, tuple(values.items()))


def _look_up(work: UnitOfWork, person: Person, code_hash: str) -> dict[str, str]:
    offer = linking.look_up(work, person, code_hash)
    if offer.outcome != "ok":
        return {"outcome": offer.outcome}
    theirs = people.of_id(work, offer.person)
    if theirs is None:
        return {"outcome": "unknown"}
    both = (person, theirs)
    return {
        "outcome": "ok",
        "accounts": json.dumps(codec.readable(theirs.accounts)),
        "plans": str(sum(one.progress is not None for one in both)),
        "schedules": str(sum(any(rule.active for rule in one.subscriptions) for one in both)),
    }


def _broadcast(work: UnitOfWork, reply: Reply, audit: str, turn: str) -> int:
    """A row for everyone who can be reached; its words are made when its turn comes."""
    key = work.run(
        _BROADCAST, {"reply": codec.reply_text(reply), "audit": audit, "created_at": work.now}
    ).scalar()
    now = codec.microseconds(work.now)
    values = {
        "from_at": now,
        "made_at": now,
        "meant_at": now,
        "broadcast": key,
        "of_turn": turn or None,
    }
    return work.run(_TO_EVERYONE, values).rowcount
