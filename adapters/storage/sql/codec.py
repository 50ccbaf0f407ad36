"""State, messages and replies as JSON text and back.

Whatever a column holds (ids, dates the clock asks for) is left out of the text. Defaults are left
out too, unknown keys are ignored and missing ones defaulted, so that rows of an older or newer
version stay readable.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json, to_jsonable_python

from adapters.storage.sql.tables import EPOCH, MICROSECOND
from bot.core import events, turn
from bot.core import reply as documents
from bot.core.events import Chat, Event
from bot.core.messages import Address, Message
from bot.core.reply import Reply
from bot.core.state import (
    Conversation,
    Person,
    Profile,
    Progress,
    Reminder,
    Subscription,
)
from bot.core.turn import Effect

_person = TypeAdapter(Person)
_conversation = TypeAdapter(Conversation)
_profile = TypeAdapter(Profile)
_subscription = TypeAdapter(Subscription)
_reminders = TypeAdapter(tuple[Reminder, ...])
_address = TypeAdapter(Address)

_PERSON_COLUMNS = {"id", "accounts", "subscriptions", "nudges_to", "unreachable"}
_SUBSCRIPTION_COLUMNS = {
    "id",
    "weekday",
    "local_time",
    "zone",
    "active",
    "paused_until",
    "sent_week",
    "resend",
    "snoozed_until",
    "next_due_at",
    "pace",
    "nth",
    "starts_on",
    "ends_on",
    "paused_from",
}

BLANK = "{}"


_FIELDS = {
    "profile": frozenset(field.name for field in fields(Profile)),
    "progress": frozenset(field.name for field in fields(Progress)),
}
_OF_PERSON = frozenset(field.name for field in fields(Person))

Newer = Mapping[str, Any]
"""What a newer version wrote into a person's text that this one has no field for; during an upgrade
both write the same rows.
"""


def person_text(person: Person, newer: Newer | None = None) -> str:
    text = _person.dump_json(person, exclude=_PERSON_COLUMNS, exclude_defaults=True).decode()
    if not newer:
        return text
    known = from_json(text)
    parts = {
        name: {**newer[name], **known.get(name, {})}
        for name in _FIELDS
        if name in newer and getattr(person, name) is not None
    }
    return to_json(
        {**{name: value for name, value in newer.items() if name not in _FIELDS}, **known, **parts}
    ).decode()


def newer_in(text: str) -> Newer:
    whole: dict[str, Any] = from_json(text)
    found = {name: value for name, value in whole.items() if name not in _OF_PERSON}
    for name, known in _FIELDS.items():
        part = whole.get(name)
        if part and not part.keys() <= known:
            found[name] = {key: value for key, value in part.items() if key not in known}
    return found


def person_from(text: str, columns: Mapping[str, Any]) -> Person:
    return _person.validate_python({**from_json(text), **columns})


def profile_from(person_text: str) -> Profile:
    """Only the profile out of a person's text."""
    return _profile.validate_python(from_json(person_text).get("profile", {}))


def reminders_from(person_text: str) -> tuple[Reminder, ...]:
    """Only the one-off reminders out of a person's text."""
    return _reminders.validate_python(from_json(person_text).get("reminders", ()))


def conversation_text(conversation: Conversation) -> str:
    return _conversation.dump_json(conversation, exclude_defaults=True).decode()


def conversation_from(text: str | None) -> Conversation:
    if text:
        return _conversation.validate_json(text)
    return Conversation()


def subscription_rest(subscription: Subscription) -> str:
    return _subscription.dump_json(
        subscription, exclude=_SUBSCRIPTION_COLUMNS, exclude_defaults=True
    ).decode()


def subscription_from(row: Mapping[str, Any]) -> Subscription:
    return _subscription.validate_python(
        {**from_json(row["rest"]), **{name: row[name] for name in _SUBSCRIPTION_COLUMNS}}
    )


