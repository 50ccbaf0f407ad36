"""Brings a database to the present schema, once at the start and under a lock, so that replicas may start together."""

import asyncio
import os
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from adapters.storage.database import Database, driver_url

_LOCK = 0x7069766F74
"""The advisory lock's number on PostgreSQL; on SQLite the writer's lock serves."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the migrations that are missing."""
    database.transact(lambda connection: _migrate(connection, revision, command.upgrade))


def downgrade(database: Database, revision: str) -> None:
    """Take migrations back, down to `revision` ('base' for all)."""
    database.transact(lambda connection: _migrate(connection, revision, command.downgrade))


def _migrate(connection: sa.Connection, revision: str, run: object) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    run(config, revision)  # type: ignore[operator]


def migrate(url: str) -> str:
    """Bring the database at `url` to the present schema. Returns its revision. Raises StoreGone."""
    database = Database(url)
    try:
        upgrade(database)
        return database.transact(lambda connection: str(MigrationContext.configure(connection).get_current_revision()))
    finally:
        asyncio.run(database.close())


def reachable(url: str) -> str:
    """Empty when the database answers, otherwise what is wrong. Changes nothing: a SQLite file that is not there yet is fine."""
    target = driver_url(url)
    if target.get_backend_name() == "sqlite":
        folder = Path(target.database or ".").absolute().parent
        return "" if os.access(folder, os.W_OK) else f"the folder of {target.database} cannot be written to"
    engine = sa.create_engine(target, connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError as error:
        return type(error.orig if isinstance(error, sa.exc.DBAPIError) else error).__name__
    finally:
        engine.dispose()
    return ""
