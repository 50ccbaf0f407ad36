"""The home page: what it shows, and that it follows every change."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from adapters.console.render import text
from bot.conversation.step import home_pages, step
from bot.core.events import Account, Body, Chat, Due, Event, OpenedHome, Pressed, Said, Surface
from bot.core.messages import Address, Message
from bot.core.reply import Choices, Reply, Tap
from bot.core.state import Person, State
from bot.core.turn import Forget, Turn, Unlink
from bot.runtime.content_store import ContentStore
from bot.runtime.turn_decider import TurnDecider
from content.library import load

CONTENT = load()
AT = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
WITH_HOME = Surface(name="board", home=True)
NEWCOMER = State(person=Person(id=1))


def event(body: Body, surface: Surface = WITH_HOME) -> Event:
    account = Account(platform="board", user="ann")
    return Event(
        key="k",
        at=AT,
        account=account,
        chat=Chat(platform="board", id="ann"),
        surface=surface,
        body=body,
        nonce="00" * 16,
    )


def said(words: str, state: State = NEWCOMER, surface: Surface = WITH_HOME) -> Turn:
    return step(CONTENT, state, event(Said(words), surface))


def taps(reply: Reply) -> set[str]:
    return {
        tap.action
        for block in reply.blocks
        if isinstance(block, Choices)
        for tap in block.choices
        if isinstance(tap, Tap)
    }


def test_a_newcomer_finds_what_there_is_and_what_is_kept() -> None:
    [page] = step(CONTENT, NEWCOMER, event(OpenedHome())).replies
    assert "You have no reminders." in text(page)
    assert {
        "salary",
        "visa",
        "plan start",
        "audit",
        "points",
        "subscribe",
        "profile",
        "privacy",
        "mydata",
        "forget",
    } <= taps(page)
    assert page.personal


def test_every_tap_stands_once_and_forms_open_where_there_are_forms() -> None:
    for surface in (WITH_HOME, Surface(name="board", home=True, forms=True)):
        for state in (NEWCOMER, said("/plan start 6 hours").state):
            [shown] = step(CONTENT, state, event(OpenedHome(), surface)).replies
            actions = [
                tap.action
                for block in shown.blocks
                if isinstance(block, Choices)
                for tap in block.choices
                if isinstance(tap, Tap)
            ]
            assert len(actions) == len(set(actions))
            assert ("form points" in actions, "points" in actions) == (
                surface.forms,
                not surface.forms,
            )


def test_once_something_is_theirs_it_stands_first() -> None:
    lines = text(page(said("/plan start 6 hours").state, event(Said("")))).splitlines()
    assert lines.index("Ask me") > next(
        number for number, line in enumerate(lines) if "52 steps" in line
    )


def page(state: State, event_of: Event) -> Reply:
    [reply] = step(CONTENT, state, replace(event_of, body=OpenedHome())).replies
    return reply


def changes(before: State, turn: Turn, happened: Event, **surfaces: Surface) -> dict[str, Reply]:
    """User to page, for every page that is shown anew."""
    return {
        opened.account.user: shown
        for opened, shown in home_pages(
            CONTENT, before, turn, happened, surfaces or {"board": WITH_HOME}
        )
    }


def test_starting_a_plan_and_a_reminder_shows_at_once() -> None:
    started = said("/plan start 6 hours")
    assert "6" in text(changes(NEWCOMER, started, event(Said("")))["ann"])
    subscribed = said("/subscribe tuesday 7:30am brisbane", started.state)
    shown = changes(started.state, subscribed, event(Said("")))["ann"]
    assert "Brisbane" in text(shown)
    assert shown == page(subscribed.state, event(Said("")))


def test_the_last_results_stand_there_with_their_day_and_follow_every_new_one() -> None:
    person = replace(
        NEWCOMER.person,
        results={"audit": {"result.total": "12", "result.at": "2026-11-20T01:00:00+00:00"}},
    )
    before = state = State(person=person)
    for line in ("/points", "30", "superior", "4", "0", "bachelor", "no", "no", "no", "single"):
        before, reckoned = state, said(line, state)
        state = reckoned.state
    shown = changes(before, reckoned, event(Said("")))["ann"]
    assert "Points on 25 Nov 2026: 189: 80 · 190: 85 · 491: 95" in text(shown)
    assert "Self-audit on 20 Nov 2026: 12 of 30" in text(shown)
    assert "points result" in taps(shown)


def test_what_changes_nothing_on_the_page_shows_none() -> None:
    assert changes(NEWCOMER, said("/salary senior"), event(Said(""))) == {}
    told = replace(
        NEWCOMER,
        person=replace(
            NEWCOMER.person, profile=replace(NEWCOMER.person.profile, told_who_reads=True)
        ),
    )
    assert changes(NEWCOMER, Turn(state=told), event(Said(""))) == {}
    assert changes(NEWCOMER, said("/profile age 34"), event(Said(""))) == {}


def test_where_there_is_no_home_page_none_is_made() -> None:
    plain = Surface(name="board")
    assert (
        changes(
            NEWCOMER,
            said("/subscribe tuesday 7:30am brisbane", surface=plain),
            event(Said(""), plain),
            board=plain,
        )
        == {}
    )


HERE, THERE = Account(platform="board", user="ann"), Account(platform="post", user="7")
LINKED = State(person=Person(id=1, accounts=(HERE, THERE)))
FROM_THERE = replace(
    event(Said(""), Surface(name="post")), account=THERE, chat=Chat(platform="post", id="7")
)


def test_a_change_on_another_platform_shows_where_there_is_a_page() -> None:
    subscribed = said("/subscribe tuesday 7:30am brisbane", LINKED)
    assert list(
        changes(LINKED, subscribed, FROM_THERE, board=WITH_HOME, post=Surface(name="post"))
    ) == ["ann"]


def test_a_nudge_moves_the_next_one_on_the_page() -> None:
    happened = replace(FROM_THERE, body=Due("s", "2026-W48", 0, AT))
    assert list(changes(LINKED, Turn(state=LINKED, replies=(Reply(blocks=()),)), happened)) == [
        "ann"
    ]
    assert changes(LINKED, Turn(state=LINKED), happened) == {}


def test_who_is_forgotten_from_anywhere_leaves_no_page_behind_and_who_is_unlinked_only_their_own() -> (
    None
):
    known = said("/plan start 6 hours", LINKED).state
    newcomer = page(NEWCOMER, event(Said("")))
    assert changes(known, Turn(state=known, effects=(Forget(),)), FROM_THERE) == {"ann": newcomer}
    unlinked = Turn(state=known, effects=(Unlink(account=THERE),))
    assert changes(known, unlinked, FROM_THERE) == {}
    assert changes(known, unlinked, event(Said(""))) == {"ann": newcomer}


def test_an_outsider_has_no_page_here() -> None:
    theirs = replace(HERE, workspace="theirs")
    known = State(person=Person(id=1, accounts=(theirs,)))
    assert (
        changes(known, said("/plan start 6 hours", known), replace(event(Said("")), account=theirs))
        == {}
    )


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
    decider = TurnDecider(ContentStore(None), {"board": board})
    subscribed = decider.decide(NEWCOMER, event(Said("/subscribe tuesday 7:30am brisbane")))
    assert [message.address.home for message in subscribed.messages] == [False, True]
    tapped = decider.decide(
        subscribed.turn.state, replace(event(Pressed("salary senior")), key="k2")
    )
    assert [message.address.home for message in tapped.messages] == [False]
