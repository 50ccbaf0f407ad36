"""An answer: one thing that somebody may ask, the ways they ask it, and the few lines that answer
it.

Texts may name facts in braces: `{fee}` is a fact of this answer's own `states`,
`{visas.482.cells.charge}` one that stands elsewhere; with `:amount` the value alone is printed,
with `:date` its date. So every number stands once, with its origin.
"""

from collections.abc import Iterator, Mapping
from string import Formatter

from pydantic import Field

from content.entry import ClaimId, Entry, Fact, Key, Words
from content.visa import Subclass

LONGEST_SAYING = 260
"""Six lines of 42 characters: what a person reads at a glance on a phone."""


class Answer(Entry):
    """One answerable thing. The first sentence of `say` holds the figure or the yes or no."""

    subject: Words = Field(
        description="What it is about, as people name it: visa 482, acs, senior pay, super."
    )
    asks: tuple[Words, ...] = Field(
        min_length=3, description="How people ask, each in other words."
    )
    say: Words
    lines: tuple[Words, ...] = Field(
        default=(), max_length=2, description="Further lines that change what a reader would do."
    )
    states: Mapping[Key, Fact] = Field(
        default_factory=dict, description="Facts that stand here and nowhere else."
    )
    rests_on: tuple[Words, ...] = Field(
        default=(), description="Keys of further facts or sources behind the words."
    )
    claims: tuple[ClaimId, ...] = ()
    more: Words | None = Field(
        default=None, description="The command line of the page that tells more."
    )
    taps: tuple[Words, ...] = Field(
        default=(), max_length=2, description="Command lines of what people want next."
    )
    unless_visa: Subclass | None = Field(
        default=None, description="Told only while no file of `visas` covers this one."
    )
    remark: bool = Field(
        default=False,
        description="A line in return for what asks for nothing: news, a mood, small talk.",
    )
    declines: bool = Field(
        default=False, description="Opens with the sentence that nobody here can decide it."
    )

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.say, *self.lines)


def fact_names(text: str) -> Iterator[str]:
    """The facts that a text names in braces. Raises ValueError where a brace does not close."""
    for _, name, _, _ in Formatter().parse(text):
        if name is not None:
            yield name
