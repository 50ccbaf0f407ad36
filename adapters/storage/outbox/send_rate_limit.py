"""How fast a bot token and a chat may send, shared by all processes through one row each (GCRA).

A row keeps the time at which the bucket is empty again. Answers are never held by the token's rate,
they only use it up; nudges take what answers leave of it, and never less than a share of their own.
A chat's own rate holds both.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from adapters.storage.sql.tables import EPOCH, MICROSECOND, send_pace
from adapters.storage.sql.transaction import UnitOfWork, upserting
from bot.core.bot_token import BotToken

BURST = 2
"""Messages a token's bucket holds.

Rate and burst together never pass the platform's figure in any one second.
"""
LONGEST_DEBT = timedelta(seconds=1)
"""How far a flood of answers may push the token's row ahead:
nudges return within a second of its end.
"""
HERD_SECONDS = 10
"""What a token's nudges need longer for than this, at their least share, is a herd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Messages a second.

    `total`: what the platform takes from one token; `nudges`: the least that nudges get of it.
    """

    total: float
    nudges: float
    chat_interval: timedelta = timedelta(seconds=1)
    chat_burst: int = 5

    @property
    def step(self) -> timedelta:
        return timedelta(seconds=1 / max(self.total - BURST, 1))

    @property
    def herd(self) -> float:
        """More nudges than this due at one instant are spread: see scheduler.recurrence.slot."""
        return HERD_SECONDS * self.nudges

    @property
    def chat_debt(self) -> timedelta:
        """How far answers that nothing holds back may push a chat's row ahead."""
        return (self.chat_burst + 1) * self.chat_interval

    @property
    def nudge_step(self) -> timedelta:
        return timedelta(seconds=1 / self.nudges)


