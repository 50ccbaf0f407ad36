"""Beginning a plan and shaping it: hours, an end that somebody wishes for, background, a fresh
start.

An end too soon is refused with the reason, and with what those weeks do hold.
"""

import re
from dataclasses import replace
from typing import Final

from bot.calculators import study_plan
from bot.core import local_time
from bot.core.command_line import Line
from bot.core.reply import Block, Choices, Note, Paragraph, Tap, Text, paragraph
from bot.core.request import Request
from bot.core.state import Progress
from bot.core.turn import Turn
from bot.extraction.numbers import value_of, with_digits
from bot.extraction.times import days_of, weekdays
from bot.features.plan.overview import offer_plan, overview
from bot.features.plan.shared import (
    FAR,
    end_words,
    opening_tap,
    plan_named,
    plan_of,
    plan_or_trial,
    reach_line,
    read_line,
    tap,
    week_note,
    whats_next,
    where,
    with_progress,
    zone_name,
)
from content.plan import Plan

USUAL_HOURS_OFFERED: Final = (4, 8, 12)
SLICE_WEEKS: Final = 4
NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?![\d.]*\d)")
HOURS = re.compile(r"(?P<n>\d{1,3}(?:\.\d)?)\s{0,3}-?\s{0,3}(?:h|hrs?|hours?)\b", re.IGNORECASE)
WEEKS = re.compile(
    r"(?:\bweeks?\s{1,3}(?P<after>\d{1,3})|(?P<n>\d{1,3}|an?)\s{0,3}-?\s{0,3}(?P<unit>weeks?"
    r"|months?))\b",
    re.IGNORECASE,
)


def weeks_named(text: str) -> str:
    """'in 12 weeks', where the text names an end so far away; '' for none."""
    hit = WEEKS.search(with_digits(text))
    return f"in {week_count(hit)} weeks" if hit else ""


def week_count(match: re.Match[str]) -> int:
    count = round(value_of(match["after"] or match["n"]))
    if (match["unit"] or "").lower().startswith("month"):
        return count * 4
    return count


def start_plan(request: Request, rest: str) -> Turn:
    if (weeks := WEEKS.search(rest)) and not HOURS.search(rest):
        return in_weeks(request, week_count(weeks))
    if request.state.person.progress is not None:
        return _already(request)
    return _begin(request, rest)


def begin_briefly(request: Request, rest: str) -> Turn:
    """The plan begun, in the lines that matter: something else of the same message follows."""
    return _begin(request, rest, briefly=True)


def _begin(request: Request, rest: str, *, restarted: bool = False, briefly: bool = False) -> Turn:
    person = request.state.person
    key, mine = plan_named(request, rest)
    said = HOURS.search(rest) or NUMBER.search(rest)
    if said:
        hours = float(re.sub(r"[^\d.]", "", said[0]))
    else:
        hours = person.profile.hours or study_plan.USUAL_HOURS
    if not study_plan.LEAST_HOURS <= hours <= study_plan.MOST_HOURS:
        return _hours_refused(request, said[0] if said else str(hours), study_plan.USUAL_HOURS)
    background = person.profile.background
    chosen = audited(request, mine)
    progress = study_plan.begin(
        key,
        mine,
        local_time.today(person, request.event),
        hours=hours,
        background=background,
        chosen=chosen,
    )
    state = with_progress(request.state, progress)
    laid = study_plan.weeks(mine, progress, progress.started_on, zone_name(request))
    left = study_plan.hours_left(mine, progress)
    step = study_plan.mine(mine, progress)[0]
    units = len(study_plan.units(mine, progress))
    blocks: list[Block] = [paragraph(request.text("plan_restarted"))] if restarted else []
    blocks.append(
        Paragraph(
            request.spans(
                "plan_started",
                units=units,
                left=left,
                hours=local_time.hours(hours),
            )
        )
    )
    if laid:
        blocks.append(reach_line(request, mine, laid))
    if chosen:
        blocks.append(Paragraph(request.spans("plan_chosen_by_audit", all=len(mine.units))))
    if progress.known_units:
        blocks.append(_background_line(request, mine, progress, background))
    first = local_time.minutes(step.step.first_minutes)
    blocks.append(
        Paragraph(
            request.spans("plan_first", number=step.number, first=step.step.first, minutes=first)
        )
    )
    if not briefly:
        blocks += [read_line(request, mine, step), paragraph(mine.promise)]
    taps = [
        *opening_tap(request, step),
        tap(request, "done_step", f"done {step.number}", number=step.number),
    ]
    if not background and not briefly:
        blocks.append(paragraph(request.text("plan_ask_background")))
        taps += [
            Tap(request.text(f"background_{key}").capitalize(), f"plan background {key}")
            for key in ("software", "data", "business_analysis")
        ]
    else:
        taps += [
            tap(request, "hours", f"plan hours {other}", hours=other)
            for other in USUAL_HOURS_OFFERED
            if other != hours
        ]
    if not person.subscriptions:
        taps.append(tap(request, "weekly_nudge", "subscribe"))
    return request.answer(*blocks, Choices(tuple(taps)), personal=True, state=state)


