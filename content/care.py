"""How people say that they are in danger or at the end of their strength, and what is answered
then, as data.

A pattern is a row of words: `a|b` is either (`_` stands for the space inside one), `{name}` any
member of a group, `word*` a word that opens so, `word?` may be missing, `..` up to three words
between, `...` up to ten, `!a|b` not followed by these, `^` and `$` the message's two ends. Patterns
and messages are folded alike, so a pattern needs one spelling for many.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from pydantic import model_validator

from content.entry import Entry, Fact, Key, Words

LONGEST = 1_000
"""Characters looked at: whoever needs help says so early, and nobody waits for the rest."""

Language = Literal[
    "en",
    "hi",
    "zh",
    "es",
    "vi",
    "ar",
    "ne",
    "tl",
    "pa",
    "ur",
    "fa",
    "bn",
    "ta",
    "fr",
    "pt",
    "id",
    "ko",
    "ja",
    "ru",
]

_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼ＇*")
_LETTERS_FOR_SIGNS = str.maketrans("013457@$!", "oieastasi")
_SIGN_IN_WORD = re.compile(
    r"(?<=[a-z])[013457@$]+(?=[a-z])|(?<!\S)[@$](?=[a-z])|(?<=\b[a-z])!(?=[a-z])"
)
_TWICE = re.compile(r"(\D)\1+")
_SPELT_OUT = re.compile(r"(?<= )(?:[a-z] ){3,}")
_VARIANTS = str.maketrans("đıىةکیऀँ", "diيهكيंं")
_UNWRITTEN = frozenset(
    [*range(0x300, 0x370), *range(0x64B, 0x660), 0x640, 0x670, 0x93C, 0x9BC, 0xA3C]
)
"""Accents, Arabic vowel signs and dots below: people leave them out.

