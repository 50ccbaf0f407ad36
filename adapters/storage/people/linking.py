"""One person on several platforms: single-use codes, joining two people, and giving an account a
person of its own.

What the joined person knows is bot.core.merge_people's business; here rows move.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select

from adapters.storage.people import people
from adapters.storage.sql.tables import (
    READY,
    Instant,
    accounts,
    conversations,
    errands,
    link_codes,
    link_tries,
    outbox,
    subscriptions,
    unanswered,
)
from adapters.storage.sql.tables import people as people_table
from adapters.storage.sql.transaction import UnitOfWork, upserting
from bot.core.events import Account, Chat
from bot.core.merge_people import merge
from bot.core.state import Person

MOST_TRIES = 5
TRIES_WITHIN = timedelta(hours=1)
"""Wrong codes a person may try before they are asked to wait."""

_OFFER = upserting(lambda insert: insert(link_codes).on_conflict_do_nothing())
_CODE = select(link_codes).where(link_codes.c.code_hash == bindparam("hashed")).with_for_update()
_USE = (
    sa.update(link_codes)
    .where(link_codes.c.code_hash == bindparam("hashed"))
    .values(used_at=bindparam("now"))
)
_TRY = sa.insert(link_tries)
_TRIES = (
    select(func.count())
    .select_from(link_tries)
    .where(
        link_tries.c.person_id == bindparam("person"),
        link_tries.c.at > bindparam("since", type_=Instant),
    )
)
_COUNT_ACCOUNTS = (
    sa.update(people_table)
    .where(people_table.c.id == bindparam("person"))
    .values(
        accounts=select(func.count())
        .select_from(accounts)
        .where(accounts.c.person_id == people_table.c.id)
        .scalar_subquery()
    )
)
_theirs = conversations.alias("theirs")
_SAME_CHAT = sa.delete(conversations).where(
    conversations.c.person_id == bindparam("other"),
    sa.exists().where(
        _theirs.c.person_id == bindparam("kept"),
        _theirs.c.platform == conversations.c.platform,
        _theirs.c.workspace == conversations.c.workspace,
        _theirs.c.chat == conversations.c.chat,
        _theirs.c.thread == conversations.c.thread,
    ),
)
_HAND_OVER = tuple(
    sa.update(table)
    .where(table.c.person_id == bindparam("other"))
    .values(person_id=bindparam("kept"))
    for table in (accounts, conversations, outbox, errands, unanswered, link_codes)
)
_DROP = tuple(
    sa.delete(table).where(table.c.person_id == bindparam("other"))
    for table in (subscriptions, link_tries)
)
_DROP_PERSON = sa.delete(people_table).where(people_table.c.id == bindparam("other"))
_CLOSE_NUDGES = (
    sa.update(outbox)
    .where(
        outbox.c.person_id == bindparam("other"),
        outbox.c.subscription_id.is_not(None),
        outbox.c.state == READY,
    )
    .values(state="closed", closed_at=bindparam("now"), error="joined", payload=None, fallback=None)
)
_FREE_KEYS = (
    sa.update(outbox)
    .where(outbox.c.person_id == bindparam("whose"), outbox.c.subscription_id.is_not(None))
    .values(subscription_id=None)
)
_MOVE_ACCOUNT = (
    sa.update(accounts)
    .where(
        accounts.c.platform == bindparam("of_platform"),
        accounts.c.workspace == bindparam("of_workspace"),
        accounts.c.user_id == bindparam("of_user"),
    )
    .values(person_id=bindparam("to_person"))
)
_LEAVE_CHATS = sa.delete(conversations).where(
    conversations.c.person_id == bindparam("person"),
    conversations.c.platform == bindparam("of_platform"),
    conversations.c.workspace == bindparam("of_workspace"),
)
_PRIVATE_CHAT = (
    select(conversations)
    .where(conversations.c.person_id == bindparam("person"), sa.not_(conversations.c.shared))
    .order_by(conversations.c.touched_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a code leads to: `outcome` says whether it is good, `person` whose it is."""

    outcome: str
    person: int = 0
    platform: str = ""


