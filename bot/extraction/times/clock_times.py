"""Clock times in whole messages: '7:30am', '7.30', 'half seven', 'arvo at 4'.

A bare number counts only where its context says so.
"""

import re
from collections.abc import Mapping
from datetime import time
from typing import Final

from bot.extraction.numbers import DOZEN
from bot.extraction.times.match import MOST_READ, InvalidTime, Match, in_order
from bot.extraction.times.weekdays import ANY_DAY, DAY

_HOUR_WORD: Final = "|".join(DOZEN)

_PART_AFTER: Final = (
    r"(?:\s{0,3}(?:o'?clock))?(?:\s{1,3}(?:in\s{1,3}(?:the\s{1,3})?|at\s{1,3}"
    r"|of\s{1,3}a\s{1,3})?(?P<part>arvo|afternoon|morning|morn|evening|eve|night|nite)\b)?"
)

_CLOCK_COLON = re.compile(
    r"(?<![\d:.$£€/])(?P<h>\d{1,2}):(?P<m>\d\d)(?!\d"
    rf"|:\d)(?:\s{{0,3}}(?P<ap>[ap]\.?m\b\.?))?{_PART_AFTER}",
    re.IGNORECASE,
)

_CLOCK_H = re.compile(
    r"(?<![\d:.$£€/])(?P<h>\d{1,2})h(?P<m>\d\d)\b(?P<ap>)(?P<part>)", re.IGNORECASE
)

_CLOCK_RUN = re.compile(r"(?<![\d:.$£€/])(?P<h>[01]\d|2\d)(?P<m>\d\d)\s?h\b(?P<ap>)(?P<part>)")

_CLOCK_RUN_AMPM = re.compile(
    r"(?<![\d:.$£€/,])(?P<h>\d{1,2})(?P<m>[0-5]\d)\s?(?P<ap>[ap]\.?m\b\.?)(?P<part>)", re.IGNORECASE
)
"""'430pm'."""

_CLOCK_DOT = re.compile(
    r"(?<![\d:.$£€/])(?P<h>\d{1,2})\.(?P<m>\d\d)(?![\d%]|\.\d"
    rf"|\s?k\b)(?:\s{{0,3}}(?P<ap>[ap]\.?m\b\.?))?{_PART_AFTER}",
    re.IGNORECASE,
)

_CLOCK_AMPM = re.compile(
    r"(?<![\d:.$£€/,])(?P<h>\d{1,2})(?P<m>)(?P<gap>\s?)(?P<ap>[ap]\.?m\b\.?)(?P<part>)(?!\s{1,3}i\b)",
    re.IGNORECASE,
)

_CLOCK_ISH = re.compile(
    rf"(?<![\d:.$£€/])(?P<h>\d{{1,2}})(?P<m>)(?P<ap>)\s?-?ish\b{_PART_AFTER}", re.IGNORECASE
)

_CLOCK_PART = re.compile(
    r"(?<![\d:.$£€/])\b(?P<h>\d{1,2}"
    rf"|{_HOUR_WORD})(?P<m>)(?P<ap>)(?:\s{{0,3}}o'?clock)?\s{{1,3}}(?:in\s{{1,3}}(?:the\s{{1,3}})?"
    r"|at\s{1,3})?"
    r"(?P<part>arvo|afternoon|morning|morn|evening|night|nite)\b",
    re.IGNORECASE,
)

_CLOCK_OCLOCK = re.compile(
    rf"\b(?P<h>\d{{1,2}}|{_HOUR_WORD})(?P<m>)(?P<ap>)\s{{0,3}}o'?clock\b(?P<part>)", re.IGNORECASE
)

_CLOCK_WORDS = re.compile(
    r"\b(?P<frac>half|quarter)\s{1,3}(?P<dir>past\s{1,3}|to\s{1,3}|)(?P<h>\d{1,2}"
    rf"|{_HOUR_WORD})\b(?!\s{{0,3}}(?:%|k\b|years?|yrs?|million|percent))"
    rf"(?P<m>)(?:\s{{0,3}}(?P<ap>[ap]\.?m\b\.?))?{_PART_AFTER}",
    re.IGNORECASE,
)

_CLOCK_ZERO = re.compile(
    r"(?<![\d:.$£€/,-])(?P<h>0\d)(?P<m>[0-5]\d)(?P<ap>)(?P<part>)(?![\d:/.,-])"
)

_MINUTES: Final = {
    "oh five": 5,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty five": 45,
    "fifty": 50,
}

_CLOCK_SPOKEN = re.compile(
    rf"\b(?P<h>{_HOUR_WORD})[ -](?P<spoken>oh[ -]five|forty[ -]five|ten|fifteen|twenty|thirty"
    r"|forty|fifty)\b(?P<m>)(?!\s{0,3}(?:%|k\b|days?|years?|yrs?|hours?|min))"
    rf"(?:\s{{0,3}}(?P<ap>[ap]\.?m\b\.?))?{_PART_AFTER}",
    re.IGNORECASE,
)

