"""Nudges that come once a month, every second week, from a day or until one: the instants,
and what each counts for.
"""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.rrule import MONTHLY, rrule
from dateutil.rrule import weekdays as dateutil_days
from hypothesis import given
from hypothesis import strategies as some

from bot.core.state import Subscription
from bot.extraction.times.cadences import cadence
from scheduler.booking import booking
from scheduler.civil_time import month_name, month_of, nth_weekday, zone
from scheduler.recurrence import counts_for, latest_by, next_due, rekey, snooze, upcoming

SYDNEY = "Australia/Sydney"
FIRST_MONDAY = Subscription(
    id="m", weekday=0, local_time=time(9), zone=SYDNEY, nth=1, pace="monthly"
)
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
"""Wednesday, 2 pm in Sydney."""
DAY = timedelta(days=1)
ZONES = (SYDNEY, "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata", "UTC")


def local_days(rule, count, after=NOW):
    found = []
    for _ in range(count):
        after = next_due(rule, after)
        found.append(after.astimezone(zone(rule.zone)).date())
    return found


@given(
    some.integers(0, 6),
    some.sampled_from([1, 2, 3, 4, -1]),
    some.sampled_from(ZONES),
    some.times(),
)
def test_a_weekday_of_the_month_agrees_with_dateutil_over_five_years(weekday, nth, place, at):
    at = at.replace(second=0, microsecond=0, fold=0)
    rule = replace(FIRST_MONDAY, weekday=weekday, nth=nth, zone=place, local_time=at)
    naive = rrule(
        MONTHLY,
        dtstart=datetime.combine(date(2026, 12, 1), at),
        byweekday=dateutil_days[weekday](nth),
        count=60,
    )
    expected = [wall.replace(tzinfo=zone(place)).astimezone(UTC) for wall in naive]
    made, instant = [], expected[0] - timedelta(minutes=1)
    for _ in expected:
        instant = next_due(rule, instant)
        made.append(instant)
    assert made == expected


@given(some.dates(date(2020, 1, 1), date(2040, 1, 1)), some.integers(0, 6))
def test_the_last_one_of_a_month_has_none_after_it_in_the_month(day, weekday):
    last = nth_weekday(day, weekday, -1)
    assert (last.month, last.weekday()) == (day.month, weekday)
    assert (last + timedelta(weeks=1)).month != day.month


def test_a_month_counts_once_however_its_day_is_changed():
    sent = replace(FIRST_MONDAY, sent_week="2026-M12")
    moved = replace(sent, weekday=4, nth=-1)
    after_seventh = datetime(2026, 12, 8, tzinfo=UTC)
    assert local_days(moved, 1, after_seventh) == [date(2027, 1, 29)]


def test_what_is_due_is_booked_under_its_month():
    rule = replace(FIRST_MONDAY, next_due_at=next_due(FIRST_MONDAY, NOW))
    owed = booking(rule, rule.next_due_at)
    assert (owed.week, owed.resend) == ("2026-M12", 0)
    assert owed.next_due_at.astimezone(zone(SYDNEY)).date() == date(2027, 1, 4)


def test_after_downtime_the_newest_missed_month_comes_once():
    rule = replace(FIRST_MONDAY, next_due_at=next_due(FIRST_MONDAY, NOW))
    late = datetime(2027, 2, 20, 1, tzinfo=UTC)
    owed = booking(rule, late)
    assert owed.week == "2027-M02"
    assert owed.next_due_at.astimezone(zone(SYDNEY)).date() == date(2027, 3, 1)


def test_one_that_was_moved_keeps_its_month_and_comes_once_more():
    rule = replace(FIRST_MONDAY, next_due_at=next_due(FIRST_MONDAY, NOW))
    until = rule.next_due_at + 9 * DAY
    put_off = snooze(rule, until, NOW, moving=rule.next_due_at)
    owed = booking(put_off, until)
    assert (owed.week, owed.resend) == ("2026-M12", 1)
    assert owed.next_due_at.astimezone(zone(SYDNEY)).date() == date(2027, 1, 4)


@given(some.sampled_from([1, 2, 3, 4, -1]), some.integers(0, 6), some.integers(0, 40))
def test_a_year_of_bookings_names_every_month_once(nth, weekday, late_hours):
    rule = replace(FIRST_MONDAY, nth=nth, weekday=weekday)
    rule = replace(rule, next_due_at=next_due(rule, NOW))
    keys = []
    for _ in range(12):
        owed = booking(rule, rule.next_due_at + timedelta(hours=late_hours))
        keys.append(owed.week)
        rule = replace(rule, sent_week=max(owed.week, rule.sent_week), next_due_at=owed.next_due_at)
    assert keys == sorted(set(keys))
    assert len(keys) == 12


