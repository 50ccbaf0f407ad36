"""A talk with `step` alone, and a copy of the content that a test may add files to."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.console.render import text
from bot.conversation.step import step
from bot.core.events import Account, Chat, Event, Said, Surface
from bot.core.state import Person, State
from bot.core.turn import Turn
from content.content import Content
from content.library import folder_shipped, load

TODAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def content() -> Content:
    return load()


@pytest.fixture
def turn_of(content: Content) -> Callable[..., Turn]:
    """The turn that answers the last of these lines."""

    def said(*lines: str, at: datetime = TODAY, knowing: Content | None = None) -> Turn:
        turn = Turn(state=State(person=Person(id=1)))
        for number, line in enumerate(lines):
            event = Event(
                key=str(number),
                at=at,
                account=Account(platform="console", user="ada"),
                chat=Chat(platform="console", id="ada"),
                surface=Surface(name="Console"),
                body=Said(line),
            )
            turn = step(knowing or content, turn.state, event)
        return turn

    return said


@pytest.fixture
def ask(turn_of) -> Callable[..., str]:
    """What a terminal shows for the last of these lines."""

    def asked(*lines: str, at: datetime = TODAY, knowing: Content | None = None) -> str:
        return "\n".join(text(reply) for reply in turn_of(*lines, at=at, knowing=knowing).replies)

    return asked


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    """The shipped content, copied, to add to."""
    folder = tmp_path / "content"
    shutil.copytree(folder_shipped(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder
