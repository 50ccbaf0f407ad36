"""Erasing a person: every row that says anything about them.

What stays is a salted hash of each account, for a while, so that a redelivered message from before
does not bring them back.

A message in the air loses its row too: what becomes of it is recorded nowhere, and it is never sent
again. The farewell that follows belongs to nobody; its row says where it goes until it is there,
and no longer (see adapters.storage.outbox).
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import bindparam

from adapters.storage.people import people
from adapters.storage.sql.tables import (
    accounts,
    conversations,
    errands,
    link_codes,
    link_tries,
    outbox,
    send_pace,
    subscriptions,
    tombstones,
    unanswered,
)
from adapters.storage.sql.tables import people as people_table
from adapters.storage.sql.transaction import UnitOfWork, upserting
from bot.core.bot_token import BotToken
from bot.core.state import Person

_OF_PERSON = tuple(
    sa.delete(table).where(table.c.person_id == bindparam("person"))
    for table in (
        accounts,
        conversations,
        subscriptions,
        errands,
        outbox,
        link_codes,
        link_tries,
        unanswered,
    )
)
_PERSON = sa.delete(people_table).where(people_table.c.id == bindparam("person"))
_CHATS = sa.select(conversations.c.platform, conversations.c.workspace, conversations.c.chat).where(
    conversations.c.person_id == bindparam("person"), sa.not_(conversations.c.shared)
)
_PACE = sa.delete(send_pace).where(
    send_pace.c.token == bindparam("of_token"), send_pace.c.chat == bindparam("of_chat")
)
_TOMBSTONE = upserting(
    lambda insert: (
        made := insert(tombstones),
        made.on_conflict_do_update(
            index_elements=[tombstones.c.account_hash], set_={"at": made.excluded.at}
        ),
    )[1]
)


def erase(work: UnitOfWork, person: Person, *, at: datetime | None = None) -> None:
    """Nothing about the person is left.

    With `at`, what happened to their accounts until then counts as done.
    """
    who = {"person": person.id}
    if chats := _own_chats(work, person):
        work.run(_PACE, [{"of_token": token, "of_chat": chat} for token, chat in chats])
    for statement in (*_OF_PERSON, _PERSON):
        work.run(statement, who)
    if at is not None and person.accounts:
        work.run(
            _TOMBSTONE,
            [
                {"account_hash": people.account_hash(work, account), "at": at}
                for account in person.accounts
            ],
        )


def _own_chats(work: UnitOfWork, person: Person) -> list[tuple[str, str]]:
    """Token and chat of every place that is this person's alone.

    Their home page is paced by the name of its chat, or their own.
    """
    to = person.nudges_to
    places = {
        (row.platform, row.workspace, row.chat) for row in work.run(_CHATS, {"person": person.id})
    }
    places |= {(to.platform, to.workspace, to.id)} if to and not to.shared else set()
    places |= {(one.platform, one.workspace, one.user) for one in person.accounts}
    return sorted(
        (BotToken(platform, workspace).key, f"{home}{chat}")
        for platform, workspace, chat in places
        for home in ("", "home:")
    )
