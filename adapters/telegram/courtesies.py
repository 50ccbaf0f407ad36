"""Calls beside the conversation: never counted as sent, and of no consequence when they fail."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

import telegram
from telegram.error import TelegramError

from adapters.call_beginnings import with_begin
from bot.core.events import Chat

log = logging.getLogger(__name__)

TYPING_SECONDS = 0.4
"""An answer that takes longer is announced; sooner, the notice would only flicker."""

NOTICE_GAP_SECONDS = 0.2


class Cancellable(Protocol):
    def cancel(self) -> None: ...


After = Callable[[float, Callable[[], None]], Cancellable]
"""Does something in some seconds, unless it is cancelled."""


class Courtesies:
    """The courtesies under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, call: Awaitable[object]) -> None:
        task = asyncio.ensure_future(ignore_failure(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


# https://core.telegram.org/bots/api#sendchataction: "when a response from the bot will take a
# noticeable amount of time to arrive"; the client takes the notice away with the answer.
class TypingNotices:
    """'typing …' in a chat whose answer takes long."""

    def __init__(self, bot: telegram.Bot, courtesies: Courtesies, after: After | None) -> None:
        self._bot = bot
        self._courtesies = courtesies
        self._after = after or _after
        self._notices: dict[str, Cancellable] = {}
        self._shown_at = float("-inf")

    def announce(self, chat: Chat) -> None:
        """Show it soon, unless it is cancelled before."""
        self.cancel(chat.id)
        self._notices[chat.id] = self._after(TYPING_SECONDS, partial(self._show, chat))

    def cancel(self, chat: str) -> None:
        if handle := self._notices.pop(chat, None):
            handle.cancel()

    def close(self) -> None:
        for handle in self._notices.values():
            handle.cancel()

    def _show(self, chat: Chat) -> None:
        """Not more often than now and then: when everybody waits,
        the requests are better spent on answers.
        """
        self._notices.pop(chat.id, None)
        now = asyncio.get_running_loop().time()
        if now - self._shown_at < NOTICE_GAP_SECONDS:
            return
        self._shown_at = now
        self._courtesies.start(
            self._bot.send_chat_action(int(chat.id), "typing", message_thread_id=thread_of(chat))
        )


async def ignore_failure(call: Awaitable[object]) -> None:
    """Raises nothing; what failed is logged by its kind alone."""
    try:
        with with_begin(None):
            await call
    except TelegramError as error:
        log.debug("of no consequence: %s", type(error).__name__)
    except Exception as error:  # noqa: BLE001 -- a courtesy: the conversation goes on
        log.error("a courtesy failed: %s", type(error).__name__)  # noqa: TRY400 -- no texts in logs


def thread_of(chat: Chat) -> int | None:
    """The forum topic, as Telegram's parameters name it."""
    if not chat.thread:
        return None
    return int(chat.thread)


def _after(seconds: float, action: Callable[[], None]) -> Cancellable:
    return asyncio.get_running_loop().call_later(seconds, action)
