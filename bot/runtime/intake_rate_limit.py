"""How much of one workspace's or group's talk is taken in: what is beyond that never reaches the
database, so nobody else waits behind it.

Counted in this process's memory, so that counting costs nothing and each replica brings its own
share. How much one person may say is bot.conversation.person_rate_limit's business; so is the
sentence that people read.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from bot.conversation.person_rate_limit import MESSAGES, WINDOW
from bot.core.events import Event, Located, OpenedHome, Pressed, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many at once, and so many a second in the long run."""

    burst: int
    per_second: float


ALLOWANCES = {
    "workspace": Limit(burst=1500, per_second=30),
    "group": Limit(burst=40, per_second=1),
    "notice": Limit(burst=20, per_second=0.5),
}
"""A workspace: thousands of people may write on a Monday morning, and one process answers hundreds
a second; Slack itself brings no more than 30,000 events an hour from one. A group: more would be a
wall of text for everybody in it. Sentences that say so, for each of them: they cost as much as
answers.
"""

TOLD_AGAIN = timedelta(hours=1)
REMEMBERED = 10_000

Kept = TypeVar("Kept")
Verdict = Literal["answer", "notice", "silence"]


class IntakeLimiter:
    """One bucket for each workspace and each group that was heard lately."""

    def __init__(self) -> None:
        self._full_until: OrderedDict[tuple[str, ...], datetime] = OrderedDict()
        self._told: OrderedDict[tuple[str, ...], datetime] = OrderedDict()
        self._said: OrderedDict[tuple[str, ...], tuple[datetime, int]] = OrderedDict()

    def check(self, event: Event, now: datetime) -> Verdict:
        """What to do with what a person did: take it, say once that there is too much at once,
        or nothing.
        """
        crowd, kind = _crowd(event)
        if not kind or self._takes(kind, crowd, now):
            return "answer"
        account = (event.account.platform, event.account.workspace, event.account.user)
        told = self._told.get(account)
        if isinstance(event.body, OpenedHome) or (told is not None and now - told < TOLD_AGAIN):
            return "silence"
        if not self._takes("notice", ("notice", *crowd), now):
            return "silence"
        _keep(self._told, account, now)
        return "notice"

    def reads(self, event: Event) -> bool:
        """Whether a text is still looked at: beyond what one person is answered in one chat, the
        turn says so without reading it.
        """
        if event.surface.own_machine:
            return True
        who = (event.account.platform, event.account.workspace, event.account.user, event.chat.id)
        since, count = self._said.get(who, (event.at, 0))
        if not timedelta() <= event.at - since <= WINDOW:  # a clock may be set back
            since, count = event.at, 0
        _keep(self._said, who, (since, count + 1))
        return count <= MESSAGES

    def _takes(self, kind: str, crowd: tuple[str, ...], now: datetime) -> bool:
        """A bucket that leaks steadily: the instant until which it is
        not empty says how full it is.
        """
        allowance = ALLOWANCES[kind]
        step = timedelta(seconds=1 / allowance.per_second)
        until = self._full_until.get(crowd, now)
        if not now < until <= now + allowance.burst * step:  # empty; or the clock was set back
            until = now
        if until > now + (allowance.burst - 1) * step:
            return False
        _keep(self._full_until, crowd, until + step)
        return True


def _crowd(event: Event) -> tuple[tuple[str, ...], str]:
    """Whom the event is counted for; nobody for a private chat where there are no workspaces, for a
    form (a person filled it in, and an answer is all that shows it arrived), and for what is no act
    of a person.
    """
    chat = event.chat
    if event.surface.own_machine or not isinstance(
        event.body, Said | Pressed | Located | OpenedHome
    ):
        return (), ""
    if chat.workspace:
        return (chat.platform, chat.workspace), "workspace"
    if chat.shared:
        return ((chat.platform, "", chat.id), "group")
    return ((), "")


def _keep(known: OrderedDict[tuple[str, ...], Kept], key: tuple[str, ...], value: Kept) -> None:
    known[key] = value
    known.move_to_end(key)
    while len(known) > REMEMBERED:
        known.popitem(last=False)
