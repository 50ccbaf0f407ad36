"""`pivotbot run`: serves every platform that has a token, ticks, answers operators, and stops in
order.

A platform that is lost is tried again as long as another one works; the process ends with the last.
An SDK is imported inside the function that starts it, so that a bot without Slack loads none of
Slack.
"""

import asyncio
import logging
import math
import signal
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import tzdata
from pydantic import SecretStr
from starlette.routing import BaseRoute

from adapters import calendar_feed, web
from adapters.clock import SystemClock
from adapters.health import routes as health_routes
from adapters.storage.maintenance.leadership import LeadershipLost
from adapters.storage.maintenance.picture_refs import PictureRefs
from adapters.storage.sql.database import PoolerBetweenError
from adapters.storage.sql.host_lock import AnotherHost
from bot.conversation.step import preview_reply
from bot.core.bot_token import BotToken
from bot.core.events import Event, Said
from bot.core.ports import Clock, Intake, Messenger, StoreGone
from bot.core.reply import Reply
from bot.core.token_store import TokenRows
from bot.runtime.broadcasts import Progress, follow
from bot.runtime.calendar_fetches import CalendarFetches
from bot.runtime.charts import Studio
from bot.runtime.content_store import ContentStore
from bot.runtime.engine import ZoneSource, where
from bot.runtime.settings import Settings, SettingsError, plain_http
from bot.runtime.wiring import Parts, assemble, reader
from scheduler.ticker import Ticker

if TYPE_CHECKING:
    from adapters.slack.oauth import Workspaces
    from adapters.traces import OpenTelemetry

T = TypeVar("T")


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

TICK_SILENCE_SECONDS = 30.0
"""A clock that has not ticked for so long has stopped."""


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
    platforms = _platforms(settings, content_store, clock, studio)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One platform with a token.

    `routes` are those it wants of the web server; `opened` is told the parts once the store is
    open; `alone` when only one replica may receive.
    """

    name: str
    messenger: Messenger
    close: Callable[[], Awaitable[None]]
    zones: ZoneSource | None = None
    connect: Callable[[], Awaitable[None]] | None = None
    routes: Callable[[Intake], Sequence[BaseRoute]] | None = None
    opened: Callable[[Parts], None] | None = None
    alone: bool = False


def _platforms(
    settings: Settings, content_store: ContentStore, clock: Clock, studio: Studio
) -> tuple[Platform, ...]:
    platforms = []
    if settings.telegram:
        platforms.append(_telegram(settings, content_store, clock, studio))
    if settings.slack != "off":
        platforms.append(_slack(settings, content_store, clock, studio))
    return tuple(platforms)


def _telegram(
    settings: Settings, content_store: ContentStore, clock: Clock, studio: Studio
) -> Platform:
    from adapters.telegram.transport import Telegram

    token = _secret(settings.telegram_bot_token)
    uploads = _Uploads(f"telegram:{token.partition(':')[0]}")
    telegram = Telegram(
        token=token,
        clock=clock,
        content=lambda: content_store.content,
        draw=studio.draw,
        pictures=uploads,
        api_url=settings.telegram_api_url,
        preview=lambda event: _preview(content_store, event),
        webhook_url=settings.telegram_webhook_url or "",
        webhook_secret=_secret(settings.telegram_webhook_secret),
        prefix=settings.prefix,
    )
    polls = settings.telegram_webhook_url is None
    return Platform(
        name="telegram",
        messenger=telegram,
        close=telegram.close,
        connect=telegram.connect,
        routes=telegram.routes,
        opened=uploads.open,
        alone=polls,
    )


def _preview(content_store: ContentStore, event: Event) -> tuple[Reply, ...]:
    match event.body:
        case Said(text=text) as said:
            event = replace(event, body=replace(said, reading=reader(content_store.content, text)))
        case _:
            pass
    return preview_reply(content_store.content, event)


def _slack(
    settings: Settings, content_store: ContentStore, clock: Clock, studio: Studio
) -> Platform:
    from adapters.slack.transport import Slack

    database = _StoreToCome(clock)
    slack = Slack(
        clock=clock,
        content=lambda: content_store.content,
        draw=studio.draw,
        workspaces=_workspaces(settings, clock, database)
        if settings.slack == "workspaces"
        else None,
        watcher=database,
        api_url=settings.slack_api_url,
        bot_token=_secret(settings.slack_bot_token),
        app_token=_secret(settings.slack_app_token),
        signing_secret=_secret(settings.slack_signing_secret),
    )

    def opened(parts: Parts) -> None:
        database.open(parts)
        slack.held_back = parts.metrics.held_back.labels("slack").inc

    return Platform(
        name="slack",
        messenger=slack,
        close=slack.close,
        connect=slack.connect,
        zones=slack,
        routes=slack.routes,
        opened=opened,
    )


def _workspaces(settings: Settings, clock: Clock, database: "_StoreToCome") -> "Workspaces":
    from adapters.slack.installations import Installations
    from adapters.slack.oauth import Workspaces
    from adapters.slack.secret_box import SecretBox
    from adapters.slack.states import States

    secret_key = _secret(settings.secret_key)
    return Workspaces(
        client_id=settings.slack_client_id or "",
        client_secret=_secret(settings.slack_client_secret),
        public_url=settings.public_url or "",
        installations=Installations(
            store=database,
            box=SecretBox(secret_key),
            clock=clock,
            watcher=database,
        ),
        states=States(store=database, secret_key=secret_key, clock=clock),
    )


class _StoreToCome:
    """The store, for a platform that is made before it is open.

    It is told which workspaces can be written to.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._parts: Parts | None = None

    def open(self, parts: Parts) -> None:
        self._parts = parts

    async def run(self, function: Callable[[TokenRows], T]) -> T:
        return await self._open.store.tokens.run(function)

    async def spend(self, state: str, until: datetime) -> bool:
        return await self._open.store.tokens.spend(state, until)

    async def on_installed(self, workspace: str) -> None:
        await self._open.store.enable_token(BotToken("slack", workspace).key, self._clock.now())
        self._open.delivery.wake()

    async def on_ended(self, workspace: str, why: str) -> None:
        await self._open.store.disable_token(
            BotToken("slack", workspace).key, why, self._clock.now()
        )

    @property
    def _open(self) -> Parts:
        if self._parts is None:
            raise StoreGone("not open yet")
        return self._parts


