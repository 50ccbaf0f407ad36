"""`visa`: the pathways, one of them, several side by side, the steps to one; and the dates and tables that all share.

A subclass is never guessed from another number; a mistyped word may be, and the answer says so. Nothing here chooses a
visa for anybody: that is declined in bot.guard before a question gets here.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.answers import code as codes
from bot.answers.migration import (
    all_known,
    known,
    places_blocks,
    places_facts,
    reform_blocks,
    rounds_blocks,
    rounds_facts,
    row_facts,
    row_words,
    sourced,
)
from bot.answers.printing import dates_of, day, figure, keys, name_of, number, sources_block
from bot.asking import Ask, Handler
from bot.local import today
from bot.matching import corrected
from bot.reply import Block, Bullets, Choices, Line, Link, Note, Open, Paragraph, Strong, Table, Tap, Text, paragraph, spans
from bot.turn import Turn
from content.english import LEVELS, Scores
from content.entry import Fact, Range
from content.library import Content
from content.visa import Correction, Visa, VisaStep

MOST_COLUMNS = 5
"""More visas than this side by side are a table that nobody reads."""

FULL_ROWS = 2
"""Up to so many visas stand side by side with every row; more of them with the core rows first."""

_SUBCLASS = re.compile(r"(?<![\d,.$])\d{3}(?![\d,.%])")
_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the words after `visa` ask for. `aside`: steps, compare, rounds …, or empty. `taken`: a mistyped word and what
    it was taken for. `unknown`: a number or words that nothing here knows.
    """

    visas: tuple[str, ...] = ()
    aside: str = ""
    all_rows: bool = False
    taken: tuple[str, str] | None = None
    unknown_number: str = ""
    unknown_words: str = ""


def visa(ask: Ask) -> Turn:
    if _CODE.search(ask.words):
        return codes.code(ask)
    wanted = read(ask)
    if wanted.unknown_number:
        return _list(ask, paragraph(ask.say("visa_unknown", subclass=wanted.unknown_number)))
    if wanted.unknown_words and not wanted.visas and not wanted.aside:
        return _list(ask, paragraph(ask.say("visa_unknown_words", words=wanted.unknown_words)))
    taken = (paragraph(ask.say("visa_taken", typed=wanted.taken[0], meant=wanted.taken[1])),) if wanted.taken else ()
    match wanted.aside:
        case "rounds":
            return _told(ask, rounds_blocks(ask), rounds_facts(ask.content), taken=taken)
        case "places":
            return _told(ask, places_blocks(ask), places_facts(ask.content), taken=taken)
        case "reform":
            return _reform(ask, taken)
        case "english":
            return _english(ask, taken)
        case "assessment":
            return _assessment(ask, taken)
        case "steps":
            return _steps(ask, wanted.visas, taken)
        case "compare":
            return _compare(ask, wanted, taken)
    if wanted.aside == "more" and wanted.visas:
        return _more(ask, wanted.visas[0], taken)
    if len(wanted.visas) > 1:
        return _compare(ask, wanted, taken)
    return _detail(ask, wanted.visas[0], taken) if wanted.visas else _list(ask)


def read(ask: Ask) -> Wanted:
    """What the words ask for, in the order they were typed. Understanding's subclasses count where the words name none."""
    content, text = ask.content, ask.words.lower()
    numbers = tuple(dict.fromkeys(_SUBCLASS.findall(text)))
    unknown = next((subclass for subclass in numbers if subclass not in content.visas), "")
    named, rest = _named(content, _SUBCLASS.sub(" ", text))
    visas = tuple(subclass for subclass in dict.fromkeys((*numbers, *named)) if subclass in content.visas)
    if not numbers and not named:
        heard = ask.entities.get("subclass", ())
        visas = tuple(str(item) for item in heard if str(item) in content.visas) if isinstance(heard, list | tuple) else ()
    asides, rest = _asides(content, rest)
    whole = corrected(" ".join(rest.split()), _names(content)) if not (numbers or named or asides) else None
    if whole:
        return Wanted(visas=(whole,), taken=(ask.words, f"{whole} {content.visas[whole].name}"))
    words = [word for word in _WORD.findall(rest) if word not in content.migration.passed_over]
    taken: tuple[str, str] | None = None
    left: list[str] = []
    for word in words:
        meant = corrected(word, _vocabulary(content))
        if meant is None or taken:
            left.append(word)
        elif meant in content.visas:
            taken, visas = (word, f"{meant} {content.visas[meant].name}"), tuple(dict.fromkeys((*visas, meant)))
        else:
            taken, asides = (word, meant.replace("_", " ")), (*asides, meant)
    return Wanted(
        visas=visas,
        aside=next((aside for aside in asides if aside != "all_rows"), ""),
        all_rows="all_rows" in asides,
        taken=taken,
        unknown_number=unknown,
        unknown_words=" ".join(left),
    )


