"""Answers made of facts: one module a theme, each exporting `HANDLERS` (command name → handler)."""

from bot.asking import Handler

HANDLERS: dict[str, Handler] = {}
