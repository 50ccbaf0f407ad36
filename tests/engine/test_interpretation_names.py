"""Interpretations are told apart by name in two places: every name there is one that exists."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.conversation import aftermath, sentences

SOURCES = sorted(Path(bot.__file__).parent.rglob("*.py"))


def strings_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def given_names() -> Iterator[str]:
    """What stands as `name=` of an interpretation; where that is a variable, the words of its
    module.
    """
    for source in SOURCES:
        tree = ast.parse(source.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Interpretation":
                (name,) = (each.value for each in node.keywords if each.arg == "name")
                if any(strings_of(name)):
                    yield from strings_of(name)
                else:
                    yield from (word for text in strings_of(tree) for word in (text, *text.split()))


@pytest.mark.parametrize(
    "names", [sentences.SAYS_NOTHING, aftermath.TALK], ids=["says nothing", "talk"]
)
def test_a_name_that_is_asked_for_is_one_that_an_interpretation_has(names):
    assert names - set(given_names()) == set()


def test_thanks_are_no_sentence_to_answer():
    assert not sentences.is_clear(0.98, "thank")
    assert sentences.is_clear(0.98, "a fact")
