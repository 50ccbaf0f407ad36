"""Which occupation a question is about: the one that is named, or the default one.

Shared by the answers about work.
"""

import re

from bot.core.events import Said
from bot.core.reply import Choices, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from content.content import Content
from content.occupation import Occupation

_NOISE = re.compile(
    r"\b(?:an?|the|as|for|of|in|to|about|job|role|work|position|australia|aus)\b", re.IGNORECASE
)
"""Words that only tie a name to a sentence: 'salary for an ML engineer in Australia'."""


def default(content: Content) -> Occupation:
    """The occupation that is meant when none is named."""
    return next(occupation for occupation in content.occupations.values() if occupation.default)


def split(content: Content, words: str, sentence: str = "") -> tuple[Occupation, str]:
    """The occupation that the words name, and the words without its name.

    Where they name none, the one of the `sentence` that they were understood from; otherwise the
    default one.
    """
    named, rest = _name_in(content, words)
    if named is None and sentence:
        named, _ = _name_in(content, sentence)
    return named or default(content), rest


def sentence(request: Request) -> str:
    """The whole text behind the question, where it was typed."""
    if isinstance(request.event.body, Said):
        return request.event.body.text
    return ""


def _name_in(content: Content, words: str) -> tuple[Occupation | None, str]:
    """The occupation with the longest name among the words."""
    said = words.lower()
    pairs = [
        (name, occupation)
        for occupation in content.occupations.values()
        for name in occupation.called
        if name in said
    ]
    for name, occupation in sorted(pairs, key=lambda pair: -len(pair[0])):
        rest, found = re.subn(rf"(?<!\w){re.escape(name)}(?!\w)", " ", words, flags=re.IGNORECASE)
        if found:
            return occupation, " ".join(rest.split())
    return None, " ".join(words.split())


def without_noise(words: str) -> str:
    """The words that may carry something."""
    return " ".join(_NOISE.sub(" ", words).split())


MOST_ECHOED = 40


def echoed(words: str) -> str:
    """What was typed, short enough to be quoted back."""
    if len(words) <= MOST_ECHOED:
        return words
    return f"{words[: MOST_ECHOED - 1]}…"


def prefix(occupation: Occupation) -> str:
    """What names the occupation in a command line: nothing for the default one,
    else its short name and a space.
    """
    if occupation.default:
        return ""
    return f"{occupation.short.lower()} "


def only_these(request: Request, words: str) -> Turn:
    """'I only cover …', for an occupation without a file."""
    covered = tuple(request.content.occupations.values())
    names = request.text("list_join").join(occupation.plural for occupation in covered)
    taps = tuple(
        Tap(occupation.short, f"{request.command} {prefix(occupation)}".strip())
        for occupation in covered
    )
    return request.answer(
        paragraph(request.text("only_these", words=echoed(words), occupations=names)),
        Choices((*taps, Tap(request.text("tap_all_commands"), "help"))),
        remember=False,
    )
