"""Slack payloads become events. Pure: no network, no clock, no Slack SDK.

What is no business of the conversation (the bot's own messages, edits, joins, link buttons) becomes
None. Every event carries a key that stays the same when Slack delivers again; the envelope's id
does not and is never used.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.slack.emoji import emoji
from adapters.slack.surface import SURFACE
from bot.core.events import (
    Account,
    AnswerToken,
    Body,
    Chat,
    Event,
    OpenedHome,
    Pressed,
    Said,
    Submitted,
)

Payload = Mapping[str, Any]
"""A payload as Slack sent it: JSON of any shape, looked at here and nowhere else."""

# https://docs.slack.dev/interactivity/handling-user-interaction
ANSWER_MINUTES = 30
"""How long a response_url takes answers (at most five of them)."""

ACTION_MARK = "v1:"
"""Our own buttons' ids start with it; a later version may read older buttons by it."""

LINK_MARK = "v1:link:"
"""Buttons that open a page: Slack reports the click, nobody needs it."""

SHORTCUTS = {key: f"/form {key}" for key in ("points", "audit", "subscribe", "profile")}
"""Global shortcuts: callback id, which is also the form that they open, to command line."""

OPENS, REPLACES = "opens:", "replaces:"
"""Answer addresses of our own, for taps that Slack gives no response_url with: a trigger that opens
a modal, the id of one to replace.
"""

# A trigger_id opens one modal, and only so soon: https://docs.slack.dev/surfaces/modals
TRIGGER_SECONDS = 3

EXPLAIN = "explain"
"""The message shortcut: its callback id."""

_QUOTED_LINE = re.compile(r"^>.*$", re.MULTILINE)
"""Somebody else's words, shown above one's own. A message of nothing else asks, and never acts."""
_QUOTE_SIGN = re.compile(r"^>+ ?", re.MULTILINE)

_SPOKEN = (None, "file_share", "thread_broadcast", "me_message")
"""Subtypes of messages that a person wrote. All others (edits, joins, bots, topics) are dropped."""

_TIMESTAMP = re.compile(r"\d{10}\.\d{1,6}")
_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_NAMELESS = {"@": "someone", "#": "channel"}
"""Slack sends the id of a person or channel, often without the name that its author sees;
an id is no word.
"""
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("&(?:lt|gt|amp);")
_QUOTES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u00a0": " ",
        "\u202f": " ",
        "\x00": " ",
    }
)


def parse(body: Payload, *, at: datetime, nonce: str, names: Collection[str]) -> Event | None:
    """`names`: the command table's names and aliases,
    to tell `/salary senior` from `/pivot salary senior`.
    """
    if "command" in body:
        return _command(body, at, nonce, names)
    match body.get("type"):
        case "event_callback":
            return _event_of(body, at, nonce)
        case "block_actions":
            return _tap(body, at, nonce)
        case "view_submission":
            return _submission(body, at, nonce)
        case "shortcut":
            return _shortcut(body, at, nonce)
        case "message_action":
            return _message_shortcut(body, at, nonce)
        case _:
            return None


def workspaces_gone(body: Payload) -> str | None:
    """The workspace or organisation whose bot token is gone, or None.

    Revoked tokens of single people do not matter.
    """
    event = _of(body, "event")
    match event.get("type"):
        case "app_uninstalled":
            return workspace(body)
        case "tokens_revoked" if _of(event, "tokens").get("bot"):
            return workspace(body)
        case "team_access_revoked":
            return ",".join(str(team) for team in event.get("team_ids") or ()) or None
        case _:
            return None


def event_instant(body: Payload) -> datetime | None:
    """When an event happened by Slack's clock, to the second."""
    at = body.get("event_time")
    if not isinstance(at, int):
        return None
    return datetime.fromtimestamp(at, UTC)


def workspace(body: Payload) -> str:
    """The id that the installation goes by: the organisation's for an org-wide one,
    else the workspace's.
    """
    team, enterprise = _team(body), _enterprise(body)
    org_wide = _authorization(body).get("is_enterprise_install", body.get("is_enterprise_install"))
    if enterprise and (org_wide in (True, "true") or not team):
        return enterprise
    return team


