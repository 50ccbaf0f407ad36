"""A talk with `step` alone: no database, no platform.

`talk("salary senior").words` is what a terminal would show.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from adapters.console.render import choices, text
from bot.conversation.step import step
from bot.core.events import Account, Chat, Event, Reading, Said, Surface
from bot.core.reply import Reply
from bot.core.state import Person, State
from bot.core.turn import Turn
from content.content import Content
from content.library import load

NOON = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """The last of the turns."""

    turn: Turn

    @property
    def reply(self) -> Reply:
        return self.turn.replies[-1]

    @property
    def words(self) -> str:
        return text(self.reply)

    @property
    def labels(self) -> tuple[str, ...]:
        return choices(self.reply)


Talk = Callable[..., Told]


@pytest.fixture(scope="session")
def content() -> Content:
    return load()


@pytest.fixture
def talk(content: Content) -> Talk:
    def said(
        *lines: str,
        at: datetime = NOON,
        knowing: Content = content,
        surface: Surface | None = None,
        reading: Reading | None = None,
    ) -> Told:
        state = State(person=Person(id=1))
        turn = Turn(state=state)
        for number, line in enumerate(lines):
            event = Event(
                key=str(number),
                at=at,
                account=Account(platform="console", user="ada"),
                chat=Chat(platform="console", id="ada"),
                surface=surface or Surface(name="Console"),
                body=Said(line, reading),
            )
            turn = step(knowing, turn.state, event)
        return Told(turn)

    return said
