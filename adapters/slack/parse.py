"""Slack payloads become events. Pure: no network, no clock, no Slack SDK.

What is no business of the conversation (the bot's own messages, edits, joins, link buttons) becomes
None. Every event carries a key that stays the same when Slack delivers again; the envelope's id
does not and is never used.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.slack.envelope import (
    Payload,
    bot_user_of,
    enterprise_of,
    id_of,
    part_of,
    team_of,
    workspace,
    workspace_within,
)
from adapters.slack.markup import plain
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


def dm_just_opened(body: Payload) -> str:
    """The direct message that somebody just opened without having said anything;
    empty if this is something else.
    """
    event = part_of(body, "event")
    opened = event.get("type") == "app_home_opened" and event.get("tab") == "messages"
    if not opened:
        return ""
    return str(event.get("channel") or "")


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
        within=workspace_within(body),
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
    event = part_of(body, "event")
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
    me = bot_user_of(body)
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
        within=workspace_within(body),
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
    theirs = str(event.get("user_team") or event.get("team") or id_of(body, "team"))
    ours = ("", home, team_of(body), enterprise_of(body))
    if body.get("is_ext_shared_channel") and theirs not in ours:
        return theirs
    return home


def _tap(body: Payload, at: datetime, nonce: str) -> Event | None:
    actions = body.get("actions") or [{}]
    pressed = actions[0]
    action = str(pressed.get("value") or part_of(pressed, "selected_option").get("value") or "")
    mine = str(pressed.get("action_id", "")).startswith(ACTION_MARK)
    if not mine or not action or str(pressed["action_id"]).startswith(LINK_MARK):
        return None
    container = part_of(body, "container")
    message = part_of(body, "message")
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
        body, at, nonce, Submitted(str(part_of(body, "view")["callback_id"]), values), in_ack=True
    )


def answers_of(body: Payload) -> dict[str, str]:
    """What a form holds, by question.

    The question's key stands in the field's id, after any mark.
    """
    blocks = part_of(part_of(part_of(body, "view"), "state"), "values").values()
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
    message = part_of(body, "message")
    said = Said(plain(str(message.get("text") or "")), quoted=True)
    return _interaction(body, at, nonce, said, thread=str(message.get("thread_ts") or ""))


def _interaction(
    body: Payload, at: datetime, nonce: str, what: Body, *, thread: str = "", in_ack: bool = False
) -> Event:
    user = part_of(body, "user")
    home = workspace(body)
    theirs = str(user.get("team_id") or home)
    stranger = not enterprise_of(body) and theirs != home
    channel = id_of(body, "channel") or str(
        part_of(body, "container").get("channel_id") or user["id"]
    )
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
        within=workspace_within(body),
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
    view = part_of(body, "view")
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


def _is_shared(channel: str) -> bool:
    """Direct messages have ids in D; a user's id stands for the direct message with them."""
    return not channel.startswith(("D", "U", "W"))
