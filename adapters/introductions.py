"""One harmless question to each platform, for `pivotbot doctor`: who is this token, and what time is it there?

Nothing is changed and nothing received; a running bot is not disturbed.
"""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx

SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """`refusal` is the platform's own word when it does not know the token; `clock` its Date header."""

    name: str = ""
    refusal: str = ""
    clock: datetime | None = None


async def telegram(token: str, api_url: str) -> Introduction:
    """GetMe. Raises OSError when nobody answers."""
    return await _asked("GET", f"{api_url}{token}/getMe", {})


async def slack(token: str, api_url: str) -> Introduction:
    """auth.test. Raises OSError when nobody answers."""
    return await _asked("POST", f"{api_url}auth.test", {"Authorization": f"Bearer {token}"})


async def _asked(method: str, address: str, headers: dict[str, str]) -> Introduction:
    try:
        async with httpx.AsyncClient(timeout=SECONDS) as client:
            response = await client.request(method, address, headers=headers)
            answer = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise OSError(type(error).__name__) from None  # the address holds the token: the original must not travel
    clock = _clock(response.headers.get("date", ""))
    if not answer.get("ok"):
        return Introduction(refusal=str(answer.get("description") or answer.get("error") or response.status_code), clock=clock)
    who = answer.get("result") or answer
    return Introduction(name=str(who.get("username") or who.get("user") or "bot"), clock=clock)


def _clock(date_header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date_header)
    except (TypeError, ValueError):
        return None
