"""The English table: each skill counts by itself, the day of the test decides which table,
gaps are said.
"""

import pytest
from pydantic import ValidationError

from content.english import EnglishTest, Scores


def _same(score: float) -> Scores:
    return Scores(listening=score, reading=score, writing=score, speaking=score)


def test_ielts_six_and_a_half_is_worth_a_six_and_one_low_band_spoils_it(content):
    ielts = content.english.tests["ielts"]
    assert ielts.level(_same(6.5)) == "competent"
    assert ielts.level(_same(7)) == "proficient"
    assert ielts.level(Scores(listening=8, reading=7.5, writing=5.5, speaking=7)) is None


def test_the_day_of_a_pte_decides_its_table(content):
    pte = content.english.tests["pte"]
    assert pte.level(_same(65)) == "competent"
    assert pte.level(_same(65), before_change=True) == "proficient"
    assert pte.level(Scores(listening=69, reading=70, writing=85, speaking=88)) == "superior"
    assert pte.level(Scores(listening=69, reading=70, writing=84, speaking=90)) == "proficient"


def test_old_scores_that_we_do_not_have_are_not_guessed(content):
    with pytest.raises(LookupError, match="TOEFL"):
        content.english.tests["toefl"].level(_same(30), before_change=True)


def test_a_test_that_does_not_prove_a_level_never_gives_it(content):
    assert content.english.tests["met"].level(_same(90)) == "proficient"


def test_a_table_whose_higher_level_asks_for_less_is_refused():
    with pytest.raises(ValidationError, match="must not ask for less"):
        EnglishTest(
            name="X",
            most=9,
            scores={"competent": _same(7), "proficient": _same(6)},
            confidence="low",
        )


def test_the_answer_shows_every_test_the_change_and_the_gap(ask):
    words = ask("visa english") + ask("visa english more")
    for name in (
        "IELTS",
        "PTE Academic",
        "TOEFL iBT",
        "OET",
        "C1 Advanced",
        "CELPIP",
        "LanguageCert",
        "MET",
    ):
        assert name in words
    assert "Tests before 7 Aug 2025" in words
    assert "PTE Academic: Competent 50 each; Proficient 65 each; Superior 79 each" in words
    assert "the old scores are not in our sources" in words
    assert "6.5 overall with a 5.5 in one band is below Competent" in words
    assert "United Kingdom, the United States, Canada, New Zealand or Ireland" in words
