"""Brings a database to the present schema, once at the start and under a lock, so that replicas may start together."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from adapters.storage.database import Database
from bot.ports import StoreGone

_LOCK = 0x7069766F74
"""The advisory lock's number on PostgreSQL; on SQLite the writer's lock serves."""

HEAD = "0002"
"""The newest migration. A database that has it needs no Alembic, which costs a tenth of a second and eleven megabytes to load."""


def migrate(url: str) -> str:
    """Bring the database at `url` to the present schema. Returns a sentence about it. Raises StoreGone if it is away."""

    def whole(database: Database) -> str:
        before = database.transact(revision)
        upgrade(database)
        after = database.transact(revision)
        return f"schema {after}: up to date" if before == after else f"schema {before or 'none'} → {after}"

    return asyncio.run(_once(url, whole))


def reachable(url: str) -> str:
    """What keeps us from the database at `url`; empty if nothing does."""
    try:
        asyncio.run(_once(url, lambda database: database.transact(lambda connection: connection.execute(sa.select(1)).scalar())))
    except (StoreGone, ValueError) as error:
        return str(error)
    return ""


async def _once(url: str, action: Callable[[Database], object]) -> str:
    database = Database(url)
    try:
        return str(await database.on_thread(action))
    finally:
        await database.close()


def upgrade(database: Database, to: str = "head") -> None:
    """Run the migrations that are missing."""
    if to != "head" or database.transact(revision) != HEAD:
        database.transact(lambda connection: _migrate(connection, "upgrade", to))


def downgrade(database: Database, to: str) -> None:
    """Take migrations back, down to `to` ('base' for all)."""
    database.transact(lambda connection: _migrate(connection, "downgrade", to))


def revision(connection: sa.Connection) -> str | None:
    """The schema that the database has now; None for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _migrate(connection: sa.Connection, way: Literal["upgrade", "downgrade"], to: str) -> None:
    from alembic import command  # noqa: PLC0415 -- only a database that is behind pays for it
    from alembic.config import Config  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    getattr(command, way)(config, to)
