"""One-off reminders: set, listed, moved, dropped, and what one says when its time has come.

A reminder is set only when its time was understood whole; otherwise what is missing is asked for, and nothing is set. It goes to its person
alone, at the time that they chose, once.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Final

from bot.core import local_time
from bot.core.events import Due, Found
from bot.core.reply import (
    ACTION_BYTES,
    Block,
    Choices,
    Emphasis,
    Heading,
    Open,
    Paragraph,
    Strong,
    Tap,
    paragraph,
)
from bot.core.request import Request
from bot.core.state import OpenDialog, Person, Profile, Reminder
from bot.core.turn import LookUpZone, Turn
from bot.extraction.times import Zone, zones
from bot.extraction.times.amendments import amendment
from bot.extraction.times.once import Once, once
from bot.features.nudges import pausing, subscribing
from bot.features.nudges.reminder_list import bullets, stretch_words, when_words
from bot.features.nudges.reminder_request import asked_once
from bot.features.nudges.rules import (
    active,
    known_zone,
    place_name,
    region_of,
    said_zone,
    tap,
)
from bot.features.nudges.schedule_request import ScheduleRequest, named
from content.content import Content
from scheduler import civil_time
from scheduler.booking import LATE
from scheduler.civil_time import occurrence, zone

DIALOG: Final = "remind"
MOST: Final = 10
"""Reminders that a person may have waiting."""
MOST_TEXT: Final = 200
FARTHEST: Final = timedelta(days=2 * 366)
USUAL: Final = time(9)
"""The hour of a day without one."""
FORGOTTEN: Final = timedelta(days=1)
"""After so long a bare 'friday' is no answer any more."""
HALF_DAY: Final = timedelta(hours=12)
WEEK: Final = timedelta(days=7)
MOST_MOVABLE: Final = 3
"""With more than these the list has a button to drop each, and moving is typed."""
ID: Final = re.compile(r"r[0-9a-f]{10}")
_ELSEWHEN: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""Any moment: whether words are in the grammar does not depend on when they are said."""

Pending = Mapping[str, str]
"""What is kept of a reminder that lacks something: its `text`, the words `when` it is for, the id of one that `moves`, and whether it
is open how `often` it was meant.
"""


def remind(request: Request) -> Turn:
    """`remind on friday 6pm to …`, `remind list`, `remind move 2 to friday 6pm`, `remind drop 2`."""
    words = request.words.strip()
    if not words or re.fullmatch(r"list|show|all", words, re.IGNORECASE):
        return listed(request)
    if hit := re.fullmatch(
        r"(?:drop|delete|remove|cancel|forget) (?P<which>.+)", words, re.IGNORECASE
    ):
        return _drop(request, hit["which"])
    if hit := re.fullmatch(
        r"(?:move|change|put off) (?P<which>\S{1,20})(?P<when>.*)", words, re.IGNORECASE
    ):
        return _move(request, hit["which"], hit["when"])
    if hit := re.fullmatch(rf"text (?P<which>{ID.pattern}) (?P<text>.+)", words):
        return _reworded(request, hit["which"], hit["text"])
    if hit := re.fullmatch(r"weekly (?P<which>\S{1,20})", words, re.IGNORECASE):
        return _every_week(request, hit["which"])
    if hit := re.fullmatch(r"when (?P<when>.+)", words, re.IGNORECASE):
        return answered(replace(request, words=hit["when"])) or _nothing_open(request)
    now = local_now(request)
    said = asked_once(request.content, words, now) or asked_once(
        request.content, f"remind me {_without_me(words)}", now
    )
    if said is None:
        return _refused(request, "remind_repeats")
    return _heard(request, said.once, is_open=said.open)


def _without_me(words: str) -> str:
    return re.sub(r"^(?:me|us)\b\s{0,3}", "", words, flags=re.IGNORECASE)


def sentence(request: Request) -> Turn | None:
    """A sentence that asks for one reminder, with its time: 'in two hours tell me to go on'. Else None."""
    said = asked_once(request.content, request.words, local_now(request))
    if said is None or said.weekly or not (said.once.found or said.once.wrong or said.once.doubt):
        return None
    if said.open and active(request.state.person):
        return None  # whether it comes instead or as well is asked elsewhere
    return _heard(replace(request, command=DIALOG), said.once, is_open=said.open)


