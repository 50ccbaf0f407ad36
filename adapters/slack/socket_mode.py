"""Keeps one Socket Mode connection alive, around the defects of the SDK's own client.

slack-sdk 3.47 redials a refused single-use ticket for ever, answers every disconnect frame with a
full reconnect, and can be alive but silent. So: a watch that takes spent tickets away, a pause
between reconnects, a rebuild when nothing helps, and an end when rebuilding does not either.
"""

import asyncio
import logging
import math
import random
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, NoReturn

from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import receipt_for
from adapters.slack.proxy import proxy_for
from bot.core.messages import TokenDead

log = logging.getLogger(__name__)

PING_SECONDS = 5.0
"""A silent peer is noticed after four of these."""

TICKET_MISSES = 2
"""Looks without a connection after which a ticket counts as spent."""

REBUILD_MISSES = 8
"""Looks without a connection after which the client is thrown away."""

REBUILDS = 3
"""Clients in a row that never connected: then Slack is lost for good."""

MINUTE_SECONDS = 60.0
# https://docs.slack.dev/reference/methods/apps.connections.open
OPENS_A_MINUTE = 6
"""`apps.connections.open` is a slow method; beyond this many a minute
the client waits before it asks again.
"""

EXPECTED_CONNECTIONS = 2
"""One process, and its successor during a deployment.

More means that somebody else runs the same app and takes our events.
"""

CLOSE_SECONDS = 2.0

_TICKET = re.compile(r"ticket=[^&\s'\"]+")

Handle = Callable[[SocketModeClient, SocketModeRequest], Awaitable[None]]


class SlackGone(Exception):  # noqa: N818 -- it names what happened
    """Slack cannot be reached or refuses the app for good;
    the message says which setting to look at.
    """


class Connection(SocketModeClient):
    """The SDK's client, with patience: it does not reconnect twice
    for one burst of disconnect frames.
    """

    def __init__(self, *, app_token: str, web_client: AsyncWebClient, ping_seconds: float) -> None:
        super().__init__(
            app_token=app_token,
            web_client=web_client,
            ping_interval=ping_seconds,
            logger=_quiet_logger(),
        )
        self.refused = ""
        self.connected_once = False
        self._settled_at = 0.0
        self._opens: deque[float] = deque(maxlen=OPENS_A_MINUTE)

    async def connect(self) -> None:
        await super().connect()  # type: ignore[no-untyped-call]  # the SDK's own
        self.connected_once = True

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """A disconnect frame during or right after the reconnect that another
        caused is the same storm, not a second one.
        """
        if not force:
            await super().connect_to_new_endpoint()
            return
        if time.monotonic() < self._settled_at:
            return
        self._settled_at = math.inf
        try:
            await super().connect_to_new_endpoint(force=True)
        finally:
            self._settled_at = time.monotonic() + self.ping_interval

    async def issue_new_wss_url(self) -> str:
        await asyncio.sleep(self._pause())
        self._opens.append(time.monotonic())
        try:
            address = await super().issue_new_wss_url()
        except SlackApiError as error:
            receipt = receipt_for(error)
            if isinstance(receipt, TokenDead):
                self.refused = receipt.reason
            raise
        self.proxy = proxy_for(address)
        return address

    def _pause(self) -> float:
        """None for the first few tickets of a minute; then until the minute is over and a little
        longer, spread so that replicas do not march in step.
        """
        if len(self._opens) < OPENS_A_MINUTE:
            return 0.0
        left = MINUTE_SECONDS - (time.monotonic() - self._opens[0])
        return max(0.0, left) * random.uniform(1.0, 1.2)  # noqa: S311 -- only spreads load

    async def end(self) -> None:
        """Close, waiting for nobody who does not answer."""
        self.closed = True
        self.auto_reconnect_enabled = False
        try:
            with suppress(TimeoutError, OSError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self.disconnect()  # type: ignore[no-untyped-call]  # the SDK's own
            await self._end_tasks()
        finally:
            await self.aiohttp_client_session.close()

    async def _end_tasks(self) -> None:
        tasks = [
            task
            for task in (
                self.message_processor,
                self.current_session_monitor,
                self.message_receiver,
            )
            if task is not None
        ]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def listen(
    *,
    app_token: str,
    web_client: AsyncWebClient,
    handle: Handle,
    heard: Callable[[], None],
    drain: Callable[[], Awaitable[None]],
    ping_seconds: float = PING_SECONDS,
) -> NoReturn:
    """Receive until cancelled.

    `heard` is called whenever the connection showed life; `drain` before a connection closes, to
    let acknowledgements out. Raises SlackGone when Slack is lost for good.
    """
    failures = 0
    while True:
        connection = Connection(
            app_token=app_token, web_client=web_client, ping_seconds=ping_seconds
        )
        # The SDK names its base class.
        connection.socket_mode_request_listeners.append(handle)  # type: ignore[arg-type]
        connection.message_listeners.append(_greet)
        dialling = asyncio.create_task(connection.connect())
        try:
            await _watch(connection, heard)
        finally:
            # Whoever is cancelled again while acknowledgements go out still closes the connection.
            try:
                await drain()
            finally:
                dialling.cancel()
                await asyncio.gather(dialling, return_exceptions=True)
                await connection.end()
        if connection.connected_once:
            failures = 0
        else:
            failures = failures + 1
        if failures >= REBUILDS:
            raise SlackGone(
                "no Socket Mode connection after several tries; is the network up, and "
                "Socket Mode on in the app's settings?"
            )
        log.warning("slack: building a new connection")


async def _watch(connection: Connection, heard: Callable[[], None]) -> None:
    """Return when the connection is past saving."""
    misses = 0
    pong: float | None = None
    while misses < REBUILD_MISSES:
        await asyncio.sleep(connection.ping_interval)
        if connection.refused:
            raise SlackGone(f"Slack refuses SLACK_APP_TOKEN: {connection.refused}")
        if await connection.is_connected():
            misses = 0
            if connection.last_ping_pong_time != pong:
                pong = connection.last_ping_pong_time
                heard()
            continue
        misses += 1
        if misses >= TICKET_MISSES:
            connection.wss_uri = None


# The SDK's listener.
async def _greet(client: Any, message: dict[str, Any], raw: str | None) -> None:  # noqa: ARG001
    if message.get("type") != "hello":
        return
    count = int(message.get("num_connections") or 1)
    if count > EXPECTED_CONNECTIONS:
        log.warning(
            "slack: %d connections share this app's events; each environment needs an app of "
            "its own",
            count,
        )
    else:
        log.info("slack: connected (%d connections)", count)


class _Discreet(logging.Filter):
    """Single-use tickets and tracebacks stay out of the log; the kind of trouble stays in."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _TICKET.sub("ticket=…", record.getMessage())
        record.args = ()
        record.exc_info = None
        return True


def _quiet_logger() -> logging.Logger:
    """Never at DEBUG, where the SDK logs whole payloads."""
    logger = logging.getLogger(f"{__name__}.client")
    logger.setLevel(logging.WARNING)
    if not logger.filters:
        logger.addFilter(_Discreet())
    return logger
