"""One visa pathway: what it asks for, what happened lately, how one gets there.

One file is one subclass, so that a new file is a new pathway in every answer, comparison and list.
Facts that several visas share stand in `migration.yaml` and are named here by key. No sentence here
may tell a person what to choose.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from content.entry import Address, Entry, Fact, Key, Words

Subclass = Annotated[str, StringConstraints(pattern=r"^\d{3}$")]

Shared = Fact | Key
"""A fact written here, or the key of one in `migration.yaml`."""


class Correction(Entry):
    """A statement of the careers page beside what we found.

    Both sides are shown; the reader sees who says what.
    """

    page_says: Fact
    found: tuple[Shared, ...] = Field(min_length=1)


class VisaStep(Entry):
    """`takes`: how long sources say it takes, each a range of weeks with its own date;
    none where our sources say nothing.
    """

    title: Words
    about: tuple[Shared, ...] = ()
    takes: tuple[Shared, ...] = ()
    where: Address | None = None
    """A page to look at for what changes too often to be kept."""


class Visa(Entry):
    """`cells` are the rows of the comparison, by row key; they also make the visa's own answer, so
    they read as half a line.

    `needs` names the cells that open the answer, in order. `thresholds` name income thresholds of
    `migration.yaml`.
    """

    name: Words
    in_a_line: Words
    line_tells: tuple[Key, ...] = ()
    """Rows that `in_a_line` has told already."""
    order: int = 100
    """Where lists show it, lowest first."""
    also_called: tuple[Words, ...] = ()
    official_page: Address
    cells: Mapping[Key, Shared]
    needs: tuple[Key, ...]
    thresholds: tuple[Key, ...] = ()
    lately: tuple[Shared, ...] = ()
    more: tuple[Shared, ...] = ()
    corrections: tuple[Correction, ...] = ()
    steps: tuple[VisaStep, ...] = ()
    compare_with: Subclass | None = None
    """Which other visa people most often want beside this one."""
