"""A reply as parts for a terminal that can show more than plain text: what is bold, dim, a table, a
button. Pure.

The parts are JSON, because what is sent waits in the outbox; adapters.console.screen draws them.
"""

from collections.abc import Iterator
from typing import assert_never

from adapters.console.render import bar
from bot.core.reply import (
    Bar,
    Block,
    Bullets,
    Choices,
    Code,
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
    Text,
)

Part = dict[str, object]
"""`kind`, and what that kind holds: see `_part`."""


def parts(reply: Reply) -> list[Part]:
    """Every block but the buttons, in order."""
    return [_part(block) for block in reply.blocks if not isinstance(block, Choices)]


def doors(reply: Reply) -> list[str]:
    """Buttons that open a page, which a terminal cannot press: label and address."""
    offered = (block.choices for block in reply.blocks if isinstance(block, Choices))
    return [
        f"{choice.label}: {choice.address}"
        for choices in offered
        for choice in choices
        if isinstance(choice, Open)
    ]


def _part(block: Block) -> Part:
    match block:
        case Heading(text=words):
            return {"kind": "heading", "text": words}
        case Paragraph(spans=line):
            return {"kind": "lines", "lines": [_line(line)]}
        case Bullets(items=items, ordered=ordered):
            marks = [f"{number}." if ordered else "•" for number in range(1, len(items) + 1)]
            return {"kind": "bullets", "marks": marks, "lines": [_line(item) for item in items]}
        case Table(caption=caption, header=header, rows=rows):
            cells = [list(row) for row in rows]
            return {"kind": "table", "text": caption, "header": list(header), "rows": cells}
        case Note(title=title, lines=lines):
            return {"kind": "note", "text": title, "lines": [_line(line) for line in lines]}
        case Bar(words=words, done=done, total=total):
            return {"kind": "bar", "text": words, "bar": bar(done, total)}
        case Picture(alt=alt):
            return {"kind": "picture", "text": alt}
        case File(name=name, caption=caption, text=text):
            return {"kind": "file", "text": f"{name}: {caption}", "content": text}
        case Sources(lines=lines):
            return {"kind": "sources", "lines": [_line(line) for line in lines]}
        case Choices():
            raise TypeError("buttons are no part")
        case _:
            assert_never(block)


def _line(line: Line) -> list[list[str]]:
    """Runs of style and text."""
    return [run for span in line for run in _runs(span)]


def _runs(span: Span) -> Iterator[list[str]]:
    match span:
        case Text(text=words) | Moment(text=words):
            yield ["", words]
        case Strong(text=words):
            yield ["bold", words]
        case Emphasis(text=words):
            yield ["italic", words]
        case Code(text=words):
            yield ["cyan", words]
        case Link(text=words, address=address):
            bare = address.removeprefix("https://").rstrip("/")
            yield ["", words]
            if words not in (address, bare):
                yield ["dim", f" ({bare})"]
        case _:
            assert_never(span)
