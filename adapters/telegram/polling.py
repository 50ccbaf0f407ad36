"""Receiving by long polling: nothing is confirmed to Telegram before its turn is committed.

Updates of one chat are taken one after the other, up to `LANES` chats at a time. The offset of the
next getUpdates is the first update that is not committed yet; what comes again is known by its id.
python-telegram-bot's own updater confirms what is still in its memory, and one update that it
cannot read stops it for a day: neither may happen here.
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from typing import TypeVar

from telegram.error import TelegramError

from adapters.telegram.http_client import Answered, NeverLeft, NoAnswer
from adapters.telegram.parse import Unreadable, Update, update_id
from bot.core.events import Event
from bot.core.ports import StoreGone

log = logging.getLogger(__name__)

LANES = 32
# The most that one call returns, and how long it waits:
# https://core.telegram.org/bots/api#getupdates
BATCH = 100
POLL_SECONDS = 25
PATIENCE_SECONDS = 1.0
"""How long a slow chat may hold back the next getUpdates.

Telegram punishes the same offset twice within half a second.
"""

LONGEST_PAUSE = 30.0
TRIES = 3
"""For an event whose turn raises something else than StoreGone,
which the engine promises not to happen.
"""

Fetch = Callable[[int], Awaitable[Sequence[object]]]
"""getUpdates from this offset on. Raises TelegramError."""

Read = Callable[[Update], Event | None]
"""The event of an update, if it is for us. Raises Unreadable."""

Result = TypeVar("Result")
Sleep = Callable[[float], Awaitable[None]]


class TokenRefusedError(Exception):
    """Telegram knows no bot with this token: check TELEGRAM_BOT_TOKEN.

    Nothing will change by itself.
    """


class Poller:
    """`take` returns once an event is committed.

    `nap` waits some seconds (tests have their own).
    """

    def __init__(
        self,
        *,
        fetch: Fetch,
        read: Read,
        take: Callable[[Event], Awaitable[object]],
        nap: Sleep = asyncio.sleep,
    ) -> None:
        self._fetch = fetch
        self._read = read
        self._take = take
        self._nap = nap
        self._offset = 0
        self._open: dict[int, None] = {}
        """Ids that are not committed yet, oldest first."""
        self._done: set[int] = set()
        """Ids committed, but at or above the offset, so that they come again."""
        self._lanes: dict[str, deque[tuple[int, Event]]] = {}
        self._places = asyncio.Semaphore(LANES)
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled. Raises TokenRefusedError when the token is dead."""
        try:
            while True:
                await self._round()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _round(self) -> None:
        batch = await retry_until_answered(
            "getUpdates", lambda: self._fetch(self._offset), self._nap
        )
        self._done = {known for known in self._done if known >= self._offset}
        fresh = [self._accept(update) for update in batch]
        if batch and not any(fresh):
            await self._nap(PATIENCE_SECONDS)
        if self._open:
            self._idle.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await self._idle.wait()
        if self._open:
            self._offset = next(iter(self._open))
        elif self._done:
            self._offset = max(self._done) + 1

    def _accept(self, update: object) -> bool:
        """Put an update into its chat's lane, or be done with it. Says whether it was new."""
        try:
            number = update_id(update)
        except Unreadable:
            log.warning("an update without an id was passed over")
            return False
        if number in self._open or number in self._done:
            return False
        # It has an id, so it is a mapping.
        event = self._event(number, update)  # type: ignore[arg-type]
        if event is None:
            self._done.add(number)
            return True
        self._open[number] = None
        lane = self._lanes.get(event.chat.id)
        if lane is not None:
            lane.append((number, event))
            return True
        self._lanes[event.chat.id] = deque([(number, event)])
        task = asyncio.create_task(self._work(event.chat.id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def _event(self, number: int, update: Update) -> Event | None:
        try:
            return self._read(update)
        # One torn update must not end polling for everybody.
        except Exception as error:  # noqa: BLE001
            log.warning("update %d was passed over: %s", number, type(error).__name__)
            return None

    async def _work(self, chat: str) -> None:
        """One chat's updates in their order."""
        async with self._places:
            lane = self._lanes[chat]
            while lane:
                number, event = lane[0]
                await self._commit(number, event)
                lane.popleft()
                del self._open[number]
                self._done.add(number)
                if not self._open:
                    self._idle.set()
            del self._lanes[chat]

    async def _commit(self, number: int, event: Event) -> None:
        tries = 0
        for pause in pauses():
            try:
                await self._take(event)
            except StoreGone:
                log.warning("update %d waits: the database is away", number)
            except Exception as error:  # noqa: BLE001 -- one bad update must not hold up the others
                tries += 1
                # No texts in logs.
                log.error("update %d failed: %s", number, type(error).__name__)  # noqa: TRY400
                if tries == TRIES:
                    return
            else:
                return
            await self._nap(pause)


async def retry_until_answered(
    what: str, call: Callable[[], Awaitable[Result]], nap: Sleep
) -> Result:
    """The call's result, however long Telegram is away.

    Raises TokenRefusedError when waiting cannot help.
    """
    for pause in pauses():
        try:
            return await call()
        except Answered as error:
            if error.status in {401, 404}:
                raise TokenRefusedError(
                    f"{what}: {error.status}; check TELEGRAM_BOT_TOKEN"
                ) from error
            if error.status == 409:
                log.warning(
                    "%s: another process polls this bot, or a webhook is set; trying again", what
                )
            else:
                log.warning("%s: Telegram answers %d; trying again", what, error.status)
            await nap(max(pause, error.retry_after or 0.0))
        except NeverLeft as error:
            log.warning(
                "%s: Telegram cannot be reached (%s); is the network up, and are HTTPS_PROXY "
                "and TELEGRAM_API_URL right? Trying again",
                what,
                error,
            )
            await nap(pause)
        except NoAnswer as error:
            log.warning("%s: no answer from Telegram (%s); trying again", what, error)
            await nap(pause)
        except TelegramError as error:
            log.warning("%s: %s; trying again", what, type(error).__name__)
            await nap(pause)
    raise AssertionError("pauses never end")


def pauses() -> Iterator[float]:
    """1, 2, 4 … 30 seconds, each shortened by up to a half,
    so that processes do not come back together.
    """
    longest = 1.0
    while True:
        yield longest * random.uniform(0.5, 1.0)  # noqa: S311 -- no secret
        longest = min(LONGEST_PAUSE, longest * 2)