def untimed(request: Request) -> Turn | None:
    """A sentence that asks for a reminder and names no time: 'remind me to book the test'. Else None."""
    said = asked_once(request.content, request.words, local_now(request))
    if said is None or said.once.found or said.once.wrong or said.once.doubt or not said.once.what:
        return None
    return _heard(replace(request, command=DIALOG), said.once)


def in_grammar(content: Content, _command: str, words: str) -> bool:
    """Whether the words after `remind` are a reminder's, every one of them."""
    if re.fullmatch(
        r"me|list|show|all|(?:drop|move|when|weekly|text r[0-9a-f]{10}|delete|remove|cancel|change)\b.*",
        words.strip(),
        re.IGNORECASE,
    ):
        return True
    said = asked_once(content, f"remind me {_without_me(words)}", _ELSEWHEN)
    if said is None or (said.weekly and _without_me(words) != words):
        return False
    return said.once.found or bool(said.once.wrong or said.once.doubt)


# ---- setting


def _heard(request: Request, said: Once, *, is_open: bool = False) -> Turn:
    """From what was said to a reminder, or to what is missing. `is_open`: every week may have been meant."""
    text = said.what
    if not text and _means_the_nudge(request, said):
        words = request.words
        words = words if re.search(r"\bremind\b", words, re.IGNORECASE) else f"remind {words}"
        return pausing.snooze(replace(request, command="snooze", words=words))
    if len(text) > MOST_TEXT:
        return _refused(request, "remind_too_long", most=MOST_TEXT)
    if len(request.state.person.reminders) >= MOST:
        return _full(request)
    often = "yes" if is_open else ""
    return _weighed(request, said, _pending(text=text, when=said.said, often=often))


def _weighed(request: Request, said: Once, pending: Pending) -> Turn:
    """The reminder, where the time was understood whole; else what is the matter with it."""
    if said.wrong:
        return _ask_when(request, pending, request.text("remind_wrong", said=said.wrong))
    if said.doubt:
        return _ask_when(
            request,
            pending,
            request.text(f"remind_doubt_{said.doubt}", said=said.rest, when=said.said),
            *_readings(said),
        )
    if not said.found:
        return _ask_when(request, pending, request.text("remind_when"))
    return _placed(request, said, pending)


def _means_the_nudge(request: Request, said: Once) -> bool:
    """'Remind me tomorrow at 6pm' with nothing after it, from somebody who has a weekly nudge: that one is moved."""
    is_a_time = (said.found and not said.doubt) or said.doubt == "vague"
    return is_a_time and bool(active(request.state.person))


def _placed(request: Request, said: Once, pending: Pending) -> Turn:
    """The time on somebody's clock: the person's own, or the one that was named."""
    zone_name = known_zone(request)
    if said.zone and said.zone.several:
        return _ask_zone(request, pending, said.zone)
    if said.zone:
        zone_name = said.zone.zone
    if said.after is not None:
        return _settled(request, request.event.at + said.after, "", said, pending)
    if not zone_name:
        looks_up = request.event.surface.knows_zone and not isinstance(request.event.body, Found)
        asking = _ask_zone(request, pending, None)
        if looks_up:
            return Turn(state=asking.state, effects=(LookUpZone(then=DIALOG),))
        return asking
    return _on_the_clock(request, said, pending, zone_name)


def _on_the_clock(request: Request, said: Once, pending: Pending, zone_name: str) -> Turn:
    now = request.event.at.astimezone(zone(zone_name))
    today = now.date()
    if said.weekday and _is_today_too(said, now):
        return _ask_when(
            request,
            pending,
            request.text("remind_today_or", day=local_time.DAYS[today.weekday()]),
            *(
                (local_time.day(day, today), f"{day:%Y-%m-%d} {_clock_words(said)}")
                for day in (today, today + WEEK)
            ),
        )
    day, at = said.day, said.at or USUAL
    if day is None:
        day, at = _next_time(said, now)
    due = occurrence(day, at, zone_name)
    if day == today and said.at and not said.at_settled and due <= request.event.at:
        due += HALF_DAY  # 'today at 6', said at noon
    if due <= request.event.at:
        moment = local_time.moment(due, zone_name, request.event.at)
        return _ask_when(request, pending, request.text("remind_past", when=moment))
    return _settled(request, due, zone_name, said, pending)


