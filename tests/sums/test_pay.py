"""Take-home pay to the cent, against a derivation that counts in whole
fractions and shares nothing with the program.
"""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.calculators.json_fields import InputError
from bot.calculators.take_home import break_even_day_rate, package, takehome
from content.library import load

CONTENT = load()

AMOUNTS = some.integers(0, 60_000_000).map(lambda cents: cents / 100)
YEARS = some.sampled_from(["2025-26", "2026-27"])
BASES = some.sampled_from(["plus_super", "including_super"])


def to_cents(amount: Fraction) -> int:
    """Half a cent goes up."""
    return int(amount * 100 + Fraction(1, 2))


def by_hand(amount, basis, year, help_debt):
    """Everything in whole cents: brackets added slice by slice, the way a person would check it."""
    cap = {"2025-26": 4 * 62_500, "2026-27": 270_830}[year]
    headline = to_cents(Fraction(str(amount)))
    if basis == "plus_super":
        base = headline
        extra = to_cents(min(Fraction(base, 100), cap) * Fraction(12, 100))
    else:
        base = to_cents(Fraction(headline, 100) / Fraction(112, 100))
        if base > cap * 100:
            base = headline - to_cents(Fraction(cap * 12, 100))
        extra = headline - base
    income = Fraction(base, 100)
    low = Fraction(16 if year == "2025-26" else 15, 100)
    tax = Fraction(0)
    for bottom, top, rate in (
        (18_200, 45_000, low),
        (45_000, 135_000, Fraction(30, 100)),
        (135_000, 190_000, Fraction(37, 100)),
        (190_000, 10**12, Fraction(45, 100)),
    ):
        tax += max(Fraction(0), min(income, top) - bottom) * rate
    if income <= 37_500:
        offset = Fraction(700)
    elif income <= 45_000:
        offset = 700 - (income - 37_500) * Fraction(5, 100)
    else:
        offset = max(Fraction(0), 325 - (income - 45_000) * Fraction(15, 1000))
    if income <= 28_011:
        levy = Fraction(0)
    elif income <= Fraction(28_011 * 10, 8):
        levy = (income - 28_011) / 10
    else:
        levy = income / 50
    loan = Fraction(0)
    first, second, start, last = (
        (67_000, 125_000, 8_700, 179_285)
        if year == "2025-26"
        else (69_528, 129_717, 9_028, 186_050)
    )
    if help_debt and income > last:
        loan = income / 10
    elif help_debt and income > second:
        loan = start + (income - second) * Fraction(17, 100)
    elif help_debt and income > first:
        loan = (income - first) * Fraction(15, 100)
    due = to_cents(tax)
    relief = min(due, to_cents(offset))
    return {
        "base_salary": base,
        "super_guarantee": extra,
        "total_package": base + extra,
        "taxable_income": base,
        "income_tax": due,
        "low_income_offset": relief,
        "medicare_levy": to_cents(levy),
        "help_repayment": to_cents(loan),
        "take_home": base - due + relief - to_cents(levy) - to_cents(loan),
    }


@settings(max_examples=400)
@given(AMOUNTS, BASES, YEARS, some.booleans())
def test_every_line_is_right_to_the_cent(amount, basis, year, help_debt):
    answer = takehome(
        CONTENT, {"amount": amount, "basis": basis, "year": year, "help_debt": help_debt}
    )
    expected = by_hand(amount, basis, year, help_debt)
    assert {key: answer[key] for key in expected} == {
        key: cents / 100 for key, cents in expected.items()
    }


@given(AMOUNTS, YEARS)
def test_super_on_top_never_leaves_less_than_super_inside(amount, year):
    on_top, inside = (
        takehome(CONTENT, {"amount": amount, "basis": basis, "year": year})
        for basis in ("plus_super", "including_super")
    )
    assert on_top["take_home"] >= inside["take_home"]
    assert inside["total_package"] == round(amount, 2)


