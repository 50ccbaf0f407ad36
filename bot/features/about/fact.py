"""`fact`: one thing that somebody asked, in a few lines, with where it comes from in one of them.

What a question in free text becomes once its answer is found, so that it meets typed commands and
taps in the command table. Nobody types it; `sources` then tells the whole origin.
"""

import re
from collections.abc import Iterator
from string import Formatter
from typing import Final

from bot.core.command_line import parse
from bot.core.reply import (
    Block,
    Choices,
    Line,
    Link,
    Open,
    Paragraph,
    Sources,
    Tap,
    Text,
    paragraph,
    spans,
)
from bot.core.request import Grammar, Handler, Request, marked
from bot.core.turn import Turn
from bot.features import right_to_work
from bot.features.figures import MOST_SOURCES, figure_text, source_names
from bot.features.page import was_told
from content.answer import fact_names
from content.attribute import AnswerUnit
from content.content import Content

MOST_GAPS: Final = 2
"""What we do have of a subject, offered where what was asked is missing."""

COMMAND: Final = "fact"

_OF_VISAS: Final = frozenset(
    ["visa", "code", "english_test", "english_level", "occupation_list", "place"]
)
"""Kinds of subjects: whoever asks about one wants its pages."""

_DOUBLE_STOP = re.compile(r"(?<!\.)\.\.(?!\.)")
_FIRST_SENTENCE = re.compile(r"\A.+?[.!?](?=\s|$)", re.DOTALL)


def fact(request: Request) -> Turn:
    """The answer whose key follows; for a key that the content lost, what can be asked instead."""
    unit = request.content.answer_units.get(request.words)
    if unit is None:
        first = Tap(request.text("tap_all_commands"), "help")
        return request.answer(
            paragraph(request.text("answer_unknown")), Choices((first,)), remember=False
        )
    cited = tuple(origins(unit))
    if was_told(request):
        blocks = _again(request, unit)
    else:
        blocks = _blocks_of(request, unit, cited)
    return request.answer(*blocks, *_taps(request, unit), sources=cited)


def _again(request: Request, unit: AnswerUnit) -> tuple[Block, ...]:
    """One line: what was said first."""
    say = printed(request, unit, unit.answer.say)
    first = _FIRST_SENTENCE.match(say)
    if first and first[0].count("**") % 2 == 0:
        words = first[0]
    else:
        words = say
    return (Paragraph(marked_text(request.text("answer_again", say=words))),)


def _blocks_of(request: Request, unit: AnswerUnit, cited: tuple[str, ...]) -> tuple[Block, ...]:
    answer = unit.answer
    opening: tuple[Paragraph, ...] = ()
    if answer.declines:
        opening = (paragraph(request.text("answer_declines")),)
    texts = tuple(Paragraph(marked_text(printed(request, unit, text))) for text in answer.texts)
    return (*opening, *texts, *_source_line(request, unit, cited))


def printed(request: Request, unit: AnswerUnit, text: str) -> str:
    """A text of the answer with the facts that it names printed in, and a capital at its head."""
    parts: list[str] = []
    for before, name, form, _ in Formatter().parse(text):
        parts.append(before)
        if name is not None:
            stated = request.content.facts[_address(unit, name)]
            parts.append(figure_text(request, stated, form or ""))
    whole = _DOUBLE_STOP.sub(".", "".join(parts))
    head = re.match(r"[*\s]*", whole)
    start = head.end() if head else 0
    return whole[:start] + whole[start : start + 1].upper() + whole[start + 1 :]


def marked_text(text: str) -> Line:
    """A printed text as spans: marks become spans; no blanks are left to fill."""
    return marked(text.replace("{", "{{").replace("}", "}}"), {})


def _address(unit: AnswerUnit, name: str) -> str:
    """Where a fact stands that a text names: among the answer's own, or elsewhere."""
    if name in unit.answer.states:
        return f"answers.{unit.key}.states.{name}"
    return name


