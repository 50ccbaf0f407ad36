"""From a wish to a schedule: what cannot be is refused, what is missing is asked for, one question at a time.

A schedule changes only when the whole wish was understood.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Final

from bot import local, recurrence
from bot.asking import Ask, on_one_page
from bot.events import Found, Said
from bot.recurrence import PROMISE, week_of, zone
from bot.reply import Block, Choices, Moment, Open, Paragraph, Tap, paragraph
from bot.schedule.rules import (
    active,
    day_names,
    days_and_time,
    kept_words,
    place_name,
    profile_in,
    refuse,
    region_of,
    ruled,
    said_zone,
    schedule_words,
    tap,
    typed_clock,
)
from bot.schedule.wish import Wish, from_answers, half_day, read, to_answers, to_words
from bot.state import OpenDialog, Person, State, Subscription
from bot.turn import LookUpZone, Turn
from bot.when import OFFSET, Zone

DIALOG: Final = "subscribe"
FORGOTTEN: Final = timedelta(days=1)
"""After so long a bare '7' is no answer to the question about the time any more."""
MOST_DAYS: Final = 3
MOST_PLACE_WORDS: Final = 4
OFFERED_TIMES: Final = (time(7, 30), time(12), time(18), time(20))


def answered(ask: Ask) -> Turn | None:
    """A text while the subscribe questions are open; None if it answers none of them, so that it is read as anything else."""
    dialog = open_questions(ask)
    if dialog is None:
        return None
    given = read(ask, ask.words, asked=dialog.question)
    before = from_answers(dialog.answers)
    if before.at and not before.at_settled and (half := half_day(ask.words, before.at)):
        return wished(replace(ask, command=DIALOG), replace(before, at=half, at_settled=True), words="")
    if not (given.days or given.at or given.zone or given.wrong or given.dated or (dialog.question == "zone" and given.unknown)):
        return _read_nothing(ask, dialog)
    if (
        dialog.question == "zone"
        and not given.zone
        and not given.places
        and (len(ask.words.split()) > MOST_PLACE_WORDS or _read_otherwise(ask))
    ):
        return None
    merged = replace(
        given,
        days=given.days or before.days,
        at=given.at or before.at,
        at_settled=given.at_settled if given.at else before.at_settled,
        zone=given.zone or before.zone,
        unknown=given.unknown if dialog.question == "zone" else "",
        manner=before.manner,
    )
    return wished(replace(ask, command=DIALOG), merged, words=ask.words)


def _read_nothing(ask: Ask, dialog: OpenDialog) -> Turn | None:
    """The question once more, unless the text is surely about something else, or asks something itself."""
    if _read_otherwise(ask) is not False or ask.words.rstrip().endswith("?"):
        return None
    turn = wished(replace(ask, command=DIALOG), from_answers(dialog.answers), words="")
    return _after(turn, Paragraph(ask.line(f"nudge_again_{dialog.question}")))


def _read_otherwise(ask: Ask) -> bool | None:
    """Whether the text was understood as something of its own; None where nobody read it."""
    reading = ask.event.body.reading if isinstance(ask.event.body, Said) else None
    return None if reading is None else reading.action == "answer"


def resumed(ask: Ask, turn: Turn) -> Turn:
    """The turn of something else that was asked in between, and then the open question once more."""
    dialog = open_questions(ask)
    if dialog is None or turn.state.person.dialog != ask.state.person.dialog or not turn.replies:
        return turn
    again = wished(replace(ask, command=DIALOG, words="", state=turn.state), from_answers(dialog.answers), words="")
    conversation = turn.state.conversation
    choices = {**conversation.choices, **again.state.conversation.choices}
    return replace(
        turn, state=replace(turn.state, conversation=replace(conversation, choices=choices)), replies=(*turn.replies, *again.replies)
    )


def zone_found(ask: Ask, found: Found) -> Turn:
    """The platform named the person's zone, or could not."""
    words = found.get("then")
    name = found.get("zone")
    ask = replace(ask, command=DIALOG, words=words)
    wish = read(ask, words)
    if name not in recurrence.zone_names():
        return ask_zone(ask, wish)
    hinted = Zone(zone=name, said=place_name(ask, name), region=region_of(ask, name))
    return wished(ask, replace(wish, zone=hinted), words=words, from_profile=True)


