"""A reply, and the turn that it is about: found among the outbox's rows, so that it is known after
a restart and to every replica.

A Slack thread has a conversation of its own; it begins with what stands where it hangs.
"""

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from adapters.storage.sql import codec
from adapters.storage.sql.tables import conversations, outbox
from adapters.storage.sql.transaction import UnitOfWork
from bot.core.bot_token import BotToken
from bot.core.events import Event, Said
from bot.core.state import Conversation, State

_TURN = (
    select(outbox.c.turn)
    .where(
        outbox.c.person_id == bindparam("person"),
        outbox.c.token == bindparam("of_token"),
        outbox.c.chat == bindparam("of_chat"),
        outbox.c.turn.is_not(None),
        sa.or_(outbox.c.ref == bindparam("message"), outbox.c.answers == bindparam("message")),
    )
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_OUTSIDE_THREADS = select(conversations.c.state).where(
    conversations.c.person_id == bindparam("person"),
    conversations.c.platform == bindparam("in_platform"),
    conversations.c.workspace == bindparam("in_workspace"),
    conversations.c.chat == bindparam("in_chat"),
    conversations.c.thread == "",
)


def find_turn(work: UnitOfWork, state: State, event: Event) -> tuple[State, Event]:
    """State and event; a reply's says which turn of this person's it is about.

    Later words in a thread are about the thread.
    """
    match event.body:
        case Said(reply_to=message) as said if message:
            pass
        case _:
            return state, event
    begins = event.chat.thread == message
    if begins and state.conversation.last is not None:
        return state, event
    who = {"person": state.person.id}
    place = {"of_token": BotToken.of(event.chat).key, "of_chat": event.chat.id, "message": message}
    turn = work.run(_TURN, who | place).scalar()
    if turn is None:
        return state, event
    if begins:
        state = replace(state, conversation=_conversation_around(work, state, event))
    return state, replace(event, body=replace(said, reply_turn=turn))


def _conversation_around(work: UnitOfWork, state: State, event: Event) -> Conversation:
    chat = event.chat
    place = {"in_platform": chat.platform, "in_workspace": chat.workspace, "in_chat": chat.id}
    around = work.run(_OUTSIDE_THREADS, {"person": state.person.id} | place).scalar()
    return replace(state.conversation, standing=codec.conversation_from(around).standing)
