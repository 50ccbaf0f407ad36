"""Runs the conversation: gives each event to `step` inside one transaction and hands on what it decided.

The engine knows no platform and no SQL. It decides nothing a person would read, except through `step`.
"""

import asyncio
import logging
import re
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import perf_counter, time_ns
from typing import Protocol

from bot.conversation.care import is_urgent
from bot.crowds import Crowds
from bot.delivery import Delivery, token_of
from bot.events import Account, Chat, Due, Event, Found, Pressed, Reading, Said, Submitted, cause_of
from bot.logs import Pseudonyms, of_turn
from bot.manners import asks_to_stop
from bot.messages import Claimed, Message, Receipt
from bot.metrics import Metrics
from bot.ports import Clock, Decided, Messenger, Outcome, Store, StoreGone
from bot.reply import Reply
from bot.state import Person, State, Subscription
from bot.step import apology, pages, step
from bot.traces import Traces, Untraced
from bot.turn import LookUpZone, ReloadContent, Turn
from content.library import Content, ContentError, load

log = logging.getLogger(__name__)

ACK_ROOM_SECONDS = 2.0
"""How long an acknowledgement may wait for a place in the air before its answer takes the ordinary way."""

Reader = Callable[[Content, str], Reading | None]

MOST_CHARACTERS = 4000
"""What is looked at of one message. Telegram sends no more; Slack may send ten times as much."""

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
"""What no database keeps as text: NUL, and halves of characters."""


class ZoneSource(Protocol):
    """A platform that knows its people's time zones."""

    async def zone_of(self, account: Account) -> str: ...


class Shelf:
    """The content in use. `reload` reads the folder again; a folder with errors changes nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self.content = load(folder)

    def reload(self) -> str:
        """Empty, or what is wrong."""
        try:
            self.content = load(self._folder)
        except ContentError as error:
            return str(error)
        return ""


class Mind:
    """The pure part with what it needs at hand: content, and how each platform shows a reply. The store calls it."""

    def __init__(
        self,
        shelf: Shelf,
        messengers: Mapping[str, Messenger],
        admins: frozenset[str] = frozenset(),
        pseudonyms: Pseudonyms | None = None,
    ) -> None:
        self.shelf = shelf
        self._messengers = messengers
        self._admins = admins
        self._pseudonyms = pseudonyms or Pseudonyms()

    def numbered(self, event: Event) -> Event:
        """The event with its turn's number: the same however often a platform brings it, and for what its effects find out."""
        return event if event.turn else replace(event, turn=self._pseudonyms.of(event.key))

    def known_as(self, event: Event) -> tuple[str, str]:
        """Whose event it is and in which chat, as far as a log may say."""
        account, chat = event.account, event.chat
        return self._pseudonyms.of(account.platform, account.workspace, account.user), self._pseudonyms.of(
            chat.platform, chat.workspace, chat.id
        )

    def decide(self, state: State, event: Event) -> Decided:
        """step, then render for the platform that the event's chat is on."""
        event = replace(event, admin=_name(event.account) in self._admins)
        turn = step(self.shelf.content, state, event)
        return Decided(turn=turn, messages=(*self.shown(turn.replies, event), *self._home_pages(state, turn, event)))

    def _home_pages(self, before: State, turn: Turn, event: Event) -> tuple[Message, ...]:
        """After the answer, and in its lane: a herd of nudges moves as many pages, and no answer waits for them."""
        surfaces = {name: messenger.surface for name, messenger in self._messengers.items()}
        changed = pages(self.shelf.content, before, turn, event, surfaces)
        messages = tuple(message for opened, page in changed for message in self._messengers[opened.account.platform].render(page, opened))
        return tuple(replace(message, lane="nudge") for message in messages) if isinstance(event.body, Due) else messages

    def shown(self, replies: tuple[Reply, ...], event: Event) -> tuple[Message, ...]:
        """Replies as messages of the event's platform. A nudge's travel in the nudges' lane; the first answer to a command in its ack.
        Only the first reply may rewrite a message: the next would overwrite it.
        """
        messenger = self._messengers[event.chat.platform]
        placed = (*replies[:1], *(replace(reply, in_place=False) for reply in replies[1:]))
        messages = tuple(message for reply in placed for message in messenger.render(reply, event))
        if isinstance(event.body, Due):
            return tuple(replace(message, lane="nudge") for message in messages)
        return _ack_first(_answering(messages, event), event)

    def due_event(
        self, person: Person, subscription: Subscription, *, week: str, resend: int, due_at: datetime, now: datetime
    ) -> Event | None:
        """The clock's event for a nudge, or None where nobody can be reached any more."""
        chat = person.nudges_to
        if chat is None or chat.platform not in self._messengers:
            return None
        account = next((one for one in person.accounts if one.platform == chat.platform and one.workspace == chat.workspace), None)
        if account is None:
            return None
        return self.numbered(
            Event(
                key=f"due:{person.id}:{subscription.id}:{week}:{resend}",
                at=now,
                account=account,
                chat=chat,
                surface=self._messengers[chat.platform].surface,
                body=Due(subscription.id, week, resend, due_at),
            )
        )

    def render(self, reply: Reply, chat: Chat, account: Account, at: datetime) -> tuple[Message, ...]:
        """A reply that no event of that chat asked for (a broadcast)."""
        messenger = self._messengers[chat.platform]
        event = Event(key="", at=at, account=account, chat=chat, surface=messenger.surface, body=Said(""))
        return tuple(replace(message, lane="nudge") for message in messenger.render(reply, event))


