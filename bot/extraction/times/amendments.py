"""What changes a time that was said before: 'make that 6.30', 'and sydney time', 'no, am', 'an hour
later', 'the day after'.

A text changes a time only where time words and the small words of changing explain every word of
it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

from bot.extraction.numbers import value_of
from bot.extraction.times.once import PARTS_OF_DAY, Once, once
from bot.extraction.times.zones import Zone, zones
from content.places import Place

LONGEST: Final = 120
"""Nobody changes a time in more characters."""
NOON: Final = 12
EARLIEST: Final = 6
"""Nobody means an hour before this without saying so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What is said to be other than before; whatever stays is empty."""

    said: Once | None = None
    """A day, an hour, or a stretch from now."""
    zone: Zone | None = None
    days: int = 0
    minutes: int = 0
    """So much later; less than nothing is earlier."""
    half: str = ""
    """'am' or 'pm', and nothing else of the hour."""


_LEADS: Final = re.compile(
    r"^(?:(?:no|nah|na|nope|not|oh|ok|okay|k|actually|sorry|soz|oops|whoops|wait|hang on"
    r"|hold on|hm+|um+|uh|and|but|so|n|yes|yeah|yep|yea|rather|better|then|scratch that"
    r"|how about|what about|lets say|let's say|say|i meant?|meant|i said|please|pls|just|also"
    r"|more like|should be|it should be|needs to be|on second thou?ghts?|my bad|my mistake"
    r"|thanks|ta|cheers|great|mate"
    r"|(?:can|could|would|will) (?:you|u|we)|i'?d (?:rather|prefer)|i want|want|lets|let's|do"
    r"|(?:make|change|move|shift|switch|set|put|push|bump|bring|do|have|reschedule|delay"
    r"|postpone|send)(?: (?:it|that|this|them|the (?:reminder|time|day|date|alarm)"
    r"|that (?:one|reminder)|my reminder|the reminder))?(?: back| forward| out| off| over)?"
    r"|it(?:'s|s)?|that|this|the reminder|that reminder|for|to|till|until|til)\b[, .:]{0,4}){1,14}",
    re.IGNORECASE,
)
_TRAILS: Final = re.compile(
    r"(?:(?<!\s)\s{0,3}[,.]?\s{0,3}\b(?:instead|then|by then|please|pls|plz|thanks|ta|thx"
    r"|cheers|sorry|mate|actually|rather|again|not (?:[ap]m|\d{1,2}(?:[.:]\d\d)?(?: ?[ap]m)?"
    r"|today|tomorrow|morning|evening|night)|if (?:you|u) can)\b[.!]{0,3}){1,8}$",
    re.IGNORECASE,
)
_BESIDE: Final = re.compile(
    r"\b(?:i'?m|i am|i'?ll be|i will be|we'?re|we are)\s{1,3}(?=in\b)|\bby then\b"
    r"|\bso\b(?=\s)|\b(?:n|and)\b(?=\s{1,3}(?:i'?m|i am|i'?ll be|so|in|make)\b)",
    re.IGNORECASE,
)
_SHIFT: Final = re.compile(
    r"(?:(?:by )?(?P<half>half an? hour)|(?:by )?(?P<n>\d{1,3}|an?|one|two|three|four|five"
    r"|six|ten|fifteen|twenty|thirty|forty|a couple of|a few)[ -]?"
    r"(?P<unit>minutes?|mins?|hours?|hrs?|h|days?|weeks?|fortnights?))\s{0,3}(?P<way>later"
    r"|after(?: that)?|further on|on|earlier|sooner|before(?: that)?)?",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(
    r"(?:the )?(?P<unit>day|week) (?P<way>after(?: that)?|before(?: that)?)|the (?:next"
    r"|following) (?P<unit2>day|week)|(?P<way2>later|earlier|sooner)(?: (?:that day"
    r"|in the day))?",
    re.IGNORECASE,
)
_LATER: Final = re.compile(r"\b(?:back|out|off|delay|postpone|push|later)\b", re.IGNORECASE)
_EARLIER: Final = re.compile(r"\b(?:forward|earlier|sooner|before)\b", re.IGNORECASE)
_HALVES: Final = re.compile(
    r"(?:in )?(?:the )?(?P<half>a\.?m\.?|morning|p\.?m\.?|afternoon|arvo|evening|night)",
    re.IGNORECASE,
)
_CLOCK: Final = re.compile(r"(?<![\d:.])(?P<h>\d{1,2})[.:](?P<m>\d\d)(?![\d:.])")
_BARE_HOUR: Final = re.compile(
    r"^(?:at |to |for |around )?(?P<h>\d{1,2})(?=$|[, ](?!(?:jan|feb|mar|apr|may|jun|jul|aug"
    r"|sep|oct|nov|dec|min|hour|hr|day|week|am\b|pm\b|o'?clock)))",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"(?<!the )\b(?P<d>\d{1,2}(?:st|nd|rd|th))\b(?! (?:of )?[a-z])", re.IGNORECASE
)
_ABOUT_PLACE: Final = frozenset(
    "in at on and the time clock timezone zone tz local my from for to now".split()
)
_MINUTES: Final = {"m": 1, "h": 60}
_DAYS: Final = {"d": 1, "w": 7, "f": 14}


def amendment(text: str, now: datetime, places: Mapping[str, Place]) -> Amendment | None:
    """What the text changes of a time; None where it says anything else.

    `now` is the local time of whoever speaks.
    """
    text = text.strip().rstrip(".!")
    if not text or len(text) > LONGEST or "?" in text.rstrip("?"):
        return None
    bare = re.sub(r"\s{1,9}", " ", _BESIDE.sub(" ", text.rstrip("?"))).strip(" ,")
    lead = hit[0] if (hit := _LEADS.match(bare)) else ""
    rest = _TRAILS.sub("", bare[len(lead) :]).strip(" ,")
    if not rest:
        return None
    for read in (
        _shift(lead, rest),
        _half(rest),
        _another_place(rest, places),
        _another_time(rest, now, places),
    ):
        if read is not None:
            return read
    return None


def _shift(lead: str, rest: str) -> Amendment | None:
    hit = _NEXT.fullmatch(rest)
    if hit and (lead or not hit["way2"]):
        way = hit["way"] or hit["way2"] or "after"
        sign = -1 if _EARLIER.search(way) else 1
        unit = hit["unit"] or hit["unit2"]
        if unit:
            return Amendment(days=sign * _DAYS[unit[0].lower()])
        return Amendment(minutes=sign * 60)
    hit = _SHIFT.fullmatch(rest)
    if hit is None:
        return None
    way = f"{lead} {hit['way'] or ''}"
    if not (hit["way"] or _LATER.search(lead) or _EARLIER.search(lead)):
        return None
    if _EARLIER.search(hit["way"] or lead):
        sign = -1
    else:
        sign = 1
    if not hit["way"] and _LATER.search(way):
        sign = 1 if not _EARLIER.search(lead) else -1
    if hit["half"]:
        return Amendment(minutes=sign * 30)
    count, unit = value_of(hit["n"].lower()), hit["unit"][0].lower()
    if unit in _MINUTES:
        return Amendment(minutes=sign * round(count * _MINUTES[unit]))
    return Amendment(days=sign * round(count * _DAYS[unit]))


def _half(rest: str) -> Amendment | None:
    hit = _HALVES.fullmatch(rest)
    if hit is None:
        return None
    is_early = hit["half"].lower().startswith(("a.m", "am", "morning"))
    return Amendment(half="am" if is_early else "pm")


def _another_place(rest: str, places: Mapping[str, Place]) -> Amendment | None:
    found = zones(places, rest)
    if not found:
        return None
    for one in reversed(found):
        rest = rest[: one.start] + rest[one.end :]
    words = re.findall(r"[^\s,.]+", rest.lower())
    if set(words) <= _ABOUT_PLACE:
        return Amendment(zone=found[-1].value)
    return None


def _another_time(rest: str, now: datetime, places: Mapping[str, Place]) -> Amendment | None:
    """A day, an hour, both, with or without a place; a bare '6.30' or '9' is an hour here."""
    text = _NUMBERED.sub(r"the \g<d>", rest)
    text = _CLOCK.sub(r"\g<h>:\g<m>", text)
    text = _BARE_HOUR.sub(r"at \g<h>", text)
    said = once(re.sub(r"\s{0,3},\s{0,3}", " ", text), now, places)
    if said is None or said.what or said.doubt or not (said.found or said.wrong):
        return None
    if said.at is None and (part := _part(rest)) and said.day:
        said = replace(said, at=PARTS_OF_DAY[part])
    return Amendment(said=said, zone=said.zone)


def _part(rest: str) -> str:
    found = re.search(rf"\b({'|'.join(PARTS_OF_DAY)})\b", rest, re.IGNORECASE)
    if not found:
        return ""
    return found[1].lower()


def near(at: time, before: time) -> time:
    """The hour in the half of the day in which the one before it was:
    '6.30' after 6 pm is 6:30 pm.
    """
    half = NOON if before.hour >= NOON else 0
    kept = time(at.hour % NOON + half, at.minute)
    if kept.hour >= EARLIEST:
        return kept
    return at


def amended(change: Amendment, before: datetime) -> datetime:
    """The local time that was set, changed; `before` and the outcome
    are wall clock times without a zone.
    """
    said = change.said
    day, at = before.date(), before.time()
    if said is not None:
        day = said.day or day
        at = said.at or at
        if not (said.at is None or said.at_settled):
            at = near(at, before.time())
    if change.half:
        at = time(at.hour % NOON + (0 if change.half == "am" else NOON), at.minute)
    shift = timedelta(days=change.days, minutes=change.minutes)
    return datetime.combine(day, at) + shift
