"""What differs between two versions of the content: facts that both have,
with another value now.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from content.content import Content
from content.entry import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFact:
    """A fact as it was and as it is. `key` is where it stands."""

    key: str
    before: Fact
    now: Fact


def fact_changes(old: Content, new: Content) -> Iterator[ChangedFact]:
    """Facts whose value or unit changed, in the order of the new content."""
    for key, fact in new.facts.items():
        before = old.facts.get(key)
        if before and (before.value, before.unit) != (fact.value, fact.unit):
            yield ChangedFact(key=key, before=before, now=fact)
