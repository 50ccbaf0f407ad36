"""Subscribing to the weekly nudge and steering it: subscribe, reminders, snooze, pause, resume, stop, quiet, timezone.

When an occurrence falls due is scheduler.recurrence's business, what a nudge says bot.features.nudges.message's.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.core.command_line import tidy
from bot.core.events import Found
from bot.core.reply import paragraph
from bot.core.request import Grammar, Handler, Request
from bot.core.turn import Turn
from bot.extraction.times import Zone, zones
from bot.features.nudges.changing import change, reminders
from bot.features.nudges.pausing import knows_end, pause, resume, snooze, stop
from bot.features.nudges.quiet_and_zone import moved, quiet, timezone
from bot.features.nudges.rules import active, kept_words, place_name, region_of
from bot.features.nudges.schedule_request import ScheduleRequest, from_answers, read
from bot.features.nudges.subscribing import (
    DIALOG,
    answered,
    apply,
    digressed,
    hint,
    open_questions,
    place_settled,
    without_ours,
    zone_found,
)

__all__ = [
    "DIALOG",
    "FOUND",
    "GRAMMARS",
    "HANDLERS",
    "INSIDE",
    "answered",
    "digressed",
    "hint",
    "holidays",
    "inside",
    "located",
    "maybe_moving",
    "moved_house",
    "paced",
    "place_settled",
]

_MOVED: Final = re.compile(
    r"(?:(?:hi|hey|ok|so|btw|fyi)[, ]+)?(?:(?:i|we)(?:'m|’m|'ve|’ve| am| have| are)?|im|ive|now)\s{1,3}(?:just |now |recently |have |since ){0,4}"
    r"(?:moved|relocated|shifted|living|live)\s{1,3}(?:over |across |down |up |back )?(?:to|in)\s{1,3}(?P<where>[\w /'-]{2,30}?)(?:\s{1,3}(?:now|last week|yesterday|today|recently))?[.!]?$",
    re.IGNORECASE,
)
_HERE_NOW: Final = re.compile(
    r"(?:(?:hi|hey|ok|so|btw|fyi)[, ]+)?(?:i'm|i’m|im|i am|we're|we are) (?:back )?in (?P<where>[\w /'-]{2,30}?) (?:now|these days|at the moment|for now)[.!]?$",
    re.IGNORECASE,
)
_PACE: Final = re.compile(
    r"(?:(?:please|pls|can you|could you|nudge me|remind me|come) ){0,5}"
    r"(?:(?P<weekly>weekly|every week|once a week)|(?P<fortnightly>fortnightly|(?:every|once a) fortnight|every (?:two|2|second|other) weeks?)"
    r"|(?P<monthly>monthly|(?:every|once a) month)|(?P<change>less often))(?:,? (?:please|pls|instead|now)){0,4}[.?]?",
    re.IGNORECASE,
)
_HOLIDAYS: Final = re.compile(
    r"\b(?:public|bank|national) (?:holi?days?|hols)\b|\bpublic hols\b", re.IGNORECASE
)
_WITHOUT: Final = re.compile(
    r"\b(?:skip|no|not|dont|don't|don’t|without|except|leave out|never|omit|avoid)\b", re.IGNORECASE
)
_QUESTION: Final = re.compile(
    r"^(?:do|does|will|would|are|is|what|how|can i|should)\b", re.IGNORECASE
)
INSIDE: Final = frozenset({"back", "cancel", "start-over", "change"})
"""Commands that mean the subscribe questions while these are open; `change` may mean a reminder at any time."""


def subscribe(request: Request) -> Turn:
    """`subscribe tuesday 7:30am brisbane`; what is missing is asked for, each question with taps."""
    words = request.words.strip()
    if not words and active(request.state.person):
        return reminders(request)
    return apply(request, read(request, words), words=words)


def inside(request: Request) -> Turn | None:
    """`back`, `cancel` and `start over` while the subscribe questions are open, and `change` where it means a reminder; else None."""
    asking = open_questions(request)
    if request.command == "change":
        about_nudges = re.match(
            r"(?:my |the )?(?:reminders?|nudges?|schedule|day|time)\b(?P<rest>.*)",
            request.words,
            re.IGNORECASE,
        )
        words = (about_nudges["rest"].strip() or "change") if about_nudges else _days_in(request)
        return change(replace(request, command="reminders", words=words)) if words else None
    if asking is None:
        return None
    match request.command:
        case "cancel":
            state = replace(
                request.state, person=replace(request.state.person, dialog=without_ours(request))
            )
            return request.answer(
                paragraph(request.text("nudge_cancelled", kept=kept_words(request))),
                state=state,
                remember=False,
            )
        case "back" if asking.question != "day":
            before = "day" if asking.question == "time" else "time"
            kept = from_answers(asking.answers)
            return apply(
                replace(request, command=DIALOG),
                replace(kept, at=None, days=() if before == "day" else kept.days),
                words="",
            )
        case "back" | "start-over":
            return apply(replace(request, command=DIALOG), ScheduleRequest(), words="")
        case _:
            return None


def _days_in(request: Request) -> str:
    """'change to fridays', 'change to 8pm': the words, where they are a day or a time and there is a reminder that may move."""
    words = request.words.removeprefix("to ")
    if not active(request.state.person) or request.state.person.dialog is not None:
        return ""
    wish = read(request, words)
    return words if (wish.days or wish.at or wish.wrong) and not wish.unknown else ""


def moved_house(request: Request) -> Turn | None:
    """'I moved to Perth', 'I'm in London now', from somebody whose clock we keep: the same as `timezone perth`, and as easily undone.
    Else None.
    """
    sentence = _MOVED.match(request.words.strip()) or _HERE_NOW.match(request.words.strip())
    if sentence is None or not (request.state.person.profile.zone or active(request.state.person)):
        return None
    return timezone(replace(request, command="timezone", words=sentence["where"]))


def maybe_moving(request: Request) -> Turn | None:
    """'Might be moving to Perth': the clocks stay as they are, with how to change them. None where no place or clock is at stake."""
    place = zones(request.content.places, request.words)
    kept = request.state.person.profile.zone
    if not place or not kept:
        return None
    words = request.text(
        "maybe_zone", place=place_name(request, kept), there=place[-1].value.said.lower()
    )
    return request.answer(paragraph(words), personal=True, remember=False)


def holidays(request: Request) -> Turn | None:
    """'don't nudge me on public holidays', 'do you skip public holidays?', from somebody who has a reminder. Else None."""
    text = tidy(request.words)
    if not _HOLIDAYS.search(text) or not active(request.state.person):
        return None
    words = (
        "holidays?"
        if _QUESTION.match(text)
        else "holidays"
        if _WITHOUT.search(text)
        else "holidays off"
    )
    return change(replace(request, command="reminders", words=words))