def origins(unit: AnswerUnit) -> Iterator[str]:
    """Keys of the facts and sources behind an answer, those that it prints first, each once."""
    answer = unit.answer
    named = (name for text in answer.texts for name in fact_names(text))
    every = (*named, *answer.states, *answer.rests_on)
    yield from dict.fromkeys(_address(unit, name) for name in every)


def _source_line(request: Request, unit: AnswerUnit, cited: tuple[str, ...]) -> tuple[Block, ...]:
    """Publisher and date, with a mark where it is second-hand, stale or disputed; for a term,
    where to read on.
    """
    if unit.reads and not cited:
        link = Link(unit.reads.title, unit.reads.address)
        if unit.reads.status == "memory":
            unchecked = "plan_resource_memory"
        else:
            unchecked = ""
        if unchecked:
            told = Text(request.text(unchecked))
        else:
            told = Text("")
        return (Sources((spans(Text(request.text("answer_reads")), link, told),)),)
    named = source_names(request, cited)
    if not named:
        return ()
    return (Sources((spans(" · ".join(named[:MOST_SOURCES])),)),)


def _taps(request: Request, unit: AnswerUnit) -> tuple[Block, ...]:
    """What people want next, and the page that tells more last."""
    answer = unit.answer
    lines = answer.taps or (tuple(_siblings(request.content, unit)) if unit.is_gap else ())
    offered: list[Tap | Open] = [Tap(label_of(request, line), line) for line in lines]
    if answer.more and answer.more not in lines:
        offered.append(Tap(request.text("tap_more"), answer.more))
    if not any(mention.kind in _OF_VISAS for mention in unit.about):
        offered = list(right_to_work.concerning(request, offered)) or offered
    if not offered:
        return ()
    return (Choices(tuple(offered)),)


def _siblings(content: Content, unit: AnswerUnit) -> Iterator[str]:
    """Answers about the same subject that have a figure."""
    others = (
        other
        for other in content.answer_units.values()
        if other.about == unit.about and other.title and not other.is_gap
    )
    for _, other in zip(range(MOST_GAPS), others, strict=False):
        yield f"{COMMAND} {other.key}"


def label_of(request: Request, line: str) -> str:
    """What a tap for this command line says: the answer's title, or the command in words."""
    command = parse(request.content, line)
    if command and command.command == COMMAND and command.words in request.content.answer_units:
        return title_of(request.content.answer_units[command.words])
    if command and not command.words:
        named = (one for one in request.content.intents.values() if one.command == command.command)
        return next((one.says for one in named), line)
    if command:
        phrase = f"tap_line_{command.command}"
    else:
        phrase = ""
    if command and phrase in request.content.phrases:
        return request.text(phrase, words=command.words)
    return line[0].upper() + line[1:]


def title_of(unit: AnswerUnit) -> str:
    """What the answer is about, as a tap says it."""
    words = unit.title or unit.answer.subject
    return words[0].upper() + words[1:]


def name_of_unit(content: Content, key: str) -> str:
    """An answer among others: its subject and what it tells of it, or its first phrasing."""
    unit = content.answer_units[key]
    if unit.title:
        subject = unit.answer.subject.removeprefix("the ")
        named = content.phrases["answer_name"].format(subject=subject, title=unit.title)
    else:
        named = re.sub(r"\bi\b", "I", unit.answer.asks[0])
    return named[0].upper() + named[1:]


def said_of(content: Content, command: str, words: str) -> str:
    """How an answer is named: by what it tells, or by the command line that gives it."""
    if command == COMMAND and words in content.answer_units:
        return name_of_unit(content, words)
    return f"{command} {words}".strip()


def knows(content: Content, command: str, words: str) -> bool:  # noqa: ARG001 -- a grammar
    """Whether the words are the key of an answer: 'fact check this' is a sentence."""
    return words in content.answer_units


HANDLERS: dict[str, Handler] = {COMMAND: fact}
GRAMMARS: dict[str, Grammar] = {COMMAND: knows}
