"""What a finished dialog amounts to, and how an answer looks when it is said back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot import hearing
from bot.answers.printing import Cited, day
from bot.asking import Ask
from bot.reply import Block, Tap


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`kept` is stored with the answers as the dialog's last result; its keys hold a dot, or replace an answer."""

    blocks: tuple[Block, ...]
    cited: tuple[Cited, ...] = ()
    taps: tuple[Tap, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)


def shown(ask: Ask, key: str, answer: str) -> str:
    """An answer as a person would write it: 'Proficient (IELTS 7.5)', '3 years', 'born 14 Mar 1992 (34)'."""
    question = ask.content.questions[key]
    today = ask.today
    if not answer:
        return ask.say("shown_no_text")
    match question.kind:
        case "age" if born := hearing.born_on(answer):
            return ask.say("shown_born", day=day(born), age=hearing.age_of(answer, today)[0])
        case "age" if answer not in question.options:
            years, _, said_on = answer.partition(" on ")
            since = date.fromisoformat(said_on)
            return years if since == today else ask.say("shown_age_said", age=years, day=day(since))
        case "years":
            return ask.say("shown_one_year") if answer == "1" else ask.say("shown_years", years=answer)
        case "hours":
            return ask.say("shown_hours", hours=answer)
        case "english":
            level, _, basis = answer.partition(" ")
            return " ".join(part for part in (question.options[level].label, basis) if part)
        case "text":
            return answer
        case _:
            return question.options[answer].label
