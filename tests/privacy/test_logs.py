"""Whole runs' logs, at their most talkative, hold nothing that anybody said, is called, earns, or
may do, and not who they are.
"""

import json
import re
import socket
import sqlite3
from contextlib import suppress

import httpx
import pytest

from adapters.telegram.webhook import SECRET_HEADER
from tests.process import bot
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackServer, Status
from tests.servers.telegram import TOKEN, TelegramServer

ALICE, BOB, CAROL, DAVE = 70_770_071, 70_770_072, 70_770_073, 70_770_074
MEMBER, DIRECT = "U0PLANTED", "D0PLANTED"
WORKSPACE_TOKEN, HOOK_SECRET, CLIENT_SECRET, KEY = (
    "xoxb-planted-of-a-workspace",
    "hook-planted-secret",
    "client-planted",
    "key-planted",
)
PLANTED = (
    *("zebraquartz", "Plantedname", "187654", "187,654"),
    *(str(one) for one in (ALICE, BOB, CAROL, DAVE)),
    *(MEMBER, DIRECT, TOKEN, TOKEN.partition(":")[2], BOT_TOKEN, APP_TOKEN, SIGNING_SECRET),
    *(WORKSPACE_TOKEN, HOOK_SECRET, CLIENT_SECRET, KEY, "plantedcode"),
)
SLACK_QUOTES = '{"ok": false, "error": "invalid_blocks", "response_metadata": {"messages": ["[ERROR] zebraquartz [json-pointer:/blocks/0]"]}}'
TEXTS = (
    "takehome 187654 plus super",
    "my name is Plantedname zebraquartz",
    "/salary 187654",
    "zebraquartz?",
    "points",
)


def planted_in(log: str) -> list[str]:
    return [secret for secret in PLANTED if secret in log]


def reference(text: str) -> str:
    """The number that somebody reads when their turn failed."""
    found = re.search(r"\b[0-9a-f]{8}\b", text)
    assert found, text
    return found[0]


def turns(log: str, form: str) -> dict[str, list[str]]:
    """Lines by the turn that they are about."""
    found: dict[str, list[str]] = {}
    for line in log.splitlines():
        turn = json.loads(line)["turn"] if form == "json" else line.split()[2]
        assert turn == "-" or re.fullmatch("[0-9a-f]{8}", turn), line
        found.setdefault(turn, []).append(line)
    return found


@pytest.mark.parametrize("form", ["console", "json"])
async def test_a_full_runs_log_holds_no_planted_secret_and_each_line_its_turns_number(
    tmp_path, form
):
    async with TelegramServer() as telegram, SlackServer() as slack:
        settings = {
            **telegram.environment,
            **slack.environment,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'logs.db'}",
            "LOG_LEVEL": "DEBUG",
            "LOG_FORMAT": form,
        }
        async with bot(tmp_path, **settings) as process:
            await slack.until(lambda: slack.live, seconds=20)
            for text in TEXTS:
                telegram.say(text, user=ALICE)
                await slack.message(text, user=MEMBER, channel=DIRECT)
                await slack.command("/pivot", text, user=MEMBER, channel=DIRECT)
            await telegram.until(lambda: len(telegram.texts(ALICE)) >= 5, seconds=30)
            telegram.fault("status", method="sendMessage", status=500, times=1)
            telegram.say("salary 187654", user=ALICE)
            quoting = 'Bad Request: can\'t parse entities: Unsupported start tag "zebraquartz" at byte offset 7'
            telegram.fault(
                "status", method="sendMessage", chat=CAROL, status=400, description=quoting
            )
            telegram.say("salary 187654", user=CAROL)
            slack.fail(
                "chat.postMessage",
                Status(502, "zebraquartz 187654"),
                Status(200, SLACK_QUOTES, {}, "application/json"),
            )
            await slack.message("salary 187654", user=MEMBER, channel=DIRECT)
            await telegram.until(lambda: telegram.texts(CAROL), seconds=30)
            broken(tmp_path / "logs.db")
            telegram.say("defect zebraquartz 187654", user=DAVE)
            await slack.message("defect zebraquartz 187654", user=MEMBER, channel=DIRECT)
            telegram.push_raw({"update_id": 999_999, "message": {"zebraquartz": "Plantedname"}})
            telegram.say("forget", user=BOB)
            await telegram.until(
                lambda: (
                    len(telegram.texts(ALICE)) >= 6
                    and all(telegram.texts(user) for user in (BOB, DAVE))
                ),
                seconds=30,
            )
            await slack.until(
                lambda: [one for one in slack.shown if "reference" in one.text], seconds=30
            )
            assert await process.stop() == 0
        log = process.log()
    assert planted_in(log) == []
    by_turn = turns(log, form)
    failed = by_turn[reference(telegram.last(DAVE).text)]
    assert ["failed once" in line for line in failed].count(True) == 1
    assert any("event set aside: IntegrityError" in line for line in failed)
    assert by_turn[reference(next(one.text for one in slack.shown if "reference" in one.text))]
    refused = [
        lines
        for lines in by_turn.values()
        if any("refuses the formatting" in line for line in lines)
    ]
    assert refused
    assert all(any("is committed: person" in line for line in lines) for lines in refused), (
        "a turn and its sends go by one number"
    )


