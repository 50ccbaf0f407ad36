"""What `mydata` holds: every row about a person as readable JSON, and what is left out of it,
each with its reason.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import bindparam, select

from adapters.storage.sql import codec
from adapters.storage.sql.tables import (
    conversations,
    link_codes,
    link_tries,
    outbox,
    people,
    unanswered,
)
from adapters.storage.sql.transaction import UnitOfWork
from bot.core.bot_token import BotToken
from bot.core.state import Person

LEFT_OUT: Final[Mapping[str, str]] = {
    "people.accounts": "how many accounts there are; the accounts themselves are in the file",
    "people.subscriptions": "how many weekly nudges there are; they are in the file",
    "people.dialog_at": "stands in the open questions as well",
    "people.reminder_at": "when the next one-off reminder is due; the reminders are in the file",
    "people.feed_hash": "a fingerprint of an address; it stands with the calendar feed as well",
    "accounts.person_id": "our own number, in the file once",
    "conversations.person_id": "our own number, in the file once",
    "subscriptions.person_id": "our own number, in the file once",
    "subscriptions.tz_version": "which edition of the time-zone rules was used",
    "subscriptions.rest": "the file has what this holds, field by field",
    "outbox.id": "our own number for a message",
    "outbox.token": "names the bot; the platform and workspace are in the file",
    "outbox.person_id": "our own number, in the file once",
    "outbox.attempt": "how we send, nothing about the person",
    "outbox.resent": "how we send, nothing about the person",
    "outbox.begun": "how we send, nothing about the person",
    "outbox.deaths": "how we send, nothing about the person",
    "outbox.plain_only": "how we send, nothing about the person",
    "outbox.owner": "how we send, nothing about the person",
    "outbox.lease_until": "how we send, nothing about the person",
    "outbox.not_before": "how we send, nothing about the person",
    "outbox.intent_at": "how we send, nothing about the person",
    "outbox.payload": "the text of the message, which is in the file, in the platform's own form",
    "outbox.address": (
        "chat and account, which are in the file, and the platform's pass for one answer, which "
        "would let others answer"
    ),
    "outbox.subscription_id": "which of the nudges or reminders; its week, or its instant, is in the file",
    "outbox.resend": "how often a nudge was put off; the nudge is in the file",
    "outbox.broadcast_id": "which message to everybody; its text is in the file until it is sent",
    "outbox.turn": "a line number of our log",
    "errands.key": "a fingerprint of the message that is being answered",
    "errands.person_id": "our own number, in the file once",
    "errands.errand": "the message that is being answered, for the seconds that a look-up takes",
    "errands.not_before": "when a look-up is tried again",
    "link_codes.code_hash": "a fingerprint of a code that only its owner was shown",
    "link_codes.person_id": "our own number, in the file once",
    "link_tries.id": "our own number for a wrong code",
    "link_tries.person_id": "our own number, in the file once",
    "unanswered.id": "our own number for a text",
    "unanswered.person_id": "our own number, in the file once",
    "send_pace": "when a chat may get its next message; it is gone an hour after the last",
    "seen_events": (
        "fingerprints of what was dealt with, so that it is not dealt with twice; they lead to "
        "nobody"
    ),
    "dead_letters": (
        "fingerprints of what went wrong, and the reference that its sender was given; they lead "
        "to nobody"
    ),
    "tombstones": "salted fingerprints of accounts that were erased; whoever has one has nothing else here",
    "broadcasts": "messages to everybody",
    "leases": "which of our processes does what",
    "deployment": "our own salt",
    "picture_refs": "charts that are the same for everybody",
    "installations": "workspaces, not people",
    "oauth_states": "installations under way; they name nobody",
}
"""Columns, and whole tables, that the file does not have."""

_PERSON = select(people.c.created_at, people.c.unreachable_at).where(
    people.c.id == bindparam("person")
)
_CONVERSATIONS, _ROWS, _UNANSWERED, _CODES, _TRIES = (
    select(table).where(table.c.person_id == bindparam("person"))
    for table in (conversations, outbox, unanswered, link_codes, link_tries)
)


def export(work: UnitOfWork, person: Person) -> str:
    """Everything held about a person, as readable JSON."""
    who = {"person": person.id}
    itself = work.run(_PERSON, who).one()
    dates = {
        "known_since": codec.readable(itself.created_at),
        "unreachable_since": codec.readable(itself.unreachable_at),
    }
    held = {
        "person": {**codec.readable(person), **dates},
        "conversations": [_conversation(row) for row in work.run(_CONVERSATIONS, who)],
        "messages": [_message(row) for row in work.run(_ROWS, who)],
        "unanswered": [
            {"text": row.text, "at": codec.readable(row.at)} for row in work.run(_UNANSWERED, who)
        ],
        "link_codes": [
            {
                "offered_on": row.platform,
                "expires_at": codec.readable(row.expires_at),
                "used_at": codec.readable(row.used_at),
            }
            for row in work.run(_CODES, who)
        ],
        "link_tries": [codec.readable(row.at) for row in work.run(_TRIES, who)],
    }
    return json.dumps(held, ensure_ascii=False, indent=2)


def _conversation(row: Any) -> dict[str, Any]:
    return {
        "platform": row.platform,
        "workspace": row.workspace,
        "chat": row.chat,
        "thread": row.thread,
        "shared": row.shared,
        "last_used": codec.readable(row.touched_at),
        **codec.readable(codec.conversation_from(row.state)),
    }


def _message(row: Any) -> dict[str, Any]:
    platform, workspace = BotToken.read(row.token)
    kept = {
        "platform": platform,
        "workspace": workspace,
        "chat": row.chat,
        "kind": row.lane,
        "state": row.state,
        "created_at": codec.readable(row.created_at),
        "due_at": codec.readable(row.due_at),
        "closed_at": codec.readable(row.closed_at),
        "reason": row.error,
        "message": row.ref,
        "in_answer_to": row.answers,
        "week": row.week,
        "text": row.fallback,
    }
    return {name: value for name, value in kept.items() if value is not None}
