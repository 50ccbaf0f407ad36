"""What must hold for quizzes between files: each is a unit's,
and its questions stand by steps of that unit.
"""

from collections.abc import Iterable, Iterator, Mapping

from content.content import Content
from content.plan import Plan
from content.quiz import ARTICLE
from content.reading import Document, Problem


def check_quizzes(content: Content, documents: Mapping[str, Document]) -> Iterable[Problem]:
    """Every unit has a quiz, every step a question, and what a question names exists."""
    plans = tuple(content.plans.values())
    for name in content.quizzes:
        plan = next((one for one in plans if name == ARTICLE or name in one.units), None)
        document = documents[f"quizzes/{name}.yaml"]
        if plan is None:
            yield document.problem((), f"no unit {name!r}", f"a file named by a unit, or {ARTICLE}")
        else:
            yield from _check_questions(content, plan, name, document)
    for key, plan in content.plans.items():
        for unit in plan.units.keys() - content.quizzes.keys():
            what = f"no quiz for {unit!r}"
            yield documents[f"plans/{key}.yaml"].problem(
                ("units", unit), what, f"quizzes/{unit}.yaml"
            )


def _check_questions(
    content: Content, plan: Plan, name: str, document: Document
) -> Iterator[Problem]:
    steps = {key for unit in _units(plan, name) for key in plan.units[unit].steps}
    quiz = content.quizzes[name]
    for key, question in quiz.questions.items():
        place = ("questions", key)
        if question.step not in steps:
            what = f"no step {question.step!r}"
            yield document.problem((*place, "step"), what, f"one of {', '.join(sorted(steps))}")
        if question.source is not None and question.source not in plan.resources:
            what = f"no resource {question.source!r}"
            yield document.problem((*place, "source"), what, "a key of the plan's 'resources'")
    if name == ARTICLE:
        return
    for step in steps - {question.step for question in quiz.questions.values()}:
        yield document.problem(("questions",), f"no question on {step!r}", "one for each step")


def _units(plan: Plan, name: str) -> Iterable[str]:
    if name == ARTICLE:
        return plan.units
    return (name,)
