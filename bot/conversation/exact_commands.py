"""Is a typed text a command, word for word? Pure and quick.

A text that merely opens with a command's name is that command only if the rest is in its grammar:
'salary senior' is, 'salary for solar installer junior' is not, and 'stop the car' stops no nudges.
The reading has the say then.
"""

import re
from functools import lru_cache
from typing import Final

from bot.core.command_line import Line, parse, tidy
from bot.core.events import Reading
from bot.extraction import times
from bot.extraction.calendar_names import MONTHS
from bot.extraction.numbers import with_digits
from bot.extraction.spelling import corrected
from bot.features import learning, nudges, pages, plan, questionnaires
from bot.features.account import people
from content.commands import Command
from content.content import Content

GRAMMARS: Final = {
    **pages.GRAMMARS,
    **questionnaires.GRAMMARS,
    **people.GRAMMARS,
    **nudges.GRAMMARS,
    **plan.GRAMMARS,
    **learning.GRAMMARS,
}

_SENTENCES: Final = frozenset(
    {*questionnaires.GRAMMARS, *nudges.GRAMMARS, "takehome", "offer", "ad"}
)
"""Commands whose own words are sentences, 'age to 41', '165k with hecs':
they account for every word themselves.
"""

TERSE: Final = 2
"""So few words after a name are no sentence: the command itself says how it takes them,
or that it does not know them.
"""

_OPEN_ENDED: Final = frozenset(
    """
    what-if change answer admin link profile timezone help share quiet subscribe reminders
    snooze done visa code
    """.split()
)
"""Commands whose words can be anything: only a sure other reading takes them away."""
_SURE_OTHER: Final = 0.8
_FILLER: Final = frozenset(
    "a an the my for to at on in of and please pls as per until till with".split()
)


def exact(content: Content, text: str, reading: Reading | None) -> Line | None:
    """The command that a text is, word for word; None where it only opens
    like one and is read as something else.
    """
    line = parse(content, text)
    if line is None or line.explicit or not line.words or reading is None:
        return line
    if line.command == "admin":
        return line  # the words of a broadcast can say anything
    if line.command == "answer" and line.words.partition(" ")[0].lower() not in content.dialogs:
        return None  # 'answer me, what does a lead make': no button has these words
    if _in_grammar(content, line) or _terse(content, line, reading):
        return line
    if line.command in _OPEN_ENDED:
        other = (
            reading.action != "clarify"
            and reading.command != line.command
            and reading.confidence >= _SURE_OTHER
        )
        return None if other else line
    return None


def misspelt(content: Content, text: str) -> tuple[str, Line] | None:
    """The word after the slash as typed, and the command that it is a slip or two away from with
    the words after it; None for none.
    """
    typed, _, words = tidy(text).removeprefix("/").removeprefix("pivot ").partition(" ")
    names = {name: command for name, command in content.command_names.items() if " " not in name}
    command = corrected(typed, names)
    if not command:
        return None
    return (typed, Line(command, words))


def speaks_for_itself(content: Content, text: str) -> bool:
    """A command word for word, with words after it that are its own:
    then nobody needs to read the text.
    """
    line = parse(content, text)
    return line is not None and (line.explicit or not line.words or _in_grammar(content, line))


def _in_grammar(content: Content, line: Line) -> bool:
    """Is everything after the name a value or a word that the command's usage knows?"""
    command = content.commands[line.command]
    sentence = line.command not in _SENTENCES and any(
        word in _FILLER for word in line.words.lower().split()
    )
    if (
        line.command in GRAMMARS
        and not sentence
        and GRAMMARS[line.command](content, line.command, line.words)
    ):
        return True
    if line.command == "help":
        return False
    words = _words_unexplained(content, line.words, asked=command.group == "nudges")
    return all(
        word in _FILLER or word in _usage(command) or any(char.isdigit() for char in word)
        for word in words
    )


def _terse(content: Content, line: Line, reading: Reading) -> bool:
    """'salary senoir', 'salary nurse': no sentence, so the command answers.

    One that acts needs the reading to agree.
    """
    words = line.words.lower().split()
    if len(words) > TERSE or any(word in _FILLER for word in words):
        return False
    return (
        content.groups[content.commands[line.command].group].tells
        or reading.command == line.command
    )


def _words_unexplained(content: Content, text: str, *, asked: bool) -> list[str]:
    """The words that are no day, time, date, stretch of time or place.

    `asked`: a command that is about days, so sat and sun are some.
    """
    text = with_digits(text)
    spotted = (
        *times.weekdays(text, asked=asked),
        *times.times(text),
        *times.durations(text),
        *times.zones(content.places, text),
    )
    kept = "".join(
        " " if any(one.start <= place < one.end for one in spotted) else char
        for place, char in enumerate(text.lower())
    )
    return re.findall(r"[a-z0-9][\w./:%-]*", kept)


_LEVELS: Final = frozenset(
    """
    junior mid senior architect lead principal contract contractor level chart base super vs day
    week month k
    """.split()
)


@lru_cache(maxsize=128)
def _usage(command: Command) -> frozenset[str]:
    """Lower-case words of a command's usage and example, and the values that many commands take."""
    return (
        frozenset(re.findall(r"[a-z0-9][\w-]*", f"{command.usage} {command.example}".lower()))
        | _LEVELS
        | MONTHS.keys()
    )
