"""APScheduler as an alarm clock and nothing more: a few fixed jobs in memory, none per subscriber,
none pickled.

Who is due is the store's to say. Every job catches everything, because one error inside APScheduler
3.11 stops it for good while it goes on saying that it runs; a watchdog that does not depend on it
starts a fresh one when the alarm has been still for too long.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from time import time_ns
from typing import Final

import tzdata

# It has no types.
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

# It has no types.
from apscheduler.triggers.interval import IntervalTrigger  # type: ignore[import-untyped]

from bot.core.ports import Clock, Store, StoreGone
from bot.core.traces import Traces, Untraced
from content.content import Content
from content.staleness import stale_facts

log = logging.getLogger(__name__)

TICK: Final = timedelta(seconds=1)
RECLAIM: Final = timedelta(seconds=5)
TIDY: Final = timedelta(minutes=10)
DAILY: Final = timedelta(days=1)

BATCHES: Final = 40
"""Batches of 500 booked in one tick at most, so that the tick comes back even in a herd;
the rest follows a second later.
"""
JOB_SECONDS: Final = 120.0
"""A job that takes longer is given up, so that it cannot hold its place for ever."""
STILL_SECONDS: Final = 10.0
"""No job begun or under way for so long: the alarm clock has stopped."""
ZONES_OLD: Final = timedelta(days=120)

Job = Callable[[], Awaitable[None]]


class Ticker:
    """Runs the jobs until cancelled.

    `heartbeat` is when booking last succeeded; None before it ever did.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        wake: Callable[[], None],
        content: Callable[[], Content] | None = None,
        resume: Job | None = None,
        failed: Callable[[str, Exception], None] | None = None,
        traces: Traces | None = None,
        tick_every: timedelta = TICK,
        still_seconds: float = STILL_SECONDS,
    ) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake
        self._content = content
        self._resume = resume
        self._failed = failed
        self._traces = traces or Untraced()
        self._tick_every = tick_every
        self._still_seconds = still_seconds
        self._stirred = 0.0
        self._under_way = 0
        self.heartbeat: datetime | None = None
        self.restarts = 0

    async def run(self) -> None:
        """Until cancelled. Started again by itself when the alarm clock stops."""
        alarm = self._start()
        try:
            while True:
                await asyncio.sleep(self._still_seconds / 4)
                if self._still():
                    log.error(
                        "the alarm clock stood still for %.0f s; starting a fresh one",
                        self._still_seconds,
                    )
                    self.restarts += 1
                    _stop(alarm)
                    alarm = self._start()
        finally:
            _stop(alarm)

    def _start(self) -> AsyncIOScheduler:
        """A fresh scheduler with every job due at once."""
        self._stirred = asyncio.get_running_loop().time()
        alarm = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        jobs: tuple[tuple[str, timedelta, Job], ...] = (
            ("tick", self._tick_every, self.tick),
            ("reclaim", RECLAIM, self.reclaim),
            ("tidy", TIDY, self.tidy),
            ("zones", DAILY, self.check_zones),
            ("staleness", DAILY, self.report_staleness),
        )
        for name, every, job in jobs:
            trigger = IntervalTrigger(seconds=every.total_seconds(), timezone=UTC)
            alarm.add_job(
                partial(self._run_guarded, name, job),
                trigger,
                id=name,
                next_run_time=datetime.now(UTC),
            )
        alarm.start()
        return alarm

    def _still(self) -> bool:
        return (
            not self._under_way
            and asyncio.get_running_loop().time() - self._stirred > self._still_seconds
        )

    async def _run_guarded(self, name: str, job: Job) -> None:
        """One run of a job. Nothing that it raises reaches APScheduler."""
        self._under_way += 1
        try:
            async with asyncio.timeout(JOB_SECONDS):
                await job()
        except StoreGone:
            log.warning("%s: the database is away", name)
        # The next run must come, whatever happened in this one.
        except Exception as error:  # noqa: BLE001
            # An exception's text may quote a person.
            log.error("%s failed: %s", name, type(error).__name__)  # noqa: TRY400
            if self._failed is not None:
                self._failed(name, error)
        finally:
            self._under_way -= 1
            self._stirred = asyncio.get_running_loop().time()

    async def tick(self) -> None:
        """Book what is due and wake delivery."""
        for _ in range(BATCHES):
            now, begun = self._clock.now(), time_ns()
            booking = await self._store.book(now)
            self.heartbeat = now
            if booking.booked:
                self._traces.record("nudge tick", begun, time_ns(), booked=booking.booked)
                self._wake()
            if booking.next_due_at is None or booking.next_due_at > now:
                return

    async def reclaim(self) -> None:
        """Let delivery look for rows whose sender died, here or in another replica;
        and take up errands in the same way.
        """
        self._wake()
        if self._resume is not None:
            await self._resume()

    async def tidy(self) -> None:
        went = await self._store.tidy(self._clock.now())
        gone = {name: count for name, count in went.values.items() if count}
        if gone:
            log.info("tidied: %s", ", ".join(f"{name} {count:g}" for name, count in gone.items()))

    async def check_zones(self) -> None:
        """Zone rules change at weeks' notice: an old database sends people an hour off."""
        newest = date(int(tzdata.IANA_VERSION[:4]), 12, 31)
        if self._clock.now().date() - newest > ZONES_OLD:
            log.warning("time-zone data %s is old: upgrade the tzdata package", tzdata.IANA_VERSION)

    async def report_staleness(self) -> None:
        if self._content is None:
            return
        stale = tuple(stale_facts(self._content(), self._clock.now().date()))
        if stale:
            expired = sum(word == "expired" for _, word in stale)
            log.warning(
                "content: %d facts are more than a year old, %d past their day; `pivotbot "
                "check` names them",
                len(stale) - expired,
                expired,
            )


def _stop(alarm: AsyncIOScheduler) -> None:
    """Stop it if it runs at all. Jobs under way end by themselves."""
    if alarm.running:
        alarm.shutdown(wait=False)
