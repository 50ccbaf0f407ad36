"""A whole run's log, at its most talkative, holds nothing that anybody said, is called, earns, or may do."""

import sqlite3

import pytest

from tests.process import bot
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SlackServer, Status
from tests.servers.telegram import TOKEN, TelegramServer

PLANTED = ("zebraquartz", "Plantedname", "187654", "187,654", TOKEN, BOT_TOKEN, APP_TOKEN, TOKEN.partition(":")[2])

SLACK_QUOTES = (
    '{"ok": false, "error": "invalid_blocks", "response_metadata": {"messages": ["[ERROR] zebraquartz [json-pointer:/blocks/0]"]}}'
)


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
            await telegram.until(lambda: len(telegram.texts(7)) >= 5, seconds=30)
            telegram.fault("status", method="sendMessage", status=500, times=1)
            telegram.say("salary 187654", user=7)
            quoting = 'Bad Request: can\'t parse entities: Unsupported start tag "zebraquartz" at byte offset 7'
            telegram.fault("status", method="sendMessage", chat=9, status=400, description=quoting)
            telegram.say("salary 187654", user=9)
            slack.fail("chat.postMessage", Status(502, "zebraquartz 187654"), Status(200, SLACK_QUOTES, {}, "application/json"))
            await slack.message("salary 187654", user="U2", channel="D2")
            broken(tmp_path / "logs.db")
            telegram.say("defect zebraquartz 187654", user=10)
            await slack.message("defect zebraquartz 187654", user="U2", channel="D2")
            telegram.push_raw({"update_id": 999_999, "message": {"zebraquartz": "Plantedname"}})
            telegram.say("forget", user=8)
            await telegram.until(lambda: len(telegram.texts(7)) >= 6 and all(telegram.texts(user) for user in (8, 9, 10)), seconds=30)
            await slack.until(lambda: [one for one in slack.shown if "reference" in one.text])
            assert await process.stop() == 0
        log = process.log()
    assert "event set aside: IntegrityError" in log
    assert "reference" in telegram.last(10).text
    assert log.strip(), "a log that says nothing proves nothing"
    assert [secret for secret in PLANTED if secret in log] == []


def broken(file):
    """From now on the database fails for one kind of text, and quotes it."""
    with sqlite3.connect(file, timeout=10) as database:
        database.execute(
            "CREATE TRIGGER defect BEFORE INSERT ON outbox WHEN instr(NEW.fallback, 'reference') = 0"
            " BEGIN SELECT RAISE(ABORT, 'zebraquartz Plantedname 187654'); END"
        )
    database.close()
