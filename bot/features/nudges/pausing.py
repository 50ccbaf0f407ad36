"""Snooze moves one nudge; pause, resume and stop mean them all. Each says how to undo it."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.core import local_time
from bot.core.reply import Block, Choices, Paragraph, paragraph
from bot.core.request import Request
from bot.core.state import Subscription
from bot.core.turn import Turn
from bot.extraction.times import InvalidTime, dates, days_of, durations, times, weekdays
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
    with_rule,
)
from bot.features.nudges.subscribing import without_ours
from content.content import Content
from scheduler import civil_time, recurrence
from scheduler.civil_time import occurrence, zone
from scheduler.recurrence import coming, next_due

NUDGE_IS_FRESH: Final = timedelta(hours=72)
"""So long after a nudge 'snooze' means that one; later, the one to come."""
SAME_TIME: Final = timedelta(hours=1)
"""Two nudges this close are one too many."""
MOST_END_WORDS: Final = 6
LONGEST_SNOOZE: Final = timedelta(days=15)
"""What is put off for longer is a pause."""

_THIS_WEEK: Final = re.compile(r"\bthis week\b|\b(?:until|till|til) next week\b", re.IGNORECASE)
_OPEN_END: Final = re.compile(
    r"\b(?:until|till|til)\s+(?:i|we)\b|\b(?:until|till|til)\s+further\s+notice\b"
    r"|\b(?:for ever|forever|indefinitely|for now|for (?:a |a little |a good )?(?:while|bit"
    r"|spell|some time|ages))\b",
    re.IGNORECASE,
)
"""'until I say so': a pause without an end."""
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
    words = _said(request)
    rule, fresh = _meant(request)
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
        return _how_long(request)
    free = free_days(request.state.person.profile)
    before = recurrence.coming(rule, now, holidays_of=free)
    from_now = bool(_FROM_NOW.search(f"{words} {request.sentence()}"))
    if fresh or from_now or before is None:
        start = now
    else:
        start = before
    until = _snoozed_until(request, rule, words, start, fresh=fresh)
    if from_now and until is not None and until == before:
        return _booked(request, until, rule)
    if until is None or until == start or _MINUS.search(words):
        if request.words.strip():
            return refuse(request, "snooze_misread")
        return _how_long(request)
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
    until = _snoozed_until(request, rule, words, before, fresh=False)
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
    if beside := _beside(request, rule, until):
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
        *_snoozed_words(request, changed, before, fresh=fresh, held=held),
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


def _said(request: Request) -> str:
    """Until when, in the person's own words where they say it; '30m' is minutes here."""
    sentence = request.sentence()
    if durations(sentence):
        words = sentence
    else:
        words = request.words.strip() or sentence
    return _MINUTES.sub(r"\1 minutes", words)


def _booked(request: Request, until: datetime, rule: Subscription) -> Turn:
    """What is asked for comes by itself."""
    line = request.spans(
        "snooze_booked", until=local_time.moment(until, rule.zone, request.event.at)
    )
    return request.answer(
        Paragraph(line), Choices((tap(request, "show", "reminders"),)), personal=True
    )


def _beside(request: Request, rule: Subscription, until: datetime) -> datetime | None:
    """When another day's nudge comes at the time that is asked for: one of them is enough."""
    others = (
        one.next_due_at
        for one in active(request.state.person)
        if one.id != rule.id and one.next_due_at
    )
    return next((due for due in others if abs(due - until) < SAME_TIME), None)


def _how_long(request: Request) -> Turn:
    taps = (
        tap(request, "3h", "snooze 3h"),
        tap(request, "tomorrow", "snooze tomorrow"),
        tap(request, "7d", "snooze 7d"),
    )
    return request.answer(
        paragraph(request.text("snooze_ask")), Choices(taps), personal=True, remember=False
    )


