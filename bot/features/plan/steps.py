"""A single step: its page, what helps somebody who is stuck at it, and the free pages that go with
steps.

Who is stuck gets a way in of ten minutes first; what stops them they may tap, and need not.
"""

import re
from collections.abc import Iterable
from typing import Final

from bot.calculators import study_plan
from bot.calculators.study_plan import Numbered
from bot.core import local_time
from bot.core.reply import Bullets, Choices, Heading, Line, Paragraph, Tap, Text, paragraph
from bot.core.request import Request
from bot.core.state import Progress
from bot.core.turn import Turn
from bot.extraction.numbers import ORDINALS
from bot.features.plan.shared import (
    opening_tap,
    page_key,
    page_link,
    plan_or_trial,
    read_line,
    step_taps,
    tap,
    upper_first,
)
from content.content import Content
from content.plan import Plan

MOST_PAGES = 10
"""A phone screen of links."""
MOST_TOPIC_WORDS = 4


def show_step(request: Request, number: str) -> Turn:
    """`plan step 8`: all of a step on one page."""
    mine, progress = plan_or_trial(request)
    step = _step_number(mine, number)
    if step is None:
        return _say_unknown(request, mine, number)
    minutes = local_time.minutes(step.step.minutes)
    first = local_time.minutes(step.step.first_minutes)
    title = request.text("step_title", number=step.number, title=upper_first(step.step.title))
    return request.answer(
        Heading(title),
        paragraph(request.text("step_do", do=step.step.do, minutes=minutes)),
        Paragraph(request.spans("step_first", first=step.step.first, minutes=first)),
        read_line(request, mine, step),
        *_evidence(request, progress, step),
        Choices((*step_taps(request, step)[:-1], _unit_tap(request, step))),
        personal=request.state.person.progress is not None,
        sources=(page_key(request, mine, step.step.resource),),
    )


def _evidence(request: Request, progress: Progress, step: Numbered) -> tuple[Paragraph, ...]:
    _, shown = progress.done.get(step.key, (None, ""))
    if not shown:
        return ()
    return (paragraph(request.text("step_evidence", shown=shown)),)


def stuck(request: Request) -> Turn:
    """`stuck`, `stuck 8`: a smaller way in. `stuck 8 no_data`: what helps against that."""
    mine, progress = plan_or_trial(request)
    number, _, obstacle = request.words.strip().partition(" ")
    if number.isdecimal():
        step = _step_number(mine, number)
    else:
        step = study_plan.next_step(mine, progress)
    if step is None and number.isdecimal():
        return _say_unknown(request, mine, number)
    if step is None:
        return request.answer(
            paragraph(request.text("done_nothing_open")),
            Choices((tap(request, "show", "plan"),)),
            personal=True,
        )
    if obstacle in step.step.obstacles:
        return _help_with(request, mine, step, obstacle)
    return request.answer(
        Paragraph(request.spans("stuck_smaller", smaller=step.step.smaller)),
        Paragraph(request.spans("stuck_step", number=step.number, step=step.step.title)),
        read_line(request, mine, step),
        paragraph(request.text("stuck_what")),
        Choices(_obstacles(mine, step)),
        personal=True,
        sources=(page_key(request, mine, step.step.resource),),
    )


_PLAIN: Final = frozenset(
    "a an the one to of and or in into on for with your it its is my take turn whole step "
    "first old open more each per from at by that this".split()
)
ENOUGH_WORDS: Final = 2


def step_in_words(request: Request) -> str:
    """The number of the one step of which a text says two words of its title, 'a whole tested
    package'; '' for none or several.
    """
    mine, _ = plan_or_trial(request)
    said = set(re.findall(r"[a-z]{3,}", request.words.lower())) - _PLAIN
    shared = {
        one.number: len(said & (set(re.findall(r"[a-z]{3,}", one.step.title.lower())) - _PLAIN))
        for one in study_plan.steps(mine)
    }
    most = max(shared.values(), default=0)
    best = [number for number, count in shared.items() if count == most]
    if most >= ENOUGH_WORDS and len(best) == 1:
        return str(best[0])
    return ""


_ORDINAL: Final = re.compile(rf"\b(?P<which>{'|'.join(ORDINALS)})\b", re.IGNORECASE)


def step_ticked(request: Request) -> str:
    """The number of the step that 'finished the second one', 'that one is done' means: as counted,
    else the one that is next.
    """
    mine, progress = plan_or_trial(request)
    step = study_plan.next_step(mine, progress)
    hit = _ORDINAL.search(request.words)
    if hit:
        number = ORDINALS[hit["which"].lower()]
    else:
        number = 0
    if number > 1 or step is None:
        return str(number or 1)
    return str(step.number)


