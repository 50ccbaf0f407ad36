"""An answer: one thing that somebody may ask, the ways they ask it, and the few lines that answer it.

Texts may name facts in braces: `{fee}` is a fact of this answer's own `states`, `{visas.482.cells.charge}` one that stands
elsewhere; with `:amount` the value alone is printed, with `:date` its date. So every number stands once, with its origin.
"""

from collections.abc import Iterable, Iterator, Mapping
from string import Formatter
from typing import TYPE_CHECKING

from pydantic import Field

from content.checks import is_command_line
from content.entry import ClaimId, Entry, Fact, Key, Words
from content.reading import Document, Problem

if TYPE_CHECKING:
    from content.library import Content

LONGEST_SAYING = 260
"""Six lines of 42 characters: what a person reads at a glance on a phone."""


class Answer(Entry):
    """One answerable thing. The first sentence of `say` holds the figure or the yes or no."""

    subject: Words = Field(description="What it is about, as people name it: visa 482, acs, senior pay, super.")
    asks: tuple[Words, ...] = Field(min_length=3, description="How people ask, each in other words.")
    say: Words
    lines: tuple[Words, ...] = Field(default=(), max_length=2, description="Further lines that change what a reader would do.")
    states: Mapping[Key, Fact] = Field(default_factory=dict, description="Facts that stand here and nowhere else.")
    rests_on: tuple[Words, ...] = Field(default=(), description="Keys of further facts or sources behind the words.")
    claims: tuple[ClaimId, ...] = ()
    more: Words | None = Field(default=None, description="The command line of the page that tells more.")
    taps: tuple[Words, ...] = Field(default=(), max_length=2, description="Command lines of what people want next.")
    declines: bool = Field(default=False, description="Opens with the sentence that nobody here can decide it.")

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.say, *self.lines)


def fact_names(text: str) -> Iterator[str]:
    """The facts that a text names in braces. Raises ValueError where a brace does not close."""
    for _, name, _, _ in Formatter().parse(text):
        if name is not None:
            yield name


def check_answers(content: "Content", documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Every fact and source that an answer names exists, something is behind it, its lines can be typed and are short."""
    for document in documents.values():
        if document.name.startswith("answers/"):
            for key in document.value:
                yield from _check(content, document, key)


def _check(content: "Content", document: Document, key: str) -> Iterable[Problem]:
    answer = content.answers[key]
    if len(answer.say) > LONGEST_SAYING:
        yield document.problem((key, "say"), f"{len(answer.say)} characters", f"at most {LONGEST_SAYING}; the rest is for `lines`")
    for text in answer.texts:
        try:
            names = tuple(fact_names(text))
        except ValueError:
            yield document.problem((key,), f"a brace does not close in {text!r:.60}", "{key of a fact}")
            continue
        for name in names:
            if name not in answer.states and name not in content.facts:
                yield document.problem((key,), f"no fact {name!r}", "a key of `states`, or where another fact stands")
    for name in answer.rests_on:
        if name not in content.facts and name not in content.sources:
            yield document.problem((key, "rests_on"), f"no fact or source {name!r}", "where a fact stands, or a key of sources.yaml")
    named = [name for text in answer.texts for name in fact_names(text)]
    if not (answer.states or answer.rests_on or named):
        yield document.problem((key,), "nothing is behind it", "`states` with its facts, or `rests_on` with a fact or a source")
    for line in (*answer.taps, *((answer.more,) if answer.more else ())):
        if not is_command_line(content, line):
            yield document.problem((key, "taps"), f"{line!r} is no command line", "a line that a person could type: 'salary senior'")
