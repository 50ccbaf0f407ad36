"""`sources`: each figure with what it measures, who says so, when, how sure it is,
and what disagrees.
"""

from datetime import UTC, datetime

import pytest


def test_before_any_answer_there_is_nothing_to_trace(talk):
    assert talk("sources").words.startswith("I haven't answered anything here yet")


def test_an_answers_figures_are_each_explained(talk):
    words = talk("salary senior", "sources").words
    assert words.startswith("Where “salary senior” comes from")
    assert "aicareergraph.com/AU/en/it-digital/machine-learning-engineer" in words
    assert "a careers page, weak evidence; undated; read 20 Nov 2026" in words
    assert "$160,000 – $210,000 a year: Pay of senior ML engineers" in words
    assert "Not sure: one undated or interested source." in words
    assert "not opened by us, as quoted by others on 9 Oct 2026" in words


def test_what_disagrees_is_named_beside_the_figure(talk):
    words = talk("salary contract", "sources").words
    assert "$150,000 – $280,000 a year: Pay of contract and consultant" in words
    assert "Against it: $160,000 – $300,000 a year (aicareergraph.com)." in words


def test_why_is_another_word_for_it(talk):
    assert talk("outlook", "why").words == talk("outlook", "sources").words


def test_asking_twice_gives_the_same_answer(talk):
    assert talk("fit", "sources", "sources").words == talk("fit", "sources").words


def test_help_in_between_does_not_lose_the_answer(talk):
    assert talk("salary senior", "help", "sources").words == talk("salary senior", "sources").words


def test_the_origin_of_a_personal_answer_is_personal(talk):
    assert talk("salary 145k", "sources").reply.personal
    assert not talk("salary senior", "sources").reply.personal


@pytest.mark.parametrize(
    "line",
    [
        "salary",
        "salary contract",
        "salary 145k",
        "role",
        "ai",
        "skills",
        "education",
        "qualifications",
        "fit",
        "outlook",
    ],
)
def test_every_key_an_answer_leaves_behind_is_a_fact_or_a_source(talk, content, line):
    keys = talk(line).turn.state.conversation.last.sources
    assert keys
    assert all(key in content.facts or key in content.sources for key in keys)


def test_a_figure_that_grew_old_is_warned_about(talk):
    fresh = talk("qualifications", "sources", at=datetime(2027, 3, 28, 1, tzinfo=UTC)).words
    later = talk("qualifications", "sources", at=datetime(2027, 4, 1, 1, tzinfo=UTC)).words
    assert "LIN 19/051, 28 Mar 2026, old" not in fresh
    assert "More than a year old." not in fresh
    assert "LIN 19/051" in later.split("More than a year old.")[-2]


def test_a_figure_past_its_last_day_is_warned_about(talk):
    words = talk("fit", at=datetime(2027, 8, 18, 1, tzinfo=UTC)).words
    assert "⚠" in words.split("aicareergraph.com, undated")[-1]
    explained = talk("fit", "sources", at=datetime(2027, 8, 18, 1, tzinfo=UTC)).words
    assert "Known to hold until 17 Aug 2027, which has passed." in explained
