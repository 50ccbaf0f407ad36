"""kill -9 in the middle of a burst, then a restart: everyone is answered,
and copies stay within what was in the air.
"""

import asyncio
import signal
from collections import Counter
from contextlib import suppress

import pytest

from bot.runtime.delivery import MAX_IN_FLIGHT
from tests.process import bot
from tests.servers.slack import BOT_USER, SlackServer
from tests.servers.telegram import TelegramServer

BURST = 300
LANES = 25
"""Events that Slack has under way at once."""


def copies(counts: Counter) -> int:
    return sum(count - 1 for count in counts.values())


@pytest.mark.parametrize("share", [0.2, 0.6])
async def test_a_burst_of_telegram_updates_survives_a_kill(tmp_path, share):
    async with TelegramServer() as telegram:
        settings = {**telegram.environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'kill.db'}"}
        people = range(1000, 1000 + BURST)

        def answered() -> Counter:
            return Counter(sent.chat for sent in telegram.sent)

        async with bot(tmp_path, **settings) as process:
            for user in people:
                telegram.say("salary senior", user=user)
            await telegram.until(lambda: len(telegram.sent) >= BURST * share, seconds=60)
            await process.kill()
        async with bot(tmp_path, **settings) as process:
            await telegram.until(lambda: len(answered()) == BURST, seconds=60)
            assert await process.stop() == 0
        assert copies(answered()) <= MAX_IN_FLIGHT
        assert max(answered().values()) <= 2


def message(number: int) -> dict:
    return {
        "type": "message",
        "channel": f"D{number}",
        "channel_type": "im",
        "user": f"U{number}",
        "text": "salary senior",
        "ts": f"1700000000.{number:06d}",
        "team": "T1",
    }


async def test_a_burst_of_slack_messages_survives_a_kill(tmp_path):
    async with SlackServer() as slack:
        settings = {**slack.environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'kill.db'}"}
        slack.ack_seconds = 1.0
        slack.channels |= {
            f"D{number}": {"members": {f"U{number}", BOT_USER}, "im": f"U{number}"}
            for number in range(BURST)
        }
        slack.users |= {f"U{number}": {} for number in range(BURST)}
        lanes = asyncio.Semaphore(LANES)
        doomed = True

        def answered() -> Counter:
            return Counter(shown.channel for shown in slack.shown)

        async def deliver(number: int) -> bool:
            """As Slack does: until it is acknowledged, it will come again.

            The kill comes from here, in the middle of it all.
            """
            async with lanes:
                if doomed and sum(ack.ok for ack in slack.acks) >= BURST // 3:
                    process.signal(signal.SIGKILL)
                if not process.running or not slack.live:
                    return False
                with suppress(ConnectionError):
                    return (
                        await slack.event(
                            message(number), event_id=f"Ev{number}", retries=0 if doomed else 3
                        )
                    ).ok
                return False

        async with bot(tmp_path, **settings) as process:
            await slack.until(lambda: slack.live, seconds=20)
            burst = [asyncio.create_task(deliver(number)) for number in range(BURST)]
            acknowledged = await asyncio.gather(*burst)
            await process.kill()
        doomed, slack.ack_seconds = False, 3.0
        async with bot(tmp_path, **settings) as process:
            await slack.until(lambda: slack.live, seconds=20)
            again = [number for number, ok in enumerate(acknowledged) if not ok]
            assert again, "the kill came too late to mean anything"
            assert all(await asyncio.gather(*(deliver(number) for number in again)))
            await slack.until(lambda: len(answered()) == BURST, seconds=90)
            assert await process.stop() == 0
        assert copies(answered()) <= MAX_IN_FLIGHT
        assert max(answered().values()) <= 2
