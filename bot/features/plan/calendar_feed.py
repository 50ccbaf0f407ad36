"""`calendar feed`: a private address from which a calendar program fetches plan and nudges by
itself.

The address is shown once and only its fingerprint is kept. What is served there is made anew from
the person at every fetch; `served` notes what it gave, so that what is no longer planned is
cancelled and unchanged content keeps its bytes.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.calculators import study_plan
from bot.core import local_time
from bot.core.reply import Block, Choices, Code, Copy, Tap, paragraph
from bot.core.request import Request
from bot.core.state import CalendarFeed, Person, Subscription
from bot.core.turn import Turn
from bot.extraction.times import zones
from bot.features.plan.calendar_events import (
    Properties,
    calendar_of,
    cancellation,
    slot_of,
    week_of_plan,
)
from content.content import Content
from content.plan import Plan
from scheduler.civil_time import (
    is_holiday,
    monday_of,
    nth_weekday,
    occurrence,
    week_name,
    week_of,
    zone,
)
from scheduler.recurrence import FOREVER, last_sent_day, next_due

TOKEN_BYTES: Final = 16
NUDGE_MINUTES: Final = 15
CANCELLED_AT_MOST: Final = 8
"""Series that ended and are still shown as cancelled."""
FETCH_HOURS: Final = 6
"""How often calendar programs are asked to look."""

_WORDS: Final = re.compile(
    r"\b(?:feed|address|url|link|webcal|subscription|live|self.updating|follow(?:s|ing)?)\b",
    re.IGNORECASE,
)
_STOP: Final = re.compile(
    r"\b(?:stop|off|revoke|remove|delete|drop|end|cancel|kill|disable)\b", re.IGNORECASE
)
_NEW: Final = re.compile(r"\b(?:new|another|replace|renew|reset|change)\b", re.IGNORECASE)
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKS_BETWEEN: Final = {"weekly": 1, "fortnightly": 2, "monthly": 4}


def asked(request: Request) -> str:
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
        taps = Choices((Tap(request.text("tap_plan_start"), "plan start"),))
        return request.answer(paragraph(request.text("plan_none_short")), taps, remember=False)
    named = zones(request.content.places, request.words)
    if named:
        known = named[0].value.zone
    else:
        known = local_time.known_zone(person, request.event)
    if not known:
        return _which_city(request)
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


def _which_city(request: Request) -> Turn:
    places = [place for place in request.content.places.values() if place.tap]
    cities = tuple(Tap(place.name, f"calendar feed {place.name}") for place in places)
    question = paragraph(request.text("calendar_zone"))
    return request.answer(question, Choices(cities), personal=True)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One fetch: the calendar's text, and when it last became another."""

    text: str
    changed_at: datetime


def served(content: Content, person: Person, at: datetime) -> tuple[Person, Served]:
    """The person's calendar now, and the person with what it holds noted.

    `person.feed` is there.
    """
    assert person.feed is not None  # noqa: S101 -- found by it
    feed, at = person.feed, at.replace(microsecond=0)
    weeks = _weeks(content, person, feed, at)
    series = {one.id: _series(content, person, feed, one, at) for one in person.subscriptions}
    running = {key: one for key, one in series.items() if one}
    nudges = {key: _instant(one) for key, one in running.items()}
    gone = [(key, first) for key, first in feed.nudges.items() if key not in nudges]
    gone = gone[-CANCELLED_AT_MOST:]
    entries = [
        *weeks.values(),
        *running.values(),
        *(_end(content, feed, key, first) for key, first in gone),
    ]
    feed = replace(feed, weeks=tuple(weeks), nudges={**dict(gone), **nudges})
    feed = _stamp(feed, hashlib.sha256(repr(entries).encode()).hexdigest(), at)
    return replace(person, feed=feed), Served(
        text=_text(content, entries, feed), changed_at=feed.changed_at or at
    )


def _stamp(feed: CalendarFeed, mark: str, at: datetime) -> CalendarFeed:
    if mark == feed.mark:
        return feed
    if feed.mark:
        sequence = feed.sequence + 1
    else:
        sequence = feed.sequence
    return replace(feed, mark=mark, sequence=sequence, changed_at=at)


def _text(content: Content, entries: list[Properties], feed: CalendarFeed) -> str:
    stamps = {
        "dtstamp": feed.changed_at,
        "last-modified": feed.changed_at,
        "sequence": feed.sequence,
    }
    days: dict[str, tuple[date, date]] = {}
    for entry in entries:
        start = _start(entry)
        name = str(start.tzinfo)
        if start.tzinfo is UTC:
            continue
        first, last = days.get(name, (start.date(), start.date()))
        days[name] = min(first, start.date()), max(last, start.date())
    book = calendar_of(content, days, [{**entry, **stamps} for entry in entries])
    book.add("method", "PUBLISH")
    book.add("refresh-interval", timedelta(hours=FETCH_HOURS), parameters={"VALUE": "DURATION"})
    text: str = book.to_ical().decode()
    return text


def _start(entry: Properties) -> datetime:
    start = entry["dtstart"]
    assert isinstance(start, datetime)  # noqa: S101 -- every entry here has one
    return start


