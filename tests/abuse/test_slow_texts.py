"""No text of 4,000 characters keeps the processor: not in one pattern, not in a whole turn;
and one that would is cut off.
"""

import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.conversation.person_rate_limit import MESSAGES
from bot.core.events import Said
from bot.core.state import Conversation
from bot.runtime import wiring
from bot.runtime.engine import _without_excess
from bot.runtime.reading_time import ReadingTooLongError, within
from bot.understanding.reading import Reader, understand
from tests.abuse.patterns import UNITS, min_seconds, pumped
from tests.running_bot import running_bot
from tests.servers.telegram import TelegramServer
from tests.talk import CONTENT, Talk

PATTERN_SECONDS = 0.005
TURN_SECONDS = 0.05
SHAPES = (*UNITS[:36], "½", "ﷺ", "165k + su0", "19/5/20 ")


def test_every_pattern_takes_at_most_five_milliseconds_of_four_thousand_characters():
    script = Path(__file__).with_name("patterns.py")
    run = subprocess.run(
        [sys.executable, script, str(PATTERN_SECONDS)], capture_output=True, text=True, check=True
    )
    assert json.loads(run.stdout) == []


def test_pumping_finds_a_careless_pattern():
    careless = re.compile(r"[0-9]+[0-9 ]+k")
    text = pumped("0", length=400)
    assert min_seconds(lambda: careless.search(text), PATTERN_SECONDS) > PATTERN_SECONDS


@pytest.fixture(scope="module")
def reader():
    """Without the language model, whose time depends on nothing in the text."""
    return Reader(CONTENT, None)


@pytest.mark.parametrize(("place", "command"), [*enumerate(sorted(CONTENT.commands))])
def test_no_command_takes_fifty_milliseconds_of_a_hostile_text(place, command, reader, thorough):
    slow = []
    for unit in SHAPES if thorough else SHAPES[place % 8 :: 8]:
        talk = Talk(now=datetime(2026, 11, 30, 2, tzinfo=UTC))
        said = _without_excess(pumped(unit, f"{command} "))

        def turn(talk=talk, said=said):
            talk.state = replace(talk.state, conversation=Conversation())
            talk.take(Said(said, reader.read(said)))

        if (took := min_seconds(turn, TURN_SECONDS)) > TURN_SECONDS:
            slow.append((unit, round(took * 1000)))
    assert slow == []


def test_a_sign_that_stands_for_many_letters_is_cut_after_it_became_them():
    assert len(unicodedata.normalize("NFKC", "ﷺ" * 10)) == 180
    noticed = understand(CONTENT, "ﷺ" * 4000)
    assert noticed.action == "reject"


def test_a_reading_is_cut_off_in_the_middle_of_a_pattern():
    endless = re.compile(r"(?:a+)+b")
    with pytest.raises(ReadingTooLongError):
        within(0.1, lambda: endless.search("a" * 40))
    assert within(0.1, lambda: "as usual") == "as usual"


async def test_a_reading_that_takes_too_long_is_answered_as_not_understood(url, monkeypatch):
    read, endless = wiring.reader, re.compile(r"(?:a+)+b")

    def reader(content, text):
        return endless.search("a" * 40) if "endless" in text else read(content, text)

    monkeypatch.setattr(wiring, "reader", reader)
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        telegram.say("what does a senior earn", user=9)
        await telegram.until(lambda: telegram.texts(9), seconds=60)
        telegram.say("an endless story", user=7)
        telegram.say("salary senior", user=8)
        await telegram.until(lambda: telegram.texts(7) and telegram.texts(8), seconds=60)
        assert await bot.metric("pivotbot_errors_total") == 0
    assert CONTENT.phrases["beyond_gibberish"] in telegram.last(7).text
    assert "$160,000 – $210,000" in telegram.last(8).text


async def test_a_text_that_cannot_be_read_is_set_aside_and_its_sender_told(url, monkeypatch):
    read = wiring.reader

    def reader(content, text):
        if "defect" in text:
            raise KeyError(text)
        return read(content, text)

    monkeypatch.setattr(wiring, "reader", reader)
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram) as bot:
        telegram.say("a defect here", user=7)
        telegram.say("salary senior", user=7)
        await telegram.until(lambda: len(telegram.texts(7)) == 2, seconds=60)
        assert await bot.metric("pivotbot_errors_total") == 1
    apology, answer = telegram.texts(7)
    assert apology.startswith(CONTENT.phrases["set_aside"].split("{")[0][:30])
    assert "$160,000 – $210,000" in answer


async def test_what_a_flood_says_is_not_read(url, monkeypatch):
    read, texts = wiring.reader, []

    def reader(content, text):
        texts.append(text)
        return read(content, text)

    monkeypatch.setattr(wiring, "reader", reader)
    async with TelegramServer() as telegram, running_bot(url, telegram=telegram):
        for _ in range(MESSAGES + 20):
            telegram.say("what does a senior earn", user=7)
        telegram.say("what does a senior earn", user=8)
        await telegram.until(lambda: telegram.confirmed == MESSAGES + 21, seconds=60)
        await telegram.until(lambda: telegram.texts(8), seconds=60)
    assert len(texts) == MESSAGES + 2
