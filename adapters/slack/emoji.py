"""Slack's codes for emoji become the emoji that the writer saw. Pure.

Slack hands an app `:+1::skin-tone-3:` for 👍🏼, also where the emoji was typed. A workspace's own
emoji is a picture that exists nowhere else: its code, where it stands apart, becomes nothing.
"""

import re
from functools import lru_cache
from importlib import resources

_CODE = re.compile(r":(?P<name>[^\s:<>/]{1,100}):(?::skin-tone-(?P<tone>[2-6])(?:-[2-6])?:)?")
_TONES = {str(number): chr(0x1F3F9 + number) for number in range(2, 7)}
_EMOJI_STYLE = "\ufe0f"


def emoji(text: str) -> str:
    """`text` with every code of an emoji as that emoji; a name that nobody knows,
    apart from words, is left out.
    """
    if ":" in text:
        return _CODE.sub(_emoji_of, text)
    return text


def _emoji_of(match: re.Match[str]) -> str:
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    known = _names().get(match["name"])
    if known is not None:
        within_word = before.isalnum() and after.isalnum()
        if within_word:
            return match[0]
        return _with_tone(known, match["tone"])
    apart = all(char.isspace() or char == ":" for char in before + after)
    if apart and _is_name(match["name"]):
        return " "
    return match[0]


def _with_tone(known: str, tone: str | None) -> str:
    if tone is None:
        return known
    return known[0] + _TONES[tone] + known[1:].removeprefix(_EMOJI_STYLE)


def _is_name(name: str) -> bool:
    """Whether it may be the name of some workspace's own emoji;
    '30' between two colons is part of a clock time.
    """
    return bool(re.search(r"[^\W\d]{2}", name))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Emoji by their names, from the file beside this module: a line is an emoji and its names."""
    text = resources.files("adapters.slack").joinpath("emoji_names.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if not line.startswith("# "))
    return {name: shown for shown, *names in rows for name in names}
