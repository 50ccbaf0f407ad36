"""A reminder is set, or moved: from the time that was said to the moment on somebody's clock.

It is set only when its time was understood whole; otherwise what is missing is asked for.
"""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Final

from bot.calculators import study_plan
from bot.core import local_time
from bot.core.events import Found
from bot.core.reply import Block, Choices, Open, Paragraph, Tap, paragraph
from bot.core.request import Request
from bot.core.state import Profile, Reminder
from bot.core.turn import LookUpZone, Turn
from bot.extraction.times import Zone
from bot.extraction.times.once import PARTS_OF_DAY, Once
from bot.features import plan
from bot.features.nudges import snoozes
from bot.features.nudges.reminder_list import full_list, when_words
from bot.features.nudges.reminder_question import (
    DIALOG,
    USUAL,
    Pending,
    ask_when,
    ask_zone,
    closed,
    pending_of,
    refused,
)
from bot.features.nudges.rules import active, known_zone, tap
from scheduler.civil_time import occurrence, zone

MOST: Final = 10
"""Reminders that a person may have waiting."""
MOST_TEXT: Final = 200
FARTHEST: Final = timedelta(days=2 * 366)
HALF_DAY: Final = timedelta(hours=12)
WEEK: Final = timedelta(days=7)


def heard(request: Request, said: Once, *, is_open: bool = False) -> Turn:
    """From what was said to a reminder, or to what is missing.

    `is_open`: every week may have been meant.
    """
    text = said.what
    if not text and _means_the_nudge(request, said):
        words = request.words
        if not re.search(r"\bremind\b", words, re.IGNORECASE):
            words = f"remind {words}"
        return snoozes.snooze(replace(request, command="snooze", words=words))
    text = text or _step_shown(request)
    if len(text) > MOST_TEXT:
        return refused(request, "remind_too_long", most=MOST_TEXT)
    if len(request.state.person.reminders) >= MOST:
        return full_list(request)
    often = "yes" if is_open else ""
    return weighed(request, said, pending_of(text=text, when=said.said, often=often))


SHOWN: Final = timedelta(minutes=10)


def _step_shown(request: Request) -> str:
    """The title of the step that was just shown, which a wish without words of its own is about."""
    last = request.state.conversation.last
    if last is None or request.event.at - last.at > SHOWN:
        return ""
    is_of_plan = last.command == "plan" and last.words.startswith(("start", "first step", "step"))
    if last.command != "stuck" and not is_of_plan:
        return ""
    step = study_plan.next_step(*plan.plan_or_trial(request))
    return plan.upper_first(step.step.title) if step else ""


def weighed(request: Request, said: Once, pending: Pending) -> Turn:
    """The reminder, where the time was understood whole; else what is the matter with it."""
    if said.wrong:
        return ask_when(request, pending, request.text("remind_wrong", said=said.wrong))
    if said.doubt:
        return ask_when(
            request,
            pending,
            request.text(f"remind_doubt_{said.doubt}", said=said.rest, when=said.said),
            *(_readings(said) or _parts_of_day(request, said)),
        )
    if not said.found:
        return ask_when(request, pending, request.text("remind_when"))
    return placed(request, said, pending)


def _readings(said: Once) -> tuple[tuple[str, str], ...]:
    """The two times that 'tomorrow to call at 6pm' may mean."""
    if said.doubt != "inside" or said.day is None:
        return ()
    clock = re.sub(r"^(?:at|around|about)\s{1,3}", "", said.rest)
    usual = local_time.clock(USUAL)
    return ((clock, f"{said.said} {clock}"), (usual, f"{said.said} {USUAL:%H:%M}"))


def _parts_of_day(request: Request, said: Once) -> tuple[tuple[str, str], ...]:
    """'After lunch' on its own: today, where that is still to come, and tomorrow."""
    at = PARTS_OF_DAY.get(said.rest.lower()) if said.doubt == "vague" else None
    if at is None:
        return ()
    name = known_zone(request)
    now = request.event.at.astimezone(zone(name or local_time.HOME))
    days = [now.date()] if name and now.time() < at else []
    days.append(now.date() + timedelta(days=1))
    clock = local_time.clock(at)
    return tuple((f"{local_time.day(day)} {clock}", f"{day:%Y-%m-%d} {at:%H:%M}") for day in days)


