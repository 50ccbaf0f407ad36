"""What the talk is about, and a question that leaves it out said in full: 'how long can I stay on
it' after the 482.

A text points back with a word ('it', 'one of them') or drops its subject altogether ('fee how
much'). With the subject said it is a question like any other, and only answers about that subject
may answer it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from bot.conversation import topics
from bot.core.command_line import parse, tidy
from bot.core.events import AnswerMatch
from bot.core.state import Conversation, LastAnswer
from bot.features.about import fact as facts
from bot.features.pay import thresholds
from bot.understanding.reading import find_answers, own_words, unexplained
from content.attribute import AnswerUnit
from content.content import Content
from content.subject import Mention, tokens

_POINTS_BACK: Final = re.compile(
    r"\b(?:(?:one|any|either|all) of (?:them|these|those)|(?:that|this|the) (?:one|visa|test"
    r"|code|unit|list)"
    r"|(?:it|that|this)(?! (?:true|possible|worth|ok|okay|hard|easy|normal|right|wrong)\b)"
    r"|its|them|those|these|there)\b",
    re.IGNORECASE,
)
_ATTRIBUTE: Final = re.compile(r"\bhow (?:much|long|old|many|big|hard)\b", re.IGNORECASE)
"""Words that ask for something by themselves."""
_DEFINES: Final = re.compile(
    r"(?:what(?:'?s| is| are| does)|wats|define|explain|meaning of)\b(?! the\b)", re.IGNORECASE
)
"""'What is ACS' names what it asks about, whatever was talked about."""
LEAST_ASKED: Final = 3
MOST_SIDE_BY_SIDE: Final = 2
LIKELY: Final = 0.78
"""So likely an answer about the topic has to be where it does not know every word: 'is that before
tax' is no question about a pay.
"""
MOST_UNEXPLAINED: Final = 0.45
"""How rare a word may be that a likely answer does not know: 'rent' is about no partner."""
SURE: Final = 0.9
FARTHER: Final = 0.3
"""What the odds of an answer are worth for each topic that was talked of since its own."""
MOST_WORDS: Final = 14
MOST_BARE: Final = 8
"""Words of a text that points back with none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What was talked about: as people type it, and what that mentions."""

    name: str
    mentions: frozenset[Mention] = frozenset()
    is_of_migration: bool = False
    """Whatever else is told of visas and points may be asked next."""

    def holds(self, content: Content, unit: AnswerUnit) -> bool:
        """Whether a unit is about this."""
        if self.mentions:
            return bool(unit.about & self.mentions) or self._is_spoken_of(unit)
        if self.is_of_migration:
            return of_migration(content, unit)
        return unit.answer.subject.lower() == self.name

    def _is_spoken_of(self, unit: AnswerUnit) -> bool:
        """Whether a unit that is about nothing else of this kind speaks of this and no other: 'the
        English for a 186' is a fact of English.
        """
        kinds = {one.kind for one in self.mentions}
        named = frozenset(one for one in unit.touches | unit.about if one.kind in kinds)
        return bool(named) and named == self.mentions


def topics_of(content: Content, conversation: Conversation, now: datetime) -> Iterator[Topic]:
    """What was talked about lately, nearest first; answers that
    are about nothing are passed over.
    """
    for last in topics.recent(conversation, now):
        yield from _topics_of_one(content, last)


_ROW_NAMES: Final = {
    "age": "points age",
    "english": "points english",
    "overseas_years": "points work",
    "australian_years": "points work",
    "education": "points education",
    "partner": "points partner",
    "ccl": "community language",
    "professional_year": "points professional year",
}
"""Rows of the points table as the subjects of answers."""


def _row_talked_of(last: LastAnswer, conversation: Conversation) -> str:
    """The row that was priced or noted last, as a subject; '' where it was none, or several."""
    if last.command == "points" and last.words.startswith("worth "):
        return _ROW_NAMES.get(last.words.split(" ")[1], "points")
    if last.command == "profile" and last is conversation.last and len(conversation.changed) == 1:
        return _ROW_NAMES.get(next(iter(conversation.changed)), "")
    return ""


def _topics_of_one(content: Content, last: LastAnswer) -> Iterator[Topic]:
    """Of one answer, which may be about two subjects side by side."""
    unit = None
    if thresholds.asks_for(last.words):
        yield Topic(name="482", mentions=frozenset([Mention("visa", "482")]))
    if last.command == facts.COMMAND:
        unit = content.answer_units.get(last.words)
    if unit is not None and not unit.about:
        name, migrates = unit.answer.subject.lower(), of_migration(content, unit)
        if migrates or _is_asked_about(content, name):
            yield Topic(name=name, is_of_migration=migrates)
        return
    if unit:
        about = unit.about
    else:
        about = content.mentions(tokens(f"{last.command} {last.words}"))
    named = [one for one in content.subjects if one.mention in about]
    if unit is not None and not named and of_migration(content, unit):
        yield Topic(name=unit.answer.subject.lower(), mentions=unit.about)
    if len(named) <= MOST_SIDE_BY_SIDE:
        for one in named:
            yield Topic(name=one.typed, mentions=frozenset([one.mention]))
    if unit is not None and all(one.kind != "visa" for one in unit.about):
        yield from _the_visa_it_speaks_of(content, unit)


def _the_visa_it_speaks_of(content: Content, unit: AnswerUnit) -> Iterator[Topic]:
    """A place that counts as regional is told for the sake of the 491: what is asked next may be
    about that.
    """
    visas = [
        one
        for one in content.subjects
        if one.mention in unit.touches
        and one.mention.kind == "visa"
        and of_migration(content, unit)
    ]
    if len(visas) == 1:
        yield Topic(name=visas[0].typed, mentions=frozenset([visas[0].mention]))


_MIGRATION: Final = ("visa", "points", "code")
"""Commands whose pages tell of migration."""


def of_migration(content: Content, unit: AnswerUnit) -> bool:
    """Whether a unit tells of visas, points or occupation codes: its page is one of theirs."""
    page = None
    if unit.answer.more:
        page = parse(content, unit.answer.more)
    return page is not None and page.command in _MIGRATION


def talks_of_migration(content: Content, conversation: Conversation, now: datetime) -> bool:
    """Whether the last answer that still counts was about visas, points or codes."""
    last = next(iter(topics.recent(conversation, now)), None)
    unit = None
    if last and last.command == facts.COMMAND:
        unit = content.answer_units.get(last.words)
    if unit is not None:
        return of_migration(content, unit)
    return last is not None and (
        last.command in _MIGRATION or bool(_row_talked_of(last, conversation))
    )


def _is_asked_about(content: Content, name: str) -> bool:
    """Whether a subject is the name of something, of which several things are asked: ACS is,
    'how to learn' is none.
    """
    terms = content.glossary.values()
    named = any(name == one.lower() for term in terms for one in term.names)
    units = (unit for unit in content.answer_units.values() if unit.answer.subject.lower() == name)
    return named and len(tuple(islice(units, LEAST_ASKED))) == LEAST_ASKED


def said_in_full(
    content: Content, conversation: Conversation, text: str, now: datetime
) -> tuple[AnswerMatch, ...]:
    """The answers about what the talk is about, best first, for a text that leaves its subject out;
    () for one that names it.

    What was told last is no answer to a further question: where only that is near, the talk goes
    back to what was before it.
    """
    words = tidy(text)
    back = points_back(words)
    if not _may_lean(content, words, back=back):
        return ()
    found: dict[str, AnswerMatch] = {}
    nearness: dict[str, float] = {}
    is_said = bool(own_words(content, words))
    for distance, topic in enumerate(topics_of(content, conversation, now)):
        if _is_beside_a_pay(conversation, topic) and not is_said:
            continue  # 'how much then' is about the pay that stands beside the thresholds
        for match in _about(content, topic, words):
            known = found.get(match.key)
            if known is None or known.score < match.score:
                found[match.key] = match
                nearness.setdefault(match.key, FARTHER**distance)
        found.pop(_last_subject(conversation), None)
        if _is_enough(content, tuple(found.values()), words, back=back):
            break

    def order(match: AnswerMatch) -> tuple[bool, float]:
        odds = match.score / (1.0001 - match.score)
        return not knows(content, match, words), -odds * nearness[match.key]

    return tuple(sorted(found.values(), key=order))


def _is_beside_a_pay(conversation: Conversation, topic: Topic) -> bool:
    """Whether the visa of a topic is only that of the thresholds which a pay stands beside."""
    last = conversation.last
    is_pay = last is not None and thresholds.asks_for(last.words)
    return is_pay and any(one.kind == "visa" for one in topic.mentions)


def _is_enough(content: Content, found: tuple[AnswerMatch, ...], words: str, *, back: bool) -> bool:
    """Whether no topic farther back is looked at: for a word that points back, one that nearer
    topics surely explain.
    """
    if not back:
        return bool(found)
    return any(one.score >= SURE and knows(content, one, words) for one in found)


def _last_subject(conversation: Conversation) -> str:
    last = conversation.last
    if last is not None and last.command == facts.COMMAND:
        return last.words
    return ""


def _about(content: Content, topic: Topic, words: str) -> Iterator[AnswerMatch]:
    """The answers about the topic to a text with the topic's name in it, which are nearer to it
    than to the name alone, or know its words: whatever is said beside 'partner' is near to what a partner brings.
    """
    is_said = bool(own_words(content, words))
    by_name = {match.key: match.score for match in find_answers(content, topic.name)}
    for match in find_answers(content, _complete(words, topic.name)):
        is_nearer = match.score > by_name.get(match.key, 0.0) or (
            is_said and knows(content, match, words)
        )
        unit = content.answer_units[match.key]
        if is_nearer and topic.holds(content, unit) and fits(content, match, words):
            yield match


def fits(content: Content, match: AnswerMatch, words: str) -> bool:
    """Whether an answer found with a subject added knows every word of the text itself, or is
    likely and knows all but such as many answers know.
    """
    rarest = unexplained(content, match.key, words)
    return not rarest or (match.score >= LIKELY and rarest <= MOST_UNEXPLAINED)


def knows(content: Content, match: AnswerMatch, words: str) -> bool:
    """Whether the answer knows every word of the text that says something."""
    return knows_text(content, match.key, words)


def knows_text(content: Content, key: str, words: str) -> bool:
    """Whether an answer knows every word of a text that says something."""
    return not unexplained(content, key, words)


def points_back(text: str) -> bool:
    """Whether a word of the text stands for what was talked about."""
    return bool(_POINTS_BACK.search(text))


def _may_lean(content: Content, words: str, *, back: bool) -> bool:
    """Whether the text may be about something said before: it is short, asks something, and names
    nothing but a word that points.
    """
    length = len(words.split())
    if length > MOST_WORDS or not (own_words(content, words) or _ATTRIBUTE.search(words)):
        return False
    if back:
        return True
    named = _DEFINES.match(words) or content.mentions(tokens(words))
    return length <= MOST_BARE and not named


def _complete(words: str, name: str) -> str:
    said, times = _POINTS_BACK.subn(name, words, count=1)
    return said if times else f"{words} {name}"
