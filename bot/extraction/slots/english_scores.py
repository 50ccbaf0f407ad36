"""Scores of a test of English as people write them: '7 7 6.5 7', 'L72 R74 W86 S80', '65 each', '8s
across', '7 but 6.5 in writing'.

What comes out is one score that holds for every skill, or four in the order listening, reading,
writing, speaking; anything else is given back as it stands, and asked about.
"""

import re
from dataclasses import dataclass
from typing import Final

SKILLS: Final = ("listening", "reading", "writing", "speaking")

NO_SCORE: Final = (
    r"(?![\d%]|\.\d)(?! ?(?:years?|yrs?|months?|mths?|weeks?|days?|hours?|hrs?|yo\b|k\b|points?"
    r"|pts|th\b|st\b|nd\b|rd\b))"
)
"""What a score is not followed by: the number is then one of years, points or money."""
_NUMBER: Final = rf"(?<![\d.$])\d{{1,3}}(?:\.\d+)?{NO_SCORE}"
_WORDS: Final = "|".join(
    """
    academic general ibt advanced english test exam score scores result results of is was were with
    at in i got get for an? all each every band bands overall least minimum min to will be have had
    taken sat my it came back straight flat and has have had hes shes scored scoring gives give gave
    gets getting he she writes wrote sits does do did clears cleared passed passes now only
    """.split()
)
_LEAD: Final = re.compile(
    rf"(?:[ ,(:=-]{{1,60}}+(?:{_WORDS})\b){{0,12}}[ (:=,-]{{0,60}}+(?=[\dlrws])"
)
_SKILL: Final = r"(?:listening|reading|writing|speaking|[lrws])"
_ITEM: Final = re.compile(
    rf"[ ,/;:=&|-]{{0,40}}+(?:(?:(?:and|in|{_SKILL})\b|[lrws](?=\d))[ :=-]{{0,3}}){{0,4}}"
    rf"{_NUMBER}(?:s\b)?(?: ?(?:in |for )?{_SKILL}\b)?"
)
_NAMED: Final = re.compile(r"\b(listening|reading|writing|speaking|[lrws])(?:\b|(?=\d))")
_AFTER_NUMBER: Final = re.compile(r"\d(?P<skill>[lrws])\b")
_FIGURE: Final = re.compile(r"\d+(?:\.\d+)?")
_OVERALL_FIRST: Final = re.compile(r"\boverall\b(?: (?:band|score|of|is|was|a|about)){0,3}[ :=]*$")
_OVERALL_AFTER: Final = re.compile(r"^ overall\b")
_TOKENS: Final = re.compile(
    rf"(?P<number>{_NUMBER})(?:s\b)?|(?P<skill>\b(?:listening|reading|writing|speaking)\b"
    r"|\b[lrws](?=[ :=-]?\d))"
)
_REST: Final = r"(?:each|every\w*|all|across|straight|flat|rest|others?|remaining|else)"
_BASE: Final = re.compile(
    rf"\b{_REST}\b[ :=]{{0,3}}(?:(?:is|are|was|were|of|at) )?(?P<after>{_NUMBER})s?\b"
    rf"|(?P<before>{_NUMBER})(?:s\b|,? (?:in |for |on )?(?:the "
    rf"|my )?{_REST}\b(?![ :=]{{0,3}}(?:(?:is|are|was|were|of|at) )?\d)|,? (?:but|except"
    r"|apart|other than|besides)\b)"
)
_BEFORE_NAME: Final = re.compile(
    rf"(?P<scores>{_NUMBER}s?(?:[ ,/&]{{1,4}}(?:and )?{_NUMBER}s?){{0,3}})"
    r"(?: (?:each|across|the|board|all|round|around|overall|flat|straight|in|on|at|of|for"
    r"|from|my|skill|section|band|every|plus)){0,6} ?$"
)
MOST_ITEMS: Final = 5
REACH: Final = 140
"""Characters after a test's name in which its scores are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`scores`: one, four, or what else stood there. `end`: where they stop in the text."""

    scores: tuple[float, ...]
    end: int


def scores_after(words: str, start: int, most: float) -> Found | None:
    """The scores that follow a test's name. `most`: the highest that the test gives."""
    items, end = _list_of_scores(words, start, most)
    by_name = _by_skill(items)
    if by_name is not None:
        return Found(scores=by_name, end=end)
    told = _with_exceptions(words[start : start + REACH], most)
    if told is not None:
        return Found(scores=told[0], end=start + told[1])
    if not items:
        return _all_named(words, start, most)
    return Found(scores=tuple(_figure(item) for item in items[:4]), end=end)


