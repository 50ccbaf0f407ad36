"""A span of yearly pay, as an advertisement or a recruiter states it: its base, and its place among
the bands.

Both ends are shown, never one of them alone. Whether it is fair is not decided here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.calculators.take_home import MOST_AMOUNT, Basis
from bot.core.reply import Block, Paragraph, Tap, buttons
from bot.core.request import Request
from bot.core.turn import Turn
from bot.extraction import pay
from bot.extraction.pay import Pay
from bot.features.figures import Cited, answered, money, money_range
from bot.features.figures import amount as amount_of
from bot.features.pay import pay_answers, pay_cases, pay_parts
from bot.features.work import occupations
from content.entry import Range
from content.occupation import Band, Occupation

MOST_BANDS: Final = 2
_BASES: Final = {"plus_super": "plus super", "including_super": "including super"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A year's pay from `low` to `high`, which are one where a single figure stands."""

    low: float
    high: float
    basis: Basis | None = None

    @property
    def written(self) -> str:
        """The same span as words that `salary` and `read` take again."""
        ends = f"{self.low:.0f}-{self.high:.0f}" if self.low < self.high else f"{self.low:.0f}"
        return f"{ends} {_BASES.get(self.basis or '', '')}".strip()

    @property
    def ends(self) -> str:
        return money_range(self.low, self.high)


def read(words: str) -> Span | None:
    """The span that the words name; None where they name none."""
    said = pay.read(words)
    if said.between is None:
        return None
    return span_of(*said.between, said.basis)


def span_of(low: float, high: float, basis: Basis | None = None) -> Span | None:
    """The span of these ends; None where they are no year's pays, the lower one first."""
    if not 0 < low <= high <= MOST_AMOUNT:
        return None
    return Span(low=low, high=high, basis=basis)


def placed(
    request: Request,
    span: Span,
    bands: Iterable[Band] = (),
    *,
    remarks: Iterable[Block] = (),
    cite: Iterable[Cited] = (),
    asks_verdict: bool = False,
) -> Turn:
    """The span's base and its place; `bands`: those that its level or its years name.

    It is what was talked about from here on.
    """
    occupation = occupations.default(request.content)
    named = tuple(bands) or _met(occupation, span)
    verdict = (_line(request, "span_no_verdict"),) if asks_verdict else ()
    return answered(
        replace(request, command="salary", words=span.written),
        _base(request, span),
        *_beside(request, span, named),
        *remarks,
        *verdict,
        cite=(*(band.pay for band in named), *cite),
        taps=_taps(request, span),
        personal=True,
    )


def base_of(request: Request, span: Span) -> Turn:
    """What is left of both ends without super; both readings where nobody said where it is."""
    return answered(
        replace(request, command="salary", words=span.written),
        _base(request, span),
        taps=_taps(request, span),
        personal=True,
    )


def _taps(request: Request, span: Span) -> tuple[Tap, ...]:
    basis = _BASES.get(span.basis or "", "")
    ends = dict.fromkeys((span.low, span.high))
    return buttons(
        (
            request.text("tap_takehome_of", name=money(end)),
            f"takehome {end:.0f} {basis}".strip(),
        )
        for end in ends
    )


def _base(request: Request, span: Span) -> Paragraph:
    without = without_super(request, span)
    return _line(
        request,
        f"span_{span.basis or 'unsaid'}",
        ends=span.ends,
        base=without.ends,
    )


def without_super(request: Request, span: Span) -> Span:
    """The span as its base, with super read as inside unless it is said to come on top."""
    if span.basis == "plus_super":
        return span
    low, high = (_base_of(request, end) for end in (span.low, span.high))
    return Span(low=low, high=high, basis="plus_super")


def _base_of(request: Request, amount: float) -> float:
    (case,) = pay_answers.cases_of(request, f"{amount:.0f} including super")
    return float(round(case.package.base, 0))


def _met(occupation: Occupation, span: Span) -> tuple[Band, ...]:
    """The bands that the span meets in more than an edge."""
    met = [band for band in occupation.bands.values() if _meets(band.pay.range, span)]
    return tuple(met[:MOST_BANDS])


def _meets(band: Range, span: Span) -> bool:
    low, high = band.low or 0, band.high or span.high
    if span.low == span.high:
        return low <= span.low <= high
    return span.low < high and low < span.high


def _beside(request: Request, span: Span, bands: tuple[Band, ...]) -> Iterator[Block]:
    """The span as stated beside each band; and its base, where that lies elsewhere."""
    base = without_super(request, span)
    for band in bands:
        stated, bare = (_relation(one, band.pay.range) for one in (span, base))
        phrase = "span_beside" if stated == bare or span.basis is None else "span_beside_base"
        yield _line(
            request,
            phrase,
            level=band.short,
            band=amount_of(band.pay),
            years=pay_parts.experience(request, band.years),
            stated=request.text(f"span_{stated}"),
            bare=request.text(f"span_{bare}"),
        )
    yield _line(request, "span_bands_basis" if bands else "span_no_band")


def _relation(span: Span, band: Range) -> str:
    low, high = band.low or 0, band.high or span.high
    if span.high < low:
        return "below_it"
    if span.low > high:
        return "above_it"
    match span.low < low, span.high > high:
        case True, True:
            return "around_it"
        case True, False:
            return "from_below"
        case False, True:
            return "to_above"
        case _:
            return "inside_it"


def beside_mine(request: Request, span: Span, mine: Pay) -> Turn:
    """A span beside the speaker's own pay: both without super, and the gap before tax."""
    (case, *_) = pay_answers.cases_of(request, pay.written(mine))
    own = float(case.package.base)
    readings = (span,) if span.basis else _both_ways(span)
    return answered(
        replace(request, command="salary", words=span.written),
        _line(request, "span_own", own=money(own), name=pay_cases.named(request, case)),
        *(_gap(request, one, own) for one in readings),
        taps=_taps(request, span),
        personal=True,
    )


def _both_ways(span: Span) -> tuple[Span, Span]:
    return replace(span, basis="plus_super"), replace(span, basis="including_super")


def _gap(request: Request, span: Span, own: float) -> Paragraph:
    base = without_super(request, span)
    low, high = base.low - own, base.high - own
    return _line(
        request,
        f"span_gap_{_side(low, high)}",
        gap=money_range(*sorted((abs(low), abs(high)))),
        under=money(abs(low)),
        over=money(abs(high)),
        base=base.ends,
        basis=request.text(f"span_gap_{span.basis}"),
    )


def _side(low: float, high: float) -> str:
    """Where a span whose ends lie so far above one's own pay lies."""
    if low >= 0:
        return "more"
    if high <= 0:
        return "less"
    return "around"


def _line(request: Request, phrase: str, **values: object) -> Paragraph:
    return pay_answers.line(request, phrase, **values)
