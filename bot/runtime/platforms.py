"""The platforms that the settings connect, each made before the store is open.

A platform's SDK is imported for the one that has a token, and for no other.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from pydantic import SecretStr
from starlette.routing import BaseRoute

from adapters.storage.maintenance.picture_refs import PictureRefs
from bot.conversation.step import preview_reply
from bot.core.bot_token import BotToken
from bot.core.events import Event, Said
from bot.core.ports import Clock, Intake, Messenger, StoreGone
from bot.core.reply import Reply
from bot.core.token_store import TokenRows
from bot.runtime.charts import Studio
from bot.runtime.content_store import ContentStore
from bot.runtime.engine import ZoneSource
from bot.runtime.settings import Settings
from bot.runtime.wiring import Parts, reader

if TYPE_CHECKING:
    from adapters.slack.oauth import Workspaces

T = TypeVar("T")


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


def platforms_of(
    settings: Settings, content_store: ContentStore, clock: Clock, studio: Studio
) -> tuple[Platform, ...]:
    """Those that have a token."""
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


def _secret(value: SecretStr | None) -> str:
    if not value:
        return ""
    return value.get_secret_value()
