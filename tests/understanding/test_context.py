"""What a typed text means in a conversation: an exact command, a sentence,
or a remark on the last answer.
"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation.context import Clarify, Meaning, OutOfScope, RunCommand, SmallTalk, resolve
from bot.conversation.exact_commands import exact
from bot.core.command_line import Line
from bot.core.events import Reading
from bot.core.state import Conversation, LastAnswer
from bot.understanding import understand
from content.content import Content

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def _said(content: Content, text: str, last: LastAnswer | None = None) -> Meaning:
    return resolve(content, Conversation(last=last), understand(content, text), NOW)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("salary senior", Line("salary", "senior")),
        ("Salary 145000", Line("salary", "145000")),
        ("visa compare 189 190", Line("visa", "compare 189 190")),
        (
            "takehome 165k including super 2025-26 help-debt",
            Line("takehome", "165k including super 2025-26 help-debt"),
        ),
        ("subscribe tues 7.30 brissie", Line("subscribe", "tues 7.30 brissie")),
        ("snooze 3h", Line("snooze", "3h")),
        ("stop", Line("unsubscribe", "")),
        ("plan", Line("plan", "")),
        ("done 3", Line("done", "3")),
        ("change age to 41", Line("change", "age to 41")),
        ("what if IELTS 8", Line("what-if", "IELTS 8")),
    ],
)
def test_a_command_word_for_word_is_that_command(content: Content, text: str, line: Line) -> None:
    assert exact(content, text, understand(content, text)) == line


@pytest.mark.parametrize(
    "text",
    [
        "stop the car",
        "plan a trip to cairns",
        "help me with my python homework",
        "salary for solar installer junior",
        "visa for my mum to visit for 3 months",
        "change my password",
        "forget my password",
        "start a fire in the kitchen",
        "cancel my netflix subscription",
        "pay my electricity bill",
    ],
)
def test_a_text_that_only_opens_like_a_command_is_not_it(content: Content, text: str) -> None:
    reading = understand(content, text)
    assert exact(content, text, reading) is None
    assert isinstance(resolve(content, Conversation(), reading, NOW), OutOfScope)


def test_a_slash_command_is_exact_whatever_follows(content: Content) -> None:
    text = "/salary for solar installer junior"
    assert exact(content, text, understand(content, text)) == Line(
        "salary", "for solar installer junior", explicit=True
    )


def _last(command: str, words: str = "", **entities: object) -> LastAnswer:
    return LastAnswer(
        command=command, words=words, at=NOW - timedelta(minutes=3), entities=entities
    )


def test_a_value_alone_changes_the_last_answers_value(content: Content) -> None:
    assert _said(
        content, "and for junior?", _last("salary", "senior", level="senior")
    ) == RunCommand(line=Line("salary", "junior"), entities={"level": "junior"})


def test_one_more_visa_is_compared_with_the_one_talked_about(content: Content) -> None:
    meant = _said(content, "compare it with the 190", _last("visa", "189", subclass=["189"]))
    assert isinstance(meant, RunCommand)
    assert meant.line == Line("visa", "compare 189 190")


def test_what_is_left_after_tax_takes_the_amount_from_the_last_answer(content: Content) -> None:
    meant = _said(content, "and after tax?", _last("salary", "165000", amount=165000))
    assert isinstance(meant, RunCommand)
    assert meant.line == Line("takehome", "165000")


def test_after_ten_minutes_the_last_answer_is_no_context(content: Content) -> None:
    old = LastAnswer(
        command="salary",
        words="165000",
        at=NOW - timedelta(minutes=11),
        entities={"amount": 165000},
    )
    meant = _said(content, "and after tax?", old)
    assert isinstance(meant, RunCommand)
    assert meant.line == Line("takehome", "")


def test_a_doubt_goes_to_the_last_answers_topic(content: Content) -> None:
    doubt = Reading(
        command="fit",
        intent="fit",
        confidence=0.4,
        action="clarify",
        candidates=("fit", "education"),
        offers=("fit", "education"),
        needs_context=True,
    )
    assert resolve(content, Conversation(last=_last("education")), doubt, NOW) == RunCommand(
        line=Line("education", "")
    )
    assert resolve(content, Conversation(), doubt, NOW) == Clarify(
        intents=("fit", "education"), offers=("fit", "education")
    )


def test_a_sure_reading_is_not_bent_to_the_last_topic(content: Content) -> None:
    meant = _said(content, "delete all my data", _last("salary", "senior", level="senior"))
    assert isinstance(meant, RunCommand)
    assert meant.line == Line("forget", "")


@pytest.mark.parametrize(("text", "intent"), [("hi", "greeting"), ("cheers mate", "thanks")])
def test_courtesy_gets_a_word(content: Content, text: str, intent: str) -> None:
    assert _said(content, text) == SmallTalk(intent=intent)


def test_no_two_offers_do_or_say_the_same():
    from bot.conversation.fallback import _distinct
    from bot.core.reply import Tap

    offered = (
        Tap("Pay", "salary"),
        Tap("What I can do", "help"),
        Tap("Salary", "salary"),
        Tap("Pay", "salary senior"),
        Tap("Points", "points"),
    )
    assert _distinct(offered) == (offered[0], offered[4])
