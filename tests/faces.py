"""Three faces for one rehearsal: each makes events out of its platform's own payloads, and reads
its own renderings back.

No SDK and no server here: parse and render are pure. What a person would see is taken from the
payload that would be sent.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Protocol

from adapters.console import parse as console_parse
from adapters.console.transport import Console
from adapters.slack import parse as slack_parse
from adapters.slack import render as slack_render
from adapters.slack.surface import SURFACE as SLACK
from adapters.telegram import parse as telegram_parse
from adapters.telegram import render as telegram_render
from adapters.telegram.surface import surface as telegram_surface
from bot.core.events import Event, Located, Pressed, Said, Surface
from bot.core.messages import Begin, Claimed, Delivered, Message, Receipt, mark_nothing
from bot.core.reply import Reply
from content.content import Content

_KEYS = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One message as `user` sees it: its words, and the payload of each button by label."""

    user: str
    words: str
    buttons: Mapping[str, str]


class Face(Protocol):
    """A messenger that keeps what it is given, and a maker of events."""

    surface: Surface
    sent: list[Message]

    def render(self, reply: Reply, event: Event) -> tuple[Message, ...]: ...
    async def send(self, claimed: Claimed, begin: Begin = mark_nothing) -> Receipt: ...
    def said(self, text: str, user: str, at: datetime) -> Event: ...
    def pressed(self, button: str, user: str, at: datetime) -> Event: ...
    def located(self, zone: str, user: str, at: datetime) -> Event: ...
    def seen(self, message: Message) -> Seen: ...


class _Keeping:
    def __init__(self, content: Content) -> None:
        self.content = content
        self.sent: list[Message] = []

    async def send(self, claimed: Claimed, begin: Begin = mark_nothing) -> Receipt:
        self.sent.append(claimed.message)
        return Delivered(str(claimed.id))

    def last_heard_at(self) -> None:
        return None


class ConsoleFace(_Keeping):
    surface = Console().surface

    def render(self, reply: Reply, event: Event) -> tuple[Message, ...]:
        return Console().render(reply, event)

    def said(self, text: str, user: str, at: datetime) -> Event:
        return console_parse.event(
            Said(text), user=user, at=at, key=str(next(_KEYS)), nonce=_nonce()
        )

    def pressed(self, button: str, user: str, at: datetime) -> Event:
        return console_parse.event(
            Pressed(button), user=user, at=at, key=str(next(_KEYS)), nonce=_nonce()
        )

    def located(self, zone: str, user: str, at: datetime) -> Event:
        return console_parse.event(
            Said(f"timezone {zone}"), user=user, at=at, key=str(next(_KEYS)), nonce=_nonce()
        )

    def seen(self, message: Message) -> Seen:
        payload: Any = message.payload
        words = "\n".join([payload["text"], *payload["contents"]])
        buttons = {label: payload["actions"].get(label, "") for label in payload["labels"]}
        return Seen(user=message.address.chat.id, words=words, buttons=buttons)


class TelegramFace(_Keeping):
    def __init__(self, content: Content) -> None:
        super().__init__(content)
        self.surface = telegram_surface("pivot_bot")
        self.me = telegram_parse.Me(
            id=7, username="pivot_bot", commands=frozenset(content.commands)
        )

    def render(self, reply: Reply, event: Event) -> tuple[Message, ...]:
        return telegram_render.render(reply, event, self.content.phrases)

    def said(self, text: str, user: str, at: datetime) -> Event:
        return self._parsed({"message": self._message(user, at) | {"text": text}}, at)

    def pressed(self, button: str, user: str, at: datetime) -> Event:
        query = {
            "id": "1",
            "from": _telegram_user(user),
            "message": self._message(user, at),
            "data": button,
        }
        return self._parsed({"callback_query": query}, at)

    def located(self, zone: str, user: str, at: datetime) -> Event:
        from dataclasses import replace

        return replace(self.said("here", user, at), body=Located(zone))

    def seen(self, message: Message) -> Seen:
        payload: Any = message.payload
        markup = payload.get("reply_markup") or {}
        rows = markup.get("inline_keyboard") or []
        buttons = {
            button["text"]: button.get("callback_data", "") for row in rows for button in row
        }
        words = payload.get("text") or payload.get("caption") or ""
        file = payload.get("file") or {}
        return Seen(
            user=_name(message.address.chat.id),
            words=_without_tags(words) + "\n" + str(file.get("text", "")),
            buttons=buttons,
        )

    def _parsed(self, update: dict[str, Any], at: datetime) -> Event:
        event = telegram_parse.parse(
            {"update_id": next(_KEYS)} | update,
            me=self.me,
            surface=self.surface,
            at=at,
            nonce=_nonce(),
        )
        assert event is not None, f"Telegram would drop {update}"
        return event

    def _message(self, user: str, at: datetime) -> dict[str, Any]:
        chat = {"id": _number(user), "type": "private", "first_name": user}
        return {
            "message_id": next(_KEYS),
            "date": int(at.timestamp()),
            "chat": chat,
            "from": _telegram_user(user),
        }


