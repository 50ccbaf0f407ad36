"""Who of several processes does what only one may do (poll Telegram).

On PostgreSQL a lease in the database, renewed while its holder lives; judged by the database's own clock, so a holder that freezes
or is cut off loses it within LEASE whatever its clock says. On SQLite, whose processes share a host, a lock on a file beside the
database: its holder's death frees it at once.
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

from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import leases
from adapters.storage.sql.transaction import database_time, upserting
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
"""How often somebody who waits on SQLite looks whether the leader is gone."""

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
_LET_GO = sa.delete(leases).where(
    leases.c.name == bindparam("of_name"), leases.c.owner == bindparam("by")
)


class LeadershipLost(Exception):  # noqa: N818 -- it says what happened
    """Another replica may lead now: stop at once."""


class Leadership:
    """One attempt of one process to lead in one matter."""

    def __init__(self, database: Database, name: str) -> None:
        self._database = database
        self._name = name
        self._owner = secrets.token_hex(8)

    @asynccontextmanager
    async def held(self, *, renew_seconds: float = RENEW_SECONDS) -> AsyncIterator[None]:
        """Wait until we lead; the body runs while we do. Raises LeadershipLost out of the body when we no longer can be sure."""
        if self._database.sqlite:
            async with _alone_on_this_host(self._database.url.database, self._name):
                yield
            return
        while not await self.take():  # noqa: ASYNC110 -- the event happens in another process
            await asyncio.sleep(renew_seconds)
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
        await self._database.run(
            lambda connection: connection.execute(
                _LET_GO, {"of_name": self._name, "by": self._owner}
            )
        )

    def _take(self, connection: sa.Connection) -> bool:
        now = database_time(connection)
        row = {"name": self._name, "owner": self._owner, "until": now + LEASE, "now": now}
        return connection.execute(_TAKE["postgresql"], row).rowcount == 1

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


@asynccontextmanager
async def _alone_on_this_host(database: str | None, name: str) -> AsyncIterator[None]:
    if fcntl is None or not database or database == ":memory:":
        yield
        return
    with Path(f"{database}-{name}").open("ab") as lock:  # noqa: ASYNC230 -- once, on the disk that the database is on
        while not _locked(lock):  # noqa: ASYNC110 -- the event happens in another process
            await asyncio.sleep(LOOK_SECONDS)
        yield


def _locked(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
