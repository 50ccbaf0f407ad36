"""Errands that survive a kill, the reference number of a message's turn, and what a deployment keeps for itself (its salt)."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
INSTANT = sa.BigInteger()


def upgrade() -> None:
    op.add_column("outbox", sa.Column("turn", sa.Text()))
    op.create_table(
        "errands",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("errand", sa.Text(), nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
    )
    op.create_index("errands_by_person", "errands", ["person_id"])
    op.create_index("errands_by_time", "errands", ["not_before"])
    op.create_table(
        "deployment",
        sa.Column("name", KEY, primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("deployment")
    op.drop_table("errands")
    op.drop_column("outbox", "turn")
