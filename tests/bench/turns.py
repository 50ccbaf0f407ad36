"""An event's way through: from the parsed update to the platform's API,
in this process and over loopback in another one.
"""

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from adapters.clock import SystemClock
from adapters.telegram import parse
from adapters.telegram.http_client import Wire
from adapters.telegram.surface import surface
from adapters.telegram.transport import Telegram
from bot.runtime.content_store import ContentStore
from bot.runtime.settings import Settings
from bot.runtime.wiring import assemble
from tests.bench.figures import Figure, percentile
from tests.bench.ground import resident
from tests.process import bot
from tests.servers.slack import SlackServer
from tests.servers.telegram import TOKEN, TelegramServer

WARM = 100
PACED = 400
REST_SECONDS = 0.001
QUESTION = "salary senior"
BOTH_LIBRARIES = """
import telegram.ext, slack_bolt.async_app, slack_bolt.adapter.socket_mode.aiohttp
print("imported", flush=True)
input()
"""


async def measure(options: argparse.Namespace) -> list[Figure]:
    return [
        *await _in_process(),
        *await _telegram(options.messages),
        *await _slack(),
        await _memory(),
    ]


async def _in_process() -> list[Figure]:
    """With Telegram's own transport down to the request layer, where the network would begin."""
    content_store = ContentStore()
    me = parse.Me(id=7, username="bench_bot", commands=frozenset(content_store.content.commands))
    begun: list[float] = []
    to_send, to_mark = [], []
    with (
        tempfile.TemporaryDirectory() as folder,
        patch("adapters.telegram.transport.Wire", partial(_Network, begun)),
    ):
        telegram = Telegram(
            token=TOKEN, clock=SystemClock(), content=lambda: content_store.content, draw=_nothing
        )
        url = f"sqlite:///{folder}/bench.db"
        async with assemble(
            content_store=content_store,
            database_url=url,
            clock=SystemClock(),
            messengers={"telegram": telegram},
            settings=Settings(_env_file=None),
        ) as parts:
            running = asyncio.create_task(parts.delivery.run())
            recorded = _Records(parts.store)
            for number in range(2 * PACED):
                user = {"id": 1000 + number % PACED, "is_bot": False, "first_name": "B"}
                chat = {"id": user["id"], "type": "private"}
                message = {
                    "message_id": number,
                    "date": int(time.time()),
                    "from": user,
                    "chat": chat,
                    "text": QUESTION,
                }
                update = {"update_id": number, "message": message}
                event = parse.parse(
                    update,
                    me=me,
                    surface=surface("bench_bot"),
                    at=datetime.now(UTC),
                    nonce=f"{number:032x}",
                )
                recorded.clear()
                started = time.perf_counter()
                await parts.engine.take(event)
                # A loop that spins would hold the interpreter against the store's thread: wait without turning.
                await recorded.something.wait()
                to_send.append((begun[-1] - started) * 1000)
                to_mark.append((recorded.at - started) * 1000)
                await asyncio.sleep(REST_SECONDS)
            running.cancel()
        commits = await _bare_commits(Path(folder))
    to_send, to_mark = to_send[PACED:], to_mark[PACED:]
    one, two = "one row committed by sqlite3 on a thread", "two such commits"
    figures = []
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        aims = ("≤ 1.0", "≤ 1.5") if share == 0.5 else ("", "")
        commit = percentile(commits, share)
        sent, marked = percentile(to_send, share), percentile(to_mark, share)
        figures += [
            Figure(
                name=f"parsed update → sendMessage call, {name}",
                value=sent,
                unit="ms",
                beside=one,
                beside_value=commit,
                aim=aims[0],
            ),
            Figure(
                name=f"parsed update → marked sent, {name}",
                value=marked,
                unit="ms",
                beside=two,
                beside_value=2 * commit,
                aim=aims[1],
            ),
        ]
    return figures


class _Network(Wire):
    """Notes when a request would go out, and has its answer at once."""

    def __init__(self, begun: list[float], **settings: Any) -> None:
        super().__init__(**settings)
        self._begun = begun

    async def do_request(self, *_request: Any, **_timeouts: Any) -> tuple[int, bytes]:
        self._begun.append(time.perf_counter())
        return (
            200,
            b'{"ok": true, "result": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}}',
        )


async def _nothing(_chart: object) -> bytes:
    return b""


async def _bare_commits(folder: Path) -> list[float]:
    """What durability alone costs here: a thread commits one row, as durably as the store does,
    while the event loop waits.
    """
    loop = asyncio.get_running_loop()
    took = []
    with ThreadPoolExecutor(max_workers=1) as thread:
        connection = sqlite3.connect(
            folder / "bare.db", isolation_level=None, check_same_thread=False
        )
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "CREATE TABLE rows (row TEXT)",
        ):
            connection.execute(statement)
        for _ in range(PACED):
            started = time.perf_counter()
            await loop.run_in_executor(
                thread, connection.execute, "INSERT INTO rows VALUES ('a row')"
            )
            took.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(REST_SECONDS)
        connection.close()
    return took


class _Records:
    """When the last exchange that recorded something was committed,
    and whether one was since `clear`.
    """

    def __init__(self, store: object) -> None:
        self.at = 0.0
        self.something = asyncio.Event()
        self._exchange = store.exchange
        store.exchange = self._noted

    def clear(self) -> None:
        self.something.clear()

    async def _noted(self, now, receipts, room, decider):
        result = await self._exchange(now, receipts, room, decider)
        if receipts:
            self.at = time.perf_counter()
            self.something.set()
        return result


