"""A conversation small enough to see through, for tests of the store:
what is decided is written in the test itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import count

from bot.core.events import Account, AnswerToken, Body, Chat, Due, Event, Found, Said, Surface
from bot.core.messages import Address, Claimed, Message
from bot.core.ports import Decided, Exchange, Outcome
from bot.core.reply import Heading, Reply
from bot.core.state import LastAnswer, Person, Reminder, State, Subscription
from bot.core.turn import Effect, Turn

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""Monday 11:00 in Sydney."""
SURFACE = Surface(name="telegram")
ROOM = {"telegram:*": 4, "slack:*": 4, "console:*": 4}

_keys = count(1)

Decision = Callable[[State, Event], Turn]


def second(seconds: float) -> datetime:
    return MONDAY + timedelta(seconds=seconds)


def account(user: str = "ada", platform: str = "telegram", workspace: str = "") -> Account:
    return Account(platform=platform, workspace=workspace, user=user)


def chat(
    user: str = "ada", platform: str = "telegram", workspace: str = "", *, shared: bool = False
) -> Chat:
    return Chat(platform=platform, workspace=workspace, id=user, shared=shared)


def said(
    text: str,
    user: str = "ada",
    *,
    at: datetime = MONDAY,
    key: str = "",
    platform: str = "telegram",
    workspace: str = "",
    where: Chat | None = None,
    body: Body | None = None,
    in_ack: bool = False,
) -> Event:
    return Event(
        key=key or f"event-{next(_keys)}",
        at=at,
        account=account(user, platform, workspace),
        chat=where or chat(user, platform, workspace),
        surface=SURFACE,
        body=body or Said(text),
        token=AnswerToken(address="there", expires_at=at + timedelta(minutes=30), in_ack=True)
        if in_ack
        else None,
    )


class Script:
    """Answers a text with itself, line by line, unless the test wrote a decision for it.

    `heard` keeps every event.
    """

    def __init__(self, **decisions: Decision) -> None:
        self.decisions: Mapping[str, Decision] = decisions
        self.heard: list[Event] = []
        self.states: list[State] = []

    def decide(self, state: State, event: Event) -> Decided:
        self.heard.append(event)
        self.states.append(state)
        turn = self.decisions.get(_topic(event), echo)(state, event)
        return Decided(turn=turn, messages=tuple(self._messages(turn, event)))

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
        if person.nudges_to is None or not person.accounts:
            return None
        return Event(
            key=f"due:{subscription.id}:{week}:{resend}",
            at=now,
            account=person.accounts[0],
            chat=person.nudges_to,
            surface=SURFACE,
            body=Due(subscription.id, week, resend, due_at),
        )

    def render(
        self, reply: Reply, chat: Chat, account: Account, at: datetime
    ) -> tuple[Message, ...]:
        return (message(words(reply), chat, lane="nudge"),)

    def _messages(self, turn: Turn, event: Event) -> list[Message]:
        lane = "nudge" if isinstance(event.body, Due) else "answer"
        made = [message(words(reply), event.chat, lane=lane) for reply in turn.replies]
        if made and event.token and event.token.in_ack:
            made[0] = replace(
                made[0], address=replace(made[0].address, in_ack=True, token=event.token.address)
            )
        return made


def message(text: str, chat: Chat, *, lane: str = "answer") -> Message:
    return Message(address=Address(chat=chat), payload={"text": text}, fallback=text, lane=lane)  # type: ignore[arg-type]


def reply(text: str) -> Reply:
    return Reply(blocks=(Heading(text),))


def words(reply: Reply) -> str:
    return "".join(block.text for block in reply.blocks if isinstance(block, Heading))


def _topic(event: Event) -> str:
    match event.body:
        case Said(text=text):
            return text.partition(" ")[0]
        case Found(effect=effect):
            return effect
        case other:
            return type(other).__name__


def echo(state: State, event: Event) -> Turn:
    """Every line of the text is a reply of its own; the text is remembered.

    A nudge says which week it is for, a reminder its text.
    """
    match event.body:
        case Due(subscription=key) if key in {one.id for one in state.person.reminders}:
            return _reminded(state, key)
        case Said(text=text):
            last = LastAnswer(command=text, at=event.at)
            state = replace(state, conversation=replace(state.conversation, last=last))
            return Turn(state=state, replies=tuple(reply(line) for line in text.splitlines()))
        case Due(week=week, resend=resend):
            return Turn(state=state, replies=(reply(f"nudge {week} {resend}"),), sends_nudge=True)
        case Found() as found:
            return Turn(state=state, replies=(reply(f"found {found.effect}"),))
        case _:
            return Turn(state=state)


def _reminded(state: State, key: str) -> Turn:
    (one,) = (one for one in state.person.reminders if one.id == key)
    left = tuple(other for other in state.person.reminders if other != one)
    person = replace(state.person, reminders=left)
    return Turn(state=replace(state, person=person), replies=(reply(f"once {one.text}"),))


def reminding(*reminders: Reminder) -> Decision:
    """A decision that puts these on the person's list, to come to this chat."""

    def decide(state: State, event: Event) -> Turn:
        person = replace(state.person, reminders=reminders, nudges_to=event.chat)
        return Turn(state=replace(state, person=person))

    return decide


def effecting(*effects: Effect, text: str = "") -> Decision:
    """A decision that asks for effects."""

    def decide(state: State, event: Event) -> Turn:
        return Turn(state=state, replies=(reply(text),) if text else (), effects=effects)

    return decide


def subscribing(
    weekday: int = 0,
    at: time = time(11),
    zone: str = "Australia/Sydney",
    *,
    added: bool = False,
    **more: object,
) -> Decision:
    """A decision that subscribes, nudges to this chat; in place of what there is,
    or `added` to it.
    """

    def decide(state: State, event: Event) -> Turn:
        subscription = replace(
            Subscription(id="weekly", weekday=weekday, local_time=at, zone=zone), **more
        )  # type: ignore[arg-type]
        kept = state.person.subscriptions if added else ()
        person = replace(state.person, subscriptions=(*kept, subscription), nudges_to=event.chat)
        return Turn(state=replace(state, person=person))

    return decide


def texts(claims: Outcome | Exchange) -> list[str]:
    return [one.message.fallback for one in claims.claimed]


def only(claims: Outcome | Exchange) -> Claimed:
    (one,) = claims.claimed
    return one
