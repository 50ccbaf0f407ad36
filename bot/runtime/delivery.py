"""Sends what the outbox holds: answers and nudges, at most four in flight per bot token.

Delivery decides nothing about content and knows no platform. Every attempt's intent is committed
before it starts and its outcome after it ends; outcomes and new intents share one commit, so a busy
bot pays less than one commit a message.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import assert_never

from bot.core.bot_token import BotToken
from bot.core.messages import (
    ChatMoved,
    Claimed,
    Delivered,
    Dropped,
    Malformed,
    NotSent,
    Receipt,
    TokenDead,
    Unclear,
    Unreachable,
)
from bot.core.ports import Clock, Decider, Exchange, Messenger, Store, StoreGone
from bot.core.traces import Traces, Untraced
from bot.runtime.logs import of_turn
from bot.runtime.metrics import Metrics

log = logging.getLogger(__name__)

MAX_IN_FLIGHT = 4
"""Messages in flight per bot token: what a kill may repeat."""

RECLAIM_SECONDS = 5.0
"""How long the loop sleeps at most: rows of a dead process become
claimable without anybody waking us.
"""

RETRY_SECONDS = 1.0
"""Between two tries while the database is away."""


class Delivery:
    """One per process.

    `wake` tells it that rows are waiting; `send` hands it messages that a turn claimed.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        messengers: Mapping[str, Messenger],
        decider: Decider,
        metrics: Metrics,
        traces: Traces | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._messengers = messengers
        self._decider = decider
        self._metrics = metrics
        self._traces = traces or Untraced()
        self._in_flight: Counter[str] = Counter()
        self._sending: set[asyncio.Task[None]] = set()
        self._receipts: list[tuple[Claimed, Receipt]] = []
        self._something = asyncio.Event()
        self._freed = asyncio.Condition()
        self._waiting_for_place = 0

    def wake(self) -> None:
        self._something.set()

    def try_acquire(self, token: str) -> bool:
        """Take one place in flight now, or say that there is none.

        Give it back with `release` or use it with `send`.
        """
        if self._in_flight[token] >= MAX_IN_FLIGHT:
            return False
        self._in_flight[token] += 1
        return True

    async def acquire(self, token: str, seconds: float) -> bool:
        """Like `try_acquire`, waiting up to `seconds` for a place."""
        if self.try_acquire(token):
            return True
        self._waiting_for_place += 1
        try:
            async with asyncio.timeout(seconds), self._freed:
                await self._freed.wait_for(lambda: self._in_flight[token] < MAX_IN_FLIGHT)
                return self.try_acquire(token)
        except TimeoutError:
            return False
        finally:
            self._waiting_for_place -= 1

    def release(self, token: str) -> None:
        """Give a reserved place back unused. Somebody may have been told that there was none."""
        full = self._in_flight[token] >= MAX_IN_FLIGHT
        self._free(token)
        if full:
            self.wake()

    def send(self, claimed: Claimed) -> None:
        """Send a message whose intent is committed and whose place is reserved."""
        with of_turn(claimed.turn):
            task = asyncio.create_task(self._attempt(claimed))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    def settle(self, claimed: Claimed, receipt: Receipt) -> None:
        """Note what became of a message.

        Its place is free once the next exchange has recorded that: until then a kill repeats it.
        """
        with of_turn(claimed.turn):
            self._report(claimed, receipt)
        self._receipts.append((claimed, receipt))
        self.wake()

    async def run(self) -> None:
        """Until cancelled.

        A database that is away is waited for; what was learned meanwhile is kept.
        """
        while True:
            try:
                exchange = await self._exchange()
            except StoreGone:
                self._metrics.store_gone.inc()
                await asyncio.sleep(RETRY_SECONDS)
                continue
            except Exception as error:  # noqa: BLE001 -- a defect here must not end all sending
                self._metrics.count_failure("delivery", error)
                # No texts in logs.
                log.error("delivery: the exchange raised %s", type(error).__name__)  # noqa: TRY400
                await asyncio.sleep(RETRY_SECONDS)
                continue
            await self._pause(exchange)

    async def run_until_idle(self) -> Exchange:
        """Send everything that may be sent now, one exchange after the other, until nothing is
        left. For a caller that drives the clock itself; never together with `run`.
        """
        while True:
            await self._wait_for_landing()
            exchange = await self._exchange()
            if not exchange.claimed and not self._sending and not self._receipts:
                return exchange

    async def drain(self, seconds: float) -> None:
        """Let what is in the air land, and record it. Claims nothing new."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=seconds)
        for task in self._sending:
            task.cancel()
        await self._wait_for_landing()
        receipts, self._receipts = self._receipts, []
        if receipts:
            with suppress(StoreGone):
                await self._store.exchange(self._clock.now(), receipts, {}, self._decider)

    async def _exchange(self) -> Exchange:
        self._something.clear()
        receipts, self._receipts = self._receipts, []
        landed = Counter(BotToken.of(claimed.message.address.chat).key for claimed, _ in receipts)
        try:
            exchange = await self._store.exchange(
                self._clock.now(), receipts, self._room(landed), self._decider
            )
        except BaseException:
            self._receipts = receipts + self._receipts
            raise
        for token in landed.elements():
            self._free(token)
        for claimed in exchange.claimed:
            self._in_flight[BotToken.of(claimed.message.address.chat).key] += 1
            self.send(claimed)
        return exchange

    def _room(self, landed: Mapping[str, int]) -> dict[str, int]:
        """Free places, counting those of messages that this very exchange records:
        outcome and new intent are one commit.
        """
        room = {f"{platform}:*": MAX_IN_FLIGHT for platform in self._messengers}
        return room | {
            token: max(0, MAX_IN_FLIGHT - used + landed.get(token, 0))
            for token, used in self._in_flight.items()
        }

    def _free(self, token: str) -> None:
        self._in_flight[token] -= 1
        if self._in_flight[token] <= 0:
            del self._in_flight[token]
        if self._waiting_for_place:
            task = asyncio.ensure_future(self._tell_freed())
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _pause(self, exchange: Exchange) -> None:
        seconds = RECLAIM_SECONDS
        if exchange.wake_at is not None:
            seconds = min(
                seconds, max(0.0, (exchange.wake_at - self._clock.now()) / timedelta(seconds=1))
            )
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._something.wait()

    async def _wait_for_landing(self) -> None:
        while self._sending:
            await asyncio.wait(self._sending)

    async def _attempt(self, claimed: Claimed) -> None:
        call = _Call(self._store, claimed)
        receipt: Receipt = Unclear("cancelled")
        try:
            platform, lane = claimed.message.address.chat.platform, claimed.message.lane
            with self._traces.span(
                "send", platform=platform, lane=lane, attempt=claimed.attempt, turn=claimed.turn
            ) as note:
                receipt = await self._messengers[platform].send(claimed, call.begin)
                if isinstance(receipt, Unclear):
                    receipt = call.receipt_without_outcome(receipt.reason)
                note("receipt", type(receipt).__name__)
        except asyncio.CancelledError:
            receipt = call.receipt_without_outcome("cancelled")
            raise
        # A defect in a transport must not leave a row in the air.
        except Exception as error:  # noqa: BLE001
            # No texts in logs.
            log.error("message %d: the transport raised %s", claimed.id, type(error).__name__)  # noqa: TRY400
            self._metrics.count_failure("transport", error)
            receipt = Unclear(type(error).__name__)
        finally:
            self.settle(claimed, receipt)

    async def _tell_freed(self) -> None:
        async with self._freed:
            self._freed.notify_all()

    def _report(self, claimed: Claimed, receipt: Receipt) -> None:
        platform = claimed.message.address.chat.platform
        self._metrics.sent.labels(platform, claimed.message.lane, type(receipt).__name__).inc()
        match receipt:
            case Delivered():
                if claimed.due_at is not None:
                    self._metrics.nudge_lateness.observe(
                        max(0.0, (self._clock.now() - claimed.due_at) / timedelta(seconds=1))
                    )
            case NotSent(limited=True, seconds=seconds):
                self._metrics.limited.labels(platform).inc()
                log.info("message %d: %s asks to wait %.1f s", claimed.id, platform, seconds)
            case TokenDead(reason=reason):
                log.error(
                    "%s: the bot's token is refused (%s); sending there stops until it works again",
                    platform,
                    reason,
                )
            case Malformed(reason=reason):
                log.error(
                    "message %d: %s refuses the formatting (%s)", claimed.id, platform, reason
                )
            case (
                NotSent(reason=reason)
                | Unclear(reason=reason)
                | Unreachable(reason=reason)
                | Dropped(reason=reason)
            ):
                log.info("message %d: %s: %s", claimed.id, type(receipt).__name__, reason)
            case ChatMoved():
                log.info("message %d: the chat has another id", claimed.id)
            case _:
                assert_never(receipt)


class OvertakenError(Exception):
    """Somebody else has claimed the message since: nothing may be sent."""


class _Call:
    """One attempt's call to the platform, and whether it has begun.

    A repeat's is remembered before anything is written: should this process die, a call that never
    began is none of the two that a message has.
    """

    def __init__(self, store: Store, claimed: Claimed) -> None:
        self._store = store
        self._claimed = claimed
        self._one_at_a_time = asyncio.Lock()
        self._begun = False

    async def begin(self) -> None:
        """Raises OvertakenError, or StoreGone."""
        async with self._one_at_a_time:
            if self._begun:
                return
            if self._claimed.resent and not await self._store.begin(self._claimed):
                raise OvertakenError
            self._begun = True

    def receipt_without_outcome(self, why: str) -> Receipt:
        """For an attempt that has no outcome: what never began certainly had no effect."""
        if self._begun:
            return Unclear(why)
        return NotSent(RETRY_SECONDS, why)
