"""Subscribing to the weekly nudge and steering it: subscribe, reminders, snooze, pause, resume, stop, quiet, timezone.

A schedule changes only when the whole wish was understood; otherwise the answer says what stays. When an occurrence falls due is
bot.recurrence's business, what a nudge says bot.nudges'.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot import local, recurrence
from bot.asking import Ask, Handler
from bot.events import Found
from bot.recurrence import PROMISE, monday_of, next_due, occurrence, week_of, zone
from bot.reply import Block, Bullets, Choices, Heading, Open, Paragraph, Tap, paragraph
from bot.state import OpenDialog, Person, Profile, State, Subscription
from bot.turn import LookUpZone, Turn
from bot.when import (
    Impossible,
    Spotted,
    Zone,
    dates,
    days_of,
    durations,
    half_named,
    nearest_places,
    times,
    weekdays,
    zones,
)

DIALOG: Final = "subscribe"
INSIDE: Final = frozenset({"back", "cancel", "start-over", "change"})
"""Commands that mean the subscribe questions while these are open; `change` may mean a reminder at any time."""
FORGOTTEN: Final = timedelta(days=1)
"""After so long a bare '7' is no answer to the question about the time any more."""
MOST_DAYS: Final = 3
OFFERED_TIMES: Final = (time(7, 30), time(12), time(18), time(20))
NUDGE_IS_FRESH: Final = timedelta(hours=72)
"""So long after a nudge 'snooze' means that one; later, the one to come."""
SHIFT: Final = timedelta(minutes=30)
_SHORT: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FILLER: Final = frozenset(
    re.findall(
        r"\S+",
        "a an the at on in to for every each and n or & @ , . weekly week please pls thx thanks me my i want would like reminder reminders"
        " remind nudge nudges notification notifications ping hit up around about from of by time subscribe set send get is it again"
        " timezone tz zone am pm as well also instead earlier later change make move now city i'm im live moved here clock be with",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a message says about a schedule; whatever it leaves open is empty."""

    days: tuple[int, ...] = ()
    at: time | None = None
    at_settled: bool = True
    """Morning or afternoon was clear."""
    zone: Zone | None = None
    wrong: str = ""
    """A time that cannot be."""
    unknown: str = ""
    """Words that stand where a place would."""
    places: tuple[str, ...] = ()
    """Places spelt much like `unknown`."""
    manner: str = ""
    """'also' or 'instead', where a schedule stands already."""


def read(ask: Ask, words: str, *, asked: str = "") -> Wish:
    """`asked`: what the bot has just asked for (day, time, zone); then barer answers count."""
    spotted_days = weekdays(words, asked=True)
    clocks = times(words, asked=asked == "time")
    where = zones(ask.content.places, words)
    wrong = next((one.value.text for one in clocks if isinstance(one.value, Impossible)), "")
    good = [(one.value, half_named(one)) for one in clocks if isinstance(one.value, time)]
    at, settled = good[-1] if good else (None, True)
    unknown = "" if where else _left_over(words, (*spotted_days, *clocks, *where))
    near = nearest_places(ask.content.places, unknown) if unknown else ()
    manner = re.match(r"(also|instead)\b", words.strip().lower())
    return Wish(
        days=days_of(spotted_days),
        at=at,
        at_settled=settled,
        zone=_named(ask, where[-1].value) if where else None,
        wrong=wrong,
        unknown=unknown,
        places=near,
        manner=manner[1] if manner else "",
    )


def _named(ask: Ask, place: Zone) -> Zone:
    """'Australia/Brisbane' is said as Brisbane, and stands for its state as Brisbane does."""
    if "/" not in place.said:
        return place
    return replace(place, said=_place_name(ask, place.zone), region=_region(ask, place.zone))


def _left_over(words: str, spotted: Iterable[Spotted[object]]) -> str:
    """The words that nothing explains."""
    text = words
    for one in spotted:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return " ".join(word for word in re.findall(r"[^\s,.;!?]+", text) if word.lower() not in _FILLER and not word.isdigit())


# --- subscribe -------------------------------------------------------------------------------------------------------


def subscribe(ask: Ask) -> Turn:
    """`subscribe tuesday 7:30am brisbane`; what is missing is asked for, each question with taps."""
    words = ask.words.strip()
    if not words and active(ask.state.person):
        return reminders(ask)
    return _wished(ask, read(ask, words), words=words)


def answered(ask: Ask) -> Turn | None:
    """A text while the subscribe questions are open; None if it answers none of them, so that it is read as anything else."""
    dialog = _open_questions(ask)
    if dialog is None:
        return None
    given = read(ask, ask.words, asked=dialog.question)
    if not (given.days or given.at or given.zone or given.wrong or (dialog.question == "zone" and given.unknown)):
        return None
    if dialog.question == "zone" and not given.zone and not given.places and len(ask.words.split()) > 4:
        return None
    before = _kept(dialog.answers)
    merged = replace(
        given,
        days=given.days or before.days,
        at=given.at or before.at,
        at_settled=given.at_settled if given.at else before.at_settled,
        zone=given.zone or before.zone,
        unknown=given.unknown if dialog.question == "zone" else "",
        manner=before.manner,
    )
    return _wished(replace(ask, command=DIALOG), merged, words=ask.words)


