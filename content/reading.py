"""Reading one YAML file so that every complaint about it can name the line.

The file is composed to nodes first: the nodes know their lines, and a key that stands twice is
seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from content.entry import ADDRESS, CLAIM_ID, FACT_KEY, KEY

Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Place = tuple[str | int, ...]


@dataclass(frozen=True, order=True, slots=True, kw_only=True)
class Problem:
    """One thing to mend: `file:line: key: what; instead`."""

    file: str
    line: int
    key: str
    what: str
    instead: str

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}: {self.key or '(the file)'}: {self.what}; write instead: "
            f"{self.instead}"
        )


class ContentSyntax(Exception):  # noqa: N818 -- it names what is wrong with the file
    """The file is no YAML, or a key stands twice."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file's value and the line of every place in it."""

    name: str
    value: Any
    lines: dict[Place, int] = field(repr=False)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest one above it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def place(self, parts: Iterable[str]) -> Place | None:
        """The place whose keys read like these parts, whatever their type in YAML;
        None when there is none.
        """
        return self._by_words.get(tuple(parts))

    @cached_property
    def _by_words(self) -> dict[tuple[str, ...], Place]:
        return {tuple(map(str, place)): place for place in self.lines}

    def problem(self, place: Place, what: str, instead: str) -> Problem:
        return Problem(
            file=self.name,
            line=self.line(place),
            key=".".join(map(str, place)),
            what=what,
            instead=instead,
        )

    def explain(self, error: ValidationError) -> list[Problem]:
        """Pydantic's complaints in plain words, one for each place, with lines."""
        by_place: dict[Place, list[ErrorDetails]] = {}
        for detail in error.errors(include_url=False):
            by_place.setdefault(self._at(detail), []).append(detail)
        missing = [place for place, details in by_place.items() if details[0]["type"] == "missing"]
        problems = []
        for place, details in by_place.items():
            deeper = any(
                other[: len(place)] == place and len(other) > len(place) for other in by_place
            )
            if deeper and all(detail["type"] in _WRONG_KIND for detail in details):
                # Of the kinds that may stand here one nearly fits: its own complaint is the useful
                # one.
                continue
            problems.append(self.problem(place, *_in_words(place, details, missing)))
        return problems

    def _at(self, detail: ErrorDetails) -> Place:
        """The part of the place that the file has (pydantic adds names of types), and the key if
        one is missing or too much.
        """
        known: Place = ()
        for part in detail["loc"]:
            if (*known, part) in self.lines:
                known = (*known, part)
        last = detail["loc"][-1] if detail["loc"] else ""
        if detail["type"] == "missing":
            return (*known, last)
        return known


_WRONG_KIND = {
    "string_type": "words",
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "date_type": "a date like 2026-11-21",
    "date_parsing": "a date like 2026-11-21",
    "date_from_datetime_parsing": "a date like 2026-11-21",
    "time_parsing": "a time like '08:00'",
    "tuple_type": "a list, [one, two] or a line '- …' for each",
    "list_type": "a list, [one, two] or a line '- …' for each",
    "dict_type": "'key: value' lines below it",
    "mapping_type": "'key: value' lines below it",
    "model_type": "'key: value' lines below it",
    "literal_error": "",
}
"""What belongs in a place, by the complaint that something else stands there."""

_PATTERNS = {
    KEY: "a key of small letters, digits and underscores",
    FACT_KEY: "where a fact stands, like occupations.ml_engineer.bands.senior.pay",
    CLAIM_ID: "the id of a statement, like S1-081",
    ADDRESS: "an address that begins with https://",
}


def _in_words(place: Place, details: list[ErrorDetails], missing: list[Place]) -> tuple[str, str]:
    """What is wrong and what to write, for all complaints about one place."""
    first = next((detail for detail in details if detail["type"] not in _WRONG_KIND), details[0])
    match first["type"]:
        case "missing":
            return "it is missing", f"'{place[-1]}: …' here"
        case "extra_forbidden":
            wanted = [str(other[-1]) for other in missing if other[:-1] == place[:-1]]
            near = get_close_matches(str(place[-1]), wanted, n=1)
            return (
                "no such key is known here",
                f"'{near[0]}', if that is meant"
                if near
                else "nothing, or the key's right spelling",
            )
        case "value_error":
            return first["msg"].removeprefix("Value error, "), "values that agree"
        case "string_too_short":
            return "nothing stands here", "some words"
        case "string_pattern_mismatch":
            pattern = first["ctx"]["pattern"]
            return f"{_excerpt(first)} does not fit", _PATTERNS.get(
                pattern, f"something of the form {pattern}"
            )
        case kind if kind in _WRONG_KIND:
            wanted = [
                detail["ctx"]["expected"]
                if detail["type"] == "literal_error"
                else _WRONG_KIND[detail["type"]]
                for detail in details
            ]
            if first["input"] is None:
                what = "nothing stands here"
            else:
                what = f"{_excerpt(first)} does not belong here"
            return what, " or ".join(dict.fromkeys(wanted))
        case _:
            return f"{_excerpt(first)}: {first['msg'].lower()}", "what fits that"


