"""What a reader makes of the latest texts is kept: in one turn a dozen parts of the program ask the
same reader about the same text.

Only readers that are functions of their arguments alone are wrapped, so that nothing is ever
answered otherwise than without it.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, ParamSpec, TypeVar, cast

_Asked = ParamSpec("_Asked")
_Read = TypeVar("_Read")

KEPT: Final = 128
"""Texts and parts of texts: what a few turns look at."""


def of_latest(read: Callable[_Asked, _Read]) -> Callable[_Asked, _Read]:
    """The same reader, with what it made of the latest texts at hand.

    What it gives back must be unchangeable, since all share it.
    """
    return cast("Callable[_Asked, _Read]", lru_cache(maxsize=KEPT)(read))
