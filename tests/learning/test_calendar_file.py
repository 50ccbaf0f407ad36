"""The calendar file, as a calendar program reads it."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from operator import itemgetter

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from bot.core.reply import File
from bot.features.plan import calendar_zone
from scheduler.civil_time import zone, zone_names


def file_of(talk) -> File:
    return next(
        block for reply in talk.turn.replies for block in reply.blocks if isinstance(block, File)
    )


@pytest.fixture
def planned(talk):
    talk.say("plan start 4h")
    talk.say("subscribe tue 7:30am hobart")
    return talk


def appointments(planned):
    planned.say("calendar")
    return Calendar.from_ical(file_of(planned).text).walk("VEVENT")


def test_there_is_one_appointment_a_week_at_the_nudges_own_time(planned):
    events = appointments(planned)
    assert len(events) == 37
    starts = [event.decoded("dtstart") for event in events]
    assert {start.strftime("%a %H:%M") for start in starts} == {"Tue 07:30"}
    assert {(later.date() - sooner.date()).days for sooner, later in pairwise(starts)} == {7}


def test_times_are_local_with_their_zone_so_that_a_clock_change_moves_nothing(planned):
    events = appointments(planned)
    text = file_of(planned).text
    assert "DTSTART;TZID=Australia/Hobart:20261124T073000" in text
    assert "BEGIN:VTIMEZONE" in text
    starts = [event.decoded("dtstart").astimezone(UTC) for event in events]
    assert {(later - sooner) / timedelta(hours=1) for sooner, later in pairwise(starts)} == {
        168,
        169,
    }


def test_a_later_file_has_the_same_ids_for_the_same_weeks(planned):
    before = {event["uid"]: event["summary"] for event in appointments(planned)}
    planned.say("done 1 2")
    after = {event["uid"]: event["summary"] for event in appointments(planned)}
    assert set(after) == set(before)
    assert len(set(before)) == 37
    assert after != {uid: before[uid] for uid in after}


def test_every_minute_of_the_plan_stands_in_some_description(planned):
    events = appointments(planned)
    assert (
        "2. turn one old script into a tested package (3 hours, part 1 of 2)"
        in events[0]["description"]
    )
    assert events[0]["summary"] == "ML plan: steps 1–2"
    assert all(event.decoded("duration") <= timedelta(hours=2) for event in events)


def test_without_a_zone_a_city_is_asked_for(talk):
    talk.say("plan start")
    assert "In which city?" in talk.say("calendar")
    talk.press("Perth")
    assert "TZID=Australia/Perth:20261128T100000" in file_of(talk).text


def test_a_finished_plan_leaves_nothing_to_put_in(planned):
    planned.say("done " + " ".join(map(str, range(1, 53))))
    assert "nothing to put into a calendar" in planned.say("calendar")


def test_the_stamp_is_the_moment_of_asking_not_of_a_clock(planned):
    asked = planned.now
    (stamp,) = {event.decoded("dtstamp") for event in appointments(planned)}
    assert stamp == asked
    assert stamp < datetime(2026, 12, 1, tzinfo=UTC)


def test_weeks_that_are_no_longer_planned_are_cancelled_until_they_are_over(planned):
    before = appointments(planned)
    planned.say("plan hours 12")
    after = appointments(planned)
    assert [event["uid"] for event in after] == [event["uid"] for event in before]
    cancelled = [event for event in after if event.get("status") == "CANCELLED"]
    assert len(cancelled) == 24
    assert cancelled == after[13:]
    assert "cancels 24 weeks" in file_of(planned).caption
    planned.now += timedelta(weeks=20)
    later = appointments(planned)
    assert later[0].decoded("dtstart") > planned.now - timedelta(days=7)
    assert [event for event in later if event.get("status") == "CANCELLED"]


def test_a_finished_or_dropped_plan_takes_its_weeks_out_of_the_calendar(planned):
    given = {event["uid"] for event in appointments(planned)}
    planned.say("done " + " ".join(map(str, range(1, 53))))
    gone = appointments(planned)
    assert {event["uid"] for event in gone} == given
    assert {event.get("status") for event in gone} == {"CANCELLED"}
    assert "Nothing is open" in file_of(planned).caption


def test_each_file_has_a_higher_number_so_that_calendars_take_it(planned):
    files = [appointments(planned) for _ in range(3)]
    numbers = [{event["sequence"] for event in events} for events in files]
    assert numbers == [{0}, {1}, {2}]
    stamps = [{event.decoded("last-modified") for event in events} for events in files]
    assert stamps == sorted(stamps, key=min)
    assert len({*map(frozenset, stamps)}) == 3


def test_appointments_have_a_name_that_nobody_else_has(planned):
    uids = [event["uid"] for event in appointments(planned)]
    kept = planned.state.person.calendar.id
    assert len(kept) == 32
    assert all(re.fullmatch(rf"2\d{{3}}-W\d\d-{kept}@pivotbot", uid) for uid in uids)


def rules() -> dict[str, str]:
    """One zone for each rule there is."""
    return {calendar_zone._footer(name): name for name in sorted(zone_names())}


def as_outlook_reads(component, instant):
    """What [MS-STANOICAL] says of a VTIMEZONE: DTSTART, RRULE and the two offsets;
    everything else is ignored.
    """
    onsets = []
    for part in component.subcomponents:
        rule = part["rrule"].to_ical().decode() if "rrule" in part else "FREQ=DAILY;COUNT=1"
        last = rrulestr(rule, dtstart=part.decoded("dtstart")).before(instant, inc=True)
        if last is not None:
            onsets.append((last, part.decoded("tzoffsetto")))
    return max(onsets, key=itemgetter(0))[1]


LISTED = {"Africa/El_Aaiun", "Asia/Hebron", "Cuba", "Egypt"}
"""No yearly rule says what these do: the moon, a decree, the day after a last Thursday."""


@pytest.mark.parametrize("zone_name", sorted(rules().values()))
def test_a_zones_rule_says_what_the_zone_does(zone_name):
    made = calendar_zone.timezone(zone_name, date(2026, 11, 24), date(2028, 3, 1))
    assert "COMMENT" not in made.to_ical().decode()
    assert (b"RDATE" in made.to_ical()) == (zone_name in LISTED)
    if zone_name in LISTED:
        return
    days = (datetime(2026, 11, 20, 9) + timedelta(days=day) for day in range(480))  # noqa: DTZ001
    assert [as_outlook_reads(made, day) for day in days] == [
        (datetime(2026, 11, 20, 9, tzinfo=zone(zone_name)) + timedelta(days=day)).utcoffset()
        for day in range(480)
    ]
