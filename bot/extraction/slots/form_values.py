"""A kept answer as it stands in a field of a form: one of the field's choices,
or the words that would be typed.
"""

from datetime import date

from bot.extraction.slots.ages import age_of, born_on
from content.dialog import Question

TYPED = ("age", "hours", "text")
"""Kinds that a form asks for in words: their options are only examples, and words say more."""


def form_value(question: Question, answer: str, today: date) -> str:
    """Empty where the field cannot show the answer.

    What is read from this again may say less than the answer did.
    """
    if answer in question.options or not answer:
        return answer
    match question.kind:
        case "english":
            return answer.split(" ", 1)[0]
        case "years":
            reached = [option for option in question.options if float(option) <= float(answer)]
            return max(reached, key=float, default="")
        case "age" if born_on(answer) is None:
            return str(age_of(answer, today)[0])
        case _:
            return answer
