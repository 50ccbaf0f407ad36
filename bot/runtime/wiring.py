"""Joins store, turn decider, delivery and engine into one bot without its platforms:
what every way of running it shares.
"""

import gc
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from adapters.clock import SystemClock
from adapters.storage.maintenance.housekeeping import Retention
from adapters.storage.store import SqlStore, open_store
from bot.conversation.exact_commands import speaks_for_itself
from bot.core.command_line import without_decoration
from bot.core.events import Reading
from bot.core.ports import Clock, Messenger
from bot.core.traces import Traces, Untraced
from bot.runtime.content_store import ContentStore
from bot.runtime.delivery import Delivery
from bot.runtime.engine import Engine, ZoneSource
from bot.runtime.logs import Pseudonyms
from bot.runtime.metrics import Metrics
from bot.runtime.settings import Settings
from bot.runtime.turn_decider import TurnDecider
from bot.understanding import understand
from content.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One running bot without its intake."""

    content_store: ContentStore
    store: SqlStore
    clock: Clock
    decider: TurnDecider
    delivery: Delivery
    engine: Engine
    metrics: Metrics
    traces: Traces


@asynccontextmanager
async def assemble(
    *,
    content_store: ContentStore,
    database_url: str,
    clock: Clock,
    messengers: Mapping[str, Messenger],
    settings: Settings,
    zones: Mapping[str, ZoneSource] | None = None,
    traces: Traces | None = None,
    feeds: str = "",
) -> AsyncIterator[Parts]:
    """Everything but the platforms' own loops, closed in order at the end."""
    store = await open_store(
        database_url, retention=retention(settings), real_time=isinstance(clock, SystemClock)
    )
    try:
        metrics, traces = Metrics(), traces or Untraced()
        pseudonyms = Pseudonyms(store.salt)
        decider = TurnDecider(content_store, messengers, settings.admins, pseudonyms, feeds)
        delivery = Delivery(
            store=store,
            clock=clock,
            messengers=messengers,
            decider=decider,
            metrics=metrics,
            traces=traces,
        )
        engine = Engine(
            decider=decider,
            store=store,
            clock=clock,
            delivery=delivery,
            read=reader,
            metrics=metrics,
            zones=zones,
            traces=traces,
        )
        with without_collection():
            yield Parts(
                content_store=content_store,
                store=store,
                clock=clock,
                decider=decider,
                delivery=delivery,
                engine=engine,
                metrics=metrics,
                traces=traces,
            )
    finally:
        await store.close()


@contextmanager
def without_collection() -> Iterator[None]:
    """Inside, the garbage collector passes over everything there is: content and libraries stay for
    as long as the process, and walking over them again keeps every turn waiting for a tenth of a
    second.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def reader(content: Content, text: str) -> Reading | None:
    """What understanding makes of a text before any context;
    None where the text is a command word for word.
    """
    text = without_decoration(text)
    if speaks_for_itself(content, text):
        return None
    return understand(content, text)


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
