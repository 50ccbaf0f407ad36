"""Answers made of facts: one module a theme, each exporting `HANDLERS` (command name → handler), and some `KNOWS` (command name → grammar)."""

from bot.answers import bot_itself, code, net_pay, origin, salary, visa, work
from bot.asking import Handler, Knows

HANDLERS: dict[str, Handler] = {
    **bot_itself.HANDLERS,
    **code.HANDLERS,
    **net_pay.HANDLERS,
    **origin.HANDLERS,
    **salary.HANDLERS,
    **visa.HANDLERS,
    **work.HANDLERS,
}
KNOWS: dict[str, Knows] = {**bot_itself.KNOWS, **net_pay.KNOWS, **salary.KNOWS, **work.KNOWS}
