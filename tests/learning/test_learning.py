"""The plan in conversation: ticks, links, skips, wishes, and what an old button does."""

from dataclasses import replace

import pytest


@pytest.fixture
def planned(talk):
    talk.say("plan start")
    return talk


def done(talk) -> set[str]:
    return set(talk.state.person.progress.done)


def test_starting_takes_no_questions_and_says_when_it_ends(talk):
    said = talk.say("plan start")
    assert "16 units, about 147 hours" in said
    assert "The last step falls in the week to Sun 4 Apr 2027" in said
    assert talk.turn.replies[0].personal


def test_starting_twice_keeps_what_is_there(planned):
    planned.say("done 1")
    assert "You have a plan under way" in planned.say("plan start")
    assert done(planned) == {"leave_notebook.self_audit"}


def test_the_button_of_a_step_ticks_that_step_and_only_once(planned):
    button = planned.taps["Done 1 ✓"]
    planned.say(button)
    planned.say(button)
    assert done(planned) == {"leave_notebook.self_audit"}


def test_done_ticks_what_is_next(planned):
    for _ in range(3):
        planned.say("done")
    assert done(planned) == {
        f"leave_notebook.{step}" for step in ("self_audit", "tested_package", "maths_drill")
    }


def test_done_in_words_about_a_step_asks_which_instead_of_guessing(planned):
    said = planned.say("done with the confusion table")
    assert "Which step did you finish?" in said
    assert "10. confusion and error table" in planned.taps
    assert done(planned) == set()
    planned.press("10. confusion and error table")
    assert done(planned) == {"evaluate_honestly.error_table"}


@pytest.mark.parametrize(
    "words", ["done", "done it", "done with this one", "done yesterday", "done all of it", "done ✓"]
)
def test_done_in_other_words_is_done(planned, words):
    planned.say(words)
    assert done(planned) == {"leave_notebook.self_audit"}


def test_a_link_is_kept_shown_and_replaced_by_a_newer_one(planned):
    planned.say("done 1 https://x.test/one")
    planned.say("done 1 https://x.test/two")
    assert "https://x.test/two" in planned.say("plan full")
    assert (
        planned.state.person.progress.done["leave_notebook.self_audit"][1] == "https://x.test/two"
    )


def test_a_link_with_digits_is_no_step_number(planned):
    planned.say("done 1 https://github.com/ada/repo/pull/7")
    assert done(planned) == {"leave_notebook.self_audit"}


@pytest.mark.parametrize("number", ["0", "53", "999"])
def test_a_number_that_is_no_step_changes_nothing(planned, number):
    assert f"There is no step {number}" in planned.say(f"done {number}")
    assert f"There is no step {number}" in planned.say(f"skip {number}")
    assert done(planned) == set()


def test_skip_and_done_undo_each_other(planned):
    planned.say("skip 2")
    assert planned.state.person.progress.skipped == ("leave_notebook.tested_package",)
    planned.say("done 2")
    assert planned.state.person.progress.skipped == ()
    planned.press("Undo")
    assert done(planned) == set()


def test_too_much_tells_the_new_end_and_can_be_undone(planned):
    said = planned.say("too much")
    assert "6 hours a week instead of 8 hours" in said
    assert "Sun 16 May 2027" in said
    planned.press("Undo")
    assert planned.state.person.progress.hours == 8


@pytest.mark.parametrize(
    "words",
    ["plan hours 99", "plan hours 1", "plan hours banana", "plan hours -5", "plan hours 4 or 5"],
)
def test_hours_that_cannot_be_planned_with_leave_the_plan(planned, words):
    assert "Your plan stays at 8 hours" in planned.say(words)
    assert planned.state.person.progress.hours == 8


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("plan hours 4", 4),
        ("plan 5h a week", 5),
        ("plan hours 4.5", 4.5),
        ("plan 30 weeks", 5),
        ("plan 4 months", 9.5),
    ],
)
def test_hours_or_an_end_can_be_wished(planned, words, hours):
    planned.say(words)
    assert planned.state.person.progress.hours == hours


@pytest.mark.parametrize(
    "words",
    [
        "plan start 4 weeks",
        "plan expert in 4 weeks",
        "plan 1 week",
        "plan weeks 2",
        "plan start a month",
    ],
)
def test_an_end_too_soon_is_refused_with_reason_and_slice(talk, words):
    said = talk.say(words)
    assert "I won't promise that" in said
    assert "portfolio piece" in said
    assert "is enough for " in said
    assert talk.state.person.progress is None


def test_expertise_is_never_promised(talk):
    assert "I won't promise expertise" in talk.say("plan make me an expert")


def test_the_self_audit_picks_the_units_and_the_person_can_add_one(talk):
    scores = {f"q{number}": "3" for number in range(1, 11)} | {"q9": "1"}
    talk.state = replace(talk.state, person=replace(talk.state.person, results={"audit": scores}))
    said = talk.say("plan start")
    assert "4 units" in said
    assert "Your self-audit picked these units" in said
    talk.say("plan need 5")
    assert talk.state.person.progress.extra_units == ("etl",)
    assert "not among yours" in talk.say("plan full")


def test_a_background_given_later_takes_out_only_what_was_not_begun(planned):
    planned.say("done 14")
    planned.say("plan background data")
    assert planned.state.person.progress.known_units == ("data_quality",)


def test_after_units_seven_and_fifteen_the_audit_is_suggested_again(planned):
    assert "take the self-audit again" not in planned.say("done 14 15 16 17 18 19")
    assert "take the self-audit again" in planned.say("done 20 21 22")


def test_a_whole_plan_ends_with_links_to_show_not_with_a_title(planned):
    for unit in range(52):
        said = planned.say(f"done {unit + 1} https://x.test/{unit}")
        if "Checkpoint" in said:
            said = planned.say("plan passed")
    assert "Every step of your plan is closed: 52 done, 0 skipped" in said
    assert "do not make an expert" in said
    assert "nothing is open" in planned.say("done").lower()


def test_restart_without_a_yes_clears_nothing(planned):
    planned.say("done 1")
    planned.say("plan restart")
    assert done(planned) == {"leave_notebook.self_audit"}
    planned.press("Yes, restart")
    assert done(planned) == set()


def test_a_plan_whose_step_left_the_content_still_opens(planned):
    progress = planned.state.person.progress
    ghost = replace(
        progress,
        done={"gone.step": next(iter([(planned.now, "")]))},
        skipped=("also.gone",),
        known_units=("gone",),
    )
    planned.state = replace(planned.state, person=replace(planned.state.person, progress=ghost))
    for line in ("plan", "plan full", "plan unit 3", "done", "too much", "calendar hobart"):
        assert planned.say(line)


def test_a_second_plan_needs_no_code(talk):
    first = talk.content.plans["ml_engineer"]
    other = first.model_copy(
        update={"title": "To data engineer", "units": dict(list(first.units.items())[:7])}
    )
    talk.content = replace(talk.content, plans={"ml_engineer": first, "data_engineer": other})
    assert "7 units, about 63 hours" in talk.say("plan start data_engineer")
    assert "To data engineer" in talk.say("plan")
    assert talk.say("done")


@pytest.mark.parametrize(
    "line",
    ["plan", "plan full", "plan unit 3", "plan first 4", "plan hours", "done", "skip", "too much"],
)
def test_every_button_can_be_typed(planned, line):
    planned.say(line)
    assert planned.understood()
