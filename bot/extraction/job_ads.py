"""A job ad as what it says: pay, years, level, term, place, and the words that speak of layers and
units.

Found by lists of words (content) and by the shapes of figures; nothing is weighed or guessed, and
what is shown are the ad's own words. An ad is somebody else's text: nothing in it is about the
person who sent it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

from content.content import Content

LONGEST: Final = 10_000
"""Characters of an ad that are read."""
LEAST_SIGNS: Final = 3
SHORTEST: Final = 250
"""A pasted text of this length with so many signs of an ad is taken for one."""
RIGHTS: Final = "rights"
"""The silence about who may take the job."""
MOST_WORDS: Final = 4
"""Of an ad's own words, shown for one thing."""

Unit = Literal["year", "day", "hour"]

_AMOUNT: Final = r"(?:\d{1,3}(?:,\d{3}){1,3}|\d{2,6})(?:\.\d{1,2})?\s?k?(?![\w%])"
_PAY: Final = re.compile(
    rf"(?P<sign>A?\$|AUD\s?\$?)\s?(?P<low>{_AMOUNT})(?:\s?(?:-|–|—|to)\s?(?:A?\$"
    rf"|AUD\s?)?(?P<high>{_AMOUNT}))?"
    rf"|(?<![\w$.,])(?P<low_k>\d{{2,3}})\s?k?\s?(?:-|–|—|to)\s?(?P<high_k>\d{{2,3}})\s?k\b",
    re.IGNORECASE,
)
_DAY: Final = re.compile(
    r"\s{0,3}(?:/|per|a|p)\s{0,3}/?\s{0,3}d(?:ay)?\b|\s{0,3}(?:daily|day rate)\b", re.IGNORECASE
)
_HOUR: Final = re.compile(
    r"\s{0,3}(?:/|per|an|p)\s{0,3}/?\s{0,3}h(?:ou)?r?\b|\s{0,3}hourly\b", re.IGNORECASE
)
_YEARS: Final = re.compile(
    r"(?<!\d)(?P<low>\d{1,2})\s{0,3}(?:(?:-|–|to)\s{0,3}(?P<high>\d{1,2}))?\s{0,3}(?P<open>\+"
    r"|plus|or more)?\s{0,3}(?:years?|yrs?)\b['’]?"
    r"(?=[^.\n;]{0,40}\bexp|\s{1,3}(?:in|of|with|as|working|building|commercial|professional"
    r"|hands))",
    re.IGNORECASE,
)
_SUPER_TOP: Final = re.compile(
    r"(?:\+|\bplus\b|\bexcl(?:uding|\.)?"
    r"|\bon top of\b)\s{0,3}(?:\d{1,2}(?:\.\d)?%\s{0,3})?super\w*",
    re.IGNORECASE,
)
_SUPER_IN: Final = re.compile(
    r"\b(?:incl(?:uding|usive of|udes|\.)?|inc\.?"
    r"|including)\s{0,3}(?:\d{1,2}(?:\.\d)?%\s{0,3})?super\w*"
    r"|\bsuper\w* (?:is )?included\b|\b(?:total )?(?:package|trp|tec)\b",
    re.IGNORECASE,
)
_YEARLY_LEAST: Final = 30_000
_DAILY: Final = (200, 5_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdPay:
    """A pay as the ad states it; `high` is `low` where one figure stands."""

    low: float
    high: float
    per: Unit
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdYears:
    """Years of experience asked for; `high` is None for 'or more'."""

    low: float
    high: float | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAd:
    """What stands in the ad, each with the words that say it."""

    pay: AdPay | None = None
    super_said: Literal["", "plus", "including"] = ""
    years: AdYears | None = None
    level: str = ""
    """A band's key."""
    term: tuple[str, ...] = ()
    """Words for a contract, then for a permanent job."""
    is_contract: bool = False
    is_permanent: bool = False
    places: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    layers: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=dict)
    """By row of the table: the words for the API layer, and those for the ML layer."""
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rights: tuple[str, ...] = ()
    """Words for citizenship, clearances, visas, sponsors."""
    unsaid: tuple[str, ...] = ()
    """Keys of what the ad leaves out."""


