"""A message that was begun twice and never answered for:
its person reads of it with the next thing that they read.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.core.events import OpenedHome
from bot.core.state import Person, State, Uncertain
from tests.running_bot import running_bot, until
from tests.servers.telegram import TelegramServer
from tests.talk import ACCOUNT, CHAT, Talk

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LOST = (
    Uncertain(kind="nudge", at=NOW - timedelta(hours=2)),
    Uncertain(kind="answer", at=NOW - timedelta(hours=1)),
)
REMINDER = "My reminder of Tue 24 Nov, 6:00 pm may not have reached you"
ANSWER = "My answer of Tue 24 Nov, 7:00 pm may not have reached you"


def talk(**more) -> Talk:
    person = Person(id=1, accounts=(ACCOUNT,), uncertain=LOST)
    return Talk(now=NOW, state=State(person=person), **more)


async def test_telegram_takes_two_calls_and_answers_neither_and_the_next_answer_says_so(url):
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        telegram.fault("drop_after", method="sendMessage", chat=7, times=2)
        telegram.say("salary senior", user=7)
        await telegram.until(lambda: len(telegram.texts(7)) == 2, seconds=60)
        await until(lambda: bot.metric("pivotbot_messages_unknown"), seconds=60)
        for question in ("salary junior", "salary mid"):
            telegram.say(question, user=7)
            count = len(telegram.texts(7))
            await telegram.until(lambda count=count: len(telegram.texts(7)) > count, seconds=60)
    *_, told, untold = telegram.texts(7)
    assert "My answer of" in told
    assert "may not have reached you" in told
    assert "may not have reached you" not in untold


def test_the_next_answer_names_each_and_the_one_after_none():
    one = talk()
    told = one.say("salary senior")
    assert told.index("$") < told.index(REMINDER) < told.index(ANSWER)
    assert "may not have reached" not in one.say("salary senior")


def test_a_reminder_names_them_too():
    one = talk()
    one.say("subscribe tue 7:30am brisbane")
    one.state = replace(one.state, person=replace(one.state.person, uncertain=LOST))
    assert "My reminder of" in one.tick()
    assert one.state.person.uncertain == ()


def test_nothing_of_it_is_said_where_others_read_along_nor_on_a_page_that_is_drawn_anew():
    shared = talk(chat=replace(CHAT, id="everybody", shared=True))
    assert "may not have reached" not in shared.say("salary senior")
    assert shared.state.person.uncertain == LOST
    alone = talk()
    assert "may not have reached" not in alone.take(OpenedHome())
    assert alone.state.person.uncertain == LOST