class Engine:
    """The intake that every adapter calls, and the carrier of effects that need the network or the process."""

    def __init__(
        self,
        *,
        mind: Mind,
        store: Store,
        clock: Clock,
        delivery: Delivery,
        read: Reader,
        metrics: Metrics,
        zones: Mapping[str, ZoneSource] | None = None,
        traces: Traces | None = None,
    ) -> None:
        self._mind = mind
        self._store = store
        self._clock = clock
        self._delivery = delivery
        self._read = read
        self._metrics = metrics
        self._zones = zones or {}
        self._traces = traces or Untraced()
        self._crowds = Crowds()
        self._turns: set[asyncio.Task[Outcome]] = set()
        self._errands: set[asyncio.Task[None]] = set()

    async def take(self, event: Event) -> Outcome:
        """See bot.ports.Intake. Raises StoreGone when the database is away: then nothing happened and nothing may be confirmed.
        A turn that has begun is finished even if its caller is cancelled.
        """
        event = self._mind.numbered(event)
        with of_turn(event.turn):
            task = asyncio.create_task(self._traced(event) if self._traces.on else self._take(event))
        self._turns.add(task)
        task.add_done_callback(self._taken)
        return await asyncio.shield(task)

    def _taken(self, task: asyncio.Task[Outcome]) -> None:
        """What failed is known here; the caller, who had to be told, may have gone."""
        self._turns.discard(task)
        if not task.cancelled():
            task.exception()

    async def finish(self, seconds: float) -> None:
        """Wait for the turns and errands under way, at most so long."""
        if under_way := self._turns | self._errands:
            await asyncio.wait(under_way, timeout=seconds)

    async def _traced(self, event: Event) -> Outcome:
        with self._traces.span("intake", platform=event.chat.platform, kind=type(event.body).__name__, turn=event.turn) as note:
            outcome = await self._take(event)
            note("duplicate", outcome.duplicate)
            return outcome

    async def _take(self, event: Event) -> Outcome:
        started = perf_counter()
        event = self._understood(event)
        verdict = self._crowds.heed(event, self._clock.now())
        content = self._mind.shelf.content
        if verdict != "answer" and not asks_to_stop(content, event) and not is_urgent(content, event):
            if verdict == "silence":
                self._metrics.turns.labels(event.chat.platform, "unanswered").inc()
                return Outcome()
            event = replace(event, crowded=True)
        token = token_of(event.chat)
        event, reserved = await self._make_room(event, token)
        try:
            outcome = await self._turn(event, room=int(reserved))
        except BaseException as error:
            if reserved:
                self._delivery.release(token)
            if isinstance(error, StoreGone):
                self._metrics.store_gone.inc()
            raise
        self._launch(outcome, token, reserved=reserved)
        for effect in outcome.effects:
            self._send_for(effect, event)
        if log.isEnabledFor(logging.DEBUG):
            self._note(event, outcome)
        platform = event.chat.platform
        self._metrics.turns.labels(platform, "duplicate" if outcome.duplicate else "decided").inc()
        self._metrics.turn_seconds.labels(platform).observe(perf_counter() - started)
        return outcome

    def _note(self, event: Event, outcome: Outcome) -> None:
        person, chat = self._mind.known_as(event)
        what = "had its effect before" if outcome.duplicate else "is committed"
        log.debug("%s on %s %s: person %s, chat %s", type(event.body).__name__, event.chat.platform, what, person, chat)

    async def settle(self, claimed: Claimed, receipt: Receipt) -> None:
        """An acknowledgement went out, or did not."""
        self._delivery.settle(claimed, receipt)

    async def resume(self) -> None:
        """Take up errands whose process died or whose answer found no database: somebody waits for it."""
        for event, effect in await self._store.errands(self._clock.now()):
            self._send_for(effect, event)

    async def errands(self) -> None:
        """Wait for the network effects under way."""
        while self._errands:
            await asyncio.wait(self._errands)

    def _understood(self, event: Event) -> Event:
        event = _legible(event)
        match event.body:
            case Said(text=text, reading=None) as said if text.strip():
                reading = self._read(self._mind.shelf.content, said.text)
                self._metrics.understood.labels(reading.action if reading else "exact").inc()
                return replace(event, body=replace(said, reading=reading))
            case _:
                return event

    async def _make_room(self, event: Event, token: str) -> tuple[Event, bool]:
        if event.token is None or not event.token.in_ack:
            return event, self._delivery.reserve(token)
        if await self._delivery.reserved(token, ACK_ROOM_SECONDS):
            return event, True
        return replace(event, token=replace(event.token, in_ack=False)), False

    async def _turn(self, event: Event, *, room: int) -> Outcome:
        """A turn that fails is tried once more; failing again, the event is set aside and its sender told in one sentence."""
        try:
            return await self._committed(event, room)
        except StoreGone:
            raise
        except Exception as error:  # noqa: BLE001 -- one bad event must not stop the others
            log.warning("event: the turn failed once (%s)", type(error).__name__)
        try:
            return await self._committed(event, room)
        except StoreGone:
            raise
        except Exception as error:  # noqa: BLE001
            log.error("event set aside: %s at %s, reference %s", type(error).__name__, where(error), event.turn)  # noqa: TRY400 -- an exception's text may quote the person
            self._metrics.failed("turn", error)
            return await self._store.set_aside(
                event, _Apology(self._mind, event.turn), error=type(error).__name__, reference=event.turn, room=room
            )

    async def _committed(self, event: Event, room: int) -> Outcome:
        if not self._traces.on:
            return await self._store.turn(event, self._mind, room=room)
        begun, watched = time_ns(), _Watched(self._mind)
        outcome = await self._store.turn(event, watched, room=room)
        decided_at = watched.decided_at or begun
        self._traces.passed("turn", begun, decided_at, platform=event.chat.platform, turn=event.turn)
        self._traces.passed("commit", decided_at, time_ns(), platform=event.chat.platform, turn=event.turn)
        return outcome

    def _launch(self, outcome: Outcome, token: str, *, reserved: bool) -> None:
        """The first claimed message uses the reserved place; an ack-borne one keeps it until the adapter settles it."""
        if reserved and not outcome.claimed:
            self._delivery.release(token)
        for claimed in outcome.claimed:
            if not claimed.message.address.in_ack:
                self._delivery.launch(claimed)
        if outcome.waiting:
            self._delivery.wake()

    def _send_for(self, effect: object, event: Event) -> None:
        with of_turn(event.turn):
            task = asyncio.create_task(self._errand(effect, event))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def _errand(self, effect: object, event: Event) -> None:
        match effect:
            case LookUpZone(then=then):
                source = self._zones.get(event.account.platform)
                zone = await source.zone_of(event.account) if source else ""
                found = Found("LookUpZone", (("zone", zone), ("then", then)), cause_of(event))
            case ReloadContent():
                errors = self._mind.shelf.reload()
                found = Found("ReloadContent", (("outcome", "kept" if errors else "reloaded"), ("errors", errors)), cause_of(event))
            case _:
                log.error("no one carries out %s", type(effect).__name__)
                return
        token = replace(event.token, in_ack=False) if event.token else None
        answer = replace(event, key=f"{event.key}:{found.effect}", body=found, token=token)
        with suppress(StoreGone):  # then it is handed out again
            await self.take(replace(answer, at=self._clock.now()))


