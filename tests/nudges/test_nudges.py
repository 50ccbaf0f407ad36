"""What a nudge says, to whom, and when it says nothing."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from pydantic import ValidationError

from bot.core.events import Due
from content.nudge import Nudges

GROUPS = ("going", "light", "after_work", "no_plan", "finished")


@pytest.fixture
def planned(talk):
    """A person with a plan and a nudge on Mondays at nine."""
    talk.say("plan start")
    talk.say("subscribe mon 9am sydney")
    return talk


def lines(content):
    nudges = content.nudges
    yield from (
        nudges.why,
        nudges.why_again,
        nudges.ask_slower,
        nudges.slowed,
        nudges.silent,
        nudges.fade,
    )
    for group in GROUPS:
        for template in getattr(nudges, group).values():
            yield from template


def test_no_nudge_shames_counts_streaks_or_shouts(content):
    reproach = re.compile(
        r"streak|in a row|missed|fail|behind|overdue|should have|lazy|excuse|haven't|didn't|guilt|disappoint|weeks? since|forgot|"
        r"don't give up|!|last chance|why not|only \d",
        re.IGNORECASE,
    )
    assert [line for line in lines(content) if reproach.search(line)] == []


def test_a_template_with_an_unknown_blank_is_refused(content):
    with pytest.raises(ValidationError, match=r"unknown blank \{streak\}"):
        Nudges.model_validate(content.nudges.model_dump() | {"why": "{streak} weeks"})


def test_nobody_reads_a_line_twice_in_six_weeks(content):
    groups = [getattr(content.nudges, group) for group in GROUPS]
    said = [line for group in groups for template in group.values() for line in template]
    assert sorted(said) == sorted(set(said))
    assert min(len(group) for group in groups if group is not content.nudges.light) >= 18


@pytest.mark.parametrize(
    ("group", "change", "complaint"),
    [
        (
            "going",
            {"one_piece": ("Good morning.", "One piece: {first}")},
            "the first line of 'one_piece' has to hold {first}",
        ),
        (
            "light",
            {"pencil": ("Good morning.", "A piece: {smaller}")},
            "the first line of 'pencil' has to hold {smaller}",
        ),
        (
            "finished",
            {"readme": ("Half an hour.",), "a_paper": ("Half an hour.",)},
            "'Half an hour.' stands in 2 templates",
        ),
    ],
)
def test_a_template_that_hides_the_task_or_repeats_a_line_is_refused(
    content, group, change, complaint
):
    broken = content.nudges.model_dump()
    broken[group] = {**broken[group], **change}
    with pytest.raises(ValidationError, match=re.escape(complaint)):
        Nudges.model_validate(broken)


def test_a_situation_with_too_few_templates_is_refused(content):
    broken = content.nudges.model_dump()
    broken["finished"] = dict(list(broken["finished"].items())[:17])
    with pytest.raises(ValidationError, match="at least 18 items"):
        Nudges.model_validate(broken)


def test_without_an_answer_the_way_in_gets_smaller(planned):
    said = [planned.tick() for _ in range(3)]
    assert "open the self-audit and answer the first three questions" in said[1]
    assert "Ten minutes or less: answer one question of the self-audit" in said[2]


def test_whoever_comes_and_goes_reads_no_template_twice_in_six_weeks(talk):
    talk.say("plan start")
    talk.say("subscribe mon wed fri 9am sydney")
    told, steps = [], iter(range(1, 53))
    for number in range(18):
        if number % 3 == 0:
            talk.say(f"done {next(steps)}")
        talk.tick()
        told.append(dict(talk.state.person.nudges.templates))
    used = [
        (situation, name)
        for before, after in pairwise([{}, *told])
        for situation, name in after.items()
        if before.get(situation) != name
    ]
    assert len(used) == 18
    assert len(set(used)) == 18


def test_what_was_closed_since_the_last_nudge_is_named_once(planned):
    planned.tick()
    planned.now += timedelta(days=2)
    planned.say("done 1 2")
    said = planned.tick()
    assert "Closed since the last one: 1. take the self-audit · 2. turn one old script" in said
    assert "Closed since" not in planned.tick()


def test_around_the_turn_of_the_year_a_pause_is_offered_once(planned):
    said = {}
    while planned.now.date() < date(2027, 1, 20):
        planned.say("plan")
        words = planned.tick()
        said[planned.now.date()] = words
        taps = dict(planned.taps)
        if "leave you alone until Thu 7 Jan" in words:
            assert taps["Yes, pause"] == "pause until 2027-01-07"
    offered = [day for day, words in said.items() if "leave you alone" in words]
    assert len(offered) == 1
    assert date(2026, 12, 15) <= offered[0] <= date(2026, 12, 22)


def test_the_pause_over_the_holidays_can_be_taken(planned):
    while "Yes, pause" not in (planned.taps if planned.turn else {}):
        planned.say("plan")
        planned.tick()
    planned.press("Yes, pause")
    assert planned.rules[0].paused_until == date(2027, 1, 7)


def test_a_template_name_belongs_to_one_situation(content):
    broken = content.nudges.model_dump()
    broken["light"] = {**broken["light"], "you_are_at": ("a",)}
    with pytest.raises(ValidationError, match="name of its own"):
        Nudges.model_validate(broken)


def test_a_nudge_says_why_it_came_where_one_stands_and_one_next_step(planned):
    said = planned.tick()
    assert said.splitlines()[0].startswith("Next, about 15 minutes: open the self-audit")
    assert "Your weekly nudge (Mondays 9:00 am), as you asked. stop ends it." in said
    assert said.index("To read: The ML Test Score") < said.index("Your weekly nudge")
    assert "You are at step 1: take the self-audit (0 of 3 closed in “Leave the notebook”)." in said
    assert "about 15 minutes" in said
    assert "0 of 52 steps · unit 1 of 16" in said
    assert list(planned.taps) == ["Self-audit", "Done ✓", "I'm stuck", "Tomorrow", "Change", "Stop"]
    assert planned.turn.sends_nudge
    assert planned.turn.replies[0].personal


def test_no_template_comes_twice_running(planned):
    for command in ("plan", None):
        used = []
        for _ in range(7):
            planned.tick()
            used.append(planned.rules[0].last_template)
            if command:
                planned.say(command)
        assert all(one != other for one, other in pairwise(used)), used
        assert len(set(used)) > 2


def test_progress_within_a_day_is_praised_and_nothing_is_due(planned):
    planned.now += timedelta(hours=-5)
    planned.say("done")
    assert "nothing is due today" in planned.tick()
    assert "Good work" not in planned.tick()


def test_without_a_plan_the_nudge_offers_a_gentle_first_step_and_done_begins_it(talk):
    talk.say("subscribe mon 9am sydney")
    assert "gentle first step" in talk.tick()
    assert "Start a plan" in talk.taps
    assert "Step 1 done" in talk.say("done")


def test_a_finished_plan_has_its_own_nudge(planned):
    planned.say("done " + " ".join(str(number) for number in range(1, 53)))
    assert "Every step of your plan is closed" in planned.tick()
    assert "Your plan is complete" in planned.tick()


def pace_and_words(planned, count):
    for _ in range(count):
        said = planned.tick()
        yield planned.rules[0].pace, said


def test_three_without_an_answer_bring_one_question_then_monthly_then_silence(planned):
    seen = list(pace_and_words(planned, 7))
    assert [pace for pace, _ in seen] == [
        "weekly",
        "weekly",
        "weekly",
        "weekly",
        "monthly",
        "monthly",
        "silent",
    ]
    assert ["come less often" in said for _, said in seen] == [
        False,
        False,
        False,
        True,
        False,
        False,
        False,
    ]
    assert "once a month" in seen[4][1]
    assert "I'll stay quiet now" in seen[6][1]
    assert planned.rules[0].next_due_at is None


def test_any_word_brings_the_nudge_back_after_silence(planned):
    list(pace_and_words(planned, 7))
    planned.now += timedelta(days=100)
    planned.say("salary senior")
    (rule,) = planned.rules
    assert (rule.pace, rule.ignored) == ("monthly", 0)
    assert timedelta() < rule.next_due_at - planned.now <= timedelta(days=7)


def test_once_a_month_stays_until_the_person_says_another_pace(planned):
    list(pace_and_words(planned, 5))
    planned.say("salary senior")
    assert planned.rules[0].pace == "monthly"
    planned.say("reminders weekly")
    assert planned.rules[0].pace == "weekly"


def test_a_pace_that_the_person_chose_is_not_undone_by_a_word(planned):
    planned.say("reminders monthly")
    planned.tick()
    planned.say("salary senior")
    assert planned.rules[0].pace == "monthly"


def test_a_tap_counts_as_an_answer(planned):
    for _ in range(3):
        planned.tick()
    planned.press("Done ✓")
    assert planned.rules[0].ignored == 0
    assert "come less often" not in planned.tick()


def test_after_six_good_weeks_the_nudge_offers_to_fade_once(planned):
    offers = []
    for number in range(1, 11):
        planned.now += timedelta(days=2)
        planned.say(f"done {number}")
        offers.append("every second week" in planned.tick().lower())
    assert offers.index(True) == 5
    assert offers[6:] == [False] * 4


def test_the_offer_to_fade_can_be_taken(planned):
    for number in range(1, 7):
        planned.now += timedelta(days=2)
        planned.say(f"done {number}")
        planned.tick()
    before = planned.now
    assert "every second week from now on" in planned.press("Every two weeks")
    assert planned.rules[0].next_due_at - before > timedelta(days=13)


@pytest.mark.parametrize(
    ("change", "week", "resend"),
    [
        ({"active": False}, "2026-W48", 0),
        ({"paused_until": date(2027, 1, 1)}, "2026-W48", 0),
        ({"sent_week": "2026-W48"}, "2026-W48", 0),
        ({"sent_week": "2026-W49"}, "2026-W48", 1),
        ({"sent_week": "2026-W48", "resend": 2}, "2026-W48", 1),
        ({}, "2026-W48", 1),
    ],
)
def test_an_occurrence_that_is_not_wanted_any_more_says_nothing_and_changes_nothing(
    planned, change, week, resend
):
    rule = replace(planned.rules[0], **change)
    planned.state = before = replace(
        planned.state, person=replace(planned.state.person, subscriptions=(rule,))
    )
    assert planned.take(Due(rule.id, week, resend, planned.now)) == ""
    assert planned.state == before
    assert not planned.turn.sends_nudge


def test_a_rule_that_is_gone_says_nothing(planned):
    assert planned.take(Due("gone", "2026-W48", 0, planned.now)) == ""


def test_a_snoozed_nudge_comes_back_once_with_its_own_words(planned):
    planned.tick()
    planned.press("Tomorrow")
    assert "Back again, as you asked. stop ends your nudges." in planned.tick()
    assert (planned.rules[0].sent_week, planned.rules[0].resend) == ("2026-W48", 1)
    assert "Your weekly nudge" in planned.tick()
    assert (planned.rules[0].sent_week, planned.rules[0].resend) == ("2026-W49", 0)


def test_the_state_after_a_nudge_is_what_the_next_one_needs(planned):
    planned.tick()
    (rule,) = planned.rules
    assert (rule.sent_week, rule.ignored, rule.last_template) == ("2026-W48", 1, "you_are_at")


def test_every_button_of_every_nudge_can_be_typed(planned):
    for _ in range(7):
        planned.tick()
        assert planned.understood()
