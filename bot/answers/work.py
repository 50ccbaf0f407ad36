"""What the work is: role, ai, skills, education, qualifications, fit, outlook. Each is one `Topic` of an occupation's file.

The order is the same for all: the headline, what it rests on, tables and lists (long ones folded), sources, taps.
"""

from collections.abc import Iterator
from typing import get_args

from bot.answers import occupations
from bot.answers.printing import Cited, answered, filled, named
from bot.asking import Ask, Handler
from bot.reply import Block, Bullets, Choices, Note, Paragraph, Strong, Table, Tap, paragraph, spans
from bot.turn import Turn
from content.occupation import Occupation, Subject, Topic


def tell(ask: Ask) -> Turn:
    """The topic that the command names, for the occupation that the words name."""
    occupation, rest = occupations.split(ask.content, ask.words)
    unknown = occupations.without_noise(rest)
    if unknown:
        return occupations.only_these(ask, unknown)
    for subject, topic in occupation.topics.items():
        if subject == ask.command:
            taps = tuple(Tap(button.label, button.action) for button in topic.taps)
            cited: tuple[Cited, ...] = (*topic.sources, *named(occupation, *topic.texts()))
            return answered(ask, *_blocks(ask, occupation, topic), cite=cited, taps=taps)
    return _nothing_yet(ask, occupation)


def _blocks(ask: Ask, occupation: Occupation, topic: Topic) -> Iterator[Block]:
    def told(text: str) -> str:
        return filled(ask, occupation, text)

    yield Paragraph((Strong(told(topic.headline)),))
    for point in topic.opening:
        yield paragraph(told(point.say))
    if topic.grid:
        yield Table(topic.grid.caption, topic.grid.header, tuple(tuple(map(told, row)) for row in topic.grid.rows))
    for listing in topic.lists.values():
        lines = tuple(spans(told(point.say)) for point in listing.items)
        if listing.folded:
            yield Note(listing.title, lines)
        else:
            yield paragraph(listing.title)
            yield Bullets(lines)
    for point in topic.closing:
        yield paragraph(told(point.say))


def _nothing_yet(ask: Ask, occupation: Occupation) -> Turn:
    prefix = occupations.prefix(occupation)
    known = tuple(Tap(ask.say(f"tap_{subject}"), f"{subject} {prefix}".strip()) for subject in ("salary", *occupation.topics))
    return ask.answer(
        paragraph(ask.say("topic_missing", topic=ask.command, occupations=occupation.plural)), Choices(known[:4]), remember=False
    )


HANDLERS: dict[str, Handler] = dict.fromkeys(get_args(Subject), tell)
