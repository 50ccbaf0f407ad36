"""A process that talks, books and sends until it is killed, or until there is nothing left to do.

It kills itself at a named point, as kill -9 would: nothing is flushed, closed or rolled back by
hand. The fake platform is a file: one line for every message that arrived. Nothing here is seen by
production code.
"""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event as hooks

from adapters.storage.outbox.send_rate_limit import SendLimits
from adapters.storage.sql import prepared
from adapters.storage.store import SqlStore, open_store
from bot.core.messages import Claimed, Delivered
from bot.core.state import Reminder
from bot.runtime.delivery import MAX_IN_FLIGHT
from tests.store.scripted_decider import MONDAY, ROOM, Script, reminding, said, subscribing

PEOPLE = tuple(f"u{number}" for number in range(6))
ONCE = Reminder(id="once", text="book the test", due_at=MONDAY, asked_at=MONDAY - timedelta(days=1))
LINES = "first\nsecond\nthird"


class Victim:
    """`point` ("before a commit", "after a commit", "claimed", "begun", "sent") and `nth` say when
    to die; an empty point never comes.
    """

    def __init__(self, url: str, log: str, point: str, nth: int, now: datetime) -> None:
        self.url, self.log, self.now = url, log, now
        self.point, self.nth = point, nth
        self.passed: Counter[str] = Counter()
        self.receipts: list[tuple[Claimed, Delivered]] = []
        self.script = Script(
            subscribe=subscribing(id="weekly"),
            remind=reminding(ONCE),
            monthly=subscribing(id="monthly", nth=4, pace="monthly", added=True),
        )

    def pass_by(self, point: str) -> None:
        self.passed[point] += 1
        if point == self.point and self.passed[point] == self.nth:
            os.kill(os.getpid(), signal.SIGKILL)

    async def live(self) -> None:
        store = await open_store(self.url, real_time=False, pace=SendLimits(rates={}))
        self._watch_commits(store)
        await self._listen(store)
        while (await store.book(self.now)).booked:
            pass
        await self._deliver(store)
        await store.close()

    def _watch_commits(self, store: SqlStore) -> None:
        engine = store.database.engine
        if store.database.sqlite:
            prepared.say = self._watched(prepared.say)
        else:
            hooks.listen(engine, "commit", lambda _connection: self.pass_by("before a commit"))
            hooks.listen(engine, "checkin", lambda *_call: self.pass_by("after a commit"))

    def _watched(
        self, say: Callable[[sa.Connection, str], None]
    ) -> Callable[[sa.Connection, str], None]:
        def watched(connection: sa.Connection, command: str) -> None:
            if command == "COMMIT":
                self.pass_by("before a commit")
            say(connection, command)
            if command == "COMMIT":
                self.pass_by("after a commit")

        return watched

    async def _listen(self, store: SqlStore) -> None:
        """The platform delivers again whatever we did not confirm; here, everything, every time."""
        for user in PEOPLE:
            await store.turn(
                said("subscribe", user, key=f"{user}-1", at=MONDAY - timedelta(days=1)),
                self.script,
                room=0,
            )
            await store.turn(
                said("monthly", user, key=f"{user}-4", at=MONDAY - timedelta(days=1)),
                self.script,
                room=0,
            )
            await store.turn(
                said("remind", user, key=f"{user}-3", at=MONDAY - timedelta(days=1)),
                self.script,
                room=0,
            )
            event = said(LINES, user, key=f"{user}-2", at=self.now)
            outcome = await store.turn(event, self.script, room=MAX_IN_FLIGHT - len(self.receipts))
            await self._send(store, outcome.claimed)

    async def _deliver(self, store: SqlStore) -> None:
        """Four in the air at a time; what became of them is told with the next claims."""
        while True:
            exchange = await store.exchange(self.now, self.receipts, ROOM, self.script)
            self.receipts = []
            if not exchange.claimed:
                return
            await self._send(store, exchange.claimed)

    async def _send(self, store: SqlStore, claims: Sequence[Claimed]) -> None:
        for claimed in claims:
            self.pass_by("claimed")
            assert not claimed.resent or await store.begin(claimed)
            self.pass_by("begun")
            arrive(self.log, f"{claimed.message.address.chat.id} {claimed.message.fallback}")
            self.pass_by("sent")
            self.receipts.append((claimed, Delivered(f"ref-{claimed.id}")))


def arrive(log: str, line: str) -> None:
    with Path(log).open("a") as platform:
        platform.write(f"{line}\n")


def live(url: str, log: str, point: str, nth: int, now: datetime) -> None:
    asyncio.run(Victim(url, log, point, nth, now).live())


def claim_and_freeze(url: str, log: str, now: datetime) -> None:
    """Claim one message, stop as SIGSTOP does, and after waking send it and report it,
    as if no time had passed.
    """

    async def claim() -> None:
        store = await open_store(url, real_time=False)
        exchange = await store.exchange(now, [], ROOM, Script())
        (claimed,) = exchange.claimed
        os.kill(os.getpid(), signal.SIGSTOP)
        arrive(log, "late")
        await store.exchange(now, [(claimed, Delivered("late"))], {}, Script())
        await store.close()

    asyncio.run(claim())
