"""Questions in a message and the answers that are told: which parts ask something, and when an
answer is sure enough.

A message may hold two or three questions: the first is answered, the others too where they are
short, else a tap names them. What was talked about last stands in for a subject that a question
leaves out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from math import exp, log
from typing import Final

from bot.conversation import question_parts
from bot.conversation.context import REMEMBERED
from bot.conversation.several_questions import questions_in
from bot.conversation.stated_figures import figures_in
from bot.conversation.subject_left_out import LIKELY, fits, knows, points_back, said_in_full
from bot.conversation.wanted_acts import (
    ASKED_IN,
    LINKING,
    WONDERS,
    acts,
    asks_within,
    begins,
    computes,
    is_only_a_pay,
    wants_done,
)
from bot.core.command_line import Line, parse
from bot.core.events import AnswerMatch, Reading
from bot.core.state import Conversation, LastAnswer
from bot.extraction.reports import reported
from bot.features import questionnaires
from bot.features.about import fact as facts
from bot.understanding.acts import Utterance, plain, utterance
from bot.understanding.reading import (
    find_answers,
    find_in_talk,
    limits,
    own_words,
    term_named,
    understand,
)
from bot.understanding.retrieval import Fit, about_topic
from content.attribute import AnswerUnit
from content.content import Content
from content.subject import Mention, tokens

MOST_QUESTIONS: Final = 3
_FAR: Final = frozenset(
    ["other_job", "other_country", "other_action", "other_reminder", "insult", "injection"]
)
"""Reasons to refuse that no answer near by outweighs;
a definition or a rate may have been taken for homework or banking.
"""
NEAR: Final = 0.6
"""What scores so much of the limit is named beside an answer that is not sure."""
MOST_NEAR: Final = 3
"""The answer and two others that are named beside it."""
MOST_ALONE: Final = 5
LONG_STORY: Final = 25
"""Words from which on a text is a story with a question in it."""
IN_TALK: Final = 0.5
"""So likely an answer has to be that is found by what was told last, for a text that asks."""
IN_TALK_TOLD: Final = 0.85
"""And for one that tells: 'they lump everybody together though'."""
MOST_IN_FRAGMENT: Final = 4
"""So few words that tell nothing ask: 'and master', 'testers then'."""
APART: Final = 3.0
APART_LEAST: Final = 0.1
"""An answer that only the talk has found, and that is so many times likelier than the next one."""
FAR_APART: Final = 4.0
FAR_APART_LEAST: Final = 0.15
"""And one that need not know every word of the text."""
SURE_IN_TALK: Final = 0.78
"""From here on it goes before an answer of which the text by itself is not sure."""
OFFERED: Final = 0.1
"""So likely an answer that is found by the talk has to be to stand in a menu."""
STORY: Final = 10
"""Words from which on a message may tell something before it asks."""
LEAST_ODDS: Final = -5.0
"""An answer that is not among the likely ones, in log odds."""
LEANS: Final = 1.3
"""How much likelier, in log odds, an answer about the topic has to be
than one to the text as it stands.
"""

_NO_QUESTION: Final = ("complain", "insult", "undo", "thank", "correct")
_TELLS: Final = re.compile(
    r" (?:(?:ok|okay|so|and|also|plus|btw|but|well|yeah|yep|no|nah|oh|ah|hmm|sorry|actually"
    r"|then|haha|lol) ){0,6}"
    r"(?:i|im|ive|id|ill|we|weve|were|he|hes|she|shes|they|theyre|theyve|you|youre|youve|it"
    r"|its|that|thats|this|those|these"
    r"|my|our|his|her|their|someone|somebody|nobody|everyone|let|lets"
    r"|put|send|move|change|go|open|write|remember|keep|drop|swap|round|add|take|leave|use"
    r"|wait|hang|print|call|double|remove"
    r"|fill|book|make|set) "
)
"""How a clause opens that tells something, or has something done."""
_OF_ME: Final = re.compile(
    r"\b(?:have|hold|holding|held|got|know|keep|kept|saved|stored|remember"
    r"|store)\b[^.?!]{0,16}\b(?:me|mine)\b"
    r"|\bmy (?:own )?(?:lists?|reminders?|plate|nudges?)\b",
    re.IGNORECASE,
)
"""Asks what is held about the speaker, which no fact tells: 'what age do you have for me',
'what's on my list'.
"""
_ASKS_LATER: Final = re.compile(
    r"\b(?:which|what|whats|when|where|who|why|(?:is|are|does|do|can|will|should) (?:that|it"
    r"|this|i|we|they|he|she|there))\b",
    re.IGNORECASE,
)
"""What asks though the text does not open with it: 'sat it in june, which table holds'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answers to the questions of a message, the first to be told,
    and those that are worth a tap.
    """

    key: str
    others: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    """What else may have been meant, where the answer is not sure."""
    score: float = 1.0
    """How well the first one fits."""
    is_report: bool = False
    """It tells what our sources have on what somebody else is reported to say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A text with everything that finding its answer looks at."""

    content: Content
    conversation: Conversation
    text: str
    reading: Reading
    utterance: Utterance
    at: datetime
    is_report: bool = False
    """What somebody else is reported to say: whether it is so is what is asked."""

    @property
    def mentions(self) -> frozenset[Mention]:
        """What the last answer was about."""
        return topic_of(self.content, self.conversation.last, self.at)

    @property
    def asks(self) -> bool:
        """The text has the form of a question, at its head or further on."""
        return self.is_report or asks(self.utterance)

    @property
    def tells(self) -> bool:
        """The text tells something or complains, and asks nothing:
        a fact near its words was not asked for.
        """
        if self.is_report or self.utterance.asks or "?" in self.text or ASKED_IN.search(self.text):
            return False
        return self.utterance.does(*_NO_QUESTION) or bool(_TELLS.match(plain(self.text)))

    def parts(self) -> Iterator["Asked"]:
        """The question of a story, and what is reported, each as a text of its own: the words
        around them are left out.
        """
        found = question_parts.parts(self.utterance)
        is_story = len(self.text.split()) >= STORY
        texts = [
            (text, is_report)
            for text, is_report in found
            if is_report or is_story or _term_alone(self.content, text)
        ]
        if _AUSTRALIAN.search(self.text) and (said := _from_abroad(self.content, self.text)):
            texts.append((said, False))
        for text, is_report in texts:
            yield replace(
                self,
                text=text,
                reading=understand(self.content, text),
                utterance=utterance(self.content.acts, text),
                is_report=is_report,
            )

    def matches(self) -> tuple[AnswerMatch, ...]:
        """The answers to the text, best first: as it stands, or about what the talk is about where
        it leaves its subject out.
        """
        alone = self._alone()
        if by_talk := self._surer_in_talk(alone):
            return by_talk
        in_full = said_in_full(self.content, self.conversation, self.text, self.at)
        if not in_full or (alone and not self._leans_more(in_full[0], alone[0])):
            return alone
        others = (match for match in alone if match.key not in {one.key for one in in_full})
        return (*in_full[:MOST_NEAR], *others)

    def _surer_in_talk(self, alone: tuple[AnswerMatch, ...]) -> tuple[AnswerMatch, ...]:
        """The answers seen from the talk, where they are likely and the text by
        itself gets another one that is not sure.
        """
        fit = limits(self.content)
        if not alone or not fit.answer_asked <= alone[0].score < fit.answer or self.is_report:
            return ()
        last = self.conversation.last
        if last is None or last.command != facts.COMMAND:
            return ()
        by_talk = self.in_talk()
        return by_talk if by_talk and by_talk[0].score >= SURE_IN_TALK else ()

    def in_talk(self) -> tuple[AnswerMatch, ...]:
        """The answers to a text that is no story, seen from what was told last;
        () where nothing was.
        """
        last = self.conversation.last
        if last is None or self.at - last.at > REMEMBERED or len(self.text.split()) > LONG_STORY:
            return ()
        told = last.words if last.command == facts.COMMAND else f"{last.command} {last.words}"
        figures = figures_in(self.text)
        return tuple(
            match
            for match in find_in_talk(self.content, self.text, self.mentions, told)
            if figures.are_in(self.content, match.key)
        )

    def _alone(self) -> tuple[AnswerMatch, ...]:
        """The answers to the text as it stands; of a long story the question counts."""
        asking = [one.text for one in self.utterance.clauses if one.mood == "asked"]
        if len(self.text.split()) <= LONG_STORY or not asking:
            return self.reading.answers
        said = {match.key: match for match in self.reading.answers}
        question = find_answers(self.content, asking[-1])
        whole = (_blended(match, said.get(match.key)) for match in question)
        return tuple(sorted(whole, key=lambda match: -match.score))

    def _leans_more(self, in_full: AnswerMatch, alone: AnswerMatch) -> bool:
        """Whether the answer about the topic is the likelier one.

        With its name in the text it always looks likelier, so that it has to be so clearly, but
        where a word points back and nothing else is left to explain.
        """
        is_plain = points_back(self.text) and knows(self.content, in_full, self.text)
        is_plain = is_plain or questionnaires.asks_points_alone(self.text)
        return _log_odds(in_full) >= _log_odds(alone) + (0.0 if is_plain else LEANS)


def asks(said: Utterance) -> bool:
    """The text has the form of a question, at its head or further on."""
    return said.asks or bool(_ASKS_LATER.search(said.text))


def _log_odds(match: AnswerMatch) -> float:
    return _odds_of(match.score)


def _blended(match: AnswerMatch, said: AnswerMatch | None) -> AnswerMatch:
    """An answer to a story's question, as likely as it is to the question and to all of it."""
    odds = (_log_odds(match) + max(_log_odds(said) if said else LEAST_ODDS, LEAST_ODDS)) / 2
    return replace(match, score=round(1 / (1 + exp(-odds)), 4))


