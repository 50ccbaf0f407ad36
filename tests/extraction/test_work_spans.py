"""Stretches of work told by their dates are read as years of work, and nothing else is."""

from datetime import date

import pytest

from bot.extraction.slots.work_spans import in_years

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("working in perth since march 2024", "working in perth 2.6 years"),
        ("java dev in pune from 2018 to 2022", "java dev in pune 4 years"),
        ("analyst in hobart jan 2025 till now", "analyst in hobart 1.8 years"),
        ("employed since 2021", "employed 5 years"),
        ("worked there 1 year 4 months", "worked there 1.3 years"),
    ],
)
def test_work_is_put_into_years(words, read):
    assert in_years(words, TODAY) == read


@pytest.mark.parametrize(
    "words",
    [
        "pte taken in march 2024",
        "on a 485 since march 2025",
        "masters from 2022 to 2024",
        "unpaid internship work since 2023",
        "worked 3 years since march 2020",
        "working from 2030",
    ],
)
def test_all_else_stays(words):
    assert in_years(words, TODAY) == words
