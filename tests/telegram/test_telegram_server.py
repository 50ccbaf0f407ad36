"""The loopback server itself: it must be as strict as Telegram, or the tests that lean on it prove
nothing.

Asked by the library's ordinary client (httpx, form-encoded), so that it understands more than our
own requests.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)
from telegram.request import HTTPXRequest

from tests.servers.telegram import TOKEN, TelegramServer

pytestmark = pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")


@asynccontextmanager
async def client(server: TelegramServer, token: str = TOKEN) -> AsyncIterator[Bot]:
    direct = {"trust_env": False}
    request, polling = HTTPXRequest(httpx_kwargs=direct), HTTPXRequest(httpx_kwargs=direct)
    bot = Bot(token, base_url=server.url, request=request, get_updates_request=polling)
    try:
        yield bot
    finally:
        await request.shutdown()
        await polling.shutdown()


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    async with client(server) as one:
        yield one


async def ids(bot: Bot, **about: int) -> list[int]:
    return [update.update_id for update in await bot.get_updates(**about)]


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(
    server: TelegramServer, bot: Bot
) -> None:
    one, two, three = (server.say(f"{number}") for number in range(3))
    assert await ids(bot) == [one, two, three]
    assert await ids(bot, limit=2) == [one, two]
    assert await ids(bot, offset=two) == [two, three]
    assert server.confirmed == 1
    assert await ids(bot, offset=three + 1) == []
    assert server.confirmed == 3


async def test_the_same_offset_at_once_gives_one_update_only(
    server: TelegramServer, bot: Bot
) -> None:
    first = server.say("a")
    server.say("b")
    assert len(await ids(bot, offset=first)) == 2
    assert await ids(bot, offset=first) == [first]


async def test_a_negative_offset_forgets_all_but_the_last(server: TelegramServer, bot: Bot) -> None:
    numbers = [server.say(f"{number}") for number in range(5)]
    assert await ids(bot, offset=-2) == numbers[-2:]


async def test_a_long_poll_returns_when_something_happens(server: TelegramServer, bot: Bot) -> None:
    poll = asyncio.create_task(ids(bot, timeout=30))
    await server.until(lambda: server._poll)
    number = server.say("hello")
    assert await poll == [number]


async def test_a_second_poller_ends_the_first(server: TelegramServer, bot: Bot) -> None:
    async with client(server) as other:
        first = asyncio.create_task(ids(bot, timeout=30))
        await server.until(lambda: server._poll)
        second = asyncio.create_task(ids(other, timeout=30))
        with pytest.raises(Conflict):
            await first
        server.say("hello")
        assert len(await second) == 1


async def test_a_webhook_and_polling_exclude_each_other(server: TelegramServer, bot: Bot) -> None:
    await bot.set_webhook("https://bot.example/", secret_token="abc-1")
    with pytest.raises(Conflict):
        await bot.get_updates()
    with pytest.raises(BadRequest):
        await bot.set_webhook("http://bot.example/")
    with pytest.raises(BadRequest):
        await bot.set_webhook("https://bot.example/", secret_token="no spaces")


async def test_kinds_that_were_not_asked_for_do_not_come(server: TelegramServer, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    assert server.say("hello") == 0
    assert await ids(bot) == []
    await bot.get_updates(allowed_updates=[])
    assert server.say("hello")


@pytest.mark.parametrize("token", ["1:short", "99:well-formed-but-of-nobody"])
async def test_a_wrong_token_is_refused(server: TelegramServer, token: str) -> None:
    async with client(server, token) as stranger:
        with pytest.raises(InvalidToken):
            await stranger.get_me()


async def test_texts_are_counted_in_code_points_after_parsing(
    server: TelegramServer, bot: Bot
) -> None:
    server._room(7)
    await bot.send_message(7, "👍" * 4096)
    await bot.send_message(7, "<b>" + "a" * 4096 + "</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(7, "👍" * 4097)
    with pytest.raises(BadRequest, match="empty"):
        await bot.send_message(7, "<b> </b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="parse entities"):
        await bot.send_message(7, "<br>", parse_mode="HTML")


async def test_buttons_have_their_limits(server: TelegramServer, bot: Bot) -> None:
    server._room(7)
    await bot.send_message(
        7,
        "x",
        reply_markup=InlineKeyboardMarkup.from_button(
            InlineKeyboardButton("x", callback_data="é" * 32)
        ),
    )
    for button in (
        InlineKeyboardButton("x", callback_data="é" * 33),
        InlineKeyboardButton("x", url="not a url"),
        InlineKeyboardButton("x"),
    ):
        with pytest.raises(BadRequest):
            await bot.send_message(7, "x", reply_markup=InlineKeyboardMarkup.from_button(button))
    with pytest.raises(BadRequest):
        await bot.send_message(
            7,
            "x",
            reply_markup=InlineKeyboardMarkup.from_row(
                [InlineKeyboardButton("x", callback_data="1")] * 9
            ),
        )


async def test_people_and_groups_can_be_out_of_reach(server: TelegramServer, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(7, "x")
    server.block(7)
    with pytest.raises(Forbidden):
        await bot.send_message(7, "x")
    server.group(-5)
    server.move(-5, -1005)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-5, "x")
    assert moved.value.new_chat_id == -1005


async def test_only_what_changes_can_be_edited(server: TelegramServer, bot: Bot) -> None:
    server._room(7)
    sent = await bot.send_message(7, "x")
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("x", chat_id=7, message_id=sent.message_id)
    await bot.edit_message_text("y", chat_id=7, message_id=sent.message_id)
    with pytest.raises(BadRequest, match="not found"):
        await bot.edit_message_text("y", chat_id=7, message_id=999)


async def test_a_tap_is_answered_once_and_in_time(server: TelegramServer, bot: Bot) -> None:
    server.press("1:x")
    assert await bot.answer_callback_query("1")
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query("1")


async def test_uploads_arrive_byte_for_byte(server: TelegramServer, bot: Bot) -> None:
    server._room(7)
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) + b"\r\n--\r\n\n"
    sent = await bot.send_photo(7, picture, caption="<b>x</b>", parse_mode="HTML")
    assert (server.last(7).photo, server.last(7).text) == (picture, "x")
    await bot.send_photo(7, sent.photo[-1].file_id)
    assert server.last(7).photo == picture
    with pytest.raises(BadRequest):
        await bot.send_photo(7, b"no picture")
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(7, picture, caption="x" * 1025)


async def test_pace_is_enforced_where_it_is_asked_for() -> None:
    async with TelegramServer(chat_per_second=1, per_second=2) as server, client(server) as bot:
        for user in (7, 8, 9):
            server._room(user)
        await bot.send_message(7, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(7, "x")
        await bot.send_message(8, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(9, "x")


async def test_a_fault_hits_as_often_as_it_is_told(server: TelegramServer, bot: Bot) -> None:
    server._room(7)
    server._room(8)
    server.fault("drop_after", method="sendMessage", chat=7, times=2)
    await bot.send_message(8, "x")
    for _ in range(2):
        with pytest.raises(NetworkError):
            await bot.send_message(7, "x")
    await bot.send_message(7, "x")
    assert server.texts(7) == ["x", "x", "x"]
