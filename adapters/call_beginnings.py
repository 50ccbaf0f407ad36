"""Where the beginning of a call is noticed: a connection is at hand, and nothing has been written
to it yet.

aiohttp awaits a session's traces exactly there, whoever makes the request. So a connection that
takes its time to open, or never opens, is no call that may have had its effect.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import aiohttp

from bot.core.messages import Begin

_begin: ContextVar[Begin | None] = ContextVar("begin", default=None)


@contextmanager
def with_begin(begin: Begin | None) -> Iterator[None]:
    """Inside, a request through a session with `trace()` awaits `begin` before it writes; None:
    it begins nothing.
    """
    before = _begin.set(begin)
    try:
        yield
    finally:
        _begin.reset(before)


def trace() -> aiohttp.TraceConfig:
    """To be among a session's `trace_configs`."""
    config = aiohttp.TraceConfig()
    config.on_connection_create_end.append(_on_connection)
    config.on_connection_reuseconn.append(_on_connection)
    return config


async def _on_connection(_session: object, _context: object, _what: object) -> None:
    if begin := _begin.get():
        await begin()
