"""Visa numbers in a text: which of them the content covers, and which are visas that it does not.

Places are compared, not digits: in 'does a 190k contract get me a 190' the first is money. A number
that counts something ('482 grams', 'route 190') is no visa.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_NUMBER: Final = re.compile(r"(?<![\w.,$/:-])(?P<number>\d{3})[a-z]?(?![\w:]|[.,]\d)")
_COUNTED: Final = re.compile(
    r"\s{0,3}(?:%|k\b|buses|bus|trams?|train|flights?|route|pages?|words|people|grams?|g|kg"
    r"|kms?|calories|hours?|days?|minutes|points"
    r"|dollars|aud|bucks|percent|steps|degrees|lines|litres|ml|mm|cm|metres|thousand|million"
    r"|grand|cars|guests|items|rows"
    r"|samples|emails?|years)\b"
)
_NAMED: Final = re.compile(r"\b(?:bus|tram|flight|route|page|line|extra|room|gate|highway)\s{1,3}$")


@dataclass(frozen=True, slots=True)
class VisaNumbers:
    """Numbers in the order of the text, each once."""

    covered: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def visa_numbers(
    text: str,
    covered: Collection[str],
    others: Collection[str],
    free: Callable[[tuple[int, int]], bool],
) -> VisaNumbers:
    """The visas named by number.

    `free` says whether a stretch of the text means nothing else already.
    """
    found = [
        match["number"]
        for match in _NUMBER.finditer(text)
        if free(match.span("number")) and not _counts(text, match)
    ]
    about = re.search(r"\bvisa|\bsubclass", text) is not None
    ours = [number for number in found if number in covered]
    rest = [number for number in found if number in others and number not in covered]
    sure = [number for number in rest if about or not number.endswith("0")]
    return VisaNumbers(tuple(dict.fromkeys(ours)), tuple(dict.fromkeys(sure)))


def _counts(text: str, match: re.Match[str]) -> bool:
    after = text[match.end() :]
    return bool(_COUNTED.match(after)) or bool(_NAMED.search(text[: match.start()]))


def covered_visas(text: str, covered: Iterable[str]) -> list[str]:
    """The numbers of these visas in a text that is known to be about visas, in its order."""
    return _pattern(frozenset(covered)).findall(text)


def replaced_visas(text: str, covered: Iterable[str], by: str) -> str:
    """The text with every number of these visas replaced."""
    return _pattern(frozenset(covered)).sub(by, text)


@lru_cache(maxsize=8)
def _pattern(covered: frozenset[str]) -> re.Pattern[str]:
    """'190' but neither '$190', '190k' nor '190,000'."""
    return re.compile(rf"(?<![\d$])(?:{'|'.join(sorted(covered)) or '(?!)'})(?![\d,]| ?k\b)")
