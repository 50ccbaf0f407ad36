"""What must hold between the files about visas, codes and migration: every key that one names
stands in another.

Nothing here judges a single file; its own model does. The loader calls `check` once all files are
read.
"""

from collections.abc import Iterable, Iterator, Mapping

from content.content import Content
from content.entry import Fact
from content.reading import Document, Place, Problem
from content.visa import Correction, Shared


def check_visas(content: Content, documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Every reference that leads nowhere, with the place to mend."""
    for file, place, name, known in _references(content):
        if name not in known:
            near = ", ".join(sorted(known))
            yield documents[file].problem(place, f"{name!r} is not known", f"one of: {near}")


Reference = tuple[str, Place, str, Iterable[str]]
"""File, place, the key that stands there, the keys that may."""


def _references(content: Content) -> Iterator[Reference]:
    yield from _of_visas(content)
    yield from _of_codes(content)
    yield from _of_migration(content)


def _of_visas(content: Content) -> Iterator[Reference]:
    migration, facts = content.migration, content.migration.facts
    for subclass, visa in content.visas.items():
        file = f"visas/{subclass}.yaml"
        for row, cell in visa.cells.items():
            yield file, ("cells", row), row, migration.rows
            yield from _references_of(file, ("cells", row), (cell,), facts)
        for place, row in enumerate(visa.needs):
            yield file, ("needs", place), row, visa.cells
        for place, row in enumerate(visa.line_tells):
            yield file, ("line_tells", place), row, migration.rows
        for place, name in enumerate(visa.thresholds):
            yield file, ("thresholds", place), name, migration.thresholds
        if visa.compare_with:
            yield file, ("compare_with",), visa.compare_with, content.visas
        yield from _references_of(file, ("lately",), visa.lately, facts)
        yield from _references_of(file, ("more",), visa.more, facts)
        yield from _corrections(file, visa.corrections, facts)
        for place, step in enumerate(visa.steps):
            yield from _references_of(file, ("steps", place), (*step.about, *step.takes), facts)


def _of_codes(content: Content) -> Iterator[Reference]:
    migration, facts = content.migration, content.migration.facts
    for number, code in content.codes.items():
        file = f"codes/{number}.yaml"
        for place, name in enumerate(code.lists):
            yield file, ("lists", place), name, migration.lists
        for name in code.listed_as:
            yield file, ("listed_as", name), name, code.lists
        yield from _references_of(file, ("assessor",), (code.assessor,), facts)
        yield from _corrections(file, code.corrections, facts)


def _of_migration(content: Content) -> Iterator[Reference]:
    migration = content.migration
    for row in (*migration.core_rows, *migration.own_lines, migration.income_row):
        yield "migration.yaml", ("rows",), row, migration.rows
    for place, name in enumerate(migration.assessment):
        yield "migration.yaml", ("assessment", place), name, migration.facts
    for key, route in migration.routes.items():
        for name in route.lists:
            yield "migration.yaml", ("routes", key), name, migration.lists
    for place, column in enumerate(migration.list_columns):
        for name in column.lists:
            yield "migration.yaml", ("list_columns", place), name, migration.lists
    for place, code_number in enumerate(migration.rounds.codes):
        yield "migration.yaml", ("rounds", "codes", place), code_number, content.codes
    yield "migration.yaml", ("rounds", "source"), migration.rounds.source, content.sources


def _corrections(
    file: str, corrections: tuple[Correction, ...], facts: Iterable[str]
) -> Iterator[Reference]:
    for place, correction in enumerate(corrections):
        yield from _references_of(file, ("corrections", place), correction.found, facts)


def _references_of(
    file: str, place: Place, cells: tuple[Shared, ...], facts: Iterable[str]
) -> Iterator[Reference]:
    for cell in cells:
        if not isinstance(cell, Fact):
            yield file, place, cell, facts
