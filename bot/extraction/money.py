"""A message of money talk, read whole: its figures with their units, what its words mean, and the
words that money does not explain.

Nothing is answered here. 'and the 2nd one at 190 days, in hand' → a count of 190 days, the meanings
'second' and 'net', no word left.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.core.latest_texts import of_latest
from bot.extraction.money_words import FILLERS, MEANINGS
from bot.extraction.numbers import with_digits
from bot.extraction.spelling import corrected

MOST_READ: Final = 400
_TOKEN: Final = re.compile(r"\d{1,9}(?:,\d{3}){0,3}(?:\.\d{1,4})?(?![\d])|[a-z]{1,30}|[+/%?–-]")
_UNITS: Final = {
    word: unit
    for unit, words in {
        "hour": "hour hours hr hrs h",
        "day": "day days d",
        "week": "week weeks wk wks",
        "fortnight": "fortnight fortnights fn",
        "month": "month months mth mths mnth mnths",
        "year": "year years yr yrs y annum",
    }.items()
    for word in words.split()
}
_RATED: Final = {
    word: unit
    for unit, words in {
        "hour": "hourly ph",
        "day": "daily pd",
        "week": "weekly pw",
        "fortnight": "fortnightly pf",
        "month": "monthly pm pcm",
        "year": "yearly annually annual pa",
    }.items()
    for word in words.split()
}
_BY: Final = frozenset(["/", "per", "a", "an", "each", "every", "p"])
_MONEY_NOUN: Final = frozenset(["dollars", "dollar", "bucks", "aud"])
_THOUSAND: Final = frozenset(["k", "grand", "thousand"])
_COUNTED: Final = frozenset(["paid", "billable", "working", "full", "unpaid"])
_LONGEST: Final = max(len(words.split()) for row in MEANINGS.values() for words in row)
_OPENERS: Final = frozenset(["ok", "okay", "right", "fine", "great", "good", "alright"])
"""At the start they say that it was heard."""
_BY_WORDS: Final = {words: meaning for meaning, row in MEANINGS.items() for words in row}
_SINGLE: Final = {
    word: word
    for word in (*FILLERS, *(words for words in _BY_WORDS if " " not in words))
    if len(word) > 4
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number.

    `unit` with `is_rate`: 'day' of 900 a day; without: 'day' of 220 days. `upto`: the end of a
    span.
    """

    value: float
    unit: str = ""
    is_rate: bool = False
    is_thousands: bool = False
    upto: float | None = None
    place: int = 0

    def counts(self, unit: str) -> bool:
        return self.unit == unit and not self.is_rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """`meanings`: what is meant, and at which word; `levels`: levels of the job; `left`:
    words that none of it explains.
    """

    figures: tuple[Figure, ...] = ()
    meanings: tuple[tuple[str, int], ...] = ()
    levels: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    size: int = 0
    asks: bool = False

    def means(self, *wanted: str) -> bool:
        return any(meaning in wanted for meaning, _ in self.meanings)

    def only_means(self, *wanted: str) -> bool:
        """Whether nothing else is meant than these."""
        return all(meaning in wanted for meaning, _ in self.meanings)

    def count(self, unit: str) -> float | None:
        return next((one.value for one in self.figures if one.counts(unit)), None)

    def after(self, meaning: str) -> Figure | None:
        """The figure that follows these words next, else the one before them: 'now on 108',
        '108 now'.
        """
        place = next((at for known, at in self.meanings if known == meaning), None)
        if place is None:
            return None
        behind = [one for one in self.figures if one.place > place]
        before = [one for one in self.figures if one.place < place]
        return next(iter(behind), None) or next(reversed(before), None)

    @property
    def period(self) -> str:
        """The one span in which something is to be shown."""
        found = [meaning for meaning, _ in self.meanings if meaning in PERIODS]
        return found[-1] if found else ""

    @property
    def covers(self) -> float:
        return 1 - len(self.left) / self.size if self.size else 0.0


PERIODS: Final = ("week", "fortnight", "month", "year")


_CLOCK: Final = re.compile(r"\b(?:(?:1[0-2]|0?[1-9])(?:[:.][0-5]\d)? ?[ap]m|\d{1,2}:[0-5]\d)\b")


@of_latest
def tokens(text: str) -> tuple[str, ...]:
    plain = with_digits(text[:MOST_READ]).lower().replace("'", "").replace("’", "")
    plain = _CLOCK.sub(" oclock ", plain)  # no 2 a month
    return tuple(_TOKEN.findall(plain.replace("superannuation", "super")))


def read(text: str, levels: Mapping[str, str], places: frozenset[str] = frozenset()) -> Money:
    """The message as money talk.

    `levels`: words for a level → the level; `places`: names that may stand beside a pay.
    """
    words = tokens(text)
    found = Money(size=len([one for one in words if one.isalnum()]), asks="?" in words)
    place = 0
    while place < len(words):
        step, found = _next(words, place, found, levels, places)
        place += step
    return found


