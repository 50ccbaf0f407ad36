"""A job ad quoted in a sentence, with something asked about its pay: the base, its place among the
bands, the gap to what one has.

Only what is asked is answered; `ad` reads a whole one. Nothing of the ad is kept but its pay.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.core.reply import Block, Paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction.job_ads import AdPay, ReadAd, found
from bot.extraction.pay import Pay
from bot.features import figures
from bot.features.pay import pay_answers, pay_cases, pay_parts, pay_spans
from bot.features.pay.pay_spans import Span
from bot.features.work import occupations
from content.entry import Fact
from content.occupation import Band, Occupation

_BASES: Final = {"plus": "plus_super", "including": "including_super"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of the ad: its base, how it stands for so many years, how to one's own pay."""

    base: bool = False
    verdict: bool = False
    years: float | None = None
    mine: Pay | None = None


def answer(request: Request, read: ReadAd, asked: Asked, text: str) -> Turn:
    """The answer to what is asked; `text`: the ad, for the certificates that it names."""
    if read.pay is None:
        raise ValueError("an ad without a pay has nothing to answer with")
    if read.pay.per != "year":
        return _of_rate(request, read.pay)
    span = span_of(read)
    if asked.mine is not None:
        return pay_spans.beside_mine(request, span, asked.mine)
    if asked.base:
        return pay_spans.base_of(request, span)
    occupation = occupations.default(request.content)
    retired = _retired(request, occupation, text)
    return pay_spans.placed(
        request,
        span,
        _bands(occupation, read, asked.years),
        remarks=(*_layers(request, read), *_not_offered(request, retired)),
        cite=retired.values(),
        asks_verdict=asked.verdict,
    )


def span_of(read: ReadAd) -> Span:
    """The ad's pay; `package` alone is read as super inside, as the trade does."""
    if read.pay is None:
        raise ValueError("no pay")
    basis = _BASES.get(read.super_said)
    return Span(low=read.pay.low, high=read.pay.high, basis=basis)  # type: ignore[arg-type]


def _bands(occupation: Occupation, read: ReadAd, years: float | None) -> tuple[Band, ...]:
    """The band of the years that were asked about; else those of the ad's level and years."""
    if years is not None:
        return tuple(pay_parts.reached(occupation, years, years).values())
    level = occupation.bands.get(read.level)
    least = read.years.low if read.years else None
    reached = [one for one in occupation.bands.values() if _begins_by(one, least)]
    return tuple(dict.fromkeys(one for one in (level, *reached[-1:]) if one is not None))


def _begins_by(band: Band, years: float | None) -> bool:
    return years is not None and (band.years.low or 0) <= years


def _layers(request: Request, read: ReadAd) -> Iterator[Paragraph]:
    """The ad's own words for the API layer and for the ML layer, in a line."""
    sides = {
        side: tuple(dict.fromkeys(word for row in read.layers.values() for word in row[place]))
        for place, side in enumerate(("api", "ml"))
    }
    named = [
        request.text(f"ad_layer_{side}", words=", ".join(f"“{word}”" for word in words[:3]))
        for side, words in sides.items()
        if words
    ]
    if named:
        yield pay_answers.line(request, "short_ad_layers", sides="; ".join(named))


def _retired(request: Request, occupation: Occupation, text: str) -> dict[str, Fact]:
    """The certificates that the ad names and that are not offered any more, as it names them."""
    named = {key: found(text, names) for key, names in request.content.job_ad.retired.items()}
    return {words[0]: occupation.figures[key] for key, words in named.items() if words}


def _not_offered(request: Request, retired: Mapping[str, Fact]) -> Iterator[Paragraph]:
    for name, fact in retired.items():
        yield pay_answers.line(request, "short_ad_retired", name=name, when=figures.figure(fact))


def _of_rate(request: Request, paid: AdPay) -> Turn:
    """An ad's day rate as a year's pay, at both ends."""
    if paid.per == "hour":
        one = pay_cases.by_the_day(request, Pay(hour_rate=paid.low))
        return pay_answers.rate_over_a_year(request, one)
    ends = tuple(dict.fromkeys((paid.low, paid.high)))
    days = pay_cases.planned(request)
    contract = occupations.default(request.content).contract
    rate = contract.day_rate if contract else None
    blocks: list[Block] = [
        pay_answers.line(
            request,
            "short_ad_rate",
            yearly=figures.money_range(ends[0] * days, ends[-1] * days),
            rate=figures.money_range(ends[0], ends[-1]),
            days=figures.number(days),
        ),
        pay_answers.line(request, "pay_rate_carries"),
    ]
    if rate:
        blocks.append(pay_answers.line(request, "ad_day_rates", rates=figures.figure(rate)))
    words = f"{ends[0]:g}/day"
    return figures.answered(
        replace(request, command="takehome", words=words),
        *blocks,
        cite=(rate,) if rate else (),
        personal=True,
    )
