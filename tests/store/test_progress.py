"""A long work tells how far it is, and a bar is shown on a terminal only."""

import io
import sqlite3
import sys

from adapters.storage.maintenance import backup as maintenance
from adapters.storage.sql.schema import migrate
from bot.tools.progress import progress


def filled(path, rows):
    url = f"sqlite:///{path}"
    migrate(url)
    database = sqlite3.connect(path)
    with database:
        database.executemany(
            "INSERT INTO seen_events (key, at) VALUES (?, 1)", [(str(row),) for row in range(rows)]
        )
    database.close()
    return url


def test_a_backup_and_its_restoring_tell_how_far_they_are(tmp_path):
    source, told, back = filled(tmp_path / "a.db", 2500), [], []
    maintenance.backup(source, tmp_path / "all.jsonl", lambda *far: told.append(far))
    assert [done for done, _ in told] == [1000, 2000]
    assert all(total >= 2500 for _, total in told)
    target = f"sqlite:///{tmp_path}/b.db"
    maintenance.restore(target, tmp_path / "all.jsonl", lambda *far: back.append(far))
    assert back[-1][0] >= 2500


def test_a_bar_is_for_terminals(monkeypatch):
    for is_terminal in (False, True):
        screen = io.StringIO()
        screen.isatty = lambda is_terminal=is_terminal: is_terminal
        monkeypatch.setattr(sys, "stderr", screen)
        with progress("rows written") as told:
            told(500, 1000)
        assert ("rows written" in screen.getvalue()) == is_terminal
