"""A line of the console: something said, or an instruction to the console itself (`:wait 7d`).

Pure.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.console.surface import SURFACE
from bot.core.events import Account, Chat, Event, Pressed, Said

_WAIT = re.compile(r"(\d{1,6}) ?(w|d|h|m|min)", re.IGNORECASE)
_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(hours=24),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
}


@dataclass(frozen=True, slots=True)
class Say:
    text: str


@dataclass(frozen=True, slots=True)
class Press:
    label: str


@dataclass(frozen=True, slots=True)
class Wait:
    span: timedelta


@dataclass(frozen=True, slots=True)
class As:
    user: str


@dataclass(frozen=True, slots=True)
class Misread:
    """A line that starts with a colon and is no instruction."""

    hint: str


Input = Say | Press | Wait | As | Misread


def line(text: str, *, json_lines: bool = False) -> Input:
    """One line of input. With `json_lines`, `{"say": "…"}` carries text with line breaks."""
    if json_lines and text.startswith("{"):
        try:
            said = json.loads(text)["say"]
        except (ValueError, KeyError, TypeError):
            return Misread('a JSON line reads {"say": "..."}')
        return Say(str(said))
    if not text.startswith(":"):
        return Say(text)
    word, _, rest = text[1:].partition(" ")
    match word, rest.strip():
        case "wait", span if parts := _WAIT.fullmatch(span):
            return Wait(int(parts[1]) * _UNITS[parts[2].lower()])
        case "press", label if label:
            return Press(label)
        case "as", user if user:
            return As(user)
        case _:
            return Misread(":wait 7d (or h, m, w) · :press LABEL · :as USER")


def event(body: Said | Pressed, *, user: str, at: datetime, key: str, nonce: str) -> Event:
    """What `user` did, as an event of the one chat that a console user has."""
    return Event(
        key=f"console:{key}",
        at=at,
        account=Account(platform=SURFACE.name, user=user),
        chat=Chat(platform=SURFACE.name, id=user),
        surface=SURFACE,
        body=body,
        nonce=nonce,
    )
