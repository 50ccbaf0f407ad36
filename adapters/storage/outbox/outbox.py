"""The outbox: messages appended, claimed in each chat's order and at its pace, and marked by what
became of them.

States: ready → sending → sent | failed | unknown | closed. An intent ('sending', with a lease) is
committed before the call it announces; every write about it is fenced by the attempt, so that a
process that slept past its lease changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, assert_never

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from adapters.storage.outbox import send_rate_limit, workspaces
from adapters.storage.outbox.send_rate_limit import BucketState, SendLimits
from adapters.storage.sql import codec
from adapters.storage.sql.tables import (
    ANSWER,
    OPEN,
    READY,
    SENDING,
    Instant,
    conversations,
    outbox,
    people,
    send_pace,
)
from adapters.storage.sql.transaction import UnitOfWork
from bot.core.bot_token import BotToken
from bot.core.events import Chat
from bot.core.messages import (
    ChatMoved,
    Claimed,
    Delivered,
    Dropped,
    Malformed,
    Message,
    NotSent,
    Receipt,
    TokenDead,
    Unclear,
    Unreachable,
)
from bot.core.state import REACHABLE

BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=5)
HOMES = "home:"
"""What the place of a home page begins with; by itself it stands for all of a token's."""

GIVE_UP = timedelta(days=2)
"""A message that no attempt could deliver for so long is marked failed."""

_here = sa.and_(outbox.c.token == bindparam("of_token"), outbox.c.chat == bindparam("of_chat"))
_busy = (
    select(outbox.c.id)
    .where(_here, OPEN, sa.or_(outbox.c.state == SENDING, outbox.c.lane == ANSWER))
    .limit(1)
)
_whole = sa.and_(send_pace.c.token == bindparam("of_token"), send_pace.c.chat == "")
_part = sa.and_(
    send_pace.c.token == bindparam("of_token"), send_pace.c.chat == bindparam("of_chat")
)
_GATE = select(
    _busy.scalar_subquery().label("busy"),
    select(send_pace.c.dead_reason).where(_whole).scalar_subquery().label("dead"),
    select(send_pace.c.tat).where(_part).scalar_subquery().label("tat"),
    select(send_pace.c.paused_until).where(_part).scalar_subquery().label("paused_until"),
)
_APPEND = sa.insert(outbox).returning(outbox.c.id)
_fenced = sa.and_(outbox.c.id == bindparam("row"), outbox.c.attempt == bindparam("as_attempt"))
_ERASED = outbox.c.person_id.is_(None)
"""A farewell: its person is erased, and its row must not say to whom it went."""
_EMPTY = {
    "payload": None,
    "fallback": None,
    "address": None,
    "chat": sa.case((_ERASED, ""), else_=outbox.c.chat),
    "answers": sa.case((_ERASED, None), else_=outbox.c.answers),
    "owner": None,
    "lease_until": None,
}
_SENT = (
    sa.update(outbox)
    .where(_fenced, outbox.c.state.in_([SENDING, READY, sa.literal_column("'unknown'")]))
    .values(
        state="sent",
        closed_at=bindparam("at"),
        ref=sa.case((_ERASED, None), else_=bindparam("as_ref")),
        error=None,
        **_EMPTY,
    )
)
_CLOSE = (
    sa.update(outbox)
    .where(_fenced, outbox.c.state == SENDING)
    .values(
        state=bindparam("as_state"), closed_at=bindparam("at"), error=bindparam("why"), **_EMPTY
    )
)
_RETRY = (
    sa.update(outbox)
    .where(_fenced, outbox.c.state == SENDING)
    .values(
        state=READY,
        not_before=bindparam("until"),
        error=bindparam("why"),
        resent=bindparam("again"),
        plain_only=bindparam("plainly"),
        owner=None,
        lease_until=None,
    )
)
_BEGIN = sa.update(outbox).where(_fenced, outbox.c.state == SENDING).values(begun=True, deaths=None)
_ROW = select(
    outbox.c.token,
    outbox.c.chat,
    outbox.c.person_id,
    outbox.c.created_at,
    outbox.c.resent,
    outbox.c.plain_only,
).where(_fenced, outbox.c.state == SENDING)
_CLOSE_CHAT = (
    sa.update(outbox)
    .where(_here, outbox.c.state == READY)
    .values(state="closed", closed_at=bindparam("at"), error=bindparam("why"), **_EMPTY)
)
_CLOSE_UNSENT = (
    sa.update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.state == READY)
    .values(state="closed", closed_at=bindparam("at"), error=bindparam("why"), **_EMPTY)
)
_UNREACHABLE = (
    sa.update(people)
    .where(
        people.c.id == bindparam("person"),
        people.c.nudge_platform == bindparam("of_platform"),
        people.c.nudge_workspace == bindparam("of_workspace"),
        people.c.nudge_chat == bindparam("chat_id"),
        people.c.unreachable.in_(REACHABLE),
    )
    .values(unreachable=bindparam("why"), unreachable_at=bindparam("at"))
)