def _snoozed_words(
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


def _meant(request: Request) -> tuple[Subscription | None, bool]:
    """The rule that 'snooze' is about, and whether its last nudge is
    fresh enough to be meant itself.
    """
    now = request.event.at
    rules = active(request.state.person)
    sent = [
        (at, one)
        for one in rules
        if (at := _last_sent(one)) and timedelta() <= now - at <= NUDGE_IS_FRESH
    ]
    if sent:
        return max(sent, key=lambda pair: pair[0])[1], True
    waiting = [(one.next_due_at, one) for one in rules if one.next_due_at]
    if waiting:
        return min(waiting, key=lambda pair: pair[0])[1], False
    return (rules[0] if rules else None), False


def _last_sent(one: Subscription) -> datetime | None:
    day = recurrence.last_sent_day(one)
    if not day:
        return None
    return occurrence(day, one.local_time, one.zone)


def _snoozed_until(
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
    if at and not fresh:
        that_day = occurrence(local_start.date(), at, rule.zone)
        if that_day > request.event.at:
            return that_day
        return occurrence(local_start.date() + timedelta(days=1), at, rule.zone)
    if at:
        today = occurrence(local_start.date(), at, rule.zone)
        if today > start:
            return today
        return occurrence(local_start.date() + timedelta(days=1), at, rule.zone)
    return None


def pause(request: Request) -> Turn:
    """`pause`, `pause until 5 January`, `pause 2 weeks`."""
    rules = active(request.state.person)
    if not rules:
        return request.answer(
            paragraph(request.text("pause_nothing")),
            Choices((tap(request, "set", "subscribe"),)),
            personal=True,
        )
    words = request.words.strip()
    today = request.event.at.astimezone(zone(rules[0].zone)).date()
    if words:
        until = _pause_end(words, today)
    else:
        until = _pause_end(request.sentence(), today) or recurrence.FOREVER
    words = re.sub(r"^(?:until|till|til|for)\s+", "", words)
    if until is None:
        return refuse(request, "pause_misread")
    if isinstance(until, InvalidTime) or until <= today:
        return refuse(
            request, "pause_past", said=until.text if isinstance(until, InvalidTime) else words
        )
    free = free_days(request.state.person.profile)
    start = _pause_start(words or request.sentence(), today, until)
    rested = [replace(one, paused_until=until, paused_from=start) for one in rules]
    paused = tuple(
        replace(one, next_due_at=coming(one, request.event.at, holidays_of=free)) for one in rested
    )
    person = replace(request.state.person, subscriptions=others_than(request, rules) + paused)
    if until >= recurrence.FOREVER:
        block = Paragraph(request.spans("pause_open"))
    elif start is not None:
        after = [replace(one, paused_from=None) for one in paused]
        after = [
            replace(one, next_due_at=coming(one, request.event.at, holidays_of=free))
            for one in after
        ]
        block = Paragraph(
            request.spans(
                "pause_from",
                start=local_time.day(start, today),
                until=local_time.day(until, today),
                first=first_moment(request, after),
            )
        )
    elif any(one.next_due_at for one in paused):
        block = Paragraph(
            request.spans(
                "pause_until",
                until=local_time.day(until, today),
                first=first_moment(request, paused),
            )
        )
    else:
        block = Paragraph(request.spans("pause_until_silent", until=local_time.day(until, today)))
    state = replace(request.state, person=person)
    return request.answer(
        block,
        Choices((tap(request, "resume", "resume"), tap(request, "show", "reminders"))),
        personal=True,
        state=state,
    )


_NEXT_WEEK: Final = re.compile(r"\bnext week\b", re.IGNORECASE)
_BACK: Final = re.compile(r"\b(?:until|till|til|back)\b", re.IGNORECASE)
_FROM_TO: Final = re.compile(
    r"\b(?:from|between|on|away|overseas|holidays?|leave|off|travell?ing|camping|interstate"
    r"|busy|exams?)\b(?P<start>.{1,30}?)"
    r"(?:\b(?:to|and|until|till|til|thru|through)\b|[-–])(?P<end>.{2,30})",
    re.IGNORECASE,
)
_ONE_MONTH: Final = re.compile(
    r"\s{0,3}(?:the\s)?(?P<day>\d{1,2})(?:st|nd|rd|th)?\s{0,3}\Z", re.IGNORECASE
)
"""'From 5 to 12 dec': the first day has the month of the last."""


def away(request: Request) -> str:
    """Until when, of an absence that is told by its stretch: 'on leave next week', 'away from 5 to
    12 dec'; '' where it is told otherwise.
    """
    rules = active(request.state.person)
    place = zone(rules[0].zone if rules else local_time.HOME)
    today = request.event.at.astimezone(place).date()
    if _NEXT_WEEK.search(request.words) and not _BACK.search(request.words):
        return f"until {today + timedelta(days=14 - today.weekday()):%Y-%m-%d}"
    named = [one.value for one in dates(request.words, today) if isinstance(one.value, date)]
    if len(named) > 1 and today <= named[0] <= named[-1]:
        if named[0] > today:
            begins = f"from {named[0]:%Y-%m-%d} "
        else:
            begins = ""
        return f"{begins}until {named[-1] + timedelta(days=1):%Y-%m-%d}"
    hit = _FROM_TO.search(request.words)
    if hit:
        ends = [one.value for one in dates(hit["end"], today)]
    else:
        ends = []
    last = ends[0] if ends else None
    if not isinstance(last, date) or hit is None:
        return ""
    first = _first_day_away(hit["start"], last, today)
    if first is None and _BACK.search(request.words):
        return ""  # 'on leave till 5 january': that day they are back
    if first and first > today:
        begins = f"from {first:%Y-%m-%d} "
    else:
        begins = ""
    return f"{begins}until {last + timedelta(days=1):%Y-%m-%d}"


def _first_day_away(words: str, last: date, today: date) -> date | None:
    """The day on which an absence begins; None where none is read,
    or it is no earlier than its last.
    """
    starts = [one.value for one in dates(words, today)]
    first = starts[-1] if starts else None
    if first is None and (hit := _ONE_MONTH.search(words)) and 1 <= int(hit["day"]) < last.day:
        first = last.replace(day=int(hit["day"]))
    if isinstance(first, date) and first <= last:
        return first
    return None


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
        return request.answer(
            Paragraph(request.spans("resume_nothing")),
            Choices((tap(request, "set", "subscribe"),)),
            personal=True,
        )
    running = any(
        one.active
        and not is_paused(one, request.event.at)
        and one.next_due_at
        and one.paused_from is None
        for one in person.subscriptions
    )
    if running:
        rules = person.subscriptions
    else:
        back = [
            replace(
                one,
                active=True,
                paused_until=None,
                paused_from=None,
                ignored=0,
                pace=_awake(one),
            )
            for one in person.subscriptions
        ]
        rules = tuple(ruled(request, one) for one in back)
    state = replace(request.state, person=replace(person, subscriptions=rules))
    line = request.spans(
        "resume_not_paused" if running else "resume_done", first=first_moment(request, rules)
    )
    return request.answer(
        Paragraph(line),
        Choices((tap(request, "show", "reminders"), tap(request, "stop", "stop"))),
        personal=True,
        state=state,
    )


def _awake(one: Subscription) -> str:
    if one.pace == "silent":
        return "monthly"
    return one.pace


def stop(request: Request) -> Turn:
    """`stop` at once; `stop monday` only that one. How to undo it is said."""
    person = request.state.person
    rules = active(person)
    cleared = replace(person, dialog=without_ours(request))
    if not rules:
        if person.subscriptions:
            phrase = "stop_already"
        else:
            phrase = "stop_nothing"
        taps = list_tap(request)
        return request.answer(
            Paragraph(request.spans(phrase)),
            *not_stopped(request),
            *((Choices(taps),) if taps else ()),
            personal=True,
            state=replace(request.state, person=cleared),
        )
    named = days_of(weekdays(request.words, asked=True))
    if named and not any(one.weekday in named for one in rules):
        line = request.spans("stop_none_then", days=day_names(named), kept=kept_words(request))
        return request.answer(
            Paragraph(line),
            Choices((tap(request, "stop", "stop"),)),
            personal=True,
            state=replace(request.state, person=cleared),
        )
    chosen = {one.id for one in rules if not named or one.weekday in named} or {
        one.id for one in rules
    }
    after = tuple(
        replace(one, active=False, next_due_at=None) if one.id in chosen else one
        for one in person.subscriptions
    )
    person = replace(cleared, subscriptions=after)
    state = replace(request.state, person=person)
    left = active(person)
    if left:
        kept = request.text(
            "nudge_kept",
            days=day_names(one.weekday for one in left),
            time=local_time.clock(left[0].local_time),
        )
        stopped = day_names(one.weekday for one in rules if one.id in chosen)
        block = Paragraph(request.spans("stop_done_some", stopped=stopped, kept=kept))
    else:
        block = Paragraph(
            request.spans(
                "stop_done",
                days=day_names(one.weekday for one in rules),
                time=local_time.clock(rules[0].local_time),
            )
        )
    return request.answer(
        block,
        *not_stopped(request),
        Choices((tap(request, "undo_resume", "resume"), *list_tap(request))),
        personal=True,
        state=state,
    )


def knows_end(_content: Content, _command: str, words: str) -> bool:
    """Whether these words after `pause` or `snooze` say until when or for how long,
    even where no such day can be.
    """
    return (
        bool(re.match(r"(?:until|till|til|for)\b", words.strip(), re.IGNORECASE))
        and len(words.split()) <= MOST_END_WORDS
    )
