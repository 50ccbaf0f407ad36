"""After a pause that was not the person's wish,
the first sign of the bot says why it had been silent; once.
"""

from dataclasses import replace

import pytest

from bot.core.state import RETURNED

GREETING = "I was away from your workspace for a while, so your reminders were on hold."


@pytest.fixture
def returned(talk):
    """Their workspace removed the bot and took it back."""
    talk.say("plan start")
    talk.say("subscribe mon 9am sydney")
    talk.state = replace(talk.state, person=replace(talk.state.person, unreachable=RETURNED))
    return talk


def test_the_first_nudge_says_so_and_the_next_does_not(returned):
    first = returned.tick()
    assert first.startswith(GREETING)
    assert "Good to hear from you" not in first, "nobody has written"
    assert "Your weekly nudge" in first
    assert "on hold" not in returned.tick()


def test_whoever_writes_before_the_next_nudge_reads_it_there_and_only_there(returned):
    assert GREETING in returned.say("salary senior")
    assert "on hold" not in returned.tick()
