"""What the console can show."""

from bot.events import Surface

SURFACE = Surface(name="console", prefix="", tables=True, files=True, asks_links=True, own_machine=True)
