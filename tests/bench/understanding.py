"""What reading one message costs, and how often it is read as it was meant: the tuned sample and a set that nothing was tuned on.

The sample's rules of labelling stand at its head; `also` names intents that a fair reader would accept, and so do we.
"""

import argparse
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from bot.engine import Shelf
from bot.events import Reading
from bot.understanding import understand
from tests.bench.figures import Figure, percentile

SETS = {"sample": "sample.yaml", "fresh set": "fresh.yaml"}
FOLDER = Path(__file__).parent.parent / "understanding"
OUT = "out_of_scope"

Read = list[tuple[Mapping[str, object], Reading]]


async def measure(options: argparse.Namespace) -> list[Figure]:
    content = Shelf().content
    understand(content, "hello")  # loads the model
    figures: list[Figure] = []
    for name, file in SETS.items():
        read: Read = []
        took: list[float] = []
        for one in yaml.safe_load((FOLDER / file).read_text(encoding="utf-8"))["utterances"]:
            started = time.perf_counter()
            reading = understand(content, one["text"])
            took.append((time.perf_counter() - started) * 1000)
            read.append((one, understand(content, one["text"], prev=one["prev"]) if "prev" in one else reading))
        figures += [
            Figure(name=f"reading a message, {name} ({len(took)}), p50", value=percentile(took, 0.5), unit="ms"),
            Figure(name=f"reading a message, {name}, p95", value=percentile(took, 0.95), unit="ms", aim="≤ 20"),
            *_shares(name, read),
        ]
    return figures


def _shares(name: str, read: Read) -> Iterator[Figure]:
    ours = [(one, reading) for one, reading in read if one["intent"] != OUT]
    theirs = [(one, reading) for one, reading in read if one["intent"] == OUT]
    answered = sum(reading.action == "answer" and reading.intent in _meant(one) for one, reading in ours)
    one_tap = sum(reading.action == "clarify" and bool(_meant(one) & set(reading.candidates)) for one, reading in ours)
    wrong = sum(reading.action == "answer" and reading.intent not in _meant(one) for one, reading in ours)
    accepted = sum(reading.action == "answer" and reading.intent not in _meant(one) for one, reading in theirs)
    in_scope, out_of_scope = f"{name}, of {len(ours)} in scope", f"{name}, of {len(theirs)} out of scope"
    yield Figure(name=f"{in_scope}: answered as meant", value=100 * answered / len(ours), unit="%")
    yield Figure(name=f"{in_scope}: as meant at once or within one tap", value=100 * (answered + one_tap) / len(ours), unit="%")
    yield Figure(name=f"{in_scope}: answered something else", value=100 * wrong / len(ours), unit="%")
    yield Figure(name=f"{out_of_scope}: answered all the same", value=100 * accepted / len(theirs), unit="%")


def _meant(one: Mapping[str, object]) -> set[str]:
    also = one.get("also", ())
    assert isinstance(also, list | tuple)
    return {str(one["intent"]), *map(str, also)}
