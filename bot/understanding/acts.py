"""A message as clauses with dialogue acts: what somebody does with their words, whose facts they state, and how they are meant.

Only what a speaker states about themselves is theirs: a clause has a stance, which says whose fact it is and whether it is stated,
asked, doubted, imagined or denied. Words are content (content/language/acts.yaml); nothing here knows what an act leads to.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final, Literal

from bot.core.latest_texts import of_latest
from content.acts import ActPattern, Acts

Holder = Literal["self", "partner", "other"]
Mood = Literal["stated", "asked", "doubted", "hypothetical"]

LONGEST: Final = 1500
"""Characters looked at of one message."""

_LETTER: Final = r"(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0963\u0970-\u0dff\u0e31-\u0e4e])"
"""With the vowel signs of Indian scripts and Thai, and accents typed apart: they are parts of a word."""
_WORD: Final = re.compile(
    rf"\d+(?:[.,]\d+)*|{_LETTER}+(?:['’‘`´ʼ]{_LETTER}+)*[+#]*|\d+[a-z]+", re.IGNORECASE
)
_MARKS: Final = dict.fromkeys(map(ord, "'’‘`´ʼ"))
_BREAK: Final = re.compile(
    r"[!?;\n]{1,9}|\.{1,9}(?=\s|$)|,(?!\d{3}\b)|:(?=\s)|\s[-–—]+\s"
    r"|\s(?=(?:and|but|so|while|whereas) (?:my|i|im|i'm|he|she|his|her|the|we|what|how|is|are|do|does|can|will|which|when|who)\b)"
    r"|\s(?=but\b)",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(r"[.!?;\n]")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as compared, and where it stands in the text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`kind` on `text[start:end]`, with how sure that is."""

    kind: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A stretch of the text with one stance."""

    text: str
    start: int
    end: int
    holder: Holder = "self"
    mood: Mood = "stated"
    acts: tuple[Act, ...] = ()
    is_opening: bool = False
    """Nothing but words that open another clause: 'one doubt', 'hold on'."""

    def does(self, *kinds: str) -> bool:
        return any(act.kind in kinds for act in self.acts)

    @property
    def is_mine(self) -> bool:
        """A fact that the speaker states of themselves."""
        return self.holder == "self" and self.mood == "stated"


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """A text in clauses."""

    text: str
    clauses: tuple[Clause, ...]

    @cached_property
    def line(self) -> str:
        """The text as `plain` has it."""
        return plain(self.text)

    def does(self, *kinds: str) -> bool:
        return any(clause.does(*kinds) for clause in self.clauses)

    @property
    def asks(self) -> bool:
        """Some clause asks for something rather than telling it."""
        return any(clause.mood == "asked" for clause in self.clauses)

    def acts(self, kind: str) -> Iterator[Act]:
        return (act for clause in self.clauses for act in clause.acts if act.kind == kind)


@of_latest
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text, in lower case and without apostrophes, each with its place."""
    return tuple(
        Token(hit[0].translate(_MARKS).lower(), hit.start(), hit.end())
        for hit in _WORD.finditer(text[:LONGEST])
    )


@of_latest
def plain(text: str) -> str:
    """Words between single spaces, with one before the first and after the last: what patterns are looked for in."""
    return f" {' '.join(token.word for token in tokens(text))} "


MOST_CLAUSES: Final = 40
"""Nobody says more at once; a text of commas alone has thousands."""


