"""How much what was talked about counts for an answer: fitted on follow-ups, and on questions that
stand by themselves in the midst of any talk, which must be answered as if there were none.

The weights of everything else stay as `retrieval_fit` chose them. Nothing here is needed at run
time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import yaml

from bot.understanding.choice_fit import Descent, fit_choice
from bot.understanding.encoder import Array
from bot.understanding.reading import Reader
from bot.understanding.retrieval import (
    TALK_FEATURES,
    AnswerIndex,
    Query,
    Talk,
    weights_of,
)
from bot.understanding.stored_phrasings import mark
from content.subject import Mention, tokens

FOLLOW_UPS = Path(__file__).parent / "training" / "follow_ups.yaml"
CANDIDATES: Final = 40
"""So many by the question alone, and so many by what is near the talk."""
NEAR: Final = 7.0
"""How candidates near the talk are chosen before anything is weighed."""
DESCENT: Final = Descent(steps=300, rate=0.1, decay=5e-4)
_OF_FIVE: Final = 2
"""Of five held-out phrasings so many are asked in the midst of a talk about something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question in a talk, and the number of the unit that answers it; -1 where none does.

    `without`: the place of the question among the phrasings, if it is one of them.
    """

    query: Query
    talk: Talk
    about: frozenset[Mention]
    wanted: int
    without: int | None = None


def fit_talk(
    index: AnswerIndex,
    reader: Reader,
    held_out: Sequence[tuple[int, int]],
    unasked: Sequence[Query],
) -> dict[str, float]:
    """The weights of `TALK_FEATURES`.

    `held_out`: phrasings' places with the number of their unit; `unasked`: what no answer is for.
    """
    asked = [*_follow_ups(index, reader), *_amid_other_talk(index, held_out, unasked)]
    rows = [_candidates(index, one) for one in asked]
    raw = np.array([row[0] for row in rows], dtype=np.float32)
    features = np.array([row[1] for row in rows], dtype=np.float32)
    truth = np.array([row[2] for row in rows], dtype=np.intp)
    weights = fit_choice(features, truth, DESCENT, raw=raw)
    return {name: round(float(one), 4) for name, one in zip(TALK_FEATURES, weights, strict=True)}


def _follow_ups(index: AnswerIndex, reader: Reader) -> Iterator[Asked]:
    for line in yaml.safe_load(FOLLOW_UPS.read_text(encoding="utf-8")):
        after, answer = line["after"], line["answer"]
        written = reader.written(line["say"])
        if after in index.number:
            talk, about = index.talk_of(after), index.units[index.number[after]].about
        else:
            talk = Talk(reader.vector(reader.written(after)))
            about = reader.content.mentions(tokens(after))
        yield Asked(
            query=index.query(reader.vector(written), written.text),
            talk=talk,
            about=about,
            wanted=index.number[answer] if answer else -1,
        )


def _amid_other_talk(
    index: AnswerIndex, held_out: Sequence[tuple[int, int]], unasked: Sequence[Query]
) -> Iterator[Asked]:
    """Each after an answer that its own mark chooses, so that another run chooses the same."""
    told = [unit.key for unit, tells in zip(index.units, index.tells, strict=True) if tells]
    for place, number in held_out:
        chance = mark(index.phrasings[place]) // 5
        if chance % 5 < _OF_FIVE:
            query = index.query(index.vectors[place], index.phrasings[place])
            yield _amid(index, query, told[chance % len(told)], number, place)
    for query in unasked:
        yield _amid(index, query, told[mark(" ".join(query.words)) % len(told)], -1, None)


def _amid(index: AnswerIndex, query: Query, told: str, wanted: int, without: int | None) -> Asked:
    about = index.units[index.number[told]].about
    talk = index.talk_of(told)
    return Asked(query=query, talk=talk, about=about, wanted=wanted, without=without)


def _candidates(index: AnswerIndex, asked: Asked) -> tuple[Array, Array, int]:
    """Scores without the talk, the talk's features,
    and the place of the right one (after the last: none).
    """
    raw = index.features(asked.query, asked.about, without=asked.without) @ weights_of(index.fit)
    talk = index.talk_features(asked.query, asked.talk)
    raw = np.where(index.tells, raw, -np.inf)
    alone = np.argsort(-raw)[:CANDIDATES]
    near = np.argsort(-(raw + NEAR * talk[:, 0]))
    rest = near[~np.isin(near, alone)][:CANDIDATES]
    chosen = np.concatenate([alone, rest])
    if asked.wanted >= 0 and asked.wanted not in chosen:
        chosen[-1] = asked.wanted
    right = np.flatnonzero(chosen == asked.wanted)
    return raw[chosen], talk[chosen], int(right[0]) if len(right) else len(chosen)


def figures_of(index: AnswerIndex, reader: Reader, limit: float) -> Mapping[str, float]:
    """Of the follow-ups with an answer: found first, among three,
    told right and wrong from the limit on.
    """
    first = three = right = wrong = 0
    asked = [one for one in _follow_ups(index, reader) if one.wanted >= 0]
    for one in asked:
        found = list(index.matches(one.query, one.about, one.talk))
        keys = [match.key for match in found[:3]]
        key = index.units[one.wanted].key
        first += keys[0] == key
        three += key in keys
        right += keys[0] == key and found[0].score >= limit
        wrong += keys[0] != key and found[0].score >= limit
    names = ("follow_up_first", "follow_up_among_three", "follow_up_right", "follow_up_wrong")
    values = (first, three, right, wrong)
    return {name: round(one / len(asked), 4) for name, one in zip(names, values, strict=True)}
