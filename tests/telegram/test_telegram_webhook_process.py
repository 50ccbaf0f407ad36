"""The whole program behind a webhook: the route is served, a second delivery changes nothing,
a stop is clean.
"""

import json
import socket
from pathlib import Path

import httpx

from adapters.telegram.webhook import SECRET_HEADER
from tests.process import bot
from tests.servers.telegram import TelegramServer


async def test_an_update_posted_twice_is_answered_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with TelegramServer() as telegram:
        settings = {
            **telegram.environment,
            "TELEGRAM_WEBHOOK_URL": "https://bot.example/telegram",
            "TELEGRAM_WEBHOOK_SECRET": "a-secret_of-the-test",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'hook.db'}",
            "PORT": str(port),
        }
        async with bot(tmp_path, **settings) as process:
            await telegram.until(lambda: "webhook" in telegram.settings, seconds=30)
            address = f"http://127.0.0.1:{port}/telegram"
            update = json.dumps(
                {"update_id": 5, "message": telegram.message("salary senior", user=7)}
            )
            async with httpx.AsyncClient(trust_env=False) as door:
                assert (await door.post(address, content=update)).status_code == 401
                for _ in range(2):
                    answer = await door.post(
                        address, content=update, headers={SECRET_HEADER: "a-secret_of-the-test"}
                    )
                    assert answer.status_code == 200
            await telegram.until(lambda: telegram.texts(7), seconds=10)
            assert await process.stop() == 0
        assert len(telegram.texts(7)) == 1
        assert not telegram.called("getUpdates")
