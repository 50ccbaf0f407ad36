"""One-off reminders through the core: set in one's own words, moved, dropped;
what cannot be understood sets nothing.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.events import Chat, Due, Found, Said, Surface
from bot.core.merge_people import merge
from bot.core.state import Person, Reminder
from bot.core.turn import LookUpZone
from bot.features.nudges.reminder_setting import MOST
from bot.runtime.wiring import reader

SYDNEY = "Australia/Sydney"
SLACKISH = Surface(name="knowing", knows_zone=True, ephemeral=True)


@pytest.fixture
def sydney(talk):
    talk.say("timezone sydney")
    return talk


def hear(talk, text):
    """A sentence, with what the reader makes of it."""
    return talk.take(Said(text, reader(talk.content, text)))


def kept(talk):
    return [(one.text, one.due_at) for one in talk.state.person.reminders]


def due(talk):
    """The next one's time comes."""
    one = talk.state.person.reminders[0]
    talk.now = max(talk.now, one.due_at)
    return talk.take(Due(one.id, one.due_at.isoformat(), 0, one.due_at))


def at(*parts):
    """A wall-clock time of Sydney's summer as an instant."""
    return datetime(*parts, tzinfo=UTC) - timedelta(hours=11)


@pytest.mark.parametrize(
    ("said", "text", "when"),
    [
        ("remind me on 1 Feb to book the test", "book the test", at(2027, 2, 1, 9)),
        ("remind me tomorrow at 6pm to ring ACS", "ring ACS", at(2026, 11, 24, 18)),
        ("please remind me to ring ACS tomorrow at 6pm", "ring ACS", at(2026, 11, 24, 18)),
        ("ping me saturday 10am to read unit 4", "read unit 4", at(2026, 11, 28, 10)),
        ("tell me on wednesday that my trial ends", "my trial ends", at(2026, 11, 25, 9)),
        ("one reminder on 3 december to pay the fee", "pay the fee", at(2026, 12, 3, 9)),
        ("remind me next friday", "", at(2026, 11, 27, 9)),
        ("nudge me only tomorrow 7am", "", at(2026, 11, 24, 7)),
        ("remind me at 7 to commit", "commit", at(2026, 11, 23, 19)),
        ("/remind me tuesday 7pm", "", at(2026, 11, 24, 19)),
        ("remind thursday 6pm to ring", "ring", at(2026, 11, 26, 18)),
    ],
)
def test_one_line_is_enough(sydney, said, text, when):
    answer = hear(sydney, said)
    assert kept(sydney) == [(text, when)]
    assert answer.startswith("Set for")
    assert sydney.understood()


def test_from_now_needs_no_clock(talk):
    start = talk.now
    answer = hear(talk, "remind me in 20 minutes to push the notebook")
    assert answer.startswith("Set for 20 minutes from now: push the notebook")
    assert kept(talk) == [("push the notebook", start + timedelta(minutes=20))]


def test_the_city_is_asked_once(talk):
    assert "In which city are you?" in hear(talk, "remind me tomorrow at 6pm to ring ACS")
    assert kept(talk) == []
    assert talk.understood()
    assert "Tue 24 Nov, 6:00 pm (Perth): ring ACS" in hear(talk, "perth")
    assert "Wed 25 Nov, 9:00 am (Perth)" in hear(talk, "remind me on wednesday to rest")


def test_a_tapped_city_does_as_well(talk):
    hear(talk, "remind me tomorrow at 6pm to ring ACS")
    assert "Tue 24 Nov, 6:00 pm (Perth): ring ACS" in talk.press("Perth")


def test_a_platform_that_knows_the_zone_is_asked_first(talk):
    talk.surface = SLACKISH
    hear(talk, "remind me tomorrow at 6pm to ring ACS")
    assert talk.turn.effects == (LookUpZone(then="remind"),)
    found = Found("LookUpZone", (("zone", "Australia/Perth"), ("then", "remind")))
    assert "Tue 24 Nov, 6:00 pm (Perth): ring ACS" in talk.take(found)


