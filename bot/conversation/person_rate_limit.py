"""How much of one person's talk is answered: a flood gets one polite sentence, then silence until
it ebbs.

The count is part of the conversation, so it holds over restarts and replicas, and needs no clock of
its own. Stopping the nudges is obeyed at any pace, and in any crowd
(bot.runtime.intake_rate_limit).
"""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from bot.conversation.care import is_urgent
from bot.core.command_line import parse
from bot.core.events import Event, Pressed, Said, Submitted
from bot.core.state import State
from content.content import Content

WINDOW = timedelta(seconds=10)
MESSAGES = 40
"""Answered within one window, per person and chat. Nobody reads faster."""

CROWD_TOLD_AGAIN = timedelta(hours=1)

Verdict = Literal["answer", "too_fast", "too_many", "silence"]
"""The notices by their phrases."""


def check(content: Content, state: State, event: Event) -> tuple[State, Verdict]:
    """The state with this event counted, and what to do with it.

    Only what a person does is counted.
    """
    if (
        event.surface.own_machine
        or not isinstance(event.body, Said | Pressed | Submitted)
        or _stops(content, state, event)
    ):
        return state, "answer"
    conversation = state.conversation
    if event.crowded and is_urgent(content, event):
        return state, "answer"
    if event.crowded:
        told = conversation.crowd_told_at
        if told is not None and timedelta() <= event.at - told < CROWD_TOLD_AGAIN:
            return state, "silence"
        return replace(
            state, conversation=replace(conversation, crowd_told_at=event.at)
        ), "too_many"
    since = conversation.burst_since
    if since is None or not timedelta() <= event.at - since <= WINDOW:  # a clock may be set back
        return replace(
            state, conversation=replace(conversation, burst_since=event.at, burst=1)
        ), "answer"
    count = conversation.burst + 1
    state = replace(state, conversation=replace(conversation, burst=count))
    if count <= MESSAGES:
        return state, "answer"
    return state, "too_fast" if count == MESSAGES + 1 else "silence"


def _stops(content: Content, state: State, event: Event) -> bool:
    """Does it ask to stop nudges that are running? Without any it is a message like the others."""
    return any(subscription.active for subscription in state.person.subscriptions) and asks_to_stop(
        content, event
    )


def asks_to_stop(content: Content, event: Event) -> bool:
    """Does it ask to stop nudges, if there are any?"""
    match event.body:
        case Said(reading=reading) if reading is not None:
            return reading.command == "unsubscribe" and reading.action == "answer"
        case Said(text=text) | Pressed(action=text):
            line = parse(content, text)
            return line is not None and line.command == "unsubscribe"
        case _:
            return False
