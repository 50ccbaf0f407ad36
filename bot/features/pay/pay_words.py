"""What the words after `salary` ask for: numbers with their units, an occupation, a level.

Nothing is answered here.
"""

import re
from dataclasses import dataclass

from bot.extraction.amounts import Spoken, spoken
from bot.extraction.spelling import corrected
from bot.extraction.times import zones
from bot.features.work import occupations
from content.content import Content
from content.occupation import Occupation

CONTRACT = "contract"
ASIDES = ("where", "super", "chart")
"""Words that ask about the figures, or for another face of them, instead of for one level."""

_FILLER = re.compile(
    r"\b(?:levels?|all|pay|base|package|bands?|per|year|annual|annum|with|on|at|is|what|how"
    r"|much|engineers?|experience|ml|me|do|i|my)\b",
    re.IGNORECASE,
)
_JOINING = re.compile(
    r"\b(?:in|around|near|vs?|versus|or|and|between|compared (?:to|with)|to|for|city|cities)\b",
    re.IGNORECASE,
)
_BASIS = re.compile(
    r"(?:\b(?:plus|including|incl\.?|inc|with|before|excluding|excl\.?)"
    r"|\+)\s{1,3}super(?:annuation)?\b",
    re.IGNORECASE,
)
"""Where super stands, said of a pay: no question about super."""
_PUNCTUATION = re.compile(r"[^\w\s'-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`level` is a band's key, `CONTRACT`, one of `ASIDES`, or empty.

    `taken`: a mistyped word and what it was taken for. `unknown`: words that nothing here knows.
    """

    occupation: Occupation
    numbers: Spoken
    level: str = ""
    by_city: bool = False
    """A place in Australia was named: no figure here is by place, and that is said."""
    beside: str = ""
    """The level named together with an aside: 'junior chart'."""
    taken: tuple[str, str] | None = None
    unknown: str = ""


def wanted(content: Content, words: str, sentence: str = "") -> Wanted:
    """Numbers with their units first, then the occupation, then the level among what is left.

    `sentence`: what the words were understood from, which may name the occupation.
    """
    if any(map(str.isdigit, words)):
        words = _BASIS.sub(" ", words)
    numbers = spoken(words)
    occupation, rest = occupations.split(content, numbers.rest, sentence)
    rest, by_city = _without_cities(content, rest)
    left = " ".join(_PUNCTUATION.sub(" ", rest).lower().split())
    meanings = levels(occupation)
    bare = " ".join(_FILLER.sub(" ", occupations.without_noise(left)).split())
    if not left or not bare:
        return Wanted(occupation=occupation, numbers=numbers, by_city=by_city)
    if exact := meanings.get(left) or meanings.get(bare):
        return Wanted(occupation=occupation, numbers=numbers, by_city=by_city, level=exact)
    if "chart" in bare.split() and (
        level := meanings.get(" ".join(word for word in bare.split() if word != "chart"))
    ):
        return Wanted(
            occupation=occupation, numbers=numbers, by_city=by_city, level="chart", beside=level
        )
    if (
        level := corrected(left, meanings)
        or corrected(bare, meanings)
        or _inside(bare, meanings)
        or _inside(left, meanings)
    ):
        return Wanted(
            occupation=occupation,
            numbers=numbers,
            by_city=by_city,
            level=level,
            taken=(left, level_name(occupation, level).lower()),
        )
    return Wanted(
        occupation=occupation,
        numbers=numbers,
        by_city=by_city,
        unknown=words if any(map(str.isdigit, left)) else left,
    )


def _without_cities(content: Content, words: str) -> tuple[str, bool]:
    """The words without Australian places and what joins them, and whether there were any."""
    here = [one for one in zones(content.places, words) if one.value.zone.startswith("Australia/")]
    for one in here:
        words = words[: one.start] + " " * (one.end - one.start) + words[one.end :]
    return (_JOINING.sub(" ", words) if here else words), bool(here)


def levels(occupation: Occupation) -> dict[str, str]:
    """Every accepted word with the level that it means."""
    return {**{aside: aside for aside in ASIDES}, **occupation.level_names}


def level_name(occupation: Occupation, level: str) -> str:
    """A level as a button shows it."""
    if level == CONTRACT and occupation.contract:
        return occupation.contract.short
    if level in occupation.bands:
        return occupation.bands[level].short
    return level


def _inside(words: str, meanings: dict[str, str]) -> str | None:
    """The one level named among other words: 'mid role please'."""
    found = {
        meaning
        for word, meaning in meanings.items()
        if word in words and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", words)
    }
    if len(found) != 1:
        return None
    return found.pop()
