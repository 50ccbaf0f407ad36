"""Subscribing to the weekly nudge and steering it: subscribe, remind, reminders, snooze, pause,
resume, stop, quiet, timezone.

When an occurrence falls due is scheduler.recurrence's business, what a nudge says
bot.features.nudges.message's.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bot.core import local_time
from bot.core.command_line import tidy
from bot.core.events import Found
from bot.core.reply import Paragraph, paragraph
from bot.core.request import Grammar, Handler, Request
from bot.core.turn import Turn
from bot.extraction.times import Zone, dates, days_of, times, weekdays, zones
from bot.extraction.times.cadences import cadence
from bot.features.nudges import reminder, reminder_answer, subscribing
from bot.features.nudges.absences import away
from bot.features.nudges.changing import change, keeps_clock, reminders
from bot.features.nudges.pausing import knows_end, pause, resume, stop
from bot.features.nudges.quiet_and_zone import moved, quiet, timezone
from bot.features.nudges.reminder import sentence as reminder_asked
from bot.features.nudges.reminder import untimed as reminder_untimed
from bot.features.nudges.reminder_change import changed as reminder_changed
from bot.features.nudges.reminder_delivery import told as reminder_told
from bot.features.nudges.reminder_question import DIALOG as REMINDER_DIALOG
from bot.features.nudges.reminder_question import closed
from bot.features.nudges.reminder_question import waiting as reminder_waiting
from bot.features.nudges.rules import active, kept_words, place_name, region_of
from bot.features.nudges.schedule_request import (
    ScheduleRequest,
    from_answers,
    left_over,
    named,
    read,
    says_how_often,
)
from bot.features.nudges.single_weeks import changed_once
from bot.features.nudges.snoozes import skip_next, snooze
from bot.features.nudges.subscribing import (
    DIALOG,
    apply,
    digressed,
    open_questions,
    place_settled,
    without_ours,
)
from bot.features.nudges.swaps import both as both_days
from bot.features.nudges.swaps import offered as days_offered
from bot.features.nudges.swaps import swapped
from bot.features.nudges.wishes import (
    absent,
    another_hour,
    around,
    asks_what_is_set,
    moves_later,
    only_days,
    rota_refused,
    schedule_wished,
    weekly_wish,
)
from scheduler import civil_time

__all__ = [
    "DIALOG",
    "FOUND",
    "GRAMMARS",
    "HANDLERS",
    "INSIDE",
    "absent",
    "another_hour",
    "answered",
    "any_active",
    "around",
    "asks_for_place",
    "asks_what_is_set",
    "away",
    "both_days",
    "changed_once",
    "day_named",
    "days_offered",
    "digressed",
    "elsewhere",
    "hint",
    "holidays",
    "inside",
    "keeps_clock",
    "located",
    "maybe_moving",
    "moved_house",
    "moves_later",
    "only_days",
    "paced",
    "place_settled",
    "plain_schedule",
    "quiet_wished",
    "reminder_asked",
    "reminder_changed",
    "reminder_told",
    "reminder_untimed",
    "rota_refused",
    "schedule_wished",
    "skip_next",
    "swapped",
    "weekly_wish",
]

_MOVED: Final = re.compile(
    r"(?:(?:hi|hey|ok|so|btw|fyi)[, ]+)?(?:(?:i|we)(?:'m|’m|'ve|’ve| am| have| are)?|im|ive"
    r"|now)\s{1,3}(?:just |now |recently |have |since ){0,4}"
    r"(?:moved|relocated|shifted|living|live)\s{1,3}(?:over |across |down |up |back )?(?:to"
    r"|in)\s{1,3}(?P<where>[\w /'-]{2,30}?)(?:\s{1,3}(?:now|last week|yesterday|today"
    r"|recently))?[.!]?$",
    re.IGNORECASE,
)
_HERE_NOW: Final = re.compile(
    r"(?:(?:hi|hey|ok|so|btw|fyi)[, ]+)?(?:i'm|i’m|im|i am|we're"
    r"|we are) (?:back )?in (?P<where>[\w /'-]{2,30}?) (?:now|these days|at the moment"
    r"|for now)[.!]?$",
    re.IGNORECASE,
)
_PACE: Final = re.compile(
    r"(?:(?:please|pls|can you|could you|nudge me|remind me|come) ){0,5}"
    r"(?:(?P<weekly>weekly|every week|once a week)|(?P<fortnightly>fortnightly|(?:every"
    r"|once a) fortnight|every (?:two|2|second|other) weeks?)"
    r"|(?P<monthly>monthly|(?:every|once a) month)|(?P<change>less often))(?:,? (?:please|pls"
    r"|instead|now)){0,4}[.?]?",
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
"""Commands that mean the subscribe questions while these are open;
`change` may mean a reminder at any time.
"""


def subscribe(request: Request) -> Turn:
    """`subscribe tuesday 7:30am brisbane`; what is missing is asked for,
    each question with taps.
    """
    words = request.words.strip()
    if not words and active(request.state.person):
        return reminders(request)
    turn = apply(request, _whole_days(request, read(request, words)), words=words)
    if not _OWN_WORDS.search(request.sentence() or request.words):
        return turn
    return subscribing.after(turn, paragraph(request.text("nudge_own_words")))


_OWN_WORDS: Final = re.compile(
    r"\b(?:remind|reminder|ping|message|text|tell|shout|poke|alert)\b.{0,60}\b(?:to"
    r"|about)\s(?!(?:my |the |go |be |do my |do the |do some |keep |an? "
    r"|some ){0,3}(?:study\w*|learn\w*|plan|steps?|units?|work on|practi[cs]e|code|coding"
    r"|going|next|ml|machine|\d|noon|mid))[a-z]{3,}",
    re.IGNORECASE,
)
"""A wish for every week with a text of one's own: a nudge has none."""


