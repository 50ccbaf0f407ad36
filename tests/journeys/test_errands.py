"""What a turn leaves to be looked up after its commit is not lost by a kill:
whoever waits for the answer gets it, once.
"""

import asyncio
import sqlite3

from tests.process import bot
from tests.running_bot import until
from tests.servers.slack import Hold, SlackServer


async def test_a_kill_between_a_commit_and_its_look_up_costs_nobody_the_answer(tmp_path):
    file = tmp_path / "errands.db"
    async with SlackServer() as slack:
        settings = {**slack.environment, "DATABASE_URL": f"sqlite:///{file}"}
        async with bot(tmp_path, **settings) as process:
            await slack.until(lambda: slack.live, seconds=30)
            slack.fail("users.info", Hold(asyncio.Event()))
            assert (await slack.message("subscribe monday 8am", user="U1", channel="D1")).ok
            await until(lambda: open_errands(file))
            await process.kill()
        assert not slack.shown
        due_at_once(file)
        async with bot(tmp_path, **settings) as process:
            await slack.until(lambda: slack.shown, seconds=30)
            assert not await open_errands(file)
            assert await process.stop() == 0
    assert [shown.channel for shown in slack.shown] == ["D1"]
    assert "Monday" in slack.shown[0].text


async def open_errands(file) -> int:
    with sqlite3.connect(file, timeout=10) as database:
        (count,) = database.execute("SELECT count(*) FROM errands").fetchone()
    database.close()
    return count


def due_at_once(file) -> None:
    """Without waiting for as long as the dead process might have taken."""
    with sqlite3.connect(file, timeout=10) as database:
        database.execute("UPDATE errands SET not_before = 0")
    database.close()
