"""Which bot token speaks in which workspace.

A bot for one workspace has one token for all; a bot that many workspaces installed looks it up
(adapters.slack.installations) and renews it before it ends, where tokens end
(adapters.slack.token_rotation).
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from slack_sdk.web.async_client import AsyncWebClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """`bot_user` and `bot_id` are how Slack names the bot itself: what it says must not be
    answered. `ends_at`: None for a token that does not end by itself.
    """

    token: str = field(repr=False)
    bot_user: str = ""
    bot_id: str = ""
    team: str = ""
    enterprise: str = ""
    ends_at: datetime | None = None


class TokenSource(Protocol):
    async def who(self, workspace: str) -> Grant | None:
        """Who the bot is in a workspace (or organisation), whether or not its token still works;
        None where it is not installed.
        """
        ...

    async def find(self, workspace: str) -> Grant | None:
        """The same with a token to speak with.

        Raises ConnectionError while there is none to be had.
        """
        ...

    async def instead_of(self, workspace: str, refused: Grant, why: str) -> Grant | None:
        """Slack refused this grant's token, and said why: another one that it may take,
        or None if there is none.
        """
        ...

    async def revoke(self, workspace: str, *, said_at: datetime | None = None) -> None:
        """The workspace took its grant back (`said_at`: when it did so):
        forget the token at once.
        """
        ...


class OneGrant:
    """The token of the settings, for every workspace; asked about once,
    however many ask at the same time.
    """

    def __init__(self, client: AsyncWebClient, token: str) -> None:
        self._client = client
        self._token = token
        self._grant: Grant | None = None
        self._revoked = False
        self._asking = asyncio.Lock()

    async def who(self, workspace: str) -> Grant | None:
        return await self.find(workspace)

    async def find(self, workspace: str) -> Grant | None:  # noqa: ARG002 -- one token serves all
        if self._revoked:
            return None
        if self._grant is None:
            async with self._asking:
                self._grant = self._grant or await ask(self._client, self._token)
        return self._grant

    async def instead_of(self, workspace: str, refused: Grant, why: str) -> Grant | None:  # noqa: ARG002
        return None

    async def revoke(self, workspace: str, *, said_at: datetime | None = None) -> None:  # noqa: ARG002
        """One workspace of an organisation that goes takes nothing from the others."""
        if self._grant is None or workspace in (self._grant.team, self._grant.enterprise):
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
