"""How much each likeness counts, and from which score on a match answers: chosen on phrasings held
out of the index.

Each phrasing is asked as a question while its unit is known by the others only; lines that ask for
something else (examples of what is beyond the bot, or that act; lines that ask for no fact) must
find nothing. `make model` runs it; nothing here is needed at run time.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import yaml
from numpy.typing import NDArray

from bot.understanding.acts import utterance
from bot.understanding.choice_fit import Descent, fit_choice
from bot.understanding.encoder import Array
from bot.understanding.model import folder
from bot.understanding.reading import OUT_OF_SCOPE, Reader, reader_of
from bot.understanding.retrieval import (
    FEATURES,
    TALK_FEATURES,
    AnswerIndex,
    Fit,
    Query,
    odds,
)
from bot.understanding.stored_phrasings import mark, store
from bot.understanding.talk_fit import figures_of, fit_talk
from content.content import Content
from content.library import load

NO_QUESTIONS = Path(__file__).parent / "training" / "no_questions.yaml"
CANDIDATES = 40
"""Units looked at for each question; the right one is always among them."""
_ROUGHLY = {
    "nearest": 1,
    "apart_two": 1,
    "mean_phrasing": 1,
    "other_subject": -3,
    "unexplained": -1,
}
ROUGH = np.array([_ROUGHLY.get(name, 0) for name in FEATURES], dtype=np.float32)
"""How candidates are chosen before anything is weighed."""
DESCENT = Descent(steps=400, rate=0.05, decay=1e-3)
STRAY = 0.1
"""Of what is beyond the bot, so much may be answered all the same, since for much of it an answer
says that we have nothing: the answering limit is the lowest that holds this.
"""
STRAY_OFFERED = 0.15
UNASKED = 0.04
"""Where the text is known to be ours, so much of what asks for no fact may get one: a fact that
names its subject, with two others beside it, costs a reader less than a menu; and held-out
phrasings are harder than what people ask.
"""
OFFERED = 3
UNASKED_FOR = -2
ASKED_UNASKED_FOR = -3

LIMITS = np.arange(0.05, 1.0001, 0.01)
_FREE = 20.0
_FOR: Final = (0.0, _FREE)
_AGAINST: Final = (-_FREE, 0.0)
BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "nearest": _FOR,
    "nearest_two": _FOR,
    "apart_two": _FOR,
    "mean_phrasing": _FOR,
    "same_subject": _FOR,
    "other_subject": (-8.0, -8.0),
    "silent_subject": _AGAINST,
    "strange_subject": _AGAINST,
    "unexplained": _AGAINST,
    "own_words": _FOR,
    "no_own_word": _AGAINST,
    "gap": (-0.7, -0.7),
    "bias": (-_FREE, _FREE),
}
"""A likeness never speaks against a unit.

