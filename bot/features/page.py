"""A page: what fits one phone screen, with the rest behind *More*, and one line where the same page
is asked for again.

`more` after a command line opens the rest, so that it can be typed as well as tapped. Which blocks
come first is decided where the page is made.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.core.events import Said
from bot.core.reply import (
    ACTION_BYTES,
    Block,
    Choices,
    Line,
    Open,
    Paragraph,
    Picture,
    Sources,
    Strong,
    Tap,
    Text,
    paragraph,
    plain,
)
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import Cited, keys, sources_block
from bot.features.screen import fit

AGAIN: Final = timedelta(minutes=10)
"""What is asked again so soon gets one line: the whole answer is still on the screen."""

MORE: Final = "more"


def without_more(words: str) -> str:
    """The words without a closing 'more'."""
    head, _, last = words.strip().rpartition(" ")
    if last.lower() == MORE:
        return head.strip()
    return words


def opened(request: Request) -> tuple[Request, bool]:
    """The request for the page, and whether it asks for the page's second half."""
    words = without_more(request.words)
    return replace(request, words=words), words != request.words


def page(
    request: Request,
    *blocks: Block,
    rest: tuple[Block, ...] = (),
    cite: Iterable[Cited] = (),
    taps: Iterable[Tap | Open] = (),
    more: bool = False,
    personal: bool = False,
    whole: bool = False,
    remember: bool = True,
    caveat: str = "sources_caveat",
) -> Turn:
    """The blocks with their sources and taps; with `more` the rest in their place.

    What one screen does not hold joins the rest, unless the `whole` was asked for, as a comparison
    is.

    `request.words` are remembered and reopen the page, so they should be the shortest that do. A
    page that stands on the screen already is not printed twice: its first line is, and a tap.
    """
    cited = tuple(cite)
    blocks, left = (blocks, ()) if whole else fit(blocks)
    rest = (*left, *rest)
    if more and rest:
        taps, blocks = (_back(request), *taps), rest
    elif was_told(request) and not request.sentence() and not _is_drawn(blocks):
        # Other words may mean another thing, and whoever asks for a chart again wants the chart.
        return _repeat_page(request, blocks, cited, personal=personal)
    elif rest:
        taps = (*taps, *_more(request))
    sources: tuple[Sources, ...] = ()
    if cited:
        sources = (sources_block(request, *cited, caveat=caveat),)
    offered: tuple[Choices, ...] = ()
    if taps:
        offered = (Choices(_first_main(tuple(taps))),)
    return request.answer(
        *blocks,
        *sources,
        *offered,
        sources=keys(request, *cited),
        personal=personal,
        remember=remember,
    )


def _is_drawn(blocks: Iterable[Block]) -> bool:
    return any(isinstance(block, Picture) for block in blocks)


def _first_main(taps: tuple[Tap | Open, ...]) -> tuple[Tap | Open, ...]:
    """The first tap is what most people want next, and may stand out."""
    match taps:
        case (Tap() as first, *others):
            return (replace(first, main=True), *others)
        case _:
            return taps


def was_told(request: Request) -> bool:
    """Whether these words just had their answer in this chat,
    and are typed again rather than tapped.
    """
    match request.event.body:
        case Said(text=text, edit_of="") if text not in request.state.conversation.choices:
            pass
        case _:
            return False
    last = request.state.conversation.last
    if last is None or (last.command, last.words) != (request.command, request.words):
        return False
    # A figure that the words do not hold asks for something else, whatever it was read as.
    new = set(re.findall(r"\d+", text)) - set(re.findall(r"\d+", request.words))
    return not new and request.event.at - last.at <= AGAIN


def lead(blocks: Iterable[Block]) -> Line:
    """The first strong words of a page that hold a figure; nothing where there are none."""
    spans = (span for block in blocks if isinstance(block, Paragraph) for span in block.spans)
    return next(
        (
            (span,)
            for span in spans
            if isinstance(span, Strong) and any(map(str.isdigit, span.text))
        ),
        (),
    )


def _repeat_page(
    request: Request, blocks: tuple[Block, ...], cited: tuple[Cited, ...], *, personal: bool
) -> Turn:
    said = lead(blocks)
    if plain(said):
        words = Paragraph((Text(request.text("page_as_before")), *said))
    else:
        words = paragraph(request.text("page_above"))
    whole = _tap(request.text("tap_in_full"), f"{request.command} {request.words}")
    return request.answer(words, *whole, sources=keys(request, *cited), personal=personal)


def _more(request: Request) -> tuple[Tap, ...]:
    action = f"{request.command} {request.words}".strip() + f" {MORE}"
    fits = len(action.encode()) <= ACTION_BYTES
    if not fits:
        return ()
    return (Tap(request.text("tap_more"), action),)


def _back(request: Request) -> Tap:
    return Tap(request.text("tap_page"), f"{request.command} {request.words}".strip())


def _tap(label: str, action: str) -> tuple[Block, ...]:
    fits = len(action.strip().encode()) <= ACTION_BYTES
    if not fits:
        return ()
    return (Choices((Tap(label, action.strip()),)),)
