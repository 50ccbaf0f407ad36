"""Which language a text is in that is no English, and what it is about:
enough for one line in it and the nearest page.
"""

import re
import unicodedata
from collections.abc import Iterable

from content.care import fold
from content.content import Content
from content.other_language import OtherLanguage

_LETTERS = {"DEVANAGARI": "devanagari", "CJK": "han", "ARABIC": "arabic", "GURMUKHI": "gurmukhi"}
_PLAIN = re.compile(r"[a-zA-Z0-9$][a-zA-Z0-9.,$]*")
_FEWEST_WORDS = 2
"""Latin letters belong to many languages: one word alone tells them apart too rarely."""


def language_of(content: Content, text: str) -> str:
    """The key of the language; empty where it is none that the content knows."""
    words = f" {fold(text)} "
    letters = _letters(text)
    here = {key: each for key, each in content.languages.items() if each.letters == letters}
    if not here:
        return ""
    counts = {key: _count(each.words_by_fold, words) for key, each in here.items()}
    best = max(counts, key=lambda key: counts[key])
    if letters != "latin" or counts[best] >= _FEWEST_WORDS:
        return best
    return ""


def subjects_of(language: OtherLanguage, text: str) -> tuple[str, ...]:
    """The commands whose matter the text names."""
    words = f" {fold(text)} "
    return tuple(key for key, named in language.subjects_by_fold.items() if _count(named, words))


def in_english(content: Content, text: str) -> str:
    """The names and numbers of a text in another script, as an English one that can be read:
    'points visa 189'. Empty where there is no number in it, because the words alone say too little.
    """
    if not text.isascii():
        key = language_of(content, text)
    else:
        key = ""
    plain = _PLAIN.findall(text)
    if not key or not any(word[0].isdigit() for word in plain):
        return ""
    subjects = subjects_of(content.languages[key], text)
    if not subjects:
        return ""
    return " ".join((*subjects, *plain))


def _count(phrases: Iterable[str], words: str) -> int:
    return sum(words.count(f" {phrase} ") for phrase in phrases)


def _letters(text: str) -> str:
    """The script that the text is written in; where it mixes scripts, the one that is not Latin."""
    names = (unicodedata.name(char, "").partition(" ")[0] for char in text if char.isalpha())
    return next((_LETTERS[name] for name in names if name in _LETTERS), "latin")
