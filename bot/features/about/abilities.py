"""What a platform can show and knows, as a table made from its Surface:
what the program declares is what people read.
"""

from typing import Final

from bot.core.reply import Table
from bot.core.request import Request

ABILITIES: Final = tuple(
    """
    pictures files tables forms home edits ephemeral knows_zone shares_location
    """.split()
)
"""Fields of Surface, in the order shown.

Each has a phrase, and another for what happens where it is missing.
"""


def abilities(request: Request) -> Table:
    surface = request.event.surface
    rows = tuple(
        (
            request.text(f"ability_{name}"),
            request.text("abilities_yes")
            if getattr(surface, name)
            else request.text(f"ability_{name}_no"),
        )
        for name in ABILITIES
    )
    caption = request.text("abilities_caption", platform=surface.name.capitalize())
    return Table(
        caption=caption,
        header=(request.text("abilities_what"), request.text("abilities_here")),
        rows=rows,
    )
