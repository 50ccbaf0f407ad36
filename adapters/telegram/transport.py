"""Telegram's Messenger: owns python-telegram-bot's Bot, sends, polls or serves a webhook, and shuts
down.

It decides nothing: what arrives goes to the intake, what Telegram answers becomes a Receipt. The
library is used as a typed client; its own updater, queues, limits and persistence are left out
(docs say why), so that nothing is lost on a crash.
"""

import asyncio
import hashlib
import json
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, NoReturn, Protocol
from urllib.parse import urlsplit

import telegram
from starlette.routing import Route
from telegram.error import TelegramError

from adapters.call_beginnings import with_begin
from adapters.telegram import inline, menu, receipts, webhook
from adapters.telegram.http_client import Answered, NoAnswer, TooDeep, Wire
from adapters.telegram.inline import Preview
from adapters.telegram.parse import ALLOWED_UPDATES, Me, Update, parse, tap_id
from adapters.telegram.polling import (
    BATCH,
    LANES,
    POLL_SECONDS,
    Poller,
    Sleep,
    retry_until_answered,
)
from adapters.telegram.render import has_copies, render, without_copies
from adapters.telegram.silence_watchdog import watch
from adapters.telegram.surface import surface
from adapters.web import without_prefix
from bot.core.events import Chat, Event, Pressed, Said, Surface
from bot.core.messages import Address, Begin, Claimed, Delivered, Message, Receipt, mark_nothing
from bot.core.ports import Clock, Intake, Outcome
from bot.core.reply import Reply
from content.content import Content

log = logging.getLogger(__name__)
logging.getLogger("telegram.Bot").setLevel(
    logging.INFO
)  # below that, the library writes every message's text to the log

API_URL = "https://api.telegram.org/bot"
TYPING_SECONDS = 0.4
"""An answer that takes longer is announced; sooner, the notice would only flicker."""

NOTICE_GAP_SECONDS = 0.2
NOD = "👍"
"""The reaction to a step that is done, and to thanks."""

PICTURES_KEPT = 512
PULSE_SECONDS = 60.0

Draw = Callable[[Mapping[str, object]], Awaitable[bytes]]
"""A chart's picture, PNG. May take a while; raises when it cannot be drawn."""


class Cancellable(Protocol):
    def cancel(self) -> None: ...


After = Callable[[float, Callable[[], None]], Cancellable]


