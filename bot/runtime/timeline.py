"""The whole bot on a clock that somebody moves: the console's `:wait`, `pivotbot simulate`,
dialogues under test.

No other code path than in production is used: due nudges are booked and sent by the same store and
delivery; only the waiting in between is left out.
"""

from datetime import datetime, timedelta
from typing import Protocol

from bot.core.ports import Clock, Store
from bot.runtime.delivery import Delivery

_STUCK = timedelta(seconds=1)
"""How far the clock moves when something is said to be due now and nothing comes of it."""


class MovableClock(Clock, Protocol):
    def move_to(self, instant: datetime) -> None: ...


class Timeline:
    """Moves the clock from one instant at which something is due to the next."""

    def __init__(self, *, store: Store, delivery: Delivery, clock: MovableClock) -> None:
        self._store = store
        self._delivery = delivery
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    async def settle(self) -> datetime | None:
        """Book and send everything that is due now.

        Returns the next instant at which something is.
        """
        booking = await self._store.book(self._clock.now())
        while booking.booked:
            booking = await self._store.book(self._clock.now())
        exchange = await self._delivery.run_until_idle()
        instants = [
            instant for instant in (booking.next_due_at, exchange.wake_at) if instant is not None
        ]
        return min(instants, default=None)

    async def advance(self, until: datetime) -> None:
        """Let time pass up to and including `until`."""
        while (due := await self.settle()) is not None and due <= until:
            stuck = due <= self._clock.now()
            self._clock.move_to(min(until, self._clock.now() + _STUCK) if stuck else due)
            if stuck and self._clock.now() >= until:
                break
        self._clock.move_to(until)
        await self.settle()