def is_job_ad(content: Content, text: str) -> bool:
    """Whether a long text reads like an advertisement."""
    return len(text) >= SHORTEST and len(found(text, content.job_ad.signs)) >= LEAST_SIGNS


def read_ad(content: Content, text: str) -> ReadAd:
    """What this ad says."""
    text = text[:LONGEST].replace("’", "'")
    words = content.job_ad
    pay = _pay(text)
    contract, permanent = found(text, words.contract), found(text, words.permanent)
    return ReadAd(
        pay=pay,
        super_said=_super(text) if pay else "",
        years=_years(text),
        level=_level(content, text),
        term=(*contract, *permanent)[:MOST_WORDS],
        is_contract=bool(contract) or (pay is not None and pay.per != "year"),
        is_permanent=bool(permanent),
        places=_places(content, text),
        ways=found(text, words.ways),
        layers={
            row: (found(text, of_row.api), found(text, of_row.ml))
            for row, of_row in words.layers.items()
        },
        units={unit: told for unit, said in words.units.items() if (told := found(text, said))},
        rights=found(text, words.silences[RIGHTS].said),
        unsaid=tuple(
            key for key, silence in words.silences.items() if not found(text, silence.said)
        ),
    )


def found(text: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """Those of the phrases that stand in the text, as the text writes them, each once;
    a longer one hides those inside it.
    """
    pattern = _pattern(tuple(phrases))
    if pattern is None:
        return ()
    seen: dict[str, str] = {}
    for hit in pattern.finditer(text):
        seen.setdefault(hit[0].lower(), hit[0])
    return tuple(seen.values())


@lru_cache(maxsize=128)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
    if not phrases:
        return None
    longest_first = sorted(phrases, key=len, reverse=True)
    either = "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in longest_first)
    return re.compile(
        rf"(?<![\w$])(?:{either})(?!\w)|\$" if "$" in phrases else rf"(?<!\w)(?:{either})(?!\w)",
        re.IGNORECASE,
    )


def _pay(text: str) -> AdPay | None:
    """The first figure that is a pay: a year's of some size, or one by the day or the hour."""
    for hit in _PAY.finditer(text):
        low = _number(hit["low"] or f"{hit['low_k']}k")
        high = _number(hit["high"] or (f"{hit['high_k']}k" if hit["high_k"] else "")) or low
        if low < 1_000 <= high and not hit["low_k"]:
            low *= 1_000 if low * 1_000 <= high else 1
        after = text[hit.end() : hit.end() + 14]
        per = _per(after, low)
        if per:
            return AdPay(low=low, high=max(low, high), per=per, said=hit[0].strip())
    return None


def _per(after: str, low: float) -> Unit | None:
    if _DAY.match(after) and _DAILY[0] <= low <= _DAILY[1]:
        return "day"
    if _HOUR.match(after) and low < _DAILY[0]:
        return "hour"
    if low >= _YEARLY_LEAST:
        return "year"
    return None


def _number(said: str) -> float:
    digits = said.lower().replace(",", "").replace(" ", "")
    if not digits:
        return 0
    return float(digits.removesuffix("k")) * (1_000 if digits.endswith("k") else 1)


def _super(text: str) -> Literal["", "plus", "including"]:
    if _SUPER_TOP.search(text):
        return "plus"
    if _SUPER_IN.search(text):
        return "including"
    return ""


def _years(text: str) -> AdYears | None:
    """The most that is asked for anywhere: other figures are for single tools."""
    hits = [hit for hit in _YEARS.finditer(text) if int(hit["low"]) <= 25]
    if not hits:
        return None
    most = max(hits, key=lambda hit: int(hit["low"]))
    high = float(most["high"]) if most["high"] else None
    return AdYears(low=float(most["low"]), high=high, said=" ".join(most[0].split()))


def _level(content: Content, text: str) -> str:
    """The level named first: an ad opens with its title."""
    starts = {
        band: hit.start()
        for band, said in content.job_ad.levels.items()
        if (pattern := _pattern(said)) and (hit := pattern.search(text))
    }
    if not starts:
        return ""
    return min(starts, key=lambda band: starts[band])


def _places(content: Content, text: str) -> tuple[str, ...]:
    names = tuple(place.name for place in content.places.values())
    return found(text, names)[:MOST_WORDS]
