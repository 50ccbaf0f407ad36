"""What a message says about a schedule, whole or in part, and back: the words that a tap carries.

Nothing here knows what is set already.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, Final

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
from bot.extraction.times.cadences import Cadence, cadence
from bot.features.nudges.rules import place_name, region_of
from content.content import Content

_FILLER: Final = frozenset(
    re.findall(
        r"\S+",
        "a an the at on in to for every each and n or & @ , . weekly week please pls thx "
        "thanks me my i want would like reminder reminders"
        " remind nudge nudges notification notifications ping hit up around about from of by "
        "time subscribe set send get is it again"
        " timezone tz zone am pm as well also instead earlier later change make move now "
        "city i'm im live moved here clock be with arvo arvos morning mornings"
        " afternoon afternoons evening evenings night nights actually haha lol true nah no wait"
        " sorry but hmm hm oh ok okay yeah yes yep then na lang po like start starting begin",
    )
)


_PART_OF_DAY: Final = re.compile(r"\b(?:arvo|afternoon|morning|evening|night)", re.IGNORECASE)


_HALF: Final = re.compile(
    r"(?:(?:i mean|in the|at|sorry|no),? ){0,4}(?:(?P<am>a\.?m\.?|mornings?)|p\.?m\.?|arvo"
    r"|afternoons?|evenings?|nights?)[.!]?",
    re.IGNORECASE,
)


WEEKLY: Final = Cadence(rest="")
"""Nothing was said of how often."""


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
    hours: tuple[tuple[int, time], ...] = ()
    """Days with a time of their own: 'monday 7am and thursday 8pm'."""
    cadence: Cadence = WEEKLY
    """How often, from when and until when."""

    def time_on(self, day: int) -> time | None:
        return dict(self.hours).get(day, self.at)


def read(request: Request, words: str, *, asked: str = "") -> ScheduleRequest:
    """`asked`: what the bot has just asked for (day, time, zone); then barer answers count.

    A sentence that says how often, or several times, is read itself: the words that were made of it
    hold one day and time.
    """
    if request.command in _SENTENCES:
        sentence = request.sentence()
    else:
        sentence = ""
    if sentence and sentence != words and _says_more(request, sentence):
        return replace(_read(request, sentence, asked), unknown="", places=())
    return _read(request, words, asked)


_SENTENCES: Final = frozenset({"subscribe", "reminders"})


def _says_more(request: Request, sentence: str) -> bool:
    often = cadence(sentence, request.today)
    return often.said or bool(often.unsupported) or len(times(often.rest)) > 1


def _read(request: Request, words: str, asked: str) -> ScheduleRequest:
    often = _often(request, words)
    words = often.rest
    offset = NAMED_OFFSET.search(words)
    words = NAMED_OFFSET.sub(" ", words)
    where = zones(request.content.places, words)
    bare = _blank_out(words, where).rstrip()
    spotted_days = weekdays(bare, asked=True)
    clocks = times(bare, asked=asked == "time")
    wrong = next((one.value.text for one in clocks if isinstance(one.value, InvalidTime)), "")
    good = [(one.value, half_named(one)) for one in clocks if isinstance(one.value, time)]
    at, settled = good[-1] if good else (None, True)
    hours = _own_hours(spotted_days, clocks)
    settled = settled or bool(hours) or bool(_PART_OF_DAY.search(words))
    dated = next(
        (one.text for one in dates(words, request.today) if re.search(r"\d", one.text)),
        "",
    )
    if where:
        unknown = ""
    else:
        unknown = left_over(words, (*spotted_days, *clocks, *where))
    if unknown:
        near = nearest_places(request.content.places, unknown)
    else:
        near = ()
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
        hours=hours,
        cadence=often,
    )


_COMPACT: Final = re.compile(
    r"(?<!\S)(?:(?P<two>2w)|nth(?P<nth>-?\d)|from(?P<from>\d{8})|to(?P<to>\d{8})"
    r"|for(?P<for>\d{1,3})d)(?!\S)"
)
"""A cadence as a button carries it: 'nth1 from20270201 to20270501'."""


def _often(request: Request, words: str) -> Cadence:
    """How often, in people's words or in a button's."""
    found = cadence(words, request.today)
    for hit in _COMPACT.finditer(found.rest):
        found = replace(found, **_unpack(hit))
    return replace(found, rest=_COMPACT.sub(lambda hit: " " * len(hit[0]), found.rest))


def _unpack(hit: re.Match[str]) -> dict[str, Any]:
    if hit["two"]:
        return {"pace": "fortnightly"}
    if hit["nth"]:
        return {"nth": int(hit["nth"])}
    if hit["for"]:
        return {"lasts": int(hit["for"])}
    name = "starts_on" if hit["from"] else "ends_on"
    return {name: date.fromisoformat(hit["from"] or hit["to"])}


def _pack(often: Cadence) -> tuple[str, ...]:
    """What `_often` reads back."""
    return (
        "2w" if often.pace == "fortnightly" else "",
        f"nth{often.nth}" if often.nth else "",
        f"from{often.starts_on:%Y%m%d}" if often.starts_on else "",
        f"to{often.ends_on:%Y%m%d}" if often.ends_on else "",
        f"for{often.lasts}d" if often.lasts else "",
    )


def _own_hours(
    days: tuple[Match[tuple[int, ...]], ...],
    clocks: tuple[Match[time | InvalidTime], ...],
) -> tuple[tuple[int, time], ...]:
    """Each day's own time, where several times are said: those of the days before it, or after it
    where the first is a time.
    """
    if len(clocks) < 2 or not days:
        return ()
    forwards = days[0].start < clocks[0].start
    marks = sorted((*days, *clocks), key=lambda one: one.start)
    hours: dict[int, time] = {}
    waiting: list[int] = []
    for one in marks if forwards else reversed(marks):
        if isinstance(one.value, tuple):
            waiting += one.value
        elif isinstance(one.value, time):
            hours |= dict.fromkeys(waiting, one.value)
            waiting = []
    if waiting:
        return ()
    return tuple(sorted(hours.items()))


def says_how_often(content: Content, _command: str, words: str) -> bool:
    """Whether the words say how often, from when or until when, with days,
    times and a place and nothing else.
    """
    often = cadence(words, _ANY_DAY)
    if not (often.said or often.unsupported or _COMPACT.search(words)):
        return False
    if often.unsupported:
        return True
    rest = _COMPACT.sub(" ", often.rest)
    spotted = (*weekdays(rest, asked=True), *times(rest), *zones(content.places, rest))
    return not left_over(rest, spotted)


_ANY_DAY: Final = date(2026, 1, 1)
"""Whether words are in the grammar does not depend on when they are said."""


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
    for one in zones(request.content.places, request.sentence()):
        if one.value.zone == place.zone and "/" not in one.value.said:
            return one.value  # as the person named it, where the words were taken from a sentence
    return replace(
        place, said=place_name(request, place.zone), region=region_of(request, place.zone)
    )


def left_over(words: str, spotted: Iterable[Match[object]]) -> str:
    """The words that nothing explains."""
    return " ".join(
        word
        for word in re.findall(r"[^\s,.;!?]+", _blank_out(words, spotted))
        if word.lower() not in _FILLER and not word.isdigit()
    )


def _blank_out(words: str, spotted: Iterable[Match[object]]) -> str:
    """The words with what was spotted blanked out, every other letter in its place."""
    for one in spotted:
        words = words[: one.start] + " " * (one.end - one.start) + words[one.end :]
    return words


def to_words(wish: ScheduleRequest) -> str:
    """The wish as words that `read` reads back: what taps carry."""
    own = dict(wish.hours)
    days = " ".join(
        f"{SHORT_DAYS[day]} {own[day]:%H:%M}" if day in own else SHORT_DAYS[day]
        for day in wish.days
    )
    if wish.at is None or own:
        at = ""
    elif wish.at_settled:
        at = f"{wish.at:%H:%M}"
    else:
        at = f"{wish.at.hour}:{wish.at:%M}"
    return " ".join(
        part
        for part in (
            wish.manner,
            days,
            at,
            wish.zone.zone if wish.zone else "",
            *_pack(wish.cadence),
        )
        if part
    )


def to_answers(wish: ScheduleRequest) -> Mapping[str, str]:
    given = {
        "days": ",".join(map(str, wish.days)),
        "time": f"{wish.at:%H:%M}" if wish.at else "",
        "settled": "" if wish.at_settled else "no",
        "zone": wish.zone.zone if wish.zone else "",
        "zone_said": wish.zone.said if wish.zone else "",
        "manner": wish.manner,
        "hours": " ".join(f"{day}={at:%H:%M}" for day, at in wish.hours),
        "cadence": " ".join(part for part in _pack(wish.cadence) if part),
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
        hours=tuple(
            (int(one[0]), time.fromisoformat(one[2:])) for one in answers.get("hours", "").split()
        ),
        cadence=_cadence(answers.get("cadence", "")),
    )


def _cadence(packed: str) -> Cadence:
    found = WEEKLY
    for hit in _COMPACT.finditer(packed):
        found = replace(found, **_unpack(hit))
    return found
