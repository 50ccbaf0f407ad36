"""What people say of a schedule in passing: 'just tuesdays, thursdays footy training', 'away 20 dec to 4 jan, dont message me then',
'that early is dumb, 6pm', 'did that work'.

Each is read by what it holds (a day that stays, an absence with its days, one clock time), not by its wording.
"""

import re
from dataclasses import replace
from datetime import date, time
from typing import Final

from bot.core import local_time
from bot.core.command_line import Line, tidy
from bot.core.reply import Choices, Paragraph, Tap
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction.times import Zone, dates, days_of, times, weekdays, zones
from bot.features.nudges.absences import away
from bot.features.nudges.pausing import pause
from bot.features.nudges.reminder_change import changed
from bot.features.nudges.rules import active, said_zone, tap
from bot.features.nudges.schedule_request import from_answers, read
from bot.features.nudges.snoozes import skip_next
from bot.features.nudges.subscribing import DIALOG, apply, open_questions
from scheduler.civil_time import zone

LONGEST: Final = 160
MOST_WORDS: Final = 16
_ONLY: Final = re.compile(
    r"\A(?:(?:ok|okay|no|nah|actually|sorry|hmm|and|can|could|we|you|u|please|pls|lets|let'?s|make it|do|keep it|keep|have it|it|from now on|better)[, ]{1,3}){0,6}"
    r"(?:just|only)\s{1,3}(?:do |keep |on |the |make it |have |for ){0,2}(?P<days>.{3,60}?)"
    r"(?P<rest>\s{0,3}(?:[,;.(–-]|\b(?:because|cos|coz|cause|since|as|i have|i'?ve got|got|is|are)\b).{0,90})?\Z",
    re.IGNORECASE,
)
_NOT_ON: Final = re.compile(
    r"\A(?:(?:ok|okay|nah|actually|sorry|hmm|and|oh|please|pls|but)[, ]{1,3}){0,4}"
    r"(?:no|not|drop|lose|scrap|without|except|cancel|remove|cant do|can'?t do|no more)\s{1,3}(?:on |the |for ){0,2}(?P<days>\w{3,12}days?s?(?:\s?(?:,|and|&|or)\s?\w{3,12}days?s?)?)"
    r"(?P<rest>\b.{0,90})?\Z",
    re.IGNORECASE,
)
_ONE_GOES: Final = re.compile(
    r"\A(?:(?:ok|okay|nah|actually|sorry|hmm|and|oh|please|pls|but|the|can you|can u)[, ]{1,3}){0,5}"
    r"(?:(?P<days>\w{3,12}days?s?) (?:one|nudge|reminder)s? (?:cancel|off|drop|stop|scrap|remove|delete|not needed"
    r"|no need|is too much|can go|out)|(?:cancel|drop|stop|scrap|remove|delete|lose) (?:the |my )?(?P<which>\w{3,12}days?s?)"
    r" (?:one|nudge|reminder)s?)\b(?P<rest>.{0,60})\Z",
    re.IGNORECASE,
)
_ENOUGH: Final = re.compile(
    r"\A(?:(?:ok|okay|nah|actually|just|and|so|i think)[, ]{1,3}){0,4}(?P<days>\w{3,12}days?s?(?:\s?(?:,|and|&)\s?\w{3,12}days?s?)?)"
    r" (?:is|are|alone is|only is|will be)?\s?(?:enough|plenty|will do|only)\b.{0,30}\Z",
    re.IGNORECASE,
)
_BESIDE_DAYS: Final = frozenset("and or on the for now please pls then mate thanks ok only".split())
_ONE_WEEK: Final = re.compile(r"\b(?:this|next|once|today|tomorrow)\b", re.IGNORECASE)


def only_days(request: Request) -> Turn | None:
    """The days that are to stay, where the others are given up: 'just tuesdays, thursdays is footy'. None for anything else."""
    text = tidy(request.words)
    if len(text) > LONGEST or text.endswith("?"):
        return None
    asking, rules = open_questions(request), active(request.state.person)
    mine = {one.weekday for one in rules}
    days = _kept_days(text, mine)
    if not days:
        return None
    if asking is not None:
        wish = replace(from_answers(asking.answers), days=days)
        return apply(replace(request, command=DIALOG), wish, words="")
    if not rules:
        return None
    place = Zone(zone=rules[0].zone, said=said_zone(request, rules[0].zone))
    wish = from_answers({})
    wish = replace(wish, days=days, at=rules[0].local_time, zone=place, manner="instead")
    return apply(replace(request, command=DIALOG), wish, words="")


