"""From a question to the answers that fit it: nearest phrasings, words that go unexplained, and the
same subject.

Every phrasing of every answer unit is a vector; those that the model was built with come with it, a
phrasing added since is encoded once. How much each likeness counts was fitted on phrasings held out
of the index (bot.understanding.retrieval_fit).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.core.events import AnswerMatch
from bot.understanding.encoder import Array
from bot.understanding.model import BYTE
from bot.understanding.stored_phrasings import Bytes, StoredPhrasings
from content.attribute import AnswerUnit
from content.content import Content
from content.subject import Mention, tokens

_Key = TypeVar("_Key")
Mask = NDArray[np.bool_]

MOST: Final = 40
"""So many matches are handed on: a topic may yet raise one of them."""

PASSING: Final = frozenset({"place", "level", "english_level"})
"""Kinds that are often named in passing: 'is Melbourne uni the best' is about no place."""

HEAD: Final = 6
"""Letters of a word that are compared."""

WORDS_KEPT: Final = 1 << 15
"""Words whose head is remembered: more than all phrasings have."""

MANY_WORDS: Final = 5
"""Words of its own from which on a question counts as a full one."""

FEATURES: Final = tuple(
    """
    nearest nearest_two apart_two mean_phrasing same_subject other_subject silent_subject
    strange_subject unexplained own_words no_own_word gap bias
    """.split()
)
"""What a score is made of.

`unexplained`: the rarest word that an answer does not know, which is what tells a word shared by
chance; `own_words`: how many words of the question say something by themselves; `bias` is what
speaks against answering at all.
"""


TALK_FEATURES: Final = ("near", "near_own_words", "told_last", "bias")
"""What the talk adds to a score: how near the answer is to what was talked about, how much less
that says of a question with words of its own, and that what was told last answers nothing further.
"""

LIMITS: Final = ("answer", "answer_ours", "answer_asked", "offer")
NEVER: Final = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How much each feature counts, and the limits: from `answer` on a match answers, from
    `answer_ours` on where the text is known to be for this bot, from `answer_asked` on where it has
    the form of a question too; from `offer` on it is a tap.
    """

    weights: Mapping[str, float]
    talk: Mapping[str, float]
    answer: float
    answer_ours: float
    answer_asked: float
    offer: float


@dataclass(frozen=True, slots=True)
class Talk:
    """What was talked about last: as a vector, and the key of the answer that was told,
    if one was.
    """

    vector: Array
    told: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the index sees it: its vector, its words, and what it speaks of."""

    vector: Array
    words: tuple[str, ...]
    mentions: frozenset[Mention]


def about_topic(
    content: Content,
    fit: Fit,
    matches: Iterable[AnswerMatch],
    said: frozenset[Mention],
    topic: frozenset[Mention],
) -> tuple[AnswerMatch, ...]:
    """The matches of a text that leaves its subject unsaid, with what the talk is about: 'how long
    can I stay' after the 482.
    """
    if not topic:
        return tuple(matches)
    said_kinds = {one.kind for one in said}
    moved = [
        replace(match, score=_adjustment(content, fit, match, said_kinds, topic))
        for match in matches
    ]
    return tuple(sorted(moved, key=lambda match: -match.score))


def _adjustment(
    content: Content,
    fit: Fit,
    match: AnswerMatch,
    said_kinds: set[str],
    topic: frozenset[Mention],
) -> float:
    silent, same = fit.weights["silent_subject"], fit.weights["same_subject"]
    about = content.answer_units[match.key].about
    open_kinds = {one.kind for one in about} - said_kinds
    score = np.log(max(match.score, 1e-6) / max(1 - match.score, 1e-6))
    for kind in open_kinds & {one.kind for one in topic}:
        ours = any(one in topic for one in about if one.kind == kind)
        score += same - silent if ours else silent
    return round(float(1 / (1 + np.exp(-score))), 4)


class Vectors:
    """A row of numbers for each phrasing, kept as bytes: a quarter of the memory, and half the
    time, since that goes into fetching it.
    """

    AT_ONCE: Final = 512
    """So many rows are floats at a time: they fit a processor's cache."""

    def __init__(self, rows: Bytes) -> None:
        self.rows = rows

    def __getitem__(self, places: int | slice | Sequence[int] | NDArray[np.intp]) -> Array:
        """These rows as the encoder gave them, but for what a byte cannot hold."""
        result: Array = self.rows[places].astype(np.float32)
        result /= np.float32(BYTE)
        return result

    def likeness(self, vector: Array) -> Array:
        """How near each row is."""
        result = np.empty(len(self.rows), dtype=np.float32)
        for first in range(0, len(result), self.AT_ONCE):
            some = slice(first, first + self.AT_ONCE)
            np.matmul(self.rows[some].astype(np.float32), vector, out=result[some])
        result /= np.float32(BYTE)
        return result


