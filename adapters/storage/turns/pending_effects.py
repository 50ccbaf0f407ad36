"""Errands: what a turn leaves to be found out outside the database, kept until its answer is
committed.

An errand is written in its turn's commit and taken back in the commit of the turn that answers it.
So a kill in between loses nobody's answer, and of several that run the same errand only one
answers.
"""

import logging
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from adapters.storage.sql import codec
from adapters.storage.sql.tables import Instant, errands
from adapters.storage.sql.transaction import UnitOfWork
from bot.core.events import Event, Found
from bot.core.turn import CountTexts, Effect, LookUpZone, ReloadContent

log = logging.getLogger(__name__)

AGAIN = timedelta(seconds=15)
"""Whoever committed the turn runs its errand at once.

So much later it is given to anybody who asks, and then again.
"""
MOST = 50
"""Handed out at once."""

Errand = LookUpZone | ReloadContent | CountTexts
_NAMES = {LookUpZone.__name__, ReloadContent.__name__, CountTexts.__name__}

_KEEP = sa.insert(errands)
_DONE = sa.delete(errands).where(errands.c.key == bindparam("of_key"))
_LEFT = (
    select(errands)
    .where(errands.c.not_before <= bindparam("now", type_=Instant))
    .order_by(errands.c.not_before)
    .limit(MOST)
    .with_for_update(skip_locked=True)
)
_LATER = (
    sa.update(errands)
    .where(errands.c.key == bindparam("of_key"))
    .values(not_before=bindparam("later"))
)


def name(event: Event, effect: Effect) -> str:
    """The key of the event that will answer this errand."""
    return f"{event.key}:{type(effect).__name__}"


def keep(work: UnitOfWork, event: Event, effect: Effect, person: int) -> None:
    row = {
        "key": _hash(name(event, effect)),
        "person_id": person,
        "errand": codec.errand_text(event, effect),
    }
    work.run(_KEEP, row | {"not_before": work.now + AGAIN})


def is_answer_too_late(work: UnitOfWork, event: Event) -> bool:
    """Is this the answer to an errand that is not open any more? If it is open, it is done now."""
    match event.body:
        case Found(effect=effect) if effect in _NAMES:
            return work.run(_DONE, {"of_key": _hash(event.key)}).rowcount == 0
        case _:
            return False


def overdue(work: UnitOfWork) -> tuple[tuple[Event, Effect], ...]:
    """Those that nobody has answered in time."""
    found = []
    for row in work.run(_LEFT, {"now": work.now}).all():
        try:
            found.append(codec.errand_from(row.errand))
        except (KeyError, TypeError, ValueError) as error:
            log.error(  # noqa: TRY400 -- no texts in logs
                "an errand of another version cannot be read (%s): it is dropped",
                type(error).__name__,
            )
            work.run(_DONE, {"of_key": row.key})
        else:
            work.run(_LATER, {"of_key": row.key, "later": work.now + AGAIN})
    return tuple(found)


def _hash(key: str) -> str:
    """A key may name a person's chat."""
    return sha256(key.encode()).hexdigest()[:32]
