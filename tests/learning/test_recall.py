"""When a question comes again: later each time it was known, soon when it was not,
and the same for everybody.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from bot.calculators.recall import Answered, after
from bot.core.merge_people import merge
from bot.core.state import Learning, Person, Recall

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_what_is_known_comes_back_later_each_time():
    recall, now, waits = None, NOW, []
    for _ in range(4):
        recall = after(recall, Answered(now, right=True))
        waits.append(recall.due - now)
        now = recall.due
    assert all(later > sooner for sooner, later in pairwise(waits))
    assert waits[0] >= timedelta(days=1)


def test_what_was_not_known_comes_back_sooner_than_what_was():
    known = after(None, Answered(NOW, right=True))
    missed = after(None, Answered(NOW, right=False))
    assert timedelta(days=1) <= missed.due - NOW < known.due - NOW
    lapsed = after(known, Answered(known.due, right=False))
    assert lapsed.due - known.due < known.due - NOW


def test_the_same_answers_give_the_same_dates():
    answers = [Answered(NOW + timedelta(days=day), right=day != 3) for day in (0, 3, 9)]
    dates = set()
    for _ in range(5):
        recall = None
        for answer in answers:
            recall = after(recall, answer)
        dates.add(recall.due)
    assert len(dates) == 1


def test_two_people_who_are_one_keep_what_either_remembers():
    mine, theirs = Recall(due=NOW, last=NOW), Recall(due=NOW + timedelta(days=5), last=NOW)
    kept = Person(id=1, learning=Learning(recalls={"etl.a": mine}))
    other = Person(
        id=2, learning=Learning(recalls={"etl.a": theirs, "etl.b": theirs}, with_nudges="no")
    )
    learning = merge(kept, other).learning
    assert learning == Learning(recalls={"etl.a": mine, "etl.b": theirs}, with_nudges="no")
