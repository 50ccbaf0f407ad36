"""How people write and what they mean by it: slang, concepts, rules, intents and examples, as data.

bot.understanding reads these; nothing here knows how a score is made. Examples are blocks of plain lines, so that whoever
adds one need not think of YAML's quotes, and so that thousands of them load in a blink.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator

from content.entry import Entry, Key, Words
from content.reading import Document, Problem

if TYPE_CHECKING:
    from content.library import Content

EntityName = Literal[
    "level", "years", "amount", "day_rate", "days", "hours", "subclass", "points", "step", "weekday", "time", "zone", "until"
]

Reason = Literal[
    "other_job",
    "other_country",
    "other_visa",
    "money_matters",
    "law",
    "homework",
    "other_reminder",
    "other_action",
    "chitchat",
    "insult",
    "injection",
    "gibberish",
    "language",
]
"""Why something is beyond the bot: each has a phrase `beyond_REASON`."""

Concept = tuple[Words, ...]


class Writing(Entry):
    """words.yaml: spellings, slang and emoji, each with what it stands for."""

    slang: Mapping[str, Words]
    emoji: Mapping[str, Words]
    alone: Mapping[str, Words] = Field(description="Emoji that mean something only as the whole message.")
    courtesy: tuple[Words, ...]
    vocabulary: tuple[Words, ...]

    @field_validator("slang", "emoji", "alone", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        """YAML reads 482 as a number and off as a truth; here they are words."""
        return {str(key): str(meant) for key, meant in value.items()} if isinstance(value, dict) else value


class Rule(Entry):
    """Votes for one intent where all named concepts are found and none of the others."""

    intent: str = Field(pattern=r"^[a-z_]+(/[a-z_]+)?$")
    all: tuple[Words, ...]
    none: tuple[Words, ...] = ()
    votes: float


class Intent(Entry):
    """What an intent means for the rest of the bot; see the head of intents.yaml. Without a command it is answered in a word."""

    command: str = ""
    says: Words
    entities: tuple[EntityName, ...] = ()
    words: tuple[str, ...] = ()
    sure: bool = False
    beyond_a_week: Key | None = None
    """The intent whose command takes over for stretches longer than a week."""
    instead: Mapping[Words, tuple[Words, ...]] = {}
    """Command lines that answer better when one of these phrases stands in the text: 'visa rounds' for 'lowest score'."""


class FollowUp(Entry):
    """What a short text means right after the answer to one of `after`; see the head of follow_ups.yaml."""

    after: tuple[Key, ...]
    say: tuple[Words, ...]
    unless: tuple[Words, ...] = ()
    run: Words
    over: tuple[Key, ...] = ()


class Examples(Entry):
    """What people type when they mean `intent`, one example a line; for out_of_scope with the reason."""

    intent: Key
    reason: Reason | None = None
    texts: Words

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.texts.splitlines() if line.strip())

    @property
    def label(self) -> str:
        """What the model tells apart: the intent, for out_of_scope with its reason."""
        return f"{self.intent}/{self.reason}" if self.reason else self.intent


def check_language(content: "Content", documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Names that nothing answers to, and one text under two intents."""
    intents = content.intents
    table = documents["language/intents.yaml"]
    for name, intent in intents.items():
        if intent.command and intent.command not in content.commands:
            yield table.problem((name, "command"), f"there is no command {intent.command!r}", "a name from commands.yaml")
    rows = documents["language/rules.yaml"]
    for number, rule in enumerate(content.rules):
        if rule.intent.partition("/")[0] not in intents:
            yield rows.problem((number, "intent"), f"there is no intent {rule.intent!r}", "a name from intents.yaml")
        for concept in (*rule.all, *rule.none):
            if not concept.startswith("@") and concept not in content.concepts:
                yield rows.problem((number,), f"there is no concept {concept!r}", "a name from concepts.yaml")
    rows = documents["language/follow_ups.yaml"]
    for number, follow_up in enumerate(content.follow_ups):
        for command in (*follow_up.after, follow_up.run.partition(" ")[0], *follow_up.over):
            if command not in content.commands:
                yield rows.problem((number,), f"there is no command {command!r}", "a name from commands.yaml")
    yield from _twice(intents, content.examples, documents)


def _twice(intents: Mapping[str, Intent], examples: Mapping[str, Examples], documents: Mapping[str, Document]) -> Iterable[Problem]:
    seen: dict[str, tuple[str, str]] = {}
    for stem, entry in examples.items():
        document = documents[f"language/examples/{stem}.yaml"]
        if entry.intent not in intents:
            yield document.problem(("intent",), f"there is no intent {entry.intent!r}", "a name from intents.yaml")
        for line in entry.lines:
            intent, file = seen.setdefault(" ".join(line.lower().split()), (entry.label, document.name))
            if intent != entry.label:
                yield document.problem(("texts",), f"{line!r} is an example of {intent} in {file} too", "keep it in one of them")
