"""`pivotbot check`: what the loader cannot see because it knows no commands, dialogs or understanding."""

from content.library import Content
from content.reading import Problem


def problems(content: Content) -> tuple[Problem, ...]:
    """Everything wrong with content that loads."""
    from bot.step import HANDLERS

    found: list[Problem] = []
    for name in content.commands:
        if name not in HANDLERS:
            found.append(
                Problem(
                    file="commands.yaml", line=0, key=name, what="no part of the program answers this command", instead="one of its names"
                )
            )
    return tuple(found)