def offer(
    work: UnitOfWork, person: Person, account: Account, code_hash: str, expires_at: Any
) -> None:
    row = {
        "code_hash": code_hash,
        "person_id": person.id,
        "platform": account.platform,
        "expires_at": expires_at,
        "used_at": None,
    }
    work.run(_OFFER, row)


def look_up(work: UnitOfWork, person: Person, code_hash: str) -> Offer:
    """Is this code good for this person? Wrong ones are counted."""
    if (
        work.run(_TRIES, {"person": person.id, "since": work.now - TRIES_WITHIN}).scalar()
        >= MOST_TRIES
    ):
        return Offer(outcome="throttled")
    row = work.run(_CODE, {"hashed": code_hash}).one_or_none()
    if row is None:
        work.run(_TRY, {"person_id": person.id, "at": work.now})
        return Offer(outcome="unknown")
    outcome = "ok"
    if row.used_at is not None:
        outcome = "used"
    elif row.expires_at < work.now:
        outcome = "expired"
    elif row.person_id == person.id:
        outcome = "own"
    return Offer(outcome=outcome, person=row.person_id, platform=row.platform)


def join(work: UnitOfWork, mine: Person, code_hash: str, keep: str) -> tuple[str, Person]:
    """Make two people one, if the code is good.

    The one whose plan is kept keeps its id as well. Returns the outcome and whoever has the account
    now.
    """
    found = look_up(work, mine, code_hash)
    theirs = None
    if found.outcome == "ok":
        theirs = people.of_id(work, found.person)
    if theirs is None:
        return found.outcome if found.outcome != "ok" else "unknown", mine
    work.run(_USE, {"hashed": code_hash, "now": work.now})
    kept, other = (mine, theirs) if keep == "mine" else (theirs, mine)
    one = merge(kept, other)
    both = {"kept": kept.id, "other": other.id}
    if kept.subscriptions:
        work.run(_CLOSE_NUDGES, {"other": other.id, "now": work.now})
        work.run(_FREE_KEYS, {"whose": other.id})
    else:
        work.run(_FREE_KEYS, {"whose": kept.id})
    for statement in (*_DROP, _SAME_CHAT, *_HAND_OVER, _DROP_PERSON):
        work.run(statement, both)
    work.run(_COUNT_ACCOUNTS, {"person": kept.id})
    people.save_person(work, kept, one)
    return "ok", one


def unlink(work: UnitOfWork, person: Person, account: Account) -> Person:
    """Give `account` a person of its own. Returns the one whose history stays, as it is now."""
    if account not in person.accounts or len(person.accounts) == 1:
        return person
    fresh = people.new_person(work)
    where = {"of_platform": account.platform, "of_workspace": account.workspace}
    work.run(_MOVE_ACCOUNT, where | {"of_user": account.user, "to_person": fresh})
    work.run(_COUNT_ACCOUNTS, {"person": person.id})
    left = replace(person, accounts=tuple(one for one in person.accounts if one != account))
    if any(
        (one.platform, one.workspace) == (account.platform, account.workspace)
        for one in left.accounts
    ):
        return left
    work.run(_LEAVE_CHATS, where | {"person": person.id})
    to = left.nudges_to
    if to and (to.platform, to.workspace) == (account.platform, account.workspace):
        elsewhere = replace(left, nudges_to=_private_chat(work, person.id))
        people.save_person(work, left, elsewhere)
        left = elsewhere
    return left


def _private_chat(work: UnitOfWork, person: int) -> Chat | None:
    row = work.run(_PRIVATE_CHAT, {"person": person}).one_or_none()
    if not row:
        return None
    return Chat(platform=row.platform, workspace=row.workspace, id=row.chat, thread=row.thread)
