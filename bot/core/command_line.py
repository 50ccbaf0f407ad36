"""From a line of text to a command of the table: exact words only.

What people type more freely is bot.understanding's business; both end in the same (command, words).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.latest_texts import of_latest
from content.content import Content

_BLANK = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\xad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
)
"""White space of every kind, control characters, and what nobody can see."""

_ADDRESSED = re.compile(r"/([\w-]+)@\w+")
_NAMED = re.compile(r"(?<!\S)(?:@[^\W\d][\w.-]*|#[^\W\d][\w-]*)")
"""Somebody or some channel that a text names: digits in it count nothing."""
_JOINING = "\ufe0f\u200d"
"""What ties the parts of one emoji together."""
_ONE_FOR_ALL = "pivot "
"""Slack's one slash command for all of them: typed elsewhere, the word after it is the command."""
_LONGEST_NAME = 3
"""Words in the longest name of the table."""


@dataclass(frozen=True, slots=True)
class Line:
    """A command of the table and the words after it.

    `explicit` when it was typed with the leading slash.
    """

    command: str
    words: str
    explicit: bool = False


_CASELESS = str.maketrans("\u0130\u0131\u017f\u212a", "IisK")
"""Letters that a pattern without regard to case takes for i, s or k,
and that `lower` does not make into these.
"""


def fold(text: str) -> str:
    """The text in letters whose case everything here folds alike:
    'İstanbul' and 'Brısbane' in plain I and i.
    """
    return text.translate(_CASELESS)


@of_latest
def tidy(text: str) -> str:
    """One line, single spaces, no invisible characters, `fold`ed;
    smart quotes and dashes stay for those who read them.
    """
    return fold(_BLANK.sub(" ", text).strip())


def without_decoration(text: str) -> str:
    """The text without the names of people and channels in it and without emoji at its ends: 'yes
    👍' is a yes. A text that is nothing else stays as it is.
    """
    bare = _NAMED.sub(" ", text)
    first, last = _pictures(bare), _pictures(bare[::-1])
    return tidy(bare[first : len(bare) - last]) or text


def _pictures(text: str) -> int:
    """How many characters of emoji and blanks a text opens with."""
    plain = (place for place, char in enumerate(text) if not _is_picture(char))
    return next(plain, len(text))


def _is_picture(char: str) -> bool:
    return char.isspace() or char in _JOINING or unicodedata.category(char) in ("So", "Sk")


def parse(content: Content, text: str) -> Line | None:
    """The command that this text opens with, or None.

    `/salary@our_bot senior`, `salary senior` and `Salary senior` are one.
    """
    line = tidy(text)
    explicit = line.startswith("/")
    if explicit:
        line = _ADDRESSED.sub(r"/\1", line, count=1)[1:]
        line = line.removeprefix(_ONE_FOR_ALL) or line
    known = names(content)
    words = line.split(" ", _LONGEST_NAME)
    for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
        name = " ".join(words[:length])
        if command := known.get(name.lower()):
            return Line(command, line[len(name) + 1 :], explicit)
    return None


def names(content: Content) -> Mapping[str, str]:
    """Every name and alias, in lower case, with its command."""
    return content.command_names


def from_link(content: Content, words: str) -> Line | None:
    """What 'start WORDS' opens, as a link from outside says it: a command that only shows or asks,
    with its words where they may come along.
    """
    line = parse(content, words)
    match line and content.commands[line.command].from_link:
        case "words":
            return line
        case "name" if line:
            return Line(line.command, "")
        case _:
            return None
