"""`visa`: the pathways, one of them, several side by side.

Steps and the tables that all share have modules of their own.

A subclass is never guessed from another number; a mistyped word may be, and the answer says so.
Nothing here chooses a visa for anybody: that is declined in bot.conversation.advice before a
question gets here.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.core.reply import (
    Block,
    Bullets,
    Choices,
    Open,
    Paragraph,
    Strong,
    Table,
    Tap,
    Text,
    paragraph,
    spans,
)
from bot.core.request import Handler, Request
from bot.core.turn import Turn
from bot.features import right_to_work
from bot.features.figures import figure
from bot.features.page import MORE, opened
from bot.features.visas import code as codes
from bot.features.visas import sponsor_time
from bot.features.visas.migration import (
    all_known,
    corrections,
    ordered,
    row_facts,
    row_words,
    sourced,
    told,
    visa_title,
)
from bot.features.visas.visa_steps import steps
from bot.features.visas.visa_tables import TABLES
from bot.features.visas.visa_words import Wanted, read
from content.entry import Fact
from content.visa import Visa

MOST_COLUMNS = 5
"""More visas than this side by side are a table that nobody reads."""

FULL_ROWS = 2
"""Up to so many visas stand side by side with every row; more of them with the core rows first."""

_NEEDED = re.compile(r"needed (yes|no)", re.IGNORECASE)
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def visa(request: Request) -> Turn:
    if needed := _NEEDED.fullmatch(request.words.strip()):
        return right_to_work.told(request, needed[1].lower())
    if _CODE.search(request.words):
        return codes.code(request)
    if (months := sponsor_time.of(request.words)) and (
        sum_ := sponsor_time.counted(request, months)
    ):
        return sum_
    request, more = opened(request)
    wanted = read(request)
    more = more or wanted.aside == MORE
    if wanted.unknown_number:
        return _list(
            request, paragraph(request.text("visa_unknown", subclass=wanted.unknown_number))
        )
    if wanted.unknown_words and not wanted.visas and not wanted.aside:
        return _list(
            request, paragraph(request.text("visa_unknown_words", words=wanted.unknown_words))
        )
    taken: tuple[Paragraph, ...] = ()
    if wanted.taken:
        taken = (
            paragraph(request.text("visa_taken", typed=wanted.taken[0], meant=wanted.taken[1])),
        )
    if wanted.aside in TABLES:
        return TABLES[wanted.aside](request, taken, more=more)
    if wanted.aside == "steps":
        return steps(request, wanted.visas, taken, more=more)
    if wanted.aside == "compare" or len(wanted.visas) > 1:
        return _compare(request, wanted, taken)
    if wanted.visas:
        return _detail(request, wanted.visas[0], taken, more=more)
    return _list(request)


def _list(request: Request, *before: Block) -> Turn:
    visas = ordered(request.content)
    items = tuple(
        (
            Strong(visa_title(request, subclass)),
            Text(request.text("visa_in_a_line", line=entry.in_a_line)),
        )
        for subclass, entry in visas.items()
    )
    title = Paragraph((Strong(request.text("visas_title")),))
    misread = [code.is_not for code in request.content.codes.values() if code.is_not]
    problem = request.text("visas_code_problem", is_not=" ".join(misread))
    blocks = (*(before or (title,)), Bullets(items), paragraph(problem))
    cited = (
        *(fact for entry in visas.values() for fact in row_facts(request, entry, "kind")),
        *request.content.migration.who_decides,
    )
    taps = (*(Tap(subclass, f"visa {subclass}") for subclass in visas), *compare_all(request))
    return told(request, blocks, cited, taps=taps)


def compare_all(request: Request) -> tuple[Tap, ...]:
    first = tuple(ordered(request.content))[:MOST_COLUMNS]
    if len(first) > 1:
        return (
            Tap(
                request.text("tap_compare_all", subclasses=" · ".join(first)),
                " ".join(("visa compare", *first)),
            ),
        )
    return ()


def _detail(request: Request, subclass: str, taken: tuple[Block, ...], *, more: bool) -> Turn:
    """What fits a phone: the criteria, the money, what happened lately, what the careers page says.

    The rest is a tap away.
    """
    entry = request.content.visas[subclass]
    needs = all_known(request.content, (entry.cells[row] for row in entry.needs))
    money = _own_lines(request, entry)
    lately = all_known(request.content, entry.lately)
    title = (
        Strong(visa_title(request, subclass)),
        Text(request.text("visa_in_a_line", line=entry.in_a_line)),
    )
    blocks = (
        *taken,
        Paragraph(title),
        _label_line(
            request.text("visa_needs"),
            request.text("visa_needs_list", needs="; ".join(map(figure, needs))).strip(),
        ),
        *(
            _label_line(
                request.text("visa_own_line", label=request.content.migration.rows[row]),
                f"{row_words(request, entry, row)}.",
            )
            for row in money
        ),
        *(_label_line(request.text("visa_lately"), figure(fact)) for fact in lately[:1]),
        *(paragraph(figure(fact)) for fact in lately[1:]),
        *corrections(request, entry.corrections),
    )
    disputed = tuple(
        fact
        for each in entry.corrections
        for fact in (each.page_says, *all_known(request.content, each.found))
    )
    own = tuple(fact for row in money for fact in row_facts(request, entry, row))
    rest, further = _rest(request, subclass)
    official = Open(request.text("tap_official"), entry.official_page)
    return told(
        replace(request, words=subclass),
        blocks,
        (*needs, *own, *lately, *disputed, *further),
        taps=(*_detail_taps(request, subclass, entry), *((official,) if more else ())),
        rest=rest,
        more=more,
    )


def _label_line(label: str, words: str) -> Paragraph:
    return Paragraph((Strong(label), Text(f" {words}")))


def _own_lines(request: Request, entry: Visa) -> tuple[str, ...]:
    return tuple(
        row for row in request.content.migration.own_lines if row_facts(request, entry, row)
    )


def _rest(request: Request, subclass: str) -> tuple[tuple[Block, ...], tuple[Fact, ...]]:
    """The rows that the visa's page has not told, each with its own source; then further facts;
    gaps in one line.
    """
    entry = request.content.visas[subclass]
    told_above = {*entry.needs, *entry.line_tells, *_own_lines(request, entry)}
    rows = {
        row: row_facts(request, entry, row)
        for row in request.content.migration.rows
        if row not in told_above
    }
    labels = request.content.migration.rows
    further = all_known(request.content, entry.more)
    lines = [
        sourced(
            request,
            request.text("visa_row", label=labels[row], words=row_words(request, entry, row)),
            *facts,
        )
        for row, facts in rows.items()
        if facts
    ]
    lines += [sourced(request, figure(fact), fact) for fact in further]
    gaps = [labels[row] for row, facts in rows.items() if not facts]
    if gaps:
        lines.append(spans(request.text("visa_row_gap", labels=", ".join(gaps))))
    cited = (*(fact for facts in rows.values() for fact in facts), *further)
    heading = Paragraph((Strong(request.text("visa_more", subclass=subclass)),))
    return (heading, Bullets(tuple(lines))), cited


def _detail_taps(request: Request, subclass: str, entry: Visa) -> Iterator[Tap | Open]:
    if "points" in entry.needs:
        yield Tap(request.text("tap_my_points"), "points")
    if entry.steps:
        yield Tap(request.text("tap_steps"), f"visa steps {subclass}")
    if entry.compare_with:
        yield Tap(
            request.text("tap_compare_with", subclass=entry.compare_with),
            f"visa compare {subclass} {entry.compare_with}",
        )
    if "points" not in entry.needs:
        yield Tap(request.text("tap_which_codes"), "code")


def _compare(request: Request, wanted: Wanted, taken: tuple[Block, ...]) -> Turn:
    content = request.content
    chosen = wanted.visas or tuple(ordered(content))
    if len(chosen) == 1:
        others = tuple(
            Tap(other, f"visa compare {chosen[0]} {other}")
            for other in ordered(content)
            if other != chosen[0]
        )
        return request.answer(
            *taken,
            paragraph(request.text("visa_compare_one", subclass=chosen[0])),
            Choices(others),
            remember=False,
        )
    too_many: tuple[Paragraph, ...] = ()
    if len(chosen) > MOST_COLUMNS:
        too_many = (paragraph(request.text("visa_compare_most")),)
    chosen = chosen[:MOST_COLUMNS]
    every_row = wanted.all_rows or len(chosen) <= FULL_ROWS
    blocks, cited = comparison(request, chosen, every_row=every_row)
    more: tuple[Tap, ...] = ()
    if not every_row:
        more = (Tap(request.text("tap_all_rows"), " ".join(("visa compare", *chosen, "all rows"))),)
    points = any("points" in content.visas[subclass].needs for subclass in chosen)
    taps = (
        *more,
        *((Tap(request.text("tap_my_points"), "points"),) if points else ()),
        Tap(request.text("tap_which_codes"), "code"),
    )
    return told(request, (*taken, *too_many, *blocks), cited, taps=taps, whole=True)


def comparison(
    request: Request, subclasses: tuple[str, ...], *, every_row: bool
) -> tuple[tuple[Block, ...], tuple[Fact, ...]]:
    """The rows side by side, and the facts behind them. A cell without a sourced fact says so."""
    migration, visas = (
        request.content.migration,
        [request.content.visas[subclass] for subclass in subclasses],
    )
    if every_row:
        wanted = tuple(migration.rows)
    else:
        wanted = migration.core_rows
    rows = [row for row in wanted if any(row_facts(request, entry, row) for entry in visas)]
    title = " · ".join(subclasses)
    if len(subclasses) > FULL_ROWS:
        names = subclasses
    else:
        names = tuple(visa_title(request, subclass) for subclass in subclasses)
    header = (request.text("visa_compare_row"), *names)
    cells = tuple(
        (migration.rows[row], *(row_words(request, entry, row) for entry in visas)) for row in rows
    )
    facts = tuple(
        fact for row in rows for entry in visas for fact in row_facts(request, entry, row)
    )
    return (Table(request.text("visa_compare_caption", subclasses=title), header, cells),), facts


HANDLERS: dict[str, Handler] = {"visa": visa}
