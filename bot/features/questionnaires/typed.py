"""What an open dialog makes of a typed text: an answer, several, a correction, a question about the
question, or nothing.

`READERS` is the whole of it, in order. Each looks for one kind of thing and says how much of the
message that explains; which of them is right, or whether the text means something else altogether,
is decided in bot.conversation.interpreters.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.core.command_line import parse, tidy
from bot.core.interpretation import Interpretation
from bot.core.reply import Choices, Paragraph, Strong, paragraph, spans
from bot.core.request import Request
from bot.core.state import OpenDialog
from bot.core.turn import Turn
from bot.extraction import slots
from bot.extraction.slots.lines import spelled
from bot.features.figures import answered
from bot.features.questionnaires import (
    changes,
    effects,
    engine,
    english_results,
    flow,
    partner_talk,
    work_places,
)
from bot.features.questionnaires.engine import Answers, Filled
from bot.features.questionnaires.open_questions import waiting
from bot.features.questionnaires.statements import negates, stated
from bot.features.questionnaires.turns import (
    SKIP,
    Step,
    asked_again,
    doubted,
    put,
    skipped,
    taken,
)
from bot.understanding.acts import Utterance, utterance
from content.dialog import Dialog, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A text while a question is open."""

    request: Request
    current: OpenDialog
    said: Utterance

    @property
    def dialog(self) -> Dialog:
        return self.request.content.dialogs[self.current.dialog]

    @property
    def key(self) -> str:
        return self.current.question

    @property
    def question(self) -> Question:
        return self.request.content.questions[self.key]

    @property
    def step(self) -> Step:
        return Step(self.current.dialog, self.current.answers, self.key)

    def reading(
        self, name: str, score: float, decide: Callable[[], Turn], covers: float = 1.0
    ) -> Interpretation:
        return Interpretation(
            name=name,
            score=score,
            covers=covers,
            decide=decide,
            on_dialog=True,
            takes_facts=True,
        )


def readings(request: Request, said: Utterance) -> Iterator[Interpretation]:
    """Everything that the open dialog may make of this text."""
    current = waiting(request)
    if current is None or not current.question:
        return
    is_open = Open(request=request, current=current, said=_unsure_score(request, current, said))
    for _, read in READERS:
        if found := read(is_open):
            yield found


def _unsure_score(request: Request, current: OpenDialog, said: Utterance) -> Utterance:
    """'1 i guess? did a tutorial once', 'did it once so.. 2?': a score, said with doubt."""
    options = request.content.questions[current.question].options
    is_scale = bool(options) and all(map(str.isdigit, options))
    if not is_scale or not _SCORED_WITH_DOUBT.search(said.text):
        return said
    score = _SCORED_WITH_DOUBT.search(said.text)
    words = f"{score['score'] or score['last']}" if score else ""
    return utterance(request.content.acts, words)


_SCORED_WITH_DOUBT: Final = re.compile(
    r"\A\W{0,3}(?:um+ |uh |maybe |probably |prob |like |say |i(?:'?d| would) say ){0,3}(?P<score>[0-3])"
    r"(?! (?:hours?|hrs?|steps?|weeks?|days?|years?))\b"
    r"(?:\W{1,3}(?:i guess|maybe|probably|i think|i reckon|i suppose|at most|or so))?\?"
    r"|(?:\bso|\.\.|,)\W{1,4}(?:maybe |prob |probably |id say |i'd say )?(?P<last>[0-3])\?\Z",
    re.IGNORECASE,
)


def hint(request: Request) -> Turn | None:
    """What would help at the open question, where a text meant nothing at all; None without one."""
    current = waiting(request)
    if current is None or not current.question:
        return None
    question = request.content.questions[current.question]
    words = request.text("dialog_hint", question=question.label, hint=question.hint)
    step = Step(current.dialog, current.answers, current.question)
    return request.answer(
        paragraph(words), Choices(flow.buttons(request, step)), personal=True, remember=False
    )


