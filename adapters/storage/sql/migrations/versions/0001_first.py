"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
INSTANT = sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", ID, primary_key=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("accounts", sa.SmallInteger(), nullable=False, server_default="1"),
        sa.Column("subscriptions", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("nudge_platform", KEY),
        sa.Column("nudge_workspace", KEY),
        sa.Column("nudge_chat", KEY),
        sa.Column("nudge_thread", KEY),
        sa.Column("nudge_shared", sa.Boolean()),
        sa.Column("unreachable", sa.Text(), nullable=False, server_default=""),
        sa.Column("unreachable_at", INSTANT),
        sa.Column("dialog_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "people_by_dialog",
        "people",
        ["dialog_at"],
        sqlite_where=sa.text("dialog_at IS NOT NULL"),
        postgresql_where=sa.text("dialog_at IS NOT NULL"),
    )
    op.create_index(
        "people_by_nudge_chat", "people", ["nudge_platform", "nudge_workspace", "nudge_chat"]
    )
    op.create_index(
        "people_by_unreachable",
        "people",
        ["unreachable_at"],
        sqlite_where=sa.text("unreachable_at IS NOT NULL"),
        postgresql_where=sa.text("unreachable_at IS NOT NULL"),
    )
    op.create_table(
        "accounts",
        sa.Column("platform", KEY, primary_key=True),
        sa.Column("workspace", KEY, primary_key=True),
        sa.Column("user_id", KEY, primary_key=True),
        sa.Column("person_id", ID, nullable=False),
    )
    op.create_index("accounts_by_person", "accounts", ["person_id"])
    op.create_table(
        "conversations",
        sa.Column("person_id", ID, primary_key=True, autoincrement=False),
        sa.Column("platform", KEY, primary_key=True),
        sa.Column("workspace", KEY, primary_key=True),
        sa.Column("chat", KEY, primary_key=True),
        sa.Column("thread", KEY, primary_key=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("touched_at", INSTANT, nullable=False),
    )
    op.create_index("conversations_by_age", "conversations", ["touched_at"])
    op.create_index("conversations_by_chat", "conversations", ["platform", "workspace", "chat"])
    op.create_table(
        "subscriptions",
        sa.Column("person_id", ID, primary_key=True, autoincrement=False),
        sa.Column("id", KEY, primary_key=True),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("local_time", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Text()),
        sa.Column("sent_week", KEY, nullable=False),
        sa.Column("resend", sa.Integer(), nullable=False),
        sa.Column("snoozed_until", INSTANT),
        sa.Column("pace", sa.Text(), nullable=False),
        sa.Column("next_due_at", INSTANT),
        sa.Column("tz_version", KEY, nullable=False),
        sa.Column("rest", sa.Text(), nullable=False),
    )
    op.create_index(
        "subscriptions_by_due",
        "subscriptions",
        ["next_due_at"],
        sqlite_where=sa.text("next_due_at IS NOT NULL"),
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index("subscriptions_by_tz_version", "subscriptions", ["tz_version"])
    op.create_table(
        "outbox",
        sa.Column("id", ID, primary_key=True),
        sa.Column("token", KEY, nullable=False),
        sa.Column("chat", KEY, nullable=False),
        sa.Column("person_id", ID),
        sa.Column("lane", KEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("resent", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("plain_only", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("owner", sa.Text()),
        sa.Column("lease_until", INSTANT),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("intent_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("ref", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.Column("payload", sa.Text()),
        sa.Column("fallback", sa.Text()),
        sa.Column("address", sa.Text()),
        sa.Column("subscription_id", KEY),
        sa.Column("week", KEY),
        sa.Column("resend", sa.Integer()),
        sa.Column("due_at", INSTANT),
        sa.Column("broadcast_id", ID),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_by_person", "outbox", ["person_id"])
    op.create_index(
        "outbox_closed",
        "outbox",
        ["closed_at"],
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index(
        "outbox_occurrence",
        "outbox",
        ["person_id", "subscription_id", "week", "resend"],
        unique=True,
        sqlite_where=sa.text("subscription_id IS NOT NULL"),
        postgresql_where=sa.text("subscription_id IS NOT NULL"),
    )
    op.create_index(
        "outbox_open",
        "outbox",
        ["token", "chat", "id"],
        sqlite_where=sa.text("state IN ('ready', 'sending')"),
        postgresql_where=sa.text("state IN ('ready', 'sending')"),
    )
    op.create_index(
        "outbox_ready",
        "outbox",
        ["token", "lane", "not_before", "id"],
        sqlite_where=sa.text("state = 'ready'"),
        postgresql_where=sa.text("state = 'ready'"),
    )
    op.create_index(
        "outbox_sending",
        "outbox",
        ["lease_until"],
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_table(
        "broadcasts",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("audit", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "seen_events",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index("seen_events_by_age", "seen_events", ["at"])
    op.create_table(
        "send_pace",
        sa.Column("token", KEY, primary_key=True),
        sa.Column("chat", KEY, primary_key=True),
        sa.Column("tat", INSTANT, nullable=False),
        sa.Column("bulk_tat", INSTANT, nullable=False),
        sa.Column("paused_until", INSTANT, nullable=False),
        sa.Column("dead_reason", sa.Text()),
        sa.Column("dead_at", INSTANT),
    )
    op.create_table(
        "dead_letters",
        sa.Column("reference", KEY, primary_key=True),
        sa.Column("key", KEY, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("platform", KEY, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_table(
        "link_codes",
        sa.Column("code_hash", KEY, primary_key=True),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("platform", KEY, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
    )
    op.create_index("link_codes_by_person", "link_codes", ["person_id"])
    op.create_table(
        "link_tries",
        sa.Column("id", ID, primary_key=True),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index("link_tries_by_person", "link_tries", ["person_id", "at"])
    op.create_table(
        "tombstones",
        sa.Column("account_hash", KEY, primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_table(
        "unanswered",
        sa.Column("id", ID, primary_key=True),
        sa.Column("person_id", ID),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index("unanswered_by_person", "unanswered", ["person_id"])
    op.create_table(
        "leases",
        sa.Column("name", KEY, primary_key=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
    )
    op.create_table(
        "picture_refs",
        sa.Column("token", KEY, primary_key=True),
        sa.Column("content_hash", KEY, primary_key=True),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_table(
        "installations",
        sa.Column("enterprise_id", KEY, primary_key=True),
        sa.Column("team_id", KEY, primary_key=True),
        sa.Column("user_id", KEY, primary_key=True),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("app_id", sa.Text()),
        sa.Column("bot_id", sa.Text()),
        sa.Column("bot_user_id", sa.Text()),
        sa.Column("bot_scopes", sa.Text()),
        sa.Column("bot_token_encrypted", sa.Text()),
        sa.Column("bot_refresh_token_encrypted", sa.Text()),
        sa.Column("bot_token_expires_at", INSTANT),
        sa.Column("installed_at", INSTANT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_table(
        "oauth_states",
        sa.Column("state", KEY, primary_key=True),
        sa.Column("expires_at", INSTANT, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        _tune()


def _tune() -> None:
    """Rows of the outbox change state three times and then rest: vacuum early, or dead rows pile up at the queue's head."""
    for table in ("outbox", "send_pace", "subscriptions"):
        op.execute(
            f"ALTER TABLE {table} SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500, "
            "autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0)"
        )


def downgrade() -> None:
    op.drop_table("oauth_states")
    op.drop_table("installations")
    op.drop_table("picture_refs")
    op.drop_table("leases")
    op.drop_table("unanswered")
    op.drop_table("tombstones")
    op.drop_table("link_tries")
    op.drop_table("link_codes")
    op.drop_table("dead_letters")
    op.drop_table("send_pace")
    op.drop_table("seen_events")
    op.drop_table("broadcasts")
    op.drop_table("outbox")
    op.drop_table("subscriptions")
    op.drop_table("conversations")
    op.drop_table("accounts")
    op.drop_table("people")