Another subject is not weighed but ruled out, and a gap gives way to any fact.
"""


@dataclass(frozen=True, slots=True)
class Trials:
    """Questions × candidates × features. `wanted` is the right candidate's place; -1 where nothing is, as the text is beyond the bot,
    -2 where it asks for no fact, -3 where that has the form of a question.
    """

    features: Array
    wanted: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Figures:
    """Measured on held-out phrasings: found first, among three, answered right and wrong, by both
    limits; strays answered and offered, and what asks for no fact and gets one.
    """

    first: float
    among_three: float
    answered_right: float
    answered_wrong: float
    offered_right: float
    stray_answered: float
    stray_offered: float
    ours_right: float
    ours_wrong: float
    unasked_answered: float
    question_answered: float


def trials(
    index: AnswerIndex, strays: Sequence[Query], unasked: Sequence[tuple[Query, int]]
) -> Trials:
    """Every phrasing held out once, then the strays, then what asks for no fact."""
    rows, wanted = [], []
    beyond = ((index.features(one), -1) for one in strays)
    nothing = ((index.features(one), form) for one, form in unasked)
    for features, right in (*_rows_left_out(index), *beyond, *nothing):
        rough = features @ ROUGH
        if right < 0:  # a line in return for small talk is no wrong answer to it
            rough = np.where(index.tells, rough, -np.inf)
        best = np.argsort(-rough)[:CANDIDATES]
        if right >= 0:
            best = np.unique(np.append(best[:-1], right))
            if len(best) < CANDIDATES:
                best = np.resize(best, CANDIDATES)
        rows.append(features[best])
        wanted.append(int(np.flatnonzero(best == right)[0]) if right >= 0 else right)
    return Trials(np.array(rows, dtype=np.float32), np.array(wanted, dtype=np.intp))


def is_held_out(phrasing: str) -> bool:
    """One phrasing in five, by its mark: the encoder is never trained on these,
    so that they measure it.
    """
    return mark(phrasing) % 5 == 0


def _rows_left_out(index: AnswerIndex) -> Iterator[tuple[Array, int]]:
    for place, text in enumerate(index.phrasings):
        query = index.query(index.vectors[place], text)
        number = int(index.unit_of[place])
        if is_held_out(text) and not index.units[number].is_gap:
            yield index.features(query, without=place), number


def fit_weights(given: Trials) -> dict[str, float]:
    """The weights of `FEATURES`, within `BOUNDS`."""
    candidates = given.features.shape[1]
    truth = np.where(given.wanted < 0, candidates, given.wanted)
    least, most = np.array([BOUNDS[name] for name in FEATURES], dtype=np.float32).T
    weights = fit_choice(given.features, truth, DESCENT, least=least, most=most)
    return {name: round(float(value), 4) for name, value in zip(FEATURES, weights, strict=True)}


class _Outcomes:
    """What became of each trial under some weights: who was best, and what had been asked."""

    def __init__(self, given: Trials, weights: dict[str, float]) -> None:
        vector = np.array([weights[name] for name in FEATURES], dtype=np.float32)
        scores = odds(given.features @ vector)
        best = scores.argmax(axis=1)
        ranks = (scores > scores[np.arange(len(best)), given.wanted][:, None]).sum(axis=1)
        self.top = scores.max(axis=1)
        self.asked, self.stray = given.wanted >= 0, given.wanted == -1
        self.unasked, self.as_question = (
            given.wanted == UNASKED_FOR,
            given.wanted == ASKED_UNASKED_FOR,
        )
        self.right = self.asked & (best == given.wanted)
        self.among = self.asked & (ranks < OFFERED)

    def lowest_limit(self, of: NDArray[np.bool_], allowed: float) -> float:
        """The first limit at which no larger share of `of` than `allowed` passes."""
        return next(limit for limit in LIMITS if _share(of & (self.top >= limit), of) <= allowed)


def choose(given: Trials, weights: dict[str, float]) -> tuple[Fit, Figures]:
    """The limits that keep wrong answers and strays below what is allowed,
    and what they come to.
    """
    outcomes = _Outcomes(given, weights)
    answer = outcomes.lowest_limit(outcomes.stray, STRAY)
    offer = min(outcomes.lowest_limit(outcomes.stray, STRAY_OFFERED), answer)
    ours = min(outcomes.lowest_limit(outcomes.unasked, UNASKED), answer)
    as_asked = min(outcomes.lowest_limit(outcomes.as_question, UNASKED), ours)
    fit = Fit(
        weights=weights,
        talk=dict.fromkeys(TALK_FEATURES, 0.0),
        answer=round(float(answer), 2),
        answer_ours=round(float(ours), 2),
        answer_asked=round(float(as_asked), 2),
        offer=round(float(offer), 2),
    )
    return fit, _figures(outcomes, fit)


def _figures(outcomes: _Outcomes, fit: Fit) -> Figures:
    """Shares of what was asked, of what strays, and of what asks for nothing."""
    asked, stray, right, top = outcomes.asked, outcomes.stray, outcomes.right, outcomes.top
    unasked, as_question = outcomes.unasked, outcomes.as_question
    return Figures(
        first=_share(right, asked),
        among_three=_share(outcomes.among, asked),
        answered_right=_share(right & (top >= fit.answer), asked),
        answered_wrong=_share(asked & ~right & (top >= fit.answer), asked),
        offered_right=_share(outcomes.among & (top >= fit.offer), asked),
        stray_answered=_share(stray & (top >= fit.answer), stray),
        stray_offered=_share(stray & (top >= fit.offer), stray),
        ours_right=_share(right & (top >= fit.answer_ours), asked),
        ours_wrong=_share(asked & ~right & (top >= fit.answer_ours), asked),
        unasked_answered=_share(unasked & (top >= fit.answer_ours), unasked),
        question_answered=_share(as_question & (top >= fit.answer_asked), as_question),
    )


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return round(float(part.sum() / max(1, whole.sum())), 4)


def build(content: Content, reader: Reader, place: Path) -> Figures:
    """Writes the phrasings' vectors, the weights and the limits beside the model,
    with the figures that they come to.
    """
    store_phrasings(reader, place)
    index = reader.answers
    given = trials(index, _strays(content, reader), _lines_that_ask_nothing(content, reader))
    fit, figures = choose(given, fit_weights(given))
    index.fit = fit
    held_out = [
        (number, int(index.unit_of[number]))
        for number, text in enumerate(index.phrasings)
        if is_held_out(text) and not index.units[int(index.unit_of[number])].is_gap
    ]
    nothing = (query for query, _ in _lines_that_ask_nothing(content, reader))
    unasked = [*_strays(content, reader), *nothing]
    index.fit = fit = replace(fit, talk=fit_talk(index, reader, held_out, unasked))
    in_talk = figures_of(index, reader, fit.answer_asked)
    stored = {**asdict(fit), "figures": {**asdict(figures), **in_talk}}
    (place / "retrieval.json").write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    return figures


def store_phrasings(reader: Reader, place: Path) -> None:
    """Writes what was made of the content's phrasings beside the encoder that made it."""
    index = reader.answers
    store(
        place,
        phrasings=index.asks,
        texts=index.phrasings,
        vectors=index.vectors.rows,
        spelling=reader.spelling,
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
    return _queries(reader, texts)


def _lines_that_ask_nothing(content: Content, reader: Reader) -> list[tuple[Query, int]]:
    """Lines that ask for no fact at all, each with whether it has the form of a question."""
    kinds = yaml.safe_load(NO_QUESTIONS.read_text(encoding="utf-8"))
    lines = [str(line) for lines in kinds.values() for line in lines]
    queries = _queries(reader, [reader.written(line).text for line in lines])
    asks = [utterance(content.acts, line).asks for line in lines]
    forms = [ASKED_UNASKED_FOR if one else UNASKED_FOR for one in asks]
    return list(zip(queries, forms, strict=True))


def _queries(reader: Reader, texts: Sequence[str]) -> list[Query]:
    vectors = reader.answers.encode(texts)
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
        store_phrasings(reader, folder())
    else:
        sys.stderr.write(f"{build(content, reader, folder())}\n")


if __name__ == "__main__":
    main()
