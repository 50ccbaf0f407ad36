"""A flood gets one polite sentence, touches nobody else,
and never drowns a wish to be left alone.
"""

import sqlite3

from bot.conversation.person_rate_limit import MESSAGES
from tests.running_bot import running_bot
from tests.servers.telegram import TelegramServer

FLOOD = 50
NOTICE = "That was a lot at once"


async def test_fifty_messages_in_ten_seconds_get_one_polite_notice_and_others_their_answers(url):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram):
        for _ in range(FLOOD):
            telegram.say("salary senior", user=7)
        telegram.say("salary senior", user=8)
        await telegram.until(lambda: telegram.confirmed == FLOOD + 1, seconds=20)
        await telegram.until(lambda: len(telegram.texts(7)) == MESSAGES + 1 and telegram.texts(8))
    assert [text.startswith(NOTICE) for text in telegram.texts(7)] == [False] * MESSAGES + [True]
    assert "$160,000 – $210,000" in telegram.last(8).text


async def test_stop_is_obeyed_and_answered_in_the_middle_of_a_flood(url, file):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram):
        telegram.say("subscribe monday 8am sydney", user=7)
        for _ in range(FLOOD):
            telegram.say("visa 189", user=7)
        telegram.say("stop", user=7)
        for _ in range(5):
            telegram.say("visa 189", user=7)
        await telegram.until(lambda: telegram.confirmed == FLOOD + 7, seconds=20)
        await telegram.until(lambda: len(telegram.texts(7)) == MESSAGES + 2)
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT active FROM subscriptions").fetchall() == [(0,)]
    database.close()
    assert telegram.texts(7)[-2].startswith(NOTICE)
    assert "stopped" in telegram.texts(7)[-1].lower()
