"""A reminder that is set is changed: moved, dropped, said in other words, made a weekly nudge,
or taken to another zone.
"""

import re
from dataclasses import replace
from datetime import datetime

from bot.core.reply import Choices, Paragraph, paragraph
from bot.core.request import Request
from bot.core.state import Person, Reminder
from bot.core.turn import Turn
from bot.extraction.times import Zone
from bot.extraction.times.once import Once, once
from bot.features.nudges import subscribing
from bot.features.nudges.reminder_list import no_such, reminder_meant, repeat_taps, when_words
from bot.features.nudges.reminder_question import ask_when, closed, local_now, pending_of, refused
from bot.features.nudges.reminder_setting import MOST_TEXT, confirmed, weighed
from bot.features.nudges.rules import said_zone
from bot.features.nudges.schedule_request import ScheduleRequest
from scheduler.civil_time import occurrence, zone


def move(request: Request, which: str, words: str) -> Turn:
    one = reminder_meant(request, which)
    if one is None:
        return no_such(request, which)
    words = re.sub(r"^(?:to|for|until|till|til)\b", "", words.strip()).strip()
    if not words:
        pending = pending_of(moves=one.id)
        return ask_when(request, pending, request.text("remind_move_when"))
    here = local_now(request, one.zone)
    said = once(words, here, request.content.places)
    if said is None or said.what:
        pending = pending_of(moves=one.id)
        return ask_when(request, pending, request.text("remind_doubt_vague", said=words, when=""))
    if said.found and said.day is None and said.after is None and one.zone:
        said = replace(said, day=one.due_at.astimezone(zone(one.zone)).date())
    elif said.found and said.at is None and said.after is None and one.zone:
        said = replace(said, at=one.due_at.astimezone(zone(one.zone)).time())
    if said.found and said.zone is None and one.zone:
        said = replace(said, zone=Zone(zone=one.zone, said=said_zone(request, one.zone)))
    return weighed(request, said, pending_of(moves=one.id, when=said.said))


def drop(request: Request, which: str) -> Turn:
    person = request.state.person
    if (
        re.fullmatch(r"(?:them )?all|everything|both", which.strip(), re.IGNORECASE)
        and person.reminders
    ):
        state = replace(request.state, person=replace(closed(person), reminders=()))
        line = paragraph(request.text("remind_dropped_all", count=len(person.reminders)))
        return request.answer(line, personal=True, state=state, remember=False)
    one = reminder_meant(request, which)
    if one is None:
        return no_such(request, which)
    kept = tuple(other for other in person.reminders if other != one)
    state = replace(request.state, person=replace(closed(person), reminders=kept))
    if one.text:
        phrase = "remind_dropped"
    else:
        phrase = "remind_dropped_bare"
    dropped = request.spans(phrase, when=when_words(request, one), text=one.text)
    local = one.due_at.astimezone(zone(one.zone or "UTC"))
    undo = repeat_taps(
        request.text("tap_nudge_zone_back"), f"on {local:%Y-%m-%d} {local:%H:%M}", one
    )
    taps = undo if one.zone else ()
    return request.answer(
        Paragraph(dropped),
        *((Choices(taps),) if taps else ()),
        personal=True,
        state=state,
        remember=False,
    )


def rewording(request: Request, which: str, text: str) -> Turn:
    """The same time, other words."""
    one = reminder_meant(request, which)
    if one is None:
        return no_such(request, which)
    if len(text) > MOST_TEXT:
        return refused(request, "remind_too_long", most=MOST_TEXT)
    made = replace(one, text=text)
    person = request.state.person
    kept = tuple(made if other == one else other for other in person.reminders)
    request = replace(request, state=replace(request.state, person=replace(person, reminders=kept)))
    return confirmed(request, made, Once(), moved=False)


def every_week(request: Request, which: str) -> Turn:
    """The reminder that may have been meant for every week is a nudge instead."""
    one = reminder_meant(request, which)
    if one is None or not one.zone:
        return no_such(request, which)
    person = request.state.person
    left = tuple(other for other in person.reminders if other != one)
    local = one.due_at.astimezone(zone(one.zone))
    wish = ScheduleRequest(
        days=(local.weekday(),),
        at=local.time().replace(tzinfo=None),
        zone=Zone(zone=one.zone, said=said_zone(request, one.zone)),
    )
    state = replace(request.state, person=replace(closed(person), reminders=left))
    request = replace(request, state=state, command=subscribing.DIALOG)
    return subscribing.apply(request, wish, words="")


def in_zone(person: Person, zone_name: str, now: datetime) -> tuple[Reminder, ...]:
    """The reminders as they are in another zone: those said on a
    clock keep their time of day there.
    """
    return tuple(_move(one, zone_name, now) for one in person.reminders)


def _move(one: Reminder, zone_name: str, now: datetime) -> Reminder:
    if not one.zone or one.due_at <= now:
        return one
    local = one.due_at.astimezone(zone(one.zone))
    due = occurrence(local.date(), local.time().replace(tzinfo=None), zone_name)
    return replace(one, zone=zone_name, due_at=max(due, now))
