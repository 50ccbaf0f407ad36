"""What a second process still knows of a life that a first one began: the same `run` as in
production, twice on one database.
"""

import pytest

from bot.runtime.charts import Studio
from tests.running_bot import running_bot
from tests.servers.telegram import TelegramServer

PNG = b"\x89PNG\r\n\x1a\nnot really"


async def test_a_chart_is_uploaded_once_and_a_later_process_sends_it_again_by_its_id(
    database, monkeypatch: pytest.MonkeyPatch
):
    async def draw(studio: Studio, spec: object) -> bytes:
        return PNG

    monkeypatch.setattr(Studio, "draw", draw)
    async with TelegramServer() as telegram:
        for lives in (1, 2):
            async with running_bot(f"sqlite:///{database}", telegram=telegram):
                telegram.say("salary chart", user=7)
                await telegram.until(
                    lambda lives=lives: len(telegram.called("sendPhoto")) == lives, seconds=20
                )
    first, second = telegram.called("sendPhoto")
    assert first.files
    assert not second.files
    assert [sent.photo for sent in telegram.sent if sent.photo] == [PNG, PNG]
