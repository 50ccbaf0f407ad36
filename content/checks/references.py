"""What must hold between files for facts, occupations, commands and phrases: every key that one
names stands in another.

Nothing here judges a single file; its own model does. The loader calls these once all files are
read.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import pairwise
from pathlib import PurePath

from content.content import Content
from content.entry import Fact
from content.occupation import Occupation, blanks
from content.reading import Document, Place, Problem

Documents = Mapping[str, Document]

ACTION_BYTES = 60
"""The longest command line that fits a button on every platform."""


def check_facts(content: Content, documents: Documents) -> Iterator[Problem]:
    """Every fact's source exists, and so does every fact that it says it disagrees with."""
    for key, fact in content.facts.items():
        document, place = locate(documents, key)
        if fact.source not in content.sources:
            yield document.problem(
                (*place, "source"),
                f"no source {fact.source!r}",
                f"a key of sources.yaml{_near(fact.source, content.sources)}",
            )
        for other in fact.disagrees:
            if other not in content.facts or other == key:
                if other == key:
                    what = "a fact cannot disagree with itself"
                else:
                    what = f"no fact {other!r}"
                yield document.problem(
                    (*place, "disagrees"),
                    what,
                    f"where another fact stands{_near(other, content.facts)}",
                )


def locate(documents: Documents, key: str) -> tuple[Document, Place]:
    """The file and place of a fact, from its key: the kind, the entry (a file's name, where each
    entry has a file), the place.
    """
    kind, *parts = key.split(".")
    for document in sorted(
        documents.values(), key=lambda document: not document.name.startswith(kind)
    ):
        entry = PurePath(document.name).stem
        for rest in (parts[1:] if parts[0] == entry else None, parts):
            place = rest and document.place(rest)
            if place:
                return document, place
    raise LookupError(f"no file holds {key}")


def check_occupations(content: Content, documents: Documents) -> Iterator[Problem]:
    """One default occupation, no name shared by two, every figure and source that a text names,
    every tap a command.
    """
    defaults = [key for key, occupation in content.occupations.items() if occupation.default]
    names: dict[str, str] = {}
    for key, occupation in content.occupations.items():
        document = documents[f"occupations/{key}.yaml"]
        if len(defaults) != 1:
            instead = "'default: true' in exactly one occupation's file"
            yield document.problem(
                ("default",), f"{len(defaults)} occupations are the default one", instead
            )
        for name in occupation.called:
            if names.setdefault(name, key) != key:
                yield document.problem(
                    ("aliases",),
                    f"{name!r} names {names[name]} too",
                    "a name that only one occupation has",
                )
        yield from _figures(occupation, document)
        yield from _pay(occupation, document)
        yield from _topics(content, occupation, document)


def _figures(occupation: Occupation, document: Document) -> Iterator[Problem]:
    for where, text in occupation.texts():
        place = tuple(where.split("."))
        for name in _blanks(text):
            if name is None:
                yield document.problem(
                    place,
                    f"a brace does not close in {text!r:.60}",
                    "{name of a figure}, or {{ for a brace to be seen",
                )
            elif not _is_figure(occupation, name):
                known = (
                    "a key of 'figures', or contract.day_rate and the "
                    f"like{_near(name, occupation.figures)}"
                )
                yield document.problem(place, f"no figure {name!r}", known)


def _pay(occupation: Occupation, document: Document) -> Iterator[Problem]:
    for index, name in enumerate(occupation.scale):
        fact = occupation.figures.get(name)
        if fact is None or not _is_number(fact):
            yield document.problem(
                ("scale", index),
                f"{name!r} is no figure with a single number",
                f"a key of 'figures'{_near(name, occupation.figures)}",
            )
    for (lower, below), (upper, above) in pairwise(occupation.bands.items()):
        ends, starts = below.years.high, above.years.low
        if ends is None or starts is None or starts > ends:
            what = f"the years of {lower!r} and {upper!r} do not join"
            yield document.problem(
                ("bands", upper, "years"),
                what,
                "bands in rising order, each from the year that the one before ends with",
            )
    for band_key, band in occupation.bands.items():
        if isinstance(band.pay.value, str):
            yield document.problem(
                ("bands", band_key, "pay", "value"),
                "a band's pay is a number or a range",
                "{low: 90000, high: 120000}",
            )
    if occupation.contract:
        for name in ("source_days", "planning_days"):
            if not _is_number(getattr(occupation.contract, name)):
                yield document.problem(
                    ("contract", name, "value"), "a count of days is one number", "200"
                )


def _topics(content: Content, occupation: Occupation, document: Document) -> Iterator[Problem]:
    for subject, topic in occupation.topics.items():
        for index, name in enumerate(topic.sources):
            if name not in content.sources:
                place = ("topics", subject, "sources", index)
                yield document.problem(
                    place,
                    f"no source {name!r}",
                    f"a key of sources.yaml{_near(name, content.sources)}",
                )
        for index, button in enumerate(topic.taps):
            if not is_command_line(content, button.action):
                at = ("topics", subject, "taps", index, "action")
                yield document.problem(
                    at,
                    f"{button.action!r} is no command line",
                    "a line that a person could type: 'salary senior'",
                )


def check_commands(content: Content, documents: Documents) -> Iterator[Problem]:
    """Related commands exist, examples can be typed, and no name stands for two commands."""
    names: dict[str, str] = {}
    for key, command in content.commands.items():
        document = documents["commands.yaml"]
        if command.group not in content.groups:
            yield document.problem(
                (key, "group"), f"no group {command.group!r}", "a key of groups.yaml"
            )
        for name in command.related:
            if name not in content.commands:
                yield document.problem(
                    (key, "related"),
                    f"no command {name!r}",
                    f"a command of this file{_near(name, content.commands)}",
                )
        if not is_command_line(content, command.example):
            yield document.problem(
                (key, "example"), f"{command.example!r} opens with no command", "a line to type"
            )
        for name in (key, *command.aliases):
            if names.setdefault(name.lower(), key) != key:
                yield document.problem(
                    (key, "aliases"),
                    f"{name!r} stands for {names[name.lower()]!r} too",
                    "a name that only one command has",
                )


def check_phrases(content: Content, documents: Documents) -> Iterator[Problem]:
    """Braces in phrases close, and hold a plain word: the program fills them by name."""
    for document in documents.values():
        if document.name.startswith("phrases/"):
            for key in document.value:
                for name in _blanks(content.phrases[key]):
                    if name is None or not name.isidentifier():
                        yield document.problem(
                            (key,),
                            "a brace that does not close, or holds no plain word",
                            "{word}, or {{ for a brace to be seen",
                        )


def _blanks(text: str) -> tuple[str | None, ...]:
    """The names in braces; a single None for a text whose braces do not close."""
    try:
        return blanks(text)
    except ValueError:
        return (None,)


def _is_figure(occupation: Occupation, name: str) -> bool:
    try:
        occupation.fact(name)
    except KeyError:
        return False
    return True


def _is_number(fact: Fact) -> bool:
    return isinstance(fact.value, float | int)


def is_command_line(content: Content, line: str) -> bool:
    names = (name for key, command in content.commands.items() for name in (key, *command.aliases))
    typed = line.lower()
    return len(line.encode()) <= ACTION_BYTES and any(
        typed == name or typed.startswith(f"{name} ") for name in names
    )


def _near(name: str, known: Iterable[str]) -> str:
    """', such as …' with the known names that look most like it; empty when none does."""
    alike = get_close_matches(name, list(known), n=3, cutoff=0.7)
    if not alike:
        return ""
    return f", such as {' or '.join(alike)}"