def _odds_of(score: float) -> float:
    score = min(max(score, 1e-4), 1 - 1e-4)
    return log(score / (1 - score))


def topic_of(content: Content, last: LastAnswer | None, now: datetime) -> frozenset[Mention]:
    """What the talk is about: the subjects of the last answer, for as long as it is remembered."""
    if last is None or now - last.at > REMEMBERED:
        return frozenset()
    if last.command == facts.COMMAND and last.words in content.answer_units:
        return content.answer_units[last.words].about
    return content.mentions(tokens(f"{last.command} {last.words}"))


def as_page(content: Content, last: LastAnswer | None) -> LastAnswer | None:
    """The last answer, as the page that a fact belongs to:
    what may be said after the page may be said after its fact.
    """
    if last is None or last.command != facts.COMMAND:
        return last
    unit = content.answer_units.get(last.words)
    page = parse(content, unit.answer.more) if unit and unit.answer.more else None
    return replace(last, command=page.command, words=page.words) if page else last


def ranked(
    content: Content, text: str, reading: Reading, topic: frozenset[Mention]
) -> tuple[AnswerMatch, ...]:
    """The reading's answers, seen from what the talk is about."""
    said = content.mentions(tokens(text))
    return about_topic(content, limits(content), reading.answers, said, topic)


