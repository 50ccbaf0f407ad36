"""How much of a reply one phone screen holds, and where it is cut: between blocks, between the
items of a list, never inside one.

Lengths are those of plain text; how a platform draws a block is its renderer's business.
"""

import textwrap
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.core.reply import Block, Bullets, Choices, File, Note, Paragraph, Picture, Table, plain

COLUMNS: Final = 42
LINES: Final = 21
CHARACTERS: Final = 760
"""A screen is 25 lines and 900 characters; the rest of it is for where an answer comes from."""

Blocks = tuple[Block, ...]


def fit(blocks: Iterable[Block]) -> tuple[Blocks, Blocks]:
    """What fits one screen, and what is left.

    The first block always stays; a line that introduces a list goes along with it.
    """
    kept: list[Block] = []
    lines = characters = 0
    waiting = list(blocks)
    while waiting:
        head, tail = _split(waiting[0], LINES - lines, CHARACTERS - characters)
        if head is None and kept:
            break
        kept.append(head or waiting[0])
        lines, characters = lines + lines_of(kept[-1]), characters + len(text_of(kept[-1]))
        if tail is not None and head is not None:
            waiting[0] = tail
            break
        waiting.pop(0)
    if waiting and len(kept) > 1 and _introduces(kept[-1]):
        waiting.insert(0, kept.pop())
    return tuple(kept), tuple(waiting)


def _split(block: Block, lines: int, characters: int) -> tuple[Block | None, Block | None]:
    """The block's part that fits and the part that does not."""
    if lines_of(block) <= lines and len(text_of(block)) <= characters:
        return block, None
    if not isinstance(block, Bullets):
        return None, block
    for count in range(len(block.items) - 1, 0, -1):
        head = replace(block, items=block.items[:count])
        if lines_of(head) <= lines and len(text_of(head)) <= characters:
            return head, replace(block, items=block.items[count:])
    return None, block


def _introduces(block: Block) -> bool:
    return isinstance(block, Paragraph) and plain(block.spans).rstrip().endswith(":")


def lines_of(block: Block) -> int:
    """How many lines of a phone it takes."""
    rows = text_of(block).split("\n")
    return sum(max(1, len(textwrap.wrap(row, COLUMNS))) for row in rows if row)


def text_of(block: Block) -> str:
    """Its words, a row of a table or an item of a list on each line.

    Buttons, pictures and files take none of the screen's text.
    """
    match block:
        case Bullets(items=items):
            return "\n".join(f"• {plain(item)}" for item in items)
        case Table(caption=caption, header=header, rows=rows):
            return "\n".join((caption, *("  ".join(row) for row in (header, *rows))))
        case Note(title=title, lines=noted):
            return "\n".join((title, *map(plain, noted)))
        case Paragraph(spans=spans):
            return plain(spans)
        case Choices() | Picture() | File():
            return ""
        case _:
            return str(getattr(block, "text", getattr(block, "words", "")))
