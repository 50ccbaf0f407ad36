"""`reminders`: the schedule and the next three nudges; with words after it, a change of day, time, place or pace."""

import re
from dataclasses import replace
from datetime import time, timedelta
from typing import Final

from bot import local, recurrence
from bot.asking import Ask, on_one_page
from bot.reply import Block, Bullets, Choices, Heading, Paragraph, Tap, paragraph
from bot.schedule.rules import (
    active,
    day_names,
    first_moment,
    free_days,
    is_paused,
    others_than,
    profile_in,
    quiet_words,
    refuse,
    ruled,
    said_zone,
    tap,
    typed_clock,
)
from bot.schedule.subscribing import DIALOG, MOST_DAYS, ask_zone, confirm, settle, unknown_place, wished
from bot.schedule.wish import Wish, read
from bot.state import Subscription
from bot.turn import Turn
from bot.when import Zone, days_of, times, weekdays

_IT: Final = re.compile(r"\b(?:it|that|them|nudges?|reminders?)(?: (?:to|at|for))? (?P<at>\d{1,2}(?:[:.]\d\d)?)[.!]?$", re.IGNORECASE)
"""'make it 9': nothing but an hour can be meant."""
SHIFT: Final = timedelta(minutes=30)


def reminders(ask: Ask) -> Turn:
    """`reminders` shows the schedule and the next three; words after it change the schedule."""
    words = ask.words.strip() if ask.command == "reminders" else ""
    if words:
        return change(replace(ask, words=words))
    person = ask.state.person
    rules = active(person)
    if not rules:
        return no_reminders(ask)
    blocks: list[Block] = [Heading(ask.say("reminders_title"))]
    blocks.append(Bullets(tuple(ask.line("reminders_one", **_rule_words(ask, one)) for one in rules)))
    blocks.append(_next_three(ask, rules))
    blocks += _circumstances(ask, rules)
    paused = any(is_paused(one, ask.event.at) for one in rules)
    resting = tap(ask, "resume", "resume") if paused else tap(ask, "pause", "pause")
    taps = (tap(ask, "change", "reminders change"), tap(ask, "snooze", "snooze"), resting, tap(ask, "stop", "stop"))
    return ask.answer(*blocks, Choices(taps), personal=True)


def no_reminders(ask: Ask) -> Turn:
    stopped = ask.state.person.subscriptions
    if not stopped:
        taps = Choices((tap(ask, "set", "subscribe"),))
        return ask.answer(Paragraph(ask.line("reminders_none")), taps, personal=True)
    line = ask.line("reminders_stopped", **_rule_words(ask, stopped[0]) | {"days": day_names(one.weekday for one in stopped)})
    return ask.answer(Paragraph(line), Choices((tap(ask, "resume", "resume"), tap(ask, "set", "subscribe"))), personal=True)


def _rule_words(ask: Ask, one: Subscription) -> dict[str, object]:
    due = one.next_due_at or ask.event.at
    return {
        "days": f"{local.DAYS[one.weekday]}s",
        "time": local.clock(one.local_time),
        "place": said_zone(ask, one.zone),
        "offset": local.offset(due, one.zone),
    }


def _next_three(ask: Ask, rules: tuple[Subscription, ...]) -> Paragraph:
    free = free_days(ask.state.person.profile)
    soon = sorted((instant, one.zone) for one in rules for instant in recurrence.upcoming(one, ask.event.at, 3, holidays_of=free))[:3]
    if not soon:
        silent = rules[0].pace == "silent"
        why = ask.line("reminders_next_none", why=ask.say("reminders_silent")) if silent else ask.line("reminders_paused_open")
        return Paragraph(why)
    named = [local.moment(instant, zone_name, ask.event.at) for instant, zone_name in soon]
    if len(named) == 1:
        return Paragraph(ask.line("reminders_next_one", first=named[0]))
    return Paragraph(ask.line("reminders_next", first=named[0], others=" and ".join(map(str, named[1:]))))


