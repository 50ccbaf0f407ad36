"""A strict Slack on loopback: Web API, Socket Mode, answer addresses, uploads, OAuth, and signed
delivery over HTTP.

It refuses what Slack refuses (tokens, scopes, blocks, spent addresses and tickets), fails on
request, and logs every call with its time. Tests and the benchmark run the real SDK against it.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

import aiohttp
from aiohttp import web

from tests.servers import slack_kit

BOT_TOKEN = "xoxb-1-strict"
APP_TOKEN = "xapp-1-strict"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM = "T0TEAM"
BOT_USER = "U0BOT"
BOT_ID = "B0BOT"
APP_ID = "A0APP"

ACK_SECONDS = 3.0
ANSWERS = 5
ANSWER_SECONDS = 1800
TRIGGER_SECONDS = 3.0
TOKEN_SECONDS = 43_200
"""How long an access token lasts where tokens rotate."""

SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "conversations.open": "im:write",
    "conversations.history": "im:history",
    "conversations.replies": "channels:history",
    "users.info": "users:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "assistant.threads.setStatus": "assistant:write",
}
FORM_ONLY = {
    "users.info",
    "conversations.history",
    "conversations.replies",
    "files.getUploadURLExternal",
    "oauth.v2.access",
}
"""Methods whose arguments Slack does not read from a JSON body."""
OF_ONE_TEAM = {
    "conversations.list",
    "conversations.create",
    "users.list",
    "users.conversations",
    "chat.scheduledMessages.list",
    "team.info",
}
"""Methods (of more) that want to be told the workspace when an organisation's token calls them."""


class Refused(Exception):  # noqa: N818 -- Slack's answer, not our failure
    def __init__(self, word: str, **more: Any) -> None:
        super().__init__(word)
        self.answer = {"ok": False, "error": word, **more}


# What may be made to go wrong with the next call of a method.


@dataclass(frozen=True)
class Word:
    """`{"ok": false, "error": word}`."""

    word: str


@dataclass(frozen=True)
class Status:
    """An HTTP status with any body, as a proxy in front of Slack would send it."""

    status: int
    body: str = "<html>bad gateway</html>"
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html"


@dataclass(frozen=True)
class Cut:
    """The connection breaks: before the call is carried out, or after."""

    after: bool


@dataclass(frozen=True)
class Hold:
    """The call is carried out once `until` is set."""

    until: asyncio.Event


Fault = Word | Status | Cut | Hold


