"""How much of one person's talk is answered: a flood gets one polite sentence, then silence until it ebbs.

The count is part of the conversation, so it holds over restarts and replicas, and needs no clock of its own.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from bot.events import Event, Pressed, Said, Submitted
from bot.state import State

WINDOW = timedelta(seconds=10)
MESSAGES = 40
"""Answered within one window, per person and chat. Nobody reads faster."""

Verdict = Literal["answer", "notice", "silence"]


def heed(state: State, event: Event) -> tuple[State, Verdict]:
    """The state with this event counted, and what to do with it. Only what a person does is counted."""
    if not isinstance(event.body, Said | Pressed | Submitted):
        return state, "answer"
    conversation = state.conversation
    since = conversation.burst_since
    if since is None or event.at - since > WINDOW:
        return replace(state, conversation=replace(conversation, burst_since=event.at, burst=1)), "answer"
    count = conversation.burst + 1
    state = replace(state, conversation=replace(conversation, burst=count))
    if count <= MESSAGES:
        return state, "answer"
    return state, "notice" if count == MESSAGES + 1 else "silence"
