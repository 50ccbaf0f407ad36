"""The English tests that skilled visas accept, with the least score in each skill for each level.

Only the table and where it comes from live here. How many points a level brings belongs to the
points table; what to make of a person's own scores belongs to the core.
"""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Literal

from pydantic import model_validator

from content.entry import Entry, Fact, Key, Words

Level = Literal["competent", "proficient", "superior"]
LEVELS: tuple[Level, ...] = ("competent", "proficient", "superior")
"""Lowest first."""


class Scores(Entry):
    """One score for each of the four skills, on the test's own scale."""

    listening: float
    reading: float
    writing: float
    speaking: float

    def reaches(self, least: "Scores") -> bool:
        """Every skill counts by itself: a high one never makes up for a low one."""
        return (
            self.listening >= least.listening
            and self.reading >= least.reading
            and self.writing >= least.writing
            and self.speaking >= least.speaking
        )


class EnglishTest(Entry):
    """`scores` hold for tests taken on or after the day the table changed, `before` for older ones.

    A level that a test does not prove is left out of `scores`. `before` is left out where our
    sources do not give it: then nothing may be said about an older test.
    """

    name: Words
    also_called: tuple[Words, ...] = ()
    most: float
    """A score above this is taken for a slip of the pen and asked about.

    Set by hand: no source of ours gives the tests' own ends.
    """
    scores: Mapping[Level, Scores]
    before: Mapping[Level, Scores] | None = None
    confidence: Literal["high", "medium", "low", "unverified"]

    @model_validator(mode="after")
    def _levels_rise(self) -> "EnglishTest":
        for table in (self.scores, self.before or {}):
            given = [table[level] for level in LEVELS if level in table]
            for lower, higher in pairwise(given):
                if not higher.reaches(lower):
                    raise ValueError(
                        f"{self.name}: a higher level must not ask for less in any skill"
                    )
        return self

    def level(self, scores: Scores, *, before_change: bool = False) -> Level | None:
        """The highest level that these scores reach; None if none.

        Raises LookupError where our sources lack the old table.
        """
        if before_change:
            table = self.before
        else:
            table = self.scores
        if table is None:
            raise LookupError(f"our sources have no {self.name} scores from before the change")
        return next(
            (
                level
                for level in reversed(LEVELS)
                if level in table and scores.reaches(table[level])
            ),
            None,
        )


class English(Entry):
    """The whole table.

    `changed_on`: tests taken from that day on count by `scores`, older ones by `before`.
    """

    changed_on: date
    source: Key
    tests: Mapping[Key, EnglishTest]
    levels: Mapping[Level, Words]
    """How each level is written for a person."""
    passports: tuple[Words, ...]
    """Countries whose passport counts as Competent English without a test."""
    passport_names: tuple[Words, ...]
    """What people call these countries and who comes from them, in lower case."""
    passport_fact: Fact
    validity: Fact
    six_and_a_half: Fact
    """Why IELTS 6.5 is no visa rule."""
