"""What Bolt dispatches becomes a turn, and its answer Slack's acknowledgement.

The turn commits, then the acknowledgement goes out, with the first answer in it where Slack takes
one; what is late or does not fit follows by the event's answer address.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack import acknowledgement, forms, payload
from adapters.slack.apologies import Apologies
from adapters.slack.background import Background
from adapters.slack.forms import ModalTrigger
from adapters.slack.manifest import prompts
from adapters.slack.token_source import TokenSource
from adapters.slack.views import Showing
from bot.core.events import Event, Found, Said, Submitted, cause_of
from bot.core.form import Form
from bot.core.messages import Claimed, Delivered, Receipt, Unclear
from bot.core.ports import Clock, Intake, Outcome
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

BUSY = "slack_busy"
TROUBLE = "slack_trouble"

_ANSWER = "pivotbot_answer"
"""Where a request's context keeps the message that travels in its acknowledgement."""


class Listener:
    """`send`: a claimed message, outside any acknowledgement.

    `intake`: who takes events; None while nobody does.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        content: Callable[[], Content],
        grants: TokenSource,
        showing: Showing,
        apologies: Apologies,
        background: Background,
        send: Callable[[Claimed], Awaitable[Receipt]],
        ack_seconds: float = ACK_SECONDS,
        most_turns: int = MOST_TURNS,
    ) -> None:
        self.intake: Intake | None = None
        self._clock = clock
        self._content = content
        self._grants = grants
        self._showing = showing
        self._apologies = apologies
        self._background = background
        self._send = send
        self._ack_seconds = ack_seconds
        self._most_turns = most_turns
        self._turns = 0

    async def listen(
        self, body: dict[str, Any], ack: AsyncAck, context: AsyncBoltContext
    ) -> BoltResponse | None:
        """Bolt's one listener: what is no event of the conversation is dealt with here,
        all else becomes a turn.
        """
        try:
            read = payload.read(
                self._content(), body, now=self._clock.now(), nonce=secrets.token_hex(16)
            )
        except Exception as error:  # noqa: BLE001 -- whatever a torn payload makes these raise
            # Brought again it would be no clearer, so it is acknowledged; its kind is logged, never
            # what stands in it.
            log.error(  # noqa: TRY400
                "slack: a %s payload of a shape we do not know (%s)",
                body.get("type") or "command",
                type(error).__name__,
            )
            return await ack()
        for workspace in read.gone:
            await self._grants.revoke(workspace, said_at=read.gone_at)
        if read.direct:
            self._background.start(
                self._showing.prompts(read.direct, read.where, prompts(self._content()))
            )
        if read.follows is not None:
            self._background.start(self._showing.follow(read.follows, read.where))
            return await ack()
        if read.event is None:
            return await ack()
        return await self._turn(read.event, read.door, ack, context)

    async def settle(self, asked: AsyncBoltRequest, sent: bool) -> None:
        """Report what became of the answer that travelled in this request's acknowledgement."""
        claimed = asked.context.get(_ANSWER)
        if not isinstance(claimed, Claimed) or self.intake is None:
            return
        if sent:
            await self.intake.settle(claimed, Delivered(""))
        else:
            await self.intake.settle(claimed, Unclear("the acknowledgement broke off"))

    # --- a turn -----------------------------------------------------------------------------------

    async def _turn(
        self, event: Event, door: ModalTrigger, ack: AsyncAck, context: AsyncBoltContext
    ) -> BoltResponse:
        if self.intake is None or self._turns >= self._most_turns:
            return await self._refuse(event, door, ack, BUSY)
        turn = self._background.start(self._take(self.intake, event))
        # Slack brings an unacknowledged event again, and the turn then knows its key: nothing is
        # won by an early acknowledgement.
        patience = None if event.token is None else self._ack_seconds
        await asyncio.wait({turn}, timeout=patience)
        if not turn.done():
            self._background.start(self._follow_up(turn, event, door))
            return await ack()
        outcome = turn.result()
        if outcome is None:
            return await self._refuse(event, door, ack, TROUBLE)
        form = acknowledgement.form_of(outcome)
        if form is None:
            return await self._acknowledge(outcome, event, ack, context)
        return await self._acknowledge_form(form, event, door, ack)

    async def _take(self, intake: Intake, event: Event) -> Outcome | None:
        """The turn's outcome; None if it could not be taken at all.

        Raises nothing: Bolt would log what it was given.
        """
        chat = event.chat if isinstance(event.body, Said) else None
        self._turns += 1
        try:
            async with self._showing.status(chat, self._content().phrases["slack_working"]):
                return await intake.take(event)
        except Exception as error:  # noqa: BLE001 -- whatever it was, Slack waits for an answer
            # No texts in logs.
            log.error("slack: an event could not be taken (%s)", type(error).__name__)  # noqa: TRY400
            return None
        finally:
            self._turns -= 1

    async def _follow_up(
        self, turn: asyncio.Task[Outcome | None], event: Event, door: ModalTrigger
    ) -> None:
        """The acknowledgement went out empty; the answer follows by the event's answer address.

        It closed a form that was sent.
        """
        outcome = await turn
        if outcome is None:
            await self._apologies.tell(event, door, TROUBLE)
            return
        form = acknowledgement.form_of(outcome)
        if form is not None:
            is_closed = bool(forms.errors(form))
            await self._open_form(form, event, ModalTrigger() if is_closed else door)
        for claimed in acknowledgement.claimed_for(outcome):
            await self._send_alone(claimed)

    # --- its acknowledgement ----------------------------------------------------------------------

    async def _acknowledge(
        self, outcome: Outcome, event: Event, ack: AsyncAck, context: AsyncBoltContext
    ) -> BoltResponse:
        """With the first answer, unless that needs a receipt."""
        for claimed in acknowledgement.claimed_for(outcome):
            if acknowledgement.needs_receipt(claimed.message):
                self._background.start(self._send_alone(claimed))
                continue
            context[_ANSWER] = claimed
            return await ack(
                acknowledgement.body_of(event, claimed.message, self._content().phrases)
            )
        return await ack()

    async def _acknowledge_form(
        self, form: Form, event: Event, door: ModalTrigger, ack: AsyncAck
    ) -> BoltResponse:
        """A form that was sent shows its errors, or gives way to the next one."""
        if not isinstance(event.body, Submitted):
            self._background.start(self._open_form(form, event, door))
            return await ack()
        if wrong := forms.errors(form):
            return await ack({"response_action": "errors", "errors": wrong})
        return await ack(acknowledgement.update(forms.modal(form, self._content().phrases)))

    async def _refuse(
        self, event: Event, door: ModalTrigger, ack: AsyncAck, phrase: str
    ) -> BoltResponse:
        """A command, tap, shortcut or form comes once only, so its sender is told.

        An event stays unacknowledged: Slack brings it again.
        """
        phrases = self._content().phrases
        if event.token is None and not door.trigger:
            return BoltResponse(status=503, body="")
        if isinstance(event.body, Submitted):
            return await ack(acknowledgement.update(acknowledgement.notice(phrases, phrase)))
        if event.token is not None and event.token.in_ack:
            return await ack({"response_type": "ephemeral", "text": phrases[phrase]})
        self._background.start(self._apologies.tell(event, door, phrase))
        return await ack()

    # --- beside it --------------------------------------------------------------------------------

    async def _open_form(self, form: Form, event: Event, door: ModalTrigger) -> None:
        """A form that Slack does not show is asked question by question instead, in the chat.

        Outsiders see none: what is known of them is not for another company's workspace.
        """
        is_own = event.account.workspace == event.chat.workspace
        view = forms.modal(form, self._content().phrases)
        if is_own and await self._showing.open(door, view, event.chat.workspace):
            return
        if self.intake is not None:
            await self._take(self.intake, self._not_shown(event))

    def _not_shown(self, event: Event) -> Event:
        """The event that says so."""
        found = Found(ShowForm.__name__, (), cause_of(event))
        return replace(
            event,
            key=f"{event.key}:{found.effect}",
            at=self._clock.now(),
            body=found,
            token=replace(event.token, in_ack=False) if event.token else None,
        )

    async def _send_alone(self, claimed: Claimed) -> None:
        receipt = await self._send(claimed)
        if self.intake is not None:
            await self.intake.settle(claimed, receipt)
