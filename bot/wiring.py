"""Chooses the classes and joins them: the only module that knows them all.

An SDK is imported inside the function that starts it, so that `check`, `understand` and `points` load none.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.clock import ShiftedClock, SystemClock, VirtualClock
from adapters.console.transport import Chat, Console, as_json, plain
from adapters.storage.store import Retention, SqlStore, open_store
from bot.delivery import Delivery
from bot.events import Reading
from bot.engine import Engine, Mind, Shelf, ZoneSource
from bot.metrics import Metrics
from bot.ports import Clock, Messenger
from bot.settings import Settings, plain_http
from bot.timeline import MovableClock, Timeline
from bot.understanding import understand
from content.library import Content

log = logging.getLogger(__name__)

STOP_SECONDS = 8.0
"""What a stop may take: platforms give ten."""

TERMINAL_TICK_SECONDS = 1.0
"""How often an open terminal looks for nudges that fell due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One running bot without its intake."""

    shelf: Shelf
    store: SqlStore
    clock: Clock
    mind: Mind
    delivery: Delivery
    engine: Engine
    metrics: Metrics


@asynccontextmanager
async def assembled(
    *,
    shelf: Shelf,
    database_url: str,
    clock: Clock,
    messengers: Mapping[str, Messenger],
    settings: Settings,
    zones: Mapping[str, ZoneSource] | None = None,
) -> AsyncIterator[Parts]:
    """Everything but the platforms' own loops, closed in order at the end."""
    store = await open_store(database_url, retention=retention(settings), real_time=isinstance(clock, SystemClock))
    try:
        metrics = Metrics()
        mind = Mind(shelf, messengers, settings.admins)
        delivery = Delivery(store=store, clock=clock, messengers=messengers, decider=mind, metrics=metrics)
        engine = Engine(mind=mind, store=store, clock=clock, delivery=delivery, read=reader, metrics=metrics, zones=zones)
        yield Parts(shelf=shelf, store=store, clock=clock, mind=mind, delivery=delivery, engine=engine, metrics=metrics)
    finally:
        await store.close()


def reader(content: Content, text: str) -> Reading:
    """What understanding makes of a text before any context."""
    return understand(content, text)


def retention(settings: Settings) -> Retention:
    return Retention(
        seen=timedelta(days=settings.pivotbot_keep_seen_days),
        sent=timedelta(days=settings.pivotbot_keep_sent_days),
        uninstalled=timedelta(days=settings.pivotbot_keep_uninstalled_days),
        dialogs=timedelta(days=settings.pivotbot_keep_dialogs_days),
        unreachable=timedelta(days=settings.pivotbot_keep_unreachable_days),
    )


# --- the console ---------------------------------------------------------------------------------------------------


@asynccontextmanager
async def console_chat(settings: Settings, *, user: str, database_url: str | None, start: datetime | None) -> AsyncIterator[Chat]:
    """A console session. Without a database it gets a throw-away one; with `start` its clock stands there."""
    shelf = Shelf(settings.pivotbot_content)
    clock: MovableClock = VirtualClock(start) if start else ShiftedClock()
    console = Console()
    with TemporaryDirectory(prefix="pivotbot-") as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'chat.db'}"
        async with assembled(shelf=shelf, database_url=url, clock=clock, messengers={"console": console}, settings=settings) as parts:
            time = Timeline(store=parts.store, delivery=parts.delivery, clock=clock)
            yield Chat(console=console, intake=parts.engine, time=time, idle=parts.engine.errands, user=user)


async def chat(settings: Settings, *, user: str, database_url: str | None, start: datetime | None, json_lines: bool) -> None:
    """Talk on standard input and output until the input ends."""
    interactive = sys.stdin.isatty() and not json_lines
    loop = asyncio.get_running_loop()
    async with console_chat(settings, user=user, database_url=database_url, start=start) as session:
        if interactive:
            for shown in await session.line("start"):
                print(plain((shown,), session.user), end="\n\n")
        reading = _next_line(loop, session, interactive=interactive)
        while True:
            done, _ = await asyncio.wait({reading}, timeout=TERMINAL_TICK_SECONDS if interactive else None)
            if not done:
                if due := await session.due():
                    print("\n" + plain(due, session.user), end="\n\n", flush=True)
                continue
            text = reading.result()
            if not text:
                return
            text = text.rstrip("\r\n")
            if text.strip() or json_lines:
                shown_now = await session.line(text, json_lines=json_lines)
                if start:
                    now = session.now().astimezone(start.tzinfo)
                else:
                    now = session.now().astimezone()
                print(
                    as_json(shown_now, now) if json_lines else plain(shown_now, session.user),
                    end="\n" if json_lines else "\n\n",
                    flush=True,
                )
            reading = _next_line(loop, session, interactive=interactive)


def _next_line(loop: asyncio.AbstractEventLoop, session: Chat, *, interactive: bool) -> asyncio.Future[str]:
    if interactive:
        print(f"{session.user}> ", end="", flush=True)
    return loop.run_in_executor(None, sys.stdin.readline)
