"""When nudges are due: held against a walk through every minute, and against dateutil,
over every zone's clock changes.
"""

import zoneinfo
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest
import tzdata
from dateutil.rrule import WEEKLY, rrule

from bot.core.state import Profile, Subscription
from scheduler.booking import SPREAD, booking, slot
from scheduler.civil_time import civil, occurrence, week_of, zone, zone_names
from scheduler.recurrence import FOREVER, move, next_due, snooze, upcoming

MONDAY_NINE = Subscription(id="m", weekday=0, local_time=time(9), zone="Australia/Sydney")
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def at(text: str, zone_name: str = "Australia/Sydney") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone(zone_name)).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone_name", "monday", "hours"),
    [
        ("Australia/Sydney", "2026-09-28T00:00", 167),
        ("Australia/Sydney", "2027-03-29T00:00", 169),
        ("Australia/Brisbane", "2026-09-28T00:00", 168),
        ("Australia/Lord_Howe", "2026-09-28T00:00", 167.5),
        ("Australia/Lord_Howe", "2027-03-29T00:00", 168.5),
        ("Australia/Adelaide", "2026-09-28T00:00", 167),
    ],
)
def test_a_monday_at_nine_stays_at_nine_over_a_clock_change(zone_name, monday, hours):
    rule = replace(MONDAY_NINE, zone=zone_name)
    first = next_due(rule, at(monday, zone_name))
    second = next_due(rule, first)
    assert (second - first) / HOUR == hours
    assert {
        instant.astimezone(zone(zone_name)).strftime("%a %H:%M") for instant in (first, second)
    } == {"Mon 09:00"}


@cache
def clocks() -> tuple[tuple[str, tuple[datetime, ...]], ...]:
    """One zone for each distinct clock of the years 2024 to 2032,
    with the instants at which its offset changes.
    """
    found = {}
    for name in sorted(zone_names()):
        place = zone(name)
        offsets = [
            (FIRST + timedelta(days=day)).astimezone(place).utcoffset()
            for day in range(0, (LAST - FIRST).days, 6)
        ]
        found.setdefault(tuple(offsets), name)
    return tuple((name, tuple(changes(zone(name)))) for name in found.values())


