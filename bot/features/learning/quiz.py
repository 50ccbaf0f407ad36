"""`quiz`: questions on what a unit teaches, answered by taps, each with its reason; a wrong one
leads to the step and its page.

What was answered comes back when it is about to be forgotten: when asked for, and under a nudge for
those who said yes. Nothing is counted in a row, and no score is kept or shown.
"""

import re
from dataclasses import dataclass, replace
from typing import Final

from bot.calculators import recall, study_plan
from bot.core import local_time
from bot.core.reply import Block, Bullets, Choices, Heading, Paragraph, Strong, Tap, Text, paragraph
from bot.core.request import Grammar, Handler, Request
from bot.core.state import Learning, Person, State
from bot.core.turn import Turn
from bot.features.plan import plan_or_trial, read_line, unit_named
from content.content import Content
from content.plan import Plan
from content.quiz import ARTICLE, QuizQuestion

LETTERS: Final = "ABCD"
WITH_NUDGE: Final = 2
"""Due questions that a nudge leads to."""
ANSWER: Final = re.compile(
    r"(?P<key>(?<![a-z_])[a-z_]{1,60}\.[a-z_0-9]{1,60}) (?P<option>[0-4]|skip|why)(?P<due> due)?"
)
"""What a tap says; option 0 shows the answer to somebody who does not know it."""
_UNIT: Final = re.compile(
    r"(?:(?:me|on|about|the|unit)\s+)*(?P<unit>\d{1,2}|[a-z_][a-z_' -]*?)(?P<again> again)?[.?]*"
)
_NUDGES: Final = re.compile(r"(?P<answer>with|without) (?:the )?nudges?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the key that is remembered, 'unit.question';
    `due` where it comes from those due.
    """

    key: str
    question: QuizQuestion
    due: bool = False

    @property
    def unit(self) -> str:
        return self.key.partition(".")[0]


def quiz(request: Request) -> Turn:
    """`quiz`, `quiz 3`, `quiz article`, `quiz due`;
    `quiz 3` with a question and an option is what a tap says.
    """
    words = request.words.strip().lower()
    if words == "leave":
        return _leave(request)
    if answer := ANSWER.fullmatch(words):
        if answer["option"] == "skip":
            return _ask_another(request, answer["key"])
        if answer["option"] == "why":
            return _reasons(request, answer["key"])
        return _judge(request, answer["key"], int(answer["option"]) - 1, due=bool(answer["due"]))
    if choice := _NUDGES.fullmatch(words):
        return _with_nudges(request, "yes" if choice["answer"] == "with" else "no")
    if words == "due":
        return _ask_due(request)
    if not words:
        if due_keys(request):
            return _ask_due(request)
        return _ask_next(request, _current(request))
    named = _UNIT.fullmatch(words)
    if named:
        unit = _unit_named(request, named["unit"])
    else:
        unit = ""
    if not unit:
        return _which(request)
    return _ask_next(request, unit, again=bool(named and named["again"]))


def due_keys(request: Request) -> tuple[str, ...]:
    """Questions answered before that are due again, longest due first."""
    recalls = request.state.person.learning.recalls
    due = sorted((one.due, key) for key, one in recalls.items() if one.due <= request.event.at)
    return tuple(key for _, key in due if question_of(request.content, key))


def due_line(request: Request) -> tuple[tuple[Block, ...], tuple[Tap, ...]]:
    """What stands under a nudge for those who want it: the first due question as a foretaste,
    and the tap.
    """
    keys = due_keys(request)
    if request.state.person.learning.with_nudges != "yes" or not keys:
        return (), ()
    question = question_of(request.content, keys[0])
    count = min(len(keys), WITH_NUDGE)
    if count > 1:
        phrase = "quiz_under_nudge"
    else:
        phrase = "quiz_under_nudge_one"
    words = request.spans(phrase, stem=question.stem if question else "")
    return (Paragraph(words),), (Tap(request.text("tap_quiz_due", count=count), "quiz due"),)


def question_of(content: Content, key: str) -> QuizQuestion | None:
    unit, _, name = key.partition(".")
    held = content.quizzes.get(unit)
    if not held:
        return None
    return held.questions.get(name)


def _current(request: Request) -> str:
    """The unit that the person works in; the article's ideas for somebody without a plan."""
    progress = request.state.person.progress
    if progress is None:
        return ARTICLE
    mine, _ = plan_or_trial(request)
    step = study_plan.next_step(mine, progress)
    if step and step.unit_key in request.content.quizzes:
        return step.unit_key
    return ARTICLE


def _unit_named(request: Request, said: str) -> str:
    """The key of the quiz that these words mean; empty where there is none."""
    mine, _ = plan_or_trial(request)
    found = unit_named(mine, said)
    key = found[1] if found else said
    if key in request.content.quizzes:
        return key
    return ""


def _ask_next(request: Request, unit: str, *, again: bool = False) -> Turn:
    """The unit's first question that was not answered yet, else the one longest due."""
    held = request.content.quizzes[unit]
    recalls = request.state.person.learning.recalls
    fresh = _fresh(request, unit)
    if fresh:
        number = len(held.questions) - len(fresh) + 1
        place = request.text("quiz_place", number=number, total=len(held.questions))
        return _put(request, Asked(f"{unit}.{fresh[0]}", held.questions[fresh[0]]), place)
    soonest = min(held.questions, key=lambda name: recalls[f"{unit}.{name}"].due)
    asked = Asked(f"{unit}.{soonest}", held.questions[soonest])
    if again or recalls[asked.key].due <= request.event.at:
        return _put(request, asked, request.text("quiz_again"))
    return _all_answered(request, asked)


def _fresh(request: Request, unit: str) -> list[str]:
    """The questions of a unit that were not answered yet."""
    recalls = request.state.person.learning.recalls
    return [
        name for name in request.content.quizzes[unit].questions if f"{unit}.{name}" not in recalls
    ]


def _ask_another(request: Request, key: str) -> Turn:
    """The unit's next question after this one, which stays unanswered;
    where it is the only one left, its answer.
    """
    unit, _, name = key.partition(".")
    if question_of(request.content, key) is None:
        return _which(request)
    others = [one for one in _fresh(request, unit) if one != name]
    names = list(request.content.quizzes[unit].questions)
    later = [one for one in others if names.index(one) > names.index(name)]
    if not others:
        return _judge(request, key, -1, due=False)
    chosen = (later or others)[0]
    held = request.content.quizzes[unit]
    place = request.text("quiz_place", number=names.index(chosen) + 1, total=len(names))
    return _put(request, Asked(f"{unit}.{chosen}", held.questions[chosen]), place)


def _unit_of(request: Request, words: str) -> str:
    """The unit that the words name, the current one where there are none; '' for other words."""
    if not words:
        return _current(request)
    named = _UNIT.fullmatch(words)
    if not named:
        return ""
    return _unit_named(request, named["unit"])


def put_again(request: Request, words: str) -> str:
    """The key of the question that `quiz` with these words puts now; '' where it puts none."""
    if ANSWER.fullmatch(words) or words == "leave" or _NUDGES.fullmatch(words):
        return ""
    if words == "due" or (not words and due_keys(request)):
        return next(iter(due_keys(request)), "")
    unit = _unit_of(request, words)
    fresh = _fresh(request, unit) if unit else []
    if not fresh:
        return ""
    return f"{unit}.{fresh[0]}"


def _leave(request: Request) -> Turn:
    """The quiz is over for now; what was answered is kept."""
    return request.answer(
        paragraph(request.text("quiz_left")),
        Choices((Tap(request.text("tap_plan_show"), "plan"),)),
        personal=True,
    )


def _all_answered(request: Request, soonest: Asked) -> Turn:
    due = request.state.person.learning.recalls[soonest.key].due
    day = local_time.day(due.date(), request.today)
    title = request.content.quizzes[soonest.unit].title
    name = _unit_in_words(request, soonest.unit)
    return request.answer(
        Paragraph(request.spans("quiz_all_answered", title=title, day=day)),
        Choices(
            (
                Tap(request.text("tap_quiz_again"), f"quiz {name} again"),
                *_nudge_offer(request),
                Tap(request.text("tap_plan_show"), "plan"),
            )
        ),
        personal=True,
    )


def _ask_due(request: Request) -> Turn:
    keys = due_keys(request)
    question = None
    if keys:
        question = question_of(request.content, keys[0])
    if question is None:
        return request.answer(
            paragraph(request.text("quiz_none_due")),
            Choices((Tap(request.text("tap_quiz_me"), "quiz"),)),
            personal=True,
        )
    return _put(request, Asked(keys[0], question, due=True), request.text("quiz_again"))


def _put(request: Request, asked: Asked, place: str) -> Turn:
    """The question, its options by letter, a tap for each."""
    options = tuple(
        (Strong(f"{letter}. "), Text(option.text))
        for letter, option in zip(LETTERS, asked.question.options, strict=False)
    )
    due = " due" if asked.due else ""
    taps = tuple(
        Tap(letter, f"quiz {asked.key} {number}{due}")
        for number, letter in enumerate(LETTERS[: len(options)], 1)
    )
    title = request.content.quizzes[asked.unit].title
    return request.answer(
        Heading(request.text("quiz_title", title=title, place=place)),
        paragraph(asked.question.stem),
        *(Paragraph(option) for option in options),
        Choices(taps),
        personal=True,
    )


def _judge(request: Request, key: str, option: int, *, due: bool) -> Turn:
    """Right or wrong with its reason; what is kept is when to ask again."""
    question = question_of(request.content, key)
    if question is None or option >= len(question.options):
        return _which(request)
    asked = Asked(key, question, due)
    right = option == question.right
    state = _remembering(request, key, right=right)
    blocks = _verdict(request, asked, option)
    turn_request = replace(request, state=state)
    taps = _after(turn_request, asked, right=right)
    return turn_request.answer(*blocks, Choices(taps), personal=True)


def _reasons(request: Request, key: str) -> Turn:
    """Why each option is right or wrong, once more; nothing new is kept."""
    question = question_of(request.content, key)
    if question is None:
        return _which(request)
    asked = Asked(key, question)
    lines = tuple(
        request.spans("quiz_right_is", letter=letter, text=option.text, why=option.why)
        if option.right
        else request.spans("quiz_wrong", letter=letter, why=option.why)
        for letter, option in zip(LETTERS, question.options, strict=False)
    )
    blocks = (paragraph(question.stem), *(Paragraph(line) for line in lines))
    taps = _after(request, asked, right=False)
    return request.answer(*blocks, Choices(taps), personal=True)


def _remembering(request: Request, key: str, *, right: bool) -> State:
    learning = request.state.person.learning
    known = recall.after(learning.recalls.get(key), recall.Answered(request.event.at, right))
    changed = replace(learning, recalls={**learning.recalls, key: known})
    return replace(request.state, person=replace(request.state.person, learning=changed))


def _verdict(request: Request, asked: Asked, option: int) -> tuple[Block, ...]:
    question = asked.question
    chosen = None
    if option >= 0:
        chosen = question.options[option]
    correct = question.options[question.right]
    if chosen and chosen.right:
        return (Paragraph(request.spans("quiz_right", why=chosen.why)),)
    letter = LETTERS[question.right]
    values = {"letter": letter, "text": correct.text, "why": correct.why}
    mine, _ = plan_or_trial(request)
    if chosen:
        not_that = request.spans("quiz_wrong", letter=LETTERS[option], why=chosen.why)
    else:
        not_that = ()
    return (
        *((Paragraph(not_that),) if not_that else ()),
        Paragraph(request.spans("quiz_right_is", **values)),
        *_step_lines(request, mine, question),
    )


def _step_lines(request: Request, mine: Plan, question: QuizQuestion) -> tuple[Block, ...]:
    """Where a wrong answer leads: the step that teaches it, and its page."""
    step = _step(mine, question)
    if step is None:
        return ()
    words = request.spans("quiz_step", number=step.number, step=step.step.title)
    return (Paragraph(words), read_line(request, mine, step))


def _step(mine: Plan, question: QuizQuestion) -> study_plan.Numbered | None:
    steps = study_plan.steps(mine)
    return next((one for one in steps if one.key.partition(".")[2] == question.step), None)


def _after(request: Request, asked: Asked, *, right: bool) -> tuple[Tap, ...]:
    if asked.due:
        more = bool(due_keys(request))
    else:
        more = True
    if asked.due:
        line = "quiz due"
    else:
        line = f"quiz {_unit_in_words(request, asked.unit)}"
    taps: tuple[Tap, ...] = ()
    if more:
        taps = (Tap(request.text("tap_quiz_next"), line),)
    mine, _ = plan_or_trial(request)
    step = _step(mine, asked.question)
    if step and not right:
        label = request.text("tap_plan_step", number=step.number)
        taps = (*taps, Tap(label, f"plan step {step.number}"))
    return (*taps, *_nudge_offer(request), Tap(request.text("tap_plan_show"), "plan"))


def _unit_in_words(request: Request, unit: str) -> str:
    """How a command line names the unit: by its number, as the plan prints it."""
    mine, _ = plan_or_trial(request)
    units = list(mine.units)
    if unit in units:
        return str(units.index(unit) + 1)
    return unit


def _nudge_offer(request: Request) -> tuple[Tap, ...]:
    """Offered until it was answered once, to those who have a nudge."""
    person = request.state.person
    if person.learning.with_nudges or not any(one.active for one in person.subscriptions):
        return ()
    return (Tap(request.text("tap_quiz_with_nudges"), "quiz with nudges"),)


def _with_nudges(request: Request, said: str) -> Turn:
    learning: Learning = replace(request.state.person.learning, with_nudges=said)
    person: Person = replace(request.state.person, learning=learning)
    other = "without" if said == "yes" else "with"
    return request.answer(
        paragraph(request.text(f"quiz_with_nudges_{said}")),
        Choices((Tap(request.text(f"tap_quiz_{other}_nudges"), f"quiz {other} nudges"),)),
        personal=True,
        state=replace(request.state, person=person),
    )


def _which(request: Request) -> Turn:
    """The units that have a quiz."""
    mine, _ = plan_or_trial(request)
    lines = tuple(
        (Text(request.text("quiz_unit", number=number, title=unit.title)),)
        for number, (key, unit) in enumerate(mine.units.items(), 1)
        if key in request.content.quizzes
    )
    article = Tap(request.text("tap_quiz_article"), f"quiz {ARTICLE}")
    return request.answer(
        paragraph(request.text("quiz_which")),
        Bullets(lines),
        Choices((Tap(request.text("tap_quiz_me"), "quiz"), article)),
        remember=False,
    )


def knows(content: Content, _command: str, words: str) -> bool:
    said = words.strip().lower()
    if said in ("due", "leave") or _NUDGES.fullmatch(said) or ANSWER.fullmatch(said):
        return True
    named = _UNIT.fullmatch(said)
    return bool(named and (named["unit"].isdecimal() or named["unit"] in content.quizzes))


HANDLERS: Final[dict[str, Handler]] = {"quiz": quiz}
GRAMMARS: Final[dict[str, Grammar]] = {"quiz": knows}
