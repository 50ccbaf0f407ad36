"""Which bot token speaks in which workspace.

A bot for one workspace has one token for all; a bot that many workspaces installed looks it up (adapters.slack.installations).
"""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """`bot_user` and `bot_id` are how Slack names the bot itself: what it says must not be answered."""

    token: str
    bot_user: str = ""
    bot_id: str = ""
    team: str = ""
    enterprise: str = ""


class Grants(Protocol):
    async def find(self, workspace: str) -> Grant | None:
        """The grant for a workspace (or organisation); None where the bot is not installed (any more)."""
        ...

    async def revoke(self, workspace: str) -> None:
        """The workspace took its grant back: forget the token at once."""
        ...


class OneGrant:
    """The token of the settings, for every workspace; asked about once, however many ask at the same time."""

    def __init__(self, client: AsyncWebClient, token: str) -> None:
        self._client = client
        self._token = token
        self._grant: Grant | None = None
        self._revoked = False
        self._asking = asyncio.Lock()

    async def find(self, workspace: str) -> Grant | None:  # noqa: ARG002 -- one token serves all
        if self._revoked:
            return None
        if self._grant is None:
            async with self._asking:
                self._grant = self._grant or await ask(self._client, self._token)
        return self._grant

    async def revoke(self, workspace: str) -> None:  # noqa: ARG002
        self._revoked = True


async def ask(client: AsyncWebClient, token: str) -> Grant:
    """What Slack says about a token. Raises SlackApiError if it is no good."""
    answer = await client.auth_test(token=token)
    return Grant(
        token=token,
        bot_user=str(answer.get("user_id") or ""),
        bot_id=str(answer.get("bot_id") or ""),
        team=str(answer.get("team_id") or ""),
        enterprise=str(answer.get("enterprise_id") or ""),
    )
