"""Replies become Slack messages. Pure: where a reply goes, and how much of it one message holds.

A reply too long for one message becomes several, cut between blocks; nothing is left out. How a
block looks is adapters.slack.block_kit's business.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from adapters.slack.block_kit import (
    MODAL,
    NOTHING,
    TABLES_TEXT,
    Kit,
    Piece,
    clean,
    escape,
    pieces,
    plain_text,
    rich,
    without_picture,
    without_tables,
)
from adapters.slack.parse import ACTION_MARK, LINK_MARK, OPENS, REPLACES
from bot.core.events import Due, Event, Found, OpenedHome, Pressed, Reading, Said, Submitted
from bot.core.messages import Address, Message
from bot.core.reply import ACTION_BYTES, Choices, Reply, Sources, Tap, Text, paragraph

# Blocks of a message, and of a modal or home page:
# https://docs.slack.dev/reference/block-kit/blocks
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
# https://docs.slack.dev/reference/methods/chat.postMessage
MESSAGE_TEXT = 4000
"""What Slack advises for `text`; it cuts at 40,000."""
VIEW_TEXT = 40_000
"""A modal has no text of its own; as a message, where it cannot be shown, it may be so long."""
# https://docs.slack.dev/reference/views/modal-views
VIEW_TITLE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The few sentences that only Slack needs."""

    share: str
    members_only: str
    home_more: str
    form_title: str
    form_close: str

    @classmethod
    def of(cls, phrases: Mapping[str, str]) -> "Words":
        return cls(**{name: phrases[f"slack_{name}"] for name in cls.__slots__})


def render(reply: Reply, event: Event, words: Words) -> tuple[Message, ...]:
    """The reply as messages, in order, each with its address."""
    if reply.personal and event.account.workspace != event.chat.workspace:
        reply = Reply(blocks=(paragraph(words.members_only),))
    address, manner = _address(reply, event)
    if address.home:
        return (_home(reply, address, words),)
    blocks = reply.blocks
    share = _share_line(event)
    if (
        share
        and manner.get("response_type") == "ephemeral"
        and not reply.personal
        and _has_facts(reply)
    ):
        blocks = (*blocks, Choices((Tap(words.share, share),)))
    in_view = address.token.startswith((OPENS, REPLACES))
    if in_view:
        manner = {**manner, MODAL: modal([], words)}
    flat = in_view or isinstance(event.body, Submitted)
    parts = [piece for block in blocks for piece in pieces(block, flat=flat)]
    # Only the first message takes the place of the tapped one, or stands in the modal; what follows
    # stands below it, or in the chat.
    below = {key: value for key, value in manner.items() if key not in ("replace_original", MODAL)}
    after = replace(address, edit_of="", token="" if in_view else address.token)
    groups = _groups(parts, VIEW_TEXT if flat else MESSAGE_TEXT)
    return tuple(
        _message(group, after, below) if number else _message(group, address, manner)
        for number, group in enumerate(groups)
    )


def modal(blocks: list[Kit], words: Words) -> Kit:
    """A form's answer, shown where the form stood."""
    return {
        "type": "modal",
        "title": plain_text(words.form_title[:VIEW_TITLE]),
        "close": plain_text(words.form_close[:VIEW_TITLE]),
        "blocks": blocks,
    }


# --- addresses ------------------------------------------------------------------------------------


def _address(reply: Reply, event: Event) -> tuple[Address, dict[str, object]]:
    """Where the reply goes and how a response_url shows it.

    In a channel only a mention is answered for all to read.
    """
    chat = event.chat
    user = event.account.user
    if isinstance(event.body, OpenedHome):
        return Address(chat=replace(chat, id=user, thread=""), only_to=user, home=True), {}
    if event.token is None:
        if chat.shared and isinstance(event.body, Due):
            chat = replace(chat, id=user, thread="", shared=False)
        return Address(chat=chat, only_to=user if reply.personal and chat.shared else ""), {}
    rewrites = False
    if isinstance(event.body, Pressed):
        rewrites = reply.in_place and not (chat.shared and event.body.message)
    public = chat.shared and not reply.personal and _asks_to_share(event)
    manner: dict[str, object] = {
        "response_type": "in_channel" if public else "ephemeral",
        "replace_original": rewrites and not public,
    }
    # Where a tap was answered in a modal, a further reply would push the first one out: it goes to
    # the chat.
    token = event.token.address
    takes_place = reply.in_place or isinstance(event.body, Found)
    address = Address(
        chat=chat,
        only_to=user,
        edit_of=event.body.message if rewrites and isinstance(event.body, Pressed) else "",
        token=token if takes_place or not token.startswith((OPENS, REPLACES)) else "",
        token_until=event.token.expires_at,
    )
    return address, manner


