"""A change of one week's nudge alone: 'this week on wednesday instead', 'can't do this sunday',
'not christmas eve', and nudges that are to begin after a day.

The rule stays as it is; only one of its days is moved or left out.
"""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.core import local_time
from bot.core.command_line import tidy
from bot.core.reply import Block, Choices, Paragraph
from bot.core.request import Request
from bot.core.state import State, Subscription
from bot.core.turn import Turn
from bot.extraction.times import dates, days_of, times, weekdays
from bot.features.nudges.pausing import pause
from bot.features.nudges.rules import active, free_days, others_than, tap
from bot.features.nudges.schedule_request import from_answers
from bot.features.nudges.snoozes import skip_next
from bot.features.nudges.subscribing import DIALOG, apply, open_questions
from bot.features.nudges.swaps import Swap, for_once
from scheduler.civil_time import zone
from scheduler.recurrence import coming, upcoming

LONGEST: Final = 120
MOST_WORDS: Final = 18
MOST_LOOKED_AT: Final = 60
"""Occurrences ahead among which a day that is left out is looked for."""
_POLITE: Final = re.compile(
    r"(?:\w{1,12} ){0,4}(?:can|could|would|will) (?:you|u|we|it|i|this)\b", re.IGNORECASE
)
_THIS_WEEK: Final = re.compile(
    r"\bthis week(?:'?s)?\b|\bthis (?:one|time)\b|\bjust this once\b", re.IGNORECASE
)
_ENDS: Final = re.compile(
    r"\b(?:skip|miss|drop|cancel|nothing|no nudge|pause|unsubscribe|stop|from now on)\b",
    re.IGNORECASE,
)
_CANNOT: Final = re.compile(
    r"\b(?:can'?t|cant|cannot|won'?t|wont|not|impossible|no good|busy|away|out|no|skip|miss|isn'?t|isnt)\b",
    re.IGNORECASE,
)
_THIS_DAY: Final = re.compile(
    r"\bthis (?:coming )?(?P<day>(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})\b", re.IGNORECASE
)
_WITHOUT: Final = re.compile(
    r"\b(?:not(?! (?:now|yet|sure|bad|really|great|good)\b)|no(?! (?:idea|worries|problem)\b)|nothing|skip|except|without|leave out|miss|don'?t|dont|either|neither|nor|none)\b",
    re.IGNORECASE,
)
_WHOLE_WEEK: Final = re.compile(
    r"\bweek (?:of|over) (?:xmas|christmas)\b|\b(?:xmas|christmas) week\b", re.IGNORECASE
)
_AFTER: Final = re.compile(
    r"\b(?:start|starting|begin|beginning|first one|from|again)\b[^.?!]{0,14}?\b(?P<day>after\b.{3,30})",
    re.IGNORECASE,
)
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)


def changed_once(request: Request) -> Turn | None:
    """The turn of a text that changes one week's nudge, or says after which day they begin; None
    for any other text, and where nothing is set or being set.
    """
    text = tidy(request.words)
    if len(text) > LONGEST or len(text.split()) > MOST_WORDS:
        return None
    if open_questions(request):
        return _begun_in_question(request, text)
    rules = active(request.state.person)
    if not rules or (text.endswith("?") and not _POLITE.match(text)):
        return None
    return (
        _moved(request, text, rules)
        or _not_this_day(request, text, rules)
        or _begun_after(request, text)
        or _left_out(request, text, rules)
    )


def _begun_in_question(request: Request, text: str) -> Turn | None:
    """While the city or the time is asked for: the first day from which they come."""
    asking = open_questions(request)
    day = _day_after(request, text)
    if asking is None or day is None:
        return None
    wish = from_answers(asking.answers)
    wish = replace(wish, cadence=replace(wish.cadence, starts_on=day))
    return apply(replace(request, command=DIALOG), wish, words="")


def _begun_after(request: Request, text: str) -> Turn | None:
    day = _day_after(request, text)
    if day is None:
        return None
    return pause(replace(request, command="pause", words=f"until {day:%Y-%m-%d}"))


def _day_after(request: Request, text: str) -> date | None:
    """The day after the one that is named: 'begin after new year'."""
    hit = _AFTER.search(text)
    named = _named_days(request, hit["day"]) if hit else ()
    return named[0] + _DAY if named else None


