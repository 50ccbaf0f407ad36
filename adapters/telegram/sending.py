"""One message becomes one request to Telegram; what comes back is the message's id.

Where Telegram refuses a part of a message and nothing was sent, the rest is sent without it: a
thread that is gone, a picture that is not taken, buttons that an older server does not know.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import telegram

from adapters.telegram import receipts
from adapters.telegram.courtesies import Courtesies, thread_of
from adapters.telegram.http_client import Answered
from adapters.telegram.keyboard import has_copies, without_copies
from adapters.telegram.pictures import Pictures, mark_of
from bot.core.messages import Address, Message

log = logging.getLogger(__name__)

Draw = Callable[[Mapping[str, object]], Awaitable[bytes]]
"""A chart's picture, PNG. May take a while; raises when it cannot be drawn."""

Parameters = dict[str, object]


class Sender:
    """`deliver` raises TelegramError for what cannot be mended by sending less."""

    def __init__(
        self, *, bot: telegram.Bot, courtesies: Courtesies, pictures: Pictures, draw: Draw
    ) -> None:
        self._bot = bot
        self._courtesies = courtesies
        self._pictures = pictures
        self._draw = draw
        self._knows_copies = True

    async def deliver(self, message: Message) -> str:
        """Send or rewrite; the id of what stands in the chat then."""
        if not self._knows_copies:
            message = replace(message, payload=without_copies(message.payload))
        try:
            return await self._call(message, message.address)
        except Answered as error:
            rest = self._without_refused(message, error)
            if rest is None:
                raise
        return await self.deliver(rest)

    def _without_refused(self, message: Message, error: Answered) -> Message | None:
        """The message without what Telegram said is unknown or gone; None if it said neither."""
        address = message.address
        if receipts.button_is_unknown(error) and has_copies(message.payload):
            log.warning("this Bot API server knows no buttons that copy: going on without")
            self._knows_copies = False
            return message
        if address.edit_of and receipts.edit_is_lost(error):
            return replace(message, address=replace(address, edit_of=""))
        if address.chat.thread and receipts.thread_is_lost(error):
            return replace(message, address=replace(address, chat=replace(address.chat, thread="")))
        return None

    async def _call(self, message: Message, address: Address) -> str:
        parameters = dict(message.payload)
        method = str(parameters.pop("method"))
        parameters.pop("reaction", None)
        if message.plain_only:
            _strip(parameters, method, message.fallback)
        if thread := thread_of(address.chat):
            parameters["message_thread_id"] = thread
        chat_id = int(address.chat.id)
        match method:
            case "sendMessage" if address.edit_of:
                return await self._rewrite(chat_id, int(address.edit_of), parameters)
            case "sendMessage":
                return await self._send_text(chat_id, str(parameters.pop("text")), parameters)
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

    async def _send_text(self, chat_id: int, text: str, parameters: Parameters) -> str:
        sent = await self._bot.send_message(chat_id, text, api_kwargs=parameters)
        return str(sent.message_id)

    async def _rewrite(self, chat_id: int, message_id: int, parameters: Parameters) -> str:
        parameters.pop("reply_parameters", None)
        parameters.pop("message_thread_id", None)
        await self._bot.edit_message_text(
            str(parameters.pop("text")),
            chat_id=chat_id,
            message_id=message_id,
            api_kwargs=parameters,
        )
        return str(message_id)

    async def _send_picture(self, chat_id: int, parameters: Parameters, message: Message) -> str:
        """An uploaded chart is sent again by its id, unless it is somebody's own.

        One that cannot be drawn, or that Telegram does not take, goes in words: they hold every
        figure.
        """
        chart, is_personal = parameters.pop("chart"), parameters.pop("personal", False)
        assert isinstance(chart, Mapping)  # noqa: S101 -- render made it
        mark = None if is_personal else mark_of(chart)
        if mark and (sent_again := await self._send_known(chat_id, parameters, mark)):
            return sent_again
        self._courtesies.start(
            self._bot.send_chat_action(
                chat_id, "upload_photo", message_thread_id=thread_of(message.address.chat)
            )
        )
        picture = await self._drawing(chart)
        if picture is None:
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
        if sent.photo and mark:
            await self._pictures.put(mark, sent.photo[-1].file_id)
        return str(sent.message_id)

    async def _send_known(self, chat_id: int, parameters: Parameters, mark: str) -> str | None:
        """By its id; None where none is known, or Telegram no longer knows it."""
        known = await self._pictures.get(mark)
        if known is None:
            return None
        try:
            sent = await self._bot.send_photo(chat_id, known, api_kwargs=parameters)
        except Answered as error:
            if error.status != 400 or "file" not in error.description:
                raise
            return None
        return str(sent.message_id)

    async def _drawing(self, chart: Mapping[str, object]) -> bytes | None:
        try:
            return await self._draw(chart)
        except Exception as error:  # noqa: BLE001 -- whatever a drawing library raises
            # Its text may quote figures of a person.
            log.error("a chart could not be drawn: %s", type(error).__name__)  # noqa: TRY400
            return None

    async def _send_file(self, chat_id: int, parameters: Parameters, message: Message) -> str:
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

    async def _send_words(self, chat_id: int, parameters: Parameters, words: str) -> str:
        kept: Parameters = {
            key: parameters[key]
            for key in ("reply_markup", "message_thread_id")
            if key in parameters
        }
        return await self._send_text(chat_id, words, kept)


def _strip(parameters: Parameters, method: str, fallback: str) -> None:
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