_HOLD_HOMES = (
    sa.update(outbox)
    .where(
        outbox.c.token == bindparam("of_token"),
        outbox.c.chat.startswith(HOMES, autoescape=True),
        outbox.c.state == READY,
        outbox.c.not_before < bindparam("until", type_=Instant),
    )
    .values(not_before=bindparam("until", type_=Instant))
)


def place_of(message: Message) -> str:
    """The order a message stands in: its chat's, or that of the person's home page."""
    chat = message.address.chat
    if message.address.home:
        return f"{HOMES}{chat.id}"
    return chat.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """Those claimed at once, and whether others wait."""

    claimed: tuple[Claimed, ...] = ()
    waiting: bool = False


def append(
    work: UnitOfWork,
    pacing: SendLimits,
    messages: Sequence[Message],
    person: int | None,
    room: int,
    *,
    turn: str = "",
) -> Appended:
    """Add messages in order.

    The first of a chat is claimed in the same commit, as far as room, order and pace allow. A home
    page waits for the next exchange: it may be another platform's, and a newer one takes its place
    till then. Without a `person` they belong to nobody: those of a turn that erased its person.
    """
    claimed: list[Claimed] = []
    waiting = False
    taken: set[tuple[str, str]] = set()
    for message in messages:
        token, chat = BotToken.of(message.address.chat).key, place_of(message)
        if message.address.home:
            work.run(
                _CLOSE_CHAT,
                {"of_token": token, "of_chat": chat, "at": work.now, "why": "a newer page"},
            )
        first = (token, chat) not in taken
        taken.add((token, chat))
        free_at: datetime | None = work.now
        now = message.address.in_ack
        if (
            not now
            and first
            and room > len(claimed)
            and message.lane == "answer"
            and not message.address.home
        ):
            free_at = _free_at(work, pacing, token, chat)
            now = free_at is not None and free_at <= work.now
        identity = _insert(
            work, message, token, chat, person, claim=now, not_before=free_at or work.now, turn=turn
        )
        if not now:
            waiting = True
            continue
        claimed.append(Claimed(id=identity, attempt=1, message=message, turn=turn))
        rates = pacing.of(token)
        if rates:
            send_rate_limit.spend(
                work, rates, token, chat if person is not None else "", nudge=False
            )
    return Appended(claimed=tuple(claimed), waiting=waiting)


def _free_at(work: UnitOfWork, pacing: SendLimits, token: str, chat: str) -> datetime | None:
    """When this chat takes a new answer; None while others of it
    are waiting or the token is dead.
    """
    gate = work.run(_GATE, {"of_token": token, "of_chat": chat}).one()
    if gate.busy is not None or gate.dead is not None:
        return None
    rates = pacing.of(token)
    if rates is None or gate.tat is None:
        return work.now
    return max(
        work.now,
        send_rate_limit.free_at(
            rates, BucketState(full_until=gate.tat, paused_until=gate.paused_until), work.now
        ),
    )


