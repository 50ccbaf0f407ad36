"""What changes a time: each is read whole, and a text that says anything else changes none."""

from datetime import datetime

import pytest

from bot.extraction.times.amendments import amended, amendment
from tests.talk import CONTENT

NOW = datetime.fromisoformat("2026-11-23T12:00")
"""A Monday, noon."""
BEFORE = datetime.fromisoformat("2026-11-27T18:00")
"""Friday, 6 pm."""


@pytest.mark.parametrize(
    ("said", "when", "where"),
    [
        ("make that 6.40", "2026-11-27T18:40", ""),
        ("oops, 7", "2026-11-27T19:00", ""),
        ("no, am", "2026-11-27T06:00", ""),
        ("in the morning rather", "2026-11-27T06:00", ""),
        ("and hobart time", "2026-11-27T18:00", "Australia/Hobart"),
        (
            "make it 7.15, n i'm in perth by then so perth time",
            "2026-11-27T19:15",
            "Australia/Perth",
        ),
        ("the day after", "2026-11-28T18:00", ""),
        ("actually a day earlier", "2026-11-26T18:00", ""),
        ("push it back an hour", "2026-11-27T19:00", ""),
        ("bring it forward half an hour", "2026-11-27T17:30", ""),
        ("a week later", "2026-12-04T18:00", ""),
        ("to the 9th", "2026-12-09T18:00", ""),
        ("sorry, 9 december at 4", "2026-12-09T16:00", ""),
        ("can we do saturday arvo instead", "2026-11-28T15:00", ""),
        ("5pm not 6pm", "2026-11-27T17:00", ""),
        ("let's say thursday morning", "2026-11-26T09:00", ""),
    ],
)
def test_a_time_is_changed_by_few_words(said, when, where):
    found = amendment(said, NOW, CONTENT.places)
    assert found is not None
    assert amended(found, BEFORE) == datetime.fromisoformat(when)
    assert (found.zone.zone if found.zone else "") == where


@pytest.mark.parametrize(
    "said",
    [
        "thanks",
        "later",
        "what does the 190 cost",
        "is that sydney time?",
        "the 189",
        "485",
        "salary senior",
        "and friday 6pm to book the test",
        "",
        "it costs too much",
    ],
)
def test_what_says_anything_else_changes_no_time(said):
    assert amendment(said, NOW, CONTENT.places) is None
