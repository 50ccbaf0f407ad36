"""What people say that asks for no fact: thanks, hello and goodbye in many languages, an insult, a complaint, 'say that again'.

Each gets a word or a line, never a wall. Which words these are is content (content/language/acts.yaml).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.core.events import Said
from bot.core.interpretation import Interpretation
from bot.core.reply import Bullets, Choices, Heading, Paragraph, Sources, Tap, paragraph
from bot.core.request import Request, with_reaction
from bot.core.turn import Turn
from bot.features import questionnaires, right_to_work
from bot.understanding.acts import Utterance, tokens

MOST_WORDS: Final = 12
"""A text longer than this is more than a courtesy."""

_FIRST = ("salary", "visa", "points", "plan")
_OTHERS_PAY: Final = re.compile(
    r" (?:earn|earns|earning|paid|make|makes|making|salary|pay|gets|get|wage|income|on) "
)
_NAMED: Final = re.compile(r"(?<=[a-z,] )(?P<name>[A-Z][a-z]{2,})\b")
_USES: Final = re.compile(
    r"\b(?:is|does|did|has|was|are|do)\s+(?:[A-Z][a-z]+|my (?:boss|manager|mate|friend|wife|husband|brother|sister|colleague|team|lead)|anyone|anybody|someone|people \w+ \w+)\s+(?:\w+ )?(?:use|uses|using|used|talk|talked|tried)\b"
)
_OF_MINE: Final = re.compile(
    r" (?:see|read|reads|sees|access|know|find out|spy|watch|track) (?:\w+ ){0,3}(?:i|me|my|this|our|these|here) "
)
"""Who reads what the speaker writes is their own business: 'can my boss see what I type'."""
_TOLD_YOU: Final = re.compile(
    r" (?:what|did|has) (?:\w+ ){1,3}(?:tell|told|say|said|ask|asked) (?:to )?you "
)
_CAPITALS_KNOWN: Final = frozenset(
    "ML AI PTE IELTS TOEFL ACS VETASSESS PR TSS HECS HELP Python Java AWS".split()
)


def readings(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """Every courtesy that the text may be."""
    covers = share(said, *_KINDS)
    count = len(said.text.split())
    is_short = count <= MOST_WORDS
    plain_words = not said.asks and "?" not in said.text and not _read_as_a_command(request)
    if count <= (_SHORT_THANKS if plain_words else _TERSE) and plain_words:
        covers = 1.0 if said.does("thank", "bye", "apologise") else covers
    if is_short and not _has_figures(said):
        for kind in _KINDS:
            if said.does(kind) and covers >= _MOST_OF_IT:
                yield Interpretation(
                    name=kind,
                    score=0.98 if _is_twice_thanks(said) else 0.95,
                    covers=covers,
                    decide=lambda kind=kind: _word(request, kind),  # type: ignore[misc]
                    on_dialog=True,
                    keeps_question=True,
                )
                break
    yield from _sharp_words(request, said)
    yield from _short_wishes(request, said)
    yield from _others(request, said)


_KINDS: Final = ("thank", "bye", "apologise", "greet")
_SHORT_THANKS: Final = 6
_MANY: Final = 2


def _is_twice_thanks(said: Utterance) -> bool:
    """'Nah ta, good on ya': thanks, even where a bare 'nah' would answer something."""
    return len({act.start for act in said.acts("thank")}) >= _MANY


def _read_as_a_command(request: Request) -> bool:
    """Whether the text is understood as something that a command does: 'thanks, senior pay'."""
    reading = request.event.body.reading if isinstance(request.event.body, Said) else None
    is_read = reading is not None and reading.action == "answer"
    return is_read and reading is not None and reading.intent not in ("thanks", "greeting")


_MOST_OF_IT: Final = 0.6
_FEW: Final = 7
_TERSE: Final = 3
"""Words: so short a text with thanks in it is thanks, whatever else stands beside: 'merci bien'."""


def share(said: Utterance, *kinds: str) -> float:
    """How much of the text these acts explain, with the words that may stand around them."""
    around = _AROUND
    spans = [(act.start, act.end) for kind in kinds for act in said.acts(kind)]
    words = tokens(said.text)
    if not words or not spans:
        return 0.0
    known = [
        one
        for one in words
        if one.word in around or any(a <= one.start and one.end <= b for a, b in spans)
    ]
    return len(known) / len(words)


_AROUND: Final = frozenset(
    """
    mate mates cobber sir madam maam bro bruh brother sis man dude buddy pal boss chief legend
    champ crack friend team bot po bhai jaan yaar dear folks all there everyone amigo ji habibi
    lads love hun lah na ok okay k oh ah well so right righto alright cool great grand perfect
    awesome nice lovely brilliant good fine sweet excellent very much many a lot lots heaps
    really again for the that this it your you help info now then and just everything useful
    helpful sure yep yes yeah nah no haha lol btw needed i am is was were u ta to me my from
    with as of in hm hmm mm mmm ahh ohh erm um umm i see got
    """.split()
)


def _has_figures(said: Utterance) -> bool:
    return any(char.isdigit() for char in said.text)


def _word(request: Request, kind: str) -> Turn:
    if kind == "greet":
        return request.answer(
            paragraph(request.text("hello_back")), Choices(_doors(request)), remember=False
        )
    turn = quiet(request, request.text(f"{kind}_back"))
    return with_reaction(turn)


def quiet(request: Request, words: str) -> Turn:
    """A line that leaves everything as it was: the taps and the question that stand on the screen too."""
    turn = request.answer(paragraph(words), remember=False)
    conversation = replace(
        turn.state.conversation,
        choices=request.state.conversation.choices,
        question=request.state.conversation.question,
    )
    return replace(turn, state=replace(turn.state, conversation=conversation))


def _sharp_words(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """An insult gets one calm line; a complaint is asked which figure it means."""
    is_short = len(said.text.split()) <= MOST_WORDS
    if said.does("complain") and is_short and request.state.conversation.last is not None:
        yield Interpretation(
            name="complaint", score=0.9, covers=0.85, decide=lambda: _complaint(request)
        )
    if said.does("insult") and is_short and not said.does("complain"):
        yield Interpretation(
            name="insult",
            score=0.9,
            covers=0.9 if len(said.text.split()) <= _FEW else share(said, "insult"),
            decide=lambda: quiet(request, request.text("insult_back")),
            on_dialog=True,
        )


_ANSWERS: Final = frozenset(["confirm", "acknowledge"])
"""Words that answer an open question where there is one."""
_WHOLE: Final = 0.9
"""A confirmation is the whole of a text, or none: 'fine. put them side by side' wishes for something."""
_WISHES: Final = {
    "in_private": ("in_private_back", 0.97),
    "share_that": ("about_share", 0.97),
    "no_evidence": ("no_evidence_back", 0.96),
    "acknowledge": ("acknowledged_back", 0.9),
    "confirm": ("confirm_back", 0.9),
}
"""Acts that one line answers, with how sure each is: nothing is done or changed."""


def _short_wishes(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """'Not in here, take it to dm', 'can't share links, NDA', 'yep, leave it as is'."""
    if len(said.text.split()) > MOST_WORDS or _has_figures(said):
        return
    has_plan = request.state.person.progress is not None
    for kind, (phrase, score) in _WISHES.items():
        meant = said.does(kind) and (kind != "no_evidence" or has_plan)
        if kind in _ANSWERS and (said.asks or share(said, kind) < _WHOLE):
            continue
        is_asked = request.state.conversation.question or questionnaires.waiting(request)
        if meant and not (kind in _ANSWERS and is_asked):
            yield Interpretation(
                name=kind,
                score=score,
                decide=lambda phrase=phrase: quiet(request, request.text(phrase)),  # type: ignore[misc]
                keeps_question=True,
                takes_facts=True,
            )
            return


