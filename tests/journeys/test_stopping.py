"""SIGTERM in the middle of a burst: out in time, nothing lost, and nothing twice,
because what was in the air could land.
"""

import asyncio
import signal
from collections import Counter
from contextlib import suppress

from tests.process import bot
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer

BURST = 200


async def test_a_stop_under_load_is_quick_and_costs_nobody_an_answer(tmp_path):
    async with TelegramServer(latency=0.02) as telegram:
        settings = {**telegram.environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'stop.db'}"}
        async with bot(tmp_path, **settings) as process:
            for user in range(1000, 1000 + BURST):
                telegram.say("salary senior", user=user)
            await telegram.until(lambda: len(telegram.sent) >= BURST // 5, seconds=30)
            process.signal(signal.SIGTERM)
            assert await process.ended(10) == 0
            assert len(telegram.sent) < BURST, "the stop came too late to mean anything"
        async with bot(tmp_path, **settings) as process:
            await telegram.until(
                lambda: len({sent.chat for sent in telegram.sent}) == BURST, seconds=30
            )
            assert await process.stop() == 0
    assert set(Counter(sent.chat for sent in telegram.sent).values()) == {1}
    assert "Traceback" not in process.log()


async def test_a_stop_under_load_on_slack_acknowledges_what_it_took_and_leaves_the_rest_to_the_next(
    tmp_path,
):
    async with SlackServer() as slack:
        settings = {**slack.environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'stop.db'}"}
        slack.ack_seconds = 1.0

        async def insist(number: int) -> None:
            """As Slack does: until it is acknowledged, it comes again."""
            while True:
                with suppress(ConnectionError, IndexError):
                    if (
                        await slack.message(
                            "salary senior",
                            user=f"U{number}",
                            channel=f"D{number}",
                            ts=f"1700000000.{number:06d}",
                        )
                    ).ok:
                        return
                await asyncio.sleep(0.05)

        async with bot(tmp_path, **settings) as process:
            await slack.until(lambda: slack.live, seconds=30)
            asking = [asyncio.create_task(insist(number)) for number in range(BURST)]
            await slack.until(lambda: len(slack.shown) >= BURST // 5, seconds=30)
            process.signal(signal.SIGTERM)
            assert await process.ended(10) == 0
            assert len(slack.shown) < BURST, "the stop came too late to mean anything"
        async with bot(tmp_path, **settings) as process:
            async with asyncio.timeout(60):
                await asyncio.gather(*asking)
            await slack.until(
                lambda: len({shown.channel for shown in slack.shown}) == BURST, seconds=30
            )
            assert await process.stop() == 0
    assert set(Counter(shown.channel for shown in slack.shown).values()) == {1}
    assert "Traceback" not in process.log()
