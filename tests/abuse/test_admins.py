"""What operators may do from a chat, and that nobody else may."""

import logging
import re
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
        assert "Known" in await say(telegram, "admin stats")


async def test_a_broadcast_shows_its_head_count_first_and_goes_out_once_after_a_yes(url, caplog):
    caplog.set_level(logging.INFO)
    async with (
        TelegramServer() as telegram,
        running_bot(url, telegram=telegram, pivotbot_admins=ADMINS),
    ):
        for user in OTHERS:
            await say(telegram, "salary senior", user=user)
        telegram.say("admin broadcast The figures of 2026-27 are in.", user=ADMIN)
        await telegram.until(lambda: len(telegram.texts(ADMIN)) == 2)
        preview, asked = telegram.texts(ADMIN)
        assert "4 people" in asked
        assert [len(telegram.texts(user)) for user in OTHERS] == [1, 1, 1]
        telegram.tap("Send it", user=ADMIN)
        await telegram.until(lambda: all(len(telegram.texts(user)) == 2 for user in OTHERS))
        assert "admin stats" in await say(telegram, "admin send"), (
            "a second time it is only explained"
        )
        assert all("The figures of 2026-27 are in." in telegram.last(user).text for user in OTHERS)
        assert all(len(telegram.texts(user)) == 2 for user in OTHERS)
        assert {telegram.last(user).text for user in OTHERS} == {preview}
    audits = [
        record.getMessage() for record in caplog.records if "broadcast of" in record.getMessage()
    ]
    assert audits == ["broadcast of 30 characters by telegram admin"]
    assert "The figures" not in caplog.text


async def test_figures_say_what_people_do_and_what_was_not_understood_but_no_text(url):
    async with (
        TelegramServer() as telegram,
        running_bot(url, telegram=telegram, pivotbot_admins=ADMINS) as bot,
    ):
        await say(telegram, "plan start 4 hours", user=2)
        await say(telegram, "salary senior", user=3)
        await say(telegram, "flarb zworkle ottig pimm", user=3)
        telegram.say("admin stats", user=ADMIN)
        await telegram.until(lambda: len(telegram.texts(ADMIN)) == 2)
        people, texts = telegram.texts(ADMIN)
        assert await bot.metric("pivotbot_missed_total") == 1
    assert re.findall(r"(?:Known|7 days|plan)\W+(\d)", people) == ["3", "2", "1"], people
    assert "1 of 4 (25 %)" in texts
    assert "flarb" not in texts


async def test_a_head_count_of_one_is_said_in_the_singular(url):
    async with (
        TelegramServer() as telegram,
        running_bot(url, telegram=telegram, pivotbot_admins=ADMINS),
    ):
        telegram.say("admin broadcast Hello.", user=ADMIN)
        await telegram.until(lambda: len(telegram.texts(ADMIN)) == 2)
        assert "the one person" in telegram.last(ADMIN).text
        telegram.tap("Send it", user=ADMIN)
        await telegram.until(lambda: any("for one person" in one for one in telegram.texts(ADMIN)))


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
