"""Runs the conversation: gives each event to `step` inside one transaction and hands on what it
decided.

The engine knows no platform and no SQL. It decides nothing a person would read, except through
`step`.
"""

import asyncio
import logging
import re
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from time import perf_counter, time_ns
from typing import Protocol

from bot.conversation.care import is_urgent
from bot.conversation.person_rate_limit import asks_to_stop
from bot.conversation.step import apology
from bot.core.bot_token import BotToken
from bot.core.events import (
    Account,
    Chat,
    Event,
    Found,
    Pressed,
    Reading,
    Said,
    Submitted,
    cause_of,
)
from bot.core.messages import Claimed, Message, Receipt
from bot.core.ports import Clock, Decided, Outcome, Store, StoreGone
from bot.core.reply import Reply
from bot.core.state import Person, Reminder, State, Subscription
from bot.core.traces import Traces, Untraced
from bot.core.turn import CountTexts, LookUpZone, ReloadContent
from bot.runtime.delivery import Delivery
from bot.runtime.intake_rate_limit import IntakeLimiter
from bot.runtime.logs import of_turn
from bot.runtime.metrics import Metrics
from bot.runtime.reading_time import FIRST_SECONDS, MOST_SECONDS, ReadingTooLongError, within
from bot.runtime.turn_decider import TurnDecider
from content.content import Content

log = logging.getLogger(__name__)

ACK_ROOM_SECONDS = 2.0
"""How long an acknowledgement waits for a free send slot before its answer goes out as an ordinary
message instead.
"""

Reader = Callable[[Content, str], Reading | None]

MOST_CHARACTERS = 10_000
"""What is looked at of one message: a job ad is as long as this.

Telegram sends less; Slack may send four times as much.
"""
UNDERSTOOD_CHARACTERS = 4000
"""What of it is read for its meaning: nobody asks a question longer than that."""

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""What no database keeps as text: NUL and lone surrogates."""

LONGEST_RUN = 40
_RUN = re.compile(r"[0-9]{41,}|(.)\1{40,}", re.DOTALL)
"""Digits, or one sign again and again: nobody's words, and what feeds the backtracking of a regular
expression, so they are cut.
"""


NOT_UNDERSTOOD = Reading(
    command="", intent="out_of_scope", confidence=1.0, action="reject", reason="gibberish"
)


class ZoneSource(Protocol):
    """A platform that knows its people's time zones."""

    async def zone_of(self, account: Account) -> str: ...