def wished(ask: Ask, wish: Wish, *, words: str, from_profile: bool = False) -> Turn:
    """Guards first: what cannot be, what is too much, what is missing. Then the schedule."""
    person = ask.state.person
    if wish.wrong:
        return refuse(ask, "nudge_bad_time", said=wish.wrong)
    if wish.dated and not wish.days:
        return refuse(ask, "nudge_dated", said=wish.dated)
    if wish.unknown.lower().endswith("day") and not wish.days and " " not in wish.unknown:
        return refuse(ask, "nudge_bad_day", said=wish.unknown)
    if wish.unknown and not wish.zone and (wish.places or wish.at or wish.days):
        return unknown_place(ask, wish)
    if wish.zone and wish.zone.several:
        return ask_zone(ask, wish, several=wish.zone)
    if words and wish.unknown and not wish.manner and not (wish.days or wish.at or wish.zone):
        return refuse(ask, "nudge_not_understood")
    if len(wish.days) > MOST_DAYS:
        return refuse(ask, "nudge_too_many_days", count=len(wish.days), time=typed_clock(wish.at or OFFERED_TIMES[0]))
    if not wish.days:
        return _ask_day(ask, wish)
    if wish.at is None:
        return _ask_time(ask, wish)
    if wish.zone is None:
        zone_name = local.known_zone(person, ask.event)
        if not zone_name and ask.event.surface.knows_zone and ask.event.body.__class__ is not Found:
            return Turn(state=ask.state, effects=(LookUpZone(then=to_words(wish)),))
        if not zone_name:
            return ask_zone(ask, wish)
        from_profile = from_profile or not (person.profile.zone or person.subscriptions)
        wish = replace(wish, zone=Zone(zone=zone_name, said=said_zone(ask, zone_name), region=region_of(ask, zone_name)))
    return settle(ask, wish, from_profile=from_profile)


def settle(ask: Ask, wish: Wish, *, from_profile: bool) -> Turn:
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
    profile = profile_in(ask.state.person.profile, wish.zone)
    person = replace(
        ask.state.person,
        subscriptions=tuple(sorted((*kept, *made), key=lambda one: one.weekday)),
        profile=profile,
        dialog=without_ours(ask),
    )
    changed = any(one.id in reused for one in standing)
    return confirm(ask, person, made, changed=changed, wish=wish, from_profile=from_profile)


def _rule(ask: Ask, wish: Wish, day: int, number: int, standing: tuple[Subscription, ...]) -> Subscription:
    """A new rule, or the standing one of that day changed; a single rule keeps its id when its day changes, and with it its week."""
    zone_name = wish.zone.zone if wish.zone else ""
    at = wish.at or OFFERED_TIMES[0]
    same = next((one for one in standing if one.weekday == day), None)
    if same is None and len(standing) == 1 and len(wish.days) == 1 and wish.manner != "also":
        same = standing[0]
    if same is None:
        same = Subscription(id=_new_id(ask, number), weekday=day, local_time=at, zone=zone_name)
    return ruled(ask, replace(same, weekday=day, local_time=at, zone=zone_name))


def _new_id(ask: Ask, number: int) -> str:
    """The same for a repeated turn of the same event, and for no other."""
    return sha256(f"{ask.event.key} {ask.event.nonce} {number}".encode()).hexdigest()[:16]


