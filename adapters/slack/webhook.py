"""Slack's requests over HTTP: is it Slack who asks, and back comes what Bolt answered.

The signature is checked here, before anything is parsed: Bolt's own check raises on a malformed
header and writes the body to the log.
"""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.core.ports import Clock

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"

SSL_CHECK_BYTES = 200

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")

Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
Settle = Callable[[AsyncBoltRequest, bool], Awaitable[None]]


class _At(SignatureClock):
    """The SDK's clock, told the time by ours."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()


# The stamp keeps an old request from being sent again, the signature covers body and stamp:
# https://docs.slack.dev/authentication/verifying-requests-from-slack
class Seal:
    """Whether a request carries Slack's signature, not older than five minutes."""

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        self._verifier = SignatureVerifier(signing_secret, clock=_At(clock))

    def is_on(self, body: bytes, timestamp: str, signature: str) -> bool:
        """False for every malformed header: the SDK's verifier raises on some."""
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            return False
        try:
            return self._verifier.is_valid(body, timestamp, signature)
        except ValueError:
            return False  # a body that is no text was not signed by Slack


def events_route(
    *,
    seal: Seal,
    dispatch: Dispatch,
    settle: Settle,
    heard: Callable[[], None],
    is_open: Callable[[], bool],
) -> Route:
    """The one request URL for events, commands and interactivity.

    `settle` runs once the answer is written.
    """

    async def events(request: Request) -> Response:
        body = await request.body()
        if _is_ssl_check(request.url.query.encode() if request.method == "GET" else body):
            return PlainTextResponse("")
        timestamp, signature = (
            _only(request, name) for name in ("x-slack-request-timestamp", "x-slack-signature")
        )
        if request.method != "POST" or not seal.is_on(body, timestamp, signature):
            return PlainTextResponse("not signed by Slack", status_code=401)
        heard()
        if not is_open():
            return PlainTextResponse("not ready", status_code=503)
        asked = to_async_bolt_request(request, body)
        response = to_starlette_response(await dispatch(asked))
        response.background = BackgroundTask(settle, asked, True)
        return response

    return Route(EVENTS_PATH, events, methods=["POST", "GET"])


def _only(request: Request, name: str) -> str:
    """A header that came once.

    One that came twice may be read differently by whoever stands before us.
    """
    values = request.headers.getlist(name)
    if len(values) != 1:
        return ""
    return values[0]


def _is_ssl_check(body: bytes) -> bool:
    """Slack tries a command URL's certificate now and then, unsigned;
    it wants a 200 and nothing else.
    """
    return len(body) < SSL_CHECK_BYTES and parse_qs(body.decode("ascii", "replace")).get(
        "ssl_check"
    ) == ["1"]
