"""Answers state figures of the tax tables, the plan and plain sums in words of their own: each is
the table's, or comes out.
"""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from bot.calculators.take_home import (
    break_even_day_rate,
    low_income_offset,
    net,
    package,
    study_loan,
)
from content.content import Content
from content.entry import Range
from content.library import load

BEFORE, NOW = "2025-26", "2026-27"
DAYS = Decimal(220)


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


@pytest.fixture(scope="module")
def stated(content):
    """The number of an answer's own fact: `stated("super_rate.rate")`."""

    def number(place: str) -> Decimal:
        answer, _, fact = place.partition(".")
        return Decimal(str(content.answers[answer].states[fact].number))

    return number


def test_income_tax_as_answered_is_the_scale(content, stated):
    now, before = content.tax[NOW].resident_tax.steps, content.tax[BEFORE].resident_tax.steps
    rates = [stated(f"tax_scale.{name}") for name in ("first", "second", "third", "top")]
    starts = [
        stated(name) for name in ("tax_free.free", "rate_30.from", "rate_30.to", "rate_37.to")
    ]
    assert rates == [step.rate * 100 for step in now]
    assert starts == [step.above for step in now] == [step.above for step in before]
    assert [stated(f"tax_bases.{name}") for name in "abc"] == [step.base for step in now[1:]]
    assert [stated(f"tax_bases.{name}0") for name in "abc"] == [step.base for step in before[1:]]
    assert stated("tax_scale_before.first") == before[0].rate * 100
    assert [step.rate for step in before[1:]] == [step.rate for step in now[1:]]
    assert stated("rate_15.saved") == before[1].base - now[1].base


def test_levy_and_offset_as_answered_are_the_rules(content, stated):
    levy, offset = content.tax[BEFORE].medicare_levy, content.tax[NOW].low_income_offset
    assert stated("medicare_levy.rate") == levy.rate * 100
    assert (
        stated("medicare_threshold.from")
        == levy.threshold
        == content.tax[NOW].medicare_levy.threshold
    )
    full = stated("medicare_threshold.full")
    assert levy.shade * (full - 1 - levy.threshold) < levy.rate * (full - 1)
    assert abs(levy.shade * (full - levy.threshold) - levy.rate * full) < 1
    assert (stated("low_income_offset.most"), stated("low_income_offset.full")) == (
        offset.most,
        offset.steps[0].above,
    )
    assert (
        low_income_offset(offset, stated("low_income_offset.gone"))
        == 0
        < low_income_offset(offset, Decimal(66_600))
    )


def test_super_as_answered_is_the_rule(content, stated):
    now, before = content.tax[NOW].super_guarantee, content.tax[BEFORE].super_guarantee
    assert stated("super_rate.rate") == now.rate * 100 == before.rate * 100
    assert stated("super_rate.most") == now.most_pay
    assert stated("super_ceiling.before") * 4 == before.most_pay
    assert (
        content.answers["super_ceiling"].states["cap"].value
        == f"${now.rate * now.most_pay:,.2f} a year"
    )


def test_study_loans_as_answered_are_the_scale(content, stated):
    now, before = content.tax[NOW].study_loan, content.tax[BEFORE].study_loan
    assert stated("help_threshold.from") == now.steps[0].above
    assert stated("help_threshold.before") == before.steps[0].above
    assert (stated("help_rates.low"), stated("help_rates.high")) == (
        now.steps[0].rate * 100,
        now.steps[1].rate * 100,
    )
    assert (stated("help_rates.middle"), stated("help_rates.base")) == (
        now.steps[1].above,
        now.steps[1].base,
    )
    assert (stated("help_top.all_from"), stated("help_rates.all")) == (
        now.all_above,
        now.all_rate * 100,
    )
    assert (stated("help_rates_before.middle"), stated("help_rates_before.base")) == (
        before.steps[1].above,
        before.steps[1].base,
    )
    assert stated("help_rates_before.top") == before.all_above
    assert [step.rate for step in before.steps] == [step.rate for step in now.steps]
    assert (
        content.answers["help_example"].states["due"].value
        == f"${study_loan(now, Decimal(137_064)):,.2f}"
    )


def test_sums_that_answers_state_come_out(content, stated):
    year = content.tax[NOW]
    on_top = package(year.super_guarantee, Decimal(165_000), "plus_super")
    inside = package(year.super_guarantee, Decimal(165_000), "including_super")
    assert stated("super_165.plus") == round(net(year, on_top.base).take_home)
    assert stated("super_165.inside") == round(net(year, inside.base).take_home)
    assert stated("contract_or_permanent.even") == break_even_day_rate(on_top, DAYS)
    assert stated("contract_or_permanent.forgetful") == Decimal(165_000) / DAYS
    assert stated("pay_super_unstated.gap") == round(
        year.super_guarantee.rate / (1 + year.super_guarantee.rate) * 100, 1
    )
    floor = package(year.super_guarantee, Decimal(88_000), "including_super").base
    assert (
        stated("threshold_super_inside.base")
        == round(floor)
        < content.facts["migration.thresholds.core.years.3.facts.0"].number
    )


def test_ends_of_pay_bands_as_answered_are_the_bands(content):
    occupation = content.occupations["ml_engineer"]
    hourly = content.answers["contract_hour_rate"].states["hourly"].range
    a_day, hours = occupation.contract.day_rate.range, occupation.contract.planning_hours.number
    assert hourly == Range(low=a_day.low / hours, high=a_day.high / hours)
    assert (
        content.answers["lowest_pay"].states["floor"].number
        == occupation.bands["junior"].pay.range.low
    )
    assert (
        content.answers["highest_pay"].states["ceiling"].number
        == occupation.bands["architect"].pay.range.high
    )


def test_the_plan_as_answered_is_the_plan(content, stated):
    units = content.plans["ml_engineer"].units.values()
    assert stated("plan_what.units") == len(units)
    assert stated("plan_what.steps") == sum(len(unit.steps) for unit in units)
    assert stated("how_long_to_learn.hours") == sum(unit.hours for unit in units)
    assert stated("how_long_to_learn.week37") == -(-147 // 4)


def test_the_newest_reading_is_the_one_that_the_bot_names(content):
    newest = max(source.read_on for source in content.sources.values())
    assert (newest.year, newest.month) == (2026, 11), "bot_up_to_date names the month"
    assert newest < date(2026, 12, 1)
    assert "November 2026" in content.answers["bot_up_to_date"].say


def test_no_two_answers_are_asked_in_the_same_words(content):
    asked = Counter(
        ask.casefold().strip(" ?.") for answer in content.answers.values() for ask in answer.asks
    )
    assert [words for words, times in asked.items() if times > 1] == []
