"""Parts that the answers about pay share: a headline, the taps, a question back."""

from collections.abc import Iterable

from bot.answers import occupations
from bot.answers.pay_words import Wanted
from bot.answers.printing import number_range
from bot.asking import Ask
from bot.reply import Block, Choices, Paragraph, Strong, Tap, Text, paragraph
from bot.turn import Turn
from content.entry import Range
from content.occupation import Band, Occupation

MOST_YEARS = 60


def taken(ask: Ask, wanted: Wanted) -> tuple[Block, ...]:
    """'Taking “senoir” as senior.', where a word was mistyped; and that nothing here is by city, where one was named."""
    by_city = (paragraph(ask.say("salary_by_city")),) if wanted.by_city else ()
    if wanted.taken is None:
        return by_city
    typed, meant = wanted.taken
    return (paragraph(ask.say("taken_as", typed=typed, meant=meant)), *by_city)


def headline(ask: Ask, label: str, figures: str, years: Range | None = None) -> Paragraph:
    """'**Senior ML engineer: $160,000 – $210,000 a year** (6–10 years)'."""
    title = Strong(ask.say("salary_title", label=label, figure=figures))
    return Paragraph((title,) if years is None else (title, Text(ask.say("salary_title_years", years=experience(ask, years)))))


def experience(ask: Ask, years: Range) -> str:
    """'6–10 years'."""
    return ask.say("salary_years", years=number_range(years.low, years.high))


def reached(occupation: Occupation, low: float, high: float) -> dict[str, Band]:
    """The bands that hold these years of experience: two where a year is shared; a span that only touches a band's edge is not in it."""

    def holds(years: Range) -> bool:
        start, end = years.low or 0, MOST_YEARS if years.high is None else years.high
        return start <= low <= end if low == high else start < high and low < end

    return {key: band for key, band in occupation.bands.items() if holds(band.years)}


def level_tap(occupation: Occupation, level: str, label: str) -> Tap:
    return Tap(label, f"salary {occupations.prefix(occupation)}{level}")


def all_levels_tap(ask: Ask, occupation: Occupation) -> Tap:
    return Tap(ask.say("tap_all_levels"), f"salary {occupations.prefix(occupation)}".strip())


def stand_tap(ask: Ask, occupation: Occupation) -> Tap:
    return level_tap(occupation, "where", ask.say("tap_stand"))


def ask_back(ask: Ask, occupation: Occupation, said: str, taps: Iterable[Tap] = ()) -> Turn:
    """A question instead of an answer. Nothing was answered, so `sources` still means the answer before."""
    offered = tuple(taps) or (all_levels_tap(ask, occupation), stand_tap(ask, occupation))
    return ask.answer(paragraph(said), Choices(offered), remember=False)
