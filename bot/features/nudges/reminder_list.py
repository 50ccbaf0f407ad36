"""How the one-off reminders that are still to come are shown."""

from datetime import timedelta

from bot.core import local_time
from bot.core.reply import Block, Bullets, Paragraph, Tap, paragraph
from bot.core.request import Request
from bot.core.state import Reminder
from bot.features.nudges.rules import said_zone, tap


def when_words(request: Request, one: Reminder) -> str:
    """'Mon 1 Feb 2027, 9:00 am (Sydney)'; for one counted from now by somebody whose clock is unknown, 'in 20 minutes'."""
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
    return (Paragraph(request.spans("remind_still", count=count)),) if count else ()
