"""`ad TEXT`: a job ad read.

What it asks and pays beside the bands, which layer it speaks of, which units teach it, what it
leaves out.

Its words decide, by lists; the arithmetic is a comparison of figures. Nothing of the ad is kept,
and nobody judges the employer.
"""

from dataclasses import replace
from typing import Final

from bot.calculators import study_plan
from bot.core.events import Said
from bot.core.reply import Block, Bullets, Choices, Heading, Note, Paragraph, Tap, Text, paragraph
from bot.core.request import Grammar, Handler, Request
from bot.core.turn import Turn
from bot.extraction.job_ads import RIGHTS, AdPay, ReadAd, is_job_ad, read_ad
from bot.features import figures, right_to_work
from bot.features.plan import plan_of, plan_or_trial
from content.content import Content
from content.entry import Fact
from content.occupation import Band, Occupation

SHORTEST: Final = 40
"""An ad of fewer characters holds nothing to read."""
MOST_UNSAID: Final = 5
MEDIAN: Final = "ato_software"


def ad(request: Request) -> Turn:
    """The ad after the word; without one, how to give it."""
    text = _whole(request)
    if len(text) < SHORTEST:
        return request.answer(Paragraph(request.spans("ad_how")), remember=False)
    return _told(request, text)


def pasted_ad(request: Request) -> Turn | None:
    """A long text that reads like an advertisement, pasted without a command.

    None for anything else.
    """
    if not is_job_ad(request.content, request.words):
        return None
    return _told(replace(request, command="ad"), request.words)


def _whole(request: Request) -> str:
    """The ad with its lines: a command line has lost them."""
    match request.event.body:
        case Said(text=text) if len(text) > len(request.words):
            return text
        case _:
            return request.words


def _told(request: Request, text: str) -> Turn:
    occupation = next(each for each in request.content.occupations.values() if each.default)
    read = read_ad(request.content, text)
    cited: tuple[Fact, ...] = ()
    blocks: list[Block] = [Heading(request.text("ad_title"))]
    blocks.append(Bullets(tuple((Text(line),) for line in _asks(request, occupation, read))))
    if read.pay:
        lines, cited = _beside_bands(request, occupation, read, read.pay)
        blocks += [paragraph(line) for line in lines]
    blocks += _layers(request, occupation, read)
    blocks += _units(request, read)
    blocks += _unsaid(request, read)
    is_to_ask = bool(read.rights) and right_to_work.is_to_ask(request)
    if is_to_ask:
        blocks.append(paragraph(request.text("offer_asks_visa")))
    if cited:
        blocks.append(figures.sources_block(request, *cited))
    # What is remembered of an answer is its command line: here without the ad.
    turn = replace(request, words="").answer(
        *blocks,
        Choices((*_visa_taps(request, asked=is_to_ask), *_taps(request, read))),
        personal=True,
        sources=figures.keys(request, *cited),
    )
    if is_to_ask:
        return right_to_work.asked(turn)
    return turn


def _visa_taps(request: Request, *, asked: bool) -> tuple[Tap, ...]:
    offered = right_to_work.TAPS if asked else ()
    return tuple(Tap(request.text(label), action) for label, action in offered)


def _asks(request: Request, occupation: Occupation, read: ReadAd) -> tuple[str, ...]:
    """Level and years, pay and super, term, place: one line each, of what the ad says."""
    lines = [
        _level(request, occupation, read),
        _pay(request, read),
        _term(request, read),
        _where(request, read),
        _rights(request, read),
    ]
    return tuple(line for line in lines if line)


def _level(request: Request, occupation: Occupation, read: ReadAd) -> str:
    if read.level:
        named = occupation.bands[read.level].short.lower()
    else:
        named = ""
    band = _band_of_years(occupation, read)
    years = read.years.said if read.years else ""
    if years and band:
        if named:
            phrase = "ad_level_and_years"
        else:
            phrase = "ad_years"
        return request.text(phrase, level=named, years=years, band=band.short.lower())
    if not named:
        return ""
    return request.text("ad_level", level=named)


def _band_of_years(occupation: Occupation, read: ReadAd) -> Band | None:
    """The band that begins at or before the least years asked for."""
    if read.years is None:
        return None
    least = read.years.low
    reached = [one for one in occupation.bands.values() if (one.years.low or 0) <= least]
    if not reached:
        return None
    return reached[-1]


def _pay(request: Request, read: ReadAd) -> str:
    if read.pay is None:
        return request.text("ad_no_pay")
    basis = request.text(f"ad_super_{read.super_said or 'unsaid'}")
    return request.text("ad_pay", said=read.pay.said, per=read.pay.per, basis=basis)


def _term(request: Request, read: ReadAd) -> str:
    # A pay by the day says it is a contract where no word does.
    paid = (read.pay.said,) if read.pay else ()
    words = _quoted(read.term or paid)
    match read.is_contract, read.is_permanent:
        case True, True:
            return request.text("ad_term_both", words=words)
        case True, False:
            return request.text("ad_contract", words=words)
        case False, True:
            return request.text("ad_permanent", words=words)
        case _:
            return ""


def _where(request: Request, read: ReadAd) -> str:
    where = ", ".join((*read.places, *read.ways))
    if not where:
        return ""
    return request.text("ad_where", where=where)


