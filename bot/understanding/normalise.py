"""The same message in fewer spellings: Unicode, emoji, slang, stretched letters, typos.

Only single words that nobody knows are corrected, and only towards this subject's vocabulary;
numbers and words under four letters are left alone, because a wrong correction is worse than none.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.command_line import tidy
from bot.extraction.numbers import with_digits
from content.language import Concept, Writing

LONGEST = 1500
"""Characters read of one message: its beginning and its end, where people put the question."""

_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼ")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_DOLLARS = re.compile(r"\$(?!\s?\d)\$*")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_GLUED = re.compile(r"\b(subclass|visa|sc|s/c|step|code)(\d+)\b|\b(\d{3})(visa)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+[+#]*|&")
_LETTERS = re.compile(r"[A-Za-z]{4,}")
_AFTER_WAIT = frozenset(
    """
    what how is are does do did can could will would should if when where who why which so but and
    i im my it its that this u you
    """.split()
)
"""After one of these a 'wait' asks for nobody to wait."""
_SHORTEST_MENDED = 3
_FEW_WORDS = 3
_SLIPS = 2
"""Of three letters that stand for a word: 'haf', and not 'btw'."""
_MOST_SLIPS = 0.8
"""Of the words of a text: with more of them unknown it is in another language."""
_PLAIN_WORD = re.compile(r"(?P<before>[(\"']?)(?P<word>[a-z]{3,30})(?P<after>[,;:!?.)\"']{0,4})")


@dataclass(frozen=True, slots=True)
class Written:
    """`plain`: the message with its typos corrected and its numbers in digits, for values.

    `words`: lower case, slang spelt out, courtesies gone from both ends (unless there is nothing
    else). `unknown`: the share of letters in words that nobody knows.
    """

    plain: str
    words: tuple[str, ...]
    unknown: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(self.words)


class Normaliser:
    """`concepts` hold words that are known; a typo is only mended towards those of `ours`, never
    into somebody else's job or country.
    """

    def __init__(
        self,
        writing: Writing,
        concepts: Iterable[Concept],
        ours: Iterable[Concept],
        spoken: Mapping[str, str],
    ) -> None:
        """`spoken`: names in words, each with how it is written."""
        slang = {**writing.slang, **spoken}
        self._slang = {tuple(key.split()): tuple(meant.split()) for key, meant in slang.items()}
        self._longest_slang = max(map(len, self._slang))
        self._slang_begins = {key[0] for key in self._slang}
        self._emoji = {**writing.emoji}
        self._alone = {**writing.alone}
        self._courtesy = sorted(
            (tuple(phrase.split()) for phrase in writing.courtesy), key=len, reverse=True
        )
        self._courtesy_begins = {phrase[0] for phrase in self._courtesy}
        self._courtesy_ends = {phrase[-1] for phrase in self._courtesy}
        literal, openings = _vocabulary(concepts)
        self._openings = openings
        domain = _vocabulary(ours)[0] | set(writing.vocabulary)
        self._domain = sorted(word for word in domain if len(word) >= 4 and word.isalpha())
        self._known = (
            english()
            | literal
            | domain
            | {word for key in self._slang for word in key}
            | {w for key in self._slang.values() for w in key}
        )
        self._right = self._known - {key[0] for key in self._slang if len(key) == 1}
        self.spelling = _checksum(
            slang,
            self._emoji,
            self._alone,
            writing.courtesy,
            self._domain,
            sorted(literal),
            openings,
        )
        """A mark of everything that decides how a text is written: the same here, the same text."""

    def __call__(self, text: str) -> Written:
        plain, words = self._taken_apart(text)
        return Written(
            " ".join(plain.split()), self._without_courtesy(words), self._share_unknown(words)
        )

    def phrase(self, text: str) -> str:
        """The words of a phrasing, of which there are thousands: what a message has besides is not
        looked at.
        """
        return " ".join(self._without_courtesy(self._taken_apart(text)[1]))

    def _taken_apart(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The message with its typos corrected and numbers in digits, and its words."""
        text = unicodedata.normalize("NFKC", shortened(text, LONGEST))
        text = tidy(shortened(text, LONGEST).translate(_DASHES))  # one sign may become eighteen
        text, bare = self._emoji_meant(text)
        text = _DOLLARS.sub(" money ", text)
        text = _GLUED.sub(lambda match: f"{match[1] or match[3]} {match[2] or match[4]}", text)
        plain = with_digits(self._corrected(text))
        words = self._spelt_out(_WORD.findall(plain.lower().translate(_APOSTROPHES)))
        return plain, words or ((bare or "help",) if bare or "?" in plain else ())

    def _corrected(self, text: str) -> str:
        if self._right.issuperset(text.split(" ")):
            return text
        return _LETTERS.sub(lambda match: self._correct(match[0]), self.mended(text))

    def mended(self, text: str) -> str:
        """The message as it was typed, but for words that nobody knows. A name in capitals, an
        address and a word with a figure in it stay; so does a text in another language, and one of
        few words.
        """
        typed = text.split(" ")
        if len(typed) <= _FEW_WORDS:
            return text
        words = [word if word in self._right else self._mended(word) for word in typed]
        if words == typed:
            return text
        slips = sum(word != before for word, before in zip(words, typed, strict=True))
        strange = sum(self._is_strange(word) for word in words)
        is_ours = strange < slips <= len(typed) * _MOST_SLIPS
        return " ".join(words) if is_ours else text

    def _is_strange(self, word: str) -> bool:
        hit = _PLAIN_WORD.fullmatch(word)
        return (
            hit is not None
            and len(hit["word"]) > _SHORTEST_MENDED
            and not self._knows(hit["word"])
            and hit["word"] not in self._slang_begins
        )

    def _mended(self, word: str) -> str:
        hit = _PLAIN_WORD.fullmatch(word)
        if hit is None:
            return word
        typed = hit["word"]
        meant = self._slang.get((typed,), ())
        is_short = len(typed) <= _SHORTEST_MENDED
        is_slip = len(meant) == 1 and not (is_short and OSA.distance(typed, meant[0]) > _SLIPS)
        if is_slip and typed not in english():
            return f"{hit['before']}{meant[0]}{hit['after']}"
        right = typed if is_short else self._correct(typed)
        return f"{hit['before']}{right}{hit['after']}"

    def _emoji_meant(self, text: str) -> tuple[str, str | None]:
        """Emoji with a meaning become words; of the others,
        what the first would mean if it were the whole message.
        """
        if text.isascii():
            return text, None
        bare = None
        out = []
        for char in text:
            if char.isascii() or char.isalnum():
                out.append(char)
            elif char in self._emoji:
                out.append(f" {self._emoji[char]} ")
            else:
                bare = bare or self._alone.get(char)
                out.append(" " if unicodedata.category(char) in ("So", "Sk", "Mn", "Cs") else char)
        return "".join(out), bare

    def _correct(self, word: str) -> str:
        lower = word.lower()
        if self._knows(lower):
            return word
        for stretch in (r"\1\1", r"\1"):
            shorter = _STRETCHED.sub(stretch, lower)
            if shorter != lower and self._knows(shorter):
                return shorter
        lower = _STRETCHED.sub(r"\1", lower)
        near = process.extract(
            lower,
            self._domain,
            scorer=OSA.distance,
            score_cutoff=1 if len(lower) < 7 else 2,
            limit=5,
        )
        alike = [
            (slips, -len(known), known) for known, slips, _ in near if _same_start(lower, known)
        ]
        if not alike:
            return word
        # Of two as near, the longer: a letter left out is the commonest slip.
        return min(alike)[2]

    def _knows(self, word: str) -> bool:
        return (
            word in self._known
            or (word.endswith("s") and word[:-1] in self._known)
            or word.startswith(self._openings)
        )

    def _spelt_out(self, words: list[str]) -> tuple[str, ...]:
        out: list[str] = []
        place = 0
        while place < len(words):
            if words[place] not in self._slang_begins:
                out.append(words[place])
                place += 1
                continue
            for length in range(min(self._longest_slang, len(words) - place), 0, -1):
                meant = self._slang.get(tuple(words[place : place + length]))
                if meant is not None:
                    out.extend(meant)
                    place += length
                    break
            else:
                out.append(words[place])
                place += 1
        return tuple(out)

    def _without_courtesy(self, words: tuple[str, ...]) -> tuple[str, ...]:
        rest = words
        again = True
        while again and rest and self._may_be_courteous(rest):
            again = False
            for phrase in self._courtesy:
                if rest[: len(phrase)] == phrase:
                    rest, again = rest[len(phrase) :], True
                if rest and rest[-len(phrase) :] == phrase:
                    rest, again = rest[: -len(phrase)], True
            if rest[:1] == ("wait",) and rest[1:2] and rest[1] in _AFTER_WAIT:
                rest, again = rest[1:], True
        return rest or words

    def _may_be_courteous(self, words: tuple[str, ...]) -> bool:
        """Whether a courtesy can stand at one of the ends: most texts have none,
        and asking so is cheap.
        """
        begins = words[0] in self._courtesy_begins or words[0] == "wait"
        return begins or words[-1] in self._courtesy_ends

    def _share_unknown(self, words: tuple[str, ...]) -> float:
        letters = sum(len(word) for word in words if word.isalpha())
        strange = sum(len(word) for word in words if word.isalpha() and not self._knows(word))
        return strange / letters if letters else 0.0


