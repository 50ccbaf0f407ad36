"""A Bot API server on loopback that refuses what Telegram refuses, and writes down everything it
was asked.

One asyncio.Protocol, no framework: it also stands under the benchmark. A test plays the people
(`say`, `tap`, `edit`, `block`) and reads what they would see (`texts`, `last`). `fault` makes the
next calls fail in a chosen way. Nothing here sleeps unless asked; `until` waits for a condition and
wakes with every request.

    async with TelegramServer() as telegram:
        telegram.say("salary senior", user=7)
        await telegram.until(lambda: telegram.texts(7))
"""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Self
from urllib.parse import parse_qs

from tests.servers.telegram_html import Refused, read

TOKEN = "123456:TEST-TOKEN_of-the-loopback-server"
"""Made up; good on this server only."""

DEFAULT_TYPES = {
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "inline_query",
    "channel_post",
    "chosen_inline_result",
}
QUERY_SECONDS = 15.0
_WELL_FORMED = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_STRUCTURED = {
    "allowed_updates",
    "commands",
    "link_preview_options",
    "menu_button",
    "reply_markup",
    "reply_parameters",
    "results",
    "scope",
    "button",
    "reaction",
}

REACTIONS = frozenset("👍👎❤🔥🎉👏🙏👌💯🤝✍🫡")
"""Some of those that a bot may set."""

Json = dict[str, Any]


@dataclass
class Call:
    """One request, and what it was answered. `files`: name → (file name, media type, bytes)."""

    method: str
    params: Json
    at: float
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    status: int = 0
    answer: Any = None


@dataclass
class Sent:
    """A message of the bot as its chat shows it now."""

    chat: int
    id: int
    text: str
    entities: tuple[Json, ...]
    markup: Json
    at: float
    thread: int = 0
    photo: bytes = b""
    file_id: str = ""
    document: bytes = b""
    name: str = ""
    reply_to: int = 0
    edits: int = 0
    gone: bool = False

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.markup.get("inline_keyboard", []) for button in row]

    def data(self, label: str) -> str:
        return next(
            button["callback_data"]
            for row in self.markup["inline_keyboard"]
            for button in row
            if button["text"] == label
        )


@dataclass
class Fault:
    """`kind`: status, limit, drop_before (no effect), drop_after (the effect stays), garbage
    (effect, unreadable answer), page (a proxy's HTML page, no effect) or slow (effect, and the
    answer `seconds` later).
    """

    kind: str
    method: str = ""
    chat: int = 0
    times: int = 1
    status: int = 500
    description: str = "Internal Server Error"
    seconds: float = 0.0
    parameters: Json = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818 -- as Telegram would put it
    def __init__(self, status: int, description: str, **parameters: object) -> None:
        self.status, self.description, self.parameters = status, description, parameters


@dataclass
class _Room:
    """A chat as the server knows it."""

    kind: str
    blocked: str = ""
    moved_to: int = 0
    threads: set[int] = field(default_factory=set)
    reactions: bool = True
    keyboard: list[str] = field(default_factory=list)
    """The labels of the reply keyboard that is up."""
    last_id: int = 0
    messages: dict[int, Sent] = field(default_factory=dict)
    spent: deque[float] = field(default_factory=deque)