class Engine:
    """The intake that every adapter calls, and the carrier of effects
    that need the network or the process.
    """

    def __init__(
        self,
        *,
        decider: TurnDecider,
        store: Store,
        clock: Clock,
        delivery: Delivery,
        read: Reader,
        metrics: Metrics,
        zones: Mapping[str, ZoneSource] | None = None,
        traces: Traces | None = None,
    ) -> None:
        self._decider = decider
        self._store = store
        self._clock = clock
        self._delivery = delivery
        self._read = read
        self._metrics = metrics
        self._zones = zones or {}
        self._traces = traces or Untraced()
        self._crowds = IntakeLimiter()
        self._texts: Counter[str] = Counter()
        self._read_with: Content | None = None
        self._turns: set[asyncio.Task[Outcome]] = set()
        self._pending_effects: set[asyncio.Task[None]] = set()

    async def take(self, event: Event) -> Outcome:
        """See bot.core.ports.Intake.

        Raises StoreGone when the database is away: then nothing happened and nothing may be
        confirmed. A turn that has begun is finished even if its caller is cancelled.
        """
        event = self._decider.with_number(event)
        with of_turn(event.turn):
            task = asyncio.create_task(
                self._take_traced(event) if self._traces.on else self._take(event)
            )
        self._turns.add(task)
        task.add_done_callback(self._forget_task)
        return await asyncio.shield(task)

    def _forget_task(self, task: asyncio.Task[Outcome]) -> None:
        """Takes the task's exception, so that asyncio does not log it as never retrieved: the caller,
        who had to be told, may have gone.
        """
        self._turns.discard(task)
        if not task.cancelled():
            task.exception()

    async def finish(self, seconds: float) -> None:
        """Wait for the turns and errands under way, at most so long."""
        if under_way := self._turns | self._pending_effects:
            await asyncio.wait(under_way, timeout=seconds)

    async def _take_traced(self, event: Event) -> Outcome:
        with self._traces.span(
            "intake", platform=event.chat.platform, kind=type(event.body).__name__, turn=event.turn
        ) as note:
            outcome = await self._take(event)
            note("duplicate", outcome.duplicate)
            return outcome

    async def _take(self, event: Event) -> Outcome:
        started = perf_counter()
        event, unread = self._read_event(_sanitise(event))
        verdict = self._crowds.check(event, self._clock.now())
        if verdict != "answer" and not self._must_be_heard(event):
            if verdict == "silence":
                self._metrics.turns.labels(event.chat.platform, "unanswered").inc()
                return Outcome()
            event = replace(event, crowded=True)
        token = BotToken.of(event.chat).key
        event, reserved = await self._make_room(event, token)
        try:
            outcome = await (
                self._set_aside(event, unread, int(reserved))
                if unread
                else self._turn(event, room=int(reserved))
            )
        except BaseException as error:
            if reserved:
                self._delivery.release(token)
            if isinstance(error, StoreGone):
                self._metrics.store_gone.inc()
            raise
        self._launch(outcome, token, reserved=reserved)
        self._count(event, outcome)
        for effect in outcome.effects:
            self._send_for(effect, event)
        if log.isEnabledFor(logging.DEBUG):
            self._note(event, outcome)
        platform = event.chat.platform
        self._metrics.turns.labels(platform, "duplicate" if outcome.duplicate else "decided").inc()
        self._metrics.turn_seconds.labels(platform).observe(perf_counter() - started)
        return outcome

    def _count(self, event: Event, outcome: Outcome) -> None:
        """Of typed texts: how many, and of what kind those were that found no answer.

        Nothing of the texts themselves.
        """
        if outcome.turn is None or not isinstance(event.body, Said):
            return
        self._texts["texts"] += 1
        if outcome.turn.state.conversation.misses:
            kind = kind_of(event.body.reading)
            self._texts[f"missed:{kind}"] += 1
            self._metrics.missed.labels(kind).inc()

    def _must_be_heard(self, event: Event) -> bool:
        """Stopping the nudges is obeyed, and danger answered, in any crowd."""
        content = self._decider.content_store.content
        return asks_to_stop(content, event) or is_urgent(content, event)

    def _note(self, event: Event, outcome: Outcome) -> None:
        person, chat = self._decider.pseudonyms_of(event)
        if outcome.duplicate:
            what = "had its effect before"
        else:
            what = "is committed"
        log.debug(
            "%s on %s %s: person %s, chat %s",
            type(event.body).__name__,
            event.chat.platform,
            what,
            person,
            chat,
        )

    async def settle(self, claimed: Claimed, receipt: Receipt) -> None:
        """An acknowledgement went out, or did not."""
        self._delivery.settle(claimed, receipt)

    async def resume(self) -> None:
        """Take up errands whose process died or whose answer found no database:
        somebody waits for it.
        """
        for event, effect in await self._store.pending_effects(self._clock.now()):
            self._send_for(effect, event)

    async def pending_effects(self) -> None:
        """Wait for the network effects under way."""
        while self._pending_effects:
            await asyncio.wait(self._pending_effects)

    def _read_event(self, event: Event) -> tuple[Event, Exception | None]:
        """The event with its text read, and what the reading failed with, if it did, twice.

        What a flood says is not read: the count that answers it is made in the turn, and a reading
        is the dearest part of one.
        """
        body = event.body
        if not isinstance(body, Said) or body.reading or not body.text.strip():
            return event, None
        if not self._crowds.reads(event):
            return event, None
        for last in (False, True):
            try:
                reading = self._reading(body.text[:UNDERSTOOD_CHARACTERS])
            except ReadingTooLongError:
                log.warning("a text of %d characters took too long to read", len(body.text))
                self._metrics.understood.labels("cut_off").inc()
                return replace(event, body=replace(body, reading=NOT_UNDERSTOOD)), None
            except Exception as error:  # noqa: BLE001 -- one bad text must not stop the others
                log.warning("event: the reading failed (%s)", type(error).__name__)
                if last:
                    return event, error
            else:
                self._metrics.understood.labels(reading.action if reading else "exact").inc()
                return replace(event, body=replace(body, reading=reading)), None
        raise AssertionError("the second reading returns")

    def _reading(self, text: str) -> Reading | None:
        """Raises ReadingTooLongError.

        What reading needs of a content is made with its first text, which has more time.
        """
        content = self._decider.content_store.content
        if content is self._read_with:
            seconds = MOST_SECONDS
        else:
            seconds = FIRST_SECONDS
        reading = within(seconds, partial(self._read, content, text))
        if reading is not None:  # a command word for word needs nothing
            self._read_with = content
        return reading

    async def _make_room(self, event: Event, token: str) -> tuple[Event, bool]:
        if event.token is None or not event.token.in_ack:
            return event, self._delivery.try_acquire(token)
        if await self._delivery.acquire(token, ACK_ROOM_SECONDS):
            return event, True
        return replace(event, token=replace(event.token, in_ack=False)), False

    async def _turn(self, event: Event, *, room: int) -> Outcome:
        """A turn that fails is tried once more; failing again, the event is set aside and its
        sender told in one sentence.
        """
        try:
            return await self._commit(event, room)
        except StoreGone:
            raise
        except Exception as error:  # noqa: BLE001 -- one bad event must not stop the others
            log.warning("event: the turn failed once (%s)", type(error).__name__)
        try:
            return await self._commit(event, room)
        except StoreGone:
            raise
        except Exception as error:  # noqa: BLE001
            return await self._set_aside(event, error, room)

    async def _set_aside(self, event: Event, error: Exception, room: int) -> Outcome:
        log.error(
            "event set aside: %s at %s, reference %s",
            type(error).__name__,
            where(error),
            event.turn,
        )
        self._metrics.count_failure("turn", error)
        return await self._store.set_aside(
            event,
            _Apology(self._decider, event.turn),
            error=type(error).__name__,
            reference=event.turn,
            room=room,
        )

    async def _commit(self, event: Event, room: int) -> Outcome:
        if not self._traces.on:
            return await self._store.turn(event, self._decider, room=room)
        begun, watched = time_ns(), _Watched(self._decider)
        outcome = await self._store.turn(event, watched, room=room)
        decided_at = watched.decided_at or begun
        self._traces.record(
            "turn", begun, decided_at, platform=event.chat.platform, turn=event.turn
        )
        self._traces.record(
            "commit", decided_at, time_ns(), platform=event.chat.platform, turn=event.turn
        )
        return outcome

    def _launch(self, outcome: Outcome, token: str, *, reserved: bool) -> None:
        """The first claimed message uses the reserved place;
        an ack-borne one keeps it until the adapter settles it.
        """
        if reserved and not outcome.claimed:
            self._delivery.release(token)
        for claimed in outcome.claimed:
            if not claimed.message.address.in_ack:
                self._delivery.send(claimed)
        if outcome.waiting:
            self._delivery.wake()

    def _send_for(self, effect: object, event: Event) -> None:
        with of_turn(event.turn):
            task = asyncio.create_task(self._errand(effect, event))
        self._pending_effects.add(task)
        task.add_done_callback(self._pending_effects.discard)

    async def _errand(self, effect: object, event: Event) -> None:
        match effect:
            case LookUpZone(then=then):
                source = self._zones.get(event.account.platform)
                if source:
                    zone = await source.zone_of(event.account)
                else:
                    zone = ""
                found = Found("LookUpZone", (("zone", zone), ("then", then)), cause_of(event))
            case CountTexts():
                counts = tuple((kind, str(count)) for kind, count in self._texts.most_common())
                found = Found("CountTexts", counts, cause_of(event))
            case ReloadContent():
                # Seconds of reading and checking: nobody else waits for them.
                errors = await asyncio.to_thread(self._decider.content_store.reload)
                found = Found(
                    "ReloadContent",
                    (("outcome", "kept" if errors else "reloaded"), ("errors", errors)),
                    cause_of(event),
                )
            case _:
                log.error("no one carries out %s", type(effect).__name__)
                return
        token = None
        if event.token:
            token = replace(event.token, in_ack=False)
        answer = replace(event, key=f"{event.key}:{found.effect}", body=found, token=token)
        with suppress(StoreGone):  # then it is handed out again
            await self.take(replace(answer, at=self._clock.now()))


