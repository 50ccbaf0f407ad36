"""What the code answers say: which list a code stood on, on which day, by which instrument;
never which code to take.
"""

import pytest

from bot.features.visas.code import titled
from bot.features.visas.migration import standings
from content.library import load

WAYS = ("189", "190", "491 by a state", "491 by family", "482 Core", "186 Direct Entry")


@pytest.mark.parametrize(
    ("code", "listed"),
    [
        ("261313", (True, True, True, True, True, True)),
        ("261312", (True, True, True, True, True, True)),
        ("261311", (True, True, True, True, True, True)),
        ("261399", (True, True, True, True, True, True)),
        ("224999", (False, True, True, False, True, True)),
        ("224115", (False, False, False, False, True, True)),
        ("224114", (False, False, False, False, True, True)),
        ("261316", (False, False, False, False, True, True)),
        ("224113", (True, True, True, True, True, True)),
        ("262114", (False, False, False, False, True, True)),
    ],
)
def test_each_code_stood_on_these_lists(content, code, listed):
    found = standings(content, code)
    assert tuple(standing.label for standing in found) == WAYS
    assert tuple(standing.listed for standing in found) == listed


def test_an_answer_names_instrument_and_date_of_every_list(ask):
    words = ask("code 261313")
    assert "On MLTSSL (LIN 19/051, 28 Mar 2026): 189, 190, 491 by a state, 491 by family" in words
    assert "LIN 24/089, 7 Nov 2025" in words
    assert "LIN 24/093, 28 Mar 2026" in words
    assert "last listed on 7 Nov 2024, lowest score 95" in words
    assert "NSW (190, 491, as unit group 2613)" in words


def test_the_overview_says_that_no_code_is_machine_learning_engineer(ask):
    words = ask("code")
    assert words.startswith("There is no ANZSCO occupation called machine learning engineer.")
    assert "262114 is a cyber-governance job" in words
    assert "the assessing authority decides" in words
    assert ask("code machine learning engineer") == words
    assert ask("code for an ML engineer") == words


def test_two_codes_of_one_name_stand_side_by_side(content, ask):
    assert set(titled(content, "data scientist")) == {"224115", "224999"}
    words = ask("code data scientist") + ask("code data scientist more")
    assert "224115 Data Scientist" in words
    assert "ACS for a data scientist, otherwise VETASSESS" in words


def test_a_code_listed_under_another_number_says_so(ask):
    assert "On CSOL as 224116" in ask("code 224113")


@pytest.mark.parametrize("number", ["261314", "999999", "2613"])
def test_a_number_is_never_corrected_to_another_code(ask, number):
    words = ask(f"code {number}")
    assert f"{number} isn't among the codes I have" in words
    assert "261313 Software Engineer" in words
    assert "last listed" not in words


def test_a_mistyped_title_still_finds_its_code(ask):
    assert ask("code sofware enginer").startswith("261313 Software Engineer")


def test_an_unknown_title_is_said_to_be_unknown(ask):
    assert 'I have no code titled "nurse"' in ask("code nurse")


def test_state_lists_that_we_do_not_have_are_not_made_up(ask):
    assert "this code is not in our sources" in ask("code 224115")
    assert "SA (190, 491)" in ask("code 224999")


MADE_UP_CODE = """
title: Made-up Tester
also_called: [made up tester]
edition: none, for this test
lists: [stsol]
assessor: {value: Nobody, measures: assessing authority, source: lin_19_051, as_of: 2026-03-28, confidence: low}
"""


def test_a_new_code_file_answers_without_new_code(ask, own_folder):
    (own_folder / "codes" / "999001.yaml").write_text(MADE_UP_CODE, encoding="utf-8")
    knowing = load(own_folder)
    words = ask("code made-up tester", knowing=knowing)
    assert words.startswith("999001 Made-up Tester")
    assert "Assessed by: Nobody." in words
    assert [standing.listed for standing in standings(knowing, "999001")] == [
        False,
        True,
        True,
        False,
        False,
        False,
    ]
    assert "999001 Made-up Tester: STSOL" in ask("code more", knowing=knowing)
