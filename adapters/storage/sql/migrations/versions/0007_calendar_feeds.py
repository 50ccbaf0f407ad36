"""The fingerprint of the private address that a person's calendar fetches; the rest stands in the person's text."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_SERVED = sa.text("feed_hash IS NOT NULL")


def upgrade() -> None:
    kind = sa.Text() if op.get_bind().dialect.name == "sqlite" else sa.Text(collation="C")
    op.add_column("people", sa.Column("feed_hash", kind))
    op.create_index(
        "people_by_feed",
        "people",
        ["feed_hash"],
        sqlite_where=_SERVED,
        postgresql_where=_SERVED,
    )


def downgrade() -> None:
    op.drop_index("people_by_feed", "people")
    op.drop_column("people", "feed_hash")
