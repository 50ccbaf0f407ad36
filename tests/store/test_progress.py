"""A long work tells how far it is, and a bar is shown on a terminal only."""

import asyncio
import io
import sqlite3
import sys
from contextlib import contextmanager, suppress
from dataclasses import replace

from adapters.storage.maintenance import backup as maintenance
from adapters.storage.sql.schema import migrate
from adapters.storage.store import open_store
from bot.core.ports import StoreGone
from bot.core.reply import Reply, paragraph
from bot.core.turn import Broadcast, Turn
from bot.runtime.broadcasts import follow
from bot.tools.progress import progress
from bot.understanding.training.epochs import watched
from tests.store.scripted_decider import Script, chat, effecting, said


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


def test_an_epoch_has_a_bar_on_terminals_only(monkeypatch):
    for is_terminal in (False, True):
        screen = io.StringIO()
        screen.isatty = lambda is_terminal=is_terminal: is_terminal
        monkeypatch.setattr(sys, "stderr", screen)
        assert list(watched([1, 2, 3], 4)) == [1, 2, 3]
        assert ("epoch 4" in screen.getvalue()) == is_terminal


async def test_a_message_to_everyone_is_followed_until_it_is_sent_and_the_next_one_too():
    answers, told, bars = [0, 5, 3, StoreGone("away"), 1, 0, 0, 2, 0], [], []

    async def left():
        if not answers:
            raise asyncio.CancelledError
        found = answers.pop(0)
        if isinstance(found, StoreGone):
            raise found
        return found

    @contextmanager
    def bar(what):
        bars.append(what)
        yield lambda *far: told.append(far)

    with suppress(asyncio.CancelledError):
        await follow(left, bar, pause=0)
    assert told == [(0, 5), (2, 5), (2, 5), (4, 5), (0, 2)]
    assert len(bars) == 2


def reachable(state, event):
    return Turn(state=replace(state, person=replace(state.person, nudges_to=event.chat)))


async def test_what_is_left_of_a_message_to_everyone_is_counted(tmp_path):
    store = await open_store(f"sqlite:///{tmp_path}/a.db", real_time=False)
    everybody = Broadcast(reply=Reply(blocks=(paragraph("News"),)), audit="test")
    script = Script(hello=reachable, everybody=effecting(everybody))
    try:
        for user in ("ada", "bob"):
            await store.turn(said("hello", user, where=chat(user)), script, room=0)
        assert await store.broadcast_left() == 0
        await store.turn(said("everybody", "ada", where=chat("ada")), script, room=0)
        assert await store.broadcast_left() == 2
    finally:
        await store.close()
