"""Weights for a choice among candidates and 'none of them', by gradient descent (Adam) on its log
loss. Nothing here is needed at run time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoder import Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """How far and how boldly it goes, and how much large weights cost."""

    steps: int
    rate: float
    decay: float


def fit_choice(
    features: Array,
    truth: NDArray[np.intp],
    descent: Descent,
    *,
    raw: Array | float = 0.0,
    least: Array | float = -np.inf,
    most: Array | float = np.inf,
) -> Array:
    """A weight for each feature.

    `features`: questions × candidates × features; `truth`: the place of the right candidate, or how
    many there are where none is right; `raw`: scores that stay as they are; `least` and `most`: the
    bounds of each weight.
    """
    questions, candidates, count = features.shape
    wanted = np.zeros((questions, candidates + 1), dtype=np.float32)
    wanted[np.arange(questions), truth] = 1.0
    weights = np.zeros(count, dtype=np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    none = np.zeros((questions, 1), dtype=np.float32)
    for step in range(1, descent.steps + 1):
        scores = np.hstack([raw + features @ weights, none])
        scores -= scores.max(axis=1, keepdims=True)
        share = np.exp(scores)
        share /= share.sum(axis=1, keepdims=True)
        wrong = (share - wanted)[:, :candidates]
        slope = np.einsum("qc,qcf->f", wrong, features) / questions + descent.decay * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        change = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        weights = np.clip(
            weights - np.float32(descent.rate) * change.astype(np.float32), least, most
        )
    return weights
