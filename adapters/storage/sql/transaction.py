"""One open transaction and what every part of it needs. Nothing here knows what is stored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite

from adapters.storage.sql.prepared import Prepared, Result, prepare, run_together
from adapters.storage.sql.tables import EPOCH

Statement = sa.Executable | Mapping[str, sa.Executable]
"""A statement, or one for each dialect, by the dialect's name."""

NOTHING: Mapping[str, Any] = {}

Clock = Callable[[sa.Connection], datetime]

_CLOCK = sa.select(
    sa.cast(func.extract("epoch", func.clock_timestamp()) * 1_000_000, sa.BigInteger).label("now")
)


class RetryTransaction(Exception):  # noqa: N818 -- it says what to do
    """Somebody else changed what this transaction read: roll back and run it once more."""


def upserting(
    make: Callable[[Callable[[sa.Table], Any]], sa.Executable],
) -> Mapping[str, sa.Executable]:
    """INSERT … ON CONFLICT is the one construct that SQLAlchemy spells differently for the two:
    build it for both.
    """
    return {"sqlite": make(sqlite.insert), "postgresql": make(postgresql.insert)}


@dataclass(frozen=True, kw_only=True)
class UnitOfWork:
    """`owner` names the process that claims.

    `given` is the caller's time, and rules where there is no `clock`. `salt` is this deployment's
    own, for hashes of what must not be found out from them.
    """

    connection: sa.Connection
    owner: str
    lease: timedelta
    given: datetime
    clock: Clock | None = None
    salt: str = ""
    newer: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    """By person: see adapters.storage.sql.codec.Newer."""
    deferred: list[tuple[Prepared, Mapping[str, Any]]] = field(default_factory=list)

    @cached_property
    def now(self) -> datetime:
        """The instant by which leases and pace are judged: the database's own on PostgreSQL, so
        that two hosts' clocks are never compared; the caller's where time is virtual.
        """
        if self.clock:
            return self.clock(self.connection)
        return self.given

    @cached_property
    def postgres(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def run(
        self,
        statement: Statement,
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]] = NOTHING,
    ) -> Result:
        self.flush()
        return self._prepare(statement, values if isinstance(values, Mapping) else values[0]).run(
            self.connection, values
        )

    def defer(self, statement: Statement, values: Mapping[str, Any]) -> None:
        """A write whose result nobody asks for: done together with others, before the next
        statement that is run or at the end. Several put off together keep their order only among
        those of one statement.
        """
        self.deferred.append((self._prepare(statement, values), values))

    def flush(self) -> None:
        """Do what was put off."""
        if not self.deferred:
            return
        together: dict[int, tuple[Prepared, list[Mapping[str, Any]]]] = {}
        for one, values in self.deferred:
            together.setdefault(id(one), (one, []))[1].append(values)
        self.deferred.clear()
        run_together(self.connection, tuple(together.values()))

    def _prepare(self, statement: Statement, values: Mapping[str, Any]) -> Prepared:
        dialect = self.connection.dialect
        if isinstance(statement, Mapping):
            statement = statement[dialect.name]
        return prepare(statement, dialect, tuple(values))


def host_time(_connection: sa.Connection) -> datetime:
    """Right for SQLite: all its processes are on one host."""
    return datetime.now(UTC)


def database_time(connection: sa.Connection) -> datetime:
    return EPOCH + timedelta(
        microseconds=prepare(_CLOCK, connection.dialect, ()).run(connection, NOTHING).scalar()
    )
