"""The points test as arithmetic: one person's facts in, every factor's points out.

The table is content.

The chat, the what-ifs and `pivotbot points` all add up here. Nothing here says what a person should
do, or that anyone qualifies: `could_lodge` is for programs, and the chat shows each gate with its
source instead.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import get_args

from bot.calculators import json_fields
from bot.calculators.json_fields import Given, InputError
from content.content import Content
from content.english import Level
from content.points import Bands, PointsTest
from content.visa import Subclass

ENGLISH = ("below_competent", *get_args(Level))
MOST_YEARS = 60
OLDEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What the points depend on.

    `age` is in whole years on the day of the invitation, work in years.
    """

    age: int
    english: str
    overseas_years: Decimal = Decimal(0)
    australian_years: Decimal = Decimal(0)
    education: str = "none"
    specialist_education: bool = False
    australian_study: bool = False
    professional_year: bool = False
    ccl: bool = False
    regional_study: bool = False
    partner: str
    occupation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """Points by factor.

    The two raw figures are work before the cap; `employment_awarded` is what counts.
    """

    age: int
    english: int
    overseas_employment_raw: int
    australian_employment_raw: int
    employment_awarded: int
    education: int
    specialist_education: int
    australian_study: int
    professional_year: int
    community_language: int
    regional_study: int
    partner: int

    @property
    def before_nomination(self) -> int:
        """Everything that counts, so work as capped and not as it was before."""
        return (
            self.age
            + self.english
            + self.employment_awarded
            + self.education
            + self.specialist_education
            + self.australian_study
            + self.professional_year
            + self.community_language
            + self.regional_study
            + self.partner
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """`flags` are keys of what a reader must know about this sum, in a fixed order."""

    breakdown: Breakdown
    totals: Mapping[Subclass, int]
    flags: tuple[str, ...]


def score(table: PointsTest, person: Applicant) -> Score:
    """Add up one person's points for all three visas."""
    overseas = in_band(table.overseas_work, person.overseas_years)
    australian = in_band(table.australian_work, person.australian_years)
    extras = table.extras
    breakdown = Breakdown(
        age=in_band(table.age, person.age) if person.age >= table.youngest else 0,
        english=table.english.model_dump()[person.english],
        overseas_employment_raw=overseas,
        australian_employment_raw=australian,
        employment_awarded=min(overseas + australian, table.work_cap),
        education=table.education.model_dump()[person.education],
        specialist_education=extras.specialist_education * person.specialist_education,
        australian_study=extras.australian_study * person.australian_study,
        professional_year=extras.professional_year * person.professional_year,
        community_language=extras.ccl * person.ccl,
        regional_study=extras.regional_study * (person.regional_study and person.australian_study),
        partner=table.partner.model_dump()[person.partner],
    )
    before = breakdown.before_nomination
    totals = {visa: before + table.nomination[visa] for visa in table.nomination}
    return Score(
        breakdown=breakdown, totals=totals, flags=_flags(table, person, overseas + australian)
    )


def in_band(bands: Bands, value: Decimal | int) -> int:
    """The points of the last band that starts at or below `value`; none below the first."""
    return next((band.points for band in reversed(bands) if value >= Decimal(str(band.from_))), 0)


def _flags(table: PointsTest, person: Applicant, raw_work: int) -> tuple[str, ...]:
    years = person.overseas_years + person.australian_years
    holds = {
        "not_invitable": person.age >= table.too_old,
        "under_age": person.age < table.youngest,
        "english_below_competent": person.english == "below_competent",
        "employment_window_exceeded": years > table.work_window,
        "employment_cap_applied": raw_work > table.work_cap,
        "work_longer_than_adult_life": years > max(0, person.age - 15),
        "regional_study_needs_australian_study": person.regional_study
        and not person.australian_study,
        "specialist_education_needs_degree": person.specialist_education
        and person.education not in ("bachelor_or_higher", "doctorate"),
        "single_judged_at_decision": person.partner == "single",
        "work_only_in_nominated_occupation": years > 0,
    }
    return tuple(flag for flag, held in holds.items() if held)


def age_on(born: date, day: date) -> int:
    """Whole years. Someone born on 29 February is a year older on 1 March of an ordinary year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def next_band(table: PointsTest, age: int) -> tuple[int, int] | None:
    """The next age at which the points change, and the points from then;
    None after the last change.
    """
    return next(((int(band.from_), band.points) for band in table.age if band.from_ > age), None)


def birthday(born: date, age: int) -> date:
    """The day on which that age is reached."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def list_gate(content: Content, code: str) -> dict[Subclass, bool] | None:
    """For each visa: does our copy of the instrument list this code?

    None when we hold nothing about the code.

    For 491 either way in counts, state or family; they differ, and the chat shows both.
    """
    listed = content.codes.get(code)
    if listed is None:
        return None
    return {
        visa: any(
            set(route.lists) & set(listed.lists)
            for route in content.migration.routes.values()
            if route.visa == visa
        )
        for visa in content.points.nomination
    }


def could_lodge(
    table: PointsTest, person: Applicant, total: int, *, listed: bool | None
) -> bool | None:
    """Whether these facts reach every gate that we can compute: the pass mark, the age limit,
    Competent English and, when an occupation is given, the federal list. A positive skills
    assessment and a nomination are taken as given. None: the occupation's lists are not known to
    us. Without an occupation the list gate is left out.
    """
    reached = (
        total >= pass_mark(table)
        and table.youngest <= person.age < table.too_old
        and person.english != "below_competent"
    )
    if not reached or not person.occupation:
        return reached
    return listed


def pass_mark(table: PointsTest) -> int:
    if not isinstance(table.pass_mark.value, float):
        raise TypeError("the pass mark is a number")
    return int(table.pass_mark.value)


FIELDS = tuple(
    """
    age_at_invitation date_of_birth invitation_date english overseas_years australian_years
    education specialist_education australian_study professional_year ccl regional_study partner
    occupation
    """.split()
)


def assess(content: Content, given: Given) -> dict[str, object]:
    """One line of `pivotbot points`. Raises InputError, naming the field.

    Wanted: an age (or both dates), `english`, `education`, `partner`. Left out, years count as 0
    and the rest as false.
    """
    table = content.points
    if not table.available:
        raise InputError("", table.unavailable)
    person = read(content, given)
    result = score(table, person)
    gate = None
    if person.occupation:
        gate = list_gate(content, person.occupation)
    flags = result.flags
    if person.occupation and gate is None:
        flags += ("occupation_not_in_our_lists",)
    source = content.sources[table.source]
    return {
        "breakdown": asdict(result.breakdown),
        "total": dict(result.totals),
        "at_or_above_65": {
            visa: total >= pass_mark(table) for visa, total in result.totals.items()
        },
        "federal_list_gate": gate,
        "could_lodge_eoi_on_these_facts": {
            visa: could_lodge(table, person, total, listed=gate[visa] if gate else None)
            for visa, total in result.totals.items()
        },
        "flags": list(flags),
        "as_at": table.as_at.isoformat(),
        "source": f"{source.publisher}: {source.title}, {source.address}",
    }


def read(content: Content, given: Given) -> Applicant:
    """The facts of one line, checked."""
    table = content.points
    json_fields.refuse_unknown(given, FIELDS)
    code = json_fields.text(given, "occupation")
    if code and not (code.isascii() and code.isdigit() and len(code) == 6):
        raise InputError(
            "occupation", f"occupation is a code of six digits like 261313, not {code!r:.60}"
        )
    return Applicant(
        age=_age(given),
        english=json_fields.one_of(given, "english", ENGLISH),
        overseas_years=json_fields.number(given, "overseas_years", 0, MOST_YEARS, default=0),
        australian_years=json_fields.number(given, "australian_years", 0, MOST_YEARS, default=0),
        education=json_fields.one_of(given, "education", tuple(type(table.education).model_fields)),
        specialist_education=json_fields.truth(given, "specialist_education"),
        australian_study=json_fields.truth(given, "australian_study"),
        professional_year=json_fields.truth(given, "professional_year"),
        ccl=json_fields.truth(given, "ccl"),
        regional_study=json_fields.truth(given, "regional_study"),
        partner=json_fields.one_of(given, "partner", tuple(type(table.partner).model_fields)),
        occupation=code,
    )


def _age(given: Given) -> int:
    stated = given.get("age_at_invitation")
    born, invited = (
        json_fields.day(given, "date_of_birth"),
        json_fields.day(given, "invitation_date"),
    )
    if born is None:
        return _whole(given, "age_at_invitation")
    if invited is None:
        raise InputError(
            "invitation_date",
            "invitation_date is wanted beside date_of_birth: a day like 2027-02-01",
        )
    age = age_on(born, invited)
    if not 0 <= age <= OLDEST:
        raise InputError(
            "date_of_birth",
            f"date_of_birth {born} and invitation_date {invited} are {age} years apart",
        )
    if stated is not None and _whole(given, "age_at_invitation") != age:
        raise InputError(
            "age_at_invitation",
            f"age_at_invitation is {stated!r:.60}, but the two dates make {age}",
        )
    return age


def _whole(given: Given, field: str) -> int:
    value = json_fields.number(given, field, 0, OLDEST)
    if value != value.to_integral_value():
        raise InputError(field, f"{field} is a whole number of years, not {value}")
    return int(value)
