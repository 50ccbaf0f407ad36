"""Whatever a stranger sends to the address that Slack calls, over a real connection: refused,
quickly, and nobody hears of it.
"""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from typing import Self
from urllib.parse import urlsplit

import h11
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import web
from adapters.slack.webhook import EVENTS_PATH, Seal, events_route
from tests.servers.slack import SIGNING_SECRET, signed
from tests.slack.conftest import FakeClock

BODY = json.dumps({"type": "event_callback", "event": {"type": "message"}}).encode()
STAMP, SIGNATURE = b"X-Slack-Request-Timestamp", b"X-Slack-Signature"


class ModalTrigger:
    """The web server with Slack's route in it, in a thread of its own;
    what gets through is counted.
    """

    def __init__(self) -> None:
        self.let_in: list[bytes] = []
        self.address = ""
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self) -> None:
        async def dispatch(asked):
            raise AssertionError("nothing of this was signed by Slack")

        async def settle(asked, sent):
            raise AssertionError("nothing was dispatched")

        def heard() -> None:
            self.let_in.append(b"")

        def listening(port: int) -> None:
            self.address = f"http://127.0.0.1:{port}"
            self._ready.set()

        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        route = events_route(
            seal=Seal(SIGNING_SECRET, FakeClock()),
            dispatch=dispatch,
            settle=settle,
            heard=heard,
            is_open=lambda: False,
        )
        serving = asyncio.create_task(
            web.serve([route], host="127.0.0.1", port=0, listening=listening)
        )
        await self._stop.wait()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop
        assert self._stop
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)


@pytest.fixture(scope="module")
def door() -> Iterator[ModalTrigger]:
    with ModalTrigger() as door:
        yield door


@pytest.fixture(scope="module")
def client(door: ModalTrigger) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=door.address, timeout=20) as client:
        yield client


def good() -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in signed(BODY).items()}


def post(client: httpx.Client, headers: list[tuple[bytes, bytes]], body: bytes = BODY) -> int:
    return client.post(
        EVENTS_PATH, content=body, headers=[(b"Content-Type", b"application/json"), *headers]
    ).status_code


def test_what_slack_signed_gets_through_to_whether_anybody_listens(door, client) -> None:
    assert post(client, list(good().items())) == 503
    assert door.let_in.pop() == b""


STAMPS = [
    b"",
    b"abc",
    b"-1",
    b"1e9",
    b"0x10",
    b"1.5",
    b"9" * 12,
    b"9" * 4000,
    b"\xd9\xa3" * 10,
    b"NaN",
    b"0",
    b"+1",
    b"1_0",
]
SIGNATURES = [
    b"",
    b"v0=",
    b"v0=" + b"0" * 63,
    b"v0=" + b"0" * 65,
    b"v0=" + b"z" * 64,
    b"v0=" + b"\xc3\xa9" * 32,
    b"v0=" + b"0" * 8000,
]


@pytest.mark.parametrize("stamp", STAMPS)
def test_a_malformed_timestamp_is_401(door, client, stamp) -> None:
    assert post(client, [(STAMP, stamp), (SIGNATURE, good()[SIGNATURE])]) == 401
    assert door.let_in == []


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_malformed_signature_is_401(door, client, signature) -> None:
    assert post(client, [(STAMP, good()[STAMP]), (SIGNATURE, signature)]) == 401
    assert door.let_in == []


def changed(**by: object) -> list[tuple[bytes, bytes]]:
    headers = good()
    right = headers[SIGNATURE]
    variants = {
        "upper": right[:3] + right[3:].upper(),
        "version": b"v1" + right[2:],
        "bare": right[3:],
        "spaced": right + b", " + right,
    }
    return [(STAMP, headers[STAMP]), (SIGNATURE, variants[str(by["how"])])]


@pytest.mark.parametrize("how", ["upper", "version", "bare", "spaced"])
def test_the_right_digits_in_another_spelling_are_401(door, client, how) -> None:
    assert changed(how=how)[1][1] != good()[SIGNATURE]
    assert post(client, changed(how=how)) == 401
    assert door.let_in == []


@pytest.mark.parametrize("twice", [STAMP, SIGNATURE])
@pytest.mark.parametrize("first", [True, False])
def test_a_header_that_comes_twice_is_401_wherever_the_right_one_stands(
    door, client, twice, first
) -> None:
    headers = list(good().items())
    forged = (twice, b"v0=" + b"0" * 64 if twice == SIGNATURE else b"1")
    assert post(client, [forged, *headers] if first else [*headers, forged]) == 401
    assert post(client, [*headers, (twice, good()[twice])]) == 401, "not even the same one"
    assert door.let_in == []


@pytest.mark.parametrize("missing", [STAMP, SIGNATURE])
def test_a_missing_header_is_401(door, client, missing) -> None:
    assert post(client, [(name, value) for name, value in good().items() if name != missing]) == 401
    assert door.let_in == []


def test_slack_may_look_at_the_certificate_by_get_or_post_and_sees_nothing_else(
    door, client
) -> None:
    assert client.get(EVENTS_PATH, params={"ssl_check": "1", "token": "x"}).status_code == 200
    assert client.post(EVENTS_PATH, data={"ssl_check": "1", "token": "x"}).status_code == 200
    assert client.get(EVENTS_PATH, params={"ssl_check": "2"}).status_code == 401
    assert client.get(EVENTS_PATH, headers=good()).status_code == 401, "an event comes by POST"
    assert client.post(EVENTS_PATH, content=b"ssl_check=1&" + b"x" * 5000).status_code == 401
    assert client.put(EVENTS_PATH).status_code == 405
    assert door.let_in == []


header_value = st.binary(max_size=90).filter(lambda value: not set(value) & set(b"\r\n\0"))
near_stamp = st.one_of(
    st.sampled_from(STAMPS),
    st.integers(-(10**13), 10**13).map(lambda number: str(number).encode()),
    header_value,
)
near_signature = st.one_of(
    st.sampled_from(SIGNATURES),
    st.binary(min_size=32, max_size=32).map(lambda raw: b"v0=" + raw.hex().encode()),
    header_value,
)


@given(
    st.lists(near_stamp, max_size=2), st.lists(near_signature, max_size=2), st.binary(max_size=300)
)
@settings(max_examples=150)
def test_nothing_that_was_not_signed_gets_in_or_breaks_anything(
    door, stamps, signatures, body
) -> None:
    """Bytes as they are, over the wire: the server's own parser may refuse them (400), ours says
    401, and no answer is a 500.
    """
    headers = [(STAMP, stamp) for stamp in stamps] + [
        (SIGNATURE, signature) for signature in signatures
    ]
    assert raw(door.address, headers, body) in (400, 401)
    assert door.let_in == []


def raw(address: str, headers: list[tuple[bytes, bytes]], body: bytes) -> int:
    """The status of a request written by hand: a client would refuse to send some of this."""
    parts = urlsplit(address)
    head = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    request = b"POST " + EVENTS_PATH.encode() + b" HTTP/1.1\r\nHost: bot\r\nConnection: close\r\n"
    request += b"Content-Length: " + str(len(body)).encode() + b"\r\n" + head + b"\r\n" + body
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(request)
        answers = h11.Connection(h11.CLIENT)
        answers.send(
            h11.Request(
                method="POST", target="/", headers=[("Host", "bot"), ("Content-Length", "0")]
            )
        )
        answers.send(h11.EndOfMessage())
        while True:
            event = answers.next_event()
            if isinstance(event, h11.Response):
                return event.status_code
            answers.receive_data(connection.recv(65_536))