def _background_line(
    request: Request, mine: Plan, progress: Progress, background: str
) -> Paragraph:
    numbers = {key: number for number, key in enumerate(mine.units, 1)}
    named = ", ".join(f"{numbers[key]} ({mine.units[key].title})" for key in progress.known_units)
    words = {
        "background": request.text(f"background_{background}"),
        "units": named,
        "number": numbers[progress.known_units[0]],
    }
    return Paragraph(request.spans("plan_known", **words))


def audited(request: Request, mine: Plan) -> tuple[str, ...]:
    """The units that the last self-audit picked, if there was one."""
    result = request.state.person.results.get("audit", {})
    scores = {
        question: int(result[question])
        for question in mine.audit.adds
        if result.get(question, "").isdecimal()
    }
    if len(scores) != len(mine.audit.adds):
        return ()
    return study_plan.from_audit(mine, scores)


def _already(request: Request) -> Turn:
    """The plan that runs goes on: its next step is named."""
    mine, progress = plan_or_trial(request)
    step = study_plan.next_step(mine, progress)
    blocks: list[Block] = [Paragraph(request.spans("plan_already"))]
    if step is not None:
        blocks += [where(request, progress, step), whats_next(request, step)]
    taps = (tap(request, "show", "plan"), Tap(request.text("tap_plan_restart"), "plan restart"))
    return request.answer(*blocks, Choices(taps), personal=True)


def restart_plan(request: Request, rest: str) -> Turn:
    progress = request.state.person.progress
    if progress is None:
        return start_plan(request, "")
    if rest.strip() != "yes":
        taps = (tap(request, "restart_yes", "plan restart yes"), tap(request, "keep_going", "plan"))
        return request.answer(
            paragraph(request.text("plan_restart_confirm", done=len(progress.done))),
            Choices(taps, yes_or_no=True),
            personal=True,
        )
    return _begin(request, f"{progress.hours:g}h", restarted=True)


def drop_plan(request: Request, rest: str) -> Turn:
    """`plan drop`: at once while nothing is ticked, else after one question."""
    person = request.state.person
    if person.progress is None:
        return offer_plan(request)
    if person.progress.done and rest.strip() != "yes":
        taps = (tap(request, "drop_yes", "plan drop yes"), tap(request, "keep_going", "plan"))
        return request.answer(
            paragraph(request.text("plan_drop_confirm", done=len(person.progress.done))),
            Choices(taps, yes_or_no=True),
            personal=True,
        )
    state = replace(request.state, person=replace(person, progress=None))
    again = tap(request, "start", f"plan start {person.progress.hours:g}h")
    return request.answer(
        paragraph(request.text("plan_dropped")), Choices((again,)), personal=True, state=state
    )


_LEAST_AND_MOST: Final = 2


