"""Nudges that come once a month, begin on a day or end on one."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "subscriptions", sa.Column("nth", sa.SmallInteger(), nullable=False, server_default="0")
    )
    op.add_column("subscriptions", sa.Column("starts_on", sa.Text()))
    op.add_column("subscriptions", sa.Column("ends_on", sa.Text()))


def downgrade() -> None:
    for name in ("ends_on", "starts_on", "nth"):
        op.drop_column("subscriptions", name)