@lru_cache(maxsize=1)
def pieces() -> tuple[str, ...]:
    """MiniLM's vocabulary, one piece a line."""
    return tuple(
        resources.files("bot.understanding")
        .joinpath("model/pieces.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    )


@lru_cache(maxsize=1)
def english() -> frozenset[str]:
    """Words that need no correction: whole words of the vocabulary."""
    return frozenset(piece for piece in pieces() if len(piece) > 2 and piece.isalpha())


def _vocabulary(concepts: Iterable[Concept]) -> tuple[set[str], tuple[str, ...]]:
    """Whole words in the concept lists, and the openings ('salar*') of at least five letters."""
    literal: set[str] = set()
    openings: set[str] = set()
    for concept in concepts:
        for phrase in concept:
            for word in re.split(r"[ |]", phrase):
                if word.endswith("*"):
                    openings.add(word[:-1])
                elif word.isalpha():
                    literal.add(word)
    return literal | openings, tuple(sorted(opening for opening in openings if len(opening) >= 5))


def _checksum(*decisive: object) -> str:
    text = json.dumps(decisive, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _same_start(typed: str, meant: str) -> bool:
    return typed[0] == meant[0] or typed[:2] == meant[1::-1]


def shortened(text: str, longest: int) -> str:
    """The beginning and the end of a text that is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    return f"{text[: longest // 2]} {text[-(longest // 2) :]}"
