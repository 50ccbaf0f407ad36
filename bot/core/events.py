"""What can happen to the bot, in the conversation's own words.

Adapters parse platform payloads into these values; the clock makes `Due`; what an effect found out
returns as `Found`. An event carries everything `step` may know about the moment: the time, the
chat, what the surface can do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of one platform: `workspace` is empty where the platform has none.

    Ids are the platform's own, as text.
    """

    platform: str
    workspace: str = ""
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Where a conversation happens.

    `shared`: others read along. `thread` is empty outside threads.
    """

    platform: str
    workspace: str = ""
    id: str
    thread: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """What a platform can show and knows. One constant per adapter; `limits` prints it."""

    name: str
    prefix: str = "/"
    ephemeral: bool = False
    edits: bool = False
    tables: bool = False
    pictures: bool = False
    files: bool = False
    forms: bool = False
    home: bool = False
    knows_zone: bool = False
    shares_location: bool = False
    asks_links: bool = True
    private_link: str = ""
    workspace_owners_may_read: bool = False
    cannot: tuple[str, ...] = ()
    """What the bot cannot do there, each a phrase key."""
    own_machine: bool = False
    """Whoever talks there runs the bot: a file of questions piped in is no flood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMatch:
    """An answer that a question may ask for, and how well it fits, 0 to 1.

    `key`: of `content.answer_units`.
    """

    key: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What understanding made of a text, before any context: see bot.understanding.

    `command`: the best command's name, or "" for none; `arguments`: the words to hand to it;
    `action`: answer, clarify or reject; `candidates`: intents for a "did you mean", best first;
    `also`: a second thing that the same message asked for.
    """

    command: str
    intent: str
    arguments: str = ""
    entities: Mapping[str, object] = field(default_factory=dict)
    confidence: float
    action: str
    candidates: tuple[str, ...] = ()
    reason: str = ""
    also: str = ""
    offers: tuple[str, ...] = ()
    """The command line of each candidate; empty for one that is answered in a word."""
    asks: bool = False
    """Acting on this wants a yes first: a sentence that does not
    speak for the act in every word.
    """
    needs_context: bool = False
    """The text is short or points back, so what was answered last may complete it."""
    answers: tuple[AnswerMatch, ...] = ()
    """Answers that fit the text by itself, best first: see bot.understanding.retrieval."""
    remark: AnswerMatch | None = None
    """The line in return for a text that asks for nothing,
    where that is nearer than every answer.
    """


EDITED = "0"
"""No message of ours: the text was edited, and which one answered it is not known (yet)."""


@dataclass(frozen=True, slots=True)
class Said:
    """Typed text, or a command line. `reading` is present where understanding ran."""

    text: str
    reading: Reading | None = None
    edit_of: str = ""
    """If this is an edit: the bot's message that answered the text before,
    as far as the store knows; else `EDITED`.
    """
    message: str = ""
    """The platform's id of the text itself, where it can be edited or pointed at."""
    quoted: bool = False
    """Somebody's words that the person wants explained: they ask, and never act."""
    reply_to: str = ""
    """The platform's id of the message that this one replies to, or that its thread hangs under."""
    reply_turn: str = ""
    """The turn that made that message, or answered it, as far as the store knows."""
    anonymous: bool = False
    """Written in a group's or channel's name: it asks too,
    and there is nobody whom anything could be kept for.
    """


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button: `action` is the command line of its `Tap`;
    `message` the id of the message it sits on.
    """

    action: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form was sent: `form` names it, `values` maps question keys to answers."""

    form: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Located:
    """A shared location, already turned into an IANA zone. The place itself is never kept."""

    zone: str


@dataclass(frozen=True, slots=True)
class OpenedHome:
    """The person looks at the platform's home page of the bot."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The person can be written to (again)."""


@dataclass(frozen=True, slots=True)
class Left:
    """The person cannot be written to any more; `reason` is a short word for the record."""

    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """The clock: a nudge's slot came.

    `week` is the ISO week of the local date ('2026-W48'), `resend` the snooze count.
    """

    subscription: str
    week: str
    resend: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What an effect found out. `effect` is the effect's class name; `values` what it learned."""

    effect: str
    values: tuple[tuple[str, str], ...]
    cause: "Said | Pressed | Submitted | None" = None
    """What the person did that made the effect."""

    def get(self, key: str, default: str = "") -> str:
        return dict(self.values).get(key, default)


@dataclass(frozen=True, slots=True)
class ChatMovedTo:
    """The chat got another id: every row about it follows."""

    new_id: str


Body = Said | Pressed | Submitted | Located | OpenedHome | Joined | Left | Due | Found | ChatMovedTo


def cause_of(event: "Event") -> Said | Pressed | Submitted | None:
    """What the person did, for a `Found` to carry."""
    if isinstance(event.body, Said | Pressed | Submitted):
        return event.body
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerToken:
    """A platform's permission to answer one event: an address good for a while, and whether the ack
    itself can carry a reply.
    """

    address: str = field(repr=False)
    expires_at: datetime
    in_ack: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened.

    `key` identifies it across redeliveries; `at` is aware UTC; `nonce` is 16 random bytes in hex,
    the only randomness that `step` may use.
    """

    key: str
    at: datetime
    account: Account
    chat: Chat
    surface: Surface
    body: Body
    nonce: str = ""
    token: AnswerToken | None = None
    admin: bool = False
    within: str = ""
    """The workspace it happened in, where `account` and `chat` name
    the organisation that it belongs to.
    """
    crowded: bool = False
    """More comes from this workspace or group than is taken in:
    see bot.runtime.intake_rate_limit.
    """
    zone_hint: str = ""
    """The zone the platform names for this person, if it told us with the event."""
    feeds: str = ""
    """Where calendars are served from, 'https://example.org/calendar/'; empty where none is."""
    sent_at: datetime | None = None
    """When it happened by the platform's own word, not later than told;
    None where the platform does not say.
    """
    turn: str = ""
    """The reference number of this event's turn: in every log line about it, and what a person
    reads when it fails. The engine sets it.
    """

    @property
    def overheard(self) -> bool:
        """Others read the answer too: its chat is shared,
        and there nothing can be said to one person alone.
        """
        return self.chat.shared and not self.surface.ephemeral
