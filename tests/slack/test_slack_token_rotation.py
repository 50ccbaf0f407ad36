"""Tokens that end after twelve hours: renewed in time, once, by whoever needs one,
and never lost on the way.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from adapters.slack import token_rotation
from adapters.slack.transport import Slack
from adapters.storage.maintenance.installations import SqlTokenStore
from adapters.storage.sql.database import Database
from bot.core.messages import Delivered, NotSent, TokenDead
from bot.core.ports import StoreGone
from tests.servers.slack import BOT_USER, TOKEN_SECONDS, Cut, Hold, SlackServer, Word
from tests.slack.conftest import Desk, FakeClock, face
from tests.slack.workspaces import (
    TOKEN,
    Watcher,
    claimed,
    install,
    kept,
    opened,
    rows,
    served,
    workspaces_of,
)

pytestmark = pytest.mark.filterwarnings(
    "ignore:BasicAuth is deprecated:DeprecationWarning"
)  # slack-sdk 3.47's way to exchange a code

HOUR = 3600.0
LATE = TOKEN_SECONDS + HOUR


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path) -> str:
    return (
        f"sqlite:///{tmp_path / 'slack.db'}"
        if request.param == "sqlite"
        else str(request.getfixturevalue("empty_postgres_url"))
    )


@pytest.fixture
async def database(url) -> AsyncIterator[Database]:
    async with opened(url) as database:
        yield database


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
async def rotating(
    server: SlackServer, desk: Desk, clock: FakeClock, database, watcher
) -> AsyncIterator[Slack]:
    """Installed in a workspace whose tokens rotate. U1 has a direct message with it."""
    async with served(server, desk, clock, workspaces_of(database, clock, watcher=watcher)) as (
        slack,
        address,
    ):
        assert (await install(server, address, rotates=True)).status == 200
        server.channels["D1"] = {"members": {"U1", BOT_USER}, "im": "U1", "team": "T2"}
        yield slack


def later(server: SlackServer, clock: FakeClock, seconds: float) -> None:
    server.ahead = clock.ahead = seconds


def renewals(server: SlackServer) -> list[bool]:
    """Whether Slack took each refresh token that it was shown, in order."""
    asked = [call for call in server.calls("oauth.v2.access") if call.arguments.get("grant_type")]
    return [bool(call.answer and call.answer["ok"]) for call in asked]


def spoke(server: SlackServer) -> list[str]:
    return [call.token for call in server.calls("chat.postMessage")]


# --- in time -------------------------------------------------------------------------------------------------------


async def test_a_message_to_a_workspace_that_was_quiet_for_long_goes_out_with_a_new_token(
    server, rotating, clock, database
) -> None:
    later(server, clock, LATE)
    assert isinstance(await rotating.send(claimed(rotating)), Delivered)
    assert renewals(server) == [True]
    assert TOKEN not in spoke(server), "a token known to have ended is not even tried"
    [row] = await rows(database)
    assert not any(
        secret in str(tuple(row)) for secret in (*server.tokens, *server.refresh_tokens)
    ), "kept encrypted"
    later(server, clock, 2 * LATE)
    assert isinstance(await rotating.send(claimed(rotating, number=2)), Delivered)
    assert renewals(server) == [True, True]


async def test_two_hours_early_nobody_waits_for_the_renewal_and_the_next_message_has_it(
    server, rotating, clock
) -> None:
    later(server, clock, TOKEN_SECONDS - HOUR)
    until = asyncio.Event()
    server.fail("oauth.v2.access", Hold(until))
    assert isinstance(await rotating.send(claimed(rotating)), Delivered)
    assert spoke(server) == [TOKEN]
    until.set()
    await server.until(lambda: renewals(server) == [True])
    await _settled(rotating)
    assert isinstance(await rotating.send(claimed(rotating, number=2)), Delivered)
    assert spoke(server)[-1] != TOKEN
    assert len(renewals(server)) == 1


async def test_an_event_renews_it_too_and_is_acknowledged_meanwhile(
    server, rotating, clock
) -> None:
    later(server, clock, LATE)
    until = asyncio.Event()
    server.fail("oauth.v2.access", Hold(until))
    assert (await server.message("hello", team="T2")).ok
    until.set()
    await server.until(lambda: spoke(server))
    assert renewals(server) == [True]


async def test_long_before_the_end_nothing_is_renewed(server, rotating, clock) -> None:
    later(server, clock, TOKEN_SECONDS - 3 * HOUR)
    assert isinstance(await rotating.send(claimed(rotating)), Delivered)
    assert renewals(server) == []


async def test_a_token_that_ended_before_its_time_is_renewed_and_the_message_sent_again(
    server, rotating
) -> None:
    server.tokens[TOKEN]["until"] = 0.0
    assert isinstance(await rotating.send(claimed(rotating)), Delivered)
    assert (spoke(server)[0], renewals(server)) == (TOKEN, [True])
    assert len(server.shown) == 1


# --- once ----------------------------------------------------------------------------------------------------------


async def test_fifty_messages_at_once_spend_one_refresh_token_and_claim_it_once(
    server, rotating, clock, monkeypatch
) -> None:
    later(server, clock, LATE)
    claims = []
    claim = rotating.grants._installations.claim_renewal

    async def counted(workspace, spent):
        claims.append(workspace)
        return await claim(workspace, spent)

    monkeypatch.setattr(rotating.grants._installations, "claim_renewal", counted)
    receipts = await asyncio.gather(
        *(rotating.send(claimed(rotating, number=number)) for number in range(50))
    )
    assert {type(receipt) for receipt in receipts} == {Delivered}
    assert (renewals(server), claims) == ([True], ["T2"])


async def test_two_replicas_at_once_spend_one_refresh_token(
    server, rotating, clock, url, monkeypatch
) -> None:
    monkeypatch.setattr(token_rotation, "LOOK_AGAIN_SECONDS", 0.02)
    later(server, clock, LATE)
    async with AsyncExitStack() as stack:
        others = []
        for _ in range(3):
            database = Database(url)
            stack.push_async_callback(database.close)
            other = face(
                server, clock, bot_token="", app_token="", workspaces=workspaces_of(database, clock)
            )
            stack.push_async_callback(other.close)
            others.append(other)
        replicas = [rotating, *others]
        sends = (
            replica.send(claimed(replica, number=10 * number))
            for number, replica in enumerate(replicas)
        )
        receipts = await asyncio.gather(*sends)
        assert {type(receipt) for receipt in receipts} == {Delivered}
        assert renewals(server) == [True]
        assert len(set(spoke(server))) == 1


async def test_a_process_that_died_while_renewing_keeps_the_others_waiting_for_half_a_minute_only(
    server, rotating, clock, database, monkeypatch
) -> None:
    monkeypatch.setattr(token_rotation, "LOOK_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(token_rotation, "PATIENCE_SECONDS", 0.05)
    later(server, clock, LATE)
    await kept(database, clock).claim_renewal("T2", TOKEN)
    assert isinstance(await rotating.send(claimed(rotating)), NotSent)
    assert spoke(server) == []
    later(server, clock, LATE + 31)
    assert isinstance(await rotating.send(claimed(rotating)), Delivered)


# --- what goes wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [Word("internal_error"), Cut(after=False)])
async def test_a_slack_that_cannot_renew_just_now_is_asked_again_later(
    server, rotating, clock, fault
) -> None:
    later(server, clock, LATE)
    server.fail("oauth.v2.access", fault)
    assert isinstance(await rotating.send(claimed(rotating)), NotSent)
    assert spoke(server) == []
    assert isinstance(await rotating.send(claimed(rotating)), Delivered)


async def test_a_refused_refresh_token_ends_the_workspace_with_its_reason(
    server, rotating, clock, database, caplog
) -> None:
    later(server, clock, LATE)
    [spent] = server.refresh_tokens
    server.refresh_tokens.clear()
    assert await rotating.send(claimed(rotating)) == TokenDead("not_installed")
    [row] = await rows(database)
    assert (row.bot_token_encrypted, row.bot_refresh_token_encrypted) == (None, None)
    assert "slack T2: Slack does not renew its token (invalid_refresh_token)" in caplog.text
    assert not any(secret in caplog.text for secret in (TOKEN, spent, "shh"))
    assert await rotating.send(claimed(rotating)) == TokenDead("not_installed")
    assert renewals(server) == [False], "it is not tried again"


async def test_a_spent_refresh_token_is_no_end_where_another_process_holds_what_it_gave(
    server, rotating, clock, database, watcher
) -> None:
    """This process was frozen between Slack's answer and its note of it;
    another one found the refresh token spent.
    """
    later(server, clock, LATE)
    frozen = kept(database, clock, watcher=watcher)
    renewal_of_frozen = await frozen.claim_renewal("T2", TOKEN)
    server.refresh_tokens.clear()
    later(server, clock, LATE + 31)
    assert await rotating.send(claimed(rotating)) == TokenDead("not_installed")
    assert watcher.told[-1] == ("ended", "T2", "invalid_refresh_token")
    server.tokens["xoxb-late"] = {**server.tokens[TOKEN], "until": 1e12}
    ends_at = clock.now() + timedelta(hours=12)
    await frozen.save_renewal(
        "T2", renewal_of_frozen, token="xoxb-late", refresh_token="xoxe-late", ends_at=ends_at
    )
    assert watcher.told[-1] == ("installed", "T2")
    assert isinstance(await rotating.send(claimed(rotating)), Delivered)


async def test_a_renewal_that_lands_after_a_new_installation_changes_nothing(
    rotating, clock, database, server
) -> None:
    before = kept(database, clock)
    renewal_of_before = await before.claim_renewal("T2", TOKEN)
    clock.ahead = 5
    await install(server, server.request_url.removesuffix("/slack/events"), token="xoxb-anew")
    grant = await before.save_renewal(
        "T2", renewal_of_before, token="xoxb-late", refresh_token="xoxe-late", ends_at=None
    )
    assert grant
    assert grant.token == "xoxb-anew"


async def test_a_new_pair_waits_for_a_database_that_is_away(
    server, clock, database, monkeypatch, caplog
) -> None:
    """Slack gave it and takes the old refresh token no more: losing it would lose the workspace."""
    monkeypatch.setattr(token_rotation, "DATABASE_PAUSE_SECONDS", 0.01)
    away = asyncio.Event()
    tries = []

    class Leaving(SqlTokenStore):
        async def run(self, function):
            if away.is_set() and function.__name__ == "keep":
                tries.append(function)
                if len(tries) < 4:
                    raise StoreGone("away")
            return await super().run(function)

    leaving = Leaving(database.run)
    async with served(server, Desk(), clock, workspaces_of(database, clock, store=leaving)) as (
        slack,
        address,
    ):
        await install(server, address, rotates=True)
        server.channels["D1"] = {"members": {"U1", BOT_USER}, "im": "U1", "team": "T2"}
        later(server, clock, LATE)
        away.set()
        assert isinstance(await slack.send(claimed(slack)), Delivered)
        assert len(tries) == 4
        assert renewals(server) == [True]
    assert "waits for the database" in caplog.text


async def test_an_uninstall_during_a_renewal_wins(server, rotating, clock, database) -> None:
    later(server, clock, LATE)
    until = asyncio.Event()
    server.fail("oauth.v2.access", Hold(until))
    sending = asyncio.create_task(rotating.send(claimed(rotating)))
    await _asked(rotating)
    await rotating.grants.revoke("T2")
    until.set()
    assert await sending == TokenDead("not_installed")
    assert await rows(database) == []


async def _asked(slack: Slack) -> None:
    """A renewal is under way, its claim made."""
    while not slack.grants._under_way:
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.05)


async def _settled(slack: Slack) -> None:
    while slack.grants._under_way:
        await asyncio.sleep(0.001)


async def test_a_stop_waits_for_a_renewal_to_be_kept(server, desk, clock, database) -> None:
    until = asyncio.Event()
    async with served(server, desk, clock, workspaces_of(database, clock)) as (slack, address):
        await install(server, address, rotates=True)
        later(server, clock, LATE)
        server.fail("oauth.v2.access", Hold(until))
        await slack.grants.who("T2")
        await _asked(slack)
        asyncio.get_running_loop().call_later(0.2, until.set)
    grant = await kept(database, clock).find("T2")
    assert grant
    assert grant.token != TOKEN
