"""One open transaction and what every part of it needs. Nothing here knows what is stored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Statement = sa.Executable | Mapping[str, sa.Executable]
"""A statement, or one for each dialect, by the dialect's name."""


class Again(Exception):  # noqa: N818 -- it says what to do
    """Somebody else changed what this transaction read: roll back and run it once more."""


def upserting(make: Callable[[Callable[[sa.Table], Any]], sa.Executable]) -> Mapping[str, sa.Executable]:
    """INSERT … ON CONFLICT is the one construct that SQLAlchemy spells differently for the two: build it for both."""
    return {"sqlite": make(sqlite.insert), "postgresql": make(postgresql.insert)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """`now` is the instant by which leases and pace are judged: the database's own on PostgreSQL, so that two hosts' clocks
    are never compared; the caller's where time is virtual. `owner` names the process that claims.
    """

    connection: sa.Connection
    now: datetime
    owner: str
    lease: timedelta

    @property
    def postgres(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def run(self, statement: Statement, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None) -> sa.CursorResult[Any]:
        if isinstance(statement, Mapping):
            statement = statement[self.connection.dialect.name]
        return self.connection.execute(statement, values)
