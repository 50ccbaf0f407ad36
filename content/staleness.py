"""Which facts have grown old: for the operator,
who can look them up again before somebody relies on them.
"""

from collections.abc import Iterator
from datetime import date

from content.content import Content
from content.entry import warning


def stale_facts(content: Content, today: date) -> Iterator[tuple[str, str]]:
    """(place of the fact, 'old' or 'expired') for each fact that answers already warn about."""
    for place, fact in content.facts.items():
        source = content.sources.get(fact.source)
        if source and (word := warning(fact, source, today)):
            yield place, word
