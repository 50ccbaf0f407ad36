"""Killed at any instant: nothing is lost, what was in the air comes at most twice, and nothing a
third time.

The judge is the fake platform's log, not our tables.
"""

import asyncio
import multiprocessing
import os
import signal
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from adapters.storage.sql.tables import outbox
from adapters.storage.store import LEASE, open_store
from bot.core.messages import Delivered
from bot.runtime.delivery import MAX_IN_FLIGHT
from tests.store.killed_process import LINES, PEOPLE, claim_and_freeze, live
from tests.store.scripted_decider import MONDAY, ROOM, Script, only, said

KILLS = [
    *(("before a commit", nth) for nth in (2, 14, 16)),
    *(("after a commit", nth) for nth in (5, 17)),
    *(("claimed", nth) for nth in (1, 10)),
    *(("sent", nth) for nth in (2, 11)),
]


@pytest.fixture(scope="module")
def processes():
    """Children are forked from a clean process that has everything imported:
    a second life takes no second.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.store.killed_process"])
    return context


def lives(processes, url, log, kills):
    """One life after the other, each a lease later; the last one ends by itself.

    Returns how many were cut short.
    """
    cut = 0
    now = MONDAY
    for point, nth in [*kills, ("", 0)]:
        child = processes.Process(target=live, args=(url, str(log), point, nth, now))
        child.start()
        child.join(30)
        assert child.exitcode in (0, -signal.SIGKILL)
        cut += child.exitcode != 0
        now += 2 * LEASE
    return cut


def expected():
    lines = [*LINES.splitlines(), "nudge 2026-W48 0", "nudge 2026-M11 0", "once book the test"]
    return {f"{user} {line}" for user in PEOPLE for line in lines}


def judge(log: Path, kills: int) -> None:
    arrived = log.read_text().splitlines()
    copies = Counter(arrived)
    assert set(copies) == expected(), "something was lost, or came from nowhere"
    assert max(copies.values()) <= 2, "a third copy"
    assert sum(copies.values()) - len(copies) <= MAX_IN_FLIGHT * kills, (
        "more copies than were in the air"
    )
    for user in PEOPLE:
        first = list(
            dict.fromkeys(
                line
                for line in arrived
                if line.startswith(f"{user} ") and not {"nudge", "once"} & set(line.split())
            )
        )
        assert first == [f"{user} {line}" for line in LINES.splitlines()], "out of order"


@pytest.mark.parametrize(("point", "nth"), KILLS)
def test_a_kill_loses_nothing_and_repeats_only_what_was_in_the_air(
    url, tmp_path, processes, point, nth
):
    log = tmp_path / "platform.log"
    assert lives(processes, url, log, [(point, nth)]) == 1, "the point was never reached"
    judge(log, kills=1)


@pytest.mark.parametrize("again", [1, 4])
def test_kills_before_the_call_lose_nothing_however_many_meet_the_same_message(
    url, tmp_path, processes, again
):
    """A process that dies soon after its start, again and again,
    meets the oldest messages each time.
    """
    log = tmp_path / "platform.log"
    assert lives(processes, url, log, [("claimed", 1)] * (1 + again)) == 1 + again
    judge(log, kills=1)


def test_kill_after_kill_never_makes_a_third_copy(url, tmp_path, processes):
    log = tmp_path / "platform.log"
    assert (
        lives(
            processes,
            url,
            log,
            [("sent", 2), ("claimed", 1), ("sent", 1), ("before a commit", 16), ("sent", 3)],
        )
        == 5
    )
    arrived = Counter(log.read_text().splitlines())
    assert max(arrived.values()) <= 2
    assert set(arrived) <= expected()


def test_a_sender_frozen_past_its_lease_changes_nothing_when_it_wakes(url, tmp_path, processes):
    """It cannot unsend its own copy; but what the other one wrote down stands."""
    log = tmp_path / "platform.log"
    run(prepare, url)
    frozen = processes.Process(target=claim_and_freeze, args=(url, str(log), MONDAY))
    frozen.start()
    wait_until_frozen(frozen.pid)
    run(take_over, url)
    os.kill(frozen.pid, signal.SIGCONT)
    frozen.join(30)
    assert frozen.exitcode == 0
    assert log.read_text() == "late\n"
    assert run(final_state, url) == ("sent", 2, "taken over")


def wait_until_frozen(pid: int) -> None:
    deadline = time.monotonic() + 20
    while psutil.Process(pid).status() != psutil.STATUS_STOPPED:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def run(action, url):
    async def whole():
        store = await open_store(url, real_time=False)
        try:
            return await action(store)
        finally:
            await store.close()

    return asyncio.run(whole())


async def prepare(store):
    await store.turn(said("hello"), Script(), room=0)


async def take_over(store):
    at = MONDAY + LEASE + timedelta(seconds=1)
    claimed = only(await store.exchange(at, [], ROOM, Script()))
    await store.exchange(at, [(claimed, Delivered("taken over"))], {}, Script())


async def final_state(store):
    rows = await store.database.look(
        lambda connection: connection.execute(
            sa.select(outbox.c.state, outbox.c.attempt, outbox.c.ref)
        ).all()
    )
    return tuple(rows[0])
