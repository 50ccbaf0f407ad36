"""What a language's words lead to can be opened."""

from collections.abc import Iterable, Mapping

from content.content import Content
from content.reading import Document, Problem


def check_other_languages(content: Content, documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Every matter that a language has words for is a command."""
    document = documents["language/languages.yaml"]
    for key, language in content.languages.items():
        for command in language.subjects:
            if command not in content.commands:
                place = (key, "subjects", command)
                yield document.problem(place, f"no command {command!r}", "a name of commands.yaml")
