"""Snooze moves one nudge; pause, resume and stop mean them all. Each says how to undo it."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final

from bot import local, recurrence
from bot.asking import Ask
from bot.recurrence import coming, monday_of, next_due, occurrence, zone
from bot.reply import Block, Choices, Paragraph, paragraph
from bot.schedule.rules import active, day_names, first_moment, free_days, is_paused, kept_words, others_than, refuse, ruled, tap, with_rule
from bot.schedule.subscribing import without_ours
from bot.state import Subscription
from bot.turn import Turn
from bot.when import Impossible, dates, days_of, durations, times, weekdays
from content.library import Content

NUDGE_IS_FRESH: Final = timedelta(hours=72)
"""So long after a nudge 'snooze' means that one; later, the one to come."""
SAME_TIME: Final = timedelta(hours=1)
"""Two nudges this close are one too many."""
MOST_END_WORDS: Final = 6
LONGEST_SNOOZE: Final = timedelta(days=15)
"""What is put off for longer is a pause."""

_THIS_WEEK: Final = re.compile(r"\bthis week\b|\b(?:until|till|til) next week\b", re.IGNORECASE)
_OPEN_END: Final = re.compile(
    r"\b(?:until|till|til)\s+(?:i|we)\b|\b(?:until|till|til)\s+further\s+notice\b|\b(?:for ever|forever|indefinitely|for now|for a while)\b",
    re.IGNORECASE,
)
"""'until I say so': a pause without an end."""
_MINUS: Final = re.compile(r"(?<!\w)[-−]\s?\d")


def snooze(ask: Ask) -> Turn:
    """`snooze 3h`, `snooze tomorrow`, `snooze 7d`, `snooze until monday`: moves one nudge, the latest if it is fresh, else the next."""
    words = ask.words.strip() or ask.sentence()
    rule, fresh = _meant(ask)
    if rule is None:
        return ask.answer(Paragraph(ask.line("snooze_nothing")), Choices((tap(ask, "set", "subscribe"),)), personal=True)
    if not words:
        return _how_long(ask)
    now = ask.event.at
    free = free_days(ask.state.person.profile)
    before = recurrence.coming(rule, now, holidays_of=free)
    start = now if fresh or before is None else before
    until = _snoozed_until(ask, rule, words, start, fresh=fresh)
    if until is None or until == start or _MINUS.search(words):
        return refuse(ask, "snooze_misread") if ask.words.strip() else _how_long(ask)
    if until - now > LONGEST_SNOOZE:
        return pause(replace(ask, command="pause", words=words))
    if until <= now:
        return refuse(ask, "snooze_past", said=words)
    civil = recurrence.civil(until, rule.zone, ask.state.person.profile.quiet)
    held = until.astimezone(zone(rule.zone)).time() != rule.local_time and civil != until
    until = civil if held else until
    changed = recurrence.snooze(rule, until, now, moving=None if fresh else before, holidays_of=free)
    if beside := _beside(ask, rule, until):
        changed = replace(changed, snoozed_until=None, resend=0)
        changed = replace(changed, next_due_at=next_due(changed, now, holidays_of=free))
        line = ask.line("snooze_beside", until=local.moment(beside, rule.zone, now))
        return ask.answer(Paragraph(line), Choices((tap(ask, "show", "reminders"),)), personal=True, state=with_rule(ask.state, changed))
    state = with_rule(ask.state, changed)
    return ask.answer(
        *_snoozed_words(ask, changed, before, fresh=fresh, held=held),
        Choices((tap(ask, "show", "reminders"),)),
        personal=True,
        state=state,
    )


def _beside(ask: Ask, rule: Subscription, until: datetime) -> datetime | None:
    """When another day's nudge comes at the time that is asked for: one of them is enough."""
    others = (one.next_due_at for one in active(ask.state.person) if one.id != rule.id and one.next_due_at)
    return next((due for due in others if abs(due - until) < SAME_TIME), None)


def _how_long(ask: Ask) -> Turn:
    taps = (tap(ask, "3h", "snooze 3h"), tap(ask, "tomorrow", "snooze tomorrow"), tap(ask, "7d", "snooze 7d"))
    return ask.answer(paragraph(ask.say("snooze_ask")), Choices(taps), personal=True, remember=False)


