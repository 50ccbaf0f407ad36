"""How figures and dates look, and when a reader is warned."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.figures import amount, day, figure, money, money_range, number
from content.entry import Fact, Range, Source, a_year_after, warning


def fact(value: object, unit: str | None = None, **changes: object) -> Fact:
    return Fact.model_validate(
        {
            "value": value,
            "unit": unit,
            "measures": "m",
            "source": "s",
            "as_of": "undated",
            "confidence": "low",
            **changes,
        },
    )


SOURCE = Source(title="T", publisher="P", read_on=date(2026, 11, 20), kind="official")


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (160000, "AUD a year", "$160,000 a year"),
        ({"low": 160000, "high": 210000}, "AUD a year", "$160,000 – $210,000 a year"),
        ({"low": 200000}, "AUD a year", "$200,000 or more a year"),
        ({"high": 3000}, "AUD", "up to $3,000"),
        ({"low": 800, "high": 800}, "AUD a day", "$800 a day"),
        (18000, "people", "18,000 people"),
        ({"low": 2, "high": 6}, "months", "2–6 months"),
        ({"low": 10}, "years", "10+ years"),
        (18, "%", "18%"),
        (7.5, "hours", "7.5 hours"),
        ("No Shortage", None, "No Shortage"),
    ],
)
def test_a_figure_prints_its_value_and_unit(value, unit, shown):
    assert figure(fact(value, unit)) == shown


def test_an_amount_leaves_the_unit_out():
    assert amount(fact({"low": 160000, "high": 210000}, "AUD a year")) == "$160,000 – $210,000"


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "$0"), (999.5, "$1,000"), (-1200, "−$1,200"), (2.5, "$3")]
)
def test_money_is_in_whole_dollars(value, shown):
    assert money(value) == shown


def test_money_keeps_cents_where_they_matter():
    assert money(10276.99, cents=True) == "$10,276.99"
    assert money_range(1, 2) == "$1 – $2"


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_whole_numbers_survive_printing(value):
    assert int(number(value).replace(",", "").replace("−", "-")) == value


@given(st.dates(min_value=date(1900, 1, 1)))
def test_days_print_in_english_whatever_the_machine_speaks(value):
    printed = day(value)
    assert printed.split()[0] == str(value.day)
    assert printed.endswith(str(value.year))


def test_a_range_out_of_order_is_refused():
    with pytest.raises(ValueError, match="above"):
        Range(low=2, high=1)
    with pytest.raises(ValueError, match="needs"):
        Range()


def test_a_dated_fact_grows_old_a_year_after_its_date():
    dated = fact(1, as_of=date(2026, 3, 28))
    assert warning(dated, SOURCE, date(2027, 3, 28)) == ""
    assert warning(dated, SOURCE, date(2027, 3, 29)) == "old"


def test_an_undated_fact_grows_old_a_year_after_it_was_read():
    assert warning(fact(1), SOURCE, date(2027, 11, 20)) == ""
    assert warning(fact(1), SOURCE, date(2027, 11, 21)) == "old"
    assert warning(fact(1, read_on=date(2025, 1, 1)), SOURCE, date(2026, 11, 21)) == "old"


def test_a_fact_with_a_last_day_holds_until_then_however_old():
    holding = fact(1, as_of=date(2020, 1, 1), holds_until=date(2027, 6, 30))
    assert warning(holding, SOURCE, date(2027, 6, 30)) == ""
    assert warning(holding, SOURCE, date(2027, 7, 1)) == "expired"


def test_a_leap_days_year_ends_on_the_28th():
    assert a_year_after(date(2024, 2, 29)) == date(2025, 2, 28)
