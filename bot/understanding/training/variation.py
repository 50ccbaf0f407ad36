"""The same line as somebody else might have typed it: slips of the finger, a word left out, another
number, day or place.

Trained on these, the encoder learns what a line is about and not which words it happens to hold.
"""

import random
from collections.abc import Sequence

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CITIES = ("sydney", "melbourne", "brisbane", "perth", "adelaide", "canberra", "hobart", "darwin")
_VISAS = ("186", "189", "190", "482", "491")
_LEVELS = ("junior", "senior", "mid", "principal")
_SWAPS = tuple(frozenset(group) for group in (_DAYS, _CITIES, _VISAS, _LEVELS))

SLIP = 0.10
"""Share of the longer words that get a slip."""
SWAP = 0.4
DROP = 0.05
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def varied(words: Sequence[str], chance: random.Random) -> tuple[str, ...]:
    """Another spelling of the same line; never empty."""
    exchanged = {group: chance.random() < SWAP for group in _SWAPS}
    kept = [
        _word(word, exchanged, chance)
        for word in words
        if len(words) < 4 or chance.random() >= DROP
    ]
    return tuple(kept) or tuple(words)


def _word(word: str, exchanged: dict[frozenset[str], bool], chance: random.Random) -> str:
    for group in _SWAPS:
        if word in group:
            return chance.choice(sorted(group)) if exchanged[group] else word
    if word.isdecimal() or (word[:-1].isdecimal() and word[-1] == "k"):
        return _number(word, chance) if chance.random() < SWAP else word
    if len(word) >= 4 and word.isalpha() and chance.random() < SLIP:
        return slip(word, chance)
    return word


def _number(word: str, chance: random.Random) -> str:
    digits, unit = word.rstrip("k"), word[len(word.rstrip("k")) :]
    if digits.startswith("0") or len(digits) == 6 or (len(digits) == 3 and not unit):
        return word  # a visa or an occupation: another number is another matter
    rest = "".join(char if char == "0" else str(chance.randint(1, 9)) for char in digits[1:])
    return f"{chance.randint(1, 9)}{rest}{unit}"


def slip(word: str, chance: random.Random) -> str:
    """One letter left out, doubled, exchanged with its neighbour or wrong."""
    place = chance.randrange(1, len(word) - 1)
    match chance.randrange(4):
        case 0:
            return word[:place] + word[place + 1 :]
        case 1:
            return word[:place] + word[place] + word[place:]
        case 2:
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        case _:
            return word[:place] + chance.choice(LETTERS) + word[place + 1 :]
