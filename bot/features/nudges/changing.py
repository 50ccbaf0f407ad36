"""`reminders`: the schedule and the next three nudges; with words after it, a change of day, time,
place or pace.
"""

import re
from dataclasses import replace
from datetime import time, timedelta
from typing import Final

from bot.core import local_time
from bot.core.reply import Block, Bullets, Choices, Heading, Paragraph, Tap, paragraph
from bot.core.request import Request, on_one_page
from bot.core.state import Subscription
from bot.core.turn import Turn
from bot.extraction.times import Zone, days_of, times, weekdays
from bot.features.nudges.reminder_list import list_tap, still_to_come
from bot.features.nudges.rules import (
    active,
    day_names,
    first_moment,
    free_days,
    in_cadence,
    is_paused,
    last_day_words,
    never_comes,
    others_than,
    profile_in,
    quiet_words,
    refuse,
    ruled,
    said_zone,
    schedule_words,
    slot_words,
    tap,
    typed_clock,
)
from bot.features.nudges.schedule_request import ScheduleRequest, read
from bot.features.nudges.subscribing import (
    DIALOG,
    MOST_DAYS,
    apply,
    ask_zone,
    confirm,
    not_kept,
    settle,
    unknown_place,
)
from scheduler import civil_time, recurrence

_IT: Final = re.compile(
    r"\b(?:it|that|them|nudges?|reminders?)(?: (?:to|at|for))? (?P<at>\d{1,2}(?:[:.]\d\d)?)[.!]?$",
    re.IGNORECASE,
)
"""'make it 9': nothing but an hour can be meant."""
SHIFT: Final = timedelta(minutes=30)


def reminders(request: Request) -> Turn:
    """`reminders` shows the schedule and the next three; words after it change the schedule."""
    if request.command == "reminders":
        words = request.words.strip()
    else:
        words = ""
    if words:
        return change(replace(request, words=words))
    person = request.state.person
    rules = active(person)
    if not rules:
        return no_reminders(request)
    blocks: list[Block] = [Heading(request.text("reminders_title"))]
    blocks.append(
        Bullets(tuple(request.spans("reminders_one", **_rule_words(request, one)) for one in rules))
    )
    blocks.append(_next_three(request, rules))
    if last := last_day_words(request, rules):
        blocks.append(Paragraph(request.spans("nudge_last_one", last=last)))
    blocks += _circumstances(request, rules)
    blocks += still_to_come(request)
    paused = any(is_paused(one, request.event.at) for one in rules)
    if paused:
        resting = tap(request, "resume", "resume")
    else:
        resting = tap(request, "pause", "pause")
    taps = (
        tap(request, "change", "reminders change"),
        tap(request, "snooze", "snooze"),
        resting,
        tap(request, "stop", "stop"),
        *list_tap(request),
    )
    return request.answer(*blocks, Choices(taps), personal=True)


def no_reminders(request: Request) -> Turn:
    stopped = request.state.person.subscriptions
    if not stopped:
        taps = Choices((tap(request, "set", "subscribe"), *list_tap(request)))
        once = still_to_come(request)
        none = Paragraph(request.spans("reminders_none_weekly" if once else "reminders_none"))
        return request.answer(none, *once, taps, personal=True)
    line = request.spans(
        "reminders_stopped",
        **_rule_words(request, stopped[0]) | {"days": day_names(one.weekday for one in stopped)},
    )
    return request.answer(
        Paragraph(line),
        *still_to_come(request),
        Choices(
            (
                tap(request, "resume", "resume"),
                tap(request, "set", "subscribe"),
                *list_tap(request),
            )
        ),
        personal=True,
    )


def _rule_words(request: Request, one: Subscription) -> dict[str, object]:
    due = one.next_due_at or request.event.at
    return {
        "days": slot_words(request, one),
        "time": local_time.clock(one.local_time),
        "place": said_zone(request, one.zone),
        "offset": local_time.offset(due, one.zone),
    }


def _next_three(request: Request, rules: tuple[Subscription, ...]) -> Paragraph:
    free = free_days(request.state.person.profile)
    soon = sorted(
        (instant, one.zone)
        for one in rules
        for instant in recurrence.upcoming(one, request.event.at, 3, holidays_of=free)
    )[:3]
    if not soon:
        silent = rules[0].pace == "silent"
        if silent:
            why = request.spans("reminders_next_none", why=request.text("reminders_silent"))
        else:
            why = request.spans("reminders_paused_open")
        return Paragraph(why)
    named = [local_time.moment(instant, zone_name, request.event.at) for instant, zone_name in soon]
    if len(named) == 1:
        return Paragraph(request.spans("reminders_next_one", first=named[0]))
    return Paragraph(
        request.spans("reminders_next", first=named[0], others=" and ".join(map(str, named[1:])))
    )


