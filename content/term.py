"""A term of the glossary: what a word means in two lines, how people ask for it, where it is learnt and one page to read.

Terms of machine learning name the plan unit that teaches them, or the command that speaks of them; terms of migration and pay
name a command, and state no figure of their own: a number is a fact, and stands in braces.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, Self

from pydantic import Field, model_validator

from content.answer import fact_names
from content.checks import is_command_line
from content.entry import Entry, Key, Words
from content.plan import Resource
from content.reading import Document, Problem

if TYPE_CHECKING:
    from content.library import Content

LONGEST_MEANING: Final = 240
"""Two sentences that a phone shows without scrolling."""

GLOSSARY: Final = "glossary.yaml"


class Term(Entry):
    """One word that people meet. `say` opens with what it is, in plain words."""

    name: Words
    also_called: tuple[Words, ...] = Field(default=(), description="Abbreviations and spellings that mean the same.")
    say: Words = Field(max_length=LONGEST_MEANING)
    unit: Key | None = Field(default=None, description="The plan unit that teaches it.")
    more: Words | None = Field(default=None, description="The command line of the page that tells more.")
    rests_on: tuple[Words, ...] = Field(default=(), description="Keys of facts or sources behind the words, beside the resource.")
    resource: Resource
    asks: tuple[Words, ...] = Field(min_length=3, description="How people ask for it without saying “what is”.")

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.also_called)

    @model_validator(mode="after")
    def _leads_on(self) -> Self:
        if (self.unit is None) == (self.more is None):
            raise ValueError("either 'unit' or 'more': where somebody reads on")
        return self


def check_glossary(content: "Content", documents: Mapping[str, Document]) -> Iterable[Problem]:
    """No name means two terms, and what a term leads to or rests on exists."""
    document = documents[GLOSSARY]
    meant: dict[str, str] = {}
    for key, term in content.glossary.items():
        for name in term.names:
            if meant.setdefault(name.lower(), key) != key:
                other = meant[name.lower()]
                yield document.problem((key,), f"{name!r} names {other!r} too", "another name")
        yield from _check_links(content, document, key)
        yield from _check_figures(content, document, key)


def _check_links(content: "Content", document: Document, key: str) -> Iterator[Problem]:
    term = content.glossary[key]
    units = {unit for plan in content.plans.values() for unit in plan.units}
    if term.unit and term.unit not in units:
        yield document.problem((key, "unit"), f"no unit {term.unit!r}", "a unit of a plan")
    if term.more and not is_command_line(content, term.more):
        what = f"{term.more!r} is no command line"
        yield document.problem((key, "more"), what, "a line that a person could type")
    for name in term.rests_on:
        if name not in content.facts and name not in content.sources:
            what = f"no fact or source {name!r}"
            yield document.problem((key, "rests_on"), what, "where a fact stands, or a source")


def _check_figures(content: "Content", document: Document, key: str) -> Iterator[Problem]:
    term = content.glossary[key]
    place = (key, "say")
    try:
        named = tuple(fact_names(term.say))
    except ValueError:
        yield document.problem(place, "a brace does not close", "{where a fact stands}")
        return
    for name in named:
        if name not in content.facts:
            yield document.problem(place, f"no fact {name!r}", "where a fact stands")
    if term.unit is None:
        numbers = re.findall(r"\d+", re.sub(r"\{[^}]*\}", "", term.say))
        for number in set(numbers) - set(content.visas):
            yield document.problem(place, f"{number} is a figure", "the fact's place in braces")
