"""`pivotbot run`: serves every platform that has a token, ticks, answers operators, and stops in
order.

A platform that is lost is tried again as long as another one works; the process ends with the last.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.routing import BaseRoute

from adapters import calendar_feed, web
from adapters.clock import SystemClock
from adapters.health import routes as health_routes
from adapters.storage.maintenance.leadership import LeadershipLost
from adapters.storage.sql.database import PoolerBetweenError
from adapters.storage.sql.host_lock import AnotherHost
from bot.core.ports import Messenger, StoreGone
from bot.runtime.broadcasts import Progress, follow
from bot.runtime.calendar_fetches import CalendarFetches
from bot.runtime.charts import Studio
from bot.runtime.content_store import ContentStore
from bot.runtime.engine import ZoneSource, where
from bot.runtime.platforms import Platform, platforms_of
from bot.runtime.readiness import Health
from bot.runtime.settings import Settings, SettingsError, plain_http
from bot.runtime.wiring import Parts, assemble
from scheduler.ticker import Ticker

if TYPE_CHECKING:
    from adapters.traces import OpenTelemetry
log = logging.getLogger(__name__)
INTAKE_STOPS_SECONDS = 3.0
TURNS_END_SECONDS = 2.0
LOOPS_STOP_SECONDS = 1.0
LANDING_SECONDS = 2.0
"""What each part of a stop may take at most: platforms give ten seconds for all."""
CONNECT_SECONDS = 5.0
"""Sending waits so long for its platforms at the start;
one that is away is no reason to leave the others waiting.
"""
RETURN_SECONDS = 60.0
"""A lost platform is tried again after so long."""


async def run(
    settings: Settings,
    *,
    until: Awaitable[object] | None = None,
    traces: "OpenTelemetry | None" = None,
    progress: Progress | None = None,
) -> int:
    """Serve every platform that has a token until a signal (or `until`), or until none is left.

    Returns the exit code.
    """
    asyncio.get_running_loop().set_exception_handler(_log_overlooked)
    for name in plain_http(settings):
        log.warning("%s is plain http: whoever is on the way can read along", name)
    clock, traces = SystemClock(), traces or _traces(settings)
    content_store = ContentStore(settings.pivotbot_content)
    studio = Studio()
    platforms = platforms_of(settings, content_store, clock, studio)
    messengers: dict[str, Messenger] = {platform.name: platform.messenger for platform in platforms}
    zones: dict[str, ZoneSource] = {
        platform.name: platform.zones for platform in platforms if platform.zones
    }
    try:
        async with assemble(
            content_store=content_store,
            database_url=settings.database_url,
            clock=clock,
            messengers=messengers,
            settings=settings,
            zones=zones,
            traces=traces,
            feeds=f"{settings.public_url.rstrip('/')}{calendar_feed.PATH}"
            if settings.public_url
            else "",
        ) as parts:
            for platform in platforms:
                if platform.opened:
                    platform.opened(parts)
            return await _Service(
                settings=settings, parts=parts, platforms=platforms, progress=progress
            ).until(until or _wait_for_signal())
    except (StoreGone, AnotherHost, PoolerBetweenError) as error:
        # A traceback would say less.
        log.error("the database cannot be opened: %s", error)  # noqa: TRY400
        return 1
    finally:
        for platform in platforms:
            await platform.close()
        studio.close()
        if traces:
            await traces.close()


def _traces(settings: Settings) -> "OpenTelemetry | None":
    """Spans for the collector that is set, if any.

    Raises SettingsError without the extra that they need.
    """
    if not settings.otel_exporter_otlp_endpoint:
        return None
    try:
        from adapters.traces import to
    except ModuleNotFoundError as error:
        raise SettingsError(
            "OTEL_EXPORTER_OTLP_ENDPOINT: traces need an extra: pip install 'pivotbot[traces]'"
        ) from error
    return to(settings.otel_exporter_otlp_endpoint)


def _log_overlooked(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What a task raised and nobody asked for: its class and place only,
    because the text may quote a person.
    """
    error = context.get("exception")
    log.error(
        "overlooked: %s",
        f"{type(error).__name__} at {where(error)}" if error else "the loop complains",
    )


