"""Many workspaces: installed through a browser, tokens encrypted, forgotten the moment somebody uninstalls."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import sqlalchemy as sa
from slack_sdk.oauth.installation_store import Bot

from adapters import web
from adapters.slack.installations import Box, Installations, States
from adapters.slack.manifest import SCOPES
from adapters.slack.oauth import Workspaces
from adapters.slack.transport import Slack
from adapters.storage.database import Database
from adapters.storage.tables import installations as table
from adapters.storage.tables import metadata
from adapters.storage.tables import oauth_states as states_table
from bot.events import Account, Chat, Event, Said
from bot.messages import Claimed, Delivered, NotSent, TokenDead
from bot.ports import StoreGone
from bot.reply import Reply, paragraph
from tests.servers.slack import BOT_USER, SIGNING_SECRET, SlackServer
from tests.slack.conftest import Desk, Wall, face, serving

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack-sdk 3.47's way to exchange a code

SECRET = "a secret of the operator"
TOKEN = "xoxb-of-another-workspace"


@pytest.fixture
async def database(tmp_path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'slack.db'}")
    await database.run(lambda connection: metadata.create_all(connection, tables=[table, states_table]))
    yield database
    await database.close()


def kept(database: Database, clock: Wall, secret: str = SECRET, **more) -> Installations:
    return Installations(transact=database.run, table=table, box=Box(secret), clock=clock, **more)


@pytest.fixture
def installations(database: Database, clock: Wall) -> Installations:
    return kept(database, clock)


def bot(team: str | None = "T2", *, token: str = TOKEN, enterprise: str | None = None, everywhere: bool = False) -> Bot:
    return Bot(
        team_id=team,
        enterprise_id=enterprise,
        bot_token=token,
        bot_id="B1",
        bot_user_id=BOT_USER,
        bot_scopes="chat:write",
        is_enterprise_install=everywhere,
        installed_at=0.0,
    )


async def _rows(database: Database) -> list[sa.Row]:
    return await database.run(lambda connection: list(connection.execute(sa.select(table))))


# --- keeping -------------------------------------------------------------------------------------------------------


async def test_a_token_comes_back_as_it_was_and_is_never_kept_in_clear(database, installations) -> None:
    await installations.async_save_bot(bot())
    grant = await installations.find("T2")
    assert grant
    assert (grant.token, grant.bot_user, grant.team) == (TOKEN, BOT_USER, "T2")
    [row] = await _rows(database)
    assert TOKEN not in str(tuple(row))
    assert await installations.find("T3") is None


async def test_installing_again_replaces_the_token_everywhere_at_once(database, installations) -> None:
    told = []

    async def installed(workspace: str) -> None:
        told.append(workspace)

    again = kept(database, Wall(), installed=installed)
    await again.async_save_bot(bot())
    await again.find("T2")
    await again.async_save_bot(bot(token="xoxb-new"))
    grant = await again.find("T2")
    assert grant
    assert grant.token == "xoxb-new"
    assert len(await _rows(database)) == 1
    assert told == ["T2", "T2"]


async def test_an_organisation_answers_for_its_workspaces_only_if_it_installed_everywhere(installations) -> None:
    await installations.async_save_bot(bot(enterprise="E1"))
    assert await installations.find("E1") is None
    await installations.async_save_bot(bot(None, enterprise="E1", everywhere=True, token="xoxb-org"))
    grant = await installations.find("E1")
    assert grant
    assert grant.token == "xoxb-org"


async def test_an_older_secret_still_opens_and_the_new_one_takes_over(database, clock, installations) -> None:
    await installations.async_save_bot(bot())
    changing = kept(database, clock, f"a new secret, {SECRET}")
    assert await changing.find("T2")
    changed = kept(database, clock, "a new secret")
    grant = await changed.find("T2")
    assert grant
    assert grant.token == TOKEN


async def test_a_token_that_no_secret_opens_is_no_installation(database, clock, installations, caplog) -> None:
    await installations.async_save_bot(bot())
    assert await kept(database, clock, "quite another").find("T2") is None
    assert "SECRET_KEY" in caplog.text


async def test_a_hundred_who_ask_at_once_cost_one_look_and_then_none(database, clock) -> None:
    looks = []

    async def counted(function):
        looks.append(function)
        return await database.run(function)

    installations = Installations(transact=counted, table=table, box=Box(SECRET), clock=clock)
    await installations.async_save_bot(bot())
    looks.clear()
    grants = await asyncio.gather(*(installations.find("T2") for _ in range(100)))
    await installations.find("T2")
    assert {grant.token for grant in grants if grant} == {TOKEN}
    assert len(looks) == 1


async def test_an_uninstall_during_a_look_up_wins(database, clock) -> None:
    looking, go_on = asyncio.Event(), asyncio.Event()

    async def slow(function):
        result = await database.run(function)
        if not looking.is_set():
            looking.set()
            await go_on.wait()
        return result

    await kept(database, clock).async_save_bot(bot())
    installations = Installations(transact=slow, table=table, box=Box(SECRET), clock=clock)
    asking = asyncio.create_task(installations.find("T2"))
    await looking.wait()
    await installations.revoke("T2")
    go_on.set()
    await asking
    assert await installations.find("T2") is None
    assert await _rows(database) == []


async def test_a_state_is_good_once_and_for_ten_minutes(database, clock) -> None:
    states = States(transact=database.run, table=states_table, clock=clock)
    first, late = await states.async_issue(), await states.async_issue()
    assert [await states.async_consume(first), await states.async_consume(first)] == [True, False]
    clock.ahead = 601
    assert await states.async_consume(late) is False
    assert await states.async_consume("made up") is False


# --- the whole way -------------------------------------------------------------------------------------------------


@pytest.fixture
async def installable(server: SlackServer, desk: Desk, clock: Wall, database, installations) -> AsyncIterator[tuple[Slack, str]]:
    """Served by HTTP, with no token of its own. Yields the face and its address."""
    workspaces = Workspaces(
        client_id="1.2",
        client_secret="shh",
        public_url="https://bot.example.org",
        installations=installations,
        states=States(transact=database.run, table=states_table, clock=clock),
    )
    slack = face(server, clock, bot_token="", app_token="", signing_secret=SIGNING_SECRET, workspaces=workspaces)
    port = asyncio.get_running_loop().create_future()
    serving_web = asyncio.create_task(web.serve(slack.routes(desk), host="127.0.0.1", port=0, listening=port.set_result))
    address = f"http://127.0.0.1:{await port}"
    server.request_url = f"{address}/slack/events"
    async with serving(slack, desk):
        yield slack, address
    serving_web.cancel()
    with suppress(asyncio.CancelledError):
        await serving_web


async def _install(server: SlackServer, address: str, team: str = "T2", *, code: str = "good", forged: bool = False) -> tuple[int, str]:
    """A browser's way through: the install page, Slack's consent (which names the code), and back."""
    server.codes["good"] = {"client_id": "1.2", "client_secret": "shh", "token": TOKEN, "team": team}
    async with aiohttp.ClientSession() as browser:
        async with browser.get(f"{address}/slack/install") as page:
            cookie = page.headers["Set-Cookie"].split(";")[0]
            html = await page.text()
        link = re.search(r'href="([^"]*/authorize[^"]*)"', html)
        assert link, html
        consent = urlsplit(link[1].replace("&amp;", "&"))
        asked = parse_qs(consent.query)
        assert consent.path == "/oauth/v2/authorize"
        assert set(asked["scope"][0].split(",")) == set(SCOPES)
        assert asked["redirect_uri"] == ["https://bot.example.org/slack/oauth_redirect"]
        state = "forged" if forged else asked["state"][0]
        query = {"code": code, "state": state}
        async with browser.get(f"{address}/slack/oauth_redirect", params=query, headers={"Cookie": cookie}) as answer:
            return answer.status, await answer.text()


async def test_a_workspace_installs_it_and_is_answered_with_its_own_token(server, installable, desk) -> None:
    _, address = installable
    before = await server.command("/salary", "senior", team="T2")
    assert "not installed" in str(before.payload) or "not installed" in str([one.text for one in server.shown])
    status, _ = await _install(server, address)
    assert status == 200
    await server.message("hello", team="T2", channel="D1")
    await server.until(lambda: [one for one in server.shown if one.channel == "D1"])
    assert [call.token for call in server.calls("chat.postMessage")] == [TOKEN]
    assert desk.events[0].chat.workspace == "T2"


@pytest.mark.parametrize("wrong", [{"code": "bad"}, {"forged": True}])
async def test_a_wrong_code_or_a_forged_state_installs_nothing(server, installable, database, wrong) -> None:
    _, address = installable
    status, _ = await _install(server, address, **wrong)
    assert status >= 400
    assert await _rows(database) == []


@pytest.mark.parametrize("event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": [BOT_USER]}}])
async def test_an_uninstall_ends_sending_at_once_and_deletes_the_token(server, installable, database, event) -> None:
    slack, address = installable
    await _install(server, address)
    claimed = _claimed(slack)
    server.channels["D1"] = {"members": {"U1", BOT_USER}, "im": "U1"}
    assert isinstance(await slack.send(claimed), Delivered)
    assert (await server.event(event, team="T2")).ok
    assert await slack.send(claimed) == TokenDead("not_installed")
    assert await _rows(database) == []
    assert len(server.calls("chat.postMessage")) == 1


async def test_with_the_database_away_nothing_counts_as_sent(server, clock) -> None:
    async def away(function):
        raise StoreGone("away")

    installations = Installations(transact=away, table=table, box=Box(SECRET), clock=clock)
    states = States(transact=away, table=states_table, clock=clock)
    workspaces = Workspaces(client_id="1", client_secret="2", public_url="", installations=installations, states=states)
    slack = face(server, clock, bot_token="", workspaces=workspaces)
    assert isinstance(await slack.send(_claimed(slack)), NotSent)
    await slack.close()


def _claimed(slack: Slack) -> Claimed:
    chat = Chat(platform="slack", workspace="T2", id="D1")
    account = Account(platform="slack", workspace="T2", user="U1")
    event = Event(key="k", at=Wall().now(), account=account, chat=chat, surface=slack.surface, body=Said("hi"))
    [message] = slack.render(Reply(blocks=(paragraph("Hello."),)), event)
    return Claimed(id=1, attempt=1, message=message)
