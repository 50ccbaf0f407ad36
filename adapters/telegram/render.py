"""From a Reply to Telegram messages, pure: HTML, keyboards, limits.

A message's payload names a Bot API method and its parameters, without the chat: the address decides
where it goes when it is sent. `chart` and `file` stand where bytes will be; the transport makes
those, and keeps no trace of a `personal` chart. Nothing of a reply is left out.
"""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from adapters.telegram import surface as links
from adapters.telegram.keyboard import (
    boards_of,
    is_button,
    keyboard_of,
    typed_line,
    unopenable,
    with_label,
)
from adapters.telegram.layout import CAPTION_LIMIT, TEXT_LIMIT, Page, Run, Section, pages, rows
from adapters.telegram.sections import sections_of
from bot.core.events import EDITED, Event, Pressed, Said
from bot.core.messages import Address, Message
from bot.core.reply import (
    Bar,
    Block,
    Bullets,
    Choice,
    Choices,
    File,
    Heading,
    Note,
    Open,
    Paragraph,
    Picture,
    Reply,
    Sources,
    Table,
    Text,
)


@dataclass(kw_only=True)
class _Draft:
    """One message in the making. `limit` is what its plain rendition may hold."""

    payload: dict[str, object]
    plain: str
    limit: int = TEXT_LIMIT


@dataclass(kw_only=True)
class _Body:
    """What stands under each other until something else than text interrupts it."""

    sections: list[Section] = field(default_factory=list)
    drafts: list[_Draft] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    personal: bool = False

    def flush(self) -> None:
        self.drafts.extend(_text(page) for page in pages(self.sections))
        self.sections = []


def render(reply: Reply, event: Event, phrases: Mapping[str, str]) -> tuple[Message, ...]:
    """The reply's messages in order.

    A personal reply never enters a shared chat: a button to the private one does.
    """
    if reply.personal and event.chat.shared:
        reply = _elsewhere(event, phrases)
    body = _Body(personal=reply.personal)
    for block in reply.blocks:
        _put(block, body)
        if reply.place == "settled" and not body.drafts and not isinstance(block, Heading):
            _take_keyboard_away(body)
    body.flush()
    _attach(body, phrases, event.surface.prefix)
    edited = _edit_target(reply, event, body.drafts)
    if reply.place == "asked" and not event.chat.shared:
        body.drafts.append(_place_button(phrases))
    return tuple(
        Message(
            address=Address(chat=event.chat, edit_of=edited if position == 0 else ""),
            payload=draft.payload | (_beside(reply, event) if position == 0 else {}),
            fallback=draft.plain,
        )
        for position, draft in enumerate(body.drafts)
    )


def _take_keyboard_away(body: _Body) -> None:
    """The reply's opening does it, as a message of its own:
    one with buttons under it has no room for that.
    """
    body.flush()
    if body.drafts:
        body.drafts[0].payload["reply_markup"] = {"remove_keyboard": True}


def _place_button(phrases: Mapping[str, str]) -> _Draft:
    """Sharing one's place has a keyboard of its own, beside the buttons of the question:
    once used, it folds away.
    """
    words = phrases["telegram_share_place"]
    draft = _text(Page(html.escape(words, quote=False), words))
    button = {"text": phrases["telegram_share_place_button"], "request_location": True}
    draft.payload["reply_markup"] = {
        "keyboard": [[button]],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }
    return draft


def _put(block: Block, body: _Body) -> None:
    match block:
        case Picture(spec=spec, alt=alt):
            body.flush()
            drawn = {"chart": dict(spec), **({"personal": True} if body.personal else {})}
            _put_media({"method": "sendPhoto", **drawn}, alt, body)
        case File(name=name, media_type=media_type, text=text, caption=caption, refused=refused):
            body.flush()
            file = {"name": name, "media_type": media_type, "text": text, "refused": refused}
            _put_media({"method": "sendDocument", "file": file}, caption, body)
        case Choices(choices=choices):
            labelled = [with_label(choice) for choice in choices]
            body.sections.extend(unopenable(choice) for choice in labelled if not is_button(choice))
            body.choices.extend(choice for choice in labelled if is_button(choice))
        case Heading() | Paragraph() | Bullets() | Table() | Note() | Bar() | Sources():
            body.sections.extend(sections_of(block))
        case _:
            assert_never(block)


def _put_media(payload: dict[str, object], words: str, body: _Body) -> None:
    """A picture or file with its caption; words that are too many for a caption follow as text."""
    sections = [Section(rows([Run(words)]))]
    captions = pages(sections, CAPTION_LIMIT)
    if len(captions) == 1:
        payload |= {"caption": captions[0].html, "parse_mode": "HTML"}
    body.drafts.append(
        _Draft(
            payload=payload,
            plain=captions[0].plain if len(captions) == 1 else "",
            limit=CAPTION_LIMIT,
        )
    )
    if len(captions) > 1:
        body.sections.extend(sections)


def _text(page: Page) -> _Draft:
    payload: dict[str, object] = {
        "method": "sendMessage",
        "text": page.html,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    return _Draft(payload=payload, plain=page.plain)


def _attach(body: _Body, phrases: Mapping[str, str], prefix: str) -> None:
    """The buttons go under the last message; those that it cannot hold get a
    line of text of their own to stand under.
    """
    for position, group in enumerate(boards_of(body.choices)):
        typed = "\n".join(typed_line(choice, prefix) for choice in group)
        last = body.drafts[-1] if body.drafts else None
        taken = last is not None and "reply_markup" in last.payload
        if last is None or taken or len(last.plain) + 2 + len(typed) > last.limit:
            if last is None:
                words = phrases["telegram_choose"]
            elif taken and not position:
                words = phrases["telegram_next"]
            else:
                words = phrases["telegram_more"]
            last = _text(Page(html.escape(words, quote=False), words))
            body.drafts.append(last)
        last.payload["reply_markup"] = {"inline_keyboard": keyboard_of(group)}
        last.plain = f"{last.plain}\n\n{typed}".strip()


def _edit_target(reply: Reply, event: Event, drafts: list[_Draft]) -> str:
    """Our message to rewrite: the tapped one if the whole reply is one text, or the one that
    answered a text since edited.
    """
    texts = [draft.payload["method"] == "sendMessage" for draft in drafts]
    if reply.place == "settled":
        return ""
    match event.body:
        case Pressed(message=message) if reply.in_place and texts == [True]:
            return message
        case Said(edit_of=message) if reply.in_place and message != EDITED and texts[:1] == [True]:
            return message
        case _:
            return ""


def _beside(reply: Reply, event: Event) -> dict[str, object]:
    """Among others, an answer says what it answers.

    `reaction` is for the transport: a reaction on the person's message.
    """
    match event.body:
        case Said(message=message) if message:
            pointing = {
                "reply_parameters": {
                    "message_id": int(message),
                    "allow_sending_without_reply": True,
                }
            }
            return (pointing if event.chat.shared else {}) | (
                {"reaction": int(message)} if reply.reaction else {}
            )
        case _:
            return {}


def _elsewhere(event: Event, phrases: Mapping[str, str]) -> Reply:
    """The last line of defence for what belongs to one person: the core has asked already."""
    match event.body:
        case Pressed(action=words) | Said(text=words):
            payload = links.payload(words.removeprefix("/").strip())
        case _:
            payload = ""
    button = Open(phrases["telegram_open_private"], event.surface.private_link + payload)
    return Reply(blocks=(Paragraph((Text(phrases["telegram_private"]),)), Choices((button,))))