class _Watched:
    """A decider that notes when it was done: what comes after that is saving and the commit."""

    def __init__(self, decider: TurnDecider) -> None:
        self._decider = decider
        self.due_event = decider.due_event
        self.render = decider.render
        self.decided_at: int | None = None

    def decide(self, state: State, event: Event) -> Decided:
        try:
            return self._decider.decide(state, event)
        finally:
            self.decided_at = time_ns()


class _Apology:
    """Decides one thing: the sentence, with its reference,
    to the sender of an event that was set aside.
    """

    def __init__(self, decider: TurnDecider, reference: str) -> None:
        self._decider = decider
        self._reference = reference

    def decide(self, state: State, event: Event) -> Decided:
        turn = apology(self._decider.content_store.content, state, self._reference)
        messages = self._decider.messages_of(turn.replies, event)
        return Decided(turn=turn, messages=messages)

    def due_event(
        self,
        person: Person,
        subscription: Subscription | Reminder,
        *,
        week: str,
        resend: int,
        due_at: datetime,
        now: datetime,
    ) -> Event | None:
        return self._decider.due_event(
            person, subscription, week=week, resend=resend, due_at=due_at, now=now
        )

    def render(
        self, reply: Reply, chat: Chat, account: Account, at: datetime
    ) -> tuple[Message, ...]:
        return self._decider.render(reply, chat, account, at)


def _sanitise(event: Event) -> Event:
    """No longer than anybody types, and nothing in it that a database refuses."""
    match event.body:
        case Said(text=text) as said:
            return replace(event, body=replace(said, text=_without_excess(text)))
        case Pressed(action=action) as pressed:
            return replace(event, body=replace(pressed, action=_without_excess(action)))
        case Submitted(values=values) as form:
            return replace(
                event,
                body=replace(
                    form, values=tuple((name, _without_excess(value)) for name, value in values)
                ),
            )
        case _:
            return event


def _without_excess(text: str) -> str:
    text = _RUN.sub(lambda run: run[0][:LONGEST_RUN], text[:MOST_CHARACTERS])
    return _UNKEEPABLE.sub("\ufffd", text)


def kind_of(reading: Reading | None) -> str:
    """What a text that found no answer seemed to be about: an intent's name,
    or why it was refused.
    """
    if reading is None:
        return "other"
    return next(iter(reading.candidates), "") or reading.reason or "other"


def where(error: BaseException) -> str:
    """The innermost line of our own that raised: file and number, nothing of the values."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "?"
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