Other marks are letters and stay.
"""

_FEW_WORDS = r"(?:[^ ]+ ){0,3}?"
_SOME_WORDS = r"(?:[^ ]+ ){0,10}?"
_NO_SPACES = ((0x3040, 0x30FF), (0x3400, 0x9FFF))
"""Scripts without spaces: each sign is a word, for messages and patterns alike."""


def fold(text: str) -> str:
    """The words of a text between single spaces: lower case, no accents, no doubled letters,
    `k1ll` and `k i l l` as kill.
    """
    text = unicodedata.normalize("NFKC", text).lower().translate(_APOSTROPHES)
    text = _SIGN_IN_WORD.sub(lambda match: match[0].translate(_LETTERS_FOR_SIGNS), text)
    text = "".join(map(_fold_char, unicodedata.normalize("NFD", text))).translate(_VARIANTS)
    text = f" {' '.join(text.split())} "
    text = _SPELT_OUT.sub(lambda match: f"{match[0].replace(' ', '')} ", text)
    return " ".join(_TWICE.sub(r"\1", word) for word in text.split())


@lru_cache(maxsize=4_096)
def _fold_char(char: str) -> str:
    code = ord(char)
    if code in _UNWRITTEN or unicodedata.category(char) == "Cf":
        return ""
    if any(first <= code <= last for first, last in _NO_SPACES):
        return f" {char} "
    if unicodedata.category(char)[0] in "LMN":
        return char
    return " "


class Contact(Entry):
    """Somebody to turn to.

    `show` is the line, with `{reach}` where the number or address stands. `interprets`: for those
    who write in another language only.
    """

    show: Words
    reach: Fact
    interprets: bool = False


class Offer(Entry):
    """The smallest useful thing, as one tap: a command line, or the page of a source."""

    label: Words
    action: Words | None = None
    opens: Key | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Offer":
        if (self.action is None) == (self.opens is None):
            raise ValueError("an offer has either 'action' or 'opens'")
        return self


class CareKind(Entry):
    """One kind of distress.

    `patterns` by language; `nouns` name the matter only, and say nothing of oneself where the text
    is about an article, a data set and the like. `urgent`: whatever else the message asks waits.
    """

    urgent: bool = False
    say: Words
    contacts: tuple[Key, ...] = ()
    closing: Words | None = None
    offer: Offer | None = None
    patterns: Mapping[Language, tuple[Words, ...]]
    nouns: tuple[Words, ...] = ()


class Aftermath(Entry):
    """What is said for the rest of a talk after somebody was given people to turn to, where nothing
    clear is asked: each line with the `contact` below it. `lines` take turns; the others are for
    who thanks, who feels better, who says it is tiredness alone, who wants quiet.
    """

    contact: Key
    lines: tuple[Words, ...]
    thanks: Words
    better: Words
    only_tired: Words
    quiet: Words
    only_tiredness: tuple[Words, ...]
    wants_quiet: tuple[Words, ...]
    feels_better: tuple[Words, ...]


class Care(Entry):
    """`kinds` are tried in order.

    `harmless` phrases are taken out of a text before it is looked at.
    """

    contacts: Mapping[Key, Contact]
    first_words: Mapping[str, Words]
    """A human line in the language that an urgent message was written in."""
    spellings: Mapping[Words, Words]
    groups: Mapping[Key, tuple[Words, ...]]
    about: tuple[Words, ...]
    """Words of talk about articles, data sets, films: there, a noun says nothing of the speaker."""
    harmless: tuple[Words, ...]
    no_questions: tuple[Words, ...]
    """Questions that are part of the distress and ask for no fact: 'what now'."""
    kinds: Mapping[Key, CareKind]
    aftermath: Aftermath

    @property
    def every_pattern(self) -> Iterator["Pattern"]:
        """All patterns, read anew. Raises ValueError for one that cannot be read."""
        for index in (self.by_word, self.nouns_by_word, self.harmless_by_word):
            for patterns in index.values():
                yield from patterns

    @cached_property
    def by_word(self) -> Mapping[str, tuple["Pattern", ...]]:
        """The patterns that can begin with a word, in the order of the kinds."""
        rows = [
            (key, language, pattern)
            for key, kind in self.kinds.items()
            for language, patterns in kind.patterns.items()
            for pattern in patterns
        ]
        return self._index(rows)

    @cached_property
    def nouns_by_word(self) -> Mapping[str, tuple["Pattern", ...]]:
        rows = [(key, "en", pattern) for key, kind in self.kinds.items() for pattern in kind.nouns]
        return self._index(rows)

    @cached_property
    def harmless_by_word(self) -> Mapping[str, tuple["Pattern", ...]]:
        return self._index(("", "en", pattern) for pattern in self.harmless)

    @cached_property
    def no_questions_pattern(self) -> re.Pattern[str]:
        return self._any(self.no_questions)

    @cached_property
    def feels_better_pattern(self) -> re.Pattern[str]:
        return self._any(self.aftermath.feels_better)

    @cached_property
    def only_tiredness_pattern(self) -> re.Pattern[str]:
        return self._any(self.aftermath.only_tiredness)

    @cached_property
    def wants_quiet_pattern(self) -> re.Pattern[str]:
        return self._any(self.aftermath.wants_quiet)

    @cached_property
    def order(self) -> Mapping[str, int]:
        return {key: place for place, key in enumerate(self.kinds)}

    @cached_property
    def about_words(self) -> frozenset[str]:
        return frozenset(map(fold, self.about))

    @cached_property
    def spellings_by_fold(self) -> Mapping[str, str]:
        return {fold(typed): fold(meant) for typed, meant in self.spellings.items()}

    @cached_property
    def long_words(self) -> tuple[str, ...]:
        """Words of the patterns that are long enough for a slip in
        them to be told from another word.
        """
        return tuple(sorted(self.words_known))

    @cached_property
    def words_known(self) -> frozenset[str]:
        indexed = (*self.by_word.values(), *self.nouns_by_word.values())
        return frozenset(
            word for patterns in indexed for pattern in patterns for word in pattern.long_words()
        )

    def _index(self, rows: Iterable[tuple[str, str, str]]) -> Mapping[str, tuple["Pattern", ...]]:
        index: dict[str, list[Pattern]] = {}
        for kind, language, text in rows:
            pattern = Pattern(kind, language, self._one(text))
            for word in self._openings(text):
                index.setdefault(word, []).append(pattern)
        return {word: tuple(patterns) for word, patterns in index.items()}

    def _openings(self, pattern: str) -> set[str]:
        """The words that a pattern can begin with; an open ending with a star.

        Raises ValueError where it begins with no word.
        """
        # The start, no password.
        first = next(token for token in pattern.split() if token != "^")  # noqa: S105
        if first.startswith(("!", "..")) or first.endswith("?"):
            raise ValueError(f"{pattern!r} has to begin with a word")
        parts = [name for part in first.split("|") for name in self._members(part)]
        return {_opening(part) for part in parts}

    def _any(self, patterns: Iterable[str]) -> re.Pattern[str]:
        return re.compile(rf"(?<= )(?:{'|'.join(map(self._one, patterns))})")

    def _one(self, pattern: str) -> str:
        return "".join(map(self._token, pattern.split()))

    def _token(self, token: str) -> str:
        match token:
            case "..":
                return _FEW_WORDS
            case "...":
                return _SOME_WORDS
            case "^":
                return r"(?<=\A )"
            case "$":
                return r"\Z"
            case _ if token.startswith("!"):
                return rf"(?!{self._choice(token[1:])})"
            case _ if token.endswith("?"):
                return rf"(?:{self._choice(token[:-1])})?"
            case _:
                return self._choice(token)

    def _choice(self, token: str) -> str:
        return rf"(?:{'|'.join(word for part in token.split('|') for word in self._words(part))})"

    def _words(self, part: str) -> Iterator[str]:
        return map(_expression, self._members(part))

    def _members(self, part: str) -> tuple[str, ...]:
        """The members of a group, or the part itself."""
        if not part.startswith("{"):
            return (part,)
        name = part.strip("{}")
        if name not in self.groups:
            raise ValueError(f"no group {name!r}; the groups are {', '.join(self.groups)}")
        return self.groups[name]


@dataclass(frozen=True)
class Pattern:
    """What one row of words says: a kind of distress, in a language."""

    kind: str
    language: str
    expression: str

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled for the first text that has its opening word: few of hundreds ever are."""
        return re.compile(self.expression)

    def long_words(self) -> list[str]:
        return re.findall(r"[a-z]{7,}", self.expression)


def _opening(part: str) -> str:
    if part.endswith("*"):
        return f"{fold(part[:-1])}*"
    return fold(part.replace("_", " ")).partition(" ")[0]


@lru_cache(maxsize=4096)
def _expression(part: str) -> str:
    """One alternative as an expression; `#` is a number."""
    if part == "#":
        return r"\d{1,9} "
    if part.endswith("*"):
        return rf"{re.escape(fold(part[:-1]))}[^ ]{{0,30}} "
    return f"{re.escape(fold(part.replace('_', ' ')))} "
