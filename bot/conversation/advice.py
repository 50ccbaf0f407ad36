"""Does a text ask the bot to decide for somebody?

Then it gets facts, sums and the people who may advise, never a verdict.

Choosing a visa or a code, saying that a person meets the criteria or will be invited, wording an
expression of interest, and personal tax advice are for registered agents and lawyers. How people
ask is content (content/language/advice.yaml).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from bot.core.reply import Block, Choices, Open, Paragraph, Strong, Tap, paragraph, spans
from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.figures import figure, keys, sources_block
from bot.features.visas import visa
from bot.features.visas.migration import all_known, ordered, rounds_facts, visa_title
from bot.features.visas.visa_words import read
from content.content import Content
from content.entry import Fact

MOST_CRITERIA = 2
"""Criteria of more visas than this are behind a tap."""

LONGEST = 4_000
"""Characters looked at: more than any platform lets a person type."""

_APOSTROPHES = re.compile(r"['’‘`´]")
_NO_WORD = re.compile(r"[^\w]+")

Shown = tuple[tuple[Block, ...], tuple[Fact, ...]]


def advice_asked(content: Content, text: str, topic: str = "") -> str | None:
    """The kind of decision that this text asks for, a key of the content's advice kinds; None for
    anything else.

    `topic` is the command of the last answer in this chat: after one about visas, 'which one would
    you pick' is about visas.
    """
    advice, words = content.advice, _plain(content, text)
    on_topic = topic in advice.topic_commands or bool(advice.topic.search(words))
    for kind, (alone, with_topic) in advice.compiled.items():
        if (alone and alone.search(words)) or (
            on_topic and with_topic and with_topic.search(words)
        ):
            return kind
    return None


def _plain(content: Content, text: str) -> str:
    """Lower-case words between single spaces, without punctuation, common misspellings mended."""
    text = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    words = _NO_WORD.sub(" ", _APOSTROPHES.sub("", text)).split()
    spellings = content.advice.spellings
    return f" {' '.join(spellings.get(word, word) for word in words)} "


def command_of(content: Content, kind: str) -> str:
    """What a follow-up is about after this kind was declined."""
    return content.advice.kinds[kind].command


def declined(request: Request, kind: str) -> Turn:
    """Says that it cannot decide this and who can, then shows the facts that the question is about.

    `request.words` is the text.
    """
    show = SHOWS[request.content.advice.kinds[kind].shows]
    shown, facts = show(request)
    offer: tuple[Paragraph, ...] = ()
    if show is not _comparison:
        offer = (paragraph(request.text("advice_can_tax" if kind == "tax" else "advice_can")),)
    blocks = (paragraph(request.text(f"advice_{kind}")), *shown, *offer)
    cited: tuple[Fact | str, ...] = facts
    ending: tuple[Block, ...] = (
        (sources_block(request, *cited, caveat="advice_caveat"),) if cited else ()
    )
    if kind == "tax":
        taps = _tax_taps(request)
    else:
        taps = _visa_taps(request)
    # What was typed is not kept: the command and the visa named say what a follow-up is about.
    named = read(request).visas[:1] if command_of(request.content, kind) == "visa" else ()
    forgotten = replace(request, words="".join(named))
    return forgotten.answer(*blocks, *ending, Choices(taps), sources=keys(request, *cited))


def _visa_taps(request: Request) -> tuple[Tap | Open, ...]:
    register = request.content.sources["mara"].address
    return (
        *visa.compare_all(request),
        Tap(request.text("tap_my_points"), "points"),
        Tap(request.text("tap_which_codes"), "code"),
        *((Open(request.text("tap_register"), register),) if register else ()),
    )


def _tax_taps(request: Request) -> tuple[Tap | Open, ...]:
    return (
        Tap(request.text("advice_tap_takehome"), "takehome"),
        Tap(request.text("advice_tap_offer"), "offer"),
    )


def _nothing(_: Request) -> Shown:
    return (), ()


def _comparison(request: Request) -> Shown:
    """The visas that the text names, or all, side by side."""
    named = read(request).visas
    if len(named) > 1:
        chosen = named
    else:
        chosen = tuple(ordered(request.content))
    return visa.comparison(request, chosen[: visa.MOST_COLUMNS], every_row=False)


def _criteria(request: Request) -> Shown:
    """What the visas that the text names ask for."""
    blocks: list[Block] = []
    facts: list[Fact] = []
    for subclass in read(request).visas[:MOST_CRITERIA]:
        entry = request.content.visas[subclass]
        needs = all_known(request.content, (entry.cells[row] for row in entry.needs))
        label = Strong(request.text("advice_criteria", visa=visa_title(request, subclass)))
        blocks.append(
            Paragraph(
                spans(label, request.text("visa_needs_list", needs="; ".join(map(figure, needs))))
            )
        )
        facts += needs
    return tuple(blocks), tuple(facts)


def _rounds(request: Request) -> Shown:
    rounds = request.content.migration.rounds
    shown = (*rounds.summary, rounds.no_national_cut_off[0])
    return tuple(paragraph(figure(fact)) for fact in shown), tuple(
        fact for fact in rounds_facts(request.content) if fact in shown
    )


def _codes(request: Request) -> Shown:
    facts = request.content.migration.who_decides
    return tuple(paragraph(figure(fact)) for fact in facts), facts


SHOWS: dict[str, Callable[[Request], Shown]] = {
    "nothing": _nothing,
    "comparison": _comparison,
    "criteria": _criteria,
    "rounds": _rounds,
    "codes": _codes,
}
