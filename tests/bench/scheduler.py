"""Nudges by the thousand: looking for who is due, booking them, sending them, beside one
APScheduler job for each person.

`settle_in` writes the people straight into the tables; everything measured goes through the
product's own Ticker, Store and Delivery.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.clock import SystemClock
from adapters.storage.outbox.send_rate_limit import SendLimits
from adapters.storage.sql.database import driver_url
from adapters.storage.store import SqlStore, open_store
from bot.runtime.content_store import ContentStore
from bot.runtime.delivery import Delivery
from bot.runtime.metrics import Metrics
from bot.runtime.turn_decider import TurnDecider
from bot.runtime.wiring import without_collection
from scheduler.booking import SPREAD
from scheduler.ticker import BATCHES, Ticker
from tests.bench.figures import Figure, percentile
from tests.bench.ground import (
    WEEK,
    Herd,
    Kind,
    Sink,
    kinds,
    loop_watched,
    rows_by_state,
    settle_in,
    this_minute,
)
from tests.process import bot
from tests.servers.telegram import TelegramServer

FEW, MANY = 10_000, 100_000
"""Sizes of the store, beside the one asked for, at which the clock's idle look is timed."""
LOOKS = 300
RIVALS = 500
"""Jobs given to APScheduler: its cost for each does not fall with their number,
so its rate speaks for larger ones.
"""
REPLICAS = 4
BOOKING_AIM = {"SQLite": 20_000, "PostgreSQL": 15_000}
DRAIN_AIM = {"SQLite": 1_000, "PostgreSQL": 600}
UNPACED = SendLimits(rates={})

LIVE = 8
"""Messages a second of the people who talk while a herd goes out;
with the nudges' 20 that is what Telegram takes.
"""
FIRST_LIVE = 9_000_000


async def measure(options: argparse.Namespace) -> list[Figure]:
    figures: list[Figure] = []
    content_store = ContentStore()
    with kinds() as both:
        for kind in both:
            figures += await _one_store(kind, content_store, size=options.people, due=options.due)
        figures += await _replicas(both[1], options.due)
    figures += await _herd(options.herd, live=False)
    figures += await _herd(options.herd, live=True)
    return figures


async def _one_store(
    kind: Kind, content_store: ContentStore, *, size: int, due: int
) -> list[Figure]:
    async with _opened(kind.fresh()) as store:
        looks = await _idle(store, sorted({FEW, MANY, size}))
        most = max(looks)
        await settle_in(store.database, Herd(first=most + 1, last=most + due, due=this_minute()))
        booked = await _book(store, due)
        sent = await _drain(store, content_store, due)
    rival = await _rival(kind)
    return [
        *_of_looks(kind, looks),
        *_of_herd(kind, f"{due:,} due of {most + due:,}", booked, sent, rival),
    ]


def _of_looks(kind: Kind, looks: dict[int, float]) -> list[Figure]:
    fewest, *others = sorted(looks)
    first = Figure(
        name=f"{kind.name}: a tick with nobody due, {fewest:,} people, p50",
        value=looks[fewest],
        unit="ms",
        aim="≤ 1",
    )
    return [
        first,
        *(
            Figure(
                name=f"{kind.name}: a tick with nobody due, {size:,} people, p50",
                value=looks[size],
                unit="ms",
                beside=f"{fewest:,} people",
                beside_value=looks[fewest],
                aim="≤ 1, ≤ 1.5 ×",
            )
            for size in others
        ),
    ]


def _of_herd(kind: Kind, whole: str, booked: "Took", sent: "Took", rival: "Took") -> list[Figure]:
    beside = f"one APScheduler job a person, {RIVALS} due"
    blocked = f"{kind.name}: event loop blocked at most at a time"
    return [
        Figure(
            name=f"{kind.name}: booking {whole}",
            value=booked.rate,
            unit="nudges/s",
            aim=f"≥ {BOOKING_AIM[kind.name]:,}",
        ),
        Figure(
            name=f"{kind.name}: sending {whole}, each intent and outcome committed, the network answering at once",
            value=sent.rate,
            unit="nudges/s",
            beside=beside,
            beside_value=rival.rate,
            aim=f"≥ {DRAIN_AIM[kind.name]:,}",
        ),
        Figure(
            name=f"{blocked}, booking",
            value=booked.gap,
            unit="ms",
            beside=beside,
            beside_value=rival.gap,
            aim="≤ 50",
        ),
        Figure(
            name=f"{blocked}, sending",
            value=sent.gap,
            unit="ms",
            beside=beside,
            beside_value=rival.gap,
            aim="≤ 50",
        ),
    ]


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[SqlStore]:
    store = await open_store(url, pace=UNPACED)
    try:
        with without_collection():
            yield store
    finally:
        await store.close()


