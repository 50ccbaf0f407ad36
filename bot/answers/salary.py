"""`salary`: pay by level, by years, from an amount or from a day rate, each with what else is known beside it.

A mistyped word is named, and a number is never changed. Take-home pay and comparing two offers are other commands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.amounts import Spoken, spoken
from bot.answers import occupations
from bot.answers.printing import Cited, amount, answered, figure, filled, money, named, number, number_range
from bot.asking import Ask, Handler
from bot.matching import corrected, nearest
from bot.reply import Block, Choices, Code, Note, Paragraph, Strong, Table, Tap, Text, paragraph, spans
from bot.turn import Turn
from content.entry import Fact, Range
from content.occupation import Band, Contract, Occupation

MOST_YEARS = 60
MOST_PAID_DAYS = 365
YEARLY = (10_000, 5_000_000)
DAILY = (50, 20_000)
"""Figures outside are more likely a slip than a wage: they are asked about."""

ASIDES = ("where", "super")
"""Words that ask about the figures instead of for one."""

_FILLER = re.compile(
    r"\b(?:levels?|all|pay|base|package|bands?|per|year|annual|annum|with|on|at|is|what|how|much|engineers?|experience|ml|me|do|i|my)\b",
    re.IGNORECASE,
)
_PUNCTUATION = re.compile(r"[^\w\s'-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the words after `salary` ask for. `level` is a band's key, 'contract', an aside, or empty. `taken`: a mistyped
    word and what it was taken for. `unknown`: words that nothing here knows.
    """

    occupation: Occupation
    numbers: Spoken
    level: str = ""
    taken: tuple[str, str] | None = None
    unknown: str = ""


def salary(ask: Ask) -> Turn:
    wanted = read(ask)
    numbers, bands = wanted.numbers, wanted.occupation.bands
    if wanted.unknown:
        return _unknown(ask, wanted)
    if numbers.bare is not None:
        return _which_unit(ask, wanted.occupation, numbers.bare)
    if numbers.day_rate is not None:
        return _day_rate(ask, wanted, numbers.day_rate)
    if numbers.amount is not None:
        return _standing(ask, wanted, numbers.amount)
    if wanted.level == "where":
        return _ask_for_pay(ask, wanted.occupation)
    if wanted.level == "super":
        return _basis(ask, wanted.occupation)
    if wanted.level == "contract" and wanted.occupation.contract:
        return _contract(ask, wanted, wanted.occupation.contract)
    if wanted.level in bands:
        return _band(ask, wanted, bands[wanted.level])
    if numbers.years is not None:
        return _by_years(ask, wanted, *numbers.years)
    return _all(ask, wanted.occupation)


def read(ask: Ask) -> Wanted:
    """Numbers with their units first, then the occupation, then the level among what is left."""
    numbers = spoken(ask.words)
    occupation, words = occupations.split(ask.content, numbers.rest)
    words = " ".join(_PUNCTUATION.sub(" ", words).lower().split())
    meanings = _levels(occupation)
    for tried in dict.fromkeys((words, " ".join(_FILLER.sub(" ", occupations.without_noise(words)).split()))):
        if not tried:
            return Wanted(occupation=occupation, numbers=numbers)
        level = corrected(tried, meanings) or _inside(tried, meanings)
        if level:
            taken = None if tried in meanings or _inside(tried, meanings) else (tried, _name(occupation, level))
            return Wanted(occupation=occupation, numbers=numbers, level=level, taken=taken)
    return Wanted(occupation=occupation, numbers=numbers, unknown=ask.words if any(map(str.isdigit, words)) else words)


def _levels(occupation: Occupation) -> dict[str, str]:
    """Every accepted word with the level that it means."""
    meanings = {aside: aside for aside in ASIDES}
    for key, band in occupation.bands.items():
        meanings |= dict.fromkeys((key, *(alias.lower() for alias in (band.label, band.short, *band.aliases))), key)
    if contract := occupation.contract:
        meanings |= dict.fromkeys(
            ("contract", *(alias.lower() for alias in (contract.label, contract.short, *contract.aliases))), "contract"
        )
    return meanings


