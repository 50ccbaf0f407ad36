"""A doubted answer: what it rests on and what says otherwise, in a few lines; the whole origin is
`sources`.

Nothing gives way and nothing is defended: the figures stand side by side, each with its publisher,
its date and how sure it is.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.core.reply import Bullets, Choices, Line, Tap, paragraph, spans
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.about.fact import origins
from bot.features.figures import as_of, figure, name_of
from content.content import Content
from content.entry import Fact

MOST_FIGURES: Final = 4
LONGEST_MEASURE: Final = 60
_EXPLAINS: Final = re.compile(r"\bwhy (?:two|do \w+ (?:differ|disagree)|are there two)\b")
_SUREST_FIRST: Final = ("high", "medium", "low", "unverified")


def in_doubt(request: Request, phrase: str, **values: object) -> Turn | None:
    """What the last answer rests on, below the sentence of `phrase`;
    None where it states no figure of a source.
    """
    last = request.state.conversation.last
    if last is not None:
        facts = tuple(_figures(request))
    else:
        facts = ()
    if last is None or not facts:
        return None
    lines = tuple(dict.fromkeys(_line(request, fact) for fact in facts))
    order = request.text("doubt_rests_on" if len(facts) == 1 else "doubt_surest_first")
    tap = Tap(request.text("tap_sources"), "sources")
    words = request.text(phrase, **values)
    if words.endswith(":"):
        lead = words
    else:
        lead = f"{words} {order}"
    blocks = (paragraph(lead), Bullets(lines), Choices((tap,)))
    return request.answer(*blocks, remember=False, personal=last.personal)


def whence(request: Request, number: str = "") -> Turn | None:
    """Who says so and since when, of the last answer: its figures with publisher and date, or its
    sources alone; None where it has none. `number`: the digits of the one figure that is asked
    about, or ''.
    """
    if number:
        named_one = tuple(_with_number(request, number))
    else:
        named_one = ()
    if named_one:
        lines = tuple(_line(request, fact) for fact in named_one[:MOST_FIGURES])
        taps = Choices((Tap(request.text("tap_sources"), "sources"),))
        lead = paragraph(request.text("doubt_whence"))
        return request.answer(lead, Bullets(lines), taps, remember=False)
    if turn := in_doubt(request, "doubt_whence"):
        return turn
    last, sources = request.state.conversation.last, request.content.sources
    named = [sources[key] for key in (last.sources if last else ()) if key in sources]
    if last is None or not named:
        return None
    lines = tuple(
        spans(request.text("doubt_source", source=name_of(one), date=as_of(one.as_of)))
        for one in named[:MOST_FIGURES]
    )
    tap = Tap(request.text("tap_sources"), "sources")
    blocks = (paragraph(request.text("doubt_whence_sources")), Bullets(lines), Choices((tap,)))
    return request.answer(*blocks, remember=False, personal=last.personal)


def explaining(content: Content, sources: tuple[str, ...]) -> str:
    """The key of the answer that tells why sources disagree over figures of `sources`;
    '' where none does.
    """
    shared = {
        unit.key: len(set(sources) & set(origins(unit)))
        for unit in content.answer_units.values()
        if any(_EXPLAINS.search(asked) for asked in unit.answer.asks)
    }
    best = max(shared, key=lambda key: shared[key], default="")
    if best and shared[best]:
        return best
    return ""


def _with_number(request: Request, number: str) -> Iterator[Fact]:
    """The facts that hold this number, each once."""
    told: set[str] = set()
    for fact in request.content.facts.values():
        said = _figure_in_words(fact).replace(",", "")
        if re.search(rf"(?<!\d){number}(?!\d)", said) and said not in told:
            told.add(said)
            yield fact


def _figures(request: Request) -> Iterator[Fact]:
    """The figures behind the last answer and those that disagree with them, the surest first."""
    last, held = request.state.conversation.last, request.content.facts
    told = [key for key in (last.sources if last else ()) if key in held]
    against = [key for name in told for key in held[name].disagrees]
    every = [held[key] for key in dict.fromkeys((*told[:1], *against[:2], *told[1:]))]
    yield from sorted(every[:MOST_FIGURES], key=lambda fact: _SUREST_FIRST.index(fact.confidence))


def _line(request: Request, fact: Fact) -> Line:
    source = request.content.sources[fact.source]
    words = request.text(
        "doubt_figure",
        figure=_figure_in_words(fact),
        source=name_of(source),
        date=as_of(fact.as_of),
        confidence=request.text(f"confidence_{fact.confidence}"),
    )
    return spans(words)


def _figure_in_words(fact: Fact) -> str:
    """The figure with what it measures, as far as the first comma; a text says that itself."""
    value = figure(fact).removesuffix(".")
    measures = re.split(r"[,;(]", fact.measures)[0].strip()
    is_text = isinstance(fact.value, str) or len(measures) > LONGEST_MEASURE
    if is_text:
        return value
    if measures[1:2].isupper():
        head = measures[0]
    else:
        head = measures[0].lower()
    return f"{value} ({head}{measures[1:]})"
