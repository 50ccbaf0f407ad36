"""The ground every content model stands on: frozen, strict about unknown keys, tuples for lists.

A model describes one YAML mapping. It may check itself (`model_validator`); it may not look
anything up elsewhere: references between files are checked by the loader, which knows file, line
and key.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator


class Entry(BaseModel):
    """One mapping of a content file. Values are frozen; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


Words = Annotated[str, StringConstraints(min_length=1)]
"""A piece of text that a person will read."""

KEY = r"^[a-z0-9][a-z0-9_]*$"
FACT_KEY = r"^[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)+$"
CLAIM_ID = r"^S[12]-\d{3}$"
ADDRESS = r"^https://"

Key = Annotated[str, StringConstraints(pattern=KEY)]
"""A stable name: lower case, digits, underscores.

State in the database refers to keys, never to positions.
"""

FactKey = Annotated[str, StringConstraints(pattern=FACT_KEY)]
"""A fact is named by where it stands: kind, entry, then the place in the file.

`occupations.ml_engineer.bands.senior.pay`.
"""

ClaimId = Annotated[str, StringConstraints(pattern=CLAIM_ID)]
"""The id of a statement in one of the two source documents."""

Address = Annotated[str, StringConstraints(pattern=ADDRESS)]

AsOf = date | Literal["undated"]
"""The date that the source itself states, or `undated`, printed as such."""

Confidence = Literal["high", "medium", "low", "unverified"]


class Range(Entry):
    """A closed range; an open end is left out. `low: 160000, high: 210000`."""

    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _has_ends_in_order(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("a range needs 'low', 'high' or both")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"'low' ({self.low:g}) is above 'high' ({self.high:g})")
        return self

    def side(self, value: float) -> Literal["below", "inside", "above"]:
        """Where a value lies; both ends belong to the range."""
        if self.low is not None and value < self.low:
            return "below"
        if self.high is not None and value > self.high:
            return "above"
        return "inside"


class Source(Entry):
    """Where something was read. `kind` decides how it is introduced to a person."""

    title: Words
    publisher: Words
    short: Words | None = Field(
        default=None, description="The publisher in a word, for the line under an answer: ATO."
    )
    address: Address | None = None
    read_on: date
    as_of: AsOf = "undated"
    dated: Words | None = Field(
        default=None, description="The source's date as it words it, where that is no day: 2023–24."
    )
    kind: Literal[
        "official", "survey", "careers_page", "opinion", "own", "third_party", "second_hand"
    ]
    quoted_by: Words | None = Field(
        default=None,
        description="Second-hand sources only: 'others on 9 Oct 2026'; shown as 'not opened by us, as "
        "quoted by …'.",
    )

    @model_validator(mode="after")
    def _second_hand_says_by_whom(self) -> Self:
        if (self.kind == "second_hand") != (self.quoted_by is not None):
            raise ValueError(
                "'quoted_by' belongs to sources of kind 'second_hand', and each of those needs it"
            )
        return self


class Fact(Entry):
    """One statement with its origin.

    Never blended with another: what disagrees stands beside it, by key.
    """

    value: float | Range | Words
    unit: Words | None = Field(
        default=None,
        description="'AUD a year', 'AUD a day', 'points', 'years', …; none for a text.",
    )
    measures: Words = Field(
        description="What exactly the figure is: median or estimate, of whom, when, super in or out."
    )
    source: Key
    as_of: AsOf
    read_on: date | None = Field(
        default=None, description="When it was read; the source's own date when left out."
    )
    holds_until: date | None = Field(
        default=None, description="The last day the figure is known to hold."
    )
    confidence: Confidence
    claims: tuple[ClaimId, ...] = ()
    disagrees: tuple[FactKey, ...] = Field(
        default=(), description="Keys of facts that say something else about the same thing."
    )
    note: Words | None = None

    @property
    def number(self) -> float:
        """The value where it is a single number; the loader holds the places that need one to it.

        Raises TypeError.
        """
        if isinstance(self.value, str | Range):
            raise TypeError(f"{self.measures!r} is no single number: {self.value!r}")
        return self.value

    @property
    def range(self) -> Range:
        """The value as a range, of one point where it is a single number.

        Raises TypeError for a text.
        """
        if isinstance(self.value, Range):
            return self.value
        return Range(low=self.number, high=self.number)


Staleness = Literal["", "expired", "old"]


def warning(fact: Fact, source: Source, today: date) -> Staleness:
    """Whether a reader needs to be warned: `expired` past `holds_until`; `old` a year after the
    fact's own date, or after it was read where the source states none. A fact known to hold until a
    later day is never old.
    """
    if fact.holds_until is not None:
        if today > fact.holds_until:
            return "expired"
        return ""
    if isinstance(fact.as_of, date):
        since = fact.as_of
    else:
        since = fact.read_on or source.read_on
    if today > a_year_after(since):
        return "old"
    return ""


def a_year_after(day: date) -> date:
    """The same day next year; 28 February for a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
