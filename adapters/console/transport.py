"""Puts replies on a list as they are sent, and reads lines from a person or a pipe.

The console drives its own clock: between two lines nothing happens unless `:wait` says so, or the
terminal stands open.
"""

import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, assert_never

from adapters.console import parse, render, styled
from adapters.console.styled import Part
from adapters.console.surface import SURFACE
from bot.core.events import Event, Pressed, Said, Surface
from bot.core.messages import Address, Begin, Claimed, Delivered, Message, Receipt, mark_nothing
from bot.core.ports import Intake
from bot.core.reply import Choices, File, Reply, Tap


class Time(Protocol):
    """The clock that the console moves, with everything that falls due on the way."""

    def now(self) -> datetime: ...

    async def settle(self) -> datetime | None: ...

    async def advance(self, until: datetime) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One reply as `user` sees it. `actions` maps each button's label to its command line."""

    user: str
    text: str
    labels: tuple[str, ...]
    buttons: str
    actions: dict[str, str]
    pictures: tuple[str, ...]
    files: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    """The same for a terminal that can show more than plain text;
    empty for the console's own remarks.
    """
    doors: tuple[str, ...] = ()


class Console:
    """The Messenger of the console: what is sent is shown."""

    def __init__(self) -> None:
        self._shown: list[Shown] = []
        self._actions: dict[str, dict[str, str]] = {}
        self._heard_at: datetime | None = None

    @property
    def surface(self) -> Surface:
        return SURFACE

    def render(self, reply: Reply, event: Event) -> tuple[Message, ...]:
        payload: dict[str, object] = {
            "text": render.text(
                Reply(
                    blocks=tuple(block for block in reply.blocks if not isinstance(block, Choices))
                )
            ),
            "labels": list(render.choices(reply)),
            "actions": {
                choice.label: choice.action
                for block in reply.blocks
                if isinstance(block, Choices)
                for choice in block.choices
                if isinstance(choice, Tap)
            },
            "buttons": render.text(
                Reply(blocks=tuple(block for block in reply.blocks if isinstance(block, Choices)))
            ),
            "pictures": list(render.pictures(reply)),
            "files": list(render.files(reply)),
            "parts": styled.parts(reply),
            "doors": styled.doors(reply),
            "contents": [block.text for block in reply.blocks if isinstance(block, File)],
        }
        return (
            Message(address=Address(chat=event.chat), payload=payload, fallback=render.text(reply)),
        )

    async def send(self, claimed: Claimed, begin: Begin = mark_nothing) -> Receipt:
        await begin()
        message = claimed.message
        payload = message.payload
        user = message.address.chat.id
        actions = _strings(payload["actions"])
        if actions:
            self._actions[user] = actions
        contents = "\n".join(str(text).rstrip() for text in _list(payload["contents"]))
        self._shown.append(
            Shown(
                user=user,
                text="\n".join(part for part in (str(payload["text"]), contents) if part),
                labels=tuple(str(label) for label in _list(payload["labels"])),
                buttons=str(payload["buttons"]),
                actions=actions,
                pictures=tuple(str(alt) for alt in _list(payload["pictures"])),
                files=tuple(str(name) for name in _list(payload["files"])),
                parts=tuple(part for part in _list(payload.get("parts")) if isinstance(part, dict)),
                doors=tuple(str(door) for door in _list(payload.get("doors"))),
            )
        )
        return Delivered(str(claimed.id))

    async def serve(self, intake: Intake) -> None:
        """Nothing arrives by itself: `Chat` brings what is typed."""

    def last_heard_at(self) -> datetime | None:
        return self._heard_at

    def action(self, user: str, label: str) -> str | None:
        """The command line behind a button that this user was shown last."""
        wanted = label.strip().casefold()
        return next(
            (
                action
                for name, action in self._actions.get(user, {}).items()
                if name.casefold() == wanted
            ),
            None,
        )

    def buttons(self, user: str) -> tuple[str, ...]:
        return tuple(self._actions.get(user, {}))

    def collect(self) -> tuple[Shown, ...]:
        """What was shown since the last call."""
        shown, self._shown = tuple(self._shown), []
        return shown


class Chat:
    """One console session: lines in, replies out."""

    def __init__(
        self,
        *,
        console: Console,
        intake: Intake,
        time: Time,
        idle: Callable[[], Awaitable[None]],
        user: str,
    ) -> None:
        self._console = console
        self._intake = intake
        self._time = time
        self._idle = idle
        self.user = user

    async def line(self, text: str, *, json_lines: bool = False) -> tuple[Shown, ...]:
        """What one line of input brings.

        Returns the replies, those of nudges that fell due included.
        """
        given = parse.line(text, json_lines=json_lines)
        match given:
            case parse.Say(text=said):
                await self._take(Said(said))
            case parse.Press(label=label):
                action = self._console.action(self.user, label)
                if action is None:
                    return (
                        self._remark(
                            f"No button is called {label!r} here. There are: "
                            f"{', '.join(self._console.buttons(self.user))}"
                        ),
                    )
                await self._take(Pressed(action))
            case parse.Wait(span=span):
                await self._time.advance(self._time.now() + span)
            case parse.As(user=user):
                self.user = user
            case parse.Misread(hint=hint):
                return (self._remark(hint),)
            case _:
                assert_never(given)
        return self._console.collect()

    async def due(self) -> tuple[Shown, ...]:
        """What fell due by itself since the last line."""
        await self._time.settle()
        return self._console.collect()

    def now(self) -> datetime:
        return self._time.now()

    async def _take(self, body: Said | Pressed) -> None:
        event = parse.event(
            body,
            user=self.user,
            at=self._time.now(),
            key=secrets.token_hex(12),
            nonce=secrets.token_hex(16),
        )
        await self._intake.take(event)
        await self._idle()
        await self._time.settle()

    def _remark(self, text: str) -> Shown:
        return Shown(
            user=self.user, text=text, labels=(), buttons="", actions={}, pictures=(), files=()
        )


def plain(shown: tuple[Shown, ...], user: str) -> str:
    """Replies for a terminal; those to somebody else are marked with their name."""
    parts = []
    for one in shown:
        if one.user == user:
            to = ""
        else:
            to = f"(to {one.user})\n"
        parts.append("\n".join(part for part in (to + one.text, one.buttons) if part))
    return "\n\n".join(parts)


def as_json(shown: tuple[Shown, ...], user: str, now: datetime) -> str:
    """Exactly one line. A reply to somebody else than `user` names them in `to`."""
    replies = [
        {
            "text": one.text,
            "choices": list(one.labels),
            "pictures": list(one.pictures),
            "files": list(one.files),
        }
        | ({} if one.user == user else {"to": one.user})
        for one in shown
    ]
    return json.dumps({"replies": replies, "now": now.isoformat()}, ensure_ascii=False)


def _strings(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {str(key): str(item) for key, item in value.items()}


def _list(value: object) -> list[object]:
    if not isinstance(value, list | tuple):
        return []
    return list(value)
