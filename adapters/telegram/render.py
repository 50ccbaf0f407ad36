"""From a Reply to Telegram messages, pure: HTML, keyboards, limits.

A message's payload names a Bot API method and its parameters, without the chat: the address decides
where it goes when it is sent. `chart` and `file` stand where bytes will be; the transport makes
those, and keeps no trace of a `personal` chart. Nothing of a reply is left out.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from adapters.telegram import surface as links
from adapters.telegram.layout import (
    CAPTION_LIMIT,
    TEXT_LIMIT,
    Page,
    Row,
    Run,
    Section,
    blank,
    clean,
    pages,
    rows,
)
from adapters.telegram.parse import CALLBACK_VERSION
from bot.core.events import EDITED, Event, Pressed, Said
from bot.core.messages import Address, Message
from bot.core.reply import (
    Bar,
    Block,
    Bullets,
    Choice,
    Choices,
    Code,
    Copy,
    Emphasis,
    File,
    Heading,
    Line,
    Link,
    Moment,
    Note,
    Open,
    Paragraph,
    Picture,
    Reply,
    Sources,
    Span,
    Strong,
    Table,
    Tap,
    Text,
    figure_columns,
)

PHONE_COLUMNS = 34
"""Characters of fixed width that a narrow phone shows in one line;
a wider table is told row by row.
"""

HEADED_COLUMNS = 3
"""A table of so few columns that is told in lines names them once, above."""

TOLD_CHARACTERS = 80
"""A row told in so few characters stays in one line, 'label — header: cell · header: cell'; longer
ones get a line for each cell.
"""

UNFOLDED_CHARACTERS = 160
"""What is said about sources below their first line, the caveat's, is folded where it is longer:
a touch shows it all.
"""

BAR_CELLS = 10
# What the Bot API says nothing of, tried out: more buttons are refused or not shown.
BUTTON_LIMIT = 100
BUTTONS_IN_A_ROW = 8
ROW_CHARACTERS = 36
KEYBOARD_BYTES = 8000
"""Telegram answers REPLY_MARKUP_TOO_LONG somewhere above 10,000."""

LINK_CHARACTERS = 2000
# https://core.telegram.org/bots/api#copytextbutton
COPY_CHARACTERS = 256

_WEB = re.compile(r"(?:https?://[^\s/]+\.[^\s/]+|tg://\S).*", re.DOTALL)

Keyboard = list[list[dict[str, object]]]


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
            labelled = [_with_label(choice) for choice in choices]
            body.sections.extend(
                _unopenable(choice) for choice in labelled if not _is_button(choice)
            )
            body.choices.extend(choice for choice in labelled if _is_button(choice))
        case Heading() | Paragraph() | Bullets() | Table() | Note() | Bar() | Sources():
            body.sections.extend(_sections(block))
        case _:
            assert_never(block)


def _sections(
    block: Heading | Paragraph | Bullets | Table | Note | Bar | Sources,
) -> Iterator[Section]:
    match block:
        case Heading(text=text):
            yield Section(rows([_bold(text)]), tight=True)
        case Paragraph(spans=spans):
            yield Section(rows(map(_run, spans)))
        case Bullets(items=items, ordered=ordered):
            yield Section(
                tuple(
                    row
                    for position, item in enumerate(items, 1)
                    for row in _item(item, position if ordered else 0)
                )
            )
        case Table():
            yield from _table(block)
        case Note(title=title, lines=lines):
            inside = (
                *rows([_bold(title)]),
                *(row for line in lines for row in rows(map(_run, line))),
            )
            yield Section(inside, "<blockquote expandable>", "</blockquote>")
        case Bar(words=words, done=done, total=total):
            cells = round(BAR_CELLS * done / total) if total else 0
            drawn = Run("▓" * cells + "░" * (BAR_CELLS - cells))
            yield Section((*rows([Run(words)]), *(((drawn,),) if total else ())))
        case Sources(lines=lines):
            first, *more = [tuple(rows(map(_italic, line))) for line in lines] or [()]
            below = tuple(row for line in more for row in line)
            if sum(len(run.text) for row in below for run in row) > UNFOLDED_CHARACTERS:
                yield Section(first, tight=True)
                yield Section(below, "<blockquote expandable>", "</blockquote>")
            else:
                yield Section((*first, *below))
        case _:
            assert_never(block)


def _run(span: Span) -> Run:
    match span:
        case Text(text=text):
            return Run(text)
        case Strong(text=text):
            return _bold(text)
        case Emphasis(text=text):
            return Run(text, "<i>", "</i>")
        case Code(text=text):
            return Run(text, "<code>", "</code>")
        case Link(text=text, address=address) if blank(text):
            if blank(address):
                return Run("")
            return _run(Link(address, address))
        case Link(text=text, address=address):
            aside = "" if text == address else f" ({clean(address)})"
            if len(address) > LINK_CHARACTERS or not _WEB.fullmatch(address):
                return Run(text + aside)
            return Run(text, f'<a href="{html.escape(clean(address))}">', "</a>", aside)
        case Moment(text=text, at=at, strong=strong):
            # Without a format the words stay as they are, and a touch shows the instant in the
            # reader's own time.
            run = Run(text, f'<tg-time unix="{int(at.timestamp())}">', "</tg-time>")
            if strong:
                return replace(run, opening=f"<b>{run.opening}", closing=f"{run.closing}</b>")
            return run
        case _:
            assert_never(span)


def _bold(text: str) -> Run:
    return Run(text, "<b>", "</b>")


def _italic(span: Span) -> Run:
    """Italics around whatever it is; code may not stand inside them."""
    run = _run(span)
    if isinstance(span, Code | Emphasis):
        return run
    return Run(run.text, "<i>" + run.opening, run.closing + "</i>", run.aside)


def _item(item: Line, number: int) -> tuple[Row, ...]:
    return rows([Run(f"{number}. " if number else "• "), *map(_run, item)])


def _table(table: Table) -> Iterator[Section]:
    """Aligned columns where a phone holds them, else a list: a line a row, or a section a row."""
    if table.caption:
        yield Section(rows([_bold(table.caption)]), tight=True)
    lines = [
        [" ".join(clean(cell).split()) for cell in line] for line in (table.header, *table.rows)
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) <= PHONE_COLUMNS:
        right = figure_columns(table)
        aligned = ("  ".join(map(_align, line, widths, right)).rstrip() for line in lines)
        # Telegram has no tables; <pre> alone keeps columns:
        # https://core.telegram.org/bots/api#html-style
        yield Section(tuple((Run(line),) for line in aligned), "<pre>", "</pre>")
        return
    header, *told = lines
    cells = [_cells_in_words(header[1:], line[1:]) for line in told]
    if all(sum(map(len, row)) <= TOLD_CHARACTERS for row in cells):
        yield _line_a_row(header, told, cells)
        return
    for line, row in zip(told, cells, strict=True):
        yield Section(((_bold(line[0]),), *((Run(cell),) for cell in row)))


def _line_a_row(header: list[str], told: list[list[str]], cells: list[list[str]]) -> Section:
    """Few columns are named once above, and a full row then needs no names of its own."""
    heads, named_once = header[1:], len(header) <= HEADED_COLUMNS
    listed: list[Row] = []
    if named_once and any(heads):
        listed.append((Run(" · ".join(filter(None, heads)), "<i>", "</i>"),))
    for line, row in zip(told, cells, strict=True):
        if named_once and all(line[1:]):
            said = line[1:]
        else:
            said = row
        listed.append((_bold(line[0]), Run(" — " * bool(said) + " · ".join(said))))
    return Section(tuple(listed))


def _cells_in_words(names: list[str], cells: list[str]) -> list[str]:
    """'189 · 190: permanent': cells with their columns' names, those that are alike in one."""
    alike: dict[str, list[str]] = {}
    for name, cell in zip(names, cells, strict=True):
        if cell:
            alike.setdefault(cell, []).append(name)
    return [
        f"{' · '.join(filter(None, named))}: {cell}" if any(named) else cell
        for cell, named in alike.items()
    ]


