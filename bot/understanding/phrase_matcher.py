"""Finding the concept lists' phrases in a message's words, in one pass.

The small pattern language is described at the head of content/language/concepts.yaml: alternatives,
open endings, a gap of up to four words, and the message's two ends.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from content.language import Concept

GAP = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """`words[start:end]` mentions `concept`."""

    concept: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Spot:
    """One place of a phrase: any of these words, or a word that opens like one of these."""

    words: frozenset[str]
    openings: tuple[str, ...]

    def takes(self, word: str) -> bool:
        return word in self.words or (bool(self.openings) and word.startswith(self.openings))


@dataclass(frozen=True, slots=True)
class _Phrase:
    concept: str
    spots: tuple[_Spot | None, ...]
    """None is a gap."""
    at_start: bool
    at_end: bool


class Phrasebook:
    def __init__(self, concepts: Mapping[str, Concept]) -> None:
        self._by_word: dict[str, list[_Phrase]] = defaultdict(list)
        self._by_opening: dict[str, list[tuple[str, _Phrase]]] = defaultdict(list)
        for concept, phrases in concepts.items():
            for text in phrases:
                phrase = _parse(concept, text)
                first = phrase.spots[0]
                if first is None:
                    raise ValueError(f"concept {concept!r}: a phrase cannot begin with a gap")
                for word in first.words:
                    self._by_word[word].append(phrase)
                for opening in first.openings:
                    self._by_opening[opening[:3]].append((opening, phrase))

    def hits(self, words: Sequence[str]) -> tuple[Hit, ...]:
        return tuple(hit for place in range(len(words)) for hit in self._from(words, place))

    def _from(self, words: Sequence[str], place: int) -> Iterator[Hit]:
        word = words[place]
        candidates: Iterable[_Phrase] = self._by_word.get(word, ())
        opened = [
            phrase
            for opening, phrase in self._by_opening.get(word[:3], ())
            if word.startswith(opening)
        ]
        for phrase in (*candidates, *opened):
            if phrase.at_start and place > 0:
                continue
            for end in _ends(words, place + 1, phrase.spots[1:]):
                if not phrase.at_end or end == len(words):
                    yield Hit(phrase.concept, place, end)
                    break


def _ends(words: Sequence[str], place: int, spots: tuple[_Spot | None, ...]) -> Iterator[int]:
    """Where the rest of a phrase can end, nearest first."""
    if not spots:
        yield place
        return
    spot, *rest = spots
    if spot is None:
        for skipped in range(GAP + 1):
            yield from _ends(words, place + skipped, tuple(rest))
    elif place < len(words) and spot.takes(words[place]):
        yield from _ends(words, place + 1, tuple(rest))


def _parse(concept: str, text: str) -> _Phrase:
    parts = text.split()
    at_start, at_end = parts[0] == "^", parts[-1] == "$"
    spots = tuple(None if part == ".." else _spot(part) for part in parts if part not in ("^", "$"))
    return _Phrase(concept, spots, at_start, at_end)


def _spot(part: str) -> _Spot:
    choices = part.split("|")
    openings = tuple(choice[:-1] for choice in choices if choice.endswith("*"))
    if any(len(opening) < 3 for opening in openings):
        raise ValueError(f"{part!r}: an open ending needs at least three letters before it")
    return _Spot(frozenset(choice for choice in choices if not choice.endswith("*")), openings)
