"""`code`: which occupation codes people nominate, on which lists each stood on which day, and who
assesses it.

A code is described, never recommended, and a number is never corrected to another. Lists and the
visas they open come from bot.features.visas.migration; pay under a code belongs to other answers.
"""

import re
from dataclasses import replace

from bot.core.reply import Block, Bullets, Line, Paragraph, Strong, Tap, paragraph, spans
from bot.core.request import Handler, Request
from bot.core.turn import Turn
from bot.extraction.spelling import corrected, nearest
from bot.features.figures import as_of, day, figure
from bot.features.page import opened
from bot.features.visas.migration import (
    Standing,
    all_known,
    corrections,
    instrument,
    known,
    last_listed,
    standings,
    told,
)
from content.code import OccupationCode
from content.content import Content
from content.entry import Fact

MOST_TAPS = 2
LONGEST_LABEL = 30

_NUMBER = re.compile(r"(?<!\d)\d{4,}(?!\d)")
_NOISE = re.compile(
    r"\b(?:anzsco|occupation|occupations|code|codes|for|a|an|the|my|is|what|which|of|job"
    r"|title|as)\b"
)


def code(request: Request) -> Turn:
    request, more = opened(request)
    numbers = _NUMBER.findall(request.words)
    if numbers:
        known_numbers = [
            number for number in dict.fromkeys(numbers) if number in request.content.codes
        ]
        if len(known_numbers) < len(set(numbers)):
            unknown = next(number for number in numbers if number not in request.content.codes)
            problem = paragraph(request.text("code_unknown_number", number=unknown))
            return _overview(request, problem, more=more)
        if len(known_numbers) == 1:
            return _one(request, known_numbers[0], more=more)
        return _several(request, tuple(known_numbers), (), more=more)
    words = " ".join(_NOISE.sub(" ", request.words.lower()).split())
    if not words or words in request.content.migration.titles_without_code:
        return _overview(request, more=more)
    matches = titled(request.content, words)
    if len(matches) > 1:
        several = paragraph(request.text("code_several", words=words))
        return _several(request, matches, (several,), more=more)
    if matches:
        return _one(request, matches[0], more=more)
    return _say_unknown_title(request, words, more=more)


def titled(content: Content, words: str) -> tuple[str, ...]:
    """The codes that go by these words: by the whole title or another name first,
    else by a part of the title.
    """
    whole = tuple(number for number, entry in content.codes.items() if words in _names(entry))
    if whole:
        return whole
    part = tuple(
        number
        for number, entry in content.codes.items()
        if re.search(rf"\b{re.escape(words)}\b", entry.title.lower())
    )
    if part:
        return part
    meant = corrected(
        words, {name: name for entry in content.codes.values() for name in _names(entry)}
    )
    if not meant:
        return ()
    return titled(content, meant)


def _names(entry: OccupationCode) -> tuple[str, ...]:
    return (entry.title.lower(), *entry.also_called)


def _say_unknown_title(request: Request, words: str, *, more: bool) -> Turn:
    names = {
        name: number for number, entry in request.content.codes.items() for name in _names(entry)
    }
    near = tuple(dict.fromkeys(names[name] for name in nearest(words, names)))
    problem = paragraph(request.text("code_unknown_title", words=words))
    return _overview(request, problem, first=near, more=more)


def _overview(
    request: Request, *before: Block, first: tuple[str, ...] = (), more: bool = False
) -> Turn:
    """Who decides, what the wrong code is, and the usual codes with their lists."""
    content, migration = request.content, request.content.migration
    title, *rest = migration.who_decides
    misread = tuple(number for number, entry in content.codes.items() if entry.is_not)
    in_order = sorted(content.codes, key=lambda number: (content.codes[number].order, number))
    usual = tuple(number for number in in_order if content.codes[number].usual)
    others = tuple(number for number in in_order if number not in usual)
    blocks = (
        *before,
        Paragraph((Strong(figure(title)),)),
        *(paragraph(content.codes[number].is_not or "") for number in misread),
        *(paragraph(figure(fact)) for fact in rest),
        paragraph(request.text("codes_caption")),
        Bullets(tuple(_on_lists(request, number) for number in usual)),
    )
    listed = Bullets(tuple(_on_lists(request, number) for number in others))
    left: tuple[Paragraph | Bullets, ...] = ()
    if others:
        left = (paragraph(request.text("codes_others")), listed)
    instruments = tuple(
        dict.fromkeys(
            migration.lists[key].made_by
            for column in migration.list_columns
            for key in column.lists
        )
    )
    offered = tuple(dict.fromkeys((*first, *misread, *usual)))[:MOST_TAPS]
    taps = (
        *(_tap(request, number) for number in offered),
        Tap(request.text("tap_visa_pathways"), "visa"),
    )
    cited = (*migration.who_decides, *instruments)
    return told(request, blocks, cited, taps=taps, rest=left, more=more)


def _on_lists(request: Request, number: str) -> Line:
    return spans(f"{_title(request, number)}: {' · '.join(_columns(request, number))}")


def _columns(request: Request, number: str) -> tuple[str, ...]:
    """For each column of lists, those the code stands on, in short; 'none' otherwise."""
    entry, migration = request.content.codes[number], request.content.migration
    cells = []
    for column in migration.list_columns:
        on = dict.fromkeys(migration.lists[key].name for key in column.lists if key in entry.lists)
        cells.append(", ".join(on) or request.text("codes_none"))
    return tuple(cells)


