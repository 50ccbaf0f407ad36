"""Subscribing and steering, on surfaces that know the zone, share places, or know nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bot.core.events import Chat, Located, Said, Surface
from bot.core.state import OpenDialog
from bot.runtime.wiring import reader
from scheduler.civil_time import zone

SLACKISH = Surface(name="knowing", knows_zone=True)
SHARING = Surface(name="sharing", shares_location=True)


def schedule(talk):
    return [(one.weekday, one.local_time, one.zone) for one in talk.rules if one.active]


def test_one_line_is_enough(talk):
    said = talk.say("subscribe tues 7.30 brissie")
    assert (
        "Every Tuesday at 7:30 am in Brisbane (UTC+10). First one: Tue 24 Nov, between 7:30 and 7:40."
        in said
    )
    assert schedule(talk) == [(1, time(7, 30), "Australia/Brisbane")]
    assert talk.rules[0].next_due_at == datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
    assert talk.state.person.profile.region == "QLD"


def test_three_days_are_three_rules_with_keys_of_their_own(talk):
    talk.say("subscribe mon wed fri 6pm hobart")
    assert [day for day, _, _ in schedule(talk)] == [0, 2, 4]
    assert len({one.id for one in talk.rules}) == 3


def test_the_same_event_twice_makes_the_same_rule(talk):
    before = talk.state, talk.count, talk.now
    talk.say("subscribe mon 9am sydney")
    first = talk.rules
    talk.state, talk.count, talk.now = before
    talk.say("subscribe mon 9am sydney")
    assert talk.rules == first


def test_a_surface_that_knows_the_zone_is_asked_for_it(talk):
    talk.surface = SLACKISH
    assert talk.say("subscribe mon 9am") == ""
    said = talk.found("Australia/Perth")
    assert "Every Monday at 9:00 am in Perth (UTC+8)" in said
    assert "one in your profile here" in said
    assert schedule(talk) == [(0, time(9), "Australia/Perth")]


def test_a_surface_that_could_not_tell_leads_to_the_question(talk):
    talk.surface = SLACKISH
    talk.say("subscribe mon 9am")
    assert "In which city are you?" in talk.found("")
    assert "Every Monday at 9:00 am in Darwin (UTC+9:30)" in talk.press("Darwin")


def test_a_zone_that_came_with_the_event_is_used_and_said(talk):
    talk.zone_hint = "Australia/Adelaide"
    said = talk.say("subscribe mon 9am")
    assert "in Adelaide (UTC+10:30)" in said
    assert "timezone CITY" in said


def test_a_shared_location_answers_the_question_about_the_city(talk):
    talk.surface = SHARING
    assert "In which city" in talk.say("subscribe mon 9am")
    assert [reply.place for reply in talk.turn.replies] == ["asked"]
    assert "Every Monday at 9:00 am in Perth (UTC+8)" in talk.take(Located("Australia/Perth"))
    assert [reply.place for reply in talk.turn.replies] == ["settled"]
    assert talk.state.person.dialog is None


def test_no_place_is_asked_for_among_others_or_where_none_can_be_shared(talk):
    talk.say("subscribe mon 9am")
    assert [reply.place for reply in talk.turn.replies] == [""]
    talk.surface, talk.chat = SHARING, replace(talk.chat, shared=True)
    talk.say("subscribe mon 9am")
    assert [reply.place for reply in talk.turn.replies] == [""]


def test_a_shared_location_at_any_other_time_moves_the_clock(talk):
    talk.say("subscribe mon 9am sydney")
    assert "Your clock follows Perth from now on" in talk.take(Located("Australia/Perth"))
    assert schedule(talk) == [(0, time(9), "Australia/Perth")]


def test_bad_input_leaves_the_schedule_as_it_was(talk):
    talk.say("subscribe tue 7:30am brisbane")
    before = talk.rules
    for line in (
        "reminders 25:00",
        "reminders 7:75",
        "subscribe xyzzy",
        "reminders banana",
        "subscribe instead mon tue wed thu 7am",
        "timezone narnia",
        "snooze banana",
        "pause until 31 feb",
        "quiet 25:00-07:00",
    ):
        assert "Tuesday 7:30 am" in talk.say(line) or "quiet hours stay" in talk.say(line), line
        assert talk.rules == before


def test_other_open_questions_are_not_pushed_aside(talk):
    dialog = OpenDialog(dialog="points", question="age", touched_at=talk.now)
    talk.state = replace(talk.state, person=replace(talk.state.person, dialog=dialog))
    talk.say("subscribe mon")
    assert talk.state.person.dialog.dialog == "points"
    talk.press("7:30 am")
    talk.press("Perth")
    assert schedule(talk) == [(0, time(7, 30), "Australia/Perth")]
    assert talk.state.person.dialog.question == dialog.question


def test_a_day_later_a_bare_number_is_no_time_any_more(talk):
    talk.say("subscribe mon")
    talk.now += timedelta(days=2)
    talk.say("7")
    assert schedule(talk) == []


def test_cancel_leaves_the_questions(talk):
    talk.say("subscribe mon")
    assert "Nothing is set yet" in talk.say("cancel")
    assert talk.state.person.dialog is None


@pytest.mark.parametrize(
    ("line", "days", "at"),
    [
        ("change reminder to sunday 6pm", [6], time(18)),
        ("change my nudge to 7am", [1], time(7)),
        ("reminders earlier", [1], time(7)),
        ("reminders later", [1], time(8)),
        ("reminders friday", [4], time(7, 30)),
        ("reminders tue thu", [1, 3], time(7, 30)),
        ("reminders tuesday to wednesday", [2], time(7, 30)),
    ],
)
def test_a_change_says_only_what_changes(talk, line, days, at):
    talk.say("subscribe tue 7:30am brisbane")
    talk.say(line)
    assert schedule(talk) == [(day, at, "Australia/Brisbane") for day in days]


def test_a_changed_day_counts_from_next_week_if_this_weeks_came_already(talk):
    talk.say("subscribe mon 9am sydney")
    talk.tick()
    assert "came already" in talk.say("reminders friday")
    assert talk.rules[0].next_due_at.astimezone(zone("Australia/Sydney")).date() == date(
        2026, 12, 4
    )


def test_one_of_several_days_is_changed_by_its_name(talk):
    talk.say("subscribe mon thu 9am sydney")
    talk.say("reminders thursday 6pm")
    assert schedule(talk) == [(0, time(9), "Australia/Sydney"), (3, time(18), "Australia/Sydney")]


def test_a_fourth_day_is_refused_with_the_way_out(talk):
    talk.say("subscribe mon tue wed 9am sydney")
    assert "three is the most" in talk.say("subscribe thu 9am")
    assert list(talk.taps) == ["Instead"]
    talk.press("Instead")
    assert schedule(talk) == [(3, time(9), "Australia/Sydney")]


def test_stop_stops_at_once_and_can_be_undone(talk):
    talk.say("subscribe mon thu 9am sydney")
    before = talk.rules
    assert "Stopped" in talk.say("stop")
    assert [one.next_due_at for one in talk.rules] == [None, None]
    talk.press("Undo")
    assert [replace(one, next_due_at=None) for one in talk.rules] == [
        replace(one, next_due_at=None) for one in before
    ]


def test_stop_works_in_the_middle_of_the_questions(talk):
    talk.say("subscribe mon")
    assert "nothing comes" in talk.say("stop")
    assert talk.state.person.dialog is None


def test_holidays_of_the_own_state_can_be_left_out(talk):
    talk.now = datetime(2027, 6, 7, 0, tzinfo=UTC)
    talk.say("subscribe mon 9am sydney")
    assert talk.rules[0].next_due_at.astimezone(zone("Australia/Sydney")).date() == date(
        2027, 6, 14
    )
    assert "NSW" in talk.say("reminders holidays")
    assert talk.rules[0].next_due_at.astimezone(zone("Australia/Sydney")).date() == date(
        2027, 6, 21
    )
    talk.say("reminders holidays off")
    assert talk.rules[0].next_due_at.astimezone(zone("Australia/Sydney")).date() == date(
        2027, 6, 14
    )


def test_abroad_no_states_holidays_are_left_out(talk):
    talk.say("subscribe mon 9am sydney")
    talk.say("reminders holidays")
    talk.say("timezone london")
    assert talk.state.person.profile.region == ""


def test_without_a_state_the_bot_asks_where_before_it_leaves_out_holidays(talk):
    talk.say("subscribe mon 9am London")
    assert "Say your city first" in talk.say("reminders holidays")


def test_in_a_group_without_a_private_chat_the_confirmation_says_so(talk):
    talk.surface = Surface(name="group", ephemeral=True)
    talk.chat = Chat(platform="console", id="group", shared=True)
    assert "private chat" in talk.say("subscribe mon 9am sydney")


def test_an_abbreviation_says_what_it_stands_for(talk):
    assert "UTC+10 all year" in talk.say("subscribe mon 9am AEST")


def test_the_other_half_of_the_day_is_one_tap_away(talk):
    talk.say("subscribe mon 7.30 perth")
    assert "7:30 pm" in talk.press("7:30 pm")
    talk.say("stop")
    talk.say("subscribe instead mon 7.30pm perth")
    assert "7:30 am" not in talk.taps


def test_snooze_moves_the_coming_nudge_when_none_came_lately(talk):
    talk.now += timedelta(days=1)
    talk.say("subscribe mon 9am sydney")
    assert (
        "The next one comes Tue 1 Dec, 9:00 am instead of Mon 30 Nov, 9:00 am. After that as usual, next Mon 7 Dec"
        in talk.say("snooze tomorrow")
    )


def test_snoozed_hours_that_end_at_night_wait_for_the_morning(talk):
    talk.say("subscribe mon 8pm sydney")
    talk.tick()
    said = talk.say("snooze 3h")
    assert "Tue 24 Nov, 8:00 am" in said
    assert "quiet hours" in said


def test_reminders_show_the_next_three_over_all_days(talk):
    talk.say("subscribe mon thu 9am sydney")
    assert (
        "Next: Mon 23 Nov, 9:00 am, then Thu 26 Nov, 9:00 am and Mon 30 Nov, 9:00 am."
        in talk.say("reminders")
    )


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("quiet 21:00-07:00", "21:00-07:00"),
        ("quiet 9pm-7am", "21:00-07:00"),
        ("quiet from 10pm to 6:30am", "22:00-06:30"),
        ("quiet between 22:00 and 7", "22:00-07:00"),
        ("quiet off", "00:00-00:00"),
        ("quiet 25:00-07:00", ""),
        ("quiet 7am", ""),
        ("quiet 7am-7am", ""),
    ],
)
def test_quiet_hours_are_two_times_or_none(talk, line, kept):
    talk.say(line)
    assert talk.state.person.profile.quiet == kept


def test_a_sentence_that_moves_house_moves_the_clock_only_of_those_whose_clock_we_keep(talk):
    talk.say("i moved to perth")
    assert talk.state.person.profile.zone == ""
    talk.say("subscribe mon 9am sydney")
    for line in (
        "I want to move to Melbourne",
        "should I move to Perth",
        "jobs in Perth",
        "my friend moved to Perth",
    ):
        talk.say(line)
        assert talk.state.person.profile.zone == "Australia/Sydney", line
    talk.say("I've moved to Perth")
    assert talk.state.person.profile.zone == "Australia/Perth"


COMMANDS = (
    "subscribe",
    "reminders",
    "snooze",
    "pause",
    "resume",
    "stop",
    "quiet",
    "timezone",
    "plan",
    "done",
    "skip",
    "too much",
    "calendar",
    "change reminder",
)
WORDS = some.sampled_from(
    [
        "mon",
        "tue",
        "sat",
        "sunday",
        "7am",
        "25:00",
        "7:75",
        "noon",
        "19:30",
        "perth",
        "sydny",
        "straya",
        "est",
        "UTC",
        "Australia/Eucla",
        "3h",
        "7d",
        "tomorrow",
        "until",
        "5",
        "january",
        "31",
        "feb",
        "also",
        "instead",
        "day",
        "earlier",
        "later",
        "fortnightly",
        "holidays",
        "off",
        "start",
        "unit",
        "full",
        "hours",
        "weeks",
        "need",
        "know",
        "repeat",
        "passed",
        "not",
        "yet",
        "restart",
        "yes",
        "expert",
        "4",
        "0",
        "99",
        "-1",
        "1e9",
        "https://x.test",
        "undo",
        "first",
        "1,2",
        "✓",
        "½",
        "\u202e",
        "'",
        "%",
        "{x}",
    ]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=some.lists(
        some.tuples(some.sampled_from(COMMANDS), some.lists(WORDS, max_size=4)),
        min_size=1,
        max_size=6,
    )
)
def test_whatever_follows_a_command_has_an_answer_whose_buttons_can_be_typed(talk, lines):
    for command, words in lines:
        assert talk.say(" ".join((command, *words))) or talk.turn.effects
        assert talk.understood()
        assert len([one for one in talk.rules if one.active]) <= 3


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("remind me in 30 minutes", "The next one comes Mon 23 Nov, 8:30 am instead of Tue 24 Nov"),
        ("remind me in 3 hours", "The next one comes Mon 23 Nov, 11:00 am instead of Tue 24 Nov"),
        ("snooze in 45m", "The next one comes Mon 23 Nov, 8:45 am"),
        ("remind me tomorrow", "Your next one comes then anyway: Tue 24 Nov, 7:30 am"),
        ("snooze until tomorrow morning", "Your next one comes then anyway: Tue 24 Nov, 7:30 am"),
        ("remind me tomorrow at 6pm", "The next one comes Tue 24 Nov, 6:00 pm"),
        ("remind me in 4 days", "The next one comes Fri 27 Nov, 7:30 am"),
        ("snooze 3h", "The next one comes Tue 24 Nov, 10:30 am instead of Tue 24 Nov, 7:30 am"),
    ],
)
def test_words_that_count_from_now_do_whichever_nudge_is_meant(talk, said, answer):
    talk.say("subscribe tuesday 7:30am sydney")
    assert answer in talk.take(Said(said, reader(talk.content, said)))
