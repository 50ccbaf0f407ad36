"""The calendar that follows: what its address holds, as two independent parsers read it, week after week."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import vobject
from dateutil.rrule import rrulestr
from icalendar import Calendar

from bot.features.plan.calendar_address import hash_of
from bot.features.plan.calendar_feed import calendar_now
from scheduler.civil_time import zone
from scheduler.recurrence import upcoming
from tests.talk import CONTENT

FEEDS = "https://bot.example/calendar/"


@pytest.fixture
def following(talk):
    """Somebody in Hobart with a plan, a weekly nudge and a private address."""
    talk.feeds = FEEDS
    talk.say("plan start 4h")
    talk.say("subscribe tue 7:30am hobart")
    talk.address = re.search(rf"{FEEDS}\S+", talk.say("calendar feed"))[0]
    return talk


def fetch(talk) -> str:
    """What a calendar program gets now, and what is noted of it."""
    person, made = calendar_now(CONTENT, talk.state.person, talk.now)
    talk.state = replace(talk.state, person=person)
    return made.text


def by_icalendar(text: str) -> dict[str, tuple]:
    return {
        str(event["uid"]): (
            event.decoded("dtstart").astimezone(UTC),
            str(event["summary"]) if "summary" in event else "",
            event["rrule"].to_ical().decode() if "rrule" in event else "",
            str(event.get("status", "")),
        )
        for event in Calendar.from_ical(text).walk("VEVENT")
    }


def by_vobject(text: str) -> dict[str, tuple]:
    found = {}
    for event in vobject.readOne(text).vevent_list:
        told = {
            name: event.contents[name][0].value
            for name in ("summary", "rrule", "status")
            if name in event.contents
        }
        found[event.uid.value] = (
            event.dtstart.value.astimezone(UTC),
            told.get("summary", ""),
            told.get("rrule", ""),
            told.get("status", ""),
        )
    return found


def test_the_address_holds_a_secret_of_which_only_a_fingerprint_is_kept(following):
    secret = following.address.removeprefix(FEEDS).removesuffix(".ics")
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", secret)
    assert following.state.person.feed.token_hash == hash_of(secret)
    assert secret not in repr(following.state)
    nonces = {f"{number:032x}" for number in range(1, 200)}
    assert not nonces & set(re.findall(r"[0-9a-f]{32}", repr(following.state.person.feed)))


def test_two_parsers_read_the_same_weeks_and_nudges(following):
    text = fetch(following)
    ours = by_icalendar(text)
    assert by_vobject(text) == ours
    kinds = Counter(bool(rule) for _, _, rule, _ in ours.values())
    assert kinds == {False: 37, True: 1}


def test_a_nudges_rule_gives_the_instants_at_which_it_comes(following):
    (rule,) = following.rules
    text = fetch(following)
    (series,) = [one for one in by_icalendar(text).values() if one[2]]
    place = zone("Australia/Hobart")
    start = series[0].astimezone(place).replace(tzinfo=None)
    local = list(rrulestr(series[2], dtstart=start)[:60])
    told = [one.replace(tzinfo=place).astimezone(UTC) for one in local]
    assert told == list(upcoming(rule, following.now, 60))
    assert "BEGIN:VTIMEZONE" in text
    assert "RRULE:FREQ=YEARLY" in text


@pytest.mark.parametrize(
    "words",
    [
        "subscribe every second tuesday 7:30am hobart",
        "subscribe first monday of the month 8am perth",
        "subscribe last friday of the month 6pm adelaide",
        "subscribe thursday 7am brisbane for 6 weeks",
    ],
)
def test_other_rhythms_are_rules_too(following, words):
    following.say(words)
    text = fetch(following)
    assert by_vobject(text) == by_icalendar(text)
    (rule,) = [one for one in following.rules if one.active]
    running = [one for one in by_icalendar(text).values() if one[2]]
    (series,) = running
    place = zone(rule.zone)
    start = series[0].astimezone(place).replace(tzinfo=None)
    until = re.sub(r"UNTIL=(\d{8}T\d{6})Z", "UNTIL=\\1", series[2])
    local = list(rrulestr(until, dtstart=start)[:8])
    told = [one.replace(tzinfo=place).astimezone(UTC) for one in local]
    coming = list(upcoming(rule, following.now, 8))
    if rule.ends_on:
        assert told[: len(coming) - 1] == coming[:-1] or told == coming
    else:
        assert told == coming


def test_what_has_not_changed_keeps_its_bytes_and_its_number(following):
    first = fetch(following)
    following.now += timedelta(days=1, hours=5)
    assert fetch(following) == first
    assert following.state.person.feed.sequence == 0


def test_what_is_done_moves_the_weeks_under_the_same_names_with_a_higher_number(following):
    before = by_icalendar(fetch(following))
    made_at = following.state.person.feed.changed_at
    following.now += timedelta(minutes=3)
    following.say("done 1 2")
    text = fetch(following)
    after = by_icalendar(text)
    assert set(after) == set(before)
    assert after != before
    assert {event["sequence"] for event in Calendar.from_ical(text).walk("VEVENT")} == {1}
    stamps = {event.decoded("last-modified") for event in Calendar.from_ical(text).walk("VEVENT")}
    assert stamps == {following.state.person.feed.changed_at}
    assert min(stamps) > made_at


def test_weeks_that_are_no_longer_planned_are_cancelled_until_they_are_over(following):
    fetch(following)
    following.say("plan hours 12")
    after = by_icalendar(fetch(following))
    assert Counter(status for _, _, _, status in after.values())["CANCELLED"] == 24
    following.now += timedelta(weeks=40)
    assert "CANCELLED" not in {
        status for _, _, _, status in by_icalendar(fetch(following)).values()
    }


def test_nudges_that_have_ended_are_cancelled(following):
    before = by_icalendar(fetch(following))
    (nudge,) = [uid for uid, one in before.items() if one[2]]
    following.say("stop")
    text = fetch(following)
    assert by_vobject(text) == by_icalendar(text)
    assert by_icalendar(text)[nudge][3] == "CANCELLED"


def test_an_appointment_stays_where_it_was_all_week_long(following):
    following.now = datetime(2026, 11, 23, 1, tzinfo=UTC)
    starts = set()
    for _ in range(7):
        found = by_icalendar(fetch(following))
        starts.add(min(one[0] for one in found.values() if not one[2]))
        assert "CANCELLED" not in {one[3] for one in found.values()}
        following.now += timedelta(days=1)
    assert len(starts) == 1


def test_a_new_address_keeps_the_names_and_the_old_one_is_worth_nothing(following):
    names = set(by_icalendar(fetch(following)))
    old = following.state.person.feed.token_hash
    following.say("calendar feed new")
    assert following.state.person.feed.token_hash != old
    text = fetch(following)
    assert set(by_icalendar(text)) == names
    assert {event["sequence"] for event in Calendar.from_ical(text).walk("VEVENT")} == {1}


def test_public_holidays_that_a_nudge_rests_on_are_left_out(following):
    profile = replace(following.state.person.profile, region="TAS", skip_holidays=True)
    following.state = replace(
        following.state, person=replace(following.state.person, profile=profile)
    )
    (event,) = [
        one for one in Calendar.from_ical(fetch(following)).walk("VEVENT") if "exdate" in one
    ]
    days = {one.dt.date().isoformat() for one in event["exdate"].dts}
    assert days == {"2027-01-26", "2027-12-28"}  # Australia Day; Boxing Day's day off
