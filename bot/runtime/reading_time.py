"""How long one text may be looked at: a reading that takes longer is cut off, whatever it is doing.

Every pattern is bounded and the tests pump them all; this is the belt beside the braces. The
processor's time is measured, not the wall's, so that a busy machine cuts nothing off. Regular
expressions look for signals while they run, which is why a signal reaches them where no task or
thread could.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

Result = TypeVar("Result")

MOST_SECONDS = 0.25
FIRST_SECONDS = 10.0
"""For the first text of a content: the model and the index of answers are loaded with it."""


class ReadingTooLongError(Exception):
    """The text took more than its time."""


def within(seconds: float, read: Callable[[], Result]) -> Result:
    """What `read` returns.

    Raises ReadingTooLongError once it has used `seconds` of the processor. Outside the main thread,
    and where there are no such timers (Windows), nothing is cut off.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(
        signal, "setitimer"
    ):
        return read()
    with _timer(seconds):
        return read()


@contextmanager
def _timer(seconds: float) -> Iterator[None]:
    armed, began = True, time.thread_time()

    def cut(_signal: int, _frame: FrameType | None) -> None:
        """The timer counts what every thread uses; what this one has left, it gets."""
        left = seconds - (time.thread_time() - began)
        if left > 0:
            signal.setitimer(signal.ITIMER_VIRTUAL, left)
        elif armed:  # it may come just after the reading is done
            raise ReadingTooLongError

    before = signal.signal(signal.SIGVTALRM, cut)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
