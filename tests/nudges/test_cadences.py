"""Schedules as people say them: every second week, a weekday of the month, days with their own
times, a start and an end.
"""

from datetime import date, time

import pytest

from bot.core.events import Said
from bot.runtime.wiring import reader
from scheduler.civil_time import zone


def hear(talk, text):
    return talk.take(Said(text, reader(talk.content, text)))


def rules(talk):
    return [one for one in talk.rules if one.active]


def first(talk):
    (rule,) = rules(talk)
    return rule.next_due_at.astimezone(zone(rule.zone)).date()


def test_every_second_week(talk):
    said = hear(talk, "subscribe every second tuesday 7am perth")
    assert "Every second Tuesday at 7:00 am in Perth" in said
    assert "First one: Tue 24 Nov" in said
    assert rules(talk)[0].pace == "fortnightly"


@pytest.mark.parametrize(
    "line", ["remind me every second tuesday at 7am", "nudge me fortnightly on tuesdays at 7am"]
)
def test_a_sentence_says_it_as_well(talk, line):
    talk.say("timezone sydney")
    assert "Every second Tuesday at 7:00 am" in hear(talk, line)


def test_a_weekday_of_the_month(talk):
    said = hear(talk, "subscribe first monday of the month 7am sydney")
    assert "The first Monday of the month at 7:00 am in Sydney" in said
    assert "First one: Mon 7 Dec" in said
    assert "First Monday of the month 7:00 am, Sydney" in hear(talk, "reminders")
    assert "Your monthly nudge (First Monday of the month 7:00 am)" in talk.tick()
    assert first(talk) == date(2027, 1, 4)


def test_days_with_their_own_times(talk):
    said = hear(talk, "subscribe mon 7am and thu 8pm sydney")
    assert "Monday at 7:00 am and Thursday at 8:00 pm" in said
    assert [(one.weekday, one.local_time) for one in rules(talk)] == [
        (0, time(7)),
        (3, time(20)),
    ]


def test_what_is_missing_is_asked_and_the_rest_is_kept(talk):
    hear(talk, "subscribe first monday of the month until 1 may")
    hear(talk, "7am")
    said = hear(talk, "sydney")
    assert "The first Monday of the month at 7:00 am" in said
    assert "The last one comes Mon 5 Apr 2027" in said


def test_a_tap_carries_it(talk):
    hear(talk, "subscribe every second tuesday from 1 feb")
    talk.press("7:30 am")
    talk.press("Perth")
    (rule,) = rules(talk)
    assert (rule.pace, rule.starts_on, rule.local_time) == (
        "fortnightly",
        date(2027, 2, 1),
        time(7, 30),
    )
    assert first(talk) == date(2027, 2, 2)


def test_six_weeks_are_six_nudges_and_the_last_says_so(talk):
    assert "The last one comes Tue 29 Dec" in hear(talk, "subscribe tue 7am sydney for 6 weeks")
    said = []
    while rules(talk)[0].next_due_at:
        said.append(talk.tick())
        talk.say("plan")
    assert len(said) == 6
    assert ["That was the last one" in one for one in said] == [*[False] * 5, True]


def test_an_end_for_what_is_set(talk):
    hear(talk, "subscribe tue 7am sydney")
    assert "The last one comes Tue 22 Dec" in hear(talk, "reminders until christmas")
    assert rules(talk)[0].local_time == time(7)


def test_weekly_again(talk):
    hear(talk, "subscribe first monday of the month 7am sydney")
    assert "every week from now on. Next one: Mon 30 Nov" in hear(talk, "reminders weekly")
    assert rules(talk)[0].nth == 0


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("every 3 weeks tue 7am sydney", "“every 3 weeks” is a rhythm I can't keep"),
        ("every third tuesday 7am sydney", "“every third tuesday” is a rhythm I can't keep"),
        ("7am sydney on the 15th of every month", "is a rhythm I can't keep"),
        ("tue 7am sydney until 23 nov", "It would end before the first one comes"),
        ("tue 7am sydney until 31 feb", "31 feb isn't a time I know"),
    ],
)
def test_what_cannot_be_kept_is_said_and_changes_nothing(talk, line, why):
    assert why in hear(talk, f"subscribe {line}")
    assert rules(talk) == []
    hear(talk, "subscribe fri 8am perth")
    before = rules(talk)
    assert why in hear(talk, f"subscribe instead {line}")
    assert rules(talk) == before


def test_one_is_moved_and_the_month_after_comes_as_usual(talk):
    hear(talk, "subscribe first monday of the month 7am sydney")
    assert "Wed 9 Dec" in hear(talk, "snooze 2d")
    assert "nudge" in talk.tick()
    assert first(talk) == date(2027, 1, 4)
