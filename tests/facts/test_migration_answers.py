"""What an answer prints as plain words agrees with the tables that the sums use: points, English
scores, lists, rounds.

A table that changes without its answers, or the other way round, fails here.
"""

import re

import pytest

from content.answer import Answer
from content.content import Content
from content.english import LEVELS, Level
from content.library import load
from content.points import Bands


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


def _figures(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"\d+", text)]


def _bold(answer: Answer) -> str:
    return answer.say.split("**")[1]


TESTS = ("ielts", "pte", "toefl", "oet", "cambridge", "celpip", "languagecert", "met")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("test", TESTS)
def test_a_level_of_a_test_is_answered_with_the_scores_of_the_table(
    content: Content, test: str, level: Level
) -> None:
    answer = content.answers[f"english_{test}_{level}"]
    least = content.english.tests[test].scores.get(level)
    if least is None:
        assert "Not accepted" in answer.say
        return
    wanted = [int(least.listening), int(least.reading), int(least.writing), int(least.speaking)]
    shown = _figures(_bold(answer))
    assert shown in (wanted, wanted[:1])
    assert len(shown) == len(wanted) or len(set(wanted)) == 1
    assert f"brings {getattr(content.points.english, level)} points" in answer.say


def test_every_test_of_the_table_has_its_answers(content: Content) -> None:
    assert set(TESTS) == set(content.english.tests)


@pytest.mark.parametrize("level", LEVELS)
def test_older_tests_are_answered_where_the_sources_have_them(
    content: Content, level: Level
) -> None:
    before = content.english.tests["pte"].before
    assert before is not None
    say = content.answers[f"english_pte_{level}"].say
    assert f"before 7 Aug 2025: {before[level].listening:g} in each" in say
    assert "not in our sources" in content.answers[f"english_oet_{level}"].say


@pytest.mark.parametrize(
    ("key", "factor", "at"),
    [
        ("points_age_18_24", "age", 18),
        ("points_age_25_32", "age", 32),
        ("points_age_33_39", "age", 33),
        ("points_age_40_44", "age", 44),
        ("points_age_45", "age", 45),
        ("points_overseas_3", "overseas_work", 3),
        ("points_overseas_5", "overseas_work", 7),
        ("points_overseas_8", "overseas_work", 8),
        ("points_au_work_1", "australian_work", 1),
        ("points_au_work_3", "australian_work", 4),
        ("points_au_work_5", "australian_work", 5),
        ("points_au_work_8", "australian_work", 8),
    ],
)
def test_a_band_is_answered_with_its_points(
    content: Content, key: str, factor: str, at: int
) -> None:
    bands: Bands = getattr(content.points, factor)
    points = [band.points for band in bands if band.from_ <= at][-1]
    assert _figures(_bold(content.answers[key]))[0] == points


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("points_bachelor", "education.bachelor_or_higher"),
        ("points_masters", "education.bachelor_or_higher"),
        ("points_phd", "education.doctorate"),
        ("points_diploma", "education.au_diploma_or_trade"),
        ("points_specialist", "extras.specialist_education"),
        ("points_au_study", "extras.australian_study"),
        ("points_regional_study", "extras.regional_study"),
        ("points_professional_year", "extras.professional_year"),
        ("points_ccl", "extras.ccl"),
        ("points_single", "partner.single"),
        ("points_partner_citizen", "partner.partner_au_citizen_or_pr"),
        ("points_partner_skilled", "partner.partner_skilled"),
        ("points_partner_english", "partner.partner_competent_english"),
        ("points_partner_none", "partner.partner_none_of_these"),
        ("points_work_cap", "work_cap"),
    ],
)
def test_a_row_is_answered_with_its_points(content: Content, key: str, where: str) -> None:
    value: object = content.points
    for name in where.split("."):
        value = getattr(value, name)
    assert _figures(_bold(content.answers[key]))[0] == value


def test_the_most_points_are_the_sum_of_the_table(content: Content) -> None:
    shown = _figures(_bold(content.answers["points_maximum"]))
    for visa in content.points.nomination:
        assert content.points.maximum(visa) in shown


SOFTWARE = ("261313", "261312", "261311", "261399")


@pytest.mark.parametrize("number", SOFTWARE)
def test_scores_of_a_code_are_those_of_the_rounds(content: Content, number: str) -> None:
    listed = [held for held in content.migration.rounds.rounds if number in held.lowest]
    shown = _figures(content.answers[f"code_{number}_rounds"].say)
    assert shown[0] == listed[-1].lowest[number]
    assert {held.lowest[number] for held in listed} <= set(shown)


@pytest.mark.parametrize(
    ("key", "points_tested"),
    [
        *((f"code_{number}", True) for number in (*SOFTWARE, "224113")),
        *((f"code_{number}", False) for number in ("224115", "224114", "261316")),
        ("code_262114_lists", False),
    ],
)
def test_lists_of_a_code_are_those_of_its_file(
    content: Content, key: str, points_tested: bool
) -> None:
    code = content.codes[key.split("_")[1]]
    assert ("mltssl" in code.lists) is points_tested
    assert {"csol_482", "csol_186"} <= set(code.lists)
    say = content.answers[key].say.lower()
    assert ("on all lists" in say or "on every list" in say) is points_tested
    assert ("on the csol only" in say) is not points_tested


def test_a_place_is_regional_where_the_rule_names_it(content: Content) -> None:
    rule = str(content.facts["migration.facts.designated_regional"].value)
    for key, answer in content.answers.items():
        place = answer.subject.removeprefix("place ")
        if key.startswith("place_") and answer.say.startswith("**Yes"):
            assert place in rule.split(". ", 1)[1]
        if key.startswith("place_") and answer.say.startswith("**No:"):
            assert place in rule.split(". ", 1)[0]
        if key.startswith("place_") and answer.say.startswith("**Not named"):
            assert place not in rule


def test_a_question_for_a_verdict_is_declined(content: Content) -> None:
    declining = {key for key, answer in content.answers.items() if answer.declines}
    assert {key for key in content.answers if key.startswith("verdict_")} <= declining


def test_no_two_answers_are_asked_for_in_the_same_words(content: Content) -> None:
    heard: dict[str, str] = {}
    for key, answer in content.answers.items():
        for ask in answer.asks:
            words = " ".join(re.findall(r"\w+", ask.lower()))
            assert heard.setdefault(words, key) == key, f"{ask!r} asks for two things"
