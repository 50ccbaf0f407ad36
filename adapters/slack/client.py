"""The SDK's web client, mended in one place: an answer that is no
JSON object is an error like any other.
"""

from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

HTTP_OK = 200


class Client(AsyncWebClient):
    """A proxy's page with status 200 would end in an AttributeError inside slack-sdk 3.47,
    which no caller expects.
    """

    async def _request(self, *, http_verb: str, api_url: str, req_args: Any) -> dict[str, Any]:
        answer: dict[str, Any] = await super()._request(
            http_verb=http_verb, api_url=api_url, req_args=req_args
        )
        if answer["status_code"] == HTTP_OK and not isinstance(answer["data"], dict):
            raise aiohttp.ClientPayloadError("no JSON object")
        return answer