class Pictures(Protocol):
    """Remembers uploaded charts' file ids by a mark of what they show;
    a file id stays good for the token.
    """

    async def get(self, mark: str) -> str | None: ...

    async def put(self, mark: str, ref: str) -> None: ...


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
        self._draw = draw
        self._preview = preview
        self._webhook_url = webhook_url
        self._webhook_secret = webhook_secret
        self._prefix = prefix
        self._nap = nap
        self._watch = watch
        self._after = after or _after
        self._pictures = pictures or _RecentPictures(PICTURES_KEPT)
        far = api_url.startswith("https://")  # a server near by is not reached through a proxy
        self._wire = Wire(proxied=far)
        self._polling_wire = Wire(connections=2, read_seconds=POLL_SECONDS + 10.0, proxied=far)
        self._bot = telegram.Bot(
            token, base_url=api_url, request=self._wire, get_updates_request=self._polling_wire
        )
        self._me = Me(id=int(token.partition(":")[0]))
        self._surface = surface("")
        self._heard_at: datetime | None = None
        self._notices: dict[str, Cancellable] = {}
        self._announced_at = float("-inf")
        self._aside: set[asyncio.Task[None]] = set()
        self._knows_copies = True

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
        await _ignore_failure(self._bot.get_me())

    async def send(self, claimed: Claimed, begin: Begin = mark_nothing) -> Receipt:
        message = claimed.message
        self._cancel_typing(message.address.chat.id)
        try:
            with with_begin(begin):
                ref = await self._deliver(message)
        except TelegramError as error:
            return receipts.receipt(error, plain=message.plain_only)
        self._note_heard()
        if "reaction" in message.payload:
            self._run_in_background(
                self._nod(int(message.address.chat.id), message.payload["reaction"])
            )
        return Delivered(ref)

    async def _deliver(self, message: Message) -> str:
        """Send or rewrite.

        Where Telegram says that the message to rewrite or the thread is gone, nothing was sent:
        send without.
        """
        address = message.address
        if not self._knows_copies:
            message = replace(message, payload=without_copies(message.payload))
        try:
            return await self._call(message, address)
        except Answered as error:
            if receipts.button_is_unknown(error) and has_copies(message.payload):
                log.warning("this Bot API server knows no buttons that copy: going on without")
                self._knows_copies = False
                return await self._deliver(message)
            if address.edit_of and receipts.edit_is_lost(error):
                return await self._deliver(replace(message, address=replace(address, edit_of="")))
            if address.chat.thread and receipts.thread_is_lost(error):
                return await self._deliver(
                    replace(
                        message, address=replace(address, chat=replace(address.chat, thread=""))
                    )
                )
            raise

    async def _call(self, message: Message, address: Address) -> str:
        parameters = dict(message.payload)
        method = str(parameters.pop("method"))
        parameters.pop("reaction", None)
        if message.plain_only:
            _strip(parameters, method, message.fallback)
        if thread := _thread(address.chat):
            parameters["message_thread_id"] = thread
        chat_id = int(address.chat.id)
        match method:
            case "sendMessage" if address.edit_of:
                return await self._rewrite(chat_id, int(address.edit_of), parameters)
            case "sendMessage":
                sent = await self._bot.send_message(
                    chat_id, str(parameters.pop("text")), api_kwargs=parameters
                )
            case "sendPhoto":
                return await self._send_picture(chat_id, parameters, message)
            case "sendDocument":
                return await self._send_file(chat_id, parameters, message)
            case _:
                # The one way out for methods that python-telegram-bot 22.8 has no name for yet.
                answer = await self._bot.do_api_request(
                    method, api_kwargs={"chat_id": chat_id, **parameters}
                )
                return str(answer["message_id"])
        return str(sent.message_id)

    async def _rewrite(self, chat_id: int, message_id: int, parameters: dict[str, object]) -> str:
        parameters.pop("reply_parameters", None)
        parameters.pop("message_thread_id", None)
        await self._bot.edit_message_text(
            str(parameters.pop("text")),
            chat_id=chat_id,
            message_id=message_id,
            api_kwargs=parameters,
        )
        return str(message_id)

    async def _send_picture(
        self, chat_id: int, parameters: dict[str, object], message: Message
    ) -> str:
        """An uploaded chart is sent again by its id, unless it is somebody's own.

        One that cannot be drawn, or that Telegram does not take, goes in words: they hold every
        figure.
        """
        chart, is_personal = parameters.pop("chart"), parameters.pop("personal", False)
        assert isinstance(chart, Mapping)  # noqa: S101 -- render made it
        mark = hashlib.sha256(json.dumps(chart, sort_keys=True, default=str).encode()).hexdigest()
        known = None
        if not is_personal:
            known = await self._pictures.get(mark)
        if known is not None:
            try:
                return str(
                    (await self._bot.send_photo(chat_id, known, api_kwargs=parameters)).message_id
                )
            except Answered as error:
                if error.status != 400 or "file" not in error.description:
                    raise
        self._run_in_background(
            self._bot.send_chat_action(
                chat_id, "upload_photo", message_thread_id=_thread(message.address.chat)
            )
        )
        try:
            picture = await self._draw(chart)
        except Exception as error:  # noqa: BLE001 -- whatever a drawing library raises
            # Its text may quote figures of a person.
            log.error("a chart could not be drawn: %s", type(error).__name__)  # noqa: TRY400
            return await self._send_words(chat_id, parameters, message.fallback)
        try:
            sent = await self._bot.send_photo(
                chat_id, picture, filename="chart.png", api_kwargs=parameters
            )
        except Answered as error:
            if not receipts.media_is_refused(error):
                raise
            log.warning("a chart was not taken: %s", error)
            return await self._send_words(chat_id, parameters, message.fallback)
        if sent.photo and not is_personal:
            await self._pictures.put(mark, sent.photo[-1].file_id)
        return str(sent.message_id)

    async def _send_file(
        self, chat_id: int, parameters: dict[str, object], message: Message
    ) -> str:
        """A group that takes no files from the bot is told so."""
        file = parameters.pop("file")
        assert isinstance(file, Mapping)  # noqa: S101 -- render made it
        document = telegram.InputFile(str(file["text"]).encode(), filename=str(file["name"]))
        try:
            sent = await self._bot.send_document(chat_id, document, api_kwargs=parameters)
        except Answered as error:
            if not receipts.media_is_refused(error):
                raise
            log.warning("a file was not taken: %s", error)
            words = str(file.get("refused") or message.fallback)
            return await self._send_words(chat_id, parameters, words)
        return str(sent.message_id)

    async def _send_words(self, chat_id: int, parameters: Mapping[str, object], words: str) -> str:
        kept = {
            key: parameters[key]
            for key in ("reply_markup", "message_thread_id")
            if key in parameters
        }
        return str((await self._bot.send_message(chat_id, words, api_kwargs=kept)).message_id)

    # --- receiving --------------------------------------------------------------------------------

    async def serve(self, intake: Intake) -> None:
        """Poll, or keep the webhook in place, until cancelled.

        Raises TokenRefusedError when the token is dead, TelegramGone when nothing answers any more.
        """
        await watch(self._serve(intake), (self._wire, self._polling_wire), self._watch)

    async def _serve(self, intake: Intake) -> None:
        await self.introduce()
        self._run_in_background(menu.set_up(self._bot, self._content()))
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
        for handle in self._notices.values():
            handle.cancel()
        for task in self._aside:
            task.cancel()
        await asyncio.gather(*self._aside, return_exceptions=True)
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
            self._run_in_background(self._bot.answer_callback_query(query))
        if isinstance(asked := update.get("inline_query"), Mapping):
            self._run_in_background(self._offer(asked))
        return parse(
            update,
            me=self._me,
            surface=self._surface,
            at=self._clock.now(),
            nonce=secrets.token_hex(16),
        )

    async def _take(self, intake: Intake, event: Event) -> Outcome:
        self._announce(event)
        outcome: Outcome | None = None
        try:
            outcome = await intake.take(event)
        finally:
            if outcome is None or not (outcome.claimed or outcome.waiting):
                self._cancel_typing(event.chat.id)
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

    def _announce(self, event: Event) -> None:
        if isinstance(event.body, Said | Pressed):
            self._cancel_typing(event.chat.id)
            self._notices[event.chat.id] = self._after(
                TYPING_SECONDS, partial(self._show_typing, event.chat)
            )

    def _show_typing(self, chat: Chat) -> None:
        """Not more often than now and then: when everybody waits,
        the requests are better spent on answers.
        """
        self._notices.pop(chat.id, None)
        now = asyncio.get_running_loop().time()
        if now - self._announced_at < NOTICE_GAP_SECONDS:
            return
        self._announced_at = now
        self._run_in_background(
            self._bot.send_chat_action(int(chat.id), "typing", message_thread_id=_thread(chat))
        )

    def _cancel_typing(self, chat: str) -> None:
        if handle := self._notices.pop(chat, None):
            handle.cancel()

    def _run_in_background(self, call: Awaitable[object]) -> None:
        task = asyncio.ensure_future(_ignore_failure(call))
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)


