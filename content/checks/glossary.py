"""What must hold for the glossary between files: no name means two terms,
and what a term leads to exists.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from content.answer import fact_names
from content.checks.references import is_command_line
from content.content import Content
from content.reading import Document, Problem

GLOSSARY: Final = "glossary.yaml"


def check_glossary(content: Content, documents: Mapping[str, Document]) -> Iterable[Problem]:
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


def _check_links(content: Content, document: Document, key: str) -> Iterator[Problem]:
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


def _check_figures(content: Content, document: Document, key: str) -> Iterator[Problem]:
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
        numbers = re.findall(r"\d+", re.sub(r"\{[^{}]*\}", "", term.say))
        for number in set(numbers) - set(content.visas):
            yield document.problem(place, f"{number} is a figure", "the fact's place in braces")
