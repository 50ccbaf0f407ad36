"""Choices and yes-or-no questions: an option by its label, number or words;
what is mentioned in passing.
"""

import re
from collections.abc import Iterable
from typing import Final, Literal

from bot.extraction.slots.lines import NOT, Line, Read, find, spelled
from bot.extraction.spelling import corrected
from content.dialog import Option, Question

_YES = (
    "yes",
    "y",
    "yeah",
    "yep",
    "yup",
    "ya",
    "sure",
    "i do",
    "i have",
    "i did",
    "true",
    "correct",
    "aye",
)
NO = (
    "no",
    "n",
    "nope",
    "nah",
    "none",
    "never",
    "not yet",
    "i dont",
    "i havent",
    "i didnt",
    "false",
    "no i dont",
    "not really",
)

_YES_WORDS, _NO_WORDS = frozenset(_YES), frozenset(NO)
_OPEN = re.compile(
    r"\b(?:idea|clue|sure|but|maybe|and no|or no|wait|actually|test|matter|longer)\b"
)
"""What makes a yes or no at the beginning no answer: 'no idea', 'yes and no',
'yes but overseas'.
"""

_AGREED = frozenset(
    {
        *(
            "yes",
            "y",
            "yeah",
            "yea",
            "yep",
            "yup",
            "ya",
            "sure",
            "aye",
            "yes please",
            "please do",
            "do it",
            "yes do it",
            "go ahead",
        ),
        *("yes go ahead", "of course", "yes im sure", "im sure"),
    }
)
_REFUSED = frozenset(
    {
        *(
            "no",
            "n",
            "nope",
            "nah",
            "na",
            "nay",
            "no thanks",
            "no thank you",
            "never",
            "never mind",
            "nevermind",
            "dont",
            "no dont",
        ),
        *(
            "please dont",
            "dont do it",
            "not now",
            "not yet",
            "not really",
            "cancel",
            "back",
            "leave it",
            "no leave it",
        ),
    }
)
"""A whole message that says yes or no to what was just asked; with anything else in it,
it says something else.
"""


def agreement(text: str) -> Literal["yes", "no", ""]:
    """'Yep', 'nah', '/cancel': what a message says to a yes-or-no question about doing something;
    empty if neither.
    """
    line = spelled(text).removeprefix("/").replace(",", "").strip()
    if line in _AGREED or _YES_PHRASE.fullmatch(line):
        return "yes"
    if line in _REFUSED:
        return "no"
    return ""


_YES_PHRASE: Final = re.compile(
    r"(?:(?:yes|yep|yeah|yup|ok|okay|sure|alright|righto|right|please|pls|aye|absolutely"
    r"|definitely|thats right|correct) ){0,6}"
    r"(?:(?:just )?(?:go ahead|go for it|do it|do that|please do|make it so|go on(?: then)?"
    r"|im sure|i am sure|confirmed?|proceed)|yes|yep|yeah|yup|aye)"
    r"(?: (?:please|pls|then|now|mate|thanks|ta)){0,6}"
)
"""'Yep go ahead', 'yes please do it now': nothing but agreement, in more words than one."""


def yes_no(line: str) -> str | None:
    first = re.split(r"[,;]", line)[0].strip()
    if _OPEN.search(line):
        opening = ""
    else:
        opening = line.partition(" ")[0]
    said = {line, first, opening}
    agrees, declines = bool(said & _YES_WORDS), bool(said & _NO_WORDS)
    if agrees == declines:
        return None
    return "yes" if agrees else "no"


def choice(question: Question, line: str) -> str | None:
    """An option by its label, its number in the list or one of its words; the longest words win,
    two that differ are no answer.
    """
    known = {
        word: key for key, option in question.options.items() for word in _words_of(key, option)
    }
    if line in known:
        return known[line]
    if (
        line.isascii()
        and line.isdigit()
        and 1 <= int(line) <= len(question.options)
        and not any(key.isdigit() for key in question.options)
    ):
        return tuple(question.options)[int(line) - 1]
    hits = _longest(
        (hit, key)
        for word, key in known.items()
        if (hit := find(word, line)) and not NOT.search(line[: hit.start()])
    )
    if hits:
        if len(hits) != 1:
            return None
        return hits.pop()
    if " " in line:
        return None
    return corrected(line, known)


def _words_of(key: str, option: Option) -> tuple[str, ...]:
    return (key, spelled(option.label), *option.words, *option.anywhere)


def _longest(found: Iterable[tuple[re.Match[str], str]]) -> set[str]:
    """The options whose words are not part of a longer match."""
    pairs = list(found)
    spans = [hit.span() for hit, _ in pairs]
    return {
        key
        for hit, key in pairs
        if not any(
            start <= hit.start() and hit.end() <= end and (start, end) != hit.span()
            for start, end in spans
        )
    }


def anywhere(question: Question, text: Line) -> Read:
    pairs = [
        (hit, key)
        for key, option in question.options.items()
        for word in option.anywhere
        if (hit := find(word, text.words))
    ]
    pairs = [(hit, key) for hit, key in pairs if _is_had(text.words, hit)]
    meant = _longest(pairs)
    if question.highest and meant:
        return next(key for key in question.options if key in meant), text
    if len(meant) != 1:
        return None, text
    return meant.pop(), text


_TO_COME: Final = re.compile(
    r"\b(?:doing|pursuing|starting|start|do|planning|plan|want|applied for|applying for|into"
    r"|begin|beginning|currently in|get) (?:to do )?(?:a |an |my |the |online ){0,2}$"
)
_UNFINISHED: Final = re.compile(
    r"\A ?(?:(?:degree|program|course) )?(?:students?|candidates?|applicants?|scholars?|offer"
    r"|in progress|ongoing|not finished|unfinished|dropout|dropped)\b"
)
"""'PhD student', 'doing a masters': not held yet."""


def _is_had(words: str, hit: re.Match[str]) -> bool:
    before, after = words[: hit.start()], words[hit.end() :]
    is_open = _TO_COME.search(before) or _UNFINISHED.search(after)
    return not (is_open or NOT.search(before))


_ASKS_ABOUT = re.compile(
    r"\?|\b(?:points?|worth|should|how|what|cost|costs|difference|mean|means|bring|brings)\b"
)
"""'naati points', 'is a professional year worth it': about the thing, and no claim to have it."""


_PARTS = re.compile(r"[,;:.()]")


def mention(question: Question, text: Line) -> Read:
    """Named in a part of the text that does not ask about it; 'my points please: …, a professional
    year' asks in another part.
    """
    for word in sorted(question.mentions, key=len, reverse=True):
        for part in _PARTS.split(text.words) if word in text.words else ():
            hit = find(word, part)
            if hit and not _ASKS_ABOUT.search(part) and not _PLANNED.search(part):
                is_not = NOT.search(part[: hit.start()]) or _NOT_AFTER.search(part[hit.end() :])
                return ("no" if is_not else "yes"), text
    return None, text


_NOT_AFTER = re.compile(
    r"\A[ :=-]{0,3}(?:\w{1,12} ){0,3}(?:no|not|none|never|nope|nil|nothing|didnt|havent|failed|fail)\b"
)
_PLANNED = re.compile(
    r"\b(?:will|gonna|going to|plan|planning|booked|next (?:month|week|year)|preparing|pending"
    r"|waiting|later|want|wanna|might|maybe|thinking|try|trying)\b"
)
"""'NAATI next month', 'a professional year, maybe': not there yet."""