def inside(ask: Ask) -> Turn | None:
    """`back`, `cancel` and `start over` while the subscribe questions are open, and `change` where it means a reminder; else None."""
    asking = _open_questions(ask)
    if ask.command == "change":
        about_nudges = re.match(r"(?:my |the )?(?:reminders?|nudges?|schedule|day|time)\b(?P<rest>.*)", ask.words, re.IGNORECASE)
        return change(replace(ask, command="reminders", words=about_nudges["rest"].strip() or "change")) if about_nudges else None
    if asking is None:
        return None
    match ask.command:
        case "cancel":
            state = replace(ask.state, person=replace(ask.state.person, dialog=_without_ours(ask)))
            return ask.answer(paragraph(ask.say("nudge_cancelled", kept=_kept_words(ask))), state=state, remember=False)
        case "back" if asking.question != "day":
            before = "day" if asking.question == "time" else "time"
            kept = _kept(asking.answers)
            return _wished(replace(ask, command=DIALOG), replace(kept, at=None, days=() if before == "day" else kept.days), words="")
        case "back" | "start-over":
            return _wished(replace(ask, command=DIALOG), Wish(), words="")
        case _:
            return None


def located(ask: Ask, zone_name: str) -> Turn:
    """A shared location: the missing zone of an open subscribe, or the person's zone from now on."""
    dialog = _open_questions(ask)
    here = Zone(zone=zone_name, said=_place_name(ask, zone_name), region=_region(ask, zone_name))
    if dialog:
        wish = replace(_kept(dialog.answers), zone=here)
        return _wished(replace(ask, command=DIALOG), wish, words="")
    return _moved(replace(ask, command="timezone"), here)


def zone_found(ask: Ask, found: Found) -> Turn:
    """The platform named the person's zone, or could not."""
    words = found.get("then")
    name = found.get("zone")
    ask = replace(ask, command=DIALOG, words=words)
    wish = read(ask, words)
    if name not in recurrence.zone_names():
        return _ask_zone(ask, wish)
    hinted = Zone(zone=name, said=_place_name(ask, name), region=_region(ask, name))
    return _wished(ask, replace(wish, zone=hinted), words=words, from_profile=True)


def _wished(ask: Ask, wish: Wish, *, words: str, from_profile: bool = False) -> Turn:
    """Guards first: what cannot be, what is too much, what is missing. Then the schedule."""
    person = ask.state.person
    if wish.wrong:
        return _refuse(ask, "nudge_bad_time", said=wish.wrong)
    if wish.unknown and not wish.zone and (wish.places or wish.at or wish.days):
        return _unknown_place(ask, wish)
    if wish.zone and wish.zone.several:
        return _ask_zone(ask, wish, several=wish.zone)
    if words and not wish.manner and not (wish.days or wish.at or wish.zone):
        return _refuse(ask, "nudge_not_understood")
    if len(wish.days) > MOST_DAYS:
        at = f"{wish.at:%H:%M}" if wish.at else "7:30am"
        return _refuse(ask, "nudge_too_many_days", count=len(wish.days), time=at)
    if not wish.days:
        return _ask_day(ask, wish)
    if wish.at is None:
        return _ask_time(ask, wish)
    if wish.zone is None:
        zone_name = local.known_zone(person, ask.event)
        if not zone_name and ask.event.surface.knows_zone and ask.event.body.__class__ is not Found:
            return Turn(state=ask.state, effects=(LookUpZone(then=_words(wish)),))
        if not zone_name:
            return _ask_zone(ask, wish)
        from_profile = from_profile or not (person.profile.zone or person.subscriptions)
        wish = replace(wish, zone=Zone(zone=zone_name, said=_said_zone(ask, zone_name), region=_region(ask, zone_name)))
    return _settle(ask, wish, from_profile=from_profile)


def _settle(ask: Ask, wish: Wish, *, from_profile: bool) -> Turn:
    """The wish is whole. With other days set already the person says whether it comes instead or as well."""
    standing = active(ask.state.person)
    others = tuple(one for one in standing if one.weekday not in wish.days)
    if others and not wish.manner and len(standing) == len(others):
        return _also_or_instead(ask, wish, others)
    if wish.manner == "also" and len(others) + len(wish.days) > MOST_DAYS:
        return _also_or_instead(ask, wish, others)
    kept = () if wish.manner == "instead" else others
    made = tuple(_rule(ask, wish, day, number, standing) for number, day in enumerate(wish.days))
    reused = {one.id for one in made}
    profile = _profile_in(ask.state.person.profile, wish.zone)
    person = replace(
        ask.state.person,
        subscriptions=tuple(sorted((*kept, *made), key=lambda one: one.weekday)),
        profile=profile,
        dialog=_without_ours(ask),
    )
    changed = any(one.id in reused for one in standing)
    return _confirm(ask, person, made, changed=changed, wish=wish, from_profile=from_profile)


def _rule(ask: Ask, wish: Wish, day: int, number: int, standing: tuple[Subscription, ...]) -> Subscription:
    """A new rule, or the standing one of that day changed; a single rule keeps its id when its day changes, and with it its week."""
    zone_name = wish.zone.zone if wish.zone else ""
    at = wish.at or OFFERED_TIMES[0]
    same = next((one for one in standing if one.weekday == day), None)
    if same is None and len(standing) == 1 and len(wish.days) == 1 and wish.manner != "also":
        same = standing[0]
    if same is None:
        same = Subscription(id=f"{(ask.event.nonce or ask.event.key)[:16]}.{number}", weekday=day, local_time=at, zone=zone_name)
    return _ruled(ask, replace(same, weekday=day, local_time=at, zone=zone_name))


def _ruled(ask: Ask, rule: Subscription) -> Subscription:
    """The rule with its next instant; a snooze of the old one ends."""
    rule = replace(rule, snoozed_until=None, resend=0)
    return replace(rule, next_due_at=next_due(rule, ask.event.at, holidays_of=_free(ask.state.person.profile)))


