"""The manifest that `pivotbot manifest` prints: Slack would take it,
and it registers exactly what is answered.
"""

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest

from adapters.slack.envelope import workspaces_gone
from adapters.slack.manifest import EVENTS, SCOPES, UMBRELLA, manifest
from adapters.slack.parse import EXPLAIN, SHORTCUTS, parse
from bot.cli import main
from bot.core.command_line import names
from bot.core.events import Said
from bot.features import forms
from content.library import load
from tests.servers.slack import SCOPES as NEEDED

CONTENT = load()


def _text(most: int, least: int = 1) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": most}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": {**required, **(optional or {})},
    }


def _list(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most, "uniqueItems": True}


HTTPS = {"type": "string", "pattern": "^https://", "maxLength": 3000}
FLAG = {"type": "boolean"}
RULES = _object(
    {
        "display_information": _object(
            {"name": _text(35)}, {"description": _text(140), "long_description": _text(4000, 175)}
        ),
        "features": _object(
            {
                "app_home": _object(
                    {
                        "home_tab_enabled": FLAG,
                        "messages_tab_enabled": FLAG,
                        "messages_tab_read_only_enabled": FLAG,
                    }
                ),
                "bot_user": _object({"display_name": _text(80)}, {"always_online": FLAG}),
                "agent_view": _object(
                    {"agent_description": _text(300)},
                    {
                        "suggested_prompts": _list(
                            _object({"title": _text(75), "message": _text(300)}), 4
                        )
                    },
                ),
                "shortcuts": _list(
                    _object(
                        {
                            "name": _text(24),
                            "type": {"enum": ["message", "global"]},
                            "callback_id": _text(255),
                            "description": _text(150),
                        }
                    ),
                    10,
                ),
                "slash_commands": _list(
                    _object(
                        {
                            "command": {
                                "type": "string",
                                "pattern": "^/[a-z0-9_-]+$",
                                "maxLength": 32,
                            },
                            "description": _text(2000),
                        },
                        {"usage_hint": _text(1000), "should_escape": FLAG, "url": HTTPS},
                    ),
                    50,
                ),
            }
        ),
        "oauth_config": _object(
            {"scopes": _object({"bot": _list(_text(50), 255)})},
            {"redirect_urls": _list(HTTPS, 1000)},
        ),
        "settings": _object(
            {
                "event_subscriptions": _object(
                    {"bot_events": _list(_text(50), 100)}, {"request_url": HTTPS}
                ),
                "interactivity": _object({"is_enabled": FLAG}, {"request_url": HTTPS}),
                "socket_mode_enabled": FLAG,
            },
            {"org_deploy_enabled": FLAG, "token_rotation_enabled": FLAG},
        ),
    },
    {"_metadata": {"type": "object"}},
)
"""Slack's own schema (github.com/slackapi/manifest-schema) as far as we use it, lengths and all."""


@pytest.mark.parametrize("public_url", [None, "https://bot.example.org"])
@pytest.mark.parametrize("single", [True, False])
@pytest.mark.parametrize("socket", [True, False])
def test_slack_would_take_it(public_url: str | None, *, single: bool, socket: bool) -> None:
    jsonschema.validate(
        manifest(CONTENT, public_url=public_url, single_command=single, socket_mode=socket), RULES
    )


def test_by_http_every_address_is_the_one_that_is_served() -> None:
    made = manifest(CONTENT, public_url="https://bot.example.org/", socket_mode=False)
    urls = {
        *(command["url"] for command in made["features"]["slash_commands"]),
        made["settings"]["event_subscriptions"]["request_url"],
        made["settings"]["interactivity"]["request_url"],
    }
    assert urls == {"https://bot.example.org/slack/events"}
    assert made["oauth_config"]["redirect_urls"] == ["https://bot.example.org/slack/oauth_redirect"]
    assert made["settings"]["socket_mode_enabled"] is False


def test_with_a_single_command_only_the_umbrella_is_registered() -> None:
    one, all_of_them = (
        [
            command["command"]
            for command in manifest(CONTENT, public_url=None, single_command=single)["features"][
                "slash_commands"
            ]
        ]
        for single in (True, False)
    )
    assert (one, all_of_them) == (
        [f"/{UMBRELLA}"],
        [f"/{UMBRELLA}", *(f"/{name}" for name in ("salary", "visa", "plan"))],
    )


def test_tokens_rotate_only_where_somebody_said_so_and_organisations_may_install_it() -> None:
    for rotation in (True, False):
        made = manifest(
            CONTENT, public_url="https://bot.example.org", socket_mode=False, rotation=rotation
        )
        jsonschema.validate(made, RULES)
        assert (
            made["settings"]["token_rotation_enabled"],
            made["settings"]["org_deploy_enabled"],
        ) == (rotation, True)
    assert manifest(CONTENT, public_url=None)["settings"]["token_rotation_enabled"] is False


def test_every_registered_command_shortcut_and_event_is_answered() -> None:
    at, known = datetime(2026, 11, 24, tzinfo=UTC), frozenset(names(CONTENT))
    made = manifest(CONTENT, public_url=None)
    for command in made["features"]["slash_commands"]:
        body = {
            "command": command["command"],
            "text": "",
            "team_id": "T1",
            "user_id": "U1",
            "channel_id": "C1",
            "trigger_id": "1",
        }
        event = parse(body, at=at, nonce="", names=known)
        assert event
        assert isinstance(event.body, Said)
        assert event.body.text.removeprefix("/") in {*("salary", "visa", "plan"), "start"}
    assert {shortcut["callback_id"] for shortcut in made["features"]["shortcuts"]} == {
        *SHORTCUTS,
        EXPLAIN,
    }
    assert all(
        line.removeprefix("/").split(" ")[0] in known and forms.has_form(CONTENT, key)
        for key, line in SHORTCUTS.items()
    )
    for name in EVENTS:
        inner = {
            "type": name.split(".")[0],
            "channel": "D1",
            "channel_type": "im",
            "user": "U1",
            "ts": "1.1",
            "text": "hi",
            "tokens": {"bot": ["UBOT"]},
            "team_ids": ["T1"],
        }
        body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": inner}
        assert parse(body, at=at, nonce="", names=known) or workspaces_gone(body), name


def test_no_scope_is_asked_for_without_need_and_none_is_missing() -> None:
    called = {scope for method, scope in NEEDED.items() if method != "conversations.replies"}
    assert set(SCOPES) == called | {"commands", "app_mentions:read"}
    assert all(SCOPES.values())


def test_a_single_token_cannot_rotate_so_its_manifest_is_refused(
    monkeypatch, capsys, tmp_path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["manifest", "--token-rotation"]) == 0
    assert json.loads(capsys.readouterr().out)["settings"]["token_rotation_enabled"] is True
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    assert main(["manifest", "--token-rotation"]) == 2
    assert "SLACK_CLIENT_ID" in capsys.readouterr().err