def limited(seconds: int = 1) -> Status:
    return Status(
        429, '{"ok":false,"error":"ratelimited"}', {"Retry-After": str(seconds)}, "application/json"
    )


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request that arrived.

    `answer` is None when the connection was cut or a bare status returned.
    """

    at: float
    method: str
    token: str
    arguments: Mapping[str, Any]
    answer: Mapping[str, Any] | None


@dataclass(kw_only=True)
class Shown:
    """One message as people see it.

    `to` is empty for everyone in the channel, else the only person who sees it.
    """

    at: float
    channel: str
    text: str
    blocks: list[Any]
    to: str = ""
    ts: str = ""
    thread: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""
    edits: int = 0
    client_id: int = 0


@dataclass(frozen=True, kw_only=True)
class Ack:
    """How the app acknowledged.

    `ok` is False when it did not within three seconds, or with an error status.
    """

    ok: bool
    payload: Mapping[str, Any] | str | None = None
    seconds: float = 0.0
    status: int = 200


@dataclass
class Answers:
    """One response_url: what it was given for, and what is left of it."""

    channel: str
    user: str
    made: float
    shown: Shown | None = None
    uses: int = 0


class SlackServer:
    """`async with SlackServer() as slack:`; `slack.api_url` goes into SLACK_API_URL."""

    def __init__(self, *, scopes: frozenset[str] | None = None) -> None:
        self.log: list[Call] = []
        self.shown: list[Shown] = []
        self.homes: dict[str, Mapping[str, Any]] = {}
        self.views: dict[str, dict[str, Any]] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.prompts: list[Mapping[str, Any]] = []
        self.statuses: list[Mapping[str, Any]] = []
        self.acks: list[Ack] = []
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.tokens: dict[str, dict[str, Any]] = {
            BOT_TOKEN: {"team": TEAM, "user": BOT_USER, "bot": BOT_ID}
        }
        self.app_tokens = {APP_TOKEN}
        self.codes: dict[str, dict[str, Any]] = {}
        """What a code is good for: client_id, client_secret, token, team; `everywhere`: an
        organisation's id; `rotates`.
        """
        self.refresh_tokens: dict[str, dict[str, Any]] = {}
        """Those not yet spent, and whose they are."""
        self.orgs: dict[str, set[str]] = {}
        """Organisations that installed the app everywhere, and the workspaces they added it to."""
        self.ahead = 0.0
        """How far Slack's clock is ahead of the machine's: to let tokens end."""
        self.scopes = scopes if scopes is not None else frozenset(SCOPES.values())
        self.users: dict[str, dict[str, Any]] = {
            "U1": {"tz": "Australia/Brisbane"},
            "U2": {"tz": "Australia/Perth"},
            BOT_USER: {"is_bot": True},
        }
        self.channels: dict[str, dict[str, Any]] = {
            "C1": {"members": {"U1", "U2", BOT_USER}},
            "C2": {"members": {"U1"}},
        }
        self.refuse_tickets = 0
        self.deaf = False
        """Sockets stay open and say nothing: no pong, no frame."""
        self.request_url = ""
        """Where HTTP deliveries go; empty: Socket Mode."""
        self.age_seconds = 0.0
        """How much older than real everything given out is:
        to let addresses and triggers expire.
        """
        self.burst: int | None = None
        """Messages to one channel within a second before 429; None: no limit."""
        self.ack_seconds = ACK_SECONDS
        self.connections: set[int] = set()
        """The ports that Web API calls came from."""
        self.says_connections = 0
        """What `hello` claims; 0: the truth."""
        self.opens = 0
        self.dials: list[str] = []
        self._tickets: dict[str, bool] = {}
        self._triggers: dict[str, tuple[float, bool]] = {}
        self._answers: dict[str, Answers] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._changed = asyncio.Condition()
        self._number = 0
        self._stamp = 1_700_000_000
        self.now: Callable[[], float] = lambda: self._stamp
        """By which clock messages are dated, never two in one second;
        a test on virtual time puts its own.
        """
        self._url = ""
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None
        self._posted: dict[str, deque[float]] = defaultdict(deque)

    # --- life --------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=20_000_000)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link", self._link)
        app.router.add_post("/answers/{key}", self._answer)
        app.router.add_post("/upload/{file}", self._upload)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.back()
        self._session = aiohttp.ClientSession()
        return self

    async def back(self) -> None:
        """Listen; after `away`, where it listened before."""
        assert self._runner
        self._site = web.TCPSite(self._runner, "127.0.0.1", urlsplit(self._url).port or 0)
        await self._site.start()
        self._url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def away(self) -> None:
        """Gone: whoever is connected is cut off, and nobody gets in until it is `back`."""
        assert self._runner
        assert self._runner.server
        await self._site.stop()
        for connection in self._runner.server.connections:
            if connection.transport:
                connection.transport.abort()
        async with asyncio.timeout(5):
            while self.live:
                await asyncio.sleep(0.01)

    async def __aexit__(self, *exc: object) -> None:
        for socket in self._sockets:
            await socket.close()
        for future in self._waiting.values():
            future.cancel()
        assert self._session
        assert self._runner
        await self._session.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self._url}/api/"

    @property
    def environment(self) -> dict[str, str]:
        """What a bot must be told to find this server by Socket Mode."""
        return {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": self.api_url,
        }

    @property
    def live(self) -> list[web.WebSocketResponse]:
        return [socket for socket in self._sockets if not socket.closed]

    def calls(self, method: str) -> list[Call]:
        return [call for call in self.log if call.method == method]

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of `method` go wrong like this, one after the other.

        `response_url` and `upload` count as methods.
        """
        self.faults[method].extend(faults)

    async def until(self, condition: Callable[[], Any], seconds: float = 5.0) -> Any:
        """Wait for something to have happened here. Raises TimeoutError."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: bool(condition()))
        return condition()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _next(self, letter: str) -> str:
        self._number += 1
        return f"{letter}{self._number:08d}"

    def _ts(self) -> str:
        self._number += 1
        self._stamp = max(self._stamp + 1, int(self.now()))
        return f"{self._stamp}.{self._number:06d}"

    # --- what people do ----------------------------------------------------------------------------------------

    async def command(
        self,
        command: str,
        text: str = "",
        *,
        user: str = "U1",
        channel: str = "C1",
        team: str = TEAM,
        **more: Any,
    ) -> Ack:
        payload = {
            "token": "deprecated",
            "api_app_id": APP_ID,
            "team_id": team,
            "team_domain": "strict",
            "channel_id": channel,
            "channel_name": "directmessage" if channel.startswith("D") else "general",
            "user_id": user,
            "user_name": "deprecated",
            "command": command,
            "text": text,
            "response_url": self.answers(channel, user),
            "trigger_id": self.trigger(),
            **self._organisation(team, as_text=True),
            **more,
        }
        ack = await self.deliver("slash_commands", payload)
        if ack.ok and isinstance(ack.payload, Mapping):
            self._show_answer(self._answers[payload["response_url"].rsplit("/", 1)[1]], ack.payload)
        return ack

    async def message(
        self,
        text: str,
        *,
        user: str = "U1",
        channel: str = "D1",
        team: str = TEAM,
        retries: int = 0,
        **more: Any,
    ) -> Ack:
        """Somebody writes to the bot's direct message (or, with
        `type="app_mention"`, mentions it in a channel).
        """
        event = {
            "type": "message",
            "channel": channel,
            "channel_type": "im" if channel.startswith("D") else "channel",
            "user": user,
            "text": text,
            "ts": self._ts(),
            "team": team,
            **more,
        }
        if channel.startswith("D"):
            self.channels.setdefault(
                channel, {"members": {user, BOT_USER}, "im": user, "team": team}
            )
        return await self.event(event, retries=retries, team=team)

    async def event(
        self,
        event: Mapping[str, Any],
        *,
        retries: int = 0,
        event_id: str = "",
        team: str = TEAM,
        **more: Any,
    ) -> Ack:
        """Deliver; if it is not acknowledged, again up to `retries` times, with Slack's headers."""
        org = self._org_of(team)
        payload = {
            "token": "deprecated",
            "type": "event_callback",
            "team_id": team,
            "api_app_id": APP_ID,
            "event": dict(event),
            "event_id": event_id or self._next("Ev"),
            "event_time": int(time.time() + self.ahead),
            "enterprise_id": org,
            "authorizations": [
                {
                    "team_id": team,
                    "enterprise_id": org,
                    "user_id": BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": bool(org),
                }
            ],
            "is_ext_shared_channel": False,
            **more,
        }
        ack = await self.deliver("events_api", payload)
        for attempt in range(1, retries + 1):
            if ack.ok:
                break
            ack = await self.deliver("events_api", payload, retry=(attempt, "http_error"))
        return ack

    async def tap(
        self,
        shown: Shown,
        label: str,
        *,
        user: str = "U1",
        team: str = TEAM,
        user_team: str = "",
        **more: Any,
    ) -> Ack:
        """Tap a button of a message, by its label. `user_team`: whose member an outsider is."""
        button = next(
            element for element in buttons(shown.blocks) if element["text"]["text"] == label
        )
        payload = {
            "type": "block_actions",
            "team": {"id": team, "domain": "strict"},
            "user": {"id": user, "team_id": user_team or team},
            "api_app_id": APP_ID,
            "container": {
                "type": "message",
                "message_ts": shown.ts,
                "channel_id": shown.channel,
                "is_ephemeral": bool(shown.to),
            },
            "trigger_id": self.trigger(),
            "channel": {"id": shown.channel, "name": "general"},
            "message": {}
            if shown.to
            else {"ts": shown.ts, **({"thread_ts": shown.thread} if shown.thread else {})},
            "response_url": self.answers(shown.channel, user, shown),
            "actions": [
                {
                    "action_ts": self._ts(),
                    **{key: button[key] for key in ("type", "action_id", "value") if key in button},
                }
            ],
            **self._organisation(team),
            **more,
        }
        return await self.deliver("interactive", payload)

    async def submit(
        self, callback_id: str, values: Mapping[str, Any], *, user: str = "U1", **more: Any
    ) -> Ack:
        """Send a form: action id to the field's state."""
        state = {
            f"b{number}": {action: value} for number, (action, value) in enumerate(values.items())
        }
        payload = {
            **self._interaction("view_submission", user),
            "view": {
                "id": self._next("V"),
                "type": "modal",
                "callback_id": callback_id,
                "private_metadata": "",
                "state": {"values": state},
            },
            "response_urls": [],
            "is_enterprise_install": False,
            **more,
        }
        ack = await self.deliver("interactive", payload)
        if isinstance(ack.payload, Mapping) and ack.payload.get("response_action") in (
            "update",
            "push",
        ):
            found = slack_kit.view_problems(ack.payload["view"])
            assert not found, found
        return ack

    def _interaction(self, kind: str, user: str) -> dict[str, Any]:
        """What every payload of somebody's tap, choice or form begins with."""
        return {
            "type": kind,
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": TEAM},
            "api_app_id": APP_ID,
            "trigger_id": self.trigger(),
        }

    async def choose(
        self,
        view: Mapping[str, Any],
        values: Mapping[str, str],
        *,
        user: str = "U1",
        known: str = "",
    ) -> Ack:
        """Pick something in an open modal; the last of `values` is what was picked just now.

        `known`: the hash that the person's Slack knows, if not the newest.
        """
        key = list(values)[-1]
        block = next(block for block in view["blocks"] if block.get("block_id") == key)
        assert block.get("dispatch_action"), "Slack tells nobody about this choice"
        field = _field(block["element"], values[key])
        payload = {
            **self._interaction("block_actions", user),
            "container": {"type": "view", "view_id": view["id"]},
            "view": {
                **view,
                **({"hash": known} if known else {}),
                "state": {"values": entered(view, values)},
            },
            "actions": [{"action_id": block["element"]["action_id"], "block_id": key, **field}],
            "is_enterprise_install": False,
        }
        return await self.deliver("interactive", payload)

    async def send_form(
        self, view: Mapping[str, Any], values: Mapping[str, str], *, user: str = "U1", **more: Any
    ) -> Ack:
        """Send an open modal with these values; what was filled in already stays.

        Slack itself asks for what is missing.
        """
        state = entered(view, values)
        for block in view["blocks"]:
            if block["type"] == "input" and not block.get("optional"):
                [field] = state[block["block_id"]].values()
                assert any(
                    field.get(name) for name in ("value", "selected_option", "selected_options")
                ), block["label"]["text"]
        payload = {
            **self._interaction("view_submission", user),
            "view": {**view, "state": {"values": state}},
            "response_urls": [],
            "is_enterprise_install": False,
            **more,
        }
        ack = await self.deliver("interactive", payload)
        answer: Mapping[str, Any] = ack.payload if isinstance(ack.payload, Mapping) else {}
        match answer.get("response_action"):
            case "errors":
                assert set(answer["errors"]) <= set(state), (
                    "errors beside fields that are not there"
                )
            case "update":
                found = slack_kit.view_problems(answer["view"])
                assert not found, found
                self.views[view["id"]] = {
                    "id": view["id"],
                    "hash": self._next("hash"),
                    **answer["view"],
                }
            case None if ack.ok:
                del self.views[view["id"]]
        await self._tell()
        return ack

    async def press(self, view: Mapping[str, Any], label: str, *, user: str = "U1") -> Ack:
        """Tap a button of a home page or modal, by its label."""
        button = next(
            element for element in buttons(view["blocks"]) if element["text"]["text"] == label
        )
        payload = {
            **self._interaction("block_actions", user),
            "container": {"type": "view", "view_id": view["id"]},
            "view": {**view, "state": {"values": {}}},
            "actions": [
                {
                    "action_ts": self._ts(),
                    **{key: button[key] for key in ("type", "action_id", "value") if key in button},
                }
            ],
            "is_enterprise_install": False,
        }
        return await self.deliver("interactive", payload)

    async def shortcut(
        self, callback_id: str, *, user: str = "U1", user_team: str = TEAM, **more: Any
    ) -> Ack:
        payload = {
            "type": "shortcut",
            "team": {"id": TEAM},
            "user": {"id": user, "team_id": user_team},
            "callback_id": callback_id,
            "trigger_id": self.trigger(),
            "action_ts": self._ts(),
            "is_enterprise_install": False,
            **more,
        }
        return await self.deliver("interactive", payload)

    def _org_of(self, team: str) -> str | None:
        return next((org for org, teams in self.orgs.items() if team in teams), None)

    def _organisation(self, team: str, *, as_text: bool = False) -> dict[str, Any]:
        """What a payload says about the organisation of its workspace;
        a command's fields are all text.
        """
        org = self._org_of(team)
        if not as_text:
            return {
                "enterprise": {"id": org, "name": "strict"} if org else None,
                "is_enterprise_install": bool(org),
            }
        return {"is_enterprise_install": str(bool(org)).lower()} | (
            {"enterprise_id": org, "enterprise_name": "strict"} if org else {}
        )

    # --- delivery ----------------------------------------------------------------------------------------------

    async def deliver(
        self, kind: str, payload: Mapping[str, Any], *, retry: tuple[int, str] | None = None
    ) -> Ack:
        """By HTTP where a request URL is set, else by one of the open sockets.

        Waits for the acknowledgement.
        """
        started = time.perf_counter()
        ack = await (
            self._by_http(kind, payload, retry)
            if self.request_url
            else self._by_socket(kind, payload, retry)
        )
        ack = Ack(
            ok=ack.ok, payload=ack.payload, status=ack.status, seconds=time.perf_counter() - started
        )
        self.acks.append(ack)
        return ack

    async def _by_socket(
        self, kind: str, payload: Mapping[str, Any], retry: tuple[int, str] | None
    ) -> Ack:
        envelope = self._next("env")
        frame: dict[str, Any] = {
            "type": kind,
            "envelope_id": envelope,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if retry:
            frame |= {"retry_attempt": retry[0], "retry_reason": retry[1]}
        self._waiting[envelope] = asyncio.get_running_loop().create_future()
        await self.live[-1].send_str(json.dumps(frame))
        try:
            async with asyncio.timeout(self.ack_seconds):
                return Ack(ok=True, payload=await self._waiting[envelope])
        except TimeoutError:
            return Ack(ok=False, status=0)
        finally:
            del self._waiting[envelope]

    async def _by_http(
        self, kind: str, payload: Mapping[str, Any], retry: tuple[int, str] | None
    ) -> Ack:
        match kind:
            case "events_api":
                body, content_type = json.dumps(payload), "application/json"
            case "slash_commands":
                body, content_type = urlencode(payload), "application/x-www-form-urlencoded"
            case _:
                body, content_type = (
                    urlencode({"payload": json.dumps(payload)}),
                    "application/x-www-form-urlencoded",
                )
        headers = {"Content-Type": content_type, **signed(body, at=time.time() + self.ahead)}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        return await self.post(body, headers)

    async def post(self, body: str | bytes, headers: Mapping[str, str]) -> Ack:
        """A raw request to the app's request URL."""
        assert self._session
        try:
            async with (
                asyncio.timeout(self.ack_seconds),
                self._session.post(self.request_url, data=body, headers=dict(headers)) as answer,
            ):
                text = await answer.text()
        except (TimeoutError, aiohttp.ClientError):
            return Ack(ok=False, status=0)
        is_json = answer.content_type == "application/json" and text
        return Ack(
            ok=answer.status == 200,
            status=answer.status,
            payload=json.loads(text) if is_json else text,
        )

    def turn(self) -> None:
        """The next delivery goes over another of the open sockets."""
        self._sockets[:] = [*self._sockets[1:], *self._sockets[:1]]

    async def babble(self, frame: str) -> None:
        """Send this over every open socket, whatever it is."""
        for socket in self.live:
            await socket.send_str(frame)

    async def disconnect(self, reason: str = "refresh_requested", *, close: bool = False) -> None:
        """Ask the app to reconnect; with `close`, end the socket without a word instead."""
        for socket in self.live:
            if close:
                await socket.close()
            else:
                await socket.send_str(
                    json.dumps(
                        {"type": "disconnect", "reason": reason, "debug_info": {"host": "strict"}}
                    )
                )

    def trigger(self) -> str:
        key = self._next("trigger")
        self._triggers[key] = (time.monotonic(), False)
        return key

    def answers(self, channel: str, user: str, shown: Shown | None = None) -> str:
        """A new response_url."""
        key = self._next("answer")
        self._answers[key] = Answers(channel, user, time.monotonic(), shown)
        return f"{self._url}/answers/{key}"

    # --- Socket Mode -------------------------------------------------------------------------------------------

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        self.dials.append(ticket)
        await self._tell()
        fresh = self._tickets.get(ticket, False)
        self._tickets[ticket] = False
        if self.refuse_tickets > 0 or not fresh:
            self.refuse_tickets -= 1
            return web.Response(status=403, text="ticket refused")
        socket = web.WebSocketResponse(autoping=not self.deaf)
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_str(
            json.dumps(
                {
                    "type": "hello",
                    "num_connections": self.says_connections or len(self.live),
                    "connection_info": {"app_id": APP_ID},
                    "debug_info": {"approximate_connection_time": 3600},
                }
            )
        )
        await self._tell()
        async for frame in socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                self._acknowledged(json.loads(frame.data))
        await self._tell()
        return socket

    def _acknowledged(self, frame: Mapping[str, Any]) -> None:
        future = self._waiting.get(str(frame.get("envelope_id")))
        if future is not None and not future.done():
            future.set_result(frame.get("payload"))

    # --- Web API -----------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        assert request.transport
        self.connections.add(request.transport.get_extra_info("peername")[1])
        arguments = await _arguments(request, method)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        fault = self.faults[method].popleft() if self.faults[method] else None
        match fault:
            case Status(status=status, body=body, headers=headers, content_type=content_type):
                await self._logged(method, token, arguments, None)
                return web.Response(
                    status=status, text=body, headers=dict(headers), content_type=content_type
                )
            case Cut(after=False):
                await self._logged(method, token, arguments, None)
                return _cut(request)
            case Hold(until=until):
                await until.wait()
            case _:
                pass
        try:
            if isinstance(fault, Word):
                answer = {"ok": False, "error": fault.word}
            else:
                answer = {"ok": True, **self._carry_out(method, token, arguments, request)}
        except Refused as refused:
            answer = refused.answer
        await self._logged(method, token, arguments, answer)
        if isinstance(fault, Cut):
            return _cut(request)
        if answer.get("error") == "ratelimited":
            return web.json_response(answer, status=429, headers={"Retry-After": "1"})
        return web.json_response(answer)

    async def _logged(
        self,
        method: str,
        token: str,
        arguments: Mapping[str, Any],
        answer: Mapping[str, Any] | None,
    ) -> None:
        self.log.append(
            Call(
                at=time.monotonic(), method=method, token=token, arguments=arguments, answer=answer
            )
        )
        await self._tell()

    def _carry_out(
        self, method: str, token: str, arguments: Mapping[str, Any], request: web.Request
    ) -> dict[str, Any]:
        if method == "apps.connections.open":
            if token not in self.app_tokens:
                raise Refused(
                    "invalid_auth" if not token.startswith("xoxb") else "not_allowed_token_type"
                )
            return self._open_socket()
        if method == "oauth.v2.access":
            return self._exchange(arguments, request)
        who = self.tokens.get(token)
        if who is None:
            raise Refused("invalid_auth" if token else "not_authed")
        if "dead" in who:
            raise Refused(str(who["dead"]))
        if time.time() + self.ahead > who.get("until", float("inf")):
            raise Refused("token_expired")
        if who.get("everywhere") and method in OF_ONE_TEAM and not arguments.get("team_id"):
            raise Refused("missing_argument")
        scope = SCOPES.get(method)
        if method == "conversations.replies" and str(arguments.get("channel", "")).startswith("D"):
            scope = SCOPES["conversations.history"]
        if scope and scope not in self.scopes:
            raise Refused("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))
        handler = getattr(
            self, "_do_" + re.sub(r"[.]|(?<=[a-z])(?=[A-Z])", "_", method).lower(), None
        )
        if handler is None:
            raise Refused("unknown_method")
        result: dict[str, Any] = handler(arguments, who)
        return result

    def _open_socket(self) -> dict[str, Any]:
        self.opens += 1
        ticket = self._next("ticket")
        self._tickets[ticket] = True
        return {"url": f"{self._url.replace('http', 'ws', 1)}/link?ticket={ticket}"}

    def _exchange(self, arguments: Mapping[str, Any], request: web.Request) -> dict[str, Any]:
        """A code, or a refresh token, for a token: each good once."""
        renews = arguments.get("grant_type") == "refresh_token"
        unspent, key = (
            (self.refresh_tokens, arguments.get("refresh_token"))
            if renews
            else (self.codes, arguments.get("code"))
        )
        code = unspent.get(str(key))
        if code is None:
            raise Refused("invalid_refresh_token" if renews else "invalid_code")
        given = request.headers.get("Authorization", "")
        basic = (
            base64.b64decode(given.removeprefix("Basic ")).decode()
            if given.startswith("Basic ")
            else ""
        )
        client = (
            tuple(basic.split(":", 1))
            if basic
            else (arguments.get("client_id"), arguments.get("client_secret"))
        )
        if client != (code["client_id"], code["client_secret"]):
            raise Refused("bad_client_secret")
        del unspent[str(key)]
        token = self._next(f"{code['token']}-") if renews else str(code["token"])
        org = code.get("everywhere")
        self.tokens[token] = {
            "team": org or code["team"],
            "user": BOT_USER,
            "bot": BOT_ID,
            "everywhere": org,
        }
        rotation = {}
        if code.get("rotates"):
            rotation = {"refresh_token": self._next("xoxe-1-"), "expires_in": TOKEN_SECONDS}
            self.refresh_tokens[rotation["refresh_token"]] = code
            self.tokens[token]["until"] = time.time() + self.ahead + TOKEN_SECONDS
        return {
            "access_token": token,
            **rotation,
            "token_type": "bot",
            "scope": ",".join(sorted(self.scopes)),
            "bot_user_id": BOT_USER,
            "app_id": APP_ID,
            "team": None if org else {"id": code["team"], "name": "strict"},
            "enterprise": {"id": org, "name": "strict"} if org else None,
            "is_enterprise_install": bool(org),
            "authed_user": {"id": "U1"},
        }

    def _do_auth_test(self, arguments: Mapping[str, Any], who: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "url": f"{self._url}/",
            "team": "strict",
            "team_id": who["team"],
            "user": "pivotbot",
            "user_id": who["user"],
            "bot_id": who["bot"],
            "is_enterprise_install": bool(who.get("everywhere")),
            **({"enterprise_id": who["everywhere"]} if who.get("everywhere") else {}),
        }

    def _do_chat_post_message(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        channel = self._reachable(str(arguments.get("channel", "")), who)
        self._pace(channel)
        shown = self._message(arguments, channel)
        _checked_metadata(arguments.get("metadata"))
        return {"channel": channel, "ts": shown.ts, "message": {"text": shown.text}}

    def _do_chat_post_ephemeral(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        if "metadata" in arguments:
            raise Refused("invalid_arguments")
        channel = self._reachable(str(arguments.get("channel", "")), who)
        user = str(arguments.get("user", ""))
        if user not in self.channels[channel]["members"]:
            raise Refused("user_not_in_channel")
        return {"message_ts": self._message(arguments, channel, to=user).ts}

    def _do_chat_update(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        found = [
            one
            for one in self.shown
            if one.ts == arguments.get("ts")
            and one.channel == arguments.get("channel")
            and not one.to
        ]
        if not found:
            raise Refused("message_not_found")
        self._checked(arguments)
        found[0].text, found[0].blocks = (
            str(arguments.get("text", "")),
            list(arguments.get("blocks") or []),
        )
        found[0].edits += 1
        return {"channel": found[0].channel, "ts": found[0].ts}

    def _do_conversations_open(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        return {"channel": {"id": self._direct(str(arguments.get("users", "")))}}

    def _do_conversations_history(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        channel = str(arguments.get("channel", ""))
        if channel not in self.channels:
            raise Refused("channel_not_found")
        return {"messages": self._history(channel, "", arguments)}

    def _do_conversations_replies(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        return {
            "messages": self._history(str(arguments["channel"]), str(arguments["ts"]), arguments)
        }

    def _do_users_info(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        user = str(arguments.get("user", ""))
        if user not in self.users:
            raise Refused("user_not_found")
        return {"user": {"id": user, **self.users[user]}}

    def _do_views_publish(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        view = _json(arguments.get("view"))
        user = str(arguments.get("user_id", ""))
        if user not in self.users:
            raise Refused("user_not_found")
        found = slack_kit.view_problems(view) or (
            [] if view["type"] == "home" else ["no home view"]
        )
        if found:
            raise Refused("invalid_arguments", response_metadata={"messages": found})
        self.homes[user] = {"id": self._next("V"), **view}
        return {"view": self.homes[user]}

    def _do_views_open(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        made, used = self._triggers.get(str(arguments.get("trigger_id")), (None, False))
        if made is None:
            raise Refused("invalid_trigger_id")
        if used:
            raise Refused("trigger_exchanged")
        if time.monotonic() + self.age_seconds - made > TRIGGER_SECONDS:
            raise Refused("trigger_expired")
        self._triggers[str(arguments["trigger_id"])] = (made, True)
        view = _json(arguments.get("view"))
        found = slack_kit.view_problems(view) or ([] if view["type"] == "modal" else ["no modal"])
        if found:
            raise Refused("invalid_arguments", response_metadata={"messages": found})
        key = self._next("V")
        self.views[key] = {"id": key, "hash": self._next("hash"), **view}
        return {"view": self.views[key]}

    def _do_views_update(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        view = _json(arguments.get("view"))
        known = self.views.get(str(arguments.get("view_id")))
        if known is None:
            raise Refused("not_found")
        if arguments.get("hash", known["hash"]) != known["hash"]:
            raise Refused("hash_conflict")
        found = slack_kit.view_problems(view)
        if found:
            raise Refused("invalid_arguments", response_metadata={"messages": found})
        known.update(view, hash=self._next("hash"))
        return {"view": known}

    def _do_assistant_threads_set_suggested_prompts(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        prompts = _json(arguments.get("prompts"))
        if not 1 <= len(prompts) <= 4 or any(
            not prompt.get("title") or not prompt.get("message") for prompt in prompts
        ):
            raise Refused("invalid_arguments")
        self.prompts.append(arguments)
        return {}

    def _do_assistant_threads_set_status(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        if (
            not str(arguments.get("channel_id", "")).startswith("D")
            or not arguments.get("thread_ts")
            or "status" not in arguments
        ):
            raise Refused("invalid_arguments")
        self.statuses.append(arguments)
        return {}

    def _do_files_get_upload_urlexternal(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        if not arguments.get("filename") or int(arguments.get("length", 0)) < 1:
            raise Refused("invalid_arguments")
        key = self._next("F")
        self.files[key] = {
            "name": arguments["filename"],
            "length": int(arguments["length"]),
            "alt": arguments.get("alt_txt", ""),
            "done": False,
        }
        return {"upload_url": f"{self._url}/upload/{key}", "file_id": key}

    def _do_files_complete_upload_external(
        self, arguments: Mapping[str, Any], who: Mapping[str, Any]
    ) -> dict[str, Any]:
        files = _json(arguments.get("files"))
        for one in files:
            file = self.files.get(one["id"])
            if file is None or "content" not in file or file["done"]:
                raise Refused("file_not_found")
            channel = str(arguments.get("channel_id") or "")
            if channel and (
                channel not in self.channels or BOT_USER not in self.channels[channel]["members"]
            ):
                raise Refused("invalid_channel")
            file |= {
                "done": True,
                "channel": channel,
                "thread": arguments.get("thread_ts", ""),
                "comment": arguments.get("initial_comment", ""),
            }
        return {"files": [{"id": one["id"]} for one in files]}

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        file = self.files.get(request.match_info["file"])
        content = await request.read()
        fault = self.faults["upload"].popleft() if self.faults["upload"] else None
        if isinstance(fault, Status):
            return web.Response(status=fault.status, text=fault.body)
        if file is None or len(content) != file["length"]:
            return web.Response(status=400, text="length does not match")
        file["content"] = content
        return web.Response(text=f"OK - {len(content)}")

    # --- answer addresses --------------------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        key = request.match_info["key"]
        body = await request.json()
        fault = self.faults["response_url"].popleft() if self.faults["response_url"] else None
        if isinstance(fault, Status):
            await self._logged("response_url", "", body, None)
            return web.Response(
                status=fault.status,
                text=fault.body,
                headers=dict(fault.headers),
                content_type=fault.content_type,
            )
        if fault == Cut(after=False):
            await self._logged("response_url", "", body, None)
            return _cut(request)
        word = fault.word if isinstance(fault, Word) else self._take_answer(key, body)
        answer = {"ok": False, "error": word} if word else {"ok": True}
        await self._logged("response_url", "", body, answer)
        if isinstance(fault, Cut):
            return _cut(request)
        if word:
            return web.json_response(
                answer, status=404 if word in ("used_url", "expired_url", "no_service") else 400
            )
        return web.Response(text="ok")

    def _take_answer(self, key: str, body: Mapping[str, Any]) -> str:
        answers = self._answers.get(key)
        if answers is None:
            return "no_service"
        if time.monotonic() + self.age_seconds - answers.made > ANSWER_SECONDS:
            return "expired_url"
        if answers.uses >= ANSWERS:
            return "used_url"
        answers.uses += 1
        try:
            self._show_answer(answers, body)
        except Refused as refused:
            return str(refused.answer["error"])
        return ""

    def _show_answer(self, answers: Answers, body: Mapping[str, Any]) -> None:
        if body.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
            raise Refused("invalid_arguments")
        if not body.get("text") and not body.get("blocks"):
            return
        if body.get("replace_original") and answers.shown is not None:
            self._checked(body)
            answers.shown.text, answers.shown.blocks = (
                str(body.get("text", "")),
                list(body.get("blocks") or []),
            )
            answers.shown.edits += 1
            return
        public = body.get("response_type") == "in_channel"
        self._message(body, answers.channel, to="" if public else answers.user)

    # --- rules -------------------------------------------------------------------------------------------------

    def _message(self, body: Mapping[str, Any], channel: str, *, to: str = "") -> Shown:
        self._checked(body)
        shown = Shown(
            at=time.monotonic(),
            channel=channel,
            text=str(body.get("text") or ""),
            blocks=list(_json(body.get("blocks")) or []),
            to=to,
            ts=self._ts(),
            thread=str(body.get("thread_ts") or ""),
            metadata=body.get("metadata") or {},
            by=BOT_USER,
        )
        self.shown.append(shown)
        return shown

    def _checked(self, body: Mapping[str, Any]) -> None:
        text, blocks = body.get("text") or "", _json(body.get("blocks"))
        if not text and not blocks:
            raise Refused("no_text")
        if len(text) > 40_000:
            raise Refused("msg_too_long")
        if re.sub(r"&(?:amp|lt|gt);", "", text).count("&") or re.search(
            r"<(?![@#!]|https?:|mailto:)", text
        ):
            raise Refused(
                "unescaped_text"
            )  # not one of Slack's words: a trap for what Slack would misread
        done = frozenset(key for key, file in self.files.items() if file["done"])
        found = slack_kit.problems(blocks, "message", done) if blocks is not None else []
        if found:
            raise Refused("invalid_blocks", errors=found)

    def _reachable(self, channel: str, who: Mapping[str, Any]) -> str:
        """A channel belongs to a workspace; only its token, or its organisation's,
        may write there.
        """
        if channel.startswith(("U", "W")):
            return self._direct(channel)
        known = self.channels.get(channel)
        if known is None:
            raise Refused("channel_not_found")
        team = known.get("team", who["team"])
        if (
            who.get("everywhere")
            and team != who["team"]
            and team not in self.orgs.get(who["everywhere"], ())
        ):
            raise Refused("team_access_not_granted")
        if not who.get("everywhere") and team != who["team"]:
            raise Refused("channel_not_found")
        if known.get("archived"):
            raise Refused("is_archived")
        if BOT_USER not in known["members"]:
            raise Refused("not_in_channel")
        return channel

    def _direct(self, user: str) -> str:
        if user not in self.users:
            raise Refused("user_not_found")
        if self.users[user].get("deleted"):
            raise Refused("user_disabled")
        for key, channel in self.channels.items():
            if channel.get("im") == user:
                return key
        key = f"D{user}"
        self.channels[key] = {"members": {user, BOT_USER}, "im": user}
        return key

    def _pace(self, channel: str) -> None:
        if self.burst is None:
            return
        now, posted = time.monotonic(), self._posted[channel]
        while posted and now - posted[0] > 1.0:
            posted.popleft()
        if len(posted) >= self.burst:
            raise Refused("ratelimited")
        posted.append(now)

    def _history(
        self, channel: str, thread: str, arguments: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        metadata = str(arguments.get("include_all_metadata", "")).lower() in ("1", "true")
        found = [
            one
            for one in self.shown
            if one.channel == channel and one.thread == thread and not one.to
        ]
        found = found[-int(arguments.get("limit", 100)) :]
        return [
            {
                "ts": one.ts,
                "text": one.text,
                **({"metadata": one.metadata} if metadata and one.metadata else {}),
            }
            for one in reversed(found)
        ]


def signed(
    body: str | bytes, *, secret: str = SIGNING_SECRET, at: float | None = None
) -> dict[str, str]:
    """Slack's signature headers for a body."""
    stamp = str(int(time.time() if at is None else at))
    base = b"v0:" + stamp.encode() + b":" + (body.encode() if isinstance(body, str) else body)
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def entered(view: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """A modal's `state.values`: what is entered now, else what it was opened with."""
    state = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            chosen = (
                [element["initial_option"]]
                if "initial_option" in element
                else element.get("initial_options", [])
            )
            before = element.get("initial_value", ",".join(one["value"] for one in chosen))
            state[block["block_id"]] = {
                element["action_id"]: _field(element, values.get(block["block_id"], before))
            }
    return state


def _field(element: Mapping[str, Any], value: str) -> dict[str, Any]:
    kind = element["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": value or None}
    chosen = [option for option in element["options"] if option["value"] in value.split(",")]
    assert len(chosen) == len([one for one in value.split(",") if one]), (
        f"{value!r} is not to choose"
    )
    return (
        {"type": kind, "selected_options": chosen}
        if kind == "checkboxes"
        else {"type": kind, "selected_option": chosen[0] if chosen else None}
    )


def words_of(block: Any) -> str:
    """Everything that can be read in a block, spans run together as people see them."""
    if isinstance(block, list):
        return "".join(words_of(one) for one in block)
    if not isinstance(block, Mapping):
        return ""
    inner = "".join(
        words_of(value) for value in block.values() if isinstance(value, list | Mapping)
    )
    mine = block["text"] if isinstance(block.get("text"), str) else ""
    return mine + inner + ("" if block.get("type") in ("text", "link", None) else "\n")


def buttons(blocks: list[Any]) -> list[dict[str, Any]]:
    return [
        element for block in blocks if block["type"] == "actions" for element in block["elements"]
    ]


def _checked_metadata(metadata: Any) -> None:
    if metadata is None:
        return
    if not re.fullmatch(r"\w{1,255}", metadata.get("event_type", "")) or not isinstance(
        metadata.get("event_payload"), Mapping
    ):
        raise Refused("invalid_metadata_format")
    if len(json.dumps(metadata)) > 8000:
        raise Refused("metadata_too_large")


async def _arguments(request: web.Request, method: str) -> dict[str, Any]:
    arguments: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json" and request.can_read_body:
        if method not in FORM_ONLY:
            arguments |= await request.json()
    elif request.can_read_body:
        arguments |= dict(await request.post())
    return arguments


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _cut(request: web.Request) -> web.StreamResponse:
    assert request.transport
    request.transport.abort()
    return web.Response()
