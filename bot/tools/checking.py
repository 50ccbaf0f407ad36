"""`pivotbot check`: what the loader cannot see because it knows no
handlers and no model of understanding.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from bot.conversation.step import HANDLERS
from bot.features.figures import figure, name_of
from bot.understanding import check
from content.changes import fact_changes
from content.content import Content
from content.reading import Problem
from content.staleness import stale_facts


def problems(content: Content) -> tuple[Problem, ...]:
    """Everything wrong with content that loads."""
    return (*_find_unanswered(content), *check.problems(content))


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
    said = (f"{count} {name[:-1] if count == 1 else name}" for name, count in counts.items())
    return f"The content is whole: {', '.join(said)}."


def stale(content: Content, today: date | None = None) -> tuple[str, ...]:
    """A line for each fact that answers warn about: worth looking up again,
    no fault of the file.
    """
    said = {"old": "more than a year old", "expired": "past the last day it is known to hold"}
    return tuple(
        f"look up again: {place}: {said[word]}"
        for place, word in stale_facts(content, today or datetime.now(UTC).date())
    )


def changes(before: Content, now: Content) -> Iterator[str]:
    """A line for each fact whose value changed: what news may be written of."""
    for one in fact_changes(before, now):
        was, is_now = figure(one.before), figure(one.now)
        source = name_of(now.sources[one.now.source])
        yield f"changed: {one.key}: {was} → {is_now} ({one.now.measures}; {source})"


def _find_unanswered(content: Content) -> Iterator[Problem]:
    for name in content.commands.keys() - HANDLERS.keys():
        yield Problem(
            file="commands.yaml",
            line=1,
            key=name,
            what="nothing answers this command",
            instead="a name that the program knows",
        )
