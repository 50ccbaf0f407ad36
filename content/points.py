"""The points test as a table: what each factor brings, the gates beside the points, and when the
table was last seen.

Only figures and where they stand. What to ask a person is a dialog (content/dialogs/points.yaml);
adding up is the core's.
"""

from datetime import date
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from content.entry import Entry, Fact, Key, Words
from content.visa import Subclass

Points = Annotated[int, Field(ge=0, le=100)]


class Band(Entry):
    """From this age, or this many years of work, up to the next band."""

    from_: float = Field(alias="from", ge=0)
    points: Points


Bands = Annotated[tuple[Band, ...], Field(min_length=1)]


class EnglishPoints(Entry):
    below_competent: Points
    competent: Points
    proficient: Points
    superior: Points


class EducationPoints(Entry):
    none: Points
    assessor_recognised_award: Points
    au_diploma_or_trade: Points
    bachelor_or_higher: Points
    doctorate: Points


class PartnerPoints(Entry):
    single: Points
    partner_au_citizen_or_pr: Points
    partner_skilled: Points
    partner_competent_english: Points
    partner_none_of_these: Points


class ExtraPoints(Entry):
    """Each of these is there or not."""

    specialist_education: Points
    australian_study: Points
    professional_year: Points
    ccl: Points
    regional_study: Points


class PointsTest(Entry):
    """The whole table. `available: false` switches every sum off and says `unavailable` instead."""

    available: bool
    unavailable: Words
    as_at: date
    """The last day on which the table was seen in force."""
    source: Key
    nomination_source: Key
    pass_mark: Fact
    reform: Fact
    age: Bands
    youngest: int
    too_old: int
    """From this age there is no invitation."""
    english: EnglishPoints
    overseas_work: Bands
    australian_work: Bands
    work_cap: Points
    work_window: int
    """Years before the invitation in which work can count."""
    education: EducationPoints
    extras: ExtraPoints
    partner: PartnerPoints
    nomination: dict[Subclass, Points] = Field(min_length=1)
    """What each visa that is tested adds: these are the visas of the table."""
    conditions: dict[Key, Fact]
    """What has to be true for a factor to count: shown where people miss it."""

    @model_validator(mode="after")
    def _bands_rise(self) -> Self:
        for bands in (self.age, self.overseas_work, self.australian_work):
            if any(upper.from_ <= lower.from_ for lower, upper in pairwise(bands)):
                raise ValueError("bands stand in rising order of 'from'")
        return self

    def most(self, factor: str) -> int:
        """The most that one factor brings: age, english, education, partner, or one of the extras.

        Raises KeyError for another.
        """
        several = {
            "english": self.english.model_dump(),
            "education": self.education.model_dump(),
            "partner": self.partner.model_dump(),
        }
        if factor == "age":
            return max(band.points for band in self.age)
        if factor in several:
            return int(max(several[factor].values()))
        return int(self.extras.model_dump()[factor])

    def maximum(self, visa: Subclass) -> int:
        """The most that any person can reach for this visa."""
        factors = (
            max(band.points for band in self.age),
            max(self.english.model_dump().values()),
            self.work_cap,
            max(self.education.model_dump().values()),
            sum(self.extras.model_dump().values()),
            max(self.partner.model_dump().values()),
            self.nomination[visa],
        )
        return sum(factors)