def _circumstances(ask: Ask, rules: tuple[Subscription, ...]) -> list[Block]:
    """Pause, pace, quiet hours, holidays: each said only where it matters."""
    profile = ask.state.person.profile
    blocks: list[Block] = []
    until = rules[0].paused_until
    if until and until < recurrence.FOREVER and is_paused(rules[0], ask.event.at):
        blocks.append(Paragraph(ask.line("reminders_paused", until=local.day(until, ask.today))))
    if rules[0].pace not in ("weekly", "silent"):
        blocks.append(paragraph(ask.say("reminders_pace", pace=ask.say(f"pace_{rules[0].pace}"))))
    if profile.quiet and profile.quiet != recurrence.NO_QUIET:
        blocks.append(paragraph(ask.say("reminders_quiet", quiet=quiet_words(profile.quiet))))
    if profile.skip_holidays and profile.region:
        blocks.append(paragraph(ask.say("reminders_holidays", region=profile.region)))
    return blocks


def change(ask: Ask) -> Turn:
    """`reminders sunday 6pm`, `reminders earlier`, `reminders fortnightly`, `reminders holidays off`."""
    words = ask.words.strip().lower()
    rules = active(ask.state.person)
    if not rules:
        wish = read(ask, words)
        return wished(replace(ask, command=DIALOG), wish, words=words) if wish.days else no_reminders(ask)
    if words in ("change", "time", "edit") and (said := _IT.search(ask.sentence())) and times(said["at"], asked=True):
        return _rewritten(ask, rules, f"at {said['at']}")
    if words in ("change", "time", "edit"):
        return ask.answer(Paragraph(ask.line("reminders_change_ask")), Choices(_change_taps(ask)), personal=True, remember=False)
    if asked := re.fullmatch(r"(?P<what>day|another day|earlier|later)(?: (?P<days>[a-z ]+))?", words):
        named = days_of(weekdays(asked["days"] or "", asked=True))
        meant = tuple(one for one in rules if one.weekday in named) or rules
        if asked["what"].endswith("day"):
            return _which_day(ask, meant)
        return _shifted(ask, meant, -SHIFT if asked["what"] == "earlier" else SHIFT)
    if pace := re.search(r"\b(weekly|fortnightly|monthly)\b", words):
        return _paced(ask, rules, pace[1])
    if "holiday" in words and words.endswith("?"):
        return _holidays_now(ask)
    if "holiday" in words:
        return _holidays(ask, wanted=not re.search(r"\boff|\bno\b|\bnot\b|include|\bcome\b", words))
    return _rewritten(ask, rules, words)


def _which_day(ask: Ask, meant: tuple[Subscription, ...]) -> Turn:
    one_of_several = f"{day_names([meant[0].weekday]).lower()} to " if len(active(ask.state.person)) > len(meant) == 1 else ""
    taps = tuple(Tap(name[:3], f"reminders {one_of_several}{name.lower()}") for name in local.DAYS)
    return ask.answer(paragraph(ask.say("nudge_ask_day")), Choices(taps), personal=True, remember=False)


def _change_taps(ask: Ask) -> tuple[Tap, ...]:
    return (
        tap(ask, "earlier", "reminders earlier"),
        tap(ask, "later", "reminders later"),
        tap(ask, "other_day", "reminders day"),
        tap(ask, "fortnightly", "reminders fortnightly"),
        *on_one_page(ask, DIALOG),
    )


def _rewritten(ask: Ask, rules: tuple[Subscription, ...], words: str) -> Turn:
    """A day replaces the days, a time the times, a place the zone; 'monday to tuesday' and 'monday 8am' mean Monday's alone.
    A new day beside several others may replace them or join them: that is asked.
    """
    wish = read(ask, words)
    if wish.wrong:
        return refuse(ask, "nudge_bad_time", said=wish.wrong)
    if wish.dated and not wish.days:
        return refuse(ask, "nudge_dated", said=wish.dated)
    if wish.zone and wish.zone.several:
        return ask_zone(ask, _whole(wish, rules), several=wish.zone)
    if wish.unknown and wish.places and not wish.zone:
        return unknown_place(ask, _whole(wish, rules))
    if not (wish.days or wish.at or wish.zone):
        return refuse(ask, "nudge_not_understood")
    named = [one.value[0] for one in weekdays(words, asked=True) if len(one.value) == 1]
    mine = {one.weekday: one for one in rules}
    if len(named) == 2 and named[0] in mine and re.search(r"\bto\b|→|->|\binstead\b", words):
        return _one_changed(ask, mine[named[0]], replace(wish, days=(named[1],)))
    if len(rules) > 1 and len(wish.days) == 1 and wish.days[0] in mine:
        return _one_changed(ask, mine[wish.days[0]], wish)
    days = wish.days or tuple(one.weekday for one in rules)
    place = wish.zone or Zone(zone=rules[0].zone, said=said_zone(ask, rules[0].zone))
    if len(days) > MOST_DAYS:
        return refuse(ask, "nudge_too_many_days", count=len(days), time=typed_clock(wish.at or rules[0].local_time))
    if wish.at is None and wish.days == ():
        made = tuple(ruled(ask, replace(one, zone=place.zone)) for one in rules)
        person = replace(
            ask.state.person, subscriptions=others_than(ask, rules) + made, profile=profile_in(ask.state.person.profile, wish.zone)
        )
        return confirm(ask, person, made, changed=True, wish=wish)
    asked_first = len(rules) > 1 and 0 < len(wish.days) < len(rules) and not set(wish.days) & set(mine)
    whole = replace(_whole(wish, rules), zone=place)
    return settle(ask, replace(whole, manner="") if asked_first else whole, from_profile=False)


