"""The plan as a calendar file: one appointment a week, at the nudge's own local time.

Local time with TZID and VTIMEZONE, never UTC, so that a clock change moves nothing. A week keeps
its UID whatever the plan: importing a later file replaces it, and cancels the weeks that an earlier
file gave and nobody plans any more. Where this copy has an address on the web, one that follows by
itself is offered beside the file: see bot.features.plan.calendar_address.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.calculators import study_plan
from bot.core import local_time
from bot.core.reply import File, paragraph
from bot.core.request import Handler, Request
from bot.core.state import CalendarGiven, Progress
from bot.core.turn import Turn
from bot.features.plan import calendar_address, plan_of
from bot.features.plan.calendar_events import (
    Properties,
    appointment,
    calendar_of,
    slot_of,
)
from bot.features.plan.calendar_questions import no_plan, which_city, zone_for
from scheduler.civil_time import monday_of, week_name, week_of, zone


def calendar(request: Request) -> Turn:
    """`calendar`, or `calendar CITY` where no zone is known; `calendar feed` for an address."""
    if asked := calendar_address.wish_for_address(request):
        return calendar_address.answer(request, asked)
    return calendar_address.with_offer(request, _file_or_question(request))


def _file_or_question(request: Request) -> Turn:
    person = request.state.person
    if person.progress is None and not person.calendar.weeks:
        return no_plan(request)
    zone_name = zone_for(request)
    if not zone_name:
        return which_city(request, "calendar")
    laid = _lay_weeks(request, person.progress, zone_name)
    given = _calendar_after(request, laid, zone_name)
    if not given.weeks:
        return request.answer(paragraph(request.text("calendar_nothing")), personal=True)
    return request.answer(
        _file(request, laid, given, zone_name),
        personal=True,
        in_place=False,
        state=replace(request.state, person=replace(person, calendar=given)),
    )


def _lay_weeks(
    request: Request, progress: Progress | None, zone_name: str
) -> tuple[study_plan.Week, ...]:
    if progress is None:
        return ()
    today = local_time.today(request.state.person, request.event)
    return study_plan.weeks(plan_of(request, progress), progress, today, zone_name)


def _calendar_after(
    request: Request, laid: tuple[study_plan.Week, ...], zone_name: str
) -> CalendarGiven:
    """What the calendar holds after this file. Weeks that are over stay in it and are let be."""
    before = request.state.person.calendar
    this_week = week_of(request.event.at, zone_name)
    known = {week for week in before.weeks if week >= this_week}
    weeks = known | {week_name(week.monday) for week in laid}
    return CalendarGiven(
        id=before.id or request.event.nonce,
        files=before.files + 1,
        weeks=tuple(sorted(weeks)),
    )


def _file(
    request: Request, laid: tuple[study_plan.Week, ...], given: CalendarGiven, zone_name: str
) -> File:
    mondays = [monday_of(week) for week in given.weeks]
    days = {zone_name: (mondays[0], mondays[-1] + timedelta(days=6))}
    events = _appointments(request, laid, given, zone_name)
    book = calendar_of(request.content, days, events)
    progress = request.state.person.progress
    name = f"{progress.plan if progress else 'plan'}.ics"
    return File(
        name=name,
        media_type="text/calendar",
        text=book.to_ical().decode(),
        caption=_caption(request, laid, given, zone_name),
        refused=request.text("file_refused", name=name),
    )


def _caption(
    request: Request, laid: tuple[study_plan.Week, ...], given: CalendarGiven, zone_name: str
) -> str:
    if not laid:
        return request.text("calendar_only_taken_out")
    weekday, at = slot_of(request.state.person)
    today = local_time.today(request.state.person, request.event)
    days = [_day(week.monday, weekday, today) for week in laid]
    said = request.text(
        "calendar_caption",
        days=f"{local_time.DAYS[weekday]}s",
        time=local_time.clock(at),
        zone=local_time.city(zone_name),
        first=local_time.day(days[0], today),
        last=local_time.day(days[-1], today),
    )
    gone = len(given.weeks) - len(laid)
    if not gone:
        return said
    if gone == 1:
        key = "calendar_taken_out_one"
    else:
        key = "calendar_taken_out_several"
    return f"{said} {request.text(key, count=gone)}"


def _appointments(
    request: Request, laid: tuple[study_plan.Week, ...], given: CalendarGiven, zone_name: str
) -> Iterator[Properties]:
    """One for each week that the calendar may hold: as it is planned now, or cancelled."""
    planned = {week_name(week.monday): week for week in laid}
    weekday, at = slot_of(request.state.person)
    today = local_time.today(request.state.person, request.event)
    for name in given.weeks:
        day = _day(monday_of(name), weekday, today)
        start = datetime.combine(day, at, zone(zone_name))
        yield {
            **appointment(request.content, name, planned.get(name), start, given.id),
            "dtstamp": request.event.at,
            "last-modified": request.event.at,
            "sequence": given.files - 1,
        }


def _day(monday: date, weekday: int, today: date) -> date:
    """The nudge's weekday; in a week whose day has gone by, the day after today,
    within that week.
    """
    day = monday + timedelta(days=weekday)
    if day >= today:
        return day
    return min(today + timedelta(days=1), monday + timedelta(days=6))


HANDLERS: Final[dict[str, Handler]] = {"calendar": calendar}
