"""A snooze never shortens a pause, and says so instead of failing."""

import pytest


@pytest.fixture
def weekly(talk):
    talk.say("subscribe monday 9am brisbane")
    return talk


@pytest.mark.parametrize("words", ["snooze tomorrow", "snooze 3h", "snooze", "snooze 7d"])
@pytest.mark.parametrize("pause", ["pause", "pause until 3 february"])
def test_a_snooze_leaves_a_pause_as_it_is(weekly, pause, words):
    weekly.say(pause)
    before = weekly.rules
    said = weekly.say(words)
    assert weekly.rules == before
    assert "paused" in said.lower()
    assert weekly.understood()
    weekly.say("resume")
    assert weekly.rules[0].next_due_at


def test_after_a_pause_is_over_a_snooze_moves_again(weekly):
    weekly.say("pause")
    weekly.say("resume")
    before = weekly.rules[0].next_due_at
    weekly.say("snooze tomorrow")
    assert weekly.rules[0].next_due_at != before