def knows_step(_content: Content, _command: str, words: str) -> bool:
    return re.fullmatch(r"\d{1,2}(?: [a-z_]+)?", words.strip()) is not None


def knows_topic(_content: Content, _command: str, words: str) -> bool:
    return len(words.split()) <= MOST_TOPIC_WORDS


def _obstacles(mine: Plan, step: Numbered) -> tuple[Tap, ...]:
    return tuple(
        Tap(mine.obstacles[key].label, f"stuck {step.number} {key}") for key in step.step.obstacles
    )


def _help_with(request: Request, mine: Plan, step: Numbered, obstacle: str) -> Turn:
    return request.answer(
        paragraph(mine.obstacles[obstacle].help),
        Paragraph(request.spans("stuck_then", smaller=step.step.smaller)),
        Choices(
            (
                *opening_tap(request, step),
                tap(request, "done_step", f"done {step.number}", number=step.number),
                tap(request, "skip", f"skip {step.number}"),
                tap(request, "too_much", "too much"),
                tap(request, "step", f"plan step {step.number}", number=step.number),
            )
        ),
        personal=True,
    )


def resources(request: Request) -> Turn:
    """`resources`: the pages of the unit one is in; `resources drift`: those whose title,
    step or unit speaks of it.
    """
    mine, progress = plan_or_trial(request)
    topic = re.sub(r"^(?:on|for|about|of)\s+", "", request.words.strip(), flags=re.IGNORECASE)
    topic = topic.strip(" ?.!")
    if not topic:
        return _of_current_unit(request, mine, progress)
    found = _about(mine, topic)
    if not found:
        return request.answer(
            paragraph(request.text("resources_none", topic=topic[:40])),
            Choices((tap(request, "units", "plan full"),)),
            remember=False,
        )
    return _list_steps(request, mine, found, request.text("resources_about", topic=topic[:40]))


def _of_current_unit(request: Request, mine: Plan, progress: Progress) -> Turn:
    step = study_plan.next_step(mine, progress) or study_plan.steps(mine)[0]
    of_unit = [one for one in study_plan.steps(mine) if one.unit_key == step.unit_key]
    title = request.text("resources_unit", number=step.unit_number, title=step.unit.title)
    return _list_steps(request, mine, of_unit, title)


def _about(mine: Plan, topic: str) -> list[Numbered]:
    """The steps that the topic is about: all its words stand in what is said of them,
    or it is a unit's number.
    """
    if number := re.fullmatch(r"(?:unit\s+)?(\d{1,2})", topic.lower()):
        return [one for one in study_plan.steps(mine) if one.unit_number == int(number[1])]
    wanted = {_stem(word) for word in re.findall(r"[a-z0-9]+", topic.lower())}
    return [one for one in study_plan.steps(mine) if wanted and wanted <= _words(mine, one)]


def _words(mine: Plan, step: Numbered) -> set[str]:
    page = mine.resources[step.step.resource]
    told = f"{page.title} {page.publisher} {step.step.title} {step.step.do} {step.unit.title}"
    return {_stem(word) for word in re.findall(r"[a-z0-9]+", told.lower())}


def _stem(word: str) -> str:
    """Enough to let 'metrics' find 'metric', and 'monitoring' 'monitor'."""
    return re.sub(r"(?<=\w{4})(?:ing|ed|s)$|(?<=\w{3})s$", "", word)


def _list_steps(request: Request, mine: Plan, steps: Iterable[Numbered], title: str) -> Turn:
    shown = list(steps)[:MOST_PAGES]
    lines = tuple(_line(request, mine, step) for step in shown)
    units = {step.unit_number: _unit_tap(request, step) for step in shown}
    return request.answer(
        Heading(title),
        Bullets(lines),
        Choices(tuple(units.values())[:3]),
        sources=tuple(page_key(request, mine, step.step.resource) for step in shown),
    )


def _line(request: Request, mine: Plan, step: Numbered) -> Line:
    after = Text(request.text("resources_step", number=step.number, step=step.step.title))
    return (*page_link(request, mine.resources[step.step.resource]), after)


def _unit_tap(request: Request, step: Numbered) -> Tap:
    return tap(request, "unit", f"plan unit {step.unit_number}", number=step.unit_number)


def _step_number(mine: Plan, number: str) -> Numbered | None:
    return next((one for one in study_plan.steps(mine) if str(one.number) == number.strip()), None)


def _say_unknown(request: Request, mine: Plan, said: str) -> Turn:
    last = len(study_plan.steps(mine))
    return request.answer(
        Paragraph(request.spans("done_unknown", said=said, last=last)), remember=False
    )
