"""The Slack face: connects, receives until it is cancelled, sends what the outbox hands out.

It owns the SDK, the network and the waiting, and decides nothing: what an event means is parse's
business, what a reply looks like render's, what a refusal is called errors', what is acknowledged
the listener's.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from starlette.routing import Route

from adapters.slack import oauth, render
from adapters.slack.apologies import Apologies
from adapters.slack.background import Background
from adapters.slack.client import Client
from adapters.slack.dispatch import Dispatcher
from adapters.slack.errors import receipt_for
from adapters.slack.installations import Watcher
from adapters.slack.listener import ACK_SECONDS, MOST_TURNS, Listener
from adapters.slack.oauth import Workspaces
from adapters.slack.sending import Draw, Sender
from adapters.slack.socket_mode import PING_SECONDS, SlackGone, listen
from adapters.slack.surface import SURFACE
from adapters.slack.token_rotation import Renewing
from adapters.slack.token_source import Grant, OneGrant, TokenSource
from adapters.slack.views import Showing
from adapters.slack.webhook import Seal, events_route
from bot.core.events import Account, Event, Surface
from bot.core.messages import (
    Begin,
    Claimed,
    Delivered,
    Message,
    Receipt,
    TokenDead,
    mark_nothing,
)
from bot.core.ports import Clock, Intake, StoreGone
from bot.core.reply import Reply
from content.content import Content

log = logging.getLogger(__name__)

DRAIN_SECONDS = 5.0
WARM_UP_SECONDS = 2.0


class Slack:
    """The Messenger for Slack: Socket Mode with an app token,
    otherwise HTTP requests signed with the signing secret.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        content: Callable[[], Content],
        draw: Draw,
        api_url: str = "https://slack.com/api/",
        bot_token: str = "",
        app_token: str = "",
        signing_secret: str = "",
        workspaces: Workspaces | None = None,
        watcher: Watcher | None = None,
        ping_seconds: float = PING_SECONDS,
        ack_seconds: float = ACK_SECONDS,
        most_turns: int = MOST_TURNS,
    ) -> None:
        """`content`: as it is now; it may be read anew.

        `workspaces`: for a bot that any workspace may install; else `bot_token`. `watcher`: told
        where a token works.
        """
        self._clock = clock
        self._content = content
        self._app_token = app_token
        self._signing_secret = signing_secret
        self._ping_seconds = ping_seconds
        self.client = Client(api_url)
        self.grants: TokenSource = (
            _renewing(workspaces, self.client, clock)
            if workspaces
            else OneGrant(self.client, bot_token)
        )
        self._workspaces = workspaces
        self._watcher = watcher
        self._sender = Sender(client=self.client, grants=self.grants, clock=clock, draw=draw)
        self._showing = Showing(client=self.client, grants=self.grants)
        self._background = Background()
        apologies = Apologies(
            client=self.client,
            showing=self._showing,
            background=self._background,
            content=content,
        )
        self._listener = Listener(
            clock=clock,
            content=content,
            grants=self.grants,
            showing=self._showing,
            apologies=apologies,
            background=self._background,
            send=self.send,
            ack_seconds=ack_seconds,
            most_turns=most_turns,
        )
        self._dispatcher = Dispatcher(
            client=self.client,
            grants=self.grants,
            listener=self._listener,
            apologies=apologies,
            phrases=content().phrases,
            on_held_back=self._note_held_back,
        )
        self._heard_at: datetime | None = None
        self.held_back: Callable[[], None] = lambda: None
        """Called whenever Slack says that it holds events back."""

    # --- Messenger --------------------------------------------------------------------------------

    @property
    def surface(self) -> Surface:
        return SURFACE

    def render(self, reply: Reply, event: Event) -> tuple[Message, ...]:
        return render.render(reply, event, render.Words.of(self._content().phrases))

    async def connect(self) -> None:
        """Have a connection at hand, so that the first message's call begins at once.

        Whatever fails will fail there too.
        """
        self.open()
        with suppress(SlackApiError, aiohttp.ClientError, TimeoutError, OSError):
            await self.client.api_test()

    async def send(self, claimed: Claimed, begin: Begin = mark_nothing) -> Receipt:
        self.open()
        message = claimed.message
        async with self._showing.status(
            message.address.chat if message.lane == "answer" else None,
            self._content().phrases["slack_working"],
        ):
            receipt = await self._sender.send(claimed, begin)
        if isinstance(receipt, Delivered):
            self._note_heard()
        return receipt

    async def serve(self, intake: Intake) -> None:
        """Receive until cancelled; then let the turns under way finish.

        Raises SlackGone when Slack is lost for good.
        """
        self.open()
        await self._warm_up()
        if self._workspaces:
            self._background.start(self._reseal(self._workspaces))
        self._listener.intake = intake
        try:
            if self._app_token:
                await listen(
                    app_token=self._app_token,
                    web_client=self.client,
                    handle=self._envelope,
                    heard=self._note_heard,
                    ping_seconds=self._ping_seconds,
                    drain=self._drain,
                )
            await asyncio.Event().wait()
        finally:
            self._listener.intake = None
            await self._drain()
            if isinstance(self.grants, Renewing):
                await self.grants.finish(DRAIN_SECONDS)

    def last_heard_at(self) -> datetime | None:
        return self._heard_at

    # --- what else wiring asks of it --------------------------------------------------------------

    def routes(self, intake: Intake) -> tuple[Route, ...]:
        """The HTTP routes: the pages to install it by, and Slack's requests.

        In Socket Mode Slack delivers none of those.
        """
        if self._workspaces:
            pages = oauth.routes(self._workspaces, self.client, lambda: self._content().phrases)
        else:
            pages = ()
        if self._app_token or not self._signing_secret:
            return pages
        self._listener.intake = intake
        return (
            *pages,
            events_route(
                seal=Seal(self._signing_secret, self._clock),
                dispatch=self._dispatcher.dispatch,
                settle=self._listener.settle,
                heard=self._note_heard,
                is_open=lambda: self._listener.intake is not None,
            ),
        )

    async def zone_of(self, account: Account) -> str:
        """The IANA zone in the person's Slack profile; empty if Slack does not say."""
        self.open()
        try:
            grant = await self.grants.find(account.workspace)
            if grant is None:
                return ""
            answer = await self.client.users_info(token=grant.token, user=account.user)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, StoreGone) as error:
            log.info("slack: no zone for somebody (%s)", type(receipt_for(error)).__name__)
            return ""
        user: Mapping[str, Any] = answer.get("user") or {}
        return str(user.get("tz") or "")

    def open(self) -> None:
        """Needs the running loop."""
        self.client.open()

    async def close(self) -> None:
        """After the last message was sent."""
        await self.client.close()

    async def _envelope(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        self._note_heard()
        self._background.start(self._dispatcher.answer_envelope(client, request))

    # --- keeping things going ---------------------------------------------------------------------

    async def _reseal(self, workspaces: Workspaces) -> None:
        with suppress(StoreGone):  # then the next start does it
            await workspaces.installations.reseal()

    async def _warm_up(self) -> None:
        """Learn who we are before the first event asks.

        A token that Slack refuses ends it here, with the setting's name.
        """
        if not isinstance(self.grants, OneGrant):
            return
        while True:
            try:
                grant = await self.grants.find("")
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
                receipt = receipt_for(error)
                if isinstance(receipt, TokenDead):
                    raise SlackGone(f"Slack refuses SLACK_BOT_TOKEN: {receipt.reason}") from error
                log.warning("slack: not reachable yet (%s)", type(receipt).__name__)
                await asyncio.sleep(WARM_UP_SECONDS)
            else:
                self._note_heard()
                await self._works(grant)
                return

    async def _works(self, grant: Grant | None) -> None:
        """Nudges that rest since an earlier token was refused go on.

        With the database away, the first event does the same.
        """
        if grant is None or self._watcher is None:
            return
        with suppress(StoreGone):
            for workspace in filter(None, (grant.team, grant.enterprise)):
                await self._watcher.on_installed(workspace)

    def _note_heard(self) -> None:
        self._heard_at = self._clock.now()

    def _note_held_back(self) -> None:
        self.held_back()

    async def _drain(self) -> None:
        """Turns and acknowledgements under way may finish, for a few seconds."""
        await self._background.drain(DRAIN_SECONDS)


def _renewing(workspaces: Workspaces, client: Client, clock: Clock) -> Renewing:
    return Renewing(
        installations=workspaces.installations,
        client=client,
        client_id=workspaces.client_id,
        client_secret=workspaces.client_secret,
        clock=clock,
    )
