"""A reply is a document: frozen blocks made of frozen spans, with no platform in sight.

Renderers match over these blocks and end in `assert_never`, so a new block fails type checking in
every adapter that forgot it. Lengths, escaping, markup and how a block is split over messages are
the renderers' business only.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ACTION_BYTES = 60
"""An action must fit a button on every platform (64 bytes, less a version mark)."""


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Something to type exactly as shown."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant.

    Shown as `text`; a platform that can render the reader's own local time may do so as well.
    """

    text: str
    at: datetime
    strong: bool = False

    def __str__(self) -> str:
        return self.text


Span = Text | Strong | Emphasis | Code | Link | Moment
Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Line, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows all as long as `header`.

    `caption` says what the table is, for those who cannot see it.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError(f"table {self.caption!r}: every row needs {len(self.header)} cells")


_FIGURE = re.compile(r"[-+−–~$]{0,4}\d.*|[-–—]?")


def figure_columns(table: Table) -> tuple[bool, ...]:
    """Which columns hold figures only, so that they stand at the right."""
    return tuple(
        bool(table.rows) and all(_FIGURE.fullmatch(row[column]) for row in table.rows)
        for column in range(len(table.header))
    )


@dataclass(frozen=True, slots=True)
class Note:
    """A longer remark, folded away where the platform can fold."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """Progress. `words` carry the whole meaning; the bar itself is decoration. 0 ≤ done ≤ total."""

    words: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, drawn when it is sent.

    `spec` is plain JSON (bot.features.chart_specs); `alt` holds every figure in words.
    """

    spec: Mapping[str, object]
    alt: str


@dataclass(frozen=True, slots=True)
class File:
    """A small text file to keep: a calendar, an export."""

    name: str
    media_type: str
    text: str
    caption: str
    refused: str = ""
    """What is said where the chat or workspace takes no file: that it did not come,
    and another way to it.
    """


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the answer comes from, with dates, and the one-line caveat.

    At most one in an answer, near its end.
    """

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Tap:
    """A button.

    `action` is a command line: what a person could type instead of tapping. `main`: the one most
    people want next, which a platform may make stand out; at most one in a reply.
    """

    label: str
    action: str
    main: bool = False

    def __post_init__(self) -> None:
        if not self.label.strip() or not 0 < len(self.action.encode()) <= ACTION_BYTES:
            raise ValueError(
                f"tap {self.label!r}: an action has 1 to {ACTION_BYTES} bytes, not {self.action!r}"
            )


def buttons(offered: Iterable[tuple[str, str]]) -> tuple[Tap, ...]:
    """Taps from (label, action), without those whose action holds more of a person's own words
    than a button carries: they can still be typed.
    """
    return tuple(
        Tap(label, action) for label, action in offered if len(action.encode()) <= ACTION_BYTES
    )


@dataclass(frozen=True, slots=True)
class Open:
    """A button that opens a page."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A button that puts `text` on the clipboard.

    The reply says the text as well: a platform without such buttons leaves it out.
    """

    label: str
    text: str


Choice = Tap | Open | Copy


@dataclass(frozen=True, slots=True)
class Choices:
    """`yes_or_no`: they answer a question, the first with yes and the second with no, so that a
    bare 'yes' may be typed instead.
    """

    choices: tuple[Choice, ...]
    yes_or_no: bool = False


Block = Heading | Paragraph | Bullets | Table | Note | Bar | Picture | File | Sources | Choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer. `personal`: computed from what the person said, so for the asker alone.

    `in_place`: may rewrite the message whose button was tapped, or that answered a text before its
    edit, where the platform can. `place`: sharing where one is would answer this (asked), or is not
    wanted any more (settled), where the platform has a way. `reaction`: a small sign on the
    person's own message goes with these words, where the platform has one.
    """

    blocks: tuple[Block, ...]
    personal: bool = False
    in_place: bool = False
    place: Literal["", "asked", "settled"] = ""
    reaction: bool = False


def spans(*parts: str | Span) -> Line:
    """Make a line: plain strings become `Text`."""
    return tuple(Text(part) if isinstance(part, str) else part for part in parts)


def paragraph(*parts: str | Span) -> Paragraph:
    return Paragraph(spans(*parts))


def plain(line: Line) -> str:
    """The line's text without any markup."""
    return "".join(span.text for span in line)
