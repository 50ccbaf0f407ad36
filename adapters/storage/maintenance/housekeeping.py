"""What is thrown away, and when; and the figures an operator looks at.

Everything goes in small batches, each its own transaction, so that nobody waits long behind
housekeeping.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select

from adapters.storage.maintenance import booking
from adapters.storage.outbox.outbox import GIVE_UP
from adapters.storage.people import people
from adapters.storage.people.erasing import erase
from adapters.storage.sql import codec
from adapters.storage.sql.tables import (
    OPEN,
    SENDING,
    Instant,
    accounts,
    broadcasts,
    conversations,
    dead_letters,
    errands,
    installations,
    link_codes,
    link_tries,
    oauth_states,
    outbox,
    picture_refs,
    seen_events,
    send_pace,
    subscriptions,
    tombstones,
    unanswered,
)
from adapters.storage.sql.tables import people as people_table
from adapters.storage.sql.transaction import UnitOfWork
from bot.core.bot_token import BotToken
from bot.core.state import REACHABLE, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long each kind of record is kept.

    `uninstalled`: after a workspace's token died; `unreachable`: after we could not write to a
    person any more.
    """

    seen: timedelta = timedelta(days=8)
    sent: timedelta = timedelta(days=30)
    uninstalled: timedelta = timedelta(days=30)
    dialogs: timedelta = timedelta(days=14)
    unreachable: timedelta = timedelta(days=365)


BATCH = 1000
SPENT_CODES = timedelta(days=1)
TOMBSTONES = timedelta(days=30)
PICTURES = timedelta(days=60)
LETTERS = timedelta(days=90)
UNANSWERED = timedelta(days=365)
IDLE_CHATS = timedelta(hours=1)
CALM = timedelta(minutes=30)
"""So long a talk is calm at most: see bot.conversation.aftermath."""

Sweep = Callable[[UnitOfWork], int]
"""Clears one batch away in one transaction and says how many went; fewer than BATCH: it is done."""

_before = bindparam("before", type_=Instant)


