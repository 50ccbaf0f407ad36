"""The plan as a calendar file: one appointment a week, at the nudge's own local time.

Local time with TZID and VTIMEZONE, never UTC, so that a clock change moves nothing. A week keeps its UID: importing a later file replaces it.
The library is loaded for the first who asks: most never do, and it takes three megabytes.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.calculators import study_plan
from bot.core import local_time
from bot.core.reply import Choices, File, Tap, paragraph
from bot.core.request import Handler, Request
from bot.core.state import Progress
from bot.core.turn import Turn
from bot.extraction.times import zones
from bot.features.plan import plan_of
from scheduler.civil_time import week_name, zone

if TYPE_CHECKING:
    from icalendar import Timezone

USUAL_SLOT: Final = (5, time(10))
"""Saturday 10:00, for those without a nudge."""
LONGEST: Final = 120
"""Minutes an appointment takes at most: the rest of the week's hours is the person's to place."""


def calendar(request: Request) -> Turn:
    """`calendar`, or `calendar CITY` where no zone is known."""
    progress = request.state.person.progress
    if progress is None:
        taps = Choices((Tap(request.text("tap_plan_start"), "plan start"),))
        return request.answer(paragraph(request.text("plan_none_short")), taps, remember=False)
    named = zones(request.content.places, request.words)
    zone_name = (
        named[0].value.zone if named else local_time.known_zone(request.state.person, request.event)
    )
    if not zone_name:
        cities = tuple(
            Tap(place.name, f"calendar {place.name}")
            for place in request.content.places.values()
            if place.tap
        )
        return request.answer(
            paragraph(request.text("calendar_zone")), Choices(cities), personal=True
        )
    laid = study_plan.weeks(
        plan_of(request, progress),
        progress,
        local_time.today(request.state.person, request.event),
        zone_name,
    )
    if not laid:
        return request.answer(paragraph(request.text("calendar_nothing")), personal=True)
    return request.answer(_file(request, progress, laid, zone_name), personal=True, in_place=False)


def _file(
    request: Request, progress: Progress, laid: tuple[study_plan.Week, ...], zone_name: str
) -> File:
    subscription = next((one for one in request.state.person.subscriptions if one.active), None)
    weekday, at = (subscription.weekday, subscription.local_time) if subscription else USUAL_SLOT
    import icalendar  # noqa: PLC0415

    book = icalendar.Calendar()
    book.add("prodid", "-//pivotbot//plan//EN")
    book.add("version", "2.0")
    book.add("x-wr-calname", request.text("calendar_name"))
    today = local_time.today(request.state.person, request.event)
    days = [_day(week, weekday, today) for week in laid]
    book.add_component(_timezone(zone_name, days[0], days[-1]))
    for week, day in zip(laid, days, strict=True):
        appointment = icalendar.Event()
        for name, value in _appointment(
            request, progress, week, datetime.combine(day, at, zone(zone_name))
        ).items():
            appointment.add(name, value)
        book.add_component(appointment)
    words = {
        "zone": local_time.city(zone_name),
        "first": local_time.day(days[0], today),
        "last": local_time.day(days[-1], today),
    }
    caption = request.text(
        "calendar_caption", days=f"{local_time.DAYS[weekday]}s", time=local_time.clock(at), **words
    )
    return File(
        name=f"{progress.plan}.ics",
        media_type="text/calendar",
        text=book.to_ical().decode(),
        caption=caption,
        refused=request.text("file_refused", name=f"{progress.plan}.ics"),
    )


def _day(week: study_plan.Week, weekday: int, today: date) -> date:
    """The nudge's weekday; in a week whose day has gone by, the day after today, within that week."""
    day = week.monday + timedelta(days=weekday)
    return day if day >= today else min(today + timedelta(days=1), week.monday + timedelta(days=6))


def _appointment(
    request: Request, progress: Progress, week: study_plan.Week, start: datetime
) -> dict[str, object]:
    return {
        "uid": f"{progress.plan}-{week_name(week.monday)}-{request.state.person.id}@pivotbot",
        "dtstamp": request.event.at,
        "dtstart": start,
        "duration": timedelta(minutes=min(week.minutes, LONGEST)),
        "summary": request.text("calendar_summary", steps=_steps(request, week)),
        "description": "\n".join(_detail(request, part) for part in week.parts),
    }


def _steps(request: Request, week: study_plan.Week) -> str:
    first, last = week.parts[0].numbered.number, week.parts[-1].numbered.number
    return (
        request.text("calendar_step", number=first)
        if first == last
        else request.text("calendar_steps", first=first, last=last)
    )


def _detail(request: Request, part: study_plan.Part) -> str:
    key = "calendar_detail" if part.parts == 1 else "calendar_detail_part"
    step = part.numbered
    minutes = local_time.minutes(part.minutes)
    return request.text(
        key,
        number=step.number,
        step=step.step.title,
        minutes=minutes,
        part=part.part,
        parts=part.parts,
    )


@lru_cache(maxsize=64)
def _timezone(zone_name: str, first: date, last: date) -> "Timezone":
    from icalendar import Timezone  # noqa: PLC0415

    return Timezone.from_tzid(
        zone_name, first_date=first - timedelta(days=366), last_date=last + timedelta(days=366)
    )


HANDLERS: Final[dict[str, Handler]] = {"calendar": calendar}
