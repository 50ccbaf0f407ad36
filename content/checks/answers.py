"""What must hold for answers between files: the facts they name exist, something is behind each,
its lines can be typed.
"""

from collections.abc import Iterable, Mapping

from content.answer import LONGEST_SAYING, fact_names
from content.checks.references import is_command_line
from content.content import Content
from content.reading import Document, Problem


def check_answers(content: Content, documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Every fact and source that an answer names exists, something is behind it,
    its lines can be typed and are short.
    """
    for document in documents.values():
        if document.name.startswith("answers/"):
            for key in document.value:
                yield from _check(content, document, key)


def _check(content: Content, document: Document, key: str) -> Iterable[Problem]:
    answer = content.answers[key]
    if len(answer.say) > LONGEST_SAYING:
        yield document.problem(
            (key, "say"),
            f"{len(answer.say)} characters",
            f"at most {LONGEST_SAYING}; the rest is for `lines`",
        )
    for text in answer.texts:
        try:
            names = tuple(fact_names(text))
        except ValueError:
            yield document.problem(
                (key,), f"a brace does not close in {text!r:.60}", "{key of a fact}"
            )
            continue
        for name in names:
            if name not in answer.states and name not in content.facts:
                yield document.problem(
                    (key,), f"no fact {name!r}", "a key of `states`, or where another fact stands"
                )
    for name in answer.rests_on:
        if name not in content.facts and name not in content.sources:
            yield document.problem(
                (key, "rests_on"),
                f"no fact or source {name!r}",
                "where a fact stands, or a key of sources.yaml",
            )
    named = [name for text in answer.texts for name in fact_names(text)]
    if not (answer.remark or answer.states or answer.rests_on or named):
        yield document.problem(
            (key,),
            "nothing is behind it",
            "`states` with its facts, or `rests_on` with a fact or a source",
        )
    for line in (*answer.taps, *((answer.more,) if answer.more else ())):
        if not is_command_line(content, line):
            yield document.problem(
                (key, "taps"),
                f"{line!r} is no command line",
                "a line that a person could type: 'salary senior'",
            )
