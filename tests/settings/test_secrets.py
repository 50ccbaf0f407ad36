"""Secrets never print; nothing is unpickled; SQL is never pieced together from strings; the
database is as far as its TLS.
"""

import ast
import importlib
import pkgutil
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.slack.token_source import Grant
from bot.core.events import AnswerToken, Chat
from bot.core.messages import Address
from bot.runtime.settings import Settings, SettingsError, read

HERE = Path(__file__).parents[2]
PACKAGES = ("bot", "adapters", "content", "scheduler")
SECRET_NAMES = ("secret", "_token", "password", "secret_key")
MODULES = [path for package in PACKAGES for path in sorted((HERE / package).rglob("*.py"))]


def is_secret(name: str) -> bool:
    return name.endswith(SECRET_NAMES)


def test_no_setting_that_is_secret_prints():
    planted = {
        name: f"planted-{name}"
        for name, one in Settings.model_fields.items()
        if "SecretStr" in str(one.annotation)
    }
    planted["telegram_bot_token"] = "1:planted-telegram_bot_token"
    settings = Settings(
        _env_file=None,
        slack_client_id="1.2",
        database_url="postgresql://me:planted-password@db/bot",
        **planted,
    )
    assert "planted" not in f"{settings!r} {settings} {settings.telegram_bot_token}"
    assert {name for name in Settings.model_fields if is_secret(name)} == set(planted)
    assert all(isinstance(getattr(settings, name), SecretStr) for name in planted)


def test_no_value_with_a_secret_in_it_prints_it():
    telling = []
    for package in PACKAGES:
        for info in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if "migrations" in info.name or "training" in info.name:  # its libraries are not here
                continue
            for value in vars(importlib.import_module(info.name)).values():
                if isinstance(value, type) and is_dataclass(value):
                    telling += [
                        f"{value.__qualname__}.{one.name}"
                        for one in fields(value)
                        if one.repr and is_secret(one.name)
                    ]
    assert telling == []
    at = datetime(2026, 11, 21, tzinfo=UTC)
    chat = Chat(platform="slack", id="D1")
    tellable = (
        Grant(token="planted"),
        AnswerToken(address="planted", expires_at=at),
        Address(chat=chat, token="planted"),
    )
    assert "planted" not in repr(tellable)


def test_sql_is_never_pieced_together_from_strings():
    """What is written by hand is a whole literal; everything else SQLAlchemy writes."""
    pieced = []
    for path in MODULES:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(call, ast.Call)
                and name_of(call.func) in {"text", "exec_driver_sql"}
                and path.parts[-3:-1] != ("migrations", "versions")
            ):
                owner = (
                    call.func.value.id
                    if isinstance(call.func, ast.Attribute)
                    and isinstance(call.func.value, ast.Name)
                    else ""
                )
                if name_of(call.func) == "text" and owner not in {"sa", "sqlalchemy"}:
                    continue
                if not (call.args and isinstance(call.args[0], ast.Constant)):
                    pieced.append(f"{path.relative_to(HERE)}:{call.lineno}")
    assert pieced == []


def name_of(function: ast.expr) -> str:
    return (
        function.attr
        if isinstance(function, ast.Attribute)
        else function.id
        if isinstance(function, ast.Name)
        else ""
    )


def test_nothing_is_unpickled():
    forbidden = {"pickle", "marshal", "shelve", "dill", "joblib"}
    found = [
        f"{path.relative_to(HERE)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (
            isinstance(node, ast.Import)
            and any(alias.name.partition(".")[0] in forbidden for alias in node.names)
        )
        or (isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in forbidden)
        or (
            isinstance(node, ast.keyword)
            and node.arg == "allow_pickle"
            and not (isinstance(node.value, ast.Constant) and node.value.value is False)
        )
    ]
    assert found == []


FAR = "postgresql://me:pw@db.example.com/bot"


@pytest.mark.parametrize(
    "url", [FAR, f"{FAR}?sslmode=prefer", f"{FAR}?sslmode=disable", "postgresql://me@8.8.8.8/bot"]
)
def test_a_database_far_away_is_reached_over_tls_only(monkeypatch, tmp_path, url):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SettingsError, match="sslmode=require"):
        read()


@pytest.mark.parametrize(
    "url",
    [
        f"{FAR}?sslmode=require",
        f"{FAR}?sslmode=verify-full",
        "postgresql://me:pw@database/bot",
        "postgresql://me:pw@127.0.0.1:5432/bot",
        "postgresql://me:pw@10.1.2.3/bot",
        "postgresql://me:pw@pg.prod.svc.cluster.local/bot",
        "postgresql:///bot?host=/run/postgresql",
    ],
)
def test_a_database_that_is_near_needs_none(monkeypatch, tmp_path, url):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    assert read().database_url == url
