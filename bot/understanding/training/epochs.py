"""How far an epoch is: a bar on a terminal, nothing where the output is piped."""

import sys
from collections.abc import Iterable, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import track

Step = TypeVar("Step")


def watched(steps: Sequence[Step], number: int) -> Iterable[Step]:
    """The steps one by one, with a bar beside them that goes with the last."""
    return track(
        steps,
        description=f"epoch {number}",
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
