"""How much each likeness counts, and from which score on a match answers: chosen on phrasings held out of the index.

Each phrasing is asked as a question while its unit is known by the others only; lines that ask for something else (examples of
what is beyond the bot, or that act) must find nothing. `make model` runs it; nothing here is needed at run time.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoder import Array
from bot.understanding.model import BYTE, folder
from bot.understanding.reading import OUT_OF_SCOPE, Reader, reader_of
from bot.understanding.retrieval import FEATURES, AnswerIndex, Fit, Query, mark, odds
from content.content import Content
from content.library import load

CANDIDATES = 40
"""Units looked at for each question; the right one is always among them."""
STEPS = 400
RATE = 0.05
DECAY = 1e-3
STRAY = 0.03
"""Of what is beyond the bot, so much may be answered all the same: the answering limit is the lowest that holds this."""
STRAY_OFFERED = 0.15
SHOWN = 0.75
"""Where the text is known to be ours, so often the right answer must be among those shown. A fact that names its subject, with two
others beside it, costs a reader less than a menu; and held-out phrasings are harder than what people ask.
"""
OFFERED = 3

LIMITS = np.arange(0.05, 1.0001, 0.01)
LEAST_OURS = 0.3
"""Below this nothing is told, however sure it is that the text is ours: 'that's wrong' asks for no definition."""
_FREE = 20.0
LEAST = np.array([0, 0, 0, 0, 0, 0, 0, -8.0, -_FREE, -_FREE, -0.7, -_FREE], dtype=np.float32)
MOST = np.array([*[_FREE] * 7, -8.0, 0, 0, -0.7, _FREE], dtype=np.float32)
"""A likeness never speaks against a unit. Another subject is not weighed but ruled out, and a gap gives way to any fact."""


@dataclass(frozen=True, slots=True)
class Trials:
    """Questions × candidates × features. `wanted` is the right candidate's place, -1 where nothing is."""

    features: Array
    wanted: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Figures:
    """Measured on held-out phrasings: found first, among three, answered right and wrong; strays answered and offered."""

    first: float
    among_three: float
    answered_right: float
    answered_wrong: float
    offered_right: float
    stray_answered: float
    stray_offered: float


def trials(index: AnswerIndex, strays: Sequence[Query]) -> Trials:
    """Every phrasing held out once, then the strays."""
    rows, wanted = [], []
    for features, right in (*_held_out(index), *((index.features(one), -1) for one in strays)):
        rough = features[:, 0] + features[:, 2] + features[:, 5] - 3 * features[:, 7]
        best = np.argsort(-rough)[:CANDIDATES]
        if right >= 0:
            best = np.unique(np.append(best[:-1], right))
            best = np.resize(best, CANDIDATES) if len(best) < CANDIDATES else best
        rows.append(features[best])
        wanted.append(int(np.flatnonzero(best == right)[0]) if right >= 0 else -1)
    return Trials(np.array(rows, dtype=np.float32), np.array(wanted, dtype=np.intp))


def is_held_out(phrasing: str) -> bool:
    """One phrasing in five, by its mark: the encoder is never trained on these, so that they measure it."""
    return mark(phrasing) % 5 == 0


def _held_out(index: AnswerIndex) -> Iterator[tuple[Array, int]]:
    for place, text in enumerate(index.phrasings):
        query = index.query(index.vectors[place], text)
        number = int(index.unit_of[place])
        if is_held_out(text) and not index.units[number].is_gap:
            yield index.features(query, without=place), number


def fit_weights(given: Trials) -> dict[str, float]:
    """A choice among the candidates and 'none of them', by gradient descent on its log loss."""
    questions, candidates, count = given.features.shape
    truth = np.zeros((questions, candidates + 1), dtype=np.float32)
    truth[np.arange(questions), np.where(given.wanted < 0, candidates, given.wanted)] = 1.0
    weights = np.zeros(count, dtype=np.float32)
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, STEPS + 1):
        scores = np.hstack([given.features @ weights, np.zeros((questions, 1), dtype=np.float32)])
        scores -= scores.max(axis=1, keepdims=True)
        share = np.exp(scores)
        share /= share.sum(axis=1, keepdims=True)
        wrong = (share - truth)[:, :candidates]
        slope = np.einsum("qc,qcf->f", wrong, given.features) / questions + DECAY * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        change = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        weights -= np.float32(RATE) * change.astype(np.float32)
        weights = np.clip(weights, LEAST, MOST)
    return {name: round(float(value), 4) for name, value in zip(FEATURES, weights, strict=True)}


