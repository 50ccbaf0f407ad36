"""Statements run on the driver's own cursor: what they need, what they give back,
what they raise.
"""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from adapters.storage.sql.prepared import prepare
from adapters.storage.sql.tables import EPOCH, leases, outbox
from adapters.storage.store import SqlStore

NOON = datetime(2026, 11, 21, 1, tzinfo=UTC)
ROW = {"name": "one", "owner": "Ada's process", "until": NOON}
_TAKE = sa.insert(leases)
_FIND = select(leases.c.until, leases.c.owner.is_not(None).label("held")).where(
    leases.c.name == bindparam("which")
)


async def test_what_was_stored_comes_back_as_it_was_given(store: SqlStore) -> None:
    def whole(connection: sa.Connection) -> object:
        prepare(_TAKE, connection.dialect, tuple(ROW)).run(connection, ROW)
        return (
            prepare(_FIND, connection.dialect, ("which",)).run(connection, {"which": "one"}).one()
        )

    row = await store.database.run(whole)
    assert (row.until, row.held) == (NOON, True)


async def test_a_choice_among_fixed_values_is_part_of_the_statement(store: SqlStore) -> None:
    which = (
        select(leases.c.name)
        .where(leases.c.name.in_(("one", "two")), leases.c.until > bindparam("since"))
        .order_by(leases.c.name)
    )

    def whole(connection: sa.Connection) -> object:
        rows = [ROW | {"name": name} for name in ("two", "three", "one")]
        prepare(_TAKE, connection.dialect, tuple(ROW)).run(connection, rows)
        return (
            prepare(which, connection.dialect, ("since",))
            .run(connection, {"since": EPOCH})
            .scalars()
        )

    assert await store.database.run(whole) == ["one", "two"]


async def test_many_rows_are_counted(store: SqlStore) -> None:
    rows = [ROW | {"name": name} for name in ("one", "two", "three")]
    result = await store.database.run(
        lambda connection: prepare(_TAKE, connection.dialect, tuple(ROW)).run(connection, rows)
    )
    assert (result.rowcount, result.rows) == (3, [])


async def test_a_value_that_is_missing_is_named(store: SqlStore) -> None:
    with pytest.raises(InvalidRequestError, match="which"):
        await store.database.run(lambda connection: prepare(_FIND, connection.dialect, ()))


async def test_an_error_is_of_the_one_family_and_carries_no_value(store: SqlStore) -> None:
    row = {
        "chat": "a person's chat",
        "lane": "answer",
        "state": "ready",
        "not_before": NOON,
        "created_at": NOON,
    }
    with pytest.raises(IntegrityError) as raised:
        await store.database.run(
            lambda connection: prepare(sa.insert(outbox), connection.dialect, tuple(row)).run(
                connection, row
            )
        )
    assert raised.value.params is None
