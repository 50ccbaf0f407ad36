"""What the scheduling commands share: a person's rules, and how days, places and first moments are
said.

Nothing here decides anything about a schedule.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from bot.core import local_time
from bot.core.reply import Moment, Paragraph, Tap
from bot.core.request import Request
from bot.core.state import Person, Profile, State, Subscription
from bot.core.turn import Turn
from bot.extraction.times import Zone
from bot.extraction.times.cadences import Cadence
from scheduler import civil_time, recurrence
from scheduler.civil_time import zone
from scheduler.recurrence import coming, is_paused_at, next_due

LAST_INSTANT: Final = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)


def active(person: Person) -> tuple[Subscription, ...]:
    return tuple(one for one in person.subscriptions if one.active)


def others_than(request: Request, rules: tuple[Subscription, ...]) -> tuple[Subscription, ...]:
    changed = {one.id for one in rules}
    return tuple(one for one in request.state.person.subscriptions if one.id not in changed)


def with_rule(state: State, rule: Subscription) -> State:
    rules = tuple(rule if one.id == rule.id else one for one in state.person.subscriptions)
    return replace(state, person=replace(state.person, subscriptions=rules))


def ruled(request: Request, rule: Subscription) -> Subscription:
    """The rule with its next instant.

    A nudge that was moved to a time still to come keeps it: its week counts as spent, so without
    its snooze it would be lost.
    """
    if rule.snoozed_until and rule.snoozed_until <= request.event.at:
        rule = replace(rule, snoozed_until=None, resend=0)
    return replace(
        rule,
        next_due_at=coming(
            rule, request.event.at, holidays_of=free_days(request.state.person.profile)
        ),
    )


def in_cadence(
    request: Request, before: Subscription, rule: Subscription, often: Cadence
) -> Subscription:
    """The rule as often, from and until when it was said; what was not said stays.

    An end that is over is none.
    """
    today = request.event.at.astimezone(zone(rule.zone)).date()
    if rule.ends_on and rule.ends_on < today:
        rule = replace(rule, ends_on=None, starts_on=None)
    if often.nth:
        rule = replace(rule, nth=often.nth, pace="monthly")
    elif often.pace:
        rule = replace(rule, nth=0, pace=often.pace)
    if often.starts_on:
        rule = replace(rule, starts_on=often.starts_on)
    if often.ends_on:
        rule = replace(rule, ends_on=often.ends_on)
    if often.lasts:
        first = next_due(rule, request.event.at)
        if first:
            day = first.astimezone(zone(rule.zone)).date()
        else:
            day = today
        rule = replace(rule, ends_on=day + timedelta(days=often.lasts - 1))
    return recurrence.rekey(before, rule)


def never_comes(rule: Subscription) -> bool:
    """An end before the first one."""
    return rule.ends_on is not None and rule.next_due_at is None and rule.paused_until is None


def last_day_words(request: Request, rules: Iterable[Subscription]) -> str:
    """The day of the last one, where there is an end; empty without one."""
    ends = [
        (last.astimezone(zone(one.zone)).date(), one)
        for one in rules
        if one.ends_on and (last := recurrence.latest_by(one, LAST_INSTANT))
    ]
    if not ends:
        return ""
    day, one = max(ends, key=lambda pair: pair[0])
    return local_time.day(day, request.event.at.astimezone(zone(one.zone)).date())


def slot_words(request: Request, one: Subscription) -> str:
    """'Tuesdays', or 'first Monday of the month'."""
    if not one.nth:
        return f"{local_time.DAYS[one.weekday]}s"
    return request.text(f"slot_nth_{which(one)}", day=local_time.DAYS[one.weekday])


def which(one: Subscription) -> str:
    """Which of the month's weekdays, as phrases name it."""
    if one.nth < 0:
        return "last"
    return str(one.nth)


def how_often(request: Request, one: Subscription) -> dict[str, str]:
    """'Every', 'Every second', 'The first … of the month', around the day's name."""
    every = request.text(f"every_nth_{which(one)}" if one.nth else f"every_{one.pace}")
    if one.nth:
        of_month = request.text("of_the_month")
    else:
        of_month = ""
    return {"every": every, "every_now": every.lower(), "of_month": of_month}


