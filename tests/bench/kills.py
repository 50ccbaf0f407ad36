"""kill -9 between claim and send and between send and record, again and again.

The platform's log is the judge, not our tables.

One herd is booked once; life after life sends from it and dies. A life first sends again what the
one before left in the air, so that every kill finds messages of its own there. With `--handshake`
the connections take their time to open, as to a platform that is far away, and the kills come at
any moment: most find messages that were claimed and are not yet sent. On PostgreSQL two replicas
live and die side by side; now and then one of them dies with what the other's kill left.
"""

import argparse
import multiprocessing
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path

import sqlalchemy as sa

from adapters.storage.sql.tables import outbox
from adapters.storage.store import LEASE, open_store
from bot.runtime.delivery import MAX_IN_FLIGHT
from tests.bench import killed_process
from tests.bench.figures import Figure
from tests.bench.ground import Herd, Kind, kinds, settle_in, this_minute

POINTS = ("claimed", "sent")
EARLIEST, LATEST = 2 * MAX_IN_FLIGHT + 1, 4 * MAX_IN_FLIGHT
"""Which message of a life is its last.

By then what the life before left in the air is recorded: two replicas leave twice AIR.
"""
MOST_SENT = LATEST + MAX_IN_FLIGHT
LATEST_HANDSHAKES = 4
"""A kill at any moment comes before so many handshakes could have followed each other."""
MOST_SENT_FAR = 64
RIVALS = 200
RIVAL_QUIET = 3.0
LIFE_SECONDS = 60.0
LAST_LIFE_SECONDS = 600.0
"""It sends what all the others left."""


async def measure(options: argparse.Namespace) -> list[Figure]:
    processes = multiprocessing.get_context(
        "forkserver"
    )  # children find everything imported: a life takes a fraction of a second
    processes.set_forkserver_preload(["tests.bench.__main__"])
    figures: list[Figure] = []
    with kinds() as both, tempfile.TemporaryDirectory() as folder:
        for kind, replicas in zip(both, (1, 2), strict=True):
            log = Path(folder) / f"{kind.name}.log"
            killed, due, arrived, unknown = await _killed(
                processes, kind, log, options=options, replicas=replicas
            )
            name = f"{kind.name}, {'two replicas' if replicas == 2 else 'one process'}"
            if options.handshake:
                name += f", a handshake of {options.handshake:g} s"
            figures += _judged(name, killed, due=due, arrived=arrived, unknown=unknown)
        figures.append(_rival(processes, both[0], Path(folder) / "rival.log"))
    return figures


async def _killed(
    processes: ForkServerContext,
    kind: Kind,
    log: Path,
    *,
    options: argparse.Namespace,
    replicas: int,
) -> tuple[int, set[str], Counter[str], set[str]]:
    """How many were killed, to whom nudges were due, what arrived how often,
    and what the store set aside as unknown.
    """
    url, kills, handshake = kind.fresh(), options.kills, options.handshake
    chance = random.Random(kills)
    most = MOST_SENT_FAR if handshake else MOST_SENT
    herd = Herd(first=1, last=kills * most, due=this_minute())
    store = await open_store(url)
    await settle_in(store.database, herd)
    await store.close()
    killed, now = 0, herd.due
    while killed < kills:
        plans = [
            _plan(chance, killed + number, handshake)
            for number in range(min(replicas, kills - killed))
        ]
        died = _lives(processes, [(url, str(log), plan, now, handshake) for plan in plans])
        assert died == len(plans), "a life ended before its kill"
        killed += died
        now += LEASE + timedelta(seconds=1)
    _lives(processes, [(url, str(log), ("", 0), now, 0.0)], LAST_LIFE_SECONDS)
    due = {str(number) for number in range(herd.first, herd.last + 1)}
    return killed, due, _arrived(log), await _unknown(url)


def _plan(chance: random.Random, number: int, handshake: float) -> tuple[str, int]:
    """Where the kill comes, and at which message or after how many milliseconds."""
    if handshake:
        return "any", chance.randint(1, int(handshake * 1000 * LATEST_HANDSHAKES))
    return POINTS[number % 2], chance.randint(EARLIEST, LATEST)


async def _unknown(url: str) -> set[str]:
    store = await open_store(url)
    found = sa.select(outbox.c.chat).where(outbox.c.state == "unknown")
    chats = await store.database.look(lambda connection: set(connection.execute(found).scalars()))
    await store.close()
    return chats


def _arrived(log: Path) -> Counter[str]:
    return Counter(log.read_text(encoding="utf-8").split())


def _lives(
    processes: ForkServerContext,
    lives: Sequence[tuple[object, ...]],
    seconds: float = LIFE_SECONDS,
) -> int:
    """Side by side, to their end. Returns how many were killed."""
    children = [processes.Process(target=killed_process.live, args=life) for life in lives]
    for child in children:
        child.start()
    for child in children:
        child.join(seconds)
        assert child.exitcode in (0, -signal.SIGKILL, -signal.SIGALRM), child.exitcode
    return sum(child.exitcode != 0 for child in children)


def _judged(
    place: str,
    kills: int,
    *,
    due: set[str],
    arrived: Counter[str],
    unknown: set[str],
) -> list[Figure]:
    """A message that two kills hit before it arrived is not tried a third time but set aside for
    the operator: counted by itself.
    """
    missing = due - set(arrived)
    name = f"{place}: {kills} kill -9s in {len(due):,} nudges"
    copies = sum(arrived.values()) - len(arrived)
    return [
        Figure(name=f"{name}, lost", value=len(missing - unknown), unit="nudges", aim="0"),
        Figure(
            name=f"{name}, hit by two kills and set aside as unknown",
            value=len(missing & unknown),
            unit="nudges",
        ),
        Figure(
            name=f"{name}, sent twice",
            value=copies,
            unit="nudges",
            beside=f"in the air at the kills, {MAX_IN_FLIGHT} each",
            beside_value=MAX_IN_FLIGHT * kills,
            aim="≤ 1 ×",
        ),
        Figure(
            name=f"{name}, sent a third time",
            value=sum(count > 2 for count in arrived.values()),
            unit="nudges",
            aim="0",
        ),
    ]


def _rival(processes: ForkServerContext, kind: Kind, log: Path) -> Figure:
    """One APScheduler job a person, killed once when a quarter has arrived,
    then started again on the same job store.
    """
    url = kind.fresh()
    log.touch()
    first = processes.Process(
        target=killed_process.rival, args=(url, str(log), RIVALS, LIFE_SECONDS)
    )
    first.start()
    deadline = time.monotonic() + LIFE_SECONDS
    while len(_arrived(log)) < RIVALS // 4:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    first.kill()
    first.join()
    second = processes.Process(target=killed_process.rival, args=(url, str(log), 0, RIVAL_QUIET))
    second.start()
    second.join(LIFE_SECONDS)
    lost = RIVALS - len(_arrived(log))
    return Figure(
        name=f"for comparison, one APScheduler job a person: one kill -9 in {RIVALS} due, lost",
        value=lost,
        unit="nudges",
    )
