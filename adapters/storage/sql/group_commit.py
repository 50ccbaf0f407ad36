"""SQLite's one writer: transactions that wait for it together share a commit, each behind a
savepoint of its own.

A commit costs a disk flush however little it holds. While nobody waits a transaction is alone and
pays nothing for this; in a burst a dozen pay for one flush. One that fails is rolled back by itself
and holds up no other. While the database is away, or in another process's hands for too long,
nobody queues for a try of their own: all who wait are told with the first.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from adapters.storage.sql import prepared
from adapters.storage.sql.transaction import RetryTransaction
from bot.core.ports import StoreGone

MOST = 12
"""Transactions in one commit.

Nobody waits longer for company than a few milliseconds of the others' work.
"""

Function = Callable[[sa.Connection], Any]


@dataclass(frozen=True, slots=True)
class _Waiting:
    function: Function
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: Any = None
    error: BaseException | None = None


class SharedCommits:
    """`alone` runs one function as a whole transaction, with its retries; `connection` gives the
    writer's connection. Both are called on the executor's single thread only. `gone` says of an
    error whether the database is away.
    """

    def __init__(
        self,
        thread: Executor,
        *,
        alone: Callable[[Function], Any],
        connection: Callable[[], sa.Connection],
        gone: Callable[[DBAPIError], StoreGone | None],
    ) -> None:
        self._thread = thread
        self._alone = alone
        self._connection = connection
        self._gone = gone
        self._queue: deque[_Waiting] = deque()
        self._lock = Lock()
        self._draining = False

    async def run(self, function: Function) -> Any:
        """`function` in a transaction; returns once it is committed.

        Raises what it, or its commit, raised.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(function, loop, loop.create_future())
        with self._lock:
            self._queue.append(waiting)
            begin, self._draining = not self._draining, True
        if begin:
            self._thread.submit(self._drain)
        return await waiting.future

    def _drain(self) -> None:
        while batch := self._next():
            functions = [waiting.function for waiting in batch]
            if len(functions) == 1:
                outcomes = [self._try(functions[0])]
            else:
                outcomes = self._together(functions)
            if isinstance(gone := outcomes[-1].error, StoreGone):
                queued = self._all()
                batch, outcomes = batch + queued, outcomes + _all_away(gone, len(queued))
            for waiting, outcome in zip(batch, outcomes, strict=True):
                with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                    waiting.loop.call_soon_threadsafe(_tell, waiting.future, outcome)

    def _next(self) -> list[_Waiting]:
        with self._lock:
            batch = [self._queue.popleft() for _ in range(min(MOST, len(self._queue)))]
            self._draining = bool(batch)
            return batch

    def _all(self) -> list[_Waiting]:
        with self._lock:
            queued, self._queue = list(self._queue), deque()
            return queued

    def _together(self, functions: list[Function]) -> list[_Outcome]:
        """All in one commit.

        Whatever the database itself finds wrong undoes all of it; then each is tried by itself.
        """
        connection = self._connection()
        try:
            prepared.say(connection, "BEGIN IMMEDIATE")
            outcomes = [_behind_savepoint(connection, function) for function in functions]
            prepared.say(connection, "COMMIT")
        except (DBAPIError, RetryTransaction) as error:
            with suppress(DBAPIError):
                prepared.say(connection, "ROLLBACK")
            gone = None
            if isinstance(error, DBAPIError):
                gone = self._gone(error)
            if gone is not None:
                return _all_away(gone, len(functions))
            return [self._try(function) for function in functions]
        return outcomes

    def _try(self, function: Function) -> _Outcome:
        try:
            return _Outcome(result=self._alone(function))
        except BaseException as error:  # noqa: BLE001 -- it is raised where it is awaited
            return _Outcome(error=error)


def _behind_savepoint(connection: sa.Connection, function: Function) -> _Outcome:
    prepared.say(connection, "SAVEPOINT one")
    try:
        outcome = _Outcome(result=function(connection))
    except (DBAPIError, RetryTransaction):
        raise
    except BaseException as error:  # noqa: BLE001 -- a defect of this one; the others go on
        prepared.say(connection, "ROLLBACK TO one")
        outcome = _Outcome(error=error)
    prepared.say(connection, "RELEASE one")
    return outcome


def _all_away(gone: StoreGone, count: int) -> list[_Outcome]:
    """One error each: a raised one collects its callers."""
    return [_Outcome(error=StoreGone(*gone.args)) for _ in range(count)]


def _tell(future: asyncio.Future[Any], outcome: _Outcome) -> None:
    if future.cancelled():
        return
    if outcome.error is not None:
        future.set_exception(outcome.error)
    else:
        future.set_result(outcome.result)