def test_a_platform_that_does_not_know_either_asks(talk):
    talk.surface = SLACKISH
    hear(talk, "remind me tomorrow at 6pm to ring ACS")
    found = Found("LookUpZone", (("zone", ""), ("then", "remind")))
    assert "In which city are you?" in talk.take(found)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("remind me to book the test", "When? Nothing is set yet"),
        ("remind me on 31 feb to book", "31 feb isn't a time I know. Nothing is set"),
        ("remind me at 25:00 to book", "25:00 isn't a time I know. Nothing is set"),
        ("remind me yesterday to book", "is over already. Nothing is set"),
        ("remind me today at 7:30am to book", "is over already. Nothing is set"),
        ("remind me tomorrow or friday to book", "more than one time. Nothing is set"),
        ("remind me to renew before friday", "says when it is due"),
        ("remind me tomorrow to call at 6pm", "is it part of the reminder? Nothing is set"),
        ("remind me 10 minutes before my exam", "hangs on something I don't know"),
        ("remind me after lunch to watch the talk", "is no time I can set"),
        ("remind me on monday at 6pm to call", "Today, or a week from now? Nothing is set"),
        ("remind me on 1 Feb 2031 to renew", "more than two years off. Nothing is set"),
    ],
)
def test_what_cannot_be_understood_is_said_and_nothing_is_set(sydney, said, why):
    assert why in hear(sydney, said)
    assert kept(sydney) == []
    assert sydney.understood()
    answer = hear(sydney, "friday 6pm")
    assert "Fri 27 Nov, 6:00 pm" in answer
    assert [when for _, when in kept(sydney)] == [at(2026, 11, 27, 18)]


def test_an_hour_alone_belongs_to_the_day_said_before(sydney):
    hear(sydney, "remind me tomorrow to call at 6pm")
    assert "Tue 24 Nov, 6:00 pm" in sydney.press("6pm")
    assert kept(sydney) == [("call at 6pm", at(2026, 11, 24, 18))]


def test_cancel_leaves_nothing_behind(sydney):
    hear(sydney, "remind me to book the test")
    assert "No reminder is set" in sydney.say("cancel")
    assert sydney.state.person.dialog is None
    hear(sydney, "friday 6pm")
    assert kept(sydney) == []


def test_an_open_questionnaire_waits_meanwhile(sydney):
    sydney.say("points")
    before = sydney.state.person.dialog
    hear(sydney, "remind me to book the test")
    hear(sydney, "friday 6pm")
    assert len(kept(sydney)) == 1
    assert sydney.state.person.dialog == before


@pytest.mark.parametrize(
    "said",
    [
        "remind me every tuesday at 7am",
        "remind me to study every thursday 8pm",
        "nudge me sunday at eight in the morning perth time",
    ],
)
def test_what_comes_again_stays_a_nudge(sydney, said):
    hear(sydney, said)
    assert kept(sydney) == []
    assert len(sydney.rules) == 1


def test_with_a_weekly_nudge_a_bare_time_moves_that_and_words_set_a_reminder(sydney):
    sydney.say("subscribe tuesday 7:30am sydney")
    assert "The next one comes Tue 24 Nov, 6:00 pm" in hear(sydney, "remind me tomorrow at 6pm")
    assert kept(sydney) == []
    hear(sydney, "remind me tomorrow at 6pm to ring ACS")
    assert kept(sydney) == [("ring ACS", at(2026, 11, 24, 18))]


def test_listed_moved_and_dropped_by_number(sydney):
    hear(sydney, "remind me on friday at 6pm to ring ACS")
    hear(sydney, "remind me tomorrow to read unit 4")
    assert "1. Tue 24 Nov, 9:00 am (Sydney): read unit 4" in sydney.say("remind list")
    assert set(sydney.taps) == {"Move 1", "Drop 1", "Move 2", "Drop 2"}
    assert "Moved to Sat 28 Nov, 6:00 pm (Sydney): ring ACS" in sydney.say(
        "remind move 2 to saturday"
    )
    assert "Moved to Tue 24 Nov, 7:30 pm" in sydney.say("remind move 1 to 7:30pm")
    assert "Once:" in sydney.say("reminders")
    assert "Dropped" in sydney.say("remind drop 2")
    assert kept(sydney) == [("read unit 4", at(2026, 11, 24, 19, 30))]
    assert "There is no number 5: 1 set" in sydney.say("remind drop 5")


def test_a_button_means_its_own_reminder_whatever_came_before_it_since(sydney):
    hear(sydney, "remind me on friday at 6pm to ring ACS")
    drop = sydney.taps["Drop it"]
    hear(sydney, "remind me tomorrow to read unit 4")
    sydney.say(drop)
    assert [text for text, _ in kept(sydney)] == ["read unit 4"]
    assert "gone already" in sydney.say(drop)


