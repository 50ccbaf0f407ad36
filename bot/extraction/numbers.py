"""Numbers in words: 'twelve', 'a couple of', 'thirty-four', 'one hundred and thirty thousand',
'eleven hundred', 'one fifty k'.

The only table of number words. A grammar that counts something either reads `QUANTITY` and
`value_of`, or writes the whole text in digits first. What people say with number words and mean no
number ('this one', 'seven thirty') is left as it is.
"""

import re
from typing import Final

from bot.core.latest_texts import of_latest

_UNITS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS: Final = tuple(
    """
    ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
    """.split()
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL: Final = {word: number for number, word in enumerate((*_UNITS, *_TEENS), 1)}
_ROUND: Final = {word: number for number, word in zip(range(20, 100, 10), _TENS, strict=True)}
_ROUND["fourty"] = 40

ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        (
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ),
        1,
    )
}
DOZEN: Final = {word: number for word, number in _SMALL.items() if number <= 12}
"""The hours of a clock, the months of a year, the steps of a plan."""

_UNIT: Final = "|".join(_UNITS)
_TEEN: Final = "|".join(_TEENS)
_TEN: Final = "|".join(_ROUND)
_BELOW_HUNDRED: Final = rf"(?:(?:{_TEN})(?:[ -](?:{_UNIT}))?|{_TEEN}|{_UNIT})"
_HUNDREDS: Final = rf"(?:{_TEEN}|{_UNIT}|an?)[ -]hundred(?:[ -](?:and[ -])?{_BELOW_HUNDRED})?"
_BELOW_THOUSAND: Final = rf"(?:{_HUNDREDS}|{_BELOW_HUNDRED})"
WORDED: Final = (
    rf"(?:(?:{_BELOW_THOUSAND}|an?)[ -]thousand(?:[ -](?:and[ -])?{_BELOW_THOUSAND})?"
    rf"|{_BELOW_THOUSAND})"
)
"""A number in words, as English puts it together."""

QUANTITY: Final = rf"(?:\d{{1,3}}(?:\.\d)?|a couple of|couple of|a few|few|an?|{WORDED})"
"""How many of a unit that follows: digits, words, 'a'."""

_SOME: Final = {"a couple of": 2, "couple of": 2, "a few": 3, "few": 3, "a": 1, "an": 1}

_ANY: Final = re.compile(rf"\b{WORDED}\b", re.IGNORECASE)
_LETTERS: Final = re.compile(r"[a-z]+")
_NUMBER_WORDS: Final = frozenset([*_SMALL, *_ROUND, "hundred", "thousand", "couple"])
_SPOKEN_THOUSANDS: Final = re.compile(
    rf"\b(?P<hundreds>{_UNIT})[ -](?P<rest>{_BELOW_HUNDRED})(?=[ -]?(?:k|grand|thousand)\b)",
    re.IGNORECASE,
)
_COUPLE: Final = re.compile(r"\b(?:a )?couple (?:of )?(?=\w)", re.IGNORECASE)
_COUNTED: Final = re.compile(
    r"[ -](?:more )?(?:years?|yrs?|months?|mths?|weeks?|wks?|days?|hours?|hrs?|minutes?|mins?"
    r"|fortnights?|k\b|grand|points?)",
    re.IGNORECASE,
)
_CLOCK_AFTER: Final = re.compile(rf"[ -](?:{_TEN}|oh|o'?clock|{_TEEN}|{_UNIT})\b", re.IGNORECASE)
_CLOCK_BEFORE: Final = re.compile(
    rf"\b(?:{_UNIT}|{_TEEN}|{_TEN}|half|quarter|past)[ -]$", re.IGNORECASE
)


def value_of(said: str) -> float:
    """What a quantity is: '12', 'twelve', 'a couple of'. Raises ValueError for anything else."""
    word = said.lower().strip()
    if word in _SOME:
        return float(_SOME[word])
    if word[:1].isdigit():
        return float(word)
    return float(_value_of_words(word))


def _value_of_words(said: str) -> int:
    total, current = 0, 0
    for word in re.split(r"[ -]+", said):
        match word:
            case "and":
                continue
            case "hundred":
                current = max(current, 1) * 100
            case "thousand":
                total, current = total + max(current, 1) * 1000, 0
            case "a" | "an":
                current = 1
            case _ if word in _SMALL or word in _ROUND:
                current += _SMALL.get(word) or _ROUND[word]
            case _:
                raise ValueError(f"no number: {said!r}")
    return total + current


@of_latest
def with_digits(text: str) -> str:
    """The text with its numbers in digits: '12 weeks', '130000'.

    A lone 'one' only where it counts something.
    """
    # Most texts have no such word, and looking for letters is many times cheaper than the patterns.
    if _NUMBER_WORDS.isdisjoint(_LETTERS.findall(text.lower())):
        return text
    text = _SPOKEN_THOUSANDS.sub(
        lambda match: str(
            _value_of_words(match["hundreds"].lower()) * 100
            + _value_of_words(match["rest"].lower())
        ),
        text,
    )
    text = _COUPLE.sub("2 ", text)
    return _ANY.sub(lambda match: _digits(match, text), text)


def _digits(match: re.Match[str], text: str) -> str:
    said, after = match[0].lower(), text[match.end() :]
    if said == "one" and not _COUNTED.match(after):
        return match[0]
    small = _SMALL.get(said, 0) <= 12
    if small and (_CLOCK_AFTER.match(after) or _CLOCK_BEFORE.search(text[: match.start()])):
        return match[0]
    if _CLOCK_BEFORE.search(text[: match.start()]) and said in _ROUND:
        return match[0]
    return str(_value_of_words(said))


def spoken_forms(number: str) -> tuple[str, ...]:
    """How the three digits of a name are said, no amount: '190' is 'one ninety', 'one nine oh',
    'one nine zero', '1 9 0'.
    """
    hundreds = _UNITS[int(number[0]) - 1]
    digits = [_UNITS[int(digit) - 1] if digit != "0" else "zero" for digit in number]
    forms = [" ".join(digits), " ".join(number)]
    if "zero" in digits:
        forms.append(" ".join(digits).replace("zero", "oh"))
    last_two = int(number[1:])
    words = {amount: word for word, amount in {**_ROUND, **_SMALL}.items() if word != "fourty"}
    if last_two >= 10 and last_two in words:
        forms.append(f"{hundreds} {words[last_two]}")
    elif last_two > 20:
        tens, units = divmod(last_two, 10)
        forms.append(f"{hundreds} {words[tens * 10]} {_UNITS[units - 1]}")
    return tuple(forms)