def at_hours(request: Request, rest: str) -> Turn:
    """`plan at 12`, `plan at 12-13`: how long it would take at so many hours a week.

    Nothing starts or changes.
    """
    mine, progress = plan_or_trial(request)
    hours = [float(one) for one in re.findall(r"\d{1,2}(?:\.\d)?", rest)[:_LEAST_AND_MOST]]
    if not hours or not all(
        study_plan.LEAST_HOURS <= one <= study_plan.MOST_HOURS for one in hours
    ):
        return _hours_refused(request, rest.strip(), progress.hours)
    today = local_time.today(request.state.person, request.event)
    lengths = dict.fromkeys(
        len(study_plan.weeks(mine, replace(progress, hours=one), today)) for one in hours
    )
    line = request.spans(
        "plan_at_hours",
        weeks=" to ".join(map(str, sorted(lengths))),
        hours=" or ".join(f"{one:g}" for one in hours),
        left=study_plan.hours_left(mine, progress),
        units=len(study_plan.units(mine, progress)),
    )
    has_one = request.state.person.progress is not None
    action = f"plan {'hours' if has_one else 'start'} {hours[-1]:g}"
    do_it = tap(request, "hours" if has_one else "start", action, hours=hours[-1])
    return request.answer(Paragraph(line), Choices((do_it, tap(request, "units", "plan full"))))


_LENGTH: Final = re.compile(
    r"\b(?:how (?:long|many weeks|much time)|when (?:would|will|do) i (?:finish|be done)"
    r"|finish(?:ed)?|take|what if|if i|at|and)\b",
    re.IGNORECASE,
)
_OF_STUDY: Final = re.compile(
    r"\A(?:\W|and|so|ok|but|hm+|well|suppose|like|now|then|i'?ve got time){0,6}"
    r"(?:how (?:long|many weeks|much time)|what would|what if i(?:'?d)?(?: only| just)? (?:do|did|had|have|manage|get)|whats"
    r"|what's|what does|when would i)\b"
    r"[^.?!\d]{0,50}?\b(?P<hours>\d{1,2})\s?(?:h|hrs?|hours?)\b[^.?!\d]{0,30}[?. ]{0,3}\Z",
    re.IGNORECASE,
)
"""'How long would it take at four hours a week', with no plan named or talked about."""
_OF_PAY: Final = re.compile(
    r"\b(?:paid|pay|earn\w{0,3}|salary|rate|contract\w{0,3}|super|tax|net|work(?:ing|s)?)\b|\$",
    re.IGNORECASE,
)
_EACH_WEEK: Final = re.compile(
    r"(?P<hours>\d{1,2}(?:\s?(?:-|to|or)\s?\d{1,2})?)\s?(?:h|hrs?|hours?)\b", re.IGNORECASE
)


def length_asked(request: Request, is_topic: bool) -> Line | None:
    """'How long is the plan at 12 hrs a week', 'if I did 12 or 13 hours': the sum, and nothing
    started. None for anything else.
    """
    text = with_digits(request.words)
    hit = _EACH_WEEK.search(text)
    of_plan = is_topic or re.search(r"\bplan\b", text, re.IGNORECASE)
    if not of_plan and hit is not None and _asks_of_study(text):
        return Line("plan", f"at {hit['hours']}")
    if hit is None or not of_plan or not _LENGTH.search(text):
        return None
    if re.search(r"\b(?:start|begin|set up)\b", text, re.IGNORECASE):
        return None
    return Line("plan", f"at {hit['hours']}")


def _asks_of_study(text: str) -> bool:
    """Whether a text that names no plan asks how long so many hours a week would take."""
    last = re.split(r"[.;] ", text)[-1]
    hit = _OF_STUDY.search(last)
    return hit is not None and not (_NO_PLAN_HOURS.search(text) or _OF_PAY.search(text))


