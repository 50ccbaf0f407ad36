"""A workspace removes the bot and takes it back: what was on hold goes on by itself, and the next
nudge can say that it had paused.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from adapters.storage.sql.tables import installations
from bot.core.messages import Delivered, TokenDead
from bot.core.state import RETURNED
from bot.core.turn import Turn
from tests.store.scripted_decider import MONDAY, ROOM, Script, only, said, subscribing, texts

DAY = timedelta(days=1)
WEEK = 7 * DAY
HERE = {"platform": "slack", "workspace": "T1"}
TOKEN = "slack:T1"


@pytest.fixture
def script():
    return Script(weekly=subscribing(), stop=stopping, look=lambda state, event: Turn(state=state))


def stopping(state, event):
    rules = tuple(replace(one, active=False) for one in state.person.subscriptions)
    return Turn(state=replace(state, person=replace(state.person, subscriptions=rules)))


async def nudged(store, script, now):
    await store.book(now)
    exchange = await store.exchange(now, [], ROOM, script)
    await store.exchange(now, [(claimed, Delivered()) for claimed in exchange.claimed], {}, script)
    return texts(exchange)


async def unreachable(store, script, user, now):
    """Why nudges are suspended, as the person's next event finds it."""
    await store.turn(said("look", user, at=now, **HERE), script, room=0)
    return script.states[-1].person.unreachable


async def test_nudges_rest_while_the_workspace_is_gone_and_go_on_when_it_is_back(store, script):
    await store.turn(said("weekly", at=MONDAY - DAY, **HERE), script, room=0)
    assert await nudged(store, script, MONDAY) == ["nudge 2026-W48 0"]
    await store.disable_token(TOKEN, "uninstalled", MONDAY + DAY)
    assert (await store.figures(MONDAY + DAY)).values["unreachable"] == 1
    assert await nudged(store, script, MONDAY + WEEK) == []
    await store.enable_token(TOKEN, MONDAY + WEEK + DAY)
    assert (await store.figures(MONDAY)).values["unreachable"] == 0
    assert await nudged(store, script, MONDAY + 2 * WEEK) == ["nudge 2026-W50 0"]
    assert script.states[-1].person.unreachable == RETURNED, "the core can say so"


async def test_only_those_who_wait_for_nudges_are_told_that_they_paused(store, script):
    await store.turn(said("weekly", "ada", at=MONDAY, **HERE), script, room=0)
    await store.turn(said("hello", "bob", at=MONDAY, **HERE), script, room=0)
    for line in ("weekly", "stop"):
        await store.turn(said(line, "eve", at=MONDAY, **HERE), script, room=0)
    await store.turn(
        said("weekly", "kim", at=MONDAY, platform="slack", workspace="T2"), script, room=0
    )
    await store.disable_token(TOKEN, "uninstalled", MONDAY)
    assert (await store.figures(MONDAY)).values["unreachable"] == 1
    await store.enable_token(TOKEN, MONDAY)
    assert [await unreachable(store, script, user, MONDAY) for user in ("ada", "bob", "eve")] == [
        RETURNED,
        "",
        "",
    ]


async def test_a_person_who_had_left_before_stays_away_when_the_workspace_returns(store, script):
    def left(state, event):
        return Turn(state=replace(state, person=replace(state.person, unreachable="deactivated")))

    script.decisions = {**script.decisions, "left": left}
    for line in ("weekly", "left"):
        await store.turn(said(line, at=MONDAY - DAY, **HERE), script, room=0)
    await store.disable_token(TOKEN, "uninstalled", MONDAY)
    await store.enable_token(TOKEN, MONDAY)
    assert await nudged(store, script, MONDAY) == []


async def test_the_first_reason_is_kept_and_counts_the_days_until_people_are_erased(store, script):
    await store.turn(said("hello", at=MONDAY, **HERE), script, room=0)
    await store.disable_token(TOKEN, "invalid_refresh_token", MONDAY)
    await store.disable_token(TOKEN, "not_installed", MONDAY + 20 * DAY)
    assert (await store.tidy(MONDAY + 31 * DAY)).values["uninstalled"] == 1


async def test_an_uninstalled_workspaces_people_are_erased_though_nothing_was_ever_sent_there(
    store, script
):
    await store.turn(said("quiet", at=MONDAY, **HERE), script, room=0)
    await store.disable_token(TOKEN, "uninstalled", MONDAY)
    assert (await store.tidy(MONDAY + 29 * DAY)).values["uninstalled"] == 0
    assert (await store.tidy(MONDAY + 31 * DAY)).values["uninstalled"] == 1


async def test_answers_from_before_are_given_on_a_quick_return_and_not_days_later(store, script):
    for days, expected in ((1, ["hello"]), (3, [])):
        await store.turn(said("hello", f"u{days}", at=MONDAY, **HERE), script, room=0)
        await store.disable_token(TOKEN, "uninstalled", MONDAY)
        assert texts(await store.exchange(MONDAY, [], ROOM, script)) == []
        await store.enable_token(TOKEN, MONDAY + days * DAY)
        exchange = await store.exchange(MONDAY + days * DAY, [], ROOM, script)
        assert texts(exchange) == expected
        await store.exchange(
            MONDAY + days * DAY, [(one, Delivered()) for one in exchange.claimed], {}, script
        )


