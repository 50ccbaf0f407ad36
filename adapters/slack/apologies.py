"""What somebody is told when no turn can answer them: busy, in trouble, not installed.

One sentence, tried once: nothing happened that could be lost.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
from slack_bolt.response import BoltResponse

from adapters.slack.acknowledgement import notice, private, update
from adapters.slack.addresses import is_slacks
from adapters.slack.background import Background
from adapters.slack.client import Client
from adapters.slack.forms import ModalTrigger
from adapters.slack.views import Showing
from bot.core.events import Event
from content.content import Content

log = logging.getLogger(__name__)

NOT_INSTALLED = "slack_not_installed"


class Apologies:
    """Goes to an address only where that is Slack's."""

    def __init__(
        self,
        *,
        client: Client,
        showing: Showing,
        background: Background,
        content: Callable[[], Content],
    ) -> None:
        self._client = client
        self._showing = showing
        self._background = background
        self._content = content

    async def tell(self, event: Event, door: ModalTrigger, phrase: str) -> None:
        """By response_url, or in a modal where there is none."""
        address = event.token.address if event.token else ""
        phrases = self._content().phrases
        if self._client.session is None:
            return
        if is_slacks(address, self._client.base_url):
            await self._post(address, private(phrases[phrase]))
            return
        await self._showing.open(door, notice(phrases, phrase), event.chat.workspace)

    def not_installed(self, body: Mapping[str, Any]) -> BoltResponse:
        """Events are acknowledged and that is all; whoever did something is told."""
        log.info("slack: a %s of a workspace without the bot", body.get("type") or "command")
        phrases = self._content().phrases
        told = private(phrases[NOT_INSTALLED])
        if "command" in body:
            return BoltResponse(status=200, body=told)
        if body.get("type") == "view_submission":
            return BoltResponse(status=200, body=update(notice(phrases, NOT_INSTALLED)))
        address = str(body.get("response_url") or "")
        if is_slacks(address, self._client.base_url):
            self._background.start(self._post(address, told))
        return BoltResponse(status=200, body="")

    async def _post(self, address: str, body: Mapping[str, object]) -> None:
        try:
            async with self._client.open().post(address, json=body):
                pass
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("slack: an apology did not arrive (%s)", type(error).__name__)
