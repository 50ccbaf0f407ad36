"""What a calendar has to know before it is made: by whose clocks, and of which plan."""

from bot.core import local_time
from bot.core.reply import Choices, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction.times import zones


def zone_for(request: Request) -> str:
    """The zone of the place in the words, else the person's; empty where neither is known."""
    named = zones(request.content.places, request.words)
    if named:
        return named[0].value.zone
    return local_time.known_zone(request.state.person, request.event)


def which_city(request: Request, command: str) -> Turn:
    """Asks for it; each tap is the command with a city."""
    places = [place for place in request.content.places.values() if place.tap]
    cities = tuple(Tap(place.name, f"{command} {place.name}") for place in places)
    question = paragraph(request.text("calendar_zone"))
    return request.answer(question, Choices(cities), personal=True)


def no_plan(request: Request) -> Turn:
    """Says that there is none yet, and offers to start one."""
    taps = Choices((Tap(request.text("tap_plan_start"), "plan start"),))
    return request.answer(paragraph(request.text("plan_none_short")), taps, remember=False)
