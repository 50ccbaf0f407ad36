"""The Store port over SQLite and PostgreSQL: every method one or more whole transactions, each a
plain function.

The parts: people (state), outbox and claiming (messages), pace, booking, effects, housekeeping.
This module only opens, closes, and says which of them make up a transaction.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import bindparam

from adapters.steady_time import SteadyTime
from adapters.storage.maintenance import booking, housekeeping, reminders
from adapters.storage.maintenance.housekeeping import Retention
from adapters.storage.maintenance.installations import SqlTokenStore
from adapters.storage.maintenance.leadership import Leadership
from adapters.storage.outbox import outbox as rows
from adapters.storage.outbox import workspaces
from adapters.storage.outbox.lease_holders import owner
from adapters.storage.outbox.send_rate_limit import SendLimits
from adapters.storage.people import feeds, uncertain
from adapters.storage.sql import salt, schema
from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import EPOCH, OPEN, leases, outbox
from adapters.storage.sql.transaction import UnitOfWork, database_time, host_time, upserting
from adapters.storage.turns import pending_effects, turns
from adapters.storage.turns.claiming import Claiming
from bot.core.events import Event
from bot.core.messages import Claimed, Receipt
from bot.core.ports import Booking, Decider, Exchange, Figures, Outcome, StoreGone
from bot.core.state import CalendarFeed, Person
from bot.core.turn import Effect, Forget

log = logging.getLogger(__name__)

T = TypeVar("T")

LEASE = timedelta(seconds=60)
"""How long a claim holds.

