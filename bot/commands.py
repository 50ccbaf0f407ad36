"""From a line of text to a command of the table: exact words only.

What people type more freely is bot.understanding's business; both end in the same (command, words).
"""

import re
import unicodedata
from dataclasses import dataclass

from content.library import Content

_SPACES = re.compile(r"\s+")
_ADDRESSED = re.compile(r"^/([\w-]+)@\w+")


@dataclass(frozen=True, slots=True)
class Line:
    """A command of the table and the words after it. `explicit` when it was typed with the leading slash."""

    command: str
    words: str
    explicit: bool = False


def tidy(text: str) -> str:
    """One line, single spaces, no invisible characters; smart quotes and dashes stay for those who read them."""
    text = "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Zs", "Zl", "Zp") and char != "\u200d" else char for char in text)
    return _SPACES.sub(" ", text).strip()


def parse(content: Content, text: str) -> Line | None:
    """The command that this text opens with, or None. `/salary@our_bot senior`, `salary senior` and `Salary senior` are one."""
    line = tidy(text)
    explicit = line.startswith("/")
    if explicit:
        line = _ADDRESSED.sub(r"\1", line) if _ADDRESSED.match(line) else line[1:]
    lowered = line.lower()
    for name, command in names(content):
        if lowered == name:
            return Line(command, "", explicit)
        if lowered.startswith(name + " "):
            return Line(command, line[len(name) + 1 :], explicit)
    return None


def names(content: Content) -> tuple[tuple[str, str], ...]:
    """Every name and alias with its command, longest first, so that 'start over' is not 'start'."""
    pairs = [(name, key) for key, command in content.commands.items() for name in (key, key.replace("-", "_"), *command.aliases)]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))
