"""Slack's requests over HTTP: only Slack's, at most once each, and answered in the response."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import web
from adapters.slack.transport import Slack
from adapters.slack.webhook import Seal
from bot.core.messages import Delivered
from tests.servers.slack import signed
from tests.slack.conftest import SIGNING_SECRET, Desk, face, serving

VECTOR = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA"
    b"&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
    b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)
"""The example in Slack's page on verifying requests, with its time and its digest."""

VECTOR_AT = 1531420618
VECTOR_DIGEST = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


class Frozen:
    def __init__(self, at: float) -> None:
        self.at = at

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


@pytest.fixture
async def http(server, desk, clock) -> AsyncIterator[Slack]:
    """Served by our own web server on a free port; Slack delivers by HTTP."""
    slack = face(server, clock, app_token="", signing_secret=SIGNING_SECRET)
    port = asyncio.get_running_loop().create_future()
    serving_web = asyncio.create_task(
        web.serve(slack.routes(desk), host="127.0.0.1", port=0, listening=port.set_result)
    )
    server.request_url = f"http://127.0.0.1:{await port}/slack/events"
    async with serving(slack, desk):
        await server.until(lambda: server.calls("auth.test"))
        yield slack
    serving_web.cancel()
    with suppress(asyncio.CancelledError):
        await serving_web


async def test_a_command_is_answered_in_the_response_and_settled_after_it(
    server, http, desk: Desk
) -> None:
    ack = await server.command("/salary", "senior")
    assert (ack.ok, ack.payload["response_type"]) == (True, "ephemeral")
    assert (await desk.until(1))[0][1] == Delivered("")
    assert http.last_heard_at() is not None


async def test_events_taps_and_forms_arrive_the_same_way(server, http, desk) -> None:
    assert (await server.message("hello")).ok
    assert (await server.submit("points", {"age": {"value": "30"}})).payload[
        "response_action"
    ] == "update"
    assert len(desk.events) == 2


async def test_an_event_whose_turn_failed_gets_a_503_and_comes_again(server, http, desk) -> None:
    attempts = []

    async def fail_once(event) -> None:
        attempts.append(event.key)
        if len(attempts) == 1:
            raise RuntimeError

    desk.before = fail_once
    ack = await server.message("hello", retries=3)
    assert ack.ok
    assert [one.status for one in server.acks] == [503, 200]
    assert len(desk.events) == 1


async def test_slack_checks_the_address_and_the_certificate(server, http) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"})
    ack = await server.post(body, {"Content-Type": "application/json", **signed(body)})
    assert (ack.status, ack.payload) == (200, {"challenge": "abc"})
    check = await server.post(
        "ssl_check=1&token=x", {"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert check.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Request-Timestamp": "abc", "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "٣٣٣", "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "9" * 13, "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "-1", "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v0=é"},
        {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v1=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": ""},
    ],
)
async def test_a_malformed_header_is_401_and_reaches_nobody(
    server, http, desk, clock, headers
) -> None:
    if headers.get("X-Slack-Request-Timestamp") == "now":
        headers = {**headers, "X-Slack-Request-Timestamp": str(int(clock.now().timestamp()))}
    ack = await server.post('{"type": "event_callback"}', headers)
    assert ack.status == 401
    assert desk.events == []


async def test_a_changed_body_an_old_request_and_another_secret_are_401(
    server, http, desk, clock
) -> None:
    body = '{"type": "event_callback"}'
    now = clock.now().timestamp()
    for sent, headers in (
        (body + " ", signed(body)),
        (body, signed(body, at=now - 301)),
        (body, signed(body, at=now + 360)),  # far enough that a slow machine does not catch up
        (body, signed(body, secret="another")),
    ):
        assert (await server.post(sent, headers)).status == 401
    assert desk.events == []


async def test_a_body_too_large_is_413_before_anything_looks_at_it(server, http) -> None:
    assert (await server.post(b"x" * (web.BODY_BYTES + 1), {})).status == 413


async def test_a_body_that_grows_too_large_without_saying_so_is_413_too(server, http) -> None:
    async def endless():
        for _ in range(web.BODY_BYTES // 65_536 + 2):
            yield b"x" * 65_536

    assert (await server.post(endless(), {})).status in (
        413,
        0,
    )  # 0: the connection was closed while we still wrote


def test_slacks_own_example_verifies() -> None:
    seal = Seal(SIGNING_SECRET, Frozen(VECTOR_AT))
    assert seal.is_on(VECTOR, str(VECTOR_AT), VECTOR_DIGEST)
    assert not seal.is_on(VECTOR + b"x", str(VECTOR_AT), VECTOR_DIGEST)
    assert not Seal(SIGNING_SECRET, Frozen(VECTOR_AT + 301)).is_on(
        VECTOR, str(VECTOR_AT), VECTOR_DIGEST
    )


@given(st.binary(max_size=60), st.text(max_size=20), st.text(max_size=80))
def test_no_header_and_no_body_raises(body: bytes, timestamp: str, signature: str) -> None:
    assert Seal(SIGNING_SECRET, Frozen(VECTOR_AT)).is_on(body, timestamp, signature) is False


async def test_with_an_app_token_there_is_nothing_to_deliver_to(server, clock, desk) -> None:
    assert face(server, clock, signing_secret=SIGNING_SECRET).routes(desk) == ()


async def test_a_taken_port_is_said_and_does_not_end_the_process(server) -> None:
    port = int(server.api_url.split(":")[2].split("/")[0])
    with pytest.raises(web.WebGone, match="HOST and PORT"):
        await web.serve((), host="127.0.0.1", port=port)


async def test_events_that_are_held_back_are_acknowledged_warned_of_and_counted(
    server, http, desk, caplog
) -> None:
    counted = []
    http.held_back = lambda: counted.append(1)
    body = json.dumps({"type": "app_rate_limited", "team_id": "T0TEAM", "minute_rate_limited": 1})
    ack = await server.post(body, {"Content-Type": "application/json", **signed(body)})
    assert (ack.status, counted, desk.events) == (200, [1], [])
    assert "holds events back" in caplog.text
