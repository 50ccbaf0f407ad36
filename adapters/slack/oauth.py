"""Installing the bot into a workspace or a whole organisation: two pages, `/slack/install` and
where Slack sends the browser back to.

Bolt's flow does the work (state, cookie, code for token); what it brings is kept by
adapters.slack.installations. What the pages say is content; whatever a browser or Slack put into
them is escaped.
"""

import hashlib
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin

import aiohttp
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.state_utils import OAuthStateUtils
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from adapters.slack.addresses import is_slacks
from adapters.slack.installations import Installations
from adapters.slack.manifest import SCOPES
from adapters.slack.pages import HEADERS, page
from adapters.slack.states import STATE_LASTS, States
from adapters.slack.webhook import INSTALL_PATH, REDIRECT_PATH
from bot.core.ports import StoreGone

log = logging.getLogger(__name__)

Phrases = Callable[[], Mapping[str, str]]
"""The content's sentences as they are now."""

Handle = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]

_TEAM = re.compile(r"[TE][A-Z0-9]{1,30}")
_REASON = re.compile(r"[a-z_]{1,40}")
_PAGES = {"invalid_state": "slack_install_stale", "invalid_browser": "slack_install_elsewhere"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspaces:
    """What a bot needs that any workspace may install."""

    client_id: str
    client_secret: str = field(repr=False)
    public_url: str
    installations: Installations
    states: States


def routes(workspaces: Workspaces, client: AsyncWebClient, phrases: Phrases) -> tuple[Route, ...]:
    """The two pages.

    Slack's consent page stands beside its Web API, so GovSlack's is found by the same setting.
    """
    public_url = workspaces.public_url.rstrip("/")
    begin = f"{public_url}{INSTALL_PATH}"
    outcome = _Outcome(client, phrases, begin)
    flow = _Flow(
        client=client,
        logger=_silent(),
        settings=AsyncOAuthSettings(
            client_id=workspaces.client_id,
            client_secret=workspaces.client_secret,
            scopes=sorted(SCOPES),
            user_scopes=[],
            redirect_uri=f"{public_url}{REDIRECT_PATH}" if public_url else None,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            authorization_url=urljoin(client.base_url, "../oauth/v2/authorize"),
            installation_store=workspaces.installations,
            installation_store_bot_only=True,
            state_store=workspaces.states,
            state_expiration_seconds=int(STATE_LASTS.total_seconds()),
            callback_options=AsyncCallbackOptions(success=outcome.success, failure=outcome.failure),
        ),
    )
    flow.phrases = phrases
    flow.settings.state_utils = _Cookies(expiration_seconds=int(STATE_LASTS.total_seconds()))
    return (
        Route(INSTALL_PATH, _endpoint(flow.handle_installation, phrases, begin), methods=["GET"]),
        Route(REDIRECT_PATH, _endpoint(flow.handle_callback, phrases, begin), methods=["GET"]),
    )


class _Cookies(OAuthStateUtils):
    """A cookie for each state, so that two tabs of one browser do not take each other's.

    Bolt's has one name for all.
    """

    def build_set_cookie_for_new_state(self, state: str) -> str:
        lasts = f"Max-Age={self.expiration_seconds}"
        return f"{_cookie(state)}={state}; Secure; HttpOnly; Path=/; {lasts}"

    def is_valid_browser(
        self, state: str | None, request_headers: Mapping[str, str | Sequence[str]]
    ) -> bool:
        sent = request_headers.get("cookie") or ()
        lines = (sent,) if isinstance(sent, str) else sent
        held = {one.strip().replace('"', "") for line in lines for one in line.split(";")}
        return bool(state) and f"{_cookie(state or '')}={state}" in held


def _cookie(state: str) -> str:
    return f"slack-app-oauth-state-{hashlib.sha256(state.encode()).hexdigest()[:12]}"


def _endpoint(
    handle: Handle, phrases: Phrases, begin: str
) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        try:
            response = to_starlette_response(await handle(_bolt_request(request)))
        except (StoreGone, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("slack: an installation could not go on (%s)", type(error).__name__)
            response = HTMLResponse(
                page(phrases(), "slack_install_later", address=begin), status_code=503
            )
        response.headers.update(HEADERS)
        return response

    return respond


def _bolt_request(request: Request) -> AsyncBoltRequest:
    """The request as Bolt takes it.

    Bolt writes `team` into Slack's address as it came, so only an id gets there.
    """
    query = dict(request.query_params)
    if not _TEAM.fullmatch(query.get("team", "")):
        query.pop("team", None)
    return AsyncBoltRequest(body="", query=query, headers=dict(request.headers))


class _Flow(AsyncOAuthFlow):
    """Bolt's flow with our own page to start from."""

    phrases: Phrases

    # Bolt's signature.
    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:  # noqa: ARG002
        return page(self.phrases(), "slack_install", address=url)


class _Outcome:
    """What the browser shows when it comes back from Slack."""

    def __init__(self, client: AsyncWebClient, phrases: Phrases, begin: str) -> None:
        self._client = client
        self._begin = begin
        self._phrases = phrases

    async def success(self, args: AsyncSuccessArgs) -> BoltResponse:
        """An organisation's admin has a next step: which workspaces get it."""
        if args.installation.is_enterprise_install:
            key = "slack_installed_everywhere"
        else:
            key = "slack_installed"
        html = page(self._phrases(), key, address=self._next(args.installation))
        return _response(200, html, args.request)

    def _next(self, installed: Installation) -> str:
        organisation = installed.enterprise_url or ""
        if installed.is_enterprise_install and is_slacks(organisation, self._client.base_url):
            return (
                f"{organisation}manage/organization/apps/profile/{installed.app_id}/workspaces/add"
            )
        query = urlencode({"app": installed.app_id or "", "team": installed.team_id or ""})
        return urljoin(self._client.base_url, f"../app_redirect?{query}")

    async def failure(self, args: AsyncFailureArgs) -> BoltResponse:
        """Slack's word, or Bolt's, said only if it looks like one:
        anybody can write one into this address.
        """
        if _REASON.fullmatch(args.reason):
            reason = args.reason
        else:
            reason = "unknown"
        log.info("slack: an installation came to nothing (%s)", reason)
        key = _PAGES.get(reason, "slack_install_failed")
        html = page(self._phrases(), key, address=self._begin, reason=reason)
        return _response(args.suggested_status_code, html, args.request)


def _response(status: int, html: str, request: AsyncBoltRequest) -> BoltResponse:
    """With this state's cookie taken back: it has done its work. Another tab's stays."""
    state = (request.query.get("state") or [""])[0]
    gone = f"{_cookie(state)}=deleted; Secure; HttpOnly; Path=/; Max-Age=0"
    headers = {"Content-Type": "text/html; charset=utf-8", "Set-Cookie": gone}
    return BoltResponse(status=status, body=html, headers=dict(headers))


def _silent() -> logging.Logger:
    """For Bolt's flow: its only warning has the code in it. What failed is logged above."""
    logger = logging.getLogger(f"{__name__}.bolt")
    logger.setLevel(logging.CRITICAL)
    return logger
