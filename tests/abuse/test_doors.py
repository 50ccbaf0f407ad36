"""The web server of the whole bot: who may come in, and what operators read there."""

import json
import sqlite3
import time

from tests.running_bot import running_bot, until
from tests.servers.slack import SIGNING_SECRET, SlackServer, signed
from tests.servers.telegram import TelegramServer

BODY = json.dumps({"type": "event_callback", "event": {"type": "message"}})


def forgeries():
    good = signed(BODY)
    stamp, seal = good["X-Slack-Request-Timestamp"], good["X-Slack-Signature"]
    yield "none", {}
    yield "old", signed(BODY, at=time.time() - 400)
    yield "from the future", signed(BODY, at=time.time() + 400)
    yield "of other bytes", signed(BODY + " ")
    yield "with another secret", signed(BODY, secret="guessed")
    yield "no number", {**good, "X-Slack-Request-Timestamp": "1e9"}
    yield "no digits", {**good, "X-Slack-Request-Timestamp": ""}
    yield "not hexadecimal", {**good, "X-Slack-Signature": "v0=" + "z" * 64}
    yield "half", {**good, "X-Slack-Signature": seal[:-1]}
    yield "twice", {**good, "X-Slack-Signature": f"{seal}, {seal}"}
    yield "another version", {**good, "X-Slack-Signature": "v1" + seal[2:]}
    yield "another time", {**good, "X-Slack-Request-Timestamp": str(int(stamp) + 1)}


async def test_what_slack_did_not_sign_is_refused(url):
    async with (
        SlackServer() as slack,
        running_bot(
            url, slack=slack, slack_app_token=None, slack_signing_secret=SIGNING_SECRET
        ) as bot,
    ):
        kind = {"Content-Type": "application/json"}
        await slack.until(lambda: slack.calls("auth.test"))
        assert (
            await bot.door.post("/slack/events", content=BODY, headers=kind | signed(BODY))
        ).status_code == 200
        answers = {
            name: await bot.door.post("/slack/events", content=BODY, headers=kind | headers)
            for name, headers in forgeries()
        }
        assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
            answers, 401
        )
        assert (
            await bot.door.post("/slack/events", content=b"x" * 1_000_001, headers=kind)
        ).status_code == 413
        assert (await bot.door.get("/healthz")).status_code == 200


async def test_operators_read_what_there_is_to_know(url, file):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        telegram.say("subscribe monday 8am sydney", user=7)
        telegram.say("salary senior", user=8)
        await telegram.until(lambda: telegram.texts(7) and telegram.texts(8))
        telegram.block(8)
        telegram.fault("limit", method="sendMessage", chat=7, seconds=1)
        with sqlite3.connect(file, timeout=10) as database:
            database.execute(
                "UPDATE subscriptions SET next_due_at = ?", (int((time.time() - 90) * 1_000_000),)
            )
        database.close()
        await telegram.until(lambda: len(telegram.texts(7)) == 2, seconds=15)
        await until(lambda: bot.metric("pivotbot_nudge_lateness_seconds_count"))
        lines = (await bot.door.get("/metrics")).text
        status, known = await bot.ready()
    figures = dict(
        line.rpartition(" ")[::2] for line in lines.splitlines() if not line.startswith("#")
    )
    assert (status, known["database"], known["ready"]) == (200, "answers", True)
    assert float(figures["pivotbot_nudge_lateness_seconds_sum"]) >= 90
    assert float(figures['pivotbot_limited_total{platform="telegram"}']) == 1
    assert float(figures["pivotbot_people_unreachable"]) == 1
    assert float(figures["pivotbot_outbox_answers"]) == 0
    assert float(figures["pivotbot_outbox_answers_oldest_seconds"]) == 0
    assert float(figures['pivotbot_turn_seconds_count{platform="telegram"}']) >= 2
    assert "pivotbot_errors" in lines
