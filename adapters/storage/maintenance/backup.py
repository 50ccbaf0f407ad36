"""Backup and restore: every table of one consistent snapshot as lines of JSON, the same for both
databases.

So a backup of one kind is restored into the other as well: that is how one moves from SQLite to
PostgreSQL. The file names its schema and columns; a restore builds just that schema, fills it, and
migrates it like any older database.
"""

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from adapters.storage.sql import schema
from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import metadata, outbox
from bot.core.ports import StoreGone

T = TypeVar("T")

FORMAT = "pivotbot backup 1"
BATCH = 1000
NOT_OURS = ("alembic_version", "sqlite_sequence")
MADE_AT_A_START = "deployment"
"""A database that was only ever opened holds this, and the backup brings its own."""


class BackupRefused(Exception):  # noqa: N818 -- it says what happened
    """The file or the database is not one that this can be done with;
    the text says why and what to do.
    """


Told = Callable[[int, int], None]
"""How far it is: rows done, rows in all; the second is 0 where nobody knows."""


def _nobody(done: int, total: int) -> None:
    """Nobody is told."""


def backup(url: str, file: str | Path, told: Told = _nobody) -> str:
    """Write everything held to `file` (compressed if it ends in .gz) while the bot goes on.

    Returns a sentence about it.
    """
    path = Path(file)
    part = path.with_name(f"{path.name}.part")
    count = _with(
        url, lambda database: database.snapshot(lambda connection: _write(connection, part, told))
    )
    part.replace(path)
    return f"{_rows(count)} written to {path}"


def restore(url: str, file: str | Path, told: Told = _nobody) -> str:
    """Read a backup into an empty database, creating its tables.

    Returns a sentence about it. Raises BackupRefused.
    """
    path = Path(file)
    if not path.is_file():
        raise BackupRefused(f"{path}: no such file")
    count = _with(
        url, lambda database: database.transact(lambda connection: _read(connection, path, told))
    )
    return f"{_rows(count)} restored from {path}"


def _rows(count: int) -> str:
    if count == 1:
        return "1 row"
    return f"{count} rows"


def _with(url: str, action: Callable[[Database], T]) -> T:
    async def whole() -> T:
        database = Database(url)
        try:
            return await database.on_thread(action)
        finally:
            await database.close()

    return asyncio.run(whole())


def _write(connection: sa.Connection, path: Path, told: Told) -> int:
    found = schema.revision(connection)
    if found is None:
        raise BackupRefused("the database holds nothing of this program; is DATABASE_URL right?")
    tables = _tables(connection)
    count, total = 0, 0 if told is _nobody else _total(connection, tables)
    with _open(path, "wt") as file:
        header = {
            "format": FORMAT,
            "schema": found,
            "columns": {name: list(table.columns.keys()) for name, table in tables.items()},
        }
        file.write(json.dumps(header) + "\n")
        for name, table in tables.items():
            for row in connection.execute(sa.select(table).execution_options(yield_per=BATCH)):
                file.write(json.dumps([name, *row], ensure_ascii=False) + "\n")
                count += 1
                if not count % BATCH:
                    told(count, total)
        file.write(json.dumps({"rows": count}) + "\n")
    return count


def _total(connection: sa.Connection, tables: dict[str, sa.Table]) -> int:
    counts = (sa.select(sa.func.count()).select_from(table) for table in tables.values())
    return sum(int(connection.execute(count).scalar_one()) for count in counts)


def _tables(connection: sa.Connection) -> dict[str, sa.Table]:
    """As the database has them, whatever version made them: instants are numbers there,
    and nothing is left out.
    """
    found = sa.MetaData()
    found.reflect(connection)
    return {table.name: table for table in found.sorted_tables if table.name not in NOT_OURS}


MOST_LINE = 64 * 2**20
"""Characters of one row, far beyond any that is written:
a small file may unpack to a line without end.
"""


