"""Time zones in whole messages: IANA names, cities, states, slang and abbreviations,
as the content lists them.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from bot.extraction.times.match import MOST_READ, Match, in_order
from content.places import Place
from scheduler.civil_time import zone_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A zone as it was named.

    `zone` is empty when the name covers several; then `several` holds place keys to choose from.
    """

    zone: str
    said: str
    region: str = ""
    several: tuple[str, ...] = ()
    note: str = ""


_IANA = re.compile(r"\b[A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?\b", re.IGNORECASE)

OFFSET = re.compile(
    r"(?:\b(?:UTC|GMT)\s{0,3}|(?<![\w:.]))[+\-−]\s{0,3}\d{1,2}(?::?\d\d)?(?![\w:.])", re.IGNORECASE
)
"""'UTC+10', '+9:30': no clock, because it does not say when the clocks change."""


NAMED_OFFSET = re.compile(r"\b(?:UTC|GMT)\s{0,3}[+\-−]\s{0,3}\d{1,2}(?::?\d\d)?\b", re.IGNORECASE)
"""The part of OFFSET that is no clock time either, as 'GMT+5:30' is none."""


def zones(places: Mapping[str, Place], text: str) -> tuple[Match[Zone], ...]:
    """Zones and places with a zone, longest names first.

    An abbreviation that is also a word counts in capitals or after a time. 'UTC+10' is none: see
    OFFSET.
    """
    text = text[:MOST_READ]
    found: list[Match[Zone]] = [
        Match(Zone(zone=name, said=match[0]), match.start(), match.end(), match[0])
        for match in _IANA.finditer(text)
        if (name := _iana(match[0]))
    ]
    pattern, keys = _place_names(places)
    offsets = [match.span() for match in OFFSET.finditer(text)]
    for match in pattern.finditer(plain_letters(text)):
        if any(start <= match.start() < end for start, end in offsets):
            continue
        name = match[0].lower()
        place = places[keys[name]]
        if name in place.careful and not _means_place(text, match):
            continue
        said = place.name
        value = Zone(
            zone=place.zone or "",
            said=said,
            region=place.region or "",
            several=place.several,
            note=place.note or "",
        )
        found.append(Match(value, match.start(), match.end(), text[match.start() : match.end()]))
    return in_order(found)


def plain_letters(text: str) -> str:
    """The text in plain letters, as long as before: 'Zürich' as 'Zurich',
    'İstanbul' as 'Istanbul'.
    """
    if text.isascii():
        return text
    return "".join(map(_plain, text))


@lru_cache(maxsize=512)
def _plain(letter: str) -> str:
    """The letter without its accents; one that has none stays,
    and one that would become two keeps its place.
    """
    parts = unicodedata.normalize("NFKD", _STROKES.get(letter, letter))
    base = "".join(part for part in parts if not unicodedata.combining(part))
    if len(base) == 1:
        return base
    return letter


_STROKES: Final = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ſ": "s"}
"""Letters that Unicode does not take apart.

After them no letter is left that case folding makes longer.
"""


def nearest_places(places: Mapping[str, Place], text: str, *, count: int = 3) -> tuple[str, ...]:
    """Keys of the places spelt most like `text`, best first; empty when nothing is near."""
    _, keys = _place_names(places)
    names = get_close_matches(plain_letters(text).strip().lower(), keys, n=count * 2, cutoff=0.78)
    return tuple(dict.fromkeys(keys[name] for name in names))[:count]


_AFTER_TIME = re.compile(r"(?:\d|[ap]\.?m|ish|noon|midnight|\bin|\bto)\s{0,3}$", re.IGNORECASE)


def _means_place(text: str, match: re.Match[str]) -> bool:
    return (
        match[0].isupper()
        or bool(_AFTER_TIME.search(text[: match.start()]))
        or text.strip().lower() == match[0].lower()
    )


_BY_LOWER: Final[dict[str, str]] = {}


def _iana(name: str) -> str:
    if not _BY_LOWER:
        _BY_LOWER.update({known.lower(): known for known in zone_names()})
    return _BY_LOWER.get(name.lower(), "")


_PATTERNS: Final[dict[int, tuple[object, re.Pattern[str], dict[str, str]]]] = {}


def _place_names(places: Mapping[str, Place]) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern of every name, and which place each means.

    Kept for the content it was made from.
    """
    kept = _PATTERNS.get(id(places))
    if kept is None or kept[0] is not places:
        keys = {
            plain_letters(name).lower(): key
            for key, place in places.items()
            for name in (key.replace("_", " "), place.name, *place.aka)
        }
        spelt = "|".join(re.escape(name) for name in sorted(keys, key=len, reverse=True))
        _PATTERNS.clear()
        kept = (places, re.compile(rf"(?<![\w/])(?:{spelt})(?![\w/])", re.IGNORECASE), keys)
        _PATTERNS[id(places)] = kept
    return kept[1], kept[2]
