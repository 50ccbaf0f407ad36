"""The port for traces: what the bot does, as spans, for whoever runs a collector.

Without one, nothing is measured.

Attributes name platforms, kinds and classes, never a person or a text. The turn's number, which
every span of a turn bears, leads from a trace to the log.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Value = str | int | bool
Note = Callable[[str, Value], None]
"""Adds an attribute that is known only later."""


class Traces(Protocol):
    on: bool
    """False: nobody looks, so nothing need be measured."""

    def span(self, name: str, **attributes: Value) -> AbstractContextManager[Note]:
        """From the beginning of the block to its end.

        An error that leaves it is noted by its class only.
        """
        ...

    def record(self, name: str, begun: int, ended: int, **attributes: Value) -> None:
        """A span that was measured elsewhere, in nanoseconds since 1970."""
        ...


class Untraced:
    """Nobody looks."""

    on = False

    @contextmanager
    # The port's signature.
    def span(self, name: str, **attributes: Value) -> Iterator[Note]:  # noqa: ARG002
        yield _nothing

    def record(self, name: str, begun: int, ended: int, **attributes: Value) -> None:
        pass


def _nothing(name: str, value: Value) -> None:
    pass
