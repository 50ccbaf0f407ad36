"""What the work is: role, ai, skills, education, qualifications, fit, outlook.

Each is one `Topic` of an occupation's file.

The order is the same for all: the headline, what it rests on, a table, lists, sources, taps. What
would not fit a phone's screen is a list behind a tap, which can be typed as well: `ai assisted`.
"""

from collections.abc import Iterator
from typing import get_args

from bot.core.reply import Block, Bullets, Choices, Paragraph, Strong, Table, Tap, paragraph, spans
from bot.core.request import Grammar, Handler, Request
from bot.core.turn import Turn
from bot.extraction.spelling import corrected
from bot.features.figures import Cited, filled, named
from bot.features.page import opened, page, without_more
from bot.features.work import occupations
from content.content import Content
from content.occupation import Listing, Occupation, Subject, Topic

MOST_TAPS = 3
"""Taps beside *More*."""


def tell(request: Request) -> Turn:
    """The topic that the command names, or one list of it,
    for the occupation that the words name.
    """
    request, more = opened(request)
    occupation, topic, rest = _question_of(
        request.content, request.command, request.words, occupations.sentence(request)
    )
    if topic is None:
        return _nothing_yet(request, occupation)
    if listed := _list_meant(topic, rest):
        return _list_topics(request, occupation, topic, topic.lists[listed])
    if rest:
        return occupations.only_these(request, rest)
    return _whole(request, occupation, topic, more=more)


def knows(content: Content, command: str, words: str) -> bool:
    """Whether these words after the command name an occupation or a list that there is."""
    _, topic, rest = _question_of(content, command, without_more(words))
    return not rest or bool(topic and _list_meant(topic, rest))


def _question_of(
    content: Content, command: str, words: str, sentence: str = ""
) -> tuple[Occupation, Topic | None, str]:
    occupation, rest = occupations.split(content, words, sentence)
    topic = next(
        (topic for subject, topic in occupation.topics.items() if subject == command), None
    )
    return occupation, topic, occupations.without_noise(rest)


def _list_meant(topic: Topic, words: str) -> str | None:
    if not words:
        return None
    return corrected(words, {key.replace("_", " "): key for key in topic.lists})


def _whole(request: Request, occupation: Occupation, topic: Topic, *, more: bool) -> Turn:
    lists = tuple(
        Tap(listing.tap, f"{_command(request, occupation)} {key.replace('_', ' ')}")
        for key, listing in topic.lists.items()
        if listing.tap
    )
    cited: tuple[Cited, ...] = (*topic.sources, *named(occupation, *topic.shown()))
    return page(
        request,
        *_blocks(request, occupation, topic),
        cite=cited,
        taps=(*lists, *_next(topic))[:MOST_TAPS],
        more=more,
    )


def _list_topics(request: Request, occupation: Occupation, topic: Topic, listing: Listing) -> Turn:
    whole = Tap(request.text(f"tap_{request.command}"), _command(request, occupation))
    cited: tuple[Cited, ...] = (
        *topic.sources,
        *named(occupation, *(point.say for point in listing.items)),
    )
    taps = (whole, *_next(topic))[:MOST_TAPS]
    return page(request, *_list(request, occupation, listing), cite=cited, taps=taps)


def _blocks(request: Request, occupation: Occupation, topic: Topic) -> Iterator[Block]:
    def told(text: str) -> str:
        return filled(request, occupation, text)

    yield Paragraph((Strong(told(topic.headline)),))
    for point in topic.opening:
        yield paragraph(told(point.say))
    if topic.grid:
        yield Table(
            topic.grid.caption,
            topic.grid.header,
            tuple(tuple(map(told, row)) for row in topic.grid.rows),
        )
    for listing in topic.lists.values():
        if not listing.tap:
            yield from _list(request, occupation, listing)
    for point in topic.closing:
        yield paragraph(told(point.say))


def _list(request: Request, occupation: Occupation, listing: Listing) -> Iterator[Block]:
    yield paragraph(listing.title)
    yield Bullets(tuple(spans(filled(request, occupation, point.say)) for point in listing.items))


def _next(topic: Topic) -> tuple[Tap, ...]:
    return tuple(Tap(button.label, button.action) for button in topic.taps)


def _command(request: Request, occupation: Occupation) -> str:
    return f"{request.command} {occupations.prefix(occupation)}".strip()


def _nothing_yet(request: Request, occupation: Occupation) -> Turn:
    """A topic that this occupation's file lacks: what it does have."""
    prefix = occupations.prefix(occupation)
    known = tuple(
        Tap(request.text(f"tap_{subject}"), f"{subject} {prefix}".strip())
        for subject in ("salary", *occupation.topics)
    )
    return request.answer(
        paragraph(
            request.text("topic_missing", topic=request.command, occupations=occupation.plural)
        ),
        Choices(known[:4]),
        remember=False,
    )


HANDLERS: dict[str, Handler] = dict.fromkeys(get_args(Subject), tell)
GRAMMARS: dict[str, Grammar] = dict.fromkeys(get_args(Subject), knows)
