"""What somebody or something is reported to say: 'the 190 needs 95' of 'my agent swears the 190
needs 95, true?'.

An agent, a friend, a site or hearsay: what they say is nobody's fact here, and whether it is so is
what is asked.
"""

import re
from typing import Final

LONGEST: Final = 400
"""Characters in which a report is looked for."""

_TELLERS: Final = (
    r"(?:my|our|the|a|an|some|this|that|one|another|every)(?: \w{1,20}){1,5}?"
    r"|(?:every|some|any)(?:one|body)(?: \w{1,20}){0,4}?|people(?: \w{1,20}){0,3}?|they|he|she"
    r"|(?:agent|recruiter|mate|friend|colleague|consultant|lawyer|teacher|boss|cousin|uncle"
    r"|brother|sister)s?"
    r"|seek|linkedin|indeed|glassdoor|reddit|google|youtube|tiktok|chatgpt|gpt|whatsapp|facebook"
    r"|levels fyi|the internet"
)
_SAYS: Final = (
    r"(?:(?:is|was|are|were|keeps?|kept) (?:saying|telling|claiming|insisting)|says?|said"
    r"|saying|reckons?|reckoned|claims?|claimed"
    r"|swears?|swore|thinks|believes|insists?|tells|told|mentioned|wrote|writes|posted|has it)"
)
_WHO_SAYS: Final = (
    rf"(?:(?:{_TELLERS}) {_SAYS}(?: (?:me|us|him|her|them|everyone))?|i(?:'?ve"
    r"| have)? (?:just )?(?:heard|read|seen|saw)(?: somewhere)?"
    r"|(?:(?:i(?:'?m| am| was|'?ve been)?|got|been|was) told)|heard|read|saw|apparently"
    r"|supposedly|rumou?r(?: has it| is)?|word is)"
)
_REPORT: Final = re.compile(
    rf"\b{_WHO_SAYS}(?: that|,| i should (?:use|take|pick|go for)| to (?:use|take|pick"
    r"|go for))? (?P<said>\S.*)",
    re.IGNORECASE,
)
_FILLERS: Final = (
    r"\A\W{0,3}(?:(?:so|and|but|hey|hmm|ok|um|also|well|wait|btw|oh|hang on|actually"
    r"|lol)[, ]{1,3}){0,3}"
)
_WHENCE: Final = (
    r"(?:that |somewhere |online |on \w{1,20} |from \w{1,20} (?:\w{1,20} )?|at work |today "
    r"|yesterday |how ){0,3}"
)
_RUMOUR: Final = re.compile(
    rf"{_FILLERS}(?:{_WHO_SAYS}|(?:{_TELLERS}) (?:heard|read|thought|think)"
    r"|is it (?:really )?true(?: that)?|true(?: that)?)"
    rf"[, ]{{1,3}}{_WHENCE}(?P<said>.{{6,400}})\Z",
    re.IGNORECASE | re.DOTALL,
)
_TRUE: Final = re.compile(
    r"[,. ]{0,3}(?:(?:is (?:that|it|this) )?(?:true|right|correct|legit|real)|yeah|no|or not"
    r"|is it|hey)?\W{0,4}\Z",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r",? (?:tho|though|but|lol|haha|mate|idk|and i|so i|, i)\b.*$", re.IGNORECASE
)
_FIRST: Final = re.compile(r"[.;!?\n]\s|,\s(?!\d)")
"""Where what is reported ends."""


def reported(text: str) -> str:
    """What is reported anywhere in the text, without what its writer says of it; '' for none."""
    hit = _REPORT.search(text[:LONGEST])
    if hit is None:
        return ""
    return _ASIDE.sub("", _FIRST.split(hit["said"])[0]).strip()


def rumour(text: str) -> str:
    """All that a text says which opens by saying where it was heard, or asks whether it is true;
    '' for another text.
    """
    hit = _RUMOUR.match(text[:LONGEST])
    if not hit:
        return ""
    return _TRUE.sub("", hit["said"])
