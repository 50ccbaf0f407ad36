"""Messages that were begun twice and of which nobody knows whether they arrived: logged, and noted
with their person.

They are not sent again, since that might be a third copy. The person reads of them with the next
thing they read.
"""

import logging
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import bindparam, select

from adapters.storage.outbox.outbox import HOMES
from adapters.storage.people import people
from adapters.storage.sql.tables import outbox
from adapters.storage.sql.transaction import UnitOfWork
from bot.core.state import Uncertain

log = logging.getLogger(__name__)

MOST = 3
"""So many are told of; the older ones are left out."""

_ROW = select(
    outbox.c.person_id, outbox.c.chat, outbox.c.lane, outbox.c.due_at, outbox.c.created_at
).where(outbox.c.id == bindparam("row"))


def note(work: UnitOfWork, closed: Collection[int]) -> None:
    """`closed`: the rows that have just been set aside.

    A home page is not missed: the next one holds everything.
    """
    for one in closed:
        log.error(
            "message %d: begun twice, and nobody knows whether it arrived; not sent again", one
        )
        row = work.run(_ROW, {"row": one}).one()
        person = None
        if row.person_id is not None and not row.chat.startswith(HOMES):
            person = people.of_id(work, row.person_id)
        if person is not None:
            kept = (*person.uncertain, Uncertain(kind=row.lane, at=row.due_at or row.created_at))
            people.save_person(work, person, replace(person, uncertain=kept[-MOST:]))
