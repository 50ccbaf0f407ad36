"""Quiet hours, and whose clock the person lives by."""

import re
from dataclasses import replace
from datetime import time

from bot.core import local_time
from bot.core.reply import Block, Choices, Paragraph, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction.times import OFFSET, Zone, nearest_places, times, zones
from bot.features.nudges.reminder_moving import in_zone
from bot.features.nudges.rules import (
    active,
    day_names,
    first_moment,
    kept_words,
    profile_in,
    quiet_words,
    said_zone,
    tap,
)
from bot.features.nudges.schedule_request import from_answers, left_over, named
from bot.features.nudges.subscribing import DIALOG, apply, open_questions, place_asked
from scheduler import civil_time, recurrence
from scheduler.civil_time import zone


def quiet(request: Request) -> Turn:
    """`quiet 21:00-07:00`, `quiet off`."""
    words = (request.words.strip() or request.sentence()).lower()
    kept = request.state.person.profile.quiet
    if re.search(r"\b(?:off|none|no quiet)\b", words):
        return _quiet_hours(request, civil_time.NO_QUIET, paragraph(request.text("quiet_off")))
    ends = _two_times(words)
    if ends is None and not request.words.strip():
        if kept == civil_time.NO_QUIET:
            phrase = "quiet_none"
        else:
            phrase = "quiet_now"
        return request.answer(
            Paragraph(request.spans(phrase, quiet=quiet_words(kept))), personal=True
        )
    if ends is None:
        return request.answer(
            Paragraph(request.spans("quiet_bad", quiet=quiet_words(kept))),
            personal=True,
            remember=False,
        )
    kept = f"{ends[0]:%H:%M}-{ends[1]:%H:%M}"
    blocks: list[Block] = [Paragraph(request.spans("quiet_set", quiet=quiet_words(kept)))]
    inside = [one for one in active(request.state.person) if _inside(one.local_time, *ends)]
    if inside:
        words = request.text(
            "quiet_keeps",
            days=day_names(one.weekday for one in inside),
            time=local_time.clock(inside[0].local_time),
        )
        blocks.append(paragraph(words))
    return _quiet_hours(request, kept, *blocks)


def _two_times(words: str) -> tuple[time, time] | None:
    """From and to; None for anything else."""
    parts = re.split(r"\s{0,3}(?:[-–—]|\b(?:to|till|until|and)\b)\s{0,3}", words)
    read = [[one.value for one in times(part, asked=True)] for part in parts]
    match [values for values in read if values]:
        case [[time() as start], [time() as end]] if start != end:
            return start, end
        case _:
            return None


def _quiet_hours(request: Request, kept: str, *blocks: Block) -> Turn:
    person = replace(
        request.state.person, profile=replace(request.state.person.profile, quiet=kept)
    )
    return request.answer(*blocks, personal=True, state=replace(request.state, person=person))


def _inside(at: time, start: time, end: time) -> bool:
    if start <= end:
        return start <= at < end
    return at >= start or at < end


def timezone(request: Request) -> Turn:
    """`timezone perth`, `timezone Australia/Perth`; without words, which one is in force."""
    words = request.words.strip()
    if not words:
        return _timezone_now(request)
    found = zones(request.content.places, words)
    if not found:
        unknown = left_over(words, ()) or words
        near = nearest_places(request.content.places, unknown)
        if OFFSET.search(words):
            phrase = "nudge_offset"
        elif near:
            phrase = "nudge_bad_zone_near"
        else:
            phrase = "nudge_bad_zone"
        taps = tuple(
            Tap(request.content.places[key].name, f"timezone {request.content.places[key].name}")
            for key in near
        ) or city_taps(request)
        return request.answer(
            paragraph(request.text(phrase, said=unknown, kept=kept_words(request))),
            Choices(taps),
            personal=True,
            remember=False,
        )
    place = named(request, found[-1].value)
    if place.several:
        taps = tuple(
            Tap(request.content.places[key].name, f"timezone {request.content.places[key].name}")
            for key in place.several
        )
        return request.answer(
            paragraph(request.text("nudge_ask_which_zone", said=place.said)),
            Choices(taps),
            personal=True,
            remember=False,
        )
    if (asking := open_questions(request)) and asking.question == "zone":
        return apply(
            replace(request, command=DIALOG),
            replace(from_answers(asking.answers), zone=place),
            words="",
        )
    return moved(request, place)


def _timezone_now(request: Request) -> Turn:
    name = local_time.known_zone(request.state.person, request.event)
    blocks: list[Block] = []
    if name:
        blocks.append(paragraph(request.text("timezone_now", **_clock_there(request, name))))
    else:
        blocks.append(paragraph(request.text("timezone_unknown")))
    return place_asked(
        request,
        request.answer(
            *blocks,
            paragraph(request.text("timezone_ask")),
            Choices(city_taps(request)),
            personal=True,
        ),
    )


def _clock_there(request: Request, name: str) -> dict[str, object]:
    there = request.event.at.astimezone(zone(name))
    return {
        "place": said_zone(request, name),
        "time": local_time.clock(there.time()),
        "offset": local_time.offset(request.event.at, name),
    }


def moved(request: Request, place: Zone) -> Turn:
    """The person lives by another clock: every rule keeps its time of day there."""
    person = request.state.person
    before = local_time.known_zone(person, request.event)
    profile = profile_in(person.profile, place)
    rules = tuple(
        recurrence.move(one, place.zone, request.event.at, profile)
        if one.active
        else replace(one, zone=place.zone)
        for one in person.subscriptions
    )
    once = in_zone(person, place.zone, request.event.at)
    person = replace(person, profile=profile, subscriptions=rules, reminders=once)
    request = replace(request, state=replace(request.state, person=person))
    blocks: list[Block] = [
        Paragraph(
            request.spans(
                "timezone_set",
                **_clock_there(request, place.zone)
                | {"place": place.said or local_time.city(place.zone)},
            )
        )
    ]
    if any(one.next_due_at for one in active(person)):
        blocks.append(
            Paragraph(request.spans("timezone_next", first=first_moment(request, active(person))))
        )
    if place.note:
        blocks.append(paragraph(place.note))
    if active(person):
        then = tap(request, "show", "reminders")
    else:
        then = tap(request, "set", "subscribe")
    back: tuple[Tap, ...] = ()
    if before not in ("", place.zone):
        back = (tap(request, "zone_back", f"timezone {before}"),)
    return request.answer(*blocks, Choices((then, *back)), personal=True)


def city_taps(request: Request) -> tuple[Tap, ...]:
    return tuple(
        Tap(place.name, f"timezone {place.name}")
        for place in request.content.places.values()
        if place.tap
    )
