"""Who says that they are in danger or at the end of their strength is found,
however they write it; who talks shop is not.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.care import care_of
from bot.conversation.step import step
from bot.core.events import Account, Chat, Event, Said, Surface
from bot.core.state import Person, State
from content.care import LONGEST
from content.library import load

CONTENT = load()
AT = datetime(2026, 11, 24, tzinfo=UTC)
HERE = Path(__file__).parent
PHRASINGS = [
    (kind, line)
    for kind, lines in yaml.safe_load((HERE / "phrasings.yaml").read_text("utf-8")).items()
    for line in lines.splitlines()
]
NEAR_MISSES = (HERE / "near_misses.txt").read_text("utf-8").splitlines()
BEFORE = ["", "hey, ", "ok so. ", "sorry to bother you but honestly ", "points\n", "ugh... "]
WAYS = [
    str.upper,
    str.title,
    lambda line: line.replace(" ", ".. "),
    lambda line: line.replace(" ", "\n"),
    lambda line: line.replace("'", "").replace("’", ""),
    lambda line: line.replace("'", "’"),
    lambda line: re.sub("([aeiouAEIOU])", r"\1\1\1", line),
    lambda line: re.sub("([a-zA-Z])$", r"\1\1\1\1", line),
]
AFTER = ["", " lol", ". anyway, sorry", "!!!", " and thats that", "\nthanks"]


@pytest.mark.parametrize(("kind", "line"), PHRASINGS)
def test_a_phrasing_is_found(kind, line):
    care = care_of(CONTENT, line)
    assert care is not None
    assert care.kind == kind


@pytest.mark.parametrize("line", NEAR_MISSES)
def test_a_near_miss_is_none(line):
    assert care_of(CONTENT, line) is None


@st.composite
def written(draw):
    """A phrasing as a hurried, shouting or careless person writes it."""
    _, line = draw(st.sampled_from(PHRASINGS))
    for way in draw(st.sets(st.sampled_from(WAYS))):
        line = way(line)
    return f"{draw(st.sampled_from(BEFORE))}{line}{draw(st.sampled_from(AFTER))}"


@given(written())
def test_a_phrasing_is_found_however_it_is_written(text):
    assert care_of(CONTENT, text) is not None


@pytest.mark.parametrize(
    "line",
    ["k i l l myself", "K.M.S", "kms", "k*ll myself", "$uicidal", "k!ll myself", "I wanna d1e"],
)
def test_hidden_spellings_are_found(line):
    assert care_of(CONTENT, line).urgent


def test_only_the_beginning_of_a_long_text_is_looked_at():
    assert care_of(CONTENT, "x " * (LONGEST // 2) + "i want to die") is None


@given(st.text(max_size=400))
def test_any_text_can_be_looked_at(text):
    care_of(CONTENT, text)


def test_what_is_asked_besides_is_noticed():
    assert care_of(CONTENT, "got laid off today. what does a mid level earn in ml").asks
    assert not care_of(CONTENT, "got laid off today. dont know what to do").asks
    assert not care_of(CONTENT, "i want to die. what does a mid level earn").asks


def _said(text, surface, *, shared, quoted=False, crowded=False):
    chat = Chat(platform="x", id="1", shared=shared)
    account = Account(platform="x", user="1")
    body = Said(text, quoted=quoted)
    return Event(
        key="1",
        at=AT,
        account=account,
        chat=chat,
        surface=surface,
        body=body,
        nonce="0" * 32,
        crowded=crowded,
    )


def _replies(event, state=None):
    return step(CONTENT, state or State(person=Person(id=1)), event).replies


def test_where_others_read_along_it_is_whispered():
    (reply,) = _replies(_said("i want to die", Surface(name="x", ephemeral=True), shared=True))
    assert reply.personal


def test_where_nothing_can_be_whispered_help_stands_in_the_open():
    (reply,) = _replies(_said("i want to die", Surface(name="x"), shared=True))
    assert "13 11 14" in str(reply.blocks)


def test_somebody_elses_words_count_where_they_are_urgent():
    surface = Surface(name="x")
    assert "13 11 14" in str(_replies(_said("i want to die", surface, shared=False, quoted=True)))
    assert "hard day" not in str(
        _replies(_said("i got laid off", surface, shared=False, quoted=True))
    )


def test_a_crowd_does_not_drown_it():
    event = _said("i want to die", Surface(name="x"), shared=False, crowded=True)
    assert "13 11 14" in str(_replies(event))


def test_the_welcome_back_waits():
    person = Person(id=1, unreachable="blocked")
    event = _said("i want to die", Surface(name="x"), shared=False)
    turn = step(CONTENT, State(person=person), event)
    assert "I was blocked here" not in str(turn.replies)
    assert turn.state.person == person