_UNITS_NAMED: Final = re.compile(
    r"\b(?:units?|weeks?)\s{1,3}(?P<units>\d{1,2}(?:\s{0,3}(?:,|&|\+|and"
    r"|plus)\s{0,3}(?:unit\s{0,3})?\d{1,2}){0,6})\b",
    re.IGNORECASE,
)
_KNOWN_ALREADY: Final = re.compile(
    r"\b(?:i|i've|ive|we)\b.{0,60}\b(?:know|knew|already|did|done|do|covered|finished|at work"
    r"|at uni|my job|before|for years|familiar|comfortable|had)\b"
    r"|\b(?:done|did|finished|know|knew|covered)\b.{0,60}\b(?:at work|at uni|at my job"
    r"|on the job|already|before|for years)\b"
    r"|\b(?:skip|drop|leave out|dont need|don't need|no need for)\b|\b(?:know|done|did"
    r"|covered) (?:it|that|them|those)\b",
    re.IGNORECASE,
)
_NOT_KNOWN: Final = re.compile(
    r"\b(?:not|don't know|dont know|didn't|didnt|never|haven't|havent|need|stuck|back"
    r"|again)\b|\?|https?:",
    re.IGNORECASE,
)


def units_known(request: Request) -> str:
    """The units that somebody with a plan says they know already, as '1, 2'; '' for none."""
    text = with_digits(request.words.strip())
    hit = _UNITS_NAMED.search(text)
    if request.state.person.progress is None or hit is None:
        return ""
    if not _KNOWN_ALREADY.search(text) or _NOT_KNOWN.search(text):
        return ""
    return ", ".join(re.findall(r"\d{1,9}", hit["units"]))


_HOURS_MEANT: Final = re.compile(
    r"\b(?:hours?|hrs?)\s{1,3}(?:a|per|each)?\s{0,3}(?:week|wk|weekly)?\s{0,3}(?:is |are |to "
    r"|now |=|:){0,4}(?P<after>\d{1,2})\b"
    r"|(?P<n>\d{1,2}(?:\.\d)?)\s?-?(?:h|hrs?|hours?)\b",
    re.IGNORECASE,
)
_OF_MINE: Final = re.compile(
    r"\b(?:i|i've|ive|i'd|id|i'll|ill|my|me|only|just|drop|bump|cut|raise|lower|up|down"
    r"|change|set|make|more like|less|spare|manage|plan)\b",
    re.IGNORECASE,
)
_NO_STUDY: Final = re.compile(
    r"\bwork(?:ing|s)? (?:\w+ ){0,2}\d|\b(?:ago|at work|job|worked|shift|sleep|slept|late"
    r"|later|earlier|before|after|last|yesterday|today|tonight|took|spent|unit|step|snooze"
    r"|in \d|uni|visa|student|flight|drive)\b|\?",
    re.IGNORECASE,
)
MOST_HOURS_WORDS: Final = 12


def hours_named(request: Request) -> str:
    """The one number of hours that a text names, where they are no paid ones:
    'start my plan 6 hrs'; '' for none.
    """
    text = with_digits(request.words.strip())
    hits = list(_HOURS_MEANT.finditer(text))
    if len(hits) != 1 or _NO_STUDY.search(text.rstrip("?")):
        return ""
    return hits[0]["after"] or hits[0]["n"]


def hours_said(request: Request) -> str:
    """The hours a week that somebody with a plan says they have: 'I only get 4 hrs', 'my study
    hours a week 4'; '' for none.
    """
    text = with_digits(request.words.strip())
    hits = list(_HOURS_MEANT.finditer(text))
    is_short = len(text.split()) <= MOST_HOURS_WORDS
    if request.state.person.progress is None or len(hits) != 1 or not is_short:
        return ""
    if _NO_STUDY.search(text) or not _OF_MINE.search(text):
        return ""
    return hits[0]["after"] or hits[0]["n"]


