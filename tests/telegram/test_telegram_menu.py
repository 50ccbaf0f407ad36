"""What Telegram shows about the bot: set from the content, and only where it differs."""

from telegram import Bot

from adapters.telegram.http_client import Wire
from adapters.telegram.menu import (
    DESCRIPTION_CHARACTERS,
    SHORT_DESCRIPTION_CHARACTERS,
    menu_for_groups,
    private_menu,
    set_up,
)
from content.library import load
from tests.servers.telegram import TOKEN, TelegramServer

CONTENT = load()


async def test_the_menu_is_set_once_and_left_alone_after() -> None:
    async with TelegramServer() as server, Wire() as wire:
        bot = Bot(TOKEN, base_url=server.url, request=wire, get_updates_request=Wire())
        await set_up(bot, CONTENT)
        asked = [call.method for call in server.calls if call.method.startswith("set")]
        assert asked == [
            "setMyCommands",
            "setMyCommands",
            "setMyDescription",
            "setMyShortDescription",
            "setChatMenuButton",
        ]
        assert {call.status for call in server.calls} == {200}
        await set_up(bot, CONTENT)
        assert [call.method for call in server.calls if call.method.startswith("set")] == asked
        private, shared = (
            server.settings["commands:all_private_chats"],
            server.settings["commands:all_group_chats"],
        )
        assert [command["command"] for command in private][:2] == ["help", "salary"]
        assert {command["command"] for command in shared} < {
            command["command"] for command in private
        }
        assert "plan" not in {command["command"] for command in shared}
        assert server.settings["menu_button"] == {"type": "commands"}


async def test_a_changed_summary_is_set_again() -> None:
    async with TelegramServer() as server, Wire() as wire:
        bot = Bot(TOKEN, base_url=server.url, request=wire, get_updates_request=Wire())
        await set_up(bot, CONTENT)
        server.settings["commands:all_private_chats"][0]["description"] = "something old"
        await set_up(bot, CONTENT)
        assert [call.method for call in server.calls if call.method.startswith("set")].count(
            "setMyCommands"
        ) == 3


async def test_a_menu_left_behind_for_a_language_is_taken_away() -> None:
    async with TelegramServer() as server, Wire() as wire:
        bot = Bot(TOKEN, base_url=server.url, request=wire, get_updates_request=Wire())
        server.settings["commands:all_private_chatsen"] = [
            {"command": "old", "description": "from another age"}
        ]
        for _ in range(2):
            await set_up(bot, CONTENT)
        assert "commands:all_private_chatsen" not in server.settings
        assert len(server.called("deleteMyCommands")) == 1


async def test_what_is_refused_does_not_keep_the_rest_from_being_set() -> None:
    async with TelegramServer() as server, Wire() as wire:
        server.fault("limit", method="setMyCommands", seconds=30)
        server.fault("drop_before", method="getMyDescription")
        await set_up(
            Bot(TOKEN, base_url=server.url, request=wire, get_updates_request=Wire()), CONTENT
        )
        assert [call.status for call in server.called("setMyCommands")] == [429, 200]
        assert "commands:all_group_chats" in server.settings
        assert "description" not in server.settings
        assert server.settings["short_description"] == CONTENT.phrases["telegram_short_description"]
        assert server.settings["menu_button"] == {"type": "commands"}


def test_hidden_and_operators_commands_are_on_no_menu() -> None:
    names = {command.command for command in (*private_menu(CONTENT), *menu_for_groups(CONTENT))}
    assert names.isdisjoint({"admin", "answer", "share"})


def test_the_descriptions_fit() -> None:
    assert len(CONTENT.phrases["telegram_description"]) <= DESCRIPTION_CHARACTERS
    assert len(CONTENT.phrases["telegram_short_description"]) <= SHORT_DESCRIPTION_CHARACTERS
