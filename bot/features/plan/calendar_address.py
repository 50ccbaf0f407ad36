"""`calendar feed`: a private address from which a calendar program fetches plan and nudges by
itself.

The address is shown once and only its fingerprint is kept; what is served there is
bot.features.plan.calendar_feed's.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.core import local_time
from bot.core.reply import Block, Choices, Code, Copy, Tap, paragraph
from bot.core.request import Request
from bot.core.state import CalendarFeed, Person
from bot.core.turn import Turn
from bot.features.plan.calendar_questions import no_plan, which_city, zone_for
from scheduler.civil_time import zone

TOKEN_BYTES: Final = 16
_WORDS: Final = re.compile(
    r"\b(?:feed|address|url|link|webcal|subscription|live|self.updating|follow(?:s|ing)?)\b",
    re.IGNORECASE,
)
_STOP: Final = re.compile(
    r"\b(?:stop|off|revoke|remove|delete|drop|end|cancel|kill|disable)\b", re.IGNORECASE
)
_NEW: Final = re.compile(r"\b(?:new|another|replace|renew|reset|change)\b", re.IGNORECASE)


def wish_for_address(request: Request) -> str:
    """What of the address was asked for: 'show', 'new', 'stop'; '' where it is not spoken of."""
    words = f"{request.words} {request.sentence()}"
    if not _WORDS.search(words):
        return ""
    if _STOP.search(words):
        return "stop"
    if _NEW.search(words):
        return "new"
    return "show"


def answer(request: Request, asked: str) -> Turn:
    """What `asked` found, done or told."""
    feed = request.state.person.feed
    if request.event.overheard:  # the address is for one person's eyes, and is shown only once
        return request.answer(paragraph(request.text("feed_private")), personal=True)
    if asked == "stop":
        return _stop(request)
    if not request.event.feeds:
        return request.answer(paragraph(request.text("feed_nowhere")), _file_tap(request))
    if feed is not None and asked == "show":
        return _tell(request, feed)
    return _open(request)


def with_offer(request: Request, turn: Turn) -> Turn:
    """The file's answer, and below it the address that follows by itself, where there is one."""
    person = turn.state.person
    if not (request.event.feeds and turn.replies and _has_content(person)):
        return turn
    if person.feed:
        told = _tell(request, person.feed)
    else:
        told = _offer(request)
    conversation = turn.state.conversation
    conversation = replace(conversation, choices={**conversation.choices, **_choices(told)})
    state = replace(turn.state, conversation=conversation)
    return replace(turn, state=state, replies=(*turn.replies, *told.replies))


def _choices(turn: Turn) -> Mapping[str, str]:
    return turn.state.conversation.choices


def _has_content(person: Person) -> bool:
    return person.progress is not None or any(one.active for one in person.subscriptions)


def _offer(request: Request) -> Turn:
    tap = Choices((Tap(request.text("tap_feed"), "calendar feed"),))
    return request.answer(paragraph(*request.spans("feed_offer")), tap, personal=True)


def _tell(request: Request, feed: CalendarFeed) -> Turn:
    since = local_time.day(feed.since.astimezone(zone(feed.zone)).date(), request.today)
    taps = Choices(
        (
            Tap(request.text("tap_feed_new"), "calendar feed new"),
            Tap(request.text("tap_feed_stop"), "calendar feed stop"),
        )
    )
    return request.answer(paragraph(*request.spans("feed_there", day=since)), taps, personal=True)


def _stop(request: Request) -> Turn:
    person = request.state.person
    if person.feed is None:
        return request.answer(paragraph(request.text("feed_none")), _file_tap(request))
    state = replace(request.state, person=replace(person, feed=None))
    return request.answer(paragraph(*request.spans("feed_stopped")), state=state, personal=True)


def _file_tap(request: Request) -> Choices:
    return Choices((Tap(request.text("tap_plan_calendar"), "calendar"),))


def _open(request: Request) -> Turn:
    """A new address; the one before, if any, is worth nothing from now on."""
    person = request.state.person
    if not _has_content(person):
        return no_plan(request)
    known = zone_for(request)
    if not known:
        return which_city(request, "calendar feed")
    token = _token(request.event.nonce)
    before = person.feed
    feed = CalendarFeed(
        token_hash=hash_of(token),
        since=request.event.at,
        id=before.id if before else _make("name", request.event.nonce),
        zone=known,
    )
    if before:
        feed = replace(feed, sequence=before.sequence + 1, weeks=before.weeks)
    address = f"{request.event.feeds}{token}.ics"
    blocks: tuple[Block, ...] = (
        paragraph(*request.spans("feed_made" if before is None else "feed_made_again")),
        paragraph(Code(address)),
        paragraph(*request.spans("feed_how")),
        Choices(
            (
                Copy(request.text("tap_feed_copy"), address),
                Tap(request.text("tap_feed_stop"), "calendar feed stop"),
            )
        ),
    )
    state = replace(request.state, person=replace(person, feed=feed))
    return request.answer(*blocks, state=state, personal=True, in_place=False)


def _make(purpose: str, nonce: str) -> str:
    """32 hexadecimal figures of the turn's random number, others for each purpose."""
    made = hashlib.blake2b(nonce.encode(), digest_size=TOKEN_BYTES, person=purpose.encode())
    return made.hexdigest()


def _token(nonce: str) -> str:
    raw = bytes.fromhex(_make("calendar feed", nonce))
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What is kept of an address's secret part."""
    return hashlib.sha256(token.encode()).hexdigest()
