"""Inline mode: '@bot salary senior' typed in any chat offers the answer as something to post there.

Pure. What is offered is the same for everyone: the reply a stranger would get, so Telegram may keep
it for a while.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from adapters.telegram import surface as links
from adapters.telegram.render import render
from adapters.telegram.surface import PLATFORM
from bot.core.events import Account, Chat, Event, Said, Surface
from bot.core.reply import Choices, Reply
from content.content import Content

Preview = Callable[[Event], tuple[Reply, ...]]
"""What a stranger would be answered; nothing for what is personal, unknown or does something."""

# Telegram keeps the offers for so long: https://core.telegram.org/bots/api#answerinlinequery
CACHE_SECONDS = 300
EXAMPLES = 5
TITLE_CHARACTERS = 64
DESCRIPTION_CHARACTERS = 120


def results(
    query: str, user: str, *, content: Content, surface: Surface, preview: Preview, at: datetime
) -> list[Mapping[str, object]]:
    """Articles for a query; for an empty one, examples of what can be asked."""
    if query.strip():
        lines = [query]
    else:
        lines = _examples(content)
    found: list[Mapping[str, object]] = []
    for line in lines:
        chat = Chat(platform=PLATFORM, id=user)
        event = Event(
            key="",
            at=at,
            account=Account(platform=PLATFORM, user=user),
            chat=chat,
            surface=surface,
            body=Said(line),
        )
        found.extend(
            article
            for reply in preview(event)[:1]
            if (article := _article(reply, event, line, content.phrases))
        )
    return found


def _examples(content: Content) -> list[str]:
    general = (
        command.example
        for command in content.commands.values()
        if command.menu and content.groups[command.group].general
    )
    return list(general)[:EXAMPLES]


def _article(
    reply: Reply, event: Event, line: str, phrases: Mapping[str, str]
) -> Mapping[str, object] | None:
    """The first message of the reply, without its buttons (they need a chat with us): one button
    opens that chat for the rest.
    """
    blocks = tuple(block for block in reply.blocks if not isinstance(block, Choices))
    texts = [
        one
        for one in render(Reply(blocks=blocks), event, phrases)
        if one.payload["method"] == "sendMessage"
    ]
    if not texts:
        return None
    title, _, rest = texts[0].fallback.partition("\n")
    door = {
        "text": phrases["telegram_open_private"],
        "url": event.surface.private_link + links.payload(line),
    }
    return {
        "type": "article",
        "id": hashlib.sha256(texts[0].fallback.encode()).hexdigest()[:32],
        "title": _shorten(title, TITLE_CHARACTERS),
        "description": _shorten(" ".join(rest.split()), DESCRIPTION_CHARACTERS),
        "input_message_content": {
            key: texts[0].payload[key] for key in ("parse_mode", "link_preview_options")
        }
        | {"message_text": texts[0].payload["text"]},
        "reply_markup": {"inline_keyboard": [[door]]},
    }


def _shorten(text: str, limit: int) -> str:
    """For the list of offers only; what is posted is whole."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rstrip() + "…"
