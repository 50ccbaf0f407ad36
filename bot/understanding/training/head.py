"""Fits the head over signals and hashed words: softmax regression by plain gradient descent, in
numpy.

Nothing is random, so the same machine gives the same figures. Rare labels count a little more than
their share. `make head` runs this alone, in seconds, after a change of concepts or examples: the
encoder and its centres stay.
"""

import hashlib
import json
import sys
from collections import Counter
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np

from bot.understanding.check import problems
from bot.understanding.encoder import Array
from bot.understanding.model import BYTE, Head, folder, shipped
from bot.understanding.reading import Reader
from bot.understanding.training.lines import Numbers, Table, examples
from content.library import load

FILES = ("encoder.npz", "head.npz", "pieces.txt")

ROUNDS = 150
RATE = 0.05
DECAY = 3.0e-4


def fit(rows: Array, wanted: Numbers, labels: int) -> tuple[Array, Array]:
    """Weights and bias that give each row its label: Adam on the mean loss."""
    share = _shares(wanted)
    truth = np.eye(labels, dtype=np.float32)[wanted]
    rows = np.hstack([rows, np.ones((len(rows), 1), dtype=np.float32)])
    layer = np.zeros((rows.shape[1], labels), dtype=np.float32)
    mean, square = np.zeros_like(layer), np.zeros_like(layer)
    for number in range(1, ROUNDS + 1):
        slope = (
            rows.T @ ((_softmax(rows @ layer) - truth) * share[:, None]) + np.float32(DECAY) * layer
        )
        mean = np.float32(0.9) * mean + np.float32(0.1) * slope
        square = np.float32(0.99) * square + np.float32(0.01) * slope * slope
        step = (mean / (1 - 0.9**number)) / (np.sqrt(square / (1 - 0.99**number)) + 1e-8)
        layer -= np.float32(RATE * (1 - number / (ROUNDS + 1))) * step.astype(np.float32)
    return layer[:-1], layer[-1]


def _shares(wanted: Numbers) -> Array:
    counts = Counter(wanted.tolist())
    share = np.array([counts[number] ** -0.5 for number in wanted.tolist()], dtype=np.float32)
    return np.asarray(share / share.sum(), dtype=np.float32)


def _softmax(scores: Array) -> Array:
    odds: Array = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float32)


def save_head(head: Head, place: Path) -> None:
    np.savez(
        place / "head.npz",
        labels=np.array(head.labels),
        signals=np.array(head.signals),
        weights=head.weights.astype(np.float16),
        bias=head.bias,
        centres=head.centres.astype(np.float16),
        centre_bias=head.centre_bias,
        learnt=np.array(head.learnt, dtype=np.uint32),
        vectors=head.vectors,
        limits=np.array(astuple(head.limits)),
    )


def sha256_of(place: Path) -> dict[str, str]:
    return {name: hashlib.sha256((place / name).read_bytes()).hexdigest() for name in FILES}


def write_hashes(place: Path) -> None:
    """What a test expects of the files."""
    text = json.dumps(sha256_of(place), indent=2)
    (place / "sha256.json").write_text(f"{text}\n", encoding="utf-8")


def _centres(head: Head, table: Table, vectors: Array) -> tuple[Array, Array]:
    """Each label's trained centre; the mean of its examples for a label that is new,
    as strong as the others.
    """
    strength = np.linalg.norm(head.centres, axis=1).mean()
    centres, bias = [], []
    for number, label in enumerate(table.labels):
        if label in head.labels:
            place = head.labels.index(label)
            centres.append(head.centres[place])
            bias.append(head.centre_bias[place])
        else:
            mean = vectors[table.wanted == number].mean(axis=0)
            centres.append(mean * strength / np.linalg.norm(mean))
            bias.append(head.centre_bias.mean())
    return np.array(centres), np.array(bias)


def main() -> int:
    """Fits the head of the shipped model anew, with a vector for every example."""
    content = load()
    model = shipped()
    if model is None:
        raise SystemExit("the model's files are missing: make model")
    table = examples(Reader(content, None))
    layer, bias = fit(table.rows, table.wanted, len(table.labels))
    vectors = model.encoder.encode_all([" ".join(words) for words in table.words])
    centres, centre_bias = _centres(model.head, table, vectors)
    head = replace(
        model.head,
        labels=table.labels,
        signals=table.signals,
        weights=layer,
        bias=bias,
        centres=centres,
        centre_bias=centre_bias,
        learnt=table.marks,
        vectors=np.rint(vectors * BYTE).astype(np.int8),
    )
    save_head(head, folder())
    write_hashes(folder())
    wrong = list(problems(content, every=True, reader=Reader(content, replace(model, head=head))))
    for problem in wrong:
        sys.stderr.write(f"{problem}\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
