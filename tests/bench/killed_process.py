"""A sender that is killed: the product's store, core and delivery, with a file for a platform.

One line there is one message arrived.

`point` is "claimed" (between the intent's commit and the send) or "sent" (between the send and the
record of it); the process kills itself, as kill -9 would, at the `nth` message. An empty point
never comes. With a `handshake` each of the connections takes so many seconds to open, and the kill
comes after `nth` milliseconds, wherever that is.
"""

import asyncio
import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.clock import VirtualClock
from adapters.storage.outbox.send_rate_limit import SendLimits
from adapters.storage.sql.database import driver_url
from adapters.storage.store import open_store
from bot.core.messages import Begin, Claimed, Receipt, mark_nothing
from bot.runtime.content_store import ContentStore
from bot.runtime.delivery import MAX_IN_FLIGHT, Delivery
from bot.runtime.metrics import Metrics
from bot.runtime.turn_decider import TurnDecider
from tests.bench.ground import Sink

SHELF = ContentStore()
"""Read once, in the process that victims are forked from."""

ANSWER_SECONDS = 0.1
"""Until a platform that is far away has answered."""

SEND_SECONDS = 0.01
"""One send of the rival, so that a kill finds it at work."""


class _Platform(Sink):
    """Writes down what arrives, and dies when its time has come."""

    def __init__(self, log: str, point: str, nth: int, handshake: float) -> None:
        super().__init__(SHELF)
        self._log, self._point, self.nth = log, point, nth
        self._handshake = handshake
        self._idle = 0

    async def connect(self) -> None:
        """One more connection, at hand for whoever takes it first."""
        if self._handshake:
            await asyncio.sleep(self._handshake)
            self._idle += 1

    async def _connection(self) -> None:
        if not self._idle:
            await self.connect()
        self._idle -= 1

    async def send(self, claimed: Claimed, begin: Begin = mark_nothing) -> Receipt:
        if self._handshake:
            return await self._send_far(claimed, begin)
        last = len(self.begun) + 1 == self.nth
        if last and self._point == "claimed":
            os.kill(os.getpid(), signal.SIGKILL)
        await begin()
        _arrived(self._log, claimed.message.address.chat.id)
        if last and self._point == "sent":
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().send(claimed)

    async def _send_far(self, claimed: Claimed, begin: Begin) -> Receipt:
        """What is written arrives, whatever becomes of the process; its answer takes a while."""
        await self._connection()
        await begin()
        _arrived(self._log, claimed.message.address.chat.id)
        await asyncio.sleep(ANSWER_SECONDS)
        self._idle += 1
        return await super().send(claimed)


def _arrived(log: str, chat: str) -> None:
    with Path(log).open("a", encoding="utf-8") as file:
        file.write(f"{chat}\n")


def live(url: str, log: str, death: tuple[str, int], now: datetime, handshake: float) -> None:
    """`death`: the point and the nth."""
    point, nth = death
    asyncio.run(_live(url, _Platform(log, point, nth, handshake), now, point))


async def _live(url: str, platform: _Platform, now: datetime, point: str) -> None:
    """Book what is due, send until nothing is left.

    The clock stands: each life is a lease later than the one before.
    """
    if point == "any":
        # The kernel's own alarm: like kill -9 it comes at any instant, and no line of ours runs after it.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, platform.nth / 1000)
    store = await open_store(url, real_time=False, pace=SendLimits(rates={}))
    decider = TurnDecider(SHELF, {"telegram": platform})
    delivery = Delivery(
        store=store,
        clock=VirtualClock(now),
        messengers={"telegram": platform},
        decider=decider,
        metrics=Metrics(),
    )
    while (await store.book(now)).booked:
        pass
    await platform.connect()
    await delivery.run_until_idle()
    await store.close()


# --- the rival: one APScheduler job a person -----------------------------------------------------------------------------

_air = asyncio.Semaphore(MAX_IN_FLIGHT)
_log = ""


async def _job(chat: str) -> None:
    async with _air:
        await asyncio.sleep(SEND_SECONDS)
        _arrived(_log, chat)


def rival(url: str, log: str, jobs: int, quiet_seconds: float) -> None:
    """Add the jobs, all due now, unless there are some; run until nothing arrived for so long."""
    global _log  # noqa: PLW0603 -- a job store keeps a job by its function's name
    _log = log
    asyncio.run(_rival(url, jobs, quiet_seconds))


async def _rival(url: str, jobs: int, quiet_seconds: float) -> None:
    address = driver_url(url).render_as_string(hide_password=False)
    alarm = AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(url=address)}, timezone=UTC)
    alarm.start(paused=True)
    for number in range(jobs):
        alarm.add_job(
            _job,
            "interval",
            args=[str(number)],
            weeks=1,
            id=str(number),
            next_run_time=datetime.now(UTC),
            misfire_grace_time=None,
        )
    alarm.resume()
    size, since = -1, time.monotonic()
    while time.monotonic() - since < quiet_seconds:
        await asyncio.sleep(0.05)
        now = os.stat(_log).st_size  # noqa: PTH116 -- quick, and no other word for it is allowed in a coroutine
        if now != size:
            size, since = now, time.monotonic()
    alarm.shutdown(wait=False)
