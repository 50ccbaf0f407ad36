"""`pivotbot doctor` names each problem and its mend, one line each, and never a secret."""

import fcntl
import socket
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from adapters.slack.secret_box import SecretBox
from adapters.storage.sql.tables import installations
from adapters.storage.store import open_store
from bot.runtime.settings import Settings, SettingsError, read
from bot.tools import doctor
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SlackServer
from tests.servers.telegram import TOKEN, TelegramServer


async def report(tmp_path, **settings) -> dict[str, doctor.Finding]:
    chosen = Settings(
        _env_file=None,
        **({"database_url": f"sqlite:///{tmp_path / 'bot.db'}", "port": 0} | settings),
    )
    findings = await doctor.examine(chosen, doctor.questions(chosen))
    secrets = [
        value.get_secret_value() for _, value in chosen if hasattr(value, "get_secret_value")
    ]
    text = "\n".join(map(str, findings))
    assert not [secret for secret in secrets if secret in text]
    assert all(finding.mend for finding in findings if finding.bad), "each problem has its mend"
    return {finding.what: finding for finding in findings}


async def test_a_sound_bot_has_nothing_to_mend(tmp_path):
    async with TelegramServer() as telegram, SlackServer() as slack:
        settings = {
            "telegram_bot_token": TOKEN,
            "telegram_api_url": telegram.url,
            "slack_api_url": slack.api_url,
        }
        found = await report(
            tmp_path, **settings, slack_bot_token=BOT_TOKEN, slack_app_token=APP_TOKEN
        )
    assert [str(one) for one in found.values() if one.mend and one.state != "plain http"] == []
    assert {"Telegram", "Slack", "Slack app token", "database", "content", "time zones"} <= set(
        found
    )
    assert slack.live == [], "the question opens no connection"


@pytest.mark.parametrize(
    ("name", "state", "mend"),
    [
        ("nowhere/x.db", "No such file or directory", "make that folder"),
        ("text.db", "file is not a database", "restore a backup"),
        ("held.db", "in use on another host", "PostgreSQL"),
    ],
)
async def test_a_database_file_that_cannot_be_used_says_why(tmp_path, name, state, mend):
    (tmp_path / "text.db").write_text("just text " * 100)
    with (tmp_path / "held.db-lock").open("w") as lock:
        lock.write("another host's boot id")
        lock.flush()
        fcntl.flock(lock, fcntl.LOCK_SH)
        finding = (await report(tmp_path, database_url=f"sqlite:///{tmp_path / name}"))["database"]
    assert (finding.bad, state in finding.state, mend in finding.mend) == (True, True, True), str(
        finding
    )


async def test_a_server_that_cannot_be_reached_says_what_to_look_at(tmp_path):
    url = "postgresql://u:planted@127.0.0.1:1/x"
    finding = (await report(tmp_path, database_url=url))["database"]
    assert finding.bad
    assert "start the server" in finding.mend
    assert "planted" not in str(finding)


async def test_a_port_that_is_no_number_is_refused_before_anything_is_looked_at(tmp_path):
    with pytest.raises(ValidationError, match="HOST:PORT") as refused:
        await report(tmp_path, database_url="postgresql://u:planted@localhost:port/x")
    assert "planted" not in str(refused.value.errors()[0]["msg"])


async def test_a_database_that_is_not_there_is_to_be_created(tmp_path, postgres_url):
    finding = (
        await report(tmp_path, database_url=postgres_url.replace("/worker_", "/never_made_"))
    )["database"]
    assert "createdb" in finding.mend


async def test_tokens_that_are_refused_say_where_to_get_new_ones(tmp_path):
    async with (
        TelegramServer(token="9:ANOTHER-TOKEN_of-somebody") as telegram,
        SlackServer() as slack,
    ):
        settings = {
            "telegram_bot_token": TOKEN,
            "telegram_api_url": telegram.url,
            "slack_api_url": slack.api_url,
        }
        found = await report(
            tmp_path, **settings, slack_bot_token="xoxb-wrong", slack_app_token="xapp-wrong"
        )
    assert "BotFather" in found["Telegram"].mend
    assert "SLACK_BOT_TOKEN" in found["Slack"].mend
    assert "connections:write" in found["Slack app token"].mend
    assert all(found[what].bad for what in ("Telegram", "Slack", "Slack app token"))


