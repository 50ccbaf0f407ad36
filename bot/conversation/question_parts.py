"""What a longer message asks: its question without the story before it, and what somebody is reported to say.

'Hi, I am X from Y, six years in Z. which code do they use' asks its last clause; 'my agent keeps saying 95 is a must' wants what the
sources have on what the agent says. The words around it are true, and make every answer look far.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.understanding.acts import Utterance

LONGEST: Final = 400
"""Characters in which a report is looked for."""
LEAST_WORDS: Final = 3
"""A question of fewer words leans on the clause before it: 'right?'"""

_TELLERS: Final = (
    r"(?:my|our|the|a|an|some|this|that|one|another|every)(?: \w{1,20}){1,4}?"
    r"|(?:every|some)(?:one|body)(?: \w{1,20}){0,4}?|people|they|he|she"
    r"|(?:agent|recruiter|mate|friend|colleague|consultant|lawyer|teacher|boss|cousin|uncle|brother|sister)s?"
    r"|seek|linkedin|indeed|glassdoor|reddit|google|youtube|tiktok|chatgpt|gpt|whatsapp|facebook"
    r"|levels fyi|the internet"
)
_SAYS: Final = (
    r"(?:(?:is|was|are|were|keeps?|kept) (?:saying|telling|claiming|insisting)|says?|said|saying|reckons?|claims?|claimed"
    r"|swears?|swore|thinks|believes|insists?|tells|told|mentioned|wrote|writes|posted|has it)"
)
_REPORT: Final = re.compile(
    rf"\b(?:(?:{_TELLERS}) {_SAYS}(?: (?:me|us|him|her|them|everyone))?|i(?:'?ve)? (?:heard|read|seen|saw)(?: somewhere)?"
    r"|(?:(?:i(?:'?m| am| was|'?ve been)?|got|been|was) told)|heard|read|apparently|supposedly|rumou?r(?: has it| is)?|word is)"
    r"(?: that|,| i should (?:use|take|pick|go for)| to (?:use|take|pick|go for))? (?P<said>\S.*)",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(
    r",? (?:tho|though|but|lol|haha|mate|idk|and i|so i|, i)\b.*$", re.IGNORECASE
)


def asking_clause(utterance: Utterance) -> str:
    """The last clause that asks, where others come before or after it; '' for a text that is one clause, or asks nothing."""
    clauses = utterance.clauses
    asking = [place for place, one in enumerate(clauses) if one.mood == "asked"]
    if not asking or len(clauses) < 2:
        return ""
    place = asking[-1]
    found = clauses[place]
    if len(found.text.split()) < LEAST_WORDS and place:
        return utterance.text[clauses[place - 1].start : found.end].strip()
    return found.text


def reported(text: str) -> str:
    """What somebody or something is reported to say: 'the 190 needs 95' of 'my agent swears the 190 needs 95'; '' for none."""
    hit = _REPORT.search(text[:LONGEST])
    if hit is None:
        return ""
    return _ASIDE.sub("", _FIRST.split(hit["said"])[0]).strip()


_FIRST: Final = re.compile(r"[.;!?\n]\s|,\s(?!\d)")
"""Where what is reported ends."""


def parts(utterance: Utterance) -> Iterator[tuple[str, bool]]:
    """The stretches of a text that ask by themselves, and whether each is a report."""
    if report := reported(utterance.text):
        yield report, True
    clause = asking_clause(utterance)
    if clause and clause != utterance.text.strip():
        yield clause, False
