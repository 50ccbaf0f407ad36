"""A wall clock that is believed only as far as the machine's own uptime bears it out.

A step of more than five minutes, either way, is waited out for ten: time goes on from what it was,
and the step is an alarm. A clock that was wrong for a moment has then moved nothing. One that stays
is believed.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

log = logging.getLogger(__name__)

STEP: Final = timedelta(minutes=5)
"""Less than this is an ordinary correction."""
WAIT: Final = timedelta(minutes=10)


def uptime() -> float:
    """Seconds on a clock that nobody sets.

    Sleep of the machine counts, where the system can say it.
    """
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SteadyTime:
    """Of one wall clock, read by several threads.

    `step` is what is being waited out, in seconds.
    """

    def __init__(self, elapsed: Callable[[], float] = uptime) -> None:
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._wall: datetime | None = None
        self._at = 0.0
        self._since: float | None = None
        self._went_back = False
        self.step = 0.0

    def judge(self, wall: datetime) -> datetime:
        """The time to go by when the clock says `wall`."""
        with self._lock:
            return self._judge(wall)

    def went_back(self) -> bool:
        """Whether a step back has come to be believed since the last time this was asked."""
        with self._lock:
            went, self._went_back = self._went_back, False
            return went

    def _judge(self, wall: datetime) -> datetime:
        at = self._elapsed()
        if self._wall is None:
            return self._believe(wall, at)
        expected = self._wall + timedelta(seconds=at - self._at)
        step = wall - expected
        if abs(step) <= STEP:
            if self._since is not None:
                log.warning("the clock is right again; nothing was moved by its step")
            return self._believe(wall, at)
        if self._since is None:
            self._since = at
            log.error(
                "the clock stepped by %+.0f s; believed in %d minutes unless it is set back",
                step.total_seconds(),
                WAIT.total_seconds() // 60,
            )
        if at - self._since < WAIT.total_seconds():
            self.step = step.total_seconds()
            return expected
        log.error("the clock's step of %+.0f s is believed now", step.total_seconds())
        self._went_back = self._went_back or step < timedelta()
        return self._believe(wall, at)

    def _believe(self, wall: datetime, at: float) -> datetime:
        self._wall, self._at, self._since, self.step = wall, at, None, 0.0
        return wall