def _all_named(words: str, start: int, most: float) -> Found | None:
    """Four scores by their skills, whatever stands between them and the test: 'PTE ako last june.

    L68 R66 W70 S79'.
    """
    region = words[start : start + REACH]
    named = skills_named(region, most)
    if len(named) != len(SKILLS):
        return None
    end = max(hit.end() for hit in _TOKENS.finditer(region))
    return Found(scores=tuple(named[skill] for skill in "lrws"), end=start + end)


def scores_before(words: str, place: int) -> tuple[float, ...]:
    """'8s across in', '79 79 80 85 on the': the scores just before a test's name."""
    hit = _BEFORE_NAME.search(words[max(0, place - REACH) : place])
    if hit:
        found = tuple(map(float, _FIGURE.findall(hit["scores"])))
    else:
        found = ()
    if len(found) == len(SKILLS):
        return found
    return found[-1:]


def _list_of_scores(words: str, start: int, most: float) -> tuple[list[str], int]:
    """The items that stand one after another; an overall score beside four of them is left out."""
    lead = _LEAD.match(words, start)
    end = lead.end() if lead else start
    items: list[str] = []
    place = end
    while len(items) < MOST_ITEMS and (item := _ITEM.match(words, place)):
        if items and _figure(item[0]) > most:
            break
        items.append(item[0])
        place = item.end()
    is_overall = bool(items) and (
        _OVERALL_FIRST.search(words[start:end])
        or _OVERALL_AFTER.match(words[end + len(items[0]) :])
    )
    if is_overall and len(items) == MOST_ITEMS:
        return items[1:], place
    if len(items) == MOST_ITEMS:
        items = items[:4]
        place = end + sum(len(item) for item in items)
    return items, place


def _figure(item: str) -> float:
    return float(_FIGURE.findall(item)[0])


def _by_skill(items: list[str]) -> tuple[float, ...] | None:
    """Four scores in order, where every one is named; four that are not named stand in order;
    None otherwise.
    """
    if len(items) != len(SKILLS):
        return None
    named: dict[str, float] = {}
    for item in items:
        if skill := _AFTER_NUMBER.search(item) or _NAMED.search(item):
            named[skill[1][0]] = _figure(item)
    if len(named) == len(SKILLS):
        return tuple(named[skill] for skill in "lrws")
    if named:
        return None
    return tuple(_figure(item) for item in items)


def _with_exceptions(region: str, most: float) -> tuple[tuple[float, ...], int] | None:
    """'7 each but writing 6.5', 'speaking 7, others 8', '8 in reading and listening, 7 in the
    rest': all four, and where they stop.
    """
    region = re.split(r"[;\n]|\.(?!\d)", region)[0]
    base = _BASE.search(region)
    if base:
        span = base.span("after" if base["after"] else "before")
    else:
        span = (0, 0)
    hits = [hit for hit in _TOKENS.finditer(region) if not span[0] <= hit.start() < span[1]]
    hits = [hit for hit in hits if hit["skill"] or float(hit["number"]) <= most]
    if not any(hit["skill"] for hit in hits) or not any(hit["number"] for hit in hits):
        return None
    named = _score_by_skill(hits)
    rest = float(region[slice(*span)]) if base else None
    scores = tuple(named.get(skill, rest) for skill in "lrws")
    known = tuple(one for one in scores if one is not None)
    end = max(*(hit.end() for hit in hits), base.end() if base else 0)
    if len(known) == len(SKILLS) and max(known) <= most:
        return (known, end)
    return None


def skills_named(words: str, most: float) -> dict[str, float]:
    """The skills that a text names with a score, by first letter: 'speaking was 89,
    writing 7' is {'s': 89, 'w': 7}.
    """
    hits = [hit for hit in _TOKENS.finditer(words) if hit["skill"] or float(hit["number"]) <= most]
    has_both = any(hit["skill"] for hit in hits) and any(hit["number"] for hit in hits)
    if not has_both:
        return {}
    return _score_by_skill(hits)


def _score_by_skill(hits: list[re.Match[str]]) -> dict[str, float]:
    """Each skill with its number: the one after it where a skill opens, else the one before it."""
    is_skill_first = bool(hits[0]["skill"])
    named: dict[str, float] = {}
    pending: list[str] = []
    last: float | None = None
    for hit in hits:
        if hit["number"]:
            last = float(hit["number"])
            named |= dict.fromkeys(pending, last)
            pending = []
        elif is_skill_first:
            pending.append(hit["skill"][0])
        elif last is not None:
            named[hit["skill"][0]] = last
    return named