def _today(request: Request) -> date:
    rules = active(request.state.person)
    here = zone(rules[0].zone if rules else local_time.HOME)
    return request.event.at.astimezone(here).date()


def _named_days(request: Request, text: str) -> tuple[date, ...]:
    found = (one.value for one in dates(text, _today(request)))
    return tuple(one for one in found if isinstance(one, date))


def _moved(request: Request, text: str, rules: tuple[Subscription, ...]) -> Turn | None:
    """Move the nudge of 'this week, make it wednesday', on the one day that is none of
    theirs.
    """
    if not _THIS_WEEK.search(text) or _ENDS.search(text):
        return None
    mine = {one.weekday for one in rules}
    named = days_of(weekdays(text, asked=True))
    new = [day for day in named if day not in mine]
    old = [day for day in named if day in mine]
    if len(new) != 1:
        return None
    waiting = [(due, one) for one in rules if (due := coming(one, request.event.at))]
    waiting = [pair for pair in waiting if not old or pair[1].weekday in old]
    if not waiting:
        return None
    rule = min(waiting, key=lambda pair: pair[0])[1]
    clocks = [one.value for one in times(text) if isinstance(one.value, time)]
    at = clocks[-1] if clocks else None
    return for_once(request, rule, Swap(old=rule.weekday, new=new[0], at=at, once=True))


def _not_this_day(request: Request, text: str, rules: tuple[Subscription, ...]) -> Turn | None:
    """Leave out 'this sunday', which is said to be impossible: that one is left out, where it is the coming one."""
    hit = _THIS_DAY.search(text)
    if hit is None or not _CANNOT.search(text):
        return None
    named = days_of(weekdays(text, asked=True))
    (day,) = days_of(weekdays(hit["day"], asked=True)) or (None,)
    rule = next((one for one in rules if one.weekday == day), None)
    if len(named) != 1 or rule is None:
        return None
    due, this = coming(rule, request.event.at), _coming_weekday(request, rule.weekday)
    if due is None or _local(rule, due) > this:
        return _none_then(request, this, this, rules)
    return skip_next(replace(request, words=hit["day"]))


def _coming_weekday(request: Request, weekday: int) -> date:
    """The next day of this weekday, today included."""
    today = _today(request)
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _left_out(request: Request, text: str, rules: tuple[Subscription, ...]) -> Turn | None:
    """'Not christmas eve', 'the 31st either': the nudge of that day is left out, the others stay."""
    if not _WITHOUT.search(text) or _MORE_THAN_DAYS.search(text) or times(text):
        return None
    if _OF_ELSE.search(text) and not _OF_NUDGES.search(text):
        return None
    span = _span(request, text)
    if span is None:
        return None
    first, last = span
    hits = [(one, due) for one in rules for due in _between(request, one, first, last)]
    if not hits:
        return _none_then(request, first, last, rules)
    named = () if _WHOLE_WEEK.search(text) else _named_days(request, text)
    hit_rules = tuple(one for one in rules if any(rule is one for rule, _ in hits))
    is_broken = named and any(_local(one, due) not in named for one, due in hits)
    if is_broken or any(_has_far_gap(request, one, first, last) for one in hit_rules):
        return _one_gap_only(request, rules)
    changed = tuple(
        _without(request, one, first, last) if one in hit_rules else one for one in rules
    )
    person = request.state.person
    person = replace(person, subscriptions=others_than(request, rules) + changed)
    state = replace(request.state, person=person)
    said = ", ".join(local_time.day(_local(one, due), _today(request)) for one, due in hits)
    return _told(request, state, Paragraph(request.spans("nudge_days_left_out", days=said)))


_OF_NUDGES: Final = re.compile(
    r"\b(?:nudg\w{0,4}|remind\w{0,4}|ping\w{0,4}|messag\w{0,3}|poke\w{0,2}|bug me|text me)\b",
    re.IGNORECASE,
)
_OF_ELSE: Final = re.compile(
    r"\b(?:ielts|pte|toefl|test|exam|results?|score|degree|interview|assessment|acs|letter|offer|job|boss"
    r"|deadline|birthday|married|born|have|haven'?t|had|got|get|yet|know|think|need|my|it'?s)\b",
    re.IGNORECASE,
)
"""Words of somebody who tells of a day: 'I don't have my result yet, it's on the 12th'."""


