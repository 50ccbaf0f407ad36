"""Whether a message's call to the platform began, and how many who had claimed it died before that."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("begun", sa.Boolean()))
    op.add_column("outbox", sa.Column("deaths", sa.SmallInteger()))


def downgrade() -> None:
    op.drop_column("outbox", "deaths")
    op.drop_column("outbox", "begun")
