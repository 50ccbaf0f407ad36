"""The strict Slack, the real transport, and an intake that answers as a test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.clock import SystemClock
from adapters.slack.transport import Slack
from bot.core.events import Event
from bot.core.messages import Claimed, Message, Receipt
from bot.core.ports import Messenger, Outcome
from bot.core.reply import Reply, paragraph
from bot.runtime.content_store import ContentStore
from bot.runtime.settings import Settings
from bot.runtime.wiring import Parts, assemble
from content.library import load
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackServer

CONTENT = load()
PNG = b"\x89PNG\r\n\x1a\nnot really"


class FakeClock:
    """The machine's clock, moved by hand where a test says so."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + self.ahead, UTC)


@dataclass
class Desk:
    """An intake: remembers keys as the store does, answers with `answer`, and sends as delivery
    does, one after the other.
    """

    answer: Callable[[Event], tuple[Reply, ...]] = lambda event: (
        Reply(blocks=(paragraph("Hello."),)),
    )
    before: Callable[[Event], Awaitable[None]] | None = None
    slack: Slack | None = None
    events: list[Event] = field(default_factory=list)
    duplicates: list[Event] = field(default_factory=list)
    settled: list[tuple[Claimed, Receipt]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    number: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def take(self, event: Event) -> Outcome:
        if self.before is not None:
            await self.before(event)
        if event.key in self.keys:
            self.duplicates.append(event)
            return Outcome(duplicate=True)
        self.keys.add(event.key)
        self.events.append(event)
        assert self.slack
        messages = [
            message for reply in self.answer(event) for message in self.slack.render(reply, event)
        ]
        if messages and event.token and event.token.in_ack:
            messages[0] = replace(messages[0], address=replace(messages[0].address, in_ack=True))
        claimed = tuple(self.claim(message) for message in messages)
        later = [one for one in claimed if not one.message.address.in_ack]
        if later:
            task = asyncio.create_task(self._send(later))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        return Outcome(claimed=claimed)

    def claim(self, message: Message, **more: Any) -> Claimed:
        self.number += 1
        return Claimed(id=self.number, attempt=1, message=message, **more)

    async def settle(self, claimed: Claimed, receipt: Receipt) -> None:
        self.settled.append((claimed, receipt))
        async with self.changed:
            self.changed.notify_all()

    async def until(self, count: int) -> list[tuple[Claimed, Receipt]]:
        """Wait until so many messages are settled."""
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: len(self.settled) >= count)
        return self.settled

    async def _send(self, claimed: list[Claimed]) -> None:
        assert self.slack
        for one in claimed:
            await self.settle(one, await self.slack.send(one))


async def draw(spec: Mapping[str, object]) -> bytes:
    if spec.get("broken"):
        raise ValueError("cannot draw this")
    return PNG


def face(server: SlackServer, clock: FakeClock, **more: Any) -> Slack:
    settings: dict[str, Any] = {
        "bot_token": BOT_TOKEN,
        "app_token": APP_TOKEN,
        "ping_seconds": 0.05,
        **more,
    }
    return Slack(
        clock=clock, content=lambda: CONTENT, draw=draw, api_url=server.api_url, **settings
    )


@asynccontextmanager
async def serving(slack: Slack, desk: Desk) -> AsyncIterator[asyncio.Task[None]]:
    desk.slack = slack
    task = asyncio.create_task(slack.serve(desk))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task
        await slack.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer() as slack:
        yield slack


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def slack(server: SlackServer, desk: Desk, clock: FakeClock) -> AsyncIterator[Slack]:
    """Connected by Socket Mode."""
    transport = face(server, clock)
    async with serving(transport, desk):
        await server.until(lambda: server.live)
        yield transport


@pytest.fixture
def secret() -> str:
    return SIGNING_SECRET


@asynccontextmanager
async def running(
    server: SlackServer, database: Path, *, admins: str = "", **others: Messenger
) -> AsyncIterator[Parts]:
    """One process's life, with other platforms' faces beside Slack where a test names some."""
    content_store, clock = ContentStore(None), SystemClock()
    slack = Slack(
        clock=clock,
        content=lambda: content_store.content,
        draw=draw,
        api_url=server.api_url,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
    )
    settings = Settings(_env_file=None, pivotbot_admins=admins)
    url = f"sqlite:///{database}"
    before = len(server.dials)
    async with assemble(
        content_store=content_store,
        database_url=url,
        clock=clock,
        messengers={"slack": slack, **others},
        settings=settings,
        zones={"slack": slack},
    ) as parts:
        tasks = [
            asyncio.create_task(slack.serve(parts.engine)),
            asyncio.create_task(parts.delivery.run()),
        ]
        try:
            await server.until(lambda: len(server.dials) > before and server.live)
            yield parts
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await parts.delivery.drain(1.0)
            await slack.close()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "whole.db"
