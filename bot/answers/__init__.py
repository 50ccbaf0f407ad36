"""Answers made of facts: one module a theme, each exporting `HANDLERS` (command name → handler)."""

from bot.answers import bot_itself, origin, salary, work
from bot.asking import Handler

HANDLERS: dict[str, Handler] = {
    **bot_itself.HANDLERS,
    **origin.HANDLERS,
    **salary.HANDLERS,
    **work.HANDLERS,
}
