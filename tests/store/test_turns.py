"""A turn: remembered, decided and saved in one commit, once."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from adapters.storage.store import open_store
from bot.core.messages import Delivered
from bot.core.state import OpenDialog, Profile, Progress
from bot.core.turn import Turn
from tests.store.scripted_decider import MONDAY, ROOM, Script, chat, echo, only, said, second, texts


async def test_an_event_has_its_effect_once(store):
    script = Script()
    first = await store.turn(said("hello", key="k"), script, room=4)
    again = await store.turn(said("hello", key="k"), script, room=4)
    assert texts(first) == ["hello"]
    assert again.duplicate
    assert again.claimed == ()
    assert len(script.heard) == 1


async def test_a_stranger_becomes_a_person_and_stays_the_same_one(store):
    script = Script()
    for user in ("ada", "bob", "ada"):
        await store.turn(said("hello", user), script, room=4)
    ada, bob, ada_again = (state.person for state in script.states)
    assert ada.id == ada_again.id != bob.id
    assert ada_again.accounts == (said("x").account,)


async def test_what_a_turn_decides_is_there_in_the_next(store):
    def learn(state, event):
        person = replace(
            state.person,
            profile=Profile(zone="Australia/Perth", hours=4.5, answers={"age": "31"}),
            dialog=OpenDialog(dialog="points", question="english", touched_at=event.at),
            progress=Progress(
                plan="core",
                started_on=date(2026, 11, 2),
                hours=5,
                done={"u1s1": (event.at, "https://example.org/x")},
            ),
            results={"points": {"total": "75"}},
            nudges_to=event.chat,
        )
        return Turn(state=replace(state, person=person))

    script = Script(learn=learn)
    learned = await store.turn(said("learn"), script, room=4)
    await store.turn(said("so?"), script, room=4)
    assert script.states[1].person == learned.turn.state.person


async def test_a_chat_remembers_its_own_last_answer(store):
    script = Script()
    await store.turn(said("one"), script, room=4)
    await store.turn(said("two", where=chat("group", shared=True)), script, room=4)
    await store.turn(said("three"), script, room=4)
    assert script.states[1].conversation.last is None
    assert script.states[2].conversation.last.command == "one"


async def test_a_turn_that_fails_leaves_nothing_behind(store):
    def fail(state, event):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.turn(said("fail", key="k"), Script(fail=fail), room=4)
    script = Script()
    outcome = await store.turn(said("fail", key="k"), script, room=4)
    assert texts(outcome) == ["fail"]


async def test_the_first_message_is_claimed_in_the_turn_and_the_others_wait_for_it(store):
    script = Script()
    outcome = await store.turn(said("one\ntwo\nthree"), script, room=4)
    assert texts(outcome) == ["one"]
    assert outcome.waiting
    held = await store.exchange(second(1), [], ROOM, script)
    assert texts(held) == []
    freed = await store.exchange(second(2), [(only(outcome), Delivered("m1"))], ROOM, script)
    assert texts(freed) == ["two"]


async def test_without_room_nothing_is_claimed_and_the_next_exchange_takes_it(store):
    script = Script()
    outcome = await store.turn(said("hello"), script, room=0)
    assert outcome.claimed == ()
    assert outcome.waiting
    assert texts(await store.exchange(MONDAY, [], ROOM, script)) == ["hello"]


async def test_an_answer_waits_behind_an_earlier_one_of_its_chat(store):
    script = Script()
    first = await store.turn(said("one"), script, room=4)
    second_turn = await store.turn(said("two"), script, room=4)
    assert texts(second_turn) == []
    assert texts(await store.exchange(second(1), [(only(first), Delivered())], ROOM, script)) == [
        "two"
    ]


async def test_an_answer_in_an_acknowledgement_is_claimed_whatever_waits(store):
    script = Script()
    await store.turn(said("one"), script, room=0)
    outcome = await store.turn(said("two\nthree", in_ack=True), script, room=0)
    assert texts(outcome) == ["two"]
    assert only(outcome).message.address.in_ack


async def test_turns_of_one_person_from_many_sides_do_not_overwrite_each_other(store):
    def count(state, event):
        person = replace(
            state.person,
            results={
                "count": {
                    "n": str(len(state.person.results.get("count", {}).get("n", "")) * "x" + "x")
                }
            },
        )
        return Turn(state=replace(state, person=person))

    script = Script(count=count)
    await asyncio.gather(*(store.turn(said("count"), script, room=0) for _ in range(20)))
    await store.turn(said("so?"), script, room=0)
    assert script.states[-1].person.results == {"count": {"n": 20 * "x"}}


async def test_two_events_of_one_stranger_at_once_make_one_person(store):
    script = Script()
    await asyncio.gather(*(store.turn(said("hello", "eve"), script, room=0) for _ in range(8)))
    assert len({state.person.id for state in script.states[-8:]}) == 1


async def test_one_key_from_many_sides_at_once_has_one_effect(store):
    script = Script()
    outcomes = await asyncio.gather(
        *(store.turn(said("hello", key="same"), script, room=4) for _ in range(8))
    )
    assert sorted(outcome.duplicate for outcome in outcomes) == [False] + 7 * [True]


async def test_two_stores_on_one_database_serve_one_person(url):
    first, other = [await open_store(url, real_time=False) for _ in range(2)]
    script = Script()
    try:
        await first.turn(said("one"), script, room=4)
        await other.turn(said("two"), script, room=4)
        duplicate = await other.turn(said("three", key="k"), script, room=4)
        assert not duplicate.duplicate
        assert (await first.turn(said("three", key="k"), script, room=4)).duplicate
    finally:
        await first.close()
        await other.close()
    assert script.states[1].conversation.last.command == "one"


async def test_a_restarted_store_knows_everything(url):
    script = Script()
    store = await open_store(url, real_time=False)
    await store.turn(said("one", key="k"), script, room=0)
    await store.close()
    store = await open_store(url, real_time=False)
    assert (await store.turn(said("one", key="k"), script, room=0)).duplicate
    assert texts(await store.exchange(second(1), [], ROOM, script)) == ["one"]
    await store.turn(said("two"), script, room=0)
    await store.close()
    assert script.states[1].conversation.last.command == "one"


async def test_an_event_set_aside_is_counted_and_its_sender_told(store):
    outcome = await store.set_aside(
        said("poison", key="k"), Script(poison=echo), error="KeyError", reference="ab12", room=4
    )
    assert texts(outcome) == ["poison"]
    assert (await store.turn(said("poison", key="k"), Script(), room=4)).duplicate
    assert (await store.figures(MONDAY)).values["dead_letters"] == 1


async def test_a_long_conversation_is_answered_at_the_chats_own_pace(store):
    """Five at once, then one a second."""
    script = Script()
    sent = []
    for number in range(7):
        outcome = await store.turn(said(str(number)), script, room=4)
        sent.extend(texts(outcome))
        if outcome.claimed:
            await store.exchange(MONDAY, [(only(outcome), Delivered())], {}, script)
    assert sent == ["0", "1", "2", "3", "4"]
    held = await store.exchange(MONDAY, [], ROOM, script)
    assert texts(held) == []
    assert held.wake_at == second(1)
    assert texts(await store.exchange(second(1), [], ROOM, script)) == ["5"]


async def test_real_time_rules_leases_where_time_is_real(url):
    """An event may be hours old when it is answered: its claim must not be over before it began."""
    store = await open_store(url)
    script = Script()
    try:
        outcome = await store.turn(said("hello", at=MONDAY - timedelta(days=400)), script, room=4)
        assert texts(outcome) == ["hello"]
        assert texts(await store.exchange(MONDAY, [], ROOM, script)) == []
    finally:
        await store.close()
