"""Brings a database to the present schema, once at the start and under a lock, so that replicas may
start together.

The version before goes on working meanwhile and afterwards: a migration only adds, and what it
makes unused a later one removes. So a program meets an older schema only here, where it brings it
up, and a newer one, which it leaves alone.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from adapters.storage.sql.database import (
    BUSY_SECONDS,
    Database,
    PoolerBetweenError,
    refuse_pooler,
)
from adapters.storage.sql.host_lock import AnotherHost
from bot.core.ports import StoreGone

log = logging.getLogger(__name__)

T = TypeVar("T")

_LOCK = 0x7069766F74
"""The advisory lock's number on PostgreSQL; on SQLite the writer's lock serves."""

HEAD = "0008"
"""The newest migration; they are numbered, so that an older program knows a newer schema when it
meets one. A database that has it needs no Alembic, which costs a tenth of a second and eleven
megabytes to load.
"""

MIGRATIONS = Path(__file__).parent / "migrations"

LOCK_SECONDS = 2
"""How long a migration waits for a table on PostgreSQL.

Everybody who comes later waits behind it, so it gives up and tries again.
"""

_LOCK_NOT_AVAILABLE = "55P03"


def migrate(url: str) -> str:
    """Bring the database at `url` to the present schema.

    Returns a sentence about it. Raises StoreGone if it is away.
    """

    def whole(database: Database) -> str:
        before = database.transact(revision)
        upgrade(database)
        after = database.transact(revision)
        if _is_newer(after):
            return (
                f"schema {after}: a newer version's; this one ({HEAD}) works on it for as long "
                "as the upgrade takes"
            )
        if before == after:
            return f"schema {after}: up to date"
        return f"schema {before or 'none'} → {after}"

    return asyncio.run(_once(url, whole))


def reachable(url: str) -> str:
    """What keeps us from the database at `url`; empty if nothing does."""
    try:
        asyncio.run(_once(url, reach))
    except (StoreGone, AnotherHost, PoolerBetweenError, ValueError) as error:
        return str(error)
    except DBAPIError as error:
        return str(error.orig)  # a file that is no database
    return ""


def reach(database: Database) -> None:
    """Ask something, and whether the sessions are our own.

    Raises StoreGone or PoolerBetweenError.
    """
    _at_the_start(database, lambda connection: connection.execute(sa.select(1)).scalar())
    if not database.sqlite:
        refuse_pooler(database.engine.connect)


async def _once(url: str, action: Callable[[Database], object]) -> str:
    database = Database(url)
    try:
        return str(await database.on_thread(action))
    finally:
        await database.close()


def upgrade(database: Database) -> None:
    """Run the migrations that are missing, if any.

    Waits as long as somebody (a backup) keeps the tables to himself.
    """
    while (found := _at_the_start(database, revision)) != HEAD:
        if _is_newer(found):
            log.warning(
                "the database has the schema of a newer version (%s, here %s): going on with it",
                found,
                HEAD,
            )
            return
        try:
            database.transact(lambda connection: bring_to(connection, HEAD))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                raise
            log.warning("the migration waits: the tables are in use; trying again")
            time.sleep(1.0)


def _at_the_start(database: Database, function: Callable[[sa.Connection], T]) -> T:
    """A transaction while others may be opening the same file: SQLite refuses it at once then,
    without waiting, so it is asked again for a while. Raises StoreGone.
    """
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return database.transact(function)
        except StoreGone as error:
            driver = getattr(error.__cause__, "orig", None)
            is_busy = getattr(driver, "sqlite_errorname", "").startswith("SQLITE_BUSY")
            if not is_busy or time.monotonic() >= until:
                raise
            time.sleep(0.05)


def bring_to(connection: sa.Connection, target: str) -> None:
    """Migrate up or down to `target` (empty: no tables) in the transaction that is open.

    Nothing happens if somebody else was there first, or if the schema is newer than any we know.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.set_config("lock_timeout", f"{LOCK_SECONDS}s", True)))
        connection.execute(sa.select(sa.func.set_config("statement_timeout", "0", True)))
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    found = revision(connection) or ""
    if found != target and not _is_newer(found):
        _alembic(connection, "upgrade" if found < target else "downgrade", target or "base")


def revision(connection: sa.Connection) -> str | None:
    """The schema that the database has now; None for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(
        sa.text("SELECT version_num FROM alembic_version")
    ).scalar()
    return found


def _is_newer(found: str | None) -> bool:
    return found is not None and found > HEAD


def _alembic(connection: sa.Connection, way: Literal["upgrade", "downgrade"], to: str) -> None:
    from alembic import command  # noqa: PLC0415 -- only a database that is behind pays for it
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    getattr(command, way)(config, to)
