"""'@bot salary senior' in any chat: facts that may be posted there, and nothing about anybody."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from adapters.clock import SystemClock
from adapters.telegram.transport import Telegram
from bot.conversation.step import preview_reply
from bot.core.events import Event, Said
from bot.core.ports import Outcome
from bot.core.reply import Reply
from bot.runtime.wiring import reader
from content.library import load
from tests.servers.telegram import TOKEN, TelegramServer

CONTENT = load()


def preview(event: Event) -> tuple[Reply, ...]:
    assert isinstance(event.body, Said)
    return preview_reply(
        CONTENT, replace(event, body=replace(event.body, reading=reader(CONTENT, event.body.text)))
    )


async def no_chart(spec: object) -> bytes:
    raise AssertionError


@asynccontextmanager
async def polling(server: TelegramServer, intake: object = None) -> AsyncIterator[Telegram]:
    telegram = Telegram(
        token=TOKEN,
        clock=SystemClock(),
        content=lambda: CONTENT,
        draw=no_chart,
        api_url=server.url,
        preview=preview,
    )
    task = asyncio.create_task(telegram.serve(intake))  # type: ignore[arg-type]  # an inline query reaches no intake
    try:
        yield telegram
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await telegram.close()


async def offered(text: str) -> list[dict[str, Any]]:
    async with TelegramServer() as server, polling(server):
        query = server.ask_inline(text)
        await server.until(lambda: query in server.inline_answers)
        answer = server.inline_answers[query]
        assert answer["is_personal"] is False
        assert answer["cache_time"] == 300
        await server.until(lambda: server.confirmed)
        return list(answer["results"])


async def test_a_question_about_facts_is_offered_as_an_answer_to_post() -> None:
    (article,) = await offered("salary senior")
    assert "160,000" in article["input_message_content"]["message_text"]
    assert article["title"]
    assert article["reply_markup"]["inline_keyboard"] == [
        [
            {
                "text": CONTENT.phrases["telegram_open_private"],
                "url": "https://t.me/pivot_test_bot?start=salary_senior",
            }
        ]
    ]


@pytest.mark.parametrize("text", ["salary senior", "visa 189", "what does a junior earn?", ""])
async def test_every_article_bears_its_sources_and_their_date(text: str) -> None:
    for article in await offered(text):
        posted = article["input_message_content"]["message_text"]
        assert "<i>" in posted
        assert re.search(r"20\d\d|undated", posted)
        assert "advice" in posted
        (((door,),),) = (article["reply_markup"]["inline_keyboard"],)
        assert re.fullmatch(r"https://t\.me/pivot_test_bot\?start=[\w-]{1,64}", door["url"])


async def test_a_question_is_answered_while_a_turn_takes_its_time_and_one_too_late_is_let_go(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Slow:
        def __init__(self) -> None:
            self.gate = asyncio.Event()

        async def take(self, _event: Event) -> Outcome:
            await self.gate.wait()
            return Outcome()

    slow = Slow()
    async with TelegramServer() as server, polling(server, slow):
        server.say("salary senior", user=7)
        server._queries.clear()
        server.push(
            "inline_query",
            {
                "id": "99",
                "from": {"id": 7},
                "query": "visa 189",
                "offset": "",
                "chat_type": "private",
            },
        )
        await server.until(
            lambda: any(call.status == 400 for call in server.called("answerInlineQuery"))
        )
        query = server.ask_inline("visa 189")
        await server.until(lambda: query in server.inline_answers)
        assert server.confirmed == 0
        slow.gate.set()
        await server.until(lambda: server.confirmed == 3)
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_an_empty_question_offers_examples() -> None:
    titles = [article["title"] for article in await offered("")]
    assert len(titles) >= 2
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    "text",
    [
        "forget",
        "done 3",
        "unsubscribe",
        "subscribe tuesday 8am perth",
        "mydata",
        "qwertyuiop zxcvbnm",
    ],
)
async def test_what_acts_or_is_about_a_person_is_not_offered(text: str) -> None:
    assert await offered(text) == []
