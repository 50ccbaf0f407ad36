"""When a question is worth asking again: the library fsrs reckons it, here it is given the moment
and no chance.

Right and wrong are the only two grades. Intervals are whole days from the first answer on: nobody
here crams.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fsrs import Card, Rating, Scheduler, State

from bot.core.state import Recall

SCHEDULER: Final = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
"""Without steps of minutes, and without the library's random days:
the same answers give the same dates.
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to a question: when, and whether it was right."""

    at: datetime
    right: bool


def after(recall: Recall | None, answer: Answered) -> Recall:
    """What is known of a question once it was answered.

    `recall` is None for one that was never asked.
    """
    card, _ = SCHEDULER.review_card(
        _card(recall, answer.at), Rating.Good if answer.right else Rating.Again, answer.at
    )
    return Recall(
        due=card.due, last=answer.at, stability=card.stability, difficulty=card.difficulty
    )


def _card(recall: Recall | None, now: datetime) -> Card:
    if recall is None:
        return Card(card_id=0, due=now)
    return Card(
        card_id=0,
        state=State.Review,
        stability=recall.stability,
        difficulty=recall.difficulty,
        due=recall.due,
        last_review=recall.last,
    )
