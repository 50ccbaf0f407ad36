"""Snooze moves one nudge, the latest if it is fresh, else the next; 'skip this one' leaves it out.

Each answer says how to undo it.
"""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.core import local_time
from bot.core.reply import Block, Choices, Paragraph, paragraph
from bot.core.request import Request
from bot.core.state import Subscription
from bot.core.turn import Turn
from bot.extraction.times import dates, days_of, durations, times, weekdays
from bot.features.nudges.pausing import pause
from bot.features.nudges.rules import (
    active,
    first_moment,
    free_days,
    is_paused,
    refuse,
    ruled,
    tap,
    with_rule,
)
from scheduler import civil_time, recurrence
from scheduler.civil_time import occurrence, zone
from scheduler.recurrence import coming, next_due

NUDGE_IS_FRESH: Final = timedelta(hours=72)
"""So long after a nudge 'snooze' means that one; later, the one to come."""
SAME_TIME: Final = timedelta(hours=1)
"""Two nudges this close are one too many."""
LONGEST_SNOOZE: Final = timedelta(days=15)
"""What is put off for longer is a pause."""
_FROM_NOW: Final = re.compile(
    r"\bin (?:\d|an? |half|one|two|three|four|five|six|ten|twenty|thirty)|\b(?:until|till|til"
    r"|by) tomorrow\b|\bremind\b",
    re.IGNORECASE,
)
"""'in 20 minutes', 'remind me tomorrow': counted from now, whichever nudge is meant.

'snooze 3h' puts off the nudge itself.
"""
_MINUTES: Final = re.compile(r"\b(\d{1,3}) ?m(?:ins?)?\b", re.IGNORECASE)
_MINUS: Final = re.compile(r"(?<!\w)[-−]\s?\d")


def snooze(request: Request) -> Turn:
    """`snooze 3h`, `snooze tomorrow`, `snooze 7d`, `snooze until monday`: moves one nudge, the
    latest if it is fresh, else the next.
    """
    words = _words_of(request)
    rule, fresh = _rule_meant(request)
    if rule is None:
        return request.answer(
            Paragraph(request.spans("snooze_nothing")),
            Choices((tap(request, "set", "subscribe"),)),
            personal=True,
        )
    now = request.event.at
    if is_paused(rule, now):
        return _still_paused(request, rule)
    if not words:
        return _ask_how_long(request)
    free = free_days(request.state.person.profile)
    before = recurrence.coming(rule, now, holidays_of=free)
    from_now = bool(_FROM_NOW.search(f"{words} {request.sentence()}"))
    if fresh or from_now or before is None:
        start = now
    else:
        start = before
    until = _new_instant(request, rule, words, start, fresh=fresh)
    if from_now and until is not None and until == before:
        return _tell_booked(request, until, rule)
    if until is None or until == start or _MINUS.search(words):
        if request.words.strip():
            return refuse(request, "snooze_misread")
        return _ask_how_long(request)
    counted_from = start if rule.nth else now  # the next of a month is weeks away anyway
    if until - counted_from > LONGEST_SNOOZE:
        return pause(replace(request, command="pause", words=words))
    if until <= now:
        return refuse(request, "snooze_past", said=words)
    return _put_off(request, rule, before, until, fresh=fresh)


def moved_once(request: Request, rule: Subscription, before: datetime, words: str) -> Turn | None:
    """The occurrence `before` of a rule on the day, and at the hour, that the words say;
    None where that is over.
    """
    until = _new_instant(request, rule, words, before, fresh=False)
    if until is None or until <= request.event.at or is_paused(rule, request.event.at):
        return None
    return _put_off(request, rule, before, until, fresh=False)


def _put_off(
    request: Request,
    rule: Subscription,
    before: datetime | None,
    until: datetime,
    *,
    fresh: bool,
) -> Turn:
    """One occurrence comes at `until`; the quiet hours hold it,
    and another one near it is enough.
    """
    now = request.event.at
    free = free_days(request.state.person.profile)
    civil = civil_time.civil(until, rule.zone, request.state.person.profile.quiet)
    held = until.astimezone(zone(rule.zone)).time() != rule.local_time and civil != until
    until = civil if held else until
    changed = recurrence.snooze(
        rule, until, now, moving=None if fresh else before, holidays_of=free
    )
    if beside := _neighbour(request, rule, until):
        changed = replace(changed, snoozed_until=None, resend=0)
        changed = replace(changed, next_due_at=next_due(changed, now, holidays_of=free))
        line = request.spans("snooze_beside", until=local_time.moment(beside, rule.zone, now))
        return request.answer(
            Paragraph(line),
            Choices((tap(request, "show", "reminders"),)),
            personal=True,
            state=with_rule(request.state, changed),
        )
    state = with_rule(request.state, changed)
    return request.answer(
        *_new_time(request, changed, before, fresh=fresh, held=held),
        Choices((tap(request, "show", "reminders"),)),
        personal=True,
        state=state,
    )


def skip_next(request: Request) -> Turn | None:
    """'Skip this one', 'not this sunday': the coming nudge is left out, once.

    None where there is none, or none on the day named.
    """
    now = request.event.at
    free = free_days(request.state.person.profile)
    named = days_of(weekdays(request.words, asked=True))
    rules = [one for one in active(request.state.person) if not named or one.weekday in named]
    waiting = [(due, one) for one in rules if (due := coming(one, now, holidays_of=free))]
    if not waiting:
        return None
    before, rule = min(waiting, key=lambda pair: pair[0])
    spent = max(recurrence.counts_for(rule, before), rule.sent_week)
    changed = ruled(request, replace(rule, sent_week=spent, snoozed_until=None, resend=0))
    state = with_rule(request.state, changed)
    line = request.spans(
        "nudge_left_out",
        before=local_time.moment(before, rule.zone, now),
        first=first_moment(request, active(state.person)),
    )
    taps = Choices((tap(request, "show", "reminders"),))
    return replace(request, command="snooze").answer(
        Paragraph(line), taps, personal=True, state=state
    )


