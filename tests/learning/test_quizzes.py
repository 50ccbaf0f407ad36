"""The quizzes ask about every step, give a reason for every option,
and can't be guessed from their looks.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from pydantic import ValidationError

from content.checks.quizzes import check_quizzes
from content.library import load
from content.quiz import ARTICLE, Option, Quiz, QuizQuestion
from content.reading import Problem, read

CONTENT = load()
QUIZ = CONTENT.quizzes["monitor"]
QUESTION = QUIZ.questions["late_labels"]
QUESTIONS = [one for quiz in CONTENT.quizzes.values() for one in quiz.questions.values()]


def problems(quizzes: dict[str, Quiz]) -> list[Problem]:
    names = [f"quizzes/{name}.yaml" for name in CONTENT.quizzes] + ["plans/ml_engineer.yaml"]
    documents = {name: read(CONTENT.folder / name, name) for name in names}
    return list(check_quizzes(replace(CONTENT, quizzes=quizzes), documents))


def test_every_unit_and_the_article_have_six_questions_or_more():
    assert set(CONTENT.quizzes) == {*CONTENT.plans["ml_engineer"].units, ARTICLE}
    assert min(len(quiz.questions) for quiz in CONTENT.quizzes.values()) >= 6


def test_a_question_has_one_key_in_all_quizzes():
    keys = [key for quiz in CONTENT.quizzes.values() for key in quiz.questions]
    assert sorted(keys) == sorted(set(keys))


def test_the_right_option_is_not_given_away_by_its_place():
    shares = [sum(one.right == place for one in QUESTIONS) / len(QUESTIONS) for place in range(3)]
    assert min(shares) > 0.25


@pytest.mark.parametrize("extreme", [min, max])
def test_the_right_option_is_not_given_away_by_its_length(extreme: Callable[[Sequence[int]], int]):
    lengths = [[len(option.text) for option in one.options] for one in QUESTIONS]
    told = [mine[one.right] == extreme(mine) for one, mine in zip(QUESTIONS, lengths, strict=True)]
    assert sum(told) / len(told) < 0.45


def test_nothing_shouts_and_options_end_alike():
    texts = [option.text for one in QUESTIONS for option in one.options]
    assert [text for text in texts if text.endswith((".", "!"))] == []
    reasons = [option.why for one in QUESTIONS for option in one.options]
    assert [text for text in reasons if "!" in text or not text.endswith((".", "?"))] == []


@pytest.mark.parametrize("change", [{"why": ""}, {"why": None}])
def test_an_option_without_a_reason_is_refused(change):
    with pytest.raises(ValidationError, match="why"):
        Option.model_validate(QUESTION.options[0].model_dump() | change)


@pytest.mark.parametrize("right", [(), (0, 1)])
def test_a_question_has_exactly_one_right_option(right):
    options = [
        option.model_copy(update={"right": place in right})
        for place, option in enumerate(QUESTION.options)
    ]
    with pytest.raises(ValidationError, match="exactly one has to be"):
        QuizQuestion(step="drift_alert", stem="Which?", options=tuple(options))


def test_two_options_may_not_say_the_same():
    right = QUESTION.options[QUESTION.right]
    wrong = right.model_copy(update={"right": False, "text": "Something else"})
    with pytest.raises(ValidationError, match="two options say the same"):
        QuizQuestion(step="drift_alert", stem="Which?", options=(right, wrong, wrong))


def test_a_quiz_whose_right_options_stand_in_one_place_is_refused():
    options = tuple(sorted(QUESTION.options, key=lambda option: not option.right))
    question = QUESTION.model_copy(update={"options": options})
    with pytest.raises(ValidationError, match="option 1 is right in 6 of 6"):
        Quiz(title="Monitor", questions={f"q{number}": question for number in range(6)})


def test_a_quiz_with_five_questions_is_refused():
    few = dict(list(QUIZ.questions.items())[:5])
    with pytest.raises(ValidationError, match="at least 6 items"):
        Quiz.model_validate(QUIZ.model_dump() | {"questions": few})


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"step": "split"}, "no step 'split'"),
        ({"source": "wikipedia"}, "no resource 'wikipedia'"),
    ],
)
def test_a_question_that_names_nothing_is_told_with_its_line(change, complaint):
    broken = {**QUIZ.questions, "late_labels": QUESTION.model_copy(update=change)}
    quiz = QUIZ.model_copy(update={"questions": broken})
    (problem,) = problems({**CONTENT.quizzes, "monitor": quiz})
    assert problem.what == complaint
    assert problem.line > 1


def test_a_unit_without_quiz_and_a_step_without_question_are_told():
    kept = {key: one for key, one in QUIZ.questions.items() if one.step != "roll_back"}
    quiz = QUIZ.model_copy(update={"questions": kept})
    others = {name: one for name, one in CONTENT.quizzes.items() if name != "deploy"}
    found = {problem.what for problem in problems({**others, "monitor": quiz})}
    assert found == {"no quiz for 'deploy'", "no question on 'roll_back'"}
