"""`term WORD`: what a word means, in two lines, where the plan teaches it, and one page to read."""

import re
from string import Formatter
from typing import Final

from bot.core.reply import Choices, Link, Paragraph, Sources, Tap, Text, paragraph
from bot.core.request import Grammar, Handler, Request, marked
from bot.core.turn import Turn
from bot.extraction.spelling import corrected, nearest
from bot.features import figures
from content.answer import fact_names
from content.content import Content
from content.entry import Fact
from content.term import Term

OFFERED: Final = 3
_BEFORE: Final = re.compile(r"^(?:the|a|an|word|is|does|of)\s{1,3}", re.IGNORECASE)
_AFTER: Final = re.compile(r"(?:\s{1,3}(?:mean|means))?\s{0,3}[?.]{0,9}$", re.IGNORECASE)


def term(request: Request) -> Turn:
    """The word's meaning; for one that is not in the glossary, those that look like it."""
    word = _word(request.words)
    if not word:
        return request.answer(
            Paragraph(request.spans("term_which")), Choices(_some(request)), remember=False
        )
    key = _key(request.content, word)
    if key is None:
        return _no_such_term(request, word)
    found = request.content.glossary[key]
    named = tuple(request.content.facts[name] for name in fact_names(found.say))
    name = found.name[:1].upper() + found.name[1:]
    heading = request.text("term_says", name=name, say=_print(request, found))
    return request.answer(
        Paragraph(marked(heading.replace("{", "{{").replace("}", "}}"), {})),
        *_where(request, found),
        _link(request, found),
        Choices(_taps(request, found)),
        sources=(*figures.keys(request, *named, *found.rests_on), f"glossary.{key}"),
    )


def _word(words: str) -> str:
    return _AFTER.sub("", _BEFORE.sub("", words.strip())).strip(" '\"“”‘’")


def _key(content: Content, word: str) -> str | None:
    """The term with this name, a slip of the keyboard or a plural allowed."""
    names = {name.lower(): key for key, one in content.glossary.items() for name in one.names}
    singular = word.lower().removesuffix("s")
    return names.get(word.lower()) or names.get(singular) or corrected(word, names)


def _print(request: Request, found: Term) -> str:
    """The meaning with the figures that it names printed in."""
    parts = []
    for before, name, form, _ in Formatter().parse(found.say):
        parts.append(before)
        if name is not None:
            parts.append(_figure(request.content.facts[name], form or ""))
    return "".join(parts)


def _figure(fact: Fact, form: str) -> str:
    if form == "amount":
        return figures.amount(fact)
    return figures.figure(fact)


def _where(request: Request, found: Term) -> tuple[Paragraph, ...]:
    number = _unit_number(request.content, found)
    if not number:
        return ()
    plan = next(iter(request.content.plans.values()))
    title = plan.units[found.unit or ""].title
    return (paragraph(request.text("term_unit", number=number, title=title)),)


def _unit_number(content: Content, found: Term) -> int:
    """The number of the unit that teaches it; 0 where none does."""
    units = list(next(iter(content.plans.values())).units)
    if found.unit not in units:
        return 0
    return units.index(found.unit) + 1


def _link(request: Request, found: Term) -> Sources:
    page = found.resource
    parts: list[Text | Link] = [Text(request.text("plan_read")), Link(page.title, page.address)]
    if page.publisher.lower() not in page.title.lower():
        parts.append(Text(request.text("plan_publisher", publisher=page.publisher)))
    if page.status == "memory":
        parts.append(Text(request.text("plan_resource_memory")))
    return Sources((tuple(parts),))


def _taps(request: Request, found: Term) -> tuple[Tap, ...]:
    if found.more:
        return (Tap(found.more.capitalize(), found.more),)
    number = _unit_number(request.content, found)
    return (
        Tap(request.text("tap_plan_unit", number=number), f"plan unit {number}"),
        Tap(request.text("tap_quiz_me"), f"quiz {number}"),
    )


def _no_such_term(request: Request, word: str) -> Turn:
    names = {name: key for key, one in request.content.glossary.items() for name in one.names}
    near = nearest(word, names, OFFERED)
    meant = dict.fromkeys(request.content.glossary[names[name]].name for name in near)
    if meant:
        phrase = "term_unknown"
    else:
        phrase = "term_unknown_far"
    taps = tuple(_tap(name) for name in meant) or _some(request)
    return request.answer(
        paragraph(request.text(phrase, word=word[:40])), Choices(taps), remember=False
    )


def _some(request: Request) -> tuple[Tap, ...]:
    """A few words to begin with."""
    terms = list(request.content.glossary.values())
    return tuple(_tap(one.name) for one in terms[:OFFERED])


def _tap(name: str) -> Tap:
    return Tap(name[:1].upper() + name[1:], f"term {name}")


def knows(content: Content, _command: str, words: str) -> bool:
    return _key(content, _word(words)) is not None


HANDLERS: Final[dict[str, Handler]] = {"term": term}
GRAMMARS: Final[dict[str, Grammar]] = {"term": knows}