_SPARE: Final = re.compile(
    r"(?<![\d.$])(?P<hours>\d{1,2}(?:\.5)?(?:\s?(?:-|–|to|or)\s?\d{1,2})?)\s?-?(?:h|hrs?|hours?)\b"
    r"(?P<every>[^.?!\d]{0,24}?\b(?:a|per|each|every|most|some|in a)\s?(?:good\s)?(?:weeks?|wks?)\b"
    r"|\s?/\s?(?:week|wk|w)\b|\s(?:weekly|wkly|pw)\b)?",
    re.IGNORECASE,
)
_SPARES: Final = re.compile(
    r"\b(?:i|i've|ive|i'd|id|i'll|ill|can|could|have|got|get|spare|manage|fit|do|find"
    r"|probably|maybe|about|around|roughly|perhaps|reckon|guess|tops|max|at most|up to|say"
    r"|like|or so)\b",
    re.IGNORECASE,
)
_NOT_SPARE: Final = re.compile(
    r"\b(?:i|we|they|who|he|she) (?:usually |currently |only |now )?work(?:ed|s)?\b"
    r"|\bworking\b|\bpaid\b|\bpay\b|\bearn\w{0,3}\b|\bsalary\b|\brate\b|\bcontract\w{0,3}\b"
    r"|\bcasual\b|\blimit\b|\bcap\b|\$|\bfull[- ]time\b|\bsuper\b",
    re.IGNORECASE,
)
MOST_SPARE_WORDS: Final = 20


def hours_to_spare(request: Request) -> str:
    """The hours a week that somebody without a plan says they could spare, '3' or '3 or 4'; '' for
    none. 'Maybe' and 'about' say how near the figure is, and make it no less said. Without 'a week'
    a day of the week has to stand beside it.
    """
    text = with_digits(request.words.strip())
    if request.state.person.progress is not None or "?" in text:
        return ""
    if total := weekly_total(text):
        return total
    hits = _of_a_week(list(_SPARE.finditer(text)))
    if len(hits) != 1:
        return ""
    without_days = re.sub(r"\s{2,}", " ", _DAYS_BESIDE.sub(" ", text)).strip(" .!")
    is_bare = _ONLY_HOURS.fullmatch(without_days) is not None
    sentence = f"{text[: hits[0].start()].rpartition('. ')[2]}{text[hits[0].start() :]}"
    if len(sentence.split()) > MOST_SPARE_WORDS or not (is_bare or _SPARES.search(text)):
        return ""
    is_elsewhere = _OF_A_JOB.search(sentence) if hits[0]["every"] else _NO_STUDY.search(text)
    if is_elsewhere or _NOT_SPARE.search(text):
        return ""
    is_given = _CAN_DO.search(text[: hits[0].start()]) is not None
    if not (hits[0]["every"] or is_given) and not weekdays(text, asked=True):
        return ""
    return re.sub(r"\s?(?:-|–|to)\s?", " or ", hits[0]["hours"])


_OF_A_JOB: Final = re.compile(
    r"\bwork(?:ing|s)? (?:\w+ ){0,2}\d|\b(?:at work|job|worked|shifts?|uni|visa|student|flight|drive)\b",
    re.IGNORECASE,
)
_CAN_DO: Final = re.compile(
    r"\b(?:can|could|able to|might) (?:only |just |probably |maybe )?(?:do|manage|spare|give|find|fit in)"
    r"(?: like| about| maybe| around)?\s\Z",
    re.IGNORECASE,
)
"""'Can do 5h': hours that are given, with no week named."""
_ONLY_HOURS: Final = re.compile(
    r"(?:(?:ok|okay|yes|yeah|yep|so|then|well|just|only|say|like)[, ]{1,3}){0,3}\d{1,2}(?:\.5)?\s?-?(?:h|hrs?|hours?)"
    r"(?:\s?(?:a|per|each|every|/)?\s?(?:week|wk)|\s(?:weekly|wkly|pw))",
    re.IGNORECASE,
)


_DAYS_BESIDE: Final = re.compile(
    r"(?:\b(?:on|every) )?\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:weekends?|weekdays?)\b|\band\b(?=\s{0,3}\Z|\s+(?:mon|tue|wed|thu|fri|sat|sun))",
    re.IGNORECASE,
)


