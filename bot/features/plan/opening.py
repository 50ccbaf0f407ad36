"""A message that begins the plan, and what else it says: 'right, begin at 6h, ping me mondays
7am'.

Nothing here knows the person: whether there is a plan to begin, and whether it was talked about, is
the conversation's.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.extraction.numbers import with_digits

LONGEST: Final = 240
"""Characters of a message that is read for a beginning: a longer one is a story."""
_VERB: Final = (
    r"(?:start|strt|begin|commence|lets go|let's go|(?:let'?s|lets) (?:do|start|begin)|kick (?:it )?off"
    r"|get (?:me )?(?:started|going)|(?:set|sign|hook) (?:me|us|it) up|count me in|put me down)"
)
_STARTS: Final = re.compile(rf"\b{_VERB}\b", re.IGNORECASE)
_NAMES_IT: Final = re.compile(r"\b(?:plan|course|units|programme|curriculum)\b", re.IGNORECASE)
_LEFT_UNDONE: Final = re.compile(
    r"\b(?:never|haven'?t|didn'?t|forgot to) (?:even )?start(?:ed)? (?:the|my|this) (?:\w+ )?plan\b",
    re.IGNORECASE,
)
"""'Oh, never started the plan': with hours beside it, that is to begin."""
_PIECES: Final = re.compile(
    r"[.!;,\n–—]{1,3}\s{0,3}|\s{1,3}(?=(?:and|nd|n|&|also|plus|but|then)\s)", re.IGNORECASE
)
_HOURS: Final = re.compile(
    r"(?:(?<=\s)|\A)(?P<hours>\d{1,2}(?:\.5)?)\s?-?(?:ish\s?)?(?:h|hrs?|hours?|hourly)\b"
    r"(?:\s?(?:a|per|each|every|/|in a|most)?\s?(?:weeks?|wk|w)\b|\s(?:weekly|wkly|pw)\b)?",
    re.IGNORECASE,
)
_AROUND: Final = frozenset(
    """
    all ok okay k yes yeah yea yep yup sure alright right righto cool great good fine well very fair
    enough sounds nice perfect awesome sweet lovely so and nd n then now na po please pls plz kindly
    just it that this the my our a an me us i ill id im want wanna would like to can could u you we
    lets let with w at on for of off up in going started learning study ml plan course thing bot
    pivotbot bro mate hi hii hey hello yo oi do like ish about maybe around only max game but hours
    rude haha lol as is thanks ta there oh hm hmm ah ay eh week per today straight away
    """.split()
)
"""Words beside the beginning that add nothing to it."""
_NOT_NOW: Final = re.compile(
    r"\b(?:how|when|where|why|what|should|shall|if|before|after|did|does|do i|until|once|dont|don't|not"
    r"|never|cant|can't|wont|without|whether|restart)\b",
    re.IGNORECASE,
)
"""A beginning that is asked about, imagined or denied."""
_POLITE: Final = re.compile(r"\W{0,3}(?:can|could|will|would) (?:you|u|we)\b", re.IGNORECASE)
_LEADS: Final = re.compile(
    r"\A[\s.,;:!–—-]{0,4}(?:(?:and|nd|n|&|also|plus|then|but|maybe|oh|ok)\b[\s,]{0,3}){0,4}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """`is_named`: the plan, and not only 'it'. `rest`: what else the message says, as typed."""

    hours: str = ""
    is_named: bool = False
    rest: str = ""


def hours_beside(text: str) -> str:
    """The hours a week in a message about beginning later: '3h then', 'ok 5. start in may'."""
    hit = _HOURS.search(text) or _ALONE.match(text)
    return hit["hours"] if hit else ""


_ALONE: Final = re.compile(
    r"\W{0,3}(?:(?:ok|okay|then|so|yes|say|lets say)[, ]{1,3}){0,3}(?P<hours>\d{1,2})\s{0,2}(?:then)?[.,;]",
    re.IGNORECASE,
)


def opening(text: str) -> Opening | None:
    """The beginning of a plan that a message is, or holds; None for any other."""
    if len(text) > LONGEST:
        return None
    text = with_digits(text.strip())
    if _LEFT_UNDONE.search(text) and (hours := _hours_in(text)) and "?" not in text:
        return Opening(hours=hours, is_named=True)
    for start, end in _pieces(text):
        piece = text[start:end]
        if _STARTS.search(piece) and _says_only_that(piece):
            return _with_rest(piece, text[:start], text[end:])
    return None


def _pieces(text: str) -> tuple[tuple[int, int], ...]:
    """Where each part of the message stands."""
    cuts = [0]
    for hit in _PIECES.finditer(text):
        cuts += [hit.start(), hit.end()]
    cuts.append(len(text))
    return tuple(zip(cuts[::2], cuts[1::2], strict=True))


def _says_only_that(piece: str) -> bool:
    """Whether the piece begins the plan, and says nothing besides but the hours."""
    is_asked = piece.rstrip().endswith("?") and not _POLITE.match(piece)
    return not is_asked and not _NOT_NOW.search(piece) and _is_bare(piece)


def _is_bare(piece: str) -> bool:
    rest = _STARTS.sub(" ", _HOURS.sub(" ", piece))
    words = {word for word in re.findall(r"[a-z']+|\d+", rest.lower()) if not word.isdigit()}
    return words <= _AROUND and not re.search(r"\d", rest)


def _with_rest(piece: str, before: str, after: str) -> Opening:
    """The opening with what stands around it; hours that stand alone beside it are its own."""
    hours = _hours_in(piece)
    kept: list[str] = []
    for part in (before, after):
        bare = _HOURS.sub(" ", part)
        if _is_bare(part):
            hours = hours or _hours_in(part)
        elif not hours and len(_HOURS.findall(part)) == 1 and _is_bare(_up_to_next(part)):
            hours = _hours_in(part)
            kept.append(bare)
        else:
            kept.append(part)
    rest = " ".join(_LEADS.sub("", one).strip(" ,;–—-") for one in kept).strip()
    is_named = bool(_NAMES_IT.search(piece))
    return Opening(hours=hours, is_named=is_named, rest=rest)


def _up_to_next(part: str) -> str:
    """The part up to the end of the piece that holds its hours."""
    return next((one for one in _PIECES.split(part) if one and _HOURS.search(one)), "")


def _hours_in(words: str) -> str:
    hit = _HOURS.search(words)
    return hit["hours"] if hit else ""