def _confirm(ask: Ask, person: Person, made: tuple[Subscription, ...], *, changed: bool, wish: Wish, from_profile: bool = False) -> Turn:
    now = ask.event.at
    first = min(made, key=lambda one: one.next_due_at or datetime.max.replace(tzinfo=UTC))
    blocks: list[Block] = [Paragraph(ask.line("nudge_confirm_changed" if changed else "nudge_confirm", **_in_words(ask, made, first)))]
    if first.sent_week and first.sent_week == week_of(now, first.zone):
        blocks.append(paragraph(ask.say("nudge_sent_this_week")))
    if first.pace != "weekly":
        blocks.append(paragraph(ask.say("nudge_slower", pace=ask.say(f"pace_{first.pace}"))))
    if from_profile:
        blocks.append(Paragraph(ask.line("nudge_zone_from_profile")))
    if wish.zone and wish.zone.note:
        blocks.append(paragraph(wish.zone.note))
    if person.nudges_to is None:
        blocks.append(paragraph(ask.say("nudge_private")))
    elif person.progress is None:
        blocks.append(paragraph(ask.say("nudge_no_plan")))
    blocks.append(Paragraph(ask.line("nudge_steer")))
    taps: list[Tap | Open] = []
    if not wish.at_settled and wish.at:
        other = time((wish.at.hour + 12) % 24, wish.at.minute)
        taps.append(Tap(local.clock(other), f"reminders {other:%H:%M}"))
    taps += [
        _tap(ask, "earlier", "reminders earlier"),
        _tap(ask, "later", "reminders later"),
        _tap(ask, "other_day", "reminders day"),
    ]
    if person.nudges_to is None and ask.event.surface.private_link:
        taps.append(Open(ask.say("tap_nudge_private"), ask.event.surface.private_link + "start"))
    elif person.progress is None:
        taps.append(_tap(ask, "plan", "plan start"))
    return ask.answer(*blocks, Choices(tuple(taps)), personal=True, state=replace(ask.state, person=person))


def _in_words(ask: Ask, rules: tuple[Subscription, ...], first: Subscription) -> dict[str, object]:
    due = first.next_due_at or ask.event.at
    place = zone(first.zone)
    here = due.astimezone(place)
    return {
        "days": _day_names(one.weekday for one in rules),
        "time": local.clock(first.local_time),
        "place": _said_zone(ask, first.zone),
        "offset": local.offset(due, first.zone),
        "first": local.day(here.date(), ask.event.at.astimezone(place).date()),
        "time_from": local.short_clock(here.time()),
        "time_to": local.short_clock((due + PROMISE).astimezone(place).time()),
    }


def _also_or_instead(ask: Ask, wish: Wish, others: tuple[Subscription, ...]) -> Turn:
    wish_words = _words(replace(wish, manner=""))
    new = f"{_day_names(wish.days)} {local.clock(wish.at or OFFERED_TIMES[0])}"
    taps = [_tap(ask, "instead", f"subscribe instead {wish_words}")]
    full = len(others) + len(wish.days) > MOST_DAYS
    if not full:
        taps.append(_tap(ask, "also", f"subscribe also {wish_words}"))
    words = ask.say("nudge_also_full" if full else "nudge_also_or_instead", old=_schedule(others), new=new)
    state = replace(ask.state, person=replace(ask.state.person, dialog=_without_ours(ask)))
    return ask.answer(paragraph(words), Choices(tuple(taps)), personal=True, state=state)


def _ask_day(ask: Ask, wish: Wish) -> Turn:
    taps = tuple(Tap(name[:3], f"subscribe {_words(replace(wish, days=(day,)))}") for day, name in enumerate(local.DAYS))
    return _asking(ask, "day", wish, paragraph(ask.say("nudge_ask_day")), taps)


def _ask_time(ask: Ask, wish: Wish) -> Turn:
    taps = tuple(Tap(local.clock(at), f"subscribe {_words(replace(wish, at=at))}") for at in OFFERED_TIMES)
    return _asking(ask, "time", wish, paragraph(ask.say("nudge_ask_time", days=_day_names(wish.days))), taps)


def _ask_zone(ask: Ask, wish: Wish, several: Zone | None = None) -> Turn:
    wish = replace(wish, zone=None)
    places = ask.content.places
    offered = [places[key] for key in several.several] if several else [place for place in places.values() if place.tap]
    taps = tuple(Tap(place.name, f"subscribe {_words(wish)} {place.zone}".replace("  ", " ")) for place in offered)
    if several:
        return _asking(ask, "zone", wish, paragraph(ask.say("nudge_ask_which_zone", said=several.said)), taps)
    phrase = "nudge_ask_zone_or_place" if ask.event.surface.shares_location else "nudge_ask_zone"
    return _asking(ask, "zone", wish, paragraph(ask.say(phrase)), taps)


def _asking(ask: Ask, question: str, wish: Wish, block: Block, taps: tuple[Tap, ...]) -> Turn:
    """Ask one thing and keep the rest, so that a typed answer finds it again. Other open questions are not pushed aside: then the
    taps, which carry everything, are the way.
    """
    dialog = OpenDialog(dialog=DIALOG, question=question, answers=_answers(wish), touched_at=ask.event.at)
    person = ask.state.person
    other = person.dialog is not None and person.dialog.dialog != DIALOG
    state = ask.state if other else replace(ask.state, person=replace(person, dialog=dialog))
    return ask.answer(block, Choices(taps), personal=True, state=state, remember=False)