def _align(cell: str, width: int, right: bool) -> str:
    if right:
        return cell.rjust(width)
    return cell.ljust(width)


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
    for position, group in enumerate(_boards(body.choices)):
        typed = "\n".join(_as_typed(choice, prefix) for choice in group)
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
        last.payload["reply_markup"] = {"inline_keyboard": _keyboard(group)}
        last.plain = f"{last.plain}\n\n{typed}".strip()


def _boards(choices: Iterable[Choice]) -> Iterator[list[Choice]]:
    """The choices in groups that one keyboard takes and one plain text can list."""
    group: list[Choice] = []
    weight = length = 0
    for choice in choices:
        size, line = _weight(choice), len(_as_typed(choice, "/")) + 1
        if group and (
            len(group) == BUTTON_LIMIT
            or weight + size > KEYBOARD_BYTES
            or length + line > TEXT_LIMIT // 2
        ):
            yield group
            group, weight, length = [], 0, 0
        group.append(choice)
        weight, length = weight + size, length + line
    if group:
        yield group


def _weight(choice: Choice) -> int:
    return len(choice.label.encode()) + len(_behind(choice).encode())


def _behind(choice: Choice) -> str:
    """What a button stands for."""
    match choice:
        case Tap(action=action):
            return action
        case Open(address=address):
            return address
        case Copy(text=text):
            return text
        case _:
            assert_never(choice)


