"""Parts that the answers about pay share: a headline, the taps, a question back."""

from collections.abc import Iterable

from bot.core.reply import Block, Choices, Paragraph, Strong, Tap, Text, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import number_range
from bot.features.pay.pay_words import Wanted
from bot.features.work import occupations
from content.entry import Range
from content.occupation import Band, Occupation

MOST_YEARS = 60


def taken(request: Request, wanted: Wanted) -> tuple[Block, ...]:
    """'Taking “senoir” as senior.', where a word was mistyped; and that nothing here is by city,
    where one was named.
    """
    by_city: tuple[Paragraph, ...] = ()
    if wanted.by_city:
        by_city = (paragraph(request.text("salary_by_city")),)
    if wanted.taken is None:
        return by_city
    typed, meant = wanted.taken
    return (paragraph(request.text("taken_as", typed=typed, meant=meant)), *by_city)


def headline(request: Request, label: str, figures: str, years: Range | None = None) -> Paragraph:
    """'**Senior ML engineer: $160,000 – $210,000 a year** (6–10 years)'."""
    title = Strong(request.text("salary_title", label=label, figure=figures))
    return Paragraph(
        (title,)
        if years is None
        else (title, Text(request.text("salary_title_years", years=experience(request, years))))
    )


def experience(request: Request, years: Range) -> str:
    """'6–10 years'."""
    return request.text("salary_years", years=number_range(years.low, years.high))


def reached(occupation: Occupation, low: float, high: float) -> dict[str, Band]:
    """The bands that hold these years of experience: two where a year is shared; a span that only
    touches a band's edge is not in it.
    """

    def holds(years: Range) -> bool:
        start, end = years.low or 0, MOST_YEARS if years.high is None else years.high
        if low == high:
            return start <= low <= end
        return start < high and low < end

    return {key: band for key, band in occupation.bands.items() if holds(band.years)}


def level_tap(occupation: Occupation, level: str, label: str) -> Tap:
    return Tap(label, f"salary {occupations.prefix(occupation)}{level}")


def all_levels_tap(request: Request, occupation: Occupation) -> Tap:
    return Tap(request.text("tap_all_levels"), f"salary {occupations.prefix(occupation)}".strip())


def stand_tap(request: Request, occupation: Occupation) -> Tap:
    return level_tap(occupation, "where", request.text("tap_stand"))


def ask_back(request: Request, occupation: Occupation, said: str, taps: Iterable[Tap] = ()) -> Turn:
    """A question instead of an answer.

    Nothing was answered, so `sources` still means the answer before.
    """
    offered = tuple(taps) or (all_levels_tap(request, occupation), stand_tap(request, occupation))
    return request.answer(paragraph(said), Choices(offered), remember=False)
