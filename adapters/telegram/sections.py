"""Blocks as sections of runs, before any of Telegram's limits: see adapters.telegram.layout."""

import html
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from adapters.telegram.keyboard import LINK_CHARACTERS, WEB_ADDRESS
from adapters.telegram.layout import Row, Run, Section, blank, clean, rows
from bot.core.reply import (
    Bar,
    Bullets,
    Code,
    Emphasis,
    Heading,
    Line,
    Link,
    Moment,
    Note,
    Paragraph,
    Sources,
    Span,
    Strong,
    Table,
    Text,
    figure_columns,
)

PHONE_COLUMNS = 34
"""Characters of fixed width that a narrow phone shows in one line;
a wider table is told row by row.
"""
HEADED_COLUMNS = 3
"""A table of so few columns that is told in lines names them once, above."""
TOLD_CHARACTERS = 80
"""A row told in so few characters stays in one line, 'label — header: cell · header: cell'; longer
ones get a line for each cell.
"""
UNFOLDED_CHARACTERS = 160
"""What is said about sources below their first line, the caveat's, is folded where it is longer:
a touch shows it all.
"""
BAR_CELLS = 10


def sections_of(
    block: Heading | Paragraph | Bullets | Table | Note | Bar | Sources,
) -> Iterator[Section]:
    match block:
        case Heading(text=text):
            yield Section(rows([bold_run(text)]), tight=True)
        case Paragraph(spans=spans):
            yield Section(rows(map(run_of, spans)))
        case Bullets(items=items, ordered=ordered):
            yield Section(
                tuple(
                    row
                    for position, item in enumerate(items, 1)
                    for row in _item(item, position if ordered else 0)
                )
            )
        case Table():
            yield from _table(block)
        case Note(title=title, lines=lines):
            inside = (
                *rows([bold_run(title)]),
                *(row for line in lines for row in rows(map(run_of, line))),
            )
            yield Section(inside, "<blockquote expandable>", "</blockquote>")
        case Bar(words=words, done=done, total=total):
            cells = round(BAR_CELLS * done / total) if total else 0
            drawn = Run("▓" * cells + "░" * (BAR_CELLS - cells))
            yield Section((*rows([Run(words)]), *(((drawn,),) if total else ())))
        case Sources(lines=lines):
            first, *more = [tuple(rows(map(_italic, line))) for line in lines] or [()]
            below = tuple(row for line in more for row in line)
            if sum(len(run.text) for row in below for run in row) > UNFOLDED_CHARACTERS:
                yield Section(first, tight=True)
                yield Section(below, "<blockquote expandable>", "</blockquote>")
            else:
                yield Section((*first, *below))
        case _:
            assert_never(block)


def run_of(span: Span) -> Run:
    match span:
        case Text(text=text):
            return Run(text)
        case Strong(text=text):
            return bold_run(text)
        case Emphasis(text=text):
            return Run(text, "<i>", "</i>")
        case Code(text=text):
            return Run(text, "<code>", "</code>")
        case Link(text=text, address=address) if blank(text):
            if blank(address):
                return Run("")
            return run_of(Link(address, address))
        case Link(text=text, address=address):
            aside = "" if text == address else f" ({clean(address)})"
            if len(address) > LINK_CHARACTERS or not WEB_ADDRESS.fullmatch(address):
                return Run(text + aside)
            return Run(text, f'<a href="{html.escape(clean(address))}">', "</a>", aside)
        case Moment(text=text, at=at, strong=strong):
            # Without a format the words stay as they are, and a touch shows the instant in the
            # reader's own time.
            run = Run(text, f'<tg-time unix="{int(at.timestamp())}">', "</tg-time>")
            if strong:
                return replace(run, opening=f"<b>{run.opening}", closing=f"{run.closing}</b>")
            return run
        case _:
            assert_never(span)


def bold_run(text: str) -> Run:
    return Run(text, "<b>", "</b>")


def _italic(span: Span) -> Run:
    """Italics around whatever it is; code may not stand inside them."""
    run = run_of(span)
    if isinstance(span, Code | Emphasis):
        return run
    return Run(run.text, "<i>" + run.opening, run.closing + "</i>", run.aside)


def _item(item: Line, number: int) -> tuple[Row, ...]:
    return rows([Run(f"{number}. " if number else "• "), *map(run_of, item)])


def _table(table: Table) -> Iterator[Section]:
    """Aligned columns where a phone holds them, else a list: a line a row, or a section a row."""
    if table.caption:
        yield Section(rows([bold_run(table.caption)]), tight=True)
    lines = [
        [" ".join(clean(cell).split()) for cell in line] for line in (table.header, *table.rows)
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) <= PHONE_COLUMNS:
        right = figure_columns(table)
        aligned = ("  ".join(map(_align, line, widths, right)).rstrip() for line in lines)
        # Telegram has no tables; <pre> alone keeps columns:
        # https://core.telegram.org/bots/api#html-style
        yield Section(tuple((Run(line),) for line in aligned), "<pre>", "</pre>")
        return
    header, *told = lines
    cells = [_cells_in_words(header[1:], line[1:]) for line in told]
    if all(sum(map(len, row)) <= TOLD_CHARACTERS for row in cells):
        yield _line_a_row(header, told, cells)
        return
    for line, row in zip(told, cells, strict=True):
        yield Section(((bold_run(line[0]),), *((Run(cell),) for cell in row)))


def _line_a_row(header: list[str], told: list[list[str]], cells: list[list[str]]) -> Section:
    """Few columns are named once above, and a full row then needs no names of its own."""
    heads, named_once = header[1:], len(header) <= HEADED_COLUMNS
    listed: list[Row] = []
    if named_once and any(heads):
        listed.append((Run(" · ".join(filter(None, heads)), "<i>", "</i>"),))
    for line, row in zip(told, cells, strict=True):
        if named_once and all(line[1:]):
            said = line[1:]
        else:
            said = row
        listed.append((bold_run(line[0]), Run(" — " * bool(said) + " · ".join(said))))
    return Section(tuple(listed))


def _cells_in_words(names: list[str], cells: list[str]) -> list[str]:
    """'189 · 190: permanent': cells with their columns' names, those that are alike in one."""
    alike: dict[str, list[str]] = {}
    for name, cell in zip(names, cells, strict=True):
        if cell:
            alike.setdefault(cell, []).append(name)
    return [
        f"{' · '.join(filter(None, named))}: {cell}" if any(named) else cell
        for cell, named in alike.items()
    ]


def _align(cell: str, width: int, right: bool) -> str:
    if right:
        return cell.rjust(width)
    return cell.ljust(width)
