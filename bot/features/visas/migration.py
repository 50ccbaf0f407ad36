"""What visa, code and points answers share: which lists a code stood on, what a threshold is on a
day, rounds, places, reform, and the usual ending of an answer about migration.

Everything is said about codes, visas and dates, never about a person: no function here may decide
that somebody meets anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.core.local_time import today
from bot.core.reply import (
    Block,
    Bullets,
    Line,
    Note,
    Open,
    Paragraph,
    Strong,
    Table,
    Tap,
    Text,
    paragraph,
    spans,
)
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import amount, dates_of, day, figure, name_of
from bot.features.page import page
from content.content import Content
from content.entry import Fact, warning
from content.migration import InvitationRound
from content.visa import Correction, Shared, Visa


def known(content: Content, shared: Shared) -> Fact:
    """The fact itself, or the one of that key in `migration.yaml`."""
    if isinstance(shared, Fact):
        return shared
    return content.migration.facts[shared]


def all_known(content: Content, shared: Iterable[Shared]) -> tuple[Fact, ...]:
    return tuple(known(content, item) for item in shared)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether a code stood on a list that opens one way to a visa.

    `lists`: those it stood on, or, if none, those asked for.

    `made_by` names the instrument and its date; `number` differs from the code where the list
    carries the job under another one.
    """

    route: str
    visa: str
    label: str
    listed: bool
    lists: tuple[str, ...]
    made_by: Fact
    number: str


def standings(content: Content, code: str) -> tuple[Standing, ...]:
    """One for every way to a visa, in the content's order.

    Raises KeyError for a code that the content does not have.
    """
    return tuple(_standing(content, code, key) for key in content.migration.routes)


def _standing(content: Content, code: str, route_key: str) -> Standing:
    entry, migration = content.codes[code], content.migration
    route = migration.routes[route_key]
    on = tuple(key for key in route.lists if key in entry.lists)
    shown = on or route.lists
    return Standing(
        route=route_key,
        visa=route.visa,
        label=route.label,
        listed=bool(on),
        lists=tuple(migration.lists[key].name for key in shown),
        made_by=migration.lists[shown[0]].made_by,
        number=entry.listed_as.get(shown[0], code),
    )


def income_facts(content: Content, visa: Visa, on: date) -> tuple[Fact, ...]:
    """What sources say about this visa's income thresholds on a day;
    those that disagree stand side by side.
    """
    years = (content.migration.thresholds[key].on(on) for key in visa.thresholds)
    return tuple(fact for year in years if year for fact in year.facts)


def income_words(request: Request, visa: Visa) -> str:
    """'Core $79,423 or $79,499; Specialist $146,576 or $146,717 a year (sources differ)'.

    Empty for a visa without thresholds.
    """
    on = today(request.state.person, request.event)
    parts, differ = [], False
    for key in visa.thresholds:
        threshold = request.content.migration.thresholds[key]
        year = threshold.on(on)
        if year:
            differ = differ or len(year.facts) > 1
            parts.append(
                request.text(
                    "visa_threshold",
                    label=threshold.label,
                    amounts=request.text("visa_or").join(amount(fact) for fact in year.facts),
                )
            )
    if not parts:
        return ""
    return request.text(
        "visa_income_differ" if differ else "visa_income", thresholds="; ".join(parts)
    )


def row_facts(request: Request, visa: Visa, row: str) -> tuple[Fact, ...]:
    """What one row of the comparison rests on for this visa;
    empty where our sources say nothing.
    """
    if row == request.content.migration.income_row:
        thresholds = income_facts(request.content, visa, today(request.state.person, request.event))
        if thresholds:
            return thresholds
    if row not in visa.cells:
        return ()
    return (known(request.content, visa.cells[row]),)


def row_words(request: Request, visa: Visa, row: str) -> str:
    """The cell of that row, or the honest gap."""
    if row == request.content.migration.income_row:
        income = income_words(request, visa)
        if income:
            return income
    if row in visa.cells:
        return figure(known(request.content, visa.cells[row]))
    return request.text("visa_gap")


def sourced(request: Request, words: str, *facts: Fact) -> Line:
    """A line that carries its own source and date, for what is folded away; it warns where the
    figure's time has passed.
    """
    lines = []
    for fact in facts:
        source = request.content.sources[fact.source]
        origin = request.text("visa_from", name=name_of(source), dates=dates_of(source, (fact,)))
        if source.quoted_by:
            origin = request.text(
                "visa_from_quoted", name=name_of(source), dates=dates_of(source, (fact,))
            )
        if warning(fact, source, today(request.state.person, request.event)) == "expired":
            origin += request.text("visa_from_expired")
        lines.append(origin)
    return spans(request.text("visa_sourced", words=words, origins="; ".join(dict.fromkeys(lines))))


