"""Delivery by webhook: who may knock, what is acknowledged,
and what Telegram is asked to bring again.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette

from adapters.clock import SystemClock
from adapters.telegram.transport import Telegram, WebhookRefusedError
from adapters.telegram.webhook import SECRET_HEADER
from bot.core.events import Event, Said
from bot.core.messages import Claimed, Receipt
from bot.core.ports import Outcome, StoreGone
from content.library import load
from tests.servers.telegram import TOKEN, TelegramServer

CONTENT = load()
SECRET = "s3cret_of-the-test"
URL = "https://bot.example/telegram/hook"


@dataclass
class Ledger:
    taken: list[Event] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    async def take(self, event: Event) -> Outcome:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(event)
        return Outcome()

    async def settle(self, claimed: Claimed, receipt: Receipt) -> None:
        raise AssertionError


async def no_chart(spec: object) -> bytes:
    raise AssertionError


@dataclass
class RunningBot:
    """The bot behind its route, and Telegram's way to knock."""

    server: TelegramServer
    telegram: Telegram
    ledger: Ledger
    door: httpx.AsyncClient

    async def knock(
        self,
        body: bytes | None = None,
        secret: str | bytes | None = SECRET,
        path: str = "/telegram/hook",
    ) -> int:
        if body is None:
            body = json.dumps(
                {"update_id": 5, "message": self.server.message("salary", user=7)}
            ).encode()
        headers = (
            []
            if secret is None
            else [(SECRET_HEADER.encode(), secret.encode() if isinstance(secret, str) else secret)]
        )
        return (await self.door.post(path, content=body, headers=headers)).status_code


@pytest.fixture
async def running_bot() -> AsyncIterator[RunningBot]:
    async with TelegramServer() as server:
        telegram = Telegram(
            token=TOKEN,
            clock=SystemClock(),
            content=lambda: CONTENT,
            draw=no_chart,
            api_url=server.url,
            webhook_url=URL,
            webhook_secret=SECRET,
        )
        ledger = Ledger()
        await telegram.introduce()
        app = Starlette(routes=list(telegram.routes(ledger)))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="https://bot.example"
        ) as door:
            yield RunningBot(server, telegram, ledger, door)
        await telegram.close()


async def test_an_update_is_acknowledged_after_its_turn(running_bot: RunningBot) -> None:
    assert await running_bot.knock() == 200
    assert [event.body for event in running_bot.ledger.taken] == [Said("salary", message="1")]
    assert running_bot.ledger.taken[0].key == "telegram:update:123456:5"


@pytest.mark.parametrize(
    ("secret", "status"),
    [
        (None, 401),
        ("", 403),
        ("wrong", 403),
        (SECRET + "x", 403),
        (SECRET[:-1], 403),
        ("gehéim".encode(), 403),
        (b"\xff\xfe", 403),
    ],
)
async def test_whoever_does_not_know_the_secret_stays_outside(
    running_bot: RunningBot, secret: str | bytes | None, status: int
) -> None:
    assert await running_bot.knock(secret=secret) == status
    assert running_bot.ledger.taken == []


async def test_the_secret_twice_is_no_secret(running_bot: RunningBot) -> None:
    headers = [(SECRET_HEADER, SECRET), (SECRET_HEADER, SECRET)]
    assert (
        await running_bot.door.post("/telegram/hook", content=b"{}", headers=headers)
    ).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[1]",
        b"{}",
        b'{"update_id": 5, "message": {"from": {"id": 7}}}',
        b"\xff",
        b"[" * 100_000,
    ],
)
async def test_what_no_retry_can_mend_is_acknowledged(running_bot: RunningBot, body: bytes) -> None:
    assert await running_bot.knock(body) == 200
    assert running_bot.ledger.taken == []


async def test_while_the_database_is_away_telegram_is_asked_to_come_again(
    running_bot: RunningBot,
) -> None:
    running_bot.ledger.failures = [StoreGone()]
    assert await running_bot.knock() == 503
    assert await running_bot.knock() == 200
    assert len(running_bot.ledger.taken) == 1


async def test_an_update_that_keeps_failing_does_not_hold_up_its_chat(
    running_bot: RunningBot,
) -> None:
    running_bot.ledger.failures = [RuntimeError()] * 3
    assert await running_bot.knock() == 200


async def test_only_posts_to_the_path_of_the_address_are_received(running_bot: RunningBot) -> None:
    assert await running_bot.knock(path="/") == 404
    assert (await running_bot.door.get("/telegram/hook")).status_code == 405


async def test_the_webhook_is_set_with_secret_and_kinds_and_stays(running_bot: RunningBot) -> None:
    task = asyncio.create_task(running_bot.telegram.serve(running_bot.ledger))
    await running_bot.server.until(lambda: "webhook" in running_bot.server.settings)
    webhook = running_bot.server.settings["webhook"]
    assert (webhook["url"], webhook["secret_token"]) == (URL, SECRET)
    assert set(webhook["allowed_updates"]) == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "inline_query",
    }
    assert not running_bot.server.called("getUpdates")
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    heard = running_bot.telegram.last_heard_at()
    assert heard is not None
    assert (datetime.now(UTC) - heard).total_seconds() < 5


async def test_an_address_that_telegram_refuses_is_named(running_bot: RunningBot) -> None:
    running_bot.telegram._webhook_url = "http://plain.example/hook"
    with pytest.raises(WebhookRefusedError, match="TELEGRAM_WEBHOOK_URL"):
        await running_bot.telegram.serve(running_bot.ledger)
