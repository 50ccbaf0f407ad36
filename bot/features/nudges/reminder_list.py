"""The one-off reminders that are still to come: how they are shown, and which one is meant."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.core import local_time
from bot.core.reply import (
    ACTION_BYTES,
    Block,
    Bullets,
    Choices,
    Heading,
    Paragraph,
    Tap,
    paragraph,
)
from bot.core.request import Request
from bot.core.state import Reminder
from bot.core.turn import Turn
from bot.features.nudges.reminder_question import refused
from bot.features.nudges.rules import said_zone, tap

MOST_MOVABLE: Final = 3
"""With more than these the list has a button to drop each, and moving is typed."""
ID: Final = re.compile(r"r[0-9a-f]{10}")


def when_words(request: Request, one: Reminder) -> str:
    """'Mon 1 Feb 2027, 9:00 am (Sydney)'; for one counted from now by somebody whose clock is
    unknown, 'in 20 minutes'.
    """
    zone_name = one.zone or local_time.known_zone(request.state.person, request.event)
    if not zone_name:
        return request.text("remind_in", stretch=stretch_words(one.due_at - request.event.at))
    moment = local_time.moment(one.due_at, zone_name, request.event.at)
    return request.text("remind_at", moment=moment, place=said_zone(request, zone_name))


def stretch_words(span: timedelta) -> str:
    """'1 minute', '20 minutes', '2 hours', '1 hour 30 minutes'."""
    hours, rest = divmod(max(1, round(span.total_seconds() / 60)), 60)
    named = [(hours, "hour"), (rest, "minute")]
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in named if count)


def bullets(request: Request) -> Bullets:
    """The one-off reminders, in order."""
    kept = request.state.person.reminders
    return Bullets(
        tuple(
            request.spans(
                "remind_one" if one.text else "remind_one_bare",
                when=when_words(request, one),
                text=one.text,
            )
            for one in kept
        ),
        ordered=True,
    )


def still_to_come(request: Request) -> tuple[Block, ...]:
    """Below the weekly schedule: what comes once; nothing where nothing does."""
    if not request.state.person.reminders:
        return ()
    return (paragraph(request.text("remind_also")), bullets(request))


def list_tap(request: Request) -> tuple[Tap, ...]:
    """A tap to the one-off reminders, for whoever has some."""
    if not request.state.person.reminders:
        return ()
    return (tap(request, "remind_list", "remind list"),)


def not_stopped(request: Request) -> tuple[Block, ...]:
    """`stop` ends the nudges; what was asked for once is said to come still."""
    count = len(request.state.person.reminders)
    if not count:
        return ()
    return (Paragraph(request.spans("remind_still", count=count)),)


def listing(request: Request) -> Turn:
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


def reminder_meant(request: Request, which: str) -> Reminder | None:
    """By number, as listed, or by the mark that a button carries."""
    kept = request.state.person.reminders
    which = which.strip(" .#").lower()
    if which.isdecimal():
        if 1 <= int(which) <= len(kept):
            return kept[int(which) - 1]
        return None
    if which in ("it", "that", "this", "that one") and len(kept) == 1:
        return kept[0]
    return next((one for one in kept if one.id == which), None)


def no_such(request: Request, which: str) -> Turn:
    kept = request.state.person.reminders
    if not kept or ID.fullmatch(which.strip()):
        return refused(request, "remind_gone" if kept else "remind_none")
    return refused(request, "remind_no_number", said=which.strip(), count=len(kept))


def full_list(request: Request) -> Turn:
    turn = listing(request)
    first, *rest = turn.replies
    line = paragraph(request.text("remind_full", most=len(request.state.person.reminders)))
    return replace(turn, replies=(replace(first, blocks=(line, *first.blocks)), *rest))


def repeat_taps(label: str, when: str, one: Reminder) -> tuple[Tap, ...]:
    """A tap that sets the same text once more, where a button can carry it."""
    action = f"remind {when} to {one.text}"
    fits = one.text and len(action.encode()) <= ACTION_BYTES
    if not fits:
        return ()
    return (Tap(label, action),)
