"""A clock's steps, minute by minute: what time goes by while they last,
and when they are believed.
"""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.steady_time import STEP, WAIT, SteadyTime

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WEEKS = timedelta(weeks=3)


class Machine:
    """`off`: how wrong its clock is. `wait` lets both its clock and its uptime go on."""

    def __init__(self) -> None:
        self.up = 1000.0
        self.off = timedelta()
        self.steady = SteadyTime(lambda: self.up)

    @property
    def real(self) -> datetime:
        return NOON + timedelta(seconds=self.up - 1000.0)

    def read(self) -> timedelta:
        """By how much the time gone by is off."""
        return self.steady.judge(self.real + self.off) - self.real

    def wait(self, how_long: timedelta) -> timedelta:
        for _ in range(int(how_long.total_seconds())):
            self.up += 1.0
            found = self.read()
        return found


@pytest.fixture
def machine():
    machine = Machine()
    machine.wait(timedelta(minutes=1))
    return machine


@pytest.mark.parametrize("step", [WEEKS, -WEEKS, STEP * 1.01, -STEP * 1.01])
def test_a_step_that_is_taken_back_in_time_was_never_gone_by(machine, step, caplog):
    machine.off = step
    assert machine.wait(WAIT - timedelta(seconds=1)) == timedelta()
    assert machine.steady.step == step.total_seconds()
    machine.off = timedelta()
    assert machine.wait(timedelta(hours=1)) == timedelta()
    assert machine.steady.step == 0
    assert not machine.steady.went_back()
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


@pytest.mark.parametrize("step", [WEEKS, -WEEKS])
def test_a_step_that_stays_is_believed_after_ten_minutes(machine, step):
    machine.off = step
    assert machine.wait(WAIT) == timedelta()
    assert machine.wait(timedelta(seconds=2)) == step
    assert machine.steady.step == 0
    assert machine.steady.went_back() == (step < timedelta())
    assert not machine.steady.went_back()


def test_ordinary_corrections_are_gone_by_at_once(machine):
    for step in (timedelta(minutes=4), timedelta(seconds=-30), timedelta(minutes=-4)):
        machine.off = step
        assert machine.wait(timedelta(seconds=1)) == step


def test_a_long_silence_is_no_step(machine):
    machine.up += WEEKS.total_seconds()
    assert machine.read() == timedelta()
    assert machine.steady.step == 0


def test_a_second_step_while_the_first_is_waited_out_is_waited_out_with_it(machine):
    machine.off = WEEKS
    machine.wait(timedelta(minutes=6))
    machine.off = -WEEKS
    assert machine.wait(timedelta(minutes=3)) == timedelta()
    machine.off = timedelta()
    assert machine.wait(timedelta(minutes=30)) == timedelta()
