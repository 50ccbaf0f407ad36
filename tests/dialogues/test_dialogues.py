"""Dialogues as data: what a person says, what must and must not come back, on every face.

Each file under this folder is a list of dialogues. A turn has one of `say`, `press`, `wait`, `as`,
`locate`; its replies must hold every string of `expect` and every label of `taps`, and none of
`never`. A `wait` that claims nothing claims silence; anything else must claim something. White
space does not count.
"""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from adapters.calendar_feed import PATH
from adapters.clock import VirtualClock
from adapters.storage.sql.schema import migrate
from adapters.storage.store import open_store
from bot.core.events import Reading
from bot.runtime.content_store import ContentStore
from bot.runtime.delivery import Delivery
from bot.runtime.engine import Engine
from bot.runtime.metrics import Metrics
from bot.runtime.timeline import Timeline
from bot.runtime.turn_decider import TurnDecider
from bot.runtime.wiring import reader
from content.content import Content
from tests.faces import FACES, Face, Seen

CONTENT_STORE = ContentStore()
OF_A_DIALOGUE = {"name", "at", "faces", "admins", "public_url", "turns"}
CLAIMS = {"expect", "never", "taps"}
OF_A_TURN = {"say", "press", "wait", "as", "locate", *CLAIMS}
DIALOGUES = [
    (path.stem, dialogue)
    for path in sorted(Path(__file__).parent.glob("*.yaml"))
    for dialogue in yaml.safe_load(path.read_text(encoding="utf-8")) or []
]
ON_A_FACE = [
    pytest.param(dialogue, face, id=f"{file}: {dialogue['name']} ({face})")
    for file, dialogue in DIALOGUES
    for face in FACES
    if face in dialogue.get("faces", FACES)
]
_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}


@pytest.fixture(scope="session")
def blank(tmp_path_factory):
    """A migrated, empty database to copy."""
    path = tmp_path_factory.mktemp("blank") / "blank.db"
    migrate(f"sqlite:///{path}")
    return path


def _read(content: Content, text: str) -> Reading | None:
    """A text as it is read before any face or context comes in: once for all faces."""
    assert content is CONTENT_STORE.content
    return _read_once(text)


@cache
def _read_once(text: str) -> Reading | None:
    return reader(CONTENT_STORE.content, text)


@dataclass
class Stage:
    """One dialogue being played."""

    face: Face
    engine: Engine
    timeline: Timeline
    buttons: dict[str, dict[str, str]]
    user: str = "ada"

    async def play(self, turn: dict[str, Any]) -> list[Seen]:
        now = self.timeline.now()
        if "as" in turn:
            self.user = turn["as"]
        if "say" in turn:
            await self._take(self.face.said(turn["say"], self.user, now))
        elif "press" in turn:
            await self._take(self.face.pressed(self._button(turn["press"]), self.user, now))
        elif "locate" in turn:
            await self._take(self.face.located(turn["locate"], self.user, now))
        elif "wait" in turn:
            number, unit = int(turn["wait"][:-1]), turn["wait"][-1]
            await self.timeline.advance(now + number * _UNITS[unit])
        seen = [self.face.seen(message) for message in self.face.sent]
        self.face.sent.clear()
        for one in seen:
            self.buttons.setdefault(one.user, {}).update(one.buttons)
        return seen

    async def _take(self, event: Any) -> None:
        await self.engine.take(event)
        await self.engine.pending_effects()
        await self.timeline.settle()

    def _button(self, label: str) -> str:
        offered = self.buttons.get(self.user, {})
        assert label in offered, f"no button {label!r}; there are {sorted(offered)}"
        return offered[label]


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _check(turn: dict[str, Any], seen: list[Seen]) -> None:
    words = _squeezed("\n".join(one.words for one in seen))
    labels = [label for one in seen for label in one.buttons]
    said = {key: turn[key] for key in ("say", "press", "wait", "locate", "as") if key in turn}
    if "wait" in turn and not turn.keys() & CLAIMS:
        assert not seen, f"{said}: not silent:\n{words}"
    for wanted in turn.get("expect", []):
        assert _squeezed(wanted) in words, f"{said}: {wanted!r} is not in:\n{words}\n{labels}"
    for unwanted in turn.get("never", []):
        assert _squeezed(unwanted).lower() not in words.lower(), (
            f"{said}: {unwanted!r} is in:\n{words}"
        )
    for label in turn.get("taps", []):
        assert label in labels, f"{said}: no tap {label!r} among {labels}"


@pytest.mark.parametrize(("file", "dialogue"), DIALOGUES)
def test_a_dialogue_says_nothing_that_is_not_looked_at(file, dialogue):
    """A misspelt `expect` would claim nothing; a face that does not exist would never be played."""
    assert dialogue.keys() <= OF_A_DIALOGUE, f"{file}: {dialogue.keys() - OF_A_DIALOGUE}"
    assert set(dialogue.get("faces", ())) <= set(FACES), f"{file}: {dialogue['faces']}"
    for turn in dialogue["turns"]:
        assert turn.keys() <= OF_A_TURN, f"{file}: {turn}"
        assert turn.keys() & {"wait", *CLAIMS}, f"{file}: a turn that claims nothing: {turn}"


@asynccontextmanager
async def staged(dialogue: dict[str, Any], face: Face, database: Path) -> AsyncIterator[Stage]:
    """A stage for this dialogue: a bot of its own on this database, at the dialogue's hour."""
    start = datetime.fromisoformat(dialogue.get("at", "2026-11-24T09:00+11:00")).astimezone(UTC)
    clock = VirtualClock(start)
    store = await open_store(f"sqlite:///{database}", real_time=False)
    try:
        messengers, metrics = {face.surface.name: face}, Metrics()
        base = dialogue.get("public_url", "")
        decider = TurnDecider(
            CONTENT_STORE,
            messengers,
            frozenset(dialogue.get("admins", [])),
            feeds=f"{base}{PATH}" if base else "",
        )
        delivery = Delivery(
            store=store, clock=clock, messengers=messengers, decider=decider, metrics=metrics
        )
        engine = Engine(
            decider=decider,
            store=store,
            clock=clock,
            delivery=delivery,
            read=_read,
            metrics=metrics,
        )
        timeline = Timeline(store=store, delivery=delivery, clock=clock)
        yield Stage(face=face, engine=engine, timeline=timeline, buttons={})
    finally:
        await store.close()


@pytest.mark.parametrize(("dialogue", "face_name"), ON_A_FACE)
async def test_a_dialogue_goes_as_written(dialogue, face_name, blank, tmp_path):
    database = tmp_path / "dialogue.db"
    shutil.copy(blank, database)
    async with staged(dialogue, FACES[face_name](CONTENT_STORE.content), database) as stage:
        for turn in dialogue["turns"]:
            _check(turn, await stage.play(turn))
