"""The two ends of the band or the span that the words of `salary` name."""

from bot.core.request import Request
from bot.extraction import pay
from bot.features.pay import pay_parts, pay_words
from content.entry import Range


def ends_of(request: Request, words: str) -> tuple[float, float] | None:
    said = pay.read(words)
    if said.between or not said.said_nothing:
        return said.between
    asked = pay_words.wanted(request.content, words)
    years = asked.numbers.years
    of_years = tuple(pay_parts.reached(asked.occupation, *years).values()) if years else ()
    only = of_years[0] if len(of_years) == 1 else None
    band = asked.occupation.bands.get(asked.level, only)
    contract = asked.occupation.contract if asked.level == pay_words.CONTRACT else None
    fact = band.pay if band else contract.yearly if contract else None
    match fact.value if fact else None:
        case Range(low=float() | int() as low, high=float() | int() as high):
            return float(low), float(high)
        case _:
            return None
