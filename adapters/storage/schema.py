"""Brings a database to the present schema, once at the start and under a lock, so that replicas may start together."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from adapters.storage.database import Database

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
