"""A span of pay, named or standing above: its base, its place, what it leaves, the gap to one's own.

'so whats the base', 'is that more than my 98 plus super', 'the range is 120 to 140k, in hand?'
"""

from dataclasses import replace
from functools import partial
from typing import Final

from bot.calculators.take_home import Basis
from bot.extraction.money import LEAST_YEARLY, Figure
from bot.features.pay import money_pays, pay_answers, pay_spans
from bot.features.pay.pay_ends import ends_of
from bot.features.pay.pay_spans import Span
from bot.features.pay.talk.context import Meant, Talk

_BASES: Final[dict[str, Basis]] = {
    "super inside": "including_super",
    "super on top": "plus_super",
}
_THOUSAND: Final = 1000
_LEAST_SPOKEN: Final = 40


def above(talk: Talk) -> Span | None:
    """The span that was talked about last, or the band as one."""
    if talk.near != "band" or talk.band is None:
        return None
    ends = ends_of(talk.request, talk.band.words)
    stated = pay_spans.read(talk.band.words)
    return stated or (Span(low=ends[0], high=ends[1]) if ends else None)


def named(talk: Talk) -> Span | None:
    """The span that the message itself names."""
    spans = [one for one in talk.said.figures if one.upto is not None and not one.is_rate]
    if len(spans) != 1 or spans[0].unit:
        return None
    low, high = _yearly(spans[0])
    return pay_spans.span_of(low, high, _basis(talk)) if low >= LEAST_YEARLY / 2 else None


def _yearly(one: Figure) -> tuple[float, float]:
    ends = (one.value, one.upto or one.value)
    low, high = (end * _THOUSAND if _LEAST_SPOKEN <= end < _THOUSAND else end for end in ends)
    return low, high


def _basis(talk: Talk) -> Basis | None:
    found = [_BASES[meaning] for meaning, _ in talk.said.meanings if meaning in _BASES]
    return found[-1] if found else None


def span_stated(talk: Talk) -> Meant | None:
    """'The range is 120 to 140k plus super', 'base of 150-170k package', '130-150k, im on 110'."""
    span = named(talk)
    if span is None or talk.means("threshold", "experience", "rise", "bonus") or talk.said.levels:
        return None
    return _asked_of(talk, span) or partial(
        pay_spans.placed, talk.request, span, asks_verdict=talk.means("judged", "pick")
    )


def _asked_of(talk: Talk, span: Span) -> Meant | None:
    if len(talk.named) == 1 and not money_pays.is_unclear(talk.named[0]):
        return partial(pay_spans.beside_mine, talk.request, span, talk.named[0])
    if talk.means("base"):
        return partial(pay_spans.base_of, talk.request, span)
    if talk.means("net"):
        ends = (span.low, span.high)
        return partial(
            pay_answers.band_left, talk.request, ends, talk.said.period, basis=span.basis
        )
    return None


def span_base(talk: Talk) -> Meant | None:
    """'So if super is in there whats the base' of a span or a band above."""
    span = above(talk)
    if span is None or talk.has_figures or talk.said.levels or not talk.means("base"):
        return None
    basis = _basis(talk)
    is_of_band = span.basis is None and pay_spans.read(talk.band.words if talk.band else "") is None
    if is_of_band and basis is None:
        return None
    return partial(pay_spans.base_of, talk.request, replace(span, basis=basis or span.basis))


def span_changed(talk: Talk) -> Meant | None:
    """'And if its plus super?' of a span above."""
    span = above(talk)
    basis = _basis(talk)
    is_span = talk.band is not None and pay_spans.read(talk.band.words) is not None
    if span is None or not is_span or basis in (None, span.basis) or talk.has_figures:
        return None
    if not talk.said.only_means("super", *_BASES):
        return None
    return partial(pay_spans.placed, talk.request, replace(span, basis=basis))


def span_beside_mine(talk: Talk) -> Meant | None:
    """'Is that more than what i get, im on 98 plus super' after a span or a band."""
    span = above(talk)
    is_asked = talk.means("more", "against", "pick", "beside")
    if span is None or not is_asked or talk.said.levels or talk.means("threshold", "net"):
        return None
    if len(talk.named) != 1 or money_pays.is_unclear(talk.named[0]) or not _is_mine(talk):
        return None
    return partial(pay_spans.beside_mine, talk.request, span, talk.named[0])


_MINE: Final = frozenset("im i my me mine ive now currently".split())


def _is_mine(talk: Talk) -> bool:
    return bool(_MINE & talk.tokens)
