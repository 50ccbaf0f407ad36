"""The way to a database: URL, engine, threads, transactions, and which errors mean that it is away.

A transaction is one synchronous function run on the database's own threads: one writer for SQLite,
a few for PostgreSQL, so that the event loop never waits for a disk. Nothing here knows what is
stored.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import QueuePool

from adapters.storage.sql import prepared
from adapters.storage.sql.address import database_address
from adapters.storage.sql.group_commit import SharedCommits
from adapters.storage.sql.host_lock import HostLock
from adapters.storage.sql.transaction import RetryTransaction
from bot.core.ports import StoreGone

T = TypeVar("T")

POSTGRES_THREADS = 8
BUSY_SECONDS = 5.0
"""How long a SQLite transaction waits for another process's."""
TRIES = 6
"""How often a transaction runs that another one got in the way of (deadlock, a row made twice)."""

WRITERS_CACHE_KIB = 16_384
READERS_CACHE_KIB = 2_048
"""SQLite's pages, which it keeps once it has read them: where the process's memory grows to as the
file does, and where that ends. The system caches the file too, and who only reads walks over
everything once.
"""

POSTGRES_SETTINGS = (
    "timezone=UTC",
    "statement_timeout=60000",
    # A process that is stopped in mid-transaction must not hold its locks for ever.
    "idle_in_transaction_session_timeout=30000",
    # Every statement has an index made for it. A plan that was cached while a table was empty must
    # not walk a herd later.
    "enable_seqscan=off",
    "enable_bitmapscan=off",
    "enable_mergejoin=off",
    "enable_hashjoin=off",
    "jit=off",
)

_AWAY_SQLITE = tuple(
    """
    SQLITE_BUSY SQLITE_LOCKED SQLITE_FULL SQLITE_IOERR SQLITE_CANTOPEN SQLITE_READONLY
    SQLITE_PROTOCOL SQLITE_CORRUPT SQLITE_NOTADB
    """.split()
)
_AWAY_POSTGRES = ("08", "53", "57P", "25006", "3D000", "28")
_IN_THE_WAY = ("40001", "40P01")


class Database:
    """Use `run` for one whole transaction. `close` when done: threads and connections are real."""

    def __init__(self, url: str) -> None:
        self.url = driver_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        file = self.url.database
        self._host_lock = None
        if self.sqlite and file and file != ":memory:":
            self._host_lock = HostLock(file)
        if self.sqlite:
            self.engine = _sqlite_engine(self.url)
        else:
            self.engine = _postgres_engine(self.url)
        self._threads = ThreadPoolExecutor(
            max_workers=1 if self.sqlite else POSTGRES_THREADS, thread_name_prefix="store"
        )
        self._writer: sa.Connection | None = None
        self._shared = None
        if self.sqlite:
            self._shared = SharedCommits(
                self._threads, alone=self.transact, connection=self._writing, gone=self._store_gone
            )
        self._reading = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-read")

    async def run(self, function: Callable[[sa.Connection], T]) -> T:
        """`function` in one transaction, on a thread of the store.

        Raises StoreGone when the database is away.
        """
        if self._shared:
            result: T = await self._shared.run(function)
            return result
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self.transact, function
        )

    async def look(self, function: Callable[[sa.Connection], T]) -> T:
        """`function` in a transaction that only reads; long reads keep no writer waiting."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._read, function)

    def _read(self, function: Callable[[sa.Connection], T]) -> T:
        try:
            return self.snapshot(function)
        except DBAPIError as error:
            if gone := self._store_gone(error):
                raise gone from error
            raise

    def snapshot(self, function: Callable[[sa.Connection], T]) -> T:
        """`function` on the calling thread, reading one consistent state of everything.

        What it writes is lost.
        """
        with self.engine.connect() as connection:
            if self.sqlite:
                prepared.say(connection, "BEGIN")
                try:
                    return function(connection)
                finally:
                    prepared.say(connection, "ROLLBACK")
            connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin() as reading:
                result = function(connection)
                reading.rollback()
            return result

    async def on_thread(self, function: Callable[["Database"], T]) -> T:
        """`function` of this database on its thread, outside any transaction."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, self)

    def transact(self, function: Callable[[sa.Connection], T]) -> T:
        """The same on the calling thread; for SQLite that must be the store's one thread."""
        for attempt in range(TRIES):
            try:
                if self.sqlite:
                    return self._sqlite(function)
                return self._postgres(function)
            except RetryTransaction:
                if attempt == TRIES - 1:
                    raise
            except DBAPIError as error:
                if gone := self._store_gone(error):
                    raise gone from error
                if attempt == TRIES - 1 or _state(error) not in _IN_THE_WAY:
                    raise
            time.sleep(0.002 * attempt)
        raise AssertionError("unreachable")

    def _sqlite(self, function: Callable[[sa.Connection], T]) -> T:
        connection = self._writing()
        try:
            prepared.say(connection, "BEGIN IMMEDIATE")
            result = function(connection)
            prepared.say(connection, "COMMIT")
        except BaseException:
            with suppress(DBAPIError):
                prepared.say(connection, "ROLLBACK")
            if connection.connection.dbapi_connection is None or connection.invalidated:
                self._drop_writer()
            raise
        return result

    async def empty_log(self) -> None:
        """SQLite's write-ahead log into the file, and cut to nothing: it keeps what was erased
        until it is written over. Where somebody reads just then, it stays until the next time.
        Raises StoreGone.
        """
        if self.sqlite:
            await self.on_thread(Database._empty_log)

    def _empty_log(self) -> None:
        try:
            prepared.say(self._writing(), "PRAGMA wal_checkpoint(TRUNCATE)")
        except DBAPIError as error:
            if gone := self._store_gone(error):
                raise gone from error
            raise

    def _writing(self) -> sa.Connection:
        if self._writer is None or self._writer.invalidated:
            self._drop_writer()
            self._writer = self.engine.connect()
            if self.sqlite:
                prepared.say(self._writer, f"PRAGMA cache_size=-{WRITERS_CACHE_KIB}")
        return self._writer

    def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def _postgres(self, function: Callable[[sa.Connection], T]) -> T:
        with self.engine.connect() as connection, connection.begin():
            return function(connection)

    def _store_gone(self, error: DBAPIError) -> StoreGone | None:
        if not _away(error):
            return None
        return StoreGone(self._where(error))

    def _where(self, error: DBAPIError) -> str:
        """Which database does not answer, and what it says; never its password."""
        if self.sqlite:
            place = self.url.database
        else:
            place = f"{self.url.host or 'socket'}/{self.url.database}"
        return f"{self.url.get_backend_name()} {place}: {str(error.orig).strip().splitlines()[0] if str(error.orig) else type(error.orig).__name__}"

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, self._drop_writer)
        self._threads.shutdown()
        self._reading.shutdown()
        self.engine.dispose()
        if self._host_lock:
            self._host_lock.release()


