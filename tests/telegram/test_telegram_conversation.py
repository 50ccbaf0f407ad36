"""Whole conversations on Telegram: the real client, engine and database,
against the loopback server.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from adapters.clock import SystemClock
from adapters.telegram import receipts
from adapters.telegram.transport import Telegram
from bot.core.ports import Store
from bot.runtime.content_store import ContentStore
from bot.runtime.settings import Settings
from bot.runtime.wiring import assemble
from tests.servers.telegram import TOKEN, Sent, TelegramServer

SHELF = ContentStore()
GROUP = -100500


async def no_chart(spec: object) -> bytes:
    raise AssertionError


@dataclass
class Talk:
    server: TelegramServer
    store: Store

    async def says(self, text: str, *, user: int = 7, chat: int = 0, **extra: object) -> Sent:
        """Say something and return what answered it."""
        return await self._answer(lambda: self.server.say(text, user=user, chat=chat, **extra))

    async def until_unreachable(self) -> None:
        """What became of the last message is recorded."""
        async with asyncio.timeout(5):
            while (await self.store.figures(SystemClock().now())).values["reachable"]:
                await asyncio.sleep(0.01)

    async def until_recorded(self) -> None:
        """Where each message went is in the database."""
        async with asyncio.timeout(5):
            while (await self.store.figures(SystemClock().now())).values["outbox_answers"]:
                await asyncio.sleep(0.01)

    async def replies(self, text: str, *, to: Sent, chat: int = 0) -> Sent:
        await self.until_recorded()
        shown = {"message_id": to.id, "date": 1, "from": self.server.me, "text": to.text}
        return await self.says(text, chat=chat, reply_to_message=shown)

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
        return [
            call
            for call in self.server.calls
            if call.method in ("sendMessage", "editMessageText", "sendPhoto") and call.status == 200
        ]


@asynccontextmanager
async def running(server: TelegramServer, database: Path) -> AsyncIterator[Talk]:
    """The whole program but its process, until the end of the block."""
    clock = SystemClock()
    telegram = Telegram(
        token=TOKEN, clock=clock, content=lambda: SHELF.content, draw=no_chart, api_url=server.url
    )
    async with assemble(
        content_store=SHELF,
        database_url=f"sqlite:///{database}",
        clock=clock,
        messengers={"telegram": telegram},
        settings=Settings(_env_file=None),  # type: ignore[call-arg]  # pydantic-settings' own parameter
    ) as parts:
        tasks = [
            asyncio.create_task(parts.delivery.run()),
            asyncio.create_task(telegram.serve(parts.engine)),
        ]
        yield Talk(server, parts.store)
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


BRISBANE = {"latitude": -27.469771, "longitude": 153.025124}
SHARE = SHELF.content.phrases["telegram_share_place_button"]


async def test_a_shared_location_gives_the_zone_and_leaves_no_trace_of_the_place(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with TelegramServer() as server, running(server, tmp_path / "talk.db") as talk:
        keyboard = server._room(7)
        await talk.says("subscribe tuesday 7:30am")
        await server.until(lambda: keyboard.keyboard == [SHARE])
        server.share(**BRISBANE, user=7)
        await server.until(lambda: keyboard.keyboard == [] and "Earlier" in server.last(7).labels)
        told = "\n".join(server.texts(7))
        assert "Every Tuesday at 7:30 am in Brisbane" in told
        assert await talk.says("mydata")
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir()).decode("latin-1")
    assert "Australia/Brisbane" in held
    for trace in ("27.46", "153.02", "latitude", "longitude"):
        assert trace not in held
        assert trace not in caplog.text
    assert not any("27.46" in str(call.params) for call in server.calls)


async def test_when_nudges_come_is_said_in_words_and_as_an_instant(talk: Talk) -> None:
    confirmed = await talk.says("subscribe tuesday 7:30am brisbane")
    (first,) = (entity for entity in confirmed.entities if entity["type"] == "date_time")
    named = confirmed.text.encode("utf-16-le")[
        2 * first["offset"] : 2 * (first["offset"] + first["length"])
    ].decode("utf-16-le")
    assert named.startswith("Tue")
    moment = datetime.fromtimestamp(first["unix_time"], UTC).astimezone(
        ZoneInfo("Australia/Brisbane")
    )
    assert (moment.weekday(), moment.hour, moment.minute) == (1, 7, 30)
    assert f"{moment:%-d %b}" in named


@pytest.mark.parametrize("way", ["typed", "tapped", "cancelled", "something else"])
async def test_the_location_button_goes_away_once_it_is_not_wanted(talk: Talk, way: str) -> None:
    room = talk.server._room(7)
    await talk.says("timezone" if way == "something else" else "subscribe tuesday 7:30am")
    await talk.server.until(lambda: room.keyboard == [SHARE])
    question = next(sent for sent in talk.server._in(7) if "Perth" in sent.labels)
    match way:
        case "typed":
            talk.server.say("perth", user=7)
        case "tapped":
            talk.server.tap("Perth", user=7, on=question)
        case "cancelled":
            talk.server.say("cancel", user=7)
        case _:
            talk.server.say("salary senior", user=7)
    await talk.server.until(lambda: room.keyboard == [])
    assert {
        call.status for call in talk.server.calls if call.method.startswith(("send", "edit"))
    } == {200}


async def test_the_location_button_is_shown_once_however_often_the_city_is_asked_for(
    talk: Talk,
) -> None:
    room = talk.server._room(7)
    await talk.says("subscribe tuesday 7:30am")
    await talk.server.until(lambda: room.keyboard == [SHARE])
    await talk.says("qwertyville")
    await talk.says("perth")
    await talk.server.until(lambda: room.keyboard == [])
    assert talk.server.texts(7).count(SHELF.content.phrases["telegram_share_place"]) == 1


async def test_in_a_group_no_place_is_asked_for_and_a_shared_one_is_not_heard(talk: Talk) -> None:
    talk.server.group(GROUP, by=7)
    await talk.says("/subscribe tuesday 7:30am", chat=GROUP)
    await talk.says("/timezone", chat=GROUP)
    talk.server.share(**BRISBANE, user=7, chat=GROUP)
    await talk.says("/salary senior", chat=GROUP)
    assert talk.server._room(GROUP).keyboard == []
    assert len(talk.server.texts(GROUP)) == 3


async def test_what_is_done_and_thanks_get_a_nod_on_the_persons_own_message(talk: Talk) -> None:
    await talk.says("plan start 5h")
    await talk.says("done 1")
    await talk.server.until(lambda: talk.server.reactions)
    asked = next(call.params["message_id"] for call in talk.server.called("setMessageReaction"))
    assert talk.server.reactions == {(7, asked): "👍"}
    await talk.says("thanks!")
    await talk.server.until(lambda: len(talk.server.reactions) == 2)
    await talk.says("salary senior")
    await talk.says("done 1")
    assert len(talk.server.called("setMessageReaction")) == 2


async def test_where_no_reactions_are_allowed_the_words_alone_are_the_answer(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    talk.server.group(GROUP, by=7)
    talk.server._room(GROUP).reactions = False
    thanked = await talk.says("thanks @pivot_test_bot", chat=GROUP)
    assert thanked.text == SHELF.content.phrases["thanks_back"]
    await talk.server.until(lambda: talk.server.called("setMessageReaction"))
    assert talk.server.called("setMessageReaction")[0].status == 400
    assert "160,000" in (await talk.says("/salary senior", chat=GROUP)).text
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_deep_link_opens_its_topic_and_never_acts(talk: Talk) -> None:
    assert "189" in (await talk.says("/start visa_189")).text
    welcome = (await talk.says("/start")).text
    assert (await talk.says("/start forget")).text == welcome
    assert (await talk.says("/start nonsense")).text == welcome


async def test_in_a_group_figures_are_answered_and_what_is_personal_moves_to_the_private_chat(
    talk: Talk,
) -> None:
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


async def test_who_never_pressed_start_is_shown_the_door_and_not_written_to(talk: Talk) -> None:
    talk.server.group(GROUP, by=7)
    door = await talk.says("/subscribe tuesday 7:30am perth", chat=GROUP, user=8)
    assert door.markup["inline_keyboard"][0][0]["url"].startswith(
        "https://t.me/pivot_test_bot?start="
    )
    assert 8 not in {int(call.params.get("chat_id", 0)) for call in talk.server.calls}
    typed = await talk.says(
        "erase everything", chat=GROUP, user=8, reply_to_message={"from": talk.server.me}
    )
    assert SHELF.content.phrases["forgotten"] not in typed.text


async def test_a_question_that_the_group_did_not_see_is_not_answered_by_a_yes_there(
    talk: Talk,
) -> None:
    talk.server.group(GROUP, by=7)
    await talk.says("timezone perth")
    await talk.says("/forget", chat=GROUP)
    for word in ("yes", "Erase everything"):
        answer = await talk.says(word, chat=GROUP, reply_to_message={"from": talk.server.me})
        assert SHELF.content.phrases["forgotten"] not in answer.text
    assert "Perth" in (await talk.says("timezone")).text


async def test_an_edit_in_between_takes_the_question_away(talk: Talk) -> None:
    await talk.says("timezone perth")
    await talk.says("forget")
    await talk.edits(1, "timezone brisbane")
    assert SHELF.content.phrases["forgotten"] not in (await talk.says("yes")).text
    assert "Perth" in (await talk.says("timezone")).text


async def test_commands_of_other_bots_and_posts_of_nobody_get_no_answer(talk: Talk) -> None:
    server = talk.server
    server.group(GROUP, by=7)
    server.say("/salary@another_bot senior", chat=GROUP, user=7)
    server.say("salary senior", chat=GROUP, user=7)
    server.say("/plan start", chat=GROUP, user=777000, sender_chat={"id": -1009, "type": "channel"})
    assert "160,000" in (await talk.says("/salary@Pivot_Test_Bot senior", chat=GROUP)).text
    assert len(server.texts(GROUP)) == 1


@pytest.mark.parametrize("sender", [GROUP, -1009])
async def test_who_writes_as_the_group_or_a_channel_gets_the_general_answer(
    talk: Talk, sender: int
) -> None:
    talk.server.group(GROUP, by=7)
    kind = "supergroup" if sender == GROUP else "channel"
    anonymous = {"chat": GROUP, "user": 1087968824, "sender_chat": {"id": sender, "type": kind}}
    assert "160,000" in (await talk.says("/salary@Pivot_Test_Bot senior", **anonymous)).text
    refused = await talk.says("/plan@Pivot_Test_Bot start", **anonymous)
    assert "general questions only" in refused.text


@pytest.mark.parametrize("opening", ["points", "subscribe"])
async def test_a_group_never_learns_of_questions_that_are_open_in_private(
    talk: Talk, opening: str
) -> None:
    talk.server.group(GROUP, by=7)
    await talk.says(opening)
    assert "160,000" in (await talk.says("/salary@Pivot_Test_Bot senior", chat=GROUP)).text
    assert "189" in (await talk.says("/visa@Pivot_Test_Bot 189", chat=GROUP)).text
    assert len(talk.server.texts(GROUP)) == 2
    assert "about you" not in " ".join(talk.server.texts(GROUP))
    assert len(talk.server.texts(7)) == 1


async def test_a_topic_gets_its_answers_and_keeps_its_own_thread_of_talk(talk: Talk) -> None:
    talk.server.group(GROUP, by=7, threads=(3, 5))
    topic = {"is_topic_message": True, "message_thread_id": 3}
    assert (await talk.says("/salary senior", chat=GROUP, **topic)).thread == 3
    assert (
        await talk.says("/visa 189", chat=GROUP, **topic | {"message_thread_id": 5})
    ).thread == 5
    about = await talk.says("/sources", chat=GROUP, **topic)
    assert about.thread == 3
    assert "aicareergraph" in about.text


async def test_a_group_that_becomes_a_supergroup_goes_on_where_it_was(talk: Talk) -> None:
    server, new = talk.server, -100900
    server.group(GROUP, by=7)
    await talk.says("/salary senior", chat=GROUP)
    server.move(GROUP, new)
    late = await talk.says("/visa 189", chat=GROUP)
    assert late.chat == new
    server.say("", chat=GROUP, user=7, migrate_to_chat_id=new)
    server.say("", chat=new, user=7, migrate_from_chat_id=GROUP)
    about = await talk.says("/sources", chat=new)
    assert about.chat == new
    assert "LIN 19/051" in about.text


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("bot was blocked by the user", "blocked"),
        ("user is deactivated", "deactivated"),
        ("something new", "forbidden"),
    ],
)
async def test_why_nothing_came_is_told_by_its_cause_when_they_return(
    talk: Talk, told: str, reason: str
) -> None:
    await talk.says("subscribe tuesday 7:30am perth")
    room = talk.server._room(7)
    room.blocked = told
    talk.server.say("salary senior", user=7)
    await talk.server.until(
        lambda: any(call.status == 403 for call in talk.server.called("sendMessage"))
    )
    await talk.until_unreachable()
    room.blocked = ""
    greeting = (await talk.says("salary senior")).text
    assert greeting.startswith(
        f"Good to hear from you. {SHELF.content.phrases[f'unreachable_{reason}']} so your reminders were on hold."
    )
    assert "160,000" in greeting
    assert "hold" not in (await talk.says("salary senior")).text


def test_every_cause_that_telegram_names_has_its_words() -> None:
    causes = {"blocked", "deactivated", "never_started", "removed", "no_rights", "forbidden"}
    assert {word for _, word in receipts._GONE} < causes
    assert {f"unreachable_{cause}" for cause in causes} <= SHELF.content.phrases.keys()


async def test_a_group_that_removes_the_bot_is_not_a_person_who_left(talk: Talk) -> None:
    talk.server.group(GROUP, by=7)
    talk.server._member(GROUP, 7, "member", "kicked")
    after_the_group = (await talk.says("salary senior")).text
    assert after_the_group.startswith("Senior")
    talk.server.block(7)
    talk.server.unblock(7)
    after_a_block = (await talk.says("salary senior")).text
    assert after_a_block.startswith("Good to hear from you. I was blocked here")


async def test_an_old_button_explains_itself(talk: Talk) -> None:
    answer = await talk.says("salary senior")
    before = answer.text
    talk.server.press("0:from another age", user=7, on=answer)
    await talk.server.until(lambda: len(talk.server.texts(7)) == 2)
    assert talk.server.texts(7) == [before, SHELF.content.phrases["help_stale"]]


async def test_a_reply_is_about_the_message_it_replies_to(talk: Talk) -> None:
    pay = await talk.says("salary senior")
    visa = await talk.says("visa 189")
    why_visa = (await talk.says("why")).text
    why_pay = (await talk.replies("why", to=pay)).text
    assert why_pay != why_visa
    assert why_pay == (await talk.replies("why", to=pay)).text
    assert (await talk.replies("why", to=visa)).text == why_visa
    after_tax = (await talk.replies("what about after tax?", to=pay)).text
    assert "What pay?" not in after_tax


async def test_a_yes_in_reply_answers_the_question_of_that_message(talk: Talk) -> None:
    await talk.says("plan start 4 hours")
    asked = await talk.says("forget")
    await talk.says("visa 189")
    assert "open" in (await talk.says("yes")).text
    assert (await talk.replies("yes", to=asked)).text != asked.text
    await talk.until_recorded()
    assert "Start" in (await talk.says("progress")).labels


async def test_a_reply_to_what_answered_somebody_else_is_about_ones_own_last_answer(
    talk: Talk,
) -> None:
    talk.server.group(GROUP, by=7)
    theirs = await talk.says("/salary senior", user=8, chat=GROUP)
    await talk.says("/visa 189", chat=GROUP)
    own = (await talk.says("/sources", chat=GROUP)).text
    assert (await talk.replies("sources", to=theirs, chat=GROUP)).text == own
