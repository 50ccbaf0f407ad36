"""`code`: which occupation codes people nominate, on which lists each stood on which day, and who assesses it.

A code is described, never recommended, and a number is never corrected to another. Lists and the visas they open come from
bot.answers.migration; pay under a code belongs to other answers.
"""

import re
from collections.abc import Iterable

from bot.answers.migration import Standing, all_known, corrections, instrument, known, last_listed, standings, told
from bot.answers.printing import as_of, day, figure
from bot.asking import Ask, Handler
from bot.matching import corrected, nearest
from bot.reply import Block, Note, Paragraph, Strong, Table, Tap, paragraph, spans
from bot.turn import Turn
from content.code import OccupationCode
from content.entry import Fact
from content.library import Content

MOST_TAPS = 4
LONGEST_LABEL = 30

_NUMBER = re.compile(r"(?<!\d)\d{4,}(?!\d)")
_NOISE = re.compile(r"\b(?:anzsco|occupation|occupations|code|codes|for|a|an|the|my|is|what|which|of|job|title|as)\b")


def code(ask: Ask) -> Turn:
    numbers = _NUMBER.findall(ask.words)
    if numbers:
        known_numbers = [number for number in dict.fromkeys(numbers) if number in ask.content.codes]
        if len(known_numbers) < len(set(numbers)):
            unknown = next(number for number in numbers if number not in ask.content.codes)
            return _overview(ask, paragraph(ask.say("code_unknown_number", number=unknown)))
        return _one(ask, known_numbers[0]) if len(known_numbers) == 1 else _several(ask, tuple(known_numbers), ())
    words = " ".join(_NOISE.sub(" ", ask.words.lower()).split())
    if not words or words in ask.content.migration.titles_without_code:
        return _overview(ask)
    matches = titled(ask.content, words)
    if len(matches) > 1:
        return _several(ask, matches, (paragraph(ask.say("code_several", words=words)),))
    if matches:
        return _one(ask, matches[0])
    return _unknown_title(ask, words)


def titled(content: Content, words: str) -> tuple[str, ...]:
    """The codes that go by these words: by the whole title or another name first, else by a part of the title."""
    whole = tuple(number for number, entry in content.codes.items() if words in _names(entry))
    if whole:
        return whole
    part = tuple(number for number, entry in content.codes.items() if re.search(rf"\b{re.escape(words)}\b", entry.title.lower()))
    if part:
        return part
    meant = corrected(words, {name: name for entry in content.codes.values() for name in _names(entry)})
    return titled(content, meant) if meant else ()


def _names(entry: OccupationCode) -> tuple[str, ...]:
    return (entry.title.lower(), *entry.also_called)


def _unknown_title(ask: Ask, words: str) -> Turn:
    names = {name: number for number, entry in ask.content.codes.items() for name in _names(entry)}
    near = tuple(dict.fromkeys(names[name] for name in nearest(words, names)))
    return _overview(ask, paragraph(ask.say("code_unknown_title", words=words)), first=near)


def _overview(ask: Ask, *before: Block, first: tuple[str, ...] = ()) -> Turn:
    """Who decides, what the wrong code is, and the usual codes with their lists."""
    content, migration = ask.content, ask.content.migration
    title, *rest = migration.who_decides
    misread = tuple(number for number, entry in content.codes.items() if entry.is_not)
    in_order = sorted(content.codes, key=lambda number: (content.codes[number].order, number))
    usual = tuple(number for number in in_order if content.codes[number].usual)
    others = tuple(number for number in in_order if number not in usual)
    header = (ask.say("codes_code"), *(column.label for column in migration.list_columns))
    rows = tuple((_title(ask, number), *_columns(ask, number)) for number in usual)
    other_lines = tuple(spans(f"{_title(ask, number)}: {' · '.join(_columns(ask, number))}") for number in others)
    blocks = (
        *before,
        Paragraph((Strong(figure(title)),)),
        *(paragraph(content.codes[number].is_not or "") for number in misread),
        *(paragraph(figure(fact)) for fact in rest),
        Table(ask.say("codes_caption"), header, rows),
        *((Note(ask.say("codes_others"), other_lines),) if other_lines else ()),
    )
    instruments = tuple(dict.fromkeys(migration.lists[key].made_by for column in migration.list_columns for key in column.lists))
    offered = tuple(dict.fromkeys((*first, *misread, *usual)))[:MOST_TAPS]
    taps = (*(_tap(ask, number) for number in offered), Tap(ask.say("tap_visa_pathways"), "visa"))
    return told(ask, blocks, (*migration.who_decides, *instruments), taps=taps)


def _columns(ask: Ask, number: str) -> tuple[str, ...]:
    """For each column of lists, those the code stands on, in short; 'none' otherwise."""
    entry, migration = ask.content.codes[number], ask.content.migration
    cells = []
    for column in migration.list_columns:
        on = dict.fromkeys(migration.lists[key].name for key in column.lists if key in entry.lists)
        cells.append(", ".join(on) or ask.say("codes_none"))
    return tuple(cells)


