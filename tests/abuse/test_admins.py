"""What operators may do from a chat, and that nobody else may."""

import logging
import shutil
from pathlib import Path

import content
from tests.running_bot import running_bot
from tests.servers.telegram import TelegramServer

ADMIN, OTHERS = 1, (2, 3, 4)
ADMINS = "telegram:1"


async def say(telegram, text, user=ADMIN):
    """The answer to a text."""
    before = len(telegram.texts(user))
    telegram.say(text, user=user)
    await telegram.until(lambda: len(telegram.texts(user)) > before, seconds=60)
    return telegram.last(user).text


async def test_nobody_else_gets_figures_or_a_broadcast(url):
    async with (
        TelegramServer() as telegram,
        running_bot(url, telegram=telegram, pivotbot_admins=ADMINS),
    ):
        for text in ("admin stats", "admin broadcast hello", "admin send", "admin reload", "admin"):
            assert await say(telegram, text, user=2) == "That is for those who run this bot."
        assert "people" in await say(telegram, "admin stats")


async def test_a_broadcast_shows_its_head_count_first_and_goes_out_once_after_a_yes(url, caplog):
    caplog.set_level(logging.INFO)
    async with (
        TelegramServer() as telegram,
        running_bot(url, telegram=telegram, pivotbot_admins=ADMINS),
    ):
        for user in OTHERS:
            await say(telegram, "salary senior", user=user)
        assert "4 people" in await say(telegram, "admin broadcast The figures of 2026-27 are in.")
        assert [len(telegram.texts(user)) for user in OTHERS] == [1, 1, 1]
        telegram.tap("Send it", user=ADMIN)
        await telegram.until(lambda: all(len(telegram.texts(user)) == 2 for user in OTHERS))
        assert "admin stats" in await say(telegram, "admin send"), (
            "a second time it is only explained"
        )
        assert all("The figures of 2026-27 are in." in telegram.last(user).text for user in OTHERS)
        assert all(len(telegram.texts(user)) == 2 for user in OTHERS)
    audits = [
        record.getMessage() for record in caplog.records if "broadcast of" in record.getMessage()
    ]
    assert audits == ["broadcast of 30 characters by telegram admin"]
    assert "The figures" not in caplog.text


async def test_a_dry_run_that_was_left_alone_is_not_sent_later(url):
    async with (
        TelegramServer() as telegram,
        running_bot(url, telegram=telegram, pivotbot_admins=ADMINS),
    ):
        await say(telegram, "salary senior", user=2)
        await say(telegram, "admin broadcast Not this one.")
        await say(telegram, "visa 189")
        await say(telegram, "admin send")
        await say(telegram, "salary junior", user=2)
    assert len(telegram.texts(2)) == 2
    assert "Not this one." not in telegram.last(2).text


async def test_content_with_errors_is_refused_by_name_and_the_old_stays_in_use(url, tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(
        Path(content.__file__).parent, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    phrases = folder / "phrases" / "people.yaml"
    good = phrases.read_text()
    async with (
        TelegramServer() as telegram,
        running_bot(url, telegram=telegram, pivotbot_admins=ADMINS, pivotbot_content=folder),
    ):
        phrases.write_text(good + "\nadmin_refused: [this, is, no, sentence]\n")
        answer = await say(telegram, "admin reload")
        assert "the old one stays in use" in answer
        assert "people.yaml" in answer
        assert await say(telegram, "admin stats", user=2) == "That is for those who run this bot."
        for broken in (b"one: \xff", b"one: &x [*x]", b"one: " + b"[" * 200_000):
            phrases.write_bytes(broken)
            assert "people.yaml" in await say(telegram, "admin reload")
        phrases.write_text(good.replace("That is for those who run this bot.", "Operators only."))
        assert "is in use" in await say(telegram, "admin reload")
        assert await say(telegram, "admin stats", user=2) == "Operators only."
