"""One person talking to `step` alone: no database, no platform, a clock that the test moves."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from adapters.console import render
from bot.conversation.step import step
from bot.core.command_line import parse
from bot.core.events import Account, Chat, Due, Event, Found, Pressed, Said, Surface
from bot.core.reply import Tap
from bot.core.state import Person, State, Subscription
from bot.core.turn import Turn
from bot.runtime.wiring import reader
from content.content import Content
from content.library import load
from scheduler.booking import booking

CONTENT = load()
ACCOUNT = Account(platform="console", user="ada")
CONSOLE = Surface(name="console", prefix="")
CHAT = Chat(platform="console", id="ada")


@dataclass
class Talk:
    """`say`, `press` and `tick` give back the plain text of the replies;
    `turn` is the last whole outcome.
    """

    now: datetime
    surface: Surface = CONSOLE
    chat: Chat = CHAT
    zone_hint: str = ""
    feeds: str = ""
    state: State = field(default_factory=lambda: State(person=Person(id=1, accounts=(ACCOUNT,))))
    turn: Turn | None = None
    content: Content = CONTENT
    count: int = 0
    last: object = None

    def take(self, body) -> str:
        self.count += 1
        self.last = body
        event = Event(
            key=f"event-{self.count}",
            at=self.now,
            account=ACCOUNT,
            chat=self.chat,
            surface=self.surface,
            body=body,
            nonce=f"{self.count:032x}",
            zone_hint=self.zone_hint,
            feeds=self.feeds,
        )
        self.turn = step(self.content, self.state, event)
        self.state = self.turn.state
        self.now += timedelta(seconds=20)
        return "\n".join(render.text(reply) for reply in self.turn.replies)

    def say(self, text: str) -> str:
        return self.take(Said(text))

    def hear(self, text: str) -> str:
        """Like `say`, with the text read for its meaning first, as the engine does."""
        return self.take(Said(text, reader(self.content, text)))

    def press(self, label: str) -> str:
        return self.take(Pressed(self.taps[label]))

    def found(self, zone: str) -> str:
        (effect,) = self.turn.effects
        return self.take(
            Found(
                "LookUpZone",
                (("zone", zone), ("then", effect.then)),
                Said(f"subscribe {effect.then}"),
            )
        )

    @property
    def taps(self) -> dict[str, str]:
        return {
            tap.label: tap.action
            for reply in self.turn.replies
            for block in reply.blocks
            if hasattr(block, "choices")
            for tap in block.choices
            if isinstance(tap, Tap)
        }

    @property
    def rules(self) -> tuple[Subscription, ...]:
        return self.state.person.subscriptions

    def tick(self) -> str:
        """What the store does when the next instant has come: book it, send it."""
        rule = min((one for one in self.rules if one.next_due_at), key=lambda one: one.next_due_at)
        self.now = max(self.now, rule.next_due_at)
        owed = booking(rule, self.now, self.state.person.profile)
        moved = replace(rule, next_due_at=owed.next_due_at, snoozed_until=None)
        rules = tuple(moved if one.id == rule.id else one for one in self.rules)
        self.state = replace(self.state, person=replace(self.state.person, subscriptions=rules))
        return self.take(Due(rule.id, owed.week, owed.resend, owed.due_at))

    def understood(self) -> bool:
        """Every tap on the screen is a command line that somebody could type."""
        return all(parse(CONTENT, action) for action in self.taps.values())
