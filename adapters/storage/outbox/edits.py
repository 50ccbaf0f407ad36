"""An edited text, and the message of ours that answered it: found among the outbox's rows, so that
it is known after a restart and to every replica.

Edits are rare and a person's rows few, so looking costs one walk of them and no index of its own.
"""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from adapters.storage.sql.tables import OPEN, outbox
from adapters.storage.sql.transaction import UnitOfWork
from bot.core.bot_token import BotToken
from bot.core.events import EDITED, Event, Said
from bot.core.messages import Address

PENDING = "row:"
"""Opens an `edit_of` that names one of our rows, because its message has no place on the platform
yet. Rows of a chat go out in their order, so the place is known when the edit's own turn comes.
"""

_ANSWER = (
    select(outbox.c.id, outbox.c.ref)
    .where(
        outbox.c.person_id == bindparam("person"),
        outbox.c.token == bindparam("of_token"),
        outbox.c.chat == bindparam("of_chat"),
        outbox.c.answers == bindparam("text"),
        sa.or_(outbox.c.ref.is_not(None), OPEN),
    )
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_PLACE = select(outbox.c.ref).where(outbox.c.id == bindparam("row"))


def find_target(work: UnitOfWork, event: Event, person: int) -> Event:
    """The event; an edit's says which message answered the text before, if one did."""
    match event.body:
        case Said(message=text, edit_of=edit_of) as said if edit_of == EDITED and text:
            of = {
                "person": person,
                "of_token": BotToken.of(event.chat).key,
                "of_chat": event.chat.id,
                "text": text,
            }
            row = work.run(_ANSWER, of).one_or_none()
            if row is None:
                return event
            return replace(event, body=replace(said, edit_of=row.ref or f"{PENDING}{row.id}"))
        case _:
            return event


def place(work: UnitOfWork, address: Address) -> Address:
    """The address of a message whose turn has come.

    What it was to rewrite may never have arrived: then it is a message of its own.
    """
    if not address.edit_of.startswith(PENDING):
        return address
    return replace(
        address,
        edit_of=work.run(_PLACE, {"row": int(address.edit_of.removeprefix(PENDING))}).scalar()
        or "",
    )