def _whole_days(request: Request, wish: ScheduleRequest) -> ScheduleRequest:
    """The days of the whole sentence, where the words that were taken from it name only some of
    them: 'weds and fridays'.
    """
    named = days_of(weekdays(request.sentence(), asked=True))
    return replace(wish, days=named) if set(wish.days) < set(named) and wish.days else wish


def any_active(request: Request) -> bool:
    """Whether a weekly nudge is set."""
    return bool(active(request.state.person))


def asks_for_place(request: Request) -> bool:
    """Whether the city of a schedule or of a reminder is asked for."""
    asking = open_questions(request)
    return (asking is not None and asking.question == "zone") or reminder_waiting(
        request
    ) is not None


def day_named(request: Request, words: str) -> date | None:
    """The calendar day to come that the words name; None for none."""
    today = local_time.today(request.state.person, request.event)
    found = next((one.value for one in dates(words, today)), None)
    if isinstance(found, date):
        return found if found > today else None
    named = days_of(weekdays(words, asked=True))
    return today + timedelta(days=(named[0] - today.weekday()) % 7 or 7) if named else None


def answered(request: Request) -> Turn | None:
    """A text while a question about a nudge or a reminder is open; None if it answers none."""
    return reminder_answer.answered(request) or swapped(request) or subscribing.answered(request)


def hint(request: Request) -> Turn | None:
    """The open question about a nudge or a reminder once more; None without one."""
    return reminder_answer.hint(request) or subscribing.hint(request)


def zone_found(request: Request, found: Found) -> Turn:
    """The zone that a schedule or a reminder waits for."""
    if found.get("then") == REMINDER_DIALOG:
        return reminder_answer.zone_found(request, found)
    return subscribing.zone_found(request, found)


def inside(request: Request) -> Turn | None:
    """`back`, `cancel` and `start over` while the subscribe questions are open, and `change` where
    it means a reminder; else None.
    """
    asking = open_questions(request)
    if request.command == "cancel" and reminder_waiting(request):
        return reminder_answer.cancelled(request)
    if request.command == "cancel" and request.state.person.dialog is None:
        line = reminder_changed(replace(request, words=f"cancel {request.words}"))
        if line is None:
            return only_days(replace(request, words=f"cancel {request.words}"))
        return HANDLERS[line.command](replace(request, command=line.command, words=line.words))
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
    """'change to fridays', 'change to 8pm': the words, where they are a day or a time and there is
    a reminder that may move.
    """
    words = request.words.removeprefix("to ")
    if not active(request.state.person) or request.state.person.dialog is not None:
        return ""
    wish = read(request, words)
    return words if (wish.days or wish.at or wish.wrong) and not wish.unknown else ""


def moved_house(request: Request) -> Turn | None:
    """'I moved to Perth', 'I'm in London now', from somebody whose clock we keep: the same as
    `timezone perth`, and as easily undone. Else None.
    """
    sentence = _MOVED.match(request.words.strip()) or _HERE_NOW.match(request.words.strip())
    if sentence is None or not (request.state.person.profile.zone or active(request.state.person)):
        return None
    return timezone(replace(request, command="timezone", words=sentence["where"]))


def maybe_moving(request: Request) -> Turn | None:
    """'Might be moving to Perth': the clocks stay as they are, with how to change them.

    None where no place or clock is at stake.
    """
    place = zones(request.content.places, request.words)
    kept = request.state.person.profile.zone
    if not place or not kept:
        return None
    words = request.text(
        "maybe_zone", place=place_name(request, kept), there=place[-1].value.said.lower()
    )
    return request.answer(paragraph(words), personal=True, remember=False)