def confirm(ask: Ask, person: Person, made: tuple[Subscription, ...], *, changed: bool, wish: Wish, from_profile: bool = False) -> Turn:
    now = ask.event.at
    first = min(made, key=lambda one: one.next_due_at or datetime.max.replace(tzinfo=UTC))
    said = _in_words(replace(ask, state=replace(ask.state, person=person)), made, first)
    blocks: list[Block] = [Paragraph(ask.line("nudge_confirm_changed" if changed else "nudge_confirm", **said))]
    if first.snoozed_until and first.snoozed_until == first.next_due_at:
        blocks.append(paragraph(ask.say("nudge_moved_first")))
    elif first.sent_week and first.sent_week == week_of(now, first.zone):
        blocks.append(paragraph(ask.say("nudge_sent_this_week")))
    if first.pace != "weekly":
        blocks.append(paragraph(ask.say("nudge_slower", pace=ask.say(f"pace_{first.pace}"))))
    if from_profile:
        blocks.append(Paragraph(ask.line("nudge_zone_from_profile")))
    if wish.zone and wish.zone.note:
        blocks.append(paragraph(wish.zone.note))
    if person.nudges_to is None:
        blocks.append(paragraph(ask.say("nudge_private")))
    elif person.progress is None and not changed:
        blocks.append(paragraph(ask.say("nudge_no_plan")))
    if not changed:
        blocks.append(Paragraph(ask.line("nudge_steer")))
    taps: list[Tap | Open] = []
    if not wish.at_settled and wish.at:
        other = time((wish.at.hour + 12) % 24, wish.at.minute)
        taps.append(Tap(local.clock(other), f"reminders {other:%H:%M}"))
    alone = len(made) == len(active(person))
    which = "" if alone else f" {' '.join(local.DAYS[one.weekday][:3].lower() for one in made)}"
    taps += [
        tap(ask, "earlier", f"reminders earlier{which}"),
        tap(ask, "later", f"reminders later{which}"),
        tap(ask, "other_day", f"reminders day{which}"),
    ]
    if person.nudges_to is None and ask.event.surface.private_link:
        taps.append(Open(ask.say("tap_nudge_private"), ask.event.surface.private_link + "start"))
    elif person.progress is None:
        taps.append(tap(ask, "plan", "plan start"))
    return ask.answer(*blocks, Choices(tuple(taps)), personal=True, state=replace(ask.state, person=person))


def _in_words(ask: Ask, rules: tuple[Subscription, ...], first: Subscription) -> dict[str, object]:
    due = first.next_due_at or ask.event.at
    place = zone(first.zone)
    here = due.astimezone(place)
    return {
        **days_and_time(rules),
        "place": said_zone(ask, first.zone),
        "offset": local.offset(due, first.zone),
        "first": Moment(local.day(here.date(), ask.event.at.astimezone(place).date()), due),
        "time_from": local.short_clock(here.time()),
        "time_to": local.short_clock((due + PROMISE).astimezone(place).time()),
    }


def _also_or_instead(ask: Ask, wish: Wish, others: tuple[Subscription, ...]) -> Turn:
    wish_words = to_words(replace(wish, manner=""))
    new = f"{day_names(wish.days)} {local.clock(wish.at or OFFERED_TIMES[0])}"
    taps = [tap(ask, "instead", f"subscribe instead {wish_words}")]
    full = len(others) + len(wish.days) > MOST_DAYS
    if not full:
        taps.append(tap(ask, "also", f"subscribe also {wish_words}"))
    words = ask.say("nudge_also_full" if full else "nudge_also_or_instead", old=schedule_words(others), new=new)
    state = replace(ask.state, person=replace(ask.state.person, dialog=without_ours(ask)))
    return ask.answer(paragraph(words), Choices(tuple(taps)), personal=True, state=state)


def _ask_day(ask: Ask, wish: Wish) -> Turn:
    taps = tuple(Tap(name[:3], f"subscribe {to_words(replace(wish, days=(day,)))}") for day, name in enumerate(local.DAYS))
    return _asking(ask, "day", wish, paragraph(ask.say("nudge_ask_day")), (*taps, *on_one_page(ask, DIALOG)))


def _ask_time(ask: Ask, wish: Wish) -> Turn:
    taps = tuple(Tap(local.clock(at), f"subscribe {to_words(replace(wish, at=at))}") for at in OFFERED_TIMES)
    return _asking(ask, "time", wish, paragraph(ask.say("nudge_ask_time", days=day_names(wish.days))), taps)


