"""What opens a message before it says anything: 'Understood. What's the charge?', 'lol ok, and the other'.

An interjection is true of every text and asks for nothing, yet a reader of meaning takes its words
for a subject. It is left out where enough is said after it.
"""

import re
from typing import Final

_ONE: Final = (
    r"(?:ok(?:ay)?|k|kk|right(?:o| so| then)?|fair(?: enough| point)?|understood|noted|got it|gotcha"
    r"|i see|ah|aha|oh|huh|uh|um|hm{1,4}|ha(?:ha){0,4}|lo{1,3}l|heh|uff|oof|ouch|ugh|wow|whoa|omg|wha{2,6}t"
    r"|damn|man|mate|sir|ma'?am|yo|cool|great|nice|good|sweet|perfect|grand|interesting|well|so|hey"
    r"|anyway|yikes|jeez|geez|good to know"
    r"|makes sense|change of topic|ok change of topic|quick one|last one|one more|fine)"
)
_OPENING: Final = re.compile(
    rf"\A\s{{0,3}}{_ONE}(?:[ ,]{{1,3}}{_ONE}){{0,3}}\s{{0,2}}[.,:!…–-]{{1,4}}\s{{1,3}}",
    re.IGNORECASE,
)
_UNMARKED: Final = re.compile(
    r"\A\s{0,3}(?:k|kk|lo{1,3}l|huh|yo|uff|oof|ouch|omg|wha{2,6}t|ha(?:ha){1,4}|hm{1,4}|wow|ah|aha)"
    r"\s{1,3}(?=[a-z])",
    re.IGNORECASE,
)
"""These are set off by themselves, with no mark after them."""
MOST: Final = 3
LEAST_WORDS: Final = 2
"""So many words have to be left."""
LONGEST: Final = 240


def without(text: str) -> str:
    """The text from the first word that says something;
    the same text where too little would be left.
    """
    if len(text) > LONGEST:
        return text
    kept = text
    for _ in range(MOST):
        shorter = _UNMARKED.sub("", _OPENING.sub("", kept, count=1), count=1)
        if shorter == kept or len(shorter.split()) < LEAST_WORDS:
            break
        kept = shorter
    return kept
