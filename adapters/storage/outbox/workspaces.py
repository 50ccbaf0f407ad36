"""Bot tokens that die and come back, with the people whose nudges go through them.

While a token is dead nothing goes out through it, and those of its workspace who wait for nudges
are suspended. When it works again their nudges go on by themselves, and the next one says why they
had paused: see bot.core.state.RETURNED.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from adapters.storage.outbox import send_rate_limit
from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import (
    ANSWER,
    READY,
    Instant,
    accounts,
    conversations,
    installations,
    outbox,
    people,
    send_pace,
    subscriptions,
)
from adapters.storage.sql.transaction import UnitOfWork
from bot.core.bot_token import BotToken
from bot.core.state import REACHABLE, RETURNED

UNINSTALLED = "uninstalled"

STALE = timedelta(days=2)
"""An answer that could not be given for so long is not given any more:
nobody remembers the question.
"""

_here = sa.and_(
    people.c.nudge_platform == bindparam("of_platform"),
    people.c.nudge_workspace == bindparam("of_workspace"),
)
_awaits_nudges = sa.exists(
    select(subscriptions.c.id).where(
        subscriptions.c.person_id == people.c.id, subscriptions.c.active
    )
)
_SUSPEND = (
    sa.update(people)
    .where(_here, people.c.unreachable.in_(REACHABLE), _awaits_nudges)
    .values(unreachable=UNINSTALLED, unreachable_at=bindparam("at", type_=Instant))
)
_RETURN = (
    sa.update(people)
    .where(_here, people.c.unreachable == UNINSTALLED)
    .values(unreachable=RETURNED, unreachable_at=None)
)
_CLOSE_STALE = (
    sa.update(outbox)
    .where(
        outbox.c.token == bindparam("of_token"),
        outbox.c.state == READY,
        outbox.c.lane == ANSWER,
        outbox.c.created_at < bindparam("before", type_=Instant),
    )
    .values(
        state="closed",
        closed_at=bindparam("at", type_=Instant),
        error="too late",
        payload=None,
        fallback=None,
        address=None,
    )
)


_theirs, _there = accounts.alias("theirs"), conversations.alias("there")
_JOIN_ACCOUNTS = (
    sa.update(accounts)
    .where(
        accounts.c.platform == bindparam("of_platform"),
        accounts.c.workspace == bindparam("of_workspace"),
        ~sa.exists().where(
            _theirs.c.platform == accounts.c.platform,
            _theirs.c.workspace == bindparam("organisation"),
            _theirs.c.user_id == accounts.c.user_id,
        ),
    )
    .values(workspace=bindparam("organisation"))
)
_JOIN_CONVERSATIONS = (
    sa.update(conversations)
    .where(
        conversations.c.platform == bindparam("of_platform"),
        conversations.c.workspace == bindparam("of_workspace"),
        ~sa.exists().where(
            _there.c.person_id == conversations.c.person_id,
            _there.c.platform == conversations.c.platform,
            _there.c.workspace == bindparam("organisation"),
            _there.c.chat == conversations.c.chat,
            _there.c.thread == conversations.c.thread,
        ),
    )
    .values(workspace=bindparam("organisation"))
)
_JOIN_NUDGES = sa.update(people).where(_here).values(nudge_workspace=bindparam("organisation"))
_JOIN_BOOKED = (
    sa.update(outbox)
    .where(
        outbox.c.token == bindparam("of_token"), outbox.c.state == READY, outbox.c.payload.is_(None)
    )
    .values(token=bindparam("to_token"))
)
_ENDED = (
    select(send_pace.c.token, send_pace.c.dead_reason, send_pace.c.dead_at)
    .where(send_pace.c.chat == "", send_pace.c.dead_reason.is_not(None))
    .order_by(send_pace.c.dead_at)
)
_INSTALLED = (
    select(sa.func.count())
    .select_from(installations)
    .where(installations.c.bot_token_encrypted.is_not(None))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A token that nothing goes out through, and the platform's or our own word for it."""

    token: str
    why: str
    since: datetime

    @property
    def is_removal(self) -> bool:
        """It was the workspace's own wish, not a fault."""
        return self.why in (UNINSTALLED, "not_installed")


def suspend(work: UnitOfWork, token: str, why: str) -> None:
    """The token is no good: nothing goes out through it until `resume`.

    A platform without workspaces has the operator's one token, whose death says nothing about
    anybody.
    """
    send_rate_limit.disable_token(work, token, why)
    platform, workspace = BotToken.read(token)
    if workspace:
        work.run(_SUSPEND, {"of_platform": platform, "of_workspace": workspace, "at": work.now})


def resume(work: UnitOfWork, token: str) -> None:
    """The token works again: what waits for it goes out."""
    if not send_rate_limit.enable_token(work, token):
        return
    platform, workspace = BotToken.read(token)
    work.run(_CLOSE_STALE, {"of_token": token, "before": work.now - STALE, "at": work.now})
    work.run(_RETURN, {"of_platform": platform, "of_workspace": workspace})


def take_over(work: UnitOfWork, platform: str, workspace: str, organisation: str) -> bool:
    """What came from a workspace comes by its organisation's installation now, so its people go by
    that from here on, with all they have. Says whether there were any. Somebody whom the
    organisation knows already stays two: nobody is joined by a guess.
    """
    here = {"of_platform": platform, "of_workspace": workspace}
    joined = here | {"organisation": organisation}
    if not work.run(_JOIN_ACCOUNTS, joined).rowcount:
        return False
    work.run(_RETURN, here)
    work.run(_JOIN_CONVERSATIONS, joined)
    work.run(_JOIN_NUDGES, joined)
    work.run(
        _JOIN_BOOKED,
        {
            "of_token": BotToken(platform, workspace).key,
            "to_token": BotToken(platform, organisation).key,
        },
    )
    return True


async def read_sealed_tokens(url: str) -> tuple[str, ...]:
    """For an operator: every workspace's token as it is kept, encrypted."""

    def look(connection: sa.Connection) -> tuple[str, ...]:
        if not sa.inspect(connection).has_table(installations.name):
            return ()
        column = installations.c.bot_token_encrypted
        return tuple(connection.execute(sa.select(column).where(column.is_not(None))).scalars())

    database = Database(url)
    try:
        return await database.look(look)
    finally:
        await database.close()


async def overview_of_workspaces(url: str) -> tuple[int, tuple[Ended, ...]]:
    """For an operator: how many workspaces have the bot installed, and which tokens have ended.

    Changes nothing.
    """

    def look(connection: sa.Connection) -> tuple[int, tuple[Ended, ...]]:
        if not sa.inspect(connection).has_table(send_pace.name):
            return 0, ()
        ended = (
            Ended(token=row.token, why=row.dead_reason, since=row.dead_at)
            for row in connection.execute(_ENDED)
        )
        return connection.execute(_INSTALLED).scalar_one(), tuple(ended)

    database = Database(url)
    try:
        return await database.look(look)
    finally:
        await database.close()
