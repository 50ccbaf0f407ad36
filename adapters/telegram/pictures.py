"""Charts that were uploaded once, by the id under which Telegram sends them again.

A file id stays good for the token: https://core.telegram.org/bots/api#sending-files
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Protocol

PICTURES_KEPT = 512


class Pictures(Protocol):
    """Remembers file ids by a mark of what the picture shows."""

    async def get(self, mark: str) -> str | None: ...

    async def put(self, mark: str, ref: str) -> None: ...


class RecentPictures:
    """For a bot that remembers no longer than it runs, and not everything."""

    def __init__(self, limit: int = PICTURES_KEPT) -> None:
        self._limit = limit
        self._refs: OrderedDict[str, str] = OrderedDict()

    async def get(self, mark: str) -> str | None:
        return self._refs.get(mark)

    async def put(self, mark: str, ref: str) -> None:
        self._refs[mark] = ref
        if len(self._refs) > self._limit:
            self._refs.popitem(last=False)


def mark_of(chart: Mapping[str, object]) -> str:
    """The same for two charts that show the same."""
    return hashlib.sha256(json.dumps(chart, sort_keys=True, default=str).encode()).hexdigest()
