"""A number of something else is no year of work, no age and no pay,
however it stands in the sentence.
"""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.extraction import pay, slots
from tests.talk import CONTENT

TODAY = date(2026, 11, 30)
UNITS = (
    "{n} points", "{n}%", "{n} percent", "{n}th", "step {n}", "unit {n}", "week {n}", "{n} weeks", "{n} days",
    "{n} hours a week", "{n} interviews", "band {n}", "question {n}", "${n}", "{n}k", "{n} people", "level {n}",
)  # fmt: skip
OF_WORK = (
    "if i stay in hobart is that the {0}",
    "work in australia, the {0} i mean",
    "overseas work, {0}",
    "here it is {0}",
)
NO_MONEY = (
    "{n} months", "{n}-month contract", "for {n} weeks", "{n} points", "step {n}", "{n}%", "level {n}",
    "{n} people", "{n}th of may",
)  # fmt: skip


def years_in(text):
    keys = ("overseas_years", "australian_years", "age")
    return dict(slots.fill_slots(CONTENT, keys, "", text, TODAY).answers)


@pytest.mark.parametrize("unit", UNITS)
@given(number=st.integers(2, 60), frame=st.sampled_from(OF_WORK))
@settings(max_examples=15, deadline=None)
def test_what_is_counted_otherwise_is_no_work_and_no_age(unit, number, frame):
    assert years_in(frame.format(unit.format(n=number))) == {}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("asked", ["overseas_years", "australian_years", "age"])
def test_nor_is_it_an_answer_to_that_question(unit, asked):
    found = slots.fill_slots(CONTENT, (asked,), asked, unit.format(n=15), TODAY)
    assert found.answers == {}


@pytest.mark.parametrize("unit", UNITS)
@given(number=st.integers(2, 60), years=st.integers(1, 9))
@settings(max_examples=15, deadline=None)
def test_years_beside_it_are_read_all_the_same(unit, number, years):
    text = f"{unit.format(n=number)}; {years} years in mumbai"
    assert years_in(text) == {"overseas_years": str(years)}


@pytest.mark.parametrize("unit", NO_MONEY)
@given(number=st.integers(2, 28), rate=st.integers(500, 1500))
@settings(max_examples=15, deadline=None)
def test_the_length_of_a_contract_is_no_amount(unit, number, rate):
    said = pay.read(f"{rate} a day, {unit.format(n=number)}")
    assert (said.day_rate, said.amount, said.bare) == (rate, None, None)


@pytest.mark.parametrize("visa", ["189", "190", "491", "482", "186", "485"])
def test_the_number_of_a_visa_is_no_work(visa):
    assert years_in(f"the {visa} and work in australia") == {}
