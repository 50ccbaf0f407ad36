"""SIGTERM in the middle of a burst: out in time, nothing lost, and nothing twice, because what was in the air could land."""

import signal
from collections import Counter

from tests.process import bot
from tests.servers.telegram import TOKEN, TelegramServer

BURST = 200


async def test_a_stop_under_load_is_quick_and_costs_nobody_an_answer(tmp_path):
    async with TelegramServer(latency=0.02) as telegram:
        settings = {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": telegram.url,
            "DATABASE_URL": f"sqlite:///{tmp_path / 'stop.db'}",
        }
        async with bot(tmp_path, **settings) as process:
            for user in range(1000, 1000 + BURST):
                telegram.say("salary senior", user=user)
            await telegram.until(lambda: len(telegram.sent) >= BURST // 5, seconds=30)
            process.signal(signal.SIGTERM)
            assert await process.ended(10) == 0
            assert len(telegram.sent) < BURST, "the stop came too late to mean anything"
        async with bot(tmp_path, **settings) as process:
            await telegram.until(lambda: len({sent.chat for sent in telegram.sent}) == BURST, seconds=30)
            assert await process.stop() == 0
    assert set(Counter(sent.chat for sent in telegram.sent).values()) == {1}
    assert "Traceback" not in process.log()
