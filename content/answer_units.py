"""Everything that can be answered in a few lines: written answers, what attributes make of
subjects, terms of the glossary.

A made answer names the facts of its subject's own entry by where they stand, so that a written and
a made one are told alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from string import Formatter

from content.answer import Answer
from content.attribute import AnswerUnit, Attribute
from content.content import Content
from content.subject import Mention, Subject, tokens
from content.term import Term


def answer_units(content: Content) -> Mapping[str, AnswerUnit]:
    """Every unit by its key: the written answers, what attributes make of subjects,
    and the terms of the glossary.
    """
    units = {
        key: _unit_of(content, key, answer)
        for key, answer in content.answers.items()
        if answer.unless_visa not in content.visas
    }
    touches = {
        (kind, name): _touches(content, attribute.asks)
        for kind, attributes in content.attributes.items()
        for name, attribute in attributes.items()
    }
    for subject in content.subjects:
        for name, attribute in content.attributes.get(subject.kind, {}).items():
            unit = _unit(content, subject, name, attribute, touches[subject.kind, name])
            written = _key_of_written(content, subject, attribute) or unit.key
            if written in units:
                units[written] = _add_asks(units[written], unit)
            else:
                units[unit.key] = unit
    for key, term in content.glossary.items():
        unit = _term(content, key, term)
        if key in units:  # an answer that tells more than the word means
            units[key] = _add_asks(units[key], unit)
        else:
            units[unit.key] = unit
        if taught := _unit_teaching(content, key, term):
            units[taught.key] = taught
    return units


def _unit_of(content: Content, key: str, answer: Answer) -> AnswerUnit:
    find = content.mentions
    about = find(tokens(answer.subject))
    touches = _touches(content, (*answer.asks, *answer.texts))
    return AnswerUnit(key=key, answer=answer, about=about, touches=touches)


def _touches(content: Content, texts: Iterable[str]) -> frozenset[Mention]:
    """What these texts speak of."""
    return frozenset(mention for text in texts for mention in content.mentions(tokens(text)))


def _key_of_written(content: Content, subject: Subject, attribute: Attribute) -> str | None:
    """The written answer that says this of the subject already."""
    keys = (form.format(key=subject.key) for form in attribute.written_as)
    return next((key for key in keys if key in content.answers), None)


def _add_asks(unit: AnswerUnit, made: AnswerUnit) -> AnswerUnit:
    """The written answer, asked for in the usual ways of its kind too."""
    asks = tuple(dict.fromkeys((*unit.answer.asks, *made.answer.asks)))
    return replace(
        unit,
        answer=unit.answer.model_copy(update={"asks": asks}),
        attribute=made.attribute,
        title=made.title,
    )


def _term(content: Content, key: str, term: Term) -> AnswerUnit:
    """What a word means, where it is learnt, and the page to read."""
    names = tuple(dict.fromkeys(term.names))
    phrase = content.phrases["answer_term"]
    usual = tuple(form.format(name=name) for name in names for form in TERM_ASKS)
    answer = Answer(
        subject=names[0],
        asks=tuple(dict.fromkeys((*term.asks, *usual))),
        say=phrase.format(name=names[0][0].upper() + names[0][1:], say=term.say),
        rests_on=term.rests_on,
        more=term.more or _unit_page(content, term.unit or ""),
    )
    return AnswerUnit(key=f"term_{key}", answer=answer, about=frozenset(), reads=term.resource)


def _unit_teaching(content: Content, key: str, term: Term) -> AnswerUnit | None:
    """Which unit of the plan teaches a term; None for one that none does."""
    place = _place_in_plan(content, term.unit or "")
    if place is None:
        return None
    number, title = place
    name = term.names[0]
    answer = Answer(
        subject=f"{name} in the plan",
        asks=tuple(form.format(name=each) for each in term.names[:2] for form in TAUGHT_ASKS),
        say=content.phrases["answer_taught"].format(number=number, title=title, name=name),
        rests_on=("learning_plan",),
        more=f"plan unit {number}",
    )
    return AnswerUnit(key=f"term_{key}_taught", answer=answer, about=frozenset())


TAUGHT_ASKS = (
    "which unit teaches {name}",
    "where do i learn {name}",
    "{name} in which week of the plan",
)
TERM_ASKS = ("what is {name}", "{name} meaning")


def _unit_page(content: Content, unit: str) -> str | None:
    place = _place_in_plan(content, unit)
    if not place:
        return None
    return f"plan unit {place[0]}"


def _place_in_plan(content: Content, unit: str) -> tuple[int, str] | None:
    """A unit's number and title, in the first plan that has it."""
    places = (
        (number, plan.units[key].title)
        for plan in content.plans.values()
        for number, key in enumerate(plan.units, 1)
        if key == unit
    )
    return next(places, None)


def _unit(
    content: Content,
    subject: Subject,
    name: str,
    attribute: Attribute,
    touches: frozenset[Mention],
) -> AnswerUnit:
    fills = {**subject.fills, "subject": subject.name, "key": subject.key}
    say = next((filled for text in attribute.says if (filled := fill(text, fills))), None)
    lines = tuple(filled for text in attribute.lines if (filled := fill(text, fills)))
    missing = {"attribute": attribute.called, "subject": subject.name}
    answer = Answer(
        subject=subject.name,
        asks=tuple(text.replace("{subject}", subject.typed) for text in attribute.asks),
        say=say or fill(content.phrases["answer_missing"], missing) or attribute.called,
        lines=lines if say else (),
        rests_on=(*attribute.rests_on, *subject.rests_on) if say else (),
        more=fill(attribute.more, fills) if attribute.more else subject.page,
        taps=tuple(filled for text in attribute.taps if (filled := fill(text, fills))),
    )
    return AnswerUnit(
        key=f"{subject.kind}_{subject.key}_{name}",
        answer=answer,
        about=frozenset({subject.mention}),
        touches=touches,
        attribute=f"{subject.kind}.{name}",
        title=attribute.called.removeprefix("the "),
        is_gap=say is None,
    )


def fill(text: str, fills: Mapping[str, str]) -> str | None:
    """The text with its names filled; None where one has no value.

    A value may be a fact's name in braces, and stays one: `{charge:amount}` becomes
    `{visas.482.cells.charge:amount}`.
    """
    parts: list[str] = []
    for before, name, form, _ in Formatter().parse(text):
        parts.append(before.replace("{", "{{").replace("}", "}}"))
        if name is None:
            continue
        value = fills.get(name, f"{{{name}}}" if "." in name else None)
        if value is None:
            return None
        parts.append(f"{value[:-1]}:{form}}}" if form and value.endswith("}") else value)
    return "".join(parts)