def sent(request: Request, key: str, before: Answers, filled: Filled) -> Turn:
    """A page of a form that was sent: the same answers as if typed one by one, added to those
    `before` it. Fields that cannot be used are asked again, one by one.
    """
    if not filled.wrong:
        return taken(request, key, before, filled.answers, say_back=False)
    doubt = next(iter(filled.wrong.values()))
    return doubted(request, Step(key, {**before, **filled.answers}, doubt.question), doubt)


# ---- the readers


def _own_words(is_open: Open) -> Interpretation | None:
    """An option's own words are that option, even where they are a command's name as well."""
    text = is_open.request.words
    line = parse(is_open.request.content, text)
    if is_open.question.kind == "text" or (line is not None and line.explicit):
        return None
    typed = spelled(text)
    names = {
        word
        for key, option in is_open.question.options.items()
        for word in (key, spelled(option.label), *option.words)
    }
    if typed not in names:
        return None
    found = slots.read(is_open.request.content, is_open.key, text, is_open.request.today)
    if not isinstance(found, str):
        return None
    return is_open.reading(
        "an option's own words", 1.0, lambda: _take(is_open, {is_open.key: found})
    )


def _skip(is_open: Open) -> Interpretation | None:
    """'skip', 'not sure', 'no idea': passed over where that may be."""
    text = is_open.request.words
    if tidy(text).lower() == SKIP:
        return is_open.reading("skip", 1.0, lambda: skipped(is_open.request, is_open.step))
    is_unsure = is_open.said.does("unsure") and not is_open.said.asks
    if not is_unsure or len(text.split()) > _SHORT:
        return None
    return is_open.reading("not sure", 0.9, lambda: _unsure(is_open))


def _unsure(is_open: Open) -> Turn:
    may_skip = engine.may_skip(is_open.request.content, is_open.dialog, is_open.key)
    if may_skip:
        return skipped(is_open.request, is_open.step)
    return put(is_open.request, is_open.step, paragraph(is_open.request.text("dialog_unsure")))


def _same_button(is_open: Open) -> Interpretation | None:
    """'after', to 'before or after the tables changed?': the button that ends with that word."""
    word = _SAME.get(spelled(is_open.request.words).strip(" .!"), "")
    for action in is_open.request.state.conversation.choices.values() if word else ():
        start, _, said = action.partition(f" {is_open.key} ")
        if start == f"answer {is_open.current.dialog}" and said.endswith(f" {word}"):
            found = slots.read(is_open.request.content, is_open.key, said, is_open.request.today)
            if isinstance(found, str):
                return _button_meant(is_open, {is_open.key: found})
    return None


def _button_meant(is_open: Open, new: Answers) -> Interpretation:
    return is_open.reading("the button meant", 1.0, lambda: _take(is_open, new))


def _about_the_question(is_open: Open) -> Interpretation | None:
    """'What do you mean', 'why do you ask', 'what is a professional year':
    what stands with that question.
    """
    said = is_open.said
    hit = _MEANING.fullmatch(_without_opening(spelled(is_open.request.words).rstrip("?!. ")))
    what = hit["what"] if hit and hit["what"] else ""
    if what:
        key = engine.naming(is_open.request.content, is_open.dialog, what)
    else:
        key = ""
    if what and not key:
        return None
    if said.does("why_ask") and not key:
        return is_open.reading("why it is asked", 0.9, lambda: _why(is_open))
    if hit or said.does("mean"):
        return is_open.reading("what the question means", 0.96, lambda: _meaning(is_open, key))
    return None


def _why(is_open: Open) -> Turn:
    request = is_open.request
    words = request.text(f"dialog_why_{is_open.current.dialog}", question=is_open.question.label)
    return asked_again(request, request.answer(paragraph(words), remember=False))


def _meaning(is_open: Open, key: str) -> Turn:
    request = is_open.request
    question = request.content.questions[key or is_open.key]
    facts = tuple(request.content.facts[name] for name in question.facts)
    details = (*question.more, *(str(fact.value) for fact in facts)) or (question.hint,)
    blocks = (Paragraph(spans(Strong(question.label))), *(paragraph(line) for line in details))
    if not facts:
        return asked_again(request, request.answer(*blocks, remember=False))
    beside = replace(request, command="points", words="result")
    return asked_again(request, answered(beside, *blocks, cite=facts))