def _title(request: Request, number: str) -> str:
    return request.text("code_title", number=number, title=request.content.codes[number].title)


def _tap(request: Request, number: str) -> Tap:
    """With its title where that fits a button."""
    title = _title(request, number)
    return Tap(title if len(title) <= LONGEST_LABEL else number, f"code {number}")


def _one(request: Request, number: str, *, more: bool) -> Turn:
    entry = request.content.codes[number]
    assessor = known(request.content, entry.assessor)
    blocks = (
        Paragraph((Strong(_title(request, number)),)),
        *((paragraph(entry.is_not),) if entry.is_not else ()),
        _membership(request, number),
        paragraph(request.text("codes_criterion")),
        *_rounds(request, number),
        paragraph(request.text("code_assessor", assessor=figure(assessor))),
        *corrections(request, entry.corrections),
        *(paragraph(figure(fact)) for fact in entry.more),
        paragraph(_states(request, entry)),
        paragraph(
            f"{request.text('code_edition', edition=entry.edition)} "
            f"{figure(request.content.migration.edition_rule)}"
        ),
    )
    found = tuple(
        fact
        for each in entry.corrections
        for fact in (each.page_says, *all_known(request.content, each.found))
    )
    cited: tuple[Fact | str, ...] = (
        *_instruments(request, (number,)),
        assessor,
        *entry.more,
        *found,
        request.content.migration.edition_rule,
        request.content.migration.state_lists,
        *_rounds_source(request, number),
    )
    visas = tuple(
        dict.fromkeys(
            standing.visa for standing in standings(request.content, number) if standing.listed
        )
    )
    taps = (
        *(Tap(request.text("tap_about_visa", subclass=visa), f"visa {visa}") for visa in visas[:2]),
        Tap(request.text("tap_which_codes"), "code"),
    )
    return told(replace(request, words=number), blocks, cited, taps=taps, more=more)


def _several(
    request: Request, numbers: tuple[str, ...], before: tuple[Block, ...], *, more: bool
) -> Turn:
    assessors = tuple(
        known(request.content, request.content.codes[number].assessor) for number in numbers
    )
    parts = tuple(
        block
        for number, assessor in zip(numbers, assessors, strict=True)
        for block in (
            Paragraph((Strong(_title(request, number)),)),
            _membership(request, number),
            paragraph(request.text("code_assessor", assessor=figure(assessor))),
        )
    )
    blocks = (*before, *parts, paragraph(request.text("codes_criterion")))
    taps = (
        *(_tap(request, number) for number in numbers[:MOST_TAPS]),
        Tap(request.text("tap_which_codes"), "code"),
    )
    cited = (*_instruments(request, numbers), *assessors)
    return told(request, blocks, cited, taps=taps, more=more)


def _membership(request: Request, number: str) -> Bullets:
    """The lists that the code stood on and those it did not, by which instruments, each with the
    ways to a visa behind it.
    """
    groups: dict[tuple[str, ...], list[Standing]] = {}
    for standing in standings(request.content, number):
        key = standing.lists if standing.listed else ()
        groups.setdefault(key, []).append(standing)
    return Bullets(tuple(spans(_ways(request, number, group)) for group in groups.values()))


def _ways(request: Request, number: str, group: list[Standing]) -> str:
    origins = dict.fromkeys(instrument(request, standing.made_by) for standing in group)
    return request.text(
        "code_ways",
        stood=_standing_of(request, number, group),
        instrument="; ".join(origins),
        ways=", ".join(standing.label for standing in group),
    )


def _standing_of(request: Request, number: str, group: list[Standing]) -> str:
    names = dict.fromkeys(name for standing in group for name in standing.lists)
    lists = request.text("code_joined").join(names)
    first = group[0]
    if not first.listed:
        return request.text("code_not_listed", lists=lists)
    if first.number != number:
        return request.text("code_listed_as", lists=lists, number=first.number)
    return request.text("code_listed", lists=lists)


def _instruments(request: Request, numbers: tuple[str, ...]) -> tuple[Fact, ...]:
    return tuple(
        dict.fromkeys(
            standing.made_by
            for number in numbers
            for standing in standings(request.content, number)
        )
    )


def _rounds(request: Request, number: str) -> tuple[Block, ...]:
    seen = last_listed(request.content, number)
    if not seen:
        return ()
    return (paragraph(request.text("code_rounds", day=day(seen[0]), score=seen[1])),)


def _rounds_source(request: Request, number: str) -> tuple[str, ...]:
    if not last_listed(request.content, number):
        return ()
    return (request.content.migration.rounds.source,)


def _states(request: Request, entry: OccupationCode) -> str:
    without_list = request.content.migration.state_lists
    source = request.content.sources[without_list.source]
    dates = source.dated or as_of(source.as_of)
    if entry.states is None:
        return request.text("code_states_gap", dates=dates)
    states = (
        request.text(
            "code_state_note", state=each.state, visas=", ".join(each.visas), note=each.note
        )
        if each.note
        else request.text("code_state", state=each.state, visas=", ".join(each.visas))
        for each in entry.states
    )
    return (
        f"{request.text('code_states', dates=dates, states='; '.join(states))} "
        f"{figure(without_list)}"
    )


HANDLERS: dict[str, Handler] = {"code": code}