def _means_the_nudge(request: Request, said: Once) -> bool:
    """'Remind me tomorrow at 6pm' with nothing after it, from somebody who has a weekly nudge:
    that one is moved.
    """
    is_a_time = (said.found and not said.doubt) or said.doubt == "vague"
    return is_a_time and bool(active(request.state.person))


def placed(request: Request, said: Once, pending: Pending) -> Turn:
    """The time on somebody's clock: the person's own, or the one that was named."""
    zone_name = known_zone(request)
    if said.zone and said.zone.several:
        return ask_zone(request, pending, said.zone)
    if said.zone:
        zone_name = said.zone.zone
    if said.after is not None:
        return _set(request, request.event.at + said.after, "", said, pending)
    if not zone_name:
        looks_up = request.event.surface.knows_zone and not isinstance(request.event.body, Found)
        asking = ask_zone(request, pending, None)
        if looks_up:
            return Turn(state=asking.state, effects=(LookUpZone(then=DIALOG),))
        return asking
    return _on_the_clock(request, said, pending, zone_name)


def _on_the_clock(request: Request, said: Once, pending: Pending, zone_name: str) -> Turn:
    now = request.event.at.astimezone(zone(zone_name))
    today = now.date()
    if said.weekday and _is_today_too(said, now):
        return ask_when(
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
        return ask_when(request, pending, request.text("remind_past", when=moment))
    return _set(request, due, zone_name, said, pending)


def _is_today_too(said: Once, now: datetime) -> bool:
    """'On Monday at 6pm', said on a Monday at noon, without 'next'."""
    return (
        said.day == now.date() + WEEK
        and not said.following
        and said.at is not None
        and said.at > now.time()
    )


def _next_time(said: Once, now: datetime) -> tuple[date, time]:
    """The next time that a clock shows this hour; where morning or afternoon is open,
    either of them.
    """
    at = said.at or USUAL
    hours = [at]
    if not said.at_settled:
        hours = sorted((at, time((at.hour + 12) % 24, at.minute)))
    later = next((one for one in hours if one > now.time()), None)
    if later is not None:
        return now.date(), later
    return now.date() + timedelta(days=1), at


def _clock_words(said: Once) -> str:
    if not said.at:
        return ""
    return f"{said.at:%H:%M}"


def _set(request: Request, due: datetime, zone_name: str, said: Once, pending: Pending) -> Turn:
    """Everything is known: the reminder is set, or moved."""
    if due - request.event.at > FARTHEST:
        return ask_when(request, pending, request.text("remind_too_far"))
    person = request.state.person
    before = next((one for one in person.reminders if one.id == pending.get("moves")), None)
    if pending.get("moves") and before is None:
        return refused(request, "remind_gone")
    made = Reminder(
        id=_new_id(request),
        text=before.text if before else pending.get("text", ""),
        due_at=due,
        asked_at=before.asked_at if before else request.event.at,
        zone=zone_name,
    )
    kept = [one for one in person.reminders if one != before]
    person = replace(
        closed(person),
        reminders=tuple(sorted((*kept, made), key=lambda one: (one.due_at, one.id))),
        profile=_clock_kept(person.profile, said.zone),
    )
    request = replace(request, state=replace(request.state, person=person))
    often = "often" in pending and made.zone != ""
    return confirmed(request, made, said, moved=before is not None, often=often)


def _clock_kept(profile: Profile, place: Zone | None) -> Profile:
    """The first clock that somebody names is theirs until they say otherwise.

    Where they live is not said by it.
    """
    if place is None or not place.zone or profile.zone:
        return profile
    return replace(profile, zone=place.zone, zone_said=place.said)


def _new_id(request: Request) -> str:
    """The same for a repeated turn of the same event, and for no other."""
    whole = f"{request.event.key} {request.event.nonce} {DIALOG}"
    return f"r{sha256(whole.encode()).hexdigest()[:10]}"


def confirmed(
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


def _other_readings(request: Request, made: Reminder, said: Once) -> list[Tap]:
    """What else the words may have meant, a tap away: the other half of the day, the week after,
    every week.
    """
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
