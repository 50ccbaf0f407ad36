"""`takehome` and `offer`: what is left of a pay, and several pays on an equal footing.

The sums are bot.pay; here they become tables, with what they assume and where the rates come from. Super in or out decides a
tenth of a pay, so where nobody said which, both are shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from bot import pay
from bot.answers import pay_said
from bot.answers.pay_said import Pay
from bot.answers.printing import Cited, answered, day, money, number
from bot.asking import Ask, Handler, Knows
from bot.pay import BASES, MOST_AMOUNT, MOST_DAYS, Basis, Net, Package, cents
from bot.reply import Block, Choices, Line, Note, Paragraph, Table, Tap, paragraph, spans
from bot.turn import Turn
from content.entry import Fact
from content.library import Content
from content.tax_year import Scale, TaxYear, sources_of

MONTHS, FORTNIGHTS, WEEKS = 12, 26, 52
LEAST = 1000
"""A yearly pay below this is more likely thousands: 165 for 165,000."""
MOST_OFFERS = 4
_AGAINST = re.compile(r"\s+(?:vs?\.?|versus|or|against|compared (?:to|with))\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Case:
    """One reading of a pay: super in or out, and what it comes to."""

    said: Pay
    basis: Basis
    package: Package
    net: Net


# ---- take-home


def takehome(ask: Ask) -> Turn:
    """One pay, after tax."""
    said = pay_said.read(ask.words)
    problem = _problem(ask, said)
    if problem:
        return ask.answer(paragraph(problem), Choices(_examples(ask)), personal=bool(ask.words), remember=False)
    name = said.year or _this_year(ask)
    if name not in ask.content.tax:
        years = " · ".join(ask.content.tax)
        return ask.answer(
            paragraph(ask.say("takehome_no_year", year=name, years=years)), Choices(_years(ask, said)), personal=True, remember=False
        )
    year = ask.content.tax[name]
    said = replace(said, year=name, days=_days(ask, said))
    cases = _cases(year, said)
    blocks: list[Block] = [*_taken(ask, said), *_takehome_headline(ask, cases), _lines(ask, cases)]
    if len(cases) > 1:
        blocks.append(paragraph(ask.say("takehome_which")))
    if said.sums:
        blocks += [Note(ask.say(f"sums_of_{case.basis}"), tuple(_working(ask, year, case))) for case in cases]
    blocks.append(Note(ask.say("takehome_assumes"), tuple(_assumed(ask, name, said))))
    cited = sources_of(origin for origin in year.origins if said.help_debt or origin is not year.study_loan)
    return answered(ask, *blocks, cite=cited, taps=_takehome_taps(ask, said), personal=True)


def _problem(ask: Ask, said: Pay) -> str:
    """Why this cannot be summed up, or nothing."""
    if said.hourly:
        return ask.say("takehome_hourly")
    if said.said_nothing:
        return ask.say("takehome_of_what")
    if said.bare is not None or (said.amount is not None and 0 <= said.amount < LEAST):
        amount = said.bare if said.bare is not None else said.amount or 0
        return ask.say("takehome_bare", number=number(amount), thousands=money(amount * 1000), rate=money(amount))
    yearly = said.amount if said.amount is not None else (said.day_rate or 0) * _or_planned(ask, said)
    if not 0 <= yearly <= MOST_AMOUNT or (said.day_rate or 0) < 0:
        return ask.say("takehome_odd", amount=money(yearly), most=money(MOST_AMOUNT))
    if said.days is not None and not 0 < said.days <= MOST_DAYS:
        return ask.say("takehome_days_odd", days=number(said.days), most=MOST_DAYS)
    return ""


def _cases(year: TaxYear, said: Pay) -> tuple[Case, ...]:
    """One case where super is settled, both otherwise."""
    amount = Decimal(str(said.amount)) if said.amount is not None else Decimal(str(said.day_rate)) * Decimal(str(said.days))
    cases = []
    for basis in (said.basis,) if said.basis else BASES:
        package = pay.package(year.super_guarantee, amount, basis)
        cases.append(Case(said, basis, package, pay.net(year, package.base, help_debt=said.help_debt)))
    return tuple(cases)


def _taken(ask: Ask, said: Pay) -> Iterator[Block]:
    """What was made of the words, where it was more than reading a number."""
    if said.day_rate is not None and said.days is not None:
        yearly = money(float(said.day_rate * said.days))
        yield paragraph(ask.say("takehome_as_day_rate", rate=money(said.day_rate), days=number(said.days), yearly=yearly))
    if said.said_as:
        amount, unit = said.said_as
        yield paragraph(ask.say(f"takehome_as_{unit[0]}", amount=money(amount), yearly=money(said.amount or 0)))


def _takehome_headline(ask: Ask, cases: tuple[Case, ...]) -> Iterator[Block]:
    if len(cases) == 1:
        left = cases[0].net.take_home
        yield Paragraph(
            ask.line("takehome_headline", year=_dollars(left), month=_dollars(left / MONTHS), fortnight=_dollars(left / FORTNIGHTS))
        )
        return
    plus, inside = cases
    yield Paragraph(ask.line("takehome_both", plus=_dollars(plus.net.take_home), inside=_dollars(inside.net.take_home)))


def _lines(ask: Ask, cases: tuple[Case, ...]) -> Table:
    """The whole sum, a column for each case."""
    rows: list[tuple[str, tuple[Decimal, ...]]] = [
        ("sum_base", tuple(case.package.base for case in cases)),
        ("sum_super", tuple(case.package.super_guarantee for case in cases)),
        ("sum_package", tuple(case.package.total for case in cases)),
        ("sum_tax", tuple(-case.net.income_tax for case in cases)),
    ]
    if any(case.net.low_income_offset for case in cases):
        rows.append(("sum_offset", tuple(case.net.low_income_offset for case in cases)))
    rows.append(("sum_levy", tuple(-case.net.medicare_levy for case in cases)))
    if cases[0].said.help_debt:
        rows.append(("sum_loan", tuple(-case.net.help_repayment for case in cases)))
    left = tuple(case.net.take_home for case in cases)
    rows += [
        ("sum_left", left),
        ("sum_month", tuple(one / MONTHS for one in left)),
        ("sum_fortnight", tuple(one / FORTNIGHTS for one in left)),
        ("sum_week", tuple(one / WEEKS for one in left)),
    ]
    header = (ask.say("sum_line"), *(ask.say(f"basis_{case.basis}") for case in cases))
    cells = tuple((ask.say(key), *(_dollars(value) for value in values)) for key, values in rows)
    return Table(ask.say("takehome_caption", year=cases[0].said.year), header, cells)


def _working(ask: Ask, year: TaxYear, case: Case) -> Iterator[Line]:
    """The arithmetic, to the cent."""
    base, rules = case.package.base, year.super_guarantee
    rate = _percent(rules.rate)
    if case.basis == "including_super":
        yield spans(
            ask.say(
                "working_inside",
                package=_to_cents(case.package.total),
                rate=rate,
                base=_to_cents(base),
                extra=_to_cents(case.package.super_guarantee),
            )
        )
    else:
        yield spans(
            ask.say("working_plus", base=_to_cents(min(base, rules.most_pay)), rate=rate, extra=_to_cents(case.package.super_guarantee))
        )
    yield spans(ask.say("working_tax", sum=_on_scale(ask, year.resident_tax, base), result=_to_cents(case.net.income_tax)))
    if case.net.low_income_offset:
        yield spans(ask.say("working_offset", most=_to_cents(year.low_income_offset.most), result=_to_cents(case.net.low_income_offset)))
    levy = year.medicare_levy
    if levy.shade * (base - levy.threshold) < levy.rate * base:
        yield spans(
            ask.say(
                "working_levy_shade",
                rate=_percent(levy.shade),
                threshold=_dollars(levy.threshold),
                result=_to_cents(case.net.medicare_levy),
            )
        )
    else:
        yield spans(ask.say("working_levy", rate=_percent(levy.rate), base=_to_cents(base), result=_to_cents(case.net.medicare_levy)))
    if case.said.help_debt:
        loan = year.study_loan
        whole = (
            ask.say("working_of_all", rate=_percent(loan.all_rate), base=_to_cents(base))
            if base > loan.all_above
            else _on_scale(ask, loan, base)
        )
        yield spans(ask.say("working_loan", sum=whole, result=_to_cents(case.net.help_repayment)))
    yield spans(ask.say("working_left", result=_to_cents(case.net.take_home)))


def _on_scale(ask: Ask, scale: Scale, income: Decimal) -> str:
    step = next((step for step in reversed(scale.steps) if income > step.above), None)
    if step is None:
        return ask.say("working_nothing", above=_dollars(scale.steps[0].above))
    key = "working_step" if step.base else "working_first_step"
    return ask.say(key, base=_dollars(step.base), rate=_percent(step.rate), income=_to_cents(income), above=_dollars(step.above))


def _assumed(ask: Ask, name: str, said: Pay) -> Iterator[Line]:
    for sentence in pay.assumptions(ask.content, name, help_debt=said.help_debt, days=said.days if said.day_rate is not None else None):
        yield spans(sentence)
    yield spans(ask.say("assumes_cents"))


def _takehome_taps(ask: Ask, said: Pay) -> tuple[Tap, ...]:
    plain = replace(said, sums=False)

    def tap(key: str, changed: Pay) -> Tap:
        return Tap(ask.say(key, year=changed.year), f"takehome {pay_said.written(changed)}{' sums' if changed.sums else ''}")

    bases = [basis for basis in BASES if basis != said.basis]
    taps = [tap(f"tap_{basis}", replace(plain, basis=basis)) for basis in bases]
    taps += [] if said.sums else [tap("tap_sums", replace(said, sums=True))]
    taps += [tap("tap_other_year", replace(plain, year=name)) for name in ask.content.tax if name != said.year][-1:]
    taps += [] if said.help_debt else [tap("tap_help_debt", replace(plain, help_debt=True))]
    if said.amount is not None:
        taps.append(Tap(ask.say("tap_day_rate"), f"offer {pay_said.written(replace(plain, year='', help_debt=False))}"))
    return tuple(taps)


def _years(ask: Ask, said: Pay) -> tuple[Tap, ...]:
    return tuple(Tap(name, f"takehome {pay_said.written(replace(said, year=name))}") for name in ask.content.tax)


def _examples(ask: Ask) -> tuple[Tap, ...]:
    return tuple(Tap(ask.say("tap_example_pay", amount=money(amount)), f"takehome {amount}") for amount in (120_000, 165_000, 210_000))


# ---- offers


def offer(ask: Ask) -> Turn:
    """Several pays side by side; one alone is turned into the day rate that equals it."""
    sides = [part for part in _AGAINST.split(ask.words) if part.strip()]
    said = [pay_said.read(side) for side in sides[:MOST_OFFERS]]
    problem = next((words for one in said if (words := _problem(ask, one))), "" if said else ask.say("offer_of_what"))
    if problem:
        return ask.answer(paragraph(problem), Choices(_offer_examples(ask)), personal=bool(ask.words), remember=False)
    name = next((one.year for one in said if one.year in ask.content.tax), _this_year(ask))
    year = ask.content.tax[name]
    loan = any(one.help_debt for one in said)
    said = [replace(one, year=name, days=_days(ask, one), help_debt=loan) for one in said]
    cases = tuple(case for one in said for case in _cases(year, one))
    days = next((one.days for one in said if one.day_rate is not None and one.days), None) or _planned(ask)
    blocks: list[Block] = [
        *(block for one in said for block in _taken(ask, one)),
        *_offer_headline(ask, cases),
        *_footing(ask, cases, days),
        *_break_even(ask, cases, days),
        *_thresholds(ask, cases),
        Note(ask.say("offer_not_counted_title"), tuple(_not_counted(ask, cases))),
        Note(ask.say("takehome_assumes"), tuple(_assumed(ask, name, replace(said[0], day_rate=None)))),
    ]
    if len(sides) > MOST_OFFERS:
        blocks.insert(0, paragraph(ask.say("offer_too_many", most=MOST_OFFERS)))
    return answered(ask, *blocks, cite=tuple(_offer_cited(ask, year, cases, help_debt=loan)), taps=_offer_taps(ask, said), personal=True)


def _offer_headline(ask: Ask, cases: tuple[Case, ...]) -> Iterator[Block]:
    """The packages, largest first. What is larger is not said to be better."""
    ordered = sorted(cases, key=lambda case: -case.package.total)
    parts = "; ".join(ask.say("offer_package", name=_named(ask, case), package=_dollars(case.package.total)) for case in ordered)
    yield Paragraph(ask.line("offer_headline", packages=parts))
    if any(case.said.basis is None for case in cases):
        yield paragraph(ask.say("offer_which_basis"))


def _footing(ask: Ask, cases: tuple[Case, ...], days: float) -> Iterator[Block]:
    """A row for each offer, and how days and leave were made equal."""
    header = tuple(ask.say(key) for key in ("offer_offer", "sum_package", "offer_base", "sum_super", "offer_per_day", "offer_take_home"))
    rows = tuple(
        (
            _named(ask, case),
            _dollars(case.package.total),
            _dollars(case.package.base),
            _dollars(case.package.super_guarantee),
            _dollars(case.package.total / Decimal(str(case.said.days or days))),
            _dollars(case.net.take_home),
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
                ask.line("offer_break_even", name=_named(ask, case), days=number(days), rate=_dollars(rate), forgotten=_dollars(forgotten))
            )


def _thresholds(ask: Ask, cases: tuple[Case, ...]) -> Iterator[Block]:
    """Base without super beside every figure our sources give for the thresholds. No verdict."""
    known = [(threshold, year) for threshold in ask.content.migration.thresholds.values() if (year := threshold.on(ask.today))]
    if not known:
        return
    header = (ask.say("offer_before_super"), ask.say("offer_amount"), ask.say("offer_from"))
    rows = [(_named(ask, case), _dollars(case.package.base), ask.say("offer_this_offer")) for case in cases]
    for threshold, year in known:
        rows += [(threshold.name, money(_amount(fact)), _origin(ask, fact)) for fact in year.facts]
    yield Table(ask.say("offer_thresholds", day=day(known[0][1].since)), header, tuple(rows))
    yield paragraph(str(ask.content.pay["thresholds_before_super"].value))


def _amount(fact: Fact) -> float:
    return fact.value if isinstance(fact.value, float) else 0.0


def _origin(ask: Ask, fact: Fact) -> str:
    source = ask.content.sources[fact.source]
    return source.short or source.publisher


def _not_counted(ask: Ask, cases: tuple[Case, ...]) -> Iterator[Line]:
    if any(case.said.day_rate is not None for case in cases):
        yield spans(ask.say("offer_not_counted_contract"))
        yield spans(str(ask.content.pay["contractor_super"].value))
    yield spans(ask.say("offer_not_counted"))
    yield spans(ask.say("offer_days_are", days=number(_planned(ask)), measures=_planning(ask).measures))


def _offer_cited(ask: Ask, year: TaxYear, cases: tuple[Case, ...], *, help_debt: bool) -> Iterator[Cited]:
    yield from sources_of(origin for origin in year.origins if help_debt or origin is not year.study_loan)
    yield _planning(ask)
    for threshold in ask.content.migration.thresholds.values():
        if known := threshold.on(ask.today):
            yield from known.facts
    yield ask.content.pay["thresholds_before_super"]
    if any(case.said.day_rate is not None for case in cases):
        yield ask.content.pay["contractor_super"]


def _offer_taps(ask: Ask, said: list[Pay]) -> tuple[Tap, ...]:
    taps = [
        Tap(ask.say("tap_takehome_of", name=_money_said(ask, one)), f"takehome {pay_said.written(replace(one, year=''))}") for one in said
    ]
    if len(said) == 1 and said[0].amount is not None:
        against = f"offer {pay_said.written(replace(said[0], year=''))} vs 1000/day {number(_planned(ask))} days"
        taps.append(Tap(ask.say("tap_against_contract"), against))
    return tuple(taps)


def _offer_examples(ask: Ask) -> tuple[Tap, ...]:
    return (Tap(ask.say("tap_example_offer"), "offer 165k + super vs 1000/day 220 days"),)


# ---- words and figures


def _named(ask: Ask, case: Case) -> str:
    return ask.say("offer_name", pay=_money_said(ask, case.said), basis=ask.say(f"short_{case.basis}"))


def _money_said(ask: Ask, said: Pay) -> str:
    if said.day_rate is not None:
        return ask.say("offer_day_rate", rate=money(said.day_rate), days=number(said.days or 0))
    return money(said.amount or 0)


def _dollars(amount: Decimal) -> str:
    return money(float(cents(amount)))


def _to_cents(amount: Decimal) -> str:
    return money(float(amount), cents=True)


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f}%"


def _this_year(ask: Ask) -> str:
    """The income year of today; the newest we have, once ours have run out."""
    return next((name for name, year in ask.content.tax.items() if year.starts <= ask.today <= year.ends), max(ask.content.tax))


def _planning(ask: Ask) -> Fact:
    contracts = (occupation.contract for occupation in ask.content.occupations.values())
    return next(contract.planning_days for contract in contracts if contract is not None)


def _planned(ask: Ask) -> float:
    return _amount(_planning(ask))


def _or_planned(ask: Ask, said: Pay) -> float:
    return said.days if said.days is not None else _planned(ask)


def _days(ask: Ask, said: Pay) -> float | None:
    return _or_planned(ask, said) if said.day_rate is not None else said.days


def again(ask: Ask, command: str, words: str) -> Turn:
    """The last sum with something changed: 'what if including super', 'what if 180k'."""
    sides = _AGAINST.split(words)
    new = pay_said.read(ask.words)
    changed = [pay_said.written(pay_said.merged(pay_said.read(side), new)) for side in (sides if command == "offer" else sides[:1])]
    return HANDLERS[command](replace(ask, command=command, words=" vs ".join(changed) + (" sums" if new.sums else "")))


_FILLER = frozenset(
    [
        "a",
        "an",
        "at",
        "for",
        "in",
        "is",
        "it",
        "me",
        "my",
        "of",
        "on",
        "or",
        "pay",
        "per",
        "pa",
        "salary",
        "the",
        "to",
        "with",
        "year",
        "yearly",
    ]
)


def knows(_content: Content, _command: str, words: str) -> bool:
    """Whether these words are pays and nothing else."""
    sides = [pay_said.read(side) for side in _AGAINST.split(words)]
    return all(not one.said_nothing and _FILLER.issuperset(re.findall(r"[a-z]+", one.rest.lower())) for one in sides)


HANDLERS: dict[str, Handler] = {"takehome": takehome, "offer": offer}
KNOWS: dict[str, Knows] = {"takehome": knows, "offer": knows}