def paced(request: Request) -> Turn | None:
    """'every two weeks', 'less often', from somebody who has a reminder: the pace, or what could change. Else None."""
    wish = _PACE.fullmatch(tidy(request.words))
    if wish is None or not active(request.state.person):
        return None
    return change(replace(request, command="reminders", words=wish.lastgroup or ""))


def located(request: Request, zone_name: str) -> Turn:
    """A shared location: the missing zone of an open subscribe, or the person's zone from now on."""
    dialog = open_questions(request)
    here = Zone(
        zone=zone_name, said=place_name(request, zone_name), region=region_of(request, zone_name)
    )
    if dialog:
        wish = replace(from_answers(dialog.answers), zone=here)
        return apply(replace(request, command=DIALOG), wish, words="")
    return moved(replace(request, command="timezone"), here)


HANDLERS: Final[dict[str, Handler]] = {
    "subscribe": subscribe,
    "unsubscribe": stop,
    "reminders": reminders,
    "snooze": snooze,
    "pause": pause,
    "resume": resume,
    "quiet": quiet,
    "timezone": timezone,
}
FOUND: Final[dict[str, Callable[[Request, Found], Turn]]] = {"LookUpZone": zone_found}
GRAMMARS: Final[dict[str, Grammar]] = {"pause": knows_end, "snooze": knows_end}
