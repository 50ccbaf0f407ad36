"""What must hold for news between files: the facts that an item names exist."""

from collections.abc import Iterable, Mapping
from typing import Final

from content.answer import fact_names
from content.content import Content
from content.reading import Document, Problem

NEWS: Final = "news.yaml"


def check_news(content: Content, documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Every fact that an item prints or corrects stands somewhere."""
    document = documents[NEWS]
    for key, item in content.news.items():
        try:
            named = tuple(fact_names(item.say))
        except ValueError:
            yield document.problem((key, "say"), "a brace does not close", "{where a fact stands}")
            continue
        for part, names in (("say", named), ("corrects", item.corrects)):
            for name in names:
                if name not in content.facts:
                    yield document.problem((key, part), f"no fact {name!r}", "where a fact stands")
