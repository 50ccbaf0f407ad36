"""What stands in Slack's acknowledgement of a command, tap or form, once its turn is known.

Pure: who acknowledges, and when, is the listener's.
"""

from collections.abc import Mapping
from typing import Any

from adapters.slack import render
from adapters.slack.block_kit import FILE, PICTURE, Kit, rich
from bot.core.events import Event, Submitted
from bot.core.form import Form
from bot.core.messages import Claimed, Message
from bot.core.ports import Outcome
from bot.core.reply import Text
from bot.core.turn import ShowForm


def claimed_for(outcome: Outcome) -> tuple[Claimed, ...]:
    """The messages that may travel in the acknowledgement."""
    return tuple(claimed for claimed in outcome.claimed if claimed.message.address.in_ack)


def form_of(outcome: Outcome) -> Form | None:
    """The form that the turn shows, if it shows one."""
    if outcome.turn is None:
        return None
    shown = (effect.form for effect in outcome.turn.effects if isinstance(effect, ShowForm))
    return next(shown, None)


# https://docs.slack.dev/interactivity/handling-user-interaction
def needs_receipt(message: Message) -> bool:
    """Whether a message may have to be sent again in another shape.

    Nobody learns whether Slack refused what an acknowledgement held, so pictures, files and native
    tables go by the answer address.
    """
    payload: Mapping[str, Any] = message.payload
    has_table = any(block["type"] == "table" for block in payload.get("blocks") or ())
    return PICTURE in payload or FILE in payload or has_table


def body_of(event: Event, message: Message, phrases: Mapping[str, str]) -> dict[str, Any]:
    """The acknowledgement with this answer in it: a sent form becomes the answer's modal."""
    payload = message.payload
    if isinstance(event.body, Submitted):
        # Our own renderer's list.
        blocks = list(payload["blocks"])  # type: ignore[call-overload]
        return update(render.modal(blocks, render.Words.of(phrases)))
    return {key: value for key, value in payload.items() if key != "replace_original"}


def update(view: Kit) -> dict[str, Any]:
    """The modal that was sent gives way to this one."""
    return {"response_action": "update", "view": view}


def private(words: str) -> dict[str, Any]:
    """A sentence that nobody else sees, and that replaces nothing."""
    return {"response_type": "ephemeral", "replace_original": False, "text": words}


def notice(phrases: Mapping[str, str], phrase: str) -> Kit:
    """A modal with one sentence."""
    return render.modal([rich((Text(phrases[phrase]),))], render.Words.of(phrases))
