"""How people write and what they mean by it: slang, concepts, intents and examples, as data.

bot.understanding reads these; nothing here knows how a score is made. Examples are blocks of plain
lines, so that whoever adds one need not think of YAML's quotes, and so that thousands of them load
in a blink.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, field_validator

from content.entry import Entry, Key, Words

EntityName = Literal[
    "level",
    "years",
    "amount",
    "day_rate",
    "days",
    "hours",
    "subclass",
    "points",
    "step",
    "weekday",
    "time",
    "zone",
    "until",
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
    alone: Mapping[str, Words] = Field(
        description="Emoji that mean something only as the whole message."
    )
    courtesy: tuple[Words, ...]
    vocabulary: tuple[Words, ...]
    function_words: tuple[Words, ...] = Field(
        default=(), description="Words that only join others: alone they ask for nothing."
    )
    other_visas: tuple[Words, ...] = ()
    clear_visas: tuple[Words, ...] = ()
    """Those of them whose number means the visa without the word."""
    others: Concept = Field(
        default=(), description="Words for other people: what is asked for them is never done."
    )
    subjects: tuple[Words, ...] = Field(
        description="Concepts that speak for something the bot does: a typo is mended towards their "
        "words."
    )

    @field_validator("slang", "emoji", "alone", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        """YAML reads 482 as a number and off as a truth; here they are words."""
        if isinstance(value, dict):
            return {str(key): str(meant) for key, meant in value.items()}
        return value


class Intent(Entry):
    """What an intent means for the rest of the bot; see the head of intents.yaml.

    Without a command it is answered in a word.
    """

    command: str = ""
    says: Words
    entities: tuple[EntityName, ...] = ()
    words: tuple[str, ...] = ()
    sure: bool = False
    verbs: Concept = ()
    """Without one of these in it, a sentence that would change something is
    asked about before anything is done.
    """
    beyond_a_week: Key | None = None
    """The intent whose command takes over for stretches longer than a week."""
    instead: Mapping[Words, tuple[Words, ...]] = {}
    """Command lines that answer better when one of these phrases stands in the text:
    'visa rounds' for 'lowest score'.
    """


class FollowUp(Entry):
    """What a short text means right after the answer to one of `after`;
    see the head of follow_ups.yaml.
    """

    after: tuple[Key, ...]
    say: tuple[Words, ...]
    unless: tuple[Words, ...] = ()
    run: Words
    over: tuple[Key, ...] = ()


class Examples(Entry):
    """What people type when they mean `intent`, one example a line;
    for out_of_scope with the reason.
    """

    intent: Key
    reason: Reason | None = None
    texts: Words

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.texts.splitlines() if line.strip())

    @property
    def label(self) -> str:
        """What the model tells apart: the intent, for out_of_scope with its reason."""
        if self.reason:
            return f"{self.intent}/{self.reason}"
        return self.intent
