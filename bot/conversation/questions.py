"""Questions in a message and the answers that are told: which parts ask something, and when an answer is sure enough.

A message may hold two or three questions: the first is answered, the others too where they are short, else a tap names them.
What was talked about last stands in for a subject that a question leaves out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.conversation.interpreters import REMEMBERED
from bot.core.command_line import Line
from bot.core.events import AnswerMatch, Reading
from bot.core.reply import Block, Choices, Paragraph, Tap
from bot.core.request import Request
from bot.core.state import LastAnswer
from bot.core.turn import Turn
from bot.features.about import fact as facts
from bot.understanding.reading import find_answers, limits
from bot.understanding.retrieval import about_topic
from content.content import Content
from content.subject import Mention, tokens

MOST_QUESTIONS: Final = 3
SHORT: Final = 160
"""An answer of so many characters is told with another one; a longer one is named by a tap."""

TELLING: Final = frozenset({"pay", "visas", "work", "bot"})
"""Groups of commands that only tell: a fact that was asked for is told in their place."""

SUMS: Final = frozenset({"takehome", "offer", "salary", "what-if", "points"})
"""Commands that compute with a figure in the message: a fact does not take its place."""
_FIGURES: Final = ("amount", "day_rate")

_PARTS = re.compile(
    r"(?<=[?])\s+|\s*[\n;]+\s*|,?\s+\b(?:and also|also|and then|plus)\b\s+|,?\s+\band\b\s+(?=(?:how|what|whats|which|who|when|where|is|are|do|does|can)\b)",
    re.IGNORECASE,
)
_SHORTEST_PART: Final = 2
"""Words of a part that can be a question of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answers to the questions of a message, the first to be told, and those that are worth a tap."""

    key: str
    others: tuple[str, ...] = ()


def topic_of(content: Content, last: LastAnswer | None, now: datetime) -> frozenset[Mention]:
    """What the talk is about: the subjects of the last answer, for as long as it is remembered."""
    if last is None or now - last.at > REMEMBERED:
        return frozenset()
    if last.command == facts.COMMAND and last.words in content.answer_units:
        return content.answer_units[last.words].about
    return content.mentions(tokens(f"{last.command} {last.words}"))


def ranked(
    content: Content, text: str, reading: Reading, topic: frozenset[Mention]
) -> tuple[AnswerMatch, ...]:
    """The reading's answers, seen from what the talk is about."""
    said = content.mentions(tokens(text))
    return about_topic(content, limits(content), reading.answers, said, topic)


def asked_for(
    content: Content, text: str, reading: Reading, topic: frozenset[Mention]
) -> Found | None:
    """What to tell for this text; None where it asks for nothing we can tell, or for something to be done or computed."""
    if _acts(content, reading) or _computes(reading):
        return None
    parts = tuple(_questions(text))
    if len(parts) > 1:
        found = _in_parts(content, parts, topic)
        if found:
            return found
    best = next(iter(ranked(content, text, reading, topic)), None)
    limit = limits(content).answer_ours if _is_ours(content, reading) else limits(content).answer
    return Found(key=best.key) if best and best.score >= limit else None


def _in_parts(content: Content, parts: tuple[str, ...], topic: frozenset[Mention]) -> Found | None:
    """An answer for each part; a later part may lean on the subject of an earlier one."""
    keys: list[str] = []
    for part in parts[:MOST_QUESTIONS]:
        found = find_answers(content, part, topic=topic)
        if found and found[0].score >= limits(content).answer_ours:
            keys.append(found[0].key)
            topic = content.answer_units[found[0].key].about or topic
    distinct = tuple(dict.fromkeys(keys))
    return Found(key=distinct[0], others=distinct[1:]) if len(distinct) > 1 else None


def _questions(text: str) -> Iterator[str]:
    for part in _PARTS.split(text):
        if part and len(part.split()) >= _SHORTEST_PART:
            yield part


def _acts(content: Content, reading: Reading) -> bool:
    """The text was understood as something to do."""
    known = reading.action == "answer" and reading.command in content.commands
    return known and content.commands[reading.command].group not in TELLING


def _computes(reading: Reading) -> bool:
    """The text states a pay, to be computed with."""
    stated = any(name in reading.entities for name in _FIGURES)
    return reading.action == "answer" and reading.command in SUMS and stated


def _is_ours(content: Content, reading: Reading) -> bool:
    """The text was understood as a question for this bot."""
    return reading.action == "answer" and reading.command in content.commands


def told(request: Request, turn: Turn, others: tuple[str, ...]) -> Turn:
    """The turn with the further answers: in their first words where those are short, else as taps."""
    if not others or not turn.replies:
        return turn
    units = [request.content.answer_units[key] for key in others]
    blocks: list[Block] = []
    taps: list[Tap] = []
    for key, unit in zip(others, units, strict=True):
        say = facts.printed(request, unit, unit.answer.say)
        if len(say) <= SHORT and not unit.answer.declines:
            blocks.append(Paragraph(facts.marked_text(request.text("answer_also", say=say))))
        taps.append(Tap(facts.title_of(unit), f"{facts.COMMAND} {key}"))
    *before, last = turn.replies
    kept = tuple(block for block in last.blocks if not isinstance(block, Choices))
    offered = tuple(
        choice for block in last.blocks if isinstance(block, Choices) for choice in block.choices
    )
    choices = Choices((*taps, *offered[-1:]))
    blocks_all = (*kept, *blocks, choices)
    conversation = turn.state.conversation
    named: Mapping[str, str] = {**conversation.choices, **{tap.label: tap.action for tap in taps}}
    state = replace(turn.state, conversation=replace(conversation, choices=named))
    return replace(turn, state=state, replies=(*before, replace(last, blocks=blocks_all)))


def line_of(found: Found) -> Line:
    return Line(facts.COMMAND, found.key)


def offered(
    content: Content, text: str, reading: Reading, topic: frozenset[Mention]
) -> tuple[str, ...]:
    """Keys of the answers worth a tap where nothing is sure, at most three."""
    limit = limits(content).offer
    return tuple(
        match.key for match in ranked(content, text, reading, topic)[:3] if match.score >= limit
    )


def declining(
    content: Content, text: str, reading: Reading | None, topic: frozenset[Mention]
) -> str:
    """The answer to a text that asks for a verdict: it declines, and tells the fact behind the question; '' for none."""
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
