"""From a chart's spec to PNG bytes, in a child process that is started by the first chart and drawn
in by no other.

The plotting library costs a second and a hundred megabytes to load: neither the event loop nor a
bot that nobody asks for charts pays that. What is drawn, and every figure in words, is decided in
bot.features.chart_specs.
"""

import asyncio
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

DRAW_SECONDS = 30.0
"""The first chart of a process loads the library and its fonts;
later ones take a tenth of a second.
"""


class Studio:
    """Draws charts. One child process, started when first needed, and again if it was killed."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._fonts: tempfile.TemporaryDirectory[str] | None = None

    async def draw(self, spec: Mapping[str, object]) -> bytes:
        """The picture as PNG.

        Raises ValueError for a spec that is no chart, TimeoutError when the child takes too long.
        """
        try:
            return await self._draw(dict(spec))
        except BrokenProcessPool:
            self._dismiss()
            return await self._draw(dict(spec))

    async def _draw(self, spec: dict[str, Any]) -> bytes:
        if self._fonts is None:
            self._fonts = tempfile.TemporaryDirectory(prefix="pivotbot-fonts-")
        if self._pool is None:
            # spawn, not fork: the parent has threads and open sockets that a child must not
            # inherit.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                max_workers=1,
                mp_context=context,
                initializer=_settle_in,
                initargs=(self._fonts.name,),
            )
        return await asyncio.wait_for(
            asyncio.wrap_future(self._pool.submit(_png, spec)), DRAW_SECONDS
        )

    def close(self) -> None:
        """Let the child go, without waiting for a picture it may be drawing."""
        self._dismiss()
        if self._fonts is not None:
            self._fonts.cleanup()
            self._fonts = None

    def _dismiss(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _settle_in(fonts: str) -> None:
    """In the child: Ctrl-C is the parent's business,
    and the library keeps its list of fonts where it goes away with us.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["MPLCONFIGDIR"] = fonts


def _png(spec: dict[str, Any]) -> bytes:
    """In the child: load the library once, then draw."""
    from bot.runtime.drawing import png  # noqa: PLC0415 -- only the child may load it

    return png(spec)
