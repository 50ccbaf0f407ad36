"""What an understood text asks for, given what was talked about: its blanks are filled from the
last answer's values.

Asking about a change never makes it again, and nothing of an earlier turn is reused while the
message holds something unexplained.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.core.command_line import Line
from bot.core.events import Reading
from bot.core.state import Conversation, LastAnswer
from bot.understanding.reading import OUT_OF_SCOPE
from bot.understanding.slots import line_filled
from content.content import Content
from content.language import Intent

REMEMBERED: Final = timedelta(minutes=10)
"""So long a short text may lean on what was answered last."""


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
    is_far: bool = False
    """The text is likelier for somebody else than any of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfScope:
    """Not for this bot, and why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallTalk:
    """A greeting or thanks: answered in a word."""

    intent: str


Meaning = RunCommand | Clarify | OutOfScope | SmallTalk


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
        case "answer" if reading.asks and content.commands[reading.command].reversible == "undo":
            line = f"{reading.command} {reading.arguments}".strip()
            return Clarify(intents=(reading.intent,), offers=(line,))
        case "answer":
            return RunCommand(
                line=Line(reading.command, reading.arguments),
                entities=reading.entities,
                also=reading.also,
            )
        case "clarify" if reading.candidates:
            offered = [
                (intent, offer)
                for intent, offer in zip(reading.candidates, reading.offers, strict=True)
                if offer and _may_be_meant(content, reading, intent)
            ]
            return Clarify(
                intents=tuple(intent for intent, _ in offered),
                offers=tuple(offer for _, offer in offered),
                is_far=reading.intent == OUT_OF_SCOPE,
            )
        case _:
            return OutOfScope(reason=reading.reason)


LIKELY: Final = 0.5
"""So sure a reading has to be of its first meaning for a page of the bot itself, or an act, to be
offered beside it.
"""
_ASIDE: Final = frozenset(["sources", "mydata", "profile", "help", "back", "limits", "cancel"])
"""Pages that no doubt about a subject is about."""


def _may_be_meant(content: Content, reading: Reading, intent: str) -> bool:
    """Whether a candidate of a doubtful reading is worth a button: an unsure one of a page of facts
    is, one of an act or of the bot's own pages is a shot in the dark.
    """
    if reading.confidence >= LIKELY:
        return True
    command = content.intents[intent].command
    group = content.group_of(command) if command in content.commands else None
    is_plan = command in ("plan", "subscribe", "audit", "points")
    return command not in _ASIDE and bool(is_plan or (group and (group.tells or group.computes)))


def _fresh(last: LastAnswer | None, now: datetime) -> LastAnswer | None:
    if last is not None and now - last.at <= REMEMBERED:
        return last
    return None


def _leaning_on(content: Content, last: LastAnswer, reading: Reading) -> Reading:
    """'and for senior?', 'what about 491?', 'cheaper?': the last answer's topic wins a doubt,
    and its values fill blanks.
    """
    about = {
        name: intent for name, intent in content.intents.items() if intent.command == last.command
    }
    if reading.action != "answer":
        topic = next((name for name in reading.candidates if name in about), "")
        if not topic and reading.action == "clarify" and last.command in content.commands:
            if about:
                return replace(
                    reading,
                    candidates=(*(list(about)[:1]), *reading.candidates)[:3],
                    offers=(last.command, *reading.offers)[:3],
                )
            return reading
        if not topic:
            return reading
        reading = replace(
            reading,
            action="answer",
            intent=topic,
            command=last.command,
            arguments=_words_of(reading, topic, last.command),
        )
    group = content.group_of(last.command)
    harmless = group is not None and (group.tells or group.computes)
    if last.command == reading.command and not harmless:
        return reading  # asking about a change must never make it again
    return _complete(content.intents[reading.intent], last, reading)


def _words_of(reading: Reading, topic: str, command: str) -> str:
    offer = reading.offers[reading.candidates.index(topic)]
    return offer.removeprefix(command).strip()


def _complete(intent: Intent, last: LastAnswer, reading: Reading) -> Reading:
    """Blanks are filled from the last answer's values;
    one visa to compare is compared with the one talked about.
    """
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
    return replace(
        reading, entities=stated, arguments=line_filled(intent, stated) or reading.arguments
    )
