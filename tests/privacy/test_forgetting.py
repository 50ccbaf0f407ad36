"""`mydata`, `forget`, and what comes after: the whole journey through the real SDK, judged by every cell of the database."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.storage.store import open_store
from tests.house import house
from tests.servers.telegram import TelegramServer
from tests.talk import Talk

USER = 70_770_077
SECRETS = (str(USER), "zebraquartz", "187654", "Perth")
LEARNED = ("takehome 187654 plus super", "subscribe monday 8am perth", "plan start", "points", "zebraquartz?")


def cells(file: Path) -> list[tuple[str, str]]:
    """Everything the database holds, as (table, text)."""
    with sqlite3.connect(file) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = [(table, str(cell)) for table in tables for row in database.execute(f'SELECT * FROM "{table}"') for cell in row]
    database.close()
    return found


def traces(file: Path) -> set[tuple[str, str]]:
    return {(table, secret) for table, cell in cells(file) for secret in SECRETS if secret in cell}


async def say(telegram: TelegramServer, text: str) -> str:
    before = len(telegram.texts(USER))
    telegram.say(text, user=USER)
    await telegram.until(lambda: len(telegram.texts(USER)) > before, seconds=20)
    return telegram.last(USER).text


async def test_my_data_is_everything_and_forget_leaves_nothing(url, file):
    async with TelegramServer() as telegram, house(url, telegram=telegram):
        for text in LEARNED:
            await say(telegram, text)
        await say(telegram, "mydata")
        await telegram.until(lambda: any(sent.document for sent in telegram.sent), seconds=20)
        (document,) = [sent.document for sent in telegram.sent if sent.document]
        held = json.loads(document)
        assert {secret for table, secret in traces(file)} <= {secret for secret in SECRETS if secret in json.dumps(held)}
        assert "Australia/Perth" in json.dumps(held["held"]["person"])
        assert held["explained"]
        assert "Erase everything" in await say(telegram, "forget")
        assert traces(file), "asked once: nothing is gone yet"
        telegram.tap("Erase everything", user=USER)
        await telegram.until(lambda: any("start as strangers" in text for text in telegram.texts(USER)), seconds=20)
        await telegram.until(lambda: telegram.confirmed == len(LEARNED) + 3, seconds=20)
    assert {table for table, _ in traces(file)} <= {"outbox", "send_pace"}, "where the farewell goes, and nothing else"
    store = await open_store(url, real_time=False)
    await store.tidy(datetime.now(UTC) + timedelta(hours=2))
    await store.close()
    assert traces(file) == set()


async def test_updates_from_before_do_not_bring_a_forgotten_person_back_and_the_next_message_meets_a_stranger(url, file):
    async with TelegramServer() as telegram:
        async with house(url, telegram=telegram):
            await say(telegram, "subscribe monday 8am perth")
            await say(telegram, "zebraquartz?")
            redelivered = [(number, {**update}) for number, update in telegram.updates]
            await say(telegram, "forget yes")
            await telegram.until(lambda: telegram.confirmed == 3)
        redelivered = redelivered or [(1000, {"update_id": 1000, "message": telegram.message("subscribe monday 8am perth", user=USER)})]
        answered = len(telegram.sent)
        telegram.updates.extendleft(reversed(redelivered))
        async with house(url, telegram=telegram):
            await telegram.until(lambda: not telegram.updates)
            assert len(telegram.sent) == answered
            assert not [table for table, cell in cells(file) if table in {"people", "accounts", "subscriptions", "conversations"}]
            greeting = await say(telegram, "profile")
            assert "Perth" not in greeting
    assert {table for table, secret in traces(file) if secret == "Perth"} == set()


def test_no_open_question_comes_back_after_an_erasure():
    talk = Talk(now=datetime(2026, 11, 24, tzinfo=UTC))
    talk.say("points")
    assert "Back to" in talk.say("salary senior")
    assert "Back to" not in talk.say("forget")  # one question at a time: a bare yes must not mean the other
    answer = talk.say("yes")
    assert "start as strangers" in answer
    assert "Back to" not in answer
