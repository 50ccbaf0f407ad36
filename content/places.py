"""Places and zone abbreviations as people name them, each with its IANA zone."""

from typing import Literal, Self

from pydantic import model_validator

from content.entry import Entry, Key, Words


class Place(Entry):
    """A city, state, country or abbreviation.

    Either `zone`, or `several` places to choose from where one name covers them.
    """

    name: Words
    zone: Words | None = None
    region: Words | None = None
    """Australian state or territory, for public holidays."""
    aka: tuple[str, ...] = ()
    careful: tuple[str, ...] = ()
    """Names, lower case, that are English words too: they count in capitals, after a time,
    or alone.
    """
    regional: Literal["named", "rule", "city"] | None = None
    """Of the designated regional areas: named among them, under their general rule, or one of the
    cities that are left out.
    """
    several: tuple[Key, ...] = ()
    note: Words | None = None
    tap: bool = False
    """Among the cities offered as buttons."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if bool(self.zone) == bool(self.several):
            raise ValueError("a place has either a zone or several places to choose from")
        return self

    @property
    def is_australian(self) -> bool:
        return bool(self.region) or (self.zone or "").startswith("Australia/")