def ask_zone(ask: Ask, wish: Wish, several: Zone | None = None) -> Turn:
    wish = replace(wish, zone=None)
    places = ask.content.places
    offered = [places[key] for key in several.several] if several else [place for place in places.values() if place.tap]
    taps = tuple(Tap(place.name, f"subscribe {to_words(wish)} {place.zone}".replace("  ", " ")) for place in offered)
    if several:
        return _asking(ask, "zone", wish, paragraph(ask.say("nudge_ask_which_zone", said=several.said)), taps)
    return _asking(ask, "zone", wish, paragraph(ask.say("nudge_ask_zone")), taps)


def _asking(ask: Ask, question: str, wish: Wish, block: Block, taps: tuple[Tap, ...]) -> Turn:
    """Ask one thing and keep the rest, so that a typed answer finds it again. Other open questions are not pushed aside: then the
    taps, which carry everything, are the way.
    """
    dialog = OpenDialog(dialog=DIALOG, question=question, answers=to_answers(wish), touched_at=ask.event.at)
    person = ask.state.person
    other = person.dialog is not None and person.dialog.dialog != DIALOG
    if not other:
        back = (Tap(ask.say("tap_back"), "back"),) if question != "day" else ()
        taps = (*taps, *back, Tap(ask.say("tap_cancel"), "cancel"))
    state = ask.state if other else replace(ask.state, person=replace(person, dialog=dialog))
    turn = ask.answer(block, Choices(taps), personal=True, state=state, remember=False)
    return place_asked(ask, turn) if question == "zone" else turn


def place_asked(ask: Ask, turn: Turn) -> Turn:
    """The turn, whose question a shared place would answer as well, where that can be offered and is not on the screen yet."""
    conversation = turn.state.conversation
    if not ask.event.surface.shares_location or ask.event.chat.shared or conversation.place_asked:
        return turn
    first, *others = turn.replies
    state = replace(turn.state, conversation=replace(conversation, place_asked=True))
    return replace(turn, state=state, replies=(replace(first, place="asked"), *others))


def place_settled(before: State, turn: Turn) -> Turn:
    """The turn, which takes the offer to share one's place away again, unless the question is still open."""
    conversation, dialog = turn.state.conversation, turn.state.person.dialog
    waits = dialog is not None and (dialog.dialog, dialog.question) == (DIALOG, "zone")
    if not (before.conversation.place_asked and conversation.place_asked and turn.replies) or waits:
        return turn
    first, *others = turn.replies
    state = replace(turn.state, conversation=replace(conversation, place_asked=False))
    return replace(turn, state=state, replies=(replace(first, place="settled"), *others))


def open_questions(ask: Ask) -> OpenDialog | None:
    """The subscribe questions, if they are open and not forgotten."""
    dialog = ask.state.person.dialog
    fresh = dialog is not None and dialog.dialog == DIALOG and ask.event.at - dialog.touched_at <= FORGOTTEN
    return dialog if fresh else None


def without_ours(ask: Ask) -> OpenDialog | None:
    dialog = ask.state.person.dialog
    return None if dialog is not None and dialog.dialog == DIALOG else dialog


def unknown_place(ask: Ask, wish: Wish) -> Turn:
    wish_words = to_words(wish)
    if not wish.places:
        phrase = "nudge_offset" if OFFSET.search(wish.unknown) else "nudge_bad_zone"
        return _after(ask_zone(ask, wish), paragraph(ask.say(phrase, said=wish.unknown, kept=kept_words(ask))))
    places = [ask.content.places[key] for key in wish.places]
    taps = tuple(Tap(place.name, f"subscribe {wish_words} {place.name}".replace("  ", " ")) for place in places)
    block = paragraph(ask.say("nudge_bad_zone_near", said=wish.unknown, kept=kept_words(ask)))
    return _asking(ask, "zone", replace(wish, zone=None), block, taps)


def _after(turn: Turn, *lead: Block) -> Turn:
    """The turn's reply with something said before it; as it is where the platform is asked first."""
    if not turn.replies:
        return turn
    first, *rest = turn.replies
    return replace(turn, replies=(replace(first, blocks=(*lead, *first.blocks)), *rest))