def meant_in_talk(heard: Asked) -> Found | None:
    """What the text means after what was told last,
    where by itself it asks for nothing we can tell.
    """
    if wants_done(heard.content, heard.reading, heard.text) or is_only_a_pay(
        heard.content, heard.text
    ):
        return None
    fit = limits(heard.content)
    found = heard.in_talk()[:MOST_NEAR]
    if not found or is_far(heard.reading, heard.text):
        return None
    is_exact = bool(figures_in(heard.text).large)
    least = IN_TALK if is_exact else _least_in_talk(heard)
    if found[0].score < least and not _stands_out(heard, found):
        return None
    return Found(
        key=found[0].key,
        near=tuple(match.key for match in found[1:] if match.score >= NEAR * fit.answer_ours),
        score=found[0].score,
    )


def _least_in_talk(heard: Asked) -> float:
    """How likely an answer has to be that only the talk has found."""
    is_fragment = len(heard.text.split()) <= MOST_IN_FRAGMENT and not heard.tells
    return IN_TALK if is_fragment or asks_within(heard.text) else IN_TALK_TOLD


def _stands_out(heard: Asked, found: tuple[AnswerMatch, ...]) -> bool:
    """Whether the likeliest answer knows every word of a text that has some, and none is near it."""
    first, *others = found
    second = max((match.score for match in others), default=0.0)
    is_fragment = len(heard.text.split()) <= MOST_IN_FRAGMENT
    if heard.tells or not (is_fragment or asks_within(heard.text)):
        return False
    if first.score >= max(FAR_APART_LEAST, FAR_APART * second):
        return True
    if first.score < max(APART_LEAST, APART * second):
        return False
    is_said = bool(own_words(heard.content, heard.text))
    return is_said and knows(heard.content, first, heard.text)


def asked_for(heard: Asked) -> Found | None:
    """What to tell for this text; None where it asks for nothing we can tell,
    or for something to be done or computed.
    """
    whole = _asked_for(heard)
    if whole is not None and whole.score >= limits(heard.content).answer:
        whole = replace(whole, is_report=bool(reported(heard.text)))
    if whole is not None and whole.others:
        return whole
    parts = [(part, found) for part in heard.parts() if (found := _asked_for(part))]
    part, best = max(parts, key=lambda one: one[1].score, default=(heard, None))
    if whole is None or best is None or best.key == whole.key:
        return whole or best
    is_likelier = best.is_report and best.score > whole.score
    if is_likelier or _in_both(heard, part, best) >= _in_both(heard, part, whole):
        return best
    return whole


