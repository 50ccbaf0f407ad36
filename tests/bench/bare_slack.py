"""What we are measured against: slack-bolt by itself in Socket Mode, as its documentation shows it,
one constant reply, nothing stored.
"""

import asyncio
import os

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

REPLY = "Senior ML engineer: $160,000 – $210,000 a year (6–10 years)"


async def main() -> None:
    client = AsyncWebClient(
        token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]
    )
    app = AsyncApp(client=client)

    @app.command("/pivot")
    async def answer(ack: AsyncAck) -> None:
        await ack(REPLY)

    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()


if __name__ == "__main__":
    asyncio.run(main())
