"""Reading one YAML file so that every complaint about it can name the line.

The file is composed to nodes first: the nodes know their lines, and a key that stands twice is seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

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
        return f"{self.file}:{self.line}: {self.key or '(the file)'}: {self.what}; write instead: {self.instead}"


class ContentSyntax(Exception):  # noqa: N818 -- it names what is wrong with the file
    """The file is no YAML, or a key stands twice."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True, slots=True, kw_only=True)
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
        """The place whose keys read like these parts, whatever their type in YAML; None when there is none."""
        wanted = list(parts)
        return next((place for place in self.lines if len(place) == len(wanted) and list(map(str, place)) == wanted), None)

    def problem(self, place: Place, what: str, instead: str) -> Problem:
        return Problem(file=self.name, line=self.line(place), key=".".join(map(str, place)), what=what, instead=instead)

    def explain(self, error: ValidationError) -> list[Problem]:
        """Pydantic's complaints, with lines. Parts of a place that name a type instead of a key are left out."""
        problems = []
        for detail in error.errors(include_url=False):
            place = self._known(tuple(detail["loc"]))
            missing = detail["type"] == "missing"
            given = "" if missing else f" (got {detail['input']!r:.60})"
            problems.append(self.problem(place, f"{detail['msg'].lower()}{given}", _instead(detail["type"], place)))
        return problems

    def _known(self, place: Place) -> Place:
        known: Place = ()
        for part in place:
            if (*known, part) in self.lines:
                known = (*known, part)
            elif part == place[-1] and isinstance(part, str):
                return (*known, part)
        return known


def _instead(kind: str, place: Place) -> str:
    key = place[-1] if place else "the file"
    match kind:
        case "missing":
            return f"add {key!r}"
        case "extra_forbidden":
            return f"remove {key!r} or correct its spelling"
        case _:
            return f"a value for {key!r} as docs/writing-content.md describes it"


def read(path: Path, name: str) -> Document:
    """Read one file. Raises ContentSyntax, with the line, for what is no YAML or has a key twice."""
    loader = Loader(path.read_text(encoding="utf-8"))
    lines: dict[Place, int] = {(): 1}
    try:
        node = loader.get_single_node()
        if node is None:
            raise ContentSyntax(Problem(file=name, line=1, key="", what="the file is empty", instead="its entries"))
        _place(node, (), lines, name)
        value = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = Problem(
            file=name, line=line, key="", what=f"no valid YAML: {error.problem}", instead="check indentation, colons and quotes"
        )
        raise ContentSyntax(problem) from error
    finally:
        loader.dispose()
    return Document(name=name, value=value, lines=lines)


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
    return int(text) if node.tag == "tag:yaml.org,2002:int" else text
