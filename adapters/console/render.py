"""A reply as plain text for a terminal 80 to 110 columns wide. Pure.

Also the reference rendition: what dialogues under tests expect, and what other platforms fall back
to, is this text.
"""

import textwrap
from typing import assert_never

from bot.core.reply import (
    Bar,
    Block,
    Bullets,
    Choices,
    Code,
    Copy,
    Emphasis,
    File,
    Heading,
    Line,
    Link,
    Moment,
    Note,
    Open,
    Paragraph,
    Picture,
    Reply,
    Sources,
    Span,
    Strong,
    Table,
    Tap,
    Text,
    figure_columns,
)

WIDTH = 100


def text(reply: Reply) -> str:
    """The whole reply; buttons as a last line in square brackets."""
    return "\n".join(part for part in (_block(block) for block in reply.blocks) if part)


def choices(reply: Reply) -> tuple[str, ...]:
    """The labels of every button, in order."""
    return tuple(
        choice.label
        for block in reply.blocks
        if isinstance(block, Choices)
        for choice in block.choices
        if not isinstance(choice, Copy)
    )


def pictures(reply: Reply) -> tuple[str, ...]:
    return tuple(block.alt for block in reply.blocks if isinstance(block, Picture))


def files(reply: Reply) -> tuple[str, ...]:
    return tuple(block.name for block in reply.blocks if isinstance(block, File))


def _block(block: Block) -> str:
    match block:
        case Heading(text=words):
            return f"{words}\n{'─' * min(len(words), WIDTH)}"
        case Paragraph(spans=line):
            return _line(line)
        case Bullets(items=items, ordered=ordered):
            return "\n".join(
                f"{f'{number}.' if ordered else '•'} {_line(item)}"
                for number, item in enumerate(items, 1)
            )
        case Table():
            return _table(block)
        case Note(title=title, lines=lines):
            return "\n".join((title, *(textwrap.indent(_line(line), "  ") for line in lines)))
        case Bar(words=words, done=done, total=total):
            return f"{words}\n{bar(done, total)}"
        case Picture(alt=alt):
            return f"[picture] {alt}"
        case File(name=name, caption=caption):
            return f"[file {name}] {caption}"
        case Sources(lines=lines):
            return "\n".join(_line(line) for line in lines)
        case Choices(choices=offered):
            shown = (choice for choice in offered if not isinstance(choice, Copy))
            return " ".join(_choice(choice) for choice in shown)
        case _:
            assert_never(block)


def bar(done: int, total: int, width: int = 10) -> str:
    """▓ for what is done. Never full before everything is done, never empty once something is."""
    if total == 0:
        filled = 0
    else:
        filled = min(width, max(done * width // total, 1 if done else 0))
    return "▓" * filled + "░" * (width - filled)


def _choice(choice: Tap | Open) -> str:
    match choice:
        case Tap(label=label):
            return f"[ {label} ]"
        case Open(label=label, address=address):
            return f"[ {label}: {address} ]"
        case _:
            assert_never(choice)


def _line(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _span(span: Span) -> str:
    match span:
        case (
            Text(text=words)
            | Strong(text=words)
            | Emphasis(text=words)
            | Code(text=words)
            | Moment(text=words)
        ):
            return words
        case Link(text=words, address=address):
            bare = address.removeprefix("https://").rstrip("/")
            if words in (address, bare):
                return words
            return f"{words} ({bare})"
        case _:
            assert_never(span)


def _align(cell: str, width: int, right: bool) -> str:
    if right:
        return cell.rjust(width)
    return cell.ljust(width)


def _table(table: Table) -> str:
    """Columns where they fit, otherwise each row as a small list under its first cell."""
    rows = (table.header, *table.rows)
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.header))]
    if sum(widths) + 3 * (len(widths) - 1) <= WIDTH:
        right = figure_columns(table)
        lines = ["   ".join(map(_align, row, widths, right)).rstrip() for row in rows]
        return "\n".join(
            (table.caption, lines[0], "   ".join("─" * width for width in widths), *lines[1:])
        )
    listed = []
    for row in table.rows:
        listed.append(row[0])
        listed += [
            f"  {name}: {cell}" if name else f"  {cell}"
            for name, cell in zip(table.header[1:], row[1:], strict=True)
            if cell
        ]
    return "\n".join((table.caption, *listed))