def _kept_days(text: str, mine: set[int]) -> tuple[int, ...]:
    """The days that the text leaves; nothing where it names one week's day, or no day."""
    hit = _ONLY.match(text)
    if hit is not None and not _ONE_WEEK.search(hit["days"]):
        spots = weekdays(hit["days"], asked=True)
        left = hit["days"]
        for spot in reversed(spots):
            left = left[: spot.start] + " " + left[spot.end :]
        words = set(re.findall(r"[a-z']+", left.lower()))
        return days_of(spots) if words <= _BESIDE_DAYS else ()
    if hit := _ENOUGH.match(text):
        return days_of(weekdays(hit["days"], asked=True))
    if hit := _ONE_GOES.match(text):
        gone = set(days_of(weekdays(hit["days"] or hit["which"], asked=True)))
        return tuple(sorted(mine - gone)) if gone & mine and mine - gone else ()
    hit = _NOT_ON.match(text)
    if hit is None or _ONE_WEEK.search(text):
        return ()
    gone = set(days_of(weekdays(hit["days"], asked=True)))
    return tuple(sorted(mine - gone)) if gone & mine and mine - gone else ()


_BUSY_THEN: Final = re.compile(
    r"\A(?P<busy>.{2,30}?\b(?:is|are|has|have|for|i'?ve got|clash\w{0,3}|taken|full|no good|out)\b.{0,40}?)"
    r"(?:[,;.–-]{1,3}\s{0,3}|\s{1,3})(?:so|but|then|make it|maybe)\s{1,3}(?P<new>.{3,80})\Z",
    re.IGNORECASE,
)
_LATE: Final = re.compile(r"\b(?:night|evening|arvo|afternoon)s?\b", re.IGNORECASE)


def around(request: Request) -> Turn | None:
    """A day named beside one that is taken: 'mondays is choir so thursday nights, after 8'.

    None for anything else, and where something is set already.
    """
    text = tidy(request.words)
    hit = _BUSY_THEN.match(text) if len(text) <= LONGEST else None
    if hit is None or active(request.state.person) or text.endswith("?"):
        return None
    taken = set(days_of(weekdays(hit["busy"], asked=True)))
    wish = read(replace(request, command="help"), hit["new"], asked="time")
    if not taken or not wish.days or taken & set(wish.days):
        return None
    at = wish.at
    if at and at.hour < _NOON and _LATE.search(hit["new"]):
        wish = replace(wish, at=time(at.hour + _NOON, at.minute), at_settled=True)
    return apply(replace(request, command=DIALOG), replace(wish, unknown="", places=()), words="")


def schedule_wished(request: Request, words: str, *, is_named: bool) -> Turn | None:
    """The weekly nudge that part of a message wishes; None where it names no day.

    `is_named`: a nudge is spoken of, so that other words beside its day and time matter less.
    """
    wish = read(replace(request, command="help"), words, asked="time")
    if not wish.days or wish.wrong or wish.dated or (wish.unknown and not is_named):
        return None
    if not wish.places:
        wish = replace(wish, unknown="")
    return apply(replace(request, command=DIALOG), wish, words="")


_COMES_AGAIN: Final = re.compile(
    r"\b(?:every|each|weekly|once a month|monthly|first|last|(?:mon|tues|wednes|thurs|fri|satur|sun)days|mornings|evenings"
    r"|nights|arvos|afternoons)\b",
    re.IGNORECASE,
)
_NUDGE_DAY: Final = re.compile(
    r"\A(?:nudge|ping|poke)(?: me)?(?: on)? (?P<days>[a-z, &+]{3,40})\W{0,3}\Z", re.IGNORECASE
)


def weekly_wish(request: Request) -> Turn | None:
    """The nudge that a whole sentence wishes for every week, with its day and its hour, or with its
    day alone ('nudge wed'). None for anything else.
    """
    text = re.sub(r"\bmaybe\b|\?", " ", tidy(request.words))
    text = re.sub(r"\bonce a month[., ]{1,3}(?=first|last)", "", text, flags=re.IGNORECASE)
    if not re.search(r"\bmonth\b", text) and re.search(r"\bmonth\b", request.words):
        text = re.sub(
            r"\b(first|last) (\w{3,12}day)\b", r"\1 \2 of the month", text, flags=re.IGNORECASE
        )
    if hit := _NUDGE_DAY.match(text):
        days = days_of(weekdays(hit["days"], asked=True))
        return (
            apply(
                replace(request, command=DIALOG),
                read(replace(request, command="help"), hit["days"]),
                words="",
            )
            if days
            else None
        )
    wish = read(replace(request, command="help"), text)
    if not wish.days or wish.at is None or not _COMES_AGAIN.search(text):
        return None
    return schedule_wished(request, text, is_named=True)