class PoolerBetweenError(Exception):
    """Two sessions at once shared one server process:
    a pooler in transaction mode stands between.
    """


def refuse_pooler(connect: Callable[[], AbstractContextManager[sa.Connection]]) -> None:
    """Raises PoolerBetweenError where sessions are not our own: prepared statements, settings and
    the locks that tell who is alive belong to a session, and would come and go with every
    transaction.
    """
    with connect() as one, connect() as other:
        processes = []
        for session in (one, other):
            processes.append(session.execute(sa.select(sa.func.pg_backend_pid())).scalar())
            session.rollback()
    if processes[0] == processes[1]:
        raise PoolerBetweenError(
            "DATABASE_URL leads to a pooler in transaction mode (pgbouncer: pool_mode = "
            "transaction); "
            "name PostgreSQL itself, or a pool with pool_mode = session"
        )


def driver_url(url: str) -> sa.URL:
    """`sqlite:///FILE` and `postgresql://…` as SQLAlchemy wants them, driver named.

    Raises AddressError for any other.
    """
    address = database_address(url)
    if address.file:
        return sa.URL.create("sqlite+pysqlite", database=address.file)
    return sa.URL.create(
        "postgresql+psycopg",
        username=address.user,
        password=address.password,
        host=address.host,
        port=address.port,
        database=address.name,
        query=dict(address.options),
    )


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url,
        # We say BEGIN ourselves: the driver's own would begin deferred and fail at the first write.
        isolation_level="AUTOCOMMIT",
        poolclass=QueuePool,
        execution_options={"preserve_rowcount": True},
        connect_args={
            "check_same_thread": False,
            "timeout": BUSY_SECONDS,
            "cached_statements": 512,
        },
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        _keep_a_log_ahead(connection)
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            f"cache_size=-{READERS_CACHE_KIB}",
            # What is erased is overwritten, whatever this SQLite was built with.
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _keep_a_log_ahead(connection: Any) -> None:
    """Processes that open a new file together get in each other's way here, and this is the one
    thing SQLite does not wait for.
    """
    for attempt in range(1, TRIES + 1):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if attempt == TRIES:
                raise
            time.sleep(0.01 * attempt)
        else:
            return


def _postgres_engine(url: sa.URL) -> sa.Engine:
    return sa.create_engine(
        url,
        pool_size=POSTGRES_THREADS,
        max_overflow=2,
        pool_timeout=BUSY_SECONDS,
        execution_options={"preserve_rowcount": True},  # of INSERT … ON CONFLICT too
        connect_args={
            "connect_timeout": 5,
            "options": " ".join(f"-c {setting}" for setting in POSTGRES_SETTINGS),
        },
    )


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _away(error: DBAPIError) -> bool:
    """Is the database away (or full, or read-only), as against a statement that is wrong?"""
    name = getattr(error.orig, "sqlite_errorname", "")
    if name:
        return str(name).startswith(_AWAY_SQLITE)
    if error.connection_invalidated:
        return True
    state = _state(error)
    if state:
        return state.startswith(_AWAY_POSTGRES)
    return (
        isinstance(error, OperationalError | InterfaceError)
        and "psycopg" in type(error.orig).__module__
    )
