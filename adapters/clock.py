"""Time, for real and for rehearsal."""

from datetime import UTC, datetime, timedelta

from adapters.steady_time import SteadyTime


class SystemClock:
    """The machine's clock, whose steps are waited out: see adapters.steady_time."""

    def __init__(self) -> None:
        self._steady = SteadyTime()

    def now(self) -> datetime:
        return self._steady.judge(datetime.now(UTC))


class VirtualClock:
    """Stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Forward only; an instant in the past changes nothing."""
        self._now = max(self._now, instant.astimezone(UTC))


class ShiftedClock(VirtualClock):
    """The machine's clock, moved ahead by hand as far as somebody asked."""

    def __init__(self) -> None:
        super().__init__(datetime.now(UTC))
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def move_to(self, instant: datetime) -> None:
        self._ahead += max(timedelta(), instant - self.now())
