"""A migrated database to copy, and pauses short enough for a test."""

import shutil
from pathlib import Path

import pytest

from adapters.slack.transport import Slack
from adapters.storage.outbox import outbox
from adapters.storage.sql import database
from adapters.telegram import polling
from bot.runtime import delivery


@pytest.fixture
def file(blank_sqlite: Path, tmp_path: Path) -> Path:
    """The database's file."""
    return Path(shutil.copy(blank_sqlite, tmp_path / "bot.db"))


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same reactions as always, a few hundred milliseconds
    after the fault instead of seconds.
    """
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(delivery, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr(outbox, "BACKOFF", outbox.BACKOFF / 20)
    monkeypatch.setattr(polling, "LONGEST_PAUSE", 0.2)
    monkeypatch.setattr(polling, "PATIENCE_SECONDS", 0.1)
    monkeypatch.setitem(Slack.__init__.__kwdefaults__, "ping_seconds", 0.2)