async def _idle(store: SqlStore, sizes: list[int]) -> dict[int, float]:
    """ms of one look, by people in the store."""
    looks: dict[int, float] = {}
    before = 0
    for size in sizes:
        await settle_in(
            store.database, Herd(first=before + 1, last=size, due=this_minute() + WEEK / 2)
        )
        before = size
        took = []
        for _ in range(LOOKS):
            started = time.perf_counter()
            booking = await store.book(datetime.now(UTC))
            took.append((time.perf_counter() - started) * 1000)
            assert booking.booked == 0
        looks[size] = percentile(took[LOOKS // 10 :], 0.5)
    return looks


@dataclass(frozen=True, kw_only=True)
class Took:
    """Nudges (or jobs) a second, and how long the event loop stood still at most meanwhile,
    in ms.
    """

    rate: float
    gap: float


async def _book(store: SqlStore, due: int) -> Took:
    """Through the ticker: as many ticks as it takes."""
    ticker = Ticker(store=store, clock=SystemClock(), wake=lambda: None)
    async with loop_watched() as gap:
        started = time.perf_counter()
        for _ in range(0, due, 500 * BATCHES):
            await ticker.tick()
        seconds = time.perf_counter() - started
    assert await rows_by_state(store.database) == {"ready": due}
    return Took(rate=due / seconds, gap=gap.longest)


async def _drain(store: SqlStore, content_store: ContentStore, due: int) -> Took:
    """From booked to recorded as sent, through delivery."""
    sink = Sink(content_store)
    decider = TurnDecider(content_store, {"telegram": sink})
    delivery = Delivery(
        store=store,
        clock=SystemClock(),
        messengers={"telegram": sink},
        decider=decider,
        metrics=Metrics(),
    )
    async with loop_watched() as gap:
        started = time.perf_counter()
        running = asyncio.create_task(delivery.run())
        while len(sink.begun) < due:
            await asyncio.sleep(0.005)
            assert not running.done(), running.exception()
        running.cancel()
        await asyncio.wait([running])
        await delivery.drain(5)
        seconds = time.perf_counter() - started
    assert await rows_by_state(store.database) == {"sent": due}
    return Took(rate=due / seconds, gap=gap.longest)


# --- the rival -------------------------------------------------------------------------------------------------------


_ran: list[float] = []


async def _noted() -> None:
    """The rival's job. A job store keeps it by its name, so it is a function of this module."""
    _ran.append(time.perf_counter())


async def _rival(kind: Kind) -> Took:
    """One job a person in APScheduler's own job store, with the settings that lose least,
    all due at once.
    """
    _ran.clear()
    url = driver_url(kind.fresh()).render_as_string(hide_password=False)
    alarm = AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(url=url)}, timezone=UTC)
    alarm.start(paused=True)
    due = datetime.now(UTC)
    for number in range(RIVALS):
        alarm.add_job(
            _noted, "interval", weeks=1, id=str(number), next_run_time=due, misfire_grace_time=None
        )
    async with loop_watched() as gap:
        started = time.perf_counter()
        alarm.resume()
        while len(_ran) < RIVALS:
            await asyncio.sleep(0.005)
        seconds = _ran[-1] - started
    alarm.shutdown(wait=False)
    return Took(rate=RIVALS / seconds, gap=gap.longest)


# --- replicas --------------------------------------------------------------------------------------------------------


async def _replicas(kind: Kind, due: int) -> list[Figure]:
    """The same herd booked by one process and by four: a row that two booked would break the
    outbox's unique key or count twice.
    """
    alone, _ = await _booked_by(kind, 1, due)
    together, counted = await _booked_by(kind, REPLICAS, due)
    return [
        Figure(
            name=f"PostgreSQL: {REPLICAS} replicas booking {due:,} due",
            value=together,
            unit="nudges/s",
            beside="one replica",
            beside_value=alone,
            aim="≥ 1 ×",
        ),
        Figure(
            name=f"PostgreSQL: booked twice by {REPLICAS} replicas",
            value=counted - due,
            unit="nudges",
            aim="0",
        ),
    ]