def _insert(
    work: UnitOfWork,
    message: Message,
    token: str,
    chat: str,
    person: int | None,
    *,
    claim: bool,
    not_before: datetime,
    turn: str,
) -> int:
    row = {
        "token": token,
        "chat": chat,
        "person_id": person,
        "lane": message.lane,
        "state": "sending" if claim else "ready",
        "attempt": 1 if claim else 0,
        "owner": work.owner if claim else None,
        "lease_until": work.now + work.lease if claim else None,
        "intent_at": work.now if claim else None,
        "not_before": not_before,
        "created_at": work.now,
        "plain_only": message.plain_only,
        "payload": codec.payload_text(message.payload),
        "fallback": message.fallback,
        "address": codec.address_text(message.address),
        "turn": turn or None,
        "answers": message.answers or None,
        "begun": False,
    }
    return int(work.run(_APPEND, row).scalar())


# --- what became of them --------------------------------------------------------------------------


def begin(work: UnitOfWork, claimed: Claimed) -> bool:
    """The call of this attempt is about to be written. False: it is not this attempt's any more."""
    return work.run(_BEGIN, {"row": claimed.id, "as_attempt": claimed.attempt}).rowcount == 1


def record(work: UnitOfWork, claimed: Claimed, receipt: Receipt) -> bool:
    """Write down one attempt's outcome.

    A receipt that comes too late (another attempt has begun) changes nothing, except that what was
    certainly delivered is not sent again. Says whether it is over and nobody knows whether it
    arrived.
    """
    fence = {"row": claimed.id, "as_attempt": claimed.attempt}
    if isinstance(receipt, Delivered):
        work.defer(_SENT, fence | {"at": work.now, "as_ref": receipt.ref})
        return False
    row = work.run(_ROW, fence).one_or_none()
    if row is None:
        return False
    match receipt:
        case NotSent(reason=reason, seconds=seconds, limited=limited, bulk=bulk):
            _not_sent(
                work,
                row,
                fence,
                claimed,
                seconds=seconds,
                reason=reason,
                limited=limited,
                bulk=bulk,
            )
        case Unclear(reason=reason):
            _once_more(work, fence, row, "resent", reason, otherwise="unknown")
        case Malformed(reason=reason):
            _once_more(work, fence, row, "plain_only", reason, otherwise="failed")
        case Unreachable(reason=reason):
            _close(work, fence, "failed", reason)
            _unreachable(work, row, claimed.message.address.chat, reason)
        case ChatMoved(new_id=new_id):
            chat = claimed.message.address.chat
            move_chat(work, chat, replace(chat, id=new_id))
            _retry(work, fence, row, work.now, "chat moved")
        case Dropped(reason=reason):
            _close(work, fence, "closed", reason)
        case TokenDead(reason=reason):
            workspaces.suspend(work, row.token, reason)
            _retry(work, fence, row, work.now, reason)
        case _:
            assert_never(receipt)
    return isinstance(receipt, Unclear) and row.resent


def _once_more(
    work: UnitOfWork, fence: Mapping[str, Any], row: Any, mark: str, why: str, *, otherwise: str
) -> None:
    """Try again with `mark` set; a row that bears it already ends as `otherwise`."""
    if getattr(row, mark):
        _close(work, fence, otherwise, why)
    else:
        _retry(work, fence, row, work.now, why, **{mark: True})


def _unreachable(work: UnitOfWork, row: Any, chat: Chat, why: str) -> None:
    """The chat's other rows go unsent.

    If it is where the person's nudges go, they rest until the person returns.
    """
    work.run(_CLOSE_CHAT, {"of_token": row.token, "of_chat": row.chat, "at": work.now, "why": why})
    nudged = {
        "person": row.person_id,
        "of_platform": chat.platform,
        "of_workspace": chat.workspace,
        "chat_id": chat.id,
    }
    work.run(_UNREACHABLE, nudged | {"why": why, "at": work.now})


