"""Which steps somebody names: a bare number, a list, a whole range, or a number in words. Pure.

A number with a unit, a per cent sign or a clock beside it, or among words that say something else,
names no step: what would be ticked or left out by mistake is not noticed, so the person is asked.
"""

import re
from typing import Final

from bot.extraction.numbers import DOZEN, ORDINALS

_WORDS: Final = DOZEN | ORDINALS
_N: Final = rf"(?:#?\d{{1,3}}(?:st|nd|rd|th)?|{'|'.join(_WORDS)})"
_STEP: Final = r"(?:(?:steps?|numbers?|tasks?|nos?\.?)[ ]?)"
_TO: Final = r"(?:[ ]?(?:-|–|—|\.\.)[ ]?|[ ](?:to|till|until|through|thru)[ ])"
_RANGE: Final = rf"(?:the[ ])?{_STEP}?{_N}(?:{_TO}{_STEP}?{_N})?(?:[ ](?:step|task)s?)?"
_AND: Final = r"(?:[ ]?(?:,|&|\+)[ ]?(?:and[ ])?|[ ](?:and|plus|n)[ ]|[ ])"
_LIST: Final = re.compile(rf"{_RANGE}(?:{_AND}{_RANGE})*", re.IGNORECASE)
_NAMED: Final = re.compile(
    rf"\bsteps?[ ]?{_N}(?:{_TO}{_N})?(?:{_AND}{_N}(?:{_TO}{_N})?)*(?![\w%:./]*[\d%])", re.IGNORECASE
)
_PAIR: Final = re.compile(rf"(?P<first>{_N})(?:{_TO}{_STEP}?(?P<last>{_N}))?", re.IGNORECASE)
_UP_TO: Final = re.compile(
    r"(?:all|everything|every step|all steps|steps?)?[ ]?(?:up )(?:to|till"
    rf"|until)[ ]{_STEP}?(?P<last>{_N})",
    re.IGNORECASE,
)
_AROUND: Final = re.compile(
    r"\b(?:i|i've|ive|have|has|just|now|please|pls|yep|yes|ok|okay|today|yesterday|already"
    r"|with|my|did|finished|done"
    r"|completed|undo|undone|not|off|tick|mark|as|skip|out|leave|is|are|was|were|too|also"
    r"|thanks|finally)\b",
    re.IGNORECASE,
)


def step_numbers(words: str) -> tuple[int, ...] | None:
    """The numbers of the steps that these words name, in order of naming; empty where they hold no
    number, None where what they hold is no step.
    """
    said = " ".join(words.lower().replace("’", "'").split()).strip(" .!")
    bare = " ".join(_AROUND.sub(" ", said).split()).strip(" ,")
    if match := _UP_TO.fullmatch(bare):
        return tuple(range(1, _number(match["last"]) + 1))
    if _LIST.fullmatch(bare):
        return _expand(bare)
    if match := _NAMED.search(said):
        return _expand(match[0])
    if re.search(r"\d", said):
        return None
    return ()


def _expand(listed: str) -> tuple[int, ...] | None:
    """Every number of a list, ranges filled in; None where a range runs backwards."""
    numbers: list[int] = []
    for match in _PAIR.finditer(listed):
        first = _number(match["first"])
        if match["last"]:
            last = _number(match["last"])
        else:
            last = first
        if last < first:
            return None
        numbers += range(first, last + 1)
    return tuple(dict.fromkeys(numbers))


def _number(said: str) -> int:
    return _WORDS.get(said) or int(re.sub(r"\D", "", said))