class TelegramServer:
    """`per_second` caps all sends of the token, `chat_per_second` those of one chat (beyond: 429);
    0 is no cap. `latency` delays every answer but getUpdates'. `strict` False skips parsing HTML,
    for a benchmark of something else.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "pivot_test_bot",
        per_second: int = 0,
        chat_per_second: int = 0,
        latency: float = 0.0,
        strict: bool = True,
    ) -> None:
        self.token = token
        self.me = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Pivot",
            "username": username,
        }
        self.per_second = per_second
        self.chat_per_second = chat_per_second
        self.latency = latency
        self.strict = strict
        self.calls: list[Call] = []
        self.sent: list[Sent] = []
        self.faults: list[Fault] = []
        self.now: Callable[[], float] = time.time
        """By which clock updates are dated; a test on virtual time puts its own."""
        self.settings: dict[str, Any] = {}
        """What set* methods were told: 'commands:<scope>', 'description', 'short_description',
        'menu_button', 'webhook'.
        """
        self.updates: deque[tuple[int, Json]] = deque()
        self.confirmed = 0
        self.allowed: set[str] = set(DEFAULT_TYPES)
        self.inline_answers: dict[str, Json] = {}
        self.reactions: dict[tuple[int, int], str] = {}
        """(chat, message) → the bot's reaction."""
        self._next_update = 1000
        self._next_query = 1
        self._queries: dict[str, float] = {}
        self._rooms: dict[int, _Room] = {}
        self._files: dict[str, bytes] = {}
        self._spent: deque[float] = deque()
        self._poll: asyncio.Future[None] | None = None
        self._polled = (0, 0.0)
        self._changed = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()

    # --- life ----------------------------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> Self:
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Connection(self), "127.0.0.1", port
        )
        return self

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for connection in tuple(self._connections):
                connection.close()
            await self._server.wait_closed()
            self._server = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def environment(self) -> dict[str, str]:
        """What a bot must be told to find this server."""
        return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": self.url}

    async def until(self, condition: Callable[[], object], seconds: float = 5.0) -> None:
        """Return when the condition holds. Raises TimeoutError with what happened so far."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            said = [(call.method, call.status) for call in self.calls[-12:]]
            raise TimeoutError(f"after {seconds} s still not so; last calls: {said}") from None

    # --- people --------------------------------------------------------------------------------------------------------

    def push(self, kind: str, body: Json) -> int:
        """An update of this kind, as Telegram would queue it.

        Returns its id, or 0 if the bot did not ask for such updates.
        """
        return self.push_raw({kind: body}) if kind in self.allowed else 0

    def push_raw(self, update: Json) -> int:
        number = self._next_update
        self._next_update += 1
        self.updates.append((number, {"update_id": number, **update}))
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        return number

    def say(self, text: str, *, user: int = 1, chat: int = 0, **extra: Any) -> int:
        """A person writes, privately or in a group that `group` opened.

        `extra` goes into the message.
        """
        return self.push("message", self.message(text, user=user, chat=chat, **extra))

    def message(self, text: str = "", *, user: int = 1, chat: int = 0, **extra: Any) -> Json:
        room = self._room(chat or user)
        room.last_id += 1
        body: Json = {
            "message_id": room.last_id,
            "date": int(self.now()),
            "chat": self._chat(chat or user),
            "from": {"id": user, "is_bot": False, "first_name": f"User{user}"},
        }
        if text:
            body["text"] = text
        if command := re.match(r"/\w+(@\w+)?", text):
            body["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        return body | extra

    def share(
        self, latitude: float, longitude: float, *, user: int = 1, chat: int = 0, **extra: Any
    ) -> int:
        """A person shares where they are."""
        return self.say(
            "",
            user=user,
            chat=chat,
            location={"latitude": latitude, "longitude": longitude},
            **extra,
        )

    def edit(self, message_id: int, text: str, *, user: int = 1, chat: int = 0) -> int:
        body = self.message(text, user=user, chat=chat)
        return self.push(
            "edited_message", body | {"message_id": message_id, "edit_date": int(self.now())}
        )

    def tap(self, label: str, *, user: int = 1, on: Sent | None = None) -> int:
        """Press a button of the message, by default the last one in the
        private chat that has this button.
        """
        sent = on or next(one for one in reversed(self._in(user)) if label in one.labels)
        return self.press(sent.data(label), user=user, on=sent)

    def press(self, data: str, *, user: int = 1, on: Sent | None = None) -> int:
        query = str(self._next_query)
        self._next_query += 1
        self._queries[query] = time.monotonic()
        body: Json = {
            "id": query,
            "from": {"id": user, "is_bot": False, "first_name": f"User{user}"},
            "chat_instance": "1",
            "data": data,
        }
        if on is not None:
            body["message"] = self._shown(on)
        return self.push("callback_query", body)

    def ask_inline(self, text: str, *, user: int = 1, offset: str = "") -> str:
        query = str(self._next_query)
        self._next_query += 1
        self._queries[query] = time.monotonic()
        sender = {"id": user, "is_bot": False, "first_name": f"User{user}"}
        self.push(
            "inline_query",
            {"id": query, "from": sender, "query": text, "offset": offset, "chat_type": "private"},
        )
        return query

    def block(self, user: int, reason: str = "bot was blocked by the user") -> int:
        self._room(user).blocked = reason
        return self._member(user, user, "member", "kicked")

    def unblock(self, user: int) -> int:
        self._room(user).blocked = ""
        return self._member(user, user, "kicked", "member")

    def group(self, chat: int, *, by: int = 1, threads: tuple[int, ...] = ()) -> int:
        """Open a group and add the bot to it."""
        self._rooms[chat] = _Room(kind="supergroup", threads=set(threads))
        return self._member(chat, by, "left", "member")

    def move(self, chat: int, to: int) -> None:
        """The group became a supergroup: every call for the old id is told so."""
        self._rooms[chat].moved_to = to
        self._rooms[to] = _Room(kind="supergroup")

    def forget_message(self, sent: Sent) -> None:
        sent.gone = True

    def fault(self, kind: str, **details: Any) -> Fault:
        fault = Fault(kind, **details)
        self.faults.append(fault)
        return fault

    # --- what they see -------------------------------------------------------------------------------------------------

    def texts(self, chat: int) -> list[str]:
        return [sent.text for sent in self._in(chat)]

    def last(self, chat: int) -> Sent:
        return self._in(chat)[-1]

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def _in(self, chat: int) -> list[Sent]:
        return (
            [sent for sent in self._rooms[chat].messages.values() if not sent.gone]
            if chat in self._rooms
            else []
        )

    def _room(self, chat: int) -> _Room:
        if chat not in self._rooms:
            self._rooms[chat] = _Room(kind="private" if chat > 0 else "supergroup")
        return self._rooms[chat]

    def _chat(self, chat: int) -> Json:
        kind = self._room(chat).kind
        return {
            "id": chat,
            "type": kind,
            **({"first_name": f"User{chat}"} if kind == "private" else {"title": f"Group{chat}"}),
        }

    def _member(self, chat: int, by: int, before: str, after: str) -> int:
        def status(of: str) -> Json:
            return {"user": self.me, "status": of, **({"until_date": 0} if of == "kicked" else {})}

        sender = {"id": by, "is_bot": False, "first_name": f"User{by}"}
        body = {"chat": self._chat(chat), "from": sender, "date": int(self.now())}
        return self.push(
            "my_chat_member",
            body | {"old_chat_member": status(before), "new_chat_member": status(after)},
        )

    def _shown(self, sent: Sent) -> Json:
        body: Json = {
            "message_id": sent.id,
            "date": int(self.now()),
            "chat": self._chat(sent.chat),
            "from": self.me,
        }
        if sent.thread:
            body |= {"message_thread_id": sent.thread, "is_topic_message": True}
        if sent.markup:
            body["reply_markup"] = sent.markup
        if sent.photo:
            size = {
                "file_id": sent.file_id,
                "file_unique_id": sent.file_id,
                "width": 90,
                "height": 90,
            }
            return body | {"photo": [size], "caption": sent.text}
        if sent.document:
            file = {"file_id": sent.file_id, "file_unique_id": sent.file_id, "file_name": sent.name}
            return body | {"document": file, "caption": sent.text}
        return body | {
            "text": sent.text,
            "entities": [_api_entity(entity) for entity in sent.entities],
        }

    # --- one request ---------------------------------------------------------------------------------------------------

    def token_problem(self, token: str) -> Refusal | None:
        if token == self.token:
            return None
        return (
            Refusal(401, "Unauthorized")
            if _WELL_FORMED.fullmatch(token)
            else Refusal(404, "Not Found")
        )

    def due_fault(self, call: Call) -> Fault | None:
        for fault in self.faults:
            if fault.method in ("", call.method) and fault.chat in (
                0,
                int(call.params.get("chat_id", 0) or 0),
            ):
                fault.times -= 1
                if fault.times == 0:
                    self.faults.remove(fault)
                return fault
        return None

    def note(self, call: Call) -> None:
        self.calls.append(call)
        self._changed.set()

    def perform(self, call: Call) -> Any:
        """The effect of a call, at once. Raises Refusal."""
        method = _METHODS.get(call.method)
        if method is None:
            raise Refusal(404, "Not Found")
        return method(self, call.params, call.files)

    async def get_updates(self, params: Json) -> list[Json]:
        if self.settings.get("webhook", {}).get("url"):
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            )
        if self._poll is not None and not self._poll.done():
            text = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            self._poll.set_exception(Refusal(409, text))
            self._poll = None
        offset, limit = (
            int(params.get("offset", 0)),
            min(100, max(1, int(params.get("limit", 100)))),
        )
        if "allowed_updates" in params:
            self.allowed = set(params["allowed_updates"]) or set(DEFAULT_TYPES)
        if offset < 0:
            while len(self.updates) > -offset:
                self._confirm()
        while self.updates and self.updates[0][0] < offset:
            self._confirm()
        self._changed.set()
        wait = min(50.0, max(0.0, float(params.get("timeout", 0))))
        if not self.updates and wait:
            poll = asyncio.get_running_loop().create_future()
            self._poll = poll
            try:
                async with asyncio.timeout(wait):
                    await poll
            except TimeoutError:
                pass
            finally:
                if self._poll is poll:
                    self._poll = None
        previous, answered_at = self._polled
        if offset and offset == previous and time.monotonic() - answered_at < 0.5:
            limit = 1
        batch = [self.updates[position][1] for position in range(min(limit, len(self.updates)))]
        self._polled = (offset, time.monotonic())
        return batch

    def _confirm(self) -> None:
        self.updates.popleft()
        self.confirmed += 1
        self._changed.set()

    # --- methods -------------------------------------------------------------------------------------------------------

    def _send_message(self, params: Json, files: Json) -> Json:
        room, chat = self._writable(params)
        text, entities = self._words(
            params, "text", 4096, "message is too long", empty="message text is empty"
        )
        return self._keep(room, chat, params, text=text, entities=entities)

    def _send_photo(self, params: Json, files: Json) -> Json:
        room, chat = self._writable(params)
        text, entities = self._words(params, "caption", 1024, "message caption is too long")
        content, file_id, _ = self._file(params, files, "photo", 10_000_000)
        if not content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
            raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
        return self._keep(
            room, chat, params, text=text, entities=entities, photo=content, file_id=file_id
        )

    def _send_document(self, params: Json, files: Json) -> Json:
        room, chat = self._writable(params)
        text, entities = self._words(params, "caption", 1024, "message caption is too long")
        content, file_id, name = self._file(params, files, "document", 50_000_000)
        if not content:
            raise Refusal(400, "Bad Request: file must be non-empty")
        return self._keep(
            room,
            chat,
            params,
            text=text,
            entities=entities,
            document=content,
            file_id=file_id,
            name=name,
        )

    def _edit_message_text(self, params: Json, files: Json) -> Json:
        room, _ = self._writable(params, thread=False)
        text, entities = self._words(
            params, "text", 4096, "message is too long", empty="message text is empty"
        )
        markup = _markup(params)
        if markup and "inline_keyboard" not in markup:
            raise Refusal(400, "Bad Request: inline keyboard expected")
        sent = room.messages.get(int(params["message_id"]))
        if sent is None or sent.gone:
            raise Refusal(400, "Bad Request: message to edit not found")
        if sent.photo or sent.document:
            raise Refusal(400, "Bad Request: there is no text in the message to edit")
        if (text, entities, markup) == (sent.text, sent.entities, sent.markup):
            same = "specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
            raise Refusal(400, f"Bad Request: message is not modified: {same}")
        sent.text, sent.entities, sent.markup = text, entities, markup
        sent.edits += 1
        return self._shown(sent)

    def _writable(self, params: Json, *, thread: bool = True) -> tuple[_Room, int]:
        try:
            chat = int(params["chat_id"])
        except (KeyError, ValueError):
            raise Refusal(400, "Bad Request: chat_id is empty") from None
        room = self._rooms.get(chat)
        if room is None:
            raise Refusal(400, "Bad Request: chat not found")
        if room.moved_to:
            text = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, text, migrate_to_chat_id=room.moved_to)
        if room.blocked:
            raise Refusal(403, f"Forbidden: {room.blocked}")
        if (
            thread
            and "message_thread_id" in params
            and int(params["message_thread_id"]) not in room.threads
        ):
            raise Refusal(400, "Bad Request: message thread not found")
        self._spend(room)
        return room, chat

    def _spend(self, room: _Room) -> None:
        now = time.monotonic()
        for spent, allowed in ((self._spent, self.per_second), (room.spent, self.chat_per_second)):
            while spent and now - spent[0] >= 1.0:
                spent.popleft()
            if allowed and len(spent) >= allowed:
                raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        self._spent.append(now)
        room.spent.append(now)

    def _words(
        self, params: Json, key: str, limit: int, too_long: str, *, empty: str = ""
    ) -> tuple[str, tuple[Json, ...]]:
        source = str(params.get(key, "")).encode()[:35_000].decode(errors="ignore")
        entities: tuple[Json, ...] = ()
        mode = str(params.get("parse_mode", "")).lower()
        if mode == "html" and self.strict:
            try:
                parsed = read(source)
            except Refused as error:
                raise Refusal(400, f"Bad Request: {error}") from error
            source, entities = parsed.text, parsed.entities
        elif mode not in ("", "html"):
            raise Refusal(400, "Bad Request: unsupported parse_mode")
        text = _CONTROL.sub(" ", source.replace("\r", "")).strip()
        if empty and not text:
            raise Refusal(400, f"Bad Request: {empty}")
        if len(text) > limit:
            raise Refusal(400, f"Bad Request: {too_long}")
        if len(entities) > 100 or sum(len(json.dumps(entity)) for entity in entities) > 30_000:
            raise Refusal(400, "Bad Request: ENTITIES_TOO_LONG")
        return text, entities

    def _file(self, params: Json, files: Json, key: str, limit: int) -> tuple[bytes, str, str]:
        given = files.get(key)
        if given is None:
            file_id = str(params.get(key, ""))
            if file_id.startswith("attach://") and file_id[9:] in files:
                given = files[file_id[9:]]
            elif file_id in self._files:
                return self._files[file_id], file_id, ""
            else:
                raise Refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
        name, _, content = given
        if len(content) > limit:
            raise Refusal(413, "Request Entity Too Large")
        file_id = f"FILE{len(self._files) + 1}"
        self._files[file_id] = content
        return content, file_id, name

    def _keep(self, room: _Room, chat: int, params: Json, **shown: Any) -> Json:
        markup = _markup(params, room.kind)
        if "keyboard" in markup:
            room.keyboard = [button["text"] for row in markup["keyboard"] for button in row]
        elif "remove_keyboard" in markup:
            room.keyboard = []
        room.last_id += 1
        sent = Sent(
            chat=chat,
            id=room.last_id,
            markup=markup if "inline_keyboard" in markup else {},
            at=time.monotonic(),
            thread=int(params.get("message_thread_id", 0)),
            reply_to=int((params.get("reply_parameters") or {}).get("message_id", 0)),
            **shown,
        )
        room.messages[sent.id] = sent
        self.sent.append(sent)
        return self._shown(sent)

    def _answer_callback(self, params: Json, files: Json) -> bool:
        self._take_query(params["callback_query_id"])
        if len(str(params.get("text", ""))) > 200:
            raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
        return True

    def _answer_inline(self, params: Json, files: Json) -> bool:
        results = params.get("results", [])
        if len(results) > 50:
            raise Refusal(400, "Bad Request: RESULTS_TOO_MUCH")
        ids = [str(result.get("id", "")) for result in results]
        if len(set(ids)) != len(ids) or any(not 0 < len(one.encode()) <= 64 for one in ids):
            raise Refusal(400, "Bad Request: RESULT_ID_INVALID")
        for result in results:
            content = result["input_message_content"]
            if not result.get("title"):
                raise Refusal(400, "Bad Request: title must be non-empty")
            self._words(
                {"text": content["message_text"], "parse_mode": content.get("parse_mode", "")},
                "text",
                4096,
                "message is too long",
                empty="message text is empty",
            )
            _markup(result)
        self._take_query(params["inline_query_id"])
        self.inline_answers[str(params["inline_query_id"])] = params
        return True

    def _take_query(self, query: str) -> None:
        asked_at = self._queries.pop(str(query), None)
        if asked_at is None or time.monotonic() - asked_at > QUERY_SECONDS:
            raise Refusal(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )

    def _set_reaction(self, params: Json, files: Json) -> bool:
        room, _ = self._writable(params, thread=False)
        given = params.get("reaction", [])
        if len(given) > 1:
            raise Refusal(400, "Bad Request: REACTIONS_TOO_MANY")
        if not room.reactions or any(
            one.get("type") != "emoji" or one.get("emoji") not in REACTIONS for one in given
        ):
            raise Refusal(400, "Bad Request: REACTION_INVALID")
        message = int(params["message_id"])
        if not 0 < message <= room.last_id:
            raise Refusal(400, "Bad Request: message to react not found")
        self.reactions[int(params["chat_id"]), message] = "".join(one["emoji"] for one in given)
        return True

    def _send_chat_action(self, params: Json, files: Json) -> bool:
        room = self._rooms.get(int(params["chat_id"]))
        if room is None:
            raise Refusal(400, "Bad Request: chat not found")
        return True

    def _delete_message(self, params: Json, files: Json) -> bool:
        sent = self._rooms[int(params["chat_id"])].messages.get(int(params["message_id"]))
        if sent is None or sent.gone:
            raise Refusal(400, "Bad Request: message to delete not found")
        sent.gone = True
        return True

    def _set_webhook(self, params: Json, files: Json) -> bool:
        url, secret = str(params.get("url", "")), str(params.get("secret_token", ""))
        if url and not url.startswith("https://"):
            raise Refusal(
                400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
            )
        if secret and not _SECRET.fullmatch(secret):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        self.settings["webhook"] = params
        if "allowed_updates" in params:
            self.allowed = set(params["allowed_updates"]) or set(DEFAULT_TYPES)
        return True

    def _delete_webhook(self, params: Json, files: Json) -> bool:
        self.settings.pop("webhook", None)
        if params.get("drop_pending_updates"):
            self.updates.clear()
        return True

    def _webhook_info(self, params: Json, files: Json) -> Json:
        hook = self.settings.get("webhook", {})
        url = hook.get("url", "")
        trouble = {key: hook[key] for key in ("last_error_message",) if key in hook}
        return {
            "url": url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
        } | trouble

    def _set_commands(self, params: Json, files: Json) -> bool:
        commands = params.get("commands", [])
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise Refusal(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        if len(commands) > 100:
            raise Refusal(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        self.settings[f"commands:{_scope(params)}"] = commands
        return True

    def _get_commands(self, params: Json, files: Json) -> list[Json]:
        commands: list[Json] = self.settings.get(f"commands:{_scope(params)}", [])
        return commands

    def _set_words(self, key: str, limit: int) -> Callable[[Json, Json], bool]:
        def keep(params: Json, files: Json) -> bool:
            words = str(params.get(key, ""))
            if len(words) > limit:
                raise Refusal(400, f"Bad Request: {key} is too long")
            self.settings[key] = words
            return True

        return keep


Method = Callable[[TelegramServer, Json, Json], Any]
_METHODS: dict[str, Method] = {
    "getMe": lambda server, params, files: server.me,
    "sendMessage": TelegramServer._send_message,
    "sendPhoto": TelegramServer._send_photo,
    "sendDocument": TelegramServer._send_document,
    "editMessageText": TelegramServer._edit_message_text,
    "deleteMessage": TelegramServer._delete_message,
    "sendChatAction": TelegramServer._send_chat_action,
    "setMessageReaction": TelegramServer._set_reaction,
    "answerCallbackQuery": TelegramServer._answer_callback,
    "answerInlineQuery": TelegramServer._answer_inline,
    "setWebhook": TelegramServer._set_webhook,
    "deleteWebhook": TelegramServer._delete_webhook,
    "getWebhookInfo": TelegramServer._webhook_info,
    "setMyCommands": TelegramServer._set_commands,
    "getMyCommands": TelegramServer._get_commands,
    "deleteMyCommands": lambda server, params, files: bool(
        server.settings.pop(f"commands:{_scope(params)}", None) or True
    ),
    "setMyDescription": lambda server, params, files: server._set_words("description", 512)(
        params, files
    ),
    "getMyDescription": lambda server, params, files: {
        "description": server.settings.get("description", "")
    },
    "setMyShortDescription": lambda server, params, files: server._set_words(
        "short_description", 120
    )(params, files),
    "getMyShortDescription": lambda server, params, files: {
        "short_description": server.settings.get("short_description", "")
    },
    "setChatMenuButton": lambda server, params, files: bool(
        server.settings.update(menu_button=params["menu_button"]) or True
    ),
    "getChatMenuButton": lambda server, params, files: server.settings.get(
        "menu_button", {"type": "default"}
    ),
}


def _scope(params: Json) -> str:
    return str((params.get("scope") or {"type": "default"})["type"]) + str(
        params.get("language_code", "") or ""
    )


def _markup(params: Json, kind: str = "") -> Json:
    markup = params.get("reply_markup") or {}
    if (
        markup
        and len({"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"} & set(markup))
        != 1
    ):
        raise Refusal(400, "Bad Request: object expected as reply markup")
    if "keyboard" in markup:
        pressed = [button for row in markup["keyboard"] for button in row]
        if not pressed or not all(button.get("text", "").strip() for button in pressed):
            raise Refusal(400, "Bad Request: keyboard button text must be non-empty")
        if kind != "private" and any("request_location" in button for button in pressed):
            raise Refusal(400, "Bad Request: location can be requested in private chats only")
    rows = markup.get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100 or any(len(row) > 8 for row in rows):
        raise Refusal(400, "Bad Request: too many buttons")
    if len(json.dumps(markup)) > 16_000:
        raise Refusal(400, "Bad Request: REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        if not button.get("text", "").strip():
            raise Refusal(400, "Bad Request: text buttons must be non-empty")
        if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= 256:
            raise Refusal(400, "Bad Request: COPY_TEXT_INVALID")
        kinds = [
            key
            for key in ("callback_data", "url", "switch_inline_query", "copy_text")
            if key in button
        ]
        if len(kinds) != 1:
            raise Refusal(400, "Bad Request: exactly one of the optional fields must be used")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
        if "url" in button and not re.fullmatch(
            r"(https?://[^\s/]+\.[^\s/]+|tg://\S).*", button["url"]
        ):
            raise Refusal(
                400,
                f"Bad Request: inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL",
            )
    return dict(markup)


def _api_entity(entity: Json) -> Json:
    return {
        key: value
        for key, value in entity.items()
        if key in ("type", "offset", "length", "url", "unix_time")
    }


# --- HTTP ------------------------------------------------------------------------------------------------------------------


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, one request after the other."""

    def __init__(self, server: TelegramServer) -> None:
        self._server = server
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server._connections.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        self._server._connections.discard(self)
        if self._task is not None:
            self._task.cancel()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._task is None:
            self._next()

    def _next(self) -> None:
        while self._task is None and (request := self._cut()) is not None:
            self._serve(*request)

    def _cut(self) -> tuple[str, str, bytes] | None:
        """One whole request off the buffer: path, content type, body."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        start = end + 4
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body, stop = self._chunks(start)
            if stop < 0:
                return None
        else:
            stop = start + int(headers.get("content-length", 0))
            if len(self._buffer) < stop:
                return None
            body = bytes(self._buffer[start:stop])
        del self._buffer[:stop]
        return first.split(" ")[1], headers.get("content-type", ""), body

    def _chunks(self, start: int) -> tuple[bytes, int]:
        body = bytearray()
        while True:
            line = self._buffer.find(b"\r\n", start)
            if line < 0:
                return b"", -1
            size = int(self._buffer[start:line].split(b";")[0], 16)
            if len(self._buffer) < line + 2 + size + 2:
                return b"", -1
            body += self._buffer[line + 2 : line + 2 + size]
            start = line + 2 + size + 2
            if size == 0:
                return bytes(body), start

    def _serve(self, path: str, content_type: str, body: bytes) -> None:
        server = self._server
        target, _, query = path.partition("?")
        token, _, method = target.removeprefix("/bot").partition("/")
        params, files = _parameters(query, content_type, body)
        call = Call(method, params, time.monotonic(), files)
        if problem := server.token_problem(token):
            self._refuse(call, problem)
            return
        fault = server.due_fault(call)
        if method == "getUpdates" or (fault and fault.kind == "slow") or server.latency:
            self._task = asyncio.ensure_future(self._later(call, fault))
        else:
            self._now(call, fault)

    async def _later(self, call: Call, fault: Fault | None) -> None:
        server = self._server
        with suppress(asyncio.CancelledError):
            if call.method == "getUpdates" and (fault is None or fault.kind == "slow"):
                if fault:
                    await asyncio.sleep(fault.seconds)
                try:
                    self._answer(call, await server.get_updates(call.params))
                except Refusal as refusal:
                    self._refuse(call, refusal)
            else:
                if server.latency or fault:
                    await asyncio.sleep(server.latency)
                self._now(call, fault)
            self._task = None
            self._next()
            return
        self._task = None

    def _now(self, call: Call, fault: Fault | None) -> None:
        match fault:
            case Fault(kind="garbage") if call.method == "getUpdates":
                self._answer(call, [], fault)
            case None | Fault(kind="drop_after" | "garbage" | "slow"):
                try:
                    result = self._server.perform(call)
                except Refusal as refusal:
                    self._refuse(call, refusal)
                    return
                self._answer(call, result, fault)
            case Fault(kind="limit"):
                seconds = int(fault.seconds) or 1
                self._refuse(
                    call,
                    Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds),
                )
            case Fault(kind="drop_before"):
                self._server.note(call)
                self.close()
            case Fault(kind="page"):
                call.status = fault.status
                self._server.note(call)
                self._write(fault.status, b"<html><body>Bad Gateway</body></html>", "text/html")
            case Fault():
                self._refuse(call, Refusal(fault.status, fault.description, **fault.parameters))

    def _answer(self, call: Call, result: Any, fault: Fault | None = None) -> None:
        call.status, call.answer = 200, result
        kind = fault.kind if fault else ""
        if kind == "drop_after":
            self.close()
        elif kind == "garbage":
            self._write(200, b'{"ok":true,"result":')
        elif kind == "slow" and fault is not None:
            asyncio.get_running_loop().call_later(
                fault.seconds, self._write, 200, json.dumps({"ok": True, "result": result}).encode()
            )
        else:
            self._write(200, json.dumps({"ok": True, "result": result}).encode())
        self._server.note(call)

    def _refuse(self, call: Call, refusal: Refusal) -> None:
        call.status, call.answer = refusal.status, refusal.description
        body: Json = {"ok": False, "error_code": refusal.status, "description": refusal.description}
        if refusal.parameters:
            body["parameters"] = refusal.parameters
        self._write(refusal.status, json.dumps(body).encode())
        self._server.note(call)

    def _write(self, status: int, body: bytes, media_type: str = "application/json") -> None:
        if self._transport is None or self._transport.is_closing():
            return
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def _parameters(
    query: str, content_type: str, body: bytes
) -> tuple[Json, dict[str, tuple[str, str, bytes]]]:
    """A call's parameters however they came, values as JSON would have them, and its uploads."""
    params: Json = {name: values[0] for name, values in parse_qs(query).items()} if query else {}
    files: dict[str, tuple[str, str, bytes]] = {}
    if content_type.startswith("application/json"):
        params |= json.loads(body) if body else {}
    elif content_type.startswith("multipart/form-data"):
        message = BytesParser(policy=HTTP).parsebytes(
            b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
        )
        for part in message.iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_payload(decode=True) or b""
            assert isinstance(content, bytes)
            if (filename := part.get_filename()) is not None:
                files[name] = (filename, part.get_content_type(), content)
            else:
                params[name] = content.decode()
    elif body:
        params |= {
            name: values[0]
            for name, values in parse_qs(body.decode(), keep_blank_values=True).items()
        }
    return {
        name: json.loads(value) if name in _STRUCTURED and isinstance(value, str) else value
        for name, value in params.items()
    }, files
