"""What each block of a reply looks like on Slack.

Pure; all of Slack's lengths and escapes stand here.

Text that came from people goes into rich_text and plain_text only, where Slack reads no markup,
mention or link in it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, assert_never

from bot.core.reply import (
    Bar,
    Block,
    Bullets,
    Choice,
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
    Sources,
    Span,
    Strong,
    Table,
    Tap,
    Text,
    figure_columns,
)
from bot.core.reply import plain as words_of

Kit = dict[str, Any]
"""One Block Kit object, as JSON."""

# Slack refuses a whole message for one block that is too long (`invalid_blocks`), so every length
# is kept here: https://docs.slack.dev/reference/block-kit/blocks/section-block
SECTION_TEXT = 3000
# https://docs.slack.dev/reference/block-kit/blocks/header-block
HEADER_TEXT = 150
# https://docs.slack.dev/reference/block-kit/block-elements/button-element
BUTTON_TEXT = 75
# https://docs.slack.dev/reference/block-kit/blocks/image-block
ALT_TEXT = 2000
# https://docs.slack.dev/reference/block-kit/blocks/actions-block
ACTIONS = 25
# https://docs.slack.dev/reference/block-kit/blocks/context-block
CONTEXT_ELEMENTS = 10
# https://docs.slack.dev/reference/block-kit/blocks/table-block
TABLE_ROWS = 100
ROW_TEXT = 70
"""What stands beside a row's name in a list without breaking the line; more is set below it."""
TABLE_COLUMNS = 20
TABLES_TEXT = 10_000
"""Characters in all tables of one message."""

PICTURE = "picture"
"""The payload's key for a chart to draw. Its image block waits for the id of the uploaded file."""

MODAL = "modal"
"""The payload's key for the frame of a modal, where the answer may be shown in one."""

FILE = "file"
"""The payload's key for a file to keep."""

NOTHING = "–"
"""What stands where Slack wants at least one character and there is none."""

_UNSAYABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_WORD_JOINER = "\u2060"
_MARKUP = str.maketrans({mark: f"{_WORD_JOINER}{mark}{_WORD_JOINER}" for mark in "*_~`"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What may not be cut: some Kit blocks that belong together, and the same in plain words."""

    kit: tuple[Kit, ...]
    text: str
    table_text: int = 0
    extra: Mapping[str, object] | None = None
    alone: bool = False


# --- text -----------------------------------------------------------------------------------------


def escape(text: str) -> str:
    """Slack's three escapes, in the order that it asks for; nothing else."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """Text for a mrkdwn object that shows as it stands: escaped,
    and its marks kept from pairing up.
    """
    return escape(clean(text).translate(_MARKUP))


def clean(text: str) -> str:
    """Without what JSON or Slack would choke on: control characters,
    and halves of surrogate pairs.
    """
    return _UNSAYABLE.sub("", text)


def plain_text(text: str) -> Kit:
    return {"type": "plain_text", "text": clean(text) or NOTHING, "emoji": False}


# --- blocks ---------------------------------------------------------------------------------------


def pieces(block: Block, *, flat: bool) -> Iterator[Piece]:
    """`flat`: no native tables (forms do not take them)."""
    match block:
        case Heading(text=text):
            yield from _heading(text)
        case Paragraph(spans=line):
            yield from _prose(line)
        case Bullets(items=items, ordered=ordered):
            yield from _bullets(items, ordered=ordered)
        case Table():
            yield from _table(block, flat=flat)
        case Note(title=title, lines=lines):
            yield from _note(title, lines)
        case Bar(words=words, done=done, total=total):
            yield from (
                _context([plain_text(part)], part)
                for part in _split_text(words)
                if clean(part).strip()
            )
            yield _context([plain_text(_bar(done, total))], "")
        case Picture(spec=spec, alt=alt):
            yield _picture(spec, alt)
        case File(name=name, media_type=media_type, text=text, caption=caption, refused=refused):
            content = {"name": name, "media_type": media_type, "text": text, "caption": caption}
            yield Piece(
                kit=(rich((Text(caption),)),),
                text=refused or f"{caption}\n{text}",
                extra={FILE: content},
                alone=True,
            )
        case Sources(lines=lines):
            yield from _sources(lines)
        case Choices(choices=choices):
            yield from _choices(choices)
        case _:
            assert_never(block)


def rich(line: Line, style: str = "rich_text_section") -> Kit:
    return {"type": "rich_text", "elements": [{"type": style, "elements": _elements(line)}]}


def _elements(line: Line) -> list[Kit]:
    return [_element(span) for span in line if clean(span.text)] or [{"type": "text", "text": " "}]


def _element(span: Span) -> Kit:
    text = clean(span.text)
    match span:
        case Strong() | Moment(strong=True):
            return {"type": "text", "text": text, "style": {"bold": True}}
        case Text() | Moment():
            return {"type": "text", "text": text}
        case Emphasis():
            return {"type": "text", "text": text, "style": {"italic": True}}
        case Code():
            return {"type": "text", "text": text, "style": {"code": True}}
        case Link(address=address):
            return {"type": "link", "text": text, "url": address}
        case _:
            assert_never(span)


def _prose(line: Line, style: str = "rich_text_section") -> Iterator[Piece]:
    yield from (
        Piece(kit=(rich(part, style),), text=words_of(part))
        for part in _split(line)
        if clean(words_of(part)).strip()
    )


def _heading(text: str) -> Iterator[Piece]:
    if len(text) > HEADER_TEXT:
        yield from _prose((Strong(text),))
    elif clean(text).strip():
        yield Piece(kit=({"type": "header", "text": plain_text(text)},), text=text)


def _bullets(items: tuple[Line, ...], *, ordered: bool) -> Iterator[Piece]:
    """One list, or several that continue each other's numbers
    where it is too long for one block.
    """
    start, size = 0, 0
    for index, item in enumerate(items):
        length = len(words_of(item))
        if index > start and size + length > SECTION_TEXT:
            yield _list(items[start:index], start, ordered=ordered)
            start, size = index, 0
        size += length
    if items:
        yield _list(items[start:], start, ordered=ordered)


def _list(items: tuple[Line, ...], offset: int, *, ordered: bool) -> Piece:
    style = "ordered" if ordered else "bullet"
    elements = [{"type": "rich_text_section", "elements": _elements(item)} for item in items]
    kit: Kit = {"type": "rich_text_list", "style": style, "indent": 0, "elements": elements}
    if ordered and offset:
        kit["offset"] = offset
    text = "\n".join(
        f"{f'{offset + number}.' if ordered else '•'} {words_of(item)}"
        for number, item in enumerate(items, 1)
    )
    return Piece(kit=({"type": "rich_text", "elements": [kit]},), text=text)


def _note(title: str, lines: tuple[Line, ...]) -> Iterator[Piece]:
    """Slack folds nothing, so a note stands aside as a quotation."""
    yield from _prose(
        (Strong(title), *(span for one in lines for span in (Text("\n"), *one))), "rich_text_quote"
    )


def _bar(done: int, total: int) -> str:
    if total == 0:
        filled = 0
    else:
        filled = min(10, max(done * 10 // total, 1 if done else 0))
    return "▓" * filled + "░" * (10 - filled)


def _picture(spec: Mapping[str, object], alt: str) -> Piece:
    """The words of the picture are its alt text; what exceeds Slack's
    limit for it stands below as text.
    """
    short, *rest = _split_text(alt, ALT_TEXT)
    image: Kit = {"type": "image", "alt_text": clean(short) or NOTHING, "slack_file": {"id": ""}}
    below = tuple(rich((Text(part),)) for part in rest)
    return Piece(kit=(image, *below), text=alt, extra={PICTURE: dict(spec)})


def _context(elements: list[Kit], text: str) -> Piece:
    return Piece(kit=({"type": "context", "elements": elements},), text=text)


def _sources(lines: tuple[Line, ...]) -> Iterator[Piece]:
    parts = [
        part for line in lines for part in _split_marked(line) if clean(words_of(part)).strip()
    ]
    for start in range(0, len(parts), CONTEXT_ELEMENTS):
        some = parts[start : start + CONTEXT_ELEMENTS]
        elements = [{"type": "mrkdwn", "text": _mrkdwn(part), "verbatim": True} for part in some]
        yield _context(elements, "\n".join(words_of(part) for part in some))


def _split_marked(line: Line, limit: int = SECTION_TEXT) -> Iterator[Line]:
    """Escapes and addresses count too: what is too long with them is cut finer."""
    for part in _split(line, limit):
        if len(_mrkdwn(part)) > SECTION_TEXT:
            yield from _split_marked(part, limit // 2)
        else:
            yield part


def _mrkdwn(line: Line) -> str:
    return "".join(_markup(span) for span in line)


def _markup(span: Span) -> str:
    match span:
        case Link(text=text, address=address):
            return f"<{escape(address).replace('|', '%7C')}|{literal(text) or address}>"
        case (
            Text(text=text)
            | Moment(text=text)
            | Strong(text=text)
            | Emphasis(text=text)
            | Code(text=text)
        ):
            return literal(text)
        case _:
            assert_never(span)


def _choices(offered: tuple[Choice, ...]) -> Iterator[Piece]:
    """Slack has no button that copies: whatever is to be copied stands in the words too."""
    choices = [choice for choice in offered if not isinstance(choice, Copy)]
    for choice in choices:
        if len(choice.label) > BUTTON_TEXT:
            yield Piece(kit=(rich((Text(choice.label),)),), text="")
    for start in range(0, len(choices), ACTIONS):
        some = choices[start : start + ACTIONS]
        text = " ".join(f"[ {choice.label} ]" for choice in some)
        yield Piece(
            kit=({"type": "actions", "elements": [_button(choice) for choice in some]},), text=text
        )


def _button(choice: Tap | Open) -> Kit:
    if len(choice.label) <= BUTTON_TEXT:
        label = choice.label
    else:
        label = choice.label[: BUTTON_TEXT - 1] + "…"
    button: Kit = {"type": "button", "text": plain_text(label)}
    match choice:
        case Tap(action=action, main=main):
            return {**button, "value": action} | ({"style": "primary"} if main else {})
        case Open(address=address):
            return {**button, "url": address}
        case _:
            assert_never(choice)


# --- tables ---------------------------------------------------------------------------------------


def _table(table: Table, *, flat: bool) -> Iterator[Piece]:
    """Native tables, each with the header, as many as its length asks for; a table that no such
    block holds becomes a list.
    """
    if (
        flat
        or len(table.header) > TABLE_COLUMNS
        or _cells((table.header, *table.rows[:1])) > TABLES_TEXT // 2
    ):
        yield _list_of_rows(table)
        return
    rows: list[tuple[str, ...]] = []
    for row in table.rows:
        if rows and (
            len(rows) + 1 >= TABLE_ROWS or _cells((table.header, *rows, row)) > TABLES_TEXT
        ):
            yield _native(replace(table, rows=tuple(rows)))
            rows = []
        rows.append(row)
    yield _native(replace(table, rows=tuple(rows)))


def _native(table: Table) -> Piece:
    rows = [
        [{"type": "raw_text", "text": clean(cell) or NOTHING} for cell in row]
        for row in (table.header, *table.rows)
    ]
    kit: Kit = {
        "type": "table",
        "rows": rows,
        "column_settings": [
            {"is_wrapped": True} | ({"align": "right"} if right else {})
            for right in figure_columns(table)
        ],
    }
    return Piece(
        kit=(*_caption(table), kit),
        text=_table_words(table),
        table_text=_cells((table.header, *table.rows)),
    )


def _caption(table: Table) -> Iterator[Kit]:
    """Slack's tables have no caption of their own."""
    yield from (
        rich(part) for part in _split((Strong(table.caption),)) if clean(words_of(part)).strip()
    )


def _cells(rows: tuple[tuple[str, ...], ...]) -> int:
    return sum(max(1, len(cell)) for row in rows for cell in row)


def _table_words(table: Table) -> str:
    """What a screen reader says instead of the table:
    what the first column is stands beside the caption.
    """
    corner = table.header[0].strip()
    return "\n".join(
        (
            f"{table.caption} ({corner})" if corner else table.caption,
            *(words_of(line) for row in table.rows for line in _row_lines(table.header, row)),
        )
    )


def _list_of_rows(table: Table) -> Piece:
    rows = [
        [{"type": "raw_text", "text": cell} for cell in row] for row in (table.header, *table.rows)
    ]
    return Piece(kit=(*_caption(table), *_lists_of_rows(rows)), text=_table_words(table))


def _lists_of_rows(rows: list[list[Kit]]) -> list[Kit]:
    """Each row as a small list under its first cell: readable on a phone and by a screen reader."""
    header, *body = ([cell["text"] for cell in row] for row in rows)
    lines = [line for row in body for line in _row_lines(tuple(header), tuple(row))]
    blocks: list[Kit] = []
    gathered: Line = ()
    for line in lines:
        if gathered and len(words_of(gathered)) + len(words_of(line)) >= SECTION_TEXT:
            blocks += [rich(part) for part in _split(gathered)]
            gathered = ()
        if gathered:
            gathered = (*gathered, Text("\n"), *line)
        else:
            gathered = line
    return blocks + [rich(part) for part in _split(gathered) if words_of(part)]


def _row_lines(header: tuple[str, ...], row: tuple[str, ...]) -> Iterator[Line]:
    """A row in one line where it is short: 'Age  Your answer: 34 · Points: 25'."""
    cells = [
        f"{name}: {cell}" if name else cell
        for name, cell in zip(header[1:], row[1:], strict=True)
        if cell
    ]
    if len(short := " · ".join(cells)) <= ROW_TEXT:
        yield (Strong(row[0]), Text(f"  {short}"))
        return
    yield (Strong(row[0]),)
    yield from ((Text(f"  {cell}"),) for cell in cells)


# --- cutting --------------------------------------------------------------------------------------


def _split(line: Line, limit: int = SECTION_TEXT) -> Iterator[Line]:
    """The line in parts of at most `limit` characters, cut at spaces where there are any.

    A link is never cut in its address.
    """
    part: list[Span] = []
    size = 0
    for span in line:
        for text in _split_text(span.text, limit):
            if part and size + len(text) > limit:
                yield tuple(part)
                part, size = [], 0
            part.append(replace(span, text=text))
            size += len(text)
    if part:
        yield tuple(part)


def _split_text(text: str, limit: int = SECTION_TEXT) -> list[str]:
    parts = []
    while len(text) > limit:
        at = text.rfind(" ", limit // 2, limit) + 1 or limit
        parts.append(text[:at])
        text = text[at:]
    if text or not parts:
        return [*parts, text]
    return parts


# --- what goes instead ----------------------------------------------------------------------------


def without_tables(blocks: list[Kit]) -> list[Kit]:
    """The same blocks with every native table as rich text, for a workspace that refuses them."""
    return [
        other
        for block in blocks
        for other in (_lists_of_rows(block["rows"]) if block["type"] == "table" else [block])
    ]


def without_picture(blocks: list[Kit]) -> list[Kit]:
    """The same blocks with pictures as their words, for when drawing or uploading failed."""
    return [
        other
        for block in blocks
        for other in (
            [rich(part) for part in _split((Text(block["alt_text"]),))]
            if block["type"] == "image"
            else [block]
        )
    ]
