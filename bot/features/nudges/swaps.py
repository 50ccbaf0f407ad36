"""One day given up for another: 'sunday arvo instead of thursday', 'thursdays clash with netball,
make it saturday', and for one week alone, 'not this sunday, monday'.

Only the day that is given up changes; the others stay as they are. 'Both nights' are the days that
were named just before.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Final

from bot.core import local_time
from bot.core.command_line import tidy
from bot.core.reply import Paragraph, Tap, paragraph
from bot.core.request import Request
from bot.core.state import Subscription
from bot.core.turn import Turn
from bot.extraction.times import days_of, times, weekdays
from bot.extraction.times.once import PARTS_OF_DAY
from bot.features.nudges import snoozes
from bot.features.nudges.changing import change
from bot.features.nudges.rules import active, day_names, tap
from bot.features.nudges.schedule_request import ScheduleRequest, from_answers, read, to_words
from bot.features.nudges.subscribing import DIALOG, MOST_DAYS, apply, open_questions
from scheduler.civil_time import zone
from scheduler.recurrence import coming

LONGEST: Final = 160
_AFTER_OLD: Final = (
    r"(?:instead of|rather than|in place of|in lieu of|not on|and not|not|over|replaces|replacing)"
)
_SWAPPED: Final = re.compile(
    r"\b(?:swap|switch|change|move|replace|shift|trade|exchange|reschedule|bump|push|make"
    r"|turn)\b(?P<old>.{1,60}?)\b(?:for|to|with|into|onto|over to)\b(?P<new>.{1,60})$",
    re.IGNORECASE,
)
_INSTEAD_OF: Final = re.compile(
    rf"^(?P<new>.{{1,80}}?),? \b{_AFTER_OLD}\b (?P<old>.{{1,60}})$", re.IGNORECASE
)
_RATHER: Final = re.compile(
    r"\b(?:rather|prefer|sooner|better)\b(?P<new>.{1,60}?)\b(?:than|to|over)\b(?P<old>.{1,60})$",
    re.IGNORECASE,
)
_NO_GOOD: Final = re.compile(
    r"^(?P<old>.{0,60}?\b(?:clash\w{0,4}|don'?t|dont|doesn'?t|doesnt|do not|does not|won'?t"
    r"|wont|can'?t|cant|cannot|no good|not good|no longer|is out|are out|bad|busy|taken|full"
    r"|not|no|isn'?t|isnt|aren'?t|arent|never|hopeless|tricky|hard|work|i have|i'?ve got"
    r"|ive got|is my|are my|is for|are for)\b.{0,50}?)"
    r"(?:[,;.–-]{1,3}\s{0,3}|\s{1,3}(?:so|and|but|then)\s{1,3}|\s{1,3}(?=(?:make it|make that"
    r"|do|try|how about|can we|could we|can it|let'?s|go)\b))(?P<new>.{1,80})$",
    re.IGNORECASE,
)
_NEW_FIRST: Final = re.compile(
    r"^(?P<new>.{0,30}?\b(?:make|move|change|switch|put|set|do|try)\b.{1,40}?)"
    r"(?:[,;.–-]{1,3}\s{0,3}|\s{1,3}(?:because|cos|coz|cause|since|as)\s{1,3})"
    r"(?P<old>(?:the |my |on )?[a-z]{3,10}s?(?: (?:nights?|evenings?|mornings?|arvos?|afternoons?))? (?:is|are|clash\w{0,4}"
    r"|don'?t|dont|doesn'?t|doesnt|won'?t|wont|isn'?t|isnt|aren'?t|arent|never|i have|i'?ve got|ive got|i'?m|im)\b"
    r"(?!.{0,40}\b(?:too|also|as well|fine|ok|okay|good|great|stays?|still)\b).{0,50})$",
    re.IGNORECASE,
)
"""'Make it mondays, sunday is family night': why the old day goes stands behind the new one."""
_ONCE: Final = re.compile(
    r"\b(?:just|only|but only)\s(?:for\s)?(?:this|the one|that|one|next)\s(?:week|once|time"
    r"|one)\b|\b(?:this (?:week|once|time)|next week) only\b|\bonly this (?:week|once|time)\b"
    r"|\bthis once\b|\bjust once\b|\bfor (?:this|one|next) week\b|\bas a one[- ]off\b",
    re.IGNORECASE,
)
_ONE_DAY: Final = re.compile(r"\b(?:this|this coming|next) $", re.IGNORECASE)
_PART: Final = re.compile(rf"\b(?P<part>{'|'.join(PARTS_OF_DAY)})s?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """A day given up, the one for it, and its hour where one was said.

    `once`: for one week alone.
    """

    old: int
    new: int
    at: time | None = None
    once: bool = False


def swap(text: str) -> Swap | None:
    """The swap of days that a text asks for; None for any other text."""
    text = tidy(text).rstrip(".! ")
    if len(text) > LONGEST or (
        text.endswith("?") and not re.match(r"(?:can|could|would)\b", text, re.IGNORECASE)
    ):
        return None
    bare = re.sub(r"\s{2,}", " ", _ONCE.sub(" ", text)).strip(" ,?")
    for pattern in (_RATHER, _NEW_FIRST, _NO_GOOD, _SWAPPED, _INSTEAD_OF):
        hit = pattern.search(bare)
        if hit is None:
            continue
        old, new = _one_day(hit["old"]), _one_day(hit["new"])
        if old is None or new is None or old == new:
            continue
        once = bool(_ONCE.search(text)) or _is_one(hit["old"])
        return Swap(old=old, new=new, at=_hour(hit["new"]), once=once)
    return None


def _one_day(words: str) -> int | None:
    days = days_of(weekdays(words, asked=True))
    if len(days) != 1:
        return None
    return days[0]


def _is_one(words: str) -> bool:
    """Whether one week's day is named, 'this thursday': that one alone."""
    found = weekdays(words, asked=True)
    return bool(found and _ONE_DAY.search(words[: found[0].start]))