def _asks_to_share(event: Event) -> bool:
    match event.body:
        case Pressed(action=line) | Said(text=line):
            return line.removeprefix("/").split(" ", 1)[0].lower() == "share"
        case _:
            return False


def _share_line(event: Event) -> str:
    """The command line that shows this very answer to the channel, whatever was asked since;
    empty where there is none.
    """
    match event.body:
        case _ if not event.chat.shared:
            line = ""
        case Pressed(action=action):
            line = action
        case Said(text=text) if text.startswith("/"):
            line = text[1:]
        case Said(reading=Reading(action="answer", command=command, arguments=arguments)):
            line = f"{command} {arguments}".rstrip()
        case _:
            line = ""
    if line and len(f"share {line}".encode()) <= ACTION_BYTES:
        return f"share {line}"
    return ""


def _has_facts(reply: Reply) -> bool:
    """Worth showing to others: an answer with sources, not a menu or a question."""
    return any(isinstance(block, Sources) for block in reply.blocks)


# --- messages -------------------------------------------------------------------------------------


def _groups(parts: list[Piece], most_text: int) -> Iterator[list[Piece]]:
    """As many pieces to a message as its limits allow. A picture opens a message, a file is one."""
    group: list[Piece] = []
    blocks = text = tables = 0
    for piece in parts:
        blocks += len(piece.kit)
        text += len(escape(piece.text)) + 1
        tables += piece.table_text
        too_much = blocks > MESSAGE_BLOCKS or text > most_text or tables > TABLES_TEXT
        if group and (too_much or piece.extra is not None or group[-1].alone):
            yield group
            group = []
            blocks, text, tables = len(piece.kit), len(escape(piece.text)) + 1, piece.table_text
        group.append(piece)
    if group:
        yield group


def _message(group: list[Piece], address: Address, manner: Mapping[str, object]) -> Message:
    return Message(address=address, payload=_payload(group, manner), fallback=_words(group))


def _payload(group: list[Piece], manner: Mapping[str, object]) -> dict[str, object]:
    """`text` holds the whole content: screen readers read it instead of the blocks."""
    extra = next((piece.extra for piece in group if piece.extra is not None), {})
    return {
        "text": escape(_words(group)) or NOTHING,
        "blocks": _with_ids(kit for piece in group for kit in piece.kit),
        **extra,
        **manner,
    }


def _words(group: list[Piece]) -> str:
    return clean("\n".join(piece.text for piece in group if piece.text))


def _with_ids(blocks: Iterator[Kit]) -> list[Kit]:
    """Buttons get ids that are unique in their message; what a button does is its value alone."""
    numbered = []
    count = 0
    for block in blocks:
        if block["type"] != "actions":
            numbered.append(block)
            continue
        elements = []
        for element in block["elements"]:
            elements.append(
                {**element, "action_id": f"{LINK_MARK if 'url' in element else ACTION_MARK}{count}"}
            )
            count += 1
        numbered.append({**block, "elements": elements})
    return numbered


def _home(reply: Reply, address: Address, words: Words) -> Message:
    """The person's home page: one view, so a page too long ends in where the rest is."""
    parts = [piece for block in reply.blocks for piece in pieces(block, flat=False)]
    kit = without_picture([block for piece in parts for block in piece.kit])
    if len(kit) > VIEW_BLOCKS or sum(piece.table_text for piece in parts) > TABLES_TEXT:
        kit = [*without_tables(kit)[: VIEW_BLOCKS - 1], rich((Text(words.home_more),))]
    return Message(
        address=address, payload={"blocks": _with_ids(iter(kit))}, fallback=_words(parts)
    )
