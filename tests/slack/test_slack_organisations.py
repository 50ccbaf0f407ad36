"""An organisation (Enterprise Grid) installs the bot once: every workspace it adds is served by
that one token, and goes with it.
"""

from collections.abc import AsyncIterator

import pytest

from adapters.slack.transport import Slack
from adapters.storage.sql.database import Database
from bot.core.messages import Delivered, TokenDead, Unreachable
from bot.core.reply import Choices, Reply, Tap, paragraph
from tests.servers.slack import BOT_USER, OF_ONE_TEAM, SlackServer
from tests.slack.conftest import Desk, FakeClock
from tests.slack.workspaces import (
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

ORG, ONE, OTHER = "E1", "T21", "T22"
TOKEN = "xoxb-of-the-organisation"


@pytest.fixture
async def database(tmp_path) -> AsyncIterator[Database]:
    async with opened(f"sqlite:///{tmp_path / 'slack.db'}") as database:
        yield database


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
async def everywhere(
    server: SlackServer, desk: Desk, clock: FakeClock, database, watcher
) -> AsyncIterator[Slack]:
    """Installed for an organisation, which added it to two of its workspaces."""
    async with served(server, desk, clock, workspaces_of(database, clock, watcher=watcher)) as (
        slack,
        address,
    ):
        browser = await install(server, address, "", token=TOKEN, everywhere=ORG)
        assert (browser.status, "Choose workspaces" in browser.answer) == (200, True)
        assert "manage/organization/apps/profile/A0APP/workspaces/add" in browser.answer
        server.orgs[ORG] = {ONE, OTHER}
        yield slack


def told(server: SlackServer) -> set[str]:
    return {
        call.token
        for call in server.log
        if call.method.startswith(("chat.", "conversations.", "files.", "views.", "users."))
    }


async def test_the_installation_is_one_row_without_a_workspace(
    everywhere, database, watcher
) -> None:
    [row] = await rows(database)
    assert (row.enterprise_id, row.team_id, row.is_enterprise_install) == (ORG, "", True)
    assert watcher.told == [("installed", ORG)]


async def test_whatever_happens_in_any_of_its_workspaces_is_answered_with_its_token(
    server, everywhere, desk
) -> None:
    desk.answer = lambda event: (
        Reply(blocks=(paragraph("Hello."), Choices((Tap("More", "more"),)))),
    )
    for team, channel in ((ONE, "D1"), (OTHER, "D2")):
        await server.message("hello", team=team, channel=channel)
        shown = (
            await server.until(
                lambda channel=channel: [one for one in server.shown if one.channel == channel]
            )
        )[-1]
        assert (await server.tap(shown, "More", team=team)).ok
        ack = await server.command("/salary", "senior", team=team)
        assert ack.ok
        assert ack.payload["text"]
    assert told(server) == {TOKEN}
    assert {(event.chat.workspace, event.account.workspace) for event in desk.events} == {
        (ORG, ORG)
    }, "people of one organisation"
    assert len(desk.events) == 6


async def test_nothing_that_the_bot_calls_wants_to_be_told_the_workspace(
    server, everywhere, desk
) -> None:
    """Such methods are refused to an organisation's token; the bot needs none of them."""
    await server.message("hello", team=ONE)
    await server.until(lambda: server.shown)
    assert not OF_ONE_TEAM & {call.method for call in server.log}
    assert not [
        call
        for call in server.log
        if call.answer and call.answer.get("error") == "missing_argument"
    ]


async def test_a_message_of_our_own_accord_goes_out_by_it(server, everywhere) -> None:
    server.channels["D9"] = {"members": {"U1", BOT_USER}, "im": "U1", "team": OTHER}
    assert isinstance(await everywhere.send(claimed(everywhere, ORG, "D9")), Delivered)


async def test_a_workspace_that_the_organisation_takes_away_loses_its_people_only(
    server, everywhere
) -> None:
    for team, channel in ((ONE, "D8"), (OTHER, "D9")):
        server.channels[channel] = {"members": {"U1", BOT_USER}, "im": "U1", "team": team}
    await server.event({"type": "team_access_revoked", "team_ids": [OTHER]}, team=ONE)
    server.orgs[ORG] = {ONE}
    assert isinstance(await everywhere.send(claimed(everywhere, ORG, "D8")), Delivered)
    assert await everywhere.send(claimed(everywhere, ORG, "D9")) == Unreachable(
        "team_access_not_granted"
    )


@pytest.mark.parametrize("team", [ONE, None])
async def test_an_uninstall_ends_all_of_its_workspaces(
    server, everywhere, database, watcher, team
) -> None:
    """Slack names one of the workspaces, or none."""
    more = {} if team else {"team_id": None, "enterprise_id": ORG, "authorizations": []}
    assert (await server.event({"type": "app_uninstalled"}, team=team or ONE, **more)).ok
    assert await everywhere.send(claimed(everywhere, ORG, "D1")) == TokenDead("not_installed")
    assert await rows(database) == []
    assert watcher.told[-1] == ("ended", ORG, "uninstalled")
    ack = await server.command("/salary", "senior", team=OTHER)
    assert "not installed" in f"{ack.payload} {[one.text for one in server.shown]}"


async def test_the_organisations_token_rotates_like_any_other(
    server, desk, clock, database
) -> None:
    async with served(server, desk, clock, workspaces_of(database, clock)) as (slack, address):
        await install(server, address, "", token=TOKEN, everywhere=ORG, rotates=True)
        server.orgs[ORG] = {ONE}
        server.channels["D8"] = {"members": {"U1", BOT_USER}, "im": "U1", "team": ONE}
        server.ahead = clock.ahead = 50_000
        assert isinstance(await slack.send(claimed(slack, ORG, "D8")), Delivered)
        assert TOKEN not in told(server)


async def test_a_workspaces_own_installation_stands_beside_its_organisations(
    database, clock
) -> None:
    """Slack's SDK asks for the workspace first, then for the organisation."""
    installations = kept(database, clock)
    await installations.async_save_bot(bot(ONE, enterprise=ORG, token="xoxb-one"))
    assert await installations.find(ORG) is None, "a workspace's own token is not for the others"
    await installations.async_save_bot(bot(None, enterprise=ORG, everywhere=True, token=TOKEN))
    assert len(await rows(database)) == 2

    async def found(team, **more):
        one = await installations.async_find_bot(enterprise_id=ORG, team_id=team, **more)
        return one and one.bot_token

    assert await found(ONE) == "xoxb-one"
    assert await found(OTHER) == TOKEN
    assert await found(ONE, is_enterprise_install=True) == TOKEN
    await installations.revoke(ORG)
    assert [await found(ONE), await found(OTHER)] == ["xoxb-one", None]


async def test_events_name_the_workspace_beside_the_organisation_so_that_its_people_are_found_again(
    server, everywhere, desk
) -> None:
    """They may have had the bot before, by an installation of their workspace alone."""
    desk.answer = lambda event: (
        Reply(blocks=(paragraph("Hello."), Choices((Tap("More", "more"),)))),
    )
    await server.message("hello", team=OTHER)
    shown = (await server.until(lambda: server.shown))[-1]
    await server.command("/salary", "senior", team=ONE)
    await server.tap(shown, "More", team=OTHER)
    assert [(event.account.workspace, event.within) for event in desk.events] == [
        (ORG, OTHER),
        (ORG, ONE),
        (ORG, OTHER),
    ]