def _next(
    words: tuple[str, ...],
    place: int,
    found: Money,
    levels: Mapping[str, str],
    places: frozenset[str],
) -> tuple[int, Money]:
    word = words[place]
    if place == 0 and word in _OPENERS:
        return 1, found
    if word == "after" and words[place + 1 :] in ((), ("?",)):
        return 1, replace(found, meanings=(*found.meanings, ("net", place)))
    if phrase := _phrase(words, place, _BY_WORDS):
        meaning = (_BY_WORDS[phrase], place)
        return len(phrase.split()), replace(found, meanings=(*found.meanings, meaning))
    if word[0].isdigit():
        step, figure = _figure(words, place)
        return step, replace(found, figures=(*found.figures, figure))
    if name := _phrase(words, place, levels):
        return len(name.split()), replace(found, levels=(*found.levels, levels[name]))
    if name := _phrase(words, place, places):
        return len(name.split()), replace(found, meanings=(*found.meanings, ("place", place)))
    if word in FILLERS or not word.isalpha():
        return 1, found
    meant = corrected(word, _SINGLE)
    if (
        meant is None or meant[0] != word[0]
    ):  # a slip of the first letter makes another word: 'differs' and 'offers'
        return 1, replace(found, left=(*found.left, word))
    known = _BY_WORDS.get(meant)
    return 1, replace(found, meanings=(*found.meanings, (known, place))) if known else found


def _phrase(words: tuple[str, ...], place: int, known: Mapping[str, str] | frozenset[str]) -> str:
    """The longest of the known phrases that begins here."""
    ends = range(min(len(words), place + _LONGEST), place, -1)
    phrases = (" ".join(words[place:end]) for end in ends)
    return next((phrase for phrase in phrases if phrase in known), "")


def _figure(words: tuple[str, ...], start: int) -> tuple[int, Figure]:
    """The figure that begins here with its unit, and how many words it takes."""
    value, place, is_thousands = _number(words, start)
    upto: float | None = None
    if place + 1 < len(words) and words[place] in _TO and words[place + 1][0].isdigit():
        upto, place, also = _number(words, place + 1)
        value = value * 1000 if also and not is_thousands else value
        is_thousands = also or is_thousands
    figure = Figure(value=value, is_thousands=is_thousands, upto=upto, place=start)
    for take in (_percent, _rate, _count):
        if taken := take(words, place, figure):
            return taken[0] - start, taken[1]
    return place - start, figure


_TO: Final = frozenset(["-", "–", "to"])


def _number(words: tuple[str, ...], place: int) -> tuple[float, int, bool]:
    value = float(words[place].replace(",", ""))
    place += 1
    is_thousands = place < len(words) and words[place] in _THOUSAND
    place += is_thousands
    place += place < len(words) and words[place] in _MONEY_NOUN
    return (value * 1000 if is_thousands else value), place, is_thousands


def _percent(words: tuple[str, ...], place: int, figure: Figure) -> tuple[int, Figure] | None:
    following = words[place : place + 2]
    if following[:1] in (("%",), ("percent",), ("pct",)):
        return place + 1, replace(figure, unit="percent")
    is_two_words = following == ("per", "cent")
    return (place + 2, replace(figure, unit="percent")) if is_two_words else None


def _rate(words: tuple[str, ...], place: int, figure: Figure) -> tuple[int, Figure] | None:
    """'900 a day', '5200 fortnightly', '95/hr', '900 day rate'."""
    following = words[place : place + 2]
    if following and following[0] in _RATED:
        return place + 1, replace(figure, unit=_RATED[following[0]], is_rate=True)
    if following == ("day", "rate"):
        return place + 2, replace(figure, unit="day", is_rate=True)
    is_by = len(following) == 2 and following[0] in _BY and following[1] in _UNITS
    if not is_by or figure.value < _LEAST_RATE:
        return None
    unit = _UNITS[following[1]]
    is_shown_by = figure.value >= LEAST_YEARLY and unit != "year"
    return None if is_shown_by else (place + 2, replace(figure, unit=unit, is_rate=True))


_LEAST_RATE: Final = 15
LEAST_YEARLY: Final = 60_000
"""From here on 'per week' asks what of a year's pay is left in a week:
nobody is paid that much in a month.
"""


def _count(words: tuple[str, ...], place: int, figure: Figure) -> tuple[int, Figure] | None:
    """'220 days', '38 hours a week', '4 weeks'."""
    if figure.is_thousands:
        return None
    place += place < len(words) and words[place] in _COUNTED
    if place >= len(words) or words[place] not in _UNITS:
        return None
    unit, place = _UNITS[words[place]], place + 1
    following = words[place : place + 2]
    is_by = len(following) == 2 and following[0] in _BY and following[1] in _UNITS
    return (place + 2 if is_by else place), replace(figure, unit=unit)
