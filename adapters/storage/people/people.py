"""A person's state: found by account, locked, made, read and saved.

What belongs in it is the core's business.

Only what changed is written: values are frozen, so what is equal is unchanged. A plan's progress is
part of the person's text: it is read and written with its person only, under the person's lock, so
rows of its own would cost much and buy nothing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from tzdata import IANA_VERSION

from adapters.storage.outbox.workspaces import take_over
from adapters.storage.sql import codec
from adapters.storage.sql.batch import over_rows, rows
from adapters.storage.sql.tables import accounts, conversations, people, subscriptions, tombstones
from adapters.storage.sql.transaction import RetryTransaction, UnitOfWork, upserting
from bot.core.events import Account, Chat, Event
from bot.core.state import Conversation, Person, Profile, State, Subscription
from scheduler.recurrence import coming

_ACCOUNT = sa.and_(
    accounts.c.platform == bindparam("account_platform"),
    accounts.c.workspace == bindparam("account_workspace"),
    accounts.c.user_id == bindparam("account_user"),
)
_HERE = sa.and_(
    conversations.c.person_id == people.c.id,
    conversations.c.platform == bindparam("chat_platform"),
    conversations.c.workspace == bindparam("chat_workspace"),
    conversations.c.chat == bindparam("chat_id"),
    conversations.c.thread == bindparam("chat_thread"),
)
LOCK_BY_ACCOUNT = (
    select(people.c.id)
    .join(accounts, accounts.c.person_id == people.c.id)
    .where(_ACCOUNT)
    .with_for_update(of=people)
)
_LOCK = select(people.c.id).where(people.c.id == bindparam("person")).with_for_update()
_PERSON = (people, conversations.c.state.label("conversation"))
_BY_ACCOUNT = (
    select(*_PERSON)
    .select_from(
        accounts.join(people, people.c.id == accounts.c.person_id).outerjoin(conversations, _HERE)
    )
    .where(_ACCOUNT)
)
_BY_ID = (
    select(people, accounts.c.platform, accounts.c.workspace, accounts.c.user_id)
    .select_from(people.outerjoin(accounts, accounts.c.person_id == people.c.id))
    .where(people.c.id == bindparam("person"))
    .order_by(accounts.c.platform, accounts.c.workspace, accounts.c.user_id)
)
_WHERE_NUDGES_GO = sa.and_(
    conversations.c.person_id == people.c.id,
    conversations.c.platform == people.c.nudge_platform,
    conversations.c.workspace == people.c.nudge_workspace,
    conversations.c.chat == people.c.nudge_chat,
    conversations.c.thread == people.c.nudge_thread,
)
_OF_NUDGES = over_rows(
    lambda _, one: (
        select(*_PERSON, accounts.c.platform, accounts.c.workspace, accounts.c.user_id)
        .select_from(
            one.join(people, people.c.id == one.c.person)
            .outerjoin(accounts, accounts.c.person_id == people.c.id)
            .outerjoin(conversations, _WHERE_NUDGES_GO)
        )
        .order_by(people.c.id, accounts.c.platform, accounts.c.workspace, accounts.c.user_id)
    ),
    person=sa.BigInteger,
)
_ACCOUNTS = (
    select(accounts)
    .where(accounts.c.person_id == bindparam("person"))
    .order_by(accounts.c.platform, accounts.c.workspace, accounts.c.user_id)
)
_SUBSCRIPTIONS = (
    select(subscriptions)
    .where(subscriptions.c.person_id == bindparam("person"))
    .order_by(subscriptions.c.weekday, subscriptions.c.id)
)
_SUBSCRIPTIONS_OF = over_rows(
    lambda _, one: (
        select(subscriptions)
        .select_from(one.join(subscriptions, subscriptions.c.person_id == one.c.person))
        .order_by(subscriptions.c.person_id, subscriptions.c.weekday, subscriptions.c.id)
    ),
    person=sa.BigInteger,
)
_NEW_PERSON = (
    sa.insert(people)
    .values(state=codec.BLANK, accounts=1, created_at=bindparam("now"))
    .returning(people.c.id)
)
_NEW_ACCOUNT = upserting(lambda insert: insert(accounts).on_conflict_do_nothing())
_TOMBSTONE = select(tombstones.c.at).where(tombstones.c.account_hash == bindparam("account_hash"))
_SAVE_PERSON = (
    sa.update(people)
    .where(people.c.id == bindparam("person"))
    .values(
        {
            people.c.state: bindparam("to_state"),
            people.c.subscriptions: bindparam("to_subscriptions"),
            people.c.nudge_platform: bindparam("to_nudge_platform"),
            people.c.nudge_workspace: bindparam("to_nudge_workspace"),
            people.c.nudge_chat: bindparam("to_nudge_chat"),
            people.c.nudge_thread: bindparam("to_nudge_thread"),
            people.c.nudge_shared: bindparam("to_nudge_shared"),
            people.c.unreachable: bindparam("to_unreachable"),
            people.c.unreachable_at: bindparam("to_unreachable_at"),
            people.c.dialog_at: bindparam("to_dialog_at"),
            people.c.reminder_at: bindparam("to_reminder_at"),
            people.c.feed_hash: bindparam("to_feed_hash"),
        }
    )
)
_SAVE_CONVERSATION = upserting(
    lambda insert: (
        made := insert(conversations),
        made.on_conflict_do_update(
            index_elements=list(conversations.primary_key),
            set_={"state": made.excluded.state, "touched_at": made.excluded.touched_at},
        ),
    )[1]
)
_NEW_SUBSCRIPTION = upserting(
    lambda insert: (
        made := insert(subscriptions),
        made.on_conflict_do_update(
            index_elements=list(subscriptions.primary_key),
            set_={
                column.name: made.excluded[column.name]
                for column in subscriptions.c
                if not column.primary_key
            },
        ),
    )[1]
)
_CHANGE_SUBSCRIPTION = (
    sa.update(subscriptions)
    .where(
        subscriptions.c.person_id == bindparam("of_person"),
        subscriptions.c.id == bindparam("of_id"),
    )
    .values(
        {column: bindparam(column.name) for column in subscriptions.c if not column.primary_key}
    )
)
_DROP_SUBSCRIPTION = sa.delete(subscriptions).where(
    subscriptions.c.person_id == bindparam("person"),
    subscriptions.c.id == bindparam("subscription"),
)


BROUGHT_AGAIN = timedelta(hours=25)
"""For how long a platform brings an event again.

