"""A roll-out: the next version starts beside the running one, migrates the database they share, and
takes over. Nobody notices.
"""

import asyncio
from collections import Counter
from contextlib import suppress

import pytest

from adapters.storage.sql import schema
from adapters.storage.sql.database import Database
from tests.process import bot
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer
from tests.store import next_version

PEOPLE = 60
"""On each platform, a third of them before, during and after."""


@pytest.mark.parametrize("bare_url", ["sqlite", "postgres"], indirect=True)
async def test_two_versions_share_a_database_for_the_length_of_a_roll_out(tmp_path, bare_url):
    async with TelegramServer() as telegram, SlackServer() as slack:
        settings = {**telegram.environment, **slack.environment, "DATABASE_URL": bare_url}
        slack.ack_seconds = 1.0

        async def insist(number: int) -> None:
            """As Slack does: until it is acknowledged, it comes again,
            over whichever socket is open.
            """
            while True:
                slack.turn()
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

        async def ask(numbers: range) -> None:
            """Each a little after the one before."""
            asking = []
            for number in numbers:
                telegram.say("salary senior", user=1000 + number)
                asking.append(asyncio.create_task(insist(number)))
                await asyncio.sleep(0.05)
            async with asyncio.timeout(60):
                await asyncio.gather(*asking)

        async with bot(tmp_path, **settings) as old:
            await slack.until(lambda: slack.live, seconds=30)
            await ask(range(PEOPLE // 3))
            during = asyncio.create_task(ask(range(PEOPLE // 3, 2 * PEOPLE // 3)))
            async with bot(
                tmp_path, str(tmp_path), "run", program="tests.store.next_version", **settings
            ) as new:
                await slack.until(lambda: len(slack.live) == 2, seconds=30)
                await during
                assert old.running
                assert await old.stop() == 0
                await ask(range(2 * PEOPLE // 3, PEOPLE))
                await telegram.until(
                    lambda: len({sent.chat for sent in telegram.sent}) == PEOPLE, seconds=30
                )
                await slack.until(
                    lambda: len({shown.channel for shown in slack.shown}) == PEOPLE, seconds=30
                )
                assert await new.stop() == 0
    assert set(Counter(sent.chat for sent in telegram.sent).values()) == {1}
    assert set(Counter(shown.channel for shown in slack.shown).values()) == {1}
    assert "Traceback" not in old.log() + new.log()
    assert "set aside" not in old.log() + new.log()
    database = Database(bare_url)
    assert await database.run(schema.revision) == next_version.NUMBER
    await database.close()
