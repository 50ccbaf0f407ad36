"""One `pivotbot run` with the tokens of both platforms,
talking to strict servers on loopback through the real SDKs.
"""

import asyncio

from tests.process import bot
from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer


def settings(telegram, slack, folder):
    return {
        **telegram.environment,
        **slack.environment,
        "DATABASE_URL": f"sqlite:///{folder / 'journey.db'}",
    }


async def test_both_platforms_are_served_by_one_process_and_a_stop_is_quick_and_clean(tmp_path):
    async with (
        TelegramServer() as telegram,
        SlackServer() as slack,
        bot(tmp_path, **settings(telegram, slack, tmp_path)) as process,
    ):
        await slack.until(lambda: slack.live, seconds=20)
        telegram.say("salary senior", user=7)
        acked, _ = await asyncio.gather(
            slack.command("/pivot", "visa 189"),
            telegram.until(lambda: telegram.texts(7), seconds=20),
        )
        assert "$160,000 – $210,000" in telegram.last(7).text
        assert "189" in str(acked.payload)
        await slack.message("salary 4 years", user="U2", channel="D2")
        await slack.until(lambda: [one for one in slack.shown if one.channel == "D2"])
        telegram.tap("Take-home", user=7)
        await telegram.until(lambda: telegram.last(7).edits or len(telegram.texts(7)) > 1)
        assert await process.stop() == 0
    assert "Traceback" not in process.log()


async def test_a_dead_telegram_token_does_not_stop_slack(tmp_path):
    async with TelegramServer() as telegram, SlackServer() as slack:
        wrong = settings(telegram, slack, tmp_path) | {
            "TELEGRAM_BOT_TOKEN": "999:WRONG-TOKEN_that-nobody-gave-out"
        }
        async with bot(tmp_path, **wrong) as process:
            await slack.until(lambda: slack.live, seconds=20)
            acked = await slack.command("/pivot", "salary senior")
            assert "$160,000 – $210,000" in str(acked.payload)
            assert process.running
            assert await process.stop() == 0


async def test_the_process_ends_when_its_only_platform_is_lost(tmp_path):
    async with TelegramServer() as telegram:
        only = {
            "TELEGRAM_BOT_TOKEN": "999:WRONG-TOKEN_that-nobody-gave-out",
            "TELEGRAM_API_URL": telegram.url,
        }
        async with bot(
            tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'lost.db'}", **only
        ) as process:
            assert await process.ended(20) == 1
    assert "telegram ended" in process.log()