_ELSE: Final = re.compile(
    r"\b(?:points?|visa|salary|pay|paid|earn|job|study|studied|regional|nominat\w{1,20}|tax)\b",
    re.IGNORECASE,
)


def elsewhere(request: Request) -> Turn | None:
    """'What if I was on Lord Howe': when the nudge would come there.

    None where no place or no nudge is spoken of.
    """
    place = zones(request.content.places, request.words)
    rules = active(request.state.person)
    if not place or not rules or _ELSE.search(request.words) or place[-1].value.several:
        return None
    there = named(request, place[-1].value)
    line = request.spans(
        "nudge_elsewhere",
        days=f"{local_time.DAYS[rules[0].weekday]}s",
        time=local_time.clock(rules[0].local_time),
        place=there.said,
        offset=local_time.offset(request.event.at, there.zone),
        kept=place_name(request, rules[0].zone),
    )
    return request.answer(Paragraph(line), personal=True, remember=False)


def holidays(request: Request) -> Turn | None:
    """'don't nudge me on public holidays', 'do you skip public holidays?',
    from somebody who has a reminder. Else None.
    """
    text = tidy(request.words)
    if not _HOLIDAYS.search(text) or not active(request.state.person):
        return None
    if _QUESTION.match(text):
        words = "holidays?"
    elif _WITHOUT.search(text):
        words = "holidays"
    else:
        words = "holidays off"
    return change(replace(request, command="reminders", words=words))


def paced(request: Request) -> Turn | None:
    """'every two weeks', 'less often', from somebody who has a reminder: the pace,
    or what could change. Else None.
    """
    wish = _PACE.fullmatch(tidy(request.words))
    if wish is None or not active(request.state.person):
        return None
    return change(replace(request, command="reminders", words=wish.lastgroup or ""))


_LEAD: Final = re.compile(
    r"^(?:(?:no|nah|na|oh|ok|okay|actually|sorry|wait|hang on|hmm|or|and|rather|better|then"
    r"|how about|what about|maybe|say|make it|lets say|let's say|i meant?|it'?s|just|please"
    r"|pls)\b[, ]{0,4}){1,8}",
    re.IGNORECASE,
)
_NOT_THE_OLD: Final = re.compile(
    r"(?<![, ])[, ]{0,4}\b(?:not|instead of|rather than)\b .*$", re.IGNORECASE
)
_THEN_I: Final = re.compile(
    r"[, ]{1,3}(?:(?:and|then|so) ){1,2}(?:i'?ll|i will|i can|i'?m gonna)\b.{0,60}$", re.IGNORECASE
)
"""'Thursdays 6pm then I'll pause it': what somebody will do by themselves."""
_LAST_WORDS: Final = re.compile(
    r"(?<![, ])[, ]{0,4}\b(?:instead|then|please|pls|hey|rather|thanks|ta)\b\W{0,9}$", re.IGNORECASE
)
LONGEST_SCHEDULE: Final = 200
MOST_SCHEDULE_WORDS: Final = 12


def plain_schedule(request: Request, *, talked_about: bool) -> Turn | None:
    """'Every mon + wed 7am perth', 'nah 8.30': days, a time and a place and nothing else.

    Where the schedule was talked about one of them is enough, and changes it.
    """
    text = tidy(request.words)
    if len(text) > LONGEST_SCHEDULE:
        return None
    text = _THEN_I.sub("", text)
    words = _LAST_WORDS.sub("", _NOT_THE_OLD.sub("", _LEAD.sub("", text)))
    words = re.sub(r"\band (?=\d)", "at ", words)
    rules = active(request.state.person)
    if not words or text.endswith("?") or len(words.split()) > MOST_SCHEDULE_WORDS:
        return None
    if not (weekdays(words, asked=True) or times(words, asked=True)):
        return None
    wish = read(request, words, asked="time")
    if wish.unknown or wish.dated or wish.wrong or _says_more(request, words):
        return None
    if rules and wish.days and wish.cadence.pace == "weekly":
        weekly = change(replace(request, command="reminders", words="weekly"))
        request = replace(request, state=weekly.state)
        words = cadence(words, request.event.at.date()).rest.strip()
    if rules and talked_about and (wish.days or wish.at):
        said = f"at {words}" if wish.at and not wish.days else words
        return change(replace(request, command="reminders", words=said))
    if wish.days and read(request, words).at:
        return subscribe(replace(_without_empty_reminder(request), command=DIALOG, words=words))
    return None


def _without_empty_reminder(request: Request) -> Request:
    """'Remind me', then 'sundays 4pm': what comes every week is no
    answer still open about one reminder.
    """
    asked = reminder_waiting(request)
    if asked is None or asked.answers.get("text"):
        return request
    person = closed(request.state.person)
    return replace(request, state=replace(request.state, person=person))


