"""The plan's file says what the plan must be; a wrong file says where it is wrong."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from content.checks.plans import check_plans
from content.library import load
from content.plan import Plan, Step
from content.reading import Document, read

CONTENT = load()
PLAN = CONTENT.plans["ml_engineer"]
STEPS = [step for unit in PLAN.units.values() for step in unit.steps.values()]


def test_there_are_four_checkpoints_after_units_4_7_11_and_15():
    assert [number for number, unit in enumerate(PLAN.units.values(), 1) if unit.checkpoint] == [
        4,
        7,
        11,
        15,
    ]


def test_every_unit_shows_something_and_watching_is_nothing():
    for unit in PLAN.units.values():
        assert unit.evidence
        assert "watch" not in unit.evidence.lower()


def test_the_promise_is_a_portfolio_piece_not_expertise():
    assert "portfolio piece" in PLAN.promise
    assert "do not make an expert" in PLAN.promise


def test_every_resource_is_used_and_says_whether_anybody_opened_it():
    used = {key for unit in PLAN.units.values() for key in unit.resources}
    used |= {step.resource for step in STEPS}
    assert used == set(PLAN.resources)
    assert {resource.status for resource in PLAN.resources.values()} == {"seen", "memory"}


def test_steps_that_do_not_add_up_to_the_hours_are_refused():
    unit = PLAN.units["rag"].model_dump()
    with pytest.raises(ValidationError, match="the steps make 540 minutes, the unit says 600"):
        type(PLAN.units["rag"]).model_validate(unit | {"hours": 10})


def test_a_first_bite_longer_than_its_step_is_refused():
    with pytest.raises(ValidationError, match="longer than the step"):
        Step.model_validate(STEPS[0].model_dump() | {"minutes": 30, "first_minutes": 45})


def test_somebody_who_is_stuck_gets_another_way_in_than_the_first():
    with pytest.raises(ValidationError, match="the first one again"):
        Step.model_validate(STEPS[0].model_dump() | {"smaller": STEPS[0].first})


@pytest.mark.parametrize("key", ["resource", "smaller", "obstacles"])
def test_a_step_without_link_smaller_step_or_obstacles_is_refused(key):
    step = STEPS[0].model_dump()
    del step[key]
    with pytest.raises(ValidationError, match=f"{key}\n  Field required"):
        Step.model_validate(step)


def test_no_sentence_for_the_stuck_comes_twice():
    sentences = [step.smaller for step in STEPS] + [step.first for step in STEPS]
    sentences += [one.help for one in PLAN.obstacles.values()] + list(PLAN.milestones.values())
    assert sorted(sentences) == sorted(set(sentences))
    labels = [one.label for one in PLAN.obstacles.values()]
    assert sorted(labels) == sorted(set(labels))


def test_every_obstacle_stands_at_some_step():
    assert {key for step in STEPS for key in step.obstacles} == set(PLAN.obstacles)


def test_two_steps_do_not_share_a_page():
    addresses = [PLAN.resources[step.resource].address for step in STEPS]
    assert len(set(addresses)) == 52


@pytest.mark.parametrize(
    ("where", "change", "complaint"),
    [
        ("block", {"block": "gardening"}, "no block 'gardening'"),
        ("needs", {"needs": ("job_steps",)}, "'job_steps' is no earlier unit"),
        ("resources", {"resources": ("wikipedia",)}, "no resource 'wikipedia'"),
    ],
)
def test_a_reference_to_nothing_names_the_line(where, change, complaint):
    broken = PLAN.model_copy(
        update={"units": {**PLAN.units, "etl": PLAN.units["etl"].model_copy(update=change)}}
    )
    (problem,) = list(check_plans(replace(CONTENT, plans={"ml_engineer": broken}), documents()))
    assert problem.what == complaint
    assert problem.key == f"units.etl.{where}"
    assert problem.line > 100


@pytest.mark.parametrize(
    ("key", "change", "complaint"),
    [
        ("resource", {"resource": "wikipedia"}, "no resource 'wikipedia'"),
        ("resource", {"resource": "dbt_tests"}, "'dbt_tests' is the page of 'layers'"),
        ("obstacles", {"obstacles": ("weather",) * 3}, "no obstacle 'weather'"),
    ],
)
def test_a_step_that_names_nothing_or_the_page_of_another_is_told(key, change, complaint):
    etl = PLAN.units["etl"]
    steps = {**etl.steps, "layers": etl.steps["layers"].model_copy(update=change)}
    units = {**PLAN.units, "etl": etl.model_copy(update={"steps": steps})}
    plans = {"ml_engineer": PLAN.model_copy(update={"units": units})}
    found = list(check_plans(replace(CONTENT, plans=plans), documents()))
    assert complaint in {problem.what for problem in found}
    assert {problem.key.rpartition(".")[2] for problem in found} == {key}


def test_a_block_without_milestone_is_told():
    broken = PLAN.model_copy(update={"milestones": {}})
    found = list(check_plans(replace(CONTENT, plans={"ml_engineer": broken}), documents()))
    assert len(found) == len(PLAN.blocks)


def test_a_list_of_units_names_only_units():
    broken = PLAN.model_copy(update={"known_from": {**PLAN.known_from, "data": ("gardening",)}})
    (problem,) = list(check_plans(replace(CONTENT, plans={"ml_engineer": broken}), documents()))
    assert "no unit 'gardening'" in problem.what


def documents() -> dict[str, Document]:
    return {
        "plans/ml_engineer.yaml": read(
            CONTENT.folder / "plans/ml_engineer.yaml", "plans/ml_engineer.yaml"
        )
    }


def test_the_shipped_plan_reads_back_the_same():
    assert Plan.model_validate(PLAN.model_dump()) == PLAN
