"""Who is taken for dead on PostgreSQL: nobody who lost a connection, or whose server was away;
whoever is gone, soon.
"""

import pytest
import sqlalchemy as sa

from adapters.storage.outbox.lease_holders import KEEP_SECONDS, SURE_SECONDS, ByServer
from adapters.storage.sql.database import Database

CUT = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class Two:
    """`one` lives, or dies; `other` looks at it. Time is the test's."""

    def __init__(self, database):
        self.database = database
        self.now = 100.0
        self.one = ByServer(database.url, lambda: self.now)
        self.other = ByServer(database.url, lambda: self.now)
        self.one.keep()

    def looks(self):
        with self.database.engine.connect() as connection:
            return self.other.is_dead(connection, self.one.name)

    def cut(self):
        """The server drops every connection but the one that says so."""
        with self.database.engine.connect() as connection:
            connection.execute(CUT)
            connection.commit()

    def live(self, seconds, *, keeps=True):
        """A second at a time; whether `one` was taken for dead."""
        dead = False
        for _ in range(int(seconds)):
            self.now += 1.0
            if keeps:
                self.one.keep()
            dead = self.looks() or dead
        return dead


@pytest.fixture
async def two(empty_postgres_url):
    database = Database(empty_postgres_url)
    pair = Two(database)
    yield pair
    pair.one.release()
    pair.other.release()
    await database.close()


def test_a_living_owner_whose_connection_is_cut_again_and_again_is_never_dead(two):
    for _ in range(6):
        two.cut()
        assert not two.looks()
        assert not two.live(KEEP_SECONDS + 1)


def test_an_owner_that_is_gone_is_dead_after_seven_seconds_of_looking(two):
    two.one.release()
    assert not two.looks()
    assert not two.live(SURE_SECONDS - 1, keeps=False)
    assert two.live(1, keeps=False)


def test_while_the_server_is_away_nobody_can_hold_a_lock_and_that_proves_nothing(two):
    two.cut()
    assert not two.looks()
    two.now += 60.0  # nobody can look, nobody can hold
    assert not two.looks()
    assert not two.live(10)


def test_a_lock_that_is_taken_again_takes_the_suspicion_away(two):
    two.cut()
    assert not two.live(SURE_SECONDS - 2, keeps=False)
    two.one.keep()
    assert not two.looks()
    two.cut()
    assert not two.live(SURE_SECONDS - 2, keeps=False)
