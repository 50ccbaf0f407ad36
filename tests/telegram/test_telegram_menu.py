"""What Telegram shows about the bot: set from the content, and only where it differs."""

from telegram import Bot

from adapters.telegram.menu import DESCRIPTION_CHARACTERS, SHORT_DESCRIPTION_CHARACTERS, private_menu, set_up, shared_menu
from adapters.telegram.wire import Wire
from content.library import load
from tests.servers.telegram import TOKEN, TelegramServer

CONTENT = load()


async def test_the_menu_is_set_once_and_left_alone_after() -> None:
    async with TelegramServer() as server, Wire() as wire:
        bot = Bot(TOKEN, base_url=server.url, request=wire, get_updates_request=Wire())
        await set_up(bot, CONTENT)
        asked = [call.method for call in server.calls if call.method.startswith("set")]
        assert asked == ["setMyCommands", "setMyCommands", "setMyDescription", "setMyShortDescription", "setChatMenuButton"]
        assert {call.status for call in server.calls} == {200}
        await set_up(bot, CONTENT)
        assert [call.method for call in server.calls if call.method.startswith("set")] == asked
        private, shared = server.settings["commands:all_private_chats"], server.settings["commands:all_group_chats"]
        assert [command["command"] for command in private][:2] == ["help", "salary"]
        assert {command["command"] for command in shared} < {command["command"] for command in private}
        assert "plan" not in {command["command"] for command in shared}
        assert server.settings["menu_button"] == {"type": "commands"}


async def test_a_changed_summary_is_set_again() -> None:
    async with TelegramServer() as server, Wire() as wire:
        bot = Bot(TOKEN, base_url=server.url, request=wire, get_updates_request=Wire())
        await set_up(bot, CONTENT)
        server.settings["commands:all_private_chats"][0]["description"] = "something old"
        await set_up(bot, CONTENT)
        assert [call.method for call in server.calls if call.method.startswith("set")].count("setMyCommands") == 3


async def test_a_refusal_does_not_stop_the_bot() -> None:
    async with TelegramServer() as server, Wire() as wire:
        server.fault("limit", method="setMyCommands", seconds=30)
        await set_up(Bot(TOKEN, base_url=server.url, request=wire, get_updates_request=Wire()), CONTENT)
        assert server.called("setMyCommands")[0].status == 429


def test_hidden_and_operators_commands_are_on_no_menu() -> None:
    names = {command.command for command in (*private_menu(CONTENT), *shared_menu(CONTENT))}
    assert names.isdisjoint({"admin", "answer", "share"})


def test_the_descriptions_fit() -> None:
    assert len(CONTENT.phrases["telegram_description"]) <= DESCRIPTION_CHARACTERS
    assert len(CONTENT.phrases["telegram_short_description"]) <= SHORT_DESCRIPTION_CHARACTERS
