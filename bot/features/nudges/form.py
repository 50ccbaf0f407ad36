"""`subscribe` on one page: three fields that make one wish.

What becomes of the wish is decided where a typed one is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.core import local_time
from bot.core.form import Field, Form
from bot.core.reply import plain
from bot.core.request import Request
from bot.core.turn import ShowForm, Turn
from bot.extraction.calendar_names import SHORT_DAYS
from bot.extraction.times import zones
from bot.features.nudges.rules import active, kept_words, said_zone, typed_clock
from bot.features.nudges.schedule_request import ScheduleRequest, read
from bot.features.nudges.subscribing import DIALOG, MOST_DAYS, OFFERED_TIMES, apply

DAYS, TIME, PLACE = "days", "time", "place"


def schedule_form(request: Request) -> Turn:
    """The form with the schedule as it is, or empty but for the place."""
    return Turn(state=request.state, effects=(ShowForm(form=_form(request, _values(request), {})),))


def submission(request: Request, values: Mapping[str, str], *, correctable: bool) -> Turn:
    """The whole schedule from now on.

    What cannot be is said beside its field, or as a reply where the form is gone.
    """
    wish = _wish(request, values)
    wrong = dict(_wrong(request, values, wish))
    if wrong and correctable:
        return Turn(state=request.state, effects=(ShowForm(form=_form(request, values, wrong)),))
    return apply(
        replace(request, command=DIALOG),
        replace(wish, manner="instead"),
        words=" ".join(values.values()),
    )


def _wish(request: Request, values: Mapping[str, str]) -> ScheduleRequest:
    """Each field is read alone, so that nothing in one can be taken for an answer to another."""
    days = tuple(
        sorted(
            {SHORT_DAYS.index(day) for day in values.get(DAYS, "").split(",") if day in SHORT_DAYS}
        )
    )
    clock = read(request, values.get(TIME, ""), asked="time")
    if values.get(PLACE):
        place = read(request, f"in {values[PLACE]}", asked="zone")
    else:
        place = ScheduleRequest()
    wrong = clock.wrong or (values.get(TIME, "") if clock.at is None else "")
    return replace(
        clock,
        days=days,
        wrong=wrong,
        dated="",
        zone=place.zone,
        unknown=place.unknown,
        places=place.places,
    )


def _wrong(
    request: Request, values: Mapping[str, str], wish: ScheduleRequest
) -> Iterator[tuple[str, str]]:
    """Field and sentence: the sentences are those of the chat."""

    def said(phrase: str, **blanks: object) -> str:
        return plain(request.spans(phrase, kept=kept_words(request), **blanks))

    if len(wish.days) > MOST_DAYS:
        yield (
            DAYS,
            said(
                "nudge_too_many_days",
                count=len(wish.days),
                time=typed_clock(wish.at or OFFERED_TIMES[0]),
            ),
        )
    if wish.wrong:
        yield TIME, said("nudge_bad_time", said=wish.wrong)
    places = request.content.places
    if wish.zone and wish.zone.several:
        yield (
            PLACE,
            (
                f"{said('nudge_ask_which_zone', said=wish.zone.said)} "
                f"{_names(places[key].name for key in wish.zone.several)}"
            ),
        )
    elif wish.places and not wish.zone:
        yield (
            PLACE,
            (
                f"{said('nudge_bad_zone_near', said=wish.unknown)} "
                f"{_names(places[key].name for key in wish.places)}"
            ),
        )
    elif values.get(PLACE) and not wish.zone:
        yield PLACE, said("nudge_bad_zone", said=wish.unknown or values[PLACE])


def _names(names: Iterator[str]) -> str:
    return " · ".join(names)


def _values(request: Request) -> dict[str, str]:
    rules = active(request.state.person)
    clocks = {one.local_time for one in rules}
    zone_name = local_time.known_zone(request.state.person, request.event)
    return {
        DAYS: ",".join(SHORT_DAYS[one.weekday] for one in rules),
        TIME: local_time.clock(clocks.pop()) if len(clocks) == 1 else "",
        PLACE: _readable(request, zone_name) if zone_name else "",
    }


def _readable(request: Request, zone_name: str) -> str:
    """The place as the person named it, where that is read back as the same zone."""
    said = said_zone(request, zone_name)
    found = zones(request.content.places, f"in {said}")
    if found and found[-1].value.zone == zone_name:
        return said
    return zone_name


def _form(request: Request, values: Mapping[str, str], wrong: Mapping[str, str]) -> Form:
    looks_up = request.event.surface.knows_zone
    fields = (
        Field(
            key=DAYS,
            label=request.text("form_subscribe_days"),
            options=tuple(zip(SHORT_DAYS, local_time.DAYS, strict=True)),
            many=True,
            answer=values.get(DAYS, ""),
            wrong=wrong.get(DAYS, ""),
        ),
        Field(
            key=TIME,
            label=request.text("form_subscribe_time"),
            hint=request.text("form_subscribe_time_hint"),
            answer=values.get(TIME, ""),
            wrong=wrong.get(TIME, ""),
        ),
        Field(
            key=PLACE,
            label=request.text("form_subscribe_place"),
            hint=request.text(
                "form_subscribe_place_or_profile" if looks_up else "form_subscribe_place_hint"
            ),
            optional=looks_up,
            answer=values.get(PLACE, ""),
            wrong=wrong.get(PLACE, ""),
        ),
    )
    lead = (request.spans("form_subscribe_lead"),)
    return Form(
        name=DIALOG,
        title=request.text("form_subscribe_title"),
        lead=lead,
        fields=fields,
        submit=request.text("form_send"),
    )
