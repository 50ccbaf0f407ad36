"""A pay beside the visa income thresholds, and which threshold a short word means there."""

from dataclasses import replace
from functools import partial
from typing import Final

from bot.core.command_line import Line
from bot.extraction import pay
from bot.features.pay import money_pays, thresholds
from bot.features.pay.talk.context import SUPERS, Meant, Talk


def beside_thresholds(talk: Talk) -> Meant | None:
    """'Is 86k with super inside ok for the 482', 'if he makes it 90 plus super', 'what about 95'."""
    is_near = talk.near == "threshold" or (talk.is_after_sponsored and talk.means("judged"))
    is_asked = talk.means("judged", "beside", "pick") or talk.said.asks
    is_stated = len(talk.named) == 1
    is_asked = is_asked or bool(_POINTS & talk.tokens)
    is_about = is_near or (talk.means("threshold") and (is_asked or is_stated))
    if not is_about or talk.means(*_NOT_OF_THRESHOLDS):
        return None
    is_of_that = talk.means("threshold") and talk.near == "sum" and _POINTS & talk.tokens
    is_put = bool(talk.named or talk.means("judged", "beside") or is_of_that)
    one = talk.one if is_put else None
    if one is None or not one.amount:
        return None
    kept = one if talk.named or is_near else replace(one, help_debt=False)
    return Line("takehome", f"{pay.written(kept)} {thresholds.ASKED}")


_POINTS: Final = frozenset(["that", "it", "this"])


_NOT_OF_THRESHOLDS: Final = (
    "net",
    "loan",
    "balance",
    "rise",
    "bonus",
    "contract",
    "foreign",
    "month",
    "week",
)


def of_thresholds(talk: Talk) -> Meant | None:
    """'And for the 186?', 'and core', 'next july' after a threshold: that one's fact."""
    if talk.near != "threshold" or talk.has_figures or talk.said.levels:
        return None
    if talk.means("next year"):
        return talk.fact("threshold_indexed")
    if talk.means("before july", "last year"):
        return talk.fact("threshold_csit_2025_26")
    if talk.means(*SUPERS, "base", "gross"):
        return _basis_beside(talk) or talk.fact("threshold_super")
    words = talk.request.words.lower()
    named = next((key for word, key in _THRESHOLDS.items() if word in words), "")
    return talk.fact(named) if named and talk.said.only_means("threshold") else None


def needed(talk: Talk) -> Meant | None:
    """'What must he write in the contract then' beside the thresholds: the least, both ways."""
    is_asked = bool(_NEEDED & talk.tokens) and bool(_WHAT & talk.tokens)
    if talk.near != "threshold" or talk.has_figures or not is_asked or talk.said.levels:
        return None
    if not talk.said.only_means("threshold", *SUPERS, "base", "gross"):
        return None
    return partial(thresholds.least, talk.request)


_NEEDED: Final = frozenset("must need needs needed write put should least minimum".split())
_WHAT: Final = frozenset("what how whats which much".split())


def _basis_beside(talk: Talk) -> Meant | None:
    """'And if super is on top?' of a pay that was set beside the thresholds."""
    is_of_pay = thresholds.asks_for(talk.told[0].words) and talk.means(
        "super inside", "super on top"
    )
    pays = money_pays.changed(talk.request, talk.said, talk.pays[:1]) if is_of_pay else None
    return Line("takehome", f"{pay.written(pays[0])} {thresholds.ASKED}") if pays else None


_THRESHOLDS: Final = {
    "186": "threshold_186",
    "specialist": "visa_482_specialist",
    "ssit": "visa_482_specialist",
    "core": "visa_482_core_income",
    "csit": "visa_482_core_income",
    "482": "visa_482_income",
}