def _title(ask: Ask, number: str) -> str:
    return ask.say("code_title", number=number, title=ask.content.codes[number].title)


def _tap(ask: Ask, number: str) -> Tap:
    """With its title where that fits a button."""
    title = _title(ask, number)
    return Tap(title if len(title) <= LONGEST_LABEL else number, f"code {number}")


def _one(ask: Ask, number: str) -> Turn:
    entry = ask.content.codes[number]
    assessor = known(ask.content, entry.assessor)
    blocks = (
        Paragraph((Strong(_title(ask, number)),)),
        *((paragraph(entry.is_not),) if entry.is_not else ()),
        _membership(ask, (number,)),
        paragraph(ask.say("code_assessor", assessor=figure(assessor))),
        *_rounds(ask, number),
        paragraph(_states(ask, entry)),
        *(paragraph(figure(fact)) for fact in entry.more),
        *corrections(ask, entry.corrections),
        paragraph(f"{ask.say('code_edition', edition=entry.edition)} {figure(ask.content.migration.edition_rule)}"),
        paragraph(ask.say("codes_criterion")),
    )
    found = tuple(fact for each in entry.corrections for fact in (each.page_says, *all_known(ask.content, each.found)))
    cited: tuple[Fact | str, ...] = (
        *_instruments(ask, (number,)),
        assessor,
        *entry.more,
        *found,
        ask.content.migration.edition_rule,
        ask.content.migration.state_lists,
        *_rounds_source(ask, number),
    )
    visas = tuple(dict.fromkeys(standing.visa for standing in standings(ask.content, number) if standing.listed))
    taps = (*(Tap(ask.say("tap_about_visa", subclass=visa), f"visa {visa}") for visa in visas[:3]), Tap(ask.say("tap_which_codes"), "code"))
    return told(ask, blocks, cited, taps=taps)


def _several(ask: Ask, numbers: tuple[str, ...], before: tuple[Block, ...]) -> Turn:
    assessors = tuple(known(ask.content, ask.content.codes[number].assessor) for number in numbers)
    lines = tuple(
        paragraph(f"{_title(ask, number)}. {ask.say('code_assessor', assessor=figure(assessor))}")
        for number, assessor in zip(numbers, assessors, strict=True)
    )
    blocks = (*before, _membership(ask, numbers), *lines, paragraph(ask.say("codes_criterion")))
    taps = (*(_tap(ask, number) for number in numbers[:MOST_TAPS]), Tap(ask.say("tap_which_codes"), "code"))
    return told(ask, blocks, (*_instruments(ask, numbers), *assessors), taps=taps)


def _membership(ask: Ask, numbers: tuple[str, ...]) -> Table:
    """One row for each way to a visa: on which list each code stood, by which instrument of which day."""
    by_code = [standings(ask.content, number) for number in numbers]
    header = (ask.say("code_route"), *(_title(ask, number) for number in numbers), ask.say("code_instrument"))
    rows = tuple(
        (
            same_way[0].label,
            *(_stood(ask, number, standing) for number, standing in zip(numbers, same_way, strict=True)),
            _by(ask, same_way),
        )
        for same_way in zip(*by_code, strict=True)
    )
    return Table(ask.say("code_caption", numbers=", ".join(numbers)), header, rows)


def _by(ask: Ask, same_way: Iterable[Standing]) -> str:
    return "; ".join(dict.fromkeys(instrument(ask, standing.made_by) for standing in same_way))


def _stood(ask: Ask, number: str, standing: Standing) -> str:
    lists = ask.say("code_joined").join(standing.lists)
    if not standing.listed:
        return ask.say("code_not_listed", lists=lists)
    if standing.number != number:
        return ask.say("code_listed_as", lists=lists, number=standing.number)
    return ask.say("code_listed", lists=lists)


def _instruments(ask: Ask, numbers: tuple[str, ...]) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys(standing.made_by for number in numbers for standing in standings(ask.content, number)))


def _rounds(ask: Ask, number: str) -> tuple[Block, ...]:
    seen = last_listed(ask.content, number)
    return (paragraph(ask.say("code_rounds", day=day(seen[0]), score=seen[1])),) if seen else ()


def _rounds_source(ask: Ask, number: str) -> tuple[str, ...]:
    return (ask.content.migration.rounds.source,) if last_listed(ask.content, number) else ()


def _states(ask: Ask, entry: OccupationCode) -> str:
    without_list = ask.content.migration.state_lists
    source = ask.content.sources[without_list.source]
    dates = source.dated or as_of(source.as_of)
    if entry.states is None:
        return ask.say("code_states_gap", dates=dates)
    states = (
        ask.say("code_state_note", state=each.state, visas=", ".join(each.visas), note=each.note)
        if each.note
        else ask.say("code_state", state=each.state, visas=", ".join(each.visas))
        for each in entry.states
    )
    return f"{ask.say('code_states', dates=dates, states='; '.join(states))} {figure(without_list)}"


HANDLERS: dict[str, Handler] = {"code": code}
