"""The whole bot with many workspaces: one leaves and comes back, one loses its tokens; its people,
its nudges and its operator.
"""

import re
import sqlite3
import time
from contextlib import asynccontextmanager

import pytest

from bot.runtime.settings import Settings
from bot.tools import doctor
from tests.faults.conftest import file, url
from tests.running_bot import running_bot, until
from tests.servers.slack import BOT_ID, BOT_TOKEN, BOT_USER, SIGNING_SECRET, TEAM, SlackServer
from tests.slack.workspaces import install

__all__ = ["file", "url"]

pytestmark = pytest.mark.filterwarnings(
    "ignore:BasicAuth is deprecated:DeprecationWarning"
)  # slack-sdk 3.47's way to exchange a code

MODE = {
    "slack_bot_token": None,
    "slack_app_token": None,
    "slack_client_id": "1.2",
    "slack_client_secret": "shh",
    "slack_signing_secret": SIGNING_SECRET,
    "secret_key": "a secret of the operator",
    "public_url": "https://bot.example.org",
}


@asynccontextmanager
async def serving(url):
    async with SlackServer() as slack, running_bot(url, slack=slack, **MODE) as bot:
        slack.request_url = f"{bot.door.base_url}/slack/events"
        yield slack, str(bot.door.base_url)


def asked(file, question):
    """Rows of the running bot's database."""
    database = sqlite3.connect(file, timeout=10)
    with database:
        rows = database.execute(question).fetchall()
    database.close()
    return rows


def fall_due(file):
    asked(file, f"UPDATE subscriptions SET next_due_at = {int((time.time() - 60) * 1_000_000)}")


async def found(url):
    """What the operator reads."""
    return [
        str(finding)
        for finding in await doctor.examine(Settings(_env_file=None, database_url=url, **MODE), {})
    ]


def texts(slack, channel="D1"):
    return [one.text for one in slack.shown if one.channel == channel]


async def test_a_workspace_leaves_and_comes_back_and_its_people_go_on_where_they_were(url, file):
    async with serving(url) as (slack, address):
        await install(slack, address, token="xoxb-first")
        await slack.message("subscribe monday 8am sydney", team="T2")
        await slack.until(lambda: texts(slack))
        assert (await slack.event({"type": "app_uninstalled"}, team="T2")).ok
        assert asked(file, "SELECT unreachable FROM people") == [("uninstalled",)]
        assert "✓ Slack workspaces: 0 have it installed, 1 removed it" in await found(url)
        fall_due(file)

        async def passed_over():
            return asked(
                file,
                f"SELECT 1 FROM subscriptions WHERE next_due_at > {int(time.time() * 1_000_000)}",
            )

        await until(passed_over)
        assert asked(file, "SELECT count(*) FROM outbox WHERE lane = 'nudge'") == [(0,)]
        said = len(texts(slack))
        await install(slack, address, token="xoxb-second")
        assert "✓ Slack workspaces: 1 have it installed" in await found(url)
        fall_due(file)
        await slack.until(lambda: len(texts(slack)) > said, seconds=20)
        assert texts(slack)[said].startswith(
            "I was away from your workspace for a while, so your reminders were on hold."
        )
        assert "weekly nudge" in texts(slack)[said]
        assert slack.calls("chat.postMessage")[-1].token == "xoxb-second"


async def test_a_workspace_whose_refresh_token_is_refused_ends_with_its_reason_for_the_operator(
    url, file, caplog
):
    async with serving(url) as (slack, address):
        await install(slack, address, rotates=True)
        await slack.message("subscribe monday 8am sydney", team="T2")
        await slack.until(lambda: texts(slack))
        [refresh_token] = slack.refresh_tokens
        slack.refresh_tokens.clear()
        for known in slack.tokens.values():
            known["until"] = 0.0
        fall_due(file)

        async def dead():
            return asked(file, "SELECT dead_reason FROM send_pace WHERE dead_reason IS NOT NULL")

        assert await until(dead) == [("invalid_refresh_token",)]
        report = "\n".join(await found(url))
    assert re.search(
        r"✗ slack:T2: nothing is sent since \d\d \w+ 2\d\d\d: invalid_refresh_token", report
    )
    assert "install it there again, at https://bot.example.org/slack/install" in report
    assert "platforms: no token is set" not in report
    assert "slack T2: Slack does not renew its token (invalid_refresh_token)" in caplog.text
    assert refresh_token not in caplog.text


async def test_with_one_token_a_new_one_sets_the_nudges_going_again_before_anybody_writes(
    url, file
):
    async with SlackServer() as slack:
        async with running_bot(url, slack=slack):
            await slack.until(lambda: slack.live)
            await slack.message("subscribe monday 8am sydney")
            await slack.until(lambda: texts(slack))
            slack.tokens[BOT_TOKEN]["dead"] = "token_revoked"
            await slack.message("salary senior")

            async def dead():
                return asked(
                    file, "SELECT dead_reason FROM send_pace WHERE dead_reason IS NOT NULL"
                )

            assert await until(dead) == [("token_revoked",)]
        slack.tokens["xoxb-new"] = {"team": TEAM, "user": BOT_USER, "bot": BOT_ID}
        async with running_bot(url, slack=slack, slack_bot_token="xoxb-new"):
            await slack.until(lambda: len(texts(slack)) == 2, seconds=20)
            assert "$160,000" in texts(slack)[1], "the answer that was due"
            fall_due(file)
            await slack.until(lambda: len(texts(slack)) == 3, seconds=20)
    assert texts(slack)[2].startswith("I was away from your workspace for a while")