def _snoozed_words(ask: Ask, changed: Subscription, before: datetime | None, *, fresh: bool, held: bool) -> list[Block]:
    now = ask.event.at
    soon = recurrence.upcoming(changed, now, 2, holidays_of=free_days(ask.state.person.profile))
    values = {
        "until": local.moment(soon[0], changed.zone, now),
        "before": local.moment(before, changed.zone, now) if before else "",
        "usual": local.moment(soon[1], changed.zone, now) if len(soon) > 1 else "",
    }
    phrase = ("snooze_again" if fresh else "snooze_moved") + ("" if len(soon) > 1 else "_last")
    blocks: list[Block] = [Paragraph(ask.line(phrase, **values))]
    if held:
        blocks.append(paragraph(ask.say("snooze_civil")))
    return blocks


def _meant(ask: Ask) -> tuple[Subscription | None, bool]:
    """The rule that 'snooze' is about, and whether its last nudge is fresh enough to be meant itself."""
    now = ask.event.at
    rules = active(ask.state.person)
    sent = [(at, one) for one in rules if (at := _last_sent(one)) and timedelta() <= now - at <= NUDGE_IS_FRESH]
    if sent:
        return max(sent, key=lambda pair: pair[0])[1], True
    waiting = [(one.next_due_at, one) for one in rules if one.next_due_at]
    if waiting:
        return min(waiting, key=lambda pair: pair[0])[1], False
    return (rules[0] if rules else None), False


def _last_sent(one: Subscription) -> datetime | None:
    if not one.sent_week:
        return None
    return occurrence(monday_of(one.sent_week) + timedelta(days=one.weekday), one.local_time, one.zone)


def _snoozed_until(ask: Ask, rule: Subscription, words: str, start: datetime, *, fresh: bool) -> datetime | None:
    """Days keep the rule's time of day, hours and minutes are elapsed time."""
    place = zone(rule.zone)
    local_start = start.astimezone(place)
    if lapses := durations(words):
        lapse = lapses[0].value
        if lapse.days:
            return occurrence(local_start.date() + timedelta(days=lapse.days), rule.local_time, rule.zone)
        return start + timedelta(minutes=lapse.minutes)
    days = dates(words, ask.event.at.astimezone(place).date())
    at = next((one.value for one in times(words, asked=True) if isinstance(one.value, time)), None)
    if days and isinstance(days[0].value, date):
        return occurrence(days[0].value, at or rule.local_time, rule.zone)
    if named := days_of(weekdays(words, asked=True)):
        ahead = (named[0] - local_start.weekday()) % 7 or 7
        return occurrence(local_start.date() + timedelta(days=ahead), at or rule.local_time, rule.zone)
    if at and not fresh:
        that_day = occurrence(local_start.date(), at, rule.zone)
        return that_day if that_day > ask.event.at else occurrence(local_start.date() + timedelta(days=1), at, rule.zone)
    if at:
        today = occurrence(local_start.date(), at, rule.zone)
        return today if today > start else occurrence(local_start.date() + timedelta(days=1), at, rule.zone)
    return None


def pause(ask: Ask) -> Turn:
    """`pause`, `pause until 5 January`, `pause 2 weeks`."""
    rules = active(ask.state.person)
    if not rules:
        return ask.answer(paragraph(ask.say("pause_nothing")), Choices((tap(ask, "set", "subscribe"),)), personal=True)
    words = ask.words.strip()
    today = ask.event.at.astimezone(zone(rules[0].zone)).date()
    until = _pause_end(words, today) if words else _pause_end(ask.sentence(), today) or recurrence.FOREVER
    words = re.sub(r"^(?:until|till|til|for)\s+", "", words)
    if until is None:
        return refuse(ask, "pause_misread")
    if isinstance(until, Impossible) or until <= today:
        return refuse(ask, "pause_past", said=until.text if isinstance(until, Impossible) else words)
    free = free_days(ask.state.person.profile)
    rested = [replace(one, paused_until=until) for one in rules]
    paused = tuple(replace(one, next_due_at=coming(one, ask.event.at, holidays_of=free)) for one in rested)
    person = replace(ask.state.person, subscriptions=others_than(ask, rules) + paused)
    if until >= recurrence.FOREVER:
        block = Paragraph(ask.line("pause_open"))
    elif any(one.next_due_at for one in paused):
        block = Paragraph(ask.line("pause_until", until=local.day(until, today), first=first_moment(ask, paused)))
    else:
        block = Paragraph(ask.line("pause_until_silent", until=local.day(until, today)))
    state = replace(ask.state, person=person)
    return ask.answer(block, Choices((tap(ask, "resume", "resume"), tap(ask, "show", "reminders"))), personal=True, state=state)