def _inside(words: str, meanings: dict[str, str]) -> str | None:
    """The one level named among other words: 'mid role please'."""
    found = {meaning for word, meaning in meanings.items() if re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", words)}
    return found.pop() if len(found) == 1 else None


def _name(occupation: Occupation, level: str) -> str:
    if level in occupation.bands:
        return occupation.bands[level].short.lower()
    return level


# What a level, or years of experience, are paid


def _band(ask: Ask, wanted: Wanted, band: Band) -> Turn:
    occupation = wanted.occupation
    remarks = [point.say for point in band.remarks]
    scale = [occupation.scale_note] if occupation.scale_note else []
    blocks = (
        *_taken(ask, wanted),
        _headline(ask, band.label, figure(band.pay), band.years),
        paragraph(occupation.basis),
        *(paragraph(filled(ask, occupation, text)) for text in (*remarks, *scale)),
    )
    cite = (band.pay, *named(occupation, *remarks, *scale))
    return answered(ask, *blocks, cite=cite, taps=_next_taps(ask, occupation, band))


def _by_years(ask: Ask, wanted: Wanted, low: float, high: float) -> Turn:
    occupation = wanted.occupation
    if not 0 <= low <= high <= MOST_YEARS:
        return _ask_again(ask, "salary_years_odd", years=number_range(low, high), most=MOST_YEARS)
    reached = [band for band in occupation.bands.values() if _reaches(band.years, low, high)]
    if not reached:
        return _ask_again(ask, "salary_years_odd", years=number_range(low, high), most=MOST_YEARS)
    if len(reached) == 1:
        return _band(ask, wanted, reached[0])
    counted = reached[-1] if occupation.shared_year == "upper" else reached[0]
    note = (
        ask.say("salary_shared_year", years=number(low), level=counted.short.lower())
        if low == high
        else ask.say("salary_several_bands", years=number_range(low, high))
    )
    blocks = (*_taken(ask, wanted), *(_headline(ask, band.label, figure(band.pay), band.years) for band in reached), paragraph(note))
    taps = tuple(Tap(band.short, _level_line(occupation, key)) for key, band in occupation.bands.items() if band in reached)
    cite = tuple(band.pay for band in reached)
    return answered(ask, *blocks, paragraph(occupation.basis), cite=cite, taps=(*taps[:3], _all_levels(ask, occupation)))


def _reaches(years: Range, low: float, high: float) -> bool:
    """Whether a band holds these years; a span of years that only touches a band's edge does not count."""
    start, end = years.low or 0, MOST_YEARS if years.high is None else years.high
    return start <= low <= end if low == high else start < high and low < end


def _all(ask: Ask, occupation: Occupation) -> Turn:
    rows = [(band.short, _years(ask, band.years), amount(band.pay)) for band in occupation.bands.values()]
    facts = [band.pay for band in occupation.bands.values()]
    remarks: list[str] = []
    if contract := occupation.contract:
        rows.append((contract.short, "", amount(contract.yearly)))
        facts.append(contract.yearly)
        remarks.append(contract.remarks[0].say) if contract.remarks else None
    header = tuple(ask.say(f"salary_column_{column}") for column in ("level", "years", "pay"))
    scale = tuple(occupation.figures[key] for key in occupation.scale)
    blocks: tuple[Block, ...] = (
        Table(ask.say("salary_table", occupations=occupation.plural), header, tuple(rows)),
        paragraph(occupation.basis),
        paragraph(ask.say("salary_bands_touch")),
        *(paragraph(filled(ask, occupation, text)) for text in remarks),
        *_scale(ask, scale),
    )
    cite = (*facts, *named(occupation, *remarks), *scale)
    return answered(ask, *blocks, cite=cite, taps=_level_taps(ask, occupation))


def _scale(ask: Ask, scale: tuple[Fact, ...]) -> Iterator[Note]:
    if scale:
        yield Note(
            ask.say("salary_scale"),
            tuple(spans(ask.say("salary_scale_line", figure=figure(fact), measures=fact.measures)) for fact in scale),
        )


def _contract(ask: Ask, wanted: Wanted, contract: Contract) -> Turn:
    occupation = wanted.occupation
    remarks = [point.say for point in contract.remarks]
    blocks = (
        *_taken(ask, wanted),
        _headline(ask, contract.label, ask.say("salary_contract", yearly=figure(contract.yearly), daily=figure(contract.day_rate)), None),
        paragraph(occupation.basis),
        *(paragraph(filled(ask, occupation, text)) for text in remarks),
    )
    taps = (
        Tap(ask.say("tap_a_day_rate"), f"salary {occupations.prefix(occupation)}{_middle(contract.day_rate):.0f}/day"),
        Tap(ask.say("tap_offer"), "offer"),
        _all_levels(ask, occupation),
    )
    return answered(ask, *blocks, cite=(contract.yearly, contract.day_rate, *named(occupation, *remarks)), taps=taps)


# Where a person's own figure stands: personal, because it is computed from what they said


def _standing(ask: Ask, wanted: Wanted, pay: float) -> Turn:
    occupation = wanted.occupation
    if not YEARLY[0] <= pay <= YEARLY[1]:
        return _ask_again(ask, "salary_amount_odd", amount=money(pay), low=money(YEARLY[0]), high=money(YEARLY[1]))
    holding = [band for band in occupation.bands.values() if _holds(band.pay, pay)]
    blocks = [
        *_taken(ask, wanted),
        Paragraph((Strong(_place(ask, occupation, pay, holding)),)),
    ]
    cite: list[Cited] = [band.pay for band in holding or _edges(occupation)]
    if wanted.level in occupation.bands:
        band = occupation.bands[wanted.level]
        blocks.append(paragraph(ask.say(f"salary_{_against(band.pay, pay)}", level=band.short.lower(), band=amount(band.pay))))
        cite.append(band.pay)
    blocks.append(paragraph(occupation.basis, " ", ask.say("salary_bands_touch")))
    medians = tuple(occupation.figures[key] for key in occupation.scale[:2])
    blocks += [paragraph(_beside(ask, pay, median)) for median in medians]
    blocks.append(paragraph(ask.say("salary_same_basis")))
    taps = (Tap(ask.say("tap_takehome"), f"takehome {pay:.0f}"), _all_levels(ask, occupation), Tap(ask.say("tap_offer"), "offer"))
    return answered(ask, *blocks, cite=(*cite, *medians), taps=taps, personal=True)


def _place(ask: Ask, occupation: Occupation, pay: float, holding: list[Band]) -> str:
    if not holding:
        key = "salary_below_all" if pay < _low(occupation) else "salary_above_all"
        band = _edges(occupation)[0 if pay < _low(occupation) else -1]
        return ask.say(key, amount=money(pay), level=band.short.lower(), band=amount(band.pay))
    names = ask.say("list_join").join(
        ask.say("salary_band_named", level=band.short.lower(), band=amount(band.pay), years=_years(ask, band.years)) for band in holding
    )
    return ask.say("salary_in_one" if len(holding) == 1 else "salary_in_several", amount=money(pay), bands=names)


def _beside(ask: Ask, pay: float, median: Fact) -> str:
    value = median.value if isinstance(median.value, float | int) else 0.0
    key = "salary_beside_same" if pay == value else "salary_beside_above" if pay > value else "salary_beside_below"
    return ask.say(
        key, difference=money(abs(pay - value)), figure=amount(median), measures=median.measures[0].lower() + median.measures[1:]
    )


def _day_rate(ask: Ask, wanted: Wanted, rate: float) -> Turn:
    occupation, contract = wanted.occupation, wanted.occupation.contract
    if not DAILY[0] <= rate <= DAILY[1]:
        return _ask_again(ask, "salary_day_rate_odd", rate=money(rate), low=money(DAILY[0]), high=money(DAILY[1]))
    if contract is None:
        return _ask_again(ask, "salary_no_contract", occupations=occupation.plural)
    days = wanted.numbers.paid_days
    if days is not None and not 1 <= days <= MOST_PAID_DAYS:
        return _ask_again(ask, "salary_days_odd", days=number(days), most=MOST_PAID_DAYS)
    remarks = [point.say for point in contract.remarks]
    counted = (contract.source_days, contract.planning_days)
    first = days if days is not None else _number(contract.source_days)
    others = [
        ask.say(f"salary_at_{name}", yearly=money(rate * _number(fact)), days=number(_number(fact)))
        for name, fact in zip(("source_days", "planning_days"), counted, strict=True)
        if _number(fact) != first
    ]
    said_by = [ask.say("salary_by_source_days", days=number(first))] if first == _number(contract.source_days) else []
    blocks = [
        *_taken(ask, wanted),
        Paragraph((Strong(ask.say("salary_annualised", rate=money(rate), yearly=money(rate * first), days=number(first))),)),
        paragraph(" ".join((*said_by, *others))),
        paragraph(ask.say(f"salary_{_against(contract.day_rate, rate)}", level=contract.short.lower(), band=figure(contract.day_rate))),
        *(paragraph(filled(ask, occupation, text)) for text in remarks),
    ]
    taps = (
        Tap(ask.say("tap_takehome"), f"takehome {rate:g}/day {first:g} days"),
        Tap(ask.say("tap_offer"), "offer"),
        Tap(contract.short, _level_line(occupation, "contract")),
    )
    return answered(ask, *blocks, cite=(contract.day_rate, *counted, *named(occupation, *remarks)), taps=taps, personal=True)


# What is asked back


def _ask_for_pay(ask: Ask, occupation: Occupation) -> Turn:
    start = f"salary {occupations.prefix(occupation)}"
    examples = (Text(ask.say("salary_where")), Code(f"{start}145k"), Text(ask.say("salary_where_or")), Code(f"{start}1200/day"))
    return ask.answer(Paragraph(examples), remember=False)


def _which_unit(ask: Ask, occupation: Occupation, bare: float) -> Turn:
    """A number without a unit: every reading that makes sense, to tap."""
    start = f"salary {occupations.prefix(occupation)}"
    taps = []
    if 0 <= bare <= MOST_YEARS:
        taps.append(Tap(ask.say("tap_years", years=number(bare)), f"{start}{bare:g} years"))
    if YEARLY[0] <= bare * 1000 <= YEARLY[1] and bare == int(bare):
        taps.append(Tap(ask.say("tap_yearly", amount=money(bare * 1000)), f"{start}{bare:g}k"))
    if DAILY[0] <= bare <= DAILY[1]:
        taps.append(Tap(ask.say("tap_daily", amount=money(bare)), f"{start}{bare:g}/day"))
    if not taps:
        return _ask_again(ask, "salary_amount_odd", amount=money(bare), low=money(YEARLY[0]), high=money(YEARLY[1]))
    return ask.answer(paragraph(ask.say("salary_which_unit", number=number(bare))), Choices(tuple(taps)), remember=False)


def _ask_again(ask: Ask, phrase: str, **values: object) -> Turn:
    examples = Choices((Tap(ask.say("tap_all_levels"), "salary"), Tap(ask.say("tap_stand"), "salary where")))
    return ask.answer(paragraph(ask.say(phrase, **values)), examples, remember=False)


def _unknown(ask: Ask, wanted: Wanted) -> Turn:
    """Neither a level nor an occupation that is known: say what is, nearest first."""
    occupation = wanted.occupation
    levels = _levels(occupation)
    close = [levels[word] for word in nearest(wanted.unknown, levels)]
    offered = [key for key in dict.fromkeys((*close, *occupation.bands, "contract")) if key not in ASIDES]
    taps = tuple(Tap(_title(occupation, key), _level_line(occupation, key)) for key in offered if key in levels.values())
    names = ask.say("list_join").join(each.plural for each in ask.content.occupations.values())
    return ask.answer(paragraph(ask.say("salary_unknown", words=wanted.unknown, occupations=names)), Choices(taps[:5]), remember=False)


def _basis(ask: Ask, occupation: Occupation) -> Turn:
    """Whether super is in: the source does not say, and the answer says that."""
    first = next(iter(occupation.bands.values()))
    taps = (Tap(ask.say("tap_takehome"), "takehome"), _all_levels(ask, occupation))
    blocks = (Paragraph((Strong(ask.say("salary_super_title")),)), paragraph(occupation.basis), paragraph(ask.say("salary_same_basis")))
    return answered(ask, *blocks, cite=(first.pay,), taps=taps)


# Small parts


def _taken(ask: Ask, wanted: Wanted) -> tuple[Block, ...]:
    if wanted.taken is None:
        return ()
    typed, meant = wanted.taken
    return (paragraph(ask.say("taken_as", typed=typed, meant=meant)),)


def _headline(ask: Ask, label: str, figures: str, years: Range | None) -> Paragraph:
    title = Strong(ask.say("salary_title", label=label, figure=figures))
    return Paragraph((title,) if years is None else (title, Text(ask.say("salary_title_years", years=_years(ask, years)))))


def _years(ask: Ask, years: Range) -> str:
    return ask.say("salary_years", years=number_range(years.low, years.high))


def _title(occupation: Occupation, level: str) -> str:
    if level == "contract" and occupation.contract:
        return occupation.contract.short
    return occupation.bands[level].short


def _level_line(occupation: Occupation, level: str) -> str:
    return f"salary {occupations.prefix(occupation)}{level}"


def _all_levels(ask: Ask, occupation: Occupation) -> Tap:
    return Tap(ask.say("tap_all_levels"), f"salary {occupations.prefix(occupation)}".strip())


def _level_taps(ask: Ask, occupation: Occupation) -> tuple[Tap, ...]:
    levels = tuple(Tap(band.short, _level_line(occupation, key)) for key, band in occupation.bands.items())
    chart = (Tap(ask.say("tap_chart"), "salary chart"),) if occupation.default else ()
    return (*levels, *chart, _stand(ask, occupation))


def _next_taps(ask: Ask, occupation: Occupation, band: Band) -> tuple[Tap, ...]:
    return (
        Tap(ask.say("tap_takehome"), f"takehome {_low_of(band.pay):.0f}"),
        _all_levels(ask, occupation),
        _stand(ask, occupation),
    )


def _stand(ask: Ask, occupation: Occupation) -> Tap:
    return Tap(ask.say("tap_stand"), f"salary {occupations.prefix(occupation)}where")


def _against(fact: Fact, value: float) -> str:
    """'below', 'inside' or 'above' a fact's range."""
    if value < _low_of(fact):
        return "below"
    return "inside" if _holds(fact, value) else "above"


def _holds(fact: Fact, value: float) -> bool:
    match fact.value:
        case Range(low=low, high=high):
            return (low is None or low <= value) and (high is None or value <= high)
        case single:
            return value == single


def _edges(occupation: Occupation) -> tuple[Band, ...]:
    bands = tuple(occupation.bands.values())
    return (bands[0], bands[-1])


def _low(occupation: Occupation) -> float:
    return min(_low_of(band.pay) for band in occupation.bands.values())


def _low_of(fact: Fact) -> float:
    match fact.value:
        case Range(low=low):
            return low or 0
        case _:
            return _number(fact)


def _middle(fact: Fact) -> float:
    """A round example inside a range, to the hundred."""
    match fact.value:
        case Range(low=low, high=high):
            return round(((low or 0) + (high or low or 0)) / 2, -2)
        case _:
            return _number(fact)


def _number(fact: Fact) -> float:
    """The value of a fact that is one number. The loader holds day counts and medians to that."""
    if isinstance(fact.value, str | Range):
        raise TypeError(f"{fact.measures!r} is no single number")
    return fact.value


HANDLERS: dict[str, Handler] = {"salary": salary}
