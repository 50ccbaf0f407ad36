"""From a text to a `Reading`: everything that needs no context, in one place and in order.

Two limits and a refusal limit: is it for the bot at all, and if so, what is asked? Sure of both: an
answer. Sure that it is not: refused with the reason. Between them: asked back, with at most three
candidates. What would annoy or destroy is asked about more readily. The limits come with the model;
they were chosen on lines that it had not seen.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from bot.core.events import AnswerMatch, Reading
from bot.core.latest_texts import of_latest
from bot.core.reply import ACTION_BYTES
from bot.extraction.numbers import spoken_forms
from bot.extraction.times.match import MOST_READ
from bot.understanding import model as models
from bot.understanding.acting import Acting
from bot.understanding.acts import plain
from bot.understanding.encoder import Array
from bot.understanding.entities import Values, spot
from bot.understanding.features import signals
from bot.understanding.languages import in_english
from bot.understanding.normalise import Normaliser, Written, shortened
from bot.understanding.phrase_matcher import Phrasebook
from bot.understanding.retrieval import AnswerIndex, Fit, Talk, load_fit
from bot.understanding.slots import stated, words
from bot.understanding.stored_phrasings import load_stored
from content.content import Content
from content.subject import Mention

OUT_OF_SCOPE: Final = "out_of_scope"
UNREAD: Final = "out_of_scope/gibberish"
FOR_OTHERS: Final = "out_of_scope/other_action"
WORTH_OFFERING: Final = 0.02
MIXED: Final = 0.15
MIXED_WORDS: Final = 6
WEEK: Final = 7
CANDIDATES: Final = 3
FOLLOWS: Final = 8.0
"""How much likelier the topic talked about just before is, when a text leans on it."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """A message taken apart."""

    written: Written
    values: Values
    signals: frozenset[str]


class Reader:
    """What reading needs of one content: made once, then only read."""

    def __init__(self, content: Content, model: models.Model | None) -> None:
        self.content = content
        self.model = model
        ours = [content.concepts[name] for name in content.writing.subjects]
        spoken = {form: visa for visa in content.visas for form in spoken_forms(visa)}
        normaliser = Normaliser(content.writing, content.concepts.values(), ours, spoken)
        self._normalise = of_latest(normaliser)
        self.mended = of_latest(normaliser.mended)
        self.phrase = normaliser.phrase
        self.spelling = normaliser.spelling
        self.find_in_talk = of_latest(self._find_in_talk)
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
        self._acting = Acting(content, self.words)
        self._others = Phrasebook(
            {"occupation": tuple(" ".join(words) for words in others if words)}
        )

    def notice(self, text: str) -> Noticed:
        written = self._normalise(text)
        written = replace(written, words=self._as_learnt(written.words))
        hits = self._phrasebook.hits(written.words)
        ends = replace(written, plain=shortened(written.plain, MOST_READ))
        values = spot(ends, hits, self.content)
        return Noticed(written, values, signals(written, hits, values))

    def words(self, text: str) -> tuple[str, ...]:
        """A text's words as the encoder sees them."""
        return self._as_learnt(self._normalise(text).words)

    @cached_property
    def fit(self) -> Fit:
        """How likenesses count, and from which score on an answer is told."""
        return load_fit(models.folder())

    @cached_property
    def answers(self) -> AnswerIndex:
        """The answers that a question may ask for.

        Without a model every vector is nothing, and no score is high.
        """
        return AnswerIndex(
            self.content,
            normalised=self.phrase,
            encode_all=self.model.encoder.encode_all if self.model else _no_vectors,
            stored=load_stored(models.folder(), self.spelling),
            fit=self.fit,
        )

    @cached_property
    def terms(self) -> Mapping[frozenset[str], str]:
        """Terms by the words of each of their names that say something by themselves."""
        named: dict[frozenset[str], str] = {}
        for key, term in self.content.glossary.items():
            for name in term.names:
                named.setdefault(self.answers.own_words(self.written(name).text), key)
        named.pop(frozenset(), None)
        return named

    @cached_property
    def plain_terms(self) -> Mapping[str, tuple[str, ...]]:
        """The names of each term, as they stand in a plain line."""
        terms = self.content.glossary.items()
        return {key: tuple(map(plain, term.names)) for key, term in terms}

    def written(self, text: str) -> Written:
        """The text in fewer spellings, as intents and answers see it."""
        return self._normalise(text)

    def vector(self, written: Written) -> Array:
        """The text as 384 numbers: computed once, read for intents and answers alike."""
        if self.model:
            return self.model.encoder.encode(written.text)
        nothing: Array = _no_vectors(("",))[0]
        return nothing

    def find(
        self, text: str, vector: Array | None = None, topic: frozenset[Mention] = frozenset()
    ) -> tuple[AnswerMatch, ...]:
        """The answers that fit a question, best first; `topic`: what the talk is about."""
        written = self._normalise(text)
        vector = self.vector(written) if vector is None else vector
        return self._facts(self.answers.matches(self.answers.query(vector, written.text), topic))

    def _find_in_talk(
        self, text: str, about: frozenset[Mention], told: str
    ) -> tuple[AnswerMatch, ...]:
        """The answers that fit a text after something was told, best first.

        `told`: the key of the answer, or the command line that it answered.
        """
        written, index = self._normalise(text), self.answers
        if told in index.number:
            talk = index.talk_of(told)
        else:
            talk = Talk(self.vector(self._normalise(told)))
        query = index.query(self.vector(written), written.text)
        return self._facts(index.matches(query, about, talk))

    def _facts(self, matches: Iterable[AnswerMatch]) -> tuple[AnswerMatch, ...]:
        """The answers among these matches that tell something."""
        return tuple(match for match in matches if not self._is_remark(match))

    def _is_remark(self, match: AnswerMatch) -> bool:
        return self.content.answer_units[match.key].answer.remark

    @cached_property
    def _examples(self) -> models.Examples | None:
        if self.model is None:
            return None
        lines = [
            (entry.label, line) for entry in self.content.examples.values() for line in entry.lines
        ]
        return self.model.examples(lines, self.words)

    def _as_learnt(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Rules and model know one occupation.

        A second one, a file in the content, is read as if that one had been named; which of them an
        answer is about is seen from the text itself. Where both are named nothing changes.
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

    def odds(self, noticed: Noticed) -> dict[str, float]:
        """A probability for each label. Without a model nothing is understood."""
        if self.model is None or self._examples is None:
            return {UNREAD: 1.0}
        vector, said = self.vector(noticed.written), noticed.written.words
        return self.model.probabilities(vector, said, noticed.signals, self._examples)

    def read(self, text: str, prev: str | None = None) -> Reading:
        """What a text asks for, and the answers that fit it."""
        noticed = self.notice(in_english(self.content, text) or text)
        if not noticed.written.words:
            return _rejection(1.0, UNREAD, needs_context=False)
        query = self.answers.query(self.vector(noticed.written), noticed.written.text)
        nearest = self.answers.matches(query)
        remark = None
        if nearest and self._is_remark(nearest[0]):
            remark = nearest[0]
        return replace(self.intent(noticed, prev), answers=self._facts(nearest), remark=remark)

    def intent(self, noticed: Noticed, prev: str | None = None) -> Reading:
        """What a text asks for, without the answers."""
        odds = self.odds(noticed)
        if prev and _leans(noticed):
            odds = _leaning(odds, self.odds(self.notice(prev)))
        return self._band(noticed, odds)

    def _band(self, noticed: Noticed, odds: Mapping[str, float]) -> Reading:
        shares = _by_intent(odds)
        beyond = shares.pop(OUT_OF_SCOPE, 0.0)
        ranked = sorted(shares, key=lambda intent: -shares[intent])
        offered = tuple(one for one in ranked[:CANDIDATES] if shares[one] >= WORTH_OFFERING)
        reason = max(odds, key=lambda label: odds[label] * label.startswith(OUT_OF_SCOPE))
        needs_context = _leans(noticed)
        if not offered or beyond >= self._limits.refuse:
            return _rejection(beyond, reason, needs_context=needs_context)
        offers = tuple(self._line(name, noticed) for name in offered)
        best = ranked[0]
        if beyond > shares[best]:
            return replace(
                _rejection(beyond, reason, needs_context=needs_context),
                action="clarify",
                candidates=offered,
                offers=offers,
            )
        if self._acting.for_others(best, noticed.written.words):
            return _rejection(1.0, FOR_OTHERS, needs_context=needs_context)
        if self._acting.is_negated(best, noticed.signals):
            offered = tuple(one for one in offered if not self._acting.acts(one))
            return replace(
                _rejection(1.0 - shares[best], OUT_OF_SCOPE, needs_context=needs_context),
                action="clarify" if offered else "reject",
                candidates=offered,
                offers=tuple(self._line(name, noticed) for name in offered),
            )
        command, arguments, entities = self._meaning(best, noticed)
        return Reading(
            command=command,
            intent=best,
            arguments=arguments,
            entities=entities,
            confidence=shares[best],
            action="answer" if self._sure(best, shares[best], beyond) else "clarify",
            candidates=offered,
            offers=offers,
            needs_context=needs_context,
            also=self._also(ranked, shares, noticed),
            asks=self._acting.asks(best, noticed.written.words),
        )

    @property
    def _limits(self) -> models.Limits:
        if self.model is not None:
            return self.model.head.limits
        return _NOTHING

    def _sure(self, intent: str, share: float, beyond: float) -> bool:
        """Is it ours, and is it this one? One that acts must be likely outright."""
        limits = self._limits
        if self.content.intents[intent].sure and share < limits.act:
            return False
        ours = 1.0 - beyond
        return ours >= limits.ours and share >= limits.which * ours

    def _meaning(self, name: str, noticed: Noticed) -> tuple[str, str, dict[str, object]]:
        """An intent's command, the words for it and the entities that belong to it."""
        intent = self.content.intents[name]
        entities = stated(intent, noticed.values, talk_of_points=name == "points_test")
        days = noticed.values.days
        if intent.beyond_a_week and days is not None and days > WEEK:
            acting = self.content.intents[intent.beyond_a_week]
        else:
            acting = intent
        for line, phrases in acting.instead.items():
            if any(f" {phrase} " in f" {noticed.written.plain} " for phrase in phrases):
                command, _, rest = line.partition(" ")
                return command, " ".join((rest, *noticed.values.subclasses)), entities
        return acting.command, words(acting, entities, noticed.written, noticed.values), entities

    def _line(self, name: str, noticed: Noticed) -> str:
        """What a tap for this intent would type: with its words if they fit a button."""
        command, arguments, _ = self._meaning(name, noticed)
        line = f"{command} {arguments}".strip()
        if len(line.encode()) <= ACTION_BYTES:
            return line
        return command

    def _also(self, ours: Sequence[str], shares: Mapping[str, float], noticed: Noticed) -> str:
        """The second command of a message that asks two things."""
        if len(ours) < 2 or len(noticed.written.words) < MIXED_WORDS:
            return ""
        first, second = (self.content.intents[name].command for name in ours[:2])
        if shares[ours[1]] >= MIXED and second != first:
            return second
        return ""


_NOTHING: Final = models.Limits(ours=1.0, which=1.0, act=1.0, refuse=0.0)


def _rejection(share: float, label: str, *, needs_context: bool) -> Reading:
    return Reading(
        command="",
        intent=OUT_OF_SCOPE,
        confidence=share,
        action="reject",
        reason=label.partition("/")[2],
        needs_context=needs_context,
    )


def _by_intent(odds: Mapping[str, float]) -> dict[str, float]:
    shares: dict[str, float] = {}
    for label, share in odds.items():
        intent = label.partition("/")[0]
        shares[intent] = shares.get(intent, 0.0) + share
    return shares


def _leaning(odds: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    """The topic of the text before is likelier."""
    topic = max(before, key=lambda label: before[label])
    weights = {label: share * (FOLLOWS if label == topic else 1.0) for label, share in odds.items()}
    total = sum(weights.values())
    return {label: weight / total for label, weight in weights.items()}


_LEANING: Final = frozenset(
    """
    that this it those these they them one ones and also then so there same instead what
    """.split()
)


def _leans(noticed: Noticed) -> bool:
    """Does a text need what came before it? Short ones and those that point back do."""
    said = noticed.written.words
    if _unread_number(noticed):
        return False
    return len(said) <= 4 or (len(said) <= 12 and bool(_LEANING & set(said)))


_LONG_NUMBER: Final = re.compile(r"\d{3}")


def _unread_number(noticed: Noticed) -> bool:
    """A figure that nothing here can place ('is 18000 ok'):
    what was talked about before must not stand in for it.
    """
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
    """What a text asks for, before any context.

    `prev` is what was said just before, by bot or person.
    """
    return reader_of(content).read(text, prev)


def find_answers(
    content: Content,
    text: str,
    vector: Array | None = None,
    topic: frozenset[Mention] = frozenset(),
) -> tuple[AnswerMatch, ...]:
    """The answers that fit a question, best first.

    `vector`: the text's, where it is known; `topic`: what the talk is about.
    """
    return reader_of(content).find(text, vector, topic)


def find_in_talk(
    content: Content, text: str, about: frozenset[Mention], told: str
) -> tuple[AnswerMatch, ...]:
    """The answers that fit a text after something was told, best first.

    `about`: the subjects of what was told; `told`: the key of the answer, or its command line.
    """
    return reader_of(content).find_in_talk(text, about, told)


def mended(content: Content, text: str) -> str:
    """A text with the words that nobody knows spelt as they are most likely meant."""
    return reader_of(content).mended(text)


def own_words(content: Content, text: str) -> frozenset[str]:
    """The words of a text that say something by themselves;
    a text without any asks for nothing that it names.
    """
    reader = reader_of(content)
    return reader.answers.own_words(reader.written(text).text)


def term_named(content: Content, text: str) -> str:
    """The term of the glossary of which a text says the name and nothing else
    that says something by itself; '' for none.
    """
    return reader_of(content).terms.get(own_words(content, text), "")


def terms_within(content: Content, line: str) -> Iterator[str]:
    """The terms of the glossary whose name stands somewhere in a plain line."""
    for key, names in reader_of(content).plain_terms.items():
        if any(name in line for name in names):
            yield key


def unexplained(content: Content, key: str, text: str) -> float:
    """How rare the rarest word of a text is that an answer does not know, 0 to 1."""
    reader = reader_of(content)
    return reader.answers.unexplained(key, reader.written(text).text)


def limits(content: Content) -> Fit:
    """From which score on an answer is told, or offered."""
    return reader_of(content).fit
