"""What asks for no fact gets none: fragments, stories, complaints, orders, and questions about
other things that share a word.
"""

from datetime import UTC, datetime
from pathlib import Path

import yaml

from bot.conversation.questions import Asked, asked_for
from bot.core.state import Conversation
from bot.understanding import understand
from bot.understanding.acts import utterance
from content.content import Content

LINES = yaml.safe_load(Path(__file__).with_name("asks_nothing.yaml").read_text("utf-8"))
MOST = 0.04
"""Of lines like these so many may get a fact all the same."""


def asked(content: Content, text: str) -> Asked:
    return Asked(
        content=content,
        conversation=Conversation(),
        text=text,
        reading=understand(content, text),
        utterance=utterance(content.acts, text),
        at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_what_asks_for_no_fact_gets_none(content):
    told = {text: found.key for text in LINES if (found := asked_for(asked(content, text)))}
    assert len(told) <= MOST * len(LINES), told


def test_a_text_tells_where_it_asks_nothing(content):
    for text in ("my mate got 90 in the end", "that's the old rate", "move it to the top"):
        assert asked(content, text).tells
    for text in ("i'm a tester, is that any use", "189 fee", "that's per year?", "how much is it"):
        assert not asked(content, text).tells


def test_another_job_gets_no_pay_of_ours(content):
    assert asked_for(asked(content, "what does a senior ml engineer earn")) is not None
    for text in ("what does a senior data engineer earn", "senior nurse pay"):
        found = asked_for(asked(content, text))
        assert found is None or "level" not in kinds(content, found.key)


def kinds(content: Content, key: str) -> set[str]:
    return {one.kind for one in content.answer_units[key].about}


def test_the_name_of_a_thing_alone_asks_what_it_is(content):
    for text, key in (("awote?", "term_awote"), ("csit right now", "term_csit")):
        found = asked_for(asked(content, text))
        assert found is not None
        assert found.key == key


def test_a_unit_of_the_plan_is_found_by_what_it_teaches(content):
    found = asked_for(asked(content, "in which unit do i learn etl"))
    assert found is not None
    assert found.key == "term_etl_taught"
