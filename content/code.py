"""One occupation code: its title, which lists it stood on, who assesses it, which states listed it.

One file is one code, named by its six digits. Which list opens which visa is said once, in
`migration.yaml`; a code only says on which lists it stands. Pay medians belong elsewhere.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from content.entry import Entry, Fact, Key, Words
from content.visa import Correction, Shared, Subclass

CodeNumber = Annotated[str, StringConstraints(pattern=r"^\d{6}$")]


class StateListing(Entry):
    """A state or territory that listed the code for these visas."""

    state: Words
    visas: tuple[Subclass, ...] = Field(min_length=1)
    note: Words | None = None


class OccupationCode(Entry):
    """`lists`: keys of the occupation lists of `migration.yaml`.

    `listed_as`: a list that carries the job under another number.

    `usual`: among those that software and data people nominate, so shown first. `states`: None
    where our sources do not say.
    """

    title: Words
    also_called: tuple[Words, ...] = ()
    edition: Words
    lists: tuple[Key, ...]
    listed_as: Mapping[Key, CodeNumber] = Field(default_factory=dict)
    assessor: Shared
    usual: bool = False
    order: int = 100
    """Where lists show it, lowest first."""
    is_not: Words | None = None
    """What people take it for although it is something else: one sentence, shown first."""
    states: tuple[StateListing, ...] | None = None
    more: tuple[Fact, ...] = ()
    corrections: tuple[Correction, ...] = ()