def _is_today_too(said: Once, now: datetime) -> bool:
    """'On Monday at 6pm', said on a Monday at noon, without 'next'."""
    return (
        said.day == now.date() + WEEK
        and not said.following
        and said.at is not None
        and said.at > now.time()
    )


def _next_time(said: Once, now: datetime) -> tuple[date, time]:
    """The next time that a clock shows this hour; where morning or afternoon is open, either of them."""
    at = said.at or USUAL
    hours = [at]
    if not said.at_settled:
        hours = sorted((at, time((at.hour + 12) % 24, at.minute)))
    later = next((one for one in hours if one > now.time()), None)
    if later is not None:
        return now.date(), later
    return now.date() + timedelta(days=1), at


def _clock_words(said: Once) -> str:
    return f"{said.at:%H:%M}" if said.at else ""


def _settled(request: Request, due: datetime, zone_name: str, said: Once, pending: Pending) -> Turn:
    """Everything is known: the reminder is set, or moved."""
    if due - request.event.at > FARTHEST:
        return _ask_when(request, pending, request.text("remind_too_far"))
    person = request.state.person
    before = next((one for one in person.reminders if one.id == pending.get("moves")), None)
    if pending.get("moves") and before is None:
        return _refused(request, "remind_gone")
    made = Reminder(
        id=_new_id(request),
        text=before.text if before else pending.get("text", ""),
        due_at=due,
        asked_at=before.asked_at if before else request.event.at,
        zone=zone_name,
    )
    kept = [one for one in person.reminders if one != before]
    person = replace(
        _closed(person),
        reminders=tuple(sorted((*kept, made), key=lambda one: (one.due_at, one.id))),
        profile=_clock_kept(person.profile, said.zone),
    )
    request = replace(request, state=replace(request.state, person=person))
    often = "often" in pending and made.zone != ""
    return _confirmed(request, made, said, moved=before is not None, often=often)


def _clock_kept(profile: Profile, place: Zone | None) -> Profile:
    """The first clock that somebody names is theirs until they say otherwise. Where they live is not said by it."""
    if place is None or not place.zone or profile.zone:
        return profile
    return replace(profile, zone=place.zone, zone_said=place.said)


def _new_id(request: Request) -> str:
    """The same for a repeated turn of the same event, and for no other."""
    whole = f"{request.event.key} {request.event.nonce} {DIALOG}"
    return f"r{sha256(whole.encode()).hexdigest()[:10]}"


def _confirmed(
    request: Request, made: Reminder, said: Once, *, moved: bool, often: bool = False
) -> Turn:
    phrase = "remind_moved" if moved else "remind_set"
    if not made.text:
        phrase += "_bare"
    blocks: list[Block] = [
        Paragraph(request.spans(phrase, when=when_words(request, made), text=made.text))
    ]
    if said.day is not None and said.at is None:
        blocks.append(paragraph(request.text("remind_usual", time=local_time.clock(USUAL))))
    person = request.state.person
    if person.nudges_to is None:
        blocks.append(paragraph(request.text("remind_private")))
    taps: list[Tap | Open] = [
        *_other_readings(request, made, said),
        *(_weekly_tap(request, made) if often else ()),
        tap(request, "remind_move", f"remind move {made.id}"),
        tap(request, "remind_drop", f"remind drop {made.id}"),
    ]
    if len(person.reminders) > 1:
        taps.append(tap(request, "remind_list", "remind list"))
    if person.nudges_to is None and request.event.surface.private_link:
        door = request.event.surface.private_link + "start"
        taps.append(Open(request.text("tap_nudge_private"), door))
    return request.answer(
        *blocks, Choices(tuple(taps)), personal=True, state=request.state, remember=False
    )


def _weekly_tap(request: Request, made: Reminder) -> tuple[Tap, ...]:
    local = made.due_at.astimezone(zone(made.zone))
    day = local_time.DAYS[local.weekday()]
    return (tap(request, "remind_weekly", f"remind weekly {made.id}", day=day),)


