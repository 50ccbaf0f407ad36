"""What somebody typed, out of Slack's markup: links and mentions as words, entities as characters."""

import re

from adapters.slack.emoji import emoji

_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_NAMELESS = {"@": "someone", "#": "channel"}
"""Slack sends the id of a person or channel, often without the name that its author sees;
an id is no word.
"""
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("&(?:lt|gt|amp);")
STRAIGHT_QUOTES = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u00a0": " ",
        "\u202f": " ",
        "\x00": " ",
    }
)


def plain(text: str) -> str:
    """A message as its author sees it: Slack's escapes, emoji, mentions and links undone,
    typographic quotes straightened.
    """
    text = _ENTITY.sub(lambda match: _ENTITIES[match[0]], emoji(_MARKUP.sub(_words_of_link, text)))
    text = text.translate(STRAIGHT_QUOTES).strip()
    if text.startswith("`") and text.endswith("`"):
        return text.strip("`").strip()
    return text


def _words_of_link(match: re.Match[str]) -> str:
    sign, target, label = match[1], match[2], match[3] or ""
    if sign in _NAMELESS:
        return f"{sign}{label or _NAMELESS[sign]}"
    if sign == "!":
        return label or f"@{target}"
    address = target.removeprefix("mailto:").removeprefix("tel:")
    if not label or label in address:
        return label or address
    return f"{label} {address}"
