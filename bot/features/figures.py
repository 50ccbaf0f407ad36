"""How facts look to a person: money, dates, figures, and the line that says where an answer comes
from.

Every module that answers with facts prints them here, so that a figure looks the same wherever it
turns up. Nothing here chooses a fact or computes one.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from string import Formatter

from bot.core.reply import Block, Choices, Open, Sources, Tap, spans
from bot.core.request import Request
from bot.core.turn import Turn
from content.entry import AsOf, Fact, Range, Source, warning
from content.occupation import Occupation, blanks

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Named here, because strftime's month names follow the machine's locale."""

MONEY = "AUD"
"""A unit that opens with this word is money: '$160,000 a year' from 160000 and 'AUD a year'."""

Cited = Fact | str
"""What an answer rests on: a fact, or the key of a fact or source."""


def number(value: float) -> str:
    """`18000` → '18,000', `2.50` → '2.5', `10.0` → '10'. A real minus sign."""
    digits = f"{abs(value):,.2f}".rstrip("0").rstrip(".")
    if value < 0:
        return f"−{digits}"
    return digits


def money(value: float, *, cents: bool = False) -> str:
    """`160000` → '$160,000'; with `cents` '$160,000.00'. Rounded half up, as people do."""
    if cents:
        rounded = f"{abs(value) + 1e-9:,.2f}"
    else:
        rounded = f"{int(abs(value) + 0.5):,}"
    return f"{'−' if value < 0 else ''}${rounded}"


def span_of(low: str | None, high: str | None) -> str:
    """'$160,000 – $210,000'; an open end is '$200,000 or more' or 'up to $200,000';
    equal ends are one figure.
    """
    match low, high:
        case str(), str():
            if low == high:
                return low
            return f"{low} – {high}"
        case str(), None:
            return f"{low} or more"
        case _:
            return f"up to {high}"


def money_range(low: float | None, high: float | None) -> str:
    """'$160,000 – $210,000'."""
    return span_of(None if low is None else money(low), None if high is None else money(high))


def number_range(low: float | None, high: float | None) -> str:
    """'3–6', '10+', 'up to 3': short, for years and counts."""
    if low is not None and high is not None:
        if low == high:
            return number(low)
        return f"{number(low)}–{number(high)}"
    if high is not None:
        return f"up to {number(high)}"
    return f"{number(low or 0)}+"


def figure(fact: Fact) -> str:
    """The fact's value with its unit: '$160,000 – $210,000 a year', '18,000 people', '2–6 months',
    '18%', or the text itself.
    """
    return f"{amount(fact)}{_after(fact.unit)}"


def amount(fact: Fact) -> str:
    """The fact's value alone: '$160,000 – $210,000'."""
    is_money = (fact.unit or "").split(" ")[0] == MONEY
    match fact.value:
        case str(text):
            return text
        case Range(low=low, high=high):
            if is_money:
                return money_range(low, high)
            return number_range(low, high)
        case value:
            if is_money:
                return money(value)
            return number(value)


def _after(unit: str | None) -> str:
    match (unit or "").removeprefix(MONEY).strip():
        case "":
            return ""
        case "%":
            return "%"
        case words:
            return f" {words}"


