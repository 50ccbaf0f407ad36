"""A file dropped into the content folder becomes a second occupation, with no change of code."""

import shutil

import pytest

from bot.features.pay.pay_words import wanted
from bot.understanding import understand
from content.library import ContentError, folder_shipped, load

DATA_ENGINEER = """
name: data engineer
plural: data engineers
short: Data engineer
aliases: [data engineering]
basis: A made-up survey's medians, super not in.
bands:
  junior:
    label: Junior data engineer
    short: Junior
    years: {low: 0, high: 4}
    pay: &pay
      value: {low: 70000, high: 95000}
      unit: AUD a year
      measures: Pay of junior data engineers
      source: aicareergraph
      as_of: 2026-02-01
      confidence: low
  senior:
    label: Senior data engineer
    short: Senior
    years: {low: 4}
    pay:
      <<: *pay
      value: {low: 95000, high: 150000}
      measures: Pay of senior data engineers
figures:
  shifts:
    value: 3
    unit: shifts a month
    measures: On-call shifts of data engineers
    source: aicareergraph
    as_of: 2026-02-01
    confidence: low
topics:
  role:
    headline: Data engineers keep {shifts} and many pipelines.
    sources: [aicareergraph]
    taps:
      - {label: Pay, action: salary data engineer}
"""


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(
        folder_shipped(), tmp_path / "content", ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    (tmp_path / "content/occupations/data_engineer.yaml").write_text(
        DATA_ENGINEER, encoding="utf-8"
    )
    return tmp_path / "content"


@pytest.fixture
def told(talk, folder):
    knowing = load(folder)
    return lambda line: talk(line, knowing=knowing)


def test_it_has_pay_by_level(told):
    assert told("salary data engineer senior").words.startswith(
        "Senior data engineer: $95,000 – $150,000 a year (4+ years)"
    )
    assert told("salary senior data engineer").words.startswith("Senior data engineer")


def test_it_has_pay_by_years_and_from_an_amount(told):
    assert told("salary data engineer 2 years").words.startswith(
        "Junior data engineer: $70,000 – $95,000"
    )
    assert "senior ($95,000 – $150,000, 4+ years)" in told("salary data engineer 120k").words


def test_its_taps_stay_with_it(told):
    actions = told("salary data engineer").turn.state.conversation.choices
    levels = told("salary data engineer more").turn.state.conversation.choices
    assert levels["Senior"] == "salary data engineer senior"
    assert actions["Where do I stand?"] == "salary data engineer where"
    assert told("salary data engineer").words.startswith("Pay of data engineers")


def test_it_has_its_own_topics_with_their_figures(told):
    assert told("role data engineer").words.startswith(
        "Data engineers keep 3 shifts a month and many pipelines."
    )


def test_a_topic_that_it_lacks_is_not_borrowed_from_another(told):
    words = told("skills data engineer").words
    assert words.startswith("I have nothing on skills for data engineers yet.")
    assert "[ The role ]" in words


def test_day_rates_that_it_lacks_are_not_borrowed_either(told):
    assert told("salary data engineer 1200/day").words.startswith(
        "I have no day rates for data engineers."
    )
    assert told("salary data engineer contract").words.startswith(
        "I don't know “contract” as a level."
    )


def test_a_sentence_that_names_it_is_about_it_even_if_only_the_level_was_understood(folder):
    content = load(folder)
    assert (
        wanted(content, "senior", "what does a senior data engineer earn").occupation.short
        == "Data engineer"
    )
    assert wanted(content, "senior", "what does a senior earn").occupation.short == "ML engineer"
    assert (
        wanted(content, "senior ml engineer", "ml engineer or data engineer").occupation.short
        == "ML engineer"
    )


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what does a senior data engineer earn", "salary"),
        ("how much do junior data engineers get paid in sydney?", "salary"),
        ("what skills does a data enginer need", "skills"),
        ("will ai replace data engineering", "ai_impact"),
    ],
)
def test_free_text_may_name_it_once_it_has_a_file(folder, text, intent):
    reading = understand(load(folder), text)
    assert (reading.intent, reading.action) == (intent, "answer")


def test_without_its_file_its_pay_is_not_told(content):
    assert understand(content, "what does a senior data engineer earn").action != "answer"


def test_free_text_about_it_is_answered_with_its_figures(folder, talk):
    knowing = load(folder)
    text = "what does a senior data engineer earn"
    assert talk(text, knowing=knowing, reading=understand(knowing, text)).words.startswith(
        "Senior data engineer: $95,000 – $150,000"
    )


def test_without_a_name_the_default_occupation_is_meant(told):
    assert told("salary senior").words.startswith("Senior ML engineer")


def test_what_is_covered_names_both(told):
    assert (
        "machine-learning engineers · data engineers" in told("salary nurse").words
        or "data engineers · machine-learning engineers" in told("salary nurse").words
    )


def test_its_facts_can_be_traced(told, folder):
    assert load(folder).facts["occupations.data_engineer.bands.senior.pay"].value.low == 95000


def test_two_default_occupations_are_refused(folder):
    path = folder / "occupations/data_engineer.yaml"
    path.write_text(DATA_ENGINEER + "default: true\n", encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load(folder)
    assert [(problem.file, problem.key, problem.what) for problem in caught.value.problems] == [
        ("occupations/data_engineer.yaml", "default", "2 occupations are the default one"),
        ("occupations/ml_engineer.yaml", "default", "2 occupations are the default one"),
    ]
