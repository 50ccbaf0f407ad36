"""Time on a sponsored visa in any words comes to months,
and the sum to what is left of two years.
"""

from datetime import UTC, date, datetime

import pytest

from bot.features.visas import sponsor_time
from tests.talk import Talk

TODAY = date(2026, 11, 30)
TOLD = {
    "14 months on a 482": (14,),
    "a year and a half on my 482": (18,),
    "1.5 years with the sponsor": (18,),
    "one year and 4 months": (16,),
    "two years 3 months": (27,),
    "since march 2025": (20,),
    "8 months there, then 9 months here": (8, 9),
    "i need 2 years, i have 7 months": (7,),
    "90 days": (),
    "486 points": (),
}
NEEDED = 24


@pytest.mark.parametrize(("text", "months"), TOLD.items())
def test_a_length_of_time_is_read_in_months(text, months):
    assert sponsor_time.told(text, TODAY) == months


@pytest.mark.parametrize("months", [1, 7, 14, 23, 24, 30])
def test_what_is_left_is_two_years_without_it(months):
    talk = Talk(now=datetime(2026, 11, 30, tzinfo=UTC))
    answer = talk.hear(f"i have been on a 482 for {months} months, when the 186?")
    left = NEEDED - months
    first = answer.splitlines()[0]
    assert first.startswith(
        f"{left} more months" if left > 0 else f"{months} months, beside the 24"
    )
    assert "no verdict" in answer
