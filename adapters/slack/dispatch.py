"""Slack's requests, by either way, handed to Bolt; Bolt with one listener for everything."""

import logging
import re
from collections.abc import Callable, Mapping
from time import time
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.slack.apologies import NOT_INSTALLED, Apologies
from adapters.slack.authorize import Authorize
from adapters.slack.client import Client, errors_only
from adapters.slack.envelope import workspace, workspaces_gone
from adapters.slack.errors import receipt_for
from adapters.slack.listener import Listener
from adapters.slack.token_source import TokenSource
from bot.core.messages import TokenDead

log = logging.getLogger(__name__)

EVERYTHING = re.compile(".*", re.DOTALL)

# https://docs.slack.dev/apis/web-api/rate-limits
HELD_BACK = "app_rate_limited"
"""Comes every minute while a workspace is over 30,000 events an hour."""


def bolt(client: Client, grants: TokenSource, listener: Listener, not_installed: str) -> AsyncApp:
    """Bolt as it is used here.

    It answers only when the listener has returned (`process_before_response`): the default
    acknowledges events before their turn is committed.
    """
    name = f"{__name__}.bolt"
    app = AsyncApp(
        client=client,
        logger=errors_only(name),
        name=name,  # Bolt sets the level of the logger of this name
        process_before_response=True,
        # Bolt's hint knows functions only.
        authorize=Authorize(grants),  # type: ignore[arg-type]
        # adapters.slack.webhook does, before anything is parsed.
        request_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        user_facing_authorize_error_message=not_installed,
    )
    for register in (
        app.command,
        app.action,
        app.shortcut,
        app.view,
        app.view_closed,
        app.event,
    ):
        register(EVERYTHING)(listener.listen)
    return app


class Dispatcher:
    """Bolt's answer, but for two things that it has no good one for: Slack holds events back,
    and the bot was removed there.
    """

    def __init__(
        self,
        *,
        client: Client,
        grants: TokenSource,
        listener: Listener,
        apologies: Apologies,
        phrases: Mapping[str, str],
        on_held_back: Callable[[], None],
    ) -> None:
        self._app = bolt(client, grants, listener, phrases[NOT_INSTALLED])
        self._grants = grants
        self._listener = listener
        self._apologies = apologies
        self._on_held_back = on_held_back

    async def dispatch(self, asked: AsyncBoltRequest) -> BoltResponse:
        """The answer to write; `Listener.settle` wants to know whether it was written."""
        body = asked.body
        if body.get("type") == HELD_BACK:
            log.warning("slack: holds events back, because one workspace sent too many in an hour")
            self._on_held_back()
            return BoltResponse(status=200, body="")
        if await self._is_removed(body):
            return self._apologies.not_installed(body)
        return await self._app.async_dispatch(asked)

    async def answer_envelope(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        """Dispatch one envelope of Socket Mode, and acknowledge it on the same connection."""
        started = time()
        asked = AsyncBoltRequest(
            mode="socket_mode", body=request.payload, headers=build_headers(request)
        )
        response = await self.dispatch(asked)
        try:
            await send_async_response(client, request, response, started)
        except (OSError, aiohttp.ClientError) as error:
            log.warning("slack: an acknowledgement could not be sent (%s)", type(error).__name__)
            await self._listener.settle(asked, False)
            return
        await self._listener.settle(asked, True)

    async def _is_removed(self, body: Mapping[str, Any]) -> bool:
        """Slack goes on delivering for a while after an uninstall.

        What cannot be told is Bolt's to find out.
        """
        try:
            where = workspace(body)
            if not where or workspaces_gone(body) is not None:
                return False
            return await self._grants.who(where) is None
        except SlackApiError as error:
            return isinstance(receipt_for(error), TokenDead)
        # A torn payload, a database that is away: looked at again behind.
        except Exception:  # noqa: BLE001
            return False
