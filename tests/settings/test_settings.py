"""What the environment may say, and what is refused by name."""

from dataclasses import fields
from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.storage.maintenance.housekeeping import Retention
from adapters.storage.sql.database import driver_url
from bot.cli import main
from bot.runtime.settings import Settings, SettingsError, database_fault, plain_http, read
from bot.runtime.wiring import retention


@pytest.fixture(autouse=True)
def _clean(monkeypatch, tmp_path):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def set_all(monkeypatch, **values):
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_nothing_set_means_no_platform_and_a_local_database():
    settings = read()
    assert (settings.telegram, settings.slack, settings.database_url) == (
        False,
        "off",
        "sqlite:///pivotbot.db",
    )


@pytest.mark.parametrize(
    ("values", "mode"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, "socket"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, "http"),
        (
            {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "SLACK_APP_TOKEN": "xapp-1"},
            "socket",
        ),
        (
            {
                "SLACK_CLIENT_ID": "1.2",
                "SLACK_CLIENT_SECRET": "c",
                "SLACK_SIGNING_SECRET": "s",
                "SECRET_KEY": "k",
            },
            "workspaces",
        ),
    ],
)
def test_the_tokens_that_are_set_decide_how_slack_is_reached(monkeypatch, values, mode):
    set_all(monkeypatch, **values)
    assert read().slack == mode


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"PIVOTBOT_CONTNT": "x"}, "PIVOTBOT_CONTNT"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN or SLACK_SIGNING_SECRET"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_CLIENT_ID": "1"}, "SECRET_KEY"),
        ({"TELEGRAM_WEBHOOK_URL": "https://bot.example/t"}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"TELEGRAM_API_URL": "http://api.telegram.org/bot"}, "TELEGRAM_API_URL"),
        ({"SLACK_API_URL": "ftp://slack"}, "SLACK_API_URL"),
        ({"PORT": "eighty"}, "PORT"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"PIVOTBOT_ADMINS": "alice"}, "PIVOTBOT_ADMINS"),
        ({"PIVOTBOT_CONTENT": "nowhere"}, "PIVOTBOT_CONTENT: 'nowhere' is no folder"),
    ],
)
def test_what_is_wrong_is_named(monkeypatch, values, named):
    set_all(monkeypatch, **values)
    with pytest.raises(SettingsError, match=named):
        read()


@pytest.mark.parametrize(
    ("value", "plainly"),
    [
        ("abc", "PORT: should be a number from 0 to 65535"),
        ("70000", "PORT: should be a number from 0 to 65535"),
        ("-1", "PORT: should be a number from 0 to 65535"),
    ],
)
def test_a_number_that_is_none_is_refused_in_plain_words(monkeypatch, value, plainly):
    set_all(monkeypatch, PORT=value)
    with pytest.raises(SettingsError) as refused:
        read()
    assert str(refused.value) == plainly


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "TELEGRAM_BOT_TOKEN"])
@pytest.mark.parametrize(
    ("given", "why"),
    [
        ('"{}"', "quotation marks"),
        ("'{}'", "quotation marks"),
        ("{} ", "blanks"),
        ("\t{}", "blanks"),
        ('"{}" ', "quotation marks"),
    ],
)
def test_a_secret_in_quotes_or_blanks_is_named_and_not_printed(monkeypatch, name, given, why):
    good = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "8f742231b10e"}
    good["TELEGRAM_BOT_TOKEN"] = "12:ABC-DEF"
    set_all(monkeypatch, **good | {name: given.format(good[name])})
    with pytest.raises(SettingsError) as refused:
        read()
    assert str(refused.value).startswith(f"{name}: ")
    assert why in str(refused.value)
    assert good[name] not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"PIVOTBOT_ADMIN=telegram:1\n", r"PIVOTBOT_ADMIN \(in .env\): no such setting"),
        (b"export pivotbot_admin=telegram:1\n", "PIVOTBOT_ADMIN"),
        ("PORT=80\n".encode("utf-16"), "UTF-16.*UTF-8"),
        ("# caf\u00e9\nPORT=80\n".encode("latin-1"), "not UTF-8"),
    ],
)
def test_a_file_of_settings_is_held_to_the_same(tmp_path, capsys, content, named):
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError, match=named):
        read()
    assert main(["stats"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_of_settings_with_a_mark_carriage_returns_and_quotes_is_read(tmp_path):
    text = "\ufeffexport PORT=\"81\"\r\nLOG_LEVEL='ERROR'\r\n"
    (tmp_path / ".env").write_bytes(text.encode())
    assert (read().port, read().log_level) == (81, "ERROR")


def test_variables_that_kubernetes_sets_for_a_service_of_our_name_are_let_be(monkeypatch):
    set_all(
        monkeypatch,
        PIVOTBOT_SERVICE_HOST="10.0.0.1",
        PIVOTBOT_PORT_8080_TCP="tcp://10.0.0.1:8080",
        PIVOTBOT_PORT="tcp://10.0.0.1",
    )
    assert not read().telegram


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8081/bot",
        "http://[::1]/bot",
        "http://10.1.2.3/bot",
        "http://bot-api:8081/bot",
    ],
)
def test_plain_http_is_taken_for_near_hosts_and_reported(monkeypatch, url):
    set_all(monkeypatch, TELEGRAM_API_URL=url)
    assert plain_http(read()) == ("TELEGRAM_API_URL",)


