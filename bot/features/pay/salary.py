"""`salary`: pay by level and by years of experience, each with what it measures and what else is
known beside it.

A mistyped word is named, and a number is never changed: one that could be several things is asked
about. A person's own figure is bot.features.pay.standing's; take-home pay and comparing two offers
are other commands.
"""

from collections.abc import Iterator

from bot.core.reply import (
    Block,
    Bullets,
    Code,
    Line,
    Note,
    Paragraph,
    Strong,
    Tap,
    Text,
    paragraph,
    spans,
)
from bot.core.request import Grammar, Handler, Request
from bot.core.turn import Turn
from bot.extraction.amounts import other_currency
from bot.extraction.spelling import nearest
from bot.features import chart_specs
from bot.features.figures import (
    amount,
    dates_of,
    figure,
    filled,
    money,
    name_of,
    named,
    number,
    number_range,
)
from bot.features.page import opened, page, without_more
from bot.features.pay import standing
from bot.features.pay.pay_parts import (
    MOST_YEARS,
    all_levels_tap,
    ask_back,
    experience,
    headline,
    level_tap,
    reached,
    stand_tap,
    taken,
)
from bot.features.pay.pay_words import ASIDES, CONTRACT, Wanted, level_name, levels, wanted
from bot.features.work import occupations
from content.content import Content
from content.entry import Fact
from content.occupation import Band, Contract, Occupation


def salary(request: Request) -> Turn:
    request, more = opened(request)
    asked = wanted(request.content, request.words, occupations.sentence(request))
    return (
        _unclear(request, asked)
        or _by_rate(request, asked, more=more)
        or _answer(request, asked, more=more)
    )


def _unclear(request: Request, asked: Wanted) -> Turn | None:
    """What is asked back about before anything is answered."""
    occupation, numbers = asked.occupation, asked.numbers
    if currency := other_currency(request.words):
        return ask_back(request, occupation, request.text("takehome_currency", currency=currency))
    if asked.unknown:
        return _say_unknown(request, asked)
    if numbers.between:
        return _which_end(request, occupation, *numbers.between)
    if numbers.bare is not None:
        return _which_unit(request, occupation, numbers.bare)
    return None


def _by_rate(request: Request, asked: Wanted, *, more: bool) -> Turn | None:
    """A rate by the hour or day, unless the chart is asked for."""
    numbers = asked.numbers
    if asked.level == "chart":
        return None
    if numbers.hour_rate is not None:
        return standing.of_hour_rate(request, asked, numbers.hour_rate, more=more)
    if numbers.day_rate is None:
        return None
    return standing.of_day_rate(request, asked, numbers.day_rate, more=more)


def _answer(request: Request, asked: Wanted, *, more: bool) -> Turn:
    occupation, numbers = asked.occupation, asked.numbers
    if asked.level == "chart":
        return _chart(request, asked, numbers.amount)
    if numbers.amount is not None:
        return standing.of_amount(request, asked, numbers.amount, more=more)
    if asked.level == "where":
        return _ask_for_pay(request, occupation)
    if asked.level == "super":
        return _super(request, occupation)
    if asked.level == CONTRACT and occupation.contract:
        return _contract(request, asked, occupation.contract)
    if asked.level in occupation.bands:
        return _band(request, asked, occupation.bands[asked.level], more=more)
    if numbers.years is not None:
        return _by_years(request, asked, *numbers.years, more=more)
    return _all(request, asked, more=more)


def _band(request: Request, asked: Wanted, band: Band, *, more: bool) -> Turn:
    occupation = asked.occupation
    first, remarks = band.remarks[:1], tuple(point.say for point in band.remarks[1:])
    texts = (
        *(point.say for point in first),
        *((occupation.scale_note,) if occupation.scale_note else ()),
    )
    scale = _medians(occupation)
    others = tuple(
        other for other in _years_named(asked).values() if band not in _years_named(asked).values()
    )
    blocks = (
        *taken(request, asked),
        headline(request, band.label, figure(band.pay), band.years),
        *(
            paragraph(
                request.text("salary_years_say", level=other.short.lower(), band=amount(other.pay))
            )
            for other in others
        ),
        paragraph(occupation.basis),
        *(paragraph(filled(request, occupation, text)) for text in texts),
    )
    taps = (
        Tap(
            request.text("tap_takehome"),
            f"takehome {band.pay.range.low or band.pay.range.high:.0f}",
        ),
        all_levels_tap(request, occupation),
        stand_tap(request, occupation),
    )
    rest = (
        *(paragraph(filled(request, occupation, text)) for text in remarks),
        paragraph(request.text("salary_bands_touch")),
        *_scale(request, scale),
    )
    cited = (band.pay, *(other.pay for other in others), *named(occupation, *texts, *remarks))
    return page(request, *blocks, rest=rest, cite=(*cited, *scale), taps=taps, more=more)