def rota_refused(request: Request) -> Turn:
    """Weeks on and off by a roster are no rhythm that can be kept: what works instead."""
    taps = Choices((tap(request, "set", DIALOG),))
    return request.answer(Paragraph(request.spans("nudge_rota")), taps, remember=False)


def moves_later(request: Request, place: str, when: str) -> Turn | None:
    """A move that is to come, of somebody who has nudges: the clocks stay, and a reminder of that
    day is a tap away. None without nudges, or for words that are no place.
    """
    rules = active(request.state.person)
    found = zones(request.content.places, place)
    if not rules or not found or found[0].value.zone in ("", rules[0].zone):
        return None
    said = found[0].value.said.lower()
    line = request.spans("nudge_moves_later", kept=said_zone(request, rules[0].zone), place=said)
    today = request.event.at.astimezone(zone(rules[0].zone)).date()
    days = [one.value for one in dates(f"from {when}", today) if isinstance(one.value, date)]
    taps = [tap(request, "show", "reminders")]
    if days and days[0] > today:
        words = f"remind {days[0]:%Y-%m-%d} 9:00 to say timezone {said}"
        taps.insert(
            0, Tap(request.text("tap_remind_on", day=local_time.day(days[0], today)), words)
        )
    return request.answer(Paragraph(line), Choices(tuple(taps)), personal=True, remember=False)


_NOON: Final = 12
_NO_CONTACT: Final = re.compile(
    r"\b(?:don'?t|do not|not|no|never|stop|nothing|quiet|silence|hold off|without)\b.{0,30}?\b(?:messag\w{0,4}|msg\w{0,3}|text\w{0,4}|ping\w{0,4}|nudg\w{0,4}|remind\w{0,5}|contact\w{0,4}|bother\w{0,4}|bug\w{0,5}|write|buzz|poke|notif\w{0,9}|disturb|send|hear)\b",
    re.IGNORECASE,
)
_NOTHING_THEN: Final = re.compile(
    r"\b(?:not|nothing|none|no|skip|leave out|miss)\b.{0,12}\b(?:this|next) week\b", re.IGNORECASE
)
_ABSENT: Final = re.compile(
    r"\b(?:away|overseas|abroad|travel\w{0,5}|camping|holidays?|hols|on leave|interstate|offline|off (?:from|work)|exams?|hospital|visiting|trip|honeymoon|vacation|busy|flat out|swamped)\b",
    re.IGNORECASE,
)
_THIS_WEEK: Final = re.compile(r"\bthis week\b", re.IGNORECASE)
_UNTIL: Final = re.compile(r"\b(?:until|till|til)\s{1,3}(?P<end>.{3,40})\Z", re.IGNORECASE)
_RESTS: Final = re.compile(
    r"\b(?:stop|pause|hold|halt|break|rest|off|quit|cut|freeze|suspend|no more|(?:not|nothing|none) (?:before|until|till))\b",
    re.IGNORECASE,
)
_BACK: Final = re.compile(
    r"\b(?:back|again|resum\w{0,3}|restart)\s{1,3}(?:up |again )?(?:(?:in|on|from|come|at)\s{1,3}|(?=\d))"
    r"(?P<end>.{3,40})\Z",
    re.IGNORECASE,
)
"""'Stop it, not forever, back in march': a rest with its end."""
_LEAVES_ALONE: Final = re.compile(r"\bleave me (?:alone|be|in peace)\b", re.IGNORECASE)
_MONTH: Final = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\b", re.IGNORECASE
)
_THIS_DAY: Final = re.compile(
    r"\b(?:this|this coming|next)\s{1,3}(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\b", re.IGNORECASE
)
_SKIPS: Final = re.compile(r"\b(?:skip|miss|leave (?:it )?out|drop)\b", re.IGNORECASE)
_POLITE: Final = re.compile(r"(?:can|could|would|will) (?:you|u|we|i)\b|please\b", re.IGNORECASE)


