"""The home page: what it shows, and that it follows every change."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from adapters.console.render import text
from bot.engine import Mind, Shelf
from bot.events import Account, Body, Chat, Event, OpenedHome, Pressed, Said, Surface
from bot.messages import Address, Message
from bot.reply import Choices, Reply, Tap
from bot.state import Person, State
from bot.step import step
from bot.turn import Turn
from content.library import load

CONTENT = load()
AT = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
WITH_HOME = Surface(name="board", home=True)
NEWCOMER = State(person=Person(id=1))


def event(body: Body, surface: Surface = WITH_HOME) -> Event:
    account = Account(platform="board", user="ann")
    return Event(key="k", at=AT, account=account, chat=Chat(platform="board", id="ann"), surface=surface, body=body, nonce="00" * 16)


def said(words: str, state: State = NEWCOMER, surface: Surface = WITH_HOME) -> Turn:
    return step(CONTENT, state, event(Said(words), surface))


def taps(reply: Reply) -> set[str]:
    return {tap.action for block in reply.blocks if isinstance(block, Choices) for tap in block.choices if isinstance(tap, Tap)}


def test_a_newcomer_finds_what_there_is_and_what_is_kept() -> None:
    [page] = step(CONTENT, NEWCOMER, event(OpenedHome())).replies
    assert "You have no reminders." in text(page)
    assert {"salary", "visa", "plan", "audit", "profile", "privacy", "mydata", "forget"} <= taps(page)
    assert page.personal


def test_starting_a_plan_and_a_reminder_shows_at_once() -> None:
    started = said("/plan start 6 hours")
    assert started.home
    assert "6" in text(started.home)
    subscribed = said("/subscribe tuesday 7:30am brisbane", started.state)
    assert subscribed.home
    assert "Brisbane" in text(subscribed.home)
    assert subscribed.home == step(CONTENT, subscribed.state, event(OpenedHome())).replies[0]


def test_the_last_results_stand_there_with_their_day_and_follow_every_new_one() -> None:
    person = replace(NEWCOMER.person, results={"audit": {"result.total": "12", "result.at": "2026-11-20T01:00:00+00:00"}})
    state = State(person=person)
    for line in ("/points", "30", "superior", "4", "0", "bachelor", "no", "no", "no", "single"):
        reckoned = said(line, state)
        state = reckoned.state
    assert reckoned.home
    words = text(reckoned.home)
    assert "Points on 25 Nov 2026: 189: 80 · 190: 85 · 491: 95" in words
    assert "Self-audit on 20 Nov 2026: 12 of 30" in words
    assert "points result" in taps(reckoned.home)


def test_an_answer_that_changes_nothing_about_the_person_leaves_the_page_alone() -> None:
    assert said("/salary senior").home is None


def test_where_there_is_no_home_page_none_is_made() -> None:
    assert said("/subscribe tuesday 7:30am brisbane", surface=Surface(name="board")).home is None


def test_looking_at_the_page_does_not_change_what_was_said_in_the_chat() -> None:
    asked = said("/salary senior").state
    looked = step(CONTENT, asked, event(OpenedHome()))
    assert looked.state.conversation == asked.conversation


def test_a_changed_page_travels_after_the_answer_as_a_page() -> None:
    class Board:
        surface = WITH_HOME

        def render(self, reply: Reply, event: Event) -> tuple[Message, ...]:
            address = Address(chat=event.chat, home=isinstance(event.body, OpenedHome))
            return (Message(address=address, payload={}, fallback=text(reply)),)

    board: Any = Board()
    mind = Mind(Shelf(None), {"board": board})
    subscribed = mind.decide(NEWCOMER, event(Said("/subscribe tuesday 7:30am brisbane")))
    assert [message.address.home for message in subscribed.messages] == [False, True]
    tapped = mind.decide(subscribed.turn.state, replace(event(Pressed("salary senior")), key="k2"))
    assert [message.address.home for message in tapped.messages] == [False]
