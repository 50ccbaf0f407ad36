"""The SDK's web client with one pool of connections, mended in one place: an answer that is no
JSON object is an error like any other.
"""

import logging
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.call_beginnings import trace
from adapters.slack.proxy import proxy_for

HTTP_OK = 200
CALL_SECONDS = 10.0
CONNECT_SECONDS = 5.0


class Client(AsyncWebClient):
    """Nothing is tried again here: who sends decides that, by what the refusal means."""

    def __init__(self, api_url: str) -> None:
        super().__init__(
            base_url=api_url,
            timeout=int(CALL_SECONDS),
            retry_handlers=[],
            logger=errors_only(f"{__name__}.web"),
        )
        self.proxy = proxy_for(api_url)

    def open(self) -> aiohttp.ClientSession:
        """The one session, and so one pool of connections, for every call.

        Needs the running loop.
        """
        if self.session is None or self.session.closed:
            timeout = aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CONNECT_SECONDS)
            self.session = aiohttp.ClientSession(
                timeout=timeout,
                trace_configs=[trace()],
                trust_env=self.base_url.startswith("https://"),
            )
        return self.session

    async def close(self) -> None:
        """After the last call."""
        if self.session is not None:
            await self.session.close()

    async def _request(self, *, http_verb: str, api_url: str, req_args: Any) -> dict[str, Any]:
        """Raises ClientPayloadError for an answer that is no JSON object.

        A proxy's page with status 200 would end in an AttributeError inside slack-sdk 3.47, which
        no caller expects.
        """
        answer: dict[str, Any] = await super()._request(
            http_verb=http_verb, api_url=api_url, req_args=req_args
        )
        if answer["status_code"] == HTTP_OK and not isinstance(answer["data"], dict):
            raise aiohttp.ClientPayloadError("no JSON object")
        return answer


def errors_only(name: str) -> logging.Logger:
    """A logger for the SDK: below errors it logs whole payloads,
    and what people wrote is in them.
    """
    logger = logging.getLogger(name)
    logger.setLevel(logging.ERROR)
    return logger
