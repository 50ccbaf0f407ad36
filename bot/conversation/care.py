"""Somebody in distress gets a human line, and people to turn to, before anything else looks at the
text.

How people say it, and what is answered, is content (content/care.yaml). The text is looked at as it
was typed; nothing of it is kept, and no other question is asked.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.events import Event, Said
from bot.core.reply import Block, Bullets, Choices, Open, Paragraph, Tap, paragraph
from bot.core.request import Request, marked
from bot.core.turn import Turn
from content.care import LONGEST, Offer, Pattern, fold
from content.content import Content

_QUOTED = re.compile(r"[\"“”„«»][^\"“”„«»]{1,400}[\"“”«»]")
_QUESTION = re.compile(
    r" (?:what|how|which|where|when|who|is|are|do|does|can|could|should|would|will|am|did|any) "
    r"(?:[^ ]+ ){2}"
)
_STARTS = re.compile(r"(?<= )[^ ~]+")
_SHORTEST_OPENING = 2
_LONG_WORD = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What a text says of its writer: a kind of the content, in which language.

    `asks`: it asks for something besides.
    """

    kind: str
    language: str
    urgent: bool
    asks: bool = False


def care_of(content: Content, text: str) -> Care | None:
    """The distress that this text speaks of; None for any other text."""
    text = text[:LONGEST]
    found = _best_pattern(content, text)
    if found is None:
        return None
    urgent = content.care.kinds[found.kind].urgent
    asks = not urgent and _asks(content, text)
    return Care(kind=found.kind, language=found.language, urgent=urgent, asks=asks)


def care_in(content: Content, event: Event) -> Care | None:
    """The distress in what was typed just now.

    Somebody else's words, shown to us for an explanation, count where they are urgent.
    """
    match event.body:
        case Said(text=text, quoted=quoted):
            care = care_of(content, text)
            if care and (care.urgent or not quoted):
                return care
            return None
        case _:
            return None


def is_urgent(content: Content, event: Event) -> bool:
    """Whether somebody may be in danger: they are answered in any crowd."""
    care = care_in(content, event)
    return care is not None and care.urgent


def comfort(request: Request, care: Care) -> Turn:
    """The fixed answer.

    It is whispered where others read along; where nothing can be, help in the open is better than
    none.
    """
    personal = request.event.surface.ephemeral
    return request.answer(
        *_blocks(request, care), personal=personal, remember=False, in_place=False
    )


def comforted(content: Content, care: Care, turn: Turn) -> Turn:
    """The answer to what was asked besides, with the warm line before it."""
    if not turn.replies:
        return turn
    first, *rest = turn.replies
    warm = paragraph(content.care.kinds[care.kind].say)
    return replace(turn, replies=(replace(first, blocks=(warm, *first.blocks)), *rest))


def _blocks(request: Request, care: Care) -> tuple[Block, ...]:
    content = request.content.care
    kind = content.kinds[care.kind]
    blocks: list[Block] = []
    if kind.urgent and care.language in content.first_words:
        blocks.append(paragraph(content.first_words[care.language]))
    blocks.append(paragraph(kind.say))
    blocks += _contacts(request, care)
    if kind.closing:
        blocks.append(paragraph(kind.closing))
    if kind.offer:
        blocks.append(Choices((_tap(request, kind.offer),)))
    return tuple(blocks)


def _contacts(request: Request, care: Care) -> tuple[Block, ...]:
    """Whom to turn to: a list where it is urgent, else a sentence."""
    named = [
        request.content.care.contacts[key] for key in request.content.care.kinds[care.kind].contacts
    ]
    shown = [contact for contact in named if care.language != "en" or not contact.interprets]
    lines = tuple(marked(contact.show, {"reach": contact.reach.value}) for contact in shown)
    if care.urgent:
        return (Bullets(lines),)
    return tuple(map(Paragraph, lines))


def _tap(request: Request, offer: Offer) -> Tap | Open:
    if offer.action:
        return Tap(offer.label, offer.action)
    return Open(offer.label, request.content.sources[offer.opens or ""].address or "")


def _best_pattern(content: Content, text: str) -> Pattern | None:
    """The pattern that fits, of the kind that goes first."""
    care = content.care
    folded = fold(text)
    is_about = not care.about_words.isdisjoint(folded.split())
    if is_about and _QUOTED.search(text):
        folded = fold(_QUOTED.sub(" ", text))
    words = _without_harmless(content, _words(content, folded))
    said = [pattern for pattern, _ in _fitting(care.by_word, words)]
    if not said and not is_about:
        said = [pattern for pattern, _ in _fitting(care.nouns_by_word, words)]
    return min(said, key=lambda pattern: care.order[pattern.kind], default=None)


def _without_harmless(content: Content, words: str) -> str:
    """The words with a mark in the place of each that belongs to a harmless phrase."""
    kept: list[str] = []
    place = 0
    for _, match in _fitting(content.care.harmless_by_word, words):
        if match.start() >= place:
            kept += (words[place : match.start()], "~ ")
        place = max(place, match.end())
    return "".join((*kept, words[place:]))


def _fitting(
    patterns: Mapping[str, tuple[Pattern, ...]], words: str
) -> Iterator[tuple[Pattern, re.Match[str]]]:
    """The patterns that fit somewhere, from left to right."""
    for start in _STARTS.finditer(words):
        for pattern in _beginning(patterns, start[0]):
            match = pattern.regex.match(words, start.start())
            if match:
                yield pattern, match


def _beginning(patterns: Mapping[str, tuple[Pattern, ...]], word: str) -> Iterator[Pattern]:
    """The patterns that can begin with this word."""
    yield from patterns.get(word, ())
    for length in range(_SHORTEST_OPENING, len(word) + 1):
        yield from patterns.get(f"{word[:length]}*", ())


def _words(content: Content, folded: str) -> str:
    """The words between single spaces, slips in those that matter mended."""
    spellings = content.care.spellings_by_fold
    words = [spellings.get(word, word) for word in folded.split()]
    return f" {' '.join(_mend(content, word) for word in words)} "


def _mend(content: Content, word: str) -> str:
    care = content.care
    known = word in care.words_known or word in care.by_word
    if len(word) < _LONG_WORD - 1 or not word.isascii() or known:
        return word
    near = process.extractOne(word, care.long_words, scorer=OSA.distance, score_cutoff=1)
    if near and near[0][0] == word[0]:
        return near[0]
    return word


def _asks(content: Content, text: str) -> bool:
    """Whether it asks for something, apart from what only the distress asks."""
    if "?" not in text and not _QUESTION.search(f" {fold(text)} "):
        return False
    rest = content.care.no_questions_pattern.sub("~ ", f" {fold(text)} ")
    return bool(_QUESTION.search(rest))
