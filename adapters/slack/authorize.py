"""Bolt's question before each request: who are we in this workspace?

Answered from what is known, without asking Slack each time.
"""

from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.errors import SlackApiError

from adapters.slack.errors import receipt_for
from adapters.slack.token_source import Grant, TokenSource
from bot.core.messages import TokenDead


class Authorize(AsyncAuthorize):
    """None where the bot is not installed: Bolt says so to whoever asked."""

    def __init__(self, grants: TokenSource) -> None:
        self._grants = grants

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,  # noqa: ARG002 -- Bolt's signature
        actor_enterprise_id: str | None = None,  # noqa: ARG002
        actor_team_id: str | None = None,  # noqa: ARG002
        actor_user_id: str | None = None,  # noqa: ARG002
    ) -> AuthorizeResult | None:
        workspace = (
            enterprise_id if context.is_enterprise_install or not team_id else team_id
        ) or ""
        try:
            grant = await self._grants.who(workspace)
        except SlackApiError as error:
            if isinstance(receipt_for(error), TokenDead):
                return None
            # Bolt takes this class for "not installed" and acknowledges; any other leaves the event
            # for Slack to bring again.
            raise ConnectionError("Slack did not say who we are") from error
        if grant is None:
            return None
        return _result(grant, enterprise_id, team_id)


def _result(grant: Grant, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=enterprise_id,
        team_id=team_id,
        bot_user_id=grant.bot_user,
        bot_id=grant.bot_id,
        bot_token=grant.token,
    )