def _not_sent(
    work: UnitOfWork,
    row: Any,
    fence: Mapping[str, Any],
    claimed: Claimed,
    *,
    seconds: float,
    reason: str,
    limited: bool,
    bulk: bool,
) -> None:
    if work.now - row.created_at > GIVE_UP:
        _close(work, fence, "failed", reason)
        return
    wait = timedelta(seconds=seconds)
    if limited and claimed.message.address.home:
        _hold_homes(work, row.token, work.now + wait)
    elif limited:
        if bulk:
            send_rate_limit.pause(work, row.token, "", work.now + wait)
        if row.person_id is not None:
            send_rate_limit.pause(work, row.token, row.chat, work.now + wait)
    else:
        wait = max(wait, min(BACKOFF * 2 ** min(claimed.attempt - 1, 10), LONGEST_BACKOFF))
    _retry(work, fence, row, work.now + wait, reason)


def _hold_homes(work: UnitOfWork, token: str, until: datetime) -> None:
    """Pages are limited for the workspace as a whole, whoever's was refused: all of them wait, and
    what is answered in chats does not.
    """
    send_rate_limit.pause(work, token, HOMES, until)
    work.run(_HOLD_HOMES, {"of_token": token, "until": until})


def _retry(
    work: UnitOfWork,
    fence: Mapping[str, Any],
    row: Any,
    until: datetime,
    why: str,
    *,
    resent: bool = False,
    plain_only: bool = False,
) -> None:
    marks = {"again": resent or row.resent, "plainly": plain_only or row.plain_only}
    work.run(_RETRY, {**fence, **marks, "until": until, "why": why})


def _close(work: UnitOfWork, fence: Mapping[str, Any], state: str, why: str) -> None:
    work.run(_CLOSE, {**fence, "as_state": state, "at": work.now, "why": why})


def close_unsent(work: UnitOfWork, row: int, why: str) -> None:
    """A nudge that is not wanted any more when its slot comes."""
    work.run(_CLOSE_UNSENT, {"row": row, "at": work.now, "why": why})


_MOVE_ROWS = (
    sa.select(outbox.c.id, outbox.c.address).where(_here, OPEN),
    sa.update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(chat=bindparam("to_chat"), address=bindparam("where")),
)
_THERE = sa.and_(
    conversations.c.platform == bindparam("of_platform"),
    conversations.c.workspace == bindparam("of_workspace"),
    conversations.c.chat == bindparam("chat_id"),
)
_new = conversations.alias("new")
_MOVE_CONVERSATIONS = (
    sa.update(conversations)
    .where(
        _THERE,
        ~sa.exists().where(
            _new.c.person_id == conversations.c.person_id,
            _new.c.platform == conversations.c.platform,
            _new.c.workspace == conversations.c.workspace,
            _new.c.chat == bindparam("to_chat"),
            _new.c.thread == conversations.c.thread,
        ),
    )
    .values(chat=bindparam("to_chat"))
)
_MOVE_NUDGES = (
    sa.update(people)
    .where(
        people.c.nudge_platform == bindparam("of_platform"),
        people.c.nudge_workspace == bindparam("of_workspace"),
        people.c.nudge_chat == bindparam("chat_id"),
    )
    .values(nudge_chat=bindparam("to_chat"))
)


def move_chat(work: UnitOfWork, old: Chat, new: Chat) -> None:
    """The chat's id changed: open rows, conversations and the address of nudges follow."""
    find, move = _MOVE_ROWS
    for row in work.run(find, {"of_token": BotToken.of(old).key, "of_chat": old.id}).all():
        where = row.address
        if where is not None:
            address = codec.address_from(where)
            where = codec.address_text(replace(address, chat=replace(address.chat, id=new.id)))
        work.run(move, {"row": row.id, "to_chat": new.id, "where": where})
    there = {
        "of_platform": old.platform,
        "of_workspace": old.workspace,
        "chat_id": old.id,
        "to_chat": new.id,
    }
    work.run(_MOVE_CONVERSATIONS, there)
    work.run(_MOVE_NUDGES, there)