async def test_what_does_not_answer_or_is_something_else_says_so(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    async with SlackServer() as slack:
        not_telegram = slack.api_url.replace("/api/", "/bot")
        found = await report(
            tmp_path,
            telegram_bot_token=TOKEN,
            telegram_api_url=not_telegram,
            slack_bot_token=BOT_TOKEN,
            slack_app_token=APP_TOKEN,
            slack_api_url=f"http://127.0.0.1:{closed}/api/",
        )
    assert "is not this platform" in found["Telegram"].state
    assert "ConnectError" in found["Slack"].state
    assert "proxy" in found["Slack"].mend


async def test_a_webhook_that_telegram_cannot_use_says_what_telegram_said(tmp_path):
    async with TelegramServer() as telegram:
        hook = {
            "telegram_webhook_url": "https://bot.example/telegram",
            "telegram_webhook_secret": "s3cret",
        }
        settings = {"telegram_bot_token": TOKEN, "telegram_api_url": telegram.url, **hook}
        assert "start the bot" in (await report(tmp_path, **settings))["Telegram webhook"].mend
        telegram.settings["webhook"] = {
            "url": hook["telegram_webhook_url"],
            "last_error_message": "Wrong response from the webhook: 502",
        }
        finding = (await report(tmp_path, **settings))["Telegram webhook"]
    assert "502" in finding.state
    assert finding.bad


async def test_an_address_in_use_or_not_of_this_machine_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        in_use = (await report(tmp_path, port=port))[f"127.0.0.1:{port}"]
    assert not in_use.bad
    assert "PORT" in in_use.mend
    strange = (await report(tmp_path, host="192.0.2.1", port=8080))["192.0.2.1:8080"]
    assert strange.bad
    assert "HOST" in strange.mend


async def test_scopes_that_the_app_lacks_are_listed(tmp_path):
    from adapters.slack.manifest import SCOPES as WANTED

    assert doctor.scopes_lacking(frozenset(WANTED) - {"users:read"}) == ("users:read",)
    assert doctor.scopes_lacking(frozenset(WANTED)) == ()


async def test_little_disk_a_missing_extra_and_a_missing_public_address_are_named(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(doctor, "LITTLE_DISK", 10**18)
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)
    found = await report(
        tmp_path, otel_exporter_otlp_endpoint="http://localhost:4318", slack_bot_token=None
    )
    assert found["disk"].bad
    assert "pip install" in found["traces"].mend
    many = {
        "slack_client_id": "1.2",
        "slack_client_secret": "planted-a",
        "slack_signing_secret": "planted-b",
        "secret_key": "planted-c",
    }
    assert "PUBLIC_URL" in await report(tmp_path, **many)


@pytest.mark.parametrize(
    ("variables", "advice"),
    [
        ({"TELEGRAM_BOT_TOKEN": "planted"}, "TELEGRAM_BOT_TOKEN: should read like 123456:ABC-DEF"),
        (
            {
                "TELEGRAM_BOT_TOKEN": TOKEN,
                "TELEGRAM_WEBHOOK_URL": "https://x.example",
                "TELEGRAM_WEBHOOK_SECRET": "planted!",
            },
            "letters, digits",
        ),
        (
            {"SLACK_BOT_TOKEN": "xapp-planted", "SLACK_APP_TOKEN": "xoxb-planted"},
            "SLACK_BOT_TOKEN: this is an app-level token",
        ),
        (
            {"SLACK_BOT_TOKEN": "xapp-planted", "SLACK_APP_TOKEN": "xoxb-planted"},
            "SLACK_APP_TOKEN: this is a bot's token",
        ),
        ({"SECRET_KEY": " , "}, "SECRET_KEY: empty"),
    ],
)
def test_a_secret_of_the_wrong_shape_is_named_at_the_start_and_not_printed(
    monkeypatch, tmp_path, variables, advice
):
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as error:
        read()
    assert advice in str(error.value)
    assert "planted" not in str(error.value)


async def test_tokens_that_the_first_secret_does_not_open_are_counted(tmp_path):
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    store = await open_store(url)
    for number, secret in enumerate(("new", "former", "former", "unknown")):
        row = {
            "enterprise_id": "",
            "team_id": f"T{number}",
            "user_id": "",
            "is_enterprise_install": False,
            "bot_token_encrypted": SecretBox(secret).encrypt("xoxb-1"),
            "installed_at": datetime(2026, 11, 21, tzinfo=UTC),
            "body": "{}",
        }
        await store.database.run(
            lambda connection, row=row: connection.execute(sa.insert(installations).values(row))
        )
    await store.close()
    workspaces = {
        "slack_client_id": "1.2",
        "slack_client_secret": "shh",
        "slack_signing_secret": "shh",
        "secret_key": "new, former",
        "public_url": "https://bot.example.org",
    }
    chosen = Settings(_env_file=None, database_url=url, port=0, **workspaces)
    said = [one for one in await doctor.examine(chosen, {}) if one.what == "SECRET_KEY"]
    assert [(one.state, one.bad) for one in said] == [
        ("workspaces' tokens under a former secret: 2", False),
        ("workspaces' tokens that no secret in it opens: 1", True),
    ]
