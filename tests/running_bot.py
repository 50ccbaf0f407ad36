"""A whole bot in the test's own loop: the real store, engine, delivery, ticker, web server and
SDKs, against servers on loopback.

What only a process can show (kills, signals) is tested with tests.process instead; this starts in a
tenth of the time.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import httpx

from bot.runtime import service
from bot.runtime.settings import Settings
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SlackServer
from tests.servers.telegram import TOKEN, TelegramServer


@dataclass
class RunningBot:
    """One running bot. `door` is a client of its web server."""

    door: httpx.AsyncClient
    running: asyncio.Task[int]

    async def metric(self, name: str) -> float:
        """The sum of a metric over its labels."""
        lines = (await self.door.get("/metrics")).text.splitlines()
        return sum(
            float(line.rpartition(" ")[2])
            for line in lines
            if line.startswith((f"{name} ", f"{name}{{"))
        )

    async def ready(self) -> tuple[int, dict[str, Any]]:
        answer = await self.door.get("/readyz")
        return answer.status_code, answer.json()


@asynccontextmanager
async def running_bot(
    database_url: str,
    *,
    telegram: TelegramServer | None = None,
    slack: SlackServer | None = None,
    traces: Any = None,
    **more: Any,
) -> AsyncIterator[RunningBot]:
    """Serve whichever platforms are given, until the end of the block; then stop in order."""
    settings: dict[str, Any] = {"database_url": database_url, "port": 0}
    if telegram:
        settings |= {"telegram_bot_token": TOKEN, "telegram_api_url": telegram.url}
    if slack:
        settings |= {
            "slack_bot_token": BOT_TOKEN,
            "slack_app_token": APP_TOKEN,
            "slack_api_url": slack.api_url,
        }
    stop = asyncio.Event()
    with _Port() as port:
        running = asyncio.create_task(
            service.run(
                Settings(_env_file=None, **(settings | more)), until=stop.wait(), traces=traces
            )
        )
        await asyncio.wait({running, port.known}, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        raise AssertionError(f"the bot ended with {running.result()}")
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port.known.result()}", timeout=20
        ) as door:
            yield RunningBot(door, running)
    finally:
        stop.set()
        async with asyncio.timeout(15):
            await running


class _Port(logging.Handler):
    """Learns from the log where the web server listens."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.known: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._log = logging.getLogger("bot.runtime.service")

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg == "listening on port %d" and record.args:
            self.known.set_result(record.args[0])

    def __enter__(self) -> Self:
        self._level = self._log.level
        self._log.setLevel(logging.INFO)
        self._log.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._log.removeHandler(self)
        self._log.setLevel(self._level)


async def until(condition: Any, seconds: float = 20.0) -> Any:
    """Wait for an awaitable condition to hold. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not (found := await condition()):
            await asyncio.sleep(0.02)
    return found


@dataclass(frozen=True)
class Tally:
    """What became of the messages of a test: one answer each is expected."""

    injected: int
    answered: int
    lost: int
    doubled: int


def tally(expected: Iterable[object], answers: Iterable[object]) -> Tally:
    wanted, got = set(expected), Counter(answers)
    answered = wanted & got.keys()
    return Tally(
        len(wanted),
        len(answered),
        len(wanted) - len(answered),
        sum(got[one] - 1 for one in answered),
    )