async def test_a_refused_token_suspends_like_an_uninstall(store, script):
    await store.turn(said("weekly", at=MONDAY, **HERE), script, room=0)
    claimed = only(await store.turn(said("hello", at=MONDAY, **HERE), script, room=4))
    await store.exchange(MONDAY, [(claimed, TokenDead("token_revoked"))], {}, script)
    assert (await store.figures(MONDAY)).values["unreachable"] == 1
    assert await unreachable(store, script, "ada", MONDAY) == "uninstalled", (
        "heard again: told at once"
    )


async def test_in_the_end_nothing_says_that_a_workspace_was_ever_there(store, script):
    await store.turn(said("hello", at=MONDAY, **HERE), script, room=0)
    ended = {
        "enterprise_id": "",
        "team_id": "T1",
        "user_id": "",
        "is_enterprise_install": False,
        "installed_at": MONDAY,
        "body": "{}",
    }
    working = ended | {"team_id": "T2", "bot_token_encrypted": "shut"}
    await store.database.run(
        lambda connection: [
            connection.execute(installations.insert().values(row)) for row in (ended, working)
        ]
    )
    await store.disable_token(TOKEN, "invalid_refresh_token", MONDAY)
    await store.disable_token("telegram:", "unauthorized", MONDAY)
    assert (await store.tidy(MONDAY + 29 * DAY)).values["installations"] == 0
    assert (await store.figures(MONDAY)).values["dead_tokens"] == 2
    for _ in range(2):
        await store.tidy(MONDAY + 31 * DAY)
    assert (await store.figures(MONDAY)).values["dead_tokens"] == 1, (
        "the operator's own stays: somebody has to mend it"
    )
    left = await store.database.run(
        lambda connection: connection.execute(sa.select(installations.c.team_id)).scalars().all()
    )
    assert left == ["T2"]


# --- an organisation takes over ------------------------------------------------------------------------------------

BY_ORG = {"platform": "slack", "workspace": "E1"}


def by_org(text, user="ada", *, at=MONDAY, within="T1"):
    return replace(said(text, user, at=at, **BY_ORG), within=within)


async def test_when_an_organisation_takes_over_its_workspaces_people_keep_all_they_had(
    store, script
):
    for user in ("ada", "bob"):
        await store.turn(said("weekly", user, at=MONDAY - DAY, **HERE), script, room=0)
    await store.turn(
        said("look", "kim", at=MONDAY - DAY, platform="slack", workspace="T7"), script, room=0
    )
    ada = script.states[0].person.id
    await store.disable_token(
        TOKEN, "uninstalled", MONDAY - DAY
    )  # the workspace's own installation went
    await store.turn(by_org("look"), script, room=0)
    found = script.states[-1].person
    assert (
        found.id,
        found.accounts[0].workspace,
        found.nudges_to.workspace,
        found.unreachable,
    ) == (ada, "E1", "E1", RETURNED)
    assert script.states[-1].person.subscriptions
    assert await nudged(store, script, MONDAY) == ["nudge 2026-W48 0", "nudge 2026-W48 0"], (
        "whoever has not written since, too"
    )
    assert (await store.figures(MONDAY)).values["people"] == 3
    assert (await store.tidy(MONDAY + 31 * DAY)).values["uninstalled"] == 0


async def test_what_was_said_last_in_a_chat_is_known_after_the_organisation_took_over(
    store, script
):
    await store.turn(said("salary", **HERE), script, room=0)
    await store.turn(by_org("look"), script, room=0)
    assert script.states[-1].conversation.last.command == "salary"


async def test_a_nudge_that_was_booked_before_goes_out_by_the_organisations_token(store, script):
    await store.turn(said("weekly", at=MONDAY - DAY, **HERE), script, room=0)
    await store.book(MONDAY)
    await store.turn(by_org("look"), script, room=0)
    exchange = await store.exchange(MONDAY, [], ROOM, script)
    nudge = next(one for one in exchange.claimed if one.message.lane == "nudge")
    assert nudge.message.address.chat.workspace == "E1"


async def test_somebody_whom_the_organisation_knows_already_stays_two(store, script):
    await store.turn(said("weekly", "ada", **HERE), script, room=0)
    await store.turn(by_org("hello", "ada", within="T9"), script, room=0)
    await store.turn(by_org("hello", "bob"), script, room=0)
    assert (await store.figures(MONDAY)).values["people"] == 3


async def test_a_workspace_that_never_had_its_own_installation_moves_nobody(store, script):
    await store.turn(said("hello", "ada", **HERE), script, room=0)
    await store.turn(by_org("hello", "eve", within="T9"), script, room=0)
    await store.turn(said("look", "ada", **HERE), script, room=0)
    assert script.states[-1].person.accounts[0].workspace == "T1"
