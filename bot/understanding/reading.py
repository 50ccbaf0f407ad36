"""From a text to a `Reading`: everything that needs no context, in one place and in order.

Three bands: answer; ask back with at most three candidates; refuse with the reason. What would annoy or destroy is asked
back about more readily. The thresholds were chosen on the example files, each read by a model that had not seen it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from bot.core.events import AnswerMatch, Reading
from bot.core.reply import ACTION_BYTES
from bot.extraction.times.match import MOST_READ
from bot.understanding import model as models
from bot.understanding.encoder import Array
from bot.understanding.entities import Values, spot
from bot.understanding.features import signals
from bot.understanding.languages import in_english
from bot.understanding.normalise import Normaliser, Written, shortened
from bot.understanding.phrase_matcher import Phrasebook
from bot.understanding.retrieval import AnswerIndex, Fit, load_fit, load_stored
from bot.understanding.slots import stated, words
from content.content import Content
from content.language import Concept
from content.subject import Mention

OUT_OF_SCOPE: Final = "out_of_scope"
SURE: Final = 0.65
SURE_TO_ACT: Final = 0.8
REFUSE: Final = 0.6
WORTH_OFFERING: Final = 0.02
MIXED: Final = 0.1
MIXED_VOTES: Final = 2.0
MIXED_WORDS: Final = 6
WEEK: Final = 7
CANDIDATES: Final = 3
FOLLOWS: Final = 3.0
"""Votes for what was talked about just before, when a text leans on it."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A message taken apart, and the rules' votes on it."""

    written: Written
    values: Values
    signals: frozenset[str]
    votes: Mapping[str, float]


