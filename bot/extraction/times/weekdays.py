"""Days of the week in whole messages: 'mon n wed', 'tues', 'weekdays'.

Short words that are also English (sat, sun, wed) need a context that makes them days.
"""

import re
from collections.abc import Iterable
from typing import Final

from bot.extraction.calendar_names import DAY_NAMES, DAYS, ENGLISH_TOO
from bot.extraction.times.match import MOST_READ, Match, in_order

_SETS: Final = {
    "weekdays": (0, 1, 2, 3, 4),
    "weekday": (0, 1, 2, 3, 4),
    "work days": (0, 1, 2, 3, 4),
    "workdays": (0, 1, 2, 3, 4),
    "weekends": (5, 6),
    "weekend": (5, 6),
    "every day": (0, 1, 2, 3, 4, 5, 6),
    "everyday": (0, 1, 2, 3, 4, 5, 6),
    "daily": (0, 1, 2, 3, 4, 5, 6),
}


def _alternatives(names: Iterable[str]) -> str:
    """One of the names, the longest first, sorted by first letter:
    eighty are not tried at every word.
    """
    rests: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        rests.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in sorted(rests.items()))


ANY_DAY: Final = f"(?:{_alternatives(DAYS)})"
"""A name of a day, inside a pattern."""

DAY = re.compile(rf"\b({ANY_DAY})(?:s|'s|’s)?\b", re.IGNORECASE)

_SET = re.compile(
    r"\b(weekdays|every weekday|work ?days|weekends|every weekend|every ?day|daily)\b",
    re.IGNORECASE,
)

PARTS: Final = (
    r"arvos?|afternoons?|mornings?|morns?|evenings?|eves?|nights?|tonight|noon|midday|midnight"
)

_CLOCK: Final = (
    r"(?:\d{4}\s?h\b|0\d[0-5]\d\b|\d{1,2}(?:[:.h]\d\d|ish|\s?[ap]\.?m\b)|half\s|quarter\s"
    rf"|{PARTS})"
)

_SURE_BEFORE = re.compile(
    r"\b(?:every|each|next|this coming|until|till|til|weekly on|weekly,?)\s{1,3}$", re.IGNORECASE
)

_MAYBE_BEFORE = re.compile(
    r"(?:^|[,;/&+(:–-]\s{0,3}|\b(?:on|by|from|and|n|or|to|for|also|instead|subscribe"
    rf"|reminders?|me|weekly|ping|nudges?|last|this|day|{'|'.join(DAY_NAMES)}"
    rf"|tues?|thu(?:rs?)?|fri|mon|wed|sat|sun|[ap]m|noon|\d[:.]\d\d)\s{{1,3}})$",
    re.IGNORECASE,
)

_DAY_AFTER = re.compile(
    r"(?<=[a-z’\'])\s{0,3}(?:$|[,.;!?)&/+–-]|(?:at|@|around|about)\s{0,3}(?:\d|half"
    rf"|quarter|noon|mid)|{_CLOCK}|\d{{1,2}}\s{{0,3}}$|in the\s{{1,3}}(?:{PARTS})\b"
    rf"|(?:(?:and|n|or|to|until)\s{{1,3}})?{ANY_DAY}\b"
    r"|(?:please|pls|plz|thx|thanks|instead|works|only|weekly|before|after|not"
    r"|at)\b(?!\s{1,3}(?:home|work|uni|the)))",
    re.IGNORECASE,
)


def weekdays(text: str, *, asked: bool = False) -> tuple[Match[tuple[int, ...]], ...]:
    """Days of the week, Monday 0; a value has several for 'weekdays', 'weekends', 'daily'.

    With `asked`, sat, sun and wed are days wherever they stand.
    """
    text = text[:MOST_READ]
    found: list[Match[tuple[int, ...]]] = []
    for match in _SET.finditer(text):
        if match[0].lower() == "daily" and re.search(
            r"\d\s{0,3}$|\b(?:rate|earn|charge|paid|pay)\s{1,3}$",
            text[: match.start()],
            re.IGNORECASE,
        ):
            continue
        name = re.sub(r"^every (?=week)", "", match[0].lower())
        found.append(Match(_SETS[name], match.start(), match.end(), match[0]))
    for match in DAY.finditer(text):
        if not asked and match[1].lower() in ENGLISH_TOO and not _is_day(text, match):
            continue
        found.append(Match((DAYS[match[1].lower()],), match.start(), match.end(), match[0]))
    return in_order(found)


def _is_day(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()]
    if re.search(r"\b(?:the|a|my)\s{1,3}$", before, re.IGNORECASE):
        return False
    if _SURE_BEFORE.search(before):
        return True
    return bool(_MAYBE_BEFORE.search(before) and _DAY_AFTER.match(text, match.end())) or bool(
        re.match(
            rf"\s{{0,3}}{_CLOCK}|\s{{1,3}}(?:at|@)\s{{0,3}}\d", text[match.end() :], re.IGNORECASE
        )
    )


def days_of(found: Iterable[Match[tuple[int, ...]]]) -> tuple[int, ...]:
    """All the days in what was spotted, once each, Monday first."""
    return tuple(sorted({day for spotted in found for day in spotted.value}))