def _authorization(body: Payload) -> Payload:
    """Whom an event is for.

    In a channel shared between companies the payload's own ids may be the other company's.
    """
    named = body.get("authorizations") or [{}]
    if not isinstance(named[0], Mapping):
        return {}
    return named[0]


def _team(body: Payload) -> str:
    """The workspace that the app was installed to, of the several that one payload may name."""
    installed = _of(body, "view").get("app_installed_team_id")
    named = installed or _authorization(body).get("team_id") or body.get("context_team_id")
    return str(named or _id(body, "team"))


def _enterprise(body: Payload) -> str:
    if authorization := _authorization(body):
        return str(authorization.get("enterprise_id") or "")
    return _id(body, "enterprise")


def _within(body: Payload) -> str:
    """The workspace's own id, where the installation goes by its organisation's."""
    team = _team(body)
    if team != workspace(body):
        return team
    return ""


def dm_just_opened(body: Payload) -> str:
    """The direct message that somebody just opened without having said anything;
    empty if this is something else.
    """
    event = _of(body, "event")
    opened = event.get("type") == "app_home_opened" and event.get("tab") == "messages"
    if not opened:
        return ""
    return str(event.get("channel") or "")


def plain(text: str) -> str:
    """A message as its author sees it: Slack's escapes, emoji, mentions and links undone,
    typographic quotes straightened.
    """
    text = _ENTITY.sub(lambda match: _ENTITIES[match[0]], emoji(_MARKUP.sub(_words_of_link, text)))
    text = text.translate(_QUOTES).strip()
    if text.startswith("`") and text.endswith("`"):
        return text.strip("`").strip()
    return text


def _words_of_link(match: re.Match[str]) -> str:
    sign, target, label = match[1], match[2], match[3] or ""
    if sign in _NAMELESS:
        return f"{sign}{label or _NAMELESS[sign]}"
    if sign == "!":
        return label or f"@{target}"
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in address:
        return label or address
    return f"{label} {address}"


# --- each kind of payload -------------------------------------------------------------------------


def _command(body: Payload, at: datetime, nonce: str, names: Collection[str]) -> Event:
    channel = str(body["channel_id"])
    return Event(
        key=f"slack:{body['trigger_id']}",
        at=at,
        account=Account(
            platform=SURFACE.name, workspace=workspace(body), user=str(body["user_id"])
        ),
        chat=Chat(
            platform=SURFACE.name, workspace=workspace(body), id=channel, shared=_is_shared(channel)
        ),
        surface=SURFACE,
        body=Said(_line(str(body["command"]), plain(str(body.get("text") or "")), names)),
        nonce=nonce,
        within=_within(body),
        token=_token(body, at, in_ack=True),
    )


def _line(command: str, text: str, names: Collection[str]) -> str:
    """`/salary` is a command of the table; any other name is the umbrella,
    whatever an admin called it.
    """
    name = command.removeprefix("/").lower()
    if name in names:
        return f"/{name} {text}".rstrip()
    if not text:
        return "/start"
    said = text.removeprefix("/").lower()
    named = any(said == known or said.startswith(f"{known} ") for known in names)
    if named:
        return f"/{text.removeprefix('/')}"
    return text


def _event_of(body: Payload, at: datetime, nonce: str) -> Event | None:
    event = _of(body, "event")
    match event.get("type"):
        case "message" | "app_mention":
            return _message(body, event, at, nonce)
        case "app_home_opened" if event.get("tab", "home") == "home" and event.get("user"):
            return _event(
                body, event, at, nonce, OpenedHome(), key=str(body["event_id"]), thread=""
            )
        case _:
            return None