def _hour(words: str) -> time | None:
    clocks = [one.value for one in times(words, asked=True) if isinstance(one.value, time)]
    if clocks:
        return clocks[-1]
    part = _PART.search(words)
    if not part:
        return None
    return PARTS_OF_DAY[part["part"].lower()]


def swapped(request: Request) -> Turn | None:
    """The turn of a text that gives one day up for another;
    None where the day given up is none of theirs.
    """
    wish = swap(request.words)
    if wish is None:
        return None
    if asking := open_questions(request):
        return _in_question(request, from_answers(asking.answers), wish)
    rule = next((one for one in active(request.state.person) if one.weekday == wish.old), None)
    if rule is None:
        return None
    if wish.once:
        return for_once(request, rule, wish)
    names = [local_time.DAYS[day].lower() for day in (wish.old, wish.new)]
    hour = f" {wish.at:%H:%M}" if wish.at else ""
    return change(replace(request, command="reminders", words=f"{names[0]} to {names[1]}{hour}"))


def _in_question(request: Request, before: ScheduleRequest, wish: Swap) -> Turn | None:
    """While the time or the city is asked for."""
    if wish.old not in before.days:
        return None
    days = tuple(sorted({wish.new, *before.days} - {wish.old}))
    hours = dict(before.hours)
    hours.pop(wish.old, None)
    if wish.at and before.at:
        hours = {day: hours.get(day, before.at) for day in days} | {wish.new: wish.at}
    changed = replace(before, days=days, hours=tuple(sorted(hours.items())))
    return apply(replace(request, command=DIALOG), changed, words="")


_WEEK: Final = 7


def for_once(request: Request, rule: Subscription, wish: Swap) -> Turn | None:
    """The coming one of that day, on the nearest of the other days that is still to come."""
    now = request.event.at
    before = coming(rule, now)
    if before is None:
        return None
    here = zone(rule.zone)
    day = before.astimezone(here).date()
    today = now.astimezone(here).date()
    until = _in_week(day, wish.new, today) or _nearest(day, wish.new, today)
    words = f"{until:%Y-%m-%d}" + (f" {wish.at:%H:%M}" if wish.at else "")
    return snoozes.moved_once(replace(request, command="snooze"), rule, before, words)


def _in_week(day: date, weekday: int, today: date) -> date | None:
    """That weekday in the week of the nudge, where it is still to come and that week is this one."""
    monday = day - timedelta(days=day.weekday())
    is_this_week = monday <= today
    found = monday + timedelta(days=weekday)
    return found if is_this_week and found > today else None


def _nearest(day: date, weekday: int, today: date) -> date:
    ahead = (weekday - day.weekday()) % _WEEK
    near = day + timedelta(days=ahead - _WEEK if ahead > _WEEK // 2 else ahead)
    if near > today:
        return near
    return near + timedelta(days=_WEEK)


def offered(request: Request) -> tuple[Paragraph, Tap] | None:
    """A nudge on the days that a text names beside something else: a line and its button; None
    where it names none, or too many.
    """
    days = days_of(weekdays(request.words, asked=True))
    if not 0 < len(days) <= MOST_DAYS or active(request.state.person):
        return None
    names = day_names(days)
    words = to_words(ScheduleRequest(days=days))
    line = paragraph(request.text("nudge_days_named", days=names))
    return line, tap(request, "days_named", f"{DIALOG} {words}", days=names)


_BOTH: Final = re.compile(
    r"\b(?:(?:on|for)\s)?(?:both|those|these|the same|all three|the two|the three"
    r"|all)\b(?:\s(?:of\s)?(?:them|those|these|the))?(?:\s(?:two|three"
    r"|same))?\s?(?P<part>nights?|evenings?|mornings?|arvos?|afternoons?|days?"
    r"|times)?(?!\s\w+s\b)"
    r"|\b(?:nudge|remind|ping|message|text|poke|prod) me (?P<then>then)\b",
    re.IGNORECASE,
)
_SUBSCRIBES: Final = re.compile(r"subscribe (?P<words>.+)")
MOST_WORDS: Final = 12


def both(request: Request) -> Turn | None:
    """'Nudge me both nights at 8:15', where days were named just before: those days.

    None where none were.
    """
    text = tidy(request.words)
    hit = _BOTH.search(text)
    if hit is None or len(text.split()) > MOST_WORDS or text.endswith("?"):
        return None
    if weekdays(text, asked=True):
        return None
    days = _days_on_offer(request)
    said = read(replace(request, command="help"), text, asked="time")
    if not days or (hit["part"] is None and said.at is None and hit["then"] is None):
        return None
    part = re.search(r"\b(?:night|evening|arvo|afternoon|morning)", text, re.IGNORECASE)
    wish = replace(said, days=days, unknown="", places=(), at_settled=said.at_settled or bool(part))
    return apply(replace(request, command=DIALOG), wish, words="")


def _days_on_offer(request: Request) -> tuple[int, ...]:
    """The days that a button of the last answer offers nudges on."""
    for action in request.state.conversation.choices.values():
        if hit := _SUBSCRIBES.fullmatch(action):
            found = days_of(weekdays(hit["words"], asked=True))
            if len(found) > 1 or (found and not times(hit["words"])):
                return found
    return ()