def test_from_weeks_to_months_and_back_nothing_comes_twice_in_its_period():
    weekly = Subscription(id="w", weekday=1, local_time=time(9), zone=SYDNEY, sent_week="2026-W49")
    monthly = rekey(weekly, replace(weekly, nth=1, pace="monthly"))
    assert monthly.sent_week == "2026-M12"
    assert local_days(monthly, 1, datetime(2026, 12, 1, 3, tzinfo=UTC)) == [date(2027, 1, 5)]
    again = rekey(monthly, replace(monthly, nth=0, pace="weekly"))
    assert again.sent_week == "2026-W49"
    assert local_days(again, 1, datetime(2026, 12, 1, 3, tzinfo=UTC)) == [date(2026, 12, 8)]


def test_every_second_week_leaves_one_out():
    rule = Subscription(id="f", weekday=1, local_time=time(9), zone=SYDNEY, pace="fortnightly")
    days = [one.astimezone(zone(SYDNEY)).date() for one in upcoming(rule, NOW, 4)]
    assert [later - day for day, later in itertools.pairwise(days)] == [14 * DAY] * 3


@pytest.mark.parametrize("nth", [0, 2])
def test_it_comes_neither_before_its_start_nor_after_its_end(nth):
    rule = replace(
        FIRST_MONDAY,
        nth=nth,
        pace="monthly" if nth else "weekly",
        starts_on=date(2027, 2, 1),
        ends_on=date(2027, 4, 12),
    )
    days = [one.astimezone(zone(SYDNEY)).date() for one in upcoming(rule, NOW, 99)]
    expected = (
        [date(2027, 2, 8), date(2027, 3, 8), date(2027, 4, 12)]
        if nth
        else [date(2027, 2, 1) + timedelta(weeks=week) for week in range(11)]
    )
    assert days == expected
    last = latest_by(rule, datetime(2030, 1, 1, tzinfo=UTC))
    assert last.astimezone(zone(SYDNEY)).date() == date(2027, 4, 12)
    assert next_due(rule, last) is None


def test_after_its_end_nothing_is_owed_again():
    rule = replace(FIRST_MONDAY, ends_on=date(2026, 12, 31))
    rule = replace(rule, next_due_at=next_due(rule, NOW))
    owed = booking(rule, rule.next_due_at)
    assert (owed.week, owed.next_due_at) == ("2026-M12", None)


@given(some.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_months_are_named_in_order_and_read_back(day):
    assert month_of(month_name(day)) == day.replace(day=1)
    assert month_name(day) < month_name(day + 32 * DAY)


def test_a_month_is_no_week():
    due = next_due(FIRST_MONDAY, NOW)
    assert counts_for(FIRST_MONDAY, due) == "2026-M12"


TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("every second tuesday 7am perth", {"pace": "fortnightly"}),
        ("every other tuesday", {"pace": "fortnightly"}),
        ("fortnightly on tuesdays", {"pace": "fortnightly"}),
        ("alternate mondays 8am", {"pace": "fortnightly"}),
        ("first monday of the month", {"nth": 1}),
        ("the second tuesday of each month", {"nth": 2}),
        ("every second tuesday of the month", {"nth": 2}),
        ("last friday of every month", {"nth": -1}),
        ("every first monday", {"nth": 1}),
        ("monthly on the 3rd thursday", {"nth": 3}),
        ("tuesday 7am for 6 weeks", {"lasts": 42}),
        ("tuesday 7am for a couple of months", {"lasts": 60}),
        ("tuesday 7am until christmas", {"ends_on": date(2026, 12, 25)}),
        ("tuesday 7am till 24 dec", {"ends_on": date(2026, 12, 24)}),
        ("tuesday 7am from 1 feb", {"starts_on": date(2027, 2, 1)}),
        ("tuesday 7am starting next week", {"starts_on": date(2026, 11, 30)}),
        (
            "every second tuesday from 1 feb until 1 may",
            {"pace": "fortnightly", "starts_on": date(2027, 2, 1), "ends_on": date(2027, 5, 1)},
        ),
        ("every 3 weeks", {"unsupported": "every 3 weeks"}),
        ("every third tuesday", {"unsupported": "every third tuesday"}),
        ("on the 15th of every month", {"unsupported": "on the 15th of every month"}),
        ("twice a month", {"unsupported": "twice a month"}),
        ("quarterly", {"unsupported": "quarterly"}),
        ("tuesday 7am until 31 feb", {"wrong": "31 feb"}),
        ("tuesday 7am", {}),
        ("weekly tuesday", {"pace": "weekly"}),
    ],
)
def test_what_people_say_of_how_often(said, found):
    often = cadence(said, TODAY)
    names = ("pace", "nth", "lasts", "starts_on", "ends_on", "unsupported", "wrong")
    assert {name: value for name in names if (value := getattr(often, name))} == found
    assert len(often.rest) == len(said)
