"""Replies to a message of the bot's: a Telegram reply, or the first words in a Slack thread under
an answer.

'Why', 'after tax' and 'yes' then mean that message, however much was said since. The store knows
which turn made a message; here is kept what that turn answered and asked.
"""

from dataclasses import replace
from typing import Final

from bot.core.events import Event, Said
from bot.core.state import Conversation, StandingAnswer, State
from bot.core.turn import Turn

KEPT: Final = 8
"""So many answers back a reply is understood."""


def replied_to(state: State, event: Event) -> State:
    """The state in which the answer that the event replies to is the last one,
    and its question is open.
    """
    match event.body:
        case Said(reply_turn=turn) if turn:
            found = _standing(state.conversation, turn)
        case _:
            return state
    if found is None:
        return state
    last = found.last and replace(found.last, at=event.at)
    question = found.question and replace(found.question, at=event.at)
    return replace(state, conversation=replace(state.conversation, last=last, question=question))


def _standing(conversation: Conversation, turn: str) -> StandingAnswer | None:
    return next((one for one in conversation.standing if one.turn == turn), None)


def noted(before: State, turn: Turn, event: Event) -> Turn:
    """The turn, with what it answered kept for replies to it.

    What only repeats the answer before it is not kept again.
    """
    conversation, old = turn.state.conversation, before.conversation
    says_more = conversation.last is not old.last or conversation.question is not None
    if not (event.turn and turn.replies and says_more):
        return turn
    answer = StandingAnswer(turn=event.turn, last=conversation.last, question=conversation.question)
    others = (one for one in conversation.standing if one.turn != event.turn)
    standing = (answer, *others)[:KEPT]
    return replace(
        turn, state=replace(turn.state, conversation=replace(conversation, standing=standing))
    )