def _years_named(asked: Wanted) -> dict[str, Band]:
    """The bands of the years that were named beside a level."""
    if not asked.numbers.years:
        return {}
    return reached(asked.occupation, *asked.numbers.years)


def _by_years(request: Request, asked: Wanted, low: float, high: float, *, more: bool) -> Turn:
    occupation = asked.occupation
    if 0 <= low <= high <= MOST_YEARS:
        bands = reached(occupation, low, high)
    else:
        bands = {}
    if not bands:
        return ask_back(
            request,
            occupation,
            request.text("salary_years_odd", years=number_range(low, high), most=MOST_YEARS),
        )
    if len(bands) == 1:
        return _band(request, asked, *bands.values(), more=more)
    counted = tuple(bands.values())[-1 if occupation.shared_year == "upper" else 0]
    if low == high:
        note = ("salary_shared_year", number(low))
    else:
        note = ("salary_several_bands", number_range(low, high))
    blocks = (
        *taken(request, asked),
        *(headline(request, band.label, figure(band.pay), band.years) for band in bands.values()),
        paragraph(request.text(note[0], years=note[1], level=counted.short.lower())),
        paragraph(occupation.basis),
    )
    taps = tuple(level_tap(occupation, key, band.short) for key, band in bands.items())
    return page(
        request,
        *blocks,
        cite=(band.pay for band in bands.values()),
        taps=(*taps[:3], all_levels_tap(request, occupation)),
    )


def _all(request: Request, asked: Wanted, *, more: bool) -> Turn:
    occupation, contract = asked.occupation, asked.occupation.contract
    bands = tuple(occupation.bands.values())
    rows = [
        _row(request, f"{band.short}, {experience(request, band.years)}", band.pay)
        for band in bands
    ]
    rows += [_row(request, contract.short, contract.yearly)] if contract else []
    if contract:
        texts = tuple(point.say for point in contract.remarks[:1])
    else:
        texts = ()
    facts = (*(band.pay for band in bands), *((contract.yearly,) if contract else ()))
    scale = _medians(occupation)
    blocks = (
        *taken(request, asked),
        Paragraph((Strong(request.text("salary_table", occupations=occupation.plural)),)),
        Bullets(tuple(rows)),
        paragraph(occupation.basis),
        *_scale_note(request, occupation),
    )
    rest = (
        paragraph(request.text("salary_bands_touch")),
        *(paragraph(filled(request, occupation, text)) for text in texts),
        *_scale(request, scale),
    )
    taps = (
        stand_tap(request, occupation),
        level_tap(occupation, "chart", request.text("tap_chart")),
    )
    levels = tuple(level_tap(occupation, key, band.short) for key, band in occupation.bands.items())
    return page(
        request,
        *blocks,
        rest=rest,
        cite=(*facts, *named(occupation, *texts), *scale),
        taps=levels if more else taps,
        more=more,
    )


def _row(request: Request, label: str, pay: Fact) -> Line:
    """'**$160,000 – $210,000** Senior, 6–10 years'."""
    return request.spans("salary_row", figure=amount(pay), label=label)


def _medians(occupation: Occupation) -> tuple[Fact, ...]:
    return tuple(occupation.figures[key] for key in occupation.scale)


def _scale_note(request: Request, occupation: Occupation) -> Iterator[Block]:
    if occupation.scale_note:
        yield paragraph(filled(request, occupation, occupation.scale_note))


def _chart(request: Request, asked: Wanted, pay: float | None) -> Turn:
    """The bands as a picture, with a line at the person's own pay where they gave it.

    A level named beside it stands above it.
    """
    occupation = asked.occupation
    if pay is not None and standing.YEARLY.side(pay) != "inside":
        return standing.odd_amount(request, occupation, pay)
    paid = {band.short: band.pay for band in occupation.bands.values()}
    notes = {band.short: experience(request, band.years) for band in occupation.bands.values()}
    if contract := occupation.contract:
        paid[contract.short] = contract.yearly
        notes[contract.short] = figure(contract.day_rate)
    bands = tuple(
        chart_specs.PayBand(
            label=label,
            note=notes[label],
            low=fact.range.low or 0,
            high=fact.range.high or fact.range.low or 0,
        )
        for label, fact in paid.items()
    )
    facts = tuple(paid.values())
    source = request.content.sources[facts[0].source]
    picture = chart_specs.pay_chart(
        request, bands, origin=f"{name_of(source)}, {dates_of(source, facts)}", you=pay
    )
    taps = (all_levels_tap(request, occupation), stand_tap(request, occupation))
    band = occupation.bands.get(asked.beside)
    lead: tuple[Paragraph, ...] = ()
    if band:
        lead = (headline(request, band.label, figure(band.pay), band.years),)
    return page(
        request,
        *lead,
        picture,
        paragraph(occupation.basis),
        cite=facts,
        taps=taps,
        personal=pay is not None,
    )


