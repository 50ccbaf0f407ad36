"""From one raw update to an Event, pure.

Works on the JSON itself, one update at a time, and looks only at the fields it needs: a new kind of
update, or a broken one, concerns nobody but itself. Nothing here knows a command's meaning; in
groups it decides who is spoken to.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from adapters.telegram import surface as links
from adapters.telegram.surface import PLATFORM
from bot.core.events import (
    EDITED,
    Account,
    Body,
    Chat,
    ChatMovedTo,
    Event,
    Joined,
    Left,
    Located,
    Pressed,
    Said,
    Surface,
)

Update = Mapping[str, Any]

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "inline_query")
"""Always sent with getUpdates and setWebhook: left out, Telegram keeps whatever was set before.

Reactions are not among them: a thumb under a nudge may mean done, seen or kept for later, so
nothing hangs on it.
"""

CALLBACK_VERSION = "1:"
"""Opens every callback_data we make; what follows is the tap's action."""

STALE = "help stale"
"""The command line for a button whose data this version does not know."""

_TELEGRAM = 777000
_NOBODY = frozenset({_TELEGRAM, 1087968824, 136817688})
"""Telegram's own account, 'Group' (every anonymous admin) and 'Channel':
nobody's personal data may hang on these.
"""

_FAR_FUTURE = 10**10
"""No date of a message, in seconds since 1970."""

_MOST_UPDATES = 2**63
"""No update's number: the next one is asked for by it,
and Telegram would refuse the question for ever.
"""

_GONE = frozenset({"left", "kicked"})
_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w{3,32}))?(?=\s|$)")
_START = re.compile(r"/start(?:@\w+)?\s+([A-Za-z0-9_-]{1,64})\s*")
_MEDIA = tuple(
    """
    photo voice video video_note audio document sticker animation contact poll venue dice
    """.split()
)


class Unreadable(ValueError):  # noqa: N818 -- it names what the update is
    """Not an update as Telegram documents it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who the bot is.

    `commands`: the names it answers to, so that in a group another bot's bare command is left
    alone.
    """

    id: int
    username: str = ""
    commands: frozenset[str] = frozenset()


def update_id(update: object) -> int:
    """Raises Unreadable without one: then the update cannot be confirmed by itself."""
    found = None
    if isinstance(update, Mapping):
        found = update.get("update_id")
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < _MOST_UPDATES:
        raise Unreadable("no update_id")
    return found


def tap_id(update: Update) -> str:
    """The callback query that waits for its answer, or empty."""
    query = update.get("callback_query")
    if not isinstance(query, Mapping):
        return ""
    return str(query.get("id", ""))


def parse(update: Update, *, me: Me, surface: Surface, at: datetime, nonce: str) -> Event | None:
    """The event, or None for what is not for us.

    Raises Unreadable for what breaks Telegram's own description.
    """
    try:
        found = _find(update, me)
        if found is None:
            return None
        sender, chat, body = found
        return Event(
            key=f"telegram:update:{me.id}:{update_id(update)}",
            at=at,
            account=Account(platform=PLATFORM, user=str(sender["id"])),
            chat=chat,
            surface=surface,
            body=body,
            nonce=nonce,
            sent_at=_instant_of(update, at),
        )
    except Exception as error:
        # Whatever a torn update makes this raise (a number beyond all bounds is an OverflowError),
        # it concerns nobody else.
        raise Unreadable(type(error).__name__) from error


def _instant_of(update: Update, at: datetime) -> datetime | None:
    """Telegram dates messages in whole seconds: the end of that second, so that what follows
    something at once comes after it.
    """
    said = (
        update.get("message") or update.get("edited_message") or update.get("my_chat_member") or {}
    )
    seconds = said.get("edit_date") or said.get("date")
    if not isinstance(seconds, int) or not 0 < seconds < _FAR_FUTURE:
        return None
    return min(at, datetime.fromtimestamp(seconds + 1, UTC))


Found = tuple[Update, Chat, Body]


def _find(update: Update, me: Me) -> Found | None:
    if query := update.get("callback_query"):
        return _tap(query)
    if message := update.get("message"):
        return _message(message, me)
    if message := update.get("edited_message"):
        return _edit(message, me)
    if change := update.get("my_chat_member"):
        return _membership(change)
    return None


def _tap(query: Update) -> Found | None:
    """An inaccessible message (date 0) and a picture or file have no text to rewrite; a message
    sent by way of inline mode has no chat.
    """
    message = query.get("message")
    if not message or not _is_person(query["from"]):
        return None
    data = query.get("data", "")
    if data.startswith(CALLBACK_VERSION):
        action = data.removeprefix(CALLBACK_VERSION)
    else:
        action = STALE
    if message.get("date") and message.get("text"):
        rewritable = str(message["message_id"])
    else:
        rewritable = ""
    return query["from"], _chat(message), Pressed(action, rewritable)


def _message(message: Update, me: Me) -> Found | None:
    if _is_anonymous(message):
        return _anonymously(message, me)
    if not _is_from_person(message) or message["chat"]["type"] == "channel":
        return None
    chat = _chat(message)
    if new_id := message.get("migrate_to_chat_id"):
        return message["from"], chat, ChatMovedTo(str(int(new_id)))
    if (message.get("via_bot") or {}).get("id") == me.id:
        return None
    if location := message.get("location"):
        if chat.shared:
            return None
        return (message["from"], chat, _location(location))
    text = message.get("text") or message.get("caption") or ""
    if not isinstance(text, str):
        raise TypeError
    if not text:
        unread = not chat.shared and any(kind in message for kind in _MEDIA)
        if not unread:
            return None
        return (message["from"], chat, Said("limits", message=str(message["message_id"])))
    own = _own_words(text, message.get("entities") or message.get("caption_entities") or ())
    said_so = own or text
    if chat.shared:
        words = _words_for_us(said_so, message, me)
    else:
        words = _without_address(said_so, me)
    if words is None:
        return None
    said = Said(
        words,
        message=str(message["message_id"]),
        quoted=_is_of_another(message) or not own,
        reply_to=_reply_target(message),
    )
    return message["from"], chat, said


