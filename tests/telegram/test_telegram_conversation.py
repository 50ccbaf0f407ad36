"""Whole conversations on Telegram: the real client, engine and database, against the loopback server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.clock import SystemClock
from adapters.telegram.transport import Telegram
from bot.engine import Shelf
from bot.settings import Settings
from bot.wiring import assembled
from tests.servers.telegram import TOKEN, Sent, TelegramServer

SHELF = Shelf()
GROUP = -100500


async def no_chart(spec: object) -> bytes:
    raise AssertionError


@dataclass
class Talk:
    server: TelegramServer

    async def says(self, text: str, *, user: int = 7, chat: int = 0) -> Sent:
        """Say something and return what answered it."""
        return await self._answer(lambda: self.server.say(text, user=user, chat=chat))

    async def taps(self, label: str, *, on: Sent) -> Sent:
        return await self._answer(lambda: self.server.tap(label, user=7, on=on))

    async def edits(self, message_id: int, text: str, *, chat: int = 0) -> Sent:
        return await self._answer(lambda: self.server.edit(message_id, text, user=7, chat=chat))

    async def _answer(self, act: object) -> Sent:
        done = len(self._answers())
        assert callable(act)
        act()
        await self.server.until(lambda: len(self._answers()) > done)
        call = self._answers()[-1]
        return self.server._rooms[int(call.params["chat_id"])].messages[call.answer["message_id"]]

    def _answers(self) -> list[object]:
        return [call for call in self.server.calls if call.method in ("sendMessage", "editMessageText", "sendPhoto") and call.status == 200]


@asynccontextmanager
async def running(server: TelegramServer, database: Path) -> AsyncIterator[Talk]:
    """The whole program but its process, until the end of the block."""
    clock = SystemClock()
    telegram = Telegram(token=TOKEN, clock=clock, content=lambda: SHELF.content, draw=no_chart, api_url=server.url)
    async with assembled(
        shelf=SHELF,
        database_url=f"sqlite:///{database}",
        clock=clock,
        messengers={"telegram": telegram},
        settings=Settings(_env_file=None),  # type: ignore[call-arg]  # pydantic-settings' own parameter
    ) as parts:
        tasks = [asyncio.create_task(parts.delivery.run()), asyncio.create_task(telegram.serve(parts.engine))]
        yield Talk(server)
        for task in reversed(tasks):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await parts.engine.finish(1)
        await parts.delivery.drain(1)
    await telegram.close()


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with TelegramServer() as server, running(server, tmp_path / "talk.db") as talk:
        yield talk


async def test_a_question_a_tap_and_an_edit_stay_in_one_message(talk: Talk) -> None:
    answer = await talk.says("salary senior")
    assert "160,000" in answer.text
    label = next(label for label in answer.labels if answer.data(label).startswith("1:salary"))
    tapped = await talk.taps(label, on=answer)
    assert tapped.id == answer.id
    edited = await talk.edits(1, "salary junior")
    assert edited.id == answer.id
    assert talk.server.texts(7) == [edited.text]


async def test_an_edit_does_not_act_a_second_time(talk: Talk) -> None:
    await talk.says("timezone perth")
    refusal = await talk.edits(1, "timezone brisbane")
    assert refusal.text == SHELF.content.phrases["edit_changes_nothing"]
    assert "Perth" in (await talk.says("timezone")).text


@pytest.mark.parametrize("chat", [0, GROUP], ids=["private", "group"])
async def test_an_edit_finds_its_answer_after_a_restart(tmp_path: Path, chat: int) -> None:
    async with TelegramServer() as server:
        async with running(server, tmp_path / "talk.db") as talk:
            if chat:
                server.group(GROUP, by=7)
            answer = await talk.says("/salary senior", chat=chat)
            asked = server._rooms[chat or 7].last_id - 1
        async with running(server, tmp_path / "talk.db") as talk:
            edited = await talk.edits(asked, "/salary junior", chat=chat)
            assert edited.id == answer.id
            assert "90,000" in edited.text
            assert server.texts(chat or 7) == [edited.text]


async def test_an_edit_of_what_acted_acts_neither_again_nor_otherwise(talk: Talk) -> None:
    await talk.says("plan start 5h")
    ticked = await talk.says("done 1")
    asked = talk.server._rooms[7].last_id - 1
    refusal = await talk.edits(asked, "done 2")
    assert refusal.text == SHELF.content.phrases["edit_changes_nothing"]
    assert ticked.text in talk.server.texts(7)
    assert "1 of 52 steps" in (await talk.says("plan")).text


async def test_an_edit_before_the_answer_went_out_edits_that_answer(talk: Talk) -> None:
    talk.server.fault("slow", method="sendMessage", seconds=0.3)
    talk.server.say("salary senior", user=7)
    await talk.server.until(lambda: talk.server.texts(7))
    talk.server.edit(1, "salary junior", user=7)
    await talk.server.until(lambda: talk.server.last(7).edits)
    (answer,) = talk.server.texts(7)
    assert "90,000" in answer


async def test_a_deep_link_opens_its_topic_and_never_acts(talk: Talk) -> None:
    assert "189" in (await talk.says("/start visa_189")).text
    welcome = (await talk.says("/start")).text
    assert (await talk.says("/start forget")).text == welcome
    assert (await talk.says("/start nonsense")).text == welcome


async def test_in_a_group_figures_are_answered_and_what_is_personal_moves_to_the_private_chat(talk: Talk) -> None:
    talk.server.group(GROUP, by=7)
    answer = await talk.says("/salary@pivot_test_bot senior", chat=GROUP)
    assert "160,000" in answer.text
    assert answer.reply_to == 1
    door = await talk.says("/profile@pivot_test_bot", chat=GROUP)
    (button,) = door.markup["inline_keyboard"][0]
    link = urlsplit(button["url"])
    assert (link.netloc, link.path) == ("t.me", "/pivot_test_bot")
    opened = await talk.says(f"/start {parse_qs(link.query)['start'][0]}")
    assert opened.chat == 7
    assert opened.text != door.text


async def test_a_group_that_removes_the_bot_is_not_a_person_who_left(talk: Talk) -> None:
    talk.server.group(GROUP, by=7)
    first = await talk.says("salary senior")
    talk.server._member(GROUP, 7, "member", "kicked")
    assert (await talk.says("salary senior")).text == first.text
    talk.server.block(7)
    talk.server.unblock(7)
    assert (await talk.says("salary senior")).text != first.text


async def test_an_old_button_explains_itself(talk: Talk) -> None:
    answer = await talk.says("salary senior")
    before = answer.text
    talk.server.press("0:from another age", user=7, on=answer)
    await talk.server.until(lambda: len(talk.server.texts(7)) == 2)
    assert talk.server.texts(7) == [before, SHELF.content.phrases["help_stale"]]
