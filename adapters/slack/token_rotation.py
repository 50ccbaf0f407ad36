"""Tokens that end after twelve hours (Slack's token rotation), renewed by whoever needs one: an
event that comes in, a message that goes out.

A refresh token is good once. Its use is announced under the lock of the workspace's row before
Slack is asked, and the new pair is kept there before anybody uses it. The lock itself is not held
while Slack thinks: on SQLite that would hold up every conversation.
"""

import asyncio
import logging
import time
from datetime import datetime, timedelta

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.errors import REFRESH_TOKEN_DEAD, NotRenewed, word_of
from adapters.slack.installations import Installations, Renewal
from adapters.slack.token_source import Grant
from bot.core.ports import Clock, StoreGone

log = logging.getLogger(__name__)

EARLY = timedelta(hours=2)
"""A token that ends so soon is renewed while it still works: nobody waits for that."""

AT_THE_LATEST = timedelta(seconds=30)
"""A token that ends so soon is not trusted with a message any more."""

# A refresh token is good once, so two processes must never spend the same one:
# https://docs.slack.dev/authentication/using-token-rotation
LOOK_AGAIN_SECONDS = 0.3
"""While another process renews."""

AFTER_FAILURE_SECONDS = 30.0
"""Between two tries that nobody waits for."""

PATIENCE_SECONDS = 12.0
"""How long somebody with a message waits for that."""

DATABASE_PAUSE_SECONDS = 1.0


class Renewing:
    """Grants of installations whose tokens may end."""

    def __init__(
        self,
        *,
        installations: Installations,
        client: AsyncWebClient,
        client_id: str,
        client_secret: str,
        clock: Clock,
    ) -> None:
        self._installations = installations
        self._client = client
        self._client_id = client_id
        self._client_secret = client_secret
        self._clock = clock
        self._under_way: dict[str, asyncio.Task[Grant | None]] = {}
        self._not_before: dict[str, float] = {}

    async def who(self, workspace: str) -> Grant | None:
        """See adapters.slack.token_source.

        A renewal that is due begins here and is not waited for.
        """
        grant = await self._installations.find(workspace)
        if (
            grant is not None
            and self._ends_within(grant, EARLY)
            and time.monotonic() >= self._not_before.get(workspace, 0.0)
        ):
            self._renewal(workspace, grant)
        return grant

    async def find(self, workspace: str) -> Grant | None:
        """See adapters.slack.token_source. Raises NotRenewed."""
        grant = await self.who(workspace)
        if grant is None or not self._ends_within(grant, AT_THE_LATEST):
            return grant
        return await asyncio.shield(self._renewal(workspace, grant))

    async def instead_of(self, workspace: str, refused: Grant, why: str) -> Grant | None:
        """What another process renewed or installed anew meanwhile; else,
        where the token has ended, a renewed one.
        """
        grant = await self._installations.read_again(workspace)
        if grant is None or grant.token != refused.token:
            return grant
        if why != "token_expired":
            return None
        return await asyncio.shield(self._renewal(workspace, refused))

    async def revoke(self, workspace: str, *, said_at: datetime | None = None) -> None:
        await self._installations.revoke(workspace, said_at=said_at)

    async def finish(self, seconds: float) -> None:
        """Let the renewals under way be kept, for a few seconds:
        what Slack gave for a spent token exists nowhere else.
        """
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=seconds)

    def _ends_within(self, grant: Grant, span: timedelta) -> bool:
        return grant.ends_at is not None and grant.ends_at - self._clock.now() <= span

    def _renewal(self, workspace: str, grant: Grant) -> "asyncio.Task[Grant | None]":
        """The renewal of this workspace's token, one at a time."""
        task = self._under_way.get(workspace)
        if task is None:
            task = self._under_way[workspace] = asyncio.create_task(self._renew(workspace, grant))
            task.add_done_callback(lambda done: self._note_end(workspace, done))
        return task

    def _note_end(self, workspace: str, task: "asyncio.Task[Grant | None]") -> None:
        del self._under_way[workspace]
        self._not_before[workspace] = time.monotonic() + AFTER_FAILURE_SECONDS
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning(
                "slack %s: its token could not be renewed (%s)",
                workspace,
                error if isinstance(error, NotRenewed) else type(error).__name__,
            )
        else:
            del self._not_before[workspace]

    async def _renew(self, workspace: str, grant: Grant) -> Grant | None:
        """A grant that is not `grant`; None if there is none any more. Raises NotRenewed."""
        claim = await self._claim(workspace, grant)
        if not isinstance(claim, Renewal):
            return claim
        try:
            answer = await self._client.oauth_v2_access(
                client_id=self._client_id,
                client_secret=self._client_secret,
                grant_type="refresh_token",
                refresh_token=claim.refresh_token,
            )
        except SlackApiError as error:
            if word_of(error) in REFRESH_TOKEN_DEAD:
                return await self._installations.end(workspace, claim, word_of(error))
            await self._installations.give_up_claim(workspace)
            raise NotRenewed(
                word_of(error) or "an answer that is no JSON"
            ) from None  # the error holds what Slack answered
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            await self._installations.give_up_claim(workspace)
            raise NotRenewed(type(error).__name__) from None
        return await self._keep(workspace, claim, answer)

    async def _claim(self, workspace: str, grant: Grant) -> Renewal | Grant | None:
        """Wait for another process that is renewing, for as long as
        somebody with a message would.
        """
        for _ in range(round(PATIENCE_SECONDS / LOOK_AGAIN_SECONDS)):
            claim = await self._installations.claim_renewal(workspace, grant.token)
            if claim != "busy":
                return claim
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        raise NotRenewed("another process has been at it for too long")

    async def _keep(
        self, workspace: str, claim: Renewal, answer: AsyncSlackResponse
    ) -> Grant | None:
        """The only copy of the new pair is in this process,
        so a database that is away is waited for.
        """
        token, refresh_token, lasts = (
            answer.get("access_token"),
            answer.get("refresh_token"),
            answer.get("expires_in"),
        )
        if not token or not refresh_token or not lasts:
            raise NotRenewed("an answer without tokens")
        ends_at = self._clock.now() + timedelta(seconds=int(lasts))
        while True:
            try:
                return await self._installations.save_renewal(
                    workspace, claim, token=token, refresh_token=refresh_token, ends_at=ends_at
                )
            except StoreGone:
                log.error(  # noqa: TRY400
                    "slack %s: its new token waits for the database; ending this process now "
                    "would lose it",
                    workspace,
                )
                await asyncio.sleep(DATABASE_PAUSE_SECONDS)
