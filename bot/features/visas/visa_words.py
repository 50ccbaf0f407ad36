"""What the words after `visa` ask for: which pathways, which aside, and what was mistyped.

Numbers are exact: another number is unknown, never a slip. Names of pathways and the words for
asides are content.
"""

import re
from dataclasses import dataclass

from bot.core.request import Request
from bot.extraction.spelling import corrected
from content.content import Content

_SUBCLASS = re.compile(r"(?<![\d,.$])\d{3}(?![\d%]|[.,]\d)")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the words after `visa` ask for.

    `aside`: steps, compare, rounds …, or empty. `taken`: a mistyped word and what it was taken for.
    `unknown`: a number or words that nothing here knows.
    """

    visas: tuple[str, ...] = ()
    aside: str = ""
    all_rows: bool = False
    taken: tuple[str, str] | None = None
    unknown_number: str = ""
    unknown_words: str = ""


def read(request: Request) -> Wanted:
    """What the words ask for, in the order they were typed.

    Understanding's subclasses count where the words name none.
    """
    content, text = request.content, request.words.lower()
    numbers = tuple(dict.fromkeys(_SUBCLASS.findall(text)))
    unknown = next((subclass for subclass in numbers if subclass not in content.visas), "")
    named, rest = _names_in(content, _SUBCLASS.sub(" ", text))
    visas = tuple(
        subclass for subclass in dict.fromkeys((*numbers, *named)) if subclass in content.visas
    )
    if not numbers and not named:
        heard = request.entities.get("subclass", ())
        if isinstance(heard, list | tuple):
            visas = tuple(str(item) for item in heard if str(item) in content.visas)
        else:
            visas = ()
    asides, rest = _asides(content, rest)
    whole = None
    if not (numbers or named or asides):
        whole = corrected(" ".join(rest.split()), _names(content))
    if whole:
        return Wanted(visas=(whole,), taken=(request.words, f"{whole} {content.visas[whole].name}"))
    words = [word for word in _WORD.findall(rest) if word not in content.migration.passed_over]
    taken: tuple[str, str] | None = None
    left: list[str] = []
    for word in words:
        meant = corrected(word, _vocabulary(content))
        if meant is None or taken:
            left.append(word)
        elif meant in content.visas:
            taken, visas = (
                (word, f"{meant} {content.visas[meant].name}"),
                tuple(dict.fromkeys((*visas, meant))),
            )
        else:
            taken, asides = (word, meant.replace("_", " ")), (*asides, meant)
    return Wanted(
        visas=visas,
        aside=next((aside for aside in asides if aside != "all_rows"), ""),
        all_rows="all_rows" in asides,
        taken=taken,
        unknown_number=unknown,
        unknown_words=" ".join(left),
    )


def are_named(content: Content, text: str) -> bool:
    """Whether a pathway is named at all, by number or name, as it is written."""
    text = text.lower()
    return bool(_SUBCLASS.search(text) or _names_in(content, text)[0])


def _names_in(content: Content, text: str) -> tuple[tuple[str, ...], str]:
    """Subclasses whose names stand in the text, in that order, and the text without those names.

    Longer names first.
    """
    found: list[tuple[int, str]] = []
    for name, subclass in sorted(_names(content).items(), key=lambda pair: -len(pair[0])):
        if name not in text:
            continue
        pattern = rf"\b{re.escape(name)}\b"
        if match := re.search(pattern, text):
            found.append((match.start(), subclass))
            text = re.sub(pattern, lambda gone: " " * len(gone.group()), text)
    return tuple(subclass for _, subclass in sorted(found)), text


def _names(content: Content) -> dict[str, str]:
    """Every name of a pathway with its subclass."""
    return {
        name: subclass
        for subclass, entry in content.visas.items()
        for name in (entry.name.lower(), *entry.also_called)
    }


def _asides(content: Content, text: str) -> tuple[tuple[str, ...], str]:
    found = []
    for aside, words in content.migration.asides.items():
        for word in sorted(words, key=len, reverse=True):
            if word not in text:
                continue
            pattern = rf"(?<![\w-]){re.escape(word)}(?![\w-])"
            if re.search(pattern, text):
                found.append(aside)
                text = re.sub(pattern, " ", text)
    return tuple(dict.fromkeys(found)), text


def _vocabulary(content: Content) -> dict[str, str]:
    """Single words that may be mistyped, with what they mean: an aside or a subclass."""
    words = {
        word: aside
        for aside, known_words in content.migration.asides.items()
        for word in known_words
        if " " not in word
    }
    return words | {name: subclass for name, subclass in _names(content).items() if " " not in name}
