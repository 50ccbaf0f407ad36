"""A message of several sentences that means nothing as a whole: 'put me down for 3 then. what would i actually do first'.

Each sentence is read by itself, in order; what the clear ones do and tell is one answer.
"""

import re
from dataclasses import replace
from typing import Final

from bot.core.reply import Choices, Reply
from bot.core.turn import Turn

_ENDS: Final = re.compile(
    r"(?:\A|\s{1,3})[1-5]\)\s?|(?<=[a-z)][.!?…])\s{1,9}|(?<=\d[.!?])\s{1,9}(?=[A-Za-z])|\n{1,9}|,?\s{1,3}(?=(?:oh and|and also|btw|anyways?),? )",
    re.IGNORECASE,
)
_NO: Final = re.compile(
    r"\W{0,3}(?:(?:hmm|oh|ah|ok|sorry) )?(?:no|nah|nope|not|dont|don't|wait)\b", re.IGNORECASE
)
"""What takes something back is read with what it takes back."""
_FEWEST_WORDS: Final = 3
_FEWEST_LISTED: Final = 2
_NUMBERED: Final = re.compile(r"(?:\A|\s)[1-5]\)")
MOST: Final = 5
"""Sentences that are looked at: a longer text is a story."""
MOST_TOLD: Final = 2
CLEAR: Final = 0.75
"""So well a sentence has to be understood by itself."""


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, without those of a word or two and those that take something back; () for a text of one, or of many."""
    parts = [one.strip(" ,") for one in _ENDS.split(text)]
    fewest = _FEWEST_LISTED if _NUMBERED.search(text) else _FEWEST_WORDS
    said = tuple(one for one in parts if len(one.split()) >= fewest and not _NO.match(one))
    return said if 1 < len(parts) <= MOST else ()


_ALSO: Final = re.compile(
    r"[.,;]{0,2}\s{1,3}(?:(?:and|nd|n|&|oh|but)\s{1,3})?(?:also|plus)\b[\s,]{0,3}", re.IGNORECASE
)


def most_told(text: str) -> int:
    """How many sentences are answered: all of a numbered list, else two."""
    return max(MOST_TOLD, min(MOST, len(_NUMBERED.findall(text))))


def wishes(text: str) -> tuple[str, ...]:
    """The parts of a text that adds one wish to another with 'also'."""
    return tuple(one for part in _ALSO.split(f" {text}") if (one := part.strip(" ,.;")))


def merged(first: Turn, second: Turn) -> Turn:
    """What both do, and one reply of both: the taps are the second's."""
    replies = (*first.replies, *second.replies)
    if len(first.replies) == len(second.replies) == 1:
        replies = (_one_reply(first.replies[0], second.replies[0]),)
    return replace(second, replies=replies, effects=(*first.effects, *second.effects))


def _one_reply(first: Reply, second: Reply) -> Reply:
    kept = tuple(block for block in first.blocks if not isinstance(block, Choices))
    personal = first.personal or second.personal
    return replace(second, blocks=(*kept, *second.blocks), personal=personal, in_place=False)


def is_clear(rank: float, name: str) -> bool:
    """Whether a sentence is understood by itself, and asks or tells something."""
    return rank >= CLEAR and name not in SAYS_NOTHING


SAYS_NOTHING: Final = frozenset("thank bye apologise greet insult complaint".split()) | {
    "small talk",
    "a remark",
    "a doubt",
    "beyond me",
    "a doubt about the answer",
}
"""What rests on the whole message, or on nothing in it."""
