"""A typed text with everything that reading it may look at, and what a reader of it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.core.command_line import Line
from bot.core.events import Event, Reading, Said
from bot.core.interpretation import Interpretation
from bot.core.request import Request
from bot.core.state import State
from bot.core.turn import Turn
from bot.features import nudges
from bot.features.questionnaires import noting
from bot.features.questionnaires.statements import Statement
from bot.understanding.acts import Utterance
from content.content import Content

Run = Callable[[Line, Reading | None], Turn]
"""Answer with a command."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A typed text with everything that reading it may look at."""

    content: Content
    state: State
    event: Event
    said: Said
    utterance: Utterance
    run: Run

    @property
    def text(self) -> str:
        return self.said.text

    @property
    def reading(self) -> Reading | None:
        return self.said.reading

    def request(self, command: str = "help", words: str = "") -> Request:
        return Request(
            content=self.content,
            state=self.state,
            event=self.event,
            command=command,
            words=words,
        )

    @cached_property
    def facts(self) -> Statement:
        """What the text states of its speaker."""
        return noting.facts_in(self.request(), self.utterance)

    @property
    def words(self) -> Request:
        """The text as the words of a request."""
        return self.request(nudges.DIALOG, self.text)


Interpreter = Callable[[Heard], Iterator[Interpretation]]
