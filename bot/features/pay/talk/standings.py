"""Where a pay stands among the bands, and the band of a level or of years."""

from dataclasses import replace
from typing import Final

from bot.core.command_line import Line
from bot.extraction import pay
from bot.features.pay import money_pays, pay_cases
from bot.features.pay.pay_ends import ends_of
from bot.features.pay.talk.context import SUPERS, Meant, Talk


def standing(talk: Talk) -> Meant | None:
    """'Is that good for 7 years', 'is 155 ok for a senior in Perth': where it stands among the bands."""
    years, level = talk.said.count("year"), next(iter(talk.said.levels), "")
    if not talk.has_figures and _ONESELF & talk.tokens and talk.tokens & {"bad", "shit", "crap"}:
        return None  # 'am i just bad at this' is about no pay
    is_asked = talk.means("judged") or (talk.means("place") and talk.near == "sum")
    one = talk.one
    if not is_asked or one is None or money_pays.is_unclear(one) or talk.means("threshold"):
        return None
    if talk.means("more") and not talk.means("ask for"):
        return None
    if talk.means("net", "super", "loan", "balance", "not"):
        return None
    beside = f"{years:g} years" if years else level
    figure = pay.written(replace(one, year="", help_debt=False, foreign=False, share=None))
    place = money_pays.place(talk.said, talk.request.words)
    return Line("salary", " ".join(f"{figure} {beside} {place}".split()))


_ONESELF: Final = frozenset(["am", "im"])


def with_its_years(talk: Talk) -> Meant | None:
    """'Im on 98 plus super, been there 5 yrs': among the bands, beside that of those years."""
    years = talk.said.count("year")
    if years is None or len(talk.named) != 1 or talk.said.levels:
        return None
    (one,) = talk.named
    is_plain = talk.said.only_means("now", "super inside", "super on top", "experience", "roughly")
    if not is_plain or one.basis is None or one.amount is None:
        return None
    return Line("salary", f"{pay.written(one)} {years:g} years")


def level_band(talk: Talk) -> Meant | None:
    """'Leads?', 'and mid' where pay is what was talked about."""
    named = tuple(dict.fromkeys(talk.said.levels))
    if talk.has_figures or len(named) != 1 or not talk.near:
        return None
    if not talk.said.only_means("place", "year", "against", "experience", "salaried"):
        return None
    if talk.means("against") and len(talk.pays) == 1 and talk.near == "sum":
        amount = pay_cases.yearly(talk.request, talk.pays[0])
        return Line("salary", f"{amount:.0f} {named[0]}")
    return Line("salary", named[0])


def years_band(talk: Talk) -> Meant | None:
    """'And 11 years', 'no 7', 'someone with 4 yrs' where pay is what was talked about."""
    figures = talk.said.figures
    if len(figures) != 1 or talk.said.levels or not talk.said.only_means("experience", "place"):
        return None
    (figure,) = figures
    is_years = figure.counts("year")
    was_years = talk.band is not None and "year" in talk.band.words
    is_bare = not figure.unit and figure.value <= _MOST_YEARS and was_years
    if not (is_years or is_bare) or talk.near not in ("band", "sum"):
        return None
    place = money_pays.place(talk.said, talk.request.words)
    return Line("salary", f"{figure.value:g} years {place}".strip())


_MOST_YEARS: Final = 39


def super_of_band(talk: Talk) -> Meant | None:
    """'Is that with super or not' of a band: not stated."""
    if talk.near != "band" or talk.has_figures or not talk.means("base", *SUPERS):
        return None
    is_that = talk.said.only_means("base", *SUPERS, "against", "not", "gross", "whole")
    return talk.fact("pay_super_unstated") if is_that else None


def by_city(talk: Talk) -> Meant | None:
    """'Is hobart less', 'do they pay more in perth' while pay is talked about: nothing by city."""
    if not talk.near or talk.has_figures or not talk.means("place") or not talk.means("more"):
        return None
    return talk.fact("pay_by_city") if talk.said.only_means("place", "more", "against") else None


def median_left(talk: Talk) -> Meant | None:
    """'After tax of that ato number': the tax office's median, taxed."""
    if talk.has_figures or not talk.means("net", "month", "fortnight", "week"):
        return None
    if not _MEDIAN & talk.tokens:
        return None
    fact = talk.request.content.facts["occupations.ml_engineer.figures.ato_software"]
    return Line("takehome", f"{fact.number:.0f} {talk.said.period}".strip())


_MEDIAN: Final = frozenset(["ato", "median"])


def at_an_end(talk: Talk) -> Meant | None:
    """'So im at the top?' of a pay: where it lies among the bands."""
    is_asked = talk.said.only_means("high", "low", "judged", "now") and talk.means("high", "low")
    is_near = talk.near in ("sum", "band")
    if not is_asked or talk.has_figures or not is_near or len(talk.pays) != 1:
        return None
    is_mine = bool({"im", "i", "am", "me"} & talk.tokens)
    yearly = pay_cases.yearly(talk.request, talk.pays[0])
    return Line("salary", f"{yearly:.0f}") if is_mine else None


def figure_told(talk: Talk) -> Meant | None:
    """'So how much is that in hand' after a fact with one yearly figure."""
    unit = talk.unit(talk.told[0]) if talk.told else None
    if unit is None or talk.has_figures or not talk.means("net"):
        return None
    if ends_of(talk.request, talk.topics[0].words):
        return None
    facts = (talk.request.content.facts.get(key) for key in talk.told[0].sources)
    paid = next((one for one in facts if one and one.unit == "AUD a year"), None)
    is_one = paid is not None and isinstance(paid.value, float | int)
    return Line("takehome", f"{paid.number:.0f}") if paid and is_one else None
