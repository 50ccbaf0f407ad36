"""The rest of a talk in which somebody was given people to turn to.

For half an hour a text that asks for nothing clear gets one human line and the crisis line again:
no menu, nothing offered. What is clearly asked for is answered as ever. Of what was said nothing is
kept, only until when this lasts.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.conversation.care import Care, care_of
from bot.conversation.heard import Heard
from bot.core.command_line import tidy
from bot.core.events import Event
from bot.core.interpretation import Interpretation
from bot.core.reply import Paragraph, paragraph
from bot.core.request import Request, marked
from bot.core.state import Conversation, State
from bot.core.turn import Turn
from bot.understanding.acts import Utterance
from content.care import fold

LASTS: Final = timedelta(minutes=30)
LASTS_LIGHTER: Final = timedelta(minutes=10)
"""After a heavy day that is no danger."""
SURE: Final = 0.9
"""A reading below this is no clear request here."""
_FEWEST_WORDS: Final = 5
"""A shorter question, like 'why me', may be a cry."""
NEAR: Final = 0.6
"""So near a fact has to be, to be what was asked for."""
TALK: Final = frozenset(
    """
    thank bye apologise greet insult complaint acknowledge confirm leave
    """.split()
) | {
    "small talk",
    "a remark",
    "beyond me",
    "a doubt",
    "yes or no to nothing",
    "kept to oneself",
    "a maybe",
    "somebody else",
    "others are private",
    "an act denied",
    "a doubt about the answer",
}
"""Interpretations that are no request."""
_SORRY: Final = "remark_sorry_ok"
"""The one remark whose line fits whoever was in danger just now."""
_CRIES: Final = frozenset(["help", "why", "how", "start", "more", "what"])
"""Names of commands that somebody in need says for themselves."""


def begun(turn: Turn, request: Request, care: Care) -> Turn:
    """The turn that names people to turn to, with the calm that follows it;
    any other kind of trouble begins none.
    """
    if not request.content.care.kinds[care.kind].contacts:
        return turn
    until = request.event.at + (LASTS if care.urgent else LASTS_LIGHTER)
    before = request.state.conversation.calm_until or until
    conversation = replace(turn.state.conversation, calm_until=max(until, before))
    return replace(turn, state=replace(turn.state, conversation=conversation))


def faded(state: State, event: Event) -> State:
    """The state without a calm that is over."""
    until = state.conversation.calm_until
    if until is None or event.at < until:
        return state
    return replace(state, conversation=replace(state.conversation, calm_until=None, calm_lines=0))


def stilled(heard: Heard, choice: Interpretation | None) -> Turn | None:
    """The calm line, where the talk is still calm and the text is no clear request; else None."""
    until = heard.state.conversation.calm_until
    if until is None or _is_request(heard, choice) or _goes_on(heard, until):
        return None
    request = heard.request("help", heard.text)
    care = request.content.care
    contact = care.contacts[care.aftermath.contact]
    is_deep = until - heard.event.at > LASTS_LIGHTER
    if not is_deep and care.only_tiredness_pattern.search(f" {fold(heard.text)} "):
        return _eased(request)
    words = _fitting_line(request, heard.utterance) or _kind_word(heard, choice, is_deep=is_deep)
    words = words or paragraph(_next_line(request))
    number = Paragraph(marked(contact.show, {"reach": contact.reach.value}))
    turn = request.answer(words, number, remember=False, in_place=False)
    return replace(
        turn, state=replace(turn.state, conversation=_with_count(turn.state.conversation))
    )


def _goes_on(heard: Heard, until: datetime) -> bool:
    """After a heavy day that was no danger, a question or a fact of one's own goes on with the
    talk.
    """
    is_light = until - heard.event.at <= LASTS_LIGHTER
    began_light = heard.state.conversation.calm_lines == 0
    is_long = len(heard.text.split()) >= _FEWEST_WORDS
    is_telling = bool(heard.facts.answers) or (heard.utterance.asks and is_long)
    return is_light and began_light and is_telling and not _is_of_distress(heard)


def _is_of_distress(heard: Heard) -> bool:
    return care_of(heard.content, heard.text) is not None


def _eased(request: Request) -> Turn:
    """After a heavy day that is no danger, and is said to be tiredness alone: the calm is over."""
    words = paragraph(request.content.care.aftermath.only_tired)
    turn = request.answer(words, remember=False, in_place=False)
    conversation = replace(turn.state.conversation, calm_until=None, calm_lines=0)
    return replace(turn, state=replace(turn.state, conversation=conversation))


def _kind_word(heard: Heard, choice: Interpretation | None, *, is_deep: bool) -> Paragraph | None:
    """The first line of an answer to an apology or, after a heavy day, to a mood,
    without what it offers.
    """
    if choice is None or choice.name not in ("apologise", "a remark"):
        return None
    remark = heard.reading.remark if heard.reading else None
    is_sorry = remark is not None and remark.key == _SORRY
    if choice.name == "a remark" and is_deep and not is_sorry:
        return None
    blocks = choice.decide().replies[0].blocks
    return next((block for block in blocks if isinstance(block, Paragraph)), None)


def _with_count(conversation: Conversation) -> Conversation:
    return replace(conversation, calm_lines=conversation.calm_lines + 1)


def _fitting_line(request: Request, said: Utterance) -> Paragraph | None:
    """The line for who wants quiet, feels better or says thanks; None for anything else."""
    care = request.content.care
    words = care.aftermath
    if care.wants_quiet_pattern.search(f" {fold(said.text)} "):
        return paragraph(words.quiet)
    if care.feels_better_pattern.search(f" {fold(said.text)} "):
        return paragraph(words.better)
    if said.does("thank", "bye"):
        return paragraph(words.thanks)
    return None


def _next_line(request: Request) -> str:
    lines = request.content.care.aftermath.lines
    return lines[request.state.conversation.calm_lines % len(lines)]


def _is_request(heard: Heard, choice: Interpretation | None) -> bool:
    if choice is None or choice.name in TALK:
        return False
    if choice.name in ("command", "slash command"):
        return tidy(heard.text).lower().strip(" ?!.") not in _CRIES
    if choice.name == "yes or no":
        return True
    reading = heard.reading
    is_read = reading is not None and reading.action == "answer" and reading.confidence >= SURE
    if choice.name == "a fact":
        near = max((one.score for one in reading.answers[:1]), default=0.0) if reading else 0.0
        return is_read or (heard.utterance.asks and near >= NEAR)
    return is_read or choice.score >= SURE
