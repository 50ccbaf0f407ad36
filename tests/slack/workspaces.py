"""A bot that many workspaces install: its database, a face served by HTTP, and a browser's way
through the installation.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import sqlalchemy as sa
from slack_sdk.oauth.installation_store import Bot

from adapters import web
from adapters.slack.installations import Installations
from adapters.slack.oauth import Workspaces
from adapters.slack.secret_box import SecretBox
from adapters.slack.states import States
from adapters.slack.transport import Slack
from adapters.storage.maintenance.installations import SqlTokenStore
from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import installations as table
from adapters.storage.sql.tables import leases, metadata
from adapters.storage.sql.tables import oauth_states as states_table
from adapters.storage.store import open_store
from bot.core.events import Account, Chat, Event, Said
from bot.core.messages import Claimed
from bot.core.reply import Reply, paragraph
from tests.servers.slack import BOT_USER, SIGNING_SECRET, SlackServer
from tests.slack.conftest import Desk, FakeClock, face, serving

SECRET = "a secret of the operator"
TOKEN = "xoxb-of-another-workspace"
PUBLIC_URL = "https://bot.example.org"


@dataclass
class Watcher:
    """What the store would be told."""

    told: list[tuple[str, ...]] = field(default_factory=list)

    async def on_installed(self, workspace: str) -> None:
        self.told.append(("installed", workspace))

    async def on_ended(self, workspace: str, why: str) -> None:
        self.told.append(("ended", workspace, why))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """A database with the tables of this side, empty.

    PostgreSQL's is shared with tests that want all of the tables.
    """
    if url.startswith("postgresql"):
        await (await open_store(url)).close()
    database = Database(url)
    tables = [table, leases, states_table]

    def emptied(connection: sa.Connection) -> None:
        if database.sqlite:
            metadata.create_all(connection, tables=tables)
        for one in tables:
            connection.execute(sa.delete(one))

    await database.run(emptied)
    yield database
    await database.close()


def kept(database: Database, clock: FakeClock, secret: str = SECRET, **more: Any) -> Installations:
    store = more.pop("store", None) or SqlTokenStore(more.pop("transact", database.run))
    return Installations(store=store, box=SecretBox(secret), clock=clock, **more)


def states_of(database: Database, clock: FakeClock, secret: str = SECRET) -> States:
    return States(store=SqlTokenStore(database.run), secret_key=secret, clock=clock)


def workspaces_of(database: Database, clock: FakeClock, **more: Any) -> Workspaces:
    return Workspaces(
        client_id="1.2",
        client_secret="shh",
        public_url=PUBLIC_URL,
        installations=kept(database, clock, **more),
        states=states_of(database, clock),
    )


def bot(
    team: str | None = "T2",
    *,
    token: str = TOKEN,
    enterprise: str | None = None,
    everywhere: bool = False,
    **more: Any,
) -> Bot:
    return Bot(
        team_id=team,
        enterprise_id=enterprise,
        bot_token=token,
        bot_id="B1",
        bot_user_id=BOT_USER,
        bot_scopes="chat:write",
        is_enterprise_install=everywhere,
        installed_at=0.0,
        **more,
    )


async def rows(database: Database) -> list[sa.Row[Any]]:
    return await database.run(lambda connection: list(connection.execute(sa.select(table))))


@asynccontextmanager
async def served(
    server: SlackServer, desk: Desk, clock: FakeClock, workspaces: Workspaces, **more: Any
) -> AsyncIterator[tuple[Slack, str]]:
    """By HTTP, with no token of its own. Yields the face and its address."""
    slack = face(
        server,
        clock,
        bot_token="",
        app_token="",
        signing_secret=SIGNING_SECRET,
        workspaces=workspaces,
        **more,
    )
    port = asyncio.get_running_loop().create_future()
    serving_web = asyncio.create_task(
        web.serve(slack.routes(desk), host="127.0.0.1", port=0, listening=port.set_result)
    )
    address = f"http://127.0.0.1:{await port}"
    server.request_url = f"{address}/slack/events"
    async with serving(slack, desk):
        yield slack, address
    serving_web.cancel()
    with suppress(asyncio.CancelledError):
        await serving_web


@dataclass
class Browser:
    """Somebody who installs the bot. `answer` is the page that Slack's redirect led to."""

    address: str
    session: aiohttp.ClientSession
    cookies: dict[str, str] = field(default_factory=dict)
    consent: str = ""
    status: int = 0
    answer: str = ""

    async def begin(self, query: str = "") -> dict[str, list[str]]:
        """The install page; returns what Slack's consent page would be asked."""
        async with self.session.get(f"{self.address}/slack/install{query}") as page:
            self._keep(page.headers["Set-Cookie"])
            html = await page.text()
        link = re.search(r'href="([^"]*/authorize[^"]*)"', html)
        assert link, html
        self.consent = link[1].replace("&amp;", "&")
        return parse_qs(urlsplit(self.consent).query, keep_blank_values=True)

    async def come_back(self, *, with_cookie: bool = True, **query: str) -> int:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies} if with_cookie else {}
        async with self.session.get(
            f"{self.address}/slack/oauth_redirect", params=query, headers=headers
        ) as answer:
            self.status, self.answer = answer.status, await answer.text()
            if with_cookie:
                self._keep(answer.headers.get("Set-Cookie", ""))
        return self.status

    def _keep(self, line: str) -> None:
        name, _, value = line.split(";", maxsplit=1)[0].partition("=")
        self.cookies[name] = value
        if "Max-Age=0" in line or "Expires=Thu, 01 Jan 1970" in line:
            del self.cookies[name]

    @property
    def state(self) -> str:
        return parse_qs(urlsplit(self.consent).query)["state"][0]


@asynccontextmanager
async def browsing(address: str) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Browser(address, session)


async def install(
    server: SlackServer, address: str, team: str = "T2", *, token: str = TOKEN, **code: Any
) -> Browser:
    """The whole way: the install page, Slack's consent (which names the code), and back."""
    server.codes["good"] = {
        "client_id": "1.2",
        "client_secret": "shh",
        "token": token,
        "team": team,
        **code,
    }
    async with browsing(address) as browser:
        await browser.begin()
        await browser.come_back(code="good", state=browser.state)
        return browser


def claimed(
    slack: Slack, workspace: str = "T2", chat: str = "D1", *, number: int = 1, text: str = "Hello."
) -> Claimed:
    """A message on its way to somebody there."""
    where = Chat(platform="slack", workspace=workspace, id=chat)
    account = Account(platform="slack", workspace=workspace, user="U1")
    event = Event(
        key="k",
        at=FakeClock().now(),
        account=account,
        chat=where,
        surface=slack.surface,
        body=Said("hi"),
    )
    [message] = slack.render(Reply(blocks=(paragraph(text),)), event)
    return Claimed(id=number, attempt=1, message=message)
