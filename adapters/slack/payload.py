"""What one payload of Slack holds, read before anything is done about it. Pure."""

from dataclasses import dataclass
from datetime import datetime

from adapters.slack import forms
from adapters.slack.envelope import Payload, event_instant, workspace, workspaces_gone
from adapters.slack.parse import dm_just_opened, parse
from bot.core.command_line import names
from bot.core.events import Event
from content.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """`event`: None for what is no event of the conversation.

    `gone`: workspaces that took their grant back, when Slack said so. `direct`: a direct message
    that was just opened. `follows`: the open form as an answer leaves it.
    """

    event: Event | None
    where: str
    gone: tuple[str, ...]
    gone_at: datetime | None
    direct: str
    follows: forms.Follows | None
    door: forms.ModalTrigger


def read(content: Content, body: Payload, *, now: datetime, nonce: str) -> Reading:
    """Raises whatever a torn payload makes its readers raise."""
    gone = workspaces_gone(body)
    return Reading(
        event=parse(body, at=now, nonce=nonce, names=names(content)),
        where=workspace(body),
        gone=tuple(gone.split(",")) if gone else (),
        gone_at=event_instant(body),
        direct=dm_just_opened(body),
        follows=forms.follows_of(content, body, now),
        door=forms.door(body),
    )