def _reworded(request: Request, which: str, text: str) -> Turn:
    """The same time, other words."""
    one = chosen(request, which)
    if one is None:
        return _no_such(request, which)
    if len(text) > MOST_TEXT:
        return _refused(request, "remind_too_long", most=MOST_TEXT)
    made = replace(one, text=text)
    person = request.state.person
    kept = tuple(made if other == one else other for other in person.reminders)
    request = replace(request, state=replace(request.state, person=replace(person, reminders=kept)))
    return _confirmed(request, made, Once(), moved=False)


def _every_week(request: Request, which: str) -> Turn:
    """The reminder that may have been meant for every week is a nudge instead."""
    one = chosen(request, which)
    if one is None or not one.zone:
        return _no_such(request, which)
    person = request.state.person
    left = tuple(other for other in person.reminders if other != one)
    local = one.due_at.astimezone(zone(one.zone))
    wish = ScheduleRequest(
        days=(local.weekday(),),
        at=local.time().replace(tzinfo=None),
        zone=Zone(zone=one.zone, said=said_zone(request, one.zone)),
    )
    state = replace(request.state, person=replace(_closed(person), reminders=left))
    request = replace(request, state=state, command=subscribing.DIALOG)
    return subscribing.apply(request, wish, words="")


def _other_readings(request: Request, made: Reminder, said: Once) -> list[Tap]:
    """What else the words may have meant, a tap away: the other half of the day, the week after, every week."""
    if not made.zone:
        return []
    local = made.due_at.astimezone(zone(made.zone))
    taps = []
    if said.at and not said.at_settled:
        other = time((local.hour + 12) % 24, local.minute)
        action = f"remind move {made.id} {local:%Y-%m-%d} {other:%H:%M}"
        if occurrence(local.date(), other, made.zone) > request.event.at:
            taps.append(Tap(local_time.clock(other), action))
    if said.following:
        after = local.date() + WEEK
        action = f"remind move {made.id} {after:%Y-%m-%d} {local:%H:%M}"
        taps.append(Tap(local_time.day(after), action))
    return taps


# ---- what is missing


def _pending(**values: str) -> Pending:
    return {key: value for key, value in values.items() if value}


def _ask_when(request: Request, pending: Pending, why: str, *readings: tuple[str, str]) -> Turn:
    """Nothing is set; what was said is kept, so that a time alone completes it."""
    offered = readings or (
        (request.text("tap_remind_hour"), "in 1 hour"),
        (request.text("tap_remind_tomorrow"), "tomorrow 9am"),
        (request.text("tap_remind_week"), "next week"),
    )
    taps = tuple(Tap(label, f"remind when {words}") for label, words in offered)
    blocks = [paragraph(why)]
    if text := pending.get("text"):
        blocks.append(paragraph(request.text("remind_kept", text=text)))
    return _asking(request, "when", pending, blocks, taps)


def _readings(said: Once) -> tuple[tuple[str, str], ...]:
    """The two times that 'tomorrow to call at 6pm' may mean."""
    if said.doubt != "inside" or said.day is None:
        return ()
    clock = re.sub(r"^(?:at|around|about)\s{1,3}", "", said.rest)
    usual = local_time.clock(USUAL)
    return ((clock, f"{said.said} {clock}"), (usual, f"{said.said} {USUAL:%H:%M}"))


def _ask_zone(request: Request, pending: Pending, several: Zone | None) -> Turn:
    places = request.content.places
    offered = (
        [places[key] for key in several.several]
        if several
        else [place for place in places.values() if place.tap]
    )
    taps = tuple(Tap(place.name, f"remind when {place.zone}") for place in offered)
    why = (
        request.text("nudge_ask_which_zone", said=several.said)
        if several
        else request.text("remind_where", when=pending.get("when", ""))
    )
    blocks = [paragraph(why)]
    if text := pending.get("text"):
        blocks.append(paragraph(request.text("remind_kept", text=text)))
    return _asking(request, "zone", pending, blocks, taps)


def _asking(
    request: Request,
    question: str,
    pending: Pending,
    blocks: list[Block] | list[Paragraph],
    taps: tuple[Tap, ...],
) -> Turn:
    person = request.state.person
    other = person.dialog
    if other is not None and other.dialog != DIALOG and person.parked is None:
        person = replace(person, parked=other)
        pending = {**pending, "parked": "yes"}
    elif other is not None and other.dialog == DIALOG and "parked" in other.answers:
        pending = {**pending, "parked": "yes"}
    dialog = OpenDialog(
        dialog=DIALOG, question=question, answers=pending, touched_at=request.event.at
    )
    state = replace(request.state, person=replace(person, dialog=dialog))
    cancel = Tap(request.text("tap_cancel"), "cancel")
    return request.answer(
        *blocks, Choices((*taps, cancel)), personal=True, state=state, remember=False
    )


