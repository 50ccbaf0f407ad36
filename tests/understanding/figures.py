"""The figures by which understanding is judged,
over labelled messages in the form of sample.yaml.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.core.events import Reading

HERE = Path(__file__).parent
MOMENTS = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))
ABBREVIATIONS = {"ACST": {"Australia/Darwin", "Australia/Adelaide"}}


def messages(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))[
        "utterances"
    ]
    return found


@dataclass
class Figures:
    in_scope: int = 0
    beyond: int = 0
    outright: int = 0
    one_tap: int = 0
    wrong: int = 0
    held: int = 0
    destroyed: list[str] = field(default_factory=list)
    found: int = 0
    spurious: int = 0
    missed: int = 0

    @property
    def entity_f1(self) -> float:
        return 2 * self.found / (2 * self.found + self.spurious + self.missed)

    def __str__(self) -> str:
        return (
            f"{self.in_scope + self.beyond} messages: answered outright {self.outright / self.in_scope:.3f}, "
            f"right within one tap {self.one_tap / self.in_scope:.3f}, wrong {self.wrong / (self.in_scope + self.beyond):.3f}, "
            f"out of scope held {self.held / self.beyond:.3f}, entity F1 {self.entity_f1:.3f}"
        )


DESTRUCTIVE = {"privacy_delete", "unsubscribe"}


def judged(pairs: Iterable[tuple[dict[str, Any], Reading]]) -> Figures:
    figures = Figures()
    for message, reading in pairs:
        gold = {message["intent"], *message.get("also", ())}
        answered = reading.action == "answer"
        right = answered and reading.intent in gold
        if answered and not right:
            figures.wrong += 1
            if reading.intent in DESTRUCTIVE:
                figures.destroyed.append(message["id"])
        if message["intent"] == "out_of_scope":
            figures.beyond += 1
            figures.held += not answered or right
        else:
            figures.in_scope += 1
            figures.outright += right
            figures.one_tap += right or (
                reading.action == "clarify" and bool(gold & set(reading.candidates))
            )
        _entities(figures, message["entities"], reading.entities)
    return figures


def _entities(figures: Figures, wanted: Mapping[str, Any], stated: Mapping[str, Any]) -> None:
    for key, value in wanted.items():
        if value == "*":
            continue
        if key in stated and same(key, stated[key], value):
            figures.found += 1
        else:
            figures.missed += 1
            figures.spurious += key in stated
    figures.spurious += len(stated.keys() - wanted.keys())


def same(key: str, stated: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return any(same(key, stated, one) for one in wanted["any"])
    if key == "zone":
        return _same_clock(stated, wanted)
    if isinstance(wanted, list):
        return sorted(map(str, wanted)) == sorted(
            map(str, stated if isinstance(stated, list) else [stated])
        )
    return bool(stated == wanted)


def _same_clock(stated: str, wanted: str) -> bool:
    if stated == wanted or stated in ABBREVIATIONS.get(wanted, ()):
        return True
    try:
        return all(
            moment.astimezone(ZoneInfo(stated)).utcoffset()
            == moment.astimezone(ZoneInfo(wanted)).utcoffset()
            for moment in MOMENTS
        )
    except (KeyError, ValueError):
        return False