def _of_a_week(hits: list[re.Match[str]]) -> list[re.Match[str]]:
    """The one of several that says 'a week', where only one does."""
    weekly = [one for one in hits if one["every"]]
    return weekly if len(weekly) == 1 else hits


_OF_DAYS: Final = re.compile(
    r"(?<![\d.$])(?P<count>\d{1,2}(?:\.5)?|an|half an)\s?-?(?P<unit>h|hrs?|hours?|mins?|minutes?)\b"
    r"(?P<when>[^.;,\d]{0,40}?\b(?:daily|a day|per day|each day|every day|everyday|every night|a night|each night"
    r"|per night|weekdays?|weekends?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tues?|weds?|thu(?:rs?)?"
    r"|fri|sat|sun)\b(?:\s(?:on|in|of)\s(?:the\s)?weekdays?\b)?"
    r"(?:\s?(?:and|&|n|,)\s?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\b){0,4})",
    re.IGNORECASE,
)
_EVERY_DAY: Final = re.compile(r"\b(?:daily|day|everyday|night)\b", re.IGNORECASE)
_ON_WEEKDAYS: Final = re.compile(r"\bweekdays?\b", re.IGNORECASE)
_DAYS_A_WEEK: Final = 7
_WORKDAYS: Final = 5
_MINUTES_AN_HOUR: Final = 60


def weekly_total(text: str) -> str:
    """The hours a week of a text that gives them by days: 'an hour each weekday and 3 hrs on
    sunday' is 8; '' for any other.
    """
    hits = list(_OF_DAYS.finditer(text))
    if not hits or _NO_STUDY.search(text) or _NOT_SPARE.search(text) or not _SPARES.search(text):
        return ""
    is_daily = any(_EVERY_DAY.search(one["when"]) for one in hits)
    if len(hits) == 1 and not is_daily and not _ON_WEEKDAYS.search(hits[0]["when"]):
        return ""
    total = sum(_hours_of(one) for one in hits)
    within = study_plan.LEAST_HOURS <= total <= study_plan.MOST_HOURS
    return f"{round(total)}" if within else ""


def _hours_of(hit: re.Match[str]) -> float:
    """The hours a week of one part: its figure on each of its days."""
    figure = {"an": 1.0, "half an": 0.5}.get(hit["count"].lower()) or float(hit["count"])
    if hit["unit"].lower().startswith("m"):
        figure /= _MINUTES_AN_HOUR
    if _ON_WEEKDAYS.search(hit["when"]):
        return figure * _WORKDAYS
    if _EVERY_DAY.search(hit["when"]):
        return figure * _DAYS_A_WEEK
    return figure * max(1, len(days_of(weekdays(hit["when"], asked=True))))


_WEIGHED: Final = re.compile(
    r"\b(?:realistic|doable|poss|possible|feasible|manageable|achievable|worth (?:it|my|the)|enough|too (?:much"
    r"|little|few|many|slow|low|hard)|any (?:use|good|point)|silly|crazy|mad|(?<=\s)(?:ok|okay)|hopeless"
    r"|a joke|dreaming|overkill|reasonable|sensible|cut it|(?:what|wat)(?:'?s| does| would| is)? (?:that|it|this)"
    r" (?:all )?(?:look|mean|come|make|end up))\b",
    re.IGNORECASE,
)
_NO_PLAN_HOURS: Final = re.compile(
    r"\b(?:visa|points?|acs|482|485|189|190|491|186|employer|boss|job|rules?|allowed|legal)\b",
    re.IGNORECASE,
)
MOST_WEIGHED_WORDS: Final = 30


def hours_weighed(request: Request, is_topic: bool) -> str:
    """The hours a week that a text asks about being realistic, too much or enough: 'is 10 hrs a
    week too much'; '' for none.
    """
    text = with_digits(request.words.strip())
    hits = _of_a_week(list(_SPARE.finditer(text)))
    if len(hits) != 1 or len(text.split()) > MOST_WEIGHED_WORDS or not _WEIGHED.search(text):
        return ""
    if _NO_STUDY.search(text.replace("?", " ")) or _NOT_SPARE.search(text):
        return ""
    if _NO_PLAN_HOURS.search(text) or not (hits[0]["every"] or is_topic):
        return ""
    return re.sub(r"\s?(?:-|–|to)\s?", " or ", hits[0]["hours"])


