"""Pause, resume and stop mean every nudge. Each says how to undo it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.core import local_time
from bot.core.reply import Choices, Paragraph
from bot.core.request import Request
from bot.core.state import State, Subscription
from bot.core.turn import Turn
from bot.extraction.times import InvalidTime, dates, days_of, durations, weekdays
from bot.features.nudges.reminder_list import list_tap, not_stopped
from bot.features.nudges.rules import (
    active,
    day_names,
    first_moment,
    free_days,
    is_paused,
    kept_words,
    others_than,
    refuse,
    ruled,
    tap,
)
from bot.features.nudges.subscribing import without_ours
from content.content import Content
from scheduler import recurrence
from scheduler.civil_time import zone
from scheduler.recurrence import coming

MOST_END_WORDS: Final = 6
_THIS_WEEK: Final = re.compile(r"\bthis week\b|\b(?:until|till|til) next week\b", re.IGNORECASE)
_OPEN_END: Final = re.compile(
    r"\b(?:until|till|til)\s+(?:i|we)\b|\b(?:until|till|til)\s+further\s+notice\b"
    r"|\b(?:for ever|forever|indefinitely|for now|for (?:a |a little |a good )?(?:while|bit"
    r"|spell|some time|ages))\b",
    re.IGNORECASE,
)
"""'until I say so': a pause without an end."""


def pause(request: Request) -> Turn:
    """`pause`, `pause until 5 January`, `pause 2 weeks`."""
    rules = active(request.state.person)
    if not rules:
        return _nothing(request, "pause_nothing")
    words = request.words.strip()
    today = request.event.at.astimezone(zone(rules[0].zone)).date()
    if words:
        until = _pause_end(words, today)
    else:
        until = _pause_end(request.sentence(), today) or recurrence.FOREVER
    if until is None:
        return refuse(request, "pause_misread")
    words = re.sub(r"^(?:until|till|til|for)\s+", "", words)
    if isinstance(until, InvalidTime):
        return refuse(request, "pause_past", said=until.text)
    if until <= today:
        return refuse(request, "pause_past", said=words)
    start = _pause_start(words or request.sentence(), today, until)
    paused = _next_anew(
        request, [replace(one, paused_until=until, paused_from=start) for one in rules]
    )
    person = replace(request.state.person, subscriptions=others_than(request, rules) + paused)
    return request.answer(
        _pause_line(request, paused, start, until, today),
        Choices((tap(request, "resume", "resume"), tap(request, "show", "reminders"))),
        personal=True,
        state=replace(request.state, person=person),
    )


def _nothing(request: Request, phrase: str) -> Turn:
    """There is no nudge to pause or resume; one can be set."""
    taps = Choices((tap(request, "set", "subscribe"),))
    return request.answer(Paragraph(request.spans(phrase)), taps, personal=True)


def _next_anew(request: Request, rules: Iterable[Subscription]) -> tuple[Subscription, ...]:
    """The rules, each with its next instant as it is now."""
    free = free_days(request.state.person.profile)
    return tuple(
        replace(one, next_due_at=coming(one, request.event.at, holidays_of=free)) for one in rules
    )


def _pause_line(
    request: Request,
    paused: tuple[Subscription, ...],
    start: date | None,
    until: date,
    today: date,
) -> Paragraph:
    """From when until when, and the first nudge after it."""
    if until >= recurrence.FOREVER:
        return Paragraph(request.spans("pause_open"))
    last = local_time.day(until, today)
    if start is not None:
        after = _next_anew(request, [replace(one, paused_from=None) for one in paused])
        first = first_moment(request, after)
        begins = local_time.day(start, today)
        return Paragraph(request.spans("pause_from", start=begins, until=last, first=first))
    if any(one.next_due_at for one in paused):
        first = first_moment(request, paused)
        return Paragraph(request.spans("pause_until", until=last, first=first))
    return Paragraph(request.spans("pause_until_silent", until=last))


_FROM_UNTIL: Final = re.compile(r"\Afrom (?P<start>\d{4}-\d\d-\d\d) until ")


def _pause_start(words: str, today: date, until: date) -> date | None:
    """The first day of a pause that is still to come; None for one that begins now."""
    hit = _FROM_UNTIL.match(words)
    start = None
    if hit:
        start = date.fromisoformat(hit["start"])
    if start and today < start < until:
        return start
    return None


def _pause_end(words: str, today: date) -> date | InvalidTime | None:
    """The first day with nudges again; FOREVER without words; None for words that say no day."""
    if not words or _OPEN_END.search(words):
        return recurrence.FOREVER
    if _THIS_WEEK.search(words):
        return today + timedelta(days=7 - today.weekday())
    words = _FROM_UNTIL.sub("", words)
    lapses = durations(words)
    days = dates(words, today)
    if days and not (lapses and days[0].start == lapses[0].start):
        return days[0].value
    if lapses:
        return today + timedelta(days=lapses[0].value.days or 1)
    if named := days_of(weekdays(words, asked=True)):
        return today + timedelta(days=(named[0] - today.weekday()) % 7 or 7)
    return None


def resume(request: Request) -> Turn:
    """After a pause, a stop or a silence: every rule as it was,
    weekly unless the person chose slower.
    """
    person = request.state.person
    if not person.subscriptions:
        return _nothing(request, "resume_nothing")
    if any(_is_running(one, request.event.at) for one in person.subscriptions):
        rules, phrase = person.subscriptions, "resume_not_paused"
    else:
        rules = tuple(ruled(request, _woken(one)) for one in person.subscriptions)
        phrase = "resume_done"
    return request.answer(
        Paragraph(request.spans(phrase, first=first_moment(request, rules))),
        Choices((tap(request, "show", "reminders"), tap(request, "stop", "stop"))),
        personal=True,
        state=replace(request.state, person=replace(person, subscriptions=rules)),
    )


def _is_running(one: Subscription, now: datetime) -> bool:
    is_due = one.next_due_at is not None and one.paused_from is None
    return one.active and is_due and not is_paused(one, now)


def _woken(one: Subscription) -> Subscription:
    """The rule without pause and silence."""
    pace = "monthly" if one.pace == "silent" else one.pace
    return replace(one, active=True, paused_until=None, paused_from=None, ignored=0, pace=pace)


def stop(request: Request) -> Turn:
    """`stop` at once; `stop monday` only that one. How to undo it is said."""
    person = replace(request.state.person, dialog=without_ours(request))
    cleared = replace(request.state, person=person)
    rules = active(person)
    if not rules:
        return _nothing_to_stop(request, cleared)
    named = days_of(weekdays(request.words, asked=True))
    chosen = [one for one in rules if one.weekday in named] if named else list(rules)
    if not chosen:
        line = request.spans("stop_none_then", days=day_names(named), kept=kept_words(request))
        taps = Choices((tap(request, "stop", "stop"),))
        return request.answer(Paragraph(line), taps, personal=True, state=cleared)
    ids = {one.id for one in chosen}
    after = tuple(
        replace(one, active=False, next_due_at=None) if one.id in ids else one
        for one in person.subscriptions
    )
    person = replace(person, subscriptions=after)
    return request.answer(
        _stop_line(request, chosen, active(person)),
        *not_stopped(request),
        Choices((tap(request, "undo_resume", "resume"), *list_tap(request))),
        personal=True,
        state=replace(request.state, person=person),
    )


def _nothing_to_stop(request: Request, cleared: State) -> Turn:
    phrase = "stop_already" if cleared.person.subscriptions else "stop_nothing"
    taps = list_tap(request)
    return request.answer(
        Paragraph(request.spans(phrase)),
        *not_stopped(request),
        *((Choices(taps),) if taps else ()),
        personal=True,
        state=cleared,
    )


def _stop_line(
    request: Request, stopped: Sequence[Subscription], left: Sequence[Subscription]
) -> Paragraph:
    """Which nudges stop; which go on, where some do."""
    days = day_names(one.weekday for one in stopped)
    if not left:
        clock = local_time.clock(stopped[0].local_time)
        return Paragraph(request.spans("stop_done", days=days, time=clock))
    kept = request.text(
        "nudge_kept",
        days=day_names(one.weekday for one in left),
        time=local_time.clock(left[0].local_time),
    )
    return Paragraph(request.spans("stop_done_some", stopped=days, kept=kept))


def knows_end(_content: Content, _command: str, words: str) -> bool:
    """Whether these words after `pause` or `snooze` say until when or for how long,
    even where no such day can be.
    """
    return (
        bool(re.match(r"(?:until|till|til|for)\b", words.strip(), re.IGNORECASE))
        and len(words.split()) <= MOST_END_WORDS
    )
