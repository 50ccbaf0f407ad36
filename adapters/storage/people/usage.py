"""What people do with the bot, for those who run it: how many, never who.

Asked for by hand and seldom, so it may walk the tables.
"""

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select

from adapters.storage.sql.tables import ANSWER, MICROSECOND, Instant, outbox, people
from adapters.storage.sql.transaction import UnitOfWork

WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=28)


def _number(column: sa.ColumnElement[datetime]) -> sa.ColumnElement[int]:
    """An instant as the microseconds that it is kept as."""
    return sa.type_coerce(column, sa.BigInteger)


_HAS_A_PLAN = people.c.state.like('%"progress":{%')
_ACTIVE = select(func.count(outbox.c.person_id.distinct())).where(
    outbox.c.lane == ANSWER, outbox.c.created_at > bindparam("week_ago", type_=Instant)
)
_nudge, _answer = outbox.alias("nudge"), outbox.alias("answer")
_sent = sa.and_(
    _nudge.c.subscription_id.is_not(None),
    _nudge.c.state == "sent",
    _nudge.c.closed_at > bindparam("month_ago", type_=Instant),
)
_written_after = sa.exists().where(
    _answer.c.person_id == _nudge.c.person_id,
    _answer.c.lane == ANSWER,
    _answer.c.created_at > _nudge.c.closed_at,
    _number(_answer.c.created_at) - _number(_nudge.c.closed_at) <= WEEK // MICROSECOND,
)
_USAGE = select(
    select(func.count()).select_from(people).scalar_subquery().label("people"),
    _ACTIVE.scalar_subquery().label("active"),
    select(func.count()).select_from(people).where(_HAS_A_PLAN).scalar_subquery().label("plans"),
    select(func.count()).select_from(_nudge).where(_sent).scalar_subquery().label("nudges"),
    select(func.count())
    .select_from(_nudge)
    .where(_sent, _written_after)
    .scalar_subquery()
    .label("nudges_answered"),
)


def usage(work: UnitOfWork) -> dict[str, int]:
    """`people`; `active`: who wrote or tapped in the last seven days; `plans`: who has one;
    `nudges` that went out in the last four weeks, and of them `nudges_answered`: whoever got it
    wrote or tapped within a week.
    """
    since = {"week_ago": work.now - WEEK, "month_ago": work.now - MONTH}
    return dict(work.run(_USAGE, since).one()._asdict())