def choose(given: Trials, weights: dict[str, float]) -> tuple[Fit, Figures]:
    """The limits that keep wrong answers and strays below what is allowed, and what they come to."""
    vector = np.array([weights[name] for name in FEATURES], dtype=np.float32)
    scores = odds(given.features @ vector)
    best, top = scores.argmax(axis=1), scores.max(axis=1)
    asked, stray = given.wanted >= 0, given.wanted < 0
    right = asked & (best == given.wanted)
    answer = next(limit for limit in LIMITS if _share(stray & (top >= limit), stray) <= STRAY)
    offer = next(
        limit for limit in LIMITS if _share(stray & (top >= limit), stray) <= STRAY_OFFERED
    )
    ranks = (scores > scores[np.arange(len(best)), given.wanted][:, None]).sum(axis=1)
    among = asked & (ranks < OFFERED)
    ours = next(
        limit
        for limit in LIMITS[LIMITS >= LEAST_OURS]
        if _share(among & (top >= limit), asked & (top >= limit)) >= SHOWN
    )
    ours, offer = min(ours, answer), min(offer, answer)
    fit = Fit(
        weights=weights,
        answer=round(float(answer), 2),
        answer_ours=round(float(ours), 2),
        offer=round(float(offer), 2),
    )
    figures = Figures(
        first=_share(right, asked),
        among_three=_share(among, asked),
        answered_right=_share(right & (top >= fit.answer), asked),
        answered_wrong=_share(asked & ~right & (top >= fit.answer), asked),
        offered_right=_share(among & (top >= fit.offer), asked),
        stray_answered=_share(stray & (top >= fit.answer), stray),
        stray_offered=_share(stray & (top >= fit.offer), stray),
    )
    return fit, figures


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return round(float(part.sum() / max(1, whole.sum())), 4)


def build(content: Content, reader: Reader, place: Path) -> Figures:
    """Writes the phrasings' vectors, the weights and the limits beside the model, with the figures that they come to."""
    store_vectors(reader.answers, place)
    index = reader.answers
    given = trials(index, _strays(content, reader))
    fit, figures = choose(given, fit_weights(given))
    stored = {**asdict(fit), "figures": asdict(figures)}
    (place / "retrieval.json").write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    return figures


def store_vectors(index: AnswerIndex, place: Path) -> None:
    """Writes the phrasings' vectors beside the encoder that made them."""
    marks = np.array([mark(text) for text in index.phrasings], dtype=np.uint32)
    first = np.unique(marks, return_index=True)[1]
    made_with = json.loads((place / "sha256.json").read_text(encoding="utf-8"))["encoder.npz"]
    np.savez(
        place / "phrasings.npz",
        marks=marks[first],
        vectors=np.rint(index.vectors[first] * BYTE).astype(np.int8),
        encoder=np.array(made_with),
    )


def _strays(content: Content, reader: Reader) -> list[Query]:
    """Lines that ask for no answer: what is beyond the bot, and what acts."""
    acting = {name for name, intent in content.intents.items() if _acts(content, intent.command)}
    texts = [
        reader.written(line).text
        for entry in content.examples.values()
        if entry.intent == OUT_OF_SCOPE or entry.intent in acting
        for line in entry.lines
        if is_held_out(line)
    ]
    vectors = reader.answers.encoded(texts)
    return [reader.answers.query(*pair) for pair in zip(vectors, texts, strict=True)]


def _acts(content: Content, command: str) -> bool:
    group = content.group_of(command)
    return group is None or not group.tells


def main() -> None:
    """Builds for the shipped content, with the shipped encoder."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--vectors", action="store_true", help="only the vectors: weights stay")
    content = load()
    reader = reader_of(content)
    if asked.parse_args().vectors:
        store_vectors(reader.answers, folder())
    else:
        sys.stderr.write(f"{build(content, reader, folder())}\n")


if __name__ == "__main__":
    main()
