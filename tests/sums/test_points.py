"""The points test against the printed table, against its own maximum, and against wrong input."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.calculators.json_fields import InputError
from bot.calculators.points import age_on, assess, birthday, next_band
from content.library import load

CONTENT = load()

PLAIN = {
    "age_at_invitation": 30,
    "english": "competent",
    "education": "bachelor_or_higher",
    "partner": "single",
}

APPLICANTS = some.fixed_dictionaries(
    {
        "age_at_invitation": some.integers(18, 70),
        "english": some.sampled_from(["below_competent", "competent", "proficient", "superior"]),
        "overseas_years": some.one_of(some.integers(0, 20), some.floats(0, 20)),
        "australian_years": some.one_of(some.integers(0, 20), some.floats(0, 20)),
        "education": some.sampled_from(
            [
                "none",
                "assessor_recognised_award",
                "au_diploma_or_trade",
                "bachelor_or_higher",
                "doctorate",
            ]
        ),
        "partner": some.sampled_from(
            [
                "single",
                "partner_au_citizen_or_pr",
                "partner_skilled",
                "partner_competent_english",
                "partner_none_of_these",
            ]
        ),
        "specialist_education": some.booleans(),
        "australian_study": some.booleans(),
        "professional_year": some.booleans(),
        "ccl": some.booleans(),
        "regional_study": some.booleans(),
    }
)


def by_hand(facts):
    """The printed table once more, as a chain of questions, sharing nothing with the program."""
    age, overseas, australian = (
        facts["age_at_invitation"],
        facts["overseas_years"],
        facts["australian_years"],
    )
    points = 25 if age <= 24 else 30 if age <= 32 else 25 if age <= 39 else 15 if age <= 44 else 0
    points += {"proficient": 10, "superior": 20}.get(facts["english"], 0)
    work = (0 if overseas < 3 else 5 if overseas < 5 else 10 if overseas < 8 else 15) + (
        0
        if australian < 1
        else 5
        if australian < 3
        else 10
        if australian < 5
        else 15
        if australian < 8
        else 20
    )
    points += min(work, 20)
    points += {"doctorate": 20, "bachelor_or_higher": 15, "none": 0}.get(facts["education"], 10)
    points += 10 if facts["specialist_education"] else 0
    for extra in ("australian_study", "professional_year", "ccl"):
        points += 5 if facts[extra] else 0
    if facts["regional_study"] and facts["australian_study"]:
        points += 5
    points += {"partner_competent_english": 5, "partner_none_of_these": 0}.get(facts["partner"], 10)
    return {"189": points, "190": points + 5, "491": points + 15}


@settings(max_examples=300)
@given(APPLICANTS)
def test_every_total_is_what_the_printed_table_gives(facts):
    assert assess(CONTENT, facts)["total"] == by_hand(facts)


@given(APPLICANTS, some.randoms(use_true_random=False))
def test_no_total_passes_the_maximum_or_depends_on_the_order_of_the_answers(facts, random):
    shuffled = list(facts.items())
    random.shuffle(shuffled)
    answer = assess(CONTENT, facts)
    assert assess(CONTENT, dict(shuffled)) == answer
    for visa, most in {"189": 130, "190": 135, "491": 145}.items():
        assert 0 <= answer["total"][visa] <= most
        assert answer["at_or_above_65"][visa] == (answer["total"][visa] >= 65)


def test_the_table_itself_allows_130_135_and_145():
    assert [CONTENT.points.maximum(visa) for visa in ("189", "190", "491")] == [130, 135, 145]


def test_a_line_has_exactly_the_promised_fields():
    answer = assess(CONTENT, {**PLAIN, "overseas_years": 6, "australian_years": 5, "ccl": True})
    assert answer["breakdown"] == {
        "age": 30,
        "english": 0,
        "overseas_employment_raw": 10,
        "australian_employment_raw": 15,
        "employment_awarded": 20,
        "education": 15,
        "specialist_education": 0,
        "australian_study": 0,
        "professional_year": 0,
        "community_language": 5,
        "regional_study": 0,
        "partner": 10,
    }
    assert answer["total"] == {"189": 80, "190": 85, "491": 95}
    assert answer["flags"] == [
        "employment_window_exceeded",
        "employment_cap_applied",
        "single_judged_at_decision",
        "work_only_in_nominated_occupation",
    ]
    assert (answer["as_at"], answer["federal_list_gate"]) == ("2026-08-23", None)
    assert "https://immi.homeaffairs.gov.au/" in answer["source"]
    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.parametrize(
    ("changed", "total", "lodge", "flag"),
    [
        ({}, 55, False, "single_judged_at_decision"),
        ({"english": "proficient"}, 65, True, "single_judged_at_decision"),
        (
            {
                "english": "below_competent",
                "education": "doctorate",
                "ccl": True,
                "australian_study": True,
            },
            70,
            False,
            "english_below_competent",
        ),
        (
            {
                "age_at_invitation": 45,
                "english": "superior",
                "education": "doctorate",
                "australian_years": 8,
            },
            70,
            False,
            "not_invitable",
        ),
        (
            {
                "age_at_invitation": 44,
                "english": "superior",
                "education": "doctorate",
                "australian_years": 8,
            },
            85,
            True,
            None,
        ),
        ({"regional_study": True}, 55, False, "regional_study_needs_australian_study"),
        (
            {"overseas_years": 8, "australian_years": 8, "age_at_invitation": 40},
            60,
            False,
            "employment_window_exceeded",
        ),
        (
            {"overseas_years": 2, "australian_years": 8},
            75,
            True,
            "work_only_in_nominated_occupation",
        ),
    ],
)
def test_gates_are_beside_the_points_and_never_inside_them(changed, total, lodge, flag):
    answer = assess(CONTENT, {**PLAIN, **changed})
    assert answer["total"]["189"] == total
    assert answer["could_lodge_eoi_on_these_facts"]["189"] is lodge
    assert flag is None or flag in answer["flags"]


def test_ages_come_from_two_dates_too():
    facts = {key: value for key, value in PLAIN.items() if key != "age_at_invitation"}
    young = assess(
        CONTENT, {**facts, "date_of_birth": "1993-03-15", "invitation_date": "2026-03-14"}
    )
    older = assess(
        CONTENT, {**facts, "date_of_birth": "1993-03-15", "invitation_date": "2026-03-15"}
    )
    assert (young["breakdown"]["age"], older["breakdown"]["age"]) == (30, 25)


@given(some.dates(date(1930, 1, 1), date(2010, 12, 31)), some.integers(1, 100))
def test_an_age_begins_on_its_birthday_and_not_a_day_before(born, age):
    day = birthday(born, age)
    assert age_on(born, day) == age
    assert age_on(born, day - timedelta(days=1)) == age - 1


def test_the_next_age_band_is_named_with_its_points():
    table = CONTENT.points
    assert [next_band(table, age) for age in (17, 24, 32, 33, 44, 45)] == [
        (18, 25),
        (25, 30),
        (33, 25),
        (40, 15),
        (45, 0),
        None,
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"age_at_invitation": None}, "age_at_invitation"),
        ({"age_at_invitation": "30"}, "age_at_invitation"),
        ({"age_at_invitation": True}, "age_at_invitation"),
        ({"age_at_invitation": 30.5}, "age_at_invitation"),
        ({"age_at_invitation": -1}, "age_at_invitation"),
        ({"age_at_invitation": float("nan")}, "age_at_invitation"),
        ({"date_of_birth": "1990-01-01"}, "invitation_date"),
        ({"date_of_birth": "1990-02-30", "invitation_date": "2026-01-01"}, "date_of_birth"),
        ({"date_of_birth": "1990-01-01", "invitation_date": "2026-06-01"}, "age_at_invitation"),
        (
            {
                "date_of_birth": "2030-01-01",
                "invitation_date": "2026-06-01",
                "age_at_invitation": None,
            },
            "date_of_birth",
        ),
        ({"english": "fluent"}, "english"),
        ({"english": ["superior"]}, "english"),
        ({"overseas_years": -3}, "overseas_years"),
        ({"australian_years": "3"}, "australian_years"),
        ({"education": "masters"}, "education"),
        ({"partner": None}, "partner"),
        ({"ccl": "yes"}, "ccl"),
        ({"occupation": 261313}, "occupation"),
        ({"occupation": "software"}, "occupation"),
        ({"englsh": "superior"}, "englsh"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_field(changed, field):
    with pytest.raises(InputError) as refused:
        assess(CONTENT, {**PLAIN, **changed})
    assert refused.value.field == field
    assert field in str(refused.value)


def test_switched_off_there_is_no_sum():
    off = CONTENT.points.model_copy(update={"available": False})
    from dataclasses import replace

    with pytest.raises(InputError, match="points test has changed"):
        assess(replace(CONTENT, points=off), PLAIN)


@pytest.mark.parametrize(
    ("code", "gate"),
    [
        ("261313", {"189": True, "190": True, "491": True}),
        ("224999", {"189": False, "190": True, "491": True}),
        ("262114", {"189": False, "190": False, "491": False}),
        ("253111", None),
    ],
)
def test_the_federal_list_is_a_gate_of_its_own(code, gate):
    answer = assess(CONTENT, {**PLAIN, "english": "superior", "occupation": code})
    assert answer["federal_list_gate"] == gate
    assert answer["could_lodge_eoi_on_these_facts"] == (
        gate or {"189": None, "190": None, "491": None}
    )
    assert ("occupation_not_in_our_lists" in answer["flags"]) == (gate is None)
