"""Erasing a person: every row that says anything about them. What stays is a hash of each account, for a while, so that a
redelivered message from before does not bring them back.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from adapters.storage import people
from adapters.storage.tables import (
    SENDING,
    accounts,
    conversations,
    link_codes,
    link_tries,
    outbox,
    subscriptions,
    tombstones,
    unanswered,
)
from adapters.storage.tables import people as people_table
from adapters.storage.work import Work, upserting
from bot.state import Person

_OF_PERSON = tuple(
    sa.delete(table).where(table.c.person_id == bindparam("person"))
    for table in (accounts, conversations, subscriptions, link_codes, link_tries, unanswered)
)
_PERSON = sa.delete(people_table).where(people_table.c.id == bindparam("person"))
_ROWS = sa.delete(outbox).where(outbox.c.person_id == bindparam("person"), outbox.c.state != SENDING)
_IN_THE_AIR = (
    sa.update(outbox)
    .where(outbox.c.person_id == bindparam("person"))
    .values(
        person_id=None,
        payload=None,
        fallback=None,
        resent=True,  # its words are gone, so it is never sent again
        subscription_id=None,
    )
)
_TOMBSTONE = upserting(
    lambda insert: (
        made := insert(tombstones),
        made.on_conflict_do_update(index_elements=[tombstones.c.account_hash], set_={"at": made.excluded.at}),
    )[1]
)


def erase(work: Work, person: Person, *, at: datetime | None = None) -> None:
    """Nothing about the person is left. With `at`, what happened to their accounts until then counts as done."""
    who = {"person": person.id}
    for statement in _OF_PERSON:
        work.run(statement, who)
    work.run(_ROWS, who)
    work.run(_IN_THE_AIR, who)
    work.run(_PERSON, who)
    if at is not None and person.accounts:
        work.run(_TOMBSTONE, [{"account_hash": people.account_hash(account), "at": at} for account in person.accounts])
