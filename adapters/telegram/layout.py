"""Text with markup, measured the way Telegram measures it, and cut into pages that it takes.

Markup stays apart from text until a page is printed, so nothing can be cut inside a tag or an
escape. Telegram counts code points after parsing; the plain rendition of a page is held to the same
limit, since it may have to go instead.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

# Counted after the tags are read, in code points: https://core.telegram.org/bots/api#sendmessage
TEXT_LIMIT = 4096
# https://core.telegram.org/bots/api#sendphoto
CAPTION_LIMIT = 1024
# Bold, links and the like beyond so many are dropped silently, so a message is cut before:
# https://core.telegram.org/bots/api#formatting-options
ENTITY_LIMIT = 100
MARKUP_LIMIT = 8000
"""Bytes of tags in one message: Telegram answers ENTITIES_TOO_LONG somewhere near 9,500."""

_UNCLEAN = re.compile("\r\n?|[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_BLANKS = frozenset("\u2800\u3164\u115f\u1160\uffa0")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters under the same tags.

    `aside`: what the plain rendition adds, such as a link's address.
    """

    text: str
    opening: str = ""
    closing: str = ""
    aside: str = ""


Row = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one block tag, or none.

    `tight`: belongs to what follows it, on the next line and the same page.
    """

    rows: tuple[Row, ...]
    opening: str = ""
    closing: str = ""
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What one message holds: as HTML, and as plain text with everything in it."""

    html: str
    plain: str


def clean(text: str) -> str:
    """What Telegram would keep: no control characters but line breaks,
    and nothing that is no Unicode text.
    """
    if _UNCLEAN.search(text):
        return _UNCLEAN.sub(_mend, text)
    return text


def _mend(found: re.Match[str]) -> str:
    match found[0]:
        case "\r" | "\r\n":
            return "\n"
        case half if half >= "\ud800":
            return "\ufffd"
        case _:
            return " "


def blank(text: str) -> bool:
    """Nothing to see: Telegram refuses such a message as empty."""
    return all(char in _BLANKS or unicodedata.category(char)[0] in "ZC" for char in text)


def rows(runs: Iterable[Run]) -> tuple[Row, ...]:
    """Runs as rows, parted at their line breaks."""
    finished: list[Row] = []
    row: list[Run] = []
    for run in runs:
        text = clean(run.text)
        if text == run.text and "\n" not in text:
            row.append(run)
            continue
        *before, last = text.split("\n")
        for piece in before:
            finished.append((*row, replace(run, text=piece, aside="")))
            row = []
        row.append(replace(run, text=last))
    return (*finished, tuple(row))


def pages(sections: Iterable[Section], limit: int = TEXT_LIMIT) -> tuple[Page, ...]:
    """The sections on as few pages as their borders allow: cut between sections, else between rows,
    else between words, else between characters. Blank pages are left out.
    """
    printed: list[Page] = []
    sheet = _Sheet(limit)
    for group in _groups(sections):
        if not sheet.holds(group):
            printed.append(sheet.print())
            sheet = _Sheet(limit)
        if sheet.holds(group):
            for section in group:
                sheet.add(section, section.rows)
            continue
        for section in group:
            for row in section.rows:
                for part in _split(row, limit):
                    if not sheet.holds((replace(section, rows=(part,)),)):
                        printed.append(sheet.print())
                        sheet = _Sheet(limit)
                    sheet.add(section, (part,))
    printed.append(sheet.print())
    return tuple(page for page in printed if not blank(page.plain))


class _Sheet:
    """A page being filled. Rows of one section that arrive one after the other stay one section."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[tuple[Section, list[Row]]] = []
        self._chars = self._tags = self._markup = 0

    def holds(self, sections: tuple[Section, ...]) -> bool:
        chars, tags, markup = self._chars, self._tags, self._markup
        for section in sections:
            more = _size(section, section.rows)
            chars, tags, markup = chars + more[0], tags + more[1], markup + more[2]
        return chars <= self._limit and tags <= ENTITY_LIMIT and markup <= MARKUP_LIMIT

    def add(self, section: Section, added: tuple[Row, ...]) -> None:
        chars, tags, markup = _size(section, added)
        if self._parts and self._parts[-1][0] is section:
            self._parts[-1][1].extend(added)
            tags -= bool(section.opening)
        else:
            self._parts.append((section, list(added)))
        self._chars, self._tags, self._markup = (
            self._chars + chars,
            self._tags + tags,
            self._markup + markup,
        )

    def print(self) -> Page:
        printed, plain, gap = [], [], ""
        for section, parts in self._parts:
            body = "\n".join("".join(_markup(run) for run in row) for row in parts)
            printed.append(f"{gap}{section.opening}{body}{section.closing}")
            plain.append(
                gap + "\n".join("".join(run.text + run.aside for run in row) for row in parts)
            )
            gap = "\n" if section.tight else "\n\n"
        return Page("".join(printed), "".join(plain))


def _size(section: Section, rows: tuple[Row, ...]) -> tuple[int, int, int]:
    """Of these rows of a section: characters (with the line breaks around them), tags,
    bytes of tags.
    """
    chars, tags, markup = 1 + len(rows), int(bool(section.opening)), 0
    for row in rows:
        for run in row:
            chars += len(run.text) + len(run.aside)
            if run.opening:
                tags += run.opening.count("<")
                markup += len(run.opening.encode())
    return chars, tags, markup


def _markup(run: Run) -> str:
    if not run.text:
        return ""
    return f"{run.opening}{html.escape(run.text, quote=False)}{run.closing}"


def _groups(sections: Iterable[Section]) -> Iterator[tuple[Section, ...]]:
    """Sections that stay together: a heading with what it is the heading of."""
    group: list[Section] = []
    for section in sections:
        group.append(section)
        if not section.tight:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _split(row: Row, limit: int) -> Iterator[Row]:
    """A row in parts that an empty page holds.

    A tagged run is moved whole where it can be; only a longer one is cut.
    """
    room = limit - 2
    part: list[Run] = []
    used = tags = markup = 0
    for run in row:
        for piece in _slices(run, room):
            size, marks, weight = (
                len(piece.text) + len(piece.aside),
                piece.opening.count("<"),
                len(piece.opening.encode()),
            )
            if part and (
                used + size > room or tags + marks >= ENTITY_LIMIT or markup + weight > MARKUP_LIMIT
            ):
                yield tuple(part)
                part, used, tags, markup = [], 0, 0, 0
            part.append(piece)
            used, tags, markup = used + size, tags + marks, markup + weight
    yield tuple(part)


def _slices(run: Run, room: int) -> Iterator[Run]:
    """A run in parts of at most `room` characters, cut after a space where there is one.

    The last keeps the aside.
    """
    text = run.text
    while len(text) + len(run.aside) > room:
        end = min(room, len(text))
        space = text.rfind(" ", 0, end) + 1
        end = space if space > end // 2 else end
        if end == len(text):
            break
        yield replace(run, text=text[:end], aside="")
        text = text[end:]
    yield replace(run, text=text)