def _named(content: Content, text: str) -> tuple[tuple[str, ...], str]:
    """Subclasses whose names stand in the text, in that order, and the text without those names. Longer names first."""
    found: list[tuple[int, str]] = []
    for name, subclass in sorted(_names(content).items(), key=lambda pair: -len(pair[0])):
        pattern = rf"\b{re.escape(name)}\b"
        if match := re.search(pattern, text):
            found.append((match.start(), subclass))
            text = re.sub(pattern, lambda gone: " " * len(gone.group()), text)
    return tuple(subclass for _, subclass in sorted(found)), text


def _names(content: Content) -> dict[str, str]:
    """Every name of a pathway with its subclass."""
    return {name: subclass for subclass, entry in content.visas.items() for name in (entry.name.lower(), *entry.also_called)}


def _asides(content: Content, text: str) -> tuple[tuple[str, ...], str]:
    found = []
    for aside, words in content.migration.asides.items():
        for word in sorted(words, key=len, reverse=True):
            pattern = rf"(?<![\w-]){re.escape(word)}(?![\w-])"
            if re.search(pattern, text):
                found.append(aside)
                text = re.sub(pattern, " ", text)
    return tuple(dict.fromkeys(found)), text


def _vocabulary(content: Content) -> dict[str, str]:
    """Single words that may be mistyped, with what they mean: an aside or a subclass."""
    words = {word: aside for aside, known_words in content.migration.asides.items() for word in known_words if " " not in word}
    return words | {name: subclass for name, subclass in _names(content).items() if " " not in name}


def _list(ask: Ask, *before: Block) -> Turn:
    visas = ordered(ask.content)
    items = tuple(
        (Strong(_title(ask, subclass)), Text(ask.say("visa_in_a_line", line=entry.in_a_line))) for subclass, entry in visas.items()
    )
    misread = [code.is_not for code in ask.content.codes.values() if code.is_not]
    problem = ask.say("visas_code_problem", is_not=" ".join(misread))
    title = Paragraph((Strong(ask.say("visas_title")),))
    blocks = (*(before or (title,)), Bullets(items), paragraph(problem))
    cited = (*(fact for entry in visas.values() for fact in row_facts(ask, entry, "kind")), *ask.content.migration.who_decides)
    taps = (*(Tap(subclass, f"visa {subclass}") for subclass in visas), *compare_all(ask), Tap(ask.say("tap_which_codes"), "code"))
    return _told(ask, blocks, cited, taps=taps)


def compare_all(ask: Ask) -> tuple[Tap, ...]:
    first = tuple(ordered(ask.content))[:MOST_COLUMNS]
    return (Tap(ask.say("tap_compare_all", subclasses=" · ".join(first)), " ".join(("visa compare", *first))),) if len(first) > 1 else ()


def ordered(content: Content) -> dict[str, Visa]:
    """The pathways in the order in which lists show them."""
    return dict(sorted(content.visas.items(), key=lambda pair: (pair[1].order, pair[0])))


def _title(ask: Ask, subclass: str) -> str:
    return ask.say("visa_title", subclass=subclass, name=ask.content.visas[subclass].name)