def _pause_end(words: str, today: date) -> date | Impossible | None:
    """The first day with nudges again; FOREVER without words; None for words that say no day."""
    if not words or _OPEN_END.search(words):
        return recurrence.FOREVER
    if _THIS_WEEK.search(words):
        return today + timedelta(days=7 - today.weekday())
    lapses = durations(words)
    days = dates(words, today)
    if days and not (lapses and days[0].start == lapses[0].start):
        return days[0].value
    if lapses:
        return today + timedelta(days=lapses[0].value.days or 1)
    if named := days_of(weekdays(words, asked=True)):
        return today + timedelta(days=(named[0] - today.weekday()) % 7 or 7)
    return None


def resume(ask: Ask) -> Turn:
    """After a pause, a stop or a silence: every rule as it was, weekly unless the person chose slower."""
    person = ask.state.person
    if not person.subscriptions:
        return ask.answer(Paragraph(ask.line("resume_nothing")), Choices((tap(ask, "set", "subscribe"),)), personal=True)
    running = any(one.active and not is_paused(one, ask.event.at) and one.next_due_at for one in person.subscriptions)
    if running:
        rules = person.subscriptions
    else:
        back = [replace(one, active=True, paused_until=None, ignored=0, pace=_awake(one), slowed_from="") for one in person.subscriptions]
        rules = tuple(ruled(ask, one) for one in back)
    state = replace(ask.state, person=replace(person, subscriptions=rules))
    line = ask.line("resume_not_paused" if running else "resume_done", first=first_moment(ask, rules))
    return ask.answer(Paragraph(line), Choices((tap(ask, "show", "reminders"), tap(ask, "stop", "stop"))), personal=True, state=state)


def _awake(one: Subscription) -> str:
    return one.slowed_from or ("weekly" if one.pace == "silent" else one.pace)


def stop(ask: Ask) -> Turn:
    """`stop` at once; `stop monday` only that one. How to undo it is said."""
    person = ask.state.person
    rules = active(person)
    cleared = replace(person, dialog=without_ours(ask))
    if not rules:
        phrase = "stop_already" if person.subscriptions else "stop_nothing"
        return ask.answer(Paragraph(ask.line(phrase)), personal=True, state=replace(ask.state, person=cleared))
    named = days_of(weekdays(ask.words, asked=True))
    if named and not any(one.weekday in named for one in rules):
        line = ask.line("stop_none_then", days=day_names(named), kept=kept_words(ask))
        return ask.answer(Paragraph(line), Choices((tap(ask, "stop", "stop"),)), personal=True, state=replace(ask.state, person=cleared))
    chosen = {one.id for one in rules if not named or one.weekday in named} or {one.id for one in rules}
    after = tuple(replace(one, active=False, next_due_at=None) if one.id in chosen else one for one in person.subscriptions)
    person = replace(cleared, subscriptions=after)
    state = replace(ask.state, person=person)
    left = active(person)
    if left:
        kept = ask.say("nudge_kept", days=day_names(one.weekday for one in left), time=local.clock(left[0].local_time))
        stopped = day_names(one.weekday for one in rules if one.id in chosen)
        block = Paragraph(ask.line("stop_done_some", stopped=stopped, kept=kept))
    else:
        block = Paragraph(ask.line("stop_done", days=day_names(one.weekday for one in rules), time=local.clock(rules[0].local_time)))
    return ask.answer(block, Choices((tap(ask, "undo_resume", "resume"),)), personal=True, state=state)


def knows_end(_content: Content, _command: str, words: str) -> bool:
    """Whether these words after `pause` or `snooze` say until when or for how long, even where no such day can be."""
    return bool(re.match(r"(?:until|till|til|for)\b", words.strip(), re.IGNORECASE)) and len(words.split()) <= MOST_END_WORDS