class Rule(NamedTuple):
    """The columns that say when a subscription is due. Many people's are alike."""

    weekday: int
    local_time: str
    zone: str
    active: bool
    paused_until: str | None
    sent_week: str
    resend: int
    snoozed_until: datetime | None
    next_due_at: datetime | None
    pace: str
    nth: int
    starts_on: str | None
    ends_on: str | None
    paused_from: str | None


def rule_from(rule: Rule) -> Subscription:
    """A subscription of nobody's, read without validation: booking reads thousands."""
    days = ("paused_until", "starts_on", "ends_on", "paused_from")
    return Subscription(
        **rule._asdict()
        | {"id": "", "local_time": time.fromisoformat(rule.local_time)}
        | {name: _day(getattr(rule, name)) for name in days}
    )


def _day(text: str | None) -> date | None:
    if not text:
        return None
    return date.fromisoformat(text)


def address_text(address: Address) -> str:
    return _address.dump_json(address, exclude_defaults=True).decode()


def address_from(text: str) -> Address:
    return _address.validate_json(text)


def payload_text(payload: Mapping[str, object]) -> str:
    return to_json(payload).decode()


def message_from(row: Any) -> Message:
    return Message(
        address=address_from(row.address),
        payload=from_json(row.payload) if row.payload else {},
        fallback=row.fallback or "",
        lane=row.lane,
        plain_only=row.plain_only,
    )


def chat_from(row: Any) -> Chat | None:
    """The chat for nudges out of a row of people."""
    if row.nudge_chat is None:
        return None
    return Chat(
        platform=row.nudge_platform,
        workspace=row.nudge_workspace,
        id=row.nudge_chat,
        thread=row.nudge_thread,
        shared=row.nudge_shared,
    )


def microseconds(instant: datetime) -> int:
    """An instant as its column holds it."""
    return (instant - EPOCH) // MICROSECOND


def readable(value: object) -> Any:
    """Any value of ours as plain JSON data, for an export."""
    return to_jsonable_python(value)


# A reply that is sent later (a broadcast) must come back block by block, and an errand with the
# event it is for; these share field
# names, so each names its class.


def reply_text(reply: Reply) -> str:
    return to_json(_tag(reply)).decode()


def reply_from(text: str) -> Reply:
    value = _untag(from_json(text))
    if not isinstance(value, Reply):
        raise TypeError(f"not a reply: {text[:40]!r}")
    return value


def errand_text(event: Event, effect: Effect) -> str:
    return to_json([_tag(event), _tag(effect)]).decode()


def errand_from(text: str) -> tuple[Event, Effect]:
    event, effect = (_untag(one) for one in from_json(text))
    return event, effect


_CLASSES: dict[str, Any] = {
    name: value
    for module in (documents, events, turn)
    for name, value in vars(module).items()
    if is_dataclass(value)
}


_RENAMED = {"whispers": "ephemeral", "nod": "reaction"}
"""Fields that rows of an older version call by another name."""


def _tag(value: Any) -> Any:
    if is_dataclass(value):
        return {"is": type(value).__name__} | {
            field.name: _tag(getattr(value, field.name)) for field in fields(value)
        }
    if isinstance(value, tuple | list):
        return [_tag(one) for one in value]
    if isinstance(value, datetime):
        return {"is": "datetime", "at": value.isoformat()}
    if isinstance(value, Mapping):
        return {"is": "mapping", "of": dict(value)}
    return value


def _untag(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_untag(one) for one in value)
    if not isinstance(value, dict):
        return value
    kind = value.pop("is")
    if kind == "datetime":
        return datetime.fromisoformat(value["at"])
    if kind == "mapping":
        return value["of"]
    value = {_RENAMED.get(name, name): one for name, one in value.items()}
    known = {field.name for field in fields(_CLASSES[kind])}
    return _CLASSES[kind](**{name: _untag(one) for name, one in value.items() if name in known})
