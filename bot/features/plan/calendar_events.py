"""What a calendar holds of ours, as a calendar program reads it: the file and the private address
are made of the same parts.

The library is loaded for the first who asks: most never do, and it takes three megabytes.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from bot.calculators import study_plan
from bot.core import local_time
from bot.core.state import Person
from content.content import Content

if TYPE_CHECKING:
    from icalendar import Calendar

USUAL_SLOT: Final = (5, time(10))
"""Saturday 10:00, for those without a nudge."""
LONGEST: Final = 120
"""Minutes an appointment takes at most: the rest of the week's hours is the person's to place."""

Properties = Mapping[str, object]
"""An appointment: the names and values of its lines."""


def calendar_of(
    content: Content, zones: Mapping[str, tuple[date, date]], events: Iterable[Properties]
) -> "Calendar":
    """A whole calendar. `zones`: the days between which each zone has appointments."""
    from icalendar import Calendar, Event  # noqa: PLC0415

    from bot.features.plan.calendar_zone import timezone  # noqa: PLC0415 -- it needs the library

    book = Calendar()
    book.add("prodid", "-//pivotbot//plan//EN")
    book.add("version", "2.0")
    book.add("x-wr-calname", content.phrases["calendar_name"])
    for name, (first, last) in zones.items():
        book.add_component(timezone(name, first, last))
    for properties in events:
        event = Event()
        for name, value in properties.items():
            event.add(name, value)
        book.add_component(event)
    return book


def slot_of(person: Person) -> tuple[int, time]:
    """The weekday and local time of the plan's appointments."""
    subscription = next((one for one in person.subscriptions if one.active), None)
    if subscription:
        return (subscription.weekday, subscription.local_time)
    return USUAL_SLOT


def appointment(
    content: Content, name: str, week: study_plan.Week | None, start: datetime, owner: str
) -> dict[str, object]:
    """A week's appointment: as it is planned, or cancelled.

    A week keeps its UID whatever the plan, so what comes later replaces it:
    https://www.rfc-editor.org/rfc/rfc5545#section-3.8.4.7
    """
    said = week_of_plan(content, week) if week else cancellation(content)
    return {"uid": f"{name}-{owner}@pivotbot", "dtstart": start, **said}


def week_of_plan(content: Content, week: study_plan.Week) -> dict[str, object]:
    """What the appointment of a planned week says, and how long it takes."""
    summary = content.phrases["calendar_summary"].format(steps=_steps(content, week))
    return {
        "duration": timedelta(minutes=min(week.minutes, LONGEST)),
        "summary": summary,
        "description": "\n".join(_detail(content, part) for part in week.parts),
    }


def cancellation(content: Content) -> dict[str, object]:
    """What stands where nothing is planned any more."""
    return {
        "duration": timedelta(minutes=LONGEST),
        "summary": content.phrases["calendar_gone"],
        "status": "CANCELLED",
    }


def _steps(content: Content, week: study_plan.Week) -> str:
    first, last = week.parts[0].numbered.number, week.parts[-1].numbered.number
    if first == last:
        return content.phrases["calendar_step"].format(number=first)
    return content.phrases["calendar_steps"].format(first=first, last=last)


def _detail(content: Content, part: study_plan.Part) -> str:
    if part.parts == 1:
        key = "calendar_detail"
    else:
        key = "calendar_detail_part"
    step = part.numbered
    return content.phrases[key].format(
        number=step.number,
        step=step.step.title,
        minutes=local_time.minutes(part.minutes),
        part=part.part,
        parts=part.parts,
    )
