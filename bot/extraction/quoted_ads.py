"""A job ad quoted inside a message: which part is the ad, and what is asked about it.

'saw this ad - ML Engineer, 130-145k package, 3+ yrs. any good for 5 years' → the ad, and 'any good
for 5 years'. The ad is somebody else's text; only what is asked is the speaker's.
"""

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 900
_QUOTED: Final = re.compile(
    r"[\"“](?P<double>[^\"“”]{20,700})(?:[\"”]|\Z)|(?<![\w])['‘](?P<single>.{20,700})['’](?!\w)",
    re.DOTALL,
)
_CUE: Final = re.compile(
    r"\b(?:(?:job |this |the |an |another )?(?:ad|adv|advert|advertisement|jd|listing|posting"
    r"|job ?post|job description|vacancy)"
    r"|(?:saw|seen|found|spotted|got sent|sent me|sent|forwarded|messaged|emailed|pinged)"
    r" (?:me )?(?:this|that|a|an|one)(?: one| role| job| position)?)\b"
    r"(?: (?:on|from|in|for|at) \w{2,14})?(?: (?:says?|reads?|goes|is|with|for))?\s{0,2}[:,–-]?",
    re.IGNORECASE,
)
_PIECE: Final = re.compile(r"[.?!;\n](?!\d)|,(?!\d)")
_ASKS: Final = re.compile(
    r"\A\s{0,3}(?:(?:so|and|but|ok|hey|hi|um|well|any|just|pls|please|now|then) ){0,3}"
    r"(?:is|isnt|does|do|did|would|should|could|can|are|am|was|what|whats|what's|how|hows|which"
    r"|who|why|when|fair|good|decent|ok|okay|thoughts|worth|legit|reasonable|low|high|if|im|i'm"
    r"|i|my|me|for|seems|looks|not|too)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedAd:
    """`is_quoted`: it stood between quotation marks, so that no word of it is the speaker's."""

    ad: str
    question: str
    is_quoted: bool


def part(text: str) -> QuotedAd | None:
    """The ad and the question; None where nothing says that an ad is quoted."""
    text = text[:LONGEST]
    if hit := _QUOTED.search(text):
        around = f"{text[: hit.start()]} {text[hit.end() :]}"
        ad = hit["double"] or hit["single"]
        return QuotedAd(ad=ad, question=" ".join(around.split()), is_quoted=True)
    cue = _CUE.search(text)
    if cue is None:
        return None
    before, pieces = text[: cue.start()], _PIECE.split(text[cue.end() :])
    asked = [piece for piece in pieces if _ASKS.match(piece)]
    told = [piece for piece in pieces if piece not in asked]
    return QuotedAd(
        ad=", ".join(told).strip(), question=" ".join((before, *asked)).strip(), is_quoted=False
    )