async def _telegram(messages: int) -> list[Figure]:
    ours, our_paced, memory = await _telegram_run(messages, bare=False)
    theirs, their_paced, bare_memory = await _telegram_run(messages, bare=True)
    beside = "bare python-telegram-bot, concurrent_updates(16)"
    return [
        Figure(
            name=f"Telegram burst of {messages} over loopback",
            value=ours,
            unit="updates/s",
            beside=beside,
            beside_value=theirs,
            aim="≥ 0.6 ×",
        ),
        Figure(
            name="Telegram, one at a time, p50",
            value=percentile(our_paced, 0.5),
            unit="ms",
            beside=beside,
            beside_value=percentile(their_paced, 0.5),
        ),
        Figure(
            name="Telegram, one at a time, p99",
            value=percentile(our_paced, 0.99),
            unit="ms",
            beside=beside,
            beside_value=percentile(their_paced, 0.99),
        ),
        Figure(
            name="resident memory after the burst",
            value=memory,
            unit="MiB",
            beside=beside,
            beside_value=bare_memory,
        ),
    ]


async def _telegram_run(messages: int, *, bare: bool) -> tuple[float, list[float], float]:
    """Updates a second in a burst from as many people, the times of single messages,
    and the process's memory.
    """
    paced = []
    with tempfile.TemporaryDirectory() as folder:
        async with TelegramServer(strict=False) as server:
            settings = {**server.environment, "DATABASE_URL": f"sqlite:///{folder}/bench.db"}
            async with _started(
                Path(folder), settings, "tests.bench.bare_telegram" if bare else ""
            ) as pid:
                server.say(QUESTION, user=1)
                await server.until(lambda: server.sent, seconds=30)
                for number in range(WARM):
                    started, before = time.perf_counter(), len(server.sent)
                    server.say(QUESTION, user=10 + number)
                    await server.until(lambda before=before: len(server.sent) > before)
                    paced.append((time.perf_counter() - started) * 1000)
                before, started = len(server.sent), time.perf_counter()
                for number in range(messages):
                    server.say(QUESTION, user=10_000 + number)
                await server.until(lambda: len(server.sent) >= before + messages, seconds=120)
                rate = messages / (time.perf_counter() - started)
                return rate, paced[WARM // 4 :], resident(pid)


async def _slack() -> list[Figure]:
    ours, theirs = await _slack_run(bare=False), await _slack_run(bare=True)
    return [
        Figure(
            name=f"Slack command → acknowledgement with the answer, p{share:.0%}".replace("%", ""),
            value=percentile(ours, share),
            unit="ms",
            beside="bare slack-bolt, as it comes",
            beside_value=percentile(theirs, share),
            aim="≤ 2" if share == 0.5 else "",
        )
        for share in (0.5, 0.99)
    ]


async def _slack_run(*, bare: bool) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        async with SlackServer() as server:
            settings = {**server.environment, "DATABASE_URL": f"sqlite:///{folder}/bench.db"}
            async with _started(Path(folder), settings, "tests.bench.bare_slack" if bare else ""):
                await server.until(lambda: server.live, seconds=30)
                acks = [
                    await server.command(
                        "/pivot", QUESTION, user=f"U{100 + number % 40}", team=f"T{number % 40}"
                    )
                    for number in range(WARM + PACED // 2)
                ]
    assert all(ack.ok for ack in acks)
    return [ack.seconds * 1000 for ack in acks[WARM // 2 :]]


async def _memory() -> Figure:
    """Both platforms in one process, each asked once, beside a process that has only imported both
    libraries. The database has its tables already, as at every start but the first.
    """
    with tempfile.TemporaryDirectory() as folder:
        async with TelegramServer(strict=False) as telegram, SlackServer() as slack:
            settings = {
                **telegram.environment,
                **slack.environment,
                "DATABASE_URL": f"sqlite:///{folder}/bench.db",
            }
            async with bot(Path(folder), "migrate", **settings) as migrating:
                await migrating.ended(seconds=30)
            async with _started(Path(folder), settings, "") as pid:
                telegram.say("what does a senior ml engineer earn")
                await telegram.until(lambda: telegram.sent, seconds=30)
                await slack.until(lambda: slack.live, seconds=30)
                assert (await slack.command("/pivot", QUESTION, user="U100")).ok
                ours = resident(pid)
    return Figure(
        name="resident memory of `pivotbot run` with Telegram and Slack, each asked once",
        value=ours,
        unit="MiB",
        beside="a process that has imported python-telegram-bot and slack-bolt",
        beside_value=await _of_imports(),
        aim="≤ it + 60",
    )


async def _of_imports() -> float:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        BOTH_LIBRARIES,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    await process.stdout.readline()
    memory = resident(process.pid)
    await process.communicate(b"\n")
    return memory


@asynccontextmanager
async def _started(folder: Path, settings: dict[str, str], module: str) -> AsyncIterator[int]:
    """`pivotbot run`, or a bare rival. Gives the process id."""
    if not module:
        async with bot(folder, **settings | {"LOG_LEVEL": "WARNING"}) as process:
            yield process.pid
        return
    rival = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        env=settings | {"PATH": ""},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield rival.pid
    finally:
        rival.kill()
        await rival.wait()
