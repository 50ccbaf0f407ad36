"""From a wish to a schedule: what cannot be is refused, what is missing is asked for, one question
at a time.

A schedule changes only when the whole wish was understood.
"""

import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Final

from bot.core import local_time
from bot.core.events import Found, Said
from bot.core.reply import Block, Choices, Moment, Open, Paragraph, Tap, buttons, paragraph
from bot.core.request import Request, on_one_page
from bot.core.state import OpenDialog, Person, State, Subscription
from bot.core.turn import LookUpZone, Turn
from bot.extraction.times import OFFSET, Zone, times
from bot.extraction.times.amendments import amended, amendment
from bot.features.nudges.rules import (
    LAST_INSTANT,
    active,
    day_names,
    days_and_time,
    how_often,
    in_cadence,
    kept_words,
    known_zone,
    last_day_words,
    never_comes,
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
from bot.features.nudges.schedule_request import (
    ScheduleRequest,
    from_answers,
    half_day,
    read,
    to_answers,
    to_words,
)
from scheduler import civil_time, recurrence
from scheduler.booking import PROMISE
from scheduler.civil_time import zone

DIALOG: Final = "subscribe"
FORGOTTEN: Final = timedelta(days=1)
"""After so long a bare '7' is no answer to the question about the time any more."""
PARKED: Final = 2
"""After so many turns about something else the question waits in silence."""
MOST_DAYS: Final = 3
NOON: Final = 12
MOST_PLACE_WORDS: Final = 4
OFFERED_TIMES: Final = (time(7, 30), time(12), time(18), time(20))


def answered(request: Request) -> Turn | None:
    """A text while the subscribe questions are open; None if it answers none of them,
    so that it is read as anything else.
    """
    dialog = open_questions(request)
    if dialog is None:
        return None
    before = from_answers(dialog.answers)
    given = read(request, request.words, asked=dialog.question)
    if before.at and not (given.at or given.zone or given.days) and (bare := _bare_hour(request)):
        given = replace(given, at=bare, at_settled=True)
    if before.at and not before.at_settled and (half := half_day(request.words, before.at)):
        return apply(
            replace(request, command=DIALOG), replace(before, at=half, at_settled=True), words=""
        )
    if later := _other_time(request, before):
        return apply(replace(request, command=DIALOG), later, words="")
    if not (
        given.days
        or given.at
        or given.zone
        or given.wrong
        or given.dated
        or (dialog.question == "zone" and given.unknown)
    ):
        return None
    if (
        dialog.question == "zone"
        and not given.zone
        and not given.places
        and (
            len(request.words.split()) > MOST_PLACE_WORDS
            or _read_otherwise(request)
            or _OPENS_A_QUESTION.match(request.words)
        )
    ):
        return None
    merged = replace(
        given,
        days=_days(request, given, before),
        at=given.at or before.at,
        at_settled=given.at_settled if given.at else before.at_settled,
        zone=given.zone or before.zone,
        unknown=given.unknown if dialog.question == "zone" else "",
        manner=before.manner,
        hours=given.hours or before.hours,
        cadence=given.cadence if given.cadence.said else before.cadence,
    )
    return apply(replace(request, command=DIALOG), merged, words=request.words)


_OPENS_A_QUESTION: Final = re.compile(
    r"\W{0,3}(?:what'?s?|how|why|who|when|which|is|are|does|do|can|could|define|explain)\b",
    re.IGNORECASE,
)
_BARE_HOUR: Final = re.compile(
    r"\A(?:[a-z']{1,12}[,.! ]{1,3}){0,4}(?P<hour>\d{1,2}[:.]?\d\d)(?:[ ,.]{1,3}(?:then|instead|please|pls|better))?\W{0,3}\Z",
    re.IGNORECASE,
)


def _bare_hour(request: Request) -> time | None:
    """'Hm true, 830 then', after an hour was said: that figure in the same half of the day."""
    dialog = open_questions(request)
    hit = _BARE_HOUR.match(request.words.strip())
    before = from_answers(dialog.answers).at if dialog else None
    if hit is None or before is None or len(request.words.split()) > MOST_PLACE_WORDS + 1:
        return None
    clock = next((one.value for one in times(hit["hour"], asked=True)), None)
    if not isinstance(clock, time):
        return None
    is_later = before.hour >= NOON > clock.hour
    return time(clock.hour + NOON, clock.minute) if is_later else clock


_AS_WELL: Final = re.compile(r"\b(?:as well|too|also|add|plus|and also)\b", re.IGNORECASE)


def _days(request: Request, given: ScheduleRequest, before: ScheduleRequest) -> tuple[int, ...]:
    """The days as they are now: those just said, beside the ones before where they come as well."""
    if given.days and before.days and _AS_WELL.search(request.words):
        return tuple(sorted({*given.days, *before.days}))
    return given.days or before.days


def _other_time(request: Request, before: ScheduleRequest) -> ScheduleRequest | None:
    """'Make it 8', 'no, am', while something else is asked for: the hour that was said, changed.

    Else None.
    """
    now = request.event.at.astimezone(zone(known_zone(request) or local_time.HOME))
    change = None
    if before.at:
        change = amendment(request.words, now, request.content.places)
    if change is None or before.at is None or change.zone or change.days or change.minutes:
        return None
    said = change.said
    if said is not None and (said.at is None or said.day or said.wrong):
        return None
    clock = amended(change, datetime.combine(now.date(), before.at)).time()
    return replace(before, at=clock, at_settled=True, hours=())


def hint(request: Request) -> Turn | None:
    """The open question once more, where a text meant nothing at all; None without one."""
    dialog = open_questions(request)
    if dialog is None:
        return None
    turn = apply(replace(request, command=DIALOG), from_answers(dialog.answers), words="")
    return after(turn, Paragraph(request.spans(f"nudge_again_{dialog.question}")))


def _read_otherwise(request: Request) -> bool | None:
    """Whether the text was understood as something of its own; None where nobody read it."""
    reading = None
    if isinstance(request.event.body, Said):
        reading = request.event.body.reading
    if reading is None:
        return None
    return reading.action == "answer"


def digressed(request: Request, turn: Turn) -> Turn:
    """The turn of something else: the first time with the open question in a line below it,
    then it waits in silence.
    """
    dialog = request.state.person.dialog
    if dialog is None or dialog.dialog != DIALOG or turn.state.person.dialog != dialog:
        return turn
    if not turn.replies or request.event.overheard or open_questions(request) is None:
        return turn
    counted = replace(dialog, digressions=dialog.digressions + 1)
    state = replace(turn.state, person=replace(turn.state.person, dialog=counted))
    turn = replace(turn, state=state)
    if dialog.digressions:
        return turn
    words = to_words(from_answers(dialog.answers))
    line = Paragraph(request.spans(f"nudge_open_{dialog.question}"))
    go_on = buttons([(request.text("tap_go_on"), f"subscribe {words}".strip())])
    *others, last = turn.replies
    conversation = turn.state.conversation
    choices = {**conversation.choices, **{tap.label: tap.action for tap in go_on}}
    state = replace(turn.state, conversation=replace(conversation, choices=choices))
    last = replace(last, blocks=(*last.blocks, line, Choices(go_on)))
    return replace(turn, state=state, replies=(*others, last))


def zone_found(request: Request, found: Found) -> Turn:
    """The platform named the person's zone, or could not."""
    words = found.get("then")
    name = found.get("zone")
    request = replace(request, command=DIALOG, words=words)
    wish = read(request, words)
    if name not in civil_time.zone_names():
        return ask_zone(request, wish)
    hinted = Zone(zone=name, said=place_name(request, name), region=region_of(request, name))
    return apply(request, replace(wish, zone=hinted), words=words, from_profile=True)


def apply(
    request: Request, wish: ScheduleRequest, *, words: str, from_profile: bool = False
) -> Turn:
    """Guards first: what cannot be, what is too much, what is missing. Then the schedule."""
    person = request.state.person
    if impossible := not_kept(request, wish):
        return impossible
    if wish.dated and not wish.days:
        return refuse(request, "nudge_dated", said=wish.dated)
    if wish.unknown.lower().endswith("day") and not wish.days and " " not in wish.unknown:
        return refuse(request, "nudge_bad_day", said=wish.unknown)
    if wish.unknown and not wish.zone and (wish.places or wish.at or wish.days):
        return unknown_place(request, wish)
    if wish.zone and wish.zone.several:
        return ask_zone(request, wish, several=wish.zone)
    if words and wish.unknown and not wish.manner and not (wish.days or wish.at or wish.zone):
        return refuse(request, "nudge_not_understood")
    if len(wish.days) > MOST_DAYS:
        return refuse(
            request,
            "nudge_too_many_days",
            count=len(wish.days),
            time=typed_clock(wish.at or OFFERED_TIMES[0]),
        )
    if not wish.days:
        return _ask_day(request, wish)
    if wish.at is None:
        return _ask_time(request, wish)
    if wish.zone is None:
        zone_name = known_zone(request)
        if (
            not zone_name
            and request.event.surface.knows_zone
            and request.event.body.__class__ is not Found
        ):
            return Turn(state=request.state, effects=(LookUpZone(then=to_words(wish)),))
        if not zone_name:
            return ask_zone(request, wish)
        from_profile = from_profile or not (person.profile.zone or person.subscriptions)
        wish = replace(
            wish,
            zone=Zone(
                zone=zone_name,
                said=said_zone(request, zone_name),
                region=region_of(request, zone_name),
            ),
        )
    return settle(request, wish, from_profile=from_profile)


def not_kept(request: Request, wish: ScheduleRequest) -> Turn | None:
    """The refusal of a rhythm or a time that cannot be; None where all can."""
    if wish.cadence.unsupported:
        return refuse(request, "nudge_cadence", said=wish.cadence.unsupported)
    if wish.wrong or wish.cadence.wrong:
        return refuse(request, "nudge_bad_time", said=wish.wrong or wish.cadence.wrong)
    return None


def settle(request: Request, wish: ScheduleRequest, *, from_profile: bool) -> Turn:
    """The wish is whole.

    With other days set already the person says whether it comes instead or as well.
    """
    standing = active(request.state.person)
    others = tuple(one for one in standing if one.weekday not in wish.days)
    if others and not wish.manner and len(standing) == len(others):
        return _also_or_instead(request, wish, others)
    if wish.manner == "also" and len(others) + len(wish.days) > MOST_DAYS:
        return _also_or_instead(request, wish, others)
    kept = () if wish.manner == "instead" else others
    made = tuple(
        _rule(request, wish, day, number, standing) for number, day in enumerate(wish.days)
    )
    if wish.cadence.said and any(never_comes(one) for one in made):
        return refuse(request, "nudge_never")
    reused = {one.id for one in made}
    profile = profile_in(request.state.person.profile, wish.zone)
    person = replace(
        request.state.person,
        subscriptions=tuple(sorted((*kept, *made), key=lambda one: one.weekday)),
        profile=profile,
        dialog=without_ours(request),
    )
    changed = any(one.id in reused for one in standing)
    return confirm(request, person, made, changed=changed, wish=wish, from_profile=from_profile)


def _rule(
    request: Request,
    wish: ScheduleRequest,
    day: int,
    number: int,
    standing: tuple[Subscription, ...],
) -> Subscription:
    """A new rule, or the standing one of that day changed; a single rule keeps its id when its day
    changes, and with it its week.
    """
    zone_name = wish.zone.zone if wish.zone else ""
    at = wish.time_on(day) or OFFERED_TIMES[0]
    same = next((one for one in standing if one.weekday == day), None)
    if same is None and len(standing) == 1 and len(wish.days) == 1 and wish.manner != "also":
        same = standing[0]
    if same is None:
        same = Subscription(id=_new_id(request, number), weekday=day, local_time=at, zone=zone_name)
    rule = replace(same, weekday=day, local_time=at, zone=zone_name)
    return ruled(request, in_cadence(request, same, rule, wish.cadence))


def _new_id(request: Request, number: int) -> str:
    """The same for a repeated turn of the same event, and for no other."""
    return sha256(f"{request.event.key} {request.event.nonce} {number}".encode()).hexdigest()[:16]


def confirm(
    request: Request,
    person: Person,
    made: tuple[Subscription, ...],
    *,
    changed: bool,
    wish: ScheduleRequest,
    from_profile: bool = False,
) -> Turn:
    now = request.event.at
    first = min(made, key=lambda one: one.next_due_at or LAST_INSTANT)
    said = _in_words(replace(request, state=replace(request.state, person=person)), made, first)
    blocks: list[Block] = [
        Paragraph(request.spans("nudge_confirm_changed" if changed else "nudge_confirm", **said))
    ]
    if first.snoozed_until and first.snoozed_until == first.next_due_at:
        blocks.append(paragraph(request.text("nudge_moved_first")))
    elif first.sent_week and first.sent_week == recurrence.period_of(first, now):
        if first.nth:
            phrase = "nudge_sent_this_month"
        else:
            phrase = "nudge_sent_this_week"
        blocks.append(paragraph(request.text(phrase)))
    if last := last_day_words(request, made):
        blocks.append(Paragraph(request.spans("nudge_last_one", last=last)))
    if first.pace not in ("weekly", "fortnightly") and not first.nth:
        blocks.append(
            paragraph(request.text("nudge_slower", pace=request.text(f"pace_{first.pace}")))
        )
    if from_profile:
        blocks.append(Paragraph(request.spans("nudge_zone_from_profile")))
    if wish.zone and wish.zone.note:
        blocks.append(paragraph(wish.zone.note))
    if person.nudges_to is None:
        blocks.append(paragraph(request.text("nudge_private")))
    elif person.progress is None and not changed:
        blocks.append(paragraph(request.text("nudge_no_plan")))
    if not changed:
        blocks.append(Paragraph(request.spans("nudge_steer")))
    taps = _confirm_taps(request, person, made, wish)
    return request.answer(
        *blocks, Choices(taps), personal=True, state=replace(request.state, person=person)
    )


def _confirm_taps(
    request: Request, person: Person, made: tuple[Subscription, ...], wish: ScheduleRequest
) -> tuple[Tap | Open, ...]:
    """What to change of what was just set; then the way to a private chat, or to a plan."""
    taps: list[Tap | Open] = []
    if not wish.at_settled and wish.at:
        other = time((wish.at.hour + 12) % 24, wish.at.minute)
        taps.append(Tap(local_time.clock(other), f"reminders {other:%H:%M}"))
    which = ""
    if len(made) != len(active(person)):
        which = f" {' '.join(local_time.DAYS[one.weekday][:3].lower() for one in made)}"
    taps += [
        tap(request, "earlier", f"reminders earlier{which}"),
        tap(request, "later", f"reminders later{which}"),
        tap(request, "other_day", f"reminders day{which}"),
    ]
    if person.nudges_to is None and request.event.surface.private_link:
        taps.append(
            Open(request.text("tap_nudge_private"), request.event.surface.private_link + "start")
        )
    elif person.progress is None:
        taps.append(tap(request, "plan", "plan start"))
    return tuple(taps)


def _in_words(
    request: Request, rules: tuple[Subscription, ...], first: Subscription
) -> dict[str, object]:
    due = first.next_due_at or request.event.at
    place = zone(first.zone)
    here = due.astimezone(place)
    return {
        **days_and_time(rules),
        **how_often(request, first),
        "place": said_zone(request, first.zone),
        "offset": local_time.offset(due, first.zone),
        "first": Moment(
            local_time.day(here.date(), request.event.at.astimezone(place).date()), due
        ),
        "time_from": local_time.short_clock(here.time()),
        "time_to": local_time.short_clock((due + PROMISE).astimezone(place).time()),
    }


def _also_or_instead(
    request: Request, wish: ScheduleRequest, others: tuple[Subscription, ...]
) -> Turn:
    is_known = wish.zone is not None and wish.zone.zone == others[0].zone
    wish_words = to_words(replace(wish, manner="", zone=None if is_known else wish.zone))
    new = f"{day_names(wish.days)} {local_time.clock(wish.at or OFFERED_TIMES[0])}"
    offered = [(request.text("tap_nudge_instead"), f"subscribe instead {wish_words}")]
    full = len(others) + len(wish.days) > MOST_DAYS
    if not full:
        offered.append((request.text("tap_nudge_also"), f"subscribe also {wish_words}"))
    taps = buttons(offered)
    words = request.text(
        "nudge_also_full" if full else "nudge_also_or_instead", old=schedule_words(others), new=new
    )
    state = replace(
        request.state, person=replace(request.state.person, dialog=without_ours(request))
    )
    return request.answer(paragraph(words), Choices(tuple(taps)), personal=True, state=state)


def _ask_day(request: Request, wish: ScheduleRequest) -> Turn:
    taps = buttons(
        (name[:3], f"subscribe {to_words(replace(wish, days=(day,)))}")
        for day, name in enumerate(local_time.DAYS)
    )
    return _asking(
        request,
        "day",
        wish,
        paragraph(request.text("nudge_ask_day")),
        (*taps, *on_one_page(request, DIALOG)),
    )


def _ask_time(request: Request, wish: ScheduleRequest) -> Turn:
    taps = buttons(
        (local_time.clock(at), f"subscribe {to_words(replace(wish, at=at))}")
        for at in OFFERED_TIMES
    )
    return _asking(
        request,
        "time",
        wish,
        paragraph(request.text("nudge_ask_time", days=day_names(wish.days))),
        taps,
    )


def ask_zone(request: Request, wish: ScheduleRequest, several: Zone | None = None) -> Turn:
    wish = replace(wish, zone=None)
    places = request.content.places
    if several:
        offered = [places[key] for key in several.several]
    else:
        offered = [place for place in places.values() if place.tap]
    taps = buttons(
        (place.name, f"subscribe {to_words(wish)} {place.zone}".replace("  ", " "))
        for place in offered
    )
    if several:
        return _asking(
            request,
            "zone",
            wish,
            paragraph(request.text("nudge_ask_which_zone", said=several.said)),
            taps,
        )
    asking = _asking(request, "zone", wish, paragraph(request.text("nudge_ask_zone")), taps)
    return after(asking, *_so_far(request, wish))


def _so_far(request: Request, wish: ScheduleRequest) -> tuple[Paragraph, ...]:
    """The days and times as they were understood, while the city is missing."""
    clocks = [(day, at) for day in wish.days if (at := wish.time_on(day))]
    if not clocks or wish.cadence.said:
        return ()
    said = ", ".join(f"{local_time.DAYS[day]} {local_time.clock(at)}" for day, at in clocks)
    return (Paragraph(request.spans("nudge_so_far", schedule=said)),)


def _asking(
    request: Request, question: str, wish: ScheduleRequest, block: Block, taps: tuple[Tap, ...]
) -> Turn:
    """Ask one thing and keep the rest, so that a typed answer finds it again.

    Other open questions are not pushed aside: then the taps, which carry everything, are the way.
    """
    dialog = OpenDialog(
        dialog=DIALOG, question=question, answers=to_answers(wish), touched_at=request.event.at
    )
    person = request.state.person
    other = person.dialog is not None and person.dialog.dialog != DIALOG
    if not other:
        back: tuple[Tap, ...] = ()
        if question != "day":
            back = (Tap(request.text("tap_back"), "back"),)
        taps = (*taps, *back, Tap(request.text("tap_cancel"), "cancel"))
    if other:
        state = request.state
    else:
        state = replace(request.state, person=replace(person, dialog=dialog))
    turn = request.answer(block, Choices(taps), personal=True, state=state, remember=False)
    if question == "zone":
        return place_asked(request, turn)
    return turn


def place_asked(request: Request, turn: Turn) -> Turn:
    """The turn, whose question a shared place would answer as well, where that can be offered and
    is not on the screen yet.
    """
    conversation = turn.state.conversation
    if (
        not request.event.surface.shares_location
        or request.event.chat.shared
        or conversation.place_asked
    ):
        return turn
    first, *others = turn.replies
    state = replace(turn.state, conversation=replace(conversation, place_asked=True))
    return replace(turn, state=state, replies=(replace(first, place="asked"), *others))


def place_settled(before: State, turn: Turn) -> Turn:
    """The turn, which takes the offer to share one's place away again,
    unless the question is still open.
    """
    conversation, dialog = turn.state.conversation, turn.state.person.dialog
    waits = dialog is not None and (dialog.dialog, dialog.question) == (DIALOG, "zone")
    if not (before.conversation.place_asked and conversation.place_asked and turn.replies) or waits:
        return turn
    first, *others = turn.replies
    state = replace(turn.state, conversation=replace(conversation, place_asked=False))
    return replace(turn, state=state, replies=(replace(first, place="settled"), *others))


def open_questions(request: Request) -> OpenDialog | None:
    """The subscribe questions, if they are open and not forgotten."""
    dialog = request.state.person.dialog
    fresh = (
        dialog is not None
        and dialog.dialog == DIALOG
        and request.event.at - dialog.touched_at <= FORGOTTEN
        and dialog.digressions < PARKED
    )
    return dialog if fresh else None


def without_ours(request: Request) -> OpenDialog | None:
    dialog = request.state.person.dialog
    if dialog is not None and dialog.dialog == DIALOG:
        return None
    return dialog


def unknown_place(request: Request, wish: ScheduleRequest) -> Turn:
    wish_words = to_words(wish)
    if not wish.places:
        if OFFSET.search(wish.unknown):
            phrase = "nudge_offset"
        else:
            phrase = "nudge_bad_zone"
        return after(
            ask_zone(request, wish),
            paragraph(request.text(phrase, said=wish.unknown, kept=kept_words(request))),
        )
    places = [request.content.places[key] for key in wish.places]
    taps = buttons(
        (place.name, f"subscribe {wish_words} {place.name}".replace("  ", " ")) for place in places
    )
    block = paragraph(
        request.text("nudge_bad_zone_near", said=wish.unknown, kept=kept_words(request))
    )
    return _asking(request, "zone", replace(wish, zone=None), block, taps)


def after(turn: Turn, *lead: Block) -> Turn:
    """The turn's reply with something said before it;
    as it is where the platform is asked first.
    """
    if not turn.replies:
        return turn
    first, *rest = turn.replies
    return replace(turn, replies=(replace(first, blocks=(*lead, *first.blocks)), *rest))
