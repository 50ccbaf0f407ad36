"""Showing an answer to everyone: only a general one with sources,
and the very one that was on the screen.
"""

from datetime import UTC, datetime

import pytest

from adapters.console.render import text
from bot.conversation.step import step
from bot.core.events import Account, Chat, Event, Pressed, Said, Surface
from bot.core.state import Person, State
from content.library import load

CONTENT = load()
CHANNEL = Chat(platform="board", id="hall", shared=True)
SURFACE = Surface(name="board", ephemeral=True)


def did(body: Said | Pressed, state: State | None = None, chat: Chat = CHANNEL):
    account = Account(platform="board", user="ann")
    event = Event(
        key="k",
        at=datetime(2026, 11, 24, 22, 0, tzinfo=UTC),
        account=account,
        chat=chat,
        surface=SURFACE,
        body=body,
        nonce="00" * 16,
    )
    return step(CONTENT, state or State(person=Person(id=1)), event)


def test_the_last_answer_is_shown_again_for_everyone() -> None:
    asked = did(Said("/salary senior"))
    shared = did(Pressed("share"), asked.state)
    assert [reply.blocks for reply in shared.replies] == [reply.blocks for reply in asked.replies]
    assert not any(reply.personal or reply.in_place for reply in shared.replies)


def test_a_named_answer_is_shown_whatever_was_asked_since() -> None:
    since = did(Said("/visa 189"), did(Said("/salary senior")).state).state
    [reply] = did(Pressed("share salary senior"), since).replies
    assert "$160,000" in text(reply)


@pytest.mark.parametrize(
    "line",
    [
        "share",
        "share profile",
        "share points",
        "share forget",
        "share reminders",
        "share mydata",
        "share share salary",
    ],
)
def test_nothing_about_a_person_and_nothing_without_sources_goes_out(line: str) -> None:
    turn = did(Pressed(line))
    assert all(reply.personal for reply in turn.replies)
    assert len(turn.replies) == 1
    assert turn.effects == ()
    assert turn.state.person.dialog is None


def test_alone_there_is_nobody_to_share_with() -> None:
    [reply] = did(Said("/share"), chat=Chat(platform="board", id="ann")).replies
    assert text(reply) == CONTENT.phrases["share_alone"]