def _rights(request: Request, read: ReadAd) -> str:
    """Who may take the job; what is said of sponsors concerns those alone who need a visa."""
    sponsors = {word.lower() for word in request.content.job_ad.sponsors}
    local = right_to_work.is_local(request)
    words = tuple(one for one in read.rights if not (local and one.lower() in sponsors))
    if not words:
        return ""
    return request.text("ad_rights", words=_quoted(words))


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"“{one}”" for one in words[:4])


def _beside_bands(
    request: Request, occupation: Occupation, read: ReadAd, pay: AdPay
) -> tuple[list[str], tuple[Fact, ...]]:
    """The ad's figure beside the careers page's bands and the tax office's median;
    a day rate beside day rates.
    """
    if pay.per == "hour":
        return [request.text("ad_hourly")], ()
    if pay.per == "day":
        rate = None
        if occupation.contract:
            rate = occupation.contract.day_rate
        if rate is None:
            return [], ()
        return [request.text("ad_day_rates", rates=figures.figure(rate))], (rate,)
    holding = [one for one in occupation.bands.values() if _overlaps(one, pay)]
    names = [
        request.text("ad_band", level=one.short.lower(), pay=figures.amount(one.pay))
        for one in holding
    ]
    lines = [
        request.text("ad_bands", bands="; ".join(names)) if names else request.text("ad_no_band")
    ]
    median = occupation.figures[MEDIAN]
    side = "around"
    if pay.low > median.number:
        side = "above"
    elif pay.high < median.number:
        side = "below"
    source = request.content.sources[median.source]
    values = {"median": figures.money(median.number), "date": figures.dates_of(source, (median,))}
    lines.append(request.text(f"ad_median_{side}", **values))
    lines.append(request.text(f"ad_basis_{read.super_said or 'unsaid'}"))
    return lines, (*(one.pay for one in holding), median)


def _overlaps(band: Band, pay: AdPay) -> bool:
    low, high = band.pay.range.low, band.pay.range.high
    return (high is None or pay.low <= high) and (low is None or pay.high >= low)


def _layers(request: Request, occupation: Occupation, read: ReadAd) -> list[Block]:
    """Row by row of the article's table, with the words that say so."""
    lines = []
    for row, (api, ml) in read.layers.items():
        sides = [
            request.text(f"ad_layer_{side}", words=_quoted(words))
            for side, words in (("api", api), ("ml", ml))
            if words
        ]
        if sides:
            feature = occupation.layers[row].feature
            line = request.text("ad_row", feature=feature, sides="; ".join(sides))
            lines.append((Text(line),))
    if not lines:
        return [paragraph(request.text("ad_no_layer"))]
    return [paragraph(request.text("ad_layers")), Bullets(tuple(lines))]


def _units(request: Request, read: ReadAd) -> list[Block]:
    """Which units teach what it asks for, and which of those are closed."""
    mine, _ = plan_or_trial(request)
    closed = _closed(request)
    asked = [(number, key) for number, key in enumerate(mine.units, 1) if key in read.units]
    if not asked:
        return []
    lines = tuple(
        (
            Text(
                request.text(
                    "ad_unit_closed" if key in closed else "ad_unit",
                    number=number,
                    title=mine.units[key].title,
                    words=_quoted(read.units[key]),
                )
            ),
        )
        for number, key in asked
    )
    told = sum(key in closed for _, key in asked)
    if len(asked) > 1:
        phrase = "ad_units"
    else:
        phrase = "ad_units_one"
    if told:
        phrase = f"{phrase}_of_yours"
    title = request.text(phrase, count=len(asked), closed=told)
    return [Note(title, lines)]


def _closed(request: Request) -> frozenset[str]:
    """The units of the plan that the person has closed, or counts as known."""
    progress = request.state.person.progress
    if progress is None:
        return frozenset()
    mine = plan_of(request, progress)
    closed = {key for key in mine.units if study_plan.unit_closed(mine, progress, key)}
    return frozenset({*closed, *progress.known_units})


def _unsaid(request: Request, read: ReadAd) -> list[Block]:
    local = right_to_work.is_local(request)
    unsaid = [key for key in read.unsaid if not (local and key == RIGHTS)]
    asks = [request.content.job_ad.silences[key].ask for key in unsaid]
    sponsors = {word.lower() for word in request.content.job_ad.sponsors}
    if right_to_work.is_migrant(request) and not sponsors & {one.lower() for one in read.rights}:
        asks.insert(0, request.text("ad_ask_sponsor"))
    if not asks:
        return []
    return [
        paragraph(request.text("ad_unsaid")),
        Bullets(tuple((Text(one),) for one in asks[:MOST_UNSAID])),
    ]


def _taps(request: Request, read: ReadAd) -> tuple[Tap, ...]:
    taps: list[Tap] = []
    if read.pay and read.pay.per == "year":
        basis = {"plus": " plus super", "including": " including super"}.get(read.super_said, "")
        taps.append(Tap(request.text("tap_takehome"), f"takehome {read.pay.low:.0f}{basis}"))
    return (
        *taps,
        Tap(request.text("tap_audit"), "audit"),
        Tap(request.text("tap_full_plan"), "plan full"),
    )


def knows(_content: Content, _command: str, words: str) -> bool:
    return len(words) >= SHORTEST


HANDLERS: Final[dict[str, Handler]] = {"ad": ad}
GRAMMARS: Final[dict[str, Grammar]] = {"ad": knows}