def _again(is_open: Open) -> Interpretation | None:
    """'Say that again', 'shorter': the open question, without what stands around it.

    'Read back everything': what was taken.
    """
    said = is_open.said
    if not said.does("repeat", "shorter"):
        return None
    if re.search(r" (?:everything|all|answers) ", said.line):
        return is_open.reading("read back", 0.95, lambda: flow.total(is_open.request, in_full=True))
    if len(said.text.split()) > _SHORT or any(word[0].isdigit() for word in said.line.split()):
        return None
    return is_open.reading("again", 0.9, lambda: _short(is_open))


def _short(is_open: Open) -> Turn:
    request, question = is_open.request, is_open.question
    number, total = engine.counted(
        request.content, is_open.dialog, is_open.current.answers, is_open.key
    )
    place = request.text("dialog_place", number=number, total=total)
    hint: tuple[Paragraph, ...] = ()
    if not question.options:
        hint = (paragraph(question.hint),)
    return request.answer(
        Paragraph(spans(Strong(question.ask))),
        *hint,
        paragraph(place),
        Choices(flow.buttons(request, is_open.step)),
        personal=True,
        remember=False,
    )


def _total(is_open: Open) -> Interpretation | None:
    """'The sum?', 'so far', 'how many more': the running total and what is open."""
    said = is_open.said
    if not said.does("total", "how_many_left") or (
        not said.asks and len(said.text.split()) > _SHORT
    ):
        return None
    if stated(
        is_open.request.content,
        is_open.dialog.questions,
        said,
        is_open.request.today,
        asked=is_open.key,
    ).answers or said.does("rest"):
        return None
    is_named = bool(re.search(r" (?:points?|pts|total|sum|score|ilan) ", said.line))
    score = 0.975 if is_named else 0.9
    return is_open.reading("so far", score, lambda: flow.total(is_open.request))


def _effect(is_open: Open) -> Interpretation | None:
    """'She's PR, does it matter', 'what difference does that make': what the answer changes,
    and no question printed again.
    """
    said, request = is_open.said, is_open.request
    if not said.does("what_changes") or len(said.text.split()) > _LONGEST_EFFECT:
        return None
    told = tuple(one for one in said.clauses if not one.does("what_changes"))
    text = "; ".join(clause.text for clause in told)
    found = stated(
        request.content, is_open.dialog.questions, effects.heard(request, text), request.today
    )
    if found.answers:
        return is_open.reading(
            "an answer and its effect", 0.99, lambda: effects.taken(request, found.answers)
        )
    if any(len(one.text.split()) > _SHORT_CLAUSE or one.holder != "self" for one in told):
        return None
    return is_open.reading("the effect of the last answer", 0.98, lambda: effects.last(request))


def _leave(is_open: Open) -> Interpretation | None:
    """'Leave it for now', 'got to run': put away, and nothing is lost."""
    if (
        not is_open.said.does("leave")
        or is_open.said.asks
        or len(is_open.said.text.split()) > _LONGEST_LEAVE
    ):
        return None
    return is_open.reading("leave", 0.9, lambda: flow.cancel(is_open.request))


def _undo(is_open: Open) -> Interpretation | None:
    """'Take that back': the last change, undone."""
    if not is_open.said.does("undo") or is_open.said.asks:
        return None
    if not is_open.request.state.conversation.changed:
        return None
    return is_open.reading("undo", 0.95, lambda: changes.undo(is_open.request))


def _corrects(is_open: Open) -> Interpretation | None:
    """'No sorry, Manila was 6 years not 3', 'second one should be 1': another answer to something
    answered before. A message that states more than that is told for its own sake: '31, no work
    yet, my husband is a citizen'.
    """
    if not is_open.said.does("correct") or is_open.said.asks:
        return None
    new = changes.corrections(is_open.request, is_open.current.dialog, is_open.said, is_open.key)
    told = stated(
        is_open.request.content, is_open.dialog.questions, is_open.said, is_open.request.today
    )
    if not new or len(told.answers) > len(new):
        return None
    return is_open.reading("a correction", 0.98, lambda: _take(is_open, new))


