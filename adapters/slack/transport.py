"""The Slack face: takes in what Bolt dispatches, acknowledges once it is committed, sends what the
outbox hands out.

It owns the SDK, the network and the waiting, and decides nothing: what an event means is parse's
business, what a reply looks like render's, what a refusal is called errors'.
"""

import asyncio
import logging
import re
import secrets
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from time import time
from typing import Any, TypeVar

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Route

from adapters.call_beginnings import trace
from adapters.slack import forms, oauth, render
from adapters.slack.addresses import is_slacks
from adapters.slack.authorize import Authorize
from adapters.slack.block_kit import FILE, PICTURE, Kit, rich
from adapters.slack.client import Client
from adapters.slack.errors import receipt_for
from adapters.slack.installations import Watcher
from adapters.slack.manifest import prompts
from adapters.slack.oauth import Workspaces
from adapters.slack.parse import dm_just_opened, event_instant, parse, workspace, workspaces_gone
from adapters.slack.proxy import proxy_for
from adapters.slack.sending import Draw, Sender
from adapters.slack.socket_mode import PING_SECONDS, SlackGone, listen
from adapters.slack.surface import SURFACE
from adapters.slack.token_rotation import Renewing
from adapters.slack.token_source import Grant, OneGrant, TokenSource
from adapters.slack.views import Showing
from adapters.slack.webhook import Seal, events_route
from bot.core.command_line import names
from bot.core.events import Account, Event, Found, Said, Submitted, Surface, cause_of
from bot.core.form import Form
from bot.core.messages import (
    Begin,
    Claimed,
    Delivered,
    Message,
    Receipt,
    TokenDead,
    Unclear,
    mark_nothing,
)
from bot.core.ports import Clock, Intake, Outcome, StoreGone
from bot.core.reply import Reply, Text
from bot.core.turn import ShowForm
from content.content import Content

log = logging.getLogger(__name__)

# https://docs.slack.dev/interactivity/handling-user-interaction
ACK_SECONDS = 2.5
"""Slack waits three seconds for an acknowledgement; later answers go by response_url."""

MOST_TURNS = 500
"""Turns under way at once.

Beyond that commands are told to come back, and events are left for Slack to bring again.
"""

CALL_SECONDS = 10.0
CONNECT_SECONDS = 5.0
DRAIN_SECONDS = 5.0
WARM_UP_SECONDS = 2.0

EVERYTHING = re.compile(".*", re.DOTALL)

# https://docs.slack.dev/apis/web-api/rate-limits
HELD_BACK = "app_rate_limited"
"""Comes every minute while a workspace is over 30,000 events an hour."""

_ANSWER = "pivotbot_answer"
"""Where a request's context keeps the message that travels in its acknowledgement."""


Result = TypeVar("Result")