def day(value: date) -> str:
    """'28 Mar 2026'."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def as_of(value: AsOf) -> str:
    """The day, or 'undated', printed as such."""
    if isinstance(value, date):
        return day(value)
    return value


def dates_of(source: Source, facts: Iterable[Fact]) -> str:
    """The dates that these facts of one source carry, oldest first: 'undated', '2023–24',
    '7 Nov 2024, 4 Jun 2026'.
    """
    stated = {fact.as_of for fact in facts} or {source.as_of}
    ordered = sorted(stated, key=lambda value: value.toordinal() if isinstance(value, date) else 0)
    return ", ".join(
        source.dated if source.dated and value == source.as_of else as_of(value)
        for value in ordered
    )


def name_of(source: Source) -> str:
    """The publisher, short."""
    return source.short or source.publisher


def filled(request: Request, occupation: Occupation, text: str) -> str:
    """A text of an occupation with the figures that it names printed in.

    `{name}` prints value and unit, `{name:amount}` the value alone, `{name:date}` the date.
    """
    return "".join(
        before + ("" if name is None else figure_text(request, occupation.fact(name), form or ""))
        for before, name, form, _ in Formatter().parse(text)
    )


def named(occupation: Occupation, *texts: str) -> tuple[Fact, ...]:
    """The figures that these texts name, for citing."""
    return tuple(occupation.fact(name) for text in texts for name in blanks(text))


def figure_text(request: Request, fact: Fact, form: str) -> str:
    """A fact as a text names it: its value and unit, or its `amount` or `date` alone."""
    match form:
        case "amount":
            return amount(fact)
        case "date":
            return dates_of(request.content.sources[fact.source], (fact,))
        case _:
            return figure(fact)


def keys(request: Request, *cited: Cited) -> tuple[str, ...]:
    """The keys that `sources` will explain later, in order, each once.

    A fact's key is where it stands in the content.
    """
    return tuple(
        dict.fromkeys(
            item if isinstance(item, str) else request.content.fact_keys[id(item)] for item in cited
        )
    )


DOUBT = "⚠"
"""What a source's name ends in where it is second-hand, stale, disputed or unverified."""

MOST_SOURCES = 2
"""Sources named in the one line under an answer; `sources` has all of them."""


def sources_block(request: Request, *cited: Cited, caveat: str = "sources_caveat") -> Sources:
    """'aicareergraph.com, undated · ATO, 2023–24, second-hand ⚠ · 2 more · general information':
    one line, whatever an answer rests on. `caveat` is the phrase that closes it.
    """
    names = source_names(request, keys(request, *cited))
    return Sources((spans(" · ".join((*_fewer(request, names), request.text(caveat)))),))


def _fewer(request: Request, names: tuple[str, ...]) -> tuple[str, ...]:
    """The first few; how many more there are, marked where one of those is doubted."""
    named, others = names[:MOST_SOURCES], names[MOST_SOURCES:]
    if not others:
        return named
    doubted = any(name.endswith(DOUBT) for name in others)
    if doubted:
        phrase = "sources_others_doubted"
    else:
        phrase = "sources_others"
    return (*named, request.text(phrase, count=len(others)))


def source_names(request: Request, cited: Iterable[str]) -> tuple[str, ...]:
    """Publisher and date of each source behind these keys, with a mark where one is second-hand,
    stale or disputed.
    """
    by_source: dict[str, list[Fact]] = {}
    for key in cited:
        fact = request.content.facts.get(key)
        by_source.setdefault(fact.source if fact else key, []).extend((fact,) if fact else ())
    return tuple(
        _source_name(request, request.content.sources[key], facts)
        for key, facts in by_source.items()
    )


def _source_name(request: Request, source: Source, facts: list[Fact]) -> str:
    name = request.text("sources_short", name=name_of(source), dates=dates_of(source, facts))
    doubts = ", ".join(request.text(f"doubt_{doubt}") for doubt in _doubts(request, source, facts))
    if doubts:
        return f"{name}, {doubts} {DOUBT}"
    return name


def _doubts(request: Request, source: Source, facts: list[Fact]) -> Iterator[str]:
    """Why a mark stands there, in a word each; `sources` says more."""
    if any(one.disagrees for one in facts):
        yield "disputed"
    if source.quoted_by:
        yield "second_hand"
    warnings = {warning(one, source, request.today) for one in facts}
    yield from [staleness for staleness in ("expired", "old") if staleness in warnings][:1]
    if facts and all(one.confidence == "unverified" for one in facts):
        yield "unverified"


def answered(
    request: Request,
    *blocks: Block,
    cite: Iterable[Cited] = (),
    taps: Iterable[Tap | Open] = (),
    personal: bool = False,
) -> Turn:
    """The usual shape of an answer: its blocks, where they come from, and what people want next."""
    cited, offered = tuple(cite), tuple(taps)
    ending: tuple[Block, ...] = ()
    if cited:
        ending += (sources_block(request, *cited),)
    if offered:
        ending += (Choices(offered),)
    return request.answer(*blocks, *ending, sources=keys(request, *cited), personal=personal)