One attempt takes far less; a claimer that is silent for so long is taken for dead.
"""


_WROTE = upserting(
    lambda insert: (
        made := insert(leases).values(
            name="readiness",
            owner=bindparam("by"),
            until=bindparam("at", type_=leases.c.until.type),
        ),
        made.on_conflict_do_update(
            index_elements=[leases.c.name],
            set_={"owner": made.excluded.owner, "until": made.excluded.until},
        ),
    )[1]
)


_BROADCAST_LEFT = (
    sa.select(sa.func.count()).select_from(outbox).where(OPEN, outbox.c.broadcast_id.is_not(None))
)


class SqlStore:
    """See bot.core.ports.Store.

    With `real_time`, leases and pace are judged by the database's clock on PostgreSQL and by the
    host's on SQLite (one host); without, by the times that events and calls bring along, so that a
    rehearsal may run through years.
    """

    def __init__(
        self,
        database: Database,
        *,
        retention: Retention | None = None,
        real_time: bool = True,
        pace: SendLimits | None = None,
        lease: timedelta = LEASE,
        salt: str = "",
        steady: SteadyTime | None = None,
    ) -> None:
        self.database = database
        self.tokens = SqlTokenStore(database.run)
        self.salt = salt
        self._retention = retention or Retention()
        self._real_time = real_time
        self._pace = pace or SendLimits()
        self._lease = lease
        self._owner = owner(database)
        self._steady = steady or SteadyTime()
        self._read_clock = host_time if database.sqlite else database_time

    async def turn(self, event: Event, decider: Decider, *, room: int) -> Outcome:
        outcome = await self._run(
            event.at, lambda work: turns.turn(work, self._pace, event, decider, room)
        )
        if outcome.turn and Forget() in outcome.turn.effects:
            await self._empty_log()
        return outcome

    async def exchange(
        self,
        now: datetime,
        receipts: Sequence[tuple[Claimed, Receipt]],
        room: Mapping[str, int],
        decider: Decider,
    ) -> Exchange:
        def whole(work: UnitOfWork) -> Exchange:
            over = [one.id for one, receipt in receipts if rows.record(work, one, receipt)]
            uncertain.note(work, over)
            return Claiming(work=work, pacing=self._pace, decider=decider, owner=self._owner).claim(
                room
            )

        return await self._run(now, whole)

    async def begin(self, claimed: Claimed) -> bool:
        return await self.database.run(
            lambda connection: rows.begin(self._work(connection, EPOCH), claimed)
        )

    @property
    def clock_step(self) -> float:
        """By how many seconds the clock that rules here has stepped, while that is waited out."""
        return self._steady.step

    def _time(self, connection: sa.Connection) -> datetime:
        return self._steady.judge(self._read_clock(connection))

    async def _reschedule(self, now: datetime) -> None:
        """The time went back: what was moved on meanwhile comes when it is due after all."""
        moved = 0
        after: tuple[int, str] | None = booking.FIRST
        while after is not None:
            page = await self._run(now, partial(booking.reschedule, after=after))
            moved, after = moved + page.moved, page.last
        await self._run(now, reminders.look_anew)
        log.warning("after the clock's step back %d nudges are due earlier", moved)

    async def book(self, now: datetime, *, limit: int = 500) -> Booking:
        if self._steady.went_back():
            await self._reschedule(now)

        def whole(work: UnitOfWork) -> Booking:
            nudges = booking.book(work, self._pace, limit)
            once = reminders.book(work, limit)
            following = [at for at in (nudges.next_due_at, once.next_due_at) if at is not None]
            return Booking(
                booked=nudges.booked + once.booked, next_due_at=min(following, default=None)
            )

        return await self._run(now, whole)

    async def tidy(self, now: datetime) -> Figures:
        gone: dict[str, float] = {}
        for name, sweep in housekeeping.sweeps(self._retention):
            gone[name] = 0
            while True:
                count = await self._run(now, sweep)
                gone[name] += count
                if count < housekeeping.BATCH:
                    break
        await self._empty_log()
        return Figures(values=gone)

    async def set_aside(
        self, event: Event, decider: Decider, *, error: str, reference: str, room: int
    ) -> Outcome:
        letter = turns.DeadLetter(error=error, reference=reference)
        return await self._run(
            event.at,
            lambda work: turns.set_aside(work, self._pace, event, decider, letter, room=room),
        )

    async def figures(self, now: datetime) -> Figures:
        values = await self.database.look(
            lambda connection: housekeeping.figures(self._work(connection, now))
        )
        return Figures(values=values)

    async def broadcast_left(self) -> int:
        """How many messages of broadcasts are still to go out."""
        return await self.database.look(
            lambda connection: int(connection.execute(_BROADCAST_LEFT).scalar() or 0)
        )

    async def feed_owner(self, token_hash: str, now: datetime) -> Person | None:
        """Whose private calendar address this is the fingerprint of."""
        return await self.database.look(
            lambda connection: feeds.owner(self._work(connection, now), token_hash)
        )

    async def note_feed(self, before: CalendarFeed, after: CalendarFeed, now: datetime) -> bool:
        """Keep what a calendar was given. False if that is no longer what it was a moment ago."""
        return await self._run(now, lambda work: feeds.note(work, before, after))

    async def pending_effects(self, now: datetime) -> tuple[tuple[Event, Effect], ...]:
        return await self._run(now, pending_effects.overdue)

    async def enable_token(self, token: str, now: datetime) -> None:
        """The token works again (its workspace installed the bot anew):
        what waits for it may go out.
        """
        await self._run(now, lambda work: workspaces.resume(work, token))

    async def disable_token(self, token: str, why: str, now: datetime) -> None:
        """The token is no good (its workspace removed the bot): nothing goes out through it."""
        await self._run(now, lambda work: workspaces.suspend(work, token, why))

    def leadership(self, name: str) -> AbstractAsyncContextManager[None]:
        """Held while this process alone may do what `name` says.

        See adapters.storage.maintenance.leadership.
        """
        return Leadership(self.database, name, self._owner).hold()

    async def close(self) -> None:
        self._owner.release()
        await self.database.close()

    async def prove_writable(self, now: datetime) -> None:
        """Writes a row, for a full disk answers every read. Raises StoreGone."""
        await self._run(now, lambda work: work.run(_WROTE, {"by": work.owner, "at": work.now}))

    async def _empty_log(self) -> None:
        """What was erased is erased either way; a log that cannot be cut
        now is cut by the next housekeeping.
        """
        with suppress(StoreGone):
            await self.database.empty_log()

    async def _run(self, now: datetime, function: Callable[[UnitOfWork], T]) -> T:
        def whole(connection: sa.Connection) -> T:
            self._owner.keep()
            work = self._work(connection, now)
            result = function(work)
            work.flush()
            return result

        return await self.database.run(whole)

    def _work(self, connection: sa.Connection, now: datetime) -> UnitOfWork:
        clock = self._time if self._real_time else None
        return UnitOfWork(
            connection=connection,
            owner=self._owner.name,
            lease=self._lease,
            given=now,
            clock=clock,
            salt=self.salt,
        )


async def open_store(
    url: str,
    *,
    retention: Retention | None = None,
    real_time: bool = True,
    pace: SendLimits | None = None,
    lease: timedelta = LEASE,
    steady: SteadyTime | None = None,
) -> SqlStore:
    """Open a database, brought to the present schema.

    Raises StoreGone if it is away, AnotherHost for a SQLite file in use elsewhere,
    PoolerBetweenError for a pooler in transaction mode.
    """
    database = Database(url)
    try:
        await database.on_thread(schema.reach)
        await database.on_thread(schema.upgrade)
        own_salt = await database.run(salt.salt)
    except BaseException:
        await database.close()
        raise
    return SqlStore(
        database,
        retention=retention,
        real_time=real_time,
        pace=pace,
        lease=lease,
        salt=own_salt,
        steady=steady,
    )