def _instant(entry: Properties) -> datetime:
    return _start(entry).astimezone(UTC)


def _weeks(
    content: Content, person: Person, feed: CalendarFeed, at: datetime
) -> dict[str, Properties]:
    """Each week's appointment by its name; those that are planned no more are cancelled."""
    zone_name = _zone_of(person, feed)
    this_week = week_of(at, zone_name)
    laid = {week_name(week.monday): week for week in _plan_weeks(content, person, zone_name, at)}
    weekday, clock = slot_of(person)
    names = sorted({*laid, *(week for week in feed.weeks if week >= this_week)})
    found: dict[str, Properties] = {}
    for name in names:
        day = monday_of(name) + timedelta(days=weekday)
        week = laid.get(name)
        found[name] = {
            "uid": f"{name}-{feed.id}@pivotbot",
            "dtstart": datetime.combine(day, clock, zone(zone_name)),
            **(week_of_plan(content, week) if week else cancellation(content)),
        }
    return found


def _zone_of(person: Person, feed: CalendarFeed) -> str:
    scheduled = next((one.zone for one in person.subscriptions if one.active), "")
    return person.profile.zone or scheduled or feed.zone


def _plan_weeks(
    content: Content, person: Person, zone_name: str, at: datetime
) -> tuple[study_plan.Week, ...]:
    """The plan's weeks as they are all week long: an appointment moves with what is done, not by
    the day on which it is looked at.
    """
    progress = person.progress
    if progress is None:
        return ()
    monday = monday_of(week_of(at, zone_name))
    today = max(monday, progress.started_on)
    return study_plan.weeks(_plan(content, progress.plan), progress, today, zone_name)


def _plan(content: Content, key: str) -> Plan:
    first = next(iter(content.plans.values()))
    return content.plans.get(key, first)


def _series(
    content: Content, person: Person, feed: CalendarFeed, one: Subscription, at: datetime
) -> Properties | None:
    """A nudge's rule as a series of appointments; None where it has stopped for good."""
    first = _first_day(one, feed, at)
    if first is None:
        return None
    start = datetime.combine(first, one.local_time, zone(one.zone))
    properties: dict[str, object] = {
        **_of_nudge(content, feed, one.id),
        "dtstart": start,
        "rrule": _rule(one),
    }
    left_out = list(_holidays(person, first, at))
    if left_out:
        place = zone(one.zone)
        properties["exdate"] = [datetime.combine(day, one.local_time, place) for day in left_out]
    return properties


def _of_nudge(content: Content, feed: CalendarFeed, key: str) -> dict[str, object]:
    name = hashlib.sha256(f"{feed.id} {key}".encode()).hexdigest()[:12]
    return {
        "uid": f"nudge-{name}-{feed.id}@pivotbot",
        "duration": timedelta(minutes=NUDGE_MINUTES),
        "summary": content.phrases["calendar_nudge"],
        "transp": "TRANSPARENT",
    }


def _end(content: Content, feed: CalendarFeed, key: str, first: datetime) -> Properties:
    gone = cancellation(content)
    return {**_of_nudge(content, feed, key), "dtstart": first, "status": gone["status"]}


def _first_day(one: Subscription, feed: CalendarFeed, at: datetime) -> date | None:
    """The series' first day: on the rule, not before the address was made,
    and the same tomorrow.
    """
    due = next_due(one, at)
    if due is None or (one.paused_until or date.min) >= FOREVER:
        return None
    place = zone(one.zone)
    earliest = max(
        feed.since.astimezone(place).date(),
        one.starts_on or date.min,
        one.paused_until or date.min,
    )
    if one.nth:
        return _first_of_month(one, earliest)
    on_rule = last_sent_day(one) or due.astimezone(place).date()
    step = 7 * _WEEKS_BETWEEN[one.pace]
    return earliest + timedelta(days=(on_rule - earliest).days % step)


def _first_of_month(one: Subscription, earliest: date) -> date:
    found = nth_weekday(earliest, one.weekday, one.nth)
    if found >= earliest:
        return found
    following = (earliest.replace(day=28) + timedelta(days=4)).replace(day=1)
    return nth_weekday(following, one.weekday, one.nth)


def _rule(one: Subscription) -> dict[str, object]:
    rule: dict[str, object] = {"freq": "WEEKLY", "byday": _DAYS[one.weekday]}
    if one.nth:
        rule = {"freq": "MONTHLY", "byday": f"{one.nth}{_DAYS[one.weekday]}"}
    elif one.pace != "weekly":
        rule["interval"] = _WEEKS_BETWEEN[one.pace]
    if one.ends_on:
        rule["until"] = occurrence(one.ends_on, one.local_time, one.zone)
    return rule


def _holidays(person: Person, first: date, at: datetime) -> Iterator[date]:
    """Public holidays of this year and the next on which the nudge rests."""
    if person.profile.skip_holidays:
        region = person.profile.region
    else:
        region = ""
    last = date(at.year + 1, 12, 31)
    day = first
    while region and day <= last:
        if is_holiday(region, day):
            yield day
        day += timedelta(days=7)
