"""Who claims rows, and who of them is dead: so that what a killed process had in the air is taken
over at once, not after the lease.

A living owner holds a lock that its death frees by itself: on a file beside SQLite's, or on
PostgreSQL's server. Only a lock that is found free says that somebody died; where there are none,
the lease decides alone.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from adapters.storage.sql.database import Database

try:
    import fcntl
except ImportError:  # pragma: no cover -- no such locks on this system: the lease decides
    fcntl = None  # type: ignore[assignment]

CONNECT_SECONDS = 2
KEEP_SECONDS = 2.0
"""How often an owner makes sure that it still holds its lock on the server."""
SURE_SECONDS = 2 * KEEP_SECONDS + CONNECT_SECONDS + 1.0
"""A lock on the server must be seen free for so long: a living owner that lost its connection takes
it again meanwhile, within two beats and a connect.
"""


LOOKS_SECONDS = 4.0
"""Looks that are further apart than this do not add up:
one is made every second while somebody's messages are in the air.
"""


class Owner(Protocol):
    """One of those that claim: this process."""

    name: str

    def keep(self) -> None:
        """Called in every transaction, on a thread of the store."""

    def is_dead(self, connection: sa.Connection, other: str) -> bool: ...

    def release(self) -> None: ...


def owner(database: Database) -> Owner:
    file = database.url.database
    if not database.sqlite:
        return ByServer(database.url)
    if fcntl is None or not file or file == ":memory:":
        return _ByLease()
    return _ByFile(file)


class _ByLease:
    """Nobody can be seen to be dead."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(8)

    def keep(self) -> None:
        pass

    def is_dead(self, _connection: sa.Connection, _other: str) -> bool:
        return False

    def release(self) -> None:
        pass


class _ByFile:
    """A locked file beside the database, named after its owner.

    The kernel unlocks it at death; whoever finds it so removes it.
    """

    def __init__(self, database: str) -> None:
        self._database = database
        self.name, self._file = _own_file(database)
        for other in self._others():
            self.is_dead(None, other)

    def keep(self) -> None:
        pass

    def is_dead(self, _connection: sa.Connection | None, other: str) -> bool:
        path = _path(self._database, other)
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return True
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return False
            path.unlink(missing_ok=True)
            return True

    def _others(self) -> Iterator[str]:
        start = _path(Path(self._database).name, "").name
        for path in Path(self._database).parent.iterdir():
            if path.name.startswith(start) and path.name != f"{start}{self.name}":
                yield path.name.removeprefix(start)

    def release(self) -> None:
        _path(self._database, self.name).unlink(missing_ok=True)
        self._file.close()


def _path(database: str, name: str) -> Path:
    return Path(f"{database}-owner-{name}")


def _own_file(database: str) -> tuple[str, IO[bytes]]:
    """A locked file of our own.

    Somebody who sweeps up may remove it before it is locked; then another one is made.
    """
    while True:
        name = secrets.token_hex(8)
        path = _path(database, name)
        file = path.open("xb")
        fcntl.flock(file, fcntl.LOCK_EX)
        if path.exists():
            return name, file
        file.close()


class ByServer:
    """An advisory lock on the server, on a connection of its own:
    the server frees it when that connection ends.
    """

    def __init__(self, url: sa.URL, now: Callable[[], float] = time.monotonic) -> None:
        self.name = secrets.token_hex(8)
        self._now = now
        self._engine = sa.create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": CONNECT_SECONDS},
        )
        self._connection: sa.Connection | None = None
        self._kept_at = -KEEP_SECONDS
        self._one_at_a_time = threading.Lock()
        self._suspects: dict[str, tuple[float, float]] = {}
        """Since when, and when last, each was seen without its lock."""

    def keep(self) -> None:
        """Takes the lock again in the very call that finds the connection lost.

        Fails silently: then the next call tries at once.
        """
        if self._now() - self._kept_at < KEEP_SECONDS or not self._one_at_a_time.acquire(
            blocking=False
        ):
            return
        try:
            self._hold_somehow()
        finally:
            self._one_at_a_time.release()

    def _hold_somehow(self) -> None:
        for _ in range(2):
            try:
                self._hold()
            except DBAPIError:
                self._drop()
            else:
                self._kept_at = self._now()
                return

    def _hold(self) -> None:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._connection.execute(
                select(func.pg_advisory_lock(_key(self.name)))
            )  # somebody may just be looking
        else:
            self._connection.execute(select(1))

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(DBAPIError):
                connection.close()

    def is_dead(self, connection: sa.Connection, other: str) -> bool:
        """Only who was seen without a lock all the while, look after look: while the server was
        away nobody could hold one.
        """
        if not connection.execute(_IS_FREE, {"key": _key(other)}).scalar():
            self._suspects.pop(other, None)
            return False
        now = self._now()
        since, last = self._suspects.get(other, (now, now))
        if now - last > LOOKS_SECONDS:
            since = now
        self._suspects[other] = since, now
        return now - since >= SURE_SECONDS

    def release(self) -> None:
        with self._one_at_a_time:
            self._drop()


_IS_FREE = select(func.pg_try_advisory_xact_lock(bindparam("key", type_=sa.BigInteger)))


def _key(name: str) -> int:
    """The lock's number: the owner's name as PostgreSQL's signed 64 bits."""
    return int.from_bytes(bytes.fromhex(name), signed=True)
