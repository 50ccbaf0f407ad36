"""What a reminder says when its time has come."""

from dataclasses import replace

from bot.core import local_time
from bot.core.events import Due
from bot.core.reply import Block, Choices, Emphasis, Paragraph, Strong, paragraph
from bot.core.request import Request
from bot.core.state import Reminder
from bot.core.turn import Turn
from bot.features.nudges.reminder_list import repeat_taps, stretch_words, when_words
from bot.features.nudges.reminder_question import DIALOG
from bot.features.nudges.rules import known_zone, tap
from scheduler.booking import LATE
from scheduler.civil_time import zone


def told(request: Request, event: Due) -> Turn | None:
    """What a reminder says when its time has come, and the person without it;
    None where the event is about none of theirs.
    """
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
    asked = request.text("remind_why", asked=_day_of_asking(request, one))
    blocks.append(Paragraph((Emphasis(asked),)))
    left = tuple(other for other in person.reminders if other != one)
    taps = [
        *repeat_taps(request.text("tap_remind_hour"), "in 1 hour", one),
        *repeat_taps(request.text("tap_remind_tomorrow"), "tomorrow 9am", one),
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


def _day_of_asking(request: Request, one: Reminder) -> str:
    zone_name = one.zone or known_zone(request)
    here = zone(zone_name or "UTC")
    today = request.event.at.astimezone(here).date()
    local = one.asked_at.astimezone(here)
    if not zone_name:
        return request.text("remind_ago", stretch=stretch_words(request.event.at - one.asked_at))
    return f"{local_time.day(local.date(), today)}, {local_time.clock(local.time())}"
