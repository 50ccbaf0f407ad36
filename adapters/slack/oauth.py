"""Installing the bot into a workspace: two pages, `/slack/install` and where Slack sends the browser back to.

Bolt's flow does the work (state, cookie, code for token); what it brings is kept by adapters.slack.installations.
"""

from dataclasses import dataclass
from urllib.parse import urljoin

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.slack.installations import STATE_MINUTES, Installations, States
from adapters.slack.manifest import SCOPES
from adapters.slack.webhook import INSTALL_PATH, REDIRECT_PATH


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspaces:
    """What a bot needs that any workspace may install."""

    client_id: str
    client_secret: str
    public_url: str
    installations: Installations
    states: States


def routes(workspaces: Workspaces, client: AsyncWebClient) -> tuple[Route, ...]:
    """The two pages. Slack's consent page stands beside its Web API, so GovSlack's is found by the same setting."""
    flow = AsyncOAuthFlow(
        client=client,
        settings=AsyncOAuthSettings(
            client_id=workspaces.client_id,
            client_secret=workspaces.client_secret,
            scopes=sorted(SCOPES),
            user_scopes=[],
            redirect_uri=f"{workspaces.public_url.rstrip('/')}{REDIRECT_PATH}" if workspaces.public_url else None,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            authorization_url=urljoin(client.base_url, "../oauth/v2/authorize"),
            installation_store=workspaces.installations,
            installation_store_bot_only=True,
            state_store=workspaces.states,
            state_expiration_seconds=STATE_MINUTES * 60,
        ),
    )

    async def install(request: Request) -> Response:
        return to_starlette_response(await flow.handle_installation(to_async_bolt_request(request, b"")))

    async def redirect(request: Request) -> Response:
        return to_starlette_response(await flow.handle_callback(to_async_bolt_request(request, b"")))

    return (Route(INSTALL_PATH, install, methods=["GET"]), Route(REDIRECT_PATH, redirect, methods=["GET"]))