def _one_gap_only(request: Request, rules: tuple[Subscription, ...]) -> Turn:
    """Nothing is changed where a second stretch would have to be remembered beside the first."""
    gaps = [one for one in rules if one.paused_until and one.paused_until > _today(request)]
    if not gaps:
        return _told(request, request.state, Paragraph(request.spans("nudge_one_gap")))
    last = max(one.paused_until for one in gaps if one.paused_until) - _DAY
    said = local_time.day(last, _today(request))
    return _told(request, request.state, Paragraph(request.spans("nudge_gap_set", until=said)))


_MORE_THAN_DAYS: Final = re.compile(
    r"\b(?:until|till|til|from|to|between|through|thru|away|before|back|points?|visa|pay|work|start|plan|remind me)\b|\?",
    re.IGNORECASE,
)


def _span(request: Request, text: str) -> tuple[date, date] | None:
    """The first and the last day that are to be left out; None where no day is named."""
    if _WHOLE_WEEK.search(text):
        today = _today(request)
        christmas = date(today.year + (today > date(today.year, 12, 25)), 12, 25)
        monday = christmas - timedelta(days=christmas.weekday())
        return monday, monday + _WEEK - _DAY
    named = _named_days(request, text)
    return (min(named), max(named)) if named and min(named) > _today(request) else None


def _local(rule: Subscription, due: datetime) -> date:
    return due.astimezone(zone(rule.zone)).date()


def _between(request: Request, rule: Subscription, first: date, last: date) -> tuple[datetime, ...]:
    """The rule's occurrences from the first to the last of these days."""
    free = free_days(request.state.person.profile)
    soon = upcoming(rule, request.event.at, MOST_LOOKED_AT, holidays_of=free)
    return tuple(due for due in soon if first <= _local(rule, due) <= last)


def _has_far_gap(request: Request, rule: Subscription, first: date, last: date) -> bool:
    """Whether the rule rests already at another time, with a nudge between then and these days."""
    is_over = rule.paused_until is None or rule.paused_until <= _today(request)
    return not is_over and _is_between(request, rule, first, last + _DAY)


def _without(request: Request, rule: Subscription, first: date, last: date) -> Subscription:
    """The rule with these days left out, joined with those beside them that were left out before."""
    start, until = first, last + _DAY
    if rule.paused_until and rule.paused_until > _today(request):
        start = min(start, rule.paused_from or _today(request))
        until = max(until, rule.paused_until)
    rested = replace(rule, paused_from=start, paused_until=until)
    free = free_days(request.state.person.profile)
    return replace(rested, next_due_at=coming(rested, request.event.at, holidays_of=free))


def _is_between(request: Request, rule: Subscription, start: date, until: date) -> bool:
    """Whether a nudge that is to come lies between these days and those left out before."""
    if rule.paused_until is None:
        return False
    since = rule.paused_from or _today(request)
    low, high = min(until, rule.paused_until), max(start, since) - _DAY
    return bool(_between(request, rule, low, high))


def _none_then(
    request: Request, first: date, last: date, rules: tuple[Subscription, ...]
) -> Turn | None:
    """No nudge falls on that day: that is said, where it is one day."""
    if first != last or not rules:
        return None
    said = local_time.day(first, _today(request))
    return _told(request, request.state, Paragraph(request.spans("nudge_none_on", day=said)))


def _told(request: Request, state: State, first: Block) -> Turn:
    """The line, and when the next ones come."""
    request = replace(request, command="reminders", state=state)
    now, rules = request.event.at, active(request.state.person)
    free = free_days(request.state.person.profile)
    soon = sorted(
        (due, one.zone) for one in rules for due in upcoming(one, now, 2, holidays_of=free)
    )
    said = [local_time.moment(due, place, now) for due, place in soon[:2]]
    blocks = [first]
    if said:
        blocks.append(Paragraph(request.spans("nudge_next_two", next=said[0], then=said[-1])))
    return request.answer(*blocks, Choices((tap(request, "show", "reminders"),)), personal=True)
