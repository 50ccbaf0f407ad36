"""The chat on this terminal, or on a pipe: the whole bot with the console as its only platform."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.clock import ShiftedClock, VirtualClock
from adapters.console.transport import Chat, Console, as_json, plain
from bot.runtime.content_store import ContentStore
from bot.runtime.settings import Settings
from bot.runtime.timeline import MovableClock, Timeline
from bot.runtime.wiring import assemble

TICK_SECONDS = 1.0
"""How often an open terminal looks for nudges that fell due."""

LEAVING = frozenset({"quit", "exit", ":q", ":quit", ":exit", "/quit", "/exit"})
"""Typed at a terminal, these end the program; on a pipe they are said like anything else."""


@asynccontextmanager
async def console_chat(
    settings: Settings, *, user: str, database_url: str | None, start: datetime | None
) -> AsyncIterator[Chat]:
    """A console session.

    Without a database it gets a throw-away one; with `start` its clock stands there.
    """
    content_store = ContentStore(settings.pivotbot_content)
    clock: MovableClock = VirtualClock(start) if start else ShiftedClock()
    console = Console()
    with TemporaryDirectory(prefix="pivotbot-") as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'chat.db'}"
        async with assemble(
            content_store=content_store,
            database_url=url,
            clock=clock,
            messengers={"console": console},
            settings=settings,
        ) as parts:
            time = Timeline(store=parts.store, delivery=parts.delivery, clock=clock)
            yield Chat(
                console=console,
                intake=parts.engine,
                time=time,
                idle=parts.engine.pending_effects,
                user=user,
            )


async def chat(
    settings: Settings,
    *,
    user: str,
    database_url: str | None,
    start: datetime | None,
    json_lines: bool,
) -> None:
    """Talk on standard input and output until the input ends.

    On a terminal, nudges appear by themselves.
    """
    interactive = sys.stdin.isatty() and not json_lines
    async with console_chat(settings, user=user, database_url=database_url, start=start) as session:
        if interactive and sys.stdout.isatty():
            from bot.tools.prompt import Conversation  # its libraries are for people only

            content = ContentStore(settings.pivotbot_content).content
            await Conversation(session, content).run()
            return
        if interactive:
            print(plain(await session.line("start"), session.user), end="\n\n")
        typed = _read_lines()
        while True:
            if interactive:
                print(f"{session.user}> ", end="", flush=True)
            line = await _next(typed, session, interactive=interactive)
            if line is None or (interactive and line.strip().lower() in LEAVING):
                return
            if json_lines:
                shown = await session.line(line, json_lines=True)
                print(
                    as_json(
                        shown,
                        session.user,
                        session.now().astimezone(start.tzinfo if start else None),
                    ),
                    flush=True,
                )
            elif line.strip() and (shown := await session.line(line)):
                print(plain(shown, session.user), end="\n\n", flush=True)


async def _next(
    typed: asyncio.Queue[str | None], session: Chat, *, interactive: bool
) -> str | None:
    """The next line, or None at the end of input.

    While a terminal waits for its person, the clock goes on.
    """
    while True:
        try:
            async with asyncio.timeout(TICK_SECONDS if interactive else None):
                return await typed.get()
        except TimeoutError:
            if due := await session.due():
                print("\n\n" + plain(due, session.user), end=f"\n\n{session.user}> ", flush=True)


def _read_lines() -> asyncio.Queue[str | None]:
    """Lines as they are typed, then None.

    A daemon thread reads, so that leaving never waits for one more line.
    """
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line.rstrip("\r\n"))
        loop.call_soon_threadsafe(lines.put_nowait, None)

    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    threading.Thread(target=read, daemon=True).start()
    return lines