def test_a_secret_never_prints(monkeypatch):
    set_all(
        monkeypatch,
        TELEGRAM_BOT_TOKEN="123:planted",
        SLACK_BOT_TOKEN="xoxb-planted",
        SLACK_APP_TOKEN="xapp-planted",
    )
    assert "planted" not in repr(read())


def test_every_retention_is_a_setting_and_reaches_housekeeping():
    days = {"seen": 3, "sent": 4, "uninstalled": 5, "dialogs": 6, "unreachable": 77}
    settings = Settings(
        _env_file=None, **{f"pivotbot_keep_{name}_days": value for name, value in days.items()}
    )
    assert retention(settings) == Retention(
        **{name: timedelta(days=value) for name, value in days.items()}
    )
    assert retention(Settings(_env_file=None)) == Retention()
    assert {one.name for one in fields(Retention)} == set(days)


LOGIN = "postgresql://bot:"
PLACE = "@db.example.com/bot"


@pytest.mark.parametrize("sign", ["@", "#", "/", "?", " ", "#?@/"])
def test_a_password_that_needs_encoding_is_refused_and_never_said(
    monkeypatch, capsys, sign
) -> None:
    set_all(monkeypatch, DATABASE_URL=f"{LOGIN}Saddle{sign}Girth7{PLACE}?sslmode=require")
    for command in (["doctor"], ["migrate"], ["run", "--or-chat"]):
        assert main(command) == 2
        shown = "".join(capsys.readouterr())
        assert "DATABASE_URL: write @ # / ? in the user or password as %40 %23 %2F %3F" in shown
        assert "Saddle" not in shown
        assert "Girth7" not in shown


@given(password=st.text(min_size=1, max_size=20))
def test_an_encoded_password_is_read_whole_and_the_guard_sees_the_drivers_host(password) -> None:
    url = f"{LOGIN}{quote(password, safe='')}{PLACE}"
    driver = driver_url(url)
    assert (driver.password, driver.host, driver.database) == (password, "db.example.com", "bot")
    assert database_fault(url).startswith("add ?sslmode=require")
    assert database_fault(f"{url}?sslmode=verify-full") == ""


@given(password=st.text(min_size=1, max_size=20))
def test_no_password_steps_round_the_rule_for_far_hosts(password) -> None:
    assert database_fault(f"{LOGIN}{password}{PLACE}")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "sqlite:x.db",
            "sqlite://x.db",
            "sqlite:///",
            "sqlite:///x.db?mode=ro",
            "x.db",
            "mysql://x/y",
        ),
        *("postgresql://[::1/bot", "postgresql://localhost:port/bot", "postgresql:bot", ""),
        "postgresql://localhost/bot?prepare_threshold=0",
        "postgresql:///bot?host=db.example.com",
        "postgresql://localhost/bot?host=near,db.example.com&sslmode=prefer",
        "postgresql://db.example.com/bot?sslmode=require&sslmode=disable",
    ],
)
def test_what_is_no_address_ends_with_2_and_a_sentence(monkeypatch, capsys, url) -> None:
    assert database_fault(url)
    with pytest.raises(SystemExit) as ended:
        main(["chat", "--database", url])
    assert (ended.value.code, "--database" in capsys.readouterr().err) == (2, True)


@pytest.mark.parametrize(
    "url",
    [
        *("sqlite:///x.db", "sqlite:////var/lib/x.db", "postgresql://localhost/bot"),
        *("postgresql://bot@[::1]:5432/bot", "postgresql:///bot?host=/run/.pg"),
        "postgresql://u:p%40@db.internal:6432/bot?connect_timeout=3",
    ],
)
def test_addresses_that_are_well_formed(url) -> None:
    assert database_fault(url) == ""
    assert driver_url(url).database
