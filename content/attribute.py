"""What people ask alike about every subject of a kind: its cost, how long it lasts, who starts it.

The phrasings and the way of saying it belong to the attribute, the fact to the subject's own entry;
so a new visa is asked about in all the usual ways at once. What an attribute cannot say of a
subject is said to be missing, never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import Field

from content.answer import Answer
from content.entry import Entry, Key, Words
from content.plan import Resource
from content.subject import Kind, Mention


class Attribute(Entry):
    """`asks` hold {subject}.

    `says`: the first whose names the subject can fill is what is said; {subject} is its name.

    Without `says`, or where none fits, the answer is that there is no sourced figure for `called`.
    """

    called: Words = Field(description="In a sentence: the base charge, the age limit.")
    asks: tuple[Words, ...] = Field(min_length=3)
    says: tuple[Words, ...] = ()
    lines: tuple[Words, ...] = Field(default=(), max_length=2)
    rests_on: tuple[Words, ...] = ()
    more: Words | None = Field(
        default=None,
        description="The page that tells more, where not the subject's own; {key} is filled.",
    )
    taps: tuple[Words, ...] = Field(default=(), max_length=2)
    written_as: tuple[Words, ...] = Field(
        default=(),
        description="Keys of written answers that say this of a subject, with {key}: such a one is then "
        "asked for in these ways too.",
    )


Attributes = Mapping[Kind, Mapping[Key, Attribute]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerUnit:
    """One answerable thing, written by hand or made of an attribute and a subject.

    `about`: what it answers for and nothing else. `touches`: what else it speaks of. `is_gap`: it
    says that we have nothing.
    """

    key: str
    answer: Answer
    about: frozenset[Mention]
    touches: frozenset[Mention] = field(default_factory=frozenset)
    attribute: str = ""
    title: str = ""
    """What it tells of its subject, short enough for a tap: the base charge."""
    is_gap: bool = False
    reads: Resource | None = None
    """Something free to read on."""
