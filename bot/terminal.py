"""The chat on this terminal, or on a pipe: the whole bot with the console as its only platform."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.clock import ShiftedClock, VirtualClock
from adapters.console.transport import Chat, Console, as_json, plain
from bot.engine import Shelf
from bot.settings import Settings
from bot.timeline import MovableClock, Timeline
from bot.wiring import assembled

TICK_SECONDS = 1.0
"""How often an open terminal looks for nudges that fell due."""


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
            done, _ = await asyncio.wait({reading}, timeout=TICK_SECONDS if interactive else None)
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
                now = session.now().astimezone(start.tzinfo if start else None)
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
