"""An occupation: what it pays, what its days hold, what AI changes, who it suits.

One file an occupation.

Texts may name figures of the same file in braces: `{ato_software}` prints value and unit,
`{ato_software:amount}` the value alone, `{ato_software:date}` its date. So every number stands
once, as a `Fact`, and an answer cites what it mentions.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from string import Formatter
from typing import Literal, Self

from pydantic import Field, model_validator

from content.entry import ClaimId, Entry, Fact, Key, Range, Words

Subject = Literal["role", "ai", "skills", "education", "qualifications", "fit", "outlook"]
"""The commands that are answered by one `Topic` each."""


class Button(Entry):
    """What people want next. `action` is a command line, at most 60 bytes."""

    label: Words
    action: Words


class Point(Entry):
    """One thing said, with the statements of the source documents that it takes up."""

    say: Words
    claims: tuple[ClaimId, ...] = ()


class Listing(Entry):
    """A short list under a title.

    With `tap`, it is shown behind a button of that label, because the answer fills a phone's screen
    without it; its command is the topic's with the list's key.
    """

    title: Words
    items: tuple[Point, ...] = Field(min_length=1)
    tap: Words | None = None


class Grid(Entry):
    """A small table; every row as long as `header`. Cells may name figures."""

    caption: Words
    header: tuple[Words, ...]
    rows: tuple[tuple[str, ...], ...] = Field(min_length=1)
    claims: tuple[ClaimId, ...] = ()

    @model_validator(mode="after")
    def _rows_fit(self) -> Self:
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.header):
                raise ValueError(
                    f"row {number} has {len(row)} cells, the header has {len(self.header)}"
                )
        return self


class Topic(Entry):
    """One answer: the headline first, then what it rests on, then the details.

    `sources`: where the words come from, besides the figures that the texts name.
    """

    headline: Words
    opening: tuple[Point, ...] = ()
    grid: Grid | None = None
    lists: Mapping[Key, Listing] = Field(default_factory=dict)
    closing: tuple[Point, ...] = ()
    sources: tuple[Key, ...] = ()
    taps: tuple[Button, ...] = Field(default=(), max_length=3)

    def texts(self) -> Iterator[str]:
        """Everything in it that may name a figure."""
        yield from self.shown()
        yield from (
            point.say for listing in self.lists.values() if listing.tap for point in listing.items
        )

    def shown(self) -> Iterator[str]:
        """The texts that are not behind a tap."""
        yield self.headline
        yield from (point.say for point in (*self.opening, *self.closing))
        if self.grid:
            yield from (cell for row in self.grid.rows for cell in row)
        yield from (
            point.say
            for listing in self.lists.values()
            if not listing.tap
            for point in listing.items
        )


class Band(Entry):
    """A level and its pay.

    `years` of experience: an open end is left out. `remarks` follow the figure in the answer.
    """

    label: Words
    short: Words
    aliases: tuple[Words, ...] = ()
    years: Range
    pay: Fact
    remarks: tuple[Point, ...] = ()


class Contract(Entry):
    """Pay by the day.

    `yearly` and `day_rate` as the source has them; `source_days`: the paid days that make one of
    the other; `planning_days` and `planning_hours` (in a paid day): common planning figures.
    `yearly_from_days`: what the source itself multiplies the day rate to.
    """

    label: Words
    short: Words
    aliases: tuple[Words, ...] = ()
    yearly: Fact
    day_rate: Fact
    yearly_from_days: Fact
    source_days: Fact
    planning_days: Fact
    planning_hours: Fact | None = None
    remarks: tuple[Point, ...] = ()


class Layer(Entry):
    """One row of 'familiarity is not expertise': the same feature at
    the API layer and at the ML layer.
    """

    feature: Words
    api: Words
    ml: Words
    claims: tuple[ClaimId, ...] = ()


class Occupation(Entry):
    """`name` in a sentence ('machine-learning engineer'), `short` in a title ('ML engineer'),
    `aliases` as people type it.
    """

    name: Words
    plural: Words
    short: Words
    default: bool = False
    """The occupation that is meant when none is named. Exactly one file says so."""
    aliases: tuple[Words, ...] = ()
    claims: tuple[ClaimId, ...] = ()
    figures: Mapping[Key, Fact] = Field(default_factory=dict)
    bands: Mapping[Key, Band] = Field(min_length=1)
    basis: Words = Field(
        description="What all the bands are: whose estimate, of what, super in or out."
    )
    shared_year: Literal["upper", "lower"] = Field(
        default="upper",
        description="Where two bands touch at a year of experience, which one that year is counted to. "
        "Answers show both.",
    )
    contract: Contract | None = None
    scale: tuple[Key, ...] = Field(
        default=(), description="Figures shown beside every band for scale, most telling first."
    )
    scale_note: Words | None = Field(
        default=None, description="One sentence with the first of them."
    )
    topics: Mapping[Subject, Topic] = Field(default_factory=dict)
    layers: Mapping[Key, Layer] = Field(default_factory=dict)

    @cached_property
    def called(self) -> tuple[str, ...]:
        """Every name it answers to, in lower case, the longest first."""
        return tuple(
            sorted(
                (name.lower() for name in (self.name, self.plural, self.short, *self.aliases)),
                key=len,
                reverse=True,
            )
        )

    @cached_property
    def level_names(self) -> Mapping[str, str]:
        """Every word for one of its levels, in lower case, with the level: a band's key,
        or `contract`.
        """
        levels: dict[str, Band | Contract] = {
            **self.bands,
            **({"contract": self.contract} if self.contract else {}),
        }
        named = ((key, (level.label, level.short, *level.aliases)) for key, level in levels.items())
        return {name: key for key, names in named for name in (key, *map(str.lower, names))}

    def fact(self, name: str) -> Fact:
        """The figure that a text names: `ato_software`, or `contract.day_rate`. Raises KeyError."""
        entry, _, attribute = name.partition(".")
        if not attribute:
            return self.figures[name]
        found = None
        if entry == "contract":
            found = getattr(self.contract, attribute, None)
        if not isinstance(found, Fact):
            raise KeyError(name)
        return found

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that may name figures, with the place where it stands."""
        for key, band in self.bands.items():
            yield from ((f"bands.{key}.remarks", point.say) for point in band.remarks)
        if self.contract:
            yield from (("contract.remarks", point.say) for point in self.contract.remarks)
        if self.scale_note:
            yield "scale_note", self.scale_note
        for subject, topic in self.topics.items():
            yield from ((f"topics.{subject}", text) for text in topic.texts())


def blanks(text: str) -> tuple[str, ...]:
    """The names in braces, in order: `figures` that a text mentions.

    Raises ValueError for a brace that is not closed.
    """
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name is not None)
