"""The home page in the outbox: a nudge moves it, in the nudges' lane;
of several unsent pages only the newest goes out.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.clock import VirtualClock
from bot.core.messages import Message
from bot.runtime.content_store import ContentStore
from bot.runtime.settings import Settings
from bot.runtime.wiring import Parts, assemble
from tests.faces import SlackFace, TelegramFace

START = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
SHELF = ContentStore(None)


@pytest.fixture
def slack() -> SlackFace:
    return SlackFace(SHELF.content)


@pytest.fixture
def telegram() -> TelegramFace:
    return TelegramFace(SHELF.content)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(START)


@pytest.fixture
async def bot(
    tmp_path: Path, clock: VirtualClock, slack: SlackFace, telegram: TelegramFace
) -> AsyncIterator[Parts]:
    async with assemble(
        content_store=SHELF,
        database_url=f"sqlite:///{tmp_path / 'home.db'}",
        clock=clock,
        messengers={"slack": slack, "telegram": telegram},
        settings=Settings(_env_file=None),
    ) as parts:
        yield parts


def pages(face: SlackFace) -> list[Message]:
    return [message for message in face.sent if message.address.home]


async def test_a_nudge_shows_the_next_one_on_the_page_after_the_nudge_itself(
    bot, clock, slack
) -> None:
    await bot.engine.take(slack.said("subscribe tuesday 7:30am brisbane", "ann", clock.now()))
    await bot.delivery.run_until_idle()
    assert "Tue 24 Nov" in pages(slack)[-1].fallback
    slack.sent.clear()
    clock.move_to(START + timedelta(days=1))
    await bot.store.book(clock.now())
    await bot.delivery.run_until_idle()
    assert [(message.lane, message.address.home) for message in slack.sent] == [
        ("nudge", False),
        ("nudge", True),
    ]
    assert "Tue 1 Dec" in pages(slack)[0].fallback
    assert "Tue 24 Nov" not in pages(slack)[0].fallback


async def test_of_several_unsent_pages_only_the_newest_goes_out(bot, clock, slack) -> None:
    for day in ("monday", "tuesday", "friday"):
        await bot.engine.take(
            slack.said(f"subscribe instead {day} 7:30am brisbane", "ann", clock.now())
        )
    await bot.delivery.run_until_idle()
    [page] = pages(slack)
    assert "Fridays" in page.fallback
    assert page.address.chat.id == page.address.only_to == "Uann"
