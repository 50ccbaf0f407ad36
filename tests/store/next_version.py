"""This program as its next version might be: one more migration, and tables to match.

    python -m tests.store.next_version FOLDER run

`FOLDER` is where its migrations are written. Everything else is `pivotbot`.
"""

import shutil
import sys
from pathlib import Path

import sqlalchemy as sa

from adapters.storage.sql import schema, tables

NUMBER = f"{int(schema.HEAD) + 1:04}"
SECONDS = 0.3
"""How long its migration keeps what it has locked."""

MIGRATION = f"""
import time
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{NUMBER}", "{schema.HEAD}"


def upgrade():
    op.add_column("people", sa.Column("nickname", sa.Text(), nullable=False, server_default="none"))
    op.add_column("outbox", sa.Column("colour", sa.Text()))
    op.create_index("people_by_nickname", "people", ["nickname"])
    op.create_table("friends", sa.Column("person_id", sa.BigInteger(), primary_key=True, autoincrement=False), sa.Column("name", sa.Text()))
    time.sleep({SECONDS})


def downgrade():
    op.drop_table("friends")
    op.drop_index("people_by_nickname", "people")
    for table, column in (("outbox", "colour"), ("people", "nickname")):
        op.drop_column(table, column)
"""


def migrations(folder: Path, text: str = MIGRATION) -> Path:
    """Our migrations and the next one."""
    made = folder / "next-migrations"
    if not made.exists():
        shutil.copytree(schema.MIGRATIONS, made, ignore=shutil.ignore_patterns("__pycache__"))
        (made / "versions" / f"{NUMBER}_next.py").write_text(text, encoding="utf-8")
    return made


def become(folder: Path) -> None:
    """Turn this process into the next version.

    Before anything builds statements from the tables.
    """
    schema.MIGRATIONS, schema.HEAD = migrations(folder), NUMBER
    tables.people.append_column(
        sa.Column("nickname", sa.Text, nullable=False, server_default="none")
    )
    tables.outbox.append_column(sa.Column("colour", sa.Text))


if __name__ == "__main__":
    become(Path(sys.argv[1]))
    from bot.cli import main

    sys.exit(main(sys.argv[2:]))