def _whole(wish: Wish, rules: tuple[Subscription, ...]) -> Wish:
    """The wish, completed from the schedule it is to replace."""
    days = wish.days or tuple(one.weekday for one in rules)
    return replace(wish, days=days, at=wish.at or rules[0].local_time, manner="instead")


def _one_changed(ask: Ask, old: Subscription, wish: Wish) -> Turn:
    day = wish.days[0] if wish.days else old.weekday
    changed = replace(old, weekday=day, local_time=wish.at or old.local_time, zone=wish.zone.zone if wish.zone else old.zone)
    made = ruled(ask, changed)
    kept = tuple(one for one in ask.state.person.subscriptions if one.id != old.id and not (one.active and one.weekday == day))
    person = replace(ask.state.person, subscriptions=tuple(sorted((*kept, made), key=lambda one: one.weekday)))
    return confirm(ask, person, (made,), changed=True, wish=wish)


def _shifted(ask: Ask, rules: tuple[Subscription, ...], by: timedelta) -> Turn:
    """Half an hour earlier or later, within the day."""
    moved = []
    for one in rules:
        minutes = one.local_time.hour * 60 + one.local_time.minute + int(by.total_seconds()) // 60
        minutes = min(max(minutes, 0), 23 * 60 + 59)
        moved.append(ruled(ask, replace(one, local_time=time(minutes // 60, minutes % 60))))
    person = replace(ask.state.person, subscriptions=others_than(ask, rules) + tuple(moved))
    return confirm(ask, person, tuple(moved), changed=True, wish=Wish())


def _paced(ask: Ask, rules: tuple[Subscription, ...], pace: str) -> Turn:
    changed = tuple(ruled(ask, replace(one, pace=pace, slowed_from="", ignored=0)) for one in rules)
    person = replace(ask.state.person, subscriptions=others_than(ask, rules) + changed)
    state = replace(ask.state, person=person)
    first = first_moment(ask, changed)
    line = ask.line("reminders_pace_set", pace=ask.say(f"pace_{pace}"), first=first)
    return ask.answer(Paragraph(line), Choices((tap(ask, "show", "reminders"),)), personal=True, state=state)


def _holidays_now(ask: Ask) -> Turn:
    """Whether nudges come on public holidays, and a tap for the other way."""
    profile = ask.state.person.profile
    left_out = profile.skip_holidays and profile.region
    words = ask.say("reminders_holidays_state_on" if left_out else "reminders_holidays_state_off", region=profile.region)
    other = tap(ask, "holidays_off", "reminders holidays off") if left_out else tap(ask, "holidays_on", "reminders holidays")
    return ask.answer(paragraph(words), Choices((other, tap(ask, "show", "reminders"))), personal=True)


def _holidays(ask: Ask, *, wanted: bool) -> Turn:
    person = ask.state.person
    if wanted and not person.profile.region:
        return ask.answer(Paragraph(ask.line("reminders_holidays_where")), personal=True, remember=False)
    person = replace(person, profile=replace(person.profile, skip_holidays=wanted))
    ask = replace(ask, state=replace(ask.state, person=person))
    rules = tuple(
        replace(one, next_due_at=recurrence.coming(one, ask.event.at, holidays_of=free_days(person.profile)))
        for one in person.subscriptions
    )
    state = replace(ask.state, person=replace(person, subscriptions=rules))
    phrase = "reminders_holidays_on" if wanted else "reminders_holidays_off"
    words = paragraph(ask.say(phrase, region=person.profile.region))
    return ask.answer(words, Choices((tap(ask, "show", "reminders"),)), personal=True, state=state)