class _RecentPictures:
    """For a bot that remembers no longer than it runs, and not everything."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._refs: OrderedDict[str, str] = OrderedDict()

    async def get(self, mark: str) -> str | None:
        return self._refs.get(mark)

    async def put(self, mark: str, ref: str) -> None:
        self._refs[mark] = ref
        if len(self._refs) > self._limit:
            self._refs.popitem(last=False)


def _after(seconds: float, action: Callable[[], None]) -> Cancellable:
    return asyncio.get_running_loop().call_later(seconds, action)


def _thread(chat: Chat) -> int | None:
    if not chat.thread:
        return None
    return int(chat.thread)


def _strip(parameters: dict[str, object], method: str, fallback: str) -> None:
    """The same without anything that Telegram may have refused: no markup,
    no buttons (the fallback names them).
    """
    for key in ("parse_mode", "reply_markup"):
        parameters.pop(key, None)
    if method == "sendMessage":
        words = "text"
    else:
        words = "caption"
    parameters[words] = fallback


async def _ignore_failure(call: Awaitable[object]) -> None:
    try:
        with with_begin(None):
            await call
    except TelegramError as error:
        log.debug("of no consequence: %s", type(error).__name__)
    except Exception as error:  # noqa: BLE001 -- a courtesy: the conversation goes on
        log.error("a courtesy failed: %s", type(error).__name__)  # noqa: TRY400 -- no texts in logs