def _open_questions(ask: Ask) -> OpenDialog | None:
    """The subscribe questions, if they are open and not forgotten."""
    dialog = ask.state.person.dialog
    fresh = dialog is not None and dialog.dialog == DIALOG and ask.event.at - dialog.touched_at <= FORGOTTEN
    return dialog if fresh else None


def _without_ours(ask: Ask) -> OpenDialog | None:
    dialog = ask.state.person.dialog
    return None if dialog is not None and dialog.dialog == DIALOG else dialog


def _answers(wish: Wish) -> Mapping[str, str]:
    given = {
        "days": ",".join(map(str, wish.days)),
        "time": f"{wish.at:%H:%M}" if wish.at else "",
        "settled": "" if wish.at_settled else "no",
        "zone": wish.zone.zone if wish.zone else "",
        "zone_said": wish.zone.said if wish.zone else "",
        "manner": wish.manner,
    }
    return {key: value for key, value in given.items() if value}


def _kept(answers: Mapping[str, str]) -> Wish:
    zone_name = answers.get("zone", "")
    return Wish(
        days=tuple(int(day) for day in answers.get("days", "").split(",") if day),
        at=time.fromisoformat(answers["time"]) if "time" in answers else None,
        at_settled="settled" not in answers,
        zone=Zone(zone=zone_name, said=answers.get("zone_said", "")) if zone_name else None,
        manner=answers.get("manner", ""),
    )


def _words(wish: Wish) -> str:
    """The wish as words that `read` reads back: what taps carry."""
    days = " ".join(_SHORT[day] for day in wish.days)
    at = f"{wish.at:%H:%M}" if wish.at else ""
    return " ".join(part for part in (wish.manner, days, at, wish.zone.zone if wish.zone else "") if part)


def _refuse(ask: Ask, phrase: str, **values: object) -> Turn:
    """Nothing is changed; what was understood is kept if the questions are open."""
    line = ask.line(phrase, kept=_kept_words(ask), **values)
    return ask.answer(Paragraph(line), personal=True, remember=False)


def _unknown_place(ask: Ask, wish: Wish) -> Turn:
    wish_words = _words(wish)
    if not wish.places:
        turn = _ask_zone(ask, wish)
        block = paragraph(ask.say("nudge_bad_zone", said=wish.unknown, kept=_kept_words(ask)))
        reply = turn.replies[0]
        return replace(turn, replies=(replace(reply, blocks=(block, *reply.blocks)),))
    places = [ask.content.places[key] for key in wish.places]
    taps = tuple(Tap(place.name, f"subscribe {wish_words} {place.name}".replace("  ", " ")) for place in places)
    block = paragraph(ask.say("nudge_bad_zone_near", said=wish.unknown, kept=_kept_words(ask)))
    return _asking(ask, "zone", replace(wish, zone=None), block, taps)


# --- reminders: see and change ---------------------------------------------------------------------------------------


def reminders(ask: Ask) -> Turn:
    """`reminders` shows the schedule and the next three; words after it change the schedule."""
    words = ask.words.strip() if ask.command == "reminders" else ""
    if words:
        return change(replace(ask, words=words))
    person = ask.state.person
    rules = active(person)
    if not rules:
        return _no_reminders(ask)
    blocks: list[Block] = [Heading(ask.say("reminders_title"))]
    blocks.append(Bullets(tuple(ask.line("reminders_one", **_rule_words(ask, one)) for one in rules)))
    blocks.append(_next_three(ask, rules))
    blocks += _circumstances(ask, rules)
    paused = any(_is_paused(one, ask.event.at) for one in rules)
    resting = _tap(ask, "resume", "resume") if paused else _tap(ask, "pause", "pause")
    taps = (_tap(ask, "change", "reminders change"), _tap(ask, "snooze", "snooze"), resting, _tap(ask, "stop", "stop"))
    return ask.answer(*blocks, Choices(taps), personal=True)


def _no_reminders(ask: Ask) -> Turn:
    stopped = ask.state.person.subscriptions
    if not stopped:
        taps = Choices((_tap(ask, "set", "subscribe"),))
        return ask.answer(Paragraph(ask.line("reminders_none")), taps, personal=True)
    line = ask.line("reminders_stopped", **_rule_words(ask, stopped[0]) | {"days": _day_names(one.weekday for one in stopped)})
    return ask.answer(Paragraph(line), Choices((_tap(ask, "resume", "resume"), _tap(ask, "set", "subscribe"))), personal=True)


def _rule_words(ask: Ask, one: Subscription) -> dict[str, object]:
    due = one.next_due_at or ask.event.at
    return {
        "days": f"{local.DAYS[one.weekday]}s",
        "time": local.clock(one.local_time),
        "place": _said_zone(ask, one.zone),
        "offset": local.offset(due, one.zone),
    }


def _next_three(ask: Ask, rules: tuple[Subscription, ...]) -> Paragraph:
    free = _free(ask.state.person.profile)
    soon = sorted((instant, one.zone) for one in rules for instant in recurrence.upcoming(one, ask.event.at, 3, holidays_of=free))[:3]
    if not soon:
        silent = rules[0].pace == "silent"
        why = ask.line("reminders_next_none", why=ask.say("reminders_silent")) if silent else ask.line("reminders_paused_open")
        return Paragraph(why)
    named = [local.moment(instant, zone_name, ask.event.at) for instant, zone_name in soon]
    if len(named) == 1:
        return Paragraph(ask.line("reminders_next_one", first=named[0]))
    return Paragraph(ask.line("reminders_next", first=named[0], others=" and ".join(named[1:])))


