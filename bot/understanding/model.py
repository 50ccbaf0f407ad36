"""The model: three opinions on what a text means, put together as one probability for each label.

The encoder's vector against a centre for each label; the same vector against the nearest examples,
so that a line added to the examples works before anything is trained; and a linear layer over the
signals found and hashed word pairs. `make model` builds the files (bot.understanding.training);
without them nothing but typed commands is understood.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoder import Array, Encoder, memory_map
from bot.understanding.normalise import pieces

BUCKETS: Final = 2048
VECTOR: Final = 384
SIGNAL_SCALE: Final = 1.5
WORD_SCALE: Final = 2.5
CENTRES: Final = 0.3
NEAREST: Final = 0.4
HEAD: Final = 0.4
"""How much each opinion counts, in log-probabilities, as chosen on folds of the examples."""

WARMTH: Final = 0.06
"""How much nearer an example must be to count much more:
the temperature of the nearest examples.
"""

BYTE: Final = 127


@dataclass(frozen=True, slots=True)
class Limits:
    """When to answer, to ask and to refuse; chosen by bot.understanding.training.limits."""

    ours: float
    """At least this sure that the text is for the bot at all,"""
    which: float
    """and of what it asks for, given that it is:"""
    act: float
    """surer where a wrong step would annoy or destroy."""
    refuse: float
    """This sure that it is not for the bot: refused without asking back."""


@dataclass(frozen=True, slots=True)
class Head:
    """What was trained.

    `labels` are intents, out_of_scope ones with their reason; `signals` the names it knows.

    `centres` are over the vector, `weights` over signals and words; `learnt` are the marks of the
    examples, `vectors` theirs.
    """

    labels: tuple[str, ...]
    signals: tuple[str, ...]
    weights: Array
    bias: Array
    centres: Array
    centre_bias: Array
    learnt: tuple[int, ...]
    vectors: NDArray[np.int8]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Examples:
    """The vectors of the examples in use, sorted by label:
    `starts` says where each label's begin.
    """

    labels: tuple[str, ...]
    vectors: Array
    starts: NDArray[np.intp]
    sizes: NDArray[np.intp]

    def nearness(self, vector: Array) -> dict[str, float]:
        """Of each label, the mean likeness of its two nearest examples; of a single one,
        its likeness.
        """
        likeness = self.vectors @ vector
        nearest = np.maximum.reduceat(likeness, self.starts)
        # The first of those that are as near as the nearest gives way, so that its equal may be
        # second.
        places = np.flatnonzero(likeness == np.repeat(nearest, self.sizes))
        likeness[places[np.searchsorted(places, self.starts)]] = -np.inf
        second = np.maximum.reduceat(likeness, self.starts)
        means = np.where(self.sizes > 1, (nearest + second) / 2, nearest)
        return dict(zip(self.labels, means.tolist(), strict=True))


def examples_of(labels: Sequence[str], vectors: Array) -> Examples:
    """Examples in the order they are looked at: by label."""
    order = sorted(range(len(labels)), key=lambda row: labels[row])
    each = [labels[row] for row in order]
    names = tuple(dict.fromkeys(each))
    starts = np.array([each.index(name) for name in names], dtype=np.intp)
    sizes = np.diff(starts, append=len(each))
    return Examples(names, vectors[order], starts, sizes)


@dataclass(frozen=True, slots=True)
class Model:
    encoder: Encoder
    head: Head

    def examples(
        self, lines: Sequence[tuple[str, str]], read: Callable[[str], Sequence[str]]
    ) -> Examples:
        """The examples in use, (label, line) pairs.

        Known vectors are taken; those of new lines are made, of the words that `read` finds.
        """
        known = dict(zip(self.head.learnt, self.head.vectors, strict=True))
        rows = [known.get(mark(label, line)) for label, line in lines]
        new = [place for place, row in enumerate(rows) if row is None]
        made = self.encoder.encode_all([" ".join(read(lines[place][1])) for place in new])
        vectors = np.zeros((len(lines), VECTOR), dtype=np.float32)
        for place, row in enumerate(rows):
            if row is not None:
                vectors[place] = row / np.float32(BYTE)
        vectors[new] = made
        return examples_of([label for label, _ in lines], vectors)

    def probabilities(
        self, vector: Array, words: Sequence[str], signals: frozenset[str], examples: Examples
    ) -> dict[str, float]:
        """A probability for each label of the examples; `vector` is of these words."""
        return judge(self.head, examples, vector, features(words, signals, self.head.signals))


def judge(head: Head, examples: Examples, vector: Array, row: Array) -> dict[str, float]:
    """The three opinions as one.

    A label that is new to the head is judged by its examples alone.
    """
    nearest = _log_softmax(examples.nearness(vector), WARMTH)
    by_centre = _by_label(head, head.centres @ vector + head.centre_bias)
    by_words = _by_label(head, row @ head.weights + head.bias)
    scores = {
        label: NEAREST * near
        + CENTRES * by_centre.get(label, near)
        + HEAD * by_words.get(label, near)
        for label, near in nearest.items()
    }
    return {label: float(np.exp(score)) for label, score in _log_softmax(scores).items()}


def _by_label(head: Head, scores: Array) -> dict[str, float]:
    return _log_softmax(dict(zip(head.labels, scores.tolist(), strict=True)))


def features(words: Sequence[str], signals: frozenset[str], names: Sequence[str]) -> Array:
    """One row: a mark for each signal found, and counts of hashed words and word pairs."""
    row = np.zeros(len(names) + BUCKETS, dtype=np.float32)
    row[: len(names)] = [SIGNAL_SCALE * (name in signals) for name in names]
    grams = [
        *words,
        *(f"{one} {two}" for one, two in zip(("^", *words), (*words, "$"), strict=True)),
    ]
    weight = WORD_SCALE / max(1.0, len(grams)) ** 0.5
    for gram in grams:
        row[len(names) + crc32(gram.encode()) % BUCKETS] += weight
    return row


def mark(label: str, line: str) -> int:
    """A short mark of one example."""
    return crc32(f"{label}: {line}".encode())


def _log_softmax(scores: Mapping[str, float], temperature: float = 1.0) -> dict[str, float]:
    values = np.array(list(scores.values())) / temperature
    values -= values.max()
    values -= np.log(np.exp(values).sum())
    return dict(zip(scores, values.tolist(), strict=True))


def folder() -> Path:
    return Path(str(resources.files("bot.understanding"))) / "model"


COMMANDS_ONLY: Final = not all((folder() / name).is_file() for name in ("encoder.npz", "head.npz"))
"""Are the model's files missing here? Looked at once, when the program starts; `help` says so."""


@lru_cache(maxsize=1)
def shipped() -> Model | None:
    """The model that comes with the program, loaded at first use;
    None where its files are missing.
    """
    return load(folder())


def load(place: Path) -> Model | None:
    try:
        encoder = Encoder(memory_map(place / "encoder.npz"), pieces())
        with np.load(place / "head.npz", allow_pickle=False) as arrays:
            head = Head(
                labels=_names(arrays["labels"]),
                signals=_names(arrays["signals"]),
                weights=np.asarray(arrays["weights"], dtype=np.float32),
                bias=np.asarray(arrays["bias"], dtype=np.float32),
                centres=np.asarray(arrays["centres"], dtype=np.float32),
                centre_bias=np.asarray(arrays["centre_bias"], dtype=np.float32),
                learnt=tuple(arrays["learnt"].tolist()),
                vectors=np.asarray(arrays["vectors"], dtype=np.int8),
                limits=Limits(*arrays["limits"].tolist()),
            )
    except FileNotFoundError:
        return None
    return Model(encoder, head)


def _names(array: NDArray[np.generic]) -> tuple[str, ...]:
    return tuple(str(name) for name in array.tolist())