@dataclass(slots=True, kw_only=True)
class _Service:
    """Everything that runs at once, and the order in which it stops."""

    settings: Settings
    parts: Parts
    platforms: Sequence[Platform]
    progress: Progress | None = None
    always: set[asyncio.Task[Any]] = field(default_factory=set)
    serving: dict[asyncio.Task[Any], Platform] = field(default_factory=dict)
    lost: dict[str, datetime] = field(default_factory=dict)
    """Platforms that were lost, and when. One that was heard since is back."""

    async def until(self, stopped: Awaitable[object]) -> int:
        """Receive, send and tick until `stopped` or the last platform is lost;
        then stop in that order.
        """
        stop = asyncio.ensure_future(stopped)
        self._start()
        try:
            while True:
                done, _ = await asyncio.wait(
                    {stop, *self.always, *self.serving}, return_when=asyncio.FIRST_COMPLETED
                )
                if stop in done:
                    return 0
                for task in done & self.always:
                    log.error("%s ended: %s", task.get_name(), _reason(task))
                    return 1
                if not all(self._return_later(task) for task in done & self.serving.keys()):
                    return 1
        finally:
            stop.cancel()
            await self._stop()

    def _start(self) -> None:
        parts = self.parts
        ticker = Ticker(
            store=parts.store,
            clock=parts.clock,
            wake=parts.delivery.wake,
            content=lambda: parts.content_store.content,
            resume=parts.engine.resume,
            failed=parts.metrics.count_failure,
            traces=parts.traces,
        )
        health = Health(parts=parts, ticker=ticker, platforms=self.platforms)
        probes = health_routes(
            ready=health.ready, refresh=health.refresh, registry=parts.metrics.registry
        )
        routes = [
            route
            for platform in self.platforms
            if platform.routes
            for route in platform.routes(parts.engine)
        ]
        if self.settings.public_url:
            fetches = CalendarFetches(parts.store, parts.content_store, parts.clock)
            routes.extend(calendar_feed.routes(fetches.fetch))
        self.always = {
            asyncio.create_task(self._deliver(), name="delivery"),
            asyncio.create_task(ticker.run(), name="scheduler"),
        }
        if self.progress:
            following = follow(parts.store.broadcast_left, self.progress)
            self.always.add(asyncio.create_task(following, name="progress"))
        self._open_doors(routes, probes)
        for platform in self.platforms:
            self._receive(platform, after=0.0)

    def _open_doors(self, routes: Sequence[BaseRoute], probes: Sequence[BaseRoute]) -> None:
        """One web server for everything, or a second one for what only operators ask."""
        settings = self.settings
        own_port = settings.probes_port is not None
        doors = [
            web.serve(
                routes if own_port else [*probes, *routes],
                prefix=settings.prefix,
                host=settings.host,
                port=settings.port,
                listening=_listening,
            )
        ]
        if settings.probes_port is not None:
            doors.append(
                web.serve(
                    probes,
                    host=settings.probes_host,
                    port=settings.probes_port,
                    listening=_probes_listening,
                )
            )
        self.always |= {asyncio.create_task(door, name="web server") for door in doors}

    async def _deliver(self) -> None:
        """With a connection to each platform at hand before the first intent: a process that dies
        again and again, soon after its start, must not die between the two each time.
        """
        connecting = [
            asyncio.ensure_future(platform.connect())
            for platform in self.platforms
            if platform.connect
        ]
        await _cancel_after(connecting, CONNECT_SECONDS)
        await self.parts.delivery.run()

    def _receive(self, platform: Platform, *, after: float) -> None:
        self.serving[
            asyncio.create_task(_receiving(self.parts, platform, after), name=platform.name)
        ] = platform

    def _return_later(self, task: asyncio.Task[Any]) -> bool:
        """A platform was lost: it is tried again as long as another one is left.

        Says whether one is.
        """
        platform = self.serving.pop(task)
        log.error("%s ended: %s", platform.name, _reason(task))
        self.lost[platform.name] = self.parts.clock.now()
        if all(self._is_lost(one) for one in self.platforms):
            return False
        self._receive(platform, after=RETURN_SECONDS)
        return True

    def _is_lost(self, platform: Platform) -> bool:
        since, heard = self.lost.get(platform.name), platform.messenger.last_heard_at()
        return since is not None and (heard is None or heard <= since)

    async def _stop(self) -> None:
        """Intake first; turns under way finish; what is in the air lands and is recorded;
        then the rest.
        """
        await _cancel(self.serving, INTAKE_STOPS_SECONDS)
        await self.parts.engine.finish(TURNS_END_SECONDS)
        await _cancel(self.always, LOOPS_STOP_SECONDS)
        await self.parts.delivery.drain(LANDING_SECONDS)


async def _cancel_after(tasks: Collection[asyncio.Future[Any]], seconds: float) -> None:
    """What has not ended by then is cancelled."""
    if not tasks:
        return
    try:
        await asyncio.wait(tasks, timeout=seconds)
    finally:
        for task in tasks:
            task.cancel()


async def _cancel(tasks: Collection[asyncio.Task[Any]], seconds: float) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=seconds)


async def _receiving(parts: Parts, platform: Platform, after: float) -> None:
    """Where only one replica may receive, wait for one's turn first;
    and again when the lead was lost.
    """
    await asyncio.sleep(after)
    while platform.alone:
        with suppress(LeadershipLost):
            async with parts.store.leadership(f"{platform.name}-intake"):
                await platform.messenger.serve(parts.engine)
                return
    await platform.messenger.serve(parts.engine)


def _reason(task: asyncio.Task[Any]) -> str:
    """Why a part of the process ended. Only our own errors are known to quote nobody."""
    if task.cancelled():
        return "cancelled"
    error = task.exception()
    if error is None:
        return "no reason given"
    ours = type(error).__module__.partition(".")[0] in {"adapters", "bot"}
    if ours:
        return f"{type(error).__name__}: {error}"
    return f"{type(error).__name__} at {where(error)}"


def _listening(port: int) -> None:
    log.info("listening on port %d", port)


def _probes_listening(port: int) -> None:
    log.info("probes on port %d", port)


async def _wait_for_signal() -> None:
    """Return at SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
