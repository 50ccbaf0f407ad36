"""`visa steps`: the way to one visa, in order, with the times that sources report and what they
come to on the calendar.

How long Home Affairs itself takes changes weekly and is only linked. Counting from today is
arithmetic, no promise.
"""

from calendar import monthrange
from datetime import date, timedelta

from bot.core.local_time import today
from bot.core.reply import (
    Block,
    Bullets,
    Choices,
    Line,
    Link,
    Open,
    Paragraph,
    Strong,
    Tap,
    paragraph,
    spans,
)
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import day, figure
from bot.features.visas.migration import all_known, instrument, ordered, told
from content.entry import Fact, Range
from content.visa import VisaStep


def steps(
    request: Request, subclasses: tuple[str, ...], taken: tuple[Block, ...], *, more: bool
) -> Turn:
    """The steps in order with their times; with `more` each with what is known about it."""
    if not subclasses:
        which = tuple(
            Tap(subclass, f"visa steps {subclass}")
            for subclass, entry in ordered(request.content).items()
            if entry.steps
        )
        return request.answer(
            *taken, paragraph(request.text("visa_steps_which")), Choices(which), remember=False
        )
    subclass, *others = subclasses
    entry = request.content.visas[subclass]
    taps: tuple[Tap | Open, ...] = (
        Tap(request.text("tap_about_visa", subclass=subclass), f"visa {subclass}"),
        *(
            Tap(request.text("tap_steps_of", subclass=other), f"visa steps {other}")
            for other in others[:1]
        ),
        Open(request.text("tap_official"), entry.official_page),
    )
    if not entry.steps:
        return told(
            request,
            (*taken, paragraph(request.text("visa_steps_none", subclass=subclass))),
            (),
            taps=taps,
        )
    heading = Paragraph(
        (Strong(request.text("visa_steps_title", subclass=subclass, name=entry.name)),)
    )
    short = Bullets(tuple(_in_short(request, step) for step in entry.steps), ordered=True)
    listed = Bullets(tuple(_step(request, step) for step in entry.steps), ordered=True)
    cited = tuple(
        fact
        for step in entry.steps
        for fact in all_known(request.content, (*step.about, *step.takes))
    )
    return told(
        request,
        (*taken, heading, short, paragraph(request.text("visa_steps_processing"))),
        cited,
        taps=taps,
        rest=(heading, listed),
        more=more,
    )


def _in_short(request: Request, step: VisaStep) -> Line:
    """The step, and what sources report it to take."""
    times = all_known(request.content, step.takes)
    line: Line = (Strong(step.title + "."),)
    if times:
        told = ", ".join(dict.fromkeys(figure(fact) for fact in times))
        reported = request.text("visa_step_reported", times=told)
        line += spans(f" {reported}{_window(request, times)}")
    return line


def _step(request: Request, step: VisaStep) -> Line:
    times = all_known(request.content, step.takes)
    line: Line = (Strong(step.title + "."),)
    for fact in all_known(request.content, step.about):
        line += spans(f" {figure(fact).rstrip('.')}.")
    if times:
        line += spans(
            " "
            + request.text(
                "visa_step_takes", times="; ".join(_time(request, fact) for fact in times)
            )
            + _window(request, times)
        )
    if step.where:
        line += spans(" ", Link(request.text("visa_official"), step.where))
    return line


def _time(request: Request, fact: Fact) -> str:
    return request.text("visa_step_time", figure=figure(fact), origin=instrument(request, fact))


def _window(request: Request, times: tuple[Fact, ...]) -> str:
    """The shortest and the longest of the reported times,
    counted from today in days of the calendar.
    """
    start = today(request.state.person, request.event)
    ranges = [(fact.value, fact.unit or "") for fact in times if isinstance(fact.value, Range)]
    lows = [_later(start, value.low, unit) for value, unit in ranges if value.low is not None]
    highs = [_later(start, value.high, unit) for value, unit in ranges if value.high is not None]
    if not lows:
        return ""
    if not highs:
        return request.text("visa_step_not_before", today=day(start), first=day(min(lows)))
    return request.text(
        "visa_step_window", today=day(start), first=day(min(lows)), last=day(max(highs))
    )


def _later(start: date, count: float, unit: str) -> date:
    """So many weeks, months or years of the calendar after `start`;
    the last day of a month that is too short.
    """
    if unit == "weeks":
        return start + timedelta(weeks=count)
    months = start.month - 1 + round(count * (12 if unit == "years" else 1))
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
