"""Many workspaces: installed through a browser, tokens encrypted,
forgotten the moment somebody uninstalls.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.slack.errors import receipt_of
from adapters.slack.token_source import OneGrant
from adapters.slack.transport import Slack
from adapters.storage.sql.database import Database
from bot.core.messages import Delivered, NotSent, TokenDead, Unreachable
from bot.core.ports import StoreGone
from tests.servers.slack import BOT_USER, TEAM, SlackServer
from tests.slack.conftest import Desk, FakeClock, face
from tests.slack.workspaces import (
    TOKEN,
    Watcher,
    bot,
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


@pytest.fixture
async def database(tmp_path) -> AsyncIterator[Database]:
    async with opened(f"sqlite:///{tmp_path / 'slack.db'}") as database:
        yield database


@pytest.fixture
def installations(database: Database, clock: FakeClock):
    return kept(database, clock)


# --- keeping -------------------------------------------------------------------------------------------------------


async def test_tokens_come_back_as_they_were_and_are_never_kept_in_clear(
    database, installations
) -> None:
    await installations.async_save_bot(
        bot(bot_refresh_token="xoxe-1-once", bot_token_expires_in=43_200)
    )
    grant = await installations.find("T2")
    assert grant
    assert (grant.token, grant.bot_user, grant.team) == (TOKEN, BOT_USER, "T2")
    renewal = await installations.claim_renewal("T2", TOKEN)
    assert renewal.refresh_token == "xoxe-1-once"
    [row] = await rows(database)
    assert TOKEN not in str(tuple(row))
    assert "xoxe-1-once" not in str(tuple(row))
    assert await installations.find("T3") is None


async def test_installing_again_replaces_the_token_everywhere_at_once(database, clock) -> None:
    watcher = Watcher()
    again = kept(database, clock, watcher=watcher)
    await again.async_save_bot(bot())
    await again.find("T2")
    await again.async_save_bot(
        bot(token="xoxb-new", enterprise="E1")
    )  # it joined an organisation meanwhile
    grant = await again.find("T2")
    assert grant
    assert grant.token == "xoxb-new"
    assert len(await rows(database)) == 1
    assert watcher.told == [("installed", "T2"), ("installed", "T2")]


async def test_an_older_secret_still_opens_and_the_new_one_takes_over_for_both_tokens(
    database, clock, installations
) -> None:
    await installations.async_save_bot(
        bot(bot_refresh_token="xoxe-1-once", bot_token_expires_in=43_200)
    )
    changing = kept(database, clock, "a new secret, a secret of the operator")
    assert await changing.find("T2")
    changed = kept(database, clock, "a new secret")
    grant = await changed.find("T2")
    assert grant
    assert grant.token == TOKEN
    assert (await changed.claim_renewal("T2", TOKEN)).refresh_token == "xoxe-1-once"


async def test_a_former_secret_can_be_dropped_after_a_start_though_its_workspace_said_nothing(
    database, clock, installations
) -> None:
    await installations.async_save_bot(bot(bot_refresh_token="xoxe-1-idle"))
    assert await kept(database, clock, "a new secret, a secret of the operator").reseal() == 1
    dropped = kept(database, clock, "a new secret")
    assert await dropped.reseal() == 0
    grant = await dropped.find("T2")
    assert grant
    assert grant.token == TOKEN
    assert (await dropped.claim_renewal("T2", TOKEN)).refresh_token == "xoxe-1-idle"


async def test_a_token_that_no_secret_opens_is_no_installation(
    database, clock, installations, caplog
) -> None:
    await installations.async_save_bot(bot())
    assert await kept(database, clock, "quite another").find("T2") is None
    assert "SECRET_KEY" in caplog.text


# --- remembering ---------------------------------------------------------------------------------------------------


@pytest.fixture
def looks(database, clock, installations):
    """Installations whose questions to the database are counted."""
    count = []

    async def counted(function):
        count.append(function)
        return await database.run(function)

    return kept(database, clock, transact=counted), count


async def test_a_hundred_who_ask_at_once_cost_one_look_and_then_none_for_a_while(
    installations, looks, monkeypatch
) -> None:
    await installations.async_save_bot(bot())
    counted, count = looks
    grants = await asyncio.gather(*(counted.find("T2") for _ in range(100)))
    await counted.find("T2")
    assert {grant.token for grant in grants if grant} == {TOKEN}
    assert len(count) == 1
    monkeypatch.setattr("adapters.slack.installations.time.monotonic", lambda: 1e12)
    await counted.find("T2")
    assert len(count) == 2, "the memory is a minute long: other replicas install and uninstall too"


async def test_a_hundred_requests_at_once_ask_slack_once_who_we_are(server, clock) -> None:
    slack = face(server, clock)
    slack.open()
    grants = await asyncio.gather(*(slack.grants.who(TEAM) for _ in range(100)))
    assert len({grant.bot_user for grant in grants if grant}) == 1
    assert len(server.calls("auth.test")) == 1
    await slack.close()


async def test_an_uninstall_during_a_look_up_wins(database, clock) -> None:
    looking, go_on = asyncio.Event(), asyncio.Event()

    async def slow(function):
        result = await database.run(function)
        if not looking.is_set():
            looking.set()
            await go_on.wait()
        return result

    await kept(database, clock).async_save_bot(bot())
    installations = kept(database, clock, transact=slow)
    asking = asyncio.create_task(installations.find("T2"))
    await looking.wait()
    await installations.revoke("T2")
    go_on.set()
    await asking
    assert await installations.find("T2") is None
    assert await rows(database) == []


async def test_an_uninstall_that_slack_tells_again_takes_nothing_from_a_new_installation(
    database, clock
) -> None:
    watcher = Watcher()
    installations = kept(database, clock, watcher=watcher)
    await installations.async_save_bot(bot())
    uninstalled_at = clock.now() + timedelta(seconds=5)
    clock.ahead = 60
    await installations.async_save_bot(bot(token="xoxb-new"))
    await installations.revoke("T2", said_at=uninstalled_at)
    grant = await installations.find("T2")
    assert grant
    assert grant.token == "xoxb-new"
    await installations.revoke("T2", said_at=clock.now())
    assert await installations.find("T2") is None
    assert watcher.told == [
        ("installed", "T2"),
        ("installed", "T2"),
        ("ended", "T2", "uninstalled"),
    ]


# --- the whole way -------------------------------------------------------------------------------------------------


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
async def installable(
    server: SlackServer, desk: Desk, clock: FakeClock, database, watcher
) -> AsyncIterator[tuple[Slack, str]]:
    async with served(
        server, desk, clock, workspaces_of(database, clock, watcher=watcher)
    ) as found:
        yield found


async def test_a_workspace_installs_it_and_is_answered_with_its_own_token(
    server, installable, desk
) -> None:
    _, address = installable
    before = await server.command("/salary", "senior", team="T2")
    assert "not installed" in str(before.payload) or "not installed" in str(
        [one.text for one in server.shown]
    )
    assert (await install(server, address)).status == 200
    for _ in range(3):
        await server.message("hello", team="T2", channel="D1")
    await server.until(lambda: len([one for one in server.shown if one.channel == "D1"]) == 3)
    assert {call.token for call in server.calls("chat.postMessage")} == {TOKEN}
    assert desk.events[0].chat.workspace == "T2"
    assert len(server.calls("auth.test")) == 1, (
        "Slack was asked once, by the installation; never by a request"
    )


async def test_an_uninstall_that_the_database_cannot_take_is_brought_again(
    server, clock, desk, database
) -> None:
    away = []

    async def transact(function):
        if away:
            raise away.pop()
        return await database.run(function)

    async with served(server, desk, clock, workspaces_of(database, clock, transact=transact)) as (
        _,
        address,
    ):
        await install(server, address)
        away.append(StoreGone("away"))
        assert (await server.event({"type": "app_uninstalled"}, team="T2", retries=1)).ok
        assert [ack.ok for ack in server.acks[-2:]] == [False, True]
        assert await rows(database) == []


async def test_uninstalled_and_revoked_are_two_words_for_one_end(
    server, installable, watcher
) -> None:
    """Slack sends both, in either order; and for a workspace of an organisation, about one that was
    never installed by itself.
    """
    _, address = installable
    await install(server, address)
    for event in (
        {"type": "tokens_revoked", "tokens": {"bot": [BOT_USER]}},
        {"type": "app_uninstalled"},
    ):
        assert (await server.event(event, team="T2")).ok
    assert (await server.event({"type": "team_access_revoked", "team_ids": ["T7"]}, team="T2")).ok
    assert watcher.told == [("installed", "T2"), ("ended", "T2", "uninstalled")]


@pytest.mark.parametrize(
    "event",
    [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": [BOT_USER]}}],
)
async def test_an_uninstall_ends_sending_at_once_and_deletes_the_token(
    server, installable, database, watcher, event
) -> None:
    slack, address = installable
    await install(server, address)
    server.channels["D1"] = {"members": {"U1", BOT_USER}, "im": "U1"}
    assert isinstance(await slack.send(claimed(slack)), Delivered)
    assert (await server.event(event, team="T2")).ok
    assert await slack.send(claimed(slack)) == TokenDead("not_installed")
    assert await rows(database) == []
    assert len(server.calls("chat.postMessage")) == 1
    assert watcher.told == [("installed", "T2"), ("ended", "T2", "uninstalled")]


async def test_after_an_uninstall_events_are_no_errors_and_whoever_asks_is_told(
    server, installable, desk, caplog
) -> None:
    _, address = installable
    await install(server, address)
    assert (await server.event({"type": "app_uninstalled"}, team="T2")).ok
    caplog.clear()
    ack = await server.message("hello", team="T2")
    assert (ack.ok, ack.payload or "") == (True, "")
    told = await server.command("/salary", "senior", team="T2")
    assert "not installed in this workspace" in told.payload["text"]
    assert desk.events == []
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_replica_that_remembers_a_replaced_token_finds_the_new_one(
    server, clock, desk, database, installable
) -> None:
    """The workspace was installed anew through the other replica,
    and Slack took back the token that this one remembers.
    """
    slack, address = installable
    await install(server, address)
    server.channels["D1"] = {"members": {"U1", BOT_USER}, "im": "U1"}
    assert isinstance(await slack.send(claimed(slack)), Delivered)
    await kept(database, clock).async_save_bot(bot(token="xoxb-new"))
    server.tokens["xoxb-new"] = server.tokens.pop(TOKEN)
    server.tokens[TOKEN] = {**server.tokens["xoxb-new"], "dead": "token_revoked"}
    assert isinstance(await slack.send(claimed(slack, number=2)), Delivered)
    assert [call.token for call in server.calls("chat.postMessage")] == [TOKEN, TOKEN, "xoxb-new"]


async def test_with_the_database_away_nothing_counts_as_sent(server, clock, database) -> None:
    async def away(function):
        raise StoreGone("away")

    slack = face(
        server, clock, bot_token="", workspaces=workspaces_of(database, clock, transact=away)
    )
    assert isinstance(await slack.send(claimed(slack)), NotSent)
    await slack.close()


async def test_one_workspace_of_an_organisation_that_goes_does_not_silence_a_bot_with_one_token(
    server, clock
) -> None:
    slack = face(server, clock)
    slack.open()
    grants = slack.grants
    assert isinstance(grants, OneGrant)
    assert await grants.find(TEAM)
    await grants.revoke("T-another")
    assert await grants.find(TEAM)
    await grants.revoke(TEAM)
    assert await grants.find(TEAM) is None
    await slack.close()


def test_a_workspace_that_lost_access_suspends_its_people_and_raises_no_alarm() -> None:
    assert receipt_of("team_access_not_granted") == Unreachable("team_access_not_granted")