def _complaint(request: Request) -> Turn:
    taps = (Tap(request.text("tap_sources"), "sources"),)
    words = paragraph(request.text("complaint_back"))
    return request.answer(words, Choices(taps), remember=False)


_CLOSE: Final = re.compile(
    r" my (?:boss|manager|colleague|coworker|mate|friend|neighbour|lead|cto) "
)
_WHO_PAYS: Final = re.compile(
    r" my (?:boss|manager) (?:(?:has|have|needs?|must|should|legally|still|also|to|be) ){0,4}"
    r"(?:pay|put|contribute|add|give)(?:ing)? (?!grade|rise|band|level)"
)
"""Who pays is no one whose pay is asked for."""


def _others(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """Other people: what they earn or ask is nobody's to hear; and somebody else at the phone starts afresh."""
    if any(one.does("someone_else") and one.mood != "asked" for one in said.clauses):
        yield Interpretation(
            name="somebody else",
            score=0.92,
            decide=lambda: _own_start(request),
            takes_facts=True,
        )
    told = said.asks and _TOLD_YOU.search(said.line) and not said.does("complain")
    if _OF_MINE.search(said.line):
        return
    if told or _USES.search(said.text) or _asks_a_persons_pay(said):
        yield Interpretation(
            name="others are private",
            score=0.965,
            decide=lambda: _private(request),
            takes_facts=True,
        )


def _asks_a_persons_pay(said: Utterance) -> bool:
    """'What does my boss Karen get paid': a person, not a kind of work."""
    if _has_figures(said) or not _OTHERS_PAY.search(said.line):
        return False
    asked = [clause for clause in said.clauses if clause.mood == "asked"]
    names = {hit["name"] for hit in _NAMED.finditer(said.text)} - _CAPITALS_KNOWN
    close = _CLOSE.search(said.line) and not _WHO_PAYS.search(said.line)
    return bool(asked) and (bool(close) or bool(names and any(c.holder == "other" for c in asked)))


def _private(request: Request) -> Turn:
    taps = (Tap(request.text("tap_all_levels"), "salary"),)
    return request.answer(
        paragraph(request.text("others_are_private")), Choices(taps), remember=False
    )


def _own_start(request: Request) -> Turn:
    return request.answer(Paragraph(request.spans("somebody_else")), remember=False, personal=False)


SHORT: Final = 3
"""Lines of an answer that was asked for shorter."""


def shortened(turn: Turn) -> Turn:
    """The first lines of an answer, with what it rests on and its taps."""
    if not turn.replies:
        return turn
    first, *_ = turn.replies
    told = [block for block in first.blocks if isinstance(block, Heading | Paragraph | Bullets)]
    ending = tuple(block for block in first.blocks if isinstance(block, Sources | Choices))
    return replace(turn, replies=(replace(first, blocks=(*told[:SHORT], *ending)),))


def nothing_asked(request: Request) -> Turn:
    """A bare yes or no, and nothing that it could answer: what was asked a while ago is not done on the strength of it."""
    return request.answer(
        paragraph(request.text("nothing_asked")), Choices(_doors(request)), remember=False
    )


def _doors(request: Request) -> tuple[Tap, ...]:
    labels = {
        intent.command: intent.says for intent in reversed(tuple(request.content.intents.values()))
    }
    offered = [
        Tap(labels.get(command, request.content.commands[command].summary), command)
        for command in _FIRST
    ]
    return right_to_work.concerning(request, offered)
