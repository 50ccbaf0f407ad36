"""Many rows in one statement: a batch travels as one JSON text and stands in the statement as a
table.

One parameter instead of thousands, which cost the drivers more than the database; and one round
trip instead of many.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_json
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

Kind = type[sa.types.TypeEngine[Any]]
Make = Callable[[Callable[[sa.Table], Any], sa.FromClause], sa.Executable]


def over_rows(make: Make, **columns: Kind) -> Mapping[str, sa.Executable]:
    """For each dialect the statement that `make` builds from the dialect's INSERT and a table with
    these columns. It is run with `rows(…)` among its values.
    """
    return {
        "sqlite": make(sqlite.insert, _sqlite_rows(columns)),
        "postgresql": make(postgresql.insert, _postgres_rows(columns)),
    }


def rows(batch: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """The rows of a statement over rows. Instants go as the numbers they are stored as."""
    return {"batch": to_json(batch).decode()}


def _sqlite_rows(columns: Mapping[str, Kind]) -> sa.FromClause:
    each = func.json_each(bindparam("batch", type_=sa.Text)).table_valued("value")
    values = (
        func.json_extract(each.c.value, sa.literal_column(f"'$.{name}'"), type_=kind()).label(name)
        for name, kind in columns.items()
    )
    return select(*values).select_from(each).subquery("batch")


def _postgres_rows(columns: Mapping[str, Kind]) -> sa.FromClause:
    shape = (sa.column(name, kind) for name, kind in columns.items())
    batch = sa.cast(bindparam("batch", type_=sa.Text), postgresql.JSON)
    return (
        func.json_to_recordset(batch).table_valued(*shape).render_derived("batch", with_types=True)
    )
