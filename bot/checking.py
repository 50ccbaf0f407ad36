"""`pivotbot check`: what the loader cannot see because it knows no handlers and no model of understanding."""

from collections.abc import Iterator

from bot.step import HANDLERS
from bot.understanding import check
from content.library import Content
from content.reading import Problem


def problems(content: Content) -> tuple[Problem, ...]:
    """Everything wrong with content that loads."""
    return (*_unanswered(content), *check.problems(content))


def summary(content: Content) -> str:
    """One line for content that is whole."""
    counts = {
        "facts": len(content.facts),
        "sources": len(content.sources),
        "occupations": len(content.occupations),
        "visas": len(content.visas),
        "codes": len(content.codes),
        "plans": len(content.plans),
        "dialogs": len(content.dialogs),
        "commands": len(content.commands),
        "phrases": len(content.phrases),
    }
    return f"The content is whole: {', '.join(f'{count} {name}' for name, count in counts.items())}."


def _unanswered(content: Content) -> Iterator[Problem]:
    for name in content.commands.keys() - HANDLERS.keys():
        yield Problem(file="commands.yaml", line=1, key=name, what="nothing answers this command", instead="a name that the program knows")
