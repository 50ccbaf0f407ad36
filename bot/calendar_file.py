"""The plan as a calendar file: one appointment a week, at the nudge's own local time.

Local time with TZID and VTIMEZONE, never UTC, so that a clock change moves nothing. A week keeps its UID: importing a later file replaces it.
The library is loaded for the first who asks: most never do, and it takes three megabytes.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot import local, plan
from bot.asking import Ask, Handler
from bot.learning import plan_of
from bot.recurrence import week_name, zone
from bot.reply import Choices, File, Tap, paragraph
from bot.state import Progress
from bot.turn import Turn
from bot.when import zones

if TYPE_CHECKING:
    from icalendar import Timezone

USUAL_SLOT: Final = (5, time(10))
"""Saturday 10:00, for those without a nudge."""
LONGEST: Final = 120
"""Minutes an appointment takes at most: the rest of the week's hours is the person's to place."""


def calendar(ask: Ask) -> Turn:
    """`calendar`, or `calendar CITY` where no zone is known."""
    progress = ask.state.person.progress
    if progress is None:
        taps = Choices((Tap(ask.say("tap_plan_start"), "plan start"),))
        return ask.answer(paragraph(ask.say("plan_none_short")), taps, remember=False)
    named = zones(ask.content.places, ask.words)
    zone_name = named[0].value.zone if named else local.known_zone(ask.state.person, ask.event)
    if not zone_name:
        cities = tuple(Tap(place.name, f"calendar {place.name}") for place in ask.content.places.values() if place.tap)
        return ask.answer(paragraph(ask.say("calendar_zone")), Choices(cities), personal=True)
    laid = plan.weeks(plan_of(ask, progress), progress, local.today(ask.state.person, ask.event), zone_name)
    if not laid:
        return ask.answer(paragraph(ask.say("calendar_nothing")), personal=True)
    return ask.answer(_file(ask, progress, laid, zone_name), personal=True, in_place=False)


def _file(ask: Ask, progress: Progress, laid: tuple[plan.Week, ...], zone_name: str) -> File:
    subscription = next((one for one in ask.state.person.subscriptions if one.active), None)
    weekday, at = (subscription.weekday, subscription.local_time) if subscription else USUAL_SLOT
    import icalendar  # noqa: PLC0415

    book = icalendar.Calendar()
    book.add("prodid", "-//pivotbot//plan//EN")
    book.add("version", "2.0")
    book.add("x-wr-calname", ask.say("calendar_name"))
    today = local.today(ask.state.person, ask.event)
    days = [_day(week, weekday, today) for week in laid]
    book.add_component(_timezone(zone_name, days[0], days[-1]))
    for week, day in zip(laid, days, strict=True):
        appointment = icalendar.Event()
        for name, value in _appointment(ask, progress, week, datetime.combine(day, at, zone(zone_name))).items():
            appointment.add(name, value)
        book.add_component(appointment)
    words = {"zone": local.city(zone_name), "first": local.day(days[0], today), "last": local.day(days[-1], today)}
    caption = ask.say("calendar_caption", days=f"{local.DAYS[weekday]}s", time=local.clock(at), **words)
    return File(name=f"{progress.plan}.ics", media_type="text/calendar", text=book.to_ical().decode(), caption=caption)


def _day(week: plan.Week, weekday: int, today: date) -> date:
    """The nudge's weekday; in a week whose day has gone by, the day after today, within that week."""
    day = week.monday + timedelta(days=weekday)
    return day if day >= today else min(today + timedelta(days=1), week.monday + timedelta(days=6))


def _appointment(ask: Ask, progress: Progress, week: plan.Week, start: datetime) -> dict[str, object]:
    return {
        "uid": f"{progress.plan}-{week_name(week.monday)}-{ask.state.person.id}@pivotbot",
        "dtstamp": ask.event.at,
        "dtstart": start,
        "duration": timedelta(minutes=min(week.minutes, LONGEST)),
        "summary": ask.say("calendar_summary", steps=_steps(ask, week)),
        "description": "\n".join(_detail(ask, part) for part in week.parts),
    }


def _steps(ask: Ask, week: plan.Week) -> str:
    first, last = week.parts[0].numbered.number, week.parts[-1].numbered.number
    return ask.say("calendar_step", number=first) if first == last else ask.say("calendar_steps", first=first, last=last)


def _detail(ask: Ask, part: plan.Part) -> str:
    key = "calendar_detail" if part.parts == 1 else "calendar_detail_part"
    step = part.numbered
    minutes = local.minutes(part.minutes)
    return ask.say(key, number=step.number, step=step.step.title, minutes=minutes, part=part.part, parts=part.parts)


@lru_cache(maxsize=64)
def _timezone(zone_name: str, first: date, last: date) -> "Timezone":
    from icalendar import Timezone  # noqa: PLC0415

    return Timezone.from_tzid(zone_name, first_date=first - timedelta(days=366), last_date=last + timedelta(days=366))


HANDLERS: Final[dict[str, Handler]] = {"calendar": calendar}