def rounds_blocks(request: Request, visa: str = "189") -> tuple[Block, ...]:
    """The dated rounds of a visa, what "not listed" means,
    and that the nominated visas have no national cut-off.
    """
    rounds = request.content.migration.rounds
    held = tuple(one for one in rounds.rounds if one.visa == visa)
    others = tuple(
        spans(
            request.text(
                "rounds_others",
                day=day(one.held_on),
                titles=", ".join(f"{title} {score}" for title, score in one.others.items()),
            )
        )
        for one in reversed(held)
        if one.others
    )
    return (
        paragraph(Strong(figure(rounds.summary[0]))),
        paragraph(request.text("rounds_caption", visa=visa)),
        Bullets(tuple(_round(request, one) for one in reversed(held))),
        paragraph(figure(rounds.not_listed)),
        *(paragraph(figure(fact)) for fact in (*rounds.no_national_cut_off, *rounds.summary[1:])),
        *((Note(request.text("rounds_others_title"), others),) if others else ()),
    )


def _round(request: Request, held: InvitationRound) -> Line:
    """'7 Nov 2024: 261313 95, 261312 95', or that none of our codes was listed."""
    codes = request.content.migration.rounds.codes
    lowest = ", ".join(f"{code} {held.lowest[code]}" for code in codes if code in held.lowest)
    if held.invited:
        when = request.text(
            "rounds_held_invited", day=day(held.held_on), invited=f"{held.invited:,}"
        )
    else:
        when = day(held.held_on)
    told = lowest or request.text("rounds_not_listed")
    return spans(request.text("rounds_line", when=when, lowest=told))


def rounds_facts(content: Content) -> tuple[Fact, ...]:
    """What `rounds_blocks` rests on."""
    rounds = content.migration.rounds
    return (*rounds.summary, rounds.not_listed, *rounds.no_national_cut_off)


def last_listed(content: Content, code: str, visa: str = "189") -> tuple[date, int] | None:
    """The latest round of this visa that lists the code, with its lowest score."""
    seen = [
        (held.held_on, held.lowest[code])
        for held in content.migration.rounds.rounds
        if held.visa == visa and code in held.lowest
    ]
    return max(seen, default=None)


def reform_blocks(request: Request) -> tuple[Block, ...]:
    """What has been announced about the points test, by date, each with who says so."""
    return (
        Note(
            request.text("reform_title"),
            tuple(
                sourced(request, figure(fact), fact) for fact in request.content.migration.reform
            ),
        ),
    )


def places_blocks(request: Request) -> tuple[Block, ...]:
    """The program year's places beside those of the year before."""
    migration = request.content.migration
    header = (
        request.text("places_program"),
        migration.planning_year,
        request.text("places_before"),
    )
    rows = tuple(
        (level.label, amount(level.now), amount(level.before) if level.before else "–")
        for level in migration.planning
    )
    notes = [level.now.note for level in migration.planning if level.now.note]
    return (
        Table(request.text("places_caption", year=migration.planning_year), header, rows),
        *(paragraph(note) for note in notes),
    )


def places_facts(content: Content) -> tuple[Fact, ...]:
    return tuple(
        fact for level in content.migration.planning for fact in (level.now, level.before) if fact
    )


def instrument(request: Request, fact: Fact) -> str:
    """'LIN 19/051, 28 Mar 2026'."""
    source = request.content.sources[fact.source]
    return request.text("visa_from", name=name_of(source), dates=dates_of(source, (fact,)))


def corrections(request: Request, all_of_them: Iterable[Correction]) -> tuple[Block, ...]:
    """What the careers page says and what we found, each named as such."""
    return tuple(
        Paragraph(
            (
                Strong(request.text("visa_page_says")),
                Text(f" {figure(each.page_says)} "),
                Strong(request.text("visa_found")),
                Text(" " + " ".join(figure(known(request.content, found)) for found in each.found)),
            )
        )
        for each in all_of_them
    )


def told(
    request: Request,
    blocks: tuple[Block, ...],
    cited: Iterable[Fact | str],
    *,
    taps: Iterable[Tap | Open] = (),
    rest: tuple[Block, ...] = (),
    more: bool = False,
    whole: bool = False,
) -> Turn:
    """A page with its sources, the migration caveat and its taps."""
    shown = tuple(cited)
    offered = tuple(taps) or (
        Tap(request.text("tap_visa_pathways"), "visa"),
        Tap(request.text("tap_my_points"), "points"),
    )
    caveat: tuple[Paragraph, ...] = ()
    if not shown:
        caveat = (paragraph(request.text("visas_caveat")),)
    return page(
        request,
        *blocks,
        *caveat,
        rest=rest,
        cite=shown,
        taps=offered,
        more=more,
        whole=whole,
        caveat="visas_caveat",
    )


def ordered(content: Content) -> dict[str, Visa]:
    """The pathways in the order in which lists show them."""
    return dict(sorted(content.visas.items(), key=lambda pair: (pair[1].order, pair[0])))


def visa_list(content: Content) -> str:
    """'482, 186, 189, 190 and 491'."""
    *first, last = ordered(content)
    if first:
        return f"{', '.join(first)} and {last}"
    return last


def visa_title(request: Request, subclass: str) -> str:
    """'189 Skilled Independent'."""
    return request.text("visa_title", subclass=subclass, name=request.content.visas[subclass].name)
