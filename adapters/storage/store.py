"""The Store port over SQLite and PostgreSQL: every method one or more whole transactions, each a plain function.

The parts: people (state), outbox and claiming (messages), pace, booking, effects, housekeeping. This module only opens,
closes, and says which of them make up a transaction.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import func

from adapters.storage import booking, housekeeping, people, schema
from adapters.storage import outbox as rows
from adapters.storage.claiming import Claiming
from adapters.storage.database import Database
from adapters.storage.effects import carry_out
from adapters.storage.housekeeping import Retention
from adapters.storage.pace import Pace, revive
from adapters.storage.tables import EPOCH, dead_letters, seen_events
from adapters.storage.work import Work, upserting
from bot.events import Event, Left
from bot.messages import Claimed, Receipt
from bot.ports import Booking, Decider, Exchange, Figures, Outcome

T = TypeVar("T")

LEASE = timedelta(seconds=60)
"""How long a claim holds. One attempt takes far less; a claimer that is silent for so long is taken for dead."""

_SEEN = upserting(lambda insert: insert(seen_events).on_conflict_do_nothing())
_CLOCK = sa.select(sa.cast(func.extract("epoch", func.clock_timestamp()) * 1_000_000, sa.BigInteger))
_DEAD_LETTER = upserting(lambda insert: insert(dead_letters).on_conflict_do_nothing())


class SqlStore:
    """See bot.ports.Store. With `real_time`, leases and pace are judged by the database's clock on PostgreSQL and by the host's
    on SQLite (one host); without, by the times that events and calls bring along, so that a rehearsal may run through years.
    """

    def __init__(
        self,
        database: Database,
        *,
        retention: Retention | None = None,
        real_time: bool = True,
        pace: Pace | None = None,
        lease: timedelta = LEASE,
    ) -> None:
        self.database = database
        self._retention = retention or Retention()
        self._real_time = real_time
        self._pace = pace or Pace()
        self._lease = lease
        self._owner = secrets.token_hex(8)

    async def turn(self, event: Event, decider: Decider, *, room: int) -> Outcome:
        return await self._run(event.at, lambda work: self._turn(work, event, decider, room))

    async def exchange(
        self, now: datetime, receipts: Sequence[tuple[Claimed, Receipt]], room: Mapping[str, int], decider: Decider
    ) -> Exchange:
        def whole(work: Work) -> Exchange:
            for claimed, receipt in receipts:
                rows.record(work, claimed, receipt)
            return Claiming(work=work, pacing=self._pace, decider=decider).claim(room)

        return await self._run(now, whole)

    async def book(self, now: datetime, *, limit: int = 500) -> Booking:
        return await self._run(now, lambda work: booking.book(work, limit))

    async def tidy(self, now: datetime) -> Figures:
        gone: dict[str, float] = {}
        for name, sweep in housekeeping.sweeps(self._retention):
            gone[name] = 0
            while True:
                count = await self._run(now, sweep)
                gone[name] += count
                if count < housekeeping.BATCH:
                    break
        return Figures(values=gone)

    async def set_aside(self, event: Event, decider: Decider, *, error: str, reference: str, room: int) -> Outcome:
        return await self._run(event.at, lambda work: self._set_aside(work, event, decider, error=error, reference=reference, room=room))

    async def figures(self, now: datetime) -> Figures:
        values = await self.database.look(lambda connection: housekeeping.figures(self._work(connection, now)))
        return Figures(values=values)

    async def close(self) -> None:
        await self.database.close()

    async def _run(self, now: datetime, function: Callable[[Work], T]) -> T:
        return await self.database.run(lambda connection: function(self._work(connection, now)))

    def _work(self, connection: sa.Connection, now: datetime) -> Work:
        if self._real_time:
            now = datetime.now(UTC) if self.database.sqlite else _database_time(connection)
        return Work(connection=connection, now=now, owner=self._owner, lease=self._lease)

    def _turn(self, work: Work, event: Event, decider: Decider, room: int) -> Outcome:
        if not _first_time(work, event.key):
            return Outcome(duplicate=True)
        before = people.of_account(work, event.account, event.chat, event.at)
        if before is None:
            return Outcome(duplicate=True)
        if not isinstance(event.body, Left):
            revive(work, rows.token_of(event.chat))
        carried = carry_out(work, before, event, decider)
        appended = rows.append(work, self._pace, carried.messages, carried.person, room)
        return Outcome(turn=carried.turn, claimed=appended.claimed, waiting=appended.waiting, effects=carried.effects)

    def _set_aside(self, work: Work, event: Event, decider: Decider, *, error: str, reference: str, room: int) -> Outcome:
        if not _first_time(work, event.key):
            return Outcome(duplicate=True)
        before = people.of_account(work, event.account, event.chat, event.at)
        if before is None:
            return Outcome(duplicate=True)
        letter = {"reference": reference, "key": _hashed(event.key), "error": error, "platform": event.account.platform, "at": work.now}
        work.run(_DEAD_LETTER, letter)
        decided = decider.decide(before, event)
        appended = rows.append(work, self._pace, decided.messages, before.person.id, room)
        return Outcome(turn=decided.turn, claimed=appended.claimed, waiting=appended.waiting)


async def open_store(
    url: str, *, retention: Retention | None = None, real_time: bool = True, pace: Pace | None = None, lease: timedelta = LEASE
) -> SqlStore:
    """Open a database, brought to the present schema. Raises StoreGone if it is away, AnotherHost for a SQLite file in use elsewhere."""
    database = Database(url)
    try:
        await database.on_thread(schema.upgrade)
    except BaseException:
        await database.close()
        raise
    return SqlStore(database, retention=retention, real_time=real_time, pace=pace, lease=lease)


def _database_time(connection: sa.Connection) -> datetime:
    return EPOCH + timedelta(microseconds=connection.execute(_CLOCK).scalar_one())


def _first_time(work: Work, key: str) -> bool:
    return work.run(_SEEN, {"key": _hashed(key), "at": work.now}).rowcount == 1


def _hashed(key: str) -> str:
    """Keys may name a person's chat, so only their hash is kept: it says nothing after an erasure."""
    return sha256(key.encode()).hexdigest()[:32]
