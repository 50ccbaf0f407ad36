"""What must hold between examples, concepts and intents."""

from collections.abc import Iterable, Mapping

from content.content import Content
from content.language import Examples, Intent
from content.reading import Document, Problem


def check_language(content: Content, documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Names that nothing answers to, and one text under two intents."""
    intents = content.intents
    table = documents["language/intents.yaml"]
    for name, intent in intents.items():
        if intent.command and intent.command not in content.commands:
            yield table.problem(
                (name, "command"),
                f"there is no command {intent.command!r}",
                "a name from commands.yaml",
            )
    rows = documents["language/words.yaml"]
    for concept in content.writing.subjects:
        if concept not in content.concepts:
            yield rows.problem(
                ("subjects",), f"there is no concept {concept!r}", "a name from concepts.yaml"
            )
    rows = documents["language/follow_ups.yaml"]
    for number, follow_up in enumerate(content.follow_ups):
        for command in (*follow_up.after, follow_up.run.partition(" ")[0], *follow_up.over):
            if command not in content.commands:
                yield rows.problem(
                    (number,), f"there is no command {command!r}", "a name from commands.yaml"
                )
    yield from _twice(intents, content.examples, documents)


def _twice(
    intents: Mapping[str, Intent],
    examples: Mapping[str, Examples],
    documents: Mapping[str, Document],
) -> Iterable[Problem]:
    seen: dict[str, tuple[str, str]] = {}
    for stem, entry in examples.items():
        document = documents[f"language/examples/{stem}.yaml"]
        if entry.intent not in intents:
            yield document.problem(
                ("intent",), f"there is no intent {entry.intent!r}", "a name from intents.yaml"
            )
        for line in entry.lines:
            intent, file = seen.setdefault(
                " ".join(line.lower().split()), (entry.label, document.name)
            )
            if intent != entry.label:
                yield document.problem(
                    ("texts",),
                    f"{line!r} is an example of {intent} in {file} too",
                    "keep it in one of them",
                )