def _says_more(request: Request, words: str) -> bool:
    """Whether words are left beside days, times and a place:
    then it is no schedule and nothing else.
    """
    rest = cadence(words, request.today).rest
    where = zones(request.content.places, rest)
    spotted = (*weekdays(rest, asked=True), *times(rest, asked=True), *where)
    return bool(re.search(r"[^\W\d_]{2}", left_over(rest, spotted)))


_BETWEEN: Final = re.compile(
    r"\b(?:between|from)\s{1,3}(?P<start>[\w:. ]{1,14}?)\s{1,3}(?:and|to|til|till"
    r"|until)\s{1,3}(?P<end>[\w:.]{1,8}(?: ?[ap]\.?m\.?)?)(?:\b|$)",
    re.IGNORECASE,
)
_STRETCH: Final = re.compile(
    r"(?<![\w:])(?P<start>\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\.?)?)\s{0,3}(?:-|–|to|til|till|until)"
    r"\s{0,3}(?P<end>\d{1,2}(?:[:.]\d\d)?\s?(?:[ap]\.?m\.?)?)(?![\w:])",
    re.IGNORECASE,
)
_AT_WORK: Final = re.compile(r"\b(?:shifts?|work(?:ing|s)?|roster|job)\b", re.IGNORECASE)
"""Hours of work are none of sleep."""
_IN_THE_EVENING: Final = re.compile(
    r"\b(?:dinner|tea|evenings?|arvo|afternoons?|bath|bedtime)\b", re.IGNORECASE
)
_OUTSIDE: Final = re.compile(
    r"\b(?P<which>after|before|past|earlier than"
    r"|later than)\s{1,3}(?P<at>\d[\w:.]{0,8}(?: ?[ap]\.?m\.?)?)",
    re.IGNORECASE,
)
_PEACE: Final = re.compile(
    r"\b(?:dont|don't|don’t|do not|no|not|never|nothing|without|quiet|silent|silence|sleep"
    r"|asleep|leave me)\b",
    re.IGNORECASE,
)
_OF_NUDGES: Final = re.compile(
    r"\b(?:nudges?|nudg\w{1,20}|remind\w{0,15}|messag\w{0,15}|ping\w{0,15}|text\w{0,15}"
    r"|anything|nothing|bother\w{0,15}|disturb\w{0,15}|buzz\w{0,15}|quiet|silen\w{0,15}"
    r"|leave me|sleep|asleep)\b",
    re.IGNORECASE,
)


def quiet_wished(request: Request) -> Turn | None:
    """'I don't want anything between 10pm and 8am', 'nothing before 9am': the quiet hours.

    None for anything else.
    """
    text = tidy(request.words)
    if (
        len(text) > LONGEST_SCHEDULE
        or text.endswith("?")
        or not (_PEACE.search(text) and _OF_NUDGES.search(text))
    ):
        return None
    if hit := _BETWEEN.search(text):
        return _quiet_from(request, hit["start"], hit["end"])
    hit = _STRETCH.search(text)
    if hit is not None and not _AT_WORK.search(text):
        half = "pm" if hit["end"].strip().isdigit() and _IN_THE_EVENING.search(text) else ""
        return _quiet_from(request, f"{hit['start']}{half}", f"{hit['end']}{half}")
    hit = _OUTSIDE.search(text)
    if hit is None:
        return None
    start, end = civil_time.quiet_hours(request.state.person.profile.quiet)
    late = hit["which"].lower() in ("after", "past", "later than")
    said = hit["at"]
    return _quiet_from(request, *((said, f"{end:%H:%M}") if late else (f"{start:%H:%M}", said)))


def _quiet_from(request: Request, start: str, end: str) -> Turn | None:
    """Quiet hours of these two times, where both are some."""
    both = all(times(one, asked=True) for one in (start, end))
    if not both:
        return None
    return quiet(replace(request, command="quiet", words=f"{start} - {end}"))


def located(request: Request, zone_name: str) -> Turn:
    """A shared location: the missing zone of an open subscribe,
    or the person's zone from now on.
    """
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
    "remind": reminder.remind,
    "snooze": snooze,
    "pause": pause,
    "resume": resume,
    "quiet": quiet,
    "timezone": timezone,
}
FOUND: Final[dict[str, Callable[[Request, Found], Turn]]] = {"LookUpZone": zone_found}
GRAMMARS: Final[dict[str, Grammar]] = {
    "pause": knows_end,
    "snooze": knows_end,
    "remind": reminder.in_grammar,
    "subscribe": says_how_often,
    "reminders": says_how_often,
}
