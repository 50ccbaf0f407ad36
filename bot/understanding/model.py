"""The small model: a linear layer over MiniLM's sentence vector, the signals found, and hashed word pairs.

It learns what the rules leave open: rules' votes are added to its scores here, and were added while it was trained
(bot.understanding.build). Without its files the votes decide alone, and `help` can say so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoder import Array, Encoder, mapped
from bot.understanding.normalise import pieces

BUCKETS: Final = 2048
VECTOR: Final = 384
SCALES: Final = (6.0, 1.5, 2.5)
"""How strongly vector, signals and word pairs speak, as tuned on the examples."""


@dataclass(frozen=True, slots=True)
class Head:
    """The linear layer. `labels` are intents, out_of_scope ones with their reason; `signals` the names it was trained on;
    `learnt` the marks of the examples.
    """

    labels: tuple[str, ...]
    signals: tuple[str, ...]
    weights: Array
    bias: Array
    learnt: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Model:
    encoder: Encoder
    head: Head

    def scores(
        self, words: Sequence[str], signals: frozenset[str], vector: Array | None = None
    ) -> Mapping[str, float]:
        """A score for each label; only differences between them mean something. `vector`: of these words, where it is known."""
        if vector is None:
            vector = self.encoder.encode(" ".join(words))
        row = features(vector, words, signals, self.head.signals)
        values = row @ self.head.weights + self.head.bias
        return dict(zip(self.head.labels, values.tolist(), strict=True))


def features(
    vector: Array, words: Sequence[str], signals: frozenset[str], names: Sequence[str]
) -> Array:
    """One row: the vector, a mark for each signal found, and counts of hashed words and word pairs."""
    row = np.zeros(VECTOR + len(names) + BUCKETS, dtype=np.float32)
    row[:VECTOR] = vector * SCALES[0]
    row[VECTOR : VECTOR + len(names)] = [SCALES[1] * (name in signals) for name in names]
    grams = [
        *words,
        *(f"{one} {two}" for one, two in zip(("^", *words), (*words, "$"), strict=True)),
    ]
    weight = SCALES[2] / max(1.0, len(grams)) ** 0.5
    for gram in grams:
        row[VECTOR + len(names) + crc32(gram.encode()) % BUCKETS] += weight
    return row


def mark(label: str, line: str) -> int:
    """A short mark of one example."""
    return crc32(f"{label}: {line}".encode())


def folder() -> Path:
    return Path(str(resources.files("bot.understanding"))) / "model"


RULES_ONLY: Final = not all((folder() / name).is_file() for name in ("encoder.npz", "head.npz"))
"""Are the model's files missing here? Looked at once, when the program starts; `help` says so."""


@lru_cache(maxsize=1)
def shipped() -> Model | None:
    """The model that comes with the program, loaded at first use; None where its files are missing."""
    return load(folder())


def load(place: Path) -> Model | None:
    try:
        encoder = Encoder(mapped(place / "encoder.npz"), pieces())
        with np.load(place / "head.npz", allow_pickle=False) as arrays:
            head = Head(
                labels=_names(arrays["labels"]),
                signals=_names(arrays["signals"]),
                weights=np.asarray(arrays["weights"], dtype=np.float32),
                bias=np.asarray(arrays["bias"], dtype=np.float32),
                learnt=frozenset(arrays["learnt"].tolist()),
            )
    except FileNotFoundError:
        return None
    return Model(encoder, head)


def _names(array: NDArray[np.generic]) -> tuple[str, ...]:
    return tuple(str(name) for name in array.tolist())


def probabilities(scores: Mapping[str, float]) -> dict[str, float]:
    """Softmax over labels."""
    top = max(scores.values())
    weights = {label: float(np.exp(score - top)) for label, score in scores.items()}
    total = sum(weights.values())
    return {label: weight / total for label, weight in weights.items()}


def votes(
    rules: Iterable[tuple[str, frozenset[str], frozenset[str], float]], signals: frozenset[str]
) -> dict[str, float]:
    """What the rules add: every rule whose names are all found and whose exclusions are not."""
    total: dict[str, float] = {}
    for intent, wanted, unwanted, weight in rules:
        if wanted <= signals and not (unwanted & signals):
            total[intent] = total.get(intent, 0.0) + weight
    return total
