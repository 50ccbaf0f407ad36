"""The chat on a terminal with somebody at it: a line to edit, history, Tab, buttons by number, and
nudges that keep a half-typed line.

Leaving is the terminal's business: `quit` here ends the program and stops no reminder.
"""

import asyncio
from collections.abc import Iterable, Sequence

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.patch_stdout import patch_stdout
from rich.text import Text

from adapters.console import screen
from adapters.console.transport import Chat, Shown
from bot.tools.terminal import LEAVING, TICK_SECONDS
from content.content import Content

HINT = (
    "Ask in your own words. A number or letter taps a button, Tab completes, ↑ brings lines "
    "back; quit or Ctrl-D leaves."
)


class Known(Completer):
    """The buttons on the screen, and the names of commands."""

    def __init__(self, content: Content) -> None:
        self._commands = tuple(content.commands)
        self.buttons: tuple[str, ...] = ()

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 -- the library's signature
    ) -> Iterable[Completion]:
        typed = document.text_before_cursor
        for name in (*self.buttons, *self._commands, *sorted(LEAVING)):
            if name.lower().startswith(typed.lower()):
                yield Completion(name, start_position=-len(typed))


class Conversation:
    """One person at one terminal.

    Lines and nudges take turns, so that neither shows the other's answer.
    """

    def __init__(self, chat: Chat, content: Content) -> None:
        self._chat = chat
        self._drawn = screen.terminal()
        self._known = Known(content)
        self._turn = asyncio.Lock()

    async def line(self, line: str) -> None:
        """Say a line, or tap the button that it names, and show what comes."""
        async with self._turn:
            self.show(await self._chat.line(self._meaning(line)))

    def _meaning(self, line: str) -> str:
        """The line as the console reads it: '2' is the second button on the screen,
        where there is one.
        """
        label = screen.marks(self._known.buttons).get(line.strip().lower())
        if label:
            return f":press {label}"
        return line

    def show(self, shown: Sequence[Shown]) -> None:
        """Print replies, each with room around it; the last one's
        buttons are those that can be tapped.
        """
        width = min(self._drawn.width, screen.WIDEST)
        for one in shown:
            drawn = screen.picture(one, width=width, user=self._chat.user)
            self._drawn.print()
            self._drawn.print(drawn, width=width)
            self._known.buttons = tuple(one.actions)
        self._drawn.print()

    async def _show_nudges(self) -> None:
        """While nobody types the clock goes on, and what falls due appears above the line."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            async with self._turn:
                if due := await self._chat.due():
                    self.show(due)

    async def _next_line(self, prompt: PromptSession[str]) -> str | None:
        """The next line; None when the person leaves."""
        try:
            with patch_stdout(raw=True):
                line = await prompt.prompt_async(f"{self._chat.user}> ")
        except (EOFError, KeyboardInterrupt):
            return None
        if line.strip().lower() in LEAVING:
            return None
        return line

    async def run(self) -> None:
        prompt: PromptSession[str] = PromptSession(
            completer=self._known, complete_while_typing=False
        )
        await self.line("start")
        self._drawn.print(Text(HINT, style="dim"))
        nudges = asyncio.create_task(self._show_nudges())
        try:
            while (line := await self._next_line(prompt)) is not None:
                if line.strip():
                    await self.line(line)
        finally:
            nudges.cancel()
