"""One small web server in the loop that runs everything else.

It knows no route: wiring hands them over. Bodies are bounded, and so is the time for them (see
adapters.waiting_room); signals are left to the process, and a stop lets requests under way finish.
"""

import asyncio
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.waiting_room import OWING, OWING_SECONDS, WaitingRoom

BODY_BYTES = 1_000_000
"""More than the largest payload that Slack or Telegram sends."""

STOP_SECONDS = 5
CONCURRENT = 500
BACKLOG = 512


class WebGone(Exception):  # noqa: N818 -- it names what happened
    """The address cannot be listened on; the message says which and why."""


async def serve(
    routes: Sequence[BaseRoute],
    *,
    host: str,
    port: int,
    listening: Callable[[int], None] | None = None,
    owing_seconds: float = OWING_SECONDS,
    prefix: str = "",
) -> None:
    """Serve until cancelled.

    `listening` is told the port (with port 0 the system chooses one). `prefix`: the path that the
    world puts before ours; whoever stands before us may pass it on or take it off. Raises WebGone.
    """
    app = Starlette(routes=list(routes))
    app.router.redirect_slashes = (
        False  # it would send the visitor to whatever the Host header names
    )
    room = WaitingRoom(seconds=owing_seconds)
    server = _Server(
        uvicorn.Config(
            _Bounded(_Plain(app, prefix)),
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            # Uvicorn calls it; its hint names classes.
            http=room.protocol,  # type: ignore[arg-type]
            limit_concurrency=OWING + CONCURRENT,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )
    with _listener(host, port) as listener:
        task = asyncio.create_task(server.serve(sockets=[listener]))
        if listening is not None:
            listening(int(listener.getsockname()[1]))
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            server.should_exit = True
            await task
            raise


@contextmanager
def _listener(host: str, port: int) -> Iterator[socket.socket]:
    if ":" in host:
        family = socket.AF_INET6
    else:
        family = socket.AF_INET
    # With the protocol named: asyncio switches Nagle's delay (40 ms an answer) off only where it
    # knows that this is TCP.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except OSError as error:
            raise WebGone(
                f"cannot listen on {host}:{port} ({error.strerror}); set HOST and PORT to a "
                "free address"
            ) from error
        yield listener


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: the process decides when to stop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Plain:
    """Takes the prefix off, and a slash too many."""

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        self._app = app
        self._prefix = plain_path(prefix).rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if "path" in scope:
            scope = {**scope, "path": without_prefix(scope["path"], self._prefix)}
        await self._app(scope, receive, send)


def without_prefix(path: str, prefix: str) -> str:
    """The path as routes name it."""
    path = plain_path(path)
    if path.startswith(f"{prefix}/"):
        return path.removeprefix(prefix)
    return path


def plain_path(path: str) -> str:
    """One slash between its parts and none at its end."""
    return "/" + "/".join(part for part in path.split("/") if part)


class _Bounded:
    """Refuses bodies over `BODY_BYTES` with 413, whether their length was announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await _body(scope, receive)
        except _LeftError:
            return
        if body is None:
            await PlainTextResponse("too large", status_code=413, headers={"connection": "close"})(
                scope, receive, send
            )
            return
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            if waiting:
                return waiting.pop()
            return await receive()

        await self._app(scope, replay, send)


class _LeftError(Exception):
    """The other side went, or was shown out, before its body was here."""


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body, or None as soon as it is known to be too large.

    Raises _LeftError: half a body is none.
    """
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if not announced.isdigit() or int(announced) > BODY_BYTES:
        return None
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _LeftError
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY_BYTES:
            return None
    return body
