"""The parts of a message that may be questions of their own: 'fee, age limit and points of the 189',
'how long is it good for? and what does it cost'.
"""

import re
from collections.abc import Iterable
from typing import Final

_ASKING = r"(?=(?:how|what|whats|which|who|when|where|why|is|are|do|does|can)\b)"
_PARTS = re.compile(
    r"(?<=[?])\s{1,3}|(?<!\s)\s{0,3}[\n;]{1,9}\s{0,3}"
    rf"|(?<!\s)\s{{0,3}}(?:,|,?\s{{1,3}}(?:and|then|plus))\s{{1,3}}{_ASKING}"
    r"|,?\s{1,3}(?:and also|also)\s{1,3}",
    re.IGNORECASE,
)
_LISTED = re.compile(r"(?<!\s)\s{0,3}(?:,|\band\b|&)\s{0,3}", re.IGNORECASE)
"""Between the things asked of one subject in one breath: 'fee, age limit and points of the 189'."""
_LONGEST_LIST: Final = 16
_LEAST_LISTED: Final = 3
_SPEAKER = re.compile(r"\b(?:i|im|ive|my|me|we|our)\b", re.IGNORECASE)
_SHORTEST_PART: Final = 2
"""Words of a part that can be a question of its own."""
_OPENING: Final = re.compile(
    r"^(?:[\w']{1,12}[, ]{1,3}){0,4}(?:qs|questions?|things)\s?[:.,-]\s{1,3}", re.IGNORECASE
)
"""'Hi, two questions:' says nothing of what they are about."""


def questions_in(text: str) -> tuple[str, ...]:
    """The parts of a message that may be questions of their own."""
    parts = _longer(_PARTS.split(_OPENING.sub("", text)), _SHORTEST_PART)
    if len(parts) > 1 or len(text.split()) > _LONGEST_LIST or _SPEAKER.search(text):
        return parts
    listed = _longer(_LISTED.split(text), 1)
    return listed if len(listed) >= _LEAST_LISTED else parts


def _longer(parts: Iterable[str], words: int) -> tuple[str, ...]:
    return tuple(part for part in parts if part and len(part.split()) >= words)