def set_background(request: Request, rest: str) -> Turn:
    background = re.sub(r"\W+", "_", rest.strip()) or "other"
    progress = request.state.person.progress
    if progress:
        mine = plan_of(request, progress)
    else:
        mine = plan_named(request)[1]
    if background not in mine.known_from:
        return overview(request)
    person = request.state.person
    profile = replace(person.profile, background=background)
    progress = person.progress
    if progress is not None:
        open_before = [
            key for key in mine.known_from[background] if not _has_ticks(mine, progress, key)
        ]
        progress = replace(progress, known_units=tuple(open_before))
    state = replace(request.state, person=replace(person, profile=profile, progress=progress))
    blocks: list[Block]
    named = request.text(f"background_{background}")
    if progress and progress.known_units:
        blocks = [_background_line(request, mine, progress, background)]
    else:
        if progress:
            key = "plan_background_nothing"
        else:
            key = "plan_background_done"
        blocks = [paragraph(request.text(key, background=named))]
    return request.answer(
        *blocks, Choices((tap(request, "show", "plan"),)), personal=True, state=state
    )


def _has_ticks(mine: Plan, progress: Progress, unit_key: str) -> bool:
    return any(
        study_plan.is_closed(progress, f"{unit_key}.{key}") for key in mine.units[unit_key].steps
    )


def set_hours(request: Request, rest: str) -> Turn:
    progress = request.state.person.progress
    said = rest.strip()
    if progress is None:
        if said:
            return start_plan(request, f"{said}h")
        return offer_plan(request)
    if not said:
        taps = tuple(
            tap(request, "hours", f"plan hours {hours}", hours=hours)
            for hours in USUAL_HOURS_OFFERED
        )
        return request.answer(
            Paragraph(request.spans("plan_hours_ask")), Choices(taps), personal=True
        )
    number = re.match(
        r"(\d{1,3}(?:\.\d)?)\s{0,3}(?:h|hrs?|hours?)?(?:\s{0,3}(?:a|per)\s{0,3}week)?$", said
    )
    if number is None or not study_plan.LEAST_HOURS <= float(number[1]) <= study_plan.MOST_HOURS:
        return _hours_refused(request, said, progress.hours)
    return _new_hours(request, progress, float(number[1]))


def _hours_refused(request: Request, said: str, hours: float) -> Turn:
    if request.state.person.progress:
        phrase = "plan_hours_wrong"
    else:
        phrase = "plan_hours_wrong_new"
    return request.answer(
        Paragraph(request.spans(phrase, said=said, hours=local_time.hours(hours))),
        personal=True,
        remember=False,
    )


def _new_hours(request: Request, progress: Progress, hours: float) -> Turn:
    mine = plan_of(request, progress)
    changed = replace(progress, hours=hours)
    laid = study_plan.weeks(
        mine, changed, local_time.today(request.state.person, request.event), zone_name(request)
    )
    values = {"hours": local_time.hours(hours), "weeks": local_time.weeks(len(laid))}
    if len(laid) > FAR:
        phrase = "plan_hours_set_long"
    else:
        phrase = "plan_hours_set"
    blocks: list[Block] = [Paragraph(request.spans(phrase, **values))]
    if laid:
        blocks.append(reach_line(request, mine, laid))
    if any(part.parts > 1 for week in laid for part in week.parts):
        blocks.append(paragraph(request.text("plan_hours_split")))
    if laid:
        blocks.append(week_note(request, changed, laid[0]))
    person = request.state.person
    state = with_progress(
        replace(
            request.state, person=replace(person, profile=replace(person.profile, hours=hours))
        ),
        changed,
    )
    return request.answer(
        *blocks,
        Choices((tap(request, "show", "plan"), tap(request, "calendar", "calendar"))),
        personal=True,
        state=state,
    )


