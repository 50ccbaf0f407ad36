"""Two and four replicas on one PostgreSQL under a steady load; the one that polls Telegram is
killed in the middle of it.
"""

import argparse
import asyncio
import signal
import sys
import time
from contextlib import AsyncExitStack

from tests.bench.faults import PEOPLE, QUESTION, RATE, answered, load, town_of
from tests.bench.figures import Figure
from tests.bench.ground import Kind, kinds
from tests.process import bot

COUNTS = (2, 4)
LATE = 9_999
"""Writes on Telegram as soon as the process that polls is dead."""


async def measure(options: argparse.Namespace) -> list[Figure]:
    with kinds() as (_, on_postgres):
        return [figure for count in COUNTS for figure in await _killed(on_postgres, count)]


async def _killed(kind: Kind, count: int) -> list[Figure]:
    async with town_of(kind, 0) as two_platform_bot, AsyncExitStack() as processes:
        two_platform_bot.slack.says_connections = 1
        settings = {name.upper(): value for name, value in two_platform_bot.settings().items()} | {
            "DATABASE_URL": two_platform_bot.url,
            "LOG_LEVEL": "INFO",
        }
        replicas = [await processes.enter_async_context(bot(two_platform_bot.folder, **settings))]
        await two_platform_bot.telegram.until(
            lambda: two_platform_bot.telegram.called("deleteWebhook"), seconds=30
        )
        replicas += [
            await processes.enter_async_context(bot(two_platform_bot.folder, **settings))
            for _ in range(count - 1)
        ]
        await two_platform_bot.slack.until(
            lambda: len(two_platform_bot.slack.live) == count, seconds=60
        )
        loading = asyncio.create_task(load(two_platform_bot))
        await asyncio.sleep(PEOPLE / RATE / 2)
        replicas.pop(0).signal(signal.SIGKILL)
        killed_at = time.monotonic()
        two_platform_bot.telegram.say(QUESTION, user=LATE)
        await two_platform_bot.telegram.until(
            lambda: two_platform_bot.telegram.texts(LATE), seconds=60
        )
        failover = two_platform_bot.telegram.last(LATE).at - killed_at
        await loading
        await answered(two_platform_bot)
        turns = [await replica.metric("pivotbot_turns_total") for replica in replicas]
        counted = two_platform_bot.tally()
        await asyncio.gather(*(replica.stop() for replica in replicas))
    name = f"{count} replicas, the one that polls killed"
    print(f"  {name}: {counted}, {turns}, {failover:.1f} s", file=sys.stderr, flush=True)
    return [
        Figure(
            name=f"{name}: answered",
            value=counted.answered,
            unit="messages",
            beside="injected",
            beside_value=counted.injected,
            aim="1 ×",
        ),
        Figure(name=f"{name}: lost", value=counted.lost, unit="messages", aim="0"),
        Figure(name=f"{name}: doubled", value=counted.doubled, unit="messages", aim="≤ 4 a token"),
        Figure(name=f"{name}: Telegram answered again after", value=failover, unit="s", aim="≤ 15"),
        Figure(
            name=f"{name}: turns of the least busy survivor",
            value=min(turns),
            unit="turns",
            beside="of the busiest",
            beside_value=max(turns),
        ),
    ]