def _circumstances(request: Request, rules: tuple[Subscription, ...]) -> list[Block]:
    """Pause, pace, quiet hours, holidays: each said only where it matters."""
    profile = request.state.person.profile
    blocks: list[Block] = []
    blocks += _pause(request, rules[0])
    if rules[0].pace not in ("weekly", "silent") and not rules[0].nth:
        blocks.append(
            paragraph(request.text("reminders_pace", pace=request.text(f"pace_{rules[0].pace}")))
        )
    if profile.quiet and profile.quiet != civil_time.NO_QUIET:
        blocks.append(paragraph(request.text("reminders_quiet", quiet=quiet_words(profile.quiet))))
    if profile.skip_holidays and profile.region:
        blocks.append(paragraph(request.text("reminders_holidays", region=profile.region)))
    return blocks


def _pause(request: Request, rule: Subscription) -> tuple[Block, ...]:
    """The pause that a rule is in, or that is to come."""
    until, start = rule.paused_until, rule.paused_from
    if until is None or until >= recurrence.FOREVER or until <= request.today:
        return ()
    last = local_time.day(until, request.today)
    if start is not None and start > request.today:
        begins = local_time.day(start, request.today)
        return (Paragraph(request.spans("reminders_pause_comes", start=begins, until=last)),)
    if not is_paused(rule, request.event.at):
        return ()
    return (Paragraph(request.spans("reminders_paused", until=last)),)


def change(request: Request) -> Turn:
    """`reminders sunday 6pm`, `reminders earlier`, `reminders fortnightly`,
    `reminders holidays off`.
    """
    words = request.words.strip().lower()
    rules = active(request.state.person)
    if not rules:
        wish = read(request, words)
        if wish.days:
            return apply(replace(request, command=DIALOG), wish, words=words)
        return no_reminders(request)
    if (
        words in ("change", "time", "edit")
        and (said := _IT.search(request.sentence()))
        and times(said["at"], asked=True)
    ):
        return _rewritten(request, rules, f"at {said['at']}")
    if words in ("change", "time", "edit"):
        return request.answer(
            Paragraph(request.spans("reminders_change_ask")),
            Choices(_change_taps(request)),
            personal=True,
            remember=False,
        )
    if asked := re.fullmatch(
        r"(?P<what>day|another day|earlier|later)(?: (?P<days>[a-z ]+))?", words
    ):
        named = days_of(weekdays(asked["days"] or "", asked=True))
        meant = tuple(one for one in rules if one.weekday in named) or rules
        if asked["what"].endswith("day"):
            return _which_day(request, meant)
        return _half_hour_shift(request, meant, -SHIFT if asked["what"] == "earlier" else SHIFT)
    often = read(request, words).cadence
    pace = re.search(r"\b(weekly|fortnightly|monthly)\b", words)
    if pace and not (often.nth or often.starts_on or often.ends_on or often.lasts):
        return _new_pace(request, rules, pace[1])
    if "holiday" in words and words.endswith("?"):
        return _holidays_now(request)
    if "holiday" in words:
        return _holidays(
            request, wanted=not re.search(r"\boff|\bno\b|\bnot\b|include|\bcome\b", words)
        )
    return _rewritten(request, rules, words)


def _which_day(request: Request, meant: tuple[Subscription, ...]) -> Turn:
    if len(active(request.state.person)) > len(meant) == 1:
        one_of_several = f"{day_names([meant[0].weekday]).lower()} to "
    else:
        one_of_several = ""
    taps = tuple(
        Tap(name[:3], f"reminders {one_of_several}{name.lower()}") for name in local_time.DAYS
    )
    return request.answer(
        paragraph(request.text("nudge_ask_day")), Choices(taps), personal=True, remember=False
    )


def _change_taps(request: Request) -> tuple[Tap, ...]:
    return (
        tap(request, "earlier", "reminders earlier"),
        tap(request, "later", "reminders later"),
        tap(request, "other_day", "reminders day"),
        tap(request, "fortnightly", "reminders fortnightly"),
        *on_one_page(request, DIALOG),
    )