def in_weeks(request: Request, weeks: int) -> Turn:
    """A wish for an end: the hours it takes, or, where nobody keeps that up,
    the reason and what those weeks do hold.
    """
    mine, progress = plan_or_trial(request)
    hours = max(study_plan.LEAST_HOURS, study_plan.hours_for(mine, progress, max(weeks, 1)))
    if hours > study_plan.SUSTAINED_HOURS:
        return no_promise(request, max(weeks, 1))
    if request.state.person.progress is None:
        return _begin(request, f"{hours}h")
    changed = replace(progress, hours=hours)
    laid = study_plan.weeks(
        mine, changed, local_time.today(request.state.person, request.event), zone_name(request)
    )
    line = request.spans(
        "plan_weeks_set",
        weeks=local_time.weeks(min(weeks, len(laid))),
        hours=local_time.hours(hours),
        end=end_words(request, laid),
    )
    return request.answer(
        Paragraph(line),
        Choices((tap(request, "show", "plan"),)),
        personal=True,
        state=with_progress(request.state, changed),
    )


def no_promise(request: Request, weeks: int, *, expert: bool = False) -> Turn:
    mine, progress = plan_or_trial(request)
    left = study_plan.hours_left(mine, progress)
    asked = WEEKS.search(with_digits(request.words))
    weeks = week_count(asked) if asked else weeks
    units = len(study_plan.units(mine, progress))
    blocks: list[Block] = []
    if expert and not asked:
        blocks.append(paragraph(request.text("plan_no_expert", promise=mine.promise)))
    else:
        values = {
            "units": units,
            "left": left,
            "weeks": local_time.weeks(weeks),
            "needed": local_time.hours(study_plan.hours_for(mine, progress, max(weeks, 1))),
            "promise": mine.promise,
        }
        blocks.append(paragraph(request.text("plan_too_short", **values)))
    blocks += _slice(request, mine, progress, weeks)
    taps = [
        tap(request, "show", "plan")
        if request.state.person.progress
        else tap(request, "start", "plan start")
    ]
    return request.answer(*blocks, Choices((*taps, tap(request, "units", "plan full"))))


def first_weeks(request: Request, rest: str) -> Turn:
    mine, progress = plan_or_trial(request)
    count = int(rest) if rest.strip().isdecimal() else SLICE_WEEKS
    taps = [
        tap(request, "show", "plan")
        if request.state.person.progress
        else tap(request, "start", "plan start")
    ]
    return request.answer(*_slice(request, mine, progress, max(1, count)), Choices(tuple(taps)))


def _slice(request: Request, mine: Plan, progress: Progress, weeks: int) -> list[Block]:
    """What the first weeks really hold: the units that close in them, and the steps."""
    monday = local_time.today(request.state.person, request.event)
    laid = study_plan.weeks(mine, progress, monday)[:weeks]
    later = {
        part.numbered.key
        for week in study_plan.weeks(mine, progress, monday)[weeks:]
        for part in week.parts
    }
    inside = [part.numbered for week in laid for part in week.parts if part.part == 1]
    touched = dict.fromkeys(step.unit_key for step in inside)
    whole = [
        key
        for key in touched
        if all(f"{key}.{step}" not in later for step in mine.units[key].steps)
    ]
    numbers = {key: number for number, key in enumerate(mine.units, 1)}
    values = {
        "weeks": local_time.weeks(min(weeks, len(laid))),
        "hours": local_time.hours(progress.hours) + " a week",
    }
    match whole:
        case []:
            line = request.text(
                "plan_slice_part", first=inside[0].unit_number if inside else 1, **values
            )
        case [only]:
            line = request.text("plan_slice_one", first=numbers[only], **values)
        case [first, *_, last]:
            line = request.text("plan_slice", first=numbers[first], last=numbers[last], **values)
    steps = tuple((Text(f"{step.number}. {step.step.title}"),) for step in inside)
    return [paragraph(line), Note(request.text("plan_slice_title"), steps)]