def _own_words(text: str, entities: Sequence[Update]) -> str:
    """Without what is formatted as a quotation: those are somebody else's words, shown beside one's
    own. Telegram counts in UTF-16.
    """
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(entities, key=lambda one: -int(one["offset"])):
        if entity.get("type") in ("blockquote", "expandable_blockquote"):
            start, length = int(entity["offset"]), int(entity["length"])
            units = units[: 2 * start] + units[2 * (start + length) :]
    return units.decode("utf-16-le", "replace").strip()


def _reply_target(message: Update) -> str:
    """A topic's first message is what every message in it replies to, for Telegram; it is none of
    ours, so nothing is found.
    """
    return str((message.get("reply_to_message") or {}).get("message_id") or "")


def _is_of_another(message: Update) -> bool:
    """Forwarded, or made by another bot's inline mode: whoever sent it may not even have read it,
    so it asks and never acts.
    """
    return any(kind in message for kind in ("forward_origin", "forward_date", "via_bot"))


def _is_anonymous(message: Update) -> bool:
    """Somebody speaks in a group as the group itself or as their channel; a channel's post that
    Telegram copies there is nobody.
    """
    return (
        "sender_chat" in message
        and not message.get("is_automatic_forward")
        and message["chat"]["type"] in ("group", "supergroup")
        and (message.get("from") or {}).get("id") != _TELEGRAM
    )


def _anonymously(message: Update, me: Me) -> Found | None:
    """What is asked gets the general answer: the sender's id is the channel's or group's,
    which is no person's.
    """
    text = message.get("text") or message.get("caption") or ""
    words = None
    if isinstance(text, str) and text:
        words = _words_for_us(text, message, me)
    if words is None:
        return None
    said = Said(words, message=str(message["message_id"]), anonymous=True)
    return message["sender_chat"], _chat(message), said


def _edit(message: Update, me: Me) -> Found | None:
    """The store, which knows what answered the text before, says which message that was."""
    if "location" in message:
        return None
    match _message(message, me):
        case (sender, chat, Said(text=text) as said) if text != "limits":
            return sender, chat, replace(said, edit_of=EDITED)
        case _:
            return None


def _membership(change: Update) -> Found | None:
    was_in, is_in = _is_member(change["old_chat_member"]), _is_member(change["new_chat_member"])
    if change["chat"]["type"] == "channel" or not _is_person(change["from"]) or was_in == is_in:
        return None
    chat = _chat(change)
    if not is_in:
        return change["from"], chat, Left("removed" if chat.shared else "blocked")
    return change["from"], chat, Joined()


def _is_member(member: Update) -> bool:
    """Somebody restricted may be in or out."""
    return member["status"] not in _GONE and not (
        member["status"] == "restricted" and member.get("is_member") is False
    )


def _location(location: Update) -> Body:
    # Its map of zones takes 40 MB, for the few who share a location.
    from tzfpy import get_tz  # noqa: PLC0415

    longitude, latitude = float(location["longitude"]), float(location["latitude"])
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError
    zone = get_tz(longitude, latitude)
    at_sea = not zone or zone.startswith("Etc/")
    if at_sea:
        return Said("timezone")
    return Located(zone)


def _words_for_us(text: str, message: Update, me: Me) -> str | None:
    """In a group: the words if they are meant for us (a command, a mention, a reply to us),
    else None.
    """
    if command := _COMMAND.match(text):
        name, bot = command.groups()
        if bot:
            if bot.lower() != me.username.lower():
                return None
            return _without_address(text, me)
        if name.lower() in me.commands:
            return text
        return None
    mention = None
    if me.username:
        mention = re.compile(rf"@{re.escape(me.username)}\b", re.IGNORECASE)
    if mention and mention.search(text):
        return mention.sub("", text).strip() or "/help"
    answered = message.get("reply_to_message") or {}
    if (answered.get("from") or {}).get("id") == me.id:
        return text
    return None


def _without_address(text: str, me: Me) -> str:
    """The command without '@ourbot', and a deep link's payload as words."""
    if start := _START.fullmatch(text):
        return f"/start {links.words(start[1])}".strip()
    command = _COMMAND.match(text)
    if command and command[2] and command[2].lower() == me.username.lower():
        return f"/{command[1]}{text[command.end() :]}"
    return text


def _chat(message: Update) -> Chat:
    chat = message["chat"]
    if message.get("is_topic_message") and "message_thread_id" in message:
        thread = str(message["message_thread_id"])
    else:
        thread = ""
    return Chat(
        platform=PLATFORM, id=str(int(chat["id"])), thread=thread, shared=chat["type"] != "private"
    )


def _is_from_person(message: Update) -> bool:
    """Not a channel's post, not a group speaking as itself, not a bot."""
    return "sender_chat" not in message and _is_person(message.get("from"))


def _is_person(sender: Update | None) -> bool:
    return sender is not None and sender["id"] not in _NOBODY and not sender.get("is_bot", False)