def _in_both(heard: Asked, part: Asked, found: Found) -> float:
    """How likely an answer is to the whole story and to its question, in log odds: what was told
    before the question says what it is about.
    """
    scores = ({match.key: match for match in one.matches()} for one in (heard, part))
    unlikely = AnswerMatch(key=found.key, score=0.0)
    return sum(max(_log_odds(each.get(found.key, unlikely)), LEAST_ODDS) for each in scores)


def _asked_for(heard: Asked) -> Found | None:
    content, text, reading = heard.content, heard.text, heard.reading
    if computes(reading, text) or is_only_a_pay(content, text) or names_another_job(content, text):
        return None
    if wants_done(content, reading, text):
        return None
    parts = questions_in(text)
    if len(parts) > 1 and (found := _in_parts(content, parts, heard.mentions)):
        return found
    matches = _that_may_be_told(heard)
    fit = limits(content)
    limit = _limit(fit, heard)
    if not matches or matches[0].score < limit:
        named = _term_alone(content, text)
        return (_of_term_in_talk(heard) or Found(key=named)) if named else None
    unsure = matches[0].score < fit.answer
    near = tuple(match.key for match in matches[1:MOST_NEAR] if match.score >= NEAR * limit)
    return Found(
        key=matches[0].key,
        near=near if unsure else (),
        score=matches[0].score,
        is_report=heard.is_report,
    )


SURE_REPORT: Final = 0.8
"""From which score on what our sources have on a report goes before
what the report states of anybody.
"""


def _of_term_in_talk(heard: Asked) -> Found | None:
    """'With RPL' after a fee asks for another fee, and not for what the word means."""
    best = next(iter(heard.in_talk()), None)
    return Found(key=best.key, score=best.score) if best and best.score >= SURE_IN_TALK else None


def _that_may_be_told(asked: Asked) -> tuple[AnswerMatch, ...]:
    """The answers that account for the text's figures,
    and no pay by level where the text is about another job.
    """
    figures = figures_in(asked.text)
    is_other = asked.reading.action == "reject" and asked.reading.reason == "other_job"
    return tuple(
        match
        for match in asked.matches()
        if figures.are_in(asked.content, match.key)
        and not (is_other and _is_by_level(asked.content, match.key))
    )


def _is_by_level(content: Content, key: str) -> bool:
    return any(one.kind == "level" for one in content.answer_units[key].about)


def _term_alone(content: Content, text: str) -> str:
    """The answer that says what a term means, for a text that says nothing but its name: 'awote?',
    'csit right now'; '' for none.
    """
    if len(text.split()) > MOST_ALONE:
        return ""
    key = term_named(content, text)
    return next((one for one in (f"term_{key}", key) if one in content.answer_units), "")


def names_another_job(content: Content, text: str) -> bool:
    """Whether the text names an occupation with a file of its own: its pages tell of it, and no
    answer about the default one does.
    """
    words = f" {' '.join(tokens(text))} "
    others = (one for one in content.occupations.values() if not one.default)
    return any(f" {' '.join(tokens(name))} " in words for each in others for name in each.called)


def is_far(reading: Reading, text: str = "") -> bool:
    """The text is surely for somebody else: another job, another country, an insult.

    What is asked from abroad about something that only Australia has is for this bot: 'acs fee if I
    am in Bangalore'.
    """
    is_refused = reading.action == "reject" and reading.reason in _FAR
    return is_refused and not (reading.reason == "other_country" and _AUSTRALIAN.search(text))


def _from_abroad(content: Content, text: str) -> str:
    """The text with a place abroad called just that; '' for a text that names none.

    No answer knows every city.
    """
    line = plain(text)
    for place in sorted(content.concepts["other_country"], key=len, reverse=True):
        line = line.replace(f" {place} ", " overseas ")
    return line.strip() if line != plain(text) else ""


_AUSTRALIAN: Final = re.compile(
    r"\b(?:acs|rpl|skills? assessment|vetassess|anzsco|mltssl|stsol|csol|skillselect|naati"
    r"|ccl|482|186|189|190|491|485|191|2613\d\d|22\d{4}|262114|mara|omara)\b",
    re.IGNORECASE,
)


def _limit(fit: Fit, asked: Asked) -> float:
    """The surer it is that the text is for this bot, and asks,
    the less near an answer has to be.
    """
    reading = asked.reading
    if is_far(reading, asked.text) or asked.tells or _OF_ME.search(asked.text):
        return fit.answer
    if begins(reading, asked.text) and not _ASKS_LATER.search(asked.text):
        return fit.answer
    if acts(asked.content, reading):
        least = (fit.answer_ours + fit.answer) / 2
        return least if WONDERS.match(asked.text) else max(fit.answer, reading.confidence)
    least = fit.answer_asked if asked.asks else fit.answer_ours
    return (2 * least + fit.answer) / 3 if reading.action == "reject" else least