def _read(connection: sa.Connection, path: Path, told: Told) -> int:
    for name, table in _tables(connection).items():
        if name == MADE_AT_A_START:
            connection.execute(sa.delete(table))
        elif (
            connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).scalar()
            is not None
        ):
            raise BackupRefused(f"the database is not empty ({name}); restore into a new one")
    try:
        return _fill(connection, path, told)
    except (StoreGone, BackupRefused, OperationalError):
        raise
    except Exception as error:
        # Whatever a file that is cut, torn or no text makes these raise; a value may be somebody's,
        # so none is named.
        raise BackupRefused(f"{path}: is not whole; nothing was restored") from error


def _fill(connection: sa.Connection, path: Path, told: Told) -> int:
    count = 0
    with _open(path, "rt") as file:
        header = _header(file.readline(MOST_LINE), path)
        schema.bring_to(connection, header["schema"])
        tables = _tables(connection)
        for name, rows in _batches(file, path):
            names = header["columns"][name]
            connection.execute(
                sa.insert(tables[name]), [dict(zip(names, row, strict=True)) for row in rows]
            )
            count += len(rows)
            told(count, 0)
    schema.bring_to(connection, schema.HEAD)
    _close_what_was_under_way(connection)
    _set_sequences(connection)
    return count


def _header(line: str, path: Path) -> dict[str, Any]:
    try:
        header = json.loads(line)
    except ValueError:
        header = {}
    if not isinstance(header, dict) or header.get("format") != FORMAT or "columns" not in header:
        raise BackupRefused(f"{path}: not a backup of this program")
    if header["schema"] > schema.HEAD:
        raise BackupRefused(
            f"{path}: made by a newer version (schema {header['schema']}, here "
            f"{schema.HEAD}); restore it with that version"
        )
    return header


def _batches(file: IO[str], path: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    """Rows of one table at a time, and the check that none is missing."""
    count = 0
    for name, lines in groupby(
        _values(file, path), key=lambda value: value[0] if isinstance(value, list) else ""
    ):
        if not name:
            [last] = lines
            if last == {"rows": count}:
                return
            break
        while rows := [row for _, *row in islice(lines, BATCH)]:
            count += len(rows)
            yield name, rows
    raise BackupRefused(f"{path}: is not whole; nothing was restored")


def _values(file: IO[str], path: Path) -> Iterator[Any]:
    try:
        while line := file.readline(MOST_LINE):
            yield json.loads(line)
    except (ValueError, EOFError, RecursionError) as error:
        raise BackupRefused(f"{path}: is not whole; nothing was restored") from error


def _close_what_was_under_way(connection: sa.Connection) -> None:
    """Answers that were waiting, and whatever was in the air, went out long ago or are of no use
    any more. Booked nudges stay.
    """
    stale = sa.or_(
        outbox.c.state == "sending",
        sa.and_(outbox.c.state == "ready", outbox.c.payload.is_not(None)),
    )
    connection.execute(
        sa.update(outbox)
        .where(stale)
        .values(
            state="closed",
            closed_at=outbox.c.created_at,
            error="restored",
            payload=None,
            fallback=None,
            owner=None,
            lease_until=None,
        )
    )


def _set_sequences(connection: sa.Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and isinstance(column.type, sa.Integer):
            top = connection.execute(sa.select(sa.func.max(column))).scalar()
            if top is not None:
                connection.execute(
                    sa.select(
                        sa.func.setval(sa.func.pg_get_serial_sequence(table.name, column.name), top)
                    )
                )


@contextmanager
def _open(path: Path, mode: str) -> Iterator[IO[str]]:
    compressed = ".gz" in path.suffixes
    try:
        if "w" in mode:
            path.touch(mode=0o600)
            path.chmod(0o600)  # everything that people told the bot is in it
        with (
            gzip.open(path, mode, encoding="utf-8")
            if compressed
            else path.open(mode, encoding="utf-8") as file
        ):
            yield file  # type: ignore[misc]  # both are text files; gzip's type cannot say so
    except OSError as error:
        raise BackupRefused(f"{path}: {error.strerror or error}") from error


__all__ = ["BackupRefused", "StoreGone", "backup", "restore"]