_CLOCK_NAMED = re.compile(r"\b(?P<name>noon|midday|midnight)\b", re.IGNORECASE)

_BARE_END: Final = (
    r"(?=\s{0,3}(?:$|[,.;!?)]+(?:\s|$)|(?:please|pls|plz|thx|thanks|instead|sharp|every"
    rf"|each|weekly|in|for|tomorrow|tmrw|today|tonight|on\s{{1,3}}{ANY_DAY}"
    rf"|{ANY_DAY}s?|(?:[a-z]+\s{{1,3}})?time|utc|gmt|ist|ae[sd]t|ac[sd]t|awst)\b))"
)

_CLOCK_BARE = re.compile(
    rf"(?P<lead>\bat|@|\b{ANY_DAY}s?(?:\s{{1,3}}(?:arvos?|afternoons?|mornings?|nights?|nites?"
    r"|evenings?))?,?(?:\s{1,3}(?:like|bout|about|around|say))?|\b(?:arvos?|afternoons?|mornings?|nights?|nites?|evenings?)(?:\s{1,3}(?:at|like|bout|about|around|say))?)"
    rf"\s{{0,3}}(?P<h>\d{{1,2}}|(?:{_HOUR_WORD})\b)(?P<m>)(?P<ap>)(?P<part>){_BARE_END}",
    re.IGNORECASE,
)

_CLOCK_TO = re.compile(
    rf"\b(?P<lead>to|for|make it)\s{{1,3}}(?P<h>\d{{1,2}})(?P<m>)(?P<ap>)(?P<part>){_BARE_END}",
    re.IGNORECASE,
)

_WEEKDAY_NEXT = re.compile(
    rf"(?<!\s)\s{{0,3}}(?:(?:on|every)\s{{1,3}})?{ANY_DAY}s?\b", re.IGNORECASE
)

_ABOUT_REMINDERS = re.compile(
    r"\b(?:re?mind\w*|nudg\w*|ping\w*|notif\w*|alarm|subscri\w*|schedule)\b", re.IGNORECASE
)

_PART_NEAR = re.compile(
    r"\b(?P<part>arvos?|afternoons?|mornings?|evenings?|tonight|nights?|nites?)\s{0,3}(?:,|at"
    r"|around|@)?\s{0,3}$",
    re.IGNORECASE,
)

_PART_ANYWHERE = re.compile(
    r"(?<!good )(?<!my )(?<!the )(?<!from )\b(?P<part>arvos?|afternoons?|mornings?|evenings?"
    r"|tonight|nights?|nites?)\b(?! (?:one|nudge|reminder))",
    re.IGNORECASE,
)

_DAY_BEFORE = re.compile(
    rf"(?:\b{ANY_DAY}s?|\bat|@|\baround|\bby|\bfrom|\bevery|\bto)\s{{0,3}},?\s{{0,3}}$",
    re.IGNORECASE,
)

_ASKED_BARE = re.compile(
    rf"^\s{{0,3}}(?:at\s{{1,3}})?(?:(?P<h>\d{{1,2}}|{_HOUR_WORD})(?P<m>)|(?P<h4>\d{{1,2}})[ ]?(?P<m4>\d\d))\s{{0,3}}(?P<ap>[ap]\.?m?\b\.?)?(?P<part>)\s{{0,3}}$",
    re.IGNORECASE,
)


def times(text: str, *, asked: bool = False) -> tuple[Match[time | InvalidTime], ...]:
    """Clock times.

    Hours without am or pm: 6 to 11 are morning, 12 is noon, 1 to 5 afternoon, unless a part of the
    day is named.

    With `asked` (the bot has just asked for a time) a bare '7', '0730' or '7.30' counts as well.
    """
    text = text[:MOST_READ]
    found: list[Match[time | InvalidTime]] = []
    for pattern in (
        _CLOCK_COLON,
        _CLOCK_H,
        _CLOCK_RUN,
        _CLOCK_RUN_AMPM,
        _CLOCK_AMPM,
        _CLOCK_ISH,
        _CLOCK_PART,
        _CLOCK_OCLOCK,
        _CLOCK_WORDS,
    ):
        for match in pattern.finditer(text):
            if pattern is _CLOCK_AMPM and match["gap"] and int(match["h"]) > 12 and not asked:
                continue  # "I'm 34 am I too old"
            found.append(_clock(text, match))
    for match in _CLOCK_DOT.finditer(text):
        certain = asked or match["ap"] or match["part"] or _PART_NEAR.search(text[: match.start()])
        if (
            certain
            or _DAY_BEFORE.search(text[: match.start()])
            or _weekday_after(text, match.end())
        ):
            found.append(_clock(text, match))
    if asked or DAY.search(text) or _ABOUT_REMINDERS.search(text):
        found.extend(
            _clock(text, match)
            for pattern in (_CLOCK_SPOKEN, _CLOCK_ZERO)
            for match in pattern.finditer(text)
        )
    bare = [
        *_CLOCK_BARE.finditer(text),
        *(_CLOCK_TO.finditer(text) if _ABOUT_REMINDERS.search(text) else ()),
    ]
    about = bool(DAY.search(text) or _ABOUT_REMINDERS.search(text))
    found.extend(
        _clock(text, match, start=match.start("h"))
        for match in bare
        if _plausible(text, match, about=about)
    )
    for match in _CLOCK_NAMED.finditer(text):
        if match["name"].lower() == "midnight":
            hour = 0
        else:
            hour = 12
        found.append(Match(time(hour), match.start(), match.end(), match[0]))
    if asked and not found and (alone := _ASKED_BARE.match(text)):
        found.append(_clock(text, alone))
    return in_order(found)