class SlackFace(_Keeping):
    surface = SLACK

    def __init__(self, content: Content) -> None:
        super().__init__(content)
        self.names = [
            name for key, command in content.commands.items() for name in (key, *command.aliases)
        ]
        self.words = slack_render.Words(
            **{
                name: content.phrases[f"slack_{name}"]
                for name in slack_render.Words.__dataclass_fields__
            }
        )

    def render(self, reply: Reply, event: Event) -> tuple[Message, ...]:
        return slack_render.render(reply, event, self.words)

    def said(self, text: str, user: str, at: datetime) -> Event:
        number = next(_KEYS)
        message = {
            "type": "message",
            "channel": f"D{user}",
            "channel_type": "im",
            "user": f"U{user}",
            "ts": f"{int(at.timestamp())}.{number:06d}",
            "text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        }
        return self._parsed(
            {
                "type": "event_callback",
                "team_id": "T1",
                "event_id": f"Ev{number}",
                "event": message,
            },
            at,
        )

    def pressed(self, button: str, user: str, at: datetime) -> Event:
        body = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": f"U{user}", "team_id": "T1"},
            "channel": {"id": f"D{user}"},
            "container": {"type": "message", "message_ts": "1.1", "channel_id": f"D{user}"},
            "trigger_id": f"{next(_KEYS)}.trigger",
            "actions": [
                {"type": "button", "action_id": f"{slack_parse.ACTION_MARK}1", "value": button}
            ],
        }
        return self._parsed(body, at)

    def located(self, zone: str, user: str, at: datetime) -> Event:
        return self.said(f"timezone {zone}", user, at)

    def seen(self, message: Message) -> Seen:
        payload: Any = message.payload
        buttons = {
            element["text"]["text"]: element.get("value", "")
            for block in payload.get("blocks", [])
            if block["type"] == "actions"
            for element in block["elements"]
        }
        # A file is posted with its caption; the message's own words are for a workspace that takes none.
        file = payload.get("file") or {}
        said = str(file.get("caption", "")) if file else html.unescape(payload.get("text", ""))
        words = said + "\n" + str(file.get("text", ""))
        return Seen(user=message.address.chat.id.removeprefix("D"), words=words, buttons=buttons)

    def _parsed(self, body: dict[str, Any], at: datetime) -> Event:
        event = slack_parse.parse(body, at=at, nonce=_nonce(), names=self.names)
        assert event is not None, f"Slack would drop {body}"
        return event


FACES = {"console": ConsoleFace, "telegram": TelegramFace, "slack": SlackFace}

_TAG = re.compile(r"<[^>]+>")


def _without_tags(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup))


def _nonce() -> str:
    return f"{next(_KEYS):032x}"


_NUMBERS: dict[str, int] = {}


def _number(user: str) -> int:
    return _NUMBERS.setdefault(user, 1000 + len(_NUMBERS))


def _name(number: str) -> str:
    return next((user for user, known in _NUMBERS.items() if str(known) == number), number)


def _telegram_user(user: str) -> dict[str, Any]:
    return {"id": _number(user), "is_bot": False, "first_name": user}
