"""When to look next for a person's one-off reminders; the reminders themselves stand in the person's text."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_WAITING = sa.text("reminder_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("people", sa.Column("reminder_at", sa.BigInteger()))
    op.create_index(
        "people_by_reminder",
        "people",
        ["reminder_at"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    op.drop_index("people_by_reminder", "people")
    op.drop_column("people", "reminder_at")
