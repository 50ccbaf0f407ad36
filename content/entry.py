"""The ground every content model stands on: frozen, strict about unknown keys, tuples for lists.

A model describes one YAML mapping. It may check itself (`model_validator`); it may not look anything up elsewhere:
references between files are checked by the loader, which knows file, line and key.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class Entry(BaseModel):
    """One mapping of a content file. Values are frozen; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


Words = Annotated[str, StringConstraints(min_length=1)]
"""A piece of text that a person will read."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$")]
"""A stable name: lower case, digits, underscores. State in the database refers to keys, never to positions."""

ClaimId = Annotated[str, StringConstraints(pattern=r"^S[12]-\d{3}$")]
"""The id of a statement in one of the two source documents."""

Address = Annotated[str, StringConstraints(pattern=r"^https://")]

AsOf = date | Literal["undated"]
"""The date that the source itself states, or `undated`, printed as such."""

Confidence = Literal["high", "medium", "low", "unverified"]


class Range(Entry):
    """A closed range; an open end is left out. `low: 160000, high: 210000`."""

    low: float | None = None
    high: float | None = None


class Source(Entry):
    """Where something was read. `kind` decides how it is introduced to a person."""

    title: Words
    publisher: Words
    address: Address | None = None
    read_on: date
    as_of: AsOf = "undated"
    kind: Literal["official", "survey", "careers_page", "opinion", "third_party", "second_hand"]
    quoted_by: Words | None = Field(
        default=None,
        description="For second-hand sources: who quoted it and when; shown as 'not opened by us, as quoted by … on …'.",
    )


class Fact(Entry):
    """One statement with its origin. Never blended with another: what disagrees stands beside it, by key."""

    value: float | Range | Words
    unit: Words | None = Field(default=None, description="'AUD a year', 'AUD a day', 'points', 'years', …; none for a text.")
    measures: Words = Field(description="What exactly the figure is: median or estimate, of whom, when, super in or out.")
    source: Key
    as_of: AsOf
    read_on: date | None = Field(default=None, description="When it was read; the source's own date when left out.")
    holds_until: date | None = Field(default=None, description="The last day the figure is known to hold.")
    confidence: Confidence
    claims: tuple[ClaimId, ...] = ()
    disagrees: tuple[Key, ...] = Field(default=(), description="Keys of facts that say something else about the same thing.")
    note: Words | None = None
