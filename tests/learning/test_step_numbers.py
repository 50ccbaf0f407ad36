"""Numbers that name steps, and numbers that do not."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.plan.step_numbers import step_numbers
from tests.talk import Talk

MONDAY = datetime.fromisoformat("2026-11-23T09:00+11:00")


@pytest.mark.parametrize(
    ("words", "steps"),
    [
        ("4", (4,)),
        ("step 4 today", (4,)),
        ("2-5", (2, 3, 4, 5)),
        ("3 to 5 and 9", (3, 4, 5, 9)),
        ("everything up to step 3", (1, 2, 3)),
        ("the third", (3,)),
        ("step 4 at 6pm", (4,)),
        ("", ()),
        ("the tests", ()),
    ],
)
def test_bare_numbers_lists_and_whole_ranges_are_steps(words, steps) -> None:
    assert step_numbers(words) == steps


@pytest.mark.parametrize(
    "words",
    [
        *(
            "4 days",
            "until 3/12",
            "70%",
            "at 6pm",
            "6:15",
            "on 3/12",
            "4 of 6 tasks today",
            "in 3 hours",
        ),
        *("unit 3", "week 2", "1.5 hours", "9-4", "3rd of december", "4x", "1/2"),
    ],
)
@pytest.mark.parametrize("command", ["done", "skip"])
def test_other_numbers_are_asked_about_and_change_nothing(words, command) -> None:
    talk = _started()
    before = talk.state.person.progress
    assert step_numbers(words) is None
    asked = talk.say(f"/{command} {words}")
    assert ("Which step did you finish?" if command == "done" else "A step to leave out") in asked
    assert talk.state.person.progress == before
    assert talk.understood()


@given(first=st.integers(1, 40), length=st.integers(0, 12))
def test_a_range_is_every_step_of_it(first, length) -> None:
    for dash in ("-", "–", " to "):
        assert step_numbers(f"{first}{dash}{first + length}") == tuple(
            range(first, first + length + 1)
        )


def test_a_range_is_ticked_or_left_out_whole() -> None:
    talk = _started()
    assert "Steps 2, 3, 4 done" in talk.say("done 2-4")
    assert "Steps 6, 7 are left out" in talk.say("skip 6 to 7")
    assert len(talk.state.person.progress.skipped) == 2


def test_a_unit_offers_its_steps() -> None:
    talk = _started()
    talk.say("done unit 2")
    assert all(label.split(".")[0] in ("4", "5", "6", "7") for label in talk.taps)


def _started() -> Talk:
    talk = Talk(now=MONDAY)
    talk.say("plan start 4 hours")
    return talk
