"""What Telegram shows about the bot itself: command menus, the two descriptions, the menu button.

Set from the content at every start, and only where it differs, so that many replicas starting together ask little.
"""

import logging

import telegram
from telegram.error import TelegramError

from content.commands import Command
from content.library import Content

log = logging.getLogger(__name__)

DESCRIPTION_CHARACTERS = 512
SHORT_DESCRIPTION_CHARACTERS = 120

ALSO_PRIVATE = ("profile", "reminders", "sources", "privacy")
"""Behind the menu's own commands. Clients show a button on the bot's page for help and privacy."""

SHARED_GROUPS = frozenset({"pay", "visas", "work", "bot"})
"""What makes sense where others read along: general figures, nothing about a person."""

Menu = tuple[telegram.BotCommand, ...]


def private_menu(content: Content) -> Menu:
    """The few commands that the command table marks for menus, then some about the person and the bot."""
    first = [name for name, command in content.commands.items() if command.menu and not command.hidden]
    return _menu(content, [*first, *(name for name in ALSO_PRIVATE if name in content.commands)])


def shared_menu(content: Content) -> Menu:
    return _menu(content, [name for name, command in content.commands.items() if command.menu and _is_general(command)])


async def set_up(bot: telegram.Bot, content: Content) -> None:
    """Bring Telegram's settings to what the content says. A refusal is logged: the bot works without a menu."""
    try:
        await _set_commands(bot, private_menu(content), telegram.BotCommandScopeAllPrivateChats())
        await _set_commands(bot, shared_menu(content), telegram.BotCommandScopeAllGroupChats())
        description, short = content.phrases["telegram_description"], content.phrases["telegram_short_description"]
        if (await bot.get_my_description()).description != description:
            await bot.set_my_description(description)
        if (await bot.get_my_short_description()).short_description != short:
            await bot.set_my_short_description(short)
        if not isinstance(await bot.get_chat_menu_button(), telegram.MenuButtonCommands):
            await bot.set_chat_menu_button(menu_button=telegram.MenuButtonCommands())
    except TelegramError as error:
        log.warning("the menu could not be set: %s", error)


async def _set_commands(bot: telegram.Bot, menu: Menu, scope: telegram.BotCommandScope) -> None:
    if await bot.get_my_commands(scope=scope) != menu:
        await bot.set_my_commands(menu, scope=scope)


def _menu(content: Content, names: list[str]) -> Menu:
    return tuple(telegram.BotCommand(name.replace("-", "_"), content.commands[name].summary) for name in dict.fromkeys(names))


def _is_general(command: Command) -> bool:
    return command.group in SHARED_GROUPS and not command.hidden
