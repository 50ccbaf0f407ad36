"""`evidence`: what shows a person's work, by unit, in their own words; and the same as two files to
keep or print.

Nothing is written for them: a step without anything to show is listed as such, and a CV's words are
those they gave.
"""

import re
from dataclasses import replace
from typing import Final

from bot.calculators import study_plan
from bot.calculators.study_plan import Numbered
from bot.core import local_time
from bot.core.reply import (
    Block,
    Bullets,
    Choices,
    File,
    Line,
    Link,
    Paragraph,
    Strong,
    Tap,
    Text,
    paragraph,
)
from bot.core.request import Grammar, Handler, Request
from bot.core.state import Progress
from bot.core.turn import Turn
from bot.features.learning.portfolio import Piece, Portfolio, html_page, markdown_page
from bot.features.plan import done, plan_of, step_numbers, tap, upper_first
from content.content import Content
from content.plan import Plan
from scheduler.civil_time import zone

_ADDRESS: Final = re.compile(r"https?://\S+")
_ONLY_ADDRESS: Final = re.compile(
    r"\s{0,9}<?(?P<link>https?://[^\s|>]+)(?:\|[^>]{0,400})?>?\s{0,9}"
)
_EXPORT: Final = re.compile(r"(?:export|download|file|pdf|print|html|markdown)\b", re.IGNORECASE)
_STEP: Final = re.compile(r"(?:step\s+)?(?P<number>\d{1,2})\s+(?P<shown>\S.*)", re.DOTALL)


def evidence(request: Request) -> Turn:
    """`evidence`, `evidence export`, `evidence 3 https://…` for a step that is done."""
    progress = request.state.person.progress
    if progress is None:
        return request.answer(
            paragraph(request.text("evidence_no_plan")),
            Choices((tap(request, "start", "plan start"),)),
            remember=False,
        )
    if _EXPORT.match(request.words):
        return _export(request, progress)
    if told := _STEP.fullmatch(request.words.strip()):
        return _add(request, progress, told)
    return _list(request, progress)


def link_kept(request: Request) -> Turn | None:
    """A bare address, from somebody who has closed a step: it shows the step closed last.

    None for anything else.
    """
    progress = request.state.person.progress
    found = _ONLY_ADDRESS.fullmatch(request.words)
    if found is None or progress is None or not progress.done:
        return None
    latest = max(progress.done, key=lambda key: progress.done[key][0])
    steps = {step.key: step for step in study_plan.steps(plan_of(request, progress))}
    if latest not in steps:
        return None
    kept = progress.done[latest][1]
    if kept and kept != found["link"]:
        words = request.spans("evidence_which", number=steps[latest].number, kept=kept)
        return request.answer(Paragraph(words), personal=True, remember=False)
    return _with(request, f"{steps[latest].number} {found['link']}")


_SAYS_DONE: Final = re.compile(
    r"\b(?:done|finished|complete|completed|ready|did|made|built|wrote|passing|passes|green"
    r"|works|working|up|pushed|published|shipped|here|proof|evidence|project|repo|tick)\b",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"(?<![\w/.])(?:github|gitlab|bitbucket|huggingface)\.(?:com|org|co)/\S", re.IGNORECASE
)
"""An address typed without what it begins with."""
_IS_PROOF: Final = re.compile(
    r"\b(?:proof|evidence|project|repo|for (?:unit|step))\b", re.IGNORECASE
)
MOST_WORDS_BESIDE: Final = 20


def links_kept(request: Request) -> Turn | None:
    """'The script is ready https://…', 'finished step 1 and 2: https://… and https://…': each step
    with its address. None for anything else.
    """
    request = replace(request, words=_BARE.sub(r"https://\g<0>", request.words))
    progress = request.state.person.progress
    links = _ADDRESS.findall(request.words)
    words = _ADDRESS.sub(" ", request.words)
    if progress is None and links and _IS_PROOF.search(words) and "?" not in words:
        return evidence(replace(request, command="evidence", words=""))
    if progress is None or not links or "?" in words or len(words.split()) > MOST_WORDS_BESIDE:
        return None
    if not _SAYS_DONE.search(words):
        return None
    numbers = (
        step_numbers(re.sub(r"(?<![\s:,])[\s:,]{1,9}(?:and\s{0,3})?$", "", words.strip())) or ()
    )
    if len(numbers) == len(links) > 1:
        return _each(request, numbers, links)
    listed = " and ".join(map(str, numbers))
    return _with(request, f"{listed} {links[0]}" if listed else f"{words} {links[0]}")


def _each(request: Request, numbers: tuple[int, ...], links: list[str]) -> Turn:
    """Every step ticked with its own address; the last one's answer stands for all."""
    *before, last = zip(numbers, links, strict=True)
    for number, link in before:
        request = replace(request, state=_with(request, f"{number} {link}").state)
    turn = _with(request, f"{last[0]} {last[1]}")
    first, *others = turn.replies
    ticked = paragraph(request.text("done_links_kept", numbers=", ".join(map(str, numbers[:-1]))))
    return replace(turn, replies=(replace(first, blocks=(ticked, *first.blocks)), *others))


