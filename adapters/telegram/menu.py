"""What Telegram shows about the bot itself: command menus, the two descriptions, the menu button.

Set from the content at every start, and only where it differs, so that many replicas starting
together ask little.
"""

import logging
from collections.abc import Awaitable, Callable
from functools import partial

import telegram
from telegram.error import TelegramError

from content.content import Content

log = logging.getLogger(__name__)

# https://core.telegram.org/bots/api#setmydescription and #setmyshortdescription
DESCRIPTION_CHARACTERS = 512
SHORT_DESCRIPTION_CHARACTERS = 120

LANGUAGES = ("en",)
"""The bot speaks English to everyone, so one menu without a language serves all; one left behind
for English would win over it.
"""

Menu = tuple[telegram.BotCommand, ...]


def private_menu(content: Content) -> Menu:
    """The few commands that the command table marks for menus,
    then some about the person and the bot.
    """
    shown = {name: command for name, command in content.commands.items() if not command.hidden}
    first = [name for name, command in shown.items() if command.menu]
    later = [name for name, command in shown.items() if command.menu_later]
    return _menu(content, [*first, *later])


def menu_for_groups(content: Content) -> Menu:
    return _menu(
        content,
        [
            name
            for name, command in content.commands.items()
            if command.menu and not command.hidden and content.groups[command.group].tells
        ],
    )


async def set_up(bot: telegram.Bot, content: Content) -> None:
    """Bring Telegram's settings to what the content says.

    What is refused is logged, and the rest set: the bot works without.
    """
    steps: tuple[Callable[[], Awaitable[None]], ...] = (
        partial(
            _set_commands, bot, private_menu(content), telegram.BotCommandScopeAllPrivateChats()
        ),
        partial(
            _set_commands, bot, menu_for_groups(content), telegram.BotCommandScopeAllGroupChats()
        ),
        partial(_set_description, bot, content.phrases["telegram_description"]),
        partial(_set_short_description, bot, content.phrases["telegram_short_description"]),
        partial(_set_menu_button, bot),
    )
    for step in steps:
        try:
            await step()
        except TelegramError as error:
            log.warning("the menu could not be set as it should be: %s", error)


async def _set_commands(bot: telegram.Bot, menu: Menu, scope: telegram.BotCommandScope) -> None:
    """For the scope as such, and for every language of it that somebody gave a menu of its own:
    that would hide this one.
    """
    if await bot.get_my_commands(scope=scope) != menu:
        await bot.set_my_commands(menu, scope=scope)
    for language in LANGUAGES:
        if await bot.get_my_commands(scope=scope, language_code=language):
            await bot.delete_my_commands(scope=scope, language_code=language)


async def _set_description(bot: telegram.Bot, words: str) -> None:
    if (await bot.get_my_description()).description != words:
        await bot.set_my_description(words)


async def _set_short_description(bot: telegram.Bot, words: str) -> None:
    if (await bot.get_my_short_description()).short_description != words:
        await bot.set_my_short_description(words)


async def _set_menu_button(bot: telegram.Bot) -> None:
    if not isinstance(await bot.get_chat_menu_button(), telegram.MenuButtonCommands):
        await bot.set_chat_menu_button(menu_button=telegram.MenuButtonCommands())


def _menu(content: Content, names: list[str]) -> Menu:
    return tuple(
        telegram.BotCommand(name.replace("-", "_"), content.commands[name].summary)
        for name in dict.fromkeys(names)
    )