def _result_again(is_open: Open) -> Interpretation | None:
    """'Writing was 6.5 actually', 'it was in February': the test of English as told before,
    put right or dated.
    """
    if english_results.ENGLISH not in is_open.dialog.questions:
        return None
    before = is_open.current.answers.get(english_results.ENGLISH, "")
    new = english_results.told_again(is_open.request, before, is_open.said)
    if not new:
        return None
    return is_open.reading("a result put right", 0.985, lambda: _take(is_open, new))


def _work_somewhere(is_open: Open) -> Interpretation | None:
    """Years of work without a place, while neither side of the border is asked about:
    which side is asked.
    """
    keys = (work_places.HERE, work_places.OVERSEAS)
    if is_open.key in keys or work_places.HERE not in is_open.dialog.questions or is_open.said.asks:
        return None
    request = is_open.request
    found = stated(request.content, is_open.dialog.questions, is_open.said, request.today)
    years = work_places.unplaced(request, is_open.said, found.answers)
    is_placed = work_places.HERE in work_places.placed(
        request, is_open.said, found.answers, is_open.current.answers
    )
    if not years or is_placed:
        return None
    return is_open.reading("work somewhere", 0.975, lambda: work_places.which(request, years))


def _answers(is_open: Open) -> Interpretation | None:
    """Answers to any of the dialog's questions, the open one most generously;
    and one answer for all that remain.
    """
    request, said = is_open.request, is_open.said
    if is_open.question.kind == "text":
        return None
    found = stated(
        request.content, is_open.dialog.questions, said, request.today, asked=is_open.key
    )
    rest = changes.rest(request, is_open.current.dialog, said, found.answers)
    new = {**rest, **found.answers}
    if work_places.HERE in is_open.dialog.questions:
        new = work_places.placed(request, said, new, is_open.current.answers)
    evidence = _evidence_with(is_open, new)
    if new:
        answers_it = is_open.key in new or work_places.HERE in {*new} - {*found.answers}
        # What asks something besides is explained only in part; a plain statement is meant for the
        # question.
        if said.asks:
            floor = _FLOOR[answers_it]
        else:
            floor = _STATED[answers_it]
        if rest or evidence:
            covers = 1.0
        else:
            covers = max(found.covers, floor)
        return is_open.reading(
            "an answer",
            0.97 if answers_it or len(new) > 1 else 0.9,
            lambda: partner_talk.with_rows(
                request, said, _take(is_open, {**new, **evidence}, found.ambiguities)
            ),
            covers,
        )
    if found.ambiguities:
        doubt = found.ambiguities[0]
        step = Step(is_open.current.dialog, is_open.current.answers, doubt.question)
        return is_open.reading(
            "half an answer",
            0.98,
            lambda: doubted(request, step, doubt),
            1.0 if doubt.question == is_open.key else max(found.covers, 0.6),
        )
    return None


def _evidence_with(is_open: Open, new: Answers) -> dict[str, str]:
    """'2, ran twelve tests': the words after a score are its evidence,
    where evidence is asked for next.
    """
    key = f"{is_open.key}_evidence"
    if is_open.key not in new or key not in is_open.dialog.questions:
        return {}
    lead = re.match(
        r"\W{0,9}(?:i(?:'d|d| would)? say |a |its )?[0-3]\b\W{0,9}(?P<rest>.*)",
        is_open.said.text,
        re.IGNORECASE | re.DOTALL,
    )
    rest = lead["rest"].strip() if lead else ""
    if not rest or is_open.said.asks:
        return {}
    if len(rest.split()) < _FEWEST_EVIDENCE:
        return {}
    if negates(is_open.said):
        return {key: engine.SKIPPED}
    found = slots.read(is_open.request.content, key, rest, is_open.request.today)
    if not isinstance(found, str):
        return {}
    return {key: found}


