"""Three addresses for operators: is the process alive, may it get work, what does it count.

Readiness is red for database, content and clock only: a platform that is down is reported, not
punished.
"""

from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Readiness = Callable[[], Awaitable[tuple[bool, Mapping[str, object]]]]
"""Whether the process is ready, and what it knows: printed as JSON either way."""


def routes(
    *, ready: Readiness, refresh: Callable[[], Awaitable[None]], registry: CollectorRegistry
) -> tuple[Route, ...]:
    """/healthz, /readyz, /metrics. `refresh` brings the gauges up to date before they are read."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(_: Request) -> Response:
        well, known = await ready()
        return JSONResponse(dict(known), status_code=200 if well else 503)

    async def metrics(request: Request) -> Response:
        await refresh()
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), media_type=media_type)

    return (Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics))
