"""One platform message on its way out, and what became of it.

A `Message` is what a row of the outbox holds. A `Receipt` is a transport's plain account of one
attempt: transports decide nothing, they translate every platform error once, here-named; delivery
decides what follows.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.core.events import Chat

Lane = Literal["answer", "nudge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a message goes.

    `chat.thread` says which thread. `only_to`: a user id who alone may see it. `edit_of`: the id of
    our message to rewrite. `token`: an answer address good until `token_until`. `in_ack`: the first
    attempt travels in the acknowledgement; any later one by `token`. `home`: the person's home page
    instead of a chat.
    """

    chat: Chat
    only_to: str = ""
    edit_of: str = ""
    token: str = field(default="", repr=False)
    token_until: datetime | None = None
    in_ack: bool = False
    home: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`payload` is the platform's own JSON, made by its renderer;
    `fallback` the same content as plain text.
    """

    address: Address
    payload: Mapping[str, object]
    fallback: str
    lane: Lane = "answer"
    answers: str = ""
    """The platform's id of the person's text that this answers:
    an edit of that text is to edit this.
    """
    plain_only: bool = False
    """The formatting was refused once: send `fallback`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message whose intent to send is committed.

    `attempt` fences every later write about it. `id` is also the idempotency mark where a platform
    lets us look (Slack message metadata). `resent`: an earlier attempt may have arrived.
    """

    id: int
    attempt: int
    message: Message
    resent: bool = False
    due_at: datetime | None = None
    """A nudge's due instant."""
    turn: str = ""
    """The reference number of the turn that it comes from, for the log."""


Begin = Callable[[], Awaitable[None]]
"""Awaited by a transport when a connection is at hand, before anything is written to it of which a
second copy could come. What may be repeated without harm (a question, an edit, a page as a whole)
begins nothing. Where it raises, nothing may be written.
"""


async def mark_nothing() -> None:
    """For a message of which nobody keeps whether its call began."""


@dataclass(frozen=True, slots=True)
class Delivered:
    ref: str = ""
    """The platform's id of the message, for later edits."""


@dataclass(frozen=True, slots=True)
class NotSent:
    """Certainly not accepted, and worth trying again after `seconds`: connection refused, 429
    (`limited`), 5xx with a body.
    """

    seconds: float
    reason: str
    limited: bool = False
    bulk: bool = False
    """The limit is the whole token's, not this chat's."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """The request left and no answer came: it may have arrived."""

    reason: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """The platform refuses these bytes; as plain text it may take them."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The chat or person cannot be written to: blocked, deactivated, archived, never started us."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """The chat has another id now."""

    new_id: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Needless or hopeless for this one message (edit of the same text, expired token): close it,
    tell nobody.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class TokenDead:
    """The bot's token for this platform or workspace is no good: stop sending there,
    tell the operator.
    """

    reason: str


Receipt = Delivered | NotSent | Unclear | Malformed | Unreachable | ChatMoved | Dropped | TokenDead
