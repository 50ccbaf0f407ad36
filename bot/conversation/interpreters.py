"""What a typed text means here: an exact command, an understood sentence, or a remark on the last answer. Pure and quick.

A text that merely opens with a command's name is that command only if the rest is in its grammar: 'salary senior' is,
'salary for solar installer junior' is not, and 'stop the car' stops no nudges. The reading has the say then.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from bot.core.command_line import Line, parse
from bot.core.events import Reading
from bot.core.state import Conversation, LastAnswer
from bot.extraction import times
from bot.features import learning, nudges, pages, plan, questionnaires
from bot.features.account import people
from bot.understanding.slots import filled
from content.commands import Command
from content.content import Content
from content.language import Intent

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
"""Commands whose own words are sentences, 'age to 41', '165k with hecs': they account for every word themselves."""

REMEMBERED: Final = timedelta(minutes=10)
MISSES: Final = 2
"""So many texts not understood in a row bring the menu."""

TERSE: Final = 2
"""So few words after a name are no sentence: the command itself says how it takes them, or that it does not know them."""

_OPEN_ENDED: Final = frozenset(
    {
        "what-if",
        "change",
        "answer",
        "admin",
        "link",
        "profile",
        "timezone",
        "help",
        "share",
        "quiet",
        "subscribe",
        "reminders",
        "snooze",
        "done",
        "visa",
        "code",
    }
)
"""Commands whose words can be anything: only a sure other reading takes them away."""
_SURE_OTHER: Final = 0.8
_TELLING: Final = frozenset({"pay", "visas", "work", "bot"})
"""Groups of commands that only tell: answering one too many does no harm."""
_ASKING: Final = frozenset({"you"})
"""Groups of commands that act on what was computed only: 'what if' again does no harm."""
_FILLER: Final = frozenset(
    {
        "a",
        "an",
        "the",
        "my",
        "for",
        "to",
        "at",
        "on",
        "in",
        "of",
        "and",
        "please",
        "pls",
        "as",
        "per",
        "until",
        "till",
        "with",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCommand:
    """Answer with this command. `also`: a second command that the message asked for."""

    line: Line
    entities: Mapping[str, object] = field(default_factory=dict)
    also: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clarify:
    """Did you mean one of these? Intent names, and what tapping each would run."""

    intents: tuple[str, ...]
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfScope:
    """Not for this bot, and why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallTalk:
    """A greeting or thanks: answered in a word."""

    intent: str


Meaning = RunCommand | Clarify | OutOfScope | SmallTalk


def exact(content: Content, text: str, reading: Reading | None) -> Line | None:
    """The command that a text is, word for word; None where it only opens like one and is read as something else."""
    line = parse(content, text)
    if line is None or line.explicit or not line.words or reading is None:
        return line
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


def speaks_for_itself(content: Content, text: str) -> bool:
    """A command word for word, with words after it that are its own: then nobody needs to read the text."""
    line = parse(content, text)
    return line is not None and (line.explicit or not line.words or _in_grammar(content, line))


def resolve(
    content: Content, conversation: Conversation, reading: Reading, now: datetime
) -> Meaning:
    """What an understood text asks for, given what was answered last."""
    last = _fresh(conversation.last, now)
    if last is not None and reading.needs_context:
        reading = _leaning_on(content, last, reading)
    if reading.intent in ("greeting", "thanks") and reading.action == "answer":
        return SmallTalk(intent=reading.intent)
    match reading.action:
        case "answer":
            return RunCommand(
                line=Line(reading.command, reading.arguments),
                entities=reading.entities,
                also=reading.also,
            )
        case "clarify" if reading.candidates:
            offered = [
                pair for pair in zip(reading.candidates, reading.offers, strict=True) if pair[1]
            ]
            return Clarify(
                intents=tuple(intent for intent, _ in offered),
                offers=tuple(offer for _, offer in offered),
            )
        case _:
            return OutOfScope(reason=reading.reason)


def _fresh(last: LastAnswer | None, now: datetime) -> LastAnswer | None:
    return last if last is not None and now - last.at <= REMEMBERED else None


def _leaning_on(content: Content, last: LastAnswer, reading: Reading) -> Reading:
    """'and for senior?', 'what about 491?', 'cheaper?': the last answer's topic wins a doubt, and its values fill blanks."""
    about = {
        name: intent for name, intent in content.intents.items() if intent.command == last.command
    }
    if reading.action != "answer":
        topic = next((name for name in reading.candidates if name in about), "")
        if not topic and reading.action == "clarify" and last.command in content.commands:
            return (
                replace(
                    reading,
                    candidates=(*(list(about)[:1]), *reading.candidates)[:3],
                    offers=(last.command, *reading.offers)[:3],
                )
                if about
                else reading
            )
        if not topic:
            return reading
        reading = replace(
            reading,
            action="answer",
            intent=topic,
            command=last.command,
            arguments=_words_of(reading, topic, last.command),
        )
    if (
        last.command == reading.command
        and content.commands[last.command].group not in _TELLING | _ASKING
    ):
        return reading  # asking about a change must never make it again
    return _completed(content.intents[reading.intent], last, reading)


def _words_of(reading: Reading, topic: str, command: str) -> str:
    offer = reading.offers[reading.candidates.index(topic)]
    return offer.removeprefix(command).strip()


def _completed(intent: Intent, last: LastAnswer, reading: Reading) -> Reading:
    """Blanks are filled from the last answer's values; one visa to compare is compared with the one talked about."""
    before = {name: value for name, value in last.entities.items() if name in intent.entities}
    stated = dict(reading.entities)
    named = stated.get("subclass")
    if reading.intent == "visa_compare" and isinstance(named, list) and len(named) == 1:
        ours = before.get("subclass")
        stated["subclass"] = [*(ours if isinstance(ours, list) else ()), *named]
    elif reading.command == last.command and not reading.arguments:
        return replace(reading, arguments=last.words, entities=last.entities)
    elif not reading.arguments:
        stated = before | stated
    if stated == dict(reading.entities):
        return reading
    return replace(reading, entities=stated, arguments=filled(intent, stated) or reading.arguments)


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
    words = _blanked(content, line.words, asked=command.group == "nudges")
    return all(
        word in _FILLER or word in _usage(command) or any(char.isdigit() for char in word)
        for word in words
    )


def _terse(content: Content, line: Line, reading: Reading) -> bool:
    """'salary senoir', 'salary nurse': no sentence, so the command answers. One that acts needs the reading to agree."""
    words = line.words.lower().split()
    if len(words) > TERSE or any(word in _FILLER for word in words):
        return False
    return content.commands[line.command].group in _TELLING or reading.command == line.command


def _blanked(content: Content, text: str, *, asked: bool) -> list[str]:
    """The words that are no day, time, date, stretch of time or place. `asked`: a command that is about days, so sat and sun are some."""
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
    [
        "junior",
        "mid",
        "senior",
        "architect",
        "lead",
        "principal",
        "contract",
        "contractor",
        "level",
        "chart",
        "base",
        "super",
        "vs",
        "day",
        "week",
        "month",
        "k",
    ]
)
_MONTHS: Final = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)


@lru_cache(maxsize=128)
def _usage(command: Command) -> frozenset[str]:
    """Lower-case words of a command's usage and example, and the values that many commands take."""
    return (
        frozenset(re.findall(r"[a-z0-9][\w-]*", f"{command.usage} {command.example}".lower()))
        | _LEVELS
        | _MONTHS
    )
