"""Choices as Telegram's inline keyboards: labels that fit, rows that fit a phone, one message's limit.

What cannot be a button is said as a line that can be typed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import assert_never

from adapters.telegram.layout import TEXT_LIMIT, Run, Section, blank, clean, rows
from adapters.telegram.parse import CALLBACK_VERSION
from bot.core.reply import Choice, Copy, Open, Tap

# What the Bot API says nothing of, tried out: more buttons are refused or not shown.
BUTTON_LIMIT = 100
BUTTONS_IN_A_ROW = 8
ROW_CHARACTERS = 36
KEYBOARD_BYTES = 8000
"""Telegram answers REPLY_MARKUP_TOO_LONG somewhere above 10,000."""
LINK_CHARACTERS = 2000
# https://core.telegram.org/bots/api#copytextbutton
COPY_CHARACTERS = 256
WEB_ADDRESS = re.compile(r"(?:https?://[^\s/]+\.[^\s/]+|tg://\S).*", re.DOTALL)
Keyboard = list[list[dict[str, object]]]


def boards_of(choices: Iterable[Choice]) -> Iterator[list[Choice]]:
    """The choices in groups that one keyboard takes and one plain text can list."""
    group: list[Choice] = []
    weight = length = 0
    for choice in choices:
        size, line = _weight(choice), len(typed_line(choice, "/")) + 1
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


def keyboard_of(choices: list[Choice]) -> Keyboard:
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


def typed_line(choice: Choice, prefix: str) -> str:
    """The choice for those who see no buttons."""
    before = prefix if isinstance(choice, Tap) else ""
    return f"{choice.label}: {before}{_behind(choice)}"


def with_label(choice: Choice) -> Choice:
    """The choice with a label that Telegram shows: one line, and not blank."""
    label = " ".join(clean(choice.label).split())
    if blank(label):
        label = _behind(choice)
    if label == choice.label:
        return choice
    return replace(choice, label=label)


def is_button(choice: Choice) -> bool:
    match choice:
        case Tap():
            return True
        case Open(address=address):
            return len(address) <= LINK_CHARACTERS and WEB_ADDRESS.fullmatch(address) is not None
        case Copy(text=text):
            return 0 < len(text) <= COPY_CHARACTERS
        case _:
            assert_never(choice)


def unopenable(choice: Choice) -> Section:
    """A page whose address Telegram refuses on a button, in words."""
    return Section(rows([Run(typed_line(choice, ""))]))