async def _booked_by(kind: Kind, replicas: int, due: int) -> tuple[float, int]:
    """Nudges a second from the first start to the last end,
    and how many were booked by all together.
    """
    url = kind.fresh()
    async with _opened(url) as store:
        await settle_in(store.database, Herd(first=1, last=due, due=this_minute()))
        processes = [await _replica(url) for _ in range(replicas)]
        for process in processes:
            assert process.stdout
            assert (await process.stdout.readline()).strip() == b"ready"
        for process in processes:
            assert process.stdin
            process.stdin.write(b"go\n")
        said = [(await process.communicate())[0].split() for process in processes]
        assert sum((await rows_by_state(store.database)).values()) == due
    begun, ended = min(float(start) for _, start, _ in said), max(float(end) for *_, end in said)
    return due / (ended - begun), sum(int(count) for count, *_ in said)


async def _replica(url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.replica",
        url,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


# --- a herd and the people who talk meanwhile --------------------------------------------------------------------------


async def _herd(size: int, *, live: bool) -> list[Figure]:
    """`pivotbot run` against a Telegram that takes 30 messages a
    second and answers more with 429.
    """
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/herd.db"
        async with _opened(url) as store:
            await settle_in(
                store.database, Herd(first=1, last=size, due=this_minute() - SPREAD)
            )  # the slots of all have come
        async with TelegramServer(per_second=30, strict=False) as server:
            for user in range(1, size + 1):
                server.message(user=user)  # opens the chat
            settings = {**server.environment, "DATABASE_URL": url, "LOG_LEVEL": "WARNING"}
            async with bot(Path(folder), **settings):
                await server.until(lambda: server.sent, seconds=30)
                talking = asyncio.create_task(_talk(server)) if live else None
                await server.until(
                    lambda: sum(sent.chat <= size for sent in server.sent) >= size,
                    seconds=30 + size / 5,
                )
                waits = await _stopped(talking) if talking else []
        nudges = sorted(sent.at for sent in server.sent if sent.chat <= size)
        refused = sum(call.status == 429 for call in server.calls)
    assert len(nudges) == size, "a nudge came twice"
    rate = (size - 1) / (nudges[-1] - nudges[0])
    if not live:
        return [
            Figure(
                name=f"a herd of {size:,} to Telegram, nobody talking",
                value=rate,
                unit="nudges/s",
                aim="≥ 29.1 (97 % of 30)",
            ),
            Figure(name=f"a herd of {size:,}: 429s", value=refused, unit="answers", aim="0"),
        ]
    talk = f"a herd of {size:,} to Telegram, {LIVE} messages a second from people"
    return [
        Figure(name=talk, value=rate, unit="nudges/s", aim="≥ 19.4 (97 % of 20)"),
        Figure(name=f"{talk}: 429s", value=refused, unit="answers", aim="0"),
        Figure(
            name=f"{talk}: message → answer, p50 of {len(waits)}",
            value=percentile(waits, 0.5),
            unit="ms",
        ),
        Figure(
            name=f"{talk}: message → answer, p99",
            value=percentile(waits, 0.99),
            unit="ms",
            aim="≤ 300",
        ),
    ]


async def _talk(server: TelegramServer) -> list[float]:
    """People who write once each, until cancelled. Gives what each waited, in ms."""
    said: dict[int, float] = {}
    try:
        while True:
            user = FIRST_LIVE + len(said)
            said[user] = time.monotonic()
            server.say("salary senior", user=user)
            await asyncio.sleep(1 / LIVE)
    except asyncio.CancelledError:
        await server.until(
            lambda: sum(sent.chat >= FIRST_LIVE for sent in server.sent) >= len(said), seconds=30
        )
        heard = {sent.chat: sent.at for sent in reversed(server.sent)}
        return [(heard[user] - at) * 1000 for user, at in said.items()]


async def _stopped(talking: asyncio.Task[list[float]]) -> list[float]:
    talking.cancel()
    return await talking