def profile_in(profile: Profile, place: Zone | None) -> Profile:
    if place is None or not place.zone:
        return profile
    region = place.region or (profile.region if place.zone.startswith("Australia/") else "")
    return replace(profile, zone=place.zone, zone_said=place.said, region=region)


def free_days(profile: Profile) -> str:
    if profile.skip_holidays:
        return profile.region
    return ""


def is_paused(one: Subscription, now: datetime) -> bool:
    return is_paused_at(one, now)


def first_moment(request: Request, rules: Iterable[Subscription]) -> Moment | str:
    free = free_days(request.state.person.profile)
    soon = [
        (due, one.zone)
        for one in rules
        if one.active
        and (due := one.next_due_at or recurrence.coming(one, request.event.at, holidays_of=free))
    ]
    if not soon:
        return request.text("nudge_none_due")
    return local_time.moment(*min(soon), request.event.at)


def kept_words(request: Request) -> str:
    rules = active(request.state.person)
    if not rules:
        return request.text("nudge_kept_none")
    if len({one.local_time for one in rules}) > 1:
        return request.text("nudge_kept_many")
    return request.text(
        "nudge_kept",
        days=day_names(one.weekday for one in rules),
        time=local_time.clock(rules[0].local_time),
    )


def refuse(request: Request, phrase: str, **values: object) -> Turn:
    """Nothing is changed; what was understood is kept if the questions are open."""
    line = request.spans(phrase, kept=kept_words(request), **values)
    return request.answer(Paragraph(line), personal=True, remember=False)


def schedule_words(rules: tuple[Subscription, ...]) -> str:
    return ", ".join(
        f"{local_time.DAYS[one.weekday]} {local_time.clock(one.local_time)}" for one in rules
    )


def day_names(days: Iterable[int]) -> str:
    names = [local_time.DAYS[day] for day in days]
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def days_and_time(rules: tuple[Subscription, ...]) -> dict[str, str]:
    """'Monday and Friday' at '7:00 am'; where the times differ,
    'Monday at 7:00 am and Friday' at '8:00 pm'.
    """
    *others, last = rules
    if all(one.local_time == last.local_time for one in others):
        return {
            "days": day_names(one.weekday for one in rules),
            "time": local_time.clock(last.local_time),
        }
    named = ", ".join(
        f"{local_time.DAYS[one.weekday]} at {local_time.clock(one.local_time)}" for one in others
    )
    return {
        "days": f"{named} and {local_time.DAYS[last.weekday]}",
        "time": local_time.clock(last.local_time),
    }


def typed_clock(at: time) -> str:
    """'7:30am', as people type it."""
    return local_time.clock(at).replace(" ", "")


def quiet_words(kept: str) -> str:
    start, end = civil_time.quiet_hours(kept)
    return f"{start:%H:%M}–{end:%H:%M}"


def said_zone(request: Request, zone_name: str) -> str:
    """How the person named it, if this is the zone they named; else the place's own name."""
    profile = request.state.person.profile
    if profile.zone == zone_name and profile.zone_said:
        return profile.zone_said
    return place_name(request, zone_name)


def place_name(request: Request, zone_name: str) -> str:
    named = [place.name for place in request.content.places.values() if place.zone == zone_name]
    cities = [name for name in named if not name.isupper()]
    return next(iter((*cities, *named)), local_time.city(zone_name))


def region_of(request: Request, zone_name: str) -> str:
    """The state that a zone stands for, where it stands for one: Sydney's zone is also Canberra's,
    so it says nothing certain.
    """
    regions = {
        place.region
        for place in request.content.places.values()
        if place.zone == zone_name and place.region and place.tap
    }
    if len(regions) != 1:
        return ""
    return regions.pop()


def known_zone(request: Request) -> str:
    """The person's zone as far as anybody knows, else that of the state they told of;
    '' if nobody knows.
    """
    person = request.state.person
    known = local_time.known_zone(person, request.event)
    state = person.profile.region
    of_state = (
        place.zone
        for place in request.content.places.values()
        if state and place.region == state and place.zone and place.tap
    )
    return known or next(of_state, "")


def tap(request: Request, name: str, action: str, **values: object) -> Tap:
    return Tap(request.text(f"tap_nudge_{name}", **values), action)
