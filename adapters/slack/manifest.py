"""The Slack app's manifest, made from the command table: what is registered is what the bot
answers. Pure.

Each scope and each event stands with its reason; what has none is not asked for.
"""

from typing import Any

from adapters.slack.parse import EXPLAIN, SHORTCUTS
from adapters.slack.webhook import EVENTS_PATH, REDIRECT_PATH
from content.content import Content

UMBRELLA = "pivot"
"""The command under which all others stand.

Names are not namespaced on Slack: an admin may choose another.
"""

SCOPES = {
    "commands": "slash commands and shortcuts",
    "chat:write": "to answer, and to send the nudges that somebody subscribed to",
    "im:write": "to open the direct message with somebody who subscribed in a channel",
    "im:history": (
        "to read what is written to the bot directly; and, after a crash, whether its last "
        "answer arrived"
    ),
    "app_mentions:read": "to answer where it is mentioned",
    "users:read": "the time zone in a profile, when its owner asks for it",
    "files:write": "charts and calendar files",
    "assistant:write": "the suggested prompts in the agent view, and the word there that a slow answer is coming",
}

EVENTS = {
    "app_home_opened": "to show the home page",
    "app_mention": "to answer where it is mentioned",
    "message.im": "to answer direct messages",
    "app_uninstalled": "to stop sending and delete the token",
    "tokens_revoked": "to stop sending and delete the token",
    "team_access_revoked": "the same for one workspace of an organisation",
}

PROMPTS = 4


def manifest(
    content: Content,
    *,
    public_url: str | None,
    single_command: bool = False,
    socket_mode: bool = True,
    rotation: bool = False,
) -> dict[str, Any]:
    """The manifest as JSON values.

    Without a public address only Socket Mode can work. `rotation`: tokens end after twelve hours
    and are renewed; Slack offers no way back from that.
    """
    base = (public_url or "").rstrip("/")
    by_socket = socket_mode or not base
    if by_socket:
        request = {}
    else:
        request = {"request_url": f"{base}{EVENTS_PATH}"}
    if by_socket:
        url = {}
    else:
        url = {"url": f"{base}{EVENTS_PATH}"}
    oauth: dict[str, Any] = {"scopes": {"bot": sorted(SCOPES)}}
    if base:
        oauth["redirect_urls"] = [f"{base}{REDIRECT_PATH}"]
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": content.phrases["slack_app_name"],
            "description": content.phrases["slack_app_description"],
            "long_description": content.phrases["slack_app_long_description"],
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": content.phrases["slack_app_name"], "always_online": True},
            "agent_view": {
                "agent_description": content.phrases["slack_agent_description"],
                "suggested_prompts": prompts(content),
            },
            "shortcuts": _shortcuts(content),
            "slash_commands": [
                {**command, **url} for command in _commands(content, single=single_command)
            ],
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": {"bot_events": sorted(EVENTS), **request},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": True,
            "socket_mode_enabled": by_socket,
            "token_rotation_enabled": rotation,
        },
    }


def _commands(content: Content, *, single: bool) -> list[dict[str, Any]]:
    phrases = content.phrases
    commands = [_command(UMBRELLA, phrases["slack_umbrella_summary"], phrases["slack_usage_hint"])]
    if not single:
        commands += [
            _command(name, command.summary, command.usage)
            for name, command in content.commands.items()
            if command.own_slash
        ]
    return commands


def _command(name: str, summary: str, usage: str) -> dict[str, Any]:
    """With `should_escape`, so that mentions and channels arrive as what they are,
    not as text that looks like them.
    """
    hint = {"usage_hint": usage} if usage else {}
    return {"command": f"/{name}", "description": summary, "should_escape": True, **hint}


def _shortcuts(content: Content) -> list[dict[str, Any]]:
    return [
        {
            "name": content.phrases[f"slack_shortcut_{key}"],
            "type": "message" if key == EXPLAIN else "global",
            "callback_id": key,
            "description": content.phrases[f"slack_shortcut_{key}_summary"],
        }
        for key in (*SHORTCUTS, EXPLAIN)
    ]


def prompts(content: Content) -> list[dict[str, str]]:
    """The first commands of the menu, each by its example.

    Where the plan knows no agents, Slack shows none of this.
    """
    offered = [
        command for command in content.commands.values() if command.menu and command.group != "bot"
    ]
    return [{"title": command.summary, "message": command.example} for command in offered[:PROMPTS]]
