"""Answers made of facts: one module a theme, each exporting `HANDLERS` (command name → handler),
and some `GRAMMARS` (command name → grammar).
"""

from bot.core.request import Grammar, Handler
from bot.features.about import bot_itself, fact, news, origin
from bot.features.pay import net_pay, salary
from bot.features.visas import code, visa
from bot.features.work import work

HANDLERS: dict[str, Handler] = {
    **bot_itself.HANDLERS,
    **code.HANDLERS,
    **fact.HANDLERS,
    **net_pay.HANDLERS,
    **news.HANDLERS,
    **origin.HANDLERS,
    **salary.HANDLERS,
    **visa.HANDLERS,
    **work.HANDLERS,
}
GRAMMARS: dict[str, Grammar] = {
    **bot_itself.GRAMMARS,
    **fact.GRAMMARS,
    **net_pay.GRAMMARS,
    **news.GRAMMARS,
    **salary.GRAMMARS,
    **work.GRAMMARS,
}