def _detail(ask: Ask, subclass: str, taken: tuple[Block, ...]) -> Turn:
    """What fits a phone: the criteria, the money, what happened lately, what the careers page says. The rest is a tap away."""
    entry = ask.content.visas[subclass]
    needs = all_known(ask.content, (entry.cells[row] for row in entry.needs))
    money = _own_lines(ask, entry)
    lately = all_known(ask.content, entry.lately)
    blocks = (
        *taken,
        Paragraph((Strong(_title(ask, subclass)), Text(ask.say("visa_in_a_line", line=entry.in_a_line)))),
        Paragraph((Strong(ask.say("visa_needs")), Text(ask.say("visa_needs_list", needs="; ".join(map(figure, needs)))))),
        *(_labelled(ask.say("visa_own_line", label=ask.content.migration.rows[row]), f"{row_words(ask, entry, row)}.") for row in money),
        *((_labelled(ask.say("visa_lately"), " ".join(map(figure, lately))),) if lately else ()),
        *corrections(ask, entry.corrections),
    )
    disputed = tuple(fact for each in entry.corrections for fact in (each.page_says, *all_known(ask.content, each.found)))
    cited = (*needs, *(fact for row in money for fact in row_facts(ask, entry, row)), *lately, *disputed)
    return _told(ask, blocks, cited, taps=_detail_taps(ask, subclass, entry))


def _labelled(label: str, words: str) -> Paragraph:
    return Paragraph((Strong(label), Text(f" {words}")))


def _own_lines(ask: Ask, entry: Visa) -> tuple[str, ...]:
    return tuple(row for row in ask.content.migration.own_lines if row_facts(ask, entry, row))


def corrections(ask: Ask, all_of_them: Iterable[Correction]) -> tuple[Block, ...]:
    """What the careers page says and what we found, each named as such."""
    return tuple(
        Paragraph(
            (
                Strong(ask.say("visa_page_says")),
                Text(f" {figure(each.page_says)} "),
                Strong(ask.say("visa_found")),
                Text(" " + " ".join(figure(known(ask.content, found)) for found in each.found)),
            )
        )
        for each in all_of_them
    )


def _more(ask: Ask, subclass: str, taken: tuple[Block, ...]) -> Turn:
    """The rows that the visa's answer has not told, each with its own source; then further facts; gaps in one line."""
    entry = ask.content.visas[subclass]
    told = {*entry.needs, *entry.line_tells, *_own_lines(ask, entry)}
    rows = {row: row_facts(ask, entry, row) for row in ask.content.migration.rows if row not in told}
    labels = ask.content.migration.rows
    further = all_known(ask.content, entry.more)
    lines = [
        sourced(ask, ask.say("visa_row", label=labels[row], words=row_words(ask, entry, row)), *facts)
        for row, facts in rows.items()
        if facts
    ]
    lines += [sourced(ask, figure(fact), fact) for fact in further]
    gaps = [labels[row] for row, facts in rows.items() if not facts]
    if gaps:
        lines.append(spans(ask.say("visa_row_gap", labels=", ".join(gaps))))
    cited = (*(fact for facts in rows.values() for fact in facts), *further)
    taps = (Tap(ask.say("tap_about_visa", subclass=subclass), f"visa {subclass}"), *_detail_taps(ask, subclass, entry, more=False))
    heading = Paragraph((Strong(ask.say("visa_more", subclass=subclass)),))
    return _told(ask, (*taken, heading, Bullets(tuple(lines))), cited, taps=taps)


def _detail_taps(ask: Ask, subclass: str, entry: Visa, *, more: bool = True) -> Iterator[Tap | Open]:
    if "points" in entry.needs:
        yield Tap(ask.say("tap_my_points"), "points")
    if entry.compare_with:
        yield Tap(ask.say("tap_compare_with", subclass=entry.compare_with), f"visa compare {subclass} {entry.compare_with}")
    if entry.steps:
        yield Tap(ask.say("tap_steps"), f"visa steps {subclass}")
    if more:
        yield Tap(ask.say("tap_more_visa"), f"visa {subclass} more")
    yield Tap(ask.say("tap_which_codes"), "code")
    yield Open(ask.say("tap_official"), entry.official_page)


