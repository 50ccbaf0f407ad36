"""The alarm clock rings, survives every error of its jobs,
and is replaced when APScheduler stops without saying so.
"""

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from apscheduler.jobstores.memory import MemoryJobStore

from adapters.clock import VirtualClock
from bot.core.ports import Booking, Figures, StoreGone
from content.library import load
from content.staleness import stale_facts
from scheduler.ticker import BATCHES, Ticker

NOW = datetime(2026, 11, 23, 22, tzinfo=UTC)
TICK = timedelta(milliseconds=20)


class ContentStore:
    """As much of a store as the alarm clock needs: it books in batches that it was given,
    or raises.
    """

    def __init__(self, *answers: Booking | Exception) -> None:
        self.answers = list(answers)
        self.booked = 0
        self.tidied = 0

    async def book(self, now, *, limit=500) -> Booking:
        self.booked += 1
        answer = self.answers.pop(0) if self.answers else Booking(booked=0, next_due_at=None)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def tidy(self, now) -> Figures:
        self.tidied += 1
        return Figures(values={"seen": 3})


def ticker(store, wakes=None, **changes) -> Ticker:
    wake = (lambda: None) if wakes is None else lambda: wakes.append(1)
    return Ticker(store=store, clock=VirtualClock(NOW), wake=wake, tick_every=TICK, **changes)


@asynccontextmanager
async def running(made: Ticker):
    task = asyncio.create_task(made.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition, seconds=5.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


async def test_it_rings_again_and_again_and_says_when_it_last_did():
    store = ContentStore()
    made = ticker(store)
    assert made.heartbeat is None
    async with running(made):
        await until(lambda: store.booked >= 5)
    assert made.heartbeat == NOW
    assert store.tidied == 1


async def test_booked_nudges_wake_delivery():
    wakes = []
    made = ticker(ContentStore(Booking(booked=2, next_due_at=None)), wakes)
    await made.tick()
    assert wakes == [1]
    await made.tick()
    assert wakes == [1]


async def test_full_batches_are_followed_at_once_up_to_a_limit():
    herd = ContentStore(
        *[Booking(booked=500, next_due_at=NOW)] * 3,
        Booking(booked=7, next_due_at=NOW + timedelta(hours=1)),
    )
    await ticker(herd).tick()
    assert herd.booked == 4
    endless = ContentStore(*[Booking(booked=500, next_due_at=NOW)] * 100)
    await ticker(endless).tick()
    assert endless.booked == BATCHES


@pytest.mark.parametrize("error", [StoreGone("away"), RuntimeError("secret words of a person")])
async def test_an_error_in_a_job_stops_nothing_and_its_text_is_not_logged(error, caplog):
    store = ContentStore(error, error, error)
    made = ticker(store)
    async with running(made):
        await until(lambda: store.booked >= 6)
    assert made.heartbeat == NOW
    assert made.restarts == 0
    assert "tick" in caplog.text
    assert "secret words" not in caplog.text


async def test_a_scheduler_that_died_silently_is_replaced(monkeypatch):
    """The known defect: one job update that fails, and no job ever runs
    again while `running` stays true.
    """
    dies, real = [True], MemoryJobStore.update_job

    def update_job(self, job):
        if dies:
            dies.clear()
            raise OSError("the one that kills it")
        real(self, job)

    monkeypatch.setattr(MemoryJobStore, "update_job", update_job)
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    store = ContentStore()
    made = ticker(store, still_seconds=0.3)
    async with running(made):
        await until(lambda: made.restarts == 1 and store.booked >= 5)
    assert dies == []


async def test_a_slow_job_is_no_dead_clock():
    class Slow(ContentStore):
        async def book(self, now, *, limit=500) -> Booking:
            await asyncio.sleep(0.5)
            return await super().book(now)

    store = Slow()
    made = ticker(store, still_seconds=0.1)
    async with running(made):
        await until(lambda: store.booked >= 1)
    assert made.restarts == 0


async def test_it_can_be_stopped_at_any_time():
    made = ticker(ContentStore())
    async with running(made):
        await asyncio.sleep(0)
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


async def test_old_zone_data_is_said_aloud(caplog):
    made = Ticker(
        store=ContentStore(),
        clock=VirtualClock(datetime(2032, 1, 1, tzinfo=UTC)),
        wake=lambda: None,
    )
    await made.check_zones()
    assert "upgrade the tzdata package" in caplog.text
    caplog.clear()
    await ticker(ContentStore()).check_zones()
    assert caplog.text == ""


async def test_facts_past_their_time_are_reported_to_the_operator(caplog):
    content = load()
    late = Ticker(
        store=ContentStore(),
        clock=VirtualClock(datetime(2031, 1, 1, tzinfo=UTC)),
        wake=lambda: None,
        content=lambda: content,
    )
    await late.report_staleness()
    words = [word for _, word in stale_facts(content, date(2031, 1, 1))]
    assert (
        f"{words.count('old')} facts are more than a year old, {words.count('expired')} past their day"
        in caplog.text
    )
    none = replace(content, facts={})
    caplog.clear()
    await Ticker(
        store=ContentStore(), clock=VirtualClock(NOW), wake=lambda: None, content=lambda: none
    ).report_staleness()
    assert caplog.text == ""


def test_each_fact_is_stale_at_most_once_and_in_the_end_all_that_can_be():
    content = load()
    far = dict(stale_facts(content, date(2040, 1, 1)))
    assert len(far) == len(content.facts)
    assert set(far.values()) <= {"old", "expired"}


@pytest.fixture(autouse=True)
def _at_info(caplog):
    caplog.set_level(logging.INFO)