def absent(request: Request) -> Turn | None:
    """The pause of an absence whose days are named, or of this week alone; None without either, or without nudges."""
    text, rules = tidy(request.words), active(request.state.person)
    if not rules or len(text) > LONGEST or (text.endswith("?") and not _POLITE.match(text)):
        return None
    wanted = bool(_NO_CONTACT.search(text))
    if _THIS_WEEK.search(text) and (wanted or _NOTHING_THEN.search(text)):
        return _this_week(request)
    if _THIS_DAY.search(text) and _SKIPS.search(text):
        return skip_next(request)
    hit = _UNTIL.search(text)
    if hit is not None and (wanted or _LEAVES_ALONE.search(text)):
        return _paused_until(request, hit["end"])
    if (hit := _BACK.search(text)) and _RESTS.search(text):
        return _paused_until(request, hit["end"])
    if not (wanted or _ABSENT.search(text)):
        return None
    today = request.event.at.astimezone(zone(rules[0].zone)).date()
    span = away(request)
    if not span or len(dates(text, today)) == 0:
        return None
    return pause(replace(request, command="pause", words=span))


def _paused_until(request: Request, end: str) -> Turn:
    begins = "1 " if _MONTH.match(end) else ""
    end = end.rstrip("?!. ")
    return pause(replace(request, command="pause", words=f"until {begins}{end}"))


def _this_week(request: Request) -> Turn | None:
    """The one nudge of this week is left out; several are paused until the next."""
    rules = active(request.state.person)
    if len(rules) == 1 and _comes_this_week(request, rules[0].next_due_at is not None):
        return skip_next(request)
    return pause(replace(request, command="pause", words="this week"))


def _comes_this_week(request: Request, is_due: bool) -> bool:
    (rule,) = active(request.state.person)
    if not is_due or rule.next_due_at is None:
        return False
    here = zone(rule.zone)
    due: date = rule.next_due_at.astimezone(here).date()
    return due.isocalendar()[:2] == request.event.at.astimezone(here).date().isocalendar()[:2]


_ON_SCREEN: Final = re.compile(r"(?:remind|reminders|resume|snooze|pause|subscribe)\b")


def in_hand(request: Request) -> bool:
    """Whether something that comes at a time stands on the screen, to be shown, moved or stopped."""
    person, choices = request.state.person, request.state.conversation.choices
    has_any = bool(active(person) or person.reminders)
    return has_any and any(_ON_SCREEN.match(action) for action in choices.values())


_ASKS_WHAT: Final = re.compile(
    r" (?:did (?:you|u|it|that) (?:just )?(?:set|save|work|take|go|get|do|stick|book|keep|change|schedule)"
    r"|(?:is|are) (?:it|that|this|they|those) (?:all )?(?:set|on|in|saved|booked|done|sorted|scheduled)"
    r"|whats? (?:it|that|this|they)(?: \w+)? (?:set|on|at)|what (?:did|have) (?:you|u|i|we) (?:set|book|booked|save|saved|schedule|put|pick)"
    r"|what (?:time|day) (?:is|was|did|are|were|will|do)|when (?:is|are|was|were|will|does|do) (?:it|that|they|those|these|them|both)"
    r"|whens (?:it|that)|what else (?:is|have|do)|when (?:again|exactly)|which days?) "
)
MOST_ASKED: Final = 9


def asks_what_is_set(request: Request, line: str) -> Line | None:
    """'When is it', 'did that work' while a reminder or a schedule is on the screen: what is set. None for anything else."""
    if not in_hand(request) or len(line.split()) > MOST_ASKED or not _ASKS_WHAT.search(line):
        return None
    is_weekly = bool(active(request.state.person))
    return Line("reminders", "") if is_weekly else Line("remind", "list")


MOST_BESIDE_HOUR: Final = 9


def another_hour(request: Request) -> Line | None:
    """One clock time in a few words while a schedule is on the screen: 'that early is dumb, 6pm'. None for anything else."""
    text = tidy(request.words)
    if not in_hand(request) or text.endswith("?") or len(text.split()) > MOST_BESIDE_HOUR:
        return None
    found = [one for one in times(text, asked=False) if isinstance(one.value, time)]
    figures = re.findall(r"\d{1,9}", text[: found[-1].start]) if found else []
    if len(found) != 1 or figures or weekdays(text, asked=True):
        return None
    hour = f"{found[0].value:%H:%M}"
    moved = changed(replace(request, words=f"make it {hour}"))
    rest = (text[: found[0].start] + text[found[0].end :]).strip(" ,.")
    if not rest or not _TOO.search(rest):
        return None
    return moved or (Line("reminders", f"at {hour}") if active(request.state.person) else None)


_TOO: Final = re.compile(
    r"\b(?:early|late|sooner|later|better|prefer|rather|instead|works?|good|dumb|silly|asleep|sleep|work|bed|suits?|easier|make|change|move|try|how about|what about|more like)\b",
    re.IGNORECASE,
)