def utterance(acts: Acts, text: str, *, named: Holder = "other") -> Utterance:
    """Take a text apart. Raises nothing: any text is at least one clause. `named`: whom a bare 'she' means."""
    text = text[:LONGEST]
    clauses: list[Clause] = []
    holder: Holder = "self"
    for start, end in islice(_stretches(text), MOST_CLAUSES):
        words = tokens(text[start:end])
        said = _holder(acts, tuple(token.word for token in words), holder, named)
        named = said if said != "self" else named
        holder = said
        clauses.append(_clause(acts, text, (start, end), words, said))
        if end < len(text) and _ENDS.match(text, end):
            holder = "self"
    return Utterance(text=text, clauses=tuple(clauses))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Where clauses stand, with any closing mark left outside; a text without words is one clause."""
    start, found = 0, False
    for hit in _BREAK.finditer(text):
        if _WORD.search(text, start, hit.start()):
            found = True
            yield start, hit.start()
        start = hit.end()
    if _WORD.search(text, start) or not found:
        yield start, len(text)


def _clause(
    acts: Acts, text: str, place: tuple[int, int], words: tuple[Token, ...], holder: Holder
) -> Clause:
    start, end = place
    found = set(_matches(acts, _line(words), words, start))
    if opening := _opening(words):
        rest = words[opening:]
        found |= set(_matches(acts, _line(rest), rest, start))
    kinds = frozenset(act.kind for act in found)
    is_question = text[end : end + 2].strip().startswith("?")
    return Clause(
        text=text[start:end].strip(),
        start=start,
        end=end,
        holder=holder,
        mood=_mood(kinds, _line(words[opening:]), is_question=is_question),
        acts=tuple(act for act in sorted(found, key=_order) if act.kind not in _MOODS),
        is_opening=len(words) > 1 and all(token.word in _OPENINGS for token in words),
    )


_MOODS: Final = frozenset(["asked", "doubted", "hypothetical"])


def _order(act: Act) -> tuple[int, int, str, float]:
    return act.start, act.end, act.kind, act.score


def _line(words: tuple[Token, ...]) -> str:
    return f" {' '.join(token.word for token in words)} "


def _matches(acts: Acts, line: str, words: tuple[Token, ...], offset: int) -> Iterator[Act]:
    """Every pattern that matches, kind by kind the longest from each word."""
    place = 1
    for number, token in enumerate(words):
        for pattern in acts.openings.get(token.word, ()) + _of_number(acts, token):
            hit = pattern.regex.match(line, place)
            if hit is not None:
                last = number + len(hit[0].split()) - 1
                whole = place == 1 and hit.end() == len(line)
                yield Act(
                    kind=pattern.kind,
                    start=offset + token.start,
                    end=offset + words[last].end,
                    score=1.0 if whole else 0.8,
                )
        place += len(token.word) + 1


def _of_number(acts: Acts, token: Token) -> tuple[ActPattern, ...]:
    return acts.openings.get("#", ()) if token.word[0].isdigit() else ()


def _mood(kinds: frozenset[str], line: str, *, is_question: bool) -> Mood:
    """Imagined before asked: 'what if I were 32?' imagines. A polite request states what is wanted."""
    if "hypothetical" in kinds:
        return "hypothetical"
    if line.startswith((" do not ", " dont ")):
        return "stated"
    if is_question:
        return "asked"
    if "polite_request" in kinds:
        return "stated"
    if "asked" in kinds:
        return "asked"
    return "doubted" if "doubted" in kinds else "stated"


_OPENINGS: Final = frozenset(
    """
    hi hey hello ok okay so and but well btw sorry please pls wait hmm hm um yaar hold hang on
    oh ah mate sir quick question doubt one side then also just actually again righto right
    alright yeah yep nah no yes gday grand plus
    """.split()
)


def _opening(words: tuple[Token, ...]) -> int:
    """How many words are a mere opening, so that 'hold on, what is …' asks."""
    place = 0
    while place < len(words) - 1 and words[place].word in _OPENINGS:
        place += 1
    return place


def _holder(acts: Acts, words: tuple[str, ...], before: Holder, named: Holder) -> Holder:
    """Whose clause it is: the first word that says so, else whoever the clause before was about."""
    stances = acts.stances
    line = f" {' '.join(words)} "
    for lead in stances.leads:
        if line.startswith(f" {lead} "):
            words = words[len(lead.split()) :]
            break
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        if word in stances.partner:
            return "partner"
        if word in stances.other:
            return "other"
        if any(f" {phrase} " in f" {word} {following} " for phrase in stances.other_after):
            return "other"
        if word in stances.pronouns:
            return named
        if word in stances.own or (word == "my" and following in stances.own_after_my):
            return "self"
    return before
