"""The private addresses that calendars fetch: whose one is, and what it gave last.

Only fingerprints of addresses are known here.
"""

from dataclasses import replace
from hmac import compare_digest

from sqlalchemy import bindparam, select

from adapters.storage.people import people
from adapters.storage.sql.tables import people as people_table
from adapters.storage.sql.transaction import UnitOfWork
from bot.core.state import CalendarFeed, Person

_OWNER = select(people_table.c.id).where(people_table.c.feed_hash == bindparam("hashed"))


def owner(work: UnitOfWork, token_hash: str, *, locked: bool = False) -> Person | None:
    """Whose address it is; None where it is nobody's (any more)."""
    found = work.run(_OWNER, {"hashed": token_hash}).scalar()
    person = None
    if found:
        person = people.of_id(work, found, locked=locked)
    if person is None or person.feed is None:
        return None
    if compare_digest(person.feed.token_hash, token_hash):
        return person
    return None


def note(work: UnitOfWork, before: CalendarFeed, after: CalendarFeed) -> bool:
    """Keep what was given there. False: the address, or what it gave, has changed meanwhile."""
    person = owner(work, before.token_hash, locked=True)
    if person is None or person.feed != before:
        return False
    people.save_person(work, person, replace(person, feed=after))
    return True