def _message(body: Payload, event: Payload, at: datetime, nonce: str) -> Event | None:
    if event.get("subtype") not in _SPOKEN or event.get("bot_id") or not event.get("user"):
        return None
    me = _bot_user(body)
    if event["user"] == me or event["user"] == "USLACKBOT":
        return None
    text = str(event.get("text") or "")
    mentioned = event["type"] == "app_mention" or (bool(me) and f"<@{me}" in text)
    shared = event.get("channel_type", "channel") != "im" and _is_shared(str(event["channel"]))
    if shared and not mentioned:
        return None
    said = plain(
        re.sub(rf"<@{re.escape(me)}(?:\|[^<>]*)?>[:,]?", " ", text, count=1) if me else text
    )
    own = _QUOTED_LINE.sub("", said).strip()
    words = own or _QUOTE_SIGN.sub("", said)
    return _event(
        body,
        event,
        at,
        nonce,
        Said(
            words or ("/start" if mentioned else ""),
            message=str(event["ts"]),
            quoted=bool(words) and not own,
            reply_to=_hangs_under(event),
        ),
        key=f"{workspace(body)}:{event['channel']}:{event['ts']}",
        thread=_thread(event, shared=shared),
    )


def _thread(event: Payload, *, shared: bool) -> str:
    """In a channel the answer opens a thread under the question; in a direct message only an
    agent's conversations do.
    """
    thread = str(event.get("thread_ts") or "")
    agent = "assistant_thread" in event or "app_context" in event
    return thread or (str(event["ts"]) if shared or agent else "")


def _hangs_under(event: Payload) -> str:
    """The message that the thread began with, unless it is this one."""
    thread = str(event.get("thread_ts") or "")
    if thread == str(event["ts"]):
        return ""
    return thread


def _event(
    body: Payload, event: Payload, at: datetime, nonce: str, what: Body, *, key: str, thread: str
) -> Event:
    channel = str(event.get("channel") or event["user"])
    home = workspace(body)
    return Event(
        key=f"slack:{key}",
        at=at,
        account=Account(
            platform=SURFACE.name, workspace=_home_of(body, event), user=str(event["user"])
        ),
        chat=Chat(
            platform=SURFACE.name,
            workspace=home,
            id=channel,
            thread=thread,
            shared=_is_shared(channel),
        ),
        surface=SURFACE,
        body=what,
        nonce=nonce,
        within=_within(body),
        sent_at=_instant_of(str(event.get("event_ts") or event.get("ts") or ""), at),
    )


def _instant_of(ts: str, at: datetime) -> datetime | None:
    """Slack's timestamp as an instant; it brings an event again for an hour."""
    if not _TIMESTAMP.fullmatch(ts):
        return None
    return min(at, datetime.fromtimestamp(float(ts), UTC))


def _home_of(body: Payload, event: Payload) -> str:
    """Whose member the author is.

    In a channel shared between companies that may be another workspace than the one the bot serves:
    then account and chat name different workspaces, and nothing personal is said.
    """
    home = workspace(body)
    theirs = str(event.get("user_team") or event.get("team") or _id(body, "team"))
    ours = ("", home, _team(body), _enterprise(body))
    if body.get("is_ext_shared_channel") and theirs not in ours:
        return theirs
    return home


def _tap(body: Payload, at: datetime, nonce: str) -> Event | None:
    actions = body.get("actions") or [{}]
    pressed = actions[0]
    action = str(pressed.get("value") or _of(pressed, "selected_option").get("value") or "")
    mine = str(pressed.get("action_id", "")).startswith(ACTION_MARK)
    if not mine or not action or str(pressed["action_id"]).startswith(LINK_MARK):
        return None
    container = _of(body, "container")
    message = _of(body, "message")
    # An ephemeral message can only be rewritten through its response_url: it has no id that any
    # method takes.
    if container.get("is_ephemeral"):
        ref = ""
    else:
        ref = str(container.get("message_ts") or "")
    thread = str(message.get("thread_ts") or container.get("thread_ts") or "")
    event = _interaction(body, at, nonce, Pressed(action, message=ref), thread=thread)
    return replace(event, sent_at=_instant_of(str(pressed.get("action_ts") or ""), at))


def _submission(body: Payload, at: datetime, nonce: str) -> Event:
    values = tuple((key, value) for key, value in answers_of(body).items() if value)
    return _interaction(
        body, at, nonce, Submitted(str(_of(body, "view")["callback_id"]), values), in_ack=True
    )


