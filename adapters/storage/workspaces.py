"""Bot tokens that die and come back, with the people whose nudges go through them.

While a token is dead nothing goes out through it, and those of its workspace who wait for nudges are suspended. When it works
again their nudges go on by themselves, and the next one says why they had paused: see bot.state.RETURNED.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from adapters.storage import pace
from adapters.storage.tables import ANSWER, READY, Instant, outbox, people, subscriptions
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