def changes(place: zoneinfo.ZoneInfo):
    """Found by halving, to the minute."""
    low = FIRST
    while low < LAST:
        high = low + timedelta(days=6)
        if low.astimezone(place).utcoffset() != high.astimezone(place).utcoffset():
            before, after = low, high
            while after - before > MINUTE:
                middle = before + MINUTE * ((after - before) // MINUTE // 2)
                before, after = (
                    (before, middle)
                    if middle.astimezone(place).utcoffset() != low.astimezone(place).utcoffset()
                    else (middle, after)
                )
            yield after
        low = high


def walked(place: zoneinfo.ZoneInfo, change: datetime) -> dict[datetime, datetime]:
    """Wall-clock minute to the first UTC minute that shows it, for six hours on both sides:
    no fold, no cleverness.
    """
    first: dict[datetime, datetime] = {}
    for minute in range(-360, 361):
        instant = change + minute * MINUTE
        first.setdefault(instant.astimezone(place).replace(tzinfo=None), instant)
    return first


def test_every_clock_change_of_every_zone_from_2024_to_2032_agrees_with_a_walk():
    seen = {"gap": 0, "repeat": 0, "plain": 0}
    for name, instants in clocks():
        place = zone(name)
        for change in instants:
            before = (change - MINUTE).astimezone(place).utcoffset()
            shift = change.astimezone(place).utcoffset() - before
            first = walked(place, change)
            turn = (change + before).replace(tzinfo=None)
            for offset in (
                -2 * abs(shift),
                -abs(shift) / 2,
                timedelta(),
                abs(shift) / 2,
                abs(shift),
                2 * abs(shift),
            ):
                wall = turn + offset
                expected = first.get(wall, wall.replace(tzinfo=UTC) - before)
                kind = (
                    "gap"
                    if wall not in first
                    else "repeat"
                    if shift < timedelta() and turn + shift <= wall < turn
                    else "plain"
                )
                seen[kind] += 1
                rule = Subscription(
                    id="w", weekday=wall.weekday(), local_time=wall.time(), zone=name
                )
                assert next_due(rule, expected - MINUTE) == expected, (name, wall, kind)
                assert next_due(rule, expected) > expected + timedelta(days=6), (name, wall, kind)
    assert min(seen.values()) > 200, seen


def test_no_week_is_named_twice_and_none_is_missed_over_nine_years():
    for name, _ in clocks()[::6]:
        rule = Subscription(id="w", weekday=6, local_time=time(2, 30), zone=name)
        instant, weeks = next_due(rule, FIRST), []
        while instant < LAST:
            weeks.append(week_of(instant, name))
            instant = next_due(rule, instant)
        assert len(weeks) == len(set(weeks)), name
        assert len(weeks) in (469, 470), name


def test_years_of_occurrences_agree_with_dateutil():
    for number, (name, _) in enumerate(clocks()[::3]):
        weekday, local_time = number % 7, time(number * 7 % 24, number * 11 % 60)
        rule = Subscription(id="w", weekday=weekday, local_time=local_time, zone=name)
        naive = rrule(
            WEEKLY,
            dtstart=datetime.combine(date(2025, 1, 1), local_time),
            byweekday=weekday,
            count=157,
        )
        expected = [wall.replace(tzinfo=zone(name)).astimezone(UTC) for wall in naive]
        made, instant = [], expected[0] - MINUTE
        for _ in expected:
            instant = next_due(rule, instant)
            made.append(instant)
        assert made == expected, name


def test_zones_come_from_the_wheel_whatever_the_system_has():
    assert zoneinfo.TZPATH == ()
    assert datetime(2026, 12, 15, tzinfo=UTC).astimezone(
        zone("America/Vancouver")
    ).utcoffset() == timedelta(hours=-7)
    assert tzdata.IANA_VERSION >= "2026"


def test_a_week_is_the_iso_week_of_the_local_date():
    assert week_of(at("2026-11-23T00:30"), "Australia/Sydney") == "2026-W48"
    assert week_of(at("2026-11-23T00:30"), "UTC") == "2026-W47"
    assert week_of(at("2027-01-01T09:00"), "Australia/Sydney") == "2026-W53"


def test_a_week_that_was_sent_is_passed_over_even_when_the_day_changes():
    sent = replace(MONDAY_NINE, sent_week="2026-W48")
    assert next_due(replace(sent, weekday=4), at("2026-11-23T10:00")) == at("2026-12-04T09:00")
    assert next_due(replace(MONDAY_NINE, weekday=4), at("2026-11-23T10:00")) == at(
        "2026-11-27T09:00"
    )


@pytest.mark.parametrize(
    ("pace", "due"),
    [
        ("weekly", "2026-11-30T09:00"),
        ("fortnightly", "2026-12-07T09:00"),
        ("monthly", "2026-12-21T09:00"),
    ],
)
def test_a_slower_pace_leaves_weeks_out(pace, due):
    rule = replace(MONDAY_NINE, pace=pace, sent_week="2026-W48")
    assert next_due(rule, at("2026-11-23T09:00")) == at(due)


@pytest.mark.parametrize(
    "change", [{"pace": "silent"}, {"active": False}, {"paused_until": FOREVER}]
)
def test_a_rule_at_rest_is_never_due(change):
    assert next_due(replace(MONDAY_NINE, **change), at("2026-11-23T09:00")) is None


def test_a_pause_ends_on_its_day():
    rule = replace(MONDAY_NINE, paused_until=date(2027, 1, 4))
    assert next_due(rule, at("2026-11-23T09:00")) == at("2027-01-04T09:00")


def test_public_holidays_of_the_state_are_left_out_where_wanted():
    assert next_due(MONDAY_NINE, at("2027-06-13T09:00"), holidays_of="NSW") == at(
        "2027-06-21T09:00"
    )
    assert next_due(MONDAY_NINE, at("2027-06-13T09:00"), holidays_of="WA") == at("2027-06-14T09:00")
    assert next_due(MONDAY_NINE, at("2027-06-13T09:00")) == at("2027-06-14T09:00")


def booked(rule: Subscription, now: str, profile: Profile | None = None):
    return booking(rule, at(now), profile)


def test_on_time_the_occurrence_is_booked_for_its_own_instant():
    owed = booked(replace(MONDAY_NINE, next_due_at=at("2026-11-23T09:00")), "2026-11-23T09:00")
    assert (owed.week, owed.resend, owed.due_at, owed.next_due_at) == (
        "2026-W48",
        0,
        at("2026-11-23T09:00"),
        at("2026-11-30T09:00"),
    )


def test_after_three_weeks_down_only_the_newest_missed_one_is_owed():
    rule = replace(MONDAY_NINE, next_due_at=at("2026-11-02T09:00"))
    owed = booked(rule, "2026-11-24T11:00")
    assert (owed.week, owed.due_at, owed.next_due_at) == (
        "2026-W48",
        at("2026-11-24T11:00"),
        at("2026-11-30T09:00"),
    )


def test_a_catch_up_within_two_days_of_the_next_is_left_out():
    rule = replace(MONDAY_NINE, next_due_at=at("2026-11-23T09:00"))
    assert booked(rule, "2026-11-28T08:59").week == "2026-W48"
    owed = booked(rule, "2026-11-28T09:01")
    assert (owed.week, owed.next_due_at) == ("", at("2026-11-30T09:00"))


@pytest.mark.parametrize(
    ("now", "quiet", "goes"),
    [
        ("2026-11-24T03:00", "", "2026-11-24T08:00"),
        ("2026-11-24T21:30", "", "2026-11-25T08:00"),
        ("2026-11-24T03:00", "23:00-02:00", "2026-11-24T03:00"),
        ("2026-11-24T13:00", "12:00-14:00", "2026-11-24T14:00"),
    ],
)
def test_a_catch_up_waits_for_civil_hours(now, quiet, goes):
    rule = replace(MONDAY_NINE, next_due_at=at("2026-11-23T09:00"))
    assert booked(rule, now, Profile(quiet=quiet)).due_at == at(goes)


def test_a_time_that_the_person_chose_is_kept_even_at_night():
    rule = replace(MONDAY_NINE, local_time=time(2), next_due_at=at("2026-11-23T02:00"))
    assert booked(rule, "2026-11-23T02:00").due_at == at("2026-11-23T02:00")


def test_nothing_is_owed_for_a_pause_a_stop_or_an_early_look():
    due = replace(MONDAY_NINE, next_due_at=at("2026-11-23T09:00"))
    assert booked(replace(due, active=False), "2026-11-23T09:00").next_due_at is None
    assert booked(
        replace(due, paused_until=date(2026, 12, 1)), "2026-11-23T09:00"
    ).next_due_at == at("2026-12-07T09:00")
    assert booked(due, "2026-11-23T08:59").week == ""


def test_a_fortnightly_rule_is_booked_two_weeks_on():
    rule = replace(MONDAY_NINE, pace="fortnightly", next_due_at=at("2026-11-23T09:00"))
    assert booked(rule, "2026-11-23T09:00").next_due_at == at("2026-12-07T09:00")


def test_a_snoozed_nudge_comes_again_for_the_same_week():
    sent = replace(MONDAY_NINE, sent_week="2026-W48", next_due_at=at("2026-11-30T09:00"))
    later = snooze(sent, at("2026-11-24T09:00"), at("2026-11-23T10:00"))
    owed = booking(later, at("2026-11-24T09:00"))
    assert (owed.week, owed.resend, owed.next_due_at) == ("2026-W48", 1, at("2026-11-30T09:00"))


def test_those_who_are_due_together_are_spread_evenly_and_each_keeps_their_place():
    owed = booked(replace(MONDAY_NINE, next_due_at=at("2026-11-23T09:00")), "2026-11-23T09:00")
    waits = [(slot(owed, f"{person}/weekly") - owed.due_at) / SPREAD for person in range(10_000)]
    tenths = Counter(int(wait * 10) for wait in waits)
    assert sorted(tenths) == list(range(10))
    assert min(tenths.values()) > 900
    following = replace(owed, due_at=owed.next_due_at)
    assert [
        (slot(following, f"{person}/weekly") - following.due_at) / SPREAD for person in range(100)
    ] == waits[:100]


@pytest.mark.parametrize(
    ("quiet", "spread"),
    [
        ("", SPREAD),
        ("21:00-07:00", SPREAD),
        ("09:05-12:00", timedelta()),
        ("08:00-12:00", timedelta()),
    ],
)
def test_nobody_is_spread_into_quiet_hours(quiet, spread):
    rule = replace(MONDAY_NINE, next_due_at=at("2026-11-23T09:00"))
    assert booked(rule, "2026-11-23T09:00", Profile(quiet=quiet)).spread == spread


def test_a_snoozed_nudge_comes_at_the_hour_that_was_named():
    sent = replace(MONDAY_NINE, sent_week="2026-W48", next_due_at=at("2026-11-30T09:00"))
    owed = booking(
        snooze(sent, at("2026-11-24T09:00"), at("2026-11-23T10:00")), at("2026-11-24T09:00")
    )
    assert slot(owed, "1/weekly") == owed.due_at


def test_a_second_snooze_has_a_key_of_its_own():
    sent = replace(MONDAY_NINE, sent_week="2026-W48", resend=1)
    owed = booking(
        snooze(sent, at("2026-11-25T09:00"), at("2026-11-24T10:00")), at("2026-11-25T09:00")
    )
    assert (owed.week, owed.resend) == ("2026-W48", 2)


@pytest.mark.parametrize("until", ["2026-11-29T20:00", "2026-11-30T12:00"])
def test_a_snooze_near_the_next_occurrence_takes_its_place(until):
    sent = replace(MONDAY_NINE, sent_week="2026-W48")
    owed = booking(snooze(sent, at(until), at("2026-11-23T10:00")), at(until))
    assert (owed.week, owed.resend, owed.next_due_at) == ("2026-W49", 0, at("2026-12-07T09:00"))


def test_the_coming_nudge_can_be_moved_without_touching_the_one_after():
    moved_on = snooze(
        MONDAY_NINE, at("2026-11-25T09:00"), at("2026-11-20T10:00"), moving=at("2026-11-23T09:00")
    )
    assert upcoming(moved_on, at("2026-11-20T10:00"), 3) == (
        at("2026-11-25T09:00"),
        at("2026-11-30T09:00"),
        at("2026-12-07T09:00"),
    )


def test_moving_west_after_the_nudge_brings_no_second_one():
    sent = replace(MONDAY_NINE, sent_week="2026-W48", next_due_at=at("2026-11-30T09:00"))
    there = move(sent, "Australia/Perth", at("2026-11-23T09:30"))
    assert there.next_due_at == at("2026-11-30T09:00", "Australia/Perth")


def test_moving_east_past_the_slot_sends_this_weeks_nudge_now():
    waiting = Subscription(
        id="p",
        weekday=0,
        local_time=time(9),
        zone="Australia/Perth",
        next_due_at=at("2026-11-23T09:00", "Australia/Perth"),
    )
    now = at("2026-11-23T08:00", "Australia/Perth")
    assert move(waiting, "Australia/Sydney", now).next_due_at == now


def test_moving_keeps_the_time_of_day():
    rule = replace(MONDAY_NINE, next_due_at=at("2026-11-23T09:00"))
    assert move(rule, "Asia/Kolkata", at("2026-11-20T09:00")).next_due_at == at(
        "2026-11-23T09:00", "Asia/Kolkata"
    )


def test_civil_hours_are_local():
    late = at("2026-11-24T23:00", "Asia/Kolkata")
    assert civil(late, "Asia/Kolkata") == at("2026-11-25T08:00", "Asia/Kolkata")
    assert civil(late, "Australia/Sydney") == at("2026-11-25T08:00")
    assert civil(late, "UTC") == late


def test_an_occurrence_in_a_gap_moves_forward_and_a_repeated_one_is_the_first():
    assert occurrence(date(2026, 10, 4), time(2, 30), "Australia/Sydney").astimezone(
        zone("Australia/Sydney")
    ).time() == time(3, 30)
    assert occurrence(date(2027, 4, 4), time(2, 30), "Australia/Sydney") == datetime(
        2027, 4, 3, 15, 30, tzinfo=UTC
    )