def _compare(ask: Ask, wanted: Wanted, taken: tuple[Block, ...]) -> Turn:
    content = ask.content
    chosen = wanted.visas or tuple(ordered(content))
    if len(chosen) == 1:
        others = tuple(Tap(other, f"visa compare {chosen[0]} {other}") for other in ordered(content) if other != chosen[0])
        return ask.answer(*taken, paragraph(ask.say("visa_compare_one", subclass=chosen[0])), Choices(others), remember=False)
    too_many = (paragraph(ask.say("visa_compare_most")),) if len(chosen) > MOST_COLUMNS else ()
    chosen = chosen[:MOST_COLUMNS]
    every_row = wanted.all_rows or len(chosen) <= FULL_ROWS
    blocks, cited = comparison(ask, chosen, every_row=every_row)
    more = () if every_row else (Tap(ask.say("tap_all_rows"), " ".join(("visa compare", *chosen, "all rows"))),)
    points = any("points" in content.visas[subclass].needs for subclass in chosen)
    taps = (*more, *((Tap(ask.say("tap_my_points"), "points"),) if points else ()), Tap(ask.say("tap_which_codes"), "code"))
    return _told(ask, (*taken, *too_many, *blocks), cited, taps=taps)


def comparison(ask: Ask, subclasses: tuple[str, ...], *, every_row: bool) -> tuple[tuple[Block, ...], tuple[Fact, ...]]:
    """The rows side by side, and the facts behind them. A cell without a sourced fact says so."""
    migration, visas = ask.content.migration, [ask.content.visas[subclass] for subclass in subclasses]
    rows = tuple(migration.rows) if every_row else migration.core_rows
    title = " · ".join(subclasses)
    names = subclasses if len(subclasses) > FULL_ROWS else tuple(_title(ask, subclass) for subclass in subclasses)
    header = (ask.say("visa_compare_row"), *names)
    cells = tuple((migration.rows[row], *(row_words(ask, entry, row) for entry in visas)) for row in rows)
    facts = tuple(fact for row in rows for entry in visas for fact in row_facts(ask, entry, row))
    return (Table(ask.say("visa_compare_caption", subclasses=title), header, cells),), facts


def _steps(ask: Ask, subclasses: tuple[str, ...], taken: tuple[Block, ...]) -> Turn:
    if not subclasses:
        which = tuple(Tap(subclass, f"visa steps {subclass}") for subclass, entry in ordered(ask.content).items() if entry.steps)
        return ask.answer(*taken, paragraph(ask.say("visa_steps_which")), Choices(which), remember=False)
    subclass, *others = subclasses
    entry = ask.content.visas[subclass]
    taps: tuple[Tap | Open, ...] = (
        Tap(ask.say("tap_about_visa", subclass=subclass), f"visa {subclass}"),
        *(Tap(ask.say("tap_steps") + f" {other}", f"visa steps {other}") for other in others),
        Tap(ask.say("tap_which_codes"), "code"),
        Open(ask.say("tap_official"), entry.official_page),
    )
    if not entry.steps:
        return _told(ask, (*taken, paragraph(ask.say("visa_steps_none", subclass=subclass))), (), taps=taps)
    heading = Paragraph((Strong(ask.say("visa_steps_title", subclass=subclass, name=entry.name)),))
    listed = Bullets(tuple(_step(ask, step) for step in entry.steps), ordered=True)
    cited = tuple(fact for step in entry.steps for fact in all_known(ask.content, (*step.about, *step.takes)))
    return _told(ask, (*taken, heading, listed, paragraph(ask.say("visa_steps_processing"))), cited, taps=taps)


def _step(ask: Ask, step: VisaStep) -> Line:
    times = all_known(ask.content, step.takes)
    line: Line = (Strong(step.title + "."),)
    for fact in all_known(ask.content, step.about):
        line += spans(f" {figure(fact).rstrip('.')}.")
    if times:
        line += spans(" " + ask.say("visa_step_takes", times="; ".join(_time(ask, fact) for fact in times)) + _window(ask, times))
    if step.where:
        line += spans(" ", Link(ask.say("visa_official"), step.where))
    return line


def _time(ask: Ask, fact: Fact) -> str:
    source = ask.content.sources[fact.source]
    origin = ask.say("visa_from", name=name_of(source), dates=dates_of(source, (fact,)))
    return ask.say("visa_step_time", figure=figure(fact), origin=origin)


