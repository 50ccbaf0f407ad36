"""What reading one message costs, and how often it is read as it was meant: the tuned sample and a
set that nothing was tuned on.

What counts as right is tests/understanding/figures.py's to say.
"""

import argparse
import time
from collections.abc import Iterator

from bot.runtime.content_store import ContentStore
from bot.understanding import understand
from tests.bench.figures import Figure, percentile
from tests.understanding.figures import Figures, judged, messages

SETS = {"sample": "sample.yaml", "fresh set": "fresh.yaml"}


async def measure(options: argparse.Namespace) -> list[Figure]:
    content = ContentStore().content
    understand(content, "hello")  # loads the model
    figures: list[Figure] = []
    for name, file in SETS.items():
        given, read, took = messages(file), [], []
        for one in given:
            started = time.perf_counter()
            reading = understand(content, one["text"])
            took.append((time.perf_counter() - started) * 1000)
            read.append(
                understand(content, one["text"], prev=one["prev"]) if "prev" in one else reading
            )
        figures += [
            Figure(
                name=f"reading a message, {name} ({len(took)}), p50",
                value=percentile(took, 0.5),
                unit="ms",
            ),
            Figure(
                name=f"reading a message, {name}, p95",
                value=percentile(took, 0.95),
                unit="ms",
                aim="≤ 20",
            ),
            *_shares(name, judged(zip(given, read, strict=True))),
        ]
    return figures


def _shares(name: str, found: Figures) -> Iterator[Figure]:
    ours, beyond = (
        f"{name}, of {found.in_scope} in scope",
        f"{name}, of {found.beyond} out of scope",
    )
    yield Figure(
        name=f"{ours}: answered as meant at once",
        value=100 * found.outright / found.in_scope,
        unit="%",
    )
    yield Figure(
        name=f"{ours}: as meant at once or within one tap",
        value=100 * found.one_tap / found.in_scope,
        unit="%",
    )
    yield Figure(
        name=f"{beyond}: not answered as if in scope",
        value=100 * found.held / found.beyond,
        unit="%",
    )
    yield Figure(
        name=f"{name}, of all: answered something else",
        value=100 * found.wrong / (found.in_scope + found.beyond),
        unit="%",
    )
    yield Figure(name=f"{name}: values found in texts, F1", value=100 * found.entity_f1, unit="%")
