"""Two processes of one host on one SQLite file: one polls Telegram, both send,
and the other takes over at once.
"""

import signal

from adapters.storage.maintenance import leadership
from tests.process import bot
from tests.running_bot import running_bot, tally, until
from tests.servers.telegram import TelegramServer

PEOPLE = range(100, 120)


async def test_two_on_one_file_never_poll_at_the_same_time_and_answer_each_once(url, monkeypatch):
    monkeypatch.setattr(leadership, "LOOK_SECONDS", 0.05)
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as second:
        async with running_bot(url, telegram=telegram) as first:
            for user in PEOPLE:
                telegram.say("salary senior", user=user)
            await telegram.until(
                lambda: {sent.chat for sent in telegram.sent} >= set(PEOPLE), seconds=20
            )
            shares = [await one.metric("pivotbot_turns_total") for one in (first, second)]
            assert sorted(shares) == [0, len(PEOPLE)]
        for user in PEOPLE:
            telegram.say("visa 189", user=user)
        await telegram.until(lambda: len(telegram.sent) == 2 * len(PEOPLE), seconds=20)
        await until(lambda: second.metric("pivotbot_turns_total"))
    assert not [call for call in telegram.called("getUpdates") if call.status == 409]
    assert tally(PEOPLE, [sent.chat for sent in telegram.sent]).lost == 0
    assert {len(telegram.texts(user)) for user in PEOPLE} == {2}


async def test_a_poller_that_is_killed_is_followed_by_the_other_at_once(tmp_path):
    async with TelegramServer() as telegram:
        settings = {**telegram.environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'two.db'}"}
        async with bot(tmp_path, **settings) as first:
            telegram.say("salary senior", user=7)
            await telegram.until(lambda: telegram.texts(7), seconds=60)
            async with bot(tmp_path, **settings) as second:
                await until(lambda: listening(second), seconds=60)
                await first.kill()
                telegram.say("visa 189", user=7)
                await telegram.until(lambda: len(telegram.texts(7)) == 2, seconds=10)
                assert await second.stop() == 0


async def test_a_poller_that_is_frozen_is_followed_within_fifteen_seconds(tmp_path):
    async with TelegramServer() as telegram:
        settings = {**telegram.environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'two.db'}"}
        async with bot(tmp_path, **settings) as first:
            telegram.say("salary senior", user=7)
            await telegram.until(lambda: telegram.texts(7), seconds=60)
            async with bot(tmp_path, **settings) as second:
                await until(lambda: listening(second), seconds=60)
                first.signal(signal.SIGSTOP)
                telegram.say("visa 189", user=7)
                await telegram.until(lambda: len(telegram.texts(7)) == 2, seconds=60)
                first.signal(signal.SIGCONT)
                telegram.say("salary mid", user=7)
                await telegram.until(lambda: len(telegram.texts(7)) == 3, seconds=60)
                assert await second.stop() == 0


async def listening(process) -> bool:
    return "listening on port" in process.log()
