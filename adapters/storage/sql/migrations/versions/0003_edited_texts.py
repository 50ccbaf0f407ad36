"""Which text of the person's a message answers, so that an edit of that text edits the answer."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column(
        "outbox", sa.Column("answers", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"))
    )


def downgrade() -> None:
    op.drop_column("outbox", "answers")
