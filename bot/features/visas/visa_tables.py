"""What belongs to all visas at once: English tests, the skills assessment, rounds, places, the
coming points test.

Each is an aside of `visa`; the blocks that points answers use as well are made in
bot.features.visas.migration.
"""

from typing import Protocol

from bot.core.reply import Block, Bullets, Note, Paragraph, Strong, paragraph, spans
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import dates_of, day, figure, number
from bot.features.visas.migration import (
    all_known,
    places_blocks,
    places_facts,
    reform_blocks,
    rounds_blocks,
    rounds_facts,
    sourced,
    told,
)
from content.english import LEVELS, EnglishTest, Level, Scores

Taken = tuple[Block, ...]
"""What was mistyped and how it was taken, if anything."""


def _rounds(request: Request, taken: Taken, *, more: bool) -> Turn:
    return told(
        request, (*taken, *rounds_blocks(request)), rounds_facts(request.content), more=more
    )


def _places(request: Request, taken: Taken, *, more: bool) -> Turn:
    return told(
        request, (*taken, *places_blocks(request)), places_facts(request.content), more=more
    )


def _reform(request: Request, taken: Taken, *, more: bool) -> Turn:
    status = request.content.sources[request.content.migration.reform[-1].source]
    lead = paragraph(request.text("reform_lead", date=dates_of(status, ())))
    facts = request.content.migration.reform
    dated = Bullets(tuple(spans(figure(fact)) for fact in facts))
    rest = tuple(reform_blocks(request))
    return told(request, (*taken, lead, dated), facts, rest=rest, more=more)


def _assessment(request: Request, taken: Taken, *, more: bool) -> Turn:
    """Fees, times and validity of the skills assessment, each with its source."""
    facts = all_known(request.content, request.content.migration.assessment)
    lines = tuple(
        sourced(
            request,
            figure(fact) if isinstance(fact.value, str) else f"{figure(fact)}: {fact.measures}.",
            fact,
        )
        for fact in facts
    )
    return told(
        request,
        (*taken, Paragraph((Strong(request.text("assessment_title")),)), Bullets(lines)),
        facts,
        more=more,
    )


def _english(request: Request, taken: Taken, *, more: bool) -> Turn:
    """The table of tests and levels; older tests below, as far as our sources know them."""
    english = request.content.english
    changed = day(english.changed_on)
    levels = " · ".join(english.levels[level] for level in LEVELS)
    rows = tuple(
        spans(
            request.text(
                "english_row",
                test=test.name,
                scores=" · ".join(_of_level(request, test, level) for level in LEVELS),
            )
        )
        for test in english.tests.values()
    )
    older = [
        request.text(
            "english_older_known",
            test=test.name,
            levels="; ".join(
                request.text(
                    "english_level_scores",
                    level=english.levels[level],
                    scores=_scores(request, test.before[level]),
                )
                for level in LEVELS
                if level in test.before
            ),
        )
        for test in english.tests.values()
        if test.before
    ]
    unknown = [test.name for test in english.tests.values() if not test.before]
    facts = (english.six_and_a_half, english.passport_fact, english.validity)
    blocks = (
        *taken,
        paragraph(figure(english.six_and_a_half)),
        paragraph(Strong(request.text("english_caption", levels=levels, day=changed))),
        Bullets(rows),
        paragraph(request.text("english_lead")),
        *(paragraph(figure(fact)) for fact in facts[1:]),
    )
    known = (*older, request.text("english_older_unknown", tests=", ".join(unknown)))
    rest = (Note(request.text("english_older", day=changed), tuple(map(spans, known))),)
    return told(request, blocks, (english.source, *facts), rest=rest, more=more)


def _of_level(request: Request, test: EnglishTest, level: Level) -> str:
    if level not in test.scores:
        return request.text("english_not_accepted")
    return _scores(request, test.scores[level])


def _scores(request: Request, scores: Scores) -> str:
    each = (scores.listening, scores.reading, scores.writing, scores.speaking)
    if len(set(each)) == 1:
        return request.text("english_each", score=number(each[0]))
    return "/".join(map(number, each))


class Aside(Protocol):
    """One of these answers; `more` is its second half."""

    def __call__(self, request: Request, taken: Taken, *, more: bool) -> Turn: ...


TABLES: dict[str, Aside] = {
    "rounds": _rounds,
    "places": _places,
    "reform": _reform,
    "english": _english,
    "assessment": _assessment,
}
"""By the aside's key in `migration.yaml`."""
