"""`sources`: where the last answer comes from.

Each figure with what it measures, how sure it is, and what disagrees with it.

Reads only what the answer left behind (its fact and source keys), so it can explain any answer,
whoever wrote it.
"""

from collections.abc import Iterator
from typing import get_args

from bot.core.reply import (
    Block,
    Bullets,
    Choices,
    Line,
    Link,
    Note,
    Paragraph,
    Strong,
    Tap,
    Text,
    paragraph,
    spans,
)
from bot.core.request import Handler, Request
from bot.core.turn import Turn
from bot.features import right_to_work
from bot.features.about.fact import said_of
from bot.features.figures import as_of, day, figure, name_of
from content.entry import Confidence, Fact, Source, warning
from content.plan import Resource

SHOWN = 3
"""Facts of one source that are shown at once; more are folded,
so that a phone shows every source.
"""


def sources(request: Request) -> Turn:
    last = request.state.conversation.last
    if last is None:
        taps = (
            Tap(request.text("tap_salary"), "salary"),
            Tap(request.text("tap_visas"), "visa"),
            Tap(request.text("tap_all_commands"), "help"),
        )
        offered = Choices(right_to_work.concerning(request, taps))
        nothing = paragraph(request.text("sources_nothing_yet"))
        return request.answer(nothing, offered, remember=False)
    again = said_of(request.content, last.command, last.words)
    if not last.sources:
        return request.answer(
            paragraph(request.text("sources_none", answer=again)),
            remember=False,
            personal=last.personal,
        )
    title = Paragraph((Strong(request.text("sources_title", answer=again)),))
    blocks = tuple(
        block
        for key, facts in _by_source(request, last.sources).items()
        for block in _source(request, key, facts, frozenset(last.sources))
    )
    return request.answer(
        title,
        *blocks,
        *_legend(request, last.sources),
        *_pages(request, last.sources),
        remember=False,
        personal=last.personal,
    )


def _by_source(request: Request, keys: tuple[str, ...]) -> dict[str, tuple[Fact, ...]]:
    """The facts under each source, in the answer's order.

    Keys that the content lost since are left out.
    """
    found: dict[str, tuple[Fact, ...]] = {}
    for key in keys:
        if fact := request.content.facts.get(key):
            found[fact.source] = (*found.get(fact.source, ()), fact)
        elif key in request.content.sources:
            found.setdefault(key, ())
    return found


def _pages(request: Request, keys: tuple[str, ...]) -> Iterator[Block]:
    """The pages to learn from that the answer named;
    those that none of us opened under one remark.
    """
    named = [page for key in keys if (page := _page(request, key))]
    for status in ("seen", "memory"):
        lines = tuple(
            (Link(page.title, page.address), Text(f", {page.publisher}"))
            for page in named
            if page.status == status
        )
        if lines:
            yield paragraph(request.text(f"sources_pages_{status}"))
            yield Bullets(lines)


def _page(request: Request, key: str) -> Resource | None:
    """The page that stands at this place of a plan or of the glossary."""
    match key.split("."):
        case ["plans", plan, "resources", name] if plan in request.content.plans:
            return request.content.plans[plan].resources.get(name)
        case ["glossary", name] if name in request.content.glossary:
            return request.content.glossary[name].resource
        case _:
            return None


def _source(
    request: Request, key: str, facts: tuple[Fact, ...], told: frozenset[str]
) -> Iterator[Block]:
    source = request.content.sources[key]
    title = Link(source.title, source.address) if source.address else Text(source.title)
    kind = request.text(f"source_kind_{source.kind}", quoted_by=source.quoted_by or "")
    about = request.text(
        "source_about",
        kind=kind,
        dated=source.dated or as_of(source.as_of),
        read_on=day(source.read_on),
    )
    name = name_of(source)
    called = () if source.title.startswith(name) else (Strong(name), Text(": "))
    yield Paragraph((*called, title, Text(f" {about}")))
    lines = tuple(_fact(request, source, fact, told) for fact in facts)
    if lines[:SHOWN]:
        yield Bullets(lines[:SHOWN])
    if lines[SHOWN:]:
        yield Note(request.text("sources_more", count=len(lines) - SHOWN), lines[SHOWN:])


def _legend(request: Request, keys: tuple[str, ...]) -> Iterator[Block]:
    """What 'sure' and the like mean, once, for those that were said."""
    said = {request.content.facts[key].confidence for key in keys if key in request.content.facts}
    lines = tuple(
        spans(request.text(f"confidence_{level}_means"))
        for level in get_args(Confidence)
        if level in said
    )
    if lines:
        yield Note(request.text("confidence_title"), lines)


def _fact(request: Request, source: Source, fact: Fact, told: frozenset[str]) -> Line:
    value, sure = figure(fact).removesuffix("."), request.text(f"confidence_{fact.confidence}")
    parts = [request.text("source_fact", figure=value, measures=fact.measures, confidence=sure)]
    if fact.as_of != source.as_of:
        parts.append(request.text("source_fact_dated", date=as_of(fact.as_of)))
    if fact.note:
        parts.append(fact.note)
    staleness = warning(fact, source, request.today)
    if staleness:
        parts.append(
            request.text(
                f"source_fact_{staleness}", until=day(fact.holds_until) if fact.holds_until else ""
            )
        )
    parts += [_against(request, key, told) for key in fact.disagrees]
    return spans(" ".join(parts))


def _against(request: Request, key: str, told: frozenset[str]) -> str:
    """What says otherwise; in full unless this answer lists it anyway."""
    other = request.content.facts[key]
    phrase = "source_against" if key in told else "source_against_in_full"
    return request.text(
        phrase,
        figure=figure(other),
        measures=other.measures,
        source=name_of(request.content.sources[other.source]),
    )


HANDLERS: dict[str, Handler] = {"sources": sources}
