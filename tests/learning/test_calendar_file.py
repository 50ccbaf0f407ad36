"""The calendar file, as a calendar program reads it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from icalendar import Calendar

from bot.core.reply import File


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
    assert set(after) < set(before)
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
