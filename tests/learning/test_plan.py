"""The arithmetic of the plan: hours to weeks, what is whose, what a checkpoint opens."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.calculators import study_plan
from bot.core.state import Progress
from content.library import load

PLAN = load().plans["ml_engineer"]
MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def started(hours: float = 8, **changes) -> Progress:
    return replace(study_plan.begin("ml_engineer", PLAN, MONDAY, hours=hours), **changes)


def test_the_sixteen_units_make_147_hours_and_every_step_has_its_place():
    steps = study_plan.steps(PLAN)
    assert (len(PLAN.units), sum(unit.hours for unit in PLAN.units.values())) == (16, 147)
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert len({step.key for step in steps}) == len(steps)
    assert sum(step.step.minutes for step in steps) == 147 * 60


@pytest.mark.parametrize(
    ("hours", "weeks"), [(2, 74), (4, 37), (8, 19), (12.5, 12), (13, 12), (40, 4)]
)
def test_hours_a_week_make_the_calendar_weeks(hours, weeks):
    laid = study_plan.weeks(PLAN, started(hours), MONDAY)
    assert len(laid) == weeks
    assert study_plan.ends_on(laid) == MONDAY + timedelta(days=7 * weeks - 1)


@pytest.mark.parametrize("hours", [2, 2.5, 3, 4, 5.5, 6, 8, 9, 12.5, 20, 40])
def test_no_week_holds_more_than_its_hours_and_nothing_is_lost(hours):
    laid = study_plan.weeks(PLAN, started(hours), MONDAY)
    parts = [part for week in laid for part in week.parts]
    assert max(week.minutes for week in laid) <= hours * 60
    assert sum(part.minutes for part in parts) == 147 * 60
    assert min(part.minutes for part in parts) >= study_plan.SLIVER
    assert [week.monday for week in laid] == [
        MONDAY + timedelta(days=7 * number) for number in range(len(laid))
    ]


def test_a_step_longer_than_a_week_is_cut_and_its_parts_are_numbered():
    laid = study_plan.weeks(PLAN, started(4), MONDAY)
    package = [part for week in laid for part in week.parts if part.numbered.number == 2]
    assert [(part.part, part.parts, part.minutes) for part in package] == [(1, 2, 180), (2, 2, 120)]


def test_what_was_ticked_this_week_counts_against_its_hours():
    progress = study_plan.tick(started(8), "leave_notebook.tested_package", NOON)
    first, *_ = study_plan.weeks(PLAN, progress, MONDAY)
    assert first.minutes == 8 * 60 - 300


def test_after_weeks_of_nothing_the_plan_begins_at_today_without_a_backlog():
    later = MONDAY + timedelta(weeks=9)
    assert study_plan.weeks(PLAN, started(8), later)[0] == replace(
        study_plan.weeks(PLAN, started(8), MONDAY)[0], monday=later
    )


def test_from_friday_on_the_plan_starts_next_week():
    assert study_plan.weeks(PLAN, started(8), MONDAY + timedelta(days=4))[
        0
    ].monday == MONDAY + timedelta(days=7)
    assert study_plan.weeks(PLAN, started(8), MONDAY + timedelta(days=3))[0].monday == MONDAY


def test_easing_takes_a_quarter_and_stops_at_two_hours():
    progress = started(8)
    hours = []
    for _ in range(7):
        progress = study_plan.ease(progress)
        hours.append(progress.hours)
    assert hours == [6, 4.5, 3, 2, 2, 2, 2]


def test_a_tick_keeps_its_day_and_takes_a_link_later():
    progress = study_plan.tick(started(), "rag.lora", NOON)
    later = study_plan.tick(progress, "rag.lora", NOON + timedelta(days=3), "https://x.test/a")
    assert later.done["rag.lora"] == (NOON, "https://x.test/a")
    assert study_plan.tick(later, "rag.lora", NOON).done["rag.lora"] == (NOON, "https://x.test/a")


def test_done_skipped_and_undone_exclude_each_other():
    progress = study_plan.skip(started(), "rag.lora")
    assert study_plan.tick(progress, "rag.lora", NOON).skipped == ()
    assert study_plan.skip(study_plan.tick(started(), "rag.lora", NOON), "rag.lora").skipped == ()
    assert not study_plan.is_closed(study_plan.untick(progress, "rag.lora"), "rag.lora")


def test_a_background_marks_units_as_known_and_only_those():
    progress = study_plan.begin("ml_engineer", PLAN, MONDAY, hours=8, background="data")
    assert set(PLAN.units) - set(study_plan.units(PLAN, progress)) == {"etl", "data_quality"}
    assert study_plan.hours_left(PLAN, progress) == 129


def every(score: int) -> dict[str, int]:
    return dict.fromkeys(PLAN.audit.adds, score)


def test_a_low_audit_asks_for_the_whole_plan():
    assert study_plan.from_audit(PLAN, every(1)) == ()


def test_a_bridging_audit_takes_the_core_and_what_low_answers_add():
    core = {
        "evaluate_honestly",
        "data_quality",
        "package_model",
        "deploy",
        "monitor",
        "secure",
        "fine_tune",
        "capstone_build",
        "capstone_show",
    }
    assert set(study_plan.from_audit(PLAN, every(2))) == core
    assert set(study_plan.from_audit(PLAN, every(2) | {"q4": 1})) == core | {"etl"}
    assert set(study_plan.from_audit(PLAN, every(2) | {"q10": 0})) == core | {"rag"}


def test_a_high_audit_leaves_the_capstone_the_gaps_and_the_job_steps():
    assert set(study_plan.from_audit(PLAN, every(3))) == {
        "capstone_build",
        "capstone_show",
        "job_steps",
    }
    assert set(study_plan.from_audit(PLAN, every(3) | {"q9": 1})) == {
        "monitor",
        "capstone_build",
        "capstone_show",
        "job_steps",
    }


@pytest.mark.parametrize("total", range(31))
def test_every_audit_score_has_a_band(total):
    scores = every(0)
    for number in range(total):
        question = list(scores)[number % 10]
        scores[question] += 1
    chosen = study_plan.from_audit(PLAN, scores)
    assert bool(chosen) == (total > 10)


def test_the_units_keep_the_plans_order_whatever_chose_them():
    progress = started(chosen_units=("monitor", "etl"), extra_units=("know_training",))
    assert study_plan.units(PLAN, progress) == ("know_training", "etl", "monitor")


def closing(*units: str, link: str = "") -> Progress:
    progress = started()
    for unit in units:
        for step in PLAN.units[unit].steps:
            progress = study_plan.tick(progress, f"{unit}.{step}", NOON, link)
    return progress


FIRST_FOUR = ("leave_notebook", "know_training", "evaluate_honestly", "neural_nets")


def test_a_checkpoint_waits_until_everything_before_it_is_closed():
    assert study_plan.pending_checkpoint(PLAN, closing(*FIRST_FOUR[:3])) == ""
    assert study_plan.pending_checkpoint(PLAN, closing(*FIRST_FOUR[1:])) == ""
    assert study_plan.pending_checkpoint(PLAN, closing(*FIRST_FOUR)) == "neural_nets"
    assert (
        study_plan.pending_checkpoint(
            PLAN, replace(closing(*FIRST_FOUR), checkpoints={"neural_nets": "passed"})
        )
        == ""
    )


def test_the_weakest_unit_is_the_one_with_least_to_show():
    progress = closing(*FIRST_FOUR, link="https://x.test")
    bare = progress
    for step in PLAN.units["know_training"].steps:
        key = f"know_training.{step}"
        bare = replace(bare, done={**bare.done, key: (NOON, "")})
    assert study_plan.weakest(PLAN, bare, "neural_nets")[0] == "know_training"
    assert study_plan.weakest(PLAN, progress, "neural_nets") == FIRST_FOUR


def test_only_units_since_the_last_checkpoint_can_be_the_weakest():
    assert study_plan.weakest(PLAN, started(), "data_for_inference") == (
        "etl",
        "data_quality",
        "data_for_inference",
    )


def test_a_repeated_unit_is_open_again():
    progress = study_plan.repeat(PLAN, closing(*FIRST_FOUR), "evaluate_honestly")
    assert {step.unit_key for step in study_plan.open_steps(PLAN, progress)} == set(PLAN.units) - {
        "leave_notebook",
        "know_training",
        "neural_nets",
    }


def test_the_hours_for_a_wished_end_reach_it():
    for weeks in range(4, 60):
        hours = study_plan.hours_for(PLAN, started(), weeks)
        assert len(study_plan.weeks(PLAN, started(hours), MONDAY)) <= weeks