def _with(request: Request, words: str) -> Turn:
    return done(replace(request, command="done", words=words, entities={}))


def _add(request: Request, progress: Progress, told: re.Match[str]) -> Turn:
    step = next(
        (
            one
            for one in study_plan.steps(plan_of(request, progress))
            if str(one.number) == told["number"]
        ),
        None,
    )
    if step is None or step.key in progress.done:
        return _with(request, f"{told['number']} {told['shown']}")
    return request.answer(
        Paragraph(request.spans("evidence_open", number=step.number, step=step.step.title)),
        personal=True,
        remember=False,
    )


def _list(request: Request, progress: Progress) -> Turn:
    """Unit by unit, what is there to show, and what is closed without anything."""
    mine = plan_of(request, progress)
    shown = [step for step in study_plan.steps(mine) if progress.done.get(step.key, ("", ""))[1]]
    bare = [
        str(step.number)
        for step in study_plan.steps(mine)
        if step.key in progress.done and not progress.done[step.key][1]
    ]
    blocks: list[Block] = []
    for number, title in dict.fromkeys((step.unit_number, step.unit.title) for step in shown):
        heading = request.text("evidence_unit", number=number, title=title)
        blocks.append(Paragraph((Strong(heading),)))
        of_unit = [step for step in shown if step.unit_number == number]
        blocks.append(Bullets(tuple(_line(progress, step) for step in of_unit)))
    if not shown:
        blocks.append(Paragraph(request.spans("evidence_none")))
    if bare:
        words = request.spans("evidence_bare", numbers=", ".join(bare), first=bare[0])
        blocks.append(Paragraph(words))
    export = Tap(request.text("tap_evidence_export"), "evidence export")
    taps = (*((export,) if progress.done else ()), tap(request, "show", "plan"))
    return request.answer(*blocks, Choices(taps), personal=True)


def _line(progress: Progress, step: Numbered) -> Line:
    shown = progress.done[step.key][1]
    title = Text(f"{step.number}. {step.step.title}: ")
    if _ADDRESS.fullmatch(shown):
        return (title, Link(shown, shown))
    return (title, Text(shown))


def _export(request: Request, progress: Progress) -> Turn:
    """Two files with the same in them: a page to print, a text to paste from."""
    held = _portfolio(request, progress)
    html = File(
        name="evidence.html",
        media_type="text/html",
        text=html_page(held),
        caption=request.text("evidence_html_caption"),
        refused=request.text("file_refused", name="evidence.html"),
    )
    markdown = File(
        name="evidence.md",
        media_type="text/markdown",
        text=markdown_page(held),
        caption=request.text("evidence_markdown_caption"),
        refused=request.text("file_refused", name="evidence.md"),
    )
    return request.answer(html, markdown, personal=True, in_place=False)


def _portfolio(request: Request, progress: Progress) -> Portfolio:
    mine = plan_of(request, progress)
    place = zone(local_time.known_zone(request.state.person, request.event) or local_time.HOME)
    units: dict[str, tuple[Piece, ...]] = {}
    for step in study_plan.steps(mine):
        if step.key not in progress.done:
            continue
        when, shown = progress.done[step.key]
        piece = Piece(
            title=upper_first(step.step.title),
            day=local_time.day(when.astimezone(place).date()) + f" {when.astimezone(place).year}",
            shown=shown,
        )
        heading = request.text("evidence_unit", number=step.unit_number, title=step.unit.title)
        units[heading] = (*units.get(heading, ()), piece)
    return Portfolio(
        title=request.text("evidence_title"),
        plan=mine.title,
        made=request.text(
            "evidence_made", day=f"{local_time.day(request.today)} {request.today.year}"
        ),
        units=units,
        checklist_title=request.text("evidence_checklist"),
        checklist=tuple(_checklist(mine, progress)),
        words_title=request.text("evidence_words"),
        words=tuple(_own_words(request, mine, progress)),
        nothing=request.text("evidence_nothing_shown"),
        footer=request.text("evidence_footer"),
    )


def _checklist(mine: Plan, progress: Progress) -> list[tuple[bool, str]]:
    """The steps of the plan's last block, done or open."""
    last = list(mine.blocks)[-1]
    return [
        (step.key in progress.done, step.step.do)
        for step in study_plan.steps(mine)
        if step.unit.block == last
    ]


def _own_words(request: Request, mine: Plan, progress: Progress) -> list[str]:
    """Sentences that the person wrote themselves: with steps, and as evidence in the self-audit."""
    told = [
        progress.done[step.key][1] for step in study_plan.steps(mine) if step.key in progress.done
    ]
    audit = request.state.person.results.get("audit", {})
    told += [said for key, said in audit.items() if key.endswith("_evidence")]
    sentences = [said for said in told if said and not _ADDRESS.fullmatch(said) and " " in said]
    return list(dict.fromkeys(sentences))


def knows(_content: Content, _command: str, words: str) -> bool:
    return bool(_EXPORT.fullmatch(words.strip()) or _STEP.fullmatch(words.strip()))


HANDLERS: Final[dict[str, Handler]] = {"evidence": evidence}
GRAMMARS: Final[dict[str, Grammar]] = {"evidence": knows}