def _aged(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.Delete:
    key = tuple(table.primary_key)
    found = select(*key).where(*conditions).limit(BATCH)
    return sa.delete(table).where(sa.tuple_(*key).in_(found) if len(key) > 1 else key[0].in_(found))


_SEEN = _aged(seen_events, seen_events.c.at < _before)
_SENT = _aged(outbox, outbox.c.closed_at < _before)
_OF_ERASED = _aged(
    outbox,
    outbox.c.person_id.is_(None),
    sa.or_(outbox.c.closed_at.is_not(None), outbox.c.created_at < _before),
)
_BROADCASTS = _aged(broadcasts, broadcasts.c.created_at < _before)
_CONVERSATIONS = _aged(conversations, conversations.c.touched_at < _before)
_CODES = _aged(link_codes, link_codes.c.expires_at < _before)
_TRIES = _aged(link_tries, link_tries.c.at < _before)
_TOMBSTONES = _aged(tombstones, tombstones.c.at < _before)
_PICTURES = _aged(picture_refs, picture_refs.c.at < _before)
_LETTERS = _aged(dead_letters, dead_letters.c.at < _before)
_UNANSWERED = _aged(unanswered, unanswered.c.at < _before)
_OAUTH = _aged(oauth_states, oauth_states.c.expires_at < _before)
_CHATS = _aged(
    send_pace,
    send_pace.c.chat != "",
    send_pace.c.tat < _before,
    send_pace.c.paused_until < _before,
)
_CALM = (
    select(*conversations.primary_key, conversations.c.state)
    .where(conversations.c.touched_at < _before, conversations.c.state.like('%"calm_until"%'))
    .limit(BATCH)
)
_CALM_OVER = sa.update(conversations).where(
    *(column == bindparam(f"of_{column.name}") for column in conversations.primary_key)
)
_DIALOGS = select(people_table.c.id).where(people_table.c.dialog_at < _before).limit(BATCH)
_LOST = select(people_table.c.id).where(people_table.c.unreachable_at < _before).limit(BATCH)
_ENDED = _aged(
    installations,
    installations.c.bot_token_encrypted.is_(None),
    installations.c.installed_at < _before,
)
_FORGET_TOKEN = sa.delete(send_pace).where(
    send_pace.c.token == bindparam("of_token"), send_pace.c.chat == ""
)
_GONE_TOKENS = select(send_pace.c.token).where(
    send_pace.c.chat == "", send_pace.c.dead_at < _before
)
_MEMBERS = (
    select(accounts.c.person_id)
    .where(
        accounts.c.platform == bindparam("platform"), accounts.c.workspace == bindparam("workspace")
    )
    .distinct()
    .limit(BATCH)
)
_LEAVE = sa.delete(accounts).where(
    accounts.c.person_id == bindparam("person"),
    accounts.c.platform == bindparam("platform"),
    accounts.c.workspace == bindparam("workspace"),
)
_COUNT = (
    sa.update(people_table)
    .where(people_table.c.id == bindparam("person"))
    .values(accounts=bindparam("left"))
)


def sweeps(retention: Retention) -> Iterator[tuple[str, Sweep]]:
    """Everything there is to clear away, by name."""
    yield "seen", partial(_delete, _SEEN, retention.seen)
    yield "sent", partial(_delete, _SENT, retention.sent)
    yield "of_erased", partial(_delete, _OF_ERASED, GIVE_UP)
    yield "broadcasts", partial(_delete, _BROADCASTS, retention.sent)
    yield "conversations", partial(_delete, _CONVERSATIONS, retention.dialogs)
    yield "calm", _forget_calm
    yield "dialogs", partial(_old_dialogs, retention.dialogs)
    yield "link_codes", partial(_delete, _CODES, SPENT_CODES)
    yield "link_tries", partial(_delete, _TRIES, SPENT_CODES)
    yield "tombstones", partial(_delete, _TOMBSTONES, max(TOMBSTONES, retention.seen))
    yield "pictures", partial(_delete, _PICTURES, PICTURES)
    yield "dead_letters", partial(_delete, _LETTERS, LETTERS)
    yield "unanswered", partial(_delete, _UNANSWERED, UNANSWERED)
    yield "oauth_states", partial(_delete, _OAUTH, timedelta())
    yield "idle_chats", partial(_delete, _CHATS, IDLE_CHATS)
    yield "unreachable", partial(_delete_lost_people, retention.unreachable)
    yield "uninstalled", partial(_delete_uninstalled, retention.uninstalled)
    yield "installations", partial(_delete, _ENDED, retention.uninstalled)
    yield "zones", partial(booking.refresh_zones, limit=BATCH)


def _delete(statement: sa.Delete, age: timedelta, work: UnitOfWork) -> int:
    if "before" in statement.compile().params:
        values = {"before": work.now - age}
    else:
        values = {}
    return work.run(statement, values).rowcount


def _each(
    work: UnitOfWork,
    found: sa.Select[tuple[int]],
    age: timedelta,
    change: Callable[[UnitOfWork, Person], None],
) -> int:
    ids = work.run(found, {"before": work.now - age}).scalars()
    for one in ids:
        person = people.of_id(work, one)
        if person is not None:
            change(work, person)
    return len(ids)


def _old_dialogs(age: timedelta, work: UnitOfWork) -> int:
    return _each(
        work,
        _DIALOGS,
        age,
        lambda work, person: people.save_person(
            work, person, replace(person, dialog=None, parked=None)
        ),
    )


def _forget_calm(work: UnitOfWork) -> int:
    """Talks that nobody went on with: that they were calm is forgotten,
    and nothing else of them.
    """
    found = work.run(_CALM, {"before": work.now - CALM}).all()
    for row in found:
        talk = replace(codec.conversation_from(row.state), calm_until=None, calm_lines=0)
        where = {
            f"of_{one.name}": row[place] for place, one in enumerate(conversations.primary_key)
        }
        work.run(
            _CALM_OVER.values(state=bindparam("left")),
            {**where, "left": codec.conversation_text(talk)},
        )
    return len(found)


def _delete_lost_people(age: timedelta, work: UnitOfWork) -> int:
    return _each(work, _LOST, age, erase)


def _delete_uninstalled(age: timedelta, work: UnitOfWork) -> int:
    """People of workspaces that removed the bot; those linked elsewhere only lose that account.

    With the last of them goes the note about the workspace. A platform without workspaces has one
    token, the operator's own: its death erases nobody.
    """
    gone = 0
    for token in work.run(_GONE_TOKENS, {"before": work.now - age}).scalars():
        platform, workspace = BotToken.read(token)
        if not workspace or gone:
            continue
        members = list(work.run(_MEMBERS, {"platform": platform, "workspace": workspace}).scalars())
        if not members:
            work.run(_FORGET_TOKEN, {"of_token": token})
        for one in members:
            person = people.of_id(work, one)
            if person is not None:
                _leave(work, person, platform, workspace)
                gone += 1
    return gone


def _leave(work: UnitOfWork, person: Person, platform: str, workspace: str) -> None:
    left = tuple(
        one for one in person.accounts if (one.platform, one.workspace) != (platform, workspace)
    )
    if not left:
        erase(work, person)
        return
    work.run(_LEAVE, {"person": person.id, "platform": platform, "workspace": workspace})
    work.run(_COUNT, {"person": person.id, "left": len(left)})
    to = person.nudges_to
    if to and (to.platform, to.workspace) == (platform, workspace):
        people.save_person(work, person, replace(person, nudges_to=None))


# --- figures --------------------------------------------------------------------------------------


def _count(table: sa.Table, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return select(func.count()).select_from(table).where(*conditions).scalar_subquery()


def _oldest(lane: str) -> sa.ScalarSelect[datetime]:
    """Since when somebody waits: a message that is tried again and again is as old as it was,
    whenever its next try may be.
    """
    since = sa.type_coerce(func.min(func.coalesce(outbox.c.due_at, outbox.c.created_at)), Instant)
    return select(since).where(outbox.c.lane == lane, OPEN).scalar_subquery()


_now = bindparam("now", type_=Instant)
_recent = outbox.c.closed_at > bindparam("since", type_=Instant)
_FIGURES = select(
    _count(people_table).label("people"),
    _count(people_table, people_table.c.unreachable_at.is_not(None)).label("unreachable"),
    _count(
        people_table,
        people_table.c.nudge_chat.is_not(None),
        people_table.c.unreachable.in_(REACHABLE),
    ).label("reachable"),
    _count(subscriptions, subscriptions.c.active).label("subscriptions"),
    _count(subscriptions, subscriptions.c.next_due_at <= _now).label("due"),
    _count(outbox, outbox.c.lane == "answer", OPEN).label("outbox_answers"),
    _count(outbox, outbox.c.lane == "nudge", OPEN).label("outbox_nudges"),
    _count(outbox, outbox.c.state == SENDING).label("in_the_air"),
    _count(outbox, outbox.c.state == "unknown", outbox.c.closed_at.is_not(None)).label("unknown"),
    _count(outbox, outbox.c.state == "failed", outbox.c.closed_at.is_not(None)).label("failed"),
    _count(errands).label("errands"),
    _count(dead_letters).label("dead_letters"),
    _count(send_pace, send_pace.c.dead_reason.is_not(None)).label("dead_tokens"),
)
_AGES = select(
    _oldest("answer").label("oldest_answer"),
    _oldest("nudge").label("oldest_nudge"),
    select(sa.type_coerce(func.min(subscriptions.c.next_due_at), Instant))
    .scalar_subquery()
    .label("oldest_due"),
)
_LATEST = select(func.max(outbox.c.closed_at - outbox.c.due_at)).where(
    outbox.c.state == "sent", outbox.c.due_at.is_not(None), _recent
)
RECENT = timedelta(hours=1)


def figures(work: UnitOfWork) -> dict[str, float]:
    """Gauges by name.

    Ages and lateness in seconds: how long the oldest row has been waiting past its time, and how
    late the latest nudge of the last hour was.
    """
    counts = work.run(_FIGURES, {"now": work.now}).one()
    ages = work.run(_AGES).one()
    late = work.run(_LATEST, {"since": work.now - RECENT}).scalar()
    waits = {
        "outbox_answers_age_seconds": ages.oldest_answer,
        "outbox_nudges_age_seconds": ages.oldest_nudge,
        "booking_age_seconds": ages.oldest_due,
    }
    found = {name: float(value) for name, value in counts._asdict().items()}
    for name, since in waits.items():
        if since is not None:
            found[name] = max(0.0, (work.now - since).total_seconds())
        else:
            found[name] = 0.0
    found["nudge_lateness_seconds"] = (late or 0) / 1_000_000
    return found
