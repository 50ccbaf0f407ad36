"""What people do, counted for those who run the bot."""

from dataclasses import replace
from datetime import timedelta

from bot.core.events import Event, Found
from bot.core.state import Progress, State
from bot.core.turn import CountUse, Turn
from tests.store.scripted_decider import MONDAY, Script, said


def planned(state: State, event: Event) -> Turn:
    begun = Progress(plan="ml", started_on=MONDAY.date(), hours=4)
    return Turn(state=replace(state, person=replace(state.person, progress=begun)))


class Asking(Script):
    """`count` asks for the figures; `plan` begins one."""

    def __init__(self) -> None:
        super().__init__(plan=planned, count=self._count)
        self.figures: dict[str, int] = {}

    def _count(self, state: State, event: Event) -> Turn:
        return Turn(state=state, effects=(CountUse(),))

    def decide(self, state, event):
        if isinstance(event.body, Found):
            self.figures = {name: int(value) for name, value in event.body.values}
        return super().decide(state, event)


async def test_people_count_once_however_much_they_write_and_a_week_later_no_more(store):
    script = Asking()
    for user, text in (("ada", "plan"), ("ada", "hello"), ("ada", "again"), ("bob", "hello")):
        await store.turn(said(text, user), script, room=0)
    await store.turn(said("count", "boss"), script, room=0)
    assert script.figures == {
        "people": 3,
        "active": 2,
        "plans": 1,
        "nudges": 0,
        "nudges_answered": 0,
    }
    later = MONDAY + timedelta(days=8)
    await store.turn(said("hello", "bob", at=later), script, room=0)
    await store.turn(said("count", "boss", at=later), script, room=0)
    assert (script.figures["people"], script.figures["active"]) == (3, 1)
