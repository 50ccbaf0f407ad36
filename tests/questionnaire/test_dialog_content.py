"""What `pivotbot check` finds wrong with a dialog, where, and what it says that disappeared."""

import shutil
from dataclasses import replace

import pytest

from content.checks.dialogs import diagram, keys_gone
from content.library import ContentError, folder_shipped, load


def broken(tmp_path, name, old, new):
    """The problems of the shipped content with one text in one file replaced."""
    folder = tmp_path / "content"
    shutil.copytree(folder_shipped(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        load(folder)
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "complaint"),
    [
        ("dialogs/points.yaml", "- question: ccl", "- question: cll", "no question 'cll'"),
        ("dialogs/points.yaml", "- question: ccl", "- question: age", "'age' is asked twice"),
        (
            "dialogs/points.yaml",
            "{australian_study: [",
            "{partner: [",
            "'partner' is not asked before this step",
        ),
        (
            "dialogs/points.yaml",
            '{australian_study: ["yes"]}',
            '{australian_study: ["maybe"]}',
            "'australian_study' has no option 'maybe'",
        ),
        (
            "dialogs/points.yaml",
            'when: {education: [doctorate, bachelor_or_higher], australian_study: ["yes"]}',
            'when: {education: [none], australian_study: ["yes"]}',
            "no answers lead to this question",
        ),
        (
            "questions/points.yaml",
            "points.conditions.regional",
            "points.conditions.nowhere",
            "no fact 'points.conditions.nowhere'",
        ),
        (
            "questions/points.yaml",
            '{"yes": {label: "Yes"}, "no": {label: "No"}}',
            '{"yes": {label: "Yes"}}',
            "exactly the options",
        ),
    ],
)
def test_a_wrong_dialog_is_refused_with_its_file_and_line(tmp_path, name, old, new, complaint):
    said = broken(tmp_path, name, old, new)
    assert complaint in said
    assert f"{name}:" in said


def test_keys_that_disappear_are_listed():
    old = load()
    dialog, education = old.dialogs["points"], old.questions["education"]
    fewer = dialog.model_copy(update={"steps": dialog.steps[:-1]})
    without = education.model_copy(
        update={
            "options": {
                key: option for key, option in education.options.items() if key != "doctorate"
            }
        }
    )
    new = replace(
        old,
        dialogs={"points": fewer, "audit": old.dialogs["audit"]},
        questions={**old.questions, "education": without},
    )
    assert keys_gone(old, new) == (
        "dialogs.points.partner",
        "dialogs.profile",
        "questions.education.doctorate",
    )
    assert keys_gone(old, old) == ()


def test_the_drawing_has_every_question_and_only_ways_that_exist():
    lines = diagram(load(), "points").splitlines()
    assert lines[0] == "flowchart TD"
    assert "    partner --> finish" in lines
    assert not [
        line
        for line in lines
        if line.startswith("    education --") and line.endswith("regional_study")
    ]
    assert {
        key
        for key in load().dialogs["points"].questions
        if not any(line.startswith(f'    {key}["') for line in lines)
    } == set()
