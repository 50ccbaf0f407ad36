"""What `step` decides: the new state, the replies, and effects as values.

State covers what belongs to the person (profile, dialog, progress, subscriptions): the store saves
what changed. Effects are for everything beyond that. A store effect that finds something out comes
back to `step` as `Found` in the same transaction; a network effect comes back as an event of its
own, later.
"""

from dataclasses import dataclass, field
from datetime import datetime

from bot.core.events import Account, Chat
from bot.core.form import Form
from bot.core.reply import Reply
from bot.core.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Erase the person everywhere and leave a tombstone of the account without personal data.

    The turn's state is not saved.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Gather everything held about the person. Found: `json` (the file's text)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLink:
    """Keep a single-use code (`code_hash`) until `expires_at`."""

    code_hash: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpLink:
    """Who offers this code?

    Found: `outcome` (ok, unknown, used, expired, own, throttled), `accounts` (theirs, as JSON),
    `plans` and `schedules` (how many of the two people have one).
    """

    code_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPeople:
    """Make the account's person and the code's person one.

    `keep` (mine, theirs) says whose plan stays. Found: `outcome`.
    """

    code_hash: str
    keep: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlink:
    """Give `account` a person of its own; history stays with the other."""

    account: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpZone:
    """Ask the platform which zone this person's profile names (network).

    Found: `zone` or empty; `then` is returned as it is.
    """

    then: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadContent:
    """Read the content folder again. Found: `outcome`, `errors`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountPeople:
    """For admins. Found: `people`, `subscriptions`, `outbox`, `unreachable`, … as figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountUse:
    """For admins. Found: `people`, `active`, `plans`, `nudges`, `nudges_answered`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTexts:
    """For admins: what became of typed texts in this process.

    Found: `texts`, and under `missed:KIND` how many were not understood.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """Send `reply` to everyone who can be reached, in the nudges' lane.

    `audit` goes to the log. Found: `people`.
    """

    reply: Reply
    audit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveChat:
    """A chat's id changed (a group became a supergroup): every row moves."""

    old: Chat
    new: Chat


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepUnanswered:
    """The person agreed that unanswered texts are kept for those who maintain the examples."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowForm:
    """Put this form before the person.

    Whoever took the event in carries it out, because the permission to came with the event and
    lasts seconds. Where it cannot be shown, `Found` says so (with no values), and the questions are
    asked in the chat.
    """

    form: Form


Effect = (
    Forget
    | Export
    | OfferLink
    | LookUpLink
    | JoinPeople
    | Unlink
    | LookUpZone
    | ReloadContent
    | CountPeople
    | CountUse
    | CountTexts
    | Broadcast
    | MoveChat
    | KeepUnanswered
    | ShowForm
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The whole outcome of one event.

    `sends_nudge` is True when the replies are a nudge that counts for its week.
    """

    state: State
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = field(default=())
    sends_nudge: bool = False
