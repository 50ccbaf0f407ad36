"""What a message says about a schedule, whole or in part, and back: the words that a tap carries.

Nothing here knows what is set already.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Final

from bot.core.request import Request
from bot.extraction.calendar_names import SHORT_DAYS
from bot.extraction.times import (
    NAMED_OFFSET,
    InvalidTime,
    Match,
    Zone,
    dates,
    days_of,
    half_named,
    nearest_places,
    times,
    weekdays,
    zones,
)
from bot.features.nudges.rules import place_name, region_of

_FILLER: Final = frozenset(
    re.findall(
        r"\S+",
        "a an the at on in to for every each and n or & @ , . weekly week please pls thx thanks me my i want would like reminder reminders"
        " remind nudge nudges notification notifications ping hit up around about from of by time subscribe set send get is it again"
        " timezone tz zone am pm as well also instead earlier later change make move now city i'm im live moved here clock be with arvo arvos morning mornings"
        " afternoon afternoons evening evenings night nights",
    )
)


_PART_OF_DAY: Final = re.compile(r"\b(?:arvo|afternoon|morning|evening|night)", re.IGNORECASE)


_HALF: Final = re.compile(
    r"(?:(?:i mean|in the|at|sorry|no),? ){0,4}(?:(?P<am>a\.?m\.?|mornings?)|p\.?m\.?|arvo|afternoons?|evenings?|nights?)[.!]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRequest:
    """What a message says about a schedule; whatever it leaves open is empty."""

    days: tuple[int, ...] = ()
    at: time | None = None
    at_settled: bool = True
    """Morning or afternoon was clear."""
    zone: Zone | None = None
    wrong: str = ""
    """A time that cannot be."""
    dated: str = ""
    """A calendar day, where a weekly nudge needs a weekday."""
    unknown: str = ""
    """Words that stand where a place would."""
    places: tuple[str, ...] = ()
    """Places spelt much like `unknown`."""
    manner: str = ""
    """'also' or 'instead', where a schedule stands already."""


def read(request: Request, words: str, *, asked: str = "") -> ScheduleRequest:
    """`asked`: what the bot has just asked for (day, time, zone); then barer answers count."""
    offset = NAMED_OFFSET.search(words)
    words = NAMED_OFFSET.sub(" ", words)
    where = zones(request.content.places, words)
    bare = _blanked(words, where)
    spotted_days = weekdays(bare, asked=True)
    clocks = times(bare, asked=asked == "time")
    wrong = next((one.value.text for one in clocks if isinstance(one.value, InvalidTime)), "")
    good = [(one.value, half_named(one)) for one in clocks if isinstance(one.value, time)]
    at, settled = good[-1] if good else (None, True)
    settled = settled or bool(_PART_OF_DAY.search(words))
    dated = next(
        (one.text for one in dates(words, request.event.at.date()) if re.search(r"\d", one.text)),
        "",
    )
    unknown = "" if where else left_over(words, (*spotted_days, *clocks, *where))
    near = nearest_places(request.content.places, unknown) if unknown else ()
    if offset and not where:
        unknown, near = offset[0], ()
    manner = re.match(r"(also|instead)\b", words.strip().lower())
    return ScheduleRequest(
        days=days_of(spotted_days),
        at=at,
        at_settled=settled,
        zone=named(request, where[-1].value) if where else None,
        wrong=wrong,
        dated=dated,
        unknown=unknown,
        places=near,
        manner=manner[1] if manner else "",
    )


def half_day(words: str, at: time) -> time | None:
    """'pm', 'in the evening' alone, said of a time whose half of the day was open."""
    hit = _HALF.fullmatch(words.strip())
    if hit is None:
        return None
    return time(at.hour % 12 + (0 if hit["am"] else 12), at.minute)


def named(request: Request, place: Zone) -> Zone:
    """'Australia/Brisbane' is said as Brisbane, and stands for its state as Brisbane does."""
    if "/" not in place.said:
        return place
    return replace(
        place, said=place_name(request, place.zone), region=region_of(request, place.zone)
    )


def left_over(words: str, spotted: Iterable[Match[object]]) -> str:
    """The words that nothing explains."""
    return " ".join(
        word
        for word in re.findall(r"[^\s,.;!?]+", _blanked(words, spotted))
        if word.lower() not in _FILLER and not word.isdigit()
    )


def _blanked(words: str, spotted: Iterable[Match[object]]) -> str:
    """The words with what was spotted blanked out, every other letter in its place."""
    for one in spotted:
        words = words[: one.start] + " " * (one.end - one.start) + words[one.end :]
    return words


def to_words(wish: ScheduleRequest) -> str:
    """The wish as words that `read` reads back: what taps carry."""
    days = " ".join(SHORT_DAYS[day] for day in wish.days)
    at = (
        ""
        if wish.at is None
        else f"{wish.at:%H:%M}"
        if wish.at_settled
        else f"{wish.at.hour}:{wish.at:%M}"
    )
    return " ".join(
        part for part in (wish.manner, days, at, wish.zone.zone if wish.zone else "") if part
    )


def to_answers(wish: ScheduleRequest) -> Mapping[str, str]:
    given = {
        "days": ",".join(map(str, wish.days)),
        "time": f"{wish.at:%H:%M}" if wish.at else "",
        "settled": "" if wish.at_settled else "no",
        "zone": wish.zone.zone if wish.zone else "",
        "zone_said": wish.zone.said if wish.zone else "",
        "manner": wish.manner,
    }
    return {key: value for key, value in given.items() if value}


def from_answers(answers: Mapping[str, str]) -> ScheduleRequest:
    zone_name = answers.get("zone", "")
    return ScheduleRequest(
        days=tuple(int(day) for day in answers.get("days", "").split(",") if day),
        at=time.fromisoformat(answers["time"]) if "time" in answers else None,
        at_settled="settled" not in answers,
        zone=Zone(zone=zone_name, said=answers.get("zone_said", "")) if zone_name else None,
        manner=answers.get("manner", ""),
    )