class _Uploads:
    """Pictures that a bot has uploaded already, across restarts.

    While the database is away none is known.
    """

    def __init__(self, bot: str) -> None:
        self._bot = bot
        self._refs: PictureRefs | None = None

    def open(self, parts: Parts) -> None:
        self._refs = PictureRefs(parts.store.database)

    async def get(self, mark: str) -> str | None:
        with suppress(StoreGone):
            if not self._refs:
                return None
            return await self._refs.get(self._bot, mark)
        return None

    async def put(self, mark: str, ref: str) -> None:
        with suppress(StoreGone):
            if self._refs:
                await self._refs.put(self._bot, mark, ref)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What /readyz and /metrics say. A platform that is down is reported, not punished."""

    parts: Parts
    ticker: Ticker
    platforms: Sequence[Platform]

    async def ready(self) -> tuple[bool, dict[str, object]]:
        now = self.parts.clock.now()
        tick = self._since(self.ticker.heartbeat, now)
        if await self._answers():
            database = "answers"
        else:
            database = "away"
        well = database == "answers" and tick is not None and tick <= TICK_SILENCE_SECONDS
        return well, {
            "ready": well,
            "database": database,
            "content": f"{len(self.parts.decider.content_store.content.commands)} commands",
            "seconds_since_tick": tick,
            "clock_step_seconds": round(self.parts.store.clock_step, 1),
            "tzdata": tzdata.IANA_VERSION,
            "platforms": {
                platform.name: self._since(platform.messenger.last_heard_at(), now)
                for platform in self.platforms
            },
        }

    async def _answers(self) -> bool:
        try:
            await self.parts.store.prove_writable(self.parts.clock.now())
        except StoreGone:
            return False
        return True

    async def refresh(self) -> None:
        metrics, now = self.parts.metrics, self.parts.clock.now()
        with suppress(StoreGone):
            metrics.show((await self.parts.store.figures(now)).values)
        metrics.clock_step_seconds.set(self.parts.store.clock_step)
        metrics.tick_seconds.set(_or_nan(self._since(self.ticker.heartbeat, now)))
        for platform in self.platforms:
            metrics.heard_seconds.labels(platform.name).set(
                _or_nan(self._since(platform.messenger.last_heard_at(), now))
            )

    @staticmethod
    def _since(instant: datetime | None, now: datetime) -> float | None:
        if instant is None:
            return None
        return max(0.0, round((now - instant) / timedelta(seconds=1), 1))


def _or_nan(seconds: float | None) -> float:
    if seconds is None:
        return math.nan
    return seconds


def _secret(value: SecretStr | None) -> str:
    if not value:
        return ""
    return value.get_secret_value()
