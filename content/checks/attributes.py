"""What must hold for attributes: phrasings name the subject,
texts name what a subject of the kind has.
"""

from collections.abc import Iterable, Iterator, Mapping
from string import Formatter

from content.attribute import Attribute
from content.checks.references import is_command_line
from content.content import Content
from content.reading import Document, Problem
from content.subject import KINDS


def check_attributes(content: Content, documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Phrasings name the subject, texts name what a subject of the kind has, lines can be typed,
    sources exist.
    """
    document = documents["attributes.yaml"]
    known: dict[str, set[str]] = {kind: {"subject", "key"} for kind in KINDS}
    for subject in content.subjects:
        known[subject.kind] |= subject.fills.keys()
    for kind, attributes in content.attributes.items():
        for name, attribute in attributes.items():
            yield from _check(content, document, (kind, name), attribute, known[kind])


def _check(
    content: Content,
    document: Document,
    place: tuple[str, str],
    attribute: Attribute,
    known: set[str],
) -> Iterator[Problem]:
    for ask in attribute.asks:
        if "{subject}" not in ask:
            yield document.problem((*place, "asks"), f"{ask!r} names no subject", "{subject} in it")
    for text in (*attribute.says, *attribute.lines):
        try:
            blanks = [blank for _, blank, _, _ in Formatter().parse(text)]
        except ValueError:
            yield document.problem(
                (*place, "says"), f"a brace does not close in {text!r}", "{name}"
            )
            continue
        for blank in blanks:
            if blank is not None and blank not in known and blank not in content.facts:
                wanted = f"one of {', '.join(sorted(known))}, or where a fact stands"
                yield document.problem((*place, "says"), f"no {blank!r} in this kind", wanted)
    for source in attribute.rests_on:
        if source not in content.facts and source not in content.sources:
            yield document.problem((*place, "rests_on"), f"no fact or source {source!r}", "a key")
    lines = (*attribute.taps, *((attribute.more,) if attribute.more else ()))
    for line in lines:
        if not is_command_line(content, line.replace("{key}", "482")):
            yield document.problem(
                (*place, "taps"), f"{line!r} is no command line", "a line to type"
            )
