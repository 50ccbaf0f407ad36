"""`offer`: several pays on an equal footing, and beside the visa income thresholds. What is larger is not said to be better."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from bot import pay
from bot.amounts import apart, spoken
from bot.answers import pay_cases, pay_said
from bot.answers.pay_cases import Case
from bot.answers.pay_said import Pay
from bot.answers.printing import Cited, answered, day, money, number
from bot.asking import Ask
from bot.pay import cents
from bot.reply import Block, Choices, Line, Note, Paragraph, Table, Tap, paragraph, spans
from bot.turn import Turn
from content.entry import Fact
from content.tax_year import TaxYear, sources_of

MOST_OFFERS = 4
_AGAINST = re.compile(
    r"\s+(?:vs?\.?|versus|or|against|compared (?:to|with)|(?:better|worse|more|less|higher|lower) than|rather than|instead of|and(?=\s+\$?\d))\s+",
    re.IGNORECASE,
)


def sides(words: str) -> list[str]:
    """'165k vs 1000/day' → both, as said; so too '165k 1000/day', where nothing stands between them."""
    return [side for part in _AGAINST.split(words) if part.strip() for side in _apart(part)]


def _apart(part: str) -> tuple[str, ...]:
    """A span ('150-160k') and a bonus beside a pay are no second offer."""
    alone = pay_said.without_extras(part)
    return (part,) if spoken(alone).between else apart(alone)


def offer(ask: Ask) -> Turn:
    """Several pays side by side; one alone is turned into the day rate that equals it."""
    parts = sides(ask.words)
    said = [pay_cases.by_the_day(ask, pay_said.read(part)) for part in parts[:MOST_OFFERS]]
    problem = next((words for one in said if (words := pay_cases.problem(ask, one))), "" if said else ask.say("offer_of_what"))
    if problem:
        return ask.answer(paragraph(problem), Choices(_offer_examples(ask)), personal=bool(ask.words), remember=not ask.words.strip())
    again = " vs ".join(pay_said.written(one) for one in said)
    name = next((one.year for one in said if one.year in ask.content.tax), pay_cases.this_year(ask))
    year = ask.content.tax[name]
    loan = any(one.help_debt for one in said)
    said = [replace(one, year=name, days=pay_cases.days_of(ask, one), help_debt=loan) for one in said]
    cases = tuple(case for one in said for case in pay_cases.cases(year, one))
    days = next((one.days for one in said if one.day_rate is not None and one.days), None) or pay_cases.planned(ask)
    blocks: list[Block] = [
        *(block for one in said for block in pay_cases.taken(ask, one)),
        *pay_cases.left_out(ask),
        *_offer_headline(ask, cases),
        *_footing(ask, cases, days),
        *_break_even(ask, cases, days),
        *_thresholds(ask, cases),
        Note(ask.say("offer_not_counted_title"), tuple(_not_counted(ask, cases))),
        Note(ask.say("takehome_assumes"), tuple(pay_cases.assumed(ask, name, replace(said[0], day_rate=None)))),
    ]
    if len(parts) > MOST_OFFERS:
        blocks.insert(0, paragraph(ask.say("offer_too_many", most=MOST_OFFERS)))
    cited = tuple(_offer_cited(ask, year, cases, help_debt=loan))
    # Remembered are the pays as read, never the sentence they stood in.
    return answered(replace(ask, words=again), *blocks, cite=cited, taps=_offer_taps(ask, said), personal=True)


def _offer_headline(ask: Ask, cases: tuple[Case, ...]) -> Iterator[Block]:
    """The packages, largest first. What is larger is not said to be better."""
    ordered = sorted(cases, key=lambda case: -case.package.total)
    parts = "; ".join(
        ask.say("offer_package", name=pay_cases.named(ask, case), package=pay_cases.dollars(case.package.total)) for case in ordered
    )
    yield Paragraph(ask.line("offer_headline", packages=parts))
    if any(case.said.basis is None for case in cases):
        yield paragraph(ask.say("offer_which_basis"))


def _footing(ask: Ask, cases: tuple[Case, ...], days: float) -> Iterator[Block]:
    """A row for each offer, and how days and leave were made equal."""
    header = tuple(ask.say(key) for key in ("offer_offer", "sum_package", "offer_base", "sum_super", "offer_per_day", "offer_take_home"))
    rows = tuple(
        (
            pay_cases.named(ask, case),
            pay_cases.dollars(case.package.total),
            pay_cases.dollars(case.package.base),
            pay_cases.dollars(case.package.super_guarantee),
            pay_cases.dollars(case.package.total / Decimal(str(case.said.days or days))),
            pay_cases.dollars(case.net.take_home),
        )
        for case in cases
    )
    yield Table(ask.say("offer_caption", year=cases[0].said.year), header, rows)
    yield paragraph(ask.say("offer_leave", days=number(days)))


def _break_even(ask: Ask, cases: tuple[Case, ...], days: float) -> Iterator[Block]:
    """The day rate that equals each salary, and the smaller one that it seems to be when super is forgotten."""
    for case in cases:
        if case.said.day_rate is None:
            rate = pay.break_even_day_rate(case.package, Decimal(str(days)))
            forgotten = cents(case.package.base / Decimal(str(days)))
            yield Paragraph(
                ask.line(
                    "offer_break_even",
                    name=pay_cases.named(ask, case),
                    days=number(days),
                    rate=pay_cases.dollars(rate),
                    forgotten=pay_cases.dollars(forgotten),
                )
            )


def _thresholds(ask: Ask, cases: tuple[Case, ...]) -> Iterator[Block]:
    """Base without super beside every figure our sources give for the thresholds. No verdict."""
    known = [(threshold, year) for threshold in ask.content.migration.thresholds.values() if (year := threshold.on(ask.today))]
    if not known:
        return
    header = (ask.say("offer_before_super"), ask.say("offer_amount"), ask.say("offer_from"))
    rows = [(pay_cases.named(ask, case), pay_cases.dollars(case.package.base), ask.say("offer_this_offer")) for case in cases]
    for threshold, year in known:
        rows += [(threshold.name, money(pay_cases.amount_of(fact)), _origin(ask, fact)) for fact in year.facts]
    yield Table(ask.say("offer_thresholds", day=day(known[0][1].since)), header, tuple(rows))
    yield paragraph(str(ask.content.pay["thresholds_before_super"].value))


def _origin(ask: Ask, fact: Fact) -> str:
    source = ask.content.sources[fact.source]
    return source.short or source.publisher


def _not_counted(ask: Ask, cases: tuple[Case, ...]) -> Iterator[Line]:
    if any(case.said.day_rate is not None for case in cases):
        yield spans(ask.say("offer_not_counted_contract"))
        yield spans(str(ask.content.pay["contractor_super"].value))
    yield spans(ask.say("offer_not_counted"))
    yield spans(ask.say("offer_days_are", days=number(pay_cases.planned(ask)), measures=pay_cases.planning(ask).measures))


def _offer_cited(ask: Ask, year: TaxYear, cases: tuple[Case, ...], *, help_debt: bool) -> Iterator[Cited]:
    yield from sources_of(origin for origin in year.origins if help_debt or origin is not year.study_loan)
    yield pay_cases.planning(ask)
    for threshold in ask.content.migration.thresholds.values():
        if known := threshold.on(ask.today):
            yield from known.facts
    yield ask.content.pay["thresholds_before_super"]
    if any(case.said.day_rate is not None for case in cases):
        yield ask.content.pay["contractor_super"]


def _offer_taps(ask: Ask, said: list[Pay]) -> tuple[Tap, ...]:
    wanted = [
        (ask.say("tap_takehome_of", name=pay_cases.money_said(ask, one)), f"takehome {pay_said.written(replace(one, year=''))}")
        for one in said
    ]
    if len(said) == 1 and said[0].amount is not None:
        against = f"offer {pay_said.written(replace(said[0], year=''))} vs 1000/day {number(pay_cases.planned(ask))} days"
        wanted.append((ask.say("tap_against_contract"), against))
    return pay_cases.buttons(wanted)


def _offer_examples(ask: Ask) -> tuple[Tap, ...]:
    return (Tap(ask.say("tap_example_offer"), "offer 165k + super vs 1000/day 220 days"),)
