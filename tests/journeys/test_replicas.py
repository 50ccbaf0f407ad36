"""Several processes on one PostgreSQL: the work is shared, nothing is done twice,
and one may die in the middle of it.
"""

import asyncio
import signal
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress

import pytest
import sqlalchemy as sa

from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import metadata
from bot.runtime.delivery import MAX_IN_FLIGHT
from tests.process import bot
from tests.servers.slack import BOT_USER, SlackServer
from tests.servers.telegram import TelegramServer

BURST = 120
LATE = 9_000
"""Writes on Telegram when the process that polls is dead."""
FAILOVER_SECONDS = 15.0


@pytest.mark.parametrize(("replicas", "victim"), [(2, 0), (4, 2)])
async def test_one_of_several_replicas_dies_in_the_middle_and_nobody_is_forgotten(
    tmp_path, empty_postgres_url, replicas, victim
):
    """The first is the one that polls Telegram."""
    async with (
        TelegramServer() as telegram,
        SlackServer() as slack,
        AsyncExitStack() as two_platform_bot,
    ):
        settings = {**telegram.environment, **slack.environment, "DATABASE_URL": empty_postgres_url}
        slack.says_connections = 1
        slack.channels |= {
            f"D{number}": {"members": {f"U{number}", BOT_USER}, "im": f"U{number}"}
            for number in range(BURST)
        }
        slack.users |= {f"U{number}": {} for number in range(BURST)}

        async def deliver(number: int) -> None:
            """As Slack does: until it is acknowledged, it comes again,
            over whichever socket is open.
            """
            event = {
                "type": "message",
                "channel": f"D{number}",
                "channel_type": "im",
                "user": f"U{number}",
                "team": "T0TEAM",
            }
            while True:
                slack.turn()
                with suppress(ConnectionError, IndexError):
                    ack = await slack.event(
                        event | {"text": "salary senior", "ts": f"1700000000.{number:06d}"},
                        event_id=f"Ev{number}",
                    )
                    if ack.ok:
                        return
                await asyncio.sleep(0.1)

        def told() -> Counter:
            return Counter(sent.chat for sent in telegram.sent)

        def shown() -> Counter:
            return Counter(one.channel for one in slack.shown)

        processes = [await two_platform_bot.enter_async_context(bot(tmp_path, **settings))]
        await telegram.until(lambda: telegram.called("deleteWebhook"), seconds=30)
        processes += [
            await two_platform_bot.enter_async_context(bot(tmp_path, **settings))
            for _ in range(replicas - 1)
        ]
        await slack.until(lambda: len(slack.live) == replicas, seconds=30)
        slack.ack_seconds = 1.0
        for user in range(1000, 1000 + BURST):
            telegram.say("salary senior", user=user)
        burst = [asyncio.create_task(deliver(number)) for number in range(BURST)]
        await telegram.until(lambda: len(told()) >= BURST // 4, seconds=30)
        assert len(told()) < BURST, "too late to mean anything"
        processes.pop(victim).signal(signal.SIGKILL)
        killed_at = time.monotonic()
        telegram.say("salary senior", user=LATE)
        await telegram.until(lambda: len(told()) == BURST + 1, seconds=FAILOVER_SECONDS + 10)
        async with asyncio.timeout(60):
            await asyncio.gather(*burst)
        await slack.until(lambda: len(shown()) == BURST, seconds=30)
        answered_at = telegram.last(LATE).at
        shares = [await one.metric("pivotbot_turns_total") for one in processes]
        assert await asyncio.gather(*(one.stop() for one in processes)) == [0] * len(processes)
    assert answered_at - killed_at <= FAILOVER_SECONDS
    assert min(shares) > 0, "the work is shared"
    assert max(told().values()) <= 2
    assert sum(count - 1 for count in told().values()) <= MAX_IN_FLIGHT
    assert set(shown().values()) == {1}, "Slack is asked before anything is sent a second time"
    assert not any("Traceback" in one.log() for one in processes)


async def test_two_replicas_handle_each_event_once(tmp_path, empty_postgres_url):
    """Slack brings one event to both, as it does after a late acknowledgement."""
    async with SlackServer() as slack:
        settings = {**slack.environment, "DATABASE_URL": empty_postgres_url}
        slack.channels |= {
            f"D{number}": {"members": {f"U{number}", BOT_USER}, "im": f"U{number}"}
            for number in range(40)
        }
        slack.users |= {f"U{number}": {} for number in range(40)}
        async with bot(tmp_path, **settings) as one, bot(tmp_path, **settings) as other:
            await slack.until(lambda: len(slack.live) == 2, seconds=30)
            slack.ack_seconds = 10.0
            first, second = slack.live
            acks = []
            for socket in (first, second):
                slack._sockets[:] = [second, first] if socket is first else [first, second]
                for number in range(40):
                    event = {
                        "type": "message",
                        "channel": f"D{number}",
                        "channel_type": "im",
                        "user": f"U{number}",
                        "team": "T0TEAM",
                    }
                    event |= {"text": "salary senior", "ts": f"1700000001.{number:06d}"}
                    acks.append(asyncio.create_task(slack.event(event, event_id=f"Ev{number}")))
                    await asyncio.sleep(0)
            assert all(ack.ok for ack in await asyncio.gather(*acks))
            await slack.until(
                lambda: len({shown.channel for shown in slack.shown}) == 40, seconds=30
            )
            assert (await one.stop(), await other.stop()) == (0, 0)
        assert set(Counter(shown.channel for shown in slack.shown).values()) == {1}
    database = Database(empty_postgres_url)
    with database.engine.connect() as connection:
        assert (
            connection.execute(
                sa.select(sa.func.count()).select_from(metadata.tables["people"])
            ).scalar()
            == 40
        )
    await database.close()