def answers_of(body: Payload) -> dict[str, str]:
    """What a form holds, by question.

    The question's key stands in the field's id, after any mark.
    """
    blocks = _of(_of(_of(body, "view"), "state"), "values").values()
    return {
        action_id.rpartition(":")[2]: _value(field)
        for block in blocks
        for action_id, field in block.items()
    }


def _value(field: Payload) -> str:
    """A form field's answer; several choices joined by commas, nothing chosen is empty."""
    chosen = field.get("selected_options")
    if chosen is not None:
        return ",".join(str(option["value"]) for option in chosen)
    option = field.get("selected_option")
    if option:
        return str(option["value"])
    return plain(
        str(field.get("value") or field.get("selected_date") or field.get("selected_time") or "")
    )


def _shortcut(body: Payload, at: datetime, nonce: str) -> Event | None:
    line = SHORTCUTS.get(str(body.get("callback_id")))
    if not line:
        return None
    return _interaction(body, at, nonce, Said(line))


def _message_shortcut(body: Payload, at: datetime, nonce: str) -> Event | None:
    if body.get("callback_id") != EXPLAIN:
        return None
    message = _of(body, "message")
    said = Said(plain(str(message.get("text") or "")), quoted=True)
    return _interaction(body, at, nonce, said, thread=str(message.get("thread_ts") or ""))


def _interaction(
    body: Payload, at: datetime, nonce: str, what: Body, *, thread: str = "", in_ack: bool = False
) -> Event:
    user = _of(body, "user")
    home = workspace(body)
    theirs = str(user.get("team_id") or home)
    stranger = not _enterprise(body) and theirs != home
    channel = _id(body, "channel") or str(_of(body, "container").get("channel_id") or user["id"])
    return Event(
        key=f"slack:{body['trigger_id']}",
        at=at,
        account=Account(
            platform=SURFACE.name, workspace=theirs if stranger else home, user=str(user["id"])
        ),
        chat=Chat(
            platform=SURFACE.name,
            workspace=home,
            id=channel,
            thread=thread,
            shared=_is_shared(channel),
        ),
        surface=SURFACE,
        body=what,
        nonce=nonce,
        within=_within(body),
        token=_token(body, at, in_ack=in_ack),
    )


# --- small readings -------------------------------------------------------------------------------


def _token(body: Payload, at: datetime, *, in_ack: bool) -> AnswerToken | None:
    address = str(body.get("response_url") or "")
    if not address and not in_ack:
        return _view_token(body, at)
    return AnswerToken(
        address=address, expires_at=at + timedelta(minutes=ANSWER_MINUTES), in_ack=in_ack
    )


def _view_token(body: Payload, at: datetime) -> AnswerToken | None:
    view = _of(body, "view")
    match view.get("type") if body.get("type") == "block_actions" else None:
        case "modal":
            return AnswerToken(
                address=f"{REPLACES}{view['id']}", expires_at=at + timedelta(minutes=ANSWER_MINUTES)
            )
        case "home":
            return AnswerToken(
                address=f"{OPENS}{body['trigger_id']}",
                expires_at=at + timedelta(seconds=TRIGGER_SECONDS),
            )
        case _:
            return None


def _bot_user(body: Payload) -> str:
    ours = _authorization(body)
    if not ours.get("is_bot", True):
        return ""
    return str(ours.get("user_id") or "")


def _is_shared(channel: str) -> bool:
    """Direct messages have ids in D; a user's id stands for the direct message with them."""
    return not channel.startswith(("D", "U", "W"))


def _id(body: Payload, noun: str) -> str:
    """`team_id`, or `team.id`; empty where Slack sends null."""
    whole = body.get(noun)
    if isinstance(whole, Mapping):
        inner = whole.get("id")
    else:
        inner = whole
    return str(body.get(f"{noun}_id") or inner or "")


def _of(body: Payload, key: str) -> Payload:
    value = body.get(key)
    if isinstance(value, Mapping):
        return value
    return {}
