"""One harmless question to each platform, for `pivotbot doctor`: who is this token, and what time
is it there?

Nothing is changed and nothing received; a running bot is not disturbed.
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """`refusal` is the platform's own word when it does not know the token; `clock` its Date
    header; `scopes` what the token may do, where the platform says so; `trouble` what the platform
    last had against us.
    """

    name: str = ""
    refusal: str = ""
    clock: datetime | None = None
    scopes: frozenset[str] = frozenset()
    trouble: str = ""


async def telegram(token: str, api_url: str) -> Introduction:
    """GetMe. Raises OSError when nobody answers."""
    return await _ask("GET", f"{api_url}{token}/getMe", {})


async def telegram_webhook(token: str, api_url: str) -> Introduction:
    """GetWebhookInfo: where Telegram delivers, and why it last could not.

    Raises OSError when nobody answers.
    """
    return await _ask("GET", f"{api_url}{token}/getWebhookInfo", {})


async def slack(token: str, api_url: str) -> Introduction:
    """auth.test. Raises OSError when nobody answers."""
    return await _ask("POST", f"{api_url}auth.test", {"Authorization": f"Bearer {token}"})


async def slack_app(token: str, api_url: str) -> Introduction:
    """apps.connections.open, whose ticket is left unused. Raises OSError when nobody answers."""
    return await _ask(
        "POST", f"{api_url}apps.connections.open", {"Authorization": f"Bearer {token}"}
    )


async def _ask(method: str, address: str, headers: dict[str, str]) -> Introduction:
    try:
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            response = await client.request(method, address, headers=headers)
            answer = response.json()
    except ValueError:
        raise OSError("what answers there is not this platform") from None
    except httpx.HTTPError as error:
        raise OSError(
            type(error).__name__
        ) from None  # the address holds the token: the original must not travel
    clock = _clock(response.headers.get("date", ""))
    if not answer.get("ok"):
        return Introduction(
            refusal=str(answer.get("description") or answer.get("error") or response.status_code),
            clock=clock,
        )
    who = answer.get("result") or answer
    return Introduction(
        name=str(who.get("username") or who.get("user") or who.get("url") or ""),
        clock=clock,
        scopes=frozenset(
            scope.strip()
            for scope in response.headers.get("x-oauth-scopes", "").split(",")
            if scope.strip()
        ),
        trouble=str(who.get("last_error_message") or ""),
    )


def _clock(date_header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date_header)
    except (TypeError, ValueError):
        return None
