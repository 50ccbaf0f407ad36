"""Every way in which Slack or the network refuses a message, translated once into a receipt.

Nothing here decides what follows. A word of Slack's that nobody knew when this was written stops
that one message: never a retry storm, never a silent loss (the reason is recorded).
"""

from asyncio import TimeoutError as AsyncTimeoutError
from collections.abc import Mapping

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.core.messages import Dropped, Malformed, NotSent, Receipt, TokenDead, Unclear, Unreachable

INSTALLATION_DEAD = frozenset(
    """
    account_inactive token_revoked token_expired invalid_auth not_authed invalid_refresh_token
    app_uninstalled
    """.split()
)
RECIPIENT_DEAD = frozenset(
    {
        "user_not_found",
        "user_disabled",
        "user_not_visible",
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "user_not_in_channel",
        "cannot_dm_bot",
        "users_not_found",
        "team_access_not_granted",  # an organisation took this one of its workspaces away
    }
)
REFRESH_TOKEN_DEAD = frozenset(
    {"invalid_refresh_token", "token_revoked", "account_inactive", "invalid_grant"}
)
"""What Slack says of a refresh token that it never takes again."""

CONFIGURATION = frozenset(
    {
        "missing_scope",
        "messages_tab_disabled",
        "not_allowed_token_type",
        "no_permission",
        "not_enabled",
    }
)
MALFORMED = frozenset(
    """
    invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text
    invalid_arguments metadata_too_large too_many_attachments markdown_text_conflict
    invalid_payload
    """.split()
)
NOTHING_TO_EDIT = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
"""The message to rewrite is gone or closed: the answer comes as a message of its own."""

ANSWER_ADDRESS_SPENT = frozenset(
    {
        "used_url",
        "expired_url",
        "expired_trigger_id",
        "no_service",
        "channel_not_found",
        "invalid_token",
    }
)
"""What a response_url says when it takes no more: the next door is tried."""

_LATER = {
    "service_unavailable": 30.0,
    "request_timeout": 2.0,
    "team_added_to_org": 3600.0,
    "org_login_required": 3600.0,
}
_UNCLEAR = frozenset({"internal_error", "fatal_error"})
"""Slack's reference warns that part of such a call may have succeeded."""

_LIMITED = frozenset({"ratelimited", "rate_limited"})

SECONDS_AFTER_LIMIT = 30.0
SECONDS_AFTER_NOT_RENEWED = 10.0
SECONDS_AFTER_REFUSED_CONNECTION = 2.0
SECONDS_AFTER_SERVER_ERROR = 5.0

HTTP_LIMITED = 429
HTTP_SERVER_ERROR = 500


class NotRenewed(ConnectionError):  # noqa: N818 -- it says what happened
    """A token has ended and could not be renewed just now.

    Nothing was sent with it; later it may work.
    """


def word_of(error: SlackApiError) -> str:
    """Slack's own word for the error; empty where the body was no JSON
    (then `response` may be of any type).
    """
    data = error.response
    if not isinstance(data, Mapping):
        data = getattr(data, "data", None)
    if not isinstance(data, Mapping):
        return ""
    return str(data.get("error") or "")


def receipt_for(error: BaseException) -> Receipt:
    """The receipt for what a call raised."""
    match error:
        case SlackApiError():
            headers = getattr(error.response, "headers", {})
            status = getattr(error.response, "status_code", None) or getattr(
                error.response, "status", 200
            )
            return receipt_of(
                word_of(error), status=status or 200, retry_after=headers.get("Retry-After")
            )
        case NotRenewed():
            return NotSent(SECONDS_AFTER_NOT_RENEWED, "its token could not be renewed yet")
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return NotSent(SECONDS_AFTER_REFUSED_CONNECTION, type(error).__name__)
        case aiohttp.ClientError() | AsyncTimeoutError() | OSError():
            return Unclear(type(error).__name__)
        case _:
            return Dropped(f"failed: {type(error).__name__}")


def receipt_of(word: str, *, status: int = 200, retry_after: str | None = None) -> Receipt:
    """The receipt for Slack's word, or for a bare HTTP status where there is none."""
    if status == HTTP_LIMITED or word in _LIMITED:
        return NotSent(_seconds(retry_after), "ratelimited", limited=True)
    if word in _UNCLEAR:
        return Unclear(word)
    if word in _LATER:
        return NotSent(_LATER[word], word)
    if word in INSTALLATION_DEAD:
        return TokenDead(word)
    if word in RECIPIENT_DEAD:
        return Unreachable(word)
    if word in MALFORMED or word.startswith("invalid_blocks"):
        return Malformed(word)
    if word in CONFIGURATION:
        return Dropped(f"configuration: {word}")
    if not word and status >= HTTP_SERVER_ERROR:
        return NotSent(SECONDS_AFTER_SERVER_ERROR, f"http {status}")
    return Dropped(f"failed: {word or f'http {status}'}")


def _seconds(retry_after: str | None) -> float:
    try:
        return max(1.0, float(retry_after or SECONDS_AFTER_LIMIT))
    except ValueError:
        return SECONDS_AFTER_LIMIT
