"""What is kept, table by table.

Only shapes and indexes live here; migrations/ brings a database to them.

Instants are whole microseconds since 1970 UTC: both databases compare them alike and neither
guesses a zone. Conditions of partial indexes are literals, because neither planner can match a
bound value to an index.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(sa.TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970 UTC."""

    impl = BigInteger
    cache_ok = True

    # SQLAlchemy's signature.
    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return EPOCH + timedelta(microseconds=value)


metadata = MetaData()
Id = BigInteger().with_variant(Integer, "sqlite")
Json = Text
Key = Text(collation="C").with_variant(Text(), "sqlite")
"""Text that is compared, byte by byte on both databases."""

READY: sa.ColumnElement[str] = sa.literal_column("'ready'")
SENDING: sa.ColumnElement[str] = sa.literal_column("'sending'")
ANSWER: sa.ColumnElement[str] = sa.literal_column("'answer'")
NUDGE: sa.ColumnElement[str] = sa.literal_column("'nudge'")

people = Table(
    "people",
    metadata,
    Column("id", Id, primary_key=True),
    Column("state", Json, nullable=False),
    Column("accounts", SmallInteger, nullable=False, server_default="1"),
    Column("subscriptions", SmallInteger, nullable=False, server_default="0"),
    Column("nudge_platform", Key),
    Column("nudge_workspace", Key),
    Column("nudge_chat", Key),
    Column("nudge_thread", Key),
    Column("nudge_shared", Boolean),
    Column("unreachable", Text, nullable=False, server_default=""),
    Column("unreachable_at", Instant),
    Column("dialog_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("reminder_at", Instant),  # when to look next for one-off reminders that are due
    Column("feed_hash", Key),  # of the private address that a calendar fetches
    sqlite_autoincrement=True,  # an erased person's id is never given again
)
Index(
    "people_by_nudge_chat", people.c.nudge_platform, people.c.nudge_workspace, people.c.nudge_chat
)
_dialog, _unreachable = people.c.dialog_at.is_not(None), people.c.unreachable_at.is_not(None)
Index("people_by_dialog", people.c.dialog_at, sqlite_where=_dialog, postgresql_where=_dialog)
Index(
    "people_by_unreachable",
    people.c.unreachable_at,
    sqlite_where=_unreachable,
    postgresql_where=_unreachable,
)
_reminder = people.c.reminder_at.is_not(None)
Index(
    "people_by_reminder",
    people.c.reminder_at,
    sqlite_where=_reminder,
    postgresql_where=_reminder,
)

_feed = people.c.feed_hash.is_not(None)
Index("people_by_feed", people.c.feed_hash, sqlite_where=_feed, postgresql_where=_feed)

accounts = Table(
    "accounts",
    metadata,
    Column("platform", Key, primary_key=True),
    Column("workspace", Key, primary_key=True),
    Column("user_id", Key, primary_key=True),
    Column("person_id", Id, nullable=False),
    Index("accounts_by_person", "person_id"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("platform", Key, primary_key=True),
    Column("workspace", Key, primary_key=True),
    Column("chat", Key, primary_key=True),
    Column("thread", Key, primary_key=True),
    Column("shared", Boolean, nullable=False),
    Column("state", Json, nullable=False),
    Column("touched_at", Instant, nullable=False),
    Index("conversations_by_chat", "platform", "workspace", "chat"),
    Index("conversations_by_age", "touched_at"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("id", Key, primary_key=True),
    Column("weekday", SmallInteger, nullable=False),
    Column("local_time", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("paused_until", Text),
    Column("sent_week", Key, nullable=False),
    Column("resend", Integer, nullable=False),
    Column("snoozed_until", Instant),
    Column("pace", Text, nullable=False),
    Column("next_due_at", Instant),
    Column("tz_version", Key, nullable=False),
    Column("rest", Json, nullable=False),
    Column("nth", SmallInteger, nullable=False, server_default="0"),
    Column("starts_on", Text),
    Column("ends_on", Text),
    Column("paused_from", Text),
)
_due = subscriptions.c.next_due_at.is_not(None)
Index("subscriptions_by_due", subscriptions.c.next_due_at, sqlite_where=_due, postgresql_where=_due)
Index("subscriptions_by_tz_version", subscriptions.c.tz_version)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token", Key, nullable=False),
    Column("chat", Key, nullable=False),
    Column("person_id", Id),
    Column("lane", Key, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("resent", Boolean, nullable=False, server_default=sa.false()),
    Column("plain_only", Boolean, nullable=False, server_default=sa.false()),
    Column("owner", Text),
    Column("lease_until", Instant),
    Column("not_before", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("intent_at", Instant),
    Column("closed_at", Instant),
    Column("ref", Text),
    Column("error", Text),
    Column("payload", Json),
    Column("fallback", Text),
    Column("address", Json),
    Column("subscription_id", Key),
    Column("week", Key),
    Column("resend", Integer),
    Column("due_at", Instant),
    Column("broadcast_id", Id),
    Column("turn", Text),  # the reference number that log lines carry
    Column("answers", Key),  # the platform's id of the text that this answers
    # Of the present attempt: whether its call began. NULL where an older version claimed it: nobody
    # knows.
    Column("begun", Boolean),
    Column("deaths", SmallInteger),  # of those who had claimed it, before the call began
    sqlite_autoincrement=True,  # the id is the idempotency mark on the platform
)
_ready = outbox.c.state == READY
_sending = outbox.c.state == SENDING
OPEN = outbox.c.state.in_([READY, SENDING])
_closed = outbox.c.closed_at.is_not(None)
BOOKED = outbox.c.subscription_id.is_not(None)
OCCURRENCE = (outbox.c.person_id, outbox.c.subscription_id, outbox.c.week, outbox.c.resend)
Index(
    "outbox_ready",
    outbox.c.token,
    outbox.c.lane,
    outbox.c.not_before,
    outbox.c.id,
    sqlite_where=_ready,
    postgresql_where=_ready,
)
Index(
    "outbox_open",
    outbox.c.token,
    outbox.c.chat,
    outbox.c.id,
    sqlite_where=OPEN,
    postgresql_where=OPEN,
)
Index("outbox_sending", outbox.c.lease_until, sqlite_where=_sending, postgresql_where=_sending)
Index("outbox_closed", outbox.c.closed_at, sqlite_where=_closed, postgresql_where=_closed)
Index("outbox_by_person", outbox.c.person_id)
Index("outbox_occurrence", *OCCURRENCE, unique=True, sqlite_where=BOOKED, postgresql_where=BOOKED)

broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reply", Json, nullable=False),
    Column("audit", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

seen_events = Table(
    "seen_events",
    metadata,
    Column("key", Key, primary_key=True),
    Column("at", Instant, nullable=False),
    Index("seen_events_by_age", "at"),
)

send_pace = Table(
    "send_pace",
    metadata,
    Column("token", Key, primary_key=True),
    Column("chat", Key, primary_key=True),  # empty for the token as a whole
    Column("tat", Instant, nullable=False),
    Column("bulk_tat", Instant, nullable=False),
    Column("paused_until", Instant, nullable=False),
    Column("dead_reason", Text),
    Column("dead_at", Instant),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("reference", Key, primary_key=True),
    Column("key", Key, nullable=False),
    Column("error", Text, nullable=False),
    Column("platform", Key, nullable=False),
    Column("at", Instant, nullable=False),
)

link_codes = Table(
    "link_codes",
    metadata,
    Column("code_hash", Key, primary_key=True),
    Column("person_id", Id, nullable=False),
    Column("platform", Key, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index("link_codes_by_person", "person_id"),
)

link_tries = Table(
    "link_tries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Index("link_tries_by_person", "person_id", "at"),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("account_hash", Key, primary_key=True),
    Column("at", Instant, nullable=False),
)

unanswered = Table(
    "unanswered",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Index("unanswered_by_person", "person_id"),
)

errands = Table(
    "errands",
    metadata,
    Column("key", Key, primary_key=True),
    Column("person_id", Id, nullable=False),
    Column("errand", Json, nullable=False),
    Column("not_before", Instant, nullable=False),
    Index("errands_by_person", "person_id"),
    Index("errands_by_time", "not_before"),
)

deployment = Table(
    "deployment",
    metadata,
    Column("name", Key, primary_key=True),
    Column("value", Text, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Key, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", Instant, nullable=False),
)

picture_refs = Table(
    "picture_refs",
    metadata,
    Column("token", Key, primary_key=True),
    Column("content_hash", Key, primary_key=True),
    Column("ref", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

installations = Table(
    "installations",
    metadata,
    Column("enterprise_id", Key, primary_key=True),
    Column("team_id", Key, primary_key=True),
    Column("user_id", Key, primary_key=True),  # who installed it; empty for the bot's own row
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("app_id", Text),
    Column("bot_id", Text),
    Column("bot_user_id", Text),
    Column("bot_scopes", Text),
    Column("bot_token_encrypted", Text),
    Column("bot_refresh_token_encrypted", Text),
    Column("bot_token_expires_at", Instant),
    Column("installed_at", Instant, nullable=False),
    Column("body", Json, nullable=False),
)

oauth_states = Table(
    "oauth_states",
    metadata,
    Column("state", Key, primary_key=True),
    Column("expires_at", Instant, nullable=False),
)