def _scale(request: Request, scale: tuple[Fact, ...]) -> Iterator[Block]:
    if scale:
        lines = (
            request.text("salary_scale_line", figure=figure(fact), measures=fact.measures)
            for fact in scale
        )
        yield Note(request.text("salary_scale"), tuple(spans(line) for line in lines))


def _contract(request: Request, asked: Wanted, contract: Contract) -> Turn:
    occupation = asked.occupation
    texts = tuple(point.say for point in contract.remarks)
    blocks = (
        *taken(request, asked),
        headline(
            request,
            contract.label,
            request.text(
                "salary_contract", yearly=figure(contract.yearly), daily=figure(contract.day_rate)
            ),
        ),
        paragraph(occupation.basis),
        *(paragraph(filled(request, occupation, text)) for text in texts),
    )
    example = contract.day_rate.range
    taps = (
        level_tap(
            occupation, f"{example.low or example.high:.0f}/day", request.text("tap_a_day_rate")
        ),
        Tap(request.text("tap_offer"), "offer"),
        all_levels_tap(request, occupation),
    )
    return page(
        request,
        *blocks,
        cite=(contract.yearly, contract.day_rate, *named(occupation, *texts)),
        taps=taps,
    )


def _super(request: Request, occupation: Occupation) -> Turn:
    """Whether super is in: the source does not say, and the answer says that."""
    first = next(iter(occupation.bands.values()))
    blocks = (
        Paragraph((Strong(request.text("salary_super_title")),)),
        paragraph(occupation.basis),
        paragraph(request.text("salary_same_basis")),
    )
    return page(
        request,
        *blocks,
        cite=(first.pay,),
        taps=(Tap(request.text("tap_takehome"), "takehome"), all_levels_tap(request, occupation)),
    )


def _ask_for_pay(request: Request, occupation: Occupation) -> Turn:
    start = f"salary {occupations.prefix(occupation)}"
    examples = (
        Text(request.text("salary_where")),
        Code(f"{start}145k"),
        Text(request.text("salary_where_or")),
        Code(f"{start}1200/day"),
    )
    return request.answer(Paragraph(examples), remember=False)


def _which_unit(request: Request, occupation: Occupation, bare: float) -> Turn:
    """A number without a unit: every reading that makes sense, to tap."""
    readings = (
        (0 <= bare <= MOST_YEARS, f"{bare:g} years", request.text("tap_years", years=number(bare))),
        (
            standing.YEARLY.side(bare * 1000) == "inside" and bare <= 1000,
            f"{bare:g}k",
            request.text("tap_yearly", amount=money(bare * 1000)),
        ),
        (
            standing.DAILY.side(bare) == "inside",
            f"{bare:g}/day",
            request.text("tap_daily", amount=money(bare)),
        ),
    )
    taps = tuple(level_tap(occupation, typed, label) for likely, typed, label in readings if likely)
    if not taps:
        return ask_back(request, occupation, request.text("salary_number_odd", number=number(bare)))
    return ask_back(
        request, occupation, request.text("salary_which_unit", number=number(bare)), taps
    )


def _which_end(request: Request, occupation: Occupation, low: float, high: float) -> Turn:
    """A span of pay: one figure is placed at a time."""
    taps = tuple(level_tap(occupation, f"{end:.0f}", money(end)) for end in (low, high))
    return ask_back(
        request,
        occupation,
        request.text("takehome_between", low=money(low), high=money(high)),
        taps,
    )


def _say_unknown(request: Request, asked: Wanted) -> Turn:
    """Neither a level nor an occupation that is known: say what is, nearest first."""
    occupation = asked.occupation
    known = levels(occupation)
    near = (known[word] for word in nearest(asked.unknown, known))
    offered = dict.fromkeys(
        key
        for key in (*near, *occupation.bands, CONTRACT)
        if key in known.values() and key not in ASIDES
    )
    taps = tuple(level_tap(occupation, key, level_name(occupation, key)) for key in offered)
    names = request.text("list_join").join(
        each.plural for each in request.content.occupations.values()
    )
    return ask_back(
        request,
        occupation,
        request.text("salary_unknown", words=occupations.echoed(asked.unknown), occupations=names),
        taps,
    )


def knows(content: Content, _command: str, words: str) -> bool:
    """Whether these words after `salary` ask for something that it answers."""
    return not wanted(content, without_more(words)).unknown


HANDLERS: dict[str, Handler] = {"salary": salary}
GRAMMARS: dict[str, Grammar] = {"salary": knows}
