"""Bot tokens that die and come back, with the people whose nudges go through them.

While a token is dead nothing goes out through it, and those of its workspace who wait for nudges are suspended. When it works
again their nudges go on by themselves, and the next one says why they had paused: see bot.state.RETURNED.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from adapters.storage import pace
from adapters.storage.database import Database
from adapters.storage.tables import ANSWER, READY, Instant, installations, outbox, people, send_pace, subscriptions
from adapters.storage.work import Work
from bot.state import REACHABLE, RETURNED

UNINSTALLED = "uninstalled"

STALE = timedelta(days=2)
"""An answer that could not be given for so long is not given any more: nobody remembers the question."""

_here = sa.and_(people.c.nudge_platform == bindparam("of_platform"), people.c.nudge_workspace == bindparam("of_workspace"))
_awaits_nudges = sa.exists(select(subscriptions.c.id).where(subscriptions.c.person_id == people.c.id, subscriptions.c.active))
_SUSPEND = (
    sa.update(people)
    .where(_here, people.c.unreachable.in_(REACHABLE), _awaits_nudges)
    .values(unreachable=UNINSTALLED, unreachable_at=bindparam("at", type_=Instant))
)
_RETURN = sa.update(people).where(_here, people.c.unreachable == UNINSTALLED).values(unreachable=RETURNED, unreachable_at=None)
_CLOSE_STALE = (
    sa.update(outbox)
    .where(
        outbox.c.token == bindparam("of_token"),
        outbox.c.state == READY,
        outbox.c.lane == ANSWER,
        outbox.c.created_at < bindparam("before", type_=Instant),
    )
    .values(state="closed", closed_at=bindparam("at", type_=Instant), error="too late", payload=None, fallback=None, address=None)
)


_ENDED = (
    select(send_pace.c.token, send_pace.c.dead_reason, send_pace.c.dead_at)
    .where(send_pace.c.chat == "", send_pace.c.dead_reason.is_not(None))
    .order_by(send_pace.c.dead_at)
)
_INSTALLED = select(sa.func.count()).select_from(installations).where(installations.c.bot_token_encrypted.is_not(None))


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


def suspend(work: Work, token: str, why: str) -> None:
    """The token is no good: nothing goes out through it until `resume`. A platform without workspaces has the operator's one
    token, whose death says nothing about anybody.
    """
    pace.bury(work, token, why)
    platform, _, workspace = token.partition(":")
    if workspace:
        work.run(_SUSPEND, {"of_platform": platform, "of_workspace": workspace, "at": work.now})


def resume(work: Work, token: str) -> None:
    """The token works again: what waits for it goes out."""
    if not pace.revive(work, token):
        return
    platform, _, workspace = token.partition(":")
    work.run(_CLOSE_STALE, {"of_token": token, "before": work.now - STALE, "at": work.now})
    work.run(_RETURN, {"of_platform": platform, "of_workspace": workspace})


async def looked_over(url: str) -> tuple[int, tuple[Ended, ...]]:
    """For an operator: how many workspaces have the bot installed, and which tokens have ended. Changes nothing."""

    def look(connection: sa.Connection) -> tuple[int, tuple[Ended, ...]]:
        if not sa.inspect(connection).has_table(send_pace.name):
            return 0, ()
        ended = (Ended(token=row.token, why=row.dead_reason, since=row.dead_at) for row in connection.execute(_ENDED))
        return connection.execute(_INSTALLED).scalar_one(), tuple(ended)

    database = Database(url)
    try:
        return await database.look(look)
    finally:
        await database.close()
