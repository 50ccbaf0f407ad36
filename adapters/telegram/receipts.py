"""What Telegram's answers mean for one message: every error translated once, here.

Telegram's descriptions are no stable interface, so the code decides first and a loose piece of the
description second.
"""

from telegram.error import TelegramError

from adapters.telegram.http_client import Answered, NeverLeft, NoAnswer
from bot.core.messages import (
    ChatMoved,
    Dropped,
    Malformed,
    NotSent,
    Receipt,
    TokenDead,
    Unclear,
    Unreachable,
)

RETRY_SECONDS = 2.0
"""After a refused connection or a server error; delivery lengthens it."""

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
LIMIT_SECONDS = 5.0
"""After a 429 that does not say how long."""

_NO_RIGHTS = (
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "topic_closed",
    "topic closed",
    "topic is closed",
    "chat_write_forbidden",
    "chat_restricted",
)
_NO_MEDIA = (
    "photo_",
    "image_process",
    "file_too_big",
    "file is too big",
    "not enough rights to send photos",
    "not enough rights to send documents",
    "not enough rights to send media",
    "chat_send_photos_forbidden",
    "chat_send_docs_forbidden",
    "chat_send_media_forbidden",
)
_NO_CHAT = ("chat not found", "chat_id is empty", "peer_id_invalid", "user not found")
_GONE = (
    ("blocked", "blocked"),
    ("deactivated", "deactivated"),
    ("can't initiate", "never_started"),
    ("kicked", "removed"),
    ("not a member", "removed"),
    ("deleted", "removed"),
)
"""A piece of the description, and the word the conversation has for it."""
_NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)


def receipt(error: TelegramError, *, plain: bool = False) -> Receipt:
    """`plain`: the message was already sent without formatting,
    so a refusal of its bytes is final.
    """
    match error:
        case NeverLeft():
            return NotSent(RETRY_SECONDS, str(error))
        case Answered():
            return _refusal(error, plain=plain)
        case NoAnswer():
            return Unclear(str(error))
        case _:
            return Unclear(type(error).__name__)


def edit_is_lost(error: Answered) -> bool:
    """The message to rewrite is gone or cannot be rewritten: certainly nothing happened."""
    return error.status == 400 and _says(error, _NOT_EDITABLE)


def edit_is_same(error: Answered) -> bool:
    """The message reads like this already."""
    return error.status == 400 and "message is not modified" in error.description


def media_is_refused(error: Answered) -> bool:
    """Not the words beside it: the picture's size, shape or bytes, or a group where the bot may
    write and send nothing else.
    """
    return error.status == 413 or (error.status == 400 and _says(error, _NO_MEDIA))


def button_is_unknown(error: Answered) -> bool:
    """A kind of button that an older server does not know is to it one that does nothing."""
    return error.status == 400 and "unallowed" in error.description


def thread_is_lost(error: Answered) -> bool:
    return error.status == 400 and "message thread not found" in error.description


def _refusal(error: Answered, *, plain: bool) -> Receipt:
    if error.new_chat:
        return ChatMoved(error.new_chat)
    match error.status:
        case 429:
            # Telegram does not say whether the chat's limit or the token's was hit: both wait,
            # answers elsewhere go on.
            seconds = LIMIT_SECONDS if error.retry_after is None else error.retry_after
            return NotSent(seconds, "flood control", limited=True, bulk=True)
        case 401 | 404:
            return TokenDead(error.description)
        case 403:
            return Unreachable(_reason_of_loss(error) or "forbidden")
        case 400 if _reason_of_loss(error) == "deactivated":
            return Unreachable("deactivated")
        case 400 if _says(error, _NO_CHAT):
            return Unreachable("never_started")
        case 400 if _says(error, _NO_RIGHTS):
            return Unreachable("no_rights")
        case 400 if edit_is_same(error):
            return Dropped(error.description)
        case 409:
            return NotSent(RETRY_SECONDS, error.description)
        case status if status >= 500 and error.certain:
            return NotSent(RETRY_SECONDS, error.description)
        case status if status >= 500:
            return Unclear(str(status))
        case _:
            return Dropped(error.description) if plain else Malformed(error.description)


def _reason_of_loss(error: Answered) -> str:
    return next((word for piece, word in _GONE if piece in error.description), "")


def _says(error: Answered, pieces: tuple[str, ...]) -> bool:
    return any(piece in error.description for piece in pieces)
