"""What a message takes back of itself: 'make it fridays. no wait sundays', 'put 10. hmm nah 6'.

The last value of a kind counts, a day or a number; the one before it is as if never said.
"""

import re
from typing import Final

_DAY: Final = r"(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:s|days?|nesdays?|urdays?)?"
_NUMBER: Final = r"\d{1,3}(?:[.:]\d{1,2})?(?:\s?(?:am|pm|h|hrs?|hours?)\b)?"
_TAKES_BACK: Final = (
    r"[\s,.;…–-]{1,4}(?:(?:hmm{0,3}|oh|ah|um|uh|ok|sorry|hang on)[\s,.…]{1,4}){0,2}"
    r"(?:(?:no|nah|nope|no wait|wait|scratch that|actually|i mean|rather)[\s,.…]{1,4}){1,3}"
    r"(?:(?:make (?:it|that)|more like|say|let'?s say|put|do|try)\s{1,3}){0,2}"
)
_CORRECTED: Final = tuple(
    re.compile(rf"\b{kind}\b{_TAKES_BACK}(?P<new>{kind})(?![\w%])", re.IGNORECASE)
    for kind in (_DAY, _NUMBER)
)
_HALF_BEFORE: Final = re.compile(
    r"\b(?:arvo|afternoon|evening|night)s?,? (?:at |about |around )?"
    r"(?P<hour>\d{1,2}(?:[.:]\d\d)?)[.!]?\Z",
    re.IGNORECASE,
)
MOST: Final = 3
"""So often a message changes its mind."""
LONGEST: Final = 160
_IN_STEPS: Final = re.compile(r"\bsteps?\b|\bpoints?\b|\$", re.IGNORECASE)
"""Numbers beside these stand for themselves."""


def last_said(text: str) -> str:
    """The text with the last value of each correction alone; the same text where nothing is
    taken back.
    """
    if len(text) > LONGEST or _IN_STEPS.search(text):
        return text
    kept = text
    for _ in range(MOST):
        for pattern in _CORRECTED:
            kept = pattern.sub(lambda hit: hit["new"], kept, count=1)
    return kept if kept == text else _HALF_BEFORE.sub(r"\g<hour>pm", kept)
