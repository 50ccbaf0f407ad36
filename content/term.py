"""A term of the glossary: what a word means in two lines, how people ask for it, where it is learnt
and one page to read.

Terms of machine learning name the plan unit that teaches them, or the command that speaks of them;
terms of migration and pay name a command, and state no figure of their own: a number is a fact, and
stands in braces.
"""

from typing import Final, Self

from pydantic import Field, model_validator

from content.entry import Entry, Key, Words
from content.plan import Resource

LONGEST_MEANING: Final = 240
"""Two sentences that a phone shows without scrolling."""


class Term(Entry):
    """One word that people meet. `say` opens with what it is, in plain words."""

    name: Words
    also_called: tuple[Words, ...] = Field(
        default=(), description="Abbreviations and spellings that mean the same."
    )
    say: Words = Field(max_length=LONGEST_MEANING)
    unit: Key | None = Field(default=None, description="The plan unit that teaches it.")
    more: Words | None = Field(
        default=None, description="The command line of the page that tells more."
    )
    rests_on: tuple[Words, ...] = Field(
        default=(), description="Keys of facts or sources behind the words, beside the resource."
    )
    resource: Resource
    asks: tuple[Words, ...] = Field(
        min_length=3, description="How people ask for it without saying “what is”."
    )

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.also_called)

    @model_validator(mode="after")
    def _leads_on(self) -> Self:
        if (self.unit is None) == (self.more is None):
            raise ValueError("either 'unit' or 'more': where somebody reads on")
        return self
