"""A whole run's log, at its most talkative, holds nothing that anybody said, is called, earns, or may do."""

import pytest

from tests.process import bot
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SlackServer
from tests.servers.telegram import TOKEN, TelegramServer

PLANTED = ("zebraquartz", "Plantedname", "187654", "187,654", TOKEN, BOT_TOKEN, APP_TOKEN, TOKEN.partition(":")[2])


@pytest.mark.parametrize("form", ["console", "json"])
async def test_a_full_runs_log_holds_no_planted_secret(tmp_path, form):
    async with TelegramServer() as telegram, SlackServer() as slack:
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": slack.api_url,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'logs.db'}",
            "LOG_LEVEL": "DEBUG",
            "LOG_FORMAT": form,
        }
        async with bot(tmp_path, **settings) as process:
            await slack.until(lambda: slack.live, seconds=20)
            for text in ("takehome 187654 plus super", "my name is Plantedname zebraquartz", "/salary 187654", "zebraquartz?", "points"):
                telegram.say(text, user=7)
                await slack.message(text, user="U2", channel="D2")
                await slack.command("/pivot", text)
            telegram.fault("status", method="sendMessage", status=500, times=1)
            telegram.say("salary 187654", user=7)
            telegram.push_raw({"update_id": 999_999, "message": {"zebraquartz": "Plantedname"}})
            telegram.say("forget", user=8)
            await telegram.until(lambda: len(telegram.texts(7)) >= 5 and telegram.texts(8), seconds=30)
            assert await process.stop() == 0
        log = process.log()
    assert log.strip(), "a log that says nothing proves nothing"
    assert [secret for secret in PLANTED if secret in log] == []
