"""HTTP under python-telegram-bot's Bot, through its documented seam `BaseRequest`, on aiohttp.

It exists for two reasons. Outcomes: the library's own request folds "never left", "left and no
answer" and "refused" into one family of errors; here each is a class of its own, with Telegram's
code and parameters. Speed: over loopback a typed send takes 0.3 ms instead of 0.9, and 0.3 instead
of 1.9 with sixteen under way.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import aiohttp

# The types of the seam's own signature; the library exports no others.
from telegram._utils.types import (
    JSONDict,
    ODVInput,
)
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from adapters.call_beginnings import trace

CONNECTIONS = 32
CONNECT_SECONDS = 5.0
KEEP_CONNECTION_SECONDS = 60.0
"""Telegram keeps an idle one for longer; opening another takes tenths of a second from far away."""
READ_SECONDS = 15.0
UPLOAD_SECONDS = 45.0

_QUOTED = re.compile(r"""(?<!\w)["'].*""", re.DOTALL)
"""From the first quotation on: Telegram quotes what was sent, which may be somebody's words;
descriptions are logged and kept.
"""


class Answered(TelegramError):  # noqa: N818 -- it names what happened
    """Telegram answered, and not with success.

    `retry_after` and `new_chat` are its parameters, where it sent them.
    """

    def __init__(
        self,
        status: int,
        description: str,
        *,
        retry_after: float | None = None,
        new_chat: str = "",
        certain: bool = True,
    ) -> None:
        self.description = _QUOTED.sub("…", description.lower())
        super().__init__(f"{status} {self.description}")
        self.status = status
        self.retry_after = retry_after
        self.new_chat = new_chat
        self.certain = certain
        """The answer is Telegram's own: the request had no effect.

        A proxy's error page leaves that open.
        """


class NeverLeft(NetworkError):  # noqa: N818
    """No connection came about: the request certainly had no effect."""


_UPDATE_ID = re.compile(rb'"update_id":[ ]?([0-9]{1,18})')


class NoAnswer(NetworkError):  # noqa: N818
    """The request left and no readable answer came: it may have had its effect."""


class TooDeep(NoAnswer):
    """An answer nested deeper than it can be read.

    `update_ids`: the updates that seem to be in it.
    """

    def __init__(self, payload: bytes) -> None:
        super().__init__("the answer is nested too deeply")
        self.update_ids = tuple(int(number) for number in _UPDATE_ID.findall(payload))


class Wire(BaseRequest):
    """One pool of connections.

    Opened at the first request, in the loop that makes it. `proxied`: by way of the proxy that the
    environment names, if it names one.
    """

    def __init__(
        self,
        *,
        connections: int = CONNECTIONS,
        read_seconds: float = READ_SECONDS,
        proxied: bool = True,
    ) -> None:
        self._connections = connections
        self._read_seconds = read_seconds
        self._proxied = proxied
        self._session: aiohttp.ClientSession | None = None
        self._shut = False
        self.answered = 0
        """Requests that anything came back for: a sign of life."""

    @property
    def read_timeout(self) -> float | None:
        return self._read_seconds

    async def initialize(self) -> None:
        self._shut = False
        self._open()

    async def shutdown(self) -> None:
        self._shut = True
        await self.hang_up()

    async def hang_up(self) -> None:
        """Close the connections there are; the next request opens others."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(
        self, url: str, parameters: Mapping[str, object], *, read_seconds: float | None = None
    ) -> Any:
        """A method's raw result: for getUpdates, whose typed form refuses a whole batch for one
        update it cannot read. Raises Answered, NeverLeft or NoAnswer.
        """
        seconds = read_seconds or self._read_seconds
        status, body = await self._post(
            url, json.dumps(parameters).encode(), "application/json", seconds
        )
        _judge(status, body)
        return self.parse_json_payload(body).get("result")

    async def do_request(  # noqa: PLR0917 -- the seam's own signature
        self,
        url: str,
        method: str,  # noqa: ARG002 -- Telegram takes POST for everything
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        # One bound covers the whole attempt.
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        if isinstance(read_timeout, int | float):
            seconds = read_timeout
        else:
            seconds = self._read_seconds
        if request_data is not None and request_data.contains_files:
            status, body = await self._post(
                url, _form(request_data), None, max(seconds, UPLOAD_SECONDS)
            )
        else:
            if request_data:
                parameters = request_data.parameters
            else:
                parameters = {}
            status, body = await self._post(
                url, json.dumps(parameters).encode(), "application/json", seconds
            )
        _judge(status, body)
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> JSONDict:
        """As the library's, without writing what could not be read
        (perhaps a person's text) to the log.
        """
        try:
            parsed = json.loads(payload)
        except ValueError as error:
            raise NoAnswer("the answer is no JSON") from error
        except RecursionError as error:
            raise TooDeep(payload) from error
        if not isinstance(parsed, dict):
            raise NoAnswer("the answer is no JSON object")
        return parsed

    async def _post(
        self, url: str, data: bytes | aiohttp.FormData, content_type: str | None, seconds: float
    ) -> tuple[int, bytes]:
        headers = None
        if content_type:
            headers = {"Content-Type": content_type}
        timeout = aiohttp.ClientTimeout(
            total=CONNECT_SECONDS + seconds, connect=CONNECT_SECONDS, sock_read=seconds
        )
        try:
            async with self._open().post(
                url, data=data, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                body = await response.read()
                self.answered += 1
                return response.status, body
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NeverLeft(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(type(error).__name__) from error

    def _open(self) -> aiohttp.ClientSession:
        """Raises NeverLeft after shutdown: a session opened then would be nobody's to close."""
        if self._shut:
            raise NeverLeft("the connection was shut down")
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=self._connections, keepalive_timeout=KEEP_CONNECTION_SECONDS
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                trace_configs=[trace()],
                headers={"User-Agent": self.USER_AGENT},
                trust_env=self._proxied,
            )
        return self._session


def _form(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form


def _judge(status: int, body: bytes) -> None:
    """Raise Answered for anything but success."""
    if 200 <= status <= 299:
        return
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict) or "description" not in answer:
        raise Answered(status, "an answer that is not Telegram's", certain=status < 500)
    parameters = answer.get("parameters") or {}
    retry_after, new_chat = parameters.get("retry_after"), parameters.get("migrate_to_chat_id")
    raise Answered(
        status,
        str(answer["description"]),
        retry_after=float(retry_after) if isinstance(retry_after, int | float) else None,
        new_chat=str(new_chat) if new_chat is not None else "",
    )