def _circumstances(ask: Ask, rules: tuple[Subscription, ...]) -> list[Block]:
    """Pause, pace, quiet hours, holidays: each said only where it matters."""
    profile = ask.state.person.profile
    blocks: list[Block] = []
    until = rules[0].paused_until
    if until and until < recurrence.FOREVER and _is_paused(rules[0], ask.event.at):
        blocks.append(Paragraph(ask.line("reminders_paused", until=local.day(until, ask.today))))
    if rules[0].pace not in ("weekly", "silent"):
        blocks.append(paragraph(ask.say("reminders_pace", pace=ask.say(f"pace_{rules[0].pace}"))))
    if profile.quiet:
        blocks.append(paragraph(ask.say("reminders_quiet", quiet=_quiet_words(profile.quiet))))
    if profile.skip_holidays and profile.region:
        blocks.append(paragraph(ask.say("reminders_holidays", region=profile.region)))
    return blocks


def change(ask: Ask) -> Turn:
    """`reminders sunday 6pm`, `reminders earlier`, `reminders fortnightly`, `reminders holidays off`."""
    words = ask.words.strip().lower()
    rules = active(ask.state.person)
    if not rules:
        return subscribe(replace(ask, command=DIALOG)) if read(ask, words).days else _no_reminders(ask)
    if words in ("change", "time", "edit"):
        return ask.answer(Paragraph(ask.line("reminders_change_ask")), Choices(_change_taps(ask)), personal=True, remember=False)
    if words in ("day", "another day"):
        taps = tuple(Tap(name[:3], f"reminders {name.lower()}") for name in local.DAYS)
        return ask.answer(paragraph(ask.say("nudge_ask_day")), Choices(taps), personal=True, remember=False)
    if words in ("earlier", "later"):
        return _shifted(ask, rules, -SHIFT if words == "earlier" else SHIFT)
    if pace := re.search(r"\b(weekly|fortnightly|monthly)\b", words):
        return _paced(ask, rules, pace[1])
    if "holiday" in words:
        return _holidays(ask, wanted=not re.search(r"\boff|\bno\b|\bnot\b|include|\bcome\b", words))
    return _rewritten(ask, rules, words)


def _change_taps(ask: Ask) -> tuple[Tap, ...]:
    return (
        _tap(ask, "earlier", "reminders earlier"),
        _tap(ask, "later", "reminders later"),
        _tap(ask, "other_day", "reminders day"),
        _tap(ask, "fortnightly", "reminders fortnightly"),
    )


def _rewritten(ask: Ask, rules: tuple[Subscription, ...], words: str) -> Turn:
    """A day replaces the days, a time the times, a place the zone; 'monday to tuesday' and 'monday 8am' mean Monday's alone."""
    wish = read(ask, words)
    if wish.wrong:
        return _refuse(ask, "nudge_bad_time", said=wish.wrong)
    if wish.zone and wish.zone.several:
        return _ask_zone(ask, _whole(wish, rules), several=wish.zone)
    if wish.unknown and wish.places and not wish.zone:
        return _unknown_place(ask, _whole(wish, rules))
    if not (wish.days or wish.at or wish.zone):
        return _refuse(ask, "nudge_not_understood")
    named = [one.value[0] for one in weekdays(words, asked=True) if len(one.value) == 1]
    mine = {one.weekday: one for one in rules}
    if len(named) == 2 and named[0] in mine and re.search(r"\bto\b|→|->|\binstead\b", words):
        return _one_changed(ask, mine[named[0]], replace(wish, days=(named[1],)))
    if len(rules) > 1 and len(wish.days) == 1 and wish.days[0] in mine:
        return _one_changed(ask, mine[wish.days[0]], wish)
    days = wish.days or tuple(one.weekday for one in rules)
    place = wish.zone or Zone(zone=rules[0].zone, said=_said_zone(ask, rules[0].zone))
    if len(days) > MOST_DAYS:
        return _refuse(ask, "nudge_too_many_days", count=len(days), time=f"{wish.at or rules[0].local_time:%H:%M}")
    if wish.at is None and wish.days == ():
        made = tuple(_ruled(ask, replace(one, zone=place.zone)) for one in rules)
        person = replace(
            ask.state.person, subscriptions=_others(ask, rules) + made, profile=_profile_in(ask.state.person.profile, wish.zone)
        )
        return _confirm(ask, person, made, changed=True, wish=wish)
    return _settle(ask, replace(_whole(wish, rules), zone=place), from_profile=False)


def _whole(wish: Wish, rules: tuple[Subscription, ...]) -> Wish:
    """The wish, completed from the schedule it is to replace."""
    days = wish.days or tuple(one.weekday for one in rules)
    return replace(wish, days=days, at=wish.at or rules[0].local_time, manner="instead")


def _one_changed(ask: Ask, old: Subscription, wish: Wish) -> Turn:
    day = wish.days[0] if wish.days else old.weekday
    changed = replace(old, weekday=day, local_time=wish.at or old.local_time, zone=wish.zone.zone if wish.zone else old.zone)
    made = _ruled(ask, changed)
    kept = tuple(one for one in ask.state.person.subscriptions if one.id != old.id and not (one.active and one.weekday == day))
    person = replace(ask.state.person, subscriptions=tuple(sorted((*kept, made), key=lambda one: one.weekday)))
    return _confirm(ask, person, (made,), changed=True, wish=wish)