def _closed(person: Person) -> Person:
    """The person without our open question; the questionnaire that it pushed aside is the open one again."""
    dialog = person.dialog
    if dialog is None or dialog.dialog != DIALOG:
        return person
    if "parked" in dialog.answers:
        return replace(person, dialog=person.parked, parked=None)
    return replace(person, dialog=None)


def waiting(request: Request) -> OpenDialog | None:
    """Our question, if it is open and not forgotten."""
    dialog = request.state.person.dialog
    is_ours = dialog is not None and dialog.dialog == DIALOG
    if dialog is None or not is_ours or request.event.at - dialog.touched_at > FORGOTTEN:
        return None
    return dialog


def answered(request: Request) -> Turn | None:
    """A text while our question is open that answers it whole: a time, or a city. Else None."""
    dialog = waiting(request)
    if dialog is None:
        return None
    request = replace(request, command=DIALOG)
    pending = {key: value for key, value in dialog.answers.items() if key != "parked"}
    if dialog.question == "zone":
        place = _place_in(request)
        return _in_zone(request, pending, place) if place else _said_anew(request, pending)
    said = once(_without_me(request.words), local_now(request), request.content.places)
    if said is None or said.what or not (said.found or said.wrong or said.doubt):
        return None
    whole = _completed(request, said, pending.get("when", ""))
    return _weighed(request, whole, {**pending, "when": whole.said})


def _said_anew(request: Request, pending: Pending) -> Turn | None:
    """'Make that 5.15', while the city is asked for: another time, perhaps with the city. Else None."""
    now, places = local_now(request), request.content.places
    change = amendment(request.words, now, places)
    before = once(pending.get("when", ""), now, places)
    if change is None or before is None:
        return None
    said = change.said or Once()
    if said.wrong or said.after is not None:
        return _weighed(request, said, {**pending, "when": said.said})
    day, at = said.day or before.day, said.at or before.at
    when = " ".join((f"{day:%Y-%m-%d}" if day else "", _typed_clock(at, said, before)))
    whole = once(when, now, places)
    if change.half and whole and whole.at:
        at = time(whole.at.hour % 12 + (0 if change.half == "am" else 12), whole.at.minute)
        when = " ".join((f"{day:%Y-%m-%d}" if day else "", f"{at:%H:%M}"))
        whole = once(when, now, places)
    if whole is None:
        return None
    place = change.zone or before.zone
    whole = replace(whole, zone=named(request, place) if place else None)
    return _weighed(request, whole, {**pending, "when": when.strip()})


def _typed_clock(at: time | None, said: Once, before: Once) -> str:
    """The hour as it was said: with its half of the day open where it was."""
    if at is None:
        return ""
    settled = said.at_settled if said.at else before.at_settled
    return f"at {at:%H:%M}" if settled else f"at {at.hour % 12 or 12}:{at:%M}"


def _completed(request: Request, said: Once, before: str) -> Once:
    """An hour alone belongs to the day that was said before."""
    if not before or said.day is not None or said.after is not None or said.wrong:
        return said
    both = once(f"{before} {said.said}", local_now(request), request.content.places)
    return both if both is not None and both.found and not (both.doubt or both.what) else said


def hint(request: Request) -> Turn | None:
    """Our open question once more, where a text meant nothing at all; None without one."""
    dialog = waiting(request)
    if dialog is None:
        return None
    request = replace(request, command=DIALOG)
    pending = {key: value for key, value in dialog.answers.items() if key != "parked"}
    if dialog.question == "zone":
        return _ask_zone(request, pending, None)
    return _ask_when(request, pending, request.text("remind_again"))