def _keyboard(choices: list[Choice]) -> Keyboard:
    """Rows that a phone shows without cutting a label: buttons of a row are equally wide."""
    keyboard: Keyboard = []
    widest = 0
    for choice in choices:
        width = max(widest, len(choice.label) + 2)
        if (
            keyboard
            and len(keyboard[-1]) < BUTTONS_IN_A_ROW
            and width * (len(keyboard[-1]) + 1) <= ROW_CHARACTERS
        ):
            keyboard[-1].append(_button(choice))
            widest = width
        else:
            keyboard.append([_button(choice)])
            widest = len(choice.label) + 2
    return keyboard


def _button(choice: Choice) -> dict[str, object]:
    match choice:
        case Tap(label=label, action=action):
            return {"text": label, "callback_data": CALLBACK_VERSION + action}
        case Open(label=label, address=address):
            return {"text": label, "url": address}
        case Copy(label=label, text=text):
            return {"text": label, "copy_text": {"text": text}}
        case _:
            assert_never(choice)


def has_copies(payload: Mapping[str, object]) -> bool:
    """Whether a message has buttons that copy."""
    return without_copies(payload) != payload


def without_copies(payload: Mapping[str, object]) -> Mapping[str, object]:
    """The message for a server that knows no such buttons: what they copy stands in its words."""
    match payload:
        case {"reply_markup": {"inline_keyboard": [*keyboard]}}:
            rows = [[one for one in row if "copy_text" not in one] for row in keyboard]
            markup = {"inline_keyboard": [row for row in rows if row]}
            return {**payload, "reply_markup": markup}
        case _:
            return payload


def _as_typed(choice: Choice, prefix: str) -> str:
    """The choice for those who see no buttons."""
    before = prefix if isinstance(choice, Tap) else ""
    return f"{choice.label}: {before}{_behind(choice)}"


def _with_label(choice: Choice) -> Choice:
    """The choice with a label that Telegram shows: one line, and not blank."""
    label = " ".join(clean(choice.label).split())
    if blank(label):
        label = _behind(choice)
    if label == choice.label:
        return choice
    return replace(choice, label=label)


def _is_button(choice: Choice) -> bool:
    match choice:
        case Tap():
            return True
        case Open(address=address):
            return len(address) <= LINK_CHARACTERS and _WEB.fullmatch(address) is not None
        case Copy(text=text):
            return 0 < len(text) <= COPY_CHARACTERS
        case _:
            assert_never(choice)


def _unopenable(choice: Choice) -> Section:
    """A page whose address Telegram refuses on a button, in words."""
    return Section(rows([Run(_as_typed(choice, ""))]))


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
