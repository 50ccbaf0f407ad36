"""How well free text is understood, in figures with floors: on the shared sample,
and on messages nothing was tuned on.
"""

import sys

import pytest

from bot.understanding import understand
from content.content import Content
from tests.understanding.figures import Figures, judged, messages

_READ: dict[str, Figures] = {}


def _figures(content: Content, name: str) -> Figures:
    if name not in _READ:
        _READ[name] = _judged(content, name)
    return _READ[name]


def _judged(content: Content, name: str) -> Figures:
    return judged(
        (message, understand(content, message["text"], prev=message.get("prev")))
        for message in messages(name)
    )


@pytest.mark.parametrize("name", ["sample.yaml", "fresh.yaml"])
def test_most_messages_are_answered_rightly_and_few_wrongly(
    content: Content, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = _figures(content, name)
    with capsys.disabled():
        sys.stdout.write(f"\n{name}: {figures}\n")
    assert figures.wrong / (figures.in_scope + figures.beyond) <= 0.03
    assert figures.held / figures.beyond >= 0.97
    assert figures.one_tap / figures.in_scope >= 0.93
    assert figures.outright / figures.in_scope >= 0.75
    assert figures.entity_f1 >= 0.96


def test_strangers_are_understood_nearly_as_well(
    content: Content, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = _figures(content, "strangers.yaml")
    with capsys.disabled():
        sys.stdout.write(f"\nstrangers.yaml: {figures}\n")
    assert figures.wrong / (figures.in_scope + figures.beyond) <= 0.02
    assert figures.held / figures.beyond >= 0.98
    assert figures.one_tap / figures.in_scope >= 0.96
    assert figures.outright / figures.in_scope >= 0.90
    assert figures.entity_f1 >= 0.96


@pytest.mark.parametrize("name", ["sample.yaml", "fresh.yaml", "strangers.yaml"])
def test_nothing_is_erased_or_stopped_by_mistake(content: Content, name: str) -> None:
    assert _figures(content, name).destroyed == []
