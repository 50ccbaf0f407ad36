"""Which rows go out next: answers first, nudges in what pace leaves them, each chat in its order.

A nudge's row is booked without words. When its slot comes, subscription and plan are read again in
the same transaction that records the intent: stopped, moved or superseded since → closed unsent;
otherwise the core chooses the words now.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import DBAPIError

from adapters.storage.outbox import edits, send_rate_limit
from adapters.storage.outbox import outbox as rows
from adapters.storage.outbox.lease_holders import Owner
from adapters.storage.outbox.send_rate_limit import BucketState, SendLimits
from adapters.storage.people import people, uncertain
from adapters.storage.sql import codec
from adapters.storage.sql.tables import (
    ANSWER,
    EPOCH,
    NUDGE,
    READY,
    SENDING,
    Instant,
    broadcasts,
    outbox,
    send_pace,
)
from adapters.storage.sql.tables import people as people_table
from adapters.storage.sql.transaction import RetryTransaction, UnitOfWork
from adapters.storage.turns.effects import carry_out
from bot.core.bot_token import BotToken
from bot.core.messages import Claimed, Message
from bot.core.ports import Decider, Exchange
from bot.core.state import Person, Reminder, State, Subscription
from scheduler.booking import CATCH_UP_GAP, LATE
from scheduler.civil_time import is_month
from scheduler.recurrence import counts_for, is_paused_at

log = logging.getLogger(__name__)

MOST_DEATHS = 10
"""So many claimers that died with a repeat whose call had not begun: it may be what they die of."""

LOOK_AGAIN = timedelta(seconds=1)
"""While another process has messages in the air: it might die."""

_other = outbox.alias("other")


def _its_turn(lane: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Nothing of the chat is in the air, and nothing goes before: for an answer earlier answers,
    for a nudge earlier nudges and any answer. So a person who writes is not answered only after the
    nudge that waits in a herd.
    """
    earlier = sa.and_(_other.c.lane == lane, _other.c.id < outbox.c.id)
    before = sa.or_(_other.c.state == SENDING, earlier)
    if lane is NUDGE:
        before = sa.or_(before, _other.c.lane == ANSWER)
    in_the_way = (
        select(_other.c.id)
        .where(
            _other.c.token == outbox.c.token,
            _other.c.chat == outbox.c.chat,
            _other.c.state.in_([READY, SENDING]),
            _other.c.id != outbox.c.id,
            before,
        )
        .limit(1)
    )
    # Not NOT EXISTS: PostgreSQL would make a join of it and, while it thinks the table small, walk
    # all rows of the token.
    return in_the_way.scalar_subquery().is_(None)


def _candidates(lane: sa.ColumnElement[str]) -> sa.Select[Any]:
    """Nudges lock their people along with them: subscription and plan are read next."""
    joined: sa.FromClause = (
        outbox
        if lane is ANSWER
        else outbox.join(people_table, people_table.c.id == outbox.c.person_id)
    )
    return (
        select(outbox, send_pace.c.tat, send_pace.c.paused_until)
        .select_from(
            joined.outerjoin(
                send_pace,
                sa.and_(send_pace.c.token == outbox.c.token, send_pace.c.chat == outbox.c.chat),
            )
        )
        .where(
            outbox.c.lane == lane,
            outbox.c.token == bindparam("token"),
            outbox.c.state == READY,
            outbox.c.not_before <= bindparam("now", type_=Instant),
            _its_turn(lane),
        )
        .order_by(outbox.c.not_before, outbox.c.id)
        .limit(bindparam("count"))
        .with_for_update(
            of=(outbox,) if lane is ANSWER else (outbox, people_table), skip_locked=True
        )
    )


_CANDIDATES = {"answer": _candidates(ANSWER), "nudge": _candidates(NUDGE)}


def _tokens_with_ready_rows() -> sa.CTE:
    """Each token once, by one seek of the index for each: the rows of a herd are not walked."""
    lowest = (
        select(func.min(outbox.c.token).label("token"))
        .where(outbox.c.state == READY)
        .cte("tokens", recursive=True)
    )
    above = (
        select(func.min(_other.c.token))
        .where(_other.c.state == READY, _other.c.token > lowest.c.token)
        .scalar_subquery()
    )
    return lowest.union_all(select(above).where(lowest.c.token.is_not(None)))