def same_of_another(
    content: Content, text: str, last: LastAnswer | None, now: datetime
) -> Found | None:
    """'and the 491?' after how long one may stay on the 482: the same of another subject."""
    if last is None or now - last.at > REMEMBERED or last.command != facts.COMMAND:
        return None
    before = content.answer_units.get(last.words)
    words = tokens(text)
    said = content.mentions(words)
    named = {word for one in said for name in _names(content, one) for word in tokens(name)}
    if before is None or not said or set(words) - named - LINKING:
        return None
    if not {one.kind for one in said} <= {one.kind for one in before.about}:
        return None  # 'is Newcastle regional' names a place beside a visa
    if not before.attribute:
        key = _sibling(content, before, said)
        return Found(key=key) if key else None
    return next(
        (
            Found(key=key)
            for key, unit in content.answer_units.items()
            if unit.attribute == before.attribute and unit.about and unit.about <= said
        ),
        None,
    )


def _sibling(content: Content, before: AnswerUnit, said: frozenset[Mention]) -> str:
    """The answer whose key says the same of another subject: `places_190` and `places_491`;
    '' for none.
    """
    keys = (
        before.key.replace(old.key, new.key)
        for old in before.about
        for new in said - before.about
        if old.kind == new.kind and old.key in before.key.split("_")
    )
    return next((key for key in keys if key in content.answer_units), "")


def _names(content: Content, mention: Mention) -> tuple[str, ...]:
    return next((one.names for one in content.subjects if one.mention == mention), (mention.key,))


def _in_parts(content: Content, parts: tuple[str, ...], topic: frozenset[Mention]) -> Found | None:
    """An answer for each part that asks; a later part may lean on the subject of an earlier one."""
    keys: list[str] = []
    subject = ""
    asking = [one for one in parts if asks_within(one) or not _TELLS.match(plain(one))]
    for part in asking[:MOST_QUESTIONS]:
        best = _best(content, part, subject, topic)
        if best and best.score >= limits(content).answer_ours:
            unit = content.answer_units[best.key]
            keys.append(best.key)
            subject, topic = unit.answer.subject, unit.about or topic
    distinct = tuple(dict.fromkeys(keys))
    return Found(key=distinct[0], others=distinct[1:]) if len(distinct) > 1 else None


def _best(
    content: Content, part: str, subject: str, topic: frozenset[Mention]
) -> AnswerMatch | None:
    """The nearest answer to a part of a message: with the subject of the part before it where it
    names none, or by itself.
    """
    alone = find_answers(content, part, topic=topic)[:1]
    names_one = bool(content.mentions(tokens(part))) or not subject
    if names_one and alone and alone[0].score >= LIKELY:
        return alone[0]
    leaning = tuple(
        match
        for match in find_answers(content, f"{part} {subject}")[:1]
        if fits(content, match, part)
    )
    return max((*alone, *leaning), key=lambda match: match.score, default=None)


def line_of(found: Found) -> Line:
    return Line(facts.COMMAND, found.key)


def offered(asked: Asked) -> tuple[str, ...]:
    """Keys of the answers worth a tap where nothing is sure, at most three;
    none where the text asks for nothing.
    """
    content, limit = asked.content, limits(asked.content).offer
    if asked.tells or is_far(asked.reading, asked.text):
        return ()
    near = ranked(content, asked.text, asked.reading, asked.mentions)[:3]
    return tuple(match.key for match in near if match.score >= limit)


def near_the_talk(asked: Asked) -> tuple[str, ...]:
    """Keys of the answers that may be meant after what was told last, at most three, none of them
    far less likely than the first.
    """
    if is_far(asked.reading, asked.text):
        return ()
    found = asked.in_talk()[:3]
    best = max((match.score for match in found), default=0.0)
    least = max(OFFERED, best / APART)
    return tuple(match.key for match in found if match.score >= least)


def declining(
    content: Content, text: str, reading: Reading | None, topic: frozenset[Mention]
) -> str:
    """The answer to a text that asks for a verdict: it declines,
    and tells the fact behind the question; '' for none.
    """
    if reading is None:
        return ""
    near = (
        match
        for match in ranked(content, text, reading, topic)[:3]
        if match.score >= limits(content).offer
    )
    return next(
        (match.key for match in near if content.answer_units[match.key].answer.declines), ""
    )
