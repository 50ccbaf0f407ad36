"""The address that calendar programs fetch: one private calendar a person, by a secret in its path.

An address that is unknown, was switched off or is no address at all gets the same answer. Nothing
of the path is logged, and no cache between here and the calendar may keep what it holds.
"""

import hashlib
import re
import time
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.core.ports import StoreGone
from bot.features.plan.calendar_feed import Served

PATH: Final = "/calendar/"
BURST: Final = 100
PER_SECOND: Final = 20.0
"""Of all fetches together: a calendar program looks a few times a day."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_PRIVATE: Final = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}

Lookup = Callable[[str], Awaitable[Served | None]]
"""From an address's secret to what it holds now. Raises StoreGone."""


def routes(lookup: Lookup, now: Callable[[], float] = time.monotonic) -> tuple[Route, ...]:
    """GET and HEAD of a calendar. `now` counts seconds."""
    bucket = Bucket(now)

    async def calendar(request: Request) -> Response:
        if not bucket.takes():
            return _plain("too many", 429, {"Retry-After": "60"})
        token = request.path_params["name"].removesuffix(".ics")
        try:
            found = None
            if _TOKEN.fullmatch(token):
                found = await lookup(token)
        except StoreGone:
            return _plain("try again", 503, {"Retry-After": "60"})
        if found is None:
            return _plain("Not Found", 404, {})
        return _answer(request, found)

    return (Route(f"{PATH}{{name}}", calendar, methods=["GET"]),)


def _plain(words: str, status: int, headers: dict[str, str]) -> Response:
    return PlainTextResponse(words, status_code=status, headers={**_PRIVATE, **headers})


def _answer(request: Request, found: Served) -> Response:
    tag = f'"{hashlib.sha256(found.text.encode()).hexdigest()[:32]}"'
    headers = {
        **_PRIVATE,
        "ETag": tag,
        "Last-Modified": format_datetime(found.changed_at, usegmt=True),
    }
    if _is_known(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(found.text, media_type="text/calendar", headers=headers)


def _is_known(said: str, tag: str) -> bool:
    """Whether the asker has these bytes: '*', or one of its marks, weak ones too."""
    marks = [mark.strip().removeprefix("W/") for mark in said.split(",")]
    return tag in marks or marks == ["*"]


class Bucket:
    """So many at once and so many a second in the long run."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._room = float(BURST)
        self._at = now()

    def takes(self) -> bool:
        """Whether one more may come in; it is counted then."""
        now = self._now()
        self._room = min(BURST, self._room + (now - self._at) * PER_SECOND)
        self._at = now
        if self._room < 1:
            return False
        self._room -= 1
        return True
