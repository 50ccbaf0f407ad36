"""Backup and restore: every table of one consistent snapshot as lines of JSON, the same for both databases.

So a backup of one kind is restored into the other as well: that is how one moves from SQLite to PostgreSQL.
"""

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

import sqlalchemy as sa

from adapters.storage import schema
from adapters.storage.database import Database
from adapters.storage.tables import metadata, outbox
from bot.ports import StoreGone

T = TypeVar("T")

FORMAT = "pivotbot backup 1"
BATCH = 1000


class BackupRefused(Exception):  # noqa: N818 -- it says what happened
    """The file or the database is not one that this can be done with; the text says why and what to do."""


def backup(url: str, file: str | Path) -> str:
    """Write everything held to `file` (compressed if it ends in .gz) while the bot goes on. Returns a sentence about it."""
    path = Path(file)
    part = path.with_name(f"{path.name}.part")
    count = _with(url, lambda database: database.snapshot(lambda connection: _write(connection, part)))
    part.replace(path)
    return f"{count} rows written to {path}"


def restore(url: str, file: str | Path) -> str:
    """Read a backup into an empty database, creating its tables. Returns a sentence about it. Raises BackupRefused."""
    path = Path(file)
    if not path.is_file():
        raise BackupRefused(f"{path}: no such file")

    def whole(database: Database) -> int:
        schema.upgrade(database)
        return database.transact(lambda connection: _read(connection, path))

    return f"{_with(url, whole)} rows restored from {path}"


def _with(url: str, action: Callable[[Database], T]) -> T:
    async def whole() -> T:
        database = Database(url)
        try:
            return await database.on_thread(action)
        finally:
            await database.close()

    return asyncio.run(whole())


def _write(connection: sa.Connection, path: Path) -> int:
    count = 0
    with _opened(path, "wt") as file:
        file.write(json.dumps({"format": FORMAT, "schema": schema.revision(connection)}) + "\n")
        for table in metadata.sorted_tables:
            # Types are left aside: an instant is the number it is stored as.
            rows = connection.execute(sa.text(f"SELECT {_columns(table)} FROM {table.name}").execution_options(yield_per=BATCH))  # noqa: S608 -- names of our own
            for row in rows:
                file.write(json.dumps([table.name, *row], ensure_ascii=False) + "\n")
                count += 1
    return count


def _columns(table: sa.Table) -> str:
    quote = sa.sql.compiler.IdentifierPreparer(sa.engine.default.DefaultDialect()).quote
    return ", ".join(quote(column.name) for column in table.columns)


def _read(connection: sa.Connection, path: Path) -> int:
    for table in metadata.sorted_tables:
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).scalar() is not None:
            raise BackupRefused(f"the database is not empty ({table.name}); restore into a new one")
    count = 0
    with _opened(path, "rt") as file:
        _check(connection, file.readline(), path)
        for name, rows in _batches(file):
            table = metadata.tables[name]
            names = [column.name for column in table.columns]
            columns = [sa.column(column.name, _stored(column)) for column in table.columns]
            plain = sa.table(name, *columns)
            connection.execute(sa.insert(plain), [dict(zip(names, row, strict=True)) for row in rows])
            count += len(rows)
    _close_what_was_under_way(connection)
    _set_sequences(connection)
    return count


def _stored(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    """The type as the database has it: booleans stay booleans, instants are numbers."""
    kind = column.type
    return kind.impl_instance if isinstance(kind, sa.TypeDecorator) else kind


def _check(connection: sa.Connection, line: str, path: Path) -> None:
    try:
        header = json.loads(line)
    except ValueError:
        header = {}
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise BackupRefused(f"{path}: not a backup of this program")
    here = schema.revision(connection)
    if header.get("schema") != here:
        raise BackupRefused(
            f"{path}: made by another version (schema {header.get('schema')}, here {here}); restore with that version, then migrate"
        )


def _batches(file: IO[str]) -> Iterator[tuple[str, list[list[Any]]]]:
    name = ""
    rows: list[list[Any]] = []
    for line in file:
        table, *row = json.loads(line)
        if rows and (table != name or len(rows) == BATCH):
            yield name, rows
            rows = []
        name = table
        rows.append(row)
    if rows:
        yield name, rows


def _close_what_was_under_way(connection: sa.Connection) -> None:
    """Answers that were waiting, and whatever was in the air, went out long ago or are of no use any more. Booked nudges stay."""
    stale = sa.or_(outbox.c.state == "sending", sa.and_(outbox.c.state == "ready", outbox.c.payload.is_not(None)))
    connection.execute(
        sa.update(outbox)
        .where(stale)
        .values(state="closed", closed_at=outbox.c.created_at, error="restored", payload=None, fallback=None, owner=None, lease_until=None)
    )


def _set_sequences(connection: sa.Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and isinstance(column.type, sa.Integer):
            top = connection.execute(sa.select(sa.func.max(column))).scalar()
            if top is not None:
                connection.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, column.name), top)))


@contextmanager
def _opened(path: Path, mode: str) -> Iterator[IO[str]]:
    compressed = ".gz" in path.suffixes
    try:
        with gzip.open(path, mode, encoding="utf-8") if compressed else path.open(mode, encoding="utf-8") as file:
            yield file  # type: ignore[misc]  # both are text files; gzip's type cannot say so
    except OSError as error:
        raise BackupRefused(f"{path}: {error.strerror or error}") from error


__all__ = ["BackupRefused", "StoreGone", "backup", "restore"]
