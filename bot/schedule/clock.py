"""Quiet hours, and whose clock the person lives by."""

import re
from dataclasses import replace
from datetime import time

from bot import local, recurrence
from bot.asking import Ask
from bot.recurrence import zone
from bot.reply import Block, Choices, Paragraph, Tap, paragraph
from bot.schedule.rules import active, day_names, first_moment, kept_words, profile_in, quiet_words, said_zone, tap
from bot.schedule.subscribing import DIALOG, open_questions, place_asked, wished
from bot.schedule.wish import from_answers, left_over, named
from bot.turn import Turn
from bot.when import OFFSET, Zone, nearest_places, times, zones


def quiet(ask: Ask) -> Turn:
    """`quiet 21:00-07:00`, `quiet off`."""
    words = (ask.words.strip() or ask.sentence()).lower()
    kept = ask.state.person.profile.quiet
    if re.search(r"\b(?:off|none|no quiet)\b", words):
        return _quieted(ask, recurrence.NO_QUIET, paragraph(ask.say("quiet_off")))
    ends = _two_times(words)
    if ends is None and not ask.words.strip():
        phrase = "quiet_none" if kept == recurrence.NO_QUIET else "quiet_now"
        return ask.answer(Paragraph(ask.line(phrase, quiet=quiet_words(kept))), personal=True)
    if ends is None:
        return ask.answer(Paragraph(ask.line("quiet_bad", quiet=quiet_words(kept))), personal=True, remember=False)
    kept = f"{ends[0]:%H:%M}-{ends[1]:%H:%M}"
    blocks: list[Block] = [Paragraph(ask.line("quiet_set", quiet=quiet_words(kept)))]
    inside = [one for one in active(ask.state.person) if _inside(one.local_time, *ends)]
    if inside:
        words = ask.say("quiet_keeps", days=day_names(one.weekday for one in inside), time=local.clock(inside[0].local_time))
        blocks.append(paragraph(words))
    return _quieted(ask, kept, *blocks)


def _two_times(words: str) -> tuple[time, time] | None:
    """From and to; None for anything else."""
    parts = re.split(r"\s*(?:[-–—]|\b(?:to|till|until|and)\b)\s*", words)
    read = [[one.value for one in times(part, asked=True)] for part in parts]
    match [values for values in read if values]:
        case [[time() as start], [time() as end]] if start != end:
            return start, end
        case _:
            return None


def _quieted(ask: Ask, kept: str, *blocks: Block) -> Turn:
    person = replace(ask.state.person, profile=replace(ask.state.person.profile, quiet=kept))
    return ask.answer(*blocks, personal=True, state=replace(ask.state, person=person))


def _inside(at: time, start: time, end: time) -> bool:
    return start <= at < end if start <= end else at >= start or at < end


def timezone(ask: Ask) -> Turn:
    """`timezone perth`, `timezone Australia/Perth`; without words, which one is in force."""
    words = ask.words.strip()
    if not words:
        return _timezone_now(ask)
    found = zones(ask.content.places, words)
    if not found:
        unknown = left_over(words, ()) or words
        near = nearest_places(ask.content.places, unknown)
        phrase = "nudge_offset" if OFFSET.search(words) else "nudge_bad_zone_near" if near else "nudge_bad_zone"
        taps = tuple(Tap(ask.content.places[key].name, f"timezone {ask.content.places[key].name}") for key in near) or city_taps(ask)
        return ask.answer(paragraph(ask.say(phrase, said=unknown, kept=kept_words(ask))), Choices(taps), personal=True, remember=False)
    place = named(ask, found[-1].value)
    if place.several:
        taps = tuple(Tap(ask.content.places[key].name, f"timezone {ask.content.places[key].name}") for key in place.several)
        return ask.answer(paragraph(ask.say("nudge_ask_which_zone", said=place.said)), Choices(taps), personal=True, remember=False)
    if (asking := open_questions(ask)) and asking.question == "zone":
        return wished(replace(ask, command=DIALOG), replace(from_answers(asking.answers), zone=place), words="")
    return moved(ask, place)


def _timezone_now(ask: Ask) -> Turn:
    name = local.known_zone(ask.state.person, ask.event)
    blocks: list[Block] = []
    if name:
        blocks.append(paragraph(ask.say("timezone_now", **_clock_there(ask, name))))
    else:
        blocks.append(paragraph(ask.say("timezone_unknown")))
    return place_asked(ask, ask.answer(*blocks, paragraph(ask.say("timezone_ask")), Choices(city_taps(ask)), personal=True))


def _clock_there(ask: Ask, name: str) -> dict[str, object]:
    there = ask.event.at.astimezone(zone(name))
    return {"place": said_zone(ask, name), "time": local.clock(there.time()), "offset": local.offset(ask.event.at, name)}


def moved(ask: Ask, place: Zone) -> Turn:
    """The person lives by another clock: every rule keeps its time of day there."""
    person = ask.state.person
    before = local.known_zone(person, ask.event)
    profile = profile_in(person.profile, place)
    rules = tuple(
        recurrence.moved(one, place.zone, ask.event.at, profile) if one.active else replace(one, zone=place.zone)
        for one in person.subscriptions
    )
    person = replace(person, profile=profile, subscriptions=rules)
    ask = replace(ask, state=replace(ask.state, person=person))
    blocks: list[Block] = [
        Paragraph(ask.line("timezone_set", **_clock_there(ask, place.zone) | {"place": place.said or local.city(place.zone)}))
    ]
    if any(one.next_due_at for one in active(person)):
        blocks.append(Paragraph(ask.line("timezone_next", first=first_moment(ask, active(person)))))
    if place.note:
        blocks.append(paragraph(place.note))
    then = tap(ask, "show", "reminders") if active(person) else tap(ask, "set", "subscribe")
    back = (tap(ask, "zone_back", f"timezone {before}"),) if before not in ("", place.zone) else ()
    return ask.answer(*blocks, Choices((then, *back)), personal=True)


def city_taps(ask: Ask) -> tuple[Tap, ...]:
    return tuple(Tap(place.name, f"timezone {place.name}") for place in ask.content.places.values() if place.tap)