def zone_found(request: Request, found: Found) -> Turn:
    """The platform named the person's zone, or could not: then the city is asked for."""
    request = replace(request, command=DIALOG)
    dialog = waiting(request)
    if dialog is None:
        return Turn(state=request.state)
    name = found.get("zone")
    pending = {key: value for key, value in dialog.answers.items() if key != "parked"}
    if name not in civil_time.zone_names():
        return _ask_zone(request, pending, None)
    place = Zone(zone=name, said=place_name(request, name), region=region_of(request, name))
    return _in_zone(request, pending, place)


def _place_in(request: Request) -> Zone | None:
    """The place that the text is, with nothing else in it."""
    found = zones(request.content.places, request.words)
    if not found:
        return None
    rest = request.words[: found[-1].start] + request.words[found[-1].end :]
    words = re.findall(r"[a-z']+", rest.lower())
    return found[-1].value if set(words) <= _ABOUT_PLACES else None


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


def _in_zone(request: Request, pending: Pending, place: Zone) -> Turn:
    if place.several:
        return _ask_zone(request, pending, place)
    here = request.event.at.astimezone(zone(place.zone))
    said = once(pending.get("when", ""), here, request.content.places)
    if said is None or not said.found:
        return _refused(request, "remind_gone")
    return _placed(request, replace(said, zone=named(request, place)), pending)


def cancelled(request: Request) -> Turn:
    state = replace(request.state, person=_closed(request.state.person))
    line = paragraph(request.text("remind_cancelled"))
    return request.answer(line, personal=True, state=state, remember=False)


# ---- listing, moving, dropping


def listed(request: Request) -> Turn:
    """All that are still to come, by number, each with its buttons."""
    kept = request.state.person.reminders
    if not kept:
        line = Paragraph(request.spans("remind_none"))
        return request.answer(line, personal=True, remember=False)
    blocks = (Heading(request.text("remind_title")), bullets(request))
    taps: list[Tap] = []
    for number, one in enumerate(kept, 1):
        if len(kept) <= MOST_MOVABLE:
            taps.append(tap(request, "remind_move_one", f"remind move {one.id}", number=number))
        taps.append(tap(request, "remind_drop_one", f"remind drop {one.id}", number=number))
    return request.answer(*blocks, Choices(tuple(taps)), personal=True, remember=False)


def chosen(request: Request, which: str) -> Reminder | None:
    """By number, as listed, or by the mark that a button carries."""
    kept = request.state.person.reminders
    which = which.strip(" .#").lower()
    if which.isdecimal():
        return kept[int(which) - 1] if 1 <= int(which) <= len(kept) else None
    if which in ("it", "that", "this", "that one") and len(kept) == 1:
        return kept[0]
    return next((one for one in kept if one.id == which), None)


def _drop(request: Request, which: str) -> Turn:
    person = request.state.person
    if (
        re.fullmatch(r"(?:them )?all|everything|both", which.strip(), re.IGNORECASE)
        and person.reminders
    ):
        state = replace(request.state, person=replace(_closed(person), reminders=()))
        line = paragraph(request.text("remind_dropped_all", count=len(person.reminders)))
        return request.answer(line, personal=True, state=state, remember=False)
    one = chosen(request, which)
    if one is None:
        return _no_such(request, which)
    kept = tuple(other for other in person.reminders if other != one)
    state = replace(request.state, person=replace(_closed(person), reminders=kept))
    phrase = "remind_dropped" if one.text else "remind_dropped_bare"
    dropped = request.spans(phrase, when=when_words(request, one), text=one.text)
    local = one.due_at.astimezone(zone(one.zone or "UTC"))
    undo = _again(request.text("tap_nudge_zone_back"), f"on {local:%Y-%m-%d} {local:%H:%M}", one)
    taps = undo if one.zone else ()
    return request.answer(
        Paragraph(dropped),
        *((Choices(taps),) if taps else ()),
        personal=True,
        state=state,
        remember=False,
    )


def _no_such(request: Request, which: str) -> Turn:
    kept = request.state.person.reminders
    if not kept or ID.fullmatch(which.strip()):
        return _refused(request, "remind_gone" if kept else "remind_none")
    return _refused(request, "remind_no_number", said=which.strip(), count=len(kept))


