"""A single time out of a message: whatever is to happen then, and wherever the time stands,
both come out whole.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.extraction.times.once import once, repeats
from tests.talk import CONTENT

NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
"""A Wednesday afternoon."""
PLACES = CONTENT.places
TODAY = NOW.date()


def day(days):
    return TODAY + timedelta(days=days)


DAYS = {
    "tomorrow": day(1),
    "on friday": day(2),
    "next tuesday": day(6),
    "this sunday": day(4),
    "on 1 feb": date(2027, 2, 1),
    "on february 14": date(2027, 2, 14),
    "on 3/12/2026": date(2026, 12, 3),
    "on the 15th": date(2026, 12, 15),
    "on the first": date(2026, 12, 1),
    "in 3 days": day(3),
    "in two weeks": day(14),
    "in a fortnight": day(14),
    "next week": date(2026, 11, 30),
    "next month": date(2026, 12, 1),
    "at the end of the month": date(2026, 11, 30),
    "at christmas": date(2026, 12, 25),
    "on monday 14 december": date(2026, 12, 14),
}
CLOCKS = {
    "at 6pm": time(18),
    "at 7:30 am": time(7, 30),
    "at 7 30 pm": time(19, 30),
    "8am": time(8),
    "at noon": time(12),
    "at half past seven": time(7, 30),
    "at 19:15": time(19, 15),
    "at quarter to 9": time(8, 45),
}
LAPSES = {
    "in 20 minutes": 20,
    "in an hour": 60,
    "in half an hour": 30,
    "in two hours": 120,
    "in 45 min": 45,
    "in an hour and a half": 90,
    "in a couple of hours": 120,
}
WHATS = (
    "book the English test",
    "pay the fee for 3 papers",
    "look at the 482 again",
    "ring ACS about the letter",
    "finish step 2",
    "read unit 4 of the plan",
    "call perth",
    "renew my passport for the visa",
)
JOINS = ("to ", "about ", "that I should ", "", "- ")


def texts(when, what, join, *, last):
    return f"{join}{what} {when}" if last else f"{when} {join}{what}"


@given(
    some.sampled_from(sorted(DAYS)),
    some.sampled_from(["", *sorted(CLOCKS)]),
    some.sampled_from(WHATS),
    some.sampled_from(JOINS),
    some.booleans(),
)
def test_a_day_and_a_time_are_told_from_what_is_to_be_done(named, clock, what, join, last):
    said = once(texts(f"{named} {clock}".strip(), what, join, last=last), NOW, PLACES)
    assert said is not None
    assert not said.wrong
    assert not said.doubt
    assert said.day == DAYS[named]
    assert said.at == CLOCKS.get(clock)
    assert said.what == what


@given(
    some.sampled_from(sorted(LAPSES)),
    some.sampled_from(WHATS),
    some.sampled_from(JOINS),
    some.booleans(),
)
def test_a_stretch_from_now_is_elapsed_time(lapse, what, join, last):
    said = once(texts(lapse, what, join, last=last), NOW, PLACES)
    assert said is not None
    assert (said.after, said.what) == (timedelta(minutes=LAPSES[lapse]), what)
    assert said.day is None


@given(some.sampled_from(sorted(DAYS)), some.sampled_from(sorted(LAPSES)), some.sampled_from(WHATS))
def test_words_before_the_verb_say_when(named, lapse, what):
    for when in (named, lapse):
        said = once(f"to {what}", NOW, PLACES, lead=when)
        assert said is not None
        assert said.found
        assert said.what == what


@given(some.text(max_size=250))
def test_any_text_at_all_has_a_reading(text):
    said = once(text, NOW, PLACES)
    assert said is None or isinstance(said.what, str)


@pytest.mark.parametrize(
    "text",
    [
        "every friday to study",
        "fridays at 7",
        "to study every thursday 8pm",
        "weekly to study tues 8pm",
        "each monday",
        "sunday mornings",
        "once a week",
    ],
)
def test_what_comes_again_is_no_single_time(text):
    assert repeats(text)
    assert once(text, NOW, PLACES) is None


@pytest.mark.parametrize(
    ("text", "doubt", "rest"),
    [
        ("tomorrow or friday to call", "several", "tomorrow or friday"),
        ("to take it 8am and 8pm", "several", "8am and 8pm"),
        ("to renew before friday", "deadline", "before friday"),
        ("to pay the fee due on 1 Feb", "deadline", "due on 1 Feb"),
        ("tomorrow to call at 6pm", "inside", "at 6pm"),
        ("10 minutes before my exam", "relative", "10 minutes before my exam"),
        ("after lunch to watch the talk", "vague", "after lunch"),
        ("later", "vague", "later"),
    ],
)
def test_what_may_mean_two_things_says_so(text, doubt, rest):
    said = once(text, NOW, PLACES)
    assert said is not None
    assert (said.doubt, said.rest) == (doubt, rest)


@pytest.mark.parametrize("wrong", ["31 feb", "25:00", "the 32nd"])
def test_what_cannot_be_is_named(wrong):
    said = once(f"on {wrong} to call", NOW, PLACES)
    assert said is not None
    assert said.wrong.lower() == wrong


@pytest.mark.parametrize(
    ("text", "what"), [("to buy milk", "buy milk"), ("bin night", "bin night"), ("", "")]
)
def test_no_time_is_no_time(text, what):
    said = once(text, NOW, PLACES)
    assert said is not None
    assert not said.found
    assert said.what == what


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("tonight", time(20)),
        ("tonight at 9", time(21)),
        ("this arvo", time(15)),
        ("this evening at 7", time(19)),
    ],
)
def test_a_part_of_this_day_is_today(when, at):
    said = once(f"{when} to study", NOW, PLACES)
    assert (said.day, said.at, said.at_settled, said.what) == (TODAY, at, True, "study")


@pytest.mark.parametrize("clock", ["6pm perth time", "6pm in perth", "6pm Australia/Perth"])
def test_a_place_beside_a_clock_says_whose_clock(clock):
    said = once(f"tomorrow {clock} to call", NOW, PLACES)
    assert (said.zone.zone, said.at) == ("Australia/Perth", time(18))
