"""A message that begins the plan: its hours, and what else it says."""

import pytest

from bot.features.plan.opening import hours_beside, opening
from bot.features.plan.setup import weekly_total


@pytest.mark.parametrize(
    ("text", "hours", "rest"),
    [
        ("right, begin at 6h a wk, ping me mondays 7am", "6", "ping me mondays 7am"),
        ("fine. begin it, 8 hours", "8", ""),
        ("all good, please begin", "", ""),
        ("ping me tuesdays 6am and start the plan", "", "ping me tuesdays 6am"),
        ("forgot to start the plan. 9h", "9", ""),
        ("start then. nudge me tue + fri 8am", "", "nudge me tue + fri 8am"),
        ("get me going, can do 12 hrs a week for now", "12", ""),
    ],
)
def test_the_start_its_hours_and_the_rest(text: str, hours: str, rest: str) -> None:
    found = opening(text)

    assert found is not None
    assert (found.hours, found.rest) == (hours, rest)


@pytest.mark.parametrize(
    "text",
    [
        "how do i start",
        "should i start it now",
        "don't start it",
        "when i start the plan, do i get a nudge",
        "start the points test",
        "start over",
        "where do i begin",
        "if you start it, what happens",
        "i start work at 7am",
        "sign me up for nudges",
    ],
)
def test_no_start_is_read(text: str) -> None:
    assert opening(text) is None


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("i can do an hour each weekday and 3 hrs on sunday", "8"),
        ("half an hour a day", ""),
        ("i could do 30 mins a day", "4"),
        ("i have 2 hours each on tue and thu, 1 hour on sunday", "5"),
        ("i can do 3 hrs on sundays", ""),
        ("i work 8 hours a day", ""),
    ],
)
def test_hours_by_days_are_added_up(text: str, total: str) -> None:
    assert weekly_total(text) == total


def test_hours_beside_a_later_start() -> None:
    assert hours_beside("ok 3. start in may") == "3"
    assert hours_beside("6h a week from july") == "6"
    assert hours_beside("start on 1 may") == ""
