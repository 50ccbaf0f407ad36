"""Scores of English in every way of writing them come to the level of the table,
which stands here a second time.
"""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.extraction import slots
from tests.talk import CONTENT

TODAY = date(2026, 11, 30)
LEVELS = ("competent", "proficient", "superior")
SINCE_AUGUST_2025 = {
    "IELTS": ((6, 6, 6, 6), (7, 7, 7, 7), (8, 8, 8, 8)),
    "PTE": ((47, 48, 51, 54), (58, 59, 69, 76), (69, 70, 85, 88)),
    "TOEFL": ((16, 16, 19, 19), (22, 22, 26, 24), (26, 27, 30, 28)),
}
BEFORE = {
    "IELTS": ((6, 6, 6, 6), (7, 7, 7, 7), (8, 8, 8, 8)),
    "PTE": ((50, 50, 50, 50), (65, 65, 65, 65), (79, 79, 79, 79)),
}
RANGES = {"IELTS": (8, 18, 0.5), "PTE": (40, 90, 1), "TOEFL": (10, 30, 1)}
"""Lowest and highest drawn in steps, and what a step is worth."""
IN_ORDER = (
    "{test} {l} {r} {w} {s}",
    "{test} {l}/{r}/{w}/{s}",
    "{test}: L{l} R{r} W{w} S{s}",
    "{test} (l {l}, r {r}, w {w}, s {s})",
    "{test} speaking {s} writing {w} reading {r} listening {l}",
    "{test} with {l} in listening, {r} in reading, {w} in writing and {s} in speaking",
    "{test} listening {l}, reading {r}, the rest {w}",
    "{l} {r} {w} {s} in {test}",
    "i got {l}, {r}, {w} and {s} on the {test}",
)
ALIKE = (
    "{test} {l} each",
    "{test} {l}s across the board",
    "straight {l}s in {test}",
    "{l} in each section of the {test}",
    "{test}, {l} in all four",
    "all {l} on {test}",
)
WHEN_NEW = ("in may this year", "last october", "in 2026", "two months ago", "on 12 june 2026", "")
WHEN_OLD = ("in may 2025", "in 2024", "two years ago", "in march of 2025")
AROUND = ("{0}", "31, {0}, single", "bachelor; {0}; 4 years in pune", "age 29, masters, {0}.")


def level(table, scores):
    """The highest level that every score reaches."""
    reached = [
        name
        for name, least in zip(LEVELS, table, strict=True)
        if all(score >= wanted for score, wanted in zip(scores, least, strict=True))
    ]
    return reached[-1] if reached else "below_competent"


def english_in(text):
    found = slots.fill_slots(CONTENT, CONTENT.dialogs["points"].questions, "", text, TODAY)
    return found.answers.get("english", ""), [one.phrase for one in found.ambiguities]


@st.composite
def scored(draw, test):
    low, high, step = RANGES[test]
    return [draw(st.integers(low, high)) * step for _ in range(4)]


@pytest.mark.parametrize("way", IN_ORDER)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_four_scores_make_the_level_of_the_lowest_fit(way, data):
    test = data.draw(st.sampled_from(tuple(RANGES)))
    scores = data.draw(scored(test))
    if "the rest" in way:
        scores[3] = scores[2]
    names = dict(zip("lrws", (f"{score:g}" for score in scores), strict=True))
    sentence = way.format(test=test, **names) + ", sat in may this year"
    answer, doubts = english_in(data.draw(st.sampled_from(AROUND)).format(sentence))
    assert (answer.split(" ")[0], doubts) == (level(SINCE_AUGUST_2025[test], scores), [])


@pytest.mark.parametrize("way", ALIKE)
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_one_score_for_every_skill_in_any_words(way, data):
    test = data.draw(st.sampled_from(("IELTS", "PTE")))
    score = data.draw(scored(test))[0]
    sentence = f"{way.format(test=test, l=f'{score:g}')}, this year"
    answer, doubts = english_in(data.draw(st.sampled_from(AROUND)).format(sentence))
    wanted = level(SINCE_AUGUST_2025[test], [score] * 4)
    assert (answer.split(" ")[0], doubts) == (wanted, [])


@pytest.mark.parametrize("when", [*WHEN_NEW, *WHEN_OLD])
@pytest.mark.parametrize("score", [47, 50, 58, 65, 70, 79, 88])
def test_the_day_of_the_test_decides_the_table(when, score):
    answer, doubts = english_in(f"PTE {score} each {when}, 29 years old, 3 years in delhi")
    new = level(SINCE_AUGUST_2025["PTE"], [score] * 4)
    old = level(BEFORE["PTE"], [score] * 4)
    if when == "" and new != old:
        assert doubts == ["doubt_when_taken"]
        return
    wanted = old if when in WHEN_OLD else new
    assert (answer.split(" ")[0], doubts) == (wanted, [])


@pytest.mark.parametrize(
    ("said", "passport"),
    [
        ("british passport", True),
        ("i hold an irish passport", True),
        ("my passport is from new zealand", True),
        ("us citizen", True),
        ("canadian passport", True),
        ("nigerian passport", False),
        ("my passport is from singapore", False),
        ("german citizen", False),
    ],
)
def test_five_passports_are_competent_and_no_other(said, passport):
    answer, _ = english_in(f"33, {said}, masters")
    assert (answer == "passport") is passport
