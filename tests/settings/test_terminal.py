"""The chat as somebody at a terminal sees it: a real pseudo-terminal, keys typed into it,
what is drawn read back.
"""

import fcntl
import io
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from rich.console import Console

from adapters.console import render, screen, styled
from adapters.console.transport import Shown
from bot.core.reply import Choices, Paragraph, Reply, Strong, Table, Tap
from bot.core.reply import Text as Words
from bot.tools.prompt import Known
from bot.tools.terminal import LEAVING
from content.library import load

ROOT = Path(__file__).parents[2]
CHAT = [sys.executable, "-m", "bot.cli", "chat"]
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[@-_])")


class Terminal:
    """`pivotbot chat` behind a pseudo-terminal."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._master, slave = pty.openpty()

        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 100, 0, 0))
        self.process = subprocess.Popen(
            [*CHAT, "--database", f"sqlite:///{folder}/chat.db"],
            cwd=folder,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **environment},
        )
        os.close(slave)
        self.raw = ""

    def until(self, words: str, *, seconds: float = 60) -> str:
        """Everything drawn since the last call, once it holds `words`."""
        end = time.monotonic() + seconds
        while words not in self.seen and time.monotonic() < end:
            if select.select([self._master], [], [], 0.2)[0]:
                self.raw += os.read(self._master, 65536).decode(errors="replace")
                if "\x1b[6n" in self.raw:  # where is the cursor?
                    self.raw = self.raw.replace("\x1b[6n", "")
                    os.write(self._master, b"\x1b[1;1R")
        assert words in self.seen, self.seen
        seen, self.raw = self.seen, ""
        return seen

    @property
    def seen(self) -> str:
        return " ".join(_ESCAPES.sub("", self.raw).split())

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def ends(self) -> int:
        """The exit code, once everything that is still drawn has been read."""
        with suppress(OSError):
            while self.process.poll() is None or select.select([self._master], [], [], 0)[0]:
                if select.select([self._master], [], [], 0.2)[0]:
                    os.read(self._master, 65536)
        return self.process.wait(timeout=60)


def test_numbers_tap_and_leaving_ends_the_program_and_no_reminder(tmp_path):
    terminal = Terminal(tmp_path)
    assert "1 Pay" in terminal.until("leaves. you>")
    terminal.type("1\r")
    terminal.until("$160,000")
    terminal.until("you>")
    terminal.type("subscribe monday 8am sydney\r")
    terminal.until("Every Monday at 8:00 am in Sydney")
    terminal.until("you>")
    terminal.type("quit\r")
    assert terminal.ends() == 0
    told = subprocess.run(
        [*CHAT, "--database", f"sqlite:///{tmp_path}/chat.db"],
        input="reminders\n",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Mondays 8:00 am" in told.stdout


def test_tab_completes_the_buttons_on_the_screen_and_commands():
    known = Known(load())
    known.buttons = ("Salaries by level",)
    found = known.get_completions(Document("sal"), CompleteEvent())
    assert [one.text for one in found] == ["Salaries by level", "salary"]


def test_the_words_that_leave_a_terminal_are_said_on_a_pipe(tmp_path):
    assert {"quit", "exit", ":q"} <= LEAVING
    told = subprocess.run(
        CHAT,
        input="exit\nquit\nsalary senior\n",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "$160,000" in told.stdout


def shown(reply: Reply) -> Shown:
    offered = {
        tap.label: tap.action for block in reply.blocks for tap in getattr(block, "choices", ())
    }
    return Shown(
        user="you",
        text=render.text(reply),
        labels=render.choices(reply),
        buttons="",
        actions=offered,
        pictures=(),
        files=(),
        parts=tuple(styled.parts(reply)),
    )


def drawn(reply: Reply, width: int) -> list[str]:
    console = Console(width=width, file=io.StringIO(), record=True)
    console.print(screen.picture(shown(reply), width=width, user="you"), width=width)
    return [line.rstrip() for line in console.export_text().splitlines()]


TABLE = Table(
    "Pay, AUD a year",
    ("Level", "Estimate"),
    (("Senior", "$160,000 – $210,000"), ("Junior", "$90,000")),
)
REPLY = Reply(
    blocks=(
        Paragraph(
            (
                Strong("Senior: $160,000 a year"),
                Words(" on a page that says so in a long sentence."),
            )
        ),
        TABLE,
        Choices(
            (
                Tap("Architect / lead", "a"),
                Tap("Where do I stand?", "b"),
                Tap("Compare levels", "c"),
            )
        ),
    )
)


@pytest.mark.parametrize("width", [24, 46, 100])
def test_nothing_is_wider_than_the_terminal_and_no_button_is_cut(width):
    lines = drawn(REPLY, width)
    assert all(len(line) <= width for line in lines)
    for button in ("1 Architect / lead", "2 Where do I stand?", "3 Compare levels"):
        assert any(button in line for line in lines)


def test_a_table_that_does_not_fit_is_a_list():
    assert "Level" in "\n".join(drawn(REPLY, 46))
    assert "  Estimate: $90,000" in drawn(REPLY, 24)


def test_buttons_have_letters_where_a_number_may_be_an_answer():
    assert screen.marks(("Pay", "Visas")) == {"1": "Pay", "2": "Visas"}
    assert screen.marks(("18–24", "Cancel")) == {"a": "18–24", "b": "Cancel"}


def test_the_figure_is_bold_and_colours_go_with_no_color(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    console = Console(force_terminal=True, width=60)
    with console.capture() as capture:
        console.print(screen.picture(shown(REPLY), width=60, user="you"))
    assert "\x1b[1mSenior: $160,000 a year\x1b[0m" in capture.get()
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", capture.get())
