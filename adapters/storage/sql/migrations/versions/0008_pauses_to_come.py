"""A pause may begin on a day to come."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("paused_from", sa.Text()))


def downgrade() -> None:
    op.drop_column("subscriptions", "paused_from")
