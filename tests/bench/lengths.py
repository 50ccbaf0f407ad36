"""How long the answers of all dialogues under tests are, on Telegram with everything unfolded.

A phone shows 25 lines of 42 characters. Files are kept, not read, and are left out; so are
breakdowns that a turn asked for by tap.
"""

import argparse
import asyncio
import shutil
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.storage.sql.schema import migrate
from bot.core.messages import Message
from tests.bench.figures import Figure, percentile
from tests.dialogues.test_dialogues import CONTENT_STORE, DIALOGUES, staged
from tests.faces import Seen, TelegramFace

COLUMNS, LINES, CHARACTERS = 42, 25, 900


class _WithoutFiles(TelegramFace):
    def seen(self, message: Message) -> Seen:
        payload = {key: value for key, value in message.payload.items() if key != "file"}
        return super().seen(replace(message, payload=payload))


async def measure(options: argparse.Namespace) -> list[Figure]:
    typed: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        blank, database = Path(folder) / "blank.db", Path(folder) / "dialogue.db"
        await asyncio.to_thread(migrate, f"sqlite:///{blank}")
        for _, dialogue in DIALOGUES:
            if "telegram" in dialogue.get("faces", ["telegram"]):
                shutil.copy(blank, database)
                typed += await _answers(dialogue, database)
    return list(_figures(typed))


async def _answers(dialogue: dict[str, Any], database: Path) -> list[str]:
    """What each typed line of the dialogue brought."""
    said = []
    async with staged(dialogue, _WithoutFiles(CONTENT_STORE.content), database) as stage:
        for turn in dialogue["turns"]:
            words = "\n".join(one.words.strip() for one in await stage.play(turn))
            if "say" in turn and words.strip():
                said.append(words)
    return said


def _figures(answers: list[str]) -> Iterator[Figure]:
    lengths = [float(len(words)) for words in answers]
    lines = [_lines(words) for words in answers]
    name = f"typed answers ({len(answers)}), Telegram unfolded"
    yield Figure(name=f"{name}: p50", value=percentile(lengths, 0.5), unit="chars", aim="≤ 350")
    yield Figure(name=f"{name}: p95", value=percentile(lengths, 0.95), unit="chars", aim="≤ 900")
    yield Figure(
        name=f"{name}: over {CHARACTERS} characters",
        value=100 * sum(length > CHARACTERS for length in lengths) / len(lengths),
        unit="%",
        aim="≤ 5",
    )
    yield Figure(
        name=f"{name}: over {LINES} lines of {COLUMNS}",
        value=100 * sum(count > LINES for count in lines) / len(lines),
        unit="%",
        aim="≤ 5",
    )


def _lines(words: str) -> int:
    """Lines of a phone; the blank ones between paragraphs are not counted."""
    rows = [row for row in words.split("\n") if row.strip()]
    return sum(max(1, len(textwrap.wrap(row, COLUMNS))) for row in rows)
