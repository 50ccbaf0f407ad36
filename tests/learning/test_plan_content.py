"""The plan's file says what the plan must be; a wrong file says where it is wrong."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from content.library import load
from content.plan import Plan, Step, check_plans
from content.reading import Document, read

CONTENT = load()
PLAN = CONTENT.plans["ml_engineer"]


def test_there_are_four_checkpoints_after_units_4_7_11_and_15():
    assert [number for number, unit in enumerate(PLAN.units.values(), 1) if unit.checkpoint] == [4, 7, 11, 15]


def test_every_unit_shows_something_and_watching_is_nothing():
    for unit in PLAN.units.values():
        assert unit.evidence
        assert "watch" not in unit.evidence.lower()


def test_the_promise_is_a_portfolio_piece_not_expertise():
    assert "portfolio piece" in PLAN.promise
    assert "do not make an expert" in PLAN.promise


def test_every_resource_is_used_and_says_whether_anybody_opened_it():
    used = {key for unit in PLAN.units.values() for key in unit.resources}
    assert used == set(PLAN.resources)
    assert {resource.status for resource in PLAN.resources.values()} == {"seen", "memory"}


def test_steps_that_do_not_add_up_to_the_hours_are_refused():
    unit = PLAN.units["rag"].model_dump()
    with pytest.raises(ValidationError, match="the steps make 540 minutes, the unit says 600"):
        type(PLAN.units["rag"]).model_validate(unit | {"hours": 10})


def test_a_first_bite_longer_than_its_step_is_refused():
    with pytest.raises(ValidationError, match="longer than the step"):
        Step(title="a", minutes=30, do="b", first="c", first_minutes=45)


@pytest.mark.parametrize(
    ("where", "change", "complaint"),
    [
        ("block", {"block": "gardening"}, "no block 'gardening'"),
        ("needs", {"needs": ("job_steps",)}, "'job_steps' is no earlier unit"),
        ("resources", {"resources": ("wikipedia",)}, "no resource 'wikipedia'"),
    ],
)
def test_a_reference_to_nothing_names_the_line(where, change, complaint):
    broken = PLAN.model_copy(update={"units": {**PLAN.units, "etl": PLAN.units["etl"].model_copy(update=change)}})
    (problem,) = list(check_plans(replace(CONTENT, plans={"ml_engineer": broken}), documents()))
    assert problem.what == complaint
    assert problem.key == f"units.etl.{where}"
    assert problem.line > 100


def test_a_list_of_units_names_only_units():
    broken = PLAN.model_copy(update={"known_from": {**PLAN.known_from, "data": ("gardening",)}})
    (problem,) = list(check_plans(replace(CONTENT, plans={"ml_engineer": broken}), documents()))
    assert "no unit 'gardening'" in problem.what


def documents() -> dict[str, Document]:
    return {"plans/ml_engineer.yaml": read(CONTENT.folder / "plans/ml_engineer.yaml", "plans/ml_engineer.yaml")}


def test_the_shipped_plan_reads_back_the_same():
    assert Plan.model_validate(PLAN.model_dump()) == PLAN
