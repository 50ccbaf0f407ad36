"""A statement compiled once, then run on the driver's own cursor with nothing but its values.

SQLAlchemy writes the SQL and keeps connections and transactions. Running a statement is done here,
because SQLAlchemy's own way of doing it costs several times what the query does, on every one of a
turn's dozen. Errors are SQLAlchemy's, so that callers know one family.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Result:
    """The rows, each with its columns as attributes; for a statement that only writes,
    how many it wrote.
    """

    rows: list[Any]
    rowcount: int

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def all(self) -> list[Any]:
        return self.rows

    def one(self) -> Any:
        (row,) = self.rows
        return row

    def one_or_none(self) -> Any:
        if not self.rows:
            return None
        return self.one()

    def scalar(self) -> Any:
        """The first column of the first row; None if there is no row."""
        if not self.rows:
            return None
        return self.rows[0][0]

    def scalars(self) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """SQL for one dialect.

    `values` says for each parameter how a given value is stored, `fixed` what the statement itself
    brings along; `columns` how what was read becomes ours, in the shape of `row`.
    """

    sql: str
    order: Sequence[str] | None
    values: Mapping[str, Convert | None]
    fixed: Mapping[str, Any]
    row: Callable[..., Any]
    columns: tuple[Convert | None, ...]

    def run(
        self, connection: sa.Connection, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
    ) -> Result:
        """Once, or once for each of a sequence of values."""
        driver = connection.connection.driver_connection
        # Only an invalidated connection has none, and that one was given up.
        assert driver is not None  # noqa: S101
        cursor = driver.cursor()
        try:
            if isinstance(values, Mapping):
                cursor.execute(self.sql, self._parameters(values))
            else:
                cursor.executemany(self.sql, [self._parameters(each) for each in values])
            if self.columns:
                rows = [self._read(row) for row in cursor.fetchall()]
            else:
                rows = []
            return Result(rows, cursor.rowcount)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _sqlalchemy_error(error, connection, driver) from error
        finally:
            cursor.close()

    def _parameters(self, given: Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
        stored = {name: _convert(convert, given[name]) for name, convert in self.values.items()}
        stored.update(self.fixed)
        if self.order is None:
            return stored
        return [stored[name] for name in self.order]

    def _read(self, row: Sequence[Any]) -> Any:
        return self.row(*map(_convert, self.columns, row))


def _convert(convert: Convert | None, value: Any) -> Any:
    if convert:
        return convert(value)
    return value


def run_together(
    connection: sa.Connection, writes: Sequence[tuple[Prepared, Sequence[Mapping[str, Any]]]]
) -> None:
    """Each once for each of its values; on PostgreSQL all in one round trip."""
    driver = connection.connection.driver_connection
    try:
        with getattr(driver, "pipeline", nullcontext)():
            for one, values in writes:
                one.run(connection, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _sqlalchemy_error(error, connection, driver) from error


@lru_cache(maxsize=512)
def prepare(statement: sa.Executable, dialect: sa.Dialect, given: tuple[str, ...]) -> Prepared:
    """`given`: the names of the values that it will be run with."""
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(given))  # type: ignore[attr-defined]
    final = compiled.construct_expanded_state(dict.fromkeys(given))  # raises if a value is missing
    stored = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for name, bind in compiled.binds.items()
    } | final.processors
    columns = list(getattr(statement, "exported_columns", ()))
    return Prepared(
        sql=final.statement,
        order=final.positiontup,
        values={name: stored[name] for name in given if name in stored},
        fixed={
            name: _convert(stored.get(name), value)
            for name, value in final.parameters.items()
            if name not in given
        },
        # Its fields are known now only.
        row=namedtuple("Row", [column.name for column in columns], rename=True),  # noqa: PYI024
        columns=tuple(
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns
        ),
    )


def say(connection: sa.Connection, command: str) -> None:
    """BEGIN, COMMIT and their like."""
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(command)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _sqlalchemy_error(error, connection, driver) from error


def _sqlalchemy_error(error: Exception, connection: sa.Connection, driver: Any) -> BaseException:
    """The driver's error as SQLAlchemy would have raised it."""
    dialect = connection.dialect
    # It is the driver's own.
    broken = dialect.is_disconnect(error, driver, None)  # type: ignore[arg-type]
    if broken:
        with suppress(DBAPIError):
            connection.exec_driver_sql(
                "SELECT 1"
            )  # so SQLAlchemy learns of it, and gives up those opened before as well
    return DBAPIError.instance(
        None,
        None,
        error,
        dialect.loaded_dbapi.Error,
        connection_invalidated=broken,
        dialect=dialect,
    )