def _excerpt(detail: ErrorDetails) -> str:
    """What stands there, short; a whole mapping would say nothing."""
    given = detail["input"]
    if isinstance(given, dict | list):
        return "this"
    return f"{str(given)!r:.60}"


DEEPEST = 60
MOST_PLACES = 200_000
"""Of one file, what its aliases repeat counted each time. The largest of ours has a tenth of it."""

SYNTAX = "check indentation, colons and quotes"


def read(path: Path, name: str) -> Document:
    """Read one file.

    Raises ContentSyntax, with the line, for what is no YAML, has a key twice, or cannot be read at
    all.
    """
    text = _text(path, name)
    lines: dict[Place, int] = {(): 1}
    loader = None
    try:
        _check_bounds(text, name)
        loader = Loader(text)
        node = loader.get_single_node()
        if node is None:
            raise ContentSyntax(
                Problem(file=name, line=1, key="", what="the file is empty", instead="its entries")
            )
        _place(node, (), lines, name)
        value = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        if error.problem_mark:
            line = error.problem_mark.line + 1
        else:
            line = 1
        raise _syntax(name, line, f"no valid YAML: {error.problem}", SYNTAX) from error
    except (
        yaml.YAMLError,
        ValueError,
    ) as error:  # a sign that YAML has no place for, a 31 February
        what = str(error).splitlines()[0]
        raise _syntax(name, 1, f"no valid YAML: {what}", SYNTAX) from error
    finally:
        if loader is not None:
            loader.dispose()
    return Document(name=name, value=value, lines=lines)


def _syntax(name: str, line: int, what: str, instead: str) -> ContentSyntax:
    return ContentSyntax(Problem(file=name, line=line, key="", what=what, instead=instead))


def _text(path: Path, name: str) -> str:
    try:
        whole = path.read_bytes()
    except OSError as error:
        what = f"it cannot be read ({error.strerror})"
        raise _syntax(name, 0, what, "a file that this program may read") from error
    try:
        return whole.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = whole.count(b"\n", 0, error.start) + 1
        raise _syntax(name, line, "these bytes are not UTF-8", "the file saved as UTF-8") from error


def _check_bounds(text: str, name: str) -> None:
    """Look at the file as a stream, before anything walks into it: libyaml and we do that by
    recursion, and an alias repeats all that it names. Raises ContentSyntax for what is nested
    without end, an alias inside what it names, and aliases of aliases of aliases.
    """
    sizes: dict[str | None, int] = {}
    names: list[str | None] = [None]
    open_sizes = [0]
    for event in yaml.parse(text, Loader=Loader):
        if event.start_mark:
            line = event.start_mark.line + 1
        else:
            line = 1
        match event:
            case yaml.CollectionStartEvent(anchor=anchor):
                names.append(anchor)
                open_sizes.append(1)
            case yaml.CollectionEndEvent():
                size = open_sizes.pop()
                sizes[names.pop()] = size
                open_sizes[-1] += size
            case yaml.AliasEvent(anchor=anchor) if anchor in names:
                raise _syntax(name, line, f"*{anchor} stands in what it names", "the value itself")
            case yaml.AliasEvent(anchor=anchor):
                open_sizes[-1] += sizes.get(anchor, 1)
            case yaml.ScalarEvent():
                open_sizes[-1] += 1
            case _:
                continue
        if len(names) > DEEPEST:
            raise _syntax(name, line, "this is nested too deeply", "the file's own shape")
        if open_sizes[-1] > MOST_PLACES:
            raise _syntax(name, line, "its aliases repeat too much", "the values themselves")


def _place(node: yaml.Node, place: Place, lines: dict[Place, int], name: str) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            inner = (*place, _key(key_node))
            if inner in lines:
                problem = Problem(
                    file=name,
                    line=key_node.start_mark.line + 1,
                    key=".".join(map(str, inner)),
                    what=f"this key stands already on line {lines[inner]}",
                    instead="one of the two",
                )
                raise ContentSyntax(problem)
            lines[inner] = key_node.start_mark.line + 1
            _place(value_node, inner, lines, name)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _place(item, (*place, index), lines, name)


def _key(node: yaml.Node) -> str | int:
    text = str(node.value)
    if node.tag == "tag:yaml.org,2002:int":
        return int(text)
    return text
