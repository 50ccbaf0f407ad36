"""What is wrong with the care file is said with its place."""

import shutil

import pytest

from content.library import ContentError, folder_shipped, load


def _spoilt(tmp_path, old, new):
    folder = tmp_path / "content"
    shutil.copytree(folder_shipped(), folder, ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "care.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ContentError) as error:
        load(folder)
    return str(error.value)


def test_an_answer_that_is_offered_exists(tmp_path):
    said = _spoilt(tmp_path, "action: fact too_old", "action: fact no_such_answer")
    assert "care.yaml" in said
    assert "no answer 'no_such_answer'" in said


def test_a_contact_that_is_named_exists(tmp_path):
    said = _spoilt(tmp_path, "contacts: [when_heavy]", "contacts: [nobody]")
    assert "no contact 'nobody'" in said


def test_a_pattern_names_a_known_group(tmp_path):
    said = _spoilt(tmp_path, "        - offing {self}", "        - offing {nobody}")
    assert "no group 'nobody'" in said
