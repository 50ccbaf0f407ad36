"""A person's work as a page to print and as Markdown: the same pieces twice, with nothing loaded
from anywhere.

Everything a person wrote is escaped; an address becomes a link only if it is one of the web.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+")
_MARKS: Final = re.compile(r"([\\`*_\[\]<>|~]|^[#+-])")

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .3rem; }
p.made, footer { color: #555; font-size: .9rem; } ul { padding-left: 1.2rem; margin: .3rem 0; }
li { margin: .25rem 0; overflow-wrap: anywhere; } .day { color: #555; white-space: nowrap; }
ul.checklist { list-style: none; padding-left: 0; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } a { color: inherit; } li { break-inside: avoid; } h2 { break-after: avoid; } }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A step that was closed: when, and what shows it, empty for nothing."""

    title: str
    day: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """What both files hold, in the order in which they hold it."""

    title: str
    plan: str
    made: str
    units: Mapping[str, tuple[Piece, ...]]
    checklist_title: str
    checklist: tuple[tuple[bool, str], ...]
    words_title: str
    words: tuple[str, ...]
    nothing: str
    footer: str


def html_page(held: Portfolio) -> str:
    """One page that needs no other file and asks for none."""
    units = "".join(_html_unit(held, name, pieces) for name, pieces in held.units.items())
    checks = "".join(f"<li>{_box(done)} {html.escape(said)}</li>" for done, said in held.checklist)
    words = "".join(f"<li>{html.escape(said)}</li>" for said in held.words)
    if words:
        own = f"<h2>{html.escape(held.words_title)}</h2><ul>{words}</ul>"
    else:
        own = ""
    return (
        '<!doctype html>\n<html lang="en-AU"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(held.title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{html.escape(held.title)}</h1><p>{html.escape(held.plan)}</p>"
        f'<p class="made">{html.escape(held.made)}</p>{units}{own}'
        f'<h2>{html.escape(held.checklist_title)}</h2><ul class="checklist">{checks}</ul>'
        f"<footer><p>{html.escape(held.footer)}</p></footer></body></html>\n"
    )


def _html_unit(held: Portfolio, name: str, pieces: tuple[Piece, ...]) -> str:
    lines = "".join(
        f'<li>{html.escape(piece.title)} <span class="day">· {html.escape(piece.day)}</span><br>'
        f"{_html_shown(piece.shown or held.nothing)}</li>"
        for piece in pieces
    )
    return f"<h2>{html.escape(name)}</h2><ul>{lines}</ul>"


def _html_shown(shown: str) -> str:
    escaped = html.escape(shown)
    if not _ADDRESS.fullmatch(shown):
        return escaped
    return f'<a href="{escaped}" rel="noreferrer">{escaped}</a>'


def _box(done: bool) -> str:
    return "☑" if done else "☐"


def markdown_page(held: Portfolio) -> str:
    """The same as Markdown, to paste from."""
    lines = [f"# {_plain(held.title)}", "", _plain(held.plan), "", _plain(held.made)]
    for name, pieces in held.units.items():
        lines += ["", f"## {_plain(name)}", ""]
        lines += [
            f"- {_plain(piece.title)} ({piece.day}): {_markdown_shown(piece.shown or held.nothing)}"
            for piece in pieces
        ]
    if held.words:
        lines += ["", f"## {_plain(held.words_title)}", ""]
        lines += [f"- {_plain(said)}" for said in held.words]
    lines += ["", f"## {_plain(held.checklist_title)}", ""]
    lines += [f"- [{'x' if done else ' '}] {_plain(said)}" for done, said in held.checklist]
    return "\n".join([*lines, "", _plain(held.footer), ""])


def _markdown_shown(shown: str) -> str:
    if _ADDRESS.fullmatch(shown):
        return f"<{shown}>"
    return _plain(shown)


def _plain(text: str) -> str:
    """Text that Markdown shows as it stands: marks are escaped, and lines stay one line."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))
