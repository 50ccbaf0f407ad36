"""Telegram's Messenger: owns python-telegram-bot's Bot, sends, polls or serves a webhook, and shuts
down.

It decides nothing: what arrives goes to the intake, what Telegram answers becomes a Receipt. The
library is used as a typed client; its own updater, queues, limits and persistence are left out
(docs say why), so that nothing is lost on a crash.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NoReturn
from urllib.parse import urlsplit

import telegram
from starlette.routing import Route
from telegram.error import TelegramError

from adapters.call_beginnings import with_begin
from adapters.telegram import inline, menu, receipts, webhook
from adapters.telegram.courtesies import After, Courtesies, TypingNotices, ignore_failure
from adapters.telegram.http_client import Answered, NoAnswer, TooDeep, Wire
from adapters.telegram.inline import Preview
from adapters.telegram.parse import ALLOWED_UPDATES, Me, Update, parse, tap_id
from adapters.telegram.pictures import Pictures, RecentPictures
from adapters.telegram.polling import (
    BATCH,
    LANES,
    POLL_SECONDS,
    Poller,
    Sleep,
    retry_until_answered,
)
from adapters.telegram.render import render
from adapters.telegram.sending import Draw, Sender
from adapters.telegram.silence_watchdog import watch
from adapters.telegram.surface import surface
from adapters.web import without_prefix
from bot.core.events import Event, Pressed, Said, Surface
from bot.core.messages import Begin, Claimed, Delivered, Message, Receipt, mark_nothing
from bot.core.ports import Clock, Intake, Outcome
from bot.core.reply import Reply
from content.content import Content

log = logging.getLogger(__name__)
# Below that, the library writes every message's text to the log.
logging.getLogger("telegram.Bot").setLevel(logging.INFO)

API_URL = "https://api.telegram.org/bot"
NOD = "👍"
"""The reaction to a step that is done, and to thanks."""

PULSE_SECONDS = 60.0


class WebhookRefusedError(Exception):
    """Telegram will never deliver to this address; the message names the setting."""


class Telegram:
    """One bot token.

    `content` is asked anew each time, since it may be reloaded. `nap` waits some seconds, `after`
    does something in some seconds.
    """

    def __init__(
        self,
        *,
        token: str,
        clock: Clock,
        content: Callable[[], Content],
        draw: Draw,
        api_url: str = API_URL,
        pictures: Pictures | None = None,
        preview: Preview | None = None,
        webhook_url: str = "",
        webhook_secret: str = "",
        prefix: str = "",
        nap: Sleep = asyncio.sleep,
        after: After | None = None,
        watch: Sleep = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._content = content
        self._preview = preview
        self._webhook_url = webhook_url
        self._webhook_secret = webhook_secret
        self._prefix = prefix
        self._nap = nap
        self._watch = watch
        far = api_url.startswith("https://")  # a server near by is not reached through a proxy
        self._wire = Wire(proxied=far)
        self._polling_wire = Wire(connections=2, read_seconds=POLL_SECONDS + 10.0, proxied=far)
        self._bot = telegram.Bot(
            token, base_url=api_url, request=self._wire, get_updates_request=self._polling_wire
        )
        self._courtesies = Courtesies()
        self._notices = TypingNotices(self._bot, self._courtesies, after)
        self._sender = Sender(
            bot=self._bot,
            courtesies=self._courtesies,
            pictures=pictures or RecentPictures(),
            draw=draw,
        )
        self._me = Me(id=int(token.partition(":")[0]))
        self._surface = surface("")
        self._heard_at: datetime | None = None

    @property
    def surface(self) -> Surface:
        return self._surface

    def last_heard_at(self) -> datetime | None:
        return self._heard_at

    def render(self, reply: Reply, event: Event) -> tuple[Message, ...]:
        return render(reply, event, self._content().phrases)

    # --- sending ----------------------------------------------------------------------------------

    async def connect(self) -> None:
        """Have a connection at hand, so that the first message's call begins at once.

        Whatever fails will fail there too.
        """
        await ignore_failure(self._bot.get_me())

    async def send(self, claimed: Claimed, begin: Begin = mark_nothing) -> Receipt:
        message = claimed.message
        self._notices.cancel(message.address.chat.id)
        try:
            with with_begin(begin):
                ref = await self._sender.deliver(message)
        except TelegramError as error:
            return receipts.receipt(error, plain=message.plain_only)
        self._note_heard()
        if "reaction" in message.payload:
            self._courtesies.start(
                self._nod(int(message.address.chat.id), message.payload["reaction"])
            )
        return Delivered(ref)

    # --- receiving --------------------------------------------------------------------------------

    async def serve(self, intake: Intake) -> None:
        """Poll, or keep the webhook in place, until cancelled.

        Raises TokenRefusedError when the token is dead, TelegramGone when nothing answers any more.
        """
        await watch(self._serve(intake), (self._wire, self._polling_wire), self._watch)

    async def _serve(self, intake: Intake) -> None:
        await self.introduce()
        self._courtesies.start(menu.set_up(self._bot, self._content()))
        if self._webhook_url:
            await self._stand_by()
        await retry_until_answered(
            "deleteWebhook", lambda: self._bot.delete_webhook(drop_pending_updates=False), self._nap
        )
        await Poller(
            fetch=self._fetch, read=self._read, take=partial(self._take, intake), nap=self._nap
        ).run()

    def routes(self, intake: Intake) -> tuple[Route, ...]:
        """Where Telegram delivers, if a webhook is set."""
        if not self._webhook_url:
            return ()
        take = partial(self._take, intake)
        return (
            webhook.route(
                without_prefix(urlsplit(self._webhook_url).path, self._prefix),
                self._webhook_secret,
                read=self._read,
                take=take,
                welcome=self._welcome,
            ),
        )

    def _welcome(self) -> bool:
        """Telegram delivers.

        Before we know our own name we could not tell what is said to us in a group.
        """
        self._note_heard()
        return bool(self._me.username)

    async def _stand_by(self) -> NoReturn:
        """Updates come by `routes`. Ask now and then whether the token still lives."""
        await retry_until_answered("setWebhook", self._set_webhook, self._nap)
        while True:
            await self._nap(PULSE_SECONDS)
            await retry_until_answered("getMe", self._whole_me, self._nap)
            self._note_heard()

    async def _set_webhook(self) -> None:
        try:
            await self._bot.set_webhook(
                self._webhook_url,
                secret_token=self._webhook_secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=LANES,
            )
        except Answered as error:
            if error.status == 400:
                raise WebhookRefusedError(
                    f"TELEGRAM_WEBHOOK_URL: Telegram refuses it: {error.description}"
                ) from error
            raise

    async def introduce(self) -> None:
        """Learn our own name, however long that takes. Raises TokenRefusedError."""
        me = await retry_until_answered("getMe", self._whole_me, self._nap)
        names = {
            name
            for key, command in self._content().commands.items()
            for name in (key, *command.aliases)
        }
        commands = frozenset(name.replace("-", "_") for name in names if " " not in name)
        self._me = Me(id=me.id, username=me.username or "", commands=commands)
        self._surface = surface(self._me.username)
        self._note_heard()

    async def _whole_me(self) -> telegram.User:
        """Every bot has a name; an answer without one is some proxy's or server's that is not
        ready, and is asked for again.
        """
        try:
            me = await self._bot.get_me()
        except (TypeError, KeyError, AttributeError) as error:
            raise NoAnswer("an incomplete one") from error
        if not me.username:
            raise NoAnswer("an incomplete one")
        return me

    async def close(self) -> None:
        """After the last send."""
        self._notices.close()
        await self._courtesies.close()
        await self._wire.shutdown()
        await self._polling_wire.shutdown()

    async def _fetch(self, offset: int) -> Sequence[object]:
        """Raw: the library's typed getUpdates fails for all when it cannot read one."""
        parameters: dict[str, Any] = {
            "timeout": POLL_SECONDS,
            "limit": BATCH,
            "allowed_updates": ALLOWED_UPDATES,
        }
        if offset:
            parameters["offset"] = offset
        url = f"{self._bot.base_url}/getUpdates"
        try:
            batch = await self._polling_wire.call(url, parameters)
        except TooDeep:
            batch = await self._one_by_one(url, parameters)
        self._note_heard()
        if isinstance(batch, list):
            return batch
        return ()

    async def _one_by_one(self, url: str, parameters: Mapping[str, Any]) -> object:
        """The first of a batch that cannot be read; if it is the reason, what is left of it is its
        number, to be passed over by.
        """
        try:
            return await self._polling_wire.call(url, {**parameters, "limit": 1})
        except TooDeep as error:
            return [{"update_id": number} for number in error.update_ids[:1]]

    def _read(self, update: Update) -> Event | None:
        """The event of an update. A tap's spinner is stopped first, whatever becomes of the tap."""
        if query := tap_id(update):
            self._courtesies.start(self._bot.answer_callback_query(query))
        if isinstance(asked := update.get("inline_query"), Mapping):
            self._courtesies.start(self._offer(asked))
        return parse(
            update,
            me=self._me,
            surface=self._surface,
            at=self._clock.now(),
            nonce=secrets.token_hex(16),
        )

    async def _take(self, intake: Intake, event: Event) -> Outcome:
        if isinstance(event.body, Said | Pressed):
            self._notices.announce(event.chat)
        outcome: Outcome | None = None
        try:
            outcome = await intake.take(event)
        finally:
            if outcome is None or not (outcome.claimed or outcome.waiting):
                self._notices.cancel(event.chat.id)
        return outcome

    def _note_heard(self) -> None:
        self._heard_at = self._clock.now()

    # --- beside the conversation: never counted, and of no consequence when it fails --------------

    async def _offer(self, query: Update) -> None:
        """Answer an inline query.

        It touches nobody's state and is too old after 30 seconds, so it takes no turn.
        """
        if self._preview is None:
            return
        content, text, user = self._content(), str(query["query"]), str(query["from"]["id"])
        found = inline.results(
            text,
            user,
            content=content,
            surface=self._surface,
            preview=self._preview,
            at=self._clock.now(),
        )
        await self._bot.answer_inline_query(
            str(query["id"]),
            [],
            cache_time=inline.CACHE_SECONDS,
            is_personal=False,
            button=telegram.InlineQueryResultsButton(
                content.phrases["telegram_inline_private"], start_parameter="inline"
            ),
            api_kwargs={"results": found},
        )

    async def _nod(self, chat: int, message: object) -> None:
        """A reaction on the person's message: one for each, and a chat may allow none."""
        await self._bot.set_message_reaction(chat, int(str(message)), NOD)
