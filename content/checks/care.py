"""What must hold for care between files: its facts exist, its offers can be typed."""

import re
from collections.abc import Iterable, Iterator, Mapping

from content.care import Offer
from content.checks.references import is_command_line
from content.content import Content
from content.reading import Document, Problem


def check_care(content: Content, documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Contacts that a kind names stand in the file, and what is offered can be typed,
    patterns can be read.
    """
    document = documents["care.yaml"]
    yield from _patterns(content, document)
    if (last := content.care.aftermath.contact) not in content.care.contacts:
        known = f"one of {', '.join(content.care.contacts)}"
        yield document.problem(("aftermath", "contact"), f"no contact {last!r}", known)
    for key, kind in content.care.kinds.items():
        for index, name in enumerate(kind.contacts):
            if name not in content.care.contacts:
                known = f"one of {', '.join(content.care.contacts)}"
                yield document.problem(
                    ("kinds", key, "contacts", index), f"no contact {name!r}", known
                )
        if kind.offer:
            yield from _offer(content, document, key, kind.offer)


def _patterns(content: Content, document: Document) -> Iterator[Problem]:
    """Every pattern can be read."""
    try:
        for pattern in content.care.every_pattern:
            _ = pattern.regex
        _ = content.care.no_questions_pattern
        _ = content.care.wants_quiet_pattern
        _ = content.care.feels_better_pattern
    except (ValueError, re.error) as error:
        yield document.problem(("kinds",), str(error), "words, `{group}`, `..`, `!word`, `word?`")


def _offer(content: Content, document: Document, key: str, offer: Offer) -> Iterator[Problem]:
    if offer.action and not is_command_line(content, offer.action):
        what = f"{offer.action!r} is no command line"
        yield document.problem(("kinds", key, "offer", "action"), what, "a line to type: 'plan'")
    command, _, unit = (offer.action or "").partition(" ")
    if command == "fact" and unit not in content.answers:
        what = f"no answer {unit!r}"
        yield document.problem(("kinds", key, "offer", "action"), what, "a key of an answer")
    if offer.opens and (
        offer.opens not in content.sources or not content.sources[offer.opens].address
    ):
        what = f"no source {offer.opens!r} with an address"
        yield document.problem(("kinds", key, "offer", "opens"), what, "a key of sources.yaml")
