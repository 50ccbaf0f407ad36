"""Who is told of a change: those who asked, once, under their nudge; and what is kept for that."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from content.changes import fact_changes
from content.checks.news import NEWS, check_news
from content.library import load
from content.news import NewsItem
from content.reading import read
from tests.talk import CONTENT

CHARGE = "visas.189.cells.charge"


def published(content, *, corrects=True):
    """The content with another charge for the 189, and news of it."""
    fact = content.facts[CHARGE].model_copy(update={"value": 6200.0})
    item = NewsItem(
        since=date(2026, 12, 1),
        about=("189",),
        say="The 189's charge is {visas.189.cells.charge}.",
        corrects=(CHARGE,) if corrects else (),
    )
    return replace(
        content,
        facts={**content.facts, CHARGE: fact},
        fact_keys={**content.fact_keys, id(fact): CHARGE},
        news={**content.news, "charge_189_later": item},
    )


@pytest.fixture
def nudged(talk):
    talk.say("plan start")
    talk.say("subscribe mon 9am sydney")
    return talk


def test_a_figure_that_was_shown_and_changed_is_corrected_once_under_a_nudge(nudged):
    nudged.say("watch corrections")
    nudged.say("visa 189")
    assert "Changed since" not in nudged.tick()
    nudged.content = published(CONTENT)
    said = nudged.tick()
    assert "Changed since I told you" in said
    assert "it was $6,135" in said
    assert "it is $6,200" in said
    assert "Changed since" not in nudged.tick()


def test_asking_for_news_corrects_too(nudged):
    nudged.say("watch corrections")
    nudged.say("visa 189")
    nudged.content = published(CONTENT)
    assert "it was $6,135" in nudged.say("news")
    assert "it was $6,135" not in nudged.say("news")


@pytest.mark.parametrize(
    "asked", [(), ("watch 190",), ("watch corrections", "unwatch corrections")]
)
def test_whoever_did_not_ask_is_told_nothing_and_nothing_is_kept(nudged, asked):
    for line in asked:
        nudged.say(line)
    nudged.say("visa 189")
    assert nudged.state.person.following.shown == {}
    nudged.content = published(CONTENT)
    assert "6,200" not in nudged.tick()


def test_a_change_that_nobody_approved_is_told_to_nobody(nudged):
    nudged.say("watch corrections")
    nudged.say("visa 189")
    nudged.content = published(CONTENT, corrects=False)
    assert "Changed since" not in nudged.tick()


def test_a_subject_that_is_watched_brings_what_is_new_once(nudged):
    nudged.say("watch 189")
    assert "Base application charges" not in nudged.tick()
    nudged.content = published(CONTENT)
    assert "1 Dec 2026 · The 189's charge is $6,200" in nudged.tick()
    assert "The 189's charge" not in nudged.tick()


def test_what_was_shown_is_kept_for_half_a_year(nudged):
    nudged.say("watch corrections")
    nudged.say("visa 189")
    assert CHARGE in nudged.state.person.following.shown
    nudged.now += timedelta(days=181)
    nudged.say("salary senior")
    assert CHARGE not in nudged.state.person.following.shown
    assert nudged.state.person.following.shown


def test_facts_whose_value_changed_are_listed_for_whoever_keeps_the_content():
    assert not list(fact_changes(CONTENT, CONTENT))
    (one,) = fact_changes(CONTENT, published(CONTENT))
    assert (one.key, one.before.value, one.now.value) == (CHARGE, 6135.0, 6200.0)


def test_news_of_a_fact_that_is_nowhere_is_refused():
    content = load()
    item = content.news["charge_482_2026"].model_copy(update={"corrects": ("visas.999.charge",)})
    documents = {NEWS: read(content.folder / NEWS, NEWS)}
    broken = replace(content, news={**content.news, "charge_482_2026": item})
    (problem,) = check_news(broken, documents)
    assert "no fact 'visas.999.charge'" in str(problem)
