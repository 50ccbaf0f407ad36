"""What is thrown away, and when; and the figures an operator looks at."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from adapters.storage.tables import (
    Instant,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long each kind of record is kept."""

    seen: timedelta = timedelta(days=8)
    sent: timedelta = timedelta(days=30)
    uninstalled: timedelta = timedelta(days=30)
    dialogs: timedelta = timedelta(days=14)
    unreachable: timedelta = timedelta(days=365)


BATCH = 2000
"""Rows that go in one transaction: nobody waits long behind housekeeping."""

_before = bindparam("before", type_=Instant)


def _aged(table: sa.Table, column: sa.Column[object]) -> sa.Delete:
    """Delete one batch of rows whose `column` lies before the limit."""
    key = list(table.primary_key)
    found = select(*key).where(column < _before).limit(BATCH)
    return sa.delete(table).where(sa.tuple_(*key).in_(found))
