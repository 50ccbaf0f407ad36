"""What the bot remembers: one frozen value per person, and one per person and chat.

Everything is kept by key, never by position, so changed content does not break an open dialog or a
plan. All values are plain data: the store keeps them as JSON through pydantic's TypeAdapter,
unknown keys ignored, missing keys defaulted, so that old rows stay readable.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from bot.core.events import Account, Chat

RETURNED = "returned"
"""In place of a reason: the chat can be written to again,
and the person has not been told why nudges had paused.
"""
REACHABLE = ("", RETURNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a person told us, each thing once.

    `answers` holds questionnaire answers by question key.
    """

    background: str = ""
    zone: str = ""
    zone_said: str = ""
    """How the person named the zone, for talking back."""
    region: str = ""
    """Australian state or territory, for public holidays: NSW, VIC, …"""
    hours: float | None = None
    quiet: str = ""
    """Hours without nudges, '21:00-07:00'; empty for the default."""
    skip_holidays: bool = False
    needs_visa: str = ""
    """Whether they need a visa to work in Australia: yes, no, 'asked' while they have not said,
    empty before that.
    """
    answers: Mapping[str, str] = field(default_factory=dict)
    told_who_reads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDialog:
    """A questionnaire in progress: its key, the question being asked, the answers so far,
    when it was last touched.
    """

    dialog: str
    question: str
    answers: Mapping[str, str] = field(default_factory=dict)
    touched_at: datetime
    detour: str = ""
    """What the person was doing meanwhile, if the question must be asked again."""
    digressions: int = 0
    """How many turns in a row were about something else: see
    bot.features.questionnaires.open_questions.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A person's way through a plan.

    Steps are keys of the content; `done` maps a step to (when, evidence link).
    """

    plan: str
    started_on: date
    hours: float
    done: Mapping[str, tuple[datetime, str]] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    known_units: tuple[str, ...] = ()
    extra_units: tuple[str, ...] = ()
    chosen_units: tuple[str, ...] = ()
    """Units the self-audit picked; empty for the whole plan."""
    eased: int = 0
    checkpoints: Mapping[str, str] = field(default_factory=dict)
    """Unit key of a checkpoint to 'asked', 'passed' or 'repeat'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A weekly or monthly nudge: a local rule, never an interval. `weekday` is 0 for Monday."""

    id: str
    weekday: int
    local_time: time
    zone: str
    nth: int = 0
    """Which of a month's weekdays: 1 to 4, -1 for the last; 0 for a rule that goes by weeks."""
    starts_on: date | None = None
    ends_on: date | None = None
    """The first and the last local day on which it may come."""
    active: bool = True
    paused_until: date | None = None
    paused_from: date | None = None
    """The first day of the pause, where it did not begin when it was asked for."""
    sent_week: str = ""
    """The period of the last nudge that was sent: the ISO week of its local date,
    of a monthly rule the month ('2026-M12').
    """
    resend: int = 0
    snoozed_until: datetime | None = None
    next_due_at: datetime | None = None
    ignored: int = 0
    pace: str = "weekly"
    """weekly, fortnightly, monthly, silent: slower only when the person was asked."""
    last_template: str = ""
    good_weeks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """Something that a person asked to be told once. It stands here until it goes out."""

    id: str
    """Another one after each move, so that what was booked for the
    time before is nothing any more.
    """
    text: str = field(default="", repr=False)
    """The person's own words: no log holds them."""
    due_at: datetime
    asked_at: datetime
    zone: str = ""
    """The clock on which the time was said; empty for one that
    counts from now ('in 20 minutes').
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """What is known of how well somebody remembers one quiz question, and when to ask it again."""

    due: datetime
    last: datetime
    stability: float | None = None
    difficulty: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Quizzes: the questions answered, by 'unit.question',
    and whether due ones may come with a nudge.
    """

    recalls: Mapping[str, Recall] = field(default_factory=dict)
    with_nudges: str = ""
    """'yes', 'no', or empty while nobody asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFact:
    """A figure that somebody was shown, as it was printed, and when last."""

    figure: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Changes of the facts that somebody wants to hear of."""

    corrections: bool = False
    """Whether to be told when a figure changes that they were shown."""
    shown: Mapping[str, ShownFact] = field(default_factory=dict)
    """By the fact's place; kept only for those who asked for corrections."""
    watches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """A subject, with the keys of the news about it that are known to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgeMemory:
    """What earlier nudges said, whichever day's they were,
    so that none of it is said again soon.
    """

    last_at: datetime | None = None
    templates: Mapping[str, str] = field(default_factory=dict)
    """By situation: the template used last in it."""
    break_offered: str = ""
    """The turn of the year, '2026-27', for which a pause was offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertain:
    """A message of which nobody knows whether it arrived, and the person has not been told.

    `at`: when it was due or made.
    """

    kind: Literal["answer", "nudge"]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarGiven:
    """What a person's calendar may hold of ours, so that the next file replaces it and takes away
    what is no longer planned.
    """

    id: str = ""
    """Random, so that no two people's appointments in the world have one name."""
    files: int = 0
    """How many were given: calendars take what has a higher number."""
    weeks: tuple[str, ...] = ()
    """ISO weeks that have an appointment and are not over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFeed:
    """A private address from which a calendar program fetches plan and nudges,
    and what it was given there last.
    """

    token_hash: str = field(repr=False)
    """The address itself is known to its owner alone."""
    since: datetime
    id: str
    """Random, part of the appointments' names: it stays when the address changes."""
    zone: str
    """The clock of the plan's weeks while neither a schedule nor the profile names one."""
    sequence: int = 0
    """Rises with each change of what is served."""
    mark: str = ""
    """A fingerprint of what was served last."""
    changed_at: datetime | None = None
    weeks: tuple[str, ...] = ()
    """ISO weeks that have an appointment and are not over."""
    nudges: Mapping[str, datetime] = field(default_factory=dict)
    """The first instant of each nudge's series, by the subscription's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One human being, on however many platforms.

    `id` is ours; `accounts` and `nudges_to` say where to reach them.
    """

    id: int
    accounts: tuple[Account, ...] = ()
    profile: Profile = field(default_factory=Profile)
    dialog: OpenDialog | None = None
    parked: OpenDialog | None = None
    """A dialog that another one interrupted: it is the open one again when that is done."""
    progress: Progress | None = None
    calendar: CalendarGiven = field(default_factory=CalendarGiven)
    feed: CalendarFeed | None = None
    subscriptions: tuple[Subscription, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    """One-off reminders that are still to come, the earliest first."""
    results: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The last result of each questionnaire, by dialog key: points, audit."""
    learning: Learning = field(default_factory=Learning)
    following: Following = field(default_factory=Following)
    nudges: NudgeMemory = field(default_factory=NudgeMemory)
    uncertain: tuple[Uncertain, ...] = ()
    nudges_to: Chat | None = None
    unreachable: str = ""
    """Why nudges are suspended; empty when they are not, `RETURNED` when they no longer are."""

    @property
    def is_suspended(self) -> bool:
        return self.unreachable not in REACHABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAnswer:
    """What was answered last in a chat: the command line that would give it again,
    what it rests on, the entities read.
    """

    command: str
    words: str = ""
    at: datetime
    sources: tuple[str, ...] = ()
    """Keys of the facts or sources behind the answer, in order."""
    entities: Mapping[str, object] = field(default_factory=dict)
    personal: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class YesOrNo:
    """A question just put: the command lines that 'yes' and 'no' stand for."""

    yes: str
    no: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingAnswer:
    """What a message in the chat means to whoever replies to it: the answer it gave,
    the question it put.
    """

    turn: str
    """The reference number of the turn that made it."""
    last: LastAnswer | None = None
    question: YesOrNo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A person in one chat."""

    last: LastAnswer | None = None
    standing: tuple[StandingAnswer, ...] = ()
    """The latest answers, newest first, so that a reply to one is known to be about it: see
    bot.conversation.replies.
    """
    topics: tuple[LastAnswer, ...] = ()
    """What was talked about before that, newest first: see bot.conversation.topics."""
    changed: Mapping[str, str] = field(default_factory=dict)
    """The answers that the last change replaced, by question; '' where there was none:
    what `undo` brings back.
    """
    read: tuple[str, ...] = ()
    """Fingerprints of the latest texts, newest first: see bot.conversation.edits."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Label to action of the taps shown last, so that a label can be typed."""
    misses: int = 0
    question: YesOrNo | None = None
    """Open only while nothing was said or done here since: see bot.conversation.step."""
    place_asked: bool = False
    """A way to share one's place is on the screen, to be taken away
    once it is not wanted any more.
    """
    asked: str = ""
    """A message to everyone that waits for its go-ahead: see bot.features.account.admin."""
    burst: int = 0
    """How many messages came since `burst_since`: see bot.conversation.person_rate_limit."""
    burst_since: datetime | None = None
    crowd_told_at: datetime | None = None
    """When the person last read that too much came from here at once."""
    calm_until: datetime | None = None
    """So long nothing is offered that was not asked for: see bot.conversation.aftermath.

    It goes with the first event after.
    """
    calm_lines: int = 0
    """How many calm lines were said meanwhile, so that none comes twice in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    person: Person
    conversation: Conversation = field(default_factory=Conversation)
