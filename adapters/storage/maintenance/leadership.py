"""Who of several processes does what only one may do (poll Telegram).

A lease in the database, renewed while its holder lives; judged by the database's own clock (the
host's on SQLite), so a holder that freezes or is cut off loses it within LEASE whatever its own
clock says. On SQLite, whose processes share a host, the holder's death is seen at once besides: see
adapters.storage.outbox.lease_holders.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from sqlalchemy import bindparam

from adapters.storage.outbox.lease_holders import Owner
from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import leases
from adapters.storage.sql.transaction import database_time, host_time, upserting
from bot.core.ports import StoreGone

try:
    import fcntl
except ImportError:  # pragma: no cover -- no such locks on this system: there everybody leads
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=12)
RENEW_SECONDS = 3.0
"""A new leader is there at most LEASE and one renewal after the old one fell silent: 15 s."""
LOOK_SECONDS = 1.0
"""How often somebody who waits on SQLite looks whether the leader is gone or frozen."""

_TAKE = upserting(
    lambda insert: (
        made := insert(leases),
        made.on_conflict_do_update(
            index_elements=[leases.c.name],
            set_={"owner": made.excluded.owner, "until": made.excluded.until},
            where=sa.or_(
                leases.c.owner == made.excluded.owner,
                leases.c.until < bindparam("now", type_=leases.c.until.type),
            ),
        ),
    )[1]
)
_HELD = sa.select(leases.c.owner, leases.c.until).where(leases.c.name == bindparam("of_name"))
_PUT = upserting(
    lambda insert: (
        made := insert(leases),
        made.on_conflict_do_update(
            index_elements=[leases.c.name],
            set_={"owner": made.excluded.owner, "until": made.excluded.until},
        ),
    )[1]
)
_LET_GO = sa.delete(leases).where(
    leases.c.name == bindparam("of_name"), leases.c.owner == bindparam("by")
)


class LeadershipLost(Exception):  # noqa: N818 -- it says what happened
    """Another replica may lead now: stop at once."""


class _LeaderLock:
    """A lock on a file beside SQLite's, which its holder's death frees.

    A version that knows no lease goes by it alone.
    """

    def __init__(self, database: str, name: str) -> None:
        self._path = Path(f"{database}-{name}")
        self._file: IO[bytes] | None = None

    def take(self) -> bool:
        """Whether it is ours."""
        if (
            fcntl is None or self._file is not None
        ):  # pragma: no cover -- without such locks the lease decides
            return True
        file = self._path.open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def let_go(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class Leadership:
    """One attempt of one process to lead in one matter."""

    def __init__(self, database: Database, name: str, owner: Owner | None = None) -> None:
        """`owner`: this process, where others can see that it died."""
        self._database = database
        self._name = name
        self._process = owner
        if owner and database.sqlite:
            self._owner = owner.name
        else:
            self._owner = secrets.token_hex(8)
        file = database.url.database
        self._shares = not database.sqlite or bool(file and file != ":memory:")
        self._lock = None
        if database.sqlite and self._shares:
            self._lock = _LeaderLock(str(file), name)

    @asynccontextmanager
    async def hold(self, *, renew_seconds: float = RENEW_SECONDS) -> AsyncIterator[None]:
        """Wait until we lead; the body runs while we do.

        Raises LeadershipLost out of the body when we no longer can be sure.
        """
        if not self._shares:
            yield
            return
        if self._database.sqlite:
            pause = min(renew_seconds, LOOK_SECONDS)
        else:
            pause = renew_seconds
        while not await self.take():  # noqa: ASYNC110 -- the event happens in another process
            await asyncio.sleep(pause)
        body = asyncio.current_task()
        if body is None:
            raise RuntimeError("leadership is held by a task")
        renewing = asyncio.create_task(self._renew(body, renew_seconds))
        try:
            yield
        except asyncio.CancelledError:
            if renewing.done() and body.uncancel() <= 0:
                raise LeadershipLost(self._name) from None
            raise
        finally:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing
            with suppress(StoreGone):
                await self.let_go()

    async def take(self) -> bool:
        """Take or renew the lease; False if somebody else holds it or the database is away."""
        try:
            return await self._database.run(self._take)
        except StoreGone:
            return False

    async def let_go(self) -> None:
        """The next replica need not wait for the lease to end."""
        try:
            await self._database.run(
                lambda connection: connection.execute(
                    _LET_GO, {"of_name": self._name, "by": self._owner}
                )
            )
        finally:
            if self._lock:
                self._lock.let_go()

    def _take(self, connection: sa.Connection) -> bool:
        if self._lock:
            return self._take_on_host(connection, self._lock)
        now = database_time(connection)
        row = {"name": self._name, "owner": self._owner, "until": now + LEASE, "now": now}
        return connection.execute(_TAKE["postgresql"], row).rowcount == 1

    def _take_on_host(self, connection: sa.Connection, lock: _LeaderLock) -> bool:
        """The writer is alone, so what is read stays so.

        A leader that is frozen keeps its lock, but not its lease.
        """
        now = host_time(connection)
        found = connection.execute(_HELD, {"of_name": self._name}).one_or_none()
        if found is not None and found.owner != self._owner and found.until >= now:
            is_dead = self._process is not None and self._process.is_dead(connection, found.owner)
            if not is_dead:
                return False
        if not lock.take() and found is None:
            return False
        row = {"name": self._name, "owner": self._owner, "until": now + LEASE}
        connection.execute(_PUT["sqlite"], row)
        return True

    async def _renew(self, body: asyncio.Task[object], renew_seconds: float) -> None:
        """Until it fails for as long as the lease may still hold; then the body is cancelled."""
        loop = asyncio.get_running_loop()
        sure_until = loop.time() + LEASE.total_seconds() - renew_seconds
        while True:
            await asyncio.sleep(renew_seconds)
            asked = loop.time()
            if await self.take():
                sure_until = asked + LEASE.total_seconds() - renew_seconds
            elif loop.time() >= sure_until:
                log.warning("%s: leadership lost", self._name)
                body.cancel()
                return