_tokens = _tokens_with_ready_rows()


def _first_ready(
    lane: sa.ColumnElement[str], token: sa.ColumnElement[str], *more: sa.ColumnElement[bool]
) -> sa.ScalarSelect[Any]:
    found = select(outbox.c.not_before).where(
        outbox.c.lane == lane, outbox.c.token == token, outbox.c.state == READY, *more
    )
    return found.order_by(outbox.c.not_before).limit(1).scalar_subquery()


_GLANCE = select(
    _tokens.c.token,
    _first_ready(ANSWER, _tokens.c.token).label("answer_at"),
    _first_ready(NUDGE, _tokens.c.token).label("nudge_at"),
    select(send_pace.c.dead_reason)
    .where(send_pace.c.token == _tokens.c.token, send_pace.c.chat == "")
    .scalar_subquery()
    .label("dead"),
    select(send_pace.c.paused_until)
    .where(send_pace.c.token == _tokens.c.token, send_pace.c.chat == "")
    .scalar_subquery()
    .label("paused_until"),
    select(outbox.c.lease_until)
    .where(outbox.c.state == SENDING)
    .order_by(outbox.c.lease_until)
    .limit(1)
    .scalar_subquery()
    .label("lease_until"),
    select(outbox.c.owner)
    .where(outbox.c.state == SENDING, outbox.c.owner != bindparam("me"))
    .order_by(outbox.c.lease_until)
    .limit(1)
    .scalar_subquery()
    .label("other"),
)
"""Which tokens have something ready since when, when the next lease ends, and who else has
something in the air: all that an idle look has to read.
"""
_later = outbox.c.not_before > bindparam("now", type_=Instant)
_WAITING = select(
    _first_ready(ANSWER, bindparam("token", type_=sa.Text), _later).label("answer_at"),
    _first_ready(NUDGE, bindparam("token", type_=sa.Text), _later).label("nudge_at"),
)
_HOLD = (
    sa.update(outbox).where(outbox.c.id == bindparam("row")).values(not_before=bindparam("until"))
)
_CLAIM = (
    sa.update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        state=SENDING,
        attempt=outbox.c.attempt + 1,
        owner=bindparam("by"),
        lease_until=bindparam("until"),
        intent_at=bindparam("at"),
        begun=False,
    )
)
_CLAIM_WITH_WORDS = _CLAIM.values(
    payload=bindparam("words"),
    fallback=bindparam("plain"),
    address=bindparam("where"),
    turn=bindparam("of_turn"),
)
_REDIRECT = (
    sa.update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.state == READY)
    .values(token=bindparam("to_token"), chat=bindparam("to_chat"))
)


_deaths = func.coalesce(outbox.c.deaths, 0) + 1
_spent = sa.and_(outbox.c.resent, sa.or_(outbox.c.begun.is_not(sa.false()), _deaths >= MOST_DEATHS))


def _over(*which: sa.ColumnElement[bool]) -> sa.Update:
    """Nobody knows whether these arrived: once more, but never a third time.

    A repeat whose call had not begun was none.
    """
    return (
        sa.update(outbox)
        .where(outbox.c.state == SENDING, *which)
        .values(
            state=sa.case((_spent, "unknown"), else_="ready"),
            closed_at=sa.case((_spent, bindparam("now", type_=Instant)), else_=None),
            payload=sa.case((_spent, None), else_=outbox.c.payload),
            fallback=sa.case((_spent, None), else_=outbox.c.fallback),
            address=sa.case((_spent, None), else_=outbox.c.address),
            chat=sa.case((sa.and_(_spent, outbox.c.person_id.is_(None)), ""), else_=outbox.c.chat),
            error="lease over",
            resent=True,
            deaths=_deaths,
            owner=None,
            lease_until=None,
        )
        .returning(outbox.c.id, outbox.c.state)
    )


