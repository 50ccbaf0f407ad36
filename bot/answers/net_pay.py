"""`takehome` and `offer`."""

from bot.asking import Handler

HANDLERS: dict[str, Handler] = {}
