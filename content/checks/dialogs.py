"""What must hold between dialogs, questions and facts: every question reachable, every path ending,
every name known.

A dialog's steps may depend on earlier answers only, so a dialog cannot go round in circles; these
checks prove it by walking every path that the options allow. `drawn` shows the same walk to the
person who writes the dialog.
"""

from collections.abc import Iterable, Iterator, Mapping

from content.content import Content
from content.dialog import Dialog, Question, Step
from content.reading import Document, Problem

LONGEST_ACTION = 60
"""A button's command line, in bytes, on the platform that allows least."""

_Chosen = frozenset[tuple[str, str]]


def check_dialogs(content: Content, documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Every step names a question that exists, once; every condition an earlier one that can have
    that answer; all are reached.
    """
    for key, dialog in content.dialogs.items():
        document = documents[f"dialogs/{key}.yaml"]
        found = list(_names(content, dialog, document))
        yield from found
        if not found:
            yield from _find_unreached(content, dialog, document)
    yield from _buttons(content, documents)
    yield from _facts(content, documents)


def _names(content: Content, dialog: Dialog, document: Document) -> Iterator[Problem]:
    before: set[str] = set()
    for index, step in enumerate(dialog.steps):
        place = ("steps", index, "question")
        if step.question not in content.questions:
            yield document.problem(
                place, f"no question {step.question!r}", "a key of a file in questions/"
            )
        if step.question in before:
            yield document.problem(place, f"{step.question!r} is asked twice", "each question once")
        for asked, answers in step.when.items():
            where = ("steps", index, "when", asked)
            if asked not in before:
                yield document.problem(
                    where,
                    f"{asked!r} is not asked before this step",
                    "a question of an earlier step",
                )
            elif unknown := [
                answer for answer in answers if answer not in content.questions[asked].options
            ]:
                yield document.problem(
                    where,
                    f"{asked!r} has no option {unknown[0]!r}",
                    f"of {', '.join(content.questions[asked].options)}",
                )
        before.add(step.question)


def _find_unreached(content: Content, dialog: Dialog, document: Document) -> Iterator[Problem]:
    reached = {after for _, after in _edges(content.questions, dialog)}
    for index, step in enumerate(dialog.steps):
        if step.question not in reached:
            yield document.problem(
                ("steps", index, "when"),
                "no answers lead to this question",
                "conditions that can hold together",
            )


def _edges(questions: Mapping[str, Question], dialog: Dialog) -> tuple[tuple[str, str], ...]:
    """Every (question, next question) that some answers make, '' standing for the start and the
    end.

    All paths are walked at once, step by step. A path is kept as the answers that later conditions
    still look at, with the question it asked last, so that there are few of them however many
    questions there are.
    """
    paths: set[tuple[_Chosen, str]] = {(frozenset(), "")}
    edges: dict[tuple[str, str], None] = {}
    for index, step in enumerate(dialog.steps):
        later = {name for other in dialog.steps[index + 1 :] for name in other.when}
        options = [
            frozenset({(step.question, option)}) for option in questions[step.question].options
        ]
        walked: set[tuple[_Chosen, str]] = set()
        for chosen, last in paths:
            if holds(step, dict(chosen)):
                edges[last, step.question] = None
                walked |= {
                    (chosen | option, step.question)
                    for option in (options if step.question in later else [frozenset()])
                }
            else:
                walked.add((chosen, last))
        paths = {
            (frozenset(pair for pair in chosen if pair[0] in later), last)
            for chosen, last in walked
        }
    return (*edges, *((last, "") for last in sorted({last for _, last in paths})))


def holds(step: Step, answers: Mapping[str, str]) -> bool:
    """Whether this step is asked after these answers."""
    return all(answers.get(asked) in wanted for asked, wanted in step.when.items())


def _buttons(content: Content, documents: Mapping[str, Document]) -> Iterator[Problem]:
    for key, dialog in content.dialogs.items():
        for index, step in enumerate(dialog.steps):
            for option in (
                content.questions[step.question].options
                if step.question in content.questions
                else ()
            ):
                action = f"answer {key} {step.question} {option}"
                if len(action.encode()) > LONGEST_ACTION:
                    yield documents[f"dialogs/{key}.yaml"].problem(
                        ("steps", index),
                        f"the button {action!r} is longer than {LONGEST_ACTION} bytes",
                        "shorter keys",
                    )


def _facts(content: Content, documents: Mapping[str, Document]) -> Iterator[Problem]:
    for key, dialog in content.dialogs.items():
        for fact in dialog.facts:
            if fact not in content.facts:
                yield documents[f"dialogs/{key}.yaml"].problem(
                    ("facts",), f"no fact {fact!r}", "the place of a fact, like english.validity"
                )
    for name, document in documents.items():
        if name.startswith("questions/"):
            for key in document.value:
                for fact in content.questions[key].facts:
                    if fact not in content.facts:
                        yield document.problem(
                            (key, "facts"),
                            f"no fact {fact!r}",
                            "the place of a fact, like english.validity",
                        )


def diagram(content: Content, key: str) -> str:
    """The dialog's flow as a Mermaid diagram: each question, every way from one to the next,
    and the end.
    """
    dialog = content.dialogs[key]
    conditions = {step.question: _condition(content, step) for step in dialog.steps}
    lines = ["flowchart TD", f"    start([{dialog.title}])", "    finish([result])"]
    lines += [
        f'    {question}["{content.questions[question].label}"]' for question in dialog.questions
    ]
    for last, after in _edges(content.questions, dialog):
        label = conditions.get(after, "")
        lines.append(
            f"    {last or 'start'} --"
            + (f' "{label}" --' if label else "")
            + f"> {after or 'finish'}"
        )
    return "\n".join(lines)


def _condition(content: Content, step: Step) -> str:
    return "; ".join(
        f"{content.questions[asked].label}: {_labels(content, asked, wanted)}"
        for asked, wanted in step.when.items()
    )


def _labels(content: Content, asked: str, wanted: Iterable[str]) -> str:
    return " or ".join(content.questions[asked].options[option].label for option in wanted)


def keys_gone(old: Content, new: Content) -> tuple[str, ...]:
    """Keys that people's kept answers may use and that the new content does not have any more."""
    gone: list[str] = []
    for key, dialog in old.dialogs.items():
        if key not in new.dialogs:
            gone.append(f"dialogs.{key}")
            continue
        gone += [
            f"dialogs.{key}.{question}"
            for question in dialog.questions
            if question not in new.dialogs[key].questions
        ]
    for key, question in old.questions.items():
        if key not in new.questions:
            gone.append(f"questions.{key}")
        else:
            gone += [
                f"questions.{key}.{option}"
                for option in question.options
                if option not in new.questions[key].options
            ]
    return tuple(gone)
