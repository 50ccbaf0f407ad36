"""`visa`: the pathways, one of them, several side by side. Steps and the tables that all share have modules of their own.

A subclass is never guessed from another number; a mistyped word may be, and the answer says so. Nothing here chooses a
visa for anybody: that is declined in bot.guard before a question gets here.
"""

import re
from collections.abc import Iterator

from bot.answers import code as codes
from bot.answers.migration import all_known, corrections, ordered, row_facts, row_words, sourced, told, visa_title
from bot.answers.printing import figure
from bot.answers.visa_steps import steps
from bot.answers.visa_tables import TABLES
from bot.answers.visa_words import Wanted, read
from bot.asking import Ask, Handler
from bot.reply import Block, Bullets, Choices, Open, Paragraph, Strong, Table, Tap, Text, paragraph, spans
from bot.turn import Turn
from content.entry import Fact
from content.visa import Visa

MOST_COLUMNS = 5
"""More visas than this side by side are a table that nobody reads."""

FULL_ROWS = 2
"""Up to so many visas stand side by side with every row; more of them with the core rows first."""

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def visa(ask: Ask) -> Turn:
    if _CODE.search(ask.words):
        return codes.code(ask)
    wanted = read(ask)
    if wanted.unknown_number:
        return _list(ask, paragraph(ask.say("visa_unknown", subclass=wanted.unknown_number)))
    if wanted.unknown_words and not wanted.visas and not wanted.aside:
        return _list(ask, paragraph(ask.say("visa_unknown_words", words=wanted.unknown_words)))
    taken = (paragraph(ask.say("visa_taken", typed=wanted.taken[0], meant=wanted.taken[1])),) if wanted.taken else ()
    if wanted.aside in TABLES:
        return TABLES[wanted.aside](ask, taken)
    if wanted.aside == "steps":
        return steps(ask, wanted.visas, taken)
    if wanted.aside == "more" and wanted.visas:
        return _more(ask, wanted.visas[0], taken)
    if wanted.aside == "compare" or len(wanted.visas) > 1:
        return _compare(ask, wanted, taken)
    return _detail(ask, wanted.visas[0], taken) if wanted.visas else _list(ask)


def _list(ask: Ask, *before: Block) -> Turn:
    visas = ordered(ask.content)
    items = tuple(
        (Strong(visa_title(ask, subclass)), Text(ask.say("visa_in_a_line", line=entry.in_a_line))) for subclass, entry in visas.items()
    )
    misread = [code.is_not for code in ask.content.codes.values() if code.is_not]
    problem = ask.say("visas_code_problem", is_not=" ".join(misread))
    title = Paragraph((Strong(ask.say("visas_title")),))
    blocks = (*(before or (title,)), Bullets(items), paragraph(problem))
    cited = (*(fact for entry in visas.values() for fact in row_facts(ask, entry, "kind")), *ask.content.migration.who_decides)
    taps = (*(Tap(subclass, f"visa {subclass}") for subclass in visas), *compare_all(ask), Tap(ask.say("tap_which_codes"), "code"))
    return told(ask, blocks, cited, taps=taps)


def compare_all(ask: Ask) -> tuple[Tap, ...]:
    first = tuple(ordered(ask.content))[:MOST_COLUMNS]
    return (Tap(ask.say("tap_compare_all", subclasses=" · ".join(first)), " ".join(("visa compare", *first))),) if len(first) > 1 else ()


def _detail(ask: Ask, subclass: str, taken: tuple[Block, ...]) -> Turn:
    """What fits a phone: the criteria, the money, what happened lately, what the careers page says. The rest is a tap away."""
    entry = ask.content.visas[subclass]
    needs = all_known(ask.content, (entry.cells[row] for row in entry.needs))
    money = _own_lines(ask, entry)
    lately = all_known(ask.content, entry.lately)
    blocks = (
        *taken,
        Paragraph((Strong(visa_title(ask, subclass)), Text(ask.say("visa_in_a_line", line=entry.in_a_line)))),
        Paragraph((Strong(ask.say("visa_needs")), Text(ask.say("visa_needs_list", needs="; ".join(map(figure, needs)))))),
        *(_labelled(ask.say("visa_own_line", label=ask.content.migration.rows[row]), f"{row_words(ask, entry, row)}.") for row in money),
        *((_labelled(ask.say("visa_lately"), " ".join(map(figure, lately))),) if lately else ()),
        *corrections(ask, entry.corrections),
    )
    disputed = tuple(fact for each in entry.corrections for fact in (each.page_says, *all_known(ask.content, each.found)))
    cited = (*needs, *(fact for row in money for fact in row_facts(ask, entry, row)), *lately, *disputed)
    return told(ask, blocks, cited, taps=_detail_taps(ask, subclass, entry))