class Slack:
    """The Messenger for Slack: Socket Mode with an app token,
    otherwise HTTP requests signed with the signing secret.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        content: Callable[[], Content],
        draw: Draw,
        api_url: str = "https://slack.com/api/",
        bot_token: str = "",
        app_token: str = "",
        signing_secret: str = "",
        workspaces: Workspaces | None = None,
        watcher: Watcher | None = None,
        ping_seconds: float = PING_SECONDS,
        ack_seconds: float = ACK_SECONDS,
        most_turns: int = MOST_TURNS,
    ) -> None:
        """`content`: as it is now; it may be read anew.

        `workspaces`: for a bot that any workspace may install; else `bot_token`. `watcher`: told
        where a token works.
        """
        self._clock = clock
        self._content = content
        self._app_token = app_token
        self._signing_secret = signing_secret
        self._ping_seconds = ping_seconds
        self._ack_seconds = ack_seconds
        self._most_turns = most_turns
        self.client: AsyncWebClient = Client(
            base_url=api_url, timeout=int(CALL_SECONDS), retry_handlers=[], logger=_quiet("web")
        )
        self.client.proxy = proxy_for(api_url)
        self.grants: TokenSource = (
            _renewing(workspaces, self.client, clock)
            if workspaces
            else OneGrant(self.client, bot_token)
        )
        self._workspaces = workspaces
        self._watcher = watcher
        self._sender = Sender(client=self.client, grants=self.grants, clock=clock, draw=draw)
        self._showing = Showing(client=self.client, grants=self.grants)
        self.app = self._bolt()
        self._intake: Intake | None = None
        self._turns = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._heard_at: datetime | None = None
        self.held_back: Callable[[], None] = lambda: None
        """Called whenever Slack says that it holds events back."""

    # --- Messenger --------------------------------------------------------------------------------

    @property
    def surface(self) -> Surface:
        return SURFACE

    def render(self, reply: Reply, event: Event) -> tuple[Message, ...]:
        return render.render(reply, event, render.Words.of(self._content().phrases))

    async def connect(self) -> None:
        """Have a connection at hand, so that the first message's call begins at once.

        Whatever fails will fail there too.
        """
        self.open()
        with suppress(SlackApiError, aiohttp.ClientError, TimeoutError, OSError):
            await self.client.api_test()

    async def send(self, claimed: Claimed, begin: Begin = mark_nothing) -> Receipt:
        self.open()
        message = claimed.message
        async with self._showing.status(
            message.address.chat if message.lane == "answer" else None,
            self._content().phrases["slack_working"],
        ):
            receipt = await self._sender.send(claimed, begin)
        if isinstance(receipt, Delivered):
            self._note_heard()
        return receipt

    async def serve(self, intake: Intake) -> None:
        """Receive until cancelled; then let the turns under way finish.

        Raises SlackGone when Slack is lost for good.
        """
        self.open()
        await self._warm_up()
        if self._workspaces:
            self._task(self._reseal(self._workspaces))
        self._intake = intake
        try:
            if self._app_token:
                await listen(
                    app_token=self._app_token,
                    web_client=self.client,
                    handle=self._envelope,
                    heard=self._note_heard,
                    ping_seconds=self._ping_seconds,
                    drain=self._drain,
                )
            await asyncio.Event().wait()
        finally:
            self._intake = None
            await self._drain()
            if isinstance(self.grants, Renewing):
                await self.grants.finish(DRAIN_SECONDS)

    def last_heard_at(self) -> datetime | None:
        return self._heard_at

    # --- what else wiring asks of it --------------------------------------------------------------

    def routes(self, intake: Intake) -> tuple[Route, ...]:
        """The HTTP routes: the pages to install it by, and Slack's requests.

        In Socket Mode Slack delivers none of those.
        """
        if self._workspaces:
            pages = oauth.routes(self._workspaces, self.client, lambda: self._content().phrases)
        else:
            pages = ()
        if self._app_token or not self._signing_secret:
            return pages
        self._intake = intake
        return (
            *pages,
            events_route(
                seal=Seal(self._signing_secret, self._clock),
                dispatch=self._dispatch,
                settle=self._settle,
                heard=self._note_heard,
                is_open=lambda: self._intake is not None,
            ),
        )

    async def zone_of(self, account: Account) -> str:
        """The IANA zone in the person's Slack profile; empty if Slack does not say."""
        self.open()
        try:
            grant = await self.grants.find(account.workspace)
            if grant is None:
                return ""
            answer = await self.client.users_info(token=grant.token, user=account.user)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError, StoreGone) as error:
            log.info("slack: no zone for somebody (%s)", type(receipt_for(error)).__name__)
            return ""
        user: Mapping[str, Any] = answer.get("user") or {}
        return str(user.get("tz") or "")

    def open(self) -> None:
        """One session, and so one pool of connections, for every call; needs the running loop."""
        if self.client.session is None or self.client.session.closed:
            timeout = aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CONNECT_SECONDS)
            self.client.session = aiohttp.ClientSession(
                timeout=timeout,
                trace_configs=[trace()],
                trust_env=self.client.base_url.startswith("https://"),
            )

    async def close(self) -> None:
        """After the last message was sent."""
        if self.client.session is not None:
            await self.client.session.close()

    # --- receiving --------------------------------------------------------------------------------

    def _bolt(self) -> AsyncApp:
        """Bolt with one listener for everything.

        It answers only when the listener has returned (`process_before_response`): the default
        acknowledges events before their turn is committed.
        """
        app = AsyncApp(
            client=self.client,
            logger=_quiet("bolt"),
            name=f"{__name__}.bolt",  # Bolt sets the level of the logger of this name
            process_before_response=True,
            # Bolt's hint knows functions only.
            authorize=Authorize(self.grants),  # type: ignore[arg-type]
            # adapters.slack.webhook does, before anything is parsed.
            request_verification_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
            user_facing_authorize_error_message=self._content().phrases["slack_not_installed"],
        )
        app.command(EVERYTHING)(self._listen)
        app.action(EVERYTHING)(self._listen)
        app.shortcut(EVERYTHING)(self._listen)
        app.view(EVERYTHING)(self._listen)
        app.view_closed(EVERYTHING)(self._listen)
        app.event(EVERYTHING)(self._listen)
        return app

    async def _envelope(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        self._note_heard()
        self._task(self._answer_envelope(client, request))

    async def _answer_envelope(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        started = time()
        asked = AsyncBoltRequest(
            mode="socket_mode", body=request.payload, headers=build_headers(request)
        )
        response = await self._dispatch(asked)
        try:
            await send_async_response(client, request, response, started)
        except (OSError, aiohttp.ClientError) as error:
            log.warning("slack: an acknowledgement could not be sent (%s)", type(error).__name__)
            await self._settle(asked, False)
            return
        await self._settle(asked, True)

    async def _dispatch(self, asked: AsyncBoltRequest) -> BoltResponse:
        """Bolt's answer, but for two things that it has no good one for: Slack holds events back,
        and the bot was removed there.
        """
        body = asked.body
        if body.get("type") == HELD_BACK:
            log.warning("slack: holds events back, because one workspace sent too many in an hour")
            self.held_back()
            return BoltResponse(status=200, body="")
        if await self._is_removed(body):
            return await self._not_installed(body)
        return await self.app.async_dispatch(asked)

    async def _is_removed(self, body: Mapping[str, Any]) -> bool:
        """Slack goes on delivering for a while after an uninstall.

        What cannot be told is Bolt's to find out.
        """
        try:
            where = workspace(body)
            return bool(
                where and workspaces_gone(body) is None and await self.grants.who(where) is None
            )
        except SlackApiError as error:
            return isinstance(receipt_for(error), TokenDead)
        # A torn payload, a database that is away: looked at again behind.
        except Exception:  # noqa: BLE001
            return False

    async def _not_installed(self, body: Mapping[str, Any]) -> BoltResponse:
        """Events are acknowledged and that is all; whoever did something is told,
        at an address that is Slack's.
        """
        log.info("slack: a %s of a workspace without the bot", body.get("type") or "command")
        words = self._content().phrases["slack_not_installed"]
        told = {"response_type": "ephemeral", "replace_original": False, "text": words}
        if "command" in body:
            return BoltResponse(status=200, body=told)
        if body.get("type") == "view_submission":
            view = self._notice("slack_not_installed")
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        address = str(body.get("response_url") or "")
        if is_slacks(address, self.client.base_url):
            self._task(self._post(address, told))
        return BoltResponse(status=200, body="")

    async def _listen(
        self, body: dict[str, Any], ack: AsyncAck, context: AsyncBoltContext
    ) -> BoltResponse | None:
        """Bolt's one listener: what is no event of the conversation is dealt with here,
        all else becomes a turn.
        """
        content, now = self._content(), self._clock.now()
        try:
            gone, gone_at = workspaces_gone(body), event_instant(body)
            direct, where = dm_just_opened(body), workspace(body)
            event = parse(body, at=now, nonce=secrets.token_hex(16), names=names(content))
            follows, door = forms.follows_of(content, body, now), forms.door(body)
        except Exception as error:  # noqa: BLE001 -- whatever a torn payload makes these raise
            # Brought again it would be no clearer, so it is acknowledged; its kind is logged, never
            # what stands in it.
            log.error(  # noqa: TRY400
                "slack: a %s payload of a shape we do not know (%s)",
                body.get("type") or "command",
                type(error).__name__,
            )
            return await ack()
        for one in gone.split(",") if gone else ():
            await self.grants.revoke(one, said_at=gone_at)
        if direct:
            self._task(self._showing.prompts(direct, where, prompts(content)))
        if follows is not None:
            self._task(self._showing.follow(follows, where))
            return await ack()
        if event is None:
            return await ack()
        return await self._turn(event, door, ack, context)

    async def _turn(
        self, event: Event, door: forms.ModalTrigger, ack: AsyncAck, context: AsyncBoltContext
    ) -> BoltResponse:
        """The turn commits, then the acknowledgement goes out,
        with the first answer in it where Slack takes one.
        """
        if self._intake is None or self._turns >= self._most_turns:
            return await self._refuse(event, door, ack, "slack_busy")
        turn = self._task(self._take(self._intake, event))
        if event.token is None:
            # Slack brings an unacknowledged event again, and the turn then knows its key: nothing
            # is won by an early ack.
            await asyncio.wait({turn})
        else:
            await asyncio.wait({turn}, timeout=self._ack_seconds)
        if not turn.done():
            self._task(self._late(turn, event, door))
            return await ack()
        outcome = turn.result()
        if outcome is None:
            return await self._refuse(event, door, ack, "slack_trouble")
        form = _form_of(outcome)
        if form is None:
            return await self._acknowledge(outcome, event, ack, context)
        if not isinstance(event.body, Submitted):
            self._task(self._open_form(form, event, door))
            return await ack()
        if wrong := forms.errors(form):
            return await ack({"response_action": "errors", "errors": wrong})
        return await ack(
            {"response_action": "update", "view": forms.modal(form, self._content().phrases)}
        )

    async def _open_form(self, form: Form, event: Event, door: forms.ModalTrigger) -> None:
        """A form that Slack does not show is asked question by question instead, in the chat.

        Outsiders see none: what is known of them is not for another company's workspace.
        """
        view = forms.modal(form, self._content().phrases)
        is_shown = event.account.workspace == event.chat.workspace and await self._showing.open(
            door, view, event.chat.workspace
        )
        if not is_shown and self._intake is not None:
            token = None
            if event.token:
                token = replace(event.token, in_ack=False)
            not_shown = Found(ShowForm.__name__, (), cause_of(event))
            key = f"{event.key}:{not_shown.effect}"
            await self._take(
                self._intake,
                replace(event, key=key, at=self._clock.now(), body=not_shown, token=token),
            )

    async def _take(self, intake: Intake, event: Event) -> Outcome | None:
        """The turn's outcome; None if it could not be taken at all.

        Raises nothing: Bolt would log what it was given.
        """
        self._turns += 1
        try:
            async with self._showing.status(
                event.chat if isinstance(event.body, Said) else None,
                self._content().phrases["slack_working"],
            ):
                return await intake.take(event)
        except Exception as error:  # noqa: BLE001 -- whatever it was, Slack waits for an answer
            # No texts in logs.
            log.error("slack: an event could not be taken (%s)", type(error).__name__)  # noqa: TRY400
            return None
        finally:
            self._turns -= 1

    async def _late(
        self, turn: asyncio.Task[Outcome | None], event: Event, door: forms.ModalTrigger
    ) -> None:
        """The acknowledgement went out empty; the answer follows by the event's answer address.

        It closed a form that was sent.
        """
        outcome = await turn
        if outcome is None:
            await self._apologise(event, door, "slack_trouble")
            return
        form = _form_of(outcome)
        if form is not None:
            await self._open_form(form, event, forms.ModalTrigger() if forms.errors(form) else door)
        for claimed in _in_ack(outcome):
            await self._by_itself(claimed)

    async def _acknowledge(
        self, outcome: Outcome, event: Event, ack: AsyncAck, context: AsyncBoltContext
    ) -> BoltResponse:
        """With the first answer, unless that needs a second try: nobody learns whether Slack
        refused what an acknowledgement held, so pictures, files and native tables go by the answer
        address.
        """
        for claimed in _in_ack(outcome):
            payload = claimed.message.payload
            if PICTURE in payload or FILE in payload or _has_table(payload):
                self._task(self._by_itself(claimed))
                continue
            context[_ANSWER] = claimed
            return await ack(self._in_ack_of(event, claimed.message))
        return await ack()

    def _in_ack_of(self, event: Event, message: Message) -> dict[str, Any]:
        payload = message.payload
        if isinstance(event.body, Submitted):
            # Our own renderer's list.
            blocks = list(payload["blocks"])  # type: ignore[call-overload]
            view = render.modal(blocks, render.Words.of(self._content().phrases))
            return {"response_action": "update", "view": view}
        return {key: value for key, value in payload.items() if key != "replace_original"}

    async def _by_itself(self, claimed: Claimed) -> None:
        receipt = await self.send(claimed)
        if self._intake is not None:
            await self._intake.settle(claimed, receipt)

    async def _settle(self, asked: AsyncBoltRequest, sent: bool) -> None:
        claimed = asked.context.get(_ANSWER)
        if isinstance(claimed, Claimed) and self._intake is not None:
            await self._intake.settle(
                claimed, Delivered("") if sent else Unclear("the acknowledgement broke off")
            )

    async def _refuse(
        self, event: Event, door: forms.ModalTrigger, ack: AsyncAck, phrase: str
    ) -> BoltResponse:
        """A command, tap, shortcut or form comes once only, so its sender is told.

        An event stays unacknowledged: Slack brings it again.
        """
        if event.token is None and not door.trigger:
            return BoltResponse(status=503, body="")
        if isinstance(event.body, Submitted):
            return await ack({"response_action": "update", "view": self._notice(phrase)})
        if event.token is not None and event.token.in_ack:
            return await ack(
                {"response_type": "ephemeral", "text": self._content().phrases[phrase]}
            )
        self._task(self._apologise(event, door, phrase))
        return await ack()

    def _notice(self, phrase: str) -> Kit:
        phrases = self._content().phrases
        return render.modal([rich((Text(phrases[phrase]),))], render.Words.of(phrases))

    async def _apologise(self, event: Event, door: forms.ModalTrigger, phrase: str) -> None:
        """One sentence by response_url, or in a modal where there is none; tried once: nothing
        happened that could be lost.
        """
        address = event.token.address if event.token else ""
        if self.client.session is None:
            return
        if not is_slacks(address, self.client.base_url):
            await self._showing.open(door, self._notice(phrase), event.chat.workspace)
            return
        body = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": self._content().phrases[phrase],
        }
        await self._post(address, body)

    async def _post(self, address: str, body: Mapping[str, object]) -> None:
        """Tried once."""
        self.open()
        assert self.client.session is not None  # noqa: S101 -- just opened
        try:
            async with self.client.session.post(address, json=body):
                pass
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.info("slack: an apology did not arrive (%s)", type(error).__name__)

    # --- keeping things going ---------------------------------------------------------------------

    async def _reseal(self, workspaces: Workspaces) -> None:
        with suppress(StoreGone):  # then the next start does it
            await workspaces.installations.reseal()

    async def _warm_up(self) -> None:
        """Learn who we are before the first event asks.

        A token that Slack refuses ends it here, with the setting's name.
        """
        if not isinstance(self.grants, OneGrant):
            return
        while True:
            try:
                grant = await self.grants.find("")
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
                receipt = receipt_for(error)
                if isinstance(receipt, TokenDead):
                    raise SlackGone(f"Slack refuses SLACK_BOT_TOKEN: {receipt.reason}") from error
                log.warning("slack: not reachable yet (%s)", type(receipt).__name__)
                await asyncio.sleep(WARM_UP_SECONDS)
            else:
                self._note_heard()
                await self._works(grant)
                return

    async def _works(self, grant: Grant | None) -> None:
        """Nudges that rest since an earlier token was refused go on.

        With the database away, the first event does the same.
        """
        if grant is None or self._watcher is None:
            return
        with suppress(StoreGone):
            for workspace in filter(None, (grant.team, grant.enterprise)):
                await self._watcher.on_installed(workspace)

    def _note_heard(self) -> None:
        self._heard_at = self._clock.now()

    def _task(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Run it, and hold on to it: the loop alone would let it be collected."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _drain(self) -> None:
        """Turns and acknowledgements under way may finish, for a few seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                while self._tasks:
                    await asyncio.wait(set(self._tasks))


def _renewing(workspaces: Workspaces, client: AsyncWebClient, clock: Clock) -> Renewing:
    return Renewing(
        installations=workspaces.installations,
        client=client,
        client_id=workspaces.client_id,
        client_secret=workspaces.client_secret,
        clock=clock,
    )


def _in_ack(outcome: Outcome) -> tuple[Claimed, ...]:
    return tuple(claimed for claimed in outcome.claimed if claimed.message.address.in_ack)


def _form_of(outcome: Outcome) -> Form | None:
    if outcome.turn:
        effects = outcome.turn.effects
    else:
        effects = ()
    return next((effect.form for effect in effects if isinstance(effect, ShowForm)), None)


def _has_table(payload: Mapping[str, Any]) -> bool:
    return any(block["type"] == "table" for block in payload.get("blocks") or ())


def _quiet(part: str) -> logging.Logger:
    """For the SDK: errors only.

    Below that it logs whole payloads, and what people wrote is in them.
    """
    logger = logging.getLogger(f"{__name__}.{part}")
    logger.setLevel(logging.ERROR)
    return logger
