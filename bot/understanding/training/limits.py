"""Chooses when to answer, ask and refuse: on examples held out and on generated negatives with
names held out.

Among the settings that keep wrong answers and false accepts of the examples low, those that accept
hardly more generated negatives than any; of these the one that answers most outright, since asking
back what was clear is a fault too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from bot.understanding.encoder import Array
from bot.understanding.model import Limits
from bot.understanding.reading import CANDIDATES, OUT_OF_SCOPE, WORTH_OFFERING

WRONG = 0.025
"""Of the lines held out.

A fact that is near enough is told before any command is run, so that few of these are seen.
"""
FALSE_ACCEPT = 0.03
NEARLY = 0.01
HARDLY = 0.03
OURS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
WHICH = (0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75)
ACT = 0.8
REFUSE = (0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Judged:
    """Probabilities for each label (rows of lines never seen),
    and the intent each line should have.
    """

    labels: tuple[str, ...]
    odds: Array
    wanted: Sequence[str]
    generated: int = 0
    """So many of the last rows are generated lines."""

    @property
    def examples(self) -> "Judged":
        end = len(self.wanted) - self.generated
        return Judged(self.labels, self.odds[:end], self.wanted[:end])

    @property
    def beyond(self) -> "Judged":
        start = len(self.wanted) - self.generated
        return Judged(self.labels, self.odds[start:], self.wanted[start:])


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares: of the lines in scope the first two, of all the third,
    of those beyond the last two.
    """

    outright: float
    within_a_tap: float
    wrong: float
    handled: float
    refused: float


def figures(judged: Judged, limits: Limits, acting: frozenset[str]) -> Figures:
    """How the limits would have done."""
    intents = sorted({label.partition("/")[0] for label in judged.labels} - {OUT_OF_SCOPE})
    shares = np.stack([_share(judged, intent) for intent in intents], axis=1)
    beyond = _share(judged, OUT_OF_SCOPE)
    wanted = np.array(judged.wanted)
    order = np.argsort(-shares, axis=1)
    best = shares[np.arange(len(shares)), order[:, 0]]
    names = np.array(intents)[order]
    ours = 1.0 - beyond
    sure = (ours >= limits.ours) & (best >= limits.which * ours) & (best >= beyond)
    sure &= ~np.isin(names[:, 0], list(acting)) | (best >= limits.act)
    refused = (beyond >= limits.refuse) | (best < WORTH_OFFERING)
    answered = sure & ~refused
    offered = np.take_along_axis(shares, order[:, :CANDIDATES], axis=1) >= WORTH_OFFERING
    found = ((names[:, :CANDIDATES] == wanted[:, None]) & offered).any(axis=1)
    right = answered & (names[:, 0] == wanted)
    inside = wanted != OUT_OF_SCOPE
    tap = right | (~answered & ~refused & found)
    return Figures(
        outright=float(right[inside].mean()),
        within_a_tap=float(tap[inside].mean()),
        wrong=float((answered & ~right).mean()),
        handled=float((~answered)[~inside].mean()),
        refused=float(refused[~inside].mean()),
    )


def _share(judged: Judged, intent: str) -> Array:
    columns = [
        number for number, label in enumerate(judged.labels) if label.partition("/")[0] == intent
    ]
    share: Array = judged.odds[:, columns].sum(axis=1)
    return share


def choose(judged: Judged, acting: frozenset[str]) -> Limits:
    """The limits; if no setting keeps the bounds, the most careful one."""
    careful = Limits(ours=OURS[-1], which=WHICH[-1], act=ACT, refuse=REFUSE[-1])
    settings = [replace(careful, ours=ours, which=which) for ours, which in product(OURS, WHICH)]
    tried = {limits: figures(judged.examples, limits, acting) for limits in settings}
    within = [
        limits
        for limits, found in tried.items()
        if found.wrong <= WRONG and 1 - found.handled <= FALSE_ACCEPT
    ] or [careful]
    handled = {limits: figures(judged.beyond, limits, acting).handled for limits in within}
    least = max(handled.values()) - HARDLY
    near = [limits for limits in within if handled[limits] >= least]
    best = max(near, key=lambda limits: tried[limits].outright)
    return replace(best, refuse=_refusal(judged.examples, best, acting))


def _refusal(judged: Judged, limits: Limits, acting: frozenset[str]) -> float:
    """The lowest at which hardly anybody who asked for something of ours is sent away."""
    kept = figures(judged, replace(limits, refuse=1.0), acting).within_a_tap
    for refuse in REFUSE:
        tap = figures(judged, replace(limits, refuse=refuse), acting).within_a_tap
        if tap >= kept - NEARLY:
            return refuse
    return REFUSE[-1]