async def test_installing_hooks_and_what_strangers_send_leave_no_secret_in_the_log_either(tmp_path):
    """Slack over HTTP for workspaces that install the bot, Telegram by webhook,
    and the web server's own lines.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with (
        TelegramServer() as telegram,
        SlackServer() as slack,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as door,
    ):
        settings = {
            **telegram.environment,
            "TELEGRAM_WEBHOOK_URL": "https://bot.example/telegram",
            "TELEGRAM_WEBHOOK_SECRET": HOOK_SECRET,
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": CLIENT_SECRET,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SECRET_KEY": KEY,
            "SLACK_API_URL": slack.api_url,
            "PUBLIC_URL": "https://bot.example",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'logs.db'}",
            "PORT": str(port),
            "LOG_LEVEL": "DEBUG",
        }
        async with bot(tmp_path, **settings) as process:
            await telegram.until(lambda: "webhook" in telegram.settings, seconds=30)
            slack.request_url = f"http://127.0.0.1:{port}/slack/events"
            slack.codes["plantedcode"] = {
                "client_id": "1.2",
                "client_secret": CLIENT_SECRET,
                "token": WORKSPACE_TOKEN,
                "team": "T2",
            }
            page = await door.get("/slack/install")
            state = re.findall(r"state=([\w.%-]+)", page.text)[0]
            cookie = {"Cookie": page.headers["set-cookie"].split(";")[0]}
            query = {"code": "plantedcode", "state": state}
            assert (
                await door.get("/slack/oauth_redirect", params=query, headers=cookie)
            ).status_code == 200
            for again in (
                query,
                {"code": "plantedcode", "state": "zebraquartz"},
                {"error": "Zebraquartz 187654"},
            ):
                await door.get("/slack/oauth_redirect", params=again, headers=cookie)
            for text in TEXTS:
                assert (await slack.message(text, user=MEMBER, channel=DIRECT, team="T2")).ok
            await slack.until(
                lambda: len([one for one in slack.shown if one.channel == DIRECT]) >= 4, seconds=20
            )
            for number, (text, secret) in enumerate(
                (text, secret) for text in TEXTS for secret in (HOOK_SECRET, "wrong", "zebraquartz")
            ):
                update = {"update_id": number, "message": telegram.message(text, user=ALICE)}
                await door.post("/telegram", json=update, headers={SECRET_HEADER: secret})
            for path in (
                "/telegram",
                "/slack/events",
                "/zebraquartz?187654",
                "/slack/oauth_redirect?code=zebraquartz",
            ):
                for body in (
                    b"zebraquartz 187654",
                    b'{"update_id": "zebraquartz"}',
                    b"\xff\xfe",
                    b"x" * 1_100_000,
                ):
                    with suppress(
                        httpx.TransportError
                    ):  # too large: the answer may come before all of it was taken
                        await door.post(
                            path,
                            content=body,
                            headers={
                                SECRET_HEADER: HOOK_SECRET,
                                "x-slack-signature": "v0=zebraquartz",
                            },
                        )
            await telegram.until(lambda: telegram.texts(ALICE), seconds=20)
            await slack.event({"type": "app_uninstalled"}, team="T2")
            assert await process.stop() == 0
        log = process.log()
    assert "slack T2: installed" in log, "a log that says nothing proves nothing"
    assert "is committed: person" in log
    assert planted_in(log) == []
    assert state not in log


def broken(file):
    """From now on the database fails for one kind of text, and quotes it."""
    with sqlite3.connect(file, timeout=10) as database:
        database.execute(
            "CREATE TRIGGER defect BEFORE INSERT ON outbox WHEN instr(NEW.fallback, 'reference') = 0"
            " BEGIN SELECT RAISE(ABORT, 'zebraquartz Plantedname 187654'); END"
        )
    database.close()
