"""PostgreSQL gone for a while: intake pauses, readiness is red,
and everything is answered once the server is back.
"""

import pytest

from bot.runtime import readiness
from tests.running_bot import Tally, running_bot, tally, until
from tests.servers.telegram import TelegramServer
from tests.servers.wire import Wire

PEOPLE = range(100, 130)


@pytest.fixture
async def wire(empty_postgres_url: str):
    async with Wire(empty_postgres_url) as wire:
        yield wire


async def test_while_postgres_is_gone_nothing_is_confirmed_and_afterwards_all_are_answered(
    wire, monkeypatch
):
    monkeypatch.setattr(readiness, "TICK_SILENCE_SECONDS", 0.5)
    async with TelegramServer() as telegram, running_bot(wire.url, telegram=telegram) as bot:
        await telegram.until(lambda: telegram.called("deleteWebhook"), seconds=20)
        await wire.cut()
        for user in PEOPLE:
            telegram.say("salary senior", user=user)
        await until(lambda: red(bot))
        assert (telegram.confirmed, telegram.sent) == (0, [])
        await wire.mend()
        await telegram.until(
            lambda: {sent.chat for sent in telegram.sent} >= set(PEOPLE), seconds=60
        )
        await telegram.until(lambda: telegram.confirmed == len(PEOPLE), seconds=20)
    assert tally(PEOPLE, [sent.chat for sent in telegram.sent]) == Tally(
        len(PEOPLE), len(PEOPLE), 0, 0
    )


async def red(bot) -> bool:
    status, known = await bot.ready()
    return status == 503 and known["database"] == "away"
