"""What questions are about: a visa, a code, a level, a test, a place, a unit of the plan, each with
its names and facts.

Which words speak of which subject is found here too, so that an answer about the 189 is never given
to a question about the 190.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Kind = Literal[
    "visa", "code", "level", "english_test", "english_level", "occupation_list", "place", "unit"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

_WORD = re.compile(r"[^\W_]+[+#]*|&")
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼ")


@dataclass(frozen=True, slots=True)
class Mention:
    """A text speaks of this subject."""

    kind: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """`name` stands in a sentence, `typed` in a question; `names` are all that people type, in
    lower case.

    `fills`: what a text about it may name in braces; a value may itself name facts by where they
    stand.
    """

    kind: Kind
    key: str
    name: str
    typed: str
    names: tuple[str, ...]
    page: str
    """The command line of the page that tells more."""
    fills: Mapping[str, str] = field(default_factory=dict)
    rests_on: tuple[str, ...] = ()

    @property
    def mention(self) -> Mention:
        return Mention(self.kind, self.key)


class MentionFinder:
    """Finds what a text speaks of, by the names of the subjects and by the numbers of visas,
    codes and units.
    """

    def __init__(self, subjects: Iterable[Subject], other_visas: Collection[str] = ()) -> None:
        """`other_visas`: numbers that mean a visa even without the word."""
        self._other_visas = frozenset(other_visas)
        self._by_first: dict[str, list[tuple[tuple[str, ...], Mention]]] = {}
        for subject in subjects:
            for name in subject.names:
                words = tokens(name)
                self._by_first.setdefault(words[0], []).append((words, subject.mention))
        for named in self._by_first.values():
            named.sort(key=lambda pair: -len(pair[0]))

    def __call__(self, words: tuple[str, ...]) -> frozenset[Mention]:
        """What these words mention; of two names at one place the longer counts."""
        found: set[Mention] = set()
        place = 0
        while place < len(words):
            if not self._may_name(words[place]):
                place += 1
                continue
            mention, length = self._at(words, place)
            if mention:
                found.add(mention)
            place += length
        return frozenset(found)

    def _may_name(self, word: str) -> bool:
        """Whether a name or a number can begin with this word: most begin nothing,
        and asking so is cheap.
        """
        known = self._by_first
        return word in known or word.removesuffix("s") in known or word[0].isdecimal()

    def _at(self, words: tuple[str, ...], place: int) -> tuple[Mention | None, int]:
        word = words[place]
        if word not in self._by_first:
            word = word.removesuffix("s")  # 'seniors'
            words = (*words[:place], word, *words[place + 1 :])
        if not word or (word not in self._by_first and not word[0].isdecimal()):
            return None, 1
        if _is_counted(words, place):
            return None, 1
        for name, mention in self._by_first.get(word, ()):
            if words[place : place + len(name)] == name:
                return mention, len(name)
        return (self._mention_of_number(words, place) if word[0].isdecimal() else None), 1

    def _mention_of_number(self, words: tuple[str, ...], place: int) -> Mention | None:
        """A visa or code that is no subject of ours is a mention all the same:
        it keeps others' answers away.
        """
        word = words[place]
        if re.fullmatch(r"[1-3]\d{5}", word) and not word.endswith(("000", "500")):
            return Mention("code", word)
        if re.fullmatch(r"[1-8]\d\d", word):
            near = {*words[max(0, place - 1) : place], *words[place + 1 : place + 2]}
            if near & _VISA_WORDS or (word in self._other_visas and not near & _TESTS):
                return Mention("visa", word)
        return None


_VISA_WORDS = frozenset({"visa", "visas", "subclass", "sc", "v"})
_COUNTED = frozenset(
    "k thousand grand dollars aud bucks hours days people percent weeks minutes".split()
)
_TESTS = frozenset({"toefl", "oet", "cambridge", "celpip", "languagecert", "duolingo", "cae"})


def _is_counted(words: tuple[str, ...], place: int) -> bool:
    """'190 days' and '190k' are no visa."""
    following = words[place + 1 : place + 2]
    return words[place].isdecimal() and bool(set(following) & _COUNTED)


MOST_WORDS: Final = 200
"""Words of a text that are looked at: who asks for something says what within these."""


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, without apostrophes and punctuation."""
    return tuple(_WORD.findall(text.lower().translate(_APOSTROPHES)))[:MOST_WORDS]
