"""A single time out of a message ('tomorrow at 6', 'in 20 minutes', 'on the 15th'), apart from what
is to happen then.

Which words say when and which say what is decided by one rule: the when is the longest stretch, at
the head or at the end, that time words and their small words explain whole. What is left over is
the what, as it was typed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.extraction.calendar_names import DAYS
from bot.extraction.numbers import ORDINALS
from bot.extraction.times.clock_times import half_named, times
from bot.extraction.times.dates import dates
from bot.extraction.times.durations import Duration, durations
from bot.extraction.times.match import MOST_READ, InvalidTime, Match
from bot.extraction.times.weekdays import ANY_DAY, DAY, weekdays
from bot.extraction.times.zones import Zone, zones
from content.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """One time as it was said; whatever it leaves open is None or empty."""

    said: str = ""
    """The words that say when."""
    what: str = ""
    """The words that are left, without the small word that joins them."""
    after: timedelta | None = None
    """Elapsed time from now: minutes and hours."""
    day: date | None = None
    at: time | None = None
    at_settled: bool = True
    """Morning or afternoon was clear."""
    zone: Zone | None = None
    weekday: bool = False
    """The day, or each of several, was named by its weekday alone, so it comes every week."""
    following: bool = False
    """'Next friday', which some say of the week after."""
    wrong: str = ""
    """A time or day that cannot be."""
    doubt: str = ""
    """Why the words settle nothing: `several` times, the `deadline` of the what, a clock `inside`
    the what, a time that is `relative` to something else, or a `vague` one.
    """
    rest: str = ""
    """With a doubt: the words that may be the when or may be part of the what."""

    @property
    def found(self) -> bool:
        return self.after is not None or self.day is not None or self.at is not None


PARTS_OF_DAY: Final = {
    "after breakfast": time(9),
    "after lunch": time(13),
    "after school": time(16),
    "after work": time(18),
    "after dinner": time(19, 30),
    "after tea": time(19, 30),
    "morning": time(9),
    "lunch": time(12),
    "arvo": time(15),
    "afternoon": time(15),
    "evening": time(18),
    "night": time(20),
    "tonight": time(20),
}
"""When a part of the day begins, for whoever names no hour."""

_PART: Final = re.compile(
    r"\b(?:(?:this|in the|at)\s{1,3})?(?P<part>after (?:breakfast|lunch|school|work|dinner|tea)|morning|lunch"
    r"|arvo|afternoon|evening|night|tonight)(?:time)?\b",
    re.IGNORECASE,
)
_NAMES_A_TIME: Final = re.compile(r"(?:this|in|at)\b", re.IGNORECASE)
_TODAY: Final = re.compile(r"^(?:this|tonight)", re.IGNORECASE)
_MONTH_END: Final = re.compile(r"\b(?:the\s{1,3})?end of (?:the |this )?month\b", re.IGNORECASE)
_NUMBERED: Final = re.compile(
    r"\b(?:on|for)?\s{0,3}the\s{1,3}(?P<d>\d{1,2}(?:st|nd|rd|th)"
    rf"|{'|'.join(ORDINALS)})\b(?!\s{{1,3}}(?:of|step|week|unit|time|one|round))",
    re.IGNORECASE,
)
_DAY_WEEK: Final = re.compile(rf"\b(?P<day>{ANY_DAY}) week\b(?! \d)", re.IGNORECASE)
_AND_A_HALF: Final = re.compile(r"\s{1,3}and a half\b", re.IGNORECASE)
_SPACED_CLOCK: Final = re.compile(r"\b(\d{1,2}) ([0-5]\d)(?= ?[ap]\.?m\b)", re.IGNORECASE)
_RELATIVE: Final = re.compile(
    r"(?:before|after|until|till|past|ahead of|prior to)\b", re.IGNORECASE
)
_VAGUE: Final = re.compile(
    r"(?:(?:in the next|the other|some|any) (?:day|time|days)|after (?:work|lunch|dinner"
    r"|school|class|breakfast|tea|uni)"
    r"|later(?: on| today| tonight| this week)?|soon|some ?time(?: soon| this week"
    r"| next week)?|this week|when(?:ever)? [^,]{1,40}?)(?=\s{1,3}to\b|[,.]|$)",
    re.IGNORECASE,
)
_LEADS: Final = re.compile(r"(?:on|at|in|for|the|this|next|coming|around|about)\b", re.IGNORECASE)
MOST_WORDS: Final = 12
"""Nobody says a time in more."""
_SMALL: Final = frozenset(
    [
        "on",
        "at",
        "in",
        "for",
        "the",
        "this",
        "next",
        "coming",
        "around",
        "about",
        "just",
        "once",
        "only",
        "again",
        "please",
        "pls",
        "plz",
        "thanks",
        "thx",
        "or",
        "from",
        "now",
        "of",
        "and",
        "n",
        "&",
        "a",
        "an",
        "time",
        "ok",
        "o'clock",
        "sharp",
    ]
)
"""What may stand between time words."""
_PLURALS: Final = frozenset({"mons", "sats", "suns", "fris"})
_JOIN: Final = re.compile(
    r"(?:to|about|that|of|for|re|i should|i have to|i need to)\b\s{0,3}|[:–—,-]{1,3}\s{0,3}",
    re.IGNORECASE,
)
_DUE: Final = re.compile(
    r"\b(?:due|by|before|until|till|til|from|since|after|expires?|ends?|closes?|starts?"
    r"|opens?|on or before)\s{0,3}$",
    re.IGNORECASE,
)
_REPEATED: Final = re.compile(
    r"\b(?:every|each|weekly|daily|fortnightly|monthly|yearly|weekdays?|weekends?"
    r"|once an? (?:day|week|fortnight|month)|per week|mornings|arvos|afternoons|evenings"
    r"|nights)\b",
    re.IGNORECASE,
)


def repeats(text: str) -> bool:
    """Whether the words speak of more than one time: 'every friday', 'tuesdays', 'weekly'."""
    plural = any(
        hit[0].lower().endswith(("days", "day's", "day’s")) or hit[0].lower() in _PLURALS
        for hit in DAY.finditer(text)
    )
    return plural or bool(_REPEATED.search(text))


def once(text: str, now: datetime, places: Mapping[str, Place], *, lead: str = "") -> Once | None:
    """The one time that `text` (or `lead`, the words before the verb) names, with the rest of it;
    None where the words speak of something that comes again and again. `now` is the local time of
    whoever speaks; `found` is False where no time is named.
    """
    text, lead = _SPACED_CLOCK.sub(r"\1:\2", text[:MOST_READ].strip()), lead.strip(" ,")
    text = _DAY_WEEK.sub(lambda hit: _a_week_on(hit["day"], now.date()), text)
    if lead and (said := _time_in_full(lead, now, places)) and said.found:
        return _with_what(said, text, now, places)
    if hit := _VAGUE.match(text):
        return Once(what=_strip_joint(text[hit.end() :]), doubt="vague", rest=hit[0])
    for cut in _cuts(text):
        head = None
        if cut:
            head = _time_in_full(text[:cut], now, places)
        if head is not None and head.found | bool(head.wrong or head.doubt):
            if repeats(text[:cut]):
                return None
            return _with_what(head, text[cut:], now, places)
    if repeats(text):
        return None
    return _at_the_end(text, now, places)


def _a_week_on(day: str, today: date) -> str:
    """'Friday week': the Friday after the coming one, as a date."""
    ahead = (DAYS[day.lower()] - today.weekday()) % 7 or 7
    return f"{today + timedelta(days=ahead + 7):%Y-%m-%d}"


def _cuts(text: str) -> Iterator[int]:
    """Where the when may end: at the end, before a joining word, then between any two words;
    longest first.
    """
    words = [hit.start() for hit in re.finditer(r"(?<=\s)\S", text)][:MOST_WORDS]
    joined = [place for place in words if _JOIN.match(text, place)]
    if len(text.split()) <= MOST_WORDS:
        yield len(text)
    yield from reversed(joined)
    yield from (place for place in reversed(words) if place not in joined)


def _with_what(said: Once, rest: str, now: datetime, places: Mapping[str, Place]) -> Once | None:
    what = _strip_joint(rest)
    if _REPEATED.match(what):
        return None
    if _RELATIVE.match(what):
        return _with_name(_doubtful(said, "relative", f"{said.said} {what}"), "")
    tail = _suffix(what, now, places)
    if tail is None or said.after is not None or said.wrong or said.doubt:
        return _with_clock(_with_name(said, what), places)
    start, other = tail
    if not what[:start].strip():
        return _with_name(_doubtful(said, "several", what), "")
    if said.at is None and said.day is not None and other.at is not None and other.day is None:
        return _with_name(_doubtful(said, "inside", what[start:]), what)
    return _with_name(said, what)


_LAST_WORDS: Final = re.compile(r",\s{0,3}(?:in |at )?(?P<place>[^,]{3,30})$")


def _with_clock(said: Once, places: Mapping[str, Place]) -> Once:
    """'10am to call an agent, melbourne': a place after a comma is whose clock is meant."""
    hit = _LAST_WORDS.search(said.what)
    if hit is None or said.zone is not None or said.at is None:
        return said
    found = zones(places, hit["place"])
    if len(found) != 1 or found[0].text.strip().lower() != hit["place"].strip().lower():
        return said
    return replace(said, zone=found[0].value, what=said.what[: hit.start()].strip())


def _at_the_end(text: str, now: datetime, places: Mapping[str, Place]) -> Once:
    what = _strip_joint(text)
    tail = _suffix(what, now, places)
    if tail is None:
        return Once(what=what)
    start, said = tail
    before = what[:start].rstrip(" ,-")
    if deadline := _DUE.search(before):
        return Once(what=what, doubt="deadline", rest=what[deadline.start() :].strip())
    return _with_name(said, _strip_joint(before))


def _suffix(text: str, now: datetime, places: Mapping[str, Place]) -> tuple[int, Once] | None:
    """The longest end of the text that is nothing but a time, and where it begins."""
    starts = [0, *(hit.start() for hit in re.finditer(r"(?<=\s)\S", text))][-MOST_WORDS:]
    for start in starts:
        end = text[start:]
        said = _time_in_full(end, now, places)
        if (
            said is not None
            and (said.found or said.wrong or said.doubt)
            and _opens_a_time(end, now, places)
        ):
            return start, said
    return None


def _opens_a_time(end: str, now: datetime, places: Mapping[str, Place]) -> bool:
    """'it on Friday' is 'on Friday' with a word too many."""
    opens = any(start == 0 for start, _ in _spot(end, now, places).spans)
    return opens or bool(_LEADS.match(end))


def _strip_joint(text: str) -> str:
    """The what without the small word that joins it to the rest."""
    text = text.strip(" ,.;!?")
    while (hit := _JOIN.match(text)) and hit.end():
        text = text[hit.end() :].strip()
    return text


def _with_name(said: Once, what: str) -> Once:
    return replace(said, what=what)


def _doubtful(said: Once, doubt: str, rest: str) -> Once:
    return replace(said, doubt=doubt, rest=rest.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spotted:
    """Everything in a text that is about time."""

    lapses: tuple[Match[Duration], ...]
    halves: tuple[re.Match[str], ...]
    days: tuple[Match[date | InvalidTime], ...]
    clocks: tuple[Match[time | InvalidTime], ...]
    parts: tuple[re.Match[str], ...]
    zones: tuple[Match[Zone], ...]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        values = (*self.lapses, *self.days, *self.clocks, *self.zones)
        patterns = (*self.halves, *self.parts)
        return (*((one.start, one.end) for one in values), *(hit.span() for hit in patterns))


def _spot(text: str, now: datetime, places: Mapping[str, Place]) -> _Spotted:
    lapses = tuple(one for one in durations(text) if not _is_a_day(one))
    days = _days(text, now.date())
    clocks = tuple(
        one for one in times(text) if not any(_overlap(one, other) for other in (*days, *lapses))
    )
    return _Spotted(
        lapses=lapses,
        halves=tuple(hit for one in lapses if (hit := _AND_A_HALF.match(text, one.end))),
        days=days,
        clocks=clocks,
        parts=tuple(_PART.finditer(text)),
        zones=tuple(one for one in zones(places, text) if _is_clocks_zone(text, one, clocks)),
    )


def _time_in_full(text: str, now: datetime, places: Mapping[str, Place]) -> Once | None:
    """The time that these words are, where time words and small words explain every one of them;
    else None.
    """
    seen = _spot(text, now, places)
    if _has_words_over(text, seen.spans):
        return None
    return _put_together(text, now, seen)


def _put_together(text: str, now: datetime, seen: _Spotted) -> Once:
    said = text.strip()
    impossible = [
        one.value.text for one in (*seen.days, *seen.clocks) if isinstance(one.value, InvalidTime)
    ]
    if impossible:
        return Once(said=said, wrong=impossible[0])
    days = {one.value for one in seen.days if isinstance(one.value, date)}
    days |= {now.date() + timedelta(days=one.value.days) for one in seen.lapses if one.value.days}
    hours = {one.value for one in seen.clocks if isinstance(one.value, time)}
    minutes = sum(one.value.minutes for one in seen.lapses) + 30 * len(seen.halves)
    names_day = bool(seen.days) and all(one.text.lower() in DAYS for one in seen.days)
    if len(days) > 1 or len(hours) > 1 or (minutes and (days or hours)):
        return Once(said=said, doubt="several", rest=said, weekday=names_day)
    part = seen.parts[0] if seen.parts else None
    if part and not days and _TODAY.match(part[0].strip()):
        days = {now.date()}
    at = next(iter(hours), None)
    if part and at is not None and at.hour < _NOON and not half_named(seen.clocks[0]):
        at = _in_half(at, PARTS_OF_DAY[part["part"].lower()])
    if part and at is None and (days or _NAMES_A_TIME.match(part[0])):
        at = PARTS_OF_DAY[part["part"].lower()]
    return Once(
        said=said,
        after=timedelta(minutes=minutes) if minutes else None,
        day=next(iter(days), None),
        at=at,
        at_settled=bool(seen.parts) or not seen.clocks or half_named(seen.clocks[0]),
        zone=seen.zones[-1].value if seen.zones else None,
        weekday=names_day,
        following=names_day and bool(re.search(r"\bnext\b", text, re.IGNORECASE)),
    )


_NOON: Final = 12


def _in_half(at: time, begins: time) -> time:
    """'After lunch, 2 oclock': the hour in the half of the day that the part of it names."""
    return time(at.hour + _NOON, at.minute) if begins.hour >= _NOON else at


def _days(text: str, today: date) -> tuple[Match[date | InvalidTime], ...]:
    """Every way to name a day, each as the day that it is."""
    if hit := _MONTH_END.search(text):
        ends = (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        return (Match(ends, hit.start(), hit.end(), hit[0]),)
    numbered = (
        Match(_date_in_figures(hit["d"].lower(), today), hit.start(), hit.end(), hit[0])
        for hit in _NUMBERED.finditer(text)
    )
    found = [*dates(text, today), *numbered]
    named = [
        one
        for one in weekdays(text, asked=True)
        if len(one.value) == 1 and not any(_overlap(one, other) for other in found)
    ]
    found += [_weekday(one, found, today) for one in named]
    return tuple(sorted(found, key=lambda one: one.start))


def _weekday(
    named: Match[tuple[int, ...]], dated: list[Match[date | InvalidTime]], today: date
) -> Match[date | InvalidTime]:
    """The next such day; beside a date of that weekday ('Monday 14 December') that date."""
    (number,) = named.value
    for one in dated:
        if isinstance(one.value, date) and one.value.weekday() == number:
            return Match(one.value, named.start, named.end, "")
    ahead = (number - today.weekday()) % 7 or 7
    return Match(today + timedelta(days=ahead), named.start, named.end, named.text)


def _date_in_figures(said: str, today: date) -> date | InvalidTime:
    number = ORDINALS.get(said) or int(re.sub(r"\D", "", said))
    if not 1 <= number <= 31:
        return InvalidTime(f"the {said}")
    day = today + timedelta(days=1)
    while day.day != number:
        day += timedelta(days=1)
    return day


def _is_a_day(lapse: Match[Duration]) -> bool:
    """'tomorrow' and 'next week' are days of the calendar here."""
    return lapse.text.lower().startswith(("tom", "tmr", "next", "not", "skip", "this"))


def _overlap(one: Match[object], other: Match[object]) -> bool:
    return one.start < other.end and other.start < one.end


def _is_clocks_zone(
    text: str, zone: Match[Zone], clocks: tuple[Match[time | InvalidTime], ...]
) -> bool:
    """'6pm perth', 'sydney time': a place that says whose clock, and is not where somebody goes."""
    if re.match(r"\s{1,3}time\b", text[zone.end :], re.IGNORECASE):
        return True
    return any(0 <= zone.start - one.end <= len(" in ") for one in clocks)


def _has_words_over(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a word is left that nothing explains."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    words = re.findall(r"[^\s,.;:!?()]+", text.lower())
    return any(word not in _SMALL for word in words)
