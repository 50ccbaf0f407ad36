"""Does a text ask the bot to decide for somebody? Then it gets facts, sums and the people who may advise, never a verdict.

Choosing a visa or a code, saying that a person meets the criteria or will be invited, wording an expression of interest, and
personal tax advice are for registered agents and lawyers. How people ask is content (content/language/advice.yaml).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from bot.answers import visa
from bot.answers.migration import all_known, ordered, rounds_facts, visa_title
from bot.answers.printing import figure, keys, sources_block
from bot.answers.visa_words import read
from bot.asking import Ask
from bot.reply import Block, Choices, Open, Paragraph, Strong, Tap, paragraph, spans
from bot.turn import Turn
from content.entry import Fact
from content.library import Content

MOST_CRITERIA = 2
"""Criteria of more visas than this are behind a tap."""

LONGEST = 4_000
"""Characters looked at: more than any platform lets a person type."""

_APOSTROPHES = re.compile(r"['’‘`´]")
_NO_WORD = re.compile(r"[^\w]+")

Shown = tuple[tuple[Block, ...], tuple[Fact, ...]]


def advice_asked(content: Content, text: str, topic: str = "") -> str | None:
    """The kind of decision that this text asks for, a key of the content's advice kinds; None for anything else.

    `topic` is the command of the last answer in this chat: after one about visas, 'which one would you pick' is about visas.
    """
    advice, words = content.advice, _plain(content, text)
    on_topic = topic in advice.topic_commands or bool(advice.topic.search(words))
    for kind, (alone, with_topic) in advice.compiled.items():
        if (alone and alone.search(words)) or (on_topic and with_topic and with_topic.search(words)):
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


def declined(ask: Ask, kind: str) -> Turn:
    """Says that it cannot decide this and who can, then shows the facts that the question is about. `ask.words` is the text."""
    show = SHOWS[ask.content.advice.kinds[kind].shows]
    shown, facts = show(ask)
    offer = () if show is _comparison else (paragraph(ask.say("advice_can_tax" if kind == "tax" else "advice_can")),)
    blocks = (paragraph(ask.say(f"advice_{kind}")), *shown, *offer)
    cited: tuple[Fact | str, ...] = facts
    ending: tuple[Block, ...] = (sources_block(ask, *cited, caveat="advice_caveat"),) if cited else ()
    taps = _tax_taps(ask) if kind == "tax" else _visa_taps(ask)
    forgotten = replace(ask, words="")  # what was typed is not kept: the command alone says what a follow-up is about
    return forgotten.answer(*blocks, *ending, Choices(taps), sources=keys(ask, *cited))


def _visa_taps(ask: Ask) -> tuple[Tap | Open, ...]:
    register = ask.content.sources["mara"].address
    return (
        *visa.compare_all(ask),
        Tap(ask.say("tap_my_points"), "points"),
        Tap(ask.say("tap_which_codes"), "code"),
        *((Open(ask.say("tap_register"), register),) if register else ()),
    )


def _tax_taps(ask: Ask) -> tuple[Tap | Open, ...]:
    return (Tap(ask.say("advice_tap_takehome"), "takehome"), Tap(ask.say("advice_tap_offer"), "offer"))


def _nothing(_: Ask) -> Shown:
    return (), ()


def _comparison(ask: Ask) -> Shown:
    """The visas that the text names, or all, side by side."""
    named = read(ask).visas
    chosen = named if len(named) > 1 else tuple(ordered(ask.content))
    return visa.comparison(ask, chosen[: visa.MOST_COLUMNS], every_row=False)


def _criteria(ask: Ask) -> Shown:
    """What the visas that the text names ask for."""
    blocks: list[Block] = []
    facts: list[Fact] = []
    for subclass in read(ask).visas[:MOST_CRITERIA]:
        entry = ask.content.visas[subclass]
        needs = all_known(ask.content, (entry.cells[row] for row in entry.needs))
        label = Strong(ask.say("advice_criteria", visa=visa_title(ask, subclass)))
        blocks.append(Paragraph(spans(label, ask.say("visa_needs_list", needs="; ".join(map(figure, needs))))))
        facts += needs
    return tuple(blocks), tuple(facts)


def _rounds(ask: Ask) -> Shown:
    rounds = ask.content.migration.rounds
    shown = (*rounds.summary, rounds.no_national_cut_off[0])
    return tuple(paragraph(figure(fact)) for fact in shown), tuple(fact for fact in rounds_facts(ask.content) if fact in shown)


def _codes(ask: Ask) -> Shown:
    facts = ask.content.migration.who_decides
    return tuple(paragraph(figure(fact)) for fact in facts), facts


SHOWS: dict[str, Callable[[Ask], Shown]] = {
    "nothing": _nothing,
    "comparison": _comparison,
    "criteria": _criteria,
    "rounds": _rounds,
    "codes": _codes,
}
