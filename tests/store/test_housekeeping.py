"""What is kept, for how long, and what an operator is shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.maintenance.housekeeping import BATCH, Retention
from adapters.storage.store import open_store
from bot.core.messages import Delivered, TokenDead, Unclear, Unreachable
from bot.core.state import OpenDialog, Profile
from bot.core.turn import JoinPeople, OfferLink, Turn
from tests.store.scripted_decider import (
    MONDAY,
    ROOM,
    Script,
    account,
    chat,
    effecting,
    only,
    said,
    second,
    subscribing,
    texts,
)

DAY = timedelta(days=1)
SLACK = {"platform": "slack", "workspace": "T1"}


@pytest.fixture
def script():
    def dialog(state, event):
        person = replace(
            state.person,
            dialog=OpenDialog(dialog="points", question="age", touched_at=event.at),
            profile=Profile(hours=5),
        )
        return Turn(state=replace(state, person=person))

    def here(state, event):
        return Turn(state=replace(state, person=replace(state.person, nudges_to=event.chat)))

    def calm(state, event):
        calm = replace(state.conversation, calm_until=event.at + timedelta(minutes=30), misses=1)
        return Turn(state=replace(state, conversation=calm))

    return Script(
        calm=calm,
        dialog=dialog,
        here=here,
        subscribe=subscribing(),
        offer=effecting(OfferLink(code_hash="c", expires_at=MONDAY + timedelta(minutes=10))),
        join=effecting(JoinPeople(code_hash="c", keep="theirs")),
    )


async def gone(store, at):
    return {name: count for name, count in (await store.tidy(at)).values.items() if count}


async def test_that_a_talk_was_calm_is_forgotten_after_half_an_hour_and_nothing_else_of_it(
    store, script
):
    def held():
        return store.database.look(
            lambda connection: str(
                connection.exec_driver_sql("SELECT state FROM conversations").all()
            )
        )

    await store.turn(said("calm", key="k"), script, room=0)
    assert not (await gone(store, MONDAY + timedelta(minutes=29))).get("calm")
    assert "calm_until" in await held()
    assert (await gone(store, MONDAY + timedelta(minutes=31)))["calm"] == 1
    assert "calm_until" not in await held()
    assert "misses" in await held()


async def test_keys_are_remembered_for_as_long_as_platforms_deliver_again(store, script):
    await store.turn(said("hello", key="k"), script, room=0)
    await gone(store, MONDAY + 7 * DAY)
    assert (await store.turn(said("hello", key="k"), script, room=0)).duplicate
    assert (await gone(store, MONDAY + 9 * DAY))["seen"] == 1
    assert not (await store.turn(said("hello", key="k"), script, room=0)).duplicate


async def test_sent_messages_lose_their_words_at_once_and_their_row_after_a_month(store, script):
    claimed = only(await store.turn(said("my salary is 123456"), script, room=4))
    await store.exchange(MONDAY, [(claimed, Delivered("m"))], {}, script)
    held = await store.database.look(
        lambda connection: str(connection.exec_driver_sql("SELECT * FROM outbox").all())
    )
    assert "123456" not in held
    assert "sent" not in await gone(store, MONDAY + 29 * DAY)
    assert (await gone(store, MONDAY + 31 * DAY))["sent"] == 1


async def test_what_still_waits_is_never_tidied_away(store, script):
    await store.turn(said("hello"), script, room=0)
    await gone(store, MONDAY + 400 * DAY)
    assert texts(await store.exchange(second(1), [], ROOM, script)) == ["hello"]


async def test_an_old_dialog_goes_and_the_rest_of_the_person_stays(store, script):
    await store.turn(said("dialog"), script, room=0)
    await gone(store, MONDAY + 13 * DAY)
    await store.turn(said("look"), script, room=0)
    assert script.states[-1].person.dialog is not None
    assert (await gone(store, MONDAY + 15 * DAY))["dialogs"] == 1
    await store.turn(said("look"), script, room=0)
    assert (script.states[-1].person.dialog, script.states[-1].person.profile.hours) == (None, 5)


async def test_people_who_cannot_be_reached_for_a_year_are_erased(store, script):
    await store.turn(said("here"), script, room=0)
    claimed = only(await store.turn(said("hello"), script, room=4))
    await store.exchange(MONDAY, [(claimed, Unreachable("blocked"))], {}, script)
    assert "unreachable" not in await gone(store, MONDAY + 364 * DAY)
    assert (await gone(store, MONDAY + 366 * DAY))["unreachable"] == 1
    assert (await store.figures(MONDAY)).values["people"] == 0


async def test_people_of_an_uninstalled_workspace_are_erased_unless_linked_elsewhere(store, script):
    await store.turn(said("here", "eve"), script, room=0)
    await store.turn(said("offer", "eve"), script, room=0)
    await store.turn(said("join", "bob", **SLACK), script, room=0)
    claimed = only(await store.turn(said("hello", "ada", **SLACK), script, room=4))
    await store.exchange(MONDAY, [(claimed, TokenDead("revoked"))], {}, script)
    assert "uninstalled" not in await gone(store, MONDAY + 29 * DAY)
    assert (await gone(store, MONDAY + 31 * DAY))["uninstalled"] == 2
    await store.turn(said("look", "eve"), script, room=0)
    assert script.states[-1].person.accounts == (account("eve"),)
    assert script.states[-1].person.nudges_to == chat("eve")
    assert (await store.figures(MONDAY)).values["people"] == 1


async def test_a_dead_token_of_the_operators_own_erases_nobody(store, script):
    claimed = only(await store.turn(said("hello"), script, room=4))
    await store.exchange(MONDAY, [(claimed, TokenDead("revoked"))], {}, script)
    assert "uninstalled" not in await gone(store, MONDAY + 400 * DAY)


async def test_terms_are_settings(url, script):
    store = await open_store(url, real_time=False, retention=Retention(seen=timedelta(hours=1)))
    await store.turn(said("hello", key="k"), script, room=0)
    assert (await gone(store, MONDAY + timedelta(hours=2)))["seen"] == 1
    await store.close()


async def test_more_than_a_batch_goes_in_one_tidying(store, script):
    def many(connection):
        connection.exec_driver_sql("DELETE FROM seen_events")
        for number in range(BATCH + 5):
            connection.exec_driver_sql(
                f"INSERT INTO seen_events (key, at) VALUES ('{number}', {number})"
            )

    await store.database.run(many)
    assert (await gone(store, MONDAY))["seen"] == BATCH + 5


async def test_figures_tell_what_waits_and_for_how_long(store, script):
    await store.turn(said("subscribe", "bob", at=MONDAY - DAY), script, room=0)
    await store.turn(said("here", "ada", at=MONDAY - DAY), script, room=0)
    await store.turn(said("hello", "ada"), script, room=0)
    values = (await store.figures(second(90))).values
    assert (values["people"], values["reachable"], values["subscriptions"], values["due"]) == (
        2,
        2,
        1,
        1,
    )
    assert (
        values["outbox_answers"],
        values["outbox_answers_age_seconds"],
        values["booking_age_seconds"],
    ) == (1, 90, 90)
    await store.book(MONDAY)
    assert (await store.figures(second(30))).values["outbox_nudges_age_seconds"] == 30


async def test_figures_tell_how_late_nudges_were_and_what_stayed_unclear(store, script):
    await store.turn(said("subscribe", "bob", at=MONDAY - DAY), script, room=0)
    await store.book(MONDAY)
    nudge = only(await store.exchange(second(40), [], ROOM, script))
    await store.exchange(second(42), [(nudge, Delivered())], {}, script)
    lost = only(await store.turn(said("hello", "ada", at=second(42)), script, room=4))
    again = only(await store.exchange(second(42), [(lost, Unclear("timeout"))], ROOM, script))
    await store.exchange(second(42), [(again, Unclear("timeout"))], {}, script)
    values = (await store.figures(second(50))).values
    assert (values["nudge_lateness_seconds"], values["unknown"]) == (42, 1)
