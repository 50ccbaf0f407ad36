"""Every statement of the two source documents is either taken up somewhere in
the content or left out with a reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields

import pytest
from pydantic import BaseModel

from content.content import Content
from content.library import load


def _ids(document: str, *runs: tuple[int, int]) -> set[str]:
    return {f"{document}-{number:03}" for first, last in runs for number in range(first, last + 1)}


STATEMENTS = _ids(
    "S1",
    *(
        (1, 8),
        (10, 11),
        (21, 26),
        (31, 35),
        (41, 45),
        (51, 55),
        (61, 66),
        (71, 74),
        (81, 85),
        (91, 93),
        (101, 104),
    ),
    *((110, 115), (121, 125), (131, 133), (141, 154)),
) | _ids("S2", (1, 6), (11, 14), (21, 22), (31, 35), (41, 46), (51, 53), (61, 62), (71, 75))


def _claims(value: object) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from getattr(value, "claims", ())
        for name in type(value).model_fields:
            yield from _claims(getattr(value, name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _claims(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _claims(inner)


NO_REPETITION = {"facts", "answers"}
"""Facts stand elsewhere already; an answer may also say why a statement is not repeated."""


def _taken_up(content: Content) -> set[str]:
    return {
        claim
        for field in fields(content)
        if field.name not in NO_REPETITION
        for claim in _claims(getattr(content, field.name))
    }


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


def test_there_are_as_many_statements_as_the_documents_hold():
    assert len([each for each in STATEMENTS if each.startswith("S1")]) == 81
    assert len([each for each in STATEMENTS if each.startswith("S2")]) == 33


def test_every_statement_is_taken_up_or_left_out_with_a_reason(content):
    assert sorted(STATEMENTS - _taken_up(content) - set(content.not_repeated)) == []


@pytest.fixture(scope="module")
def answered(content) -> set[str]:
    return {claim for answer in content.answers.values() for claim in answer.claims}


def test_every_statement_has_an_answer_also_those_that_are_not_repeated(answered):
    assert sorted(STATEMENTS - answered) == []


def test_answers_name_only_statements_that_exist(answered):
    assert sorted(answered - STATEMENTS) == []


def test_no_statement_is_both_repeated_and_left_out(content):
    assert sorted(_taken_up(content) & set(content.not_repeated)) == []


def test_the_content_names_no_statement_that_does_not_exist(content):
    assert sorted((_taken_up(content) | set(content.not_repeated)) - STATEMENTS) == []
