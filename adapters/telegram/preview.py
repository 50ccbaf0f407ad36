"""A Telegram message as a fragment of HTML, roughly as a phone shows it: for looking at,
not for sending. Pure.
"""

import html
import re
from collections.abc import Mapping
from typing import Any

from adapters.telegram.render import render
from adapters.telegram.surface import surface
from bot.core.events import Event, Surface
from bot.core.messages import Message
from bot.core.reply import Reply

_TIME = re.compile(r"<tg-time[^<>]{0,80}>([^<]{0,80})</tg-time>", re.DOTALL)
_SPOILER = re.compile(r"</?tg-spoiler>")

_AROUND_QUOTE = re.compile(r"\n?(<blockquote[^>]*>|</blockquote>)\n?")
"""A quote is a block: the line breaks beside it are its own."""


class Face:
    """Renders as the bot named `preview_bot` would."""

    title = "Telegram"

    def __init__(self, phrases: Mapping[str, str]) -> None:
        self._phrases = phrases

    @property
    def surface(self) -> Surface:
        return surface("preview_bot")

    def render(self, reply: Reply, event: Event) -> tuple[Message, ...]:
        return render(reply, event, self._phrases)

    def fragment(self, message: Message) -> str:
        payload: Mapping[str, Any] = message.payload
        words = str(payload.get("text") or payload.get("caption") or "")
        shown = _SPOILER.sub("", _TIME.sub(r"<u>\1</u>", words)).replace(
            "<blockquote expandable>", '<blockquote class="folded">'
        )
        shown = _AROUND_QUOTE.sub(r"\1", shown).replace("\n", "<br>")
        extra = "".join(
            f'<div class="media">{html.escape(kind)}</div>' for kind in ("file",) if kind in payload
        )
        markup = payload.get("reply_markup") or {}
        rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
        buttons = "".join(
            f'<div class="row">{"".join(_button(button) for button in row)}</div>' for row in rows
        )
        return f'<div class="telegram"><div class="bubble">{extra}{shown}</div>{buttons}</div>'


def _button(button: Mapping[str, Any]) -> str:
    return (
        "<span "
        f'class="key">{html.escape(str(button["text"]))}{" ↗" if "url" in button else ""}</span>'
    )


STYLE = """
.telegram { width: 360px; font: 15px/1.35 -apple-system, Roboto, sans-serif; background: #d5e3c8; padding: 10px; border-radius: 10px; }
.telegram .bubble { background: #fff; border-radius: 12px; padding: 8px 12px; overflow-wrap: anywhere; }
.telegram blockquote { margin: 6px 0; padding: 4px 8px; border-left: 3px solid #3a8fd8; background: #eef5fb; }
.telegram blockquote.folded { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; border-right: 3px double #3a8fd8; }
.telegram pre { overflow-x: auto; font-size: 13px; margin: 4px 0; }
.telegram .row { display: flex; gap: 4px; margin-top: 4px; }
.telegram .key { flex: 1; text-align: center; background: #7fa36bcc; color: #fff; border-radius: 8px; padding: 7px 4px; font-size: 14px; }
"""
