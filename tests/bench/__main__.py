"""`make bench`: every figure beside the bare library or rival design, measured in the same run on the same machine.

    make bench                      everything, small enough for two cores
    make bench ARGS="turns"         one group: turns, scheduler, kills, understanding, lengths, startup, faults, replicas
    make bench ARGS="scheduler --people 1000000 --herd 3000"
    make bench ARGS="kills --handshake 0.4"
    make bench ARGS="soak --minutes 30"

Prints one table, and writes it with machine and versions to bench.md and bench.json in the folder given by --out.
"""

import argparse
import asyncio
import json
import os
import platform
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path

os.environ.setdefault(
    "OPENBLAS_NUM_THREADS", "1"
)  # as bot.cli does; it must stand before anything loads numpy

from tests.bench import (
    faults,
    kills,
    lengths,
    replicas,
    scheduler,
    soak,
    startup,
    turns,
    understanding,
)
from tests.bench.figures import Figure, as_markdown

GROUPS = {
    "turns": turns.measure,
    "startup": startup.measure,
    "understanding": understanding.measure,
    "lengths": lengths.measure,
    "scheduler": scheduler.measure,
    "kills": kills.measure,
    "faults": faults.measure,
    "replicas": replicas.measure,
    "soak": soak.measure,
}
ORDINARY = (
    "turns",
    "startup",
    "understanding",
    "lengths",
    "scheduler",
    "kills",
    "faults",
    "replicas",
)
"""What runs when nobody names a group; a soak takes half an hour."""

LIBRARIES = ("python-telegram-bot", "slack-bolt", "apscheduler", "sqlalchemy", "pydantic")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "groups", nargs="*", metavar="GROUP", help=f"{', '.join(GROUPS)}; without any: all but soak"
    )
    parser.add_argument("--people", type=int, default=10_000, help="subscribers in the store")
    parser.add_argument(
        "--due",
        type=int,
        default=10_000,
        help="nudges due at one instant, booked and sent with the network answering at once",
    )
    parser.add_argument(
        "--herd",
        type=int,
        default=600,
        help="nudges due at one instant, sent at the pace that Telegram allows",
    )
    parser.add_argument("--messages", type=int, default=1_000, help="messages of a burst")
    parser.add_argument("--kills", type=int, default=100, help="kill -9s per store")
    parser.add_argument(
        "--handshake",
        type=float,
        default=0.0,
        help="seconds that a connection takes to open; the kills then come at any moment",
    )
    parser.add_argument(
        "--outage", type=float, default=30.0, help="seconds that a database or platform is gone"
    )
    parser.add_argument("--minutes", type=float, default=30.0, help="length of the soak")
    parser.add_argument("--out", type=Path, help="folder for bench.md and bench.json")
    options = parser.parse_args()
    if unknown := set(options.groups) - set(GROUPS):
        parser.error(f"no such group: {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    figures: list[Figure] = []
    try:
        for group in options.groups or ORDINARY:
            print(f"… {group}", file=sys.stderr, flush=True)
            figures += asyncio.run(GROUPS[group](options))
    finally:  # one group that fails does not take the others' figures with it
        _report(figures, options.out)


def _report(figures: list[Figure], out: Path | None) -> None:
    table = as_markdown(figures)
    print(table)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "bench.md").write_text(f"{_machine()}\n\n{table}\n", encoding="utf-8")
        rows = {"machine": _machine(), "figures": [figure.as_json() for figure in figures]}
        (out / "bench.json").write_text(
            json.dumps(rows, indent=2, ensure_ascii=False), encoding="utf-8"
        )


def _machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    cores = f"{os.cpu_count()} cores, load average at the end {load}"
    return f"{platform.machine()}, {cores}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}"


if __name__ == "__main__":
    main()
