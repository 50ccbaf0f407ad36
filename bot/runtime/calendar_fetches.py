"""A fetch of somebody's private calendar: found by its address, made beside the loop,
and noted where it has changed.
"""

import asyncio

from adapters.storage.store import SqlStore
from bot.core.ports import Clock
from bot.features.plan.calendar_address import hash_of
from bot.features.plan.calendar_feed import Served, calendar_now
from bot.runtime.content_store import ContentStore

TRIES = 3
"""Whoever changes the plan in the same instant goes first."""


class CalendarFetches:
    """What the web part asks for an address's secret."""

    def __init__(self, store: SqlStore, content_store: ContentStore, clock: Clock) -> None:
        self._store = store
        self._content_store = content_store
        self._clock = clock

    async def fetch(self, token: str) -> Served | None:
        """The calendar behind the address; None where there is none. Raises StoreGone."""
        hashed = hash_of(token)
        for _ in range(TRIES):
            now = self._clock.now()
            person = await self._store.feed_owner(hashed, now)
            if person is None or person.feed is None:
                return None
            content = self._content_store.content
            after, made = await asyncio.to_thread(calendar_now, content, person, now)
            if after.feed == person.feed or after.feed is None:
                return made
            if await self._store.note_feed(person.feed, after.feed, now):
                return made
        return made
