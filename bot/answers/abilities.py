"""What a platform can show and knows, as a table made from its Surface: what the program declares is what people read."""

from typing import Final

from bot.asking import Ask
from bot.reply import Table

ABILITIES: Final = ("pictures", "files", "tables", "forms", "home", "edits", "whispers", "knows_zone", "shares_location")
"""Fields of Surface, in the order shown. Each has a phrase, and another for what happens where it is missing."""


def abilities(ask: Ask) -> Table:
    surface = ask.event.surface
    rows = tuple(
        (ask.say(f"ability_{name}"), ask.say("abilities_yes") if getattr(surface, name) else ask.say(f"ability_{name}_no"))
        for name in ABILITIES
    )
    caption = ask.say("abilities_caption", platform=surface.name.capitalize())
    return Table(caption=caption, header=(ask.say("abilities_what"), ask.say("abilities_here")), rows=rows)
