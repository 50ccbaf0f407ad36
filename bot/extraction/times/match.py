"""A value read from a text, with its place; and what is written
like a time or date but cannot be one.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

Value_co = TypeVar("Value_co", covariant=True)

Item = TypeVar("Item")

MOST_READ = 300
"""Characters of a text in which values are looked for.

Nobody says a pay or a time in more, and a longer run is an attack.
"""


@dataclass(frozen=True, slots=True)
class Match(Generic[Value_co]):
    """Something read from a text: `text[start:end]`."""

    value: Value_co
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class InvalidTime:
    """Written like a time or date, and none: 25:00, 7:75, 31 February."""

    text: str


def in_order(found: list[Match[Item]]) -> tuple[Match[Item], ...]:
    """By place; of two that overlap, the longer."""
    kept: list[Match[Item]] = []
    for spotted in sorted(found, key=lambda spotted: (spotted.start - spotted.end, spotted.start)):
        if all(spotted.end <= other.start or spotted.start >= other.end for other in kept):
            kept.append(spotted)
    return tuple(sorted(kept, key=lambda spotted: spotted.start))
