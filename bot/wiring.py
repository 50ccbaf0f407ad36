"""Joins store, mind, delivery and engine into one bot without its platforms: what every way of running it shares."""

import gc
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from adapters.clock import SystemClock
from adapters.storage.housekeeping import Retention
from adapters.storage.store import SqlStore, open_store
from bot.delivery import Delivery
from bot.engine import Engine, Mind, Shelf, ZoneSource
from bot.events import Reading
from bot.logs import Pseudonyms
from bot.metrics import Metrics
from bot.ports import Clock, Messenger
from bot.settings import Settings
from bot.traces import Traces, Untraced
from bot.understanding import understand
from bot.understanding.context import speaks_for_itself
from content.library import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One running bot without its intake."""

    shelf: Shelf
    store: SqlStore
    clock: Clock
    mind: Mind
    delivery: Delivery
    engine: Engine
    metrics: Metrics
    traces: Traces


@asynccontextmanager
async def assembled(
    *,
    shelf: Shelf,
    database_url: str,
    clock: Clock,
    messengers: Mapping[str, Messenger],
    settings: Settings,
    zones: Mapping[str, ZoneSource] | None = None,
    traces: Traces | None = None,
) -> AsyncIterator[Parts]:
    """Everything but the platforms' own loops, closed in order at the end."""
    store = await open_store(database_url, retention=retention(settings), real_time=isinstance(clock, SystemClock))
    try:
        metrics, traces = Metrics(), traces or Untraced()
        mind = Mind(shelf, messengers, settings.admins, Pseudonyms(store.salt))
        delivery = Delivery(store=store, clock=clock, messengers=messengers, decider=mind, metrics=metrics, traces=traces)
        engine = Engine(mind=mind, store=store, clock=clock, delivery=delivery, read=reader, metrics=metrics, zones=zones, traces=traces)
        with settled():
            yield Parts(shelf=shelf, store=store, clock=clock, mind=mind, delivery=delivery, engine=engine, metrics=metrics, traces=traces)
    finally:
        await store.close()


@contextmanager
def settled() -> Iterator[None]:
    """Inside, the garbage collector passes over everything there is: content and libraries stay for as long as the process, and
    walking over them again keeps every turn waiting for a tenth of a second.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def reader(content: Content, text: str) -> Reading | None:
    """What understanding makes of a text before any context; None where the text is a command word for word."""
    return None if speaks_for_itself(content, text) else understand(content, text)


def retention(settings: Settings) -> Retention:
    return Retention(
        seen=timedelta(days=settings.pivotbot_keep_seen_days),
        sent=timedelta(days=settings.pivotbot_keep_sent_days),
        uninstalled=timedelta(days=settings.pivotbot_keep_uninstalled_days),
        dialogs=timedelta(days=settings.pivotbot_keep_dialogs_days),
        unreachable=timedelta(days=settings.pivotbot_keep_unreachable_days),
    )


async def stats(settings: Settings) -> Mapping[str, float]:
    """Figures of the configured database."""
    store = await open_store(settings.database_url, retention=retention(settings))
    try:
        return (await store.figures(SystemClock().now())).values
    finally:
        await store.close()
