"""What a finished dialog amounts to, and how an answer looks when it is said back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.reply import Block, Tap
from bot.core.request import Request
from bot.extraction import slots
from bot.extraction.slots.english_tests import AFTER
from bot.features.figures import Cited, day


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`kept` is stored with the answers as the dialog's last result; its keys hold a dot, or replace an answer. `rest` is behind
    *More*.
    """

    blocks: tuple[Block, ...]
    rest: tuple[Block, ...] = ()
    cited: tuple[Cited, ...] = ()
    taps: tuple[Tap, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)


def shown(request: Request, key: str, answer: str) -> str:
    """An answer as a person would write it: 'Proficient (IELTS 7.5)', '3 years',
    'born 14 Mar 1992 (34)'.
    """
    question = request.content.questions[key]
    today = request.today
    if not answer:
        return request.text("shown_no_text")
    match question.kind:
        case "age" if born := slots.born_on(answer):
            return request.text("shown_born", day=day(born), age=slots.age_of(answer, today)[0])
        case "age" if answer not in question.options:
            years, _, said_on = answer.partition(" on ")
            since = date.fromisoformat(said_on)
            if since == today:
                return years
            return request.text("shown_age_said", age=years, day=day(since))
        case "years":
            if answer == "1":
                return request.text("shown_one_year")
            return request.text("shown_years", years=answer)
        case "hours":
            return request.text("shown_hours", hours=answer)
        case "english":
            level, _, basis = answer.replace(f"{AFTER})", ")").partition(" ")
            return " ".join(part for part in (question.options[level].label, basis) if part)
        case "text":
            return answer
        case _:
            return question.options[answer].label