class Reader:
    """What reading needs of one content: made once, then only read."""

    def __init__(self, content: Content, model: models.Model | None) -> None:
        self.content = content
        self.model = model
        self._normalise = Normaliser(content.writing, content.concepts.values(), _ours(content))
        self._phrasebook = Phrasebook(content.concepts)
        self._default = next(
            (
                self._normalise(each.short).words
                for each in content.occupations.values()
                if each.default
            ),
            (),
        )
        others = [
            self._normalise(name).words
            for each in content.occupations.values()
            if not each.default
            for name in each.called
        ]
        self._others = Phrasebook(
            {"occupation": tuple(" ".join(words) for words in others if words)}
        )
        self._rules = tuple(
            (rule.intent, frozenset(rule.all), frozenset(rule.none), rule.votes)
            for rule in content.rules
        )

    def notice(self, text: str) -> Noticed:
        written = self._normalise(text)
        written = replace(written, words=self._as_learnt(written.words))
        hits = self._phrasebook.hits(written.words)
        ends = replace(written, plain=shortened(written.plain, MOST_READ))
        values = spot(ends, hits, self.content.places)
        found = signals(written, hits, values)
        return Noticed(written, values, found, models.votes(self._rules, found))

    def _as_learnt(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Rules and model know one occupation. A second one, a file in the content, is read as if that one had been named; which
        of them an answer is about is seen from the text itself. Where both are named nothing changes.
        """
        named = self._others.hits(words)
        if not named or any(hit.concept == "ml" for hit in self._phrasebook.hits(words)):
            return words
        out: list[str] = []
        place = 0
        while place < len(words):
            end = max((hit.end for hit in named if hit.start == place), default=0)
            out.extend(self._default if end else words[place : place + 1])
            place = end or place + 1
        return tuple(out)

    @cached_property
    def fit(self) -> Fit:
        """How likenesses count, and from which score on an answer is told."""
        return load_fit(models.folder())

    @cached_property
    def answers(self) -> AnswerIndex:
        """The answers that a question may ask for. Without a model every vector is nothing, and no score is high."""
        return AnswerIndex(
            self.content,
            normalised=lambda text: self._normalise(text).text,
            encode_all=self.model.encoder.encode_all if self.model else _no_vectors,
            stored=load_stored(models.folder()),
            fit=self.fit,
        )

    def written(self, text: str) -> Written:
        """The text in fewer spellings, as intents and answers see it."""
        return self._normalise(text)

    def vector(self, written: Written) -> Array:
        """The text as 384 numbers: computed once, read for intents and answers alike."""
        return self.model.encoder.encode(written.text) if self.model else _no_vectors(("",))[0]

    def find(
        self, text: str, vector: Array | None = None, topic: frozenset[Mention] = frozenset()
    ) -> tuple[AnswerMatch, ...]:
        """The answers that fit a question, best first; `topic`: what the talk is about."""
        written = self._normalise(text)
        vector = self.vector(written) if vector is None else vector
        return self.answers.matches(self.answers.query(vector, written.text), topic)

    def scores(self, noticed: Noticed, vector: Array | None = None) -> dict[str, float]:
        """Rules and model together. Without a model, a text that no rule knows is beyond us."""
        if self.model is None:
            return {f"{OUT_OF_SCOPE}/chitchat": 1.0, **noticed.votes}
        learned = self.model.scores(noticed.written.words, noticed.signals, vector)
        return {label: score + noticed.votes.get(label, 0.0) for label, score in learned.items()}

    def read(self, text: str, prev: str | None = None) -> Reading:
        noticed = self.notice(in_english(self.content, text) or text)
        if not noticed.written.words:
            return Reading(
                command="", intent=OUT_OF_SCOPE, confidence=1.0, action="reject", reason="gibberish"
            )
        vector = self.vector(noticed.written)
        scores = self.scores(noticed, vector)
        if prev and _leans(noticed):
            before = self._topic(prev)
            if before in scores:
                scores[before] += FOLLOWS
        reading = self._banded(noticed, models.probabilities(scores))
        query = self.answers.query(vector, noticed.written.text)
        return replace(reading, answers=self.answers.matches(query))

    def _topic(self, prev: str) -> str:
        odds = models.probabilities(self.scores(self.notice(prev)))
        return max(odds, key=lambda label: odds[label])

    def _banded(self, noticed: Noticed, odds: Mapping[str, float]) -> Reading:
        by_intent: dict[str, float] = {}
        for label, share in odds.items():
            name = label.partition("/")[0]
            by_intent[name] = by_intent.get(name, 0.0) + share
        ranked = sorted(by_intent, key=lambda intent: -by_intent[intent])
        best = ranked[0]
        ours = [intent for intent in ranked if intent != OUT_OF_SCOPE]
        offered = tuple(
            intent for intent in ours[:CANDIDATES] if by_intent[intent] >= WORTH_OFFERING
        )
        needs_context = _leans(noticed)
        offers = tuple(self._line(name, noticed) for name in offered)
        if best == OUT_OF_SCOPE:
            reason = max(
                (label for label in odds if label.startswith(best)), key=lambda label: odds[label]
            ).partition("/")[2]
            refused = by_intent[best] >= REFUSE or not offered
            return Reading(
                command="",
                intent=best,
                confidence=by_intent[best],
                action="reject" if refused else "clarify",
                candidates=() if refused else offered,
                offers=() if refused else offers,
                reason=reason,
                needs_context=needs_context,
            )
        command, arguments, entities = self._meant(best, noticed)
        return Reading(
            command=command,
            intent=best,
            arguments=arguments,
            entities=entities,
            confidence=by_intent[best],
            action="answer"
            if by_intent[best] >= (SURE_TO_ACT if self.content.intents[best].sure else SURE)
            else "clarify",
            candidates=offered,
            offers=offers,
            needs_context=needs_context,
            also=self._also(ours, by_intent, noticed),
        )

    def _meant(self, name: str, noticed: Noticed) -> tuple[str, str, dict[str, object]]:
        """An intent's command, the words for it and the entities that belong to it."""
        intent = self.content.intents[name]
        entities = stated(intent, noticed.values, talk_of_points=name == "points_test")
        days = noticed.values.days
        acting = (
            self.content.intents[intent.beyond_a_week]
            if intent.beyond_a_week and days is not None and days > WEEK
            else intent
        )
        for line, phrases in acting.instead.items():
            if any(f" {phrase} " in f" {noticed.written.plain} " for phrase in phrases):
                command, _, rest = line.partition(" ")
                return command, " ".join((rest, *noticed.values.subclasses)), entities
        return acting.command, words(acting, entities, noticed.written, noticed.values), entities

    def _line(self, name: str, noticed: Noticed) -> str:
        """What a tap for this intent would type: with its words if they fit a button."""
        command, arguments, _ = self._meant(name, noticed)
        line = f"{command} {arguments}".strip()
        return line if len(line.encode()) <= ACTION_BYTES else command

    def _also(self, ours: list[str], shares: Mapping[str, float], noticed: Noticed) -> str:
        """The second command of a message that asks two things: near the first, and spoken for by rules of its own."""
        if len(ours) < 2 or len(noticed.written.words) < MIXED_WORDS:
            return ""
        second = ours[1]
        command = self.content.intents[second].command
        spoken_for = shares[second] >= MIXED and noticed.votes.get(second, 0.0) >= MIXED_VOTES
        return command if spoken_for and command != self.content.intents[ours[0]].command else ""


def _ours(content: Content) -> list[Concept]:
    """The concepts that speak for something the bot does."""
    named = {
        concept
        for rule in content.rules
        if not rule.intent.startswith(OUT_OF_SCOPE)
        for concept in rule.all
    }
    return [content.concepts[name] for name in sorted(named) if name in content.concepts]


_LEANING: Final = frozenset(
    [
        "that",
        "this",
        "it",
        "those",
        "these",
        "they",
        "them",
        "one",
        "ones",
        "and",
        "also",
        "then",
        "so",
        "there",
        "same",
        "instead",
        "what",
    ]
)


def _leans(noticed: Noticed) -> bool:
    """Does a text need what came before it? Short ones and those that point back do."""
    said = noticed.written.words
    if _unread_number(noticed):
        return False
    return len(said) <= 4 or (len(said) <= 12 and bool(_LEANING & set(said)))


_LONG_NUMBER: Final = re.compile(r"\d{3}")


def _unread_number(noticed: Noticed) -> bool:
    """A figure that nothing here can place ('is 18000 ok'): what was talked about before must not stand in for it."""
    values = noticed.values
    read = (
        values.amounts,
        values.day_rates,
        values.subclasses,
        values.other_visas,
        values.occupations,
        values.income_year,
    )
    single = (values.points, values.score, values.time, values.hour_rate)
    return (
        bool(_LONG_NUMBER.search(noticed.written.plain))
        and not any(read)
        and all(value is None for value in single)
    )


def _no_vectors(texts: Sequence[str]) -> Array:
    return np.zeros((len(texts), models.VECTOR), dtype=np.float32)


_latest: list[Reader] = []


def reader_of(content: Content) -> Reader:
    """The reader of this content, with the shipped model; kept for the content in use."""
    if not _latest or _latest[0].content is not content:
        _latest[:] = [Reader(content, models.shipped())]
    return _latest[0]


def understand(content: Content, text: str, *, prev: str | None = None) -> Reading:
    """What a text asks for, before any context. `prev` is what was said just before, by bot or person."""
    return reader_of(content).read(text, prev)


def find_answers(
    content: Content,
    text: str,
    vector: Array | None = None,
    topic: frozenset[Mention] = frozenset(),
) -> tuple[AnswerMatch, ...]:
    """The answers that fit a question, best first. `vector`: the text's, where it is known; `topic`: what the talk is about."""
    return reader_of(content).find(text, vector, topic)


def limits(content: Content) -> Fit:
    """From which score on an answer is told, or offered."""
    return reader_of(content).fit
