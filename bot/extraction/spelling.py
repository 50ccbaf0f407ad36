"""The accepted word that a mistyped one most likely means.

For closed sets only (levels, commands, occupations), and never for numbers: a wrong figure must be
asked about, not guessed. Callers say which word they took, so that a wrong guess is seen.
"""

from collections.abc import Iterable, Mapping

from rapidfuzz.distance import OSA


def corrected(typed: str, accepted: Mapping[str, str]) -> str | None:
    """What `typed` means among `accepted` (word → meaning): the word itself, or the one meaning
    within a slip or two; else None.

    Short words must be exact: three letters away from something are too many things.
    """
    word = typed.lower()
    if word in accepted:
        return accepted[word]
    allowed = _most_slips(word)
    if not allowed:
        return None
    away = {known: OSA.distance(word, known, score_cutoff=allowed) for known in accepted}
    least = min(away.values(), default=allowed + 1)
    meanings = {accepted[known] for known, distance in away.items() if distance == least <= allowed}
    if len(meanings) != 1:
        return None
    return meanings.pop()


def _most_slips(word: str) -> int:
    """How many slips (a letter wrong, missing, extra, or two
    swapped) still count as the same word.
    """
    if any(char.isdigit() for char in word) or len(word) < 4:
        return 0
    return 1 if len(word) < 6 else 2


def nearest(typed: str, accepted: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """The accepted words that look most like `typed`, best first;
    those that share little with it are left out.
    """
    word = typed.lower()
    alike = sorted((-OSA.normalized_similarity(word, known.lower()), known) for known in accepted)
    return tuple(known for likeness, known in alike[:count] if -likeness >= 0.5)
