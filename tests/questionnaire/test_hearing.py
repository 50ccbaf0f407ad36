"""What people type while a question is open, and what it is taken for."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.extraction.slots import age_of, fill_slots, level_of, read, valid
from content.library import load

CONTENT = load()
TODAY = date(2026, 11, 21)
POINTS = CONTENT.dialogs["points"].questions


def heard(asked, text):
    return dict(fill_slots(CONTENT, POINTS, asked, text, TODAY).answers)


def doubted(asked, text):
    return [doubt.phrase for doubt in fill_slots(CONTENT, POINTS, asked, text, TODAY).ambiguities]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("I'm 34", "34 on 2026-11-21"),
        ("34", "34 on 2026-11-21"),
        ("im 34 yo", "34 on 2026-11-21"),
        ("34 years old", "34 on 2026-11-21"),
        ("thirty-four", "34 on 2026-11-21"),
        ("14 March 1992", "1992-03-14"),
        ("14/03/1992", "1992-03-14"),
        ("born 1992-03-14", "1992-03-14"),
        ("March 14, 1992", "1992-03-14"),
        ("25–32", "25-32"),
        ("over 45", "45+"),
    ],
)
def test_ages_and_dates_of_birth_in_ordinary_words(text, answer):
    assert heard("age", text) == {"age": answer}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("IELTS 7.5", "proficient (IELTS 7.5)"),
        ("ielts 8 7 7 7.5", "proficient (IELTS 8 7 7 7.5)"),
        ("IELTS L8 R7.5 W6.5 S7", "competent (IELTS 8 7.5 6.5 7)"),
        (
            "IELTS speaking 7, writing 5.5, listening 8, reading 8",
            "below_competent (IELTS 8 8 5.5 7)",
        ),
        ("IELTS 8 in every band", "superior (IELTS 8)"),
        ("PTE 65 before", "proficient (PTE Academic 65 before)"),
        ("pte 65 taken in june 2024", "proficient (PTE Academic 65 before)"),
        ("pte 65, after", "competent (PTE Academic 65)"),
        ("PTE 90", "superior (PTE Academic 90)"),
        ("OET 350 360 380 360", "proficient (OET 350 360 380 360)"),
        ("toefl 22 22 26 24", "proficient (TOEFL iBT 22 22 26 24)"),
        ("cambridge 186 190 210 208", "superior (C1 Advanced 186 190 210 208)"),
        ("celpip 9", "competent (CELPIP 9)"),
        ("languagecert 80 83 89 89", "superior (LanguageCert 80 83 89 89)"),
        ("met 61 63 74 59", "proficient (MET 61 63 74 59)"),
        ("Irish passport", "passport"),
        ("proficient", "proficient"),
        ("no test yet", "below_competent"),
    ],
)
def test_english_by_any_test_in_ordinary_words(text, answer):
    assert heard("english", text) == {"english": answer}


@pytest.mark.parametrize(
    ("asked", "text", "answers"),
    [
        ("overseas_years", "3", {"overseas_years": "3"}),
        ("overseas_years", "Less than 3", {"overseas_years": "0"}),
        ("overseas_years", "none", {"overseas_years": "0"}),
        ("overseas_years", "8+ years", {"overseas_years": "8"}),
        ("australian_years", "18 months", {"australian_years": "1.5"}),
        ("australian_years", "a year and a half", {"australian_years": "1.5"}),
        (
            "overseas_years",
            "3 years overseas and 2 in Sydney",
            {"overseas_years": "3", "australian_years": "2"},
        ),
        (
            "overseas_years",
            "2 in Perth, 4.5 in London",
            {"overseas_years": "4.5", "australian_years": "2"},
        ),
        (
            "overseas_years",
            "5 yrs in bangalore, none in australia",
            {"overseas_years": "5", "australian_years": "0"},
        ),
        ("education", "bachelor's from Pune", {"education": "bachelor_or_higher"}),
        ("education", "2", {"education": "bachelor_or_higher"}),
        ("education", "masterss", {"education": "bachelor_or_higher"}),
        ("education", "PhD", {"education": "doctorate"}),
        ("ccl", "nah", {"ccl": "no"}),
        ("ccl", "no naati", {"ccl": "no"}),
        ("partner", "my wife is Australian", {"partner": "partner_au_citizen_or_pr"}),
        ("partner", "single", {"partner": "single"}),
    ],
)
def test_each_kind_of_question_hears_ordinary_words(asked, text, answers):
    assert heard(asked, text) == answers


def test_several_answers_in_one_message_are_all_taken():
    assert heard(
        "age", "I'm 34, IELTS 8, bachelor's from Pune, 3 years overseas and 2 in Sydney, single"
    ) == {
        "age": "34 on 2026-11-21",
        "english": "superior (IELTS 8)",
        "education": "bachelor_or_higher",
        "overseas_years": "3",
        "australian_years": "2",
        "partner": "single",
    }


@pytest.mark.parametrize(
    ("asked", "text", "phrase"),
    [
        ("age", "born in 1992", "doubt_birth_year"),
        ("age", "31 Feb 1990", "doubt_no_such_day"),
        ("age", "7", "doubt_age"),
        ("english", "IELTS 6.5 overall", "doubt_overall"),
        ("english", "IELTS 8 7", "doubt_four_scores"),
        ("english", "IELTS 75", "doubt_score"),
        ("english", "PTE 65", "doubt_when_taken"),
        ("english", "TOEFL 28 before", "doubt_no_old_scores"),
        ("overseas_years", "-3", "doubt_negative_years"),
        ("overseas_years", "75", "doubt_many_years"),
        ("overseas_years", "3-5", "doubt_one_number"),
    ],
)
def test_what_is_not_clear_is_asked_about_and_never_guessed(asked, text, phrase):
    assert (heard(asked, text), doubted(asked, text)) == ({}, [phrase])


def test_what_a_doubt_offers_can_be_read_again():
    for asked, text in (("age", "born in 1992"), ("english", "PTE 65")):
        (doubt,) = fill_slots(CONTENT, POINTS, asked, text, TODAY).ambiguities
        assert doubt.offers
        assert all(isinstance(read(CONTENT, asked, said, TODAY), str) for _, said in doubt.offers)


@pytest.mark.parametrize("text", ["what is that", "salary senior", "hello there", "I like turtles"])
def test_what_is_no_answer_is_none(text):
    assert (heard("age", text), doubted("age", text)) == ({}, [])


@given(some.text(max_size=60), some.sampled_from(POINTS))
def test_no_text_breaks_a_reader_and_every_answer_stays_valid(text, asked):
    for key, answer in heard(asked, text).items():
        assert valid(CONTENT, key, answer, TODAY)
        assert answer


@given(some.integers(15, 99))
def test_an_age_is_read_back_as_it_was_said(age):
    answer = heard("age", str(age))["age"]
    assert age_of(answer, TODAY) == (age, age)


def test_a_passport_counts_as_competent():
    assert level_of("passport") == "competent"
    assert level_of("superior (IELTS 8)") == "superior"
