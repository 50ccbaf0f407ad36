"""A town: one bot in the test's own loop that serves both platforms by their real SDKs,
on a clock that a test moves ahead.
"""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.clock import VirtualClock
from adapters.slack.transport import Slack
from adapters.telegram.transport import Telegram
from bot.runtime.content_store import ContentStore
from bot.runtime.settings import Settings
from bot.runtime.wiring import Parts, assemble
from scheduler.ticker import Ticker
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, Shown, SlackServer, buttons
from tests.servers.telegram import TOKEN, TelegramServer

SHELF = ContentStore()
PNG = b"\x89PNG\r\n\x1a\nnot really"
START = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
"""Monday, 8 am in Sydney and 7 am in Brisbane."""


READING = timedelta(seconds=5)
"""What people take between two messages: nobody outruns the pace
that platforms allow in one chat.
"""


class Running(VirtualClock):
    """Runs at the usual speed from `start`, and ahead by as much as a test moves it."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._origin = time.monotonic()

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=time.monotonic() - self._origin)

    def move_to(self, instant: datetime) -> None:
        super().move_to(instant - (self.now() - super().now()))


async def draw(spec: Mapping[str, object]) -> bytes:
    return PNG


@dataclass
class Persona:
    """A person on one platform.

    Each act waits until `expected` can be read in what it newly shows, and returns that.
    """

    look: Callable[[], dict[object, str]]
    until: Callable[..., Awaitable[object]]
    write: Callable[[str], Awaitable[object]]
    push: Callable[[str], Awaitable[object]]
    clock: Running

    async def says(self, text: str, *expected: str) -> str:
        return await self.sees(lambda: self.write(text), *expected, after=f"says {text!r}")

    async def taps(self, label: str, *expected: str) -> str:
        return await self.sees(lambda: self.push(label), *expected, after=f"taps {label!r}")

    async def sees(
        self, act: Callable[[], Awaitable[object]], *expected: str, after: str = ""
    ) -> str:
        before = self.look()
        self.clock.move_to(self.clock.now() + READING)
        await act()

        def shown() -> str:
            return "\n".join(
                words for key, words in self.look().items() if before.get(key) != words
            )

        with suppress(TimeoutError):
            await self.until(lambda: shown() and all(one in shown() for one in expected))
        missing = [one for one in expected if one not in shown()]
        assert shown(), f"{after}: nothing came"
        assert not missing, f"{after}: {missing} is not in:\n{shown()}"
        return shown()


@dataclass
class TwoPlatformBot:
    parts: Parts
    clock: Running
    ticker: Ticker
    slack: SlackServer
    telegram: TelegramServer

    def on_slack(self, user: str = "U1", channel: str = "D1") -> Persona:
        async def push(label: str) -> None:
            shown = next(
                one
                for one in reversed(self.slack.shown)
                if one.channel == channel and label in _labels(one)
            )
            await self.slack.tap(shown, label, user=user)

        return Persona(
            look=lambda: {
                number: f"{one.text}\n{_labels(one)}"
                for number, one in enumerate(self.slack.shown)
                if one.channel == channel
            },
            until=self.slack.until,
            write=lambda text: self.slack.message(text, user=user, channel=channel),
            push=push,
            clock=self.clock,
        )

    def on_telegram(self, user: int = 7) -> Persona:
        async def write(text: str) -> None:
            self.telegram.say(text, user=user)

        async def push(label: str) -> None:
            self.telegram.tap(label, user=user)

        return Persona(
            look=lambda: {one.id: f"{one.text}\n{one.labels}" for one in self.telegram._in(user)},
            until=self.telegram.until,
            write=write,
            push=push,
            clock=self.clock,
        )

    async def wait_until(self, instant: datetime) -> None:
        """Time passes, and what falls due on the way is booked once it is there."""
        self.clock.move_to(instant)
        await self.ticker.tick()

    async def wait(self, **span: float) -> None:
        await self.wait_until(self.clock.now() + timedelta(**span))


def _labels(shown: Shown) -> list[str]:
    return [str(button["text"]["text"]) for button in buttons(shown.blocks)]


@pytest.fixture
def database(blank_sqlite: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(blank_sqlite, tmp_path / "life.db"))


@asynccontextmanager
async def opened(
    database: Path, slack: SlackServer, telegram: TelegramServer, start: datetime = START
) -> AsyncIterator[TwoPlatformBot]:
    """One process's life, between these two servers."""
    clock = Running(start)
    slack.now = lambda: clock.now().timestamp()
    telegram.now = lambda: float(slack._ts())
    on_slack = Slack(
        clock=clock,
        content=lambda: SHELF.content,
        draw=draw,
        api_url=slack.api_url,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
    )
    on_telegram = Telegram(
        token=TOKEN, clock=clock, content=lambda: SHELF.content, draw=draw, api_url=telegram.url
    )
    dialled = len(slack.dials)
    async with assemble(
        content_store=SHELF,
        database_url=f"sqlite:///{database}",
        clock=clock,
        messengers={"slack": on_slack, "telegram": on_telegram},
        settings=Settings(_env_file=None),  # type: ignore[call-arg]  # pydantic-settings' own parameter
        zones={"slack": on_slack},
    ) as parts:
        ticker = Ticker(store=parts.store, clock=clock, wake=parts.delivery.wake)
        loops = (
            parts.delivery.run(),
            on_slack.serve(parts.engine),
            on_telegram.serve(parts.engine),
        )
        tasks = [asyncio.create_task(loop) for loop in loops]
        try:
            await slack.until(lambda: len(slack.dials) > dialled and slack.live)
            yield TwoPlatformBot(
                parts=parts, clock=clock, ticker=ticker, slack=slack, telegram=telegram
            )
        finally:
            for task in reversed(tasks):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await parts.engine.finish(1)
            await parts.delivery.drain(1)
    await on_slack.close()
    await on_telegram.close()


@pytest.fixture
async def two_platform_bot(database: Path) -> AsyncIterator[TwoPlatformBot]:
    async with (
        SlackServer() as slack,
        TelegramServer() as telegram,
        opened(database, slack, telegram) as found,
    ):
        yield found
