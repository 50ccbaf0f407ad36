"""A database as the version before wrote it, with its names of classes and fields: its dialogs,
errands, messages and nudges go on.

`version_before.sql` was written by that version: three people on Slack, one within the points test
and with a step done, one subscribed who sent a message to everyone, one whose profile's zone is
still to be looked up. The process died there.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.dialogues.test_dialogues import CONTENT_STORE, staged
from tests.faces import FACES

ROWS = Path(__file__).parent / "version_before.sql"
AFTER = {"at": "2026-11-23T22:04+00:00", "admins": ["slack:T1/Ubob"]}


@pytest.fixture
async def stage(tmp_path):
    database = tmp_path / "old.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(ROWS.read_text(encoding="utf-8"))
    async with staged(AFTER, FACES["slack"](CONTENT_STORE.content), database) as stage:
        yield stage


def told(seen, user):
    return "\n".join(one.words for one in seen if one.user == user)


def test_the_rows_hold_names_that_are_no_longer_ours():
    text = ROWS.read_text(encoding="utf-8")
    assert '"whispers":true' in text
    assert '"nod":false' in text


async def test_an_open_dialog_goes_on_with_its_answers(stage):
    said = told(await stage.play({"as": "ada", "say": "ielts 7"}), "ada")
    assert "English Proficient (IELTS 7)." in said
    assert "skilled work outside Australia" in said
    so_far = told(await stage.play({"say": "so far"}), "ada")
    assert "So far 35 points" in so_far, "25 for the age that was said before, 10 for English"


async def test_what_was_done_of_a_plan_is_done(stage):
    assert "You are at step 2" in told(await stage.play({"as": "ada", "say": "plan"}), "ada")


async def test_a_message_to_everyone_goes_out(stage):
    seen = await stage.play({"wait": "1m"})
    assert "The figures of June are in." in told(seen, "ada")
    assert "The figures of June are in." in told(seen, "bob")


async def test_an_errand_is_carried_out(stage):
    await stage.engine.resume()
    await stage.engine.pending_effects()
    seen = await stage.play({"wait": "1m"})
    assert "In which city are you?" in told(seen, "carol")
    (sydney,) = {one.buttons["Sydney"] for one in seen if "Sydney" in one.buttons}
    assert "fri 18:00" in sydney, "the day and the time that were said then"


async def test_nudges_come_when_they_are_due(stage):
    await stage.play({"wait": "1m"})
    assert "Your weekly nudge (Tuesdays 8:00 am)" in told(await stage.play({"wait": "3h"}), "bob")
    assert told(await stage.play({"wait": "5d"}), "ada") == ""
    assert "step 2" in told(await stage.play({"wait": "2d"}), "ada")
