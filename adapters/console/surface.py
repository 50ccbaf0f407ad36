"""What the console can show."""

from bot.core.events import Surface

SURFACE = Surface(
    name="console", prefix="", tables=True, files=True, asks_links=True, own_machine=True
)