def _still_paused(request: Request, rule: Subscription) -> Turn:
    """A pause outlasts any snooze: no nudge comes that could be moved,
    and a shorter pause is only made by asking for one.
    """
    until = rule.paused_until or recurrence.FOREVER
    if until >= recurrence.FOREVER:
        line = request.spans("snooze_paused_open")
    else:
        today = request.event.at.astimezone(zone(rule.zone)).date()
        line = request.spans("snooze_paused", until=local_time.day(until, today))
    return request.answer(
        Paragraph(line),
        Choices((tap(request, "resume", "resume"), tap(request, "show", "reminders"))),
        personal=True,
    )


def _words_of(request: Request) -> str:
    """Until when, in the person's own words where they say it; '30m' is minutes here."""
    sentence = request.sentence()
    if durations(sentence):
        words = sentence
    else:
        words = request.words.strip() or sentence
    return _MINUTES.sub(r"\1 minutes", words)


def _tell_booked(request: Request, until: datetime, rule: Subscription) -> Turn:
    """What is asked for comes by itself."""
    line = request.spans(
        "snooze_booked", until=local_time.moment(until, rule.zone, request.event.at)
    )
    return request.answer(
        Paragraph(line), Choices((tap(request, "show", "reminders"),)), personal=True
    )


def _neighbour(request: Request, rule: Subscription, until: datetime) -> datetime | None:
    """When another day's nudge comes at the time that is asked for: one of them is enough."""
    others = (
        one.next_due_at
        for one in active(request.state.person)
        if one.id != rule.id and one.next_due_at
    )
    return next((due for due in others if abs(due - until) < SAME_TIME), None)


def _ask_how_long(request: Request) -> Turn:
    taps = (
        tap(request, "3h", "snooze 3h"),
        tap(request, "tomorrow", "snooze tomorrow"),
        tap(request, "7d", "snooze 7d"),
    )
    return request.answer(
        paragraph(request.text("snooze_ask")), Choices(taps), personal=True, remember=False
    )


def _new_time(
    request: Request, changed: Subscription, before: datetime | None, *, fresh: bool, held: bool
) -> list[Block]:
    now = request.event.at
    soon = recurrence.upcoming(changed, now, 2, holidays_of=free_days(request.state.person.profile))
    values = {
        "until": local_time.moment(soon[0], changed.zone, now),
        "before": local_time.moment(before, changed.zone, now) if before else "",
        "usual": local_time.moment(soon[1], changed.zone, now) if len(soon) > 1 else "",
    }
    phrase = ("snooze_again" if fresh else "snooze_moved") + ("" if len(soon) > 1 else "_last")
    blocks: list[Block] = [Paragraph(request.spans(phrase, **values))]
    if held:
        blocks.append(paragraph(request.text("snooze_civil")))
    return blocks


def _rule_meant(request: Request) -> tuple[Subscription | None, bool]:
    """The rule that 'snooze' is about, and whether its last nudge is
    fresh enough to be meant itself.
    """
    now = request.event.at
    rules = active(request.state.person)
    sent = [
        (at, one)
        for one in rules
        if (at := _latest_nudge(one)) and timedelta() <= now - at <= NUDGE_IS_FRESH
    ]
    if sent:
        return max(sent, key=lambda pair: pair[0])[1], True
    waiting = [(one.next_due_at, one) for one in rules if one.next_due_at]
    if waiting:
        return min(waiting, key=lambda pair: pair[0])[1], False
    return (rules[0] if rules else None), False


def _latest_nudge(one: Subscription) -> datetime | None:
    day = recurrence.last_sent_day(one)
    if not day:
        return None
    return occurrence(day, one.local_time, one.zone)


def _new_instant(
    request: Request, rule: Subscription, words: str, start: datetime, *, fresh: bool
) -> datetime | None:
    """Days keep the rule's time of day, hours and minutes are elapsed time."""
    place = zone(rule.zone)
    local_start = start.astimezone(place)
    if lapses := durations(words):
        lapse = lapses[0].value
        if lapse.days:
            clocks = (one.value for one in times(words) if isinstance(one.value, time))
            day = local_start.date() + timedelta(days=lapse.days)
            return occurrence(day, next(clocks, rule.local_time), rule.zone)
        return start + timedelta(minutes=lapse.minutes)
    days = dates(words, request.event.at.astimezone(place).date())
    at = next((one.value for one in times(words, asked=True) if isinstance(one.value, time)), None)
    if days and isinstance(days[0].value, date):
        return occurrence(days[0].value, at or rule.local_time, rule.zone)
    if named := days_of(weekdays(words, asked=True)):
        ahead = (named[0] - local_start.weekday()) % 7 or 7
        return occurrence(
            local_start.date() + timedelta(days=ahead), at or rule.local_time, rule.zone
        )
    if at is None:
        return None
    today = occurrence(local_start.date(), at, rule.zone)
    if today > (start if fresh else request.event.at):
        return today
    return occurrence(local_start.date() + timedelta(days=1), at, rule.zone)
