"""Draws what the console was sent on a terminal: the figure bold, sources dim, words whole at the
end of a line, tables that fit.

Colours are off where NO_COLOR says so. Buttons stand under the answer with a number each; with a
letter, where a number might be an answer.
"""

import string
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from adapters.console.transport import Shown

WIDEST = 100
GAP = 3
"""Columns between two columns of a table."""
_APART = frozenset({"table", "note", "sources", "bullets", "file", "picture"})
"""Parts with an empty line above them."""


def terminal() -> Console:
    """Standard output; what is printed is never read as markup."""
    return Console(highlight=False, markup=False, emoji=False)


def marks(labels: Sequence[str]) -> dict[str, str]:
    """What to type for each button: 1, 2, 3; or a, b, c where a label begins with a figure."""
    if any(label[:1].isdigit() for label in labels):
        return dict(zip(string.ascii_lowercase, labels, strict=False))
    return {str(number): label for number, label in enumerate(labels, 1)}


def picture(shown: Shown, *, width: int, user: str) -> RenderableType:
    """One reply, ready to print."""
    drawn: list[RenderableType] = []
    if shown.user != user:
        drawn.append(Text(f"(to {shown.user})", style="dim"))
    if not shown.parts:
        drawn.append(Text(shown.text))
    for number, part in enumerate(shown.parts):
        if number and part["kind"] in _APART:
            drawn.append(Text())
        drawn.extend(_renderables(part, width))
    if shown.actions or shown.doors:
        drawn += [Text(), *_buttons(shown, width)]
    return Group(*drawn)


def _buttons(shown: Shown, width: int) -> Iterable[Text]:
    """As many on a line as fit whole, number and words together."""
    line = Text()
    for mark, label in marks(tuple(shown.actions)).items():
        button = Text.assemble((mark, "bold cyan"), f" {label}")
        if line and line.cell_len + GAP + button.cell_len > width:
            yield line
            line = Text()
        line.append(" " * GAP if line else "")
        line.append(button)
    yield line
    yield from (Text(door, style="dim") for door in shown.doors)


def _renderables(part: Mapping[str, object], width: int) -> Iterable[RenderableType]:
    words = str(part.get("text", ""))
    match part["kind"]:
        case "heading":
            yield Text(words, style="bold underline")
        case "lines":
            yield from map(_text, _lines(part))
        case "bullets":
            yield _bullets(part)
        case "table":
            yield _table(part, width)
        case "note":
            yield Text(words, style="bold")
            yield from (Padding(_text(line), (0, 0, 0, 2)) for line in _lines(part))
        case "bar":
            yield Text(words)
            yield Text(str(part["bar"]), style="green")
        case "sources":
            yield from (_text(line, "dim") for line in _lines(part))
        case "file":
            yield Text(words)
            yield Text(str(part["content"]), style="dim")
        case _:
            yield Text(words, style="dim")


def _text(line: Sequence[Sequence[str]], style: str = "") -> Text:
    return Text.assemble(*((words, how) for how, words in line), style=style)


def _lines(part: Mapping[str, object]) -> list[list[list[str]]]:
    lines = part.get("lines")
    if isinstance(lines, list):
        return lines
    return []


def _bullets(part: Mapping[str, object]) -> Table:
    """A mark and its words, which stay in a column of their own when they wrap."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column()
    marks_of = part.get("marks")
    for mark, line in zip(
        marks_of if isinstance(marks_of, list) else [], _lines(part), strict=True
    ):
        grid.add_row(str(mark), _text(line))
    return grid


def _table(part: Mapping[str, object], width: int) -> RenderableType:
    """Columns where they fit, figures to the right;
    otherwise each row as a small list under its first cell.
    """
    header, rows = _cells(part.get("header")), [_cells(row) for row in _list(part.get("rows"))]
    caption = Text(str(part["text"]), style="bold")
    columns = [*zip(header, *rows, strict=True)]
    needed = sum(max(map(len, column)) for column in columns) + GAP * (len(columns) - 1)
    if needed > width:
        return Group(caption, *(_as_list(header, row) for row in rows))
    grid = Table.grid(padding=(0, GAP))
    for column in columns:
        figures = all(cell[:1] in "$−-0123456789" for cell in column[1:] if cell)
        grid.add_column(justify="right" if figures and column[0] else "left", no_wrap=True)
    grid.add_row(*(Text(name, style="dim") for name in header))
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    return Group(caption, grid)


def _as_list(header: Sequence[str], row: Sequence[str]) -> Group:
    named = zip(header[1:], row[1:], strict=True)
    below = [f"{name}: {cell}" if name else cell for name, cell in named if cell]
    return Group(
        Text(row[0], style="bold"), *(Padding(Text(words), (0, 0, 0, 2)) for words in below)
    )


def _list(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return []


def _cells(value: object) -> list[str]:
    return [str(cell) for cell in _list(value)]