def _evidence(is_open: Open) -> Interpretation | None:
    """A sentence where one is asked for. A refusal, or one's own answer lowered, is no evidence."""
    request, said = is_open.request, is_open.said
    if is_open.question.kind != "text" or said.asks or not said.text.strip():
        return None
    line = parse(request.content, said.text)
    if line is not None and len(said.text.split()) <= _LONG:
        return None
    if negates(said):
        return is_open.reading("no evidence", 0.95, lambda: skipped(request, is_open.step))
    if lowered := _lower_scores(is_open):
        return is_open.reading("another score", 0.97, lambda: _take(is_open, lowered))
    found = slots.read(request.content, is_open.key, said.text, request.today)
    if not isinstance(found, str):
        return None
    return is_open.reading(
        "evidence",
        1.0 if len(said.text.split()) > _LONG else 0.93,
        lambda: _take(is_open, {is_open.key: found}),
    )


def _lower_scores(is_open: Open) -> dict[str, str]:
    """'Count it as 1 then': the score before it, another one."""
    scored = is_open.key.removesuffix("_evidence")
    hit = re.search(
        r"\b(?:count|make|put|call|say|take|its|it)\b[^;.]{0,20}?\b(?P<score>[0-3])\b",
        spelled(is_open.said.text),
    )
    if hit and scored != is_open.key:
        return {scored: hit["score"]}
    return {}


def _take(is_open: Open, new: Answers, ambiguities: tuple[slots.Ambiguity, ...] = ()) -> Turn:
    return taken(is_open.request, is_open.current.dialog, is_open.current.answers, new, ambiguities)


Reader = Callable[[Open], Interpretation | None]

READERS: Final[tuple[tuple[str, Reader], ...]] = (
    ("an option's own words mean that option, whatever else they may be", _own_words),
    ("skip and not sure pass a question over", _skip),
    ("one word may be the end of a button just shown", _same_button),
    ("a question about the question is answered before anything is taken", _about_the_question),
    ("asking to hear it again takes nothing", _again),
    ("the running total may be asked at any time", _total),
    ("what an answer changes is told beside it", _effect),
    ("taking back the last change", _undo),
    ("a correction names what it corrects, or means what was said last", _corrects),
    ("a score or a date of the test told before", _result_again),
    ("years of work without a place are asked about", _work_somewhere),
    ("evidence is any sentence, so it comes after what a sentence may be instead", _evidence),
    ("answers, to the open question and to others", _answers),
    ("leaving comes last: 'no time' may stand beside an answer", _leave),
)
"""How an open question reads a text, with the reason for each."""

_SAME = {
    **dict.fromkeys(("before", "before that", "earlier", "old", "the old one"), "before"),
    **dict.fromkeys(("after", "after that", "later", "since", "new", "the new one"), "after"),
}
_MEANING = re.compile(
    r"(?:what (?:counts|does (?:that|this|it) mean|do you mean|is that|is this)"
    r"|why do you (?:ask|need (?:that|this|to know))|whats (?:that|this)(?: mean)?|explain"
    r"|meaning)"
    r"|(?:what(?: is|s| are| does| do you mean by|s meant by| counts as)|explain|define"
    r"|meaning of)(?: an?| the)? (?P<what>[a-z][a-z /()-]{2,40}?)(?: mean| count| counted"
    r"| again| here| exactly| please)*"
)
_OPENINGS = re.compile(
    r"^(?:(?:hold on|hang on|wait|sorry|hmm?|um+|ok(?:ay)?|so|but|quick question|one (?:doubt"
    r"|question)|btw|oh|yaar|please|pls)[, ]+)+"
)
_SHORT = 8
_SHORT_CLAUSE = 3
_LONGEST_EFFECT = 16
_LONG = 4
"""Words: with more than four, a text that happens to open with a command's name is evidence."""
_LONGEST_LEAVE = 12
_FEWEST_EVIDENCE = 3
_STATED = {True: 1.0, False: 0.9}
_FLOOR = {True: 0.75, False: 0.5}
"""How much of a message an answer explains at least: to the open question, to another."""


def _without_opening(line: str) -> str:
    """'hold on, what is …' asks as 'what is …' does."""
    return _OPENINGS.sub("", line)
