"""Every command's own example, answered with the shipped content, as Telegram would receive it."""

from datetime import UTC, datetime

import pytest

from adapters.telegram.render import render
from adapters.telegram.surface import surface
from bot.conversation.step import step
from bot.core.events import Account, Chat, Event, Said
from bot.core.state import Person, State
from bot.runtime.wiring import reader
from content.library import load
from tests.servers.telegram import TelegramServer, _markup

CONTENT = load()
SERVER = TelegramServer()


@pytest.mark.parametrize(
    "command", [name for name, command in CONTENT.commands.items() if not command.hidden]
)
def test_the_answer_to_a_command_s_example_is_accepted_and_fits_one_or_two_messages(
    command: str,
) -> None:
    line = CONTENT.commands[command].example
    event = Event(
        key="k",
        at=datetime(2026, 11, 21, tzinfo=UTC),
        account=Account(platform="telegram", user="7"),
        chat=Chat(platform="telegram", id="7"),
        surface=surface("pivot_test_bot"),
        body=Said(line, reader(CONTENT, line)),
        nonce="00" * 16,
    )
    turn = step(CONTENT, State(person=Person(id=1)), event)
    messages = [
        message for reply in turn.replies for message in render(reply, event, CONTENT.phrases)
    ]
    assert turn.effects or 1 <= len(messages) <= 2
    for message in messages:
        key, limit = (
            ("text", 4096) if message.payload["method"] == "sendMessage" else ("caption", 1024)
        )
        SERVER._words(
            dict(message.payload), key, limit, "too long", empty="empty" if key == "text" else ""
        )
        _markup(dict(message.payload))
