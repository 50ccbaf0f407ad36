"""Edits that change nothing: Telegram tells of an edit where only something invisible moved (a
first reaction, a preview).

Such an edit must not be answered, or 'Step 1 done' becomes 'was ticked already'. Of the latest
texts a fingerprint is kept.
"""

from dataclasses import replace
from hashlib import blake2b
from typing import Final

from bot.core.events import Event, Said
from bot.core.state import State
from bot.core.turn import Turn

KEPT: Final = 8
"""So many texts back an edit that changes nothing is known for one."""


def is_unchanged(state: State, event: Event) -> bool:
    """Whether this is the edit of a text that reads as it did."""
    match event.body:
        case Said(edit_of=edit_of) if edit_of:
            return _mark_of(event) in state.conversation.read
        case _:
            return False


def noted(turn: Turn, event: Event) -> Turn:
    """The turn, with its text known to an edit that may follow."""
    mark = _mark_of(event)
    if not mark or mark in turn.state.conversation.read:
        return turn
    conversation = turn.state.conversation
    conversation = replace(conversation, read=(mark, *conversation.read)[:KEPT])
    return replace(turn, state=replace(turn.state, conversation=conversation))


def _mark_of(event: Event) -> str:
    """A fingerprint of the text and its place; '' for what cannot be edited."""
    match event.body:
        case Said(text=text, message=message) if message and event.surface.edits:
            return blake2b(f"{message}\0{text}".encode(), digest_size=8).hexdigest()
        case _:
            return ""