def _labelled(label: str, words: str) -> Paragraph:
    return Paragraph((Strong(label), Text(f" {words}")))


def _own_lines(ask: Ask, entry: Visa) -> tuple[str, ...]:
    return tuple(row for row in ask.content.migration.own_lines if row_facts(ask, entry, row))


def _more(ask: Ask, subclass: str, taken: tuple[Block, ...]) -> Turn:
    """The rows that the visa's answer has not told, each with its own source; then further facts; gaps in one line."""
    entry = ask.content.visas[subclass]
    told_above = {*entry.needs, *entry.line_tells, *_own_lines(ask, entry)}
    rows = {row: row_facts(ask, entry, row) for row in ask.content.migration.rows if row not in told_above}
    labels = ask.content.migration.rows
    further = all_known(ask.content, entry.more)
    lines = [
        sourced(ask, ask.say("visa_row", label=labels[row], words=row_words(ask, entry, row)), *facts)
        for row, facts in rows.items()
        if facts
    ]
    lines += [sourced(ask, figure(fact), fact) for fact in further]
    gaps = [labels[row] for row, facts in rows.items() if not facts]
    if gaps:
        lines.append(spans(ask.say("visa_row_gap", labels=", ".join(gaps))))
    cited = (*(fact for facts in rows.values() for fact in facts), *further)
    taps = (Tap(ask.say("tap_about_visa", subclass=subclass), f"visa {subclass}"), *_detail_taps(ask, subclass, entry, more=False))
    heading = Paragraph((Strong(ask.say("visa_more", subclass=subclass)),))
    return told(ask, (*taken, heading, Bullets(tuple(lines))), cited, taps=taps)


def _detail_taps(ask: Ask, subclass: str, entry: Visa, *, more: bool = True) -> Iterator[Tap | Open]:
    if "points" in entry.needs:
        yield Tap(ask.say("tap_my_points"), "points")
    if entry.compare_with:
        yield Tap(ask.say("tap_compare_with", subclass=entry.compare_with), f"visa compare {subclass} {entry.compare_with}")
    if entry.steps:
        yield Tap(ask.say("tap_steps"), f"visa steps {subclass}")
    if more:
        yield Tap(ask.say("tap_more_visa"), f"visa {subclass} more")
    yield Tap(ask.say("tap_which_codes"), "code")
    yield Open(ask.say("tap_official"), entry.official_page)


def _compare(ask: Ask, wanted: Wanted, taken: tuple[Block, ...]) -> Turn:
    content = ask.content
    chosen = wanted.visas or tuple(ordered(content))
    if len(chosen) == 1:
        others = tuple(Tap(other, f"visa compare {chosen[0]} {other}") for other in ordered(content) if other != chosen[0])
        return ask.answer(*taken, paragraph(ask.say("visa_compare_one", subclass=chosen[0])), Choices(others), remember=False)
    too_many = (paragraph(ask.say("visa_compare_most")),) if len(chosen) > MOST_COLUMNS else ()
    chosen = chosen[:MOST_COLUMNS]
    every_row = wanted.all_rows or len(chosen) <= FULL_ROWS
    blocks, cited = comparison(ask, chosen, every_row=every_row)
    more = () if every_row else (Tap(ask.say("tap_all_rows"), " ".join(("visa compare", *chosen, "all rows"))),)
    points = any("points" in content.visas[subclass].needs for subclass in chosen)
    taps = (*more, *((Tap(ask.say("tap_my_points"), "points"),) if points else ()), Tap(ask.say("tap_which_codes"), "code"))
    return told(ask, (*taken, *too_many, *blocks), cited, taps=taps)


def comparison(ask: Ask, subclasses: tuple[str, ...], *, every_row: bool) -> tuple[tuple[Block, ...], tuple[Fact, ...]]:
    """The rows side by side, and the facts behind them. A cell without a sourced fact says so."""
    migration, visas = ask.content.migration, [ask.content.visas[subclass] for subclass in subclasses]
    rows = tuple(migration.rows) if every_row else migration.core_rows
    title = " · ".join(subclasses)
    names = subclasses if len(subclasses) > FULL_ROWS else tuple(visa_title(ask, subclass) for subclass in subclasses)
    header = (ask.say("visa_compare_row"), *names)
    cells = tuple((migration.rows[row], *(row_words(ask, entry, row) for entry in visas)) for row in rows)
    facts = tuple(fact for row in rows for entry in visas for fact in row_facts(ask, entry, row))
    return (Table(ask.say("visa_compare_caption", subclasses=title), header, cells),), facts


HANDLERS: dict[str, Handler] = {"visa": visa}