def test_165_000_is_two_different_pays():
    both = [
        takehome(CONTENT, {"amount": 165_000, "basis": basis, "year": "2026-27"})
        for basis in ("plus_super", "including_super")
    ]
    assert [round(answer["take_home"]) for answer in both] == [119_580, 108_796]


def test_super_stops_at_the_maximum_contribution_base():
    assert (
        takehome(CONTENT, {"amount": 320_000, "basis": "plus_super", "year": "2026-27"})[
            "super_guarantee"
        ]
        == 32_499.60
    )
    inside = takehome(
        CONTENT, {"amount": 352_499.60, "basis": "including_super", "year": "2026-27"}
    )
    assert (inside["base_salary"], inside["super_guarantee"]) == (320_000, 32_499.60)


@pytest.mark.parametrize(
    ("income", "repayment"),
    [(69_528, 0), (80_000, 1_570.80), (86_380, 2_527.80), (137_064, 10_276.99), (254_780, 25_478)],
)
def test_study_loan_repayments_are_the_tax_offices_own_examples(income, repayment):
    answer = takehome(
        CONTENT, {"amount": income, "basis": "plus_super", "year": "2026-27", "help_debt": True}
    )
    assert answer["help_repayment"] == repayment


def test_the_levy_is_whole_again_from_35_013():
    levies = [
        takehome(CONTENT, {"amount": amount, "basis": "plus_super", "year": "2025-26"})[
            "medicare_levy"
        ]
        for amount in (28_011, 35_013, 35_014)
    ]
    assert levies == [0, 700.20, 700.28]


def test_a_day_rate_breaks_even_at_840_and_only_seems_to_at_750():
    rules = CONTENT.tax["2026-27"].super_guarantee
    from decimal import Decimal

    salary = package(rules, Decimal(165_000), "plus_super")
    assert break_even_day_rate(salary, Decimal(220)) == 840
    assert salary.base / 220 == 750


def test_a_day_rate_is_its_days_and_says_so():
    answer = takehome(
        CONTENT, {"day_rate": 1000, "days": 220, "basis": "including_super", "year": "2026-27"}
    )
    assert answer["total_package"] == 220_000
    assert any("220" in sentence for sentence in answer["assumptions"])


def test_a_threshold_borrowed_from_another_year_is_said():
    said = {
        year: " ".join(
            takehome(CONTENT, {"amount": 1, "basis": "plus_super", "year": year})["assumptions"]
        )
        for year in ("2025-26", "2026-27")
    }
    assert "the one for 2025-26 is used" in said["2026-27"]
    assert "is used" not in said["2025-26"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ({"basis": "plus_super", "year": "2026-27"}, "amount"),
        ({"amount": -1, "basis": "plus_super", "year": "2026-27"}, "amount"),
        ({"amount": "165k", "basis": "plus_super", "year": "2026-27"}, "amount"),
        ({"amount": 1, "year": "2026-27"}, "basis"),
        ({"amount": 1, "basis": "super", "year": "2026-27"}, "basis"),
        ({"amount": 1, "basis": "plus_super"}, "year"),
        ({"amount": 1, "basis": "plus_super", "year": "2019-20"}, "year"),
        ({"amount": 1, "basis": "plus_super", "year": "2026-27", "help_debt": "no"}, "help_debt"),
        ({"day_rate": 900, "basis": "plus_super", "year": "2026-27"}, "days"),
        ({"day_rate": 900, "days": 400, "basis": "plus_super", "year": "2026-27"}, "days"),
        ({"amount": 1, "days": 220, "basis": "plus_super", "year": "2026-27"}, "days"),
        ({"amount": 1, "basis": "plus_super", "year": "2026-27", "helpdebt": True}, "helpdebt"),
    ],
)
def test_a_wrong_line_names_its_field(line, field):
    with pytest.raises(InputError) as refused:
        takehome(CONTENT, line)
    assert refused.value.field == field
