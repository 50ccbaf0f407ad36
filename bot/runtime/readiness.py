"""Whether this process can do its work, as its health page says."""

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import tzdata

from bot.core.ports import StoreGone
from bot.runtime.platforms import Platform
from bot.runtime.wiring import Parts
from scheduler.ticker import Ticker

TICK_SILENCE_SECONDS = 30.0
"""A clock that has not ticked for so long has stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What /readyz and /metrics say. A platform that is down is reported, not punished."""

    parts: Parts
    ticker: Ticker
    platforms: Sequence[Platform]

    async def ready(self) -> tuple[bool, dict[str, object]]:
        now = self.parts.clock.now()
        tick = self._since(self.ticker.heartbeat, now)
        if await self._answers():
            database = "answers"
        else:
            database = "away"
        well = database == "answers" and tick is not None and tick <= TICK_SILENCE_SECONDS
        return well, {
            "ready": well,
            "database": database,
            "content": f"{len(self.parts.decider.content_store.content.commands)} commands",
            "seconds_since_tick": tick,
            "clock_step_seconds": round(self.parts.store.clock_step, 1),
            "tzdata": tzdata.IANA_VERSION,
            "platforms": {
                platform.name: self._since(platform.messenger.last_heard_at(), now)
                for platform in self.platforms
            },
        }

    async def _answers(self) -> bool:
        try:
            await self.parts.store.prove_writable(self.parts.clock.now())
        except StoreGone:
            return False
        return True

    async def refresh(self) -> None:
        metrics, now = self.parts.metrics, self.parts.clock.now()
        with suppress(StoreGone):
            metrics.show((await self.parts.store.figures(now)).values)
        metrics.clock_step_seconds.set(self.parts.store.clock_step)
        metrics.tick_seconds.set(_or_nan(self._since(self.ticker.heartbeat, now)))
        for platform in self.platforms:
            metrics.heard_seconds.labels(platform.name).set(
                _or_nan(self._since(platform.messenger.last_heard_at(), now))
            )

    @staticmethod
    def _since(instant: datetime | None, now: datetime) -> float | None:
        if instant is None:
            return None
        return max(0.0, round((now - instant) / timedelta(seconds=1), 1))


def _or_nan(seconds: float | None) -> float:
    if seconds is None:
        return math.nan
    return seconds
