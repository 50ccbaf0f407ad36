"""From an event to what is committed: the decision,
and its replies as messages of the platform they are for.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.conversation.step import home_pages, step
from bot.core.events import (
    Account,
    Chat,
    Due,
    Event,
    Found,
    Said,
)
from bot.core.messages import Message
from bot.core.ports import Decided, Messenger
from bot.core.reply import Reply
from bot.core.state import Person, Reminder, State, Subscription
from bot.core.turn import Turn
from bot.runtime.content_store import ContentStore
from bot.runtime.logs import Pseudonyms


class TurnDecider:
    """The pure part with what it needs at hand: content, how each platform shows a reply, and the
    address below which calendars are served.

    The store calls it.
    """

    def __init__(
        self,
        content_store: ContentStore,
        messengers: Mapping[str, Messenger],
        admins: frozenset[str] = frozenset(),
        pseudonyms: Pseudonyms | None = None,
        feeds: str = "",
    ) -> None:
        self.content_store = content_store
        self._messengers = messengers
        self._admins = admins
        self._pseudonyms = pseudonyms or Pseudonyms()
        self._feeds = feeds

    def with_number(self, event: Event) -> Event:
        """The event with its turn's number: the same however often a platform brings it, and for
        what its effects find out.
        """
        if event.turn:
            return event
        return replace(event, turn=self._pseudonyms.of(event.key))

    def pseudonyms_of(self, event: Event) -> tuple[str, str]:
        """Whose event it is and in which chat, as far as a log may say."""
        account, chat = event.account, event.chat
        return self._pseudonyms.of(
            account.platform, account.workspace, account.user
        ), self._pseudonyms.of(chat.platform, chat.workspace, chat.id)

    def decide(self, state: State, event: Event) -> Decided:
        """step, then render for the platform that the event's chat is on."""
        event = replace(event, admin=_name(event.account) in self._admins, feeds=self._feeds)
        turn = step(self.content_store.content, state, event)
        return Decided(
            turn=turn,
            messages=(
                *self.messages_of(turn.replies, event),
                *self._home_pages(state, turn, event),
            ),
        )

    def _home_pages(self, before: State, turn: Turn, event: Event) -> tuple[Message, ...]:
        """The home pages that the turn changes, sent after its answer. Those that a nudge changes
        use the nudges' lane, so that they delay no answer.
        """
        surfaces = {name: messenger.surface for name, messenger in self._messengers.items()}
        changed = home_pages(self.content_store.content, before, turn, event, surfaces)
        messages = tuple(
            message
            for opened, page in changed
            for message in self._messengers[opened.account.platform].render(page, opened)
        )
        if isinstance(event.body, Due):
            return tuple(replace(message, lane="nudge") for message in messages)
        return messages

    def messages_of(self, replies: tuple[Reply, ...], event: Event) -> tuple[Message, ...]:
        """Replies as messages of the event's platform.

        A nudge's travel in the nudges' lane; the first answer to a command in its ack. Only the
        first reply may rewrite a message: the next would overwrite it.
        """
        messenger = self._messengers[event.chat.platform]
        placed = (*replies[:1], *(replace(reply, in_place=False) for reply in replies[1:]))
        messages = tuple(message for reply in placed for message in messenger.render(reply, event))
        if isinstance(event.body, Due):
            return tuple(replace(message, lane="nudge") for message in messages)
        return _ack_first(_answering(messages, event), event)

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
        """The clock's event for a nudge or a reminder, or None where
        nobody can be reached any more.
        """
        chat = person.nudges_to
        if chat is None or chat.platform not in self._messengers:
            return None
        account = next(
            (
                one
                for one in person.accounts
                if one.platform == chat.platform and one.workspace == chat.workspace
            ),
            None,
        )
        if account is None:
            return None
        return self.with_number(
            Event(
                key=f"due:{person.id}:{subscription.id}:{week}:{resend}",
                at=now,
                account=account,
                chat=chat,
                surface=self._messengers[chat.platform].surface,
                body=Due(subscription.id, week, resend, due_at),
            )
        )

    def render(
        self, reply: Reply, chat: Chat, account: Account, at: datetime
    ) -> tuple[Message, ...]:
        """A reply that no event of that chat asked for (a broadcast)."""
        messenger = self._messengers[chat.platform]
        event = Event(
            key="", at=at, account=account, chat=chat, surface=messenger.surface, body=Said("")
        )
        return tuple(replace(message, lane="nudge") for message in messenger.render(reply, event))


def _answering(messages: tuple[Message, ...], event: Event) -> tuple[Message, ...]:
    """The first one says which text it answers: an edit of that text edits this message."""
    said: object = event.body
    if isinstance(event.body, Found):
        said = event.body.cause
    if not messages or not isinstance(said, Said) or not said.message:
        return messages
    return (replace(messages[0], answers=said.message), *messages[1:])


def _ack_first(messages: tuple[Message, ...], event: Event) -> tuple[Message, ...]:
    if not messages or event.token is None or not event.token.in_ack:
        return messages
    first, *rest = messages
    return (replace(first, address=replace(first.address, in_ack=True)), *rest)


def _name(account: Account) -> str:
    """As PIVOTBOT_ADMINS writes it: 'telegram:123', 'slack:T1/U2'."""
    if account.workspace:
        user = f"{account.workspace}/{account.user}"
    else:
        user = account.user
    return f"{account.platform}:{user}"