def _shifted(ask: Ask, rules: tuple[Subscription, ...], by: timedelta) -> Turn:
    """Half an hour earlier or later, within the day."""
    moved = []
    for one in rules:
        minutes = one.local_time.hour * 60 + one.local_time.minute + int(by.total_seconds()) // 60
        minutes = min(max(minutes, 0), 23 * 60 + 59)
        moved.append(_ruled(ask, replace(one, local_time=time(minutes // 60, minutes % 60))))
    person = replace(ask.state.person, subscriptions=_others(ask, rules) + tuple(moved))
    return _confirm(ask, person, tuple(moved), changed=True, wish=Wish())


def _paced(ask: Ask, rules: tuple[Subscription, ...], pace: str) -> Turn:
    changed = tuple(_ruled(ask, replace(one, pace=pace, slowed=False, ignored=0)) for one in rules)
    person = replace(ask.state.person, subscriptions=_others(ask, rules) + changed)
    state = replace(ask.state, person=person)
    first = _first_moment(ask, changed)
    line = ask.line("reminders_pace_set", pace=ask.say(f"pace_{pace}"), first=first)
    return ask.answer(Paragraph(line), Choices((_tap(ask, "show", "reminders"),)), personal=True, state=state)


def _holidays(ask: Ask, *, wanted: bool) -> Turn:
    person = ask.state.person
    if wanted and not person.profile.region:
        return ask.answer(Paragraph(ask.line("reminders_holidays_where")), personal=True, remember=False)
    person = replace(person, profile=replace(person.profile, skip_holidays=wanted))
    ask = replace(ask, state=replace(ask.state, person=person))
    rules = tuple(
        replace(one, next_due_at=recurrence.coming(one, ask.event.at, holidays_of=_free(person.profile))) for one in person.subscriptions
    )
    state = replace(ask.state, person=replace(person, subscriptions=rules))
    phrase = "reminders_holidays_on" if wanted else "reminders_holidays_off"
    words = paragraph(ask.say(phrase, region=person.profile.region))
    return ask.answer(words, Choices((_tap(ask, "show", "reminders"),)), personal=True, state=state)


# --- snooze, pause, resume, stop -------------------------------------------------------------------------------------


def snooze(ask: Ask) -> Turn:
    """`snooze 3h`, `snooze tomorrow`, `snooze 7d`, `snooze until monday`: moves one nudge, the latest if it is fresh, else the next."""
    words = ask.words.strip()
    rule, fresh = _meant(ask)
    if rule is None:
        return ask.answer(Paragraph(ask.line("snooze_nothing")), Choices((_tap(ask, "set", "subscribe"),)), personal=True)
    if not words:
        taps = (_tap(ask, "3h", "snooze 3h"), _tap(ask, "tomorrow", "snooze tomorrow"), _tap(ask, "7d", "snooze 7d"))
        return ask.answer(paragraph(ask.say("snooze_ask")), Choices(taps), personal=True, remember=False)
    now = ask.event.at
    free = _free(ask.state.person.profile)
    before = recurrence.coming(rule, now, holidays_of=free)
    until = _snoozed_until(ask, rule, words, now if fresh or before is None else before, fresh=fresh)
    if until is None:
        return _refuse(ask, "snooze_misread")
    if until <= now:
        return _refuse(ask, "snooze_past", said=words)
    civil = recurrence.civil(until, rule.zone, ask.state.person.profile.quiet)
    held = until.astimezone(zone(rule.zone)).time() != rule.local_time and civil != until
    until = civil if held else until
    changed = recurrence.snooze(rule, until, now, moving=None if fresh else before, holidays_of=free)
    state = _with_rule(ask.state, changed)
    return ask.answer(
        *_snoozed_words(ask, changed, before, fresh=fresh, held=held),
        Choices((_tap(ask, "show", "reminders"),)),
        personal=True,
        state=state,
    )


def _snoozed_words(ask: Ask, changed: Subscription, before: datetime | None, *, fresh: bool, held: bool) -> list[Block]:
    now = ask.event.at
    soon = recurrence.upcoming(changed, now, 2, holidays_of=_free(ask.state.person.profile))
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
    if at and fresh:
        today = occurrence(local_start.date(), at, rule.zone)
        return today if today > start else occurrence(local_start.date() + timedelta(days=1), at, rule.zone)
    return None


def pause(ask: Ask) -> Turn:
    """`pause`, `pause until 5 January`, `pause 2 weeks`."""
    rules = active(ask.state.person)
    if not rules:
        return ask.answer(paragraph(ask.say("pause_nothing")), Choices((_tap(ask, "set", "subscribe"),)), personal=True)
    words = ask.words.strip()
    today = ask.event.at.astimezone(zone(rules[0].zone)).date()
    until = _pause_end(words, today)
    words = re.sub(r"^(?:until|till|til|for)\s+", "", words)
    if until is None:
        return _refuse(ask, "pause_misread")
    if isinstance(until, Impossible) or until <= today:
        return _refuse(ask, "pause_past", said=until.text if isinstance(until, Impossible) else words)
    free = _free(ask.state.person.profile)
    rested = [replace(one, paused_until=until, snoozed_until=None, resend=0) for one in rules]
    paused = tuple(replace(one, next_due_at=next_due(one, ask.event.at, holidays_of=free)) for one in rested)
    person = replace(ask.state.person, subscriptions=_others(ask, rules) + paused)
    if until >= recurrence.FOREVER:
        block = Paragraph(ask.line("pause_open"))
    elif any(one.next_due_at for one in paused):
        block = Paragraph(ask.line("pause_until", until=local.day(until, today), first=_first_moment(ask, paused)))
    else:
        block = Paragraph(ask.line("pause_until_silent", until=local.day(until, today)))
    state = replace(ask.state, person=person)
    return ask.answer(block, Choices((_tap(ask, "resume", "resume"), _tap(ask, "show", "reminders"))), personal=True, state=state)


def _pause_end(words: str, today: date) -> date | Impossible | None:
    """The first day with nudges again; FOREVER without words; None for words that say no day."""
    if not words:
        return recurrence.FOREVER
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
        return ask.answer(Paragraph(ask.line("resume_nothing")), Choices((_tap(ask, "set", "subscribe"),)), personal=True)
    running = any(one.active and not _is_paused(one, ask.event.at) and one.next_due_at for one in person.subscriptions)
    if running:
        rules = person.subscriptions
    else:
        back = [replace(one, active=True, paused_until=None, ignored=0, pace=_awake(one), slowed=False) for one in person.subscriptions]
        rules = tuple(_ruled(ask, one) for one in back)
    state = replace(ask.state, person=replace(person, subscriptions=rules))
    line = ask.line("resume_not_paused" if running else "resume_done", first=_first_moment(ask, rules))
    return ask.answer(Paragraph(line), Choices((_tap(ask, "show", "reminders"), _tap(ask, "stop", "stop"))), personal=True, state=state)


def _awake(one: Subscription) -> str:
    return "weekly" if one.slowed or one.pace == "silent" else one.pace


def stop(ask: Ask) -> Turn:
    """`stop` at once; `stop monday` only that one. How to undo it is said."""
    person = ask.state.person
    rules = active(person)
    cleared = replace(person, dialog=_without_ours(ask))
    if not rules:
        phrase = "stop_already" if person.subscriptions else "stop_nothing"
        return ask.answer(Paragraph(ask.line(phrase)), personal=True, state=replace(ask.state, person=cleared))
    named = days_of(weekdays(ask.words, asked=True))
    chosen = {one.id for one in rules if not named or one.weekday in named} or {one.id for one in rules}
    after = tuple(
        replace(one, active=False, next_due_at=None, snoozed_until=None, resend=0) if one.id in chosen else one
        for one in person.subscriptions
    )
    person = replace(cleared, subscriptions=after)
    state = replace(ask.state, person=person)
    left = active(person)
    if left:
        kept = ask.say("nudge_kept", days=_day_names(one.weekday for one in left), time=local.clock(left[0].local_time))
        stopped = _day_names(one.weekday for one in rules if one.id in chosen)
        block = Paragraph(ask.line("stop_done_some", stopped=stopped, kept=kept))
    else:
        block = Paragraph(ask.line("stop_done", days=_day_names(one.weekday for one in rules), time=local.clock(rules[0].local_time)))
    return ask.answer(block, Choices((_tap(ask, "undo_resume", "resume"),)), personal=True, state=state)


# --- quiet hours and zone --------------------------------------------------------------------------------------------


def quiet(ask: Ask) -> Turn:
    """`quiet 21:00-07:00`, `quiet off`."""
    words = ask.words.strip().lower()
    person = ask.state.person
    if not words:
        return ask.answer(paragraph(ask.say("quiet_now", quiet=_quiet_words(person.profile.quiet))), personal=True)
    if words in ("off", "none", "no"):
        return _quieted(ask, "00:00-00:00", paragraph(ask.say("quiet_off")))
    ends = [one.value for one in times(re.sub(r"\s*[-–—]\s*", " to ", words)) if isinstance(one.value, time)]
    if len(ends) != 2 or ends[0] == ends[1]:
        line = ask.line("quiet_bad", quiet=_quiet_words(person.profile.quiet))
        return ask.answer(Paragraph(line), personal=True, remember=False)
    kept = f"{ends[0]:%H:%M}-{ends[1]:%H:%M}"
    blocks: list[Block] = [Paragraph(ask.line("quiet_set", quiet=_quiet_words(kept)))]
    inside = [one for one in active(person) if _inside(one.local_time, *ends)]
    if inside:
        words = ask.say("quiet_keeps", days=_day_names(one.weekday for one in inside), time=local.clock(inside[0].local_time))
        blocks.append(paragraph(words))
    return _quieted(ask, kept, *blocks)


def _quieted(ask: Ask, kept: str, *blocks: Block) -> Turn:
    person = replace(ask.state.person, profile=replace(ask.state.person.profile, quiet=kept))
    return ask.answer(*blocks, personal=True, state=replace(ask.state, person=person))


def _inside(at: time, start: time, end: time) -> bool:
    return start <= at < end if start <= end else at >= start or at < end


def _quiet_words(kept: str) -> str:
    start, end = recurrence.quiet_hours(kept)
    return f"{start:%H:%M}–{end:%H:%M}"


def timezone(ask: Ask) -> Turn:
    """`timezone perth`, `timezone Australia/Perth`; without words, which one is in force."""
    words = ask.words.strip()
    person = ask.state.person
    if not words:
        return _timezone_now(ask)
    found = zones(ask.content.places, words)
    if not found:
        unknown = _left_over(words, ()) or words
        near = nearest_places(ask.content.places, unknown)
        phrase = "nudge_bad_zone_near" if near else "nudge_bad_zone"
        taps = tuple(Tap(ask.content.places[key].name, f"timezone {ask.content.places[key].name}") for key in near) or _city_taps(ask)
        return ask.answer(paragraph(ask.say(phrase, said=unknown, kept=_kept_words(ask))), Choices(taps), personal=True, remember=False)
    place = _named(ask, found[-1].value)
    if place.several:
        taps = tuple(Tap(ask.content.places[key].name, f"timezone {ask.content.places[key].name}") for key in place.several)
        return ask.answer(paragraph(ask.say("nudge_ask_which_zone", said=place.said)), Choices(taps), personal=True, remember=False)
    if (asking := _open_questions(ask)) and asking.question == "zone":
        return _wished(replace(ask, command=DIALOG), replace(_kept(asking.answers), zone=place), words="")
    return _moved(ask, place)


def _timezone_now(ask: Ask) -> Turn:
    name = local.known_zone(ask.state.person, ask.event)
    blocks: list[Block] = []
    if name:
        blocks.append(paragraph(ask.say("timezone_now", **_clock_there(ask, name))))
    else:
        blocks.append(paragraph(ask.say("timezone_unknown")))
    return ask.answer(*blocks, paragraph(ask.say("timezone_ask")), Choices(_city_taps(ask)), personal=True)


def _clock_there(ask: Ask, name: str) -> dict[str, object]:
    there = ask.event.at.astimezone(zone(name))
    return {"place": _said_zone(ask, name), "time": local.clock(there.time()), "offset": local.offset(ask.event.at, name)}


def _moved(ask: Ask, place: Zone) -> Turn:
    """The person lives by another clock: every rule keeps its time of day there."""
    person = ask.state.person
    profile = _profile_in(person.profile, place)
    rules = tuple(
        recurrence.moved(one, place.zone, ask.event.at, profile) if one.active else replace(one, zone=place.zone)
        for one in person.subscriptions
    )
    person = replace(person, profile=profile, subscriptions=rules)
    ask = replace(ask, state=replace(ask.state, person=person))
    blocks: list[Block] = [
        Paragraph(ask.line("timezone_set", **_clock_there(ask, place.zone) | {"place": place.said or local.city(place.zone)}))
    ]
    if any(one.next_due_at for one in active(person)):
        blocks.append(Paragraph(ask.line("timezone_next", first=_first_moment(ask, active(person)))))
    if place.note:
        blocks.append(paragraph(place.note))
    tap = _tap(ask, "show", "reminders") if active(person) else _tap(ask, "set", "subscribe")
    return ask.answer(*blocks, Choices((tap,)), personal=True)


def _city_taps(ask: Ask) -> tuple[Tap, ...]:
    return tuple(Tap(place.name, f"timezone {place.name}") for place in ask.content.places.values() if place.tap)


# --- shared ----------------------------------------------------------------------------------------------------------


def active(person: Person) -> tuple[Subscription, ...]:
    return tuple(one for one in person.subscriptions if one.active)


def _others(ask: Ask, rules: tuple[Subscription, ...]) -> tuple[Subscription, ...]:
    changed = {one.id for one in rules}
    return tuple(one for one in ask.state.person.subscriptions if one.id not in changed)


def _with_rule(state: State, rule: Subscription) -> State:
    rules = tuple(rule if one.id == rule.id else one for one in state.person.subscriptions)
    return replace(state, person=replace(state.person, subscriptions=rules))


def _profile_in(profile: Profile, place: Zone | None) -> Profile:
    if place is None or not place.zone:
        return profile
    return replace(profile, zone=place.zone, zone_said=place.said, region=place.region or profile.region)


def _free(profile: Profile) -> str:
    return profile.region if profile.skip_holidays else ""


def _is_paused(one: Subscription, now: datetime) -> bool:
    return one.paused_until is not None and now.astimezone(zone(one.zone)).date() < one.paused_until


def _first_moment(ask: Ask, rules: Iterable[Subscription]) -> str:
    free = _free(ask.state.person.profile)
    soon = [
        (due, one.zone)
        for one in rules
        if one.active and (due := one.next_due_at or recurrence.coming(one, ask.event.at, holidays_of=free))
    ]
    if not soon:
        return ask.say("nudge_none_due")
    return local.moment(*min(soon), ask.event.at)


def _kept_words(ask: Ask) -> str:
    rules = active(ask.state.person)
    if not rules:
        return ask.say("nudge_kept_none")
    if len({one.local_time for one in rules}) > 1:
        return ask.say("nudge_kept_many")
    return ask.say("nudge_kept", days=_day_names(one.weekday for one in rules), time=local.clock(rules[0].local_time))


def _schedule(rules: tuple[Subscription, ...]) -> str:
    return ", ".join(f"{local.DAYS[one.weekday]} {local.clock(one.local_time)}" for one in rules)


def _day_names(days: Iterable[int]) -> str:
    names = [local.DAYS[day] for day in days]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _said_zone(ask: Ask, zone_name: str) -> str:
    """How the person named it, if this is the zone they named; else the place's own name."""
    profile = ask.state.person.profile
    return profile.zone_said if profile.zone == zone_name and profile.zone_said else _place_name(ask, zone_name)


def _place_name(ask: Ask, zone_name: str) -> str:
    named = [place.name for place in ask.content.places.values() if place.zone == zone_name]
    return named[0] if named else local.city(zone_name)


def _region(ask: Ask, zone_name: str) -> str:
    """The state that a zone stands for, where it stands for one: Sydney's zone is also Canberra's, so it says nothing certain."""
    regions = {place.region for place in ask.content.places.values() if place.zone == zone_name and place.region and place.tap}
    return regions.pop() if len(regions) == 1 else ""


def _tap(ask: Ask, name: str, action: str, **values: object) -> Tap:
    return Tap(ask.say(f"tap_nudge_{name}", **values), action)


HANDLERS: Final[dict[str, Handler]] = {
    "subscribe": subscribe,
    "unsubscribe": stop,
    "reminders": reminders,
    "snooze": snooze,
    "pause": pause,
    "resume": resume,
    "quiet": quiet,
    "timezone": timezone,
}
FOUND: Final[dict[str, Callable[[Ask, Found], Turn]]] = {"LookUpZone": zone_found}