def _same_half(wish: ScheduleRequest, before: time) -> ScheduleRequest:
    """'Make it 9' after 7 pm is 9 pm: a new hour without its half of the
    day keeps the half of the old one.
    """
    if wish.at is None or wish.at_settled:
        return wish
    half = 12 if before.hour >= _NOON else 0
    return replace(wish, at=time(wish.at.hour % 12 + half, wish.at.minute))


_NOON: Final = 12


def keeps_clock(request: Request) -> Turn | None:
    """'The clocks go back, does that muck it up': the nudge keeps its time of day.

    None without a nudge.
    """
    rules = active(request.state.person)
    if not rules:
        return None
    line = request.spans("reminders_clocks", **_rule_words(request, rules[0]))
    return request.answer(
        Paragraph(line), Choices((tap(request, "show", "reminders"),)), personal=True
    )


def _rewritten(request: Request, rules: tuple[Subscription, ...], words: str) -> Turn:
    """A day replaces the days, a time the times, a place the zone; 'monday to tuesday' and 'monday
    8am' mean Monday's alone. A new day beside several others may replace them or join them: that is
    asked.
    """
    wish = _same_half(read(request, words), rules[0].local_time)
    if refusal := _cannot_be(request, rules, wish):
        return refusal
    if one := _meant_alone(rules, wish, words):
        rule, wish = one
        return _one_changed(request, rule, wish)
    count = len(wish.days or rules)
    if count > MOST_DAYS:
        clock = typed_clock(wish.at or rules[0].local_time)
        return refuse(request, "nudge_too_many_days", count=count, time=clock)
    place = wish.zone or Zone(zone=rules[0].zone, said=said_zone(request, rules[0].zone))
    if wish.at is None and not wish.days:
        return _same_days(request, rules, wish, place)
    whole = replace(_whole(wish, rules), zone=place)
    if _may_join(rules, wish):
        whole = replace(whole, manner="")
    return settle(request, whole, from_profile=False)


def _cannot_be(
    request: Request, rules: tuple[Subscription, ...], wish: ScheduleRequest
) -> Turn | None:
    """The refusal, or the question first, of a change that cannot be made as it is."""
    if impossible := not_kept(request, wish):
        return impossible
    if wish.dated and not wish.days:
        return refuse(request, "nudge_dated", said=wish.dated)
    if wish.zone and wish.zone.several:
        return ask_zone(request, _whole(wish, rules), several=wish.zone)
    if wish.unknown and wish.places and not wish.zone:
        return unknown_place(request, _whole(wish, rules))
    if not (wish.days or wish.at or wish.zone or wish.cadence.said):
        return refuse(request, "nudge_not_understood")
    return None


def _meant_alone(
    rules: tuple[Subscription, ...], wish: ScheduleRequest, words: str
) -> tuple[Subscription, ScheduleRequest] | None:
    """The one rule that the words are about, and the wish for it; None where they mean all."""
    mine = {one.weekday: one for one in rules}
    named = [one.value[0] for one in weekdays(words, asked=True) if len(one.value) == 1]
    if len(named) == 2 and named[0] in mine and _FROM_DAY_TO_DAY.search(words):
        return mine[named[0]], replace(wish, days=(named[1],))
    if len(rules) > 1 and len(wish.days) == 1 and wish.days[0] in mine:
        return mine[wish.days[0]], wish
    return None


_FROM_DAY_TO_DAY: Final = re.compile(r"\bto\b|→|->|\binstead\b")


def _same_days(
    request: Request, rules: tuple[Subscription, ...], wish: ScheduleRequest, place: Zone
) -> Turn:
    """Another zone or pace for the days and times there are."""
    made = tuple(
        ruled(request, in_cadence(request, one, replace(one, zone=place.zone), wish.cadence))
        for one in rules
    )
    if wish.cadence.said and any(never_comes(one) for one in made):
        return refuse(request, "nudge_never")
    person = replace(
        request.state.person,
        subscriptions=others_than(request, rules) + made,
        profile=profile_in(request.state.person.profile, wish.zone),
    )
    return confirm(request, person, made, changed=True, wish=wish)


def _may_join(rules: tuple[Subscription, ...], wish: ScheduleRequest) -> bool:
    """Whether fewer new days than there are rules may come beside them as well as instead."""
    has_fewer = len(rules) > 1 and 0 < len(wish.days) < len(rules)
    return has_fewer and not {one.weekday for one in rules} & set(wish.days)


