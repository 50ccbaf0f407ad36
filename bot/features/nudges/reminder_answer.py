"""An answer to the question about a reminder: a time, a city,
another time while the city is asked for, or no more of it.
"""

import re
from dataclasses import replace
from datetime import time
from typing import Final

from bot.core.events import Found
from bot.core.reply import paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction.times import Zone, zones
from bot.extraction.times.amendments import amendment
from bot.extraction.times.once import Once, once
from bot.features.nudges.reminder_question import (
    DIALOG,
    Pending,
    ask_when,
    ask_zone,
    closed,
    local_now,
    refused,
    waiting,
    without_me,
)
from bot.features.nudges.reminder_setting import placed, weighed
from bot.features.nudges.rules import place_name, region_of
from bot.features.nudges.schedule_request import named
from scheduler import civil_time
from scheduler.civil_time import zone


def answered(request: Request) -> Turn | None:
    """A text while our question is open that answers it whole: a time, or a city. Else None."""
    dialog = waiting(request)
    if dialog is None:
        return None
    request = replace(request, command=DIALOG)
    pending = {key: value for key, value in dialog.answers.items() if key != "parked"}
    if dialog.question == "zone":
        place = _place_in(request)
        if place:
            return _in_zone(request, pending, place)
        return _time_anew(request, pending) or _weekly_wish(request, pending)
    said = once(without_me(request.words), local_now(request), request.content.places)
    if said is None or said.what or not (said.found or said.wrong or said.doubt):
        return None
    whole = _complete(request, said, pending.get("when", ""))
    return weighed(request, whole, {**pending, "when": whole.said})


_EVERY: Final = re.compile(r"\b(?:every|each|weekly|once a week)\b", re.IGNORECASE)
MOST_WORDS: Final = 10


def _weekly_wish(request: Request, pending: Pending) -> Turn | None:
    """The city, with a wish for every week beside it: set once, and said that it comes once."""
    found = zones(request.content.places, request.words)
    is_short = len(request.words.split()) <= MOST_WORDS
    if not (found and is_short and _EVERY.search(request.words)):
        return None
    turn = _in_zone(request, pending, found[0].value)
    if not turn.replies:
        return turn
    first, *rest = turn.replies
    line = paragraph(request.text("nudge_own_words"))
    return replace(turn, replies=(replace(first, blocks=(line, *first.blocks)), *rest))


def _time_anew(request: Request, pending: Pending) -> Turn | None:
    """'Make that 5.15', while the city is asked for: another time, perhaps with the city.

    Else None.
    """
    now, places = local_now(request), request.content.places
    change = amendment(request.words, now, places)
    before = once(pending.get("when", ""), now, places)
    if change is None or before is None:
        return None
    said = change.said or Once()
    if said.wrong or said.after is not None:
        return weighed(request, said, {**pending, "when": said.said})
    day, at = said.day or before.day, said.at or before.at
    when = " ".join((f"{day:%Y-%m-%d}" if day else "", _clock_as_typed(at, said, before)))
    whole = once(when, now, places)
    if change.half and whole and whole.at:
        at = time(whole.at.hour % 12 + (0 if change.half == "am" else 12), whole.at.minute)
        when = " ".join((f"{day:%Y-%m-%d}" if day else "", f"{at:%H:%M}"))
        whole = once(when, now, places)
    if whole is None:
        return None
    place = change.zone or before.zone
    whole = replace(whole, zone=named(request, place) if place else None)
    return weighed(request, whole, {**pending, "when": when.strip()})


def _clock_as_typed(at: time | None, said: Once, before: Once) -> str:
    """The hour as it was said: with its half of the day open where it was."""
    if at is None:
        return ""
    if said.at:
        settled = said.at_settled
    else:
        settled = before.at_settled
    if settled:
        return f"at {at:%H:%M}"
    return f"at {at.hour % 12 or 12}:{at:%M}"


def _complete(request: Request, said: Once, before: str) -> Once:
    """An hour alone belongs to the day that was said before."""
    if not before or said.day is not None or said.after is not None or said.wrong:
        return said
    both = once(f"{before} {said.said}", local_now(request), request.content.places)
    if both is not None and both.found and not (both.doubt or both.what):
        return both
    return said


def hint(request: Request) -> Turn | None:
    """Our open question once more, where a text meant nothing at all; None without one."""
    dialog = waiting(request)
    if dialog is None:
        return None
    request = replace(request, command=DIALOG)
    pending = {key: value for key, value in dialog.answers.items() if key != "parked"}
    if dialog.question == "zone":
        return ask_zone(request, pending, None)
    return ask_when(request, pending, request.text("remind_again"))


def zone_found(request: Request, found: Found) -> Turn:
    """The platform named the person's zone, or could not: then the city is asked for."""
    request = replace(request, command=DIALOG)
    dialog = waiting(request)
    if dialog is None:
        return Turn(state=request.state)
    name = found.get("zone")
    pending = {key: value for key, value in dialog.answers.items() if key != "parked"}
    if name not in civil_time.zone_names():
        return ask_zone(request, pending, None)
    place = Zone(zone=name, said=place_name(request, name), region=region_of(request, name))
    return _in_zone(request, pending, place)


def _place_in(request: Request) -> Zone | None:
    """The place that the text is, with nothing else in it."""
    found = zones(request.content.places, request.words)
    if not found:
        return None
    rest = request.words[: found[-1].start] + request.words[found[-1].end :]
    words = re.findall(r"[a-z']+", rest.lower())
    if set(words) <= _ABOUT_PLACES:
        return found[-1].value
    return None


def _in_zone(request: Request, pending: Pending, place: Zone) -> Turn:
    if place.several:
        return ask_zone(request, pending, place)
    here = request.event.at.astimezone(zone(place.zone))
    said = once(pending.get("when", ""), here, request.content.places)
    if said is None or not said.found:
        return refused(request, "remind_gone")
    return placed(request, replace(said, zone=named(request, place)), pending)


def cancelled(request: Request) -> Turn:
    state = replace(request.state, person=closed(request.state.person))
    line = paragraph(request.text("remind_cancelled"))
    return request.answer(line, personal=True, state=state, remember=False)


_ABOUT_PLACES: Final = frozenset(
    [
        "i",
        "i'm",
        "im",
        "am",
        "in",
        "at",
        "from",
        "live",
        "based",
        "the",
        "city",
        "of",
        "time",
        "its",
        "it's",
        "here",
        "near",
        "australia",
    ]
)