def in_bytes(rows: Array) -> Bytes:
    """The rows as `Vectors` keeps them."""
    return np.rint(rows * BYTE).astype(np.int8)


def load_fit(place: Path) -> Fit:
    """What was fitted last. Without it nothing is ever near enough to answer."""
    try:
        stored = json.loads((place / "retrieval.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        stored = {"weights": dict.fromkeys(FEATURES, 0.0), **dict.fromkeys(LIMITS, NEVER)}
    return Fit(
        weights=stored["weights"],
        talk=stored.get("talk", dict.fromkeys(TALK_FEATURES, 0.0)),
        **{name: stored.get(name, NEVER) for name in LIMITS},
    )


class AnswerIndex:
    """The phrasings of one content.

    `encode_all` gives a row for each text; `normalised` a text as the encoder is to see it;
    `stored` has both for the phrasings that it was built with.
    """

    def __init__(
        self,
        content: Content,
        *,
        normalised: Callable[[str], str],
        encode_all: Callable[[Sequence[str]], Array],
        stored: StoredPhrasings,
        fit: Fit,
    ) -> None:
        self._content = content
        self._encode_all = encode_all
        self._stored = stored
        self.fit = fit
        self.units: tuple[AnswerUnit, ...] = tuple(content.answer_units.values())
        self.number = {unit.key: number for number, unit in enumerate(self.units)}
        asks = [(number, ask) for number, unit in enumerate(self.units) for ask in unit.answer.asks]
        self.unit_of = np.array([number for number, _ in asks], dtype=np.intp)
        self.asks = tuple(ask for _, ask in asks)
        """The phrasings as they are written."""
        self.phrasings = tuple(stored.text(ask) or normalised(ask) for ask in self.asks)
        self.starts = np.searchsorted(self.unit_of, np.arange(len(self.units)))
        self._words = _WordIndex(
            self.units, self.phrasings, self.unit_of, content.writing.function_words
        )
        self._subjects = _SubjectIndex(self.units)
        self._gaps = np.array([unit.is_gap for unit in self.units], dtype=np.float32)
        self.tells = np.array([not unit.answer.remark for unit in self.units], dtype=np.bool_)
        """Which units tell something; the others are lines in return for what asks for nothing."""

    @cached_property
    def vectors(self) -> Vectors:
        """A row for each phrasing: stored ones are looked up, the rest encoded."""
        rows = [self._stored.vector(text) for text in self.phrasings]
        new = [place for place, row in enumerate(rows) if row is None]
        encoded = in_bytes(self._encode_all([self.phrasings[place] for place in new]))
        for place, row in zip(new, encoded, strict=True):
            rows[place] = row
        return Vectors(np.array(rows, dtype=np.int8).reshape(len(rows), -1))

    def encode(self, texts: Sequence[str]) -> Array:
        """A row for each normalised text."""
        return self._encode_all(texts)

    def own_words(self, text: str) -> frozenset[str]:
        """The heads of the words that say something by themselves."""
        return self._words.own(tokens(text))

    def unexplained(self, key: str, text: str) -> float:
        """How rare the rarest word of the text is that an answer does not know:
        0 where it knows them all.
        """
        return self._words.rarity_unknown_to(self.number[key], self.own_words(text))

    def query(self, vector: Array, text: str) -> Query:
        words = tokens(text)
        return Query(vector, words, self._content.mentions(words))

    def matches(
        self, query: Query, topic: frozenset[Mention] = frozenset(), talk: Talk | None = None
    ) -> tuple[AnswerMatch, ...]:
        """The units that fit best, best first; `topic` and `talk` are what the talk is about where
        the question does not say.
        """
        raw = self.features(query, topic) @ weights_of(self.fit)
        if talk is not None:
            raw = raw + self.talk_features(query, talk) @ talk_weights_of(self.fit)
        scores = odds(raw)
        best = np.argsort(-scores, kind="stable")[:MOST]
        return tuple(
            AnswerMatch(key=self.units[n].key, score=round(float(scores[n]), 4)) for n in best
        )

    def features(
        self,
        query: Query,
        topic: frozenset[Mention] = frozenset(),
        without: int | None = None,
    ) -> Array:
        """Units × features. `without`: a phrasing that is left out, as if nobody had written it."""
        likeness = self.vectors.likeness(query.vector)
        apart = self._apart.likeness(likeness, query)
        own = self._words.own(query.words)
        if without is not None:
            likeness[without] = apart[without] = 0.0
        columns = np.ones((len(self.units), len(FEATURES)), dtype=np.float32)
        columns[:, 0:2] = self._best(likeness)
        columns[:, 2] = self._best(apart)[:, 1]
        columns[:, 3] = self._like_mean(query.vector, without)
        columns[:, 4:8] = self._subjects.agreement(query.mentions, topic)
        columns[:, 8] = self._words.unexplained(own, without)
        columns[:, 9] = min(len(own), MANY_WORDS) / MANY_WORDS
        columns[:, 10] = not own
        columns[:, 11] = self._gaps
        return columns

    def talk_of(self, key: str) -> Talk:
        """What is talked about once this answer was told."""
        number = self.number[key]
        return Talk(self._sums[number] / self._lengths[number], key)

    def talk_features(self, query: Query, talk: Talk) -> Array:
        """Units × features of the talk."""
        own = min(len(self._words.own(query.words)), MANY_WORDS) / MANY_WORDS
        columns = np.ones((len(self.units), len(TALK_FEATURES)), dtype=np.float32)
        columns[:, 0] = self._like_mean(talk.vector, None)
        columns[:, 1] = own * columns[:, 0]
        columns[:, 2] = 0.0
        if talk.told:
            columns[self.number[talk.told], 2] = 1.0
        return columns

    def _like_mean(self, vector: Array, without: int | None) -> Array:
        """How near the mean of each unit's phrasings is."""
        sums, lengths = self._sums, self._lengths
        near: Array = (sums @ vector) / lengths
        if without is not None:
            number = int(self.unit_of[without])
            rest = sums[number] - self.vectors[without]
            near[number] = float(rest @ vector) / max(float(np.linalg.norm(rest)), 1e-6)
        return near

    @cached_property
    def _sums(self) -> Array:
        sums: Array = np.add.reduceat(self.vectors[:], self.starts, axis=0)
        return sums

    @cached_property
    def _lengths(self) -> Array:
        lengths: Array = np.maximum(np.linalg.norm(self._sums, axis=1), 1e-6)
        return lengths

    def _best(self, likeness: Array) -> Array:
        """Of each unit the best, and the mean of the best two."""
        nearest = np.maximum.reduceat(likeness, self.starts)
        rest = np.where(likeness == nearest[self.unit_of], 0.0, likeness)
        second = np.maximum(np.maximum.reduceat(rest, self.starts), 0.0)
        return np.stack([nearest, (nearest + second) / 2], axis=1)

    @cached_property
    def _apart(self) -> "_Apart":
        about = [self.units[number].about for number in self.unit_of]
        return _Apart(self.vectors[:], about)


class _Apart:
    """Likeness apart from the subject: 'how long does the 482 last' and '482 fee' share a number,
    and nothing else.

    From each phrasing the mean of all phrasings about its subject is taken away, and from a
    question that speaks of it too.
    """

    STEADY: Final = 8
    """A mean of few phrasings leans on the mean of all, as if there were so many more."""

    def __init__(self, vectors: Array, about: Sequence[frozenset[Mention]]) -> None:
        overall: Array = vectors.mean(axis=0)
        rows: dict[frozenset[Mention], list[int]] = {}
        for place, subjects in enumerate(about):
            rows.setdefault(subjects, []).append(place)
        self._groups = tuple(rows)
        self._group_of = np.zeros(len(about), dtype=np.intp)
        means = np.zeros((len(rows), vectors.shape[1]), dtype=np.float32)
        for number, (subjects, places) in enumerate(rows.items()):
            self._group_of[places] = number
            total = vectors[places].sum(axis=0) + self.STEADY * overall
            if subjects:
                means[number] = total / (len(places) + self.STEADY)
            else:
                means[number] = overall
        self._means, self._overall = means, overall
        own = means[self._group_of]
        self._own = (vectors * own).sum(axis=1)
        self._all = vectors @ overall
        self._length = np.linalg.norm(vectors - own, axis=1)
        self._squares = (means**2).sum(axis=1)
        self._across = means @ overall

    def likeness(self, plain: Array, query: Query) -> Array:
        """`plain` are the cosines, as a row for each phrasing."""
        vector = query.vector
        said = np.array([bool(one & query.mentions) for one in self._groups])
        towards = self._means @ vector
        shift = np.where(said, self._squares, self._across) - towards
        squares = np.where(said, self._squares - 2 * towards, self._plain_square(vector)) + 1.0
        length = np.sqrt(np.maximum(squares, 1e-6))
        group = self._group_of
        gap = plain - np.where(said[group], self._own, self._all) + shift[group]
        result: Array = (gap / (length[group] * self._length + 1e-6)).astype(np.float32)
        return result

    def _plain_square(self, vector: Array) -> float:
        """How long the question is without the mean of all, less one."""
        return float(self._overall @ self._overall - 2 * self._overall @ vector)


class _SubjectIndex:
    """Which units are about which subject, and which speak of it."""

    def __init__(self, units: Sequence[AnswerUnit]) -> None:
        self._count = len(units)
        self._about: dict[Mention, Mask] = {}
        self._touch: dict[Mention, Mask] = {}
        self._of_kind: dict[str, Mask] = {}
        for number, unit in enumerate(units):
            for one in unit.about:
                self._mark(self._about, one, number)
                self._mark(self._of_kind, one.kind, number)
            for one in unit.touches:
                self._mark(self._touch, one, number)

    def _mark(self, masks: dict[_Key, Mask], key: _Key, number: int) -> None:
        masks.setdefault(key, np.zeros(self._count, dtype=np.bool_))[number] = True

    def agreement(self, said: frozenset[Mention], topic: frozenset[Mention]) -> Array:
        """Units × (same, other, silent, strange): the unit's subject is the one that is said, or
        another, or none is said; the question speaks of something that the unit does not know.
        """
        columns = np.zeros((self._count, 4), dtype=np.float32)
        said_kinds = {one.kind for one in said}
        for kind, units in self._of_kind.items():
            named = {one for one in (said if kind in said_kinds else topic) if one.kind == kind}
            hit = self._union(self._about, named)
            columns[hit, 0] = 1.0
            missed = units & ~hit
            columns[missed, 1 if kind in said_kinds else 2] += 2.0 if named else 1.0
        for one in said:
            known = self._of_kind.get(one.kind, self._nothing) | self._union(self._touch, {one})
            columns[~known, 3] += 0.5 if one.kind in PASSING else 1.0
        return np.minimum(columns, 2.0)

    @property
    def _nothing(self) -> Mask:
        return np.zeros(self._count, dtype=np.bool_)

    def _union(self, masks: Mapping[Mention, Mask], wanted: Iterable[Mention]) -> Mask:
        result = self._nothing
        for one in wanted:
            if one in masks:
                result |= masks[one]
        return result


class _WordIndex:
    """Which words each unit knows, rare ones counting more.

    Words that only join others count for nothing.
    """

    def __init__(
        self,
        units: Sequence[AnswerUnit],
        phrasings: Sequence[str],
        unit_of: NDArray[np.intp],
        joining: Iterable[str],
    ) -> None:
        self._joining = frozenset(map(stem, joining))
        self._bags = [frozenset(map(stem, text.split())) for text in phrasings]
        self._unit_of = unit_of
        self._spoken = [_spoken(unit) for unit in units]
        self._times = self._count_by_unit()
        self._knowing = self._units_by_word()
        self._most = float(np.log(1 + len(units)))

    def _count_by_unit(self) -> Counter[tuple[int, str]]:
        """In how many phrasings of a unit a word stands."""
        return Counter(
            (int(number), word)
            for number, bag in zip(self._unit_of, self._bags, strict=True)
            for word in bag
        )

    def _units_by_word(self) -> dict[str, NDArray[np.intp]]:
        by_word: dict[str, set[int]] = {}
        for number, word in self._times:
            by_word.setdefault(word, set()).add(number)
        for number, words in enumerate(self._spoken):
            for word in words:
                by_word.setdefault(word, set()).add(number)
        return {word: np.array(sorted(found), dtype=np.intp) for word, found in by_word.items()}

    def own(self, words: Iterable[str]) -> frozenset[str]:
        """The words that say something by themselves."""
        return frozenset(map(stem, words)) - self._joining

    def rarity(self, word: str) -> float:
        """0 to 1: a word that every unit knows, to one that none does."""
        known = len(self._knowing.get(word, ()))
        return 1.0 - float(np.log(1 + known)) / self._most

    def unexplained(self, own: Iterable[str], without: int | None = None) -> Array:
        """For each unit how rare the rarest of these words is that it does not know."""
        rarest = np.zeros(len(self._spoken), dtype=np.float32)
        for word in own:
            missing = np.ones(len(self._spoken), dtype=np.bool_)
            missing[self._knowing.get(word, _NO_UNITS)] = False
            if without is not None and self._is_only_there(word, without):
                missing[self._unit_of[without]] = True
            rarest = np.maximum(rarest, np.where(missing, np.float32(self.rarity(word)), 0.0))
        return rarest

    def rarity_unknown_to(self, number: int, own: Iterable[str]) -> float:
        """How rare the rarest of these words is that one unit does not know."""
        strange = (word for word in own if number not in self._knowing.get(word, _NO_UNITS))
        return max(map(self.rarity, strange), default=0.0)

    def _is_only_there(self, word: str, place: int) -> bool:
        """Whether the unit knows the word by this one phrasing."""
        number = int(self._unit_of[place])
        is_there = word in self._bags[place] and word not in self._spoken[number]
        return is_there and self._times[number, word] == 1


_NO_UNITS: Final = np.zeros(0, dtype=np.intp)


def _spoken(unit: AnswerUnit) -> frozenset[str]:
    """The words of a unit's subject and of what it says."""
    texts = (unit.answer.subject, *(() if unit.is_gap else unit.answer.texts))
    return frozenset(stem(word) for text in texts for word in tokens(text))


@lru_cache(maxsize=WORDS_KEPT)
def stem(word: str) -> str:
    """The head of a word: 'fees' and 'fee' are one, 'assessed' and 'assessment',
    'idempotent' and 'idempotency'.
    """
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        bare = word[:-1]
    else:
        bare = word
    return bare[:HEAD]


def weights_of(fit: Fit) -> Array:
    return np.array([fit.weights.get(name, 0.0) for name in FEATURES], dtype=np.float32)


def talk_weights_of(fit: Fit) -> Array:
    return np.array([fit.talk[name] for name in TALK_FEATURES], dtype=np.float32)


def odds(scores: Array) -> Array:
    """Any number becomes one between 0 and 1."""
    result: Array = (1 / (1 + np.exp(-scores))).astype(np.float32)
    return result
