"""The real python-telegram-bot client against a server that refuses what Telegram refuses."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Bot

from adapters.telegram.http_client import NeverLeft, Wire
from adapters.telegram.polling import TokenRefusedError
from adapters.telegram.transport import Telegram
from bot.core.events import Chat, Event, Joined, Left, Pressed, Said
from bot.core.messages import (
    Address,
    ChatMoved,
    Claimed,
    Delivered,
    Dropped,
    Malformed,
    Message,
    NotSent,
    Receipt,
    TokenDead,
    Unclear,
    Unreachable,
)
from bot.core.ports import Outcome, StoreGone
from bot.core.reply import Choices, File, Picture, Reply, Tap, paragraph
from content.library import load
from tests.servers.telegram import TOKEN, TelegramServer

CONTENT = load()
NOW = datetime(2026, 11, 21, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
ALICE = Chat(platform="telegram", id="7")


class StillClock:
    def now(self) -> datetime:
        return NOW


@dataclass
class Naps:
    """Waits that take no time, and how long they would have been."""

    taken: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)


@dataclass
class _Alarm:
    action: Callable[[], None]
    is_off: bool = False

    def cancel(self) -> None:
        self.is_off = True


@dataclass
class Timers:
    """Alarms that ring when the test says so; those cancelled meanwhile do not."""

    set: list[tuple[float, _Alarm]] = field(default_factory=list)

    def __call__(self, seconds: float, action: Callable[[], None]) -> _Alarm:
        alarm = _Alarm(action)
        self.set.append((seconds, alarm))
        return alarm

    def ring(self) -> None:
        for _, alarm in self.set:
            if not alarm.is_off:
                alarm.action()


@dataclass
class Drawer:
    drawn: int = 0

    async def __call__(self, spec: Mapping[str, object]) -> bytes:
        self.drawn += 1
        if spec.get("kind") == "broken":
            raise RuntimeError("no ink")
        return PNG


@dataclass
class Echo:
    """An intake that answers every text with itself, once its 'commit' is over."""

    telegram: Telegram
    taken: list[Event] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    failures: list[Exception] = field(default_factory=list)
    held: str = ""

    async def take(self, event: Event) -> Outcome:
        if self.failures:
            raise self.failures.pop(0)
        if event.chat.id == self.held:
            await self.gate.wait()
        self.taken.append(event)
        match event.body:
            case Said(text=text):
                reply = Reply(
                    blocks=(paragraph(f"you said {text}"), Choices((Tap("Again", "help"),))),
                    in_place=bool(event.body.edit_of),
                )
            case Pressed(action=action):
                reply = Reply(blocks=(paragraph(f"you pressed {action}"),), in_place=True)
            case _:
                return Outcome()
        claimed = tuple(
            Claimed(id=len(self.taken), attempt=1, message=one)
            for one in self.telegram.render(reply, event)
        )
        for one in claimed:
            self.receipts.append(await self.telegram.send(one))
        return Outcome(claimed=claimed)

    async def settle(self, claimed: Claimed, receipt: Receipt) -> None:
        raise AssertionError("nothing travels in a Telegram acknowledgement")


def client(server: TelegramServer, **changes: Any) -> Telegram:
    settings: dict[str, Any] = {
        "token": TOKEN,
        "clock": StillClock(),
        "content": lambda: CONTENT,
        "draw": Drawer(),
        "api_url": server.url,
        "nap": Naps(),
    }
    return Telegram(**settings | changes)


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
async def telegram(server: TelegramServer) -> AsyncIterator[Telegram]:
    one = client(server)
    yield one
    await one.close()


@asynccontextmanager
async def serving(telegram: Telegram, echo: Echo) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(telegram.serve(echo))
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, TokenRefusedError):
            await task


def claimed(
    text: str = "hello", *, chat: Chat = ALICE, edit_of: str = "", **payload: object
) -> Claimed:
    body = {"method": "sendMessage", "text": text, "parse_mode": "HTML", **payload}
    return Claimed(
        id=1,
        attempt=1,
        message=Message(
            address=Address(chat=chat, edit_of=edit_of), payload=body, fallback="plain words"
        ),
    )


# --- receiving -------------------------------------------------------------------------------------------------------------


async def test_a_text_is_answered_and_then_confirmed(
    server: TelegramServer, telegram: Telegram
) -> None:
    echo = Echo(telegram)
    async with serving(telegram, echo):
        server.say("salary senior", user=7)
        await server.until(lambda: server.confirmed == 1)
    assert server.texts(7) == ["you said salary senior"]
    assert echo.receipts == [Delivered(str(server.last(7).id))]
    assert echo.taken[0].key == "telegram:update:123456:1000"
    assert telegram.surface.private_link == "https://t.me/pivot_test_bot?start="
    assert telegram.last_heard_at() == NOW


async def test_nothing_is_confirmed_before_its_turn_is_committed(
    server: TelegramServer, telegram: Telegram
) -> None:
    echo = Echo(telegram, held="7")
    async with serving(telegram, echo):
        server.say("first", user=7)
        server.say("second", user=8)
        await server.until(lambda: server.texts(8) and len(server.called("getUpdates")) >= 2)
        assert server.confirmed == 0
    again = Echo(telegram)
    async with serving(telegram, again):
        await server.until(lambda: server.confirmed == 2)
    assert sorted(server.texts(7) + server.texts(8)) == [
        "you said first",
        "you said second",
        "you said second",
    ]
    assert [event.key for event in again.taken] == [
        "telegram:update:123456:1000",
        "telegram:update:123456:1001",
    ]


async def test_a_slow_chat_does_not_hold_up_the_others_and_nothing_is_taken_twice(
    server: TelegramServer, telegram: Telegram
) -> None:
    echo = Echo(telegram, held="7")
    async with serving(telegram, echo):
        server.say("slow", user=7)
        await server.until(lambda: len(server.called("getUpdates")) >= 1)
        for user in range(20, 60):
            server.say("quick", user=user)
        await server.until(lambda: len(echo.taken) == 40)
        assert server.confirmed == 0
        echo.gate.set()
        await server.until(lambda: server.confirmed == 41)
    assert len(echo.taken) == 41


async def test_one_chat_is_answered_in_its_order(
    server: TelegramServer, telegram: Telegram
) -> None:
    for number in range(120):
        server.say(f"{number}", user=7 + number % 2)
    echo = Echo(telegram)
    async with serving(telegram, echo):
        await server.until(lambda: server.confirmed == 120)
    assert server.texts(7) == [f"you said {number}" for number in range(0, 120, 2)]
    assert server.texts(8) == [f"you said {number}" for number in range(1, 120, 2)]


async def test_an_unreadable_update_is_passed_over_without_its_text_in_the_log(
    server: TelegramServer, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    server.push_raw(
        {
            "message": {
                "message_id": 1,
                "from": {"id": 7},
                "text": "my salary is 145000",
                "chat": "?",
            }
        }
    )
    server.push_raw({"from_the_future": {"text": "my salary is 145000"}})
    server.say("hello", user=7)
    with caplog.at_level(logging.DEBUG):
        async with serving(telegram, Echo(telegram)):
            await server.until(lambda: server.confirmed == 3)
    assert server.texts(7) == ["you said hello"]
    assert "update 1000 was passed over" in caplog.text
    assert "145000" not in caplog.text
    assert TOKEN not in caplog.text


async def test_an_update_without_an_id_is_no_hot_loop(server: TelegramServer) -> None:
    naps = Naps()
    telegram = client(server, nap=naps)
    server.updates.append((1, {"message": {}}))
    async with serving(telegram, Echo(telegram)):
        await server.until(lambda: len(server.called("getUpdates")) >= 3)
    assert naps.taken[:2] == [1.0, 1.0]
    await telegram.close()


async def test_while_the_database_is_away_updates_wait_in_order(server: TelegramServer) -> None:
    naps = Naps()
    telegram = client(server, nap=naps)
    echo = Echo(telegram, failures=[StoreGone(), StoreGone()])
    server.say("one", user=7)
    server.say("two", user=7)
    async with serving(telegram, echo):
        await server.until(lambda: server.confirmed == 2)
    assert server.texts(7) == ["you said one", "you said two"]
    assert len(naps.taken) == 2
    await telegram.close()


async def test_an_event_that_keeps_failing_does_not_stop_its_chat(
    server: TelegramServer, telegram: Telegram
) -> None:
    echo = Echo(telegram, failures=[RuntimeError(), RuntimeError(), RuntimeError()])
    server.say("poison", user=7)
    server.say("hello", user=7)
    async with serving(telegram, echo):
        await server.until(lambda: server.confirmed == 2)
    assert server.texts(7) == ["you said hello"]


async def test_a_tap_is_acknowledged_before_its_turn_and_rewrites_its_message(
    server: TelegramServer, telegram: Telegram
) -> None:
    echo = Echo(telegram)
    async with serving(telegram, echo):
        server.say("hello", user=7)
        await server.until(lambda: server.texts(7))
        echo.held = "7"
        server.tap("Again", user=7)
        await server.until(lambda: server.called("answerCallbackQuery"))
        assert server.texts(7) == ["you said hello"]
        echo.gate.set()
        await server.until(lambda: server.last(7).edits)
    assert server.texts(7) == ["you pressed help"]


async def test_only_an_answer_that_takes_longer_than_four_tenths_of_a_second_is_announced(
    server: TelegramServer,
) -> None:
    timers = Timers()
    telegram = client(server, after=timers)
    echo = Echo(telegram)
    async with serving(telegram, echo):
        server.say("quick", user=8)
        await server.until(lambda: server.confirmed == 1)
        echo.held = "7"
        server.say("slow", user=7)
        await server.until(lambda: len(timers.set) == 2)
        assert {seconds for seconds, _ in timers.set} == {0.4}
        timers.ring()
        await server.until(lambda: server.called("sendChatAction"))
        assert server.texts(7) == []
        echo.gate.set()
        await server.until(lambda: server.texts(7))
    assert [call.params for call in server.called("sendChatAction")] == [
        {"chat_id": 7, "action": "typing"}
    ]
    await telegram.close()


async def test_a_late_tap_still_has_its_effect(server: TelegramServer, telegram: Telegram) -> None:
    async with serving(telegram, Echo(telegram)):
        server.say("hello", user=7)
        await server.until(lambda: server.texts(7))
        server._queries.clear()
        server.push(
            "callback_query",
            {
                "id": "777",
                "from": {"id": 7},
                "message": server._shown(server.last(7)),
                "data": "1:plan",
            },
        )
        await server.until(lambda: server.last(7).edits)
    assert server.texts(7) == ["you pressed plan"]
    assert server.called("answerCallbackQuery")[0].status == 400


async def test_blocking_and_coming_back_are_told(
    server: TelegramServer, telegram: Telegram
) -> None:
    echo = Echo(telegram)
    async with serving(telegram, echo):
        server.block(7)
        server.unblock(7)
        await server.until(lambda: server.confirmed == 2)
    assert [event.body for event in echo.taken] == [Left("blocked"), Joined()]


async def test_another_poller_is_waited_out(
    server: TelegramServer, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    server.fault(
        "status",
        method="getUpdates",
        status=409,
        description="Conflict: terminated by other getUpdates request",
        times=2,
    )
    server.say("hello", user=7)
    async with serving(telegram, Echo(telegram)):
        await server.until(lambda: server.confirmed == 1)
    assert server.texts(7) == ["you said hello"]
    assert "another process polls this bot" in caplog.text


@pytest.mark.parametrize("kind", ["status", "drop_before", "garbage", "page", "limit"])
async def test_a_failing_getupdates_is_asked_again_after_a_while(
    server: TelegramServer, kind: str
) -> None:
    naps = Naps()
    telegram = client(server, nap=naps)
    server.fault(kind, method="getUpdates", times=3, **({"seconds": 7} if kind == "limit" else {}))
    server.say("hello", user=7)
    async with serving(telegram, Echo(telegram)):
        await server.until(lambda: server.confirmed == 1)
    assert len(naps.taken) == 3
    assert 0.5 <= naps.taken[0] <= 1.0 or kind == "limit"
    assert kind != "limit" or naps.taken == [7.0, 7.0, 7.0]
    await telegram.close()


async def test_telegram_down_at_the_start_is_waited_for(
    server: TelegramServer, telegram: Telegram
) -> None:
    server.fault("status", method="getMe", status=502, times=2)
    server.fault("drop_before", method="deleteWebhook")
    server.say("hello", user=7)
    async with serving(telegram, Echo(telegram)):
        await server.until(lambda: server.confirmed == 1)


async def test_a_telegram_that_cannot_be_reached_is_said_to_be_so(
    server: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = "http://127.0.0.1:1/bot"
    telegram = client(server, api_url=nobody)
    async with serving(telegram, Echo(telegram)):
        async with asyncio.timeout(5):
            while not caplog.messages:
                await asyncio.sleep(0.01)
    await telegram.close()
    said = [line for line in caplog.messages if "getMe" in line]
    assert "Telegram cannot be reached" in said[0]
    assert "TELEGRAM_API_URL" in said[0]
    assert "NeverLeft" not in caplog.text


@pytest.mark.parametrize("lacking", ["username", "first_name", "id"])
async def test_an_incomplete_introduction_is_asked_for_again(
    server: TelegramServer, telegram: Telegram, lacking: str
) -> None:
    whole = dict(server.me)
    del server.me[lacking]
    server.say("hello", user=7)
    async with serving(telegram, Echo(telegram)):
        await server.until(lambda: len(server.called("getMe")) > 1)
        server.me.update(whole)
        await server.until(lambda: server.confirmed == 1)


@pytest.mark.parametrize("token", ["123456:REVOKED-but-well-formed-token", "123456:short"])
async def test_a_refused_token_ends_the_polling_for_good(
    server: TelegramServer, token: str
) -> None:
    telegram = client(server, token=token)
    with pytest.raises(TokenRefusedError, match="TELEGRAM_BOT_TOKEN"):
        await telegram.serve(Echo(telegram))
    assert len(server.calls) == 1
    await telegram.close()


async def test_a_webhook_left_behind_is_removed(server: TelegramServer, telegram: Telegram) -> None:
    server.settings["webhook"] = {"url": "https://old.example/hook"}
    server.say("hello", user=7)
    async with serving(telegram, Echo(telegram)):
        await server.until(lambda: server.confirmed == 1)
    assert server.texts(7) == ["you said hello"]


async def test_the_kinds_of_updates_are_always_listed(
    server: TelegramServer, telegram: Telegram
) -> None:
    async with serving(telegram, Echo(telegram)):
        await server.until(
            lambda: (
                telegram.surface.private_link
                and server.allowed
                == {"message", "edited_message", "callback_query", "my_chat_member", "inline_query"}
            )
        )


# --- sending ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "receipt"),
    [
        (
            {"kind": "status", "status": 403, "description": "Forbidden: user is deactivated"},
            Unreachable("deactivated"),
        ),
        (
            {"kind": "status", "status": 400, "description": "Bad Request: chat not found"},
            Unreachable("never_started"),
        ),
        (
            {
                "kind": "status",
                "status": 400,
                "description": "Bad Request: not enough rights to send text messages to the chat",
            },
            Unreachable("no_rights"),
        ),
        (
            {"kind": "status", "status": 400, "description": "Bad Request: TOPIC_CLOSED"},
            Unreachable("no_rights"),
        ),
        (
            {
                "kind": "status",
                "status": 403,
                "description": "Forbidden: bot was kicked from the supergroup chat",
            },
            Unreachable("removed"),
        ),
        (
            {
                "kind": "status",
                "status": 403,
                "description": "Forbidden: bot can't initiate conversation with a user",
            },
            Unreachable("never_started"),
        ),
        (
            {"kind": "status", "status": 401, "description": "Unauthorized"},
            TokenDead("unauthorized"),
        ),
        ({"kind": "status", "status": 404, "description": "Not Found"}, TokenDead("not found")),
        ({"kind": "limit", "seconds": 17}, NotSent(17.0, "flood control", limited=True, bulk=True)),
        ({"kind": "status", "status": 500}, NotSent(2.0, "internal server error")),
        (
            {"kind": "status", "status": 502, "description": "Bad Gateway"},
            NotSent(2.0, "bad gateway"),
        ),
        ({"kind": "page", "status": 502}, Unclear("502")),
        ({"kind": "drop_before"}, Unclear("ServerDisconnectedError")),
        ({"kind": "drop_after"}, Unclear("ServerDisconnectedError")),
        ({"kind": "garbage"}, Unclear("the answer is no JSON")),
        (
            {
                "kind": "status",
                "status": 400,
                "description": "upgraded",
                "parameters": {"migrate_to_chat_id": -1009},
            },
            ChatMoved("-1009"),
        ),
    ],
    ids=lambda value: (
        ""
        if not isinstance(value, dict)
        else f"{value['kind']}-{value.get('status', '')}-{value.get('description', '')[:20]}"
    ),
)
async def test_every_answer_of_telegram_has_its_receipt(
    server: TelegramServer, telegram: Telegram, fault: dict[str, Any], receipt: Receipt
) -> None:
    server._room(7)
    server.fault(method="sendMessage", **fault)
    assert await telegram.send(claimed()) == receipt


async def test_a_blocked_bot_and_an_unknown_chat_are_unreachable(
    server: TelegramServer, telegram: Telegram
) -> None:
    assert isinstance(await telegram.send(claimed()), Unreachable)
    server.block(7)
    assert await telegram.send(claimed()) == Unreachable("blocked")


async def test_a_refused_connection_was_not_sent(
    server: TelegramServer, telegram: Telegram
) -> None:
    await server.stop()
    receipt = await telegram.send(claimed())
    assert isinstance(receipt, NotSent)
    assert not receipt.limited


async def test_a_call_begins_with_a_connection_at_hand_and_before_anything_is_written(
    server: TelegramServer, telegram: Telegram
) -> None:
    server._room(7)
    seen: list[int] = []

    async def begin() -> None:
        seen.append(len(server.texts(7)))

    for _ in range(2):  # on a new connection, and on one that is kept
        assert isinstance(await telegram.send(claimed(), begin), Delivered)
    await server.stop()
    await telegram._wire.shutdown()
    await telegram._wire.initialize()
    assert isinstance(await telegram.send(claimed(), begin), NotSent)
    assert seen == [0, 1]


async def test_what_is_sent_after_the_end_opens_no_connection_that_nobody_closes(
    server: TelegramServer,
) -> None:
    server._room(7)
    async with Wire() as wire:
        await Bot(TOKEN, base_url=server.url, request=wire, get_updates_request=Wire()).get_me()
    with pytest.raises(NeverLeft, match="shut down"):
        await wire.call(f"{server.url}{TOKEN}/getMe", {})
    assert wire._session is None


async def test_a_call_that_may_not_begin_says_nothing(
    server: TelegramServer, telegram: Telegram
) -> None:
    async def begin() -> None:
        raise StoreGone("away")

    server._room(7)
    assert not isinstance(await telegram.send(claimed(), begin), Delivered)
    assert isinstance(await telegram.send(claimed("later")), Delivered)
    assert server.texts(7) == ["later"]


async def test_an_answer_that_does_not_come_is_unclear(
    server: TelegramServer, telegram: Telegram
) -> None:
    telegram._wire._read_seconds = 0.05
    server._room(7)
    server.fault("slow", method="sendMessage", seconds=30.0)
    assert await telegram.send(claimed()) == Unclear("SocketTimeoutError")
    assert server.texts(7) == ["hello"]


async def test_broken_markup_is_malformed_once_and_goes_plain_then(
    server: TelegramServer, telegram: Telegram
) -> None:
    server._room(7)
    one = claimed(
        "a < b", reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "1:x"}]]}
    )
    assert isinstance(await telegram.send(one), Malformed)
    again = replace(one, message=replace(one.message, plain_only=True))
    assert isinstance(await telegram.send(again), Delivered)
    assert server.texts(7) == ["plain words"]
    assert server.last(7).markup == {}
    too_long = replace(again, message=replace(again.message, fallback="a" * 5000))
    assert await telegram.send(too_long) == Dropped("bad request: message is too long")


async def test_an_edit_that_changes_nothing_is_dropped(
    server: TelegramServer, telegram: Telegram
) -> None:
    server._room(7)
    first = await telegram.send(claimed())
    assert isinstance(first, Delivered)
    receipt = await telegram.send(claimed(edit_of=first.ref))
    assert isinstance(receipt, Dropped)
    assert "not modified" in receipt.reason
    assert server.texts(7) == ["hello"]


async def test_what_cannot_be_rewritten_any_more_is_sent_anew(
    server: TelegramServer, telegram: Telegram
) -> None:
    server._room(7)
    first = await telegram.send(claimed())
    assert isinstance(first, Delivered)
    server.forget_message(server.last(7))
    second = await telegram.send(claimed("new", edit_of=first.ref))
    assert second == Delivered(str(server.last(7).id))
    assert server.texts(7) == ["new"]
    picture = await telegram.send(claimed(method="sendPhoto", chart={"kind": "bars"}))
    assert isinstance(picture, Delivered)
    assert isinstance(
        await telegram.send(claimed("after the picture", edit_of=picture.ref)), Delivered
    )
    assert server.texts(7)[-1] == "after the picture"


async def test_a_moved_group_says_where_it_went(server: TelegramServer, telegram: Telegram) -> None:
    server.group(-5)
    server.move(-5, -1005)
    group = Chat(platform="telegram", id="-5", shared=True)
    assert await telegram.send(claimed(chat=group)) == ChatMoved("-1005")
    assert isinstance(await telegram.send(claimed(chat=replace(group, id="-1005"))), Delivered)


async def test_a_topic_gets_its_answer_and_a_deleted_topic_leaves_it_to_the_group(
    server: TelegramServer, telegram: Telegram
) -> None:
    server.group(-5, threads=(3,))
    group = Chat(platform="telegram", id="-5", thread="3", shared=True)
    assert isinstance(await telegram.send(claimed(chat=group)), Delivered)
    assert server.last(-5).thread == 3
    assert isinstance(await telegram.send(claimed(chat=replace(group, thread="4"))), Delivered)
    assert server.last(-5).thread == 0


async def test_a_chart_is_drawn_and_uploaded_once(server: TelegramServer) -> None:
    drawer = Drawer()
    telegram = client(server, draw=drawer)
    server._room(7)
    chart = claimed(method="sendPhoto", chart={"kind": "bars"}, caption="Junior <b>90,000</b>")
    for _ in range(2):
        assert isinstance(await telegram.send(chart), Delivered)
    assert drawer.drawn == 1
    assert [sent.photo for sent in server.sent] == [PNG, PNG]
    assert [sent.text for sent in server.sent] == ["Junior 90,000"] * 2
    server._files.clear()
    assert isinstance(await telegram.send(chart), Delivered)
    assert drawer.drawn == 2
    await telegram.close()


async def test_of_a_persons_own_chart_no_trace_is_kept(server: TelegramServer) -> None:
    drawer = Drawer()
    telegram = client(server, draw=drawer)
    server._room(7)
    chart = claimed(method="sendPhoto", chart={"kind": "bars"}, personal=True, caption="You")
    for _ in range(2):
        assert isinstance(await telegram.send(chart), Delivered)
    assert drawer.drawn == 2
    await telegram.close()


async def test_a_chart_that_cannot_be_drawn_goes_in_words(
    server: TelegramServer, telegram: Telegram
) -> None:
    server._room(7)
    assert isinstance(
        await telegram.send(claimed(method="sendPhoto", chart={"kind": "broken"}, caption="x")),
        Delivered,
    )
    assert server.texts(7) == ["plain words"]


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
        (400, "Bad Request: IMAGE_PROCESS_FAILED"),
        (413, "Request Entity Too Large"),
        (400, "Bad Request: not enough rights to send photos to the chat"),
        (400, "Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN"),
    ],
)
async def test_a_chart_that_telegram_does_not_take_goes_in_words(
    server: TelegramServer, telegram: Telegram, status: int, description: str
) -> None:
    server._room(7)
    server.fault("status", method="sendPhoto", status=status, description=description)
    buttons = {"inline_keyboard": [[{"text": "Back", "callback_data": "1:back"}]]}
    chart = claimed(method="sendPhoto", chart={"kind": "bars"}, caption="x", reply_markup=buttons)
    assert isinstance(await telegram.send(chart), Delivered)
    assert (server.texts(7), server.last(7).labels) == (["plain words"], ["Back"])


@pytest.mark.parametrize(
    "description",
    [
        "not enough rights to send documents to the chat",
        "CHAT_SEND_DOCS_FORBIDDEN",
        "file is too big",
    ],
)
async def test_a_group_that_takes_no_files_is_told_so(
    server: TelegramServer, telegram: Telegram, description: str
) -> None:
    event = Event(
        key="k", at=NOW, account=None, chat=ALICE, surface=telegram.surface, body=Said("calendar")
    )  # type: ignore[arg-type]
    file = File("plan.ics", "text/calendar", "x", "Your plan", refused="I couldn't send plan.ics.")
    (message,) = telegram.render(Reply(blocks=(file,)), event)
    server._room(7)
    server.fault(
        "status", method="sendDocument", status=400, description=f"Bad Request: {description}"
    )
    assert isinstance(await telegram.send(Claimed(id=1, attempt=1, message=message)), Delivered)
    assert server.texts(7) == ["I couldn't send plan.ics."]


async def test_a_file_arrives_with_its_name_and_bytes(
    server: TelegramServer, telegram: Telegram
) -> None:
    event = Event(
        key="k", at=NOW, account=None, chat=ALICE, surface=telegram.surface, body=Said("calendar")
    )  # type: ignore[arg-type]
    text = "BEGIN:VCALENDAR\r\nSUMMARY:Évaluer\r\nEND:VCALENDAR\r\n"
    (message,) = telegram.render(
        Reply(blocks=(File("plan.ics", "text/calendar", text, "Your plan"),)), event
    )
    server._room(7)
    assert isinstance(await telegram.send(Claimed(id=1, attempt=1, message=message)), Delivered)
    assert (server.last(7).name, server.last(7).document, server.last(7).text) == (
        "plan.ics",
        text.encode(),
        "Your plan",
    )


async def test_a_picture_with_buttons_arrives_whole(
    server: TelegramServer, telegram: Telegram
) -> None:
    event = Event(
        key="k",
        at=NOW,
        account=None,
        chat=ALICE,
        surface=telegram.surface,
        body=Said("salary chart"),
    )  # type: ignore[arg-type]
    blocks = (
        paragraph("Pay"),
        Picture({"kind": "bars"}, "Junior 90,000"),
        Choices((Tap("Back", "back"),)),
    )
    server._room(7)
    for message in telegram.render(Reply(blocks=blocks), event):
        assert isinstance(await telegram.send(Claimed(id=1, attempt=1, message=message)), Delivered)
    assert server.texts(7) == ["Pay", "Junior 90,000"]
    assert server.last(7).labels == ["Back"]


async def test_a_method_the_library_has_no_name_for_can_be_called(
    server: TelegramServer, telegram: Telegram
) -> None:
    server._room(7)
    assert await telegram.send(claimed(method="sendHologram")) == TokenDead("not found")
    assert server.called("sendHologram")[0].params["chat_id"] == 7
