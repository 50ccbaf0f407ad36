"""Readers of texts that ask for a fact: the answer that is near enough, by itself or seen from what
was told last, and the comparison of visas that are named side by side.
"""

from collections.abc import Iterator
from typing import Final

from bot.conversation import courtesies, questions, subject_left_out, told_answers, wanted_acts
from bot.conversation.heard import Heard
from bot.core.command_line import Line, parse
from bot.core.events import Reading
from bot.core.interpretation import Interpretation
from bot.features.about import fact
from bot.features.visas import visa_words
from bot.understanding.acts import Utterance
from content.subject import Mention

MOST_COURTEOUS: Final = 6
"""So few words with thanks in them are no more than thanks."""


def side_by_side(heard: Heard) -> Iterator[Interpretation]:
    """'482 vs 189', and nothing else: the comparison of these.

    A fact about two others would be near, and wrong.
    """
    typed = parse(heard.content, heard.text)
    is_typed = typed is not None and typed.command == "visa"
    if is_typed or not visa_words.are_named(heard.content, heard.text):
        return
    wanted = visa_words.read(heard.request("visa", heard.text))
    if len(wanted.visas) < 2 or wanted.aside != "compare" or wanted.unknown_words:
        return
    named = {Mention("visa", number) for number in wanted.visas}
    if any(unit.about == named for unit in heard.content.answer_units.values()):
        return
    line = Line("visa", f"compare {' '.join(wanted.visas)}")
    yield Interpretation(name="side by side", score=0.98, decide=lambda: heard.run(line, None))


def asked_of(heard: Heard, reading: Reading) -> questions.Asked:
    return questions.Asked(
        content=heard.content,
        conversation=heard.state.conversation,
        text=heard.text,
        reading=reading,
        utterance=heard.utterance,
        at=heard.event.at,
    )


_COURTESIES: Final = ("thank", "bye", "greet", "acknowledge")
_PART_OF_IT: Final = 0.5


def _is_courtesy(said: Utterance) -> bool:
    """Whether the text is thanks, a greeting or a sign that it was heard, and little else: 'fair
    enough. the minimum pay then' is more.
    """
    if said.asks or "?" in said.text or not said.does(*_COURTESIES):
        return False
    return (
        courtesies.share(said, *_COURTESIES) >= _PART_OF_IT
        or len(said.text.split()) <= MOST_COURTEOUS
    )


def facts(heard: Heard) -> Iterator[Interpretation]:
    """The fact that the text asks for, where one is near enough;
    with a second question's answer after it.
    """
    said = heard.utterance
    if _is_courtesy(said):
        return  # 'thanks' after an answer asks nothing more of what it was about
    if heard.reading is None or _tells_a_result(heard):
        return
    last, now = heard.state.conversation.last, heard.event.at
    asked = asked_of(heard, heard.reading)
    same = questions.same_of_another(heard.content, heard.text, last, now)
    if same is not None:
        yield _told(heard, same, score=0.975)
        return
    found = questions.asked_for(asked)
    if found is not None:
        is_sure_report = found.is_report and found.score >= questions.SURE_REPORT
        yield _told(heard, found, score=0.985 if is_sure_report else 0.96)
    elif meant := questions.meant_in_talk(asked):
        yield _told(heard, meant, score=_score_in_talk(heard, meant))


def _score_in_talk(heard: Heard, meant: questions.Found) -> float:
    """How sure an answer is that only the talk has found: one that knows every word of the text
    goes before what the text by itself is taken for.
    """
    is_sure = meant.score >= questions.SURE_IN_TALK
    if not subject_left_out.knows_text(heard.content, meant.key, heard.text):
        return 0.67 if is_sure else 0.6
    return 0.955 if is_sure else 0.72


def _told(heard: Heard, found: questions.Found, *, score: float) -> Interpretation:
    request = heard.request(fact.COMMAND, found.key)
    line = Line(fact.COMMAND, found.key)
    return Interpretation(
        name="a fact",
        score=score,
        covers=1.0,
        decide=lambda: told_answers.told(request, heard.run(line, None), found.others, found.near),
    )


def _tells_a_result(heard: Heard) -> bool:
    """'Got PTE 60 61 70 77 in March' is a result of the speaker's:
    no answer about other scores was asked for.
    """
    english = heard.facts.answers.get("english", "")
    return any(map(str.isdigit, english)) and not wanted_acts.asks_within(heard.text)
