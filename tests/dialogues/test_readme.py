"""The conversation that the README shows is the one that the program has."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHOWN_AT = "2026-11-23T18:30+10:00"
LEFT_OUT = "…"
"""Alone on a line: one or more lines. At a line's end: the rest of it, and whole lines after it."""


def _exchanges() -> list[tuple[str, str]]:
    """What was typed, and what is shown of the answer."""
    transcript = re.search(
        r"```text\n(.+?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert transcript is not None
    parts = (part.partition("\n") for part in transcript[1].strip().split("\n\n"))
    return [(typed.removeprefix("> "), shown) for typed, _, shown in parts]


def _answers(typed: list[str]) -> list[str]:
    said = subprocess.run(
        (sys.executable, "-m", "bot.cli", "chat", "--at", SHOWN_AT),
        input="".join(f"{line}\n" for line in typed),
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        | {"PYTHONUTF8": "1"},
        check=True,
        timeout=60,
    )
    return said.stdout.strip().split("\n\n")


def test_the_readme_shows_what_the_program_says_and_marks_what_it_leaves_out():
    exchanges = _exchanges()
    assert len(exchanges) >= 6
    answers = _answers([typed for typed, _ in exchanges])
    assert len(answers) == len(exchanges)
    for (typed, shown), answer in zip(exchanges, answers, strict=True):
        pattern = ".*".join(re.escape(part) for part in shown.split(LEFT_OUT))
        assert re.fullmatch(pattern, answer, re.DOTALL), (
            f"{typed}: the README shows\n{shown}\n\nthe program says\n{answer}"
        )
