"""Notices that Telegram went silent, whatever the library and the network believe, and begins anew
with fresh connections.

Any answer is a sign of life, a refusal too: a Telegram that says 502 for an hour is waited for. One
that says nothing on several fresh connections in a row is lost, and the process that serves nothing
else ends, for its supervisor to start it again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, NoReturn, Protocol

log = logging.getLogger(__name__)

SILENT_SECONDS = 120.0
"""Longer than the longest poll with its time-out and the longest pause after it."""

REBUILDS = 3
"""Fresh connections in a row on which nothing was heard: then Telegram is lost for good."""

Wait = Callable[[float], Awaitable[None]]


class TelegramGone(Exception):  # noqa: N818 -- it names what happened
    """Telegram answers nothing; the message says what to look at."""


class Line(Protocol):
    """A pool of connections. `answered` counts what came back."""

    answered: int

    async def hang_up(self) -> None: ...


async def watch(serving: Coroutine[Any, Any, None], lines: Sequence[Line], wait: Wait) -> None:
    """Serve until that ends. Raises TelegramGone."""
    tasks = {asyncio.create_task(serving), asyncio.create_task(_watch(lines, wait))}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _watch(lines: Sequence[Line], wait: Wait) -> NoReturn:
    rebuilt = 0
    while True:
        before = _answer_count(lines)
        await wait(SILENT_SECONDS)
        if _answer_count(lines) != before:
            rebuilt = 0
            continue
        if rebuilt == REBUILDS:
            raise TelegramGone(
                f"no answer on {REBUILDS} fresh connections; is the network up, and "
                "TELEGRAM_API_URL right?"
            )
        rebuilt += 1
        log.warning("telegram: silent for %.0f s; building new connections", SILENT_SECONDS)
        for line in lines:
            await line.hang_up()  # the next request opens another


def _answer_count(lines: Sequence[Line]) -> int:
    return sum(line.answered for line in lines)