def _whole(wish: ScheduleRequest, rules: tuple[Subscription, ...]) -> ScheduleRequest:
    """The wish, completed from the schedule it is to replace."""
    days = wish.days or tuple(one.weekday for one in rules)
    return replace(wish, days=days, at=wish.at or rules[0].local_time, manner="instead")


def _one_changed(request: Request, old: Subscription, wish: ScheduleRequest) -> Turn:
    day = wish.days[0] if wish.days else old.weekday
    changed = replace(
        old,
        weekday=day,
        local_time=wish.at or old.local_time,
        zone=wish.zone.zone if wish.zone else old.zone,
    )
    made = ruled(request, changed)
    kept = tuple(
        one
        for one in request.state.person.subscriptions
        if one.id != old.id and not (one.active and one.weekday == day)
    )
    person = replace(
        request.state.person,
        subscriptions=tuple(sorted((*kept, made), key=lambda one: one.weekday)),
    )
    turn = confirm(request, person, (made,), changed=True, wish=wish)
    return _with_those_that_stay(request, turn, kept)


def _with_those_that_stay(request: Request, turn: Turn, kept: tuple[Subscription, ...]) -> Turn:
    """The turn, with the days that were not changed named in it."""
    staying = tuple(one for one in kept if one.active)
    if not staying or not turn.replies:
        return turn
    line = paragraph(request.text("nudge_stays", kept=schedule_words(staying)))
    first, *rest = turn.replies
    head, *blocks = first.blocks
    return replace(turn, replies=(replace(first, blocks=(head, line, *blocks)), *rest))


def _half_hour_shift(request: Request, rules: tuple[Subscription, ...], by: timedelta) -> Turn:
    """Half an hour earlier or later, within the day."""
    moved = []
    for one in rules:
        minutes = one.local_time.hour * 60 + one.local_time.minute + int(by.total_seconds()) // 60
        minutes = min(max(minutes, 0), 23 * 60 + 59)
        moved.append(ruled(request, replace(one, local_time=time(minutes // 60, minutes % 60))))
    person = replace(request.state.person, subscriptions=others_than(request, rules) + tuple(moved))
    return confirm(request, person, tuple(moved), changed=True, wish=ScheduleRequest())


def _new_pace(request: Request, rules: tuple[Subscription, ...], pace: str) -> Turn:
    changed = tuple(
        ruled(request, recurrence.rekey(one, replace(one, pace=pace, nth=0, ignored=0)))
        for one in rules
    )
    person = replace(request.state.person, subscriptions=others_than(request, rules) + changed)
    state = replace(request.state, person=person)
    first = first_moment(request, changed)
    line = request.spans("reminders_pace_set", pace=request.text(f"pace_{pace}"), first=first)
    return request.answer(
        Paragraph(line), Choices((tap(request, "show", "reminders"),)), personal=True, state=state
    )


def _holidays_now(request: Request) -> Turn:
    """Whether nudges come on public holidays, and a tap for the other way."""
    profile = request.state.person.profile
    left_out = profile.skip_holidays and profile.region
    words = request.text(
        "reminders_holidays_state_on" if left_out else "reminders_holidays_state_off",
        region=profile.region,
    )
    if left_out:
        other = tap(request, "holidays_off", "reminders holidays off")
    else:
        other = tap(request, "holidays_on", "reminders holidays")
    return request.answer(
        paragraph(words), Choices((other, tap(request, "show", "reminders"))), personal=True
    )


def _holidays(request: Request, *, wanted: bool) -> Turn:
    person = request.state.person
    if wanted and not person.profile.region:
        return request.answer(
            Paragraph(request.spans("reminders_holidays_where")), personal=True, remember=False
        )
    person = replace(person, profile=replace(person.profile, skip_holidays=wanted))
    request = replace(request, state=replace(request.state, person=person))
    rules = tuple(
        replace(
            one,
            next_due_at=recurrence.coming(
                one, request.event.at, holidays_of=free_days(person.profile)
            ),
        )
        for one in person.subscriptions
    )
    state = replace(request.state, person=replace(person, subscriptions=rules))
    if wanted:
        phrase = "reminders_holidays_on"
    else:
        phrase = "reminders_holidays_off"
    words = paragraph(request.text(phrase, region=person.profile.region))
    return request.answer(
        words, Choices((tap(request, "show", "reminders"),)), personal=True, state=state
    )
