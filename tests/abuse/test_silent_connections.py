"""Connections that are opened for nothing: whoever has something
to say is answered all the same.
"""

import asyncio
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from adapters import web
from adapters.waiting_room import OWING, OWING_OF_ADDRESS
from tests.running_bot import running_bot
from tests.servers.slack import SIGNING_SECRET, SlackServer, signed

SILENT = 500
BODY = '{"type": "url_verification", "challenge": "c"}'
HALF_A_HEAD = b"POST /echo HTTP/1.1\r\nHost: here\r\nX-Slow: "
HALF_A_BODY = b"POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\n01234"


@asynccontextmanager
async def crowd(port: int, count: int, *, says: bytes = b"", spread: int = 1):
    """Open connections that say this and no more, from so many addresses."""
    opened = []
    for number in range(count):
        there = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(f"127.0.1.{1 + number % spread}", 0)
        )
        there[1].write(says)
        opened.append(there)
    try:
        yield [reader for reader, _ in opened]
    finally:
        for _, writer in opened:
            writer.transport.abort()


@asynccontextmanager
async def serving(**more):
    bodies = []

    async def echo(request: Request) -> PlainTextResponse:
        bodies.append(await request.body())
        return PlainTextResponse(bodies[-1])

    port = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(
        web.serve(
            [Route("/echo", echo, methods=["POST"])],
            host="127.0.0.1",
            port=0,
            listening=port.set_result,
            **more,
        )
    )
    try:
        yield await port, bodies
    finally:
        server.cancel()
        with suppress(asyncio.CancelledError):
            await server


async def still_open(readers) -> int:
    await asyncio.sleep(0)
    return sum(not reader.at_eof() for reader in readers)


@pytest.mark.parametrize("spread", [1, 20])
@pytest.mark.parametrize("says", [b"", HALF_A_HEAD, HALF_A_BODY])
async def test_silent_connections_keep_nobody_out(says, spread):
    async with serving() as (port, _), crowd(port, SILENT, says=says, spread=spread) as readers:
        async with httpx.AsyncClient() as client:
            answers = [
                await client.post(f"http://127.0.0.1:{port}/echo", content=b"here")
                for _ in range(3)
            ]
        assert [(one.status_code, one.text) for one in answers] == [(200, "here")] * 3
        assert await still_open(readers) <= min(OWING, OWING_OF_ADDRESS * spread)


@pytest.mark.parametrize("says", [b"", HALF_A_HEAD, HALF_A_BODY])
async def test_what_is_owed_for_too_long_is_not_waited_for_and_half_a_body_is_none(says):
    async with serving(owing_seconds=0.2) as (port, bodies), crowd(port, 3, says=says) as readers:
        async with asyncio.timeout(5):
            ends = [
                await asyncio.gather(reader.read(), return_exceptions=True) for reader in readers
            ]
        assert all(end == [b""] or isinstance(end[0], ConnectionError) for end in ends)
        assert bodies == []


async def test_a_head_that_drips_has_no_more_time_than_one_that_stops():
    async with serving(owing_seconds=0.3) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.timeout(5):
            with suppress(ConnectionError):
                writer.write(HALF_A_HEAD)
                while not reader.at_eof():
                    writer.write(b"x")
                    await writer.drain()
                    await asyncio.sleep(0.02)
        writer.transport.abort()


async def test_a_connection_that_is_used_again_and_a_slow_answer_are_no_silence():
    async def slow(_: Request) -> PlainTextResponse:
        await asyncio.sleep(0.5)
        return PlainTextResponse("done")

    port = asyncio.get_running_loop().create_future()
    routes = [Route("/slow", slow)]
    server = asyncio.create_task(
        web.serve(routes, host="127.0.0.1", port=0, listening=port.set_result, owing_seconds=0.2)
    )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{await port}") as client:
        texts = [(await client.get("/slow")).text for _ in range(2)]
    server.cancel()
    with suppress(asyncio.CancelledError):
        await server
    assert texts == ["done", "done"]


async def test_slack_is_answered_beside_five_hundred_silent_connections(url):
    async with (
        SlackServer() as slack,
        running_bot(
            url, slack=slack, slack_app_token=None, slack_signing_secret=SIGNING_SECRET
        ) as bot,
    ):
        kind = {"Content-Type": "application/json"}
        await slack.until(lambda: slack.calls("auth.test"))
        async with crowd(int(bot.door.base_url.port or 0), SILENT):
            answer = await bot.door.post("/slack/events", content=BODY, headers=kind | signed(BODY))
            assert (answer.status_code, "c" in answer.text) == (200, True)
            assert (await bot.door.get("/healthz")).status_code == 200


async def test_probes_with_a_port_of_their_own_are_nowhere_else(url, caplog):
    caplog.set_level("INFO", logger="bot.runtime.service")
    async with (
        SlackServer() as slack,
        running_bot(
            url,
            slack=slack,
            slack_app_token=None,
            slack_signing_secret=SIGNING_SECRET,
            probes_port=0,
        ) as bot,
        httpx.AsyncClient() as client,
    ):
        async with asyncio.timeout(5):
            while not (
                ports := [one.args[0] for one in caplog.records if one.msg == "probes on port %d"]
            ):
                await asyncio.sleep(0.01)
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await bot.door.get(path)).status_code == 404
            assert (await client.get(f"http://127.0.0.1:{ports[0]}{path}")).status_code in (
                200,
                503,
            )