def test_moving_asks_to_when_and_keeps_it_until_then(sydney):
    hear(sydney, "remind me on friday at 6pm to ring ACS")
    assert "It stays as it is until then" in sydney.press("Another time")
    assert kept(sydney) == [("ring ACS", at(2026, 11, 27, 18))]
    assert "Moved to Mon 30 Nov, 8:00 am" in hear(sydney, "next monday 8am")
    assert kept(sydney) == [("ring ACS", at(2026, 11, 30, 8))]


def test_dropping_is_taken_back_with_a_tap(sydney):
    hear(sydney, "remind me on friday at 6pm to ring ACS")
    sydney.press("Drop it")
    assert kept(sydney) == []
    sydney.press("Undo")
    assert kept(sydney) == [("ring ACS", at(2026, 11, 27, 18))]


def test_ten_are_the_most(sydney):
    for number in range(MOST):
        hear(sydney, f"remind me in {number + 1} hours to read page {number + 1}")
    assert "10 is the most" in hear(sydney, "remind me tomorrow to read on")
    assert len(kept(sydney)) == MOST
    assert sydney.understood()
    assert sydney.taps["Drop 10"]


def test_a_text_of_200_characters_is_kept_whole_and_a_longer_one_not_at_all(sydney):
    sydney.say(f"remind tomorrow 6pm to {'x' * 200}")
    assert kept(sydney) == [("x" * 200, at(2026, 11, 24, 18))]
    assert "longer than 200 characters" in sydney.say(f"remind tomorrow 6pm to {'x' * 201}")
    assert len(kept(sydney)) == 1


def test_what_it_says_when_its_time_has_come(sydney):
    hear(sydney, "remind me tomorrow at 6pm to ring ACS")
    lines = due(sydney).splitlines()
    assert lines[0] == "ring ACS"
    assert lines[1].startswith("You asked for this Mon 23 Nov, 8:00 am. It came once;")
    assert "“remind list” shows and drops" in lines[1]
    assert kept(sydney) == []
    sydney.press("In 1 hour")
    assert kept(sydney)[0][0] == "ring ACS"


def test_late_it_says_so(sydney):
    hear(sydney, "remind me tomorrow at 6pm to ring ACS")
    sydney.now = at(2026, 11, 25, 8)
    assert "It was meant for Tue 24 Nov, 6:00 pm (Sydney)" in due(sydney)


def test_stop_stops_the_nudges_and_says_what_comes_still(sydney):
    sydney.say("subscribe tuesday 7:30am sydney")
    hear(sydney, "remind me tomorrow at 6pm to ring ACS")
    assert "One-off reminders still come: 1" in sydney.say("stop")
    assert len(kept(sydney)) == 1


def test_another_clock_keeps_the_time_of_day(sydney):
    hear(sydney, "remind me tomorrow at 6pm to ring ACS")
    hear(sydney, "remind me in 2 hours to eat")
    before = kept(sydney)[0]
    sydney.say("timezone perth")
    assert kept(sydney) == [before, ("ring ACS", at(2026, 11, 24, 21))]


def test_in_a_group_its_words_are_said_to_nobody(sydney):
    hear(sydney, "remind me on friday at 6pm to ring ACS")
    sydney.chat = Chat(platform="console", id="group", shared=True)
    for line in ("remind list", "reminders", "remind tomorrow 6pm to sign the form"):
        answer = hear(sydney, line)
        assert "ACS" not in answer
        assert "sign" not in answer


@pytest.mark.parametrize(
    "said",
    [
        "remind me what the 482 costs",
        "if i say remind me tomorrow what happens",
        "tell me about the 482 in 2 minutes",
        "does it remind me on friday",
        "don't remind me tomorrow",
        "remind me of my score",
    ],
)
def test_talk_about_reminding_sets_nothing(sydney, said):
    hear(sydney, said)
    assert kept(sydney) == []


def test_two_people_who_are_one_have_both_lists():
    now = at(2026, 11, 24, 18)
    first = Reminder(id="r1", text="a", due_at=now + timedelta(days=1), asked_at=now)
    second = Reminder(id="r2", text="b", due_at=now, asked_at=now)
    one = merge(Person(id=1, reminders=(first,)), Person(id=2, reminders=(second,)))
    assert one.reminders == (second, first)


def test_its_words_are_in_no_representation():
    now = at(2026, 11, 24, 18)
    one = Reminder(id="r1", text="ring ACS", due_at=now, asked_at=now)
    assert "ACS" not in repr(replace(one, zone=SYDNEY))
