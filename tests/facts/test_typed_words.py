"""Mistyped words and amounts of pay, as people type them."""

import pytest

from bot.extraction.amounts import Spoken, spoken
from bot.extraction.spelling import corrected, nearest

LEVELS = {
    "junior": "junior",
    "senior": "senior",
    "lead": "architect",
    "mid": "mid",
    "architect": "architect",
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("senior", "senior"),
        ("SENIOR", "senior"),
        ("senoir", "senior"),
        ("architekt", "architect"),
        ("leed", "architect"),
    ],
)
def test_a_slip_is_understood(typed, meant):
    assert corrected(typed, LEVELS) == meant


@pytest.mark.parametrize("typed", ["", "mud", "nurse", "seniority", "s3nior", "261313"])
def test_what_is_too_far_or_holds_a_digit_is_not(typed):
    assert corrected(typed, LEVELS) is None


def test_two_equally_near_meanings_are_no_answer():
    assert corrected("beet", {"beer": "a", "beat": "b"}) is None
    assert corrected("beet", {"beer": "a", "beat": "a"}) == "a"


def test_the_nearest_come_best_first():
    assert nearest("remind", ["reminders", "role", "salary"]) == ("reminders",)
    assert nearest("zzzz", ["reminders", "role"]) == ()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("145k", Spoken(amount=145000)),
        ("$1,450.50 a year", Spoken(amount=1450.5)),
        ("1200/day 220 days", Spoken(day_rate=1200, paid_days=220)),
        ("1.2k per day", Spoken(day_rate=1200)),
        ("4 years of experience", Spoken(years=(4, 4))),
        ("3-6 yrs", Spoken(years=(3, 6))),
        ("5+ years on 120k", Spoken(years=(5, 5), amount=120000)),
        ("900", Spoken(bare=900)),
        ("-5 years", Spoken(years=(-5, -5))),
        ("senior", Spoken()),
    ],
)
def test_numbers_are_read_with_their_unit(text, read):
    got = spoken(text)
    assert (got.amount, got.day_rate, got.paid_days, got.years, got.bare) == (
        read.amount,
        read.day_rate,
        read.paid_days,
        read.years,
        read.bare,
    )


def test_what_is_no_number_is_left_over():
    assert spoken("senior on 145k please").rest.split() == ["senior", "on", "please"]


def test_digits_of_other_scripts_are_no_numbers():
    assert spoken("١٤٥٠٠٠").amount is None
