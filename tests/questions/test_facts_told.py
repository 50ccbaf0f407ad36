"""How an answer is told: figure first, one line of source with a mark where it is due,
and once more only in one line.
"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.features.about import fact
from tests.talk import CONTENT, Talk

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
FOUR_YEARS = "Up to 4 years on the 482"


@pytest.fixture
def talk() -> Talk:
    return Talk(now=NOW)


@pytest.mark.parametrize("key", sorted(CONTENT.answer_units))
def test_every_answer_can_be_told(key):
    """Each names facts that exist, fits a screen, and leaves no brace or doubled full stop."""
    told = Talk(now=NOW).say(f"fact {key}")
    assert told.strip()
    assert "{" not in told
    assert ".. " not in told.replace("...", "")
    assert len(told) < 900


def test_the_figure_comes_first_and_the_source_in_one_line(talk):
    said = talk.say("fact visa_482_stay").splitlines()
    assert said[0].startswith(FOUR_YEARS)
    assert "⚠" in said[1]
    assert talk.taps == {"More": "visa 482"}


def test_asked_again_it_is_one_line(talk):
    talk.say("fact visa_482_stay")
    again = talk.say("fact visa_482_stay")
    assert FOUR_YEARS in again
    assert "⚠" not in again
    talk.now += timedelta(minutes=11)
    assert "⚠" in talk.say("fact visa_482_stay")


def test_sources_tell_the_whole_origin(talk):
    talk.say("fact visa_482_stay")
    said = talk.say("sources")
    assert "how long one may stay" in said
    assert "visa_482_stay" not in said


def test_a_verdict_is_declined_and_the_fact_told(talk):
    unit = next(unit for unit in CONTENT.answer_units.values() if unit.answer.declines)
    said = talk.say(f"fact {unit.key}")
    assert said.startswith("I can't choose or judge")
    assert len(said.splitlines()) > 1


def test_a_gap_says_so_and_offers_what_there_is(talk):
    said = talk.say("fact visa_189_refusal")
    assert "We have no sourced figure" in said
    assert any(action.startswith("fact visa_189_") for action in talk.taps.values())


def test_a_key_that_is_gone_is_no_fault(talk):
    assert "don't have that answer" in talk.say("/fact no_such_key")


def test_a_sentence_that_opens_with_the_word_is_a_sentence():
    assert not fact.knows(CONTENT, "fact", "check this claim for me")


def test_the_command_is_listed_nowhere(talk):
    assert "\nfact" not in talk.say("help")


def test_every_tap_of_an_answer_can_be_typed():
    """The labels say what the command lines do; no line is too long for a button."""
    for key in CONTENT.answer_units:
        assert len(f"fact {key}".encode()) <= 60
        assert fact.name_of_unit(CONTENT, key).strip()
