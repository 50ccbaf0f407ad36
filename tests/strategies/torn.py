"""Payloads torn at random: keys gone, values of another kind, numbers beyond all bounds,
nested without end.
"""

import copy
from random import Random
from typing import Any

DEEP: list[Any] = []
for _ in range(3000):
    DEEP = [DEEP]

VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**400,
    float("inf"),
    float("nan"),
    "",
    "x",
    "\x00\ud800",
    "9" * 5000,
    [],
    [None],
    {},
    {"id": None},
    DEEP,
)


def torn(whole: Any, random: Random) -> Any:
    """A copy with one to three of its places spoilt."""
    spoilt = copy.deepcopy(whole)
    for _ in range(random.randint(1, 3)):
        places = [*_places(spoilt)]
        if not places:
            return random.choice(VALUES)
        holder, key = random.choice(places)
        if isinstance(holder, dict) and random.random() < 0.3:
            del holder[key]
        else:
            holder[key] = random.choice(VALUES)
    return spoilt


def _places(node: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    waiting = [node]
    while waiting and len(found) < 500:
        one = waiting.pop()
        if isinstance(one, dict):
            found += [(one, key) for key in one]
            waiting += one.values()
        elif isinstance(one, list) and one is not DEEP:
            found += [(one, place) for place in range(len(one))]
            waiting += one
    return found
