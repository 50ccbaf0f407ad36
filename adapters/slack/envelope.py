"""Where a payload of Slack's comes from: workspace, organisation, when, and what it says of the
installation itself. Pure.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Payload = Mapping[str, Any]
"""A payload as Slack sent it: JSON of any shape, looked at here and nowhere else."""


def workspaces_gone(body: Payload) -> str | None:
    """The workspace or organisation whose bot token is gone, or None.

    Revoked tokens of single people do not matter.
    """
    event = part_of(body, "event")
    match event.get("type"):
        case "app_uninstalled":
            return workspace(body)
        case "tokens_revoked" if part_of(event, "tokens").get("bot"):
            return workspace(body)
        case "team_access_revoked":
            return ",".join(str(team) for team in event.get("team_ids") or ()) or None
        case _:
            return None


def event_instant(body: Payload) -> datetime | None:
    """When an event happened by Slack's clock, to the second."""
    at = body.get("event_time")
    if not isinstance(at, int):
        return None
    return datetime.fromtimestamp(at, UTC)


def workspace(body: Payload) -> str:
    """The id that the installation goes by: the organisation's for an org-wide one,
    else the workspace's.
    """
    team, enterprise = team_of(body), enterprise_of(body)
    org_wide = _authorization(body).get("is_enterprise_install", body.get("is_enterprise_install"))
    if enterprise and (org_wide in (True, "true") or not team):
        return enterprise
    return team


def _authorization(body: Payload) -> Payload:
    """Whom an event is for.

    In a channel shared between companies the payload's own ids may be the other company's.
    """
    named = body.get("authorizations") or [{}]
    if not isinstance(named[0], Mapping):
        return {}
    return named[0]


def team_of(body: Payload) -> str:
    """The workspace that the app was installed to, of the several that one payload may name."""
    installed = part_of(body, "view").get("app_installed_team_id")
    named = installed or _authorization(body).get("team_id") or body.get("context_team_id")
    return str(named or id_of(body, "team"))


def enterprise_of(body: Payload) -> str:
    if authorization := _authorization(body):
        return str(authorization.get("enterprise_id") or "")
    return id_of(body, "enterprise")


def workspace_within(body: Payload) -> str:
    """The workspace's own id, where the installation goes by its organisation's."""
    team = team_of(body)
    if team != workspace(body):
        return team
    return ""


def bot_user_of(body: Payload) -> str:
    ours = _authorization(body)
    if not ours.get("is_bot", True):
        return ""
    return str(ours.get("user_id") or "")


def id_of(body: Payload, noun: str) -> str:
    """`team_id`, or `team.id`; empty where Slack sends null."""
    whole = body.get(noun)
    if isinstance(whole, Mapping):
        inner = whole.get("id")
    else:
        inner = whole
    return str(body.get(f"{noun}_id") or inner or "")


def part_of(body: Payload, key: str) -> Payload:
    value = body.get(key)
    if isinstance(value, Mapping):
        return value
    return {}
