"""What the engine needs of time, of the core, of a database and of a platform.

Each promise stands in a docstring; one test suite per port runs over every implementation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.core.events import Account, Chat, Event, Surface
from bot.core.messages import Begin, Claimed, Message, Receipt
from bot.core.reply import Reply
from bot.core.state import Person, Reminder, State, Subscription
from bot.core.turn import Effect, Turn


class StoreGone(Exception):  # noqa: N818 -- it names what happened
    """The database does not answer. Nothing of the call happened; the caller may try again."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The current instant, aware, UTC."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A turn and the messages its replies were rendered to, in order."""

    turn: Turn
    messages: tuple[Message, ...]


class Decider(Protocol):
    """The pure part, handed to the store, which calls it inside a transaction.

    Nothing in it may block or take over 1 ms.
    """

    def decide(self, state: State, event: Event) -> Decided: ...

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
        """The clock's event for a nudge or a reminder whose slot came; None where nobody can be
        reached (then the row is closed unsent).
        """
        ...

    def render(
        self, reply: Reply, chat: Chat, account: Account, at: datetime
    ) -> tuple[Message, ...]:
        """For replies that no event of that chat asked for (broadcasts)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a committed turn left to do.

    `claimed`: messages this process may send at once, their intent already committed. `waiting`:
    more rows are ready for `exchange`. `effects`: those that need the network or the process; see
    `Store.pending_effects`. A `duplicate` event had its effect before; its `claimed` is empty.
    """

    duplicate: bool = False
    turn: Turn | None = None
    claimed: tuple[Claimed, ...] = ()
    waiting: bool = False
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What `Store.exchange` hands out.

    `wake_at`: when the next row may be sent that pace or order holds back now; None if none.
    """

    claimed: tuple[Claimed, ...] = ()
    wake_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """`booked` nudges in this batch; `next_due_at`:
    the earliest still to come (at or before now if the batch was full).
    """

    booked: int
    next_due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Gauges for /metrics, stats and readiness, by name."""

    values: Mapping[str, float] = field(default_factory=dict)


class Store(Protocol):
    """Everything remembered.

    Every method is one or more whole transactions; a kill at any instant leaves a whole one.
    """

    async def turn(self, event: Event, decider: Decider, *, room: int) -> Outcome:
        """Remember `event.key`, load and lock the person, decide, save the state, carry out store
        effects (each `Found` decided in the same transaction), append the messages: one commit. At
        most `room` of them are claimed for sending at once, and only those that are first in their
        chat's order and pace; an ack-borne one is always claimed. An event without a person makes
        one. An event from a forgotten account's redelivery (key known) is a duplicate. Raises
        StoreGone if the database is away: then nothing happened.
        """
        ...

    async def exchange(
        self,
        now: datetime,
        receipts: Sequence[tuple[Claimed, Receipt]],
        room: Mapping[str, int],
        decider: Decider,
    ) -> Exchange:
        """One commit: record what became of earlier claims (fenced by attempt), then claim the next
        messages, at most `room[token]` for each bot token ('platform:workspace', or 'platform:*'
        for any workspace of it). Answers first, nudges in what pace leaves them; each chat in its
        order. A nudge's words are chosen here, after looking again at subscription and plan. Rows
        whose claimer died (lease over) are claimed again, once if they were ambiguous, never a
        third time. A repeat that did not `begin` was none.
        """
        ...

    async def begin(self, claimed: Claimed) -> bool:
        """Remember that the call of a message that may have arrived before is about to be written:
        after that nobody repeats it. False: somebody else has claimed it since, and nothing may be
        sent.
        """
        ...

    async def book(self, now: datetime, *, limit: int = 500) -> Booking:
        """Turn due subscriptions into outbox rows, each (subscription, ISO week, resend) once, and
        move `next_due_at`; and one-off reminders that are due, each once.
        """
        ...

    async def tidy(self, now: datetime) -> Figures:
        """Housekeeping: seen keys, sent payloads, old dialogs, dead links.

        Returns how many of each went.
        """
        ...

    async def set_aside(
        self, event: Event, decider: Decider, *, error: str, reference: str, room: int
    ) -> Outcome:
        """The turn of this event failed twice: keep its key, the error's class and `reference` (no
        text) among the dead letters, and append the messages by which `decider` tells the sender.
        """
        ...

    async def pending_effects(self, now: datetime) -> Sequence[tuple[Event, Effect]]:
        """Effects for the network or the process that were handed out in an `Outcome` a while ago
        and never answered: whoever had them died. The answer is an event `Found` with the key `<the
        event's>:<the effect's class>`; it has its effect once.
        """
        ...

    async def figures(self, now: datetime) -> Figures: ...


class Intake(Protocol):
    """What an adapter calls when something arrived."""

    async def take(self, event: Event) -> Outcome:
        """Return once the event's effects are committed (or it was a duplicate, or was set aside).

        Messages in `outcome.claimed` whose address says `in_ack` are the caller's to put into its
        acknowledgement and then to report with `settle`; all others are sent by delivery.
        """
        ...

    async def settle(self, claimed: Claimed, receipt: Receipt) -> None: ...


class Messenger(Protocol):
    """One platform's face."""

    @property
    def surface(self) -> Surface: ...

    def render(self, reply: Reply, event: Event) -> tuple[Message, ...]:
        """Pure.

        Split where the platform's limits ask for it, at block borders; nothing is left out.
        """
        ...

    async def send(self, claimed: Claimed, begin: Begin) -> Receipt:
        """One attempt, bounded in time.

        Never raises for what a platform or network does; cancellation means unclear. `begin` is
        awaited with a connection at hand, before the call is written to it.
        """
        ...

    async def serve(self, intake: Intake) -> None:
        """Receive until cancelled; reconnect by itself.

        Returns or raises only when the platform is lost for good.
        """
        ...

    def last_heard_at(self) -> datetime | None:
        """When the platform last answered: a successful poll, a pong, a signed request."""
        ...