Something that claims to be older than that only carries a wrong date.
"""


def of_account(work: UnitOfWork, event: Event, locked: int | None) -> State | None:
    """The state of whoever has the event's account, made if nobody has.

    None: the account was erased after this happened. `locked` is the person whose row PostgreSQL
    locked; SQLite's writer is alone anyway.
    """
    account = event.account
    row = work.run(_BY_ACCOUNT, of(account) | _chat(event.chat)).one_or_none()
    if (
        row is None
        and event.within
        and take_over(work, account.platform, event.within, account.workspace)
    ):
        locked = work.run(LOCK_BY_ACCOUNT, of(account)).scalar()
        row = work.run(_BY_ACCOUNT, of(account) | _chat(event.chat)).one_or_none()
    if row is None:
        return _stranger(work, account, event.sent_at or event.at)
    if work.postgres and row.id != locked:
        raise RetryTransaction
    known: tuple[Account, ...] = (account,)
    if row.accounts != 1:
        known = accounts_of(work, row.id)
    return State(
        person=_person(work, row, known, _subscriptions(work, row)),
        conversation=codec.conversation_from(row.conversation),
    )


def of_id(work: UnitOfWork, person: int, *, locked: bool = True) -> Person | None:
    """The person, locked unless it is only looked at; None if there is none."""
    if work.postgres and locked:
        work.run(_LOCK, {"person": person})
    found = work.run(_BY_ID, {"person": person}).all()
    if not found:
        return None
    return _person(work, found[0], _accounts_in(found), _subscriptions(work, found[0]))


def of_nudges(work: UnitOfWork, ids: Iterable[int]) -> dict[int, State]:
    """People whose rows are locked already, each with the
    conversation in the chat that nudges go to.
    """
    wanted = rows([{"person": one} for one in ids])
    subscribed = {
        person: _subscriptions_in(found)
        for person, found in groupby(work.run(_SUBSCRIPTIONS_OF, wanted), attrgetter("person_id"))
    }
    states = {}
    for person, found in groupby(work.run(_OF_NUDGES, wanted), attrgetter("id")):
        first, *others = found
        whole = _person(work, first, _accounts_in((first, *others)), subscribed.get(person, ()))
        states[person] = State(
            person=whole, conversation=codec.conversation_from(first.conversation)
        )
    return states


def new_person(work: UnitOfWork) -> int:
    return int(work.run(_NEW_PERSON, {"now": work.now}).scalar())


def save(work: UnitOfWork, before: State, after: State, chat: Chat) -> None:
    """Write what differs.

    Subscriptions whose rule changed are given their next instant if the core gave none.
    """
    one, other = before.person, after.person
    if one != other:
        save_person(work, one, other)
    if before.conversation != after.conversation:
        save_conversation(work, other.id, chat, after.conversation)


def save_person(work: UnitOfWork, before: Person, after: Person) -> None:
    """Profile, plan, dialog, address of nudges, subscriptions.

    Accounts are not saved here: they move by linking only.
    """
    _save_subscriptions(work, before.subscriptions, after)
    if before != replace(after, subscriptions=before.subscriptions) or len(
        before.subscriptions
    ) != len(after.subscriptions):
        _save_person(work, after)


def save_conversation(
    work: UnitOfWork, person: int, chat: Chat, conversation: Conversation
) -> None:
    work.defer(
        _SAVE_CONVERSATION,
        {
            "person_id": person,
            "platform": chat.platform,
            "workspace": chat.workspace,
            "chat": chat.id,
            "thread": chat.thread,
            "state": codec.conversation_text(conversation),
            "shared": chat.shared,
            "touched_at": work.now,
        },
    )


def account_hash(work: UnitOfWork, account: Account) -> str:
    """What a tombstone keeps of an account.

    Salted: users' numbers are few enough to try them all.
    """
    text = f"{account.platform}\0{account.workspace}\0{account.user}"
    return blake2b(text.encode(), key=work.salt.encode(), digest_size=32).hexdigest()


def _stranger(work: UnitOfWork, account: Account, at: datetime) -> State | None:
    erased_at = work.run(_TOMBSTONE, {"account_hash": account_hash(work, account)}).scalar()
    if erased_at is not None and at < erased_at < at + BROUGHT_AGAIN:
        return None
    person = new_person(work)
    row = {
        "platform": account.platform,
        "workspace": account.workspace,
        "user_id": account.user,
        "person_id": person,
    }
    if work.run(_NEW_ACCOUNT, row).rowcount == 0:
        raise RetryTransaction
    return State(person=Person(id=person, accounts=(account,)))


def _person(
    work: UnitOfWork, row: Any, known: tuple[Account, ...], subscribed: tuple[Subscription, ...]
) -> Person:
    columns = {
        "id": row.id,
        "accounts": known,
        "subscriptions": subscribed,
        "nudges_to": codec.chat_from(row),
        "unreachable": row.unreachable,
    }
    if newer := codec.newer_in(row.state):
        work.newer[row.id] = newer
    return codec.person_from(row.state, columns)


def accounts_of(work: UnitOfWork, person: int) -> tuple[Account, ...]:
    return tuple(_account_from(row) for row in work.run(_ACCOUNTS, {"person": person}))


def _accounts_in(rows: Iterable[Any]) -> tuple[Account, ...]:
    return tuple(_account_from(row) for row in rows if row.platform is not None)


def _account_from(row: Any) -> Account:
    return Account(platform=row.platform, workspace=row.workspace, user=row.user_id)


def subscriptions_of(work: UnitOfWork, person: int) -> tuple[Subscription, ...]:
    return _subscriptions_in(work.run(_SUBSCRIPTIONS, {"person": person}))


def _subscriptions(work: UnitOfWork, row: Any) -> tuple[Subscription, ...]:
    if not row.subscriptions:
        return ()
    return subscriptions_of(work, row.id)


def _subscriptions_in(found: Iterable[Any]) -> tuple[Subscription, ...]:
    return tuple(codec.subscription_from(row._asdict()) for row in found)


def _save_person(work: UnitOfWork, after: Person) -> None:
    to = after.nudges_to
    values = {
        "person": after.id,
        "to_state": codec.person_text(after, work.newer.get(after.id, {})),
        "to_subscriptions": len(after.subscriptions),
        "to_nudge_platform": to.platform if to else None,
        "to_nudge_workspace": to.workspace if to else None,
        "to_nudge_chat": to.id if to else None,
        "to_nudge_thread": to.thread if to else None,
        "to_nudge_shared": to.shared if to else None,
        "to_unreachable": after.unreachable,
        "to_unreachable_at": work.now if after.is_suspended else None,
        "to_dialog_at": after.dialog.touched_at if after.dialog else None,
        "to_reminder_at": min((one.due_at for one in after.reminders), default=None),
        "to_feed_hash": after.feed.token_hash if after.feed else None,
    }
    work.defer(_SAVE_PERSON, values)


def _save_subscriptions(work: UnitOfWork, before: Iterable[Subscription], person: Person) -> None:
    known = {one.id: one for one in before}
    for one in person.subscriptions:
        was = known.pop(one.id, None)
        if was is None:
            work.run(
                _NEW_SUBSCRIPTION,
                {"person_id": person.id, "id": one.id} | _row(person, was, one, work.now),
            )
        elif was != one:
            work.defer(
                _CHANGE_SUBSCRIPTION,
                {"of_person": person.id, "of_id": one.id} | _row(person, was, one, work.now),
            )
    for gone in known:
        work.run(_DROP_SUBSCRIPTION, {"person": person.id, "subscription": gone})


def _row(
    person: Person, was: Subscription | None, one: Subscription, now: datetime
) -> dict[str, Any]:
    due = one.next_due_at if one.active else None
    unnoticed = was is not None and was.next_due_at == due and _rule(was) != _rule(one)
    if one.active and (due is None or unnoticed):
        due = coming(one, now, holidays_of=holidays_of(person.profile))
    return {
        "weekday": one.weekday,
        "local_time": one.local_time.isoformat("minutes"),
        "zone": one.zone,
        "active": one.active,
        "paused_until": day_text(one.paused_until),
        "sent_week": one.sent_week,
        "resend": one.resend,
        "snoozed_until": one.snoozed_until,
        "pace": one.pace,
        "next_due_at": due,
        "tz_version": IANA_VERSION,
        "rest": codec.subscription_rest(one),
        "nth": one.nth,
        "starts_on": day_text(one.starts_on),
        "ends_on": day_text(one.ends_on),
        "paused_from": day_text(one.paused_from),
    }


def _rule(one: Subscription) -> tuple[object, ...]:
    when = (one.weekday, one.local_time, one.zone, one.nth, one.starts_on, one.ends_on)
    return *when, one.active, one.pace, one.snoozed_until


def day_text(day: date | None) -> str | None:
    if not day:
        return None
    return day.isoformat()


def holidays_of(profile: Profile) -> str:
    if profile.skip_holidays:
        return profile.region
    return ""


def with_week_sent(person: Person, subscription: str, week: str) -> Person:
    """The person, with `week` noted as the last that a nudge of this subscription went out for."""
    return replace(
        person,
        subscriptions=tuple(
            replace(one, sent_week=max(week, one.sent_week)) if one.id == subscription else one
            for one in person.subscriptions
        ),
    )


def of(account: Account) -> dict[str, str]:
    return {
        "account_platform": account.platform,
        "account_workspace": account.workspace,
        "account_user": account.user,
    }


def _chat(chat: Chat) -> dict[str, str]:
    return {
        "chat_platform": chat.platform,
        "chat_workspace": chat.workspace,
        "chat_id": chat.id,
        "chat_thread": chat.thread,
    }
