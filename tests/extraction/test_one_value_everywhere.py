"""The same forty phrases typed after a command, inside a sentence and as the answer of a question:
one outcome, in the whole talk.
"""

from datetime import UTC, datetime

import pytest

from tests.extraction.test_one_home_of_values import CLOCKS, DAYS, MONTHS, PAY, RATES, YEARS
from tests.talk import Talk

NOW = datetime(2026, 11, 30, 1, tzinfo=UTC)


def said(*lines: str) -> str:
    """What the last of some lines is answered."""
    talk = Talk(now=NOW)
    return [talk.hear(line) for line in lines][-1]


@pytest.mark.parametrize("phrase", YEARS)
def test_years_of_work(phrase):
    answer = said(f"salary {phrase}")
    assert "$" in answer.splitlines()[0]
    assert said(f"what should i earn with {phrase} of experience") == answer
    assert said("salary", phrase) == answer


@pytest.mark.parametrize("phrase", DAYS)
def test_stretches_of_time(phrase):
    subscribed = "subscribe monday 9am sydney"
    answer = said(subscribed, f"snooze {phrase}")
    assert answer.startswith(("The next one comes ", "Paused until "))
    assert said(subscribed, f"please snooze the next one for {phrase}") == answer
    assert said(subscribed, "reminders", f"can you snooze it by {phrase}") == answer


@pytest.mark.parametrize("phrase", PAY)
def test_yearly_pay(phrase):
    answer = said(f"takehome {phrase}")
    assert " a year in the hand" in answer.splitlines()[0]
    assert said(f"what is left of {phrase} after tax") == answer
    assert said("takehome", phrase) == answer


@pytest.mark.parametrize("phrase", RATES)
def test_day_rates(phrase):
    answer = said(f"salary {phrase}")
    assert " a day is $" in answer.splitlines()[0]
    assert said(f"is {phrase} good for a contract") == answer
    assert said("salary", phrase) == answer


@pytest.mark.parametrize(("phrase", "meant"), CLOCKS.items())
def test_days_and_clock_times(phrase, meant):
    for lines in (
        (f"subscribe {phrase} in perth",),
        (f"nudge me {phrase} perth time",),
        ("subscribe", phrase, "perth"),
    ):
        talk = Talk(now=NOW)
        for line in lines:
            talk.hear(line)
        assert [(rule.weekday, rule.local_time) for rule in talk.rules] == [meant], lines


@pytest.mark.parametrize("phrase", MONTHS)
def test_calendar_days(phrase):
    subscribed = "subscribe monday 9am sydney"
    answer = said(subscribed, f"pause until {phrase}")
    assert answer.startswith("Paused until ")
    assert said(subscribed, f"could you pause the nudges until {phrase}") == answer
    assert said(subscribed, "reminders", f"pause until {phrase}") == answer