RATES = {"telegram": Limit(total=30, nudges=20), "slack": Limit(total=5, nudges=3)}
"""By platform; one that is not here takes any number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketState:
    """The row of a token, or of a chat, as it was read."""

    full_until: datetime = EPOCH
    bulk_tat: datetime = EPOCH
    paused_until: datetime = EPOCH
    dead_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SendLimits:
    """The rates in force, by platform."""

    rates: dict[str, Limit] = field(default_factory=lambda: dict(RATES))

    def of(self, token: str) -> Limit | None:
        return self.rates.get(BotToken.read(token).platform)


_KEY = sa.and_(send_pace.c.token == bindparam("of_token"), send_pace.c.chat == bindparam("of_chat"))
_READ = select(send_pace).where(_KEY)
_READ_LOCKED = _READ.with_for_update()


def _number(name: str) -> sa.BindParameter[int]:
    return bindparam(name, type_=sa.BigInteger)


def _advance(column: sa.Column[datetime], step: str) -> sa.ColumnElement[int]:
    """The later of the row's time and now, and a step on top, as the column's number."""
    at = sa.type_coerce(column, sa.BigInteger)
    return sa.case((at > _number("now_at"), at), else_=_number("now_at")) + _number(step)


def _spend(insert: Any) -> Any:
    spent, bulk_spent = (
        _advance(send_pace.c.tat, "step"),
        _advance(send_pace.c.bulk_tat, "bulk_step"),
    )
    bulk = sa.type_coerce(send_pace.c.bulk_tat, sa.BigInteger)
    return insert(send_pace).on_conflict_do_update(
        index_elements=list(send_pace.primary_key),
        set_={
            "tat": sa.case((spent > _number("ceiling"), _number("ceiling")), else_=spent),
            "bulk_tat": sa.case(
                (_number("bulk_step") <= 0, bulk),
                # Nudges that go faster than their least would push it ahead for ever, and a row far
                # ahead is believed to be a clock set back.
                (bulk_spent > _number("ceiling"), _number("ceiling")),
                else_=bulk_spent,
            ),
        },
    )


_SPEND = upserting(_spend)
_PAUSE = upserting(
    lambda insert: (
        made := insert(send_pace),
        made.on_conflict_do_update(
            index_elements=list(send_pace.primary_key),
            set_={"paused_until": made.excluded.paused_until},
            where=made.excluded.paused_until > send_pace.c.paused_until,
        ),
    )[1]
)
_BURY = upserting(
    lambda insert: (
        made := insert(send_pace),
        made.on_conflict_do_update(
            index_elements=list(send_pace.primary_key),
            set_={"dead_reason": made.excluded.dead_reason, "dead_at": made.excluded.dead_at},
            where=send_pace.c.dead_reason.is_(None),  # the first reason is the one to mend
        ),
    )[1]
)
_REVIVE = (
    sa.update(send_pace)
    .where(_KEY, send_pace.c.dead_reason.is_not(None))
    .values(dead_reason=None, dead_at=None)
)
_BLANK = {"tat": EPOCH, "bulk_tat": EPOCH, "paused_until": EPOCH}


def read(work: UnitOfWork, token: str, chat: str = "", *, lock: bool = False) -> BucketState:
    row = work.run(
        _READ_LOCKED if lock and work.postgres else _READ, {"of_token": token, "of_chat": chat}
    ).one_or_none()
    if row is None:
        return BucketState()
    return BucketState(
        full_until=row.tat,
        bulk_tat=row.bulk_tat,
        paused_until=row.paused_until,
        dead_reason=row.dead_reason,
    )


def free_at(rates: Limit, chat: BucketState, now: datetime) -> datetime:
    """When a chat takes its next message."""
    full_until = _plausible(chat.full_until, now, rates.chat_debt)
    return max(chat.paused_until, full_until - (rates.chat_burst - 1) * rates.chat_interval)


def _plausible(full_until: datetime, now: datetime, debt: timedelta) -> datetime:
    """A row further ahead than any debt was written before the clock was set back:
    it holds nobody.
    """
    if full_until > now + debt + LONGEST_DEBT:
        return now
    return full_until


def nudges_now(
    rates: Limit | None, token: BucketState, now: datetime, room: int
) -> tuple[int, datetime | None]:
    """How many nudges may go at `now`, at most `room`,
    and when the next one may if there are fewer.
    """
    if rates is None:
        if token.paused_until > now:
            return (0, token.paused_until)
        return (room, None)
    full_until, bulk_tat = (
        max(_plausible(one, now, LONGEST_DEBT), now) for one in (token.full_until, token.bulk_tat)
    )
    for count in range(room):
        next_at = max(token.paused_until, min(full_until - (BURST - 1) * rates.step, bulk_tat))
        if next_at > now:
            return count, next_at
        full_until += rates.step
        bulk_tat += rates.nudge_step
    return room, None


def spend(work: UnitOfWork, rates: Limit, token: str, chat: str, *, nudge: bool) -> None:
    """Note one message on its way, in the rows of its token and of its chat; without a chat,
    in its token's alone.
    """
    now = work.now
    number = (now - EPOCH) // MICROSECOND
    fresh = {"token": token, "paused_until": EPOCH, "now_at": number}
    whole = {
        "chat": "",
        "tat": now + rates.step,
        "bulk_tat": now + rates.nudge_step if nudge else EPOCH,
        "step": rates.step // MICROSECOND,
        "bulk_step": rates.nudge_step // MICROSECOND if nudge else 0,
        "ceiling": number + LONGEST_DEBT // MICROSECOND,
    }
    part = {
        "chat": chat,
        "tat": now + rates.chat_interval,
        "bulk_tat": EPOCH,
        "step": rates.chat_interval // MICROSECOND,
        "bulk_step": 0,
        "ceiling": number + rates.chat_debt // MICROSECOND,
    }
    work.defer(_SPEND, fresh | whole)
    if chat:
        work.defer(_SPEND, fresh | part)


def pause(work: UnitOfWork, token: str, chat: str, until: datetime) -> None:
    """Hold a chat, or a token's nudges (`chat` empty), back for every process."""
    work.run(_PAUSE, _BLANK | {"token": token, "chat": chat, "paused_until": until})


def disable_token(work: UnitOfWork, token: str, reason: str) -> None:
    """The token is no good: nothing goes out through it until `enable_token`.

    See adapters.storage.outbox.workspaces.
    """
    work.run(
        _BURY, _BLANK | {"token": token, "chat": "", "dead_reason": reason, "dead_at": work.now}
    )


def enable_token(work: UnitOfWork, token: str) -> bool:
    """Whether it was dead."""
    return work.run(_REVIVE, {"of_token": token, "of_chat": ""}).rowcount > 0
