"""An edited text finds the message that answered it, whatever happened between: a restart, another
replica, an answer still on its way.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.store import open_store
from bot.core.events import EDITED, Chat, Event, Said
from bot.core.messages import Delivered, Dropped, Malformed, Message, NotSent, Unclear
from bot.core.turn import Forget, Turn
from tests.store.scripted_decider import MONDAY, ROOM, Script, chat, effecting, only, said, second

GROUP = Chat(platform="telegram", id="-100", shared=True)


class Rewriting(Script):
    """Says which text each message answers, and rewrites the answer of a text that was edited,
    as a renderer does.
    """

    def _messages(self, turn: Turn, event: Event) -> list[Message]:
        body = event.body
        made = super()._messages(turn, event)
        if not made or not isinstance(body, Said):
            return made
        edited = body.edit_of if body.edit_of != EDITED else ""
        first = replace(
            made[0], answers=body.message, address=replace(made[0].address, edit_of=edited)
        )
        return [first, *made[1:]]


@pytest.fixture
def script():
    return Rewriting()


def wrote(text: str, message: str = "11", where: Chat | None = None, user: str = "ada", **more):
    return said(text, user, where=where, body=Said(text, message=message), **more)


def edited(text: str, message: str = "11", where: Chat | None = None, user: str = "ada", **more):
    return said(text, user, where=where, body=Said(text, message=message, edit_of=EDITED), **more)


async def delivered(store, script, outcome, ref, at=MONDAY):
    return await store.exchange(at, [(only(outcome), Delivered(ref))], ROOM, script)


@pytest.mark.parametrize("where", [chat(), GROUP], ids=["private", "group"])
async def test_an_edit_rewrites_the_answer_even_after_a_restart(store, script, url, where):
    await delivered(
        store,
        script,
        await store.turn(wrote("one\nsecond reply", where=where), script, room=1),
        "m1",
    )
    await store.turn(wrote("two", "12", where=where, at=second(5)), script, room=0)
    replica = await open_store(url, real_time=False)
    try:
        await replica.turn(edited("three", where=where, at=second(60)), script, room=0)
    finally:
        await replica.close()
    assert script.heard[-1].body == Said("three", message="11", edit_of="m1")


async def test_an_answer_that_was_sent_anew_is_the_one_that_the_next_edit_rewrites(store, script):
    await delivered(store, script, await store.turn(wrote("one"), script, room=1), "m1")
    await delivered(
        store,
        script,
        await store.turn(edited("two", at=second(10)), script, room=1),
        "m2",
        at=second(10),
    )
    again = only(await store.turn(edited("three", at=second(20)), script, room=1))
    assert again.message.address.edit_of == "m2"


async def test_an_edit_that_changed_nothing_does_not_lose_the_answer(store, script):
    await delivered(store, script, await store.turn(wrote("one"), script, room=1), "m1")
    same = only(await store.turn(edited("one", at=second(10)), script, room=1))
    await store.exchange(second(10), [(same, Dropped("not modified"))], ROOM, script)
    assert (
        only(await store.turn(edited("two", at=second(20)), script, room=1)).message.address.edit_of
        == "m1"
    )


async def test_an_edit_that_comes_before_its_answer_went_out_rewrites_it_once_it_has(store, script):
    first = only(await store.turn(wrote("one"), script, room=1))
    early = await store.turn(edited("two", at=second(1)), script, room=1)
    assert early.claimed == ()
    held = await store.exchange(second(2), [], ROOM, script)
    assert held.claimed == ()
    rewriting = only(await store.exchange(second(3), [(first, Delivered("m1"))], ROOM, script))
    assert (rewriting.message.fallback, rewriting.message.address.edit_of) == ("two", "m1")
    await store.exchange(second(4), [(rewriting, Delivered("m1"))], ROOM, script)
    assert (
        only(
            await store.turn(edited("three", at=second(20)), script, room=1)
        ).message.address.edit_of
        == "m1"
    )


async def test_an_answer_that_never_arrived_is_not_rewritten_but_replaced(store, script):
    first = only(await store.turn(wrote("one"), script, room=1))
    await store.turn(edited("two", at=second(1)), script, room=1)
    plain = only(await store.exchange(second(2), [(first, Malformed("tags"))], ROOM, script))
    assert plain.id == first.id
    replacing = only(await store.exchange(second(4), [(plain, Malformed("still"))], ROOM, script))
    assert (replacing.message.fallback, replacing.message.address.edit_of) == ("two", "")


async def test_a_rewriting_that_has_to_be_sent_again_knows_its_place_still(store, script):
    first = only(await store.turn(wrote("one"), script, room=1))
    await store.turn(edited("two", at=second(1)), script, room=1)
    rewriting = only(await store.exchange(second(3), [(first, Delivered("m1"))], ROOM, script))
    await store.exchange(second(4), [(rewriting, NotSent(5, "429"))], ROOM, script)
    again = only(await store.exchange(second(60), [], ROOM, script))
    assert again.message.address.edit_of == "m1"
    once_more = only(await store.exchange(second(61), [(again, Unclear("timeout"))], ROOM, script))
    assert (once_more.resent, once_more.message.address.edit_of) == (True, "m1")


async def test_nobody_elses_text_and_no_other_chat_s_is_taken_for_it(store, script):
    await delivered(
        store, script, await store.turn(wrote("one", where=GROUP), script, room=1), "m1"
    )
    await store.turn(edited("two", where=GROUP, user="bob", at=second(10)), script, room=0)
    assert script.heard[-1].body.edit_of == EDITED
    await store.turn(edited("two", at=second(20)), script, room=0)
    assert script.heard[-1].body.edit_of == EDITED


async def test_of_a_very_old_or_forgotten_text_nothing_is_known(store, script):
    await delivered(store, script, await store.turn(wrote("one"), script, room=1), "m1")
    later = MONDAY + timedelta(days=31)
    await store.tidy(later)
    await delivered(
        store, script, await store.turn(edited("two", at=later), script, room=1), "m4", at=later
    )
    assert script.heard[-1].body.edit_of == EDITED
    later += timedelta(seconds=10)
    await delivered(
        store,
        script,
        await store.turn(wrote("three", "15", at=later), script, room=1),
        "m5",
        at=later,
    )
    script.decisions = {"forget": effecting(Forget())}
    await store.turn(said("forget", at=later + timedelta(seconds=60)), script, room=0)
    await store.turn(edited("four", "15", at=later + timedelta(seconds=90)), script, room=0)
    assert script.heard[-1].body.edit_of == EDITED