_OVER = _over(outbox.c.lease_until < bindparam("now", type_=Instant))
_ORPHANED = _over(outbox.c.owner == bindparam("of_owner"))

_SUPERSEDED = (
    select(outbox.c.id)
    .where(
        outbox.c.person_id == bindparam("person"),
        outbox.c.subscription_id == bindparam("subscription"),
        outbox.c.week > bindparam("of_week"),
    )
    .limit(1)
)
_FORGO = sa.delete(outbox).where(outbox.c.id == bindparam("row"), outbox.c.state == READY)
_REPLY = select(broadcasts.c.reply).where(broadcasts.c.id == bindparam("broadcast"))


_Worded = tuple[str, tuple[Message, ...]]
"""A turn's reference number and the messages that it says."""
_NOTHING: _Worded = ("", ())


@dataclass(slots=True)
class _Wake:
    """The earliest instant at which something that is held back now may go."""

    at: datetime | None = None

    def note(self, instant: datetime | None) -> None:
        if instant is not None and (self.at is None or instant < self.at):
            self.at = instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Claiming:
    """One round of claims in one transaction."""

    work: UnitOfWork
    pacing: SendLimits
    decider: Decider
    owner: Owner
    wake: _Wake = field(default_factory=_Wake)

    def claim(self, room: Mapping[str, int]) -> Exchange:
        """At most `room[token]` rows of each token."""
        work = self.work
        preview_reply = work.run(_GLANCE, {"me": work.owner}).all()
        lease_until = preview_reply[0].lease_until
        if lease_until is not None and self._is_abandoned(lease_until, preview_reply[0].other):
            preview_reply = work.run(_GLANCE, {"me": work.owner}).all()
            lease_until = preview_reply[0].lease_until
        claimed: list[Claimed] = []
        for row in preview_reply:
            if row.token is not None and row.dead is None:
                claimed.extend(self._of_token(row, _room(room, row.token)))
        self.wake.note(lease_until)
        if claimed:
            self.wake.note(work.now + work.lease)
        return Exchange(claimed=tuple(claimed), wake_at=self.wake.at)

    def _is_abandoned(self, lease_until: datetime, other: str | None) -> bool:
        """What a silent or dead claimer had in the air is free again.

        Says whether there was any.
        """
        work = self.work
        over = lease_until < work.now
        if over:
            self._set_aside(work.run(_OVER, {"now": work.now}).all())
        dead = other is not None and self.owner.is_dead(work.connection, other)
        if dead:
            self._set_aside(work.run(_ORPHANED, {"now": work.now, "of_owner": other}).all())
        elif other is not None:
            self.wake.note(work.now + LOOK_AGAIN)
        return over or dead

    def _set_aside(self, over: Sequence[Any]) -> None:
        uncertain.note(self.work, [row.id for row in over if row.state == "unknown"])

    def _of_token(self, preview_reply: Any, room: int) -> Iterator[Claimed]:
        """What is left waiting is asked for only while there is room:
        otherwise the next receipt brings us back.
        """
        if room <= 0:
            return
        work, token = self.work, preview_reply.token
        if preview_reply.answer_at is not None and preview_reply.answer_at <= work.now:
            for claimed in self._of_lane(token, "answer", room):
                room -= 1
                yield claimed
        if room > 0 and preview_reply.nudge_at is not None and preview_reply.nudge_at <= work.now:
            for claimed in self._of_lane(token, "nudge", self._nudges_now(preview_reply, room)):
                room -= 1
                yield claimed
        if room > 0:
            waiting = work.run(_WAITING, {"token": token, "now": work.now}).one()
            self.wake.note(waiting.answer_at)
            self.wake.note(waiting.nudge_at)

    def _nudges_now(self, preview_reply: Any, room: int) -> int:
        rates = self.pacing.of(preview_reply.token)
        if rates is None:
            gate = BucketState(paused_until=preview_reply.paused_until or EPOCH)
        else:
            gate = send_rate_limit.read(self.work, preview_reply.token, lock=True)
        nudges, next_at = send_rate_limit.nudges_now(rates, gate, self.work.now, room)
        self.wake.note(next_at)
        return nudges

    def _of_lane(self, token: str, lane: str, room: int) -> Iterator[Claimed]:
        """Until room is used up or no row is left to look at: each is claimed, held back,
        closed or redirected.
        """
        page = None
        while room > 0 and page != []:
            page = self.work.run(
                _CANDIDATES[lane], {"token": token, "now": self.work.now, "count": room}
            ).all()
            for claimed in self._of_page([row for row in page if not self._is_held_back(row)]):
                room -= 1
                yield claimed

    def _of_page(self, page: Sequence[Any]) -> Iterator[Claimed]:
        """The people of all rows that still have no words are read together.

        One who is there twice is read again: the first of their nudges changed them.
        """
        wordless = {row.person_id for row in page if row.payload is None}
        if wordless:
            states = people.of_nudges(self.work, wordless)
        else:
            states = {}
        for row in page:
            state = None
            if row.payload is None:
                state = (
                    states.pop(row.person_id, None)
                    or people.of_nudges(self.work, {row.person_id})[row.person_id]
                )
            if claimed := self._claim(row, state):
                yield claimed

    def _is_held_back(self, row: Any) -> bool:
        """Does the chat's own pace keep this row waiting?"""
        free_at = self._free_at(row)
        if free_at <= self.work.now:
            return False
        self.work.defer(_HOLD, {"row": row.id, "until": free_at})
        self.wake.note(free_at)
        return True

    def _free_at(self, row: Any) -> datetime:
        rates = self.pacing.of(row.token)
        at = EPOCH
        if rates is not None and row.tat is not None:
            chat = BucketState(full_until=row.tat, paused_until=row.paused_until)
            at = send_rate_limit.free_at(rates, chat, self.work.now)
        if row.chat.startswith(rows.HOMES):
            at = max(at, send_rate_limit.read(self.work, row.token, rows.HOMES).paused_until)
        return at

    def _claim(self, row: Any, state: State | None) -> Claimed | None:
        """Commit the intent to send this row, or close it.

        `state` is that of the person of a row without words.
        """
        work = self.work
        values = {"row": row.id, "by": work.owner, "until": work.now + work.lease, "at": work.now}
        turn = row.turn or ""
        if state is None:
            message = codec.message_from(row)
            message = replace(
                message, address=edits.place(work, replace(message.address, in_ack=False))
            )
            work.defer(_CLAIM, values)
        else:
            worded = self._words(row, state)
            if worded is None:
                return None
            turn, message = worded
            words = {
                "words": codec.payload_text(message.payload),
                "plain": message.fallback,
                "where": codec.address_text(message.address),
                "of_turn": turn or None,
            }
            work.defer(_CLAIM_WITH_WORDS, values | words)
        rates = self.pacing.of(row.token)
        if rates:
            send_rate_limit.spend(
                work,
                rates,
                row.token,
                row.chat if row.person_id is not None else "",
                nudge=row.lane == "nudge",
            )
        return Claimed(
            id=row.id,
            attempt=row.attempt + 1,
            message=message,
            resent=row.resent,
            due_at=row.due_at,
            turn=turn,
        )

    def _words(self, row: Any, state: State) -> tuple[str, Message] | None:
        """What a booked row says now, and in which turn.

        None: it was closed, sent elsewhere or held back instead. A defect in choosing the words
        costs this one message: all others wait in the same transaction.
        """
        try:
            turn, messages = (
                self._nudge(row, state) if row.broadcast_id is None else self._broadcast(row, state)
            )
        except (DBAPIError, RetryTransaction):
            raise
        except Exception as error:  # noqa: BLE001 -- see above
            # No texts in logs.
            log.error("message %d: its words cannot be chosen (%s)", row.id, type(error).__name__)  # noqa: TRY400
            rows.close_unsent(self.work, row.id, type(error).__name__)
            return None
        if not messages:
            return None
        first, *others = messages
        rows.append(self.work, self.pacing, others, state.person.id, room=0, turn=turn)
        return turn, first

    def _nudge(self, row: Any, before: State) -> _Worded:
        work, person = self.work, before.person
        subscription = _occasion(row, person)
        why = self._reason_against(row, person, subscription)
        if why or subscription is None:
            return self._close(row, person, why)
        event = self.decider.due_event(
            person, subscription, week=row.week, resend=row.resend, due_at=row.due_at, now=work.now
        )
        if event is None:
            return self._close(row, person, "nobody to write to")
        if (BotToken.of(event.chat).key, event.chat.id) != (row.token, row.chat):
            work.run(
                _REDIRECT,
                {"row": row.id, "to_token": BotToken.of(event.chat).key, "to_chat": event.chat.id},
            )
            self.wake.note(work.now)  # another token's room may have been given out already
            return _NOTHING
        carried = carry_out(work, before, event, self.decider)
        after = carried.turn.state.person
        if carried.turn.sends_nudge:
            sent = people.with_week_sent(after, subscription.id, row.week)
            people.save_person(work, after, sent)
            after = sent
        if not carried.messages:
            return self._close(row, after, "nothing to say")
        return event.turn, carried.messages

    def _reason_against(
        self, row: Any, person: Person, subscription: Subscription | Reminder | None
    ) -> str:
        """Why this nudge is not wanted any more, as a word for the record.

        A reminder is wanted for as long as it is listed.
        """
        now = self.work.now
        if subscription is None:
            return "stopped"
        if isinstance(subscription, Subscription) and not subscription.active:
            return "stopped"
        if person.is_suspended:
            return f"unreachable: {person.unreachable}"
        if isinstance(subscription, Reminder):
            return ""
        if _comes_again(row, subscription) or is_month(row.week) != bool(subscription.nth):
            return "moved"
        if is_paused_at(subscription, now):
            return "paused"
        late = row.due_at is not None and now - row.due_at > LATE
        following = subscription.next_due_at
        if late and following is not None and following - now < CATCH_UP_GAP:
            return "too late"
        seek = {"person": row.person_id, "subscription": row.subscription_id, "of_week": row.week}
        if late and self.work.run(_SUPERSEDED, seek).scalar() is not None:
            return "superseded"
        return ""

    def _close(self, row: Any, person: Person, why: str) -> _Worded:
        """Close unsent.

        A row whose week comes again (moved, snoozed) goes altogether: its key must be free for
        that.
        """
        again = any(
            one.id == row.subscription_id and _comes_again(row, one) for one in person.subscriptions
        )
        if again:
            self.work.run(_FORGO, {"row": row.id})
        else:
            rows.close_unsent(self.work, row.id, why)
        return _NOTHING

    def _broadcast(self, row: Any, state: State) -> _Worded:
        person = state.person
        chat = person.nudges_to
        account = next(
            (
                one
                for one in person.accounts
                if chat and (one.platform, one.workspace) == (chat.platform, chat.workspace)
            ),
            None,
        )
        text = self.work.run(_REPLY, {"broadcast": row.broadcast_id}).scalar()
        if chat is None or account is None or text is None or person.is_suspended:
            rows.close_unsent(self.work, row.id, "nobody to write to")
            return _NOTHING
        if state.conversation.question is not None:  # a yes might be meant for this message
            people.save_conversation(
                self.work, person.id, chat, replace(state.conversation, question=None)
            )
        return row.turn or "", self.decider.render(
            codec.reply_from(text), chat, account, self.work.now
        )


def _occasion(row: Any, person: Person) -> Subscription | Reminder | None:
    """What a row was booked for, if the person has it still."""
    mine: tuple[Subscription | Reminder, ...] = (*person.subscriptions, *person.reminders)
    return next((one for one in mine if one.id == row.subscription_id), None)


def _room(room: Mapping[str, int], token: str) -> int:
    """A token's own entry counts before its platform's."""
    return room.get(token, room.get(f"{token.partition(':')[0]}:*", 0))


def _comes_again(row: Any, subscription: Subscription) -> bool:
    """Was the occurrence that this row stands for moved to a later time of the same week?"""
    due = subscription.next_due_at
    if due is None or not subscription.active or row.resend:
        return False
    return counts_for(subscription, due) == row.week and not (
        subscription.snoozed_until and subscription.resend
    )
