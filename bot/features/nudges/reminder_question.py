"""What a reminder still lacks: the question that asks for it, and what is kept meanwhile.

Nothing is set while a question is open; what was said is kept, so that a time or a city alone
completes it.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final

from bot.core import local_time
from bot.core.reply import Block, Choices, Paragraph, Tap, paragraph
from bot.core.request import Request
from bot.core.state import OpenDialog, Person
from bot.core.turn import Turn
from bot.extraction.times import Zone
from bot.features.nudges.rules import known_zone
from scheduler.civil_time import zone

DIALOG: Final = "remind"
USUAL: Final = time(9)
"""The hour of a day without one."""
FORGOTTEN: Final = timedelta(days=1)
"""After so long a bare 'friday' is no answer any more."""

Pending = Mapping[str, str]
"""What is kept of a reminder that lacks something: its `text`, the words `when` it is for, the id
of one that `moves`, and whether it is open how `often` it was meant.
"""


def pending_of(**values: str) -> Pending:
    return {key: value for key, value in values.items() if value}


def ask_when(request: Request, pending: Pending, why: str, *readings: tuple[str, str]) -> Turn:
    """Nothing is set; what was said is kept, so that a time alone completes it."""
    offered = readings or (
        (request.text("tap_remind_hour"), "in 1 hour"),
        (request.text("tap_remind_tomorrow"), "tomorrow 9am"),
        (request.text("tap_remind_week"), "next week"),
    )
    taps = tuple(Tap(label, f"remind when {words}") for label, words in offered)
    blocks = [paragraph(why)]
    if text := pending.get("text"):
        blocks.append(paragraph(request.text("remind_kept", text=text)))
    return _asking(request, "when", pending, blocks, taps)


def ask_zone(request: Request, pending: Pending, several: Zone | None) -> Turn:
    places = request.content.places
    if several:
        offered = [places[key] for key in several.several]
    else:
        offered = [place for place in places.values() if place.tap]
    taps = tuple(Tap(place.name, f"remind when {place.zone}") for place in offered)
    if several:
        why = request.text("nudge_ask_which_zone", said=several.said)
    else:
        why = request.text("remind_where", when=pending.get("when", ""))
    blocks = [paragraph(why)]
    if text := pending.get("text"):
        blocks.append(paragraph(request.text("remind_kept", text=text)))
    return _asking(request, "zone", pending, blocks, taps)


def _asking(
    request: Request,
    question: str,
    pending: Pending,
    blocks: list[Block] | list[Paragraph],
    taps: tuple[Tap, ...],
) -> Turn:
    person = request.state.person
    other = person.dialog
    if other is not None and other.dialog != DIALOG and person.parked is None:
        person = replace(person, parked=other)
        pending = {**pending, "parked": "yes"}
    elif other is not None and other.dialog == DIALOG and "parked" in other.answers:
        pending = {**pending, "parked": "yes"}
    dialog = OpenDialog(
        dialog=DIALOG, question=question, answers=pending, touched_at=request.event.at
    )
    state = replace(request.state, person=replace(person, dialog=dialog))
    cancel = Tap(request.text("tap_cancel"), "cancel")
    return request.answer(
        *blocks, Choices((*taps, cancel)), personal=True, state=state, remember=False
    )


def closed(person: Person) -> Person:
    """The person without our open question; the questionnaire that it
    pushed aside is the open one again.
    """
    dialog = person.dialog
    if dialog is None or dialog.dialog != DIALOG:
        return person
    if "parked" in dialog.answers:
        return replace(person, dialog=person.parked, parked=None)
    return replace(person, dialog=None)


def waiting(request: Request) -> OpenDialog | None:
    """Our question, if it is open and not forgotten."""
    dialog = request.state.person.dialog
    is_ours = dialog is not None and dialog.dialog == DIALOG
    if dialog is None or not is_ours or request.event.at - dialog.touched_at > FORGOTTEN:
        return None
    return dialog


def refused(request: Request, phrase: str, **values: object) -> Turn:
    line = Paragraph(request.spans(phrase, **values))
    return request.answer(line, personal=True, remember=False)


def local_now(request: Request, zone_name: str = "") -> datetime:
    """The wall clock of the person, or of where most are while nobody knows better:
    their answer is read again then.
    """
    known = zone_name or known_zone(request)
    return request.event.at.astimezone(zone(known or local_time.HOME))


def without_me(words: str) -> str:
    """The words of a reminder without the 'me' that they may begin with."""
    return re.sub(r"^(?:me|us)\b\s{0,3}", "", words, flags=re.IGNORECASE)