def _plausible(text: str, match: re.Match[str], *, about: bool) -> bool:
    """A bare number that may be an hour; before 'in' or 'for' ('at 4 in Brisbane', 'at 4 in total')
    only where a day or a reminder is named.
    """
    hour = not match["h"].isdecimal() or int(match["h"]) < 24
    return hour and (
        about or not re.match(r"\s{0,3}(?:in|for)\b", text[match.end() :], re.IGNORECASE)
    )


def _weekday_after(text: str, end: int) -> bool:
    return bool(_WEEKDAY_NEXT.match(text, end))


def _clock(text: str, match: re.Match[str], start: int | None = None) -> Match[time | InvalidTime]:
    start = match.start() if start is None else start
    words = text[start : match.end()].strip()
    groups = match.groupdict()
    hour_text = (groups.get("h") or groups.get("h4") or "").lower()
    hour = DOZEN.get(hour_text) or int(hour_text)
    minute = int(groups.get("m") or groups.get("m4") or 0)
    if groups.get("spoken"):
        minute = _MINUTES[groups["spoken"].lower().replace("-", " ")]
    if groups.get("frac"):
        hour, minute = _fraction(groups["frac"].lower(), groups["dir"].strip().lower(), hour)
    part = (groups.get("part") or "").lower()
    part = part or _part_elsewhere(text, start)
    half = (groups.get("ap") or "").lower()[:1]
    pinned = bool(half) or _on_24_hours(groups, hour_text)
    settled = _hour(hour, half=half, part=part, pinned=pinned)
    value: time | InvalidTime = (
        InvalidTime(words) if settled is None or minute > 59 else time(settled, minute)
    )
    return Match(value, start, match.end(), words)


def _part_elsewhere(text: str, start: int) -> str:
    """The part of the day named just before, or else the only one anywhere: 'friday evenings,
    say 7:15'.
    """
    if near := _PART_NEAR.search(text[:start]):
        return near["part"].lower()
    found = [match["part"].lower() for match in _PART_ANYWHERE.finditer(text)]
    if len({part[:4] for part in found}) != 1:
        return ""
    return found[0]


def _on_24_hours(groups: Mapping[str, str | None], hour_text: str) -> bool:
    """'07:30' and '0730' are written on the 24-hour clock."""
    return hour_text.startswith("0") and bool(groups.get("m") or groups.get("m4"))


def _fraction(fraction: str, direction: str, hour: int) -> tuple[int, int]:
    """'half seven' and 'half past seven' are 7:30; 'quarter to seven' is 6:45."""
    minutes = 30 if fraction == "half" else 15
    if direction == "to":
        return (hour - 1 or 12), 60 - minutes
    return hour, minutes


def _hour(hour: int, *, half: str, part: str, pinned: bool) -> int | None:
    """The hour on the 24-hour clock, or None for one that cannot be."""
    if hour > 23 or (half and hour == 0 and half == "p") or (half == "a" and hour > 12):
        return None
    if half:
        return hour % 12 + (12 if half == "p" else 0)
    if hour > 12 or hour == 0 or pinned:
        return hour
    if part.startswith(("arvo", "afternoon", "eve")):
        return hour % 12 + 12
    if part.startswith("morn"):
        if hour == 12:
            return hour % 12
        return hour
    if part.startswith(("night", "nite", "tonight")):
        if hour in (12, 1, 2, 3, 4):
            return hour % 12
        return hour + 12
    if hour < 6:
        return hour + 12
    return hour


def half_named(spotted: Match[time | InvalidTime]) -> bool:
    """Does the wording settle morning or afternoon ('7pm', '19:30', '07:30', 'noon'),
    so that no one need be asked?
    """
    words = spotted.text.lower()
    if re.search(r"[ap]\.?m\b|arvo|afternoon|morn|even|night|noon|midday", words):
        return True
    if re.match(r"12[:.]?\d\d", words):
        return True  # on a 24-hour clock, noon
    digits = re.match(r"\d{1,2}", words)
    return bool(digits) and (int(digits[0]) > 12 or digits[0].startswith("0"))  # type: ignore[index]