def _window(ask: Ask, times: tuple[Fact, ...]) -> str:
    """The shortest and the longest of the reported times, counted from today in days of the calendar."""
    start = today(ask.state.person, ask.event)
    ranges = [(fact.value, fact.unit or "") for fact in times if isinstance(fact.value, Range)]
    lows = [_later(start, value.low, unit) for value, unit in ranges if value.low is not None]
    highs = [_later(start, value.high, unit) for value, unit in ranges if value.high is not None]
    if not lows:
        return ""
    if not highs:
        return ask.say("visa_step_not_before", today=day(start), first=day(min(lows)))
    return ask.say("visa_step_window", today=day(start), first=day(min(lows)), last=day(max(highs)))


def _later(start: date, count: float, unit: str) -> date:
    """So many weeks, months or years of the calendar after `start`; the last day of a month that is too short."""
    if unit == "weeks":
        return start + timedelta(weeks=count)
    months = start.month - 1 + round(count * (12 if unit == "years" else 1))
    year, month = start.year + months // 12, months % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def _reform(ask: Ask, taken: tuple[Block, ...]) -> Turn:
    status = ask.content.sources[ask.content.migration.reform[-1].source]
    lead = paragraph(ask.say("reform_lead", date=dates_of(status, ())))
    return _told(ask, (*taken, lead, *reform_blocks(ask)), ask.content.migration.reform)


def _assessment(ask: Ask, taken: tuple[Block, ...]) -> Turn:
    """Fees, times and validity of the skills assessment, each with its source."""
    facts = all_known(ask.content, ask.content.migration.assessment)
    lines = tuple(
        sourced(ask, figure(fact) if isinstance(fact.value, str) else f"{figure(fact)}: {fact.measures}.", fact) for fact in facts
    )
    return _told(ask, (*taken, Paragraph((Strong(ask.say("assessment_title")),)), Bullets(lines)), facts)


def _english(ask: Ask, taken: tuple[Block, ...]) -> Turn:
    """The table of tests and levels; older tests below, as far as our sources know them."""
    english = ask.content.english
    changed = day(english.changed_on)
    header = (ask.say("english_test"), *(english.levels[level] for level in LEVELS))
    rows = tuple(
        (test.name, *(_scores(ask, test.scores[level]) if level in test.scores else ask.say("english_not_accepted") for level in LEVELS))
        for test in english.tests.values()
    )
    older = [
        ask.say(
            "english_older_known",
            test=test.name,
            levels="; ".join(
                ask.say("english_level_scores", level=english.levels[level], scores=_scores(ask, test.before[level]))
                for level in LEVELS
                if level in test.before
            ),
        )
        for test in english.tests.values()
        if test.before
    ]
    unknown = [test.name for test in english.tests.values() if not test.before]
    facts = (english.six_and_a_half, english.passport_fact, english.validity)
    blocks = (
        *taken,
        paragraph(figure(english.six_and_a_half)),
        Table(ask.say("english_caption", day=changed), header, rows),
        paragraph(ask.say("english_lead")),
        Note(
            ask.say("english_older", day=changed),
            tuple(spans(item) for item in (*older, ask.say("english_older_unknown", tests=", ".join(unknown)))),
        ),
        *(paragraph(figure(fact)) for fact in facts[1:]),
    )
    return _told(ask, blocks, (english.source, *facts))


def _scores(ask: Ask, scores: Scores) -> str:
    each = (scores.listening, scores.reading, scores.writing, scores.speaking)
    return ask.say("english_each", score=number(each[0])) if len(set(each)) == 1 else "/".join(map(number, each))


def _told(
    ask: Ask,
    blocks: tuple[Block, ...],
    cited: Iterable[Fact | str],
    *,
    taps: Iterable[Tap | Open] = (),
    taken: tuple[Block, ...] = (),
) -> Turn:
    """An answer with its sources, the migration caveat and its taps."""
    shown = tuple(cited)
    offered = tuple(taps) or (Tap(ask.say("tap_visa_pathways"), "visa"), Tap(ask.say("tap_my_points"), "points"))
    ending: tuple[Block, ...] = (sources_block(ask, *shown, caveat="visas_caveat"),) if shown else (paragraph(ask.say("visas_caveat")),)
    return ask.answer(*taken, *blocks, *ending, Choices(offered), sources=keys(ask, *shown))


HANDLERS: dict[str, Handler] = {"visa": visa}