class _Watched:
    """A decider that notes when it was done: what comes after that is saving and the commit."""

    def __init__(self, mind: Mind) -> None:
        self._mind = mind
        self.due_event = mind.due_event
        self.render = mind.render
        self.decided_at: int | None = None

    def decide(self, state: State, event: Event) -> Decided:
        try:
            return self._mind.decide(state, event)
        finally:
            self.decided_at = time_ns()


class _Apology:
    """Decides one thing: the sentence, with its reference, to the sender of an event that was set aside."""

    def __init__(self, mind: Mind, reference: str) -> None:
        self._mind = mind
        self._reference = reference

    def decide(self, state: State, event: Event) -> Decided:
        turn = apology(self._mind.shelf.content, state, self._reference)
        messages = self._mind.shown(turn.replies, event)
        return Decided(turn=turn, messages=messages)

    def due_event(
        self, person: Person, subscription: Subscription, *, week: str, resend: int, due_at: datetime, now: datetime
    ) -> Event | None:
        return self._mind.due_event(person, subscription, week=week, resend=resend, due_at=due_at, now=now)

    def render(self, reply: Reply, chat: Chat, account: Account, at: datetime) -> tuple[Message, ...]:
        return self._mind.render(reply, chat, account, at)


def _legible(event: Event) -> Event:
    """No longer than anybody types, and nothing in it that a database refuses."""
    match event.body:
        case Said(text=text) as said:
            return replace(event, body=replace(said, text=_kept(text)))
        case Pressed(action=action) as pressed:
            return replace(event, body=replace(pressed, action=_kept(action)))
        case Submitted(values=values) as form:
            return replace(event, body=replace(form, values=tuple((name, _kept(value)) for name, value in values)))
        case _:
            return event


def _kept(text: str) -> str:
    return _UNKEEPABLE.sub("\ufffd", text[:MOST_CHARACTERS])


def _answering(messages: tuple[Message, ...], event: Event) -> tuple[Message, ...]:
    """The first one says which text it answers: an edit of that text edits this message."""
    said = event.body.cause if isinstance(event.body, Found) else event.body
    if not messages or not isinstance(said, Said) or not said.message:
        return messages
    return (replace(messages[0], answers=said.message), *messages[1:])


def _ack_first(messages: tuple[Message, ...], event: Event) -> tuple[Message, ...]:
    if not messages or event.token is None or not event.token.in_ack:
        return messages
    first, *rest = messages
    return (replace(first, address=replace(first.address, in_ack=True)), *rest)


def where(error: BaseException) -> str:
    """The innermost line of our own that raised: file and number, nothing of the values."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"


def _name(account: Account) -> str:
    """As PIVOTBOT_ADMINS writes it: 'telegram:123', 'slack:T1/U2'."""
    user = f"{account.workspace}/{account.user}" if account.workspace else account.user
    return f"{account.platform}:{user}"
