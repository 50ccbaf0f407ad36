"""The pages that install the bot: a state ties them to one browser, once, for ten minutes; what
strangers write into them stays text.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from adapters.slack import oauth
from adapters.slack.addresses import is_slacks
from adapters.slack.manifest import SCOPES
from adapters.slack.secret_box import SecretBox
from adapters.slack.states import STATE_LASTS
from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import oauth_states
from adapters.storage.store import open_store
from tests.servers.slack import Cut, SlackServer
from tests.slack.conftest import CONTENT, Desk, FakeClock
from tests.slack.workspaces import (
    PUBLIC_URL,
    SECRET,
    browsing,
    install,
    opened,
    rows,
    served,
    states_of,
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
async def address(
    server: SlackServer, desk: Desk, clock: FakeClock, database
) -> AsyncIterator[str]:
    async with served(server, desk, clock, workspaces_of(database, clock)) as (_, address):
        server.codes["good"] = {
            "client_id": "1.2",
            "client_secret": "shh",
            "token": "xoxb-2",
            "team": "T2",
        }
        yield address


async def _states(database: Database) -> int:
    return await database.run(
        lambda connection: connection.execute(
            sa.select(sa.func.count()).select_from(oauth_states)
        ).scalar_one()
    )


# --- the way through -----------------------------------------------------------------------------------------------


async def test_the_consent_page_is_slacks_and_is_asked_for_our_scopes_and_to_come_back_to_us(
    server, address
) -> None:
    async with browsing(address) as browser:
        asked = await browser.begin("?team=T123")
    assert browser.consent.startswith(server.api_url.replace("/api/", "/oauth/v2/authorize?"))
    assert set(asked["scope"][0].split(",")) == set(SCOPES)
    assert asked["redirect_uri"] == [f"{PUBLIC_URL}/slack/oauth_redirect"]
    assert asked["team"] == ["T123"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"code": "bad"}, 401),
        ({"code": ""}, 401),
        ({"state": "forged"}, 400),
        ({"state": ""}, 400),
        ({"error": "access_denied"}, 200),
    ],
)
async def test_a_wrong_code_a_forged_state_or_a_no_installs_nothing(
    address, database, wrong, status
) -> None:
    async with browsing(address) as browser:
        await browser.begin()
        query = {"code": "good", "state": browser.state} | wrong
        assert (
            await browser.come_back(**{key: value for key, value in query.items() if value})
            == status
        )
    assert await rows(database) == []
    assert "Nothing was installed" in browser.answer


async def test_a_state_belongs_to_the_browser_that_began(address, database) -> None:
    async with browsing(address) as one, browsing(address) as other:
        await one.begin()
        await other.begin()
        assert await one.come_back(code="good", state=one.state, with_cookie=False) == 400
        assert await one.come_back(code="good", state=other.state) == 400
        assert await rows(database) == []
        assert await one.come_back(code="good", state=one.state) == 200
    assert len(await rows(database)) == 1


async def test_two_tabs_of_one_browser_do_not_end_each_others_installation(
    server, address, database
) -> None:
    """Each tab comes back once; the older one first, with a code that is no good,
    as after a mistake.
    """
    async with browsing(address) as browser:
        await browser.begin()
        older = browser.state
        await browser.begin()
        newer = browser.state
        assert await browser.come_back(code="bad", state=older) == 401
        assert await browser.come_back(code="good", state=newer) == 200
    assert len(await rows(database)) == 1
    async with browsing(address) as browser:
        await browser.begin()
        older = browser.state
        await browser.begin()
        await browser.come_back(code="good", state=older)
        assert "another browser" not in browser.answer


async def test_another_browser_is_told_that_it_is_one(address) -> None:
    async with browsing(address) as one, browsing(address) as other:
        await one.begin()
        await other.begin()
        assert await other.come_back(code="good", state=one.state) == 400
    assert "another browser" in other.answer
    assert f'href="{PUBLIC_URL}/slack/install"' in other.answer


async def test_a_state_is_good_once(server, address) -> None:
    async with browsing(address) as browser:
        await browser.begin()
        kept = dict(browser.cookies)
        assert await browser.come_back(code="good", state=browser.state) == 200
        browser.cookies = kept
        server.codes["another"] = {
            "client_id": "1.2",
            "client_secret": "shh",
            "token": "xoxb-3",
            "team": "T3",
        }
        assert await browser.come_back(code="another", state=browser.state) == 401
    assert "used before" in browser.answer


async def test_of_many_who_bring_one_state_at_once_one_gets_through(database, clock) -> None:
    states = states_of(database, clock)
    state = await states.async_issue()
    assert sorted(await asyncio.gather(*(states.async_consume(state) for _ in range(10)))) == [
        False
    ] * 9 + [True]


async def test_a_state_in_other_letters_that_decode_alike_is_the_same_state(
    database, clock
) -> None:
    states = states_of(database, clock)
    state = await states.async_issue()
    assert await states.async_consume(state)
    for disguised in (f"{state}=", f"{state}!", f" {state}", f"{state[:9]}\n{state[9:]}"):
        assert not await states.async_consume(disguised)


async def test_a_state_lasts_ten_minutes_and_is_nobody_elses(database, clock) -> None:
    states = states_of(database, clock)
    late, in_time = await states.async_issue(), await states.async_issue()
    clock.ahead = STATE_LASTS.total_seconds() - 2
    assert await states.async_consume(in_time)
    clock.ahead = STATE_LASTS.total_seconds() + 2
    assert not await states.async_consume(late)
    assert not await states.async_consume(
        await states_of(database, clock, "another deployment's").async_issue()
    )
    assert not await states.async_consume(
        SecretBox(SECRET).seal("a token is no state", clock.now())
    )


async def test_a_change_of_the_secret_does_not_disturb_who_is_on_the_consent_page(
    database, clock
) -> None:
    state = await states_of(database, clock).async_issue()
    assert await states_of(database, clock, f"a new secret, {SECRET}").async_consume(state)


# --- strangers -----------------------------------------------------------------------------------------------------


async def test_asking_for_the_page_a_thousand_times_costs_the_database_nothing(clock) -> None:
    class Never:
        async def run(self, function):
            raise AssertionError("the database was asked")

    async with _pages(workspaces_of(Never(), clock)) as pages:
        cookies = {
            (await pages.get("/slack/install")).headers["set-cookie"].split(";")[0]
            for _ in range(1000)
        }
    assert len(cookies) == 1000


async def test_spent_states_are_tidied_away_when_they_would_have_ended(tmp_path, clock) -> None:
    store = await open_store(f"sqlite:///{tmp_path / 'store.db'}", real_time=False)
    states = states_of(store.database, clock)
    for _ in range(3):
        assert await states.async_consume(await states.async_issue())
    assert (await store.tidy(clock.now() + STATE_LASTS - timedelta(minutes=1))).values[
        "oauth_states"
    ] == 0
    assert (await store.tidy(clock.now() + STATE_LASTS + timedelta(minutes=1))).values[
        "oauth_states"
    ] == 3
    await store.close()


@pytest.mark.parametrize(
    "page", ["/slack/install", "/slack/oauth_redirect?error=access_denied", "/slack/oauth_redirect"]
)
async def test_the_pages_tell_nobody_where_they_were_and_load_nothing(address, page) -> None:
    async with httpx.AsyncClient(base_url=address) as client:
        answer = await client.get(page)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "Secure" in answer.headers["set-cookie"]
    assert '<html lang="en-AU">' in answer.text
    assert not re.search(r"<(script|img|link|iframe)|src=", answer.text)


@pytest.mark.parametrize(
    "query",
    ["team=T1%26scope=admin", "team=T1&team=%22onload", "team=%3Cscript%3E", "team=" + "T" * 500],
)
async def test_what_a_link_says_about_the_team_cannot_change_what_slack_is_asked(
    address, query
) -> None:
    async with browsing(address) as browser:
        asked = await browser.begin(f"?{query}")
    assert set(asked["scope"][0].split(",")) == set(SCOPES)
    assert "team" not in asked


async def test_slack_being_away_is_a_page_that_says_so_and_a_log_without_the_code(
    server, address, database, caplog
) -> None:
    async with browsing(address) as browser:
        await browser.begin()
        server.fail("oauth.v2.access", Cut(after=False))
        assert await browser.come_back(code="planted-code", state=browser.state) == 503
        await browser.begin()
        assert await browser.come_back(code="planted-code", state=browser.state) == 401
    assert "planted-code" not in caplog.text
    assert browser.state not in caplog.text
    assert await rows(database) == []


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "\"'><img src=x>",
            "{reason}",
            "{0.__class__}",
            "%s",
            "access_denied",
            "invalid_state",
        ]
    ),
)


class _Nothing:
    """A database that nobody installed anything in."""

    async def run(self, function):
        return None


@given(
    st.dictionaries(st.sampled_from(["code", "state", "error", "team", "x"]), HOSTILE),
    st.text(max_size=80),
)
@settings(max_examples=60)
def test_no_query_and_no_cookie_breaks_a_page_or_gets_into_it_as_markup(
    query: dict[str, str], cookie: str
) -> None:
    async def asked() -> list[httpx.Response]:
        async with _pages(workspaces_of(_Nothing(), FakeClock())) as pages:
            headers = {"Cookie": f"slack-app-oauth-state={quote(cookie)}"}
            return [
                await pages.get(path, params=query, headers=headers)
                for path in ("/slack/install", "/slack/oauth_redirect")
            ]

    begun, back = asyncio.run(asked())
    assert begun.status_code == 200
    assert back.status_code in (200, 400, 401)
    for page in (begun, back):
        assert not re.search(r"<(script|img)", page.text)
        assert page.text.count("<a ") == 1


# --- GovSlack ------------------------------------------------------------------------------------------------------


def _pages(workspaces, api_url: str = "https://slack.com/api/") -> httpx.AsyncClient:
    app = Starlette(
        routes=list(
            oauth.routes(workspaces, AsyncWebClient(base_url=api_url), lambda: CONTENT.phrases)
        )
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://bot.example.org")


@pytest.mark.parametrize("domain", ["slack.com", "slack-gov.com"])
async def test_consent_is_asked_where_the_web_api_is(clock, domain) -> None:
    async with _pages(workspaces_of(_Nothing(), clock), f"https://{domain}/api/") as pages:
        page = (await pages.get("/slack/install")).text
    assert re.findall(r'href="(https://[^/]*/[^?]*)', page) == [
        f"https://{domain}/oauth/v2/authorize"
    ]


async def test_the_whole_installation_talks_to_the_slack_of_the_setting_only(
    server, address
) -> None:
    """Loopback is all that a test can reach, so a call to slack.com would fail here."""
    browser = await install(server, address)
    assert browser.status == 200
    assert [call.method for call in server.log] == ["oauth.v2.access", "auth.test"]
    assert (
        f'href="{server.api_url.replace("/api/", "/app_redirect")}?app=A0APP&amp;team=T2"'
        in browser.answer
    )


@pytest.mark.parametrize(
    ("given", "api_url", "ours"),
    [
        ("https://hooks.slack.com/actions/1", "https://slack.com/api/", True),
        ("https://files.slack.com/upload/v1/1", "https://slack.com/api/", True),
        ("https://hooks.slack-gov.com/actions/1", "https://slack-gov.com/api/", True),
        ("https://hooks.slack.com/actions/1", "https://slack-gov.com/api/", False),
        ("https://hooks.slack-gov.com/actions/1", "https://slack.com/api/", False),
        ("http://hooks.slack.com/actions/1", "https://slack.com/api/", False),
        ("https://slack.com.evil.example/1", "https://slack.com/api/", False),
        ("https://notslack.com/1", "https://slack.com/api/", False),
        ("https://slack.com@evil.example/1", "https://slack.com/api/", False),
        ("https://[::1", "https://slack.com/api/", False),
        ("", "https://slack.com/api/", False),
    ],
)
def test_answers_and_files_go_to_the_same_slack_only(given, api_url, ours) -> None:
    assert is_slacks(given, api_url) is ours
