"""A bar for work that takes a while, on a terminal only: what is piped or logged stays as it is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Told = Callable[[int, int], None]
"""(done, all of it); the second is 0 where nobody knows."""


@contextmanager
def progress(what: str) -> Iterator[Told]:
    """Shows `what` and how far it is, until the end of the block;
    nothing of it stays on the screen.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None  # noqa: ARG005 -- nobody looks
        return
    from rich.console import Console  # noqa: PLC0415 -- for terminals only
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
