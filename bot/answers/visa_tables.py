"""What belongs to all visas at once: English tests, the skills assessment, rounds, places, the coming points test.

Each is an aside of `visa`; the blocks that points answers use as well are made in bot.answers.migration.
"""

from collections.abc import Callable

from bot.answers.migration import all_known, places_blocks, places_facts, reform_blocks, rounds_blocks, rounds_facts, sourced, told
from bot.answers.printing import dates_of, day, figure, number
from bot.asking import Ask
from bot.reply import Block, Bullets, Note, Paragraph, Strong, Table, paragraph, spans
from bot.turn import Turn
from content.english import LEVELS, Scores

Taken = tuple[Block, ...]
"""What was mistyped and how it was taken, if anything."""


def _rounds(ask: Ask, taken: Taken) -> Turn:
    return told(ask, (*taken, *rounds_blocks(ask)), rounds_facts(ask.content))


def _places(ask: Ask, taken: Taken) -> Turn:
    return told(ask, (*taken, *places_blocks(ask)), places_facts(ask.content))


def _reform(ask: Ask, taken: Taken) -> Turn:
    status = ask.content.sources[ask.content.migration.reform[-1].source]
    lead = paragraph(ask.say("reform_lead", date=dates_of(status, ())))
    return told(ask, (*taken, lead, *reform_blocks(ask)), ask.content.migration.reform)


def _assessment(ask: Ask, taken: Taken) -> Turn:
    """Fees, times and validity of the skills assessment, each with its source."""
    facts = all_known(ask.content, ask.content.migration.assessment)
    lines = tuple(
        sourced(ask, figure(fact) if isinstance(fact.value, str) else f"{figure(fact)}: {fact.measures}.", fact) for fact in facts
    )
    return told(ask, (*taken, Paragraph((Strong(ask.say("assessment_title")),)), Bullets(lines)), facts)


def _english(ask: Ask, taken: Taken) -> Turn:
    """The table of tests and levels; older tests below, as far as our sources know them."""
    english = ask.content.english
    changed = day(english.changed_on)
    header = (ask.say("english_test"), *(english.levels[level] for level in LEVELS))
    rows = tuple(
        (test.name, *(_scores(ask, test.scores[level]) if level in test.scores else ask.say("english_not_accepted") for level in LEVELS))
        for test in english.tests.values()
    )
    older = [
        ask.say(
            "english_older_known",
            test=test.name,
            levels="; ".join(
                ask.say("english_level_scores", level=english.levels[level], scores=_scores(ask, test.before[level]))
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
        Table(ask.say("english_caption", day=changed), header, rows),
        paragraph(ask.say("english_lead")),
        Note(
            ask.say("english_older", day=changed),
            tuple(spans(item) for item in (*older, ask.say("english_older_unknown", tests=", ".join(unknown)))),
        ),
        *(paragraph(figure(fact)) for fact in facts[1:]),
    )
    return told(ask, blocks, (english.source, *facts))


def _scores(ask: Ask, scores: Scores) -> str:
    each = (scores.listening, scores.reading, scores.writing, scores.speaking)
    return ask.say("english_each", score=number(each[0])) if len(set(each)) == 1 else "/".join(map(number, each))


TABLES: dict[str, Callable[[Ask, Taken], Turn]] = {
    "rounds": _rounds,
    "places": _places,
    "reform": _reform,
    "english": _english,
    "assessment": _assessment,
}
"""By the aside's key in `migration.yaml`."""