def _move(request: Request, which: str, words: str) -> Turn:
    one = chosen(request, which)
    if one is None:
        return _no_such(request, which)
    words = re.sub(r"^(?:to|for|until|till|til)\b", "", words.strip()).strip()
    if not words:
        pending = _pending(moves=one.id)
        return _ask_when(request, pending, request.text("remind_move_when"))
    here = local_now(request, one.zone)
    said = once(words, here, request.content.places)
    if said is None or said.what:
        pending = _pending(moves=one.id)
        return _ask_when(request, pending, request.text("remind_doubt_vague", said=words, when=""))
    if said.found and said.day is None and said.after is None and one.zone:
        said = replace(said, day=one.due_at.astimezone(zone(one.zone)).date())
    elif said.found and said.at is None and said.after is None and one.zone:
        said = replace(said, at=one.due_at.astimezone(zone(one.zone)).time())
    if said.found and said.zone is None and one.zone:
        said = replace(said, zone=Zone(zone=one.zone, said=said_zone(request, one.zone)))
    return _weighed(request, said, _pending(moves=one.id, when=said.said))


def _again(label: str, when: str, one: Reminder) -> tuple[Tap, ...]:
    """A tap that sets the same text once more, where a button can carry it."""
    action = f"remind {when} to {one.text}"
    fits = one.text and len(action.encode()) <= ACTION_BYTES
    return (Tap(label, action),) if fits else ()


def _full(request: Request) -> Turn:
    turn = listed(request)
    first, *rest = turn.replies
    line = paragraph(request.text("remind_full", most=MOST))
    return replace(turn, replies=(replace(first, blocks=(line, *first.blocks)), *rest))


def _refused(request: Request, phrase: str, **values: object) -> Turn:
    line = Paragraph(request.spans(phrase, **values))
    return request.answer(line, personal=True, remember=False)


def _nothing_open(request: Request) -> Turn:
    return _refused(request, "remind_nothing_open")


def local_now(request: Request, zone_name: str = "") -> datetime:
    """The wall clock of the person, or of where most are while nobody knows better: their answer is read again then."""
    known = zone_name or known_zone(request)
    return request.event.at.astimezone(zone(known or local_time.HOME))


# ---- its time has come


def told(request: Request, event: Due) -> Turn | None:
    """What a reminder says when its time has come, and the person without it; None where the event is about none of theirs."""
    person = request.state.person
    one = next((one for one in person.reminders if one.id == event.subscription), None)
    if one is None:
        return None
    request = replace(request, command=DIALOG)
    blocks: list[Block] = [
        Paragraph((Strong(one.text),)) if one.text else paragraph(request.text("remind_now"))
    ]
    if request.event.at - one.due_at > LATE:
        blocks.append(paragraph(request.text("remind_late", when=when_words(request, one))))
    asked = request.text("remind_why", asked=_asked_on(request, one))
    blocks.append(Paragraph((Emphasis(asked),)))
    left = tuple(other for other in person.reminders if other != one)
    taps = [
        *_again(request.text("tap_remind_hour"), "in 1 hour", one),
        *_again(request.text("tap_remind_tomorrow"), "tomorrow 9am", one),
    ]
    if left:
        taps.append(tap(request, "remind_list", "remind list"))
    state = replace(request.state, person=replace(person, reminders=left))
    return request.answer(
        *blocks,
        *((Choices(tuple(taps)),) if taps else ()),
        personal=True,
        state=state,
        remember=False,
        in_place=False,
    )


def _asked_on(request: Request, one: Reminder) -> str:
    zone_name = one.zone or known_zone(request)
    here = zone(zone_name or "UTC")
    today = request.event.at.astimezone(here).date()
    local = one.asked_at.astimezone(here)
    if not zone_name:
        return request.text("remind_ago", stretch=stretch_words(request.event.at - one.asked_at))
    return f"{local_time.day(local.date(), today)}, {local_time.clock(local.time())}"


def in_zone(person: Person, zone_name: str, now: datetime) -> tuple[Reminder, ...]:
    """The reminders as they are in another zone: those said on a clock keep their time of day there."""
    return tuple(_moved(one, zone_name, now) for one in person.reminders)


def _moved(one: Reminder, zone_name: str, now: datetime) -> Reminder:
    if not one.zone or one.due_at <= now:
        return one
    local = one.due_at.astimezone(zone(one.zone))
    due = occurrence(local.date(), local.time().replace(tzinfo=None), zone_name)
    return replace(one, zone=zone_name, due_at=max(due, now))
