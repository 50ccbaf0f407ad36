"""How far a message to everyone is, for whoever runs the bot on a terminal."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Final

from bot.core.ports import StoreGone

PAUSE_SECONDS: Final = 2.0
WHAT: Final = "messages to everyone"

Told = Callable[[int, int], None]
Progress = Callable[[str], AbstractContextManager[Told]]
"""Shows what is under way, and how far, until the end of its block."""


async def follow(
    left: Callable[[], Awaitable[int]], progress: Progress, *, pause: float = PAUSE_SECONDS
) -> None:
    """A bar for each message to everyone, until cancelled. `left`: how many are still to go."""
    while True:
        waiting = await _ask(left)
        if waiting:
            await _until_sent(left, progress, waiting, pause)
        await asyncio.sleep(pause)


async def _until_sent(
    left: Callable[[], Awaitable[int]], progress: Progress, waiting: int, pause: float
) -> None:
    most = waiting
    with progress(WHAT) as told:
        while waiting:
            told(most - waiting, most)
            await asyncio.sleep(pause)
            waiting = await _ask(left, waiting)
            most = max(most, waiting)


async def _ask(left: Callable[[], Awaitable[int]], known: int = 0) -> int:
    """While the database is away, what was known before."""
    try:
        return await left()
    except StoreGone:
        return known
