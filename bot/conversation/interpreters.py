"""One table of readers for what people type, and the choice between what they find.

Each reader says what the message may mean, how sure that is and how much of the message it
explains; the interpretation that explains most at the best score is decided, and only that one. The
order breaks ties, and is what a person who adds a reader has to think about.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.conversation import (
    abroad_readers,
    ad_readers,
    asked_acts,
    conclusion_readers,
    courtesies,
    currency_readers,
    doubt_readers,
    experience_readers,
    fact_readers,
    learning_questions,
    loan_readers,
    numbers_of_ours,
    pay_readers,
    pointing_readers,
    questions,
    remarks,
    rumour_readers,
    schedule_readers,
    study_readers,
    subject_readers,
    talk_readers,
    term_readers,
    topics,
    visa_time_readers,
)
from bot.conversation.context import Clarify, OutOfScope, RunCommand, SmallTalk, resolve
from bot.conversation.exact_commands import exact, misspelt, speaks_for_itself
from bot.conversation.fallback import ask_back, beyond, name_other, which_answer, word
from bot.conversation.follow_ups import follow_up
from bot.conversation.heard import Heard, Interpreter
from bot.conversation.subject_left_out import talks_of_migration
from bot.core.command_line import Line, parse, tidy
from bot.core.events import Reading
from bot.core.interpretation import Interpretation
from bot.core.reply import paragraph
from bot.core.turn import Turn
from bot.extraction.reports import reported
from bot.extraction.slots import agreement
from bot.features import nudges, questionnaires
from bot.features.pay import thresholds
from bot.features.work.occupations import echoed
from bot.understanding.acts import plain

ENOUGH: Final = 0.5
"""An interpretation that ranks below this is no answer."""
SURE: Final = 0.99
MOST_NO_WORDS: Final = 6
QUESTION_LASTS: Final = timedelta(minutes=10)
"""After so long a bare 'yes' is no answer any more: what it would do may be final."""


def interpretations(heard: Heard) -> tuple[Interpretation, ...]:
    """Everything that the readers find, best first."""
    found = [one for _, interpreter in INTERPRETERS for one in interpreter(heard)]
    return tuple(sorted(found, key=lambda one: -one.rank))


def best(heard: Heard) -> Interpretation | None:
    """The interpretation to decide; None where nothing explains enough."""
    if typed := _surely_typed(heard):
        return typed
    first = next(iter(interpretations(heard)), None)
    return first if first is not None and first.rank >= ENOUGH else None


def _surely_typed(heard: Heard) -> Interpretation | None:
    """A command word for word, while nothing waits for an answer:
    nothing that the other readers find goes before it.
    """
    if questionnaires.waiting(heard.words) or heard.state.conversation.question:
        return None
    if schedule_readers.quiz_line(heard):
        return None  # 'stop quizzing me' stops no nudges
    if next(pay_readers.money_talk(heard), None):
        return None  # 'what if 84 incl' changes the pay that stands above
    if next(study_readers.later_starts(heard), None):
        return None  # 'start in may' opens no page
    if next(ad_readers.quoted(heard), None):
        return None  # 'ad says 130k package, is that good' asks for no whole ad
    typed = next(_commands(heard), None)
    return typed if typed is not None and typed.rank >= SURE else None


# ---- the readers


def _commands(heard: Heard) -> Iterator[Interpretation]:
    if tidy(heard.text).startswith("/"):
        yield Interpretation(name="slash command", score=1.0, decide=lambda: _slashed(heard))
        return
    typed = _button_or_line(heard, exact(heard.content, heard.text, heard.reading))
    if typed is None or _only_asks_about(heard, typed):
        return
    if _imagines_something_else(heard, typed) or _asks_why_of_something(heard, typed):
        return
    is_sentence = bool(_OPENS_A_SENTENCE.match(typed.words))
    sure = not typed.words or (not is_sentence and speaks_for_itself(heard.content, heard.text))
    yield Interpretation(
        name="command",
        score=0.99 if sure else 0.96,
        decide=lambda: heard.run(typed, heard.reading),
        takes_facts=typed.command in questionnaires.DIALOG_COMMANDS,
    )


def _imagines_something_else(heard: Heard, line: Line) -> bool:
    """'What if it expires' in a talk about migration: nothing that changes a sum,
    so the talk says what it means.
    """
    if line.command != "what-if" or not line.words:
        return False
    if not talks_of_migration(heard.content, heard.state.conversation, heard.event.at):
        return False
    has_sum = bool(heard.state.person.results.get("points") or heard.state.person.dialog)
    knows = questionnaires.knows_change(heard.content, line.command, line.words)
    return not (has_sum and knows)


def _asks_why_of_something(heard: Heard, line: Line) -> bool:
    """'Why not listed', 'why the same': 'why' alone asks for the sources, and no more than that."""
    return line.command == "sources" and bool(line.words) and _WHY.match(heard.text) is not None


_WHY: Final = re.compile(r"\W{0,3}why\b", re.IGNORECASE)
_OPENS_A_SENTENCE: Final = re.compile(
    r"(?:for|of|from) (?:being|a|an|the|my|some)\b", re.IGNORECASE
)
"""'points for being 34': a name of the table, and a question all the same."""


def _slashed(heard: Heard) -> Turn:
    """The command after a slash; one that is mistyped is named beside its answer."""
    if line := parse(heard.content, heard.text):
        return heard.run(line, None)
    typed, line = misspelt(heard.content, heard.text) or ("", None)
    # What acts is only explained: a slip of the finger may have meant another one.
    is_only_named = line is not None and not line.words and line.command in asked_acts.ACTING
    if line is None or is_only_named:
        return heard.run(Line("help", tidy(heard.text).replace("/pivot ", "/", 1)), None)
    turn = heard.run(line, None)
    words = heard.request().text("taken_as", typed=echoed(typed), meant=line.command)
    first, *others = turn.replies
    return replace(
        turn, replies=(replace(first, blocks=(paragraph(words), *first.blocks)), *others)
    )


def _only_asks_about(heard: Heard, line: Line) -> bool:
    """'stop?' is a command; 'skip means what' and 'forget, does it stop the nudges' are none."""
    if not line.words:
        return False
    is_said = asked_acts.is_asked_about(line.command, heard.utterance)
    return is_said and len(heard.text.split()) > 2


def _button_or_line(heard: Heard, line: Line | None) -> Line | None:
    """The label of a button shown last means that button, even where it is a command's name too
    ('Start' under a plan); `stop` always stops.
    """
    if line is not None and (line.explicit or line.words or line.command == "unsubscribe"):
        return line
    typed = tidy(heard.text).lower()
    choices = heard.state.conversation.choices.items()
    tapped = next((action for label, action in choices if label.lower() == typed), "")
    return parse(heard.content, tapped) or line


def _yes_or_no(heard: Heard) -> Iterator[Interpretation]:
    question = heard.state.conversation.question
    if question is None or heard.event.at - question.at > QUESTION_LASTS:
        return
    says = agreement(heard.text) or _leans_to_no(heard, question.no)
    line = parse(heard.content, question.yes if says == "yes" else question.no)
    if says and line is not None:
        yield Interpretation(
            name="yes or no", score=1.0, decide=lambda: heard.run(line, None), takes_facts=True
        )


_NO_WORDS: Final = frozenset(
    """
    no nah nope dont not never cancel wait stop keep leave hold hang nevermind na noo nay
    """.split()
)


def _leans_to_no(heard: Heard, no: str) -> str:
    """'nah keep it', or the words of the other button: anything like a no is the safe side."""
    words = heard.utterance.line.split()
    label = next(
        (label for label, action in heard.state.conversation.choices.items() if action == no), ""
    )
    if label and plain(label).strip() in heard.utterance.line and not heard.utterance.asks:
        return "no"
    is_short = 0 < len(words) <= MOST_NO_WORDS
    return "no" if is_short and words[0] in _NO_WORDS and not heard.utterance.asks else ""


def _about_the_question(heard: Heard) -> Iterator[Interpretation]:
    """A side question while a yes or no is waited for: 'does that also stop the nudges?'"""
    question = heard.state.conversation.question
    if (
        question is None
        or not heard.utterance.asks
        or heard.event.at - question.at > QUESTION_LASTS
    ):
        return
    asked = parse(heard.content, question.yes)
    if asked is None or asked.command not in asked_acts.ACTING:
        return
    points_back = re.search(
        r" (?:that|it|this|erase|forget|delete|everything|too|also) ", heard.utterance.line
    )
    if points_back:
        yield Interpretation(
            name="about what is asked",
            score=0.985,
            decide=lambda: asked_acts.explained(heard.request(), asked.command),
            keeps_question=True,
        )


def _open_dialog(heard: Heard) -> Iterator[Interpretation]:
    yield from questionnaires.readings(heard.request("answer", heard.text), heard.utterance)


def _open_schedule(heard: Heard) -> Iterator[Interpretation]:
    if turn := nudges.answered(heard.words):
        yield Interpretation(
            name="answer about the schedule",
            score=0.985,
            decide=lambda: turn,
            on_dialog=True,
            takes_facts=True,
        )


def _courtesies(heard: Heard) -> Iterator[Interpretation]:
    yield from courtesies.readings(heard.request("help", heard.text), heard.utterance)


def _again(heard: Heard) -> Iterator[Interpretation]:
    """'Say that again', 'shorter': the last answer once more, or its first lines."""
    last = heard.state.conversation.last
    said = heard.utterance
    if last is None or not said.does("repeat", "shorter") or any(map(str.isdigit, heard.text)):
        return
    group = heard.content.group_of(last.command)
    if not (group and group.tells) and last.command not in _TOLD_TOO:
        return
    line = Line(last.command, last.words)
    shorter = said.does("shorter")
    yield Interpretation(
        name="again",
        score=0.92,
        covers=max(courtesies.share(said, "repeat", "shorter"), 0.5),
        decide=lambda: (
            courtesies.shortened(heard.run(line, None)) if shorter else heard.run(line, None)
        ),
    )


_TOLD_TOO: Final = frozenset(["points", "what-if", "profile", "plan", "reminders", "audit"])


_OF_STEPS: Final = re.compile(
    r" (?:steps?|tasks?|units?|plan|tick|ticks|ticked|type|write|say|press|tap|button|command"
    r"|done it|nudge) "
)


def _is_about_nothing(heard: Heard, command: str) -> bool:
    """'It is finished for me then' from somebody without a plan speaks of no step."""
    is_step = command in ("done", "skip", "too-much")
    has_plan = heard.state.person.progress is not None
    return is_step and not has_plan and not _OF_STEPS.search(plain(heard.text))


def _acts_spoken_of(heard: Heard) -> Iterator[Interpretation]:
    command = _act_in(heard)
    if not command or _is_about_nothing(heard, command):
        return
    request = heard.request("help", heard.text)
    waits = questionnaires.waiting(request) is not None
    if asked_acts.is_denied(command, heard.utterance):
        back = asked_acts.undoing(request, command)
        yield Interpretation(
            name="an act denied",
            score=0.75 if waits else 0.98,
            decide=lambda: (
                heard.run(back, None) if back else asked_acts.left_alone(request, command)
            ),
        )
    elif asked_acts.is_asked_about(command, heard.utterance):
        # A text that names no act is only read as one: a fact that is near goes before it ('is
        # Hobart regional').
        is_named = command.replace("-", " ") in heard.utterance.line or bool(_named_act(heard))
        sure = 0.97 if is_named else 0.95
        yield Interpretation(
            name="an act asked about",
            score=0.8 if waits else sure,
            decide=lambda: asked_acts.explained(request, command),
        )


_NAMED_ACT: Final = {
    "done": (
        r"done|tick(?:ed)?|finish(?:ed)?|step \d{1,9} (?:\w{1,20} ){0,2}(?:not|isnt|wasnt|never"
        r"|aint)"
    ),
    "skip": r"skip(?:ped)?",
    "snooze": r"snooz(?:e|ed|ing)",
    "pause": r"paus(?:e|ed)",
    "forget": r"forget|erase|wipe",
    "share": r"share|sharing|post(?:ed|ing)?",
    "unlink": r"unlink",
    "unsubscribe": r"unsubscribe|stop",
}


def _named_act(heard: Heard) -> str:
    """The acting command that a verb of the text names; '' for none."""
    line = heard.utterance.line
    named = (one for one, verbs in _NAMED_ACT.items() if re.search(rf" (?:{verbs}) ", line))
    return next(named, "")


def _act_in(heard: Heard) -> str:
    """The acting command that the text speaks of: the one it is read as, else the one it names."""
    line = heard.utterance.line
    named = _named_act(heard)
    reading = heard.reading
    read = reading.command if reading is not None and reading.action != "reject" else ""
    is_sure = reading is not None and reading.action == "answer"
    if " link " in line and asked_acts.is_denied("link", heard.utterance):
        return "link"
    if named and (heard.utterance.asks or not is_sure):
        return named
    return read if read in asked_acts.ACTING else named


def _changes_back(heard: Heard) -> Iterator[Interpretation]:
    """'Take that back', 'that's wrong' after something was noted."""
    undo = heard.utterance.does("undo") and not heard.utterance.asks
    if undo and (line := _undo_tap(heard)):
        yield Interpretation(
            name="undo",
            score=0.93,
            covers=max(courtesies.share(heard.utterance, "undo", "correct"), 0.6),
            decide=lambda: heard.run(line, None),
            takes_facts=True,
        )
        return
    changed = heard.state.conversation.changed
    if changed and heard.utterance.does("undo") and not heard.utterance.asks:
        yield Interpretation(
            name="take back",
            score=0.9,
            covers=courtesies.share(heard.utterance, "undo", "correct"),
            decide=lambda: questionnaires.undo(heard.request("undo")),
            takes_facts=True,
        )


def _undo_tap(heard: Heard) -> Line | None:
    """The undo that stands on the screen."""
    for label, action in heard.state.conversation.choices.items():
        if label == heard.content.phrases["tap_plan_undo"] or action.endswith(" undo"):
            return parse(heard.content, action)
    return None


def _kept_to_oneself(heard: Heard) -> Iterator[Interpretation]:
    """'Rather not say where I worked', with no question that waits for it: fine."""
    if questionnaires.waiting(heard.words):
        return
    words = heard.request()
    yield Interpretation(
        name="kept to oneself",
        score=0.9,
        decide=lambda: words.answer(paragraph(words.text("fine_not_needed")), remember=False),
        takes_facts=True,
    )


def _leaves(heard: Heard) -> Iterator[Interpretation]:
    """'Leave it there, stop asking': a questionnaire that waits in silence is put away."""
    said = heard.utterance
    is_parked = heard.state.person.dialog is not None and not questionnaires.waiting(heard.words)
    if (
        not is_parked
        or not said.does("leave")
        or said.asks
        or len(heard.text.split()) > _LONGEST_LEAVE
    ):
        return
    yield Interpretation(
        name="leave",
        score=0.93,
        decide=lambda: heard.run(Line("cancel", ""), None),
        on_dialog=True,
        takes_facts=True,
    )


_LONGEST_LEAVE: Final = 10


def _maybes(heard: Heard) -> Iterator[Interpretation]:
    """'Might be moving to Perth, dunno yet': nothing is kept, and that is said."""
    said = heard.utterance
    doubted = [one for one in said.clauses if one.mood == "doubted" and one.holder == "self"]
    if not doubted or said.asks or heard.facts.answers or reported(heard.text):
        return
    if said.does("unsure") and questionnaires.keeps_to_self(said):
        yield from _kept_to_oneself(heard)
        return
    turn = nudges.maybe_moving(heard.words) or questionnaires.maybe(heard.words, said)
    if turn:
        yield Interpretation(name="a maybe", score=0.98, decide=lambda: turn, takes_facts=True)


def _statements(heard: Heard) -> Iterator[Interpretation]:
    if questionnaires.keeps_to_self(heard.utterance):
        return  # 'rather not say where I worked' takes back nothing that was said
    yield from questionnaires.statements(
        heard.request("profile", heard.text), heard.utterance, heard.facts
    )


_BARE_NUMBER: Final = re.compile(r"\W{0,9}\d{1,3}(?:[.,]\d)?\W{0,9}")


def _is_answer(heard: Heard) -> bool:
    """A bare number while a question is open is its answer before it is a change of a sum."""
    bare = _BARE_NUMBER.fullmatch(heard.text)
    return bool(bare) and questionnaires.waiting(heard.words) is not None


def _is_visa(heard: Heard) -> bool:
    """A visa's number alone is that visa, whatever was talked about; a rate's days are counted."""
    bare = heard.text.strip(" ?!.")
    last = heard.state.conversation.last
    is_of_visas = last is not None and last.command not in ("takehome", "offer", "salary")
    return bare in heard.content.visas and not is_of_visas


_MATTERS: Final = re.compile(r" (?:does|do|would|will) (?:it|that|this) (?:even )?matter ")
"""Asks whether a value counts: it is no other value of the sum above."""


def _ellipses(heard: Heard) -> Iterator[Interpretation]:
    is_of_ours = numbers_of_ours.are_named(heard)
    if _is_answer(heard) or _is_visa(heard) or _MATTERS.search(heard.utterance.line):
        return
    found = topics.ellipses(heard.content, heard.state.conversation, heard.text, heard.event.at)
    for distance, one in enumerate(found):
        if is_of_ours and one.line.command in (*topics.SUMS, "salary"):
            continue
        yield Interpretation(
            name="one value of a topic changed",
            score=0.97 - 0.03 * distance,
            covers=one.covers,
            decide=lambda line=one.line: heard.run(line, None),  # type: ignore[misc]
            takes_facts=one.is_about_others,
        )


def _follow_ups(heard: Heard) -> Iterator[Interpretation]:
    last = heard.state.conversation.last
    page = questions.as_page(heard.content, last)
    if _is_visa(heard):
        return
    line = follow_up(heard.content, page, heard.text, heard.reading, heard.event.at)
    if line is None:
        return
    # 'per week?' means the sum that stands above it; after a page, a fact says more, and an open
    # question's answer always.
    is_open = questionnaires.waiting(heard.words) is not None
    is_sum = last is not None and last.command in questions.SUMS
    after_sum = is_sum and not is_open and not thresholds.asks_for(last.words if last else "")
    yield Interpretation(
        name="follow-up",
        score=1.0 if after_sum else 0.92,
        covers=0.0 if _loses_figures(heard.text, line.words) else 0.95,
        decide=lambda: heard.run(line, heard.reading),
    )


def _resumes(heard: Heard) -> Iterator[Interpretation]:
    """'Carry on with the audit', 'where were we': the question that was left open."""
    if not heard.utterance.does("resume") or len(heard.text.split()) > 2 * MOST_NO_WORDS:
        return
    request = heard.request("resume")
    turn = questionnaires.brought_back(request)
    if turn is not None:
        yield Interpretation(
            name="go on", score=0.99, decide=lambda: turn, on_dialog=True, takes_facts=True
        )


_GO_ON: Final = re.compile(
    r" (?:go on|go ahead|go for it|do it|lets go|lets do (?:it|that)|quiz me|test me|ask me"
    r"|bring it on|hit me) "
)


MOST_BESIDE_AN_OFFER: Final = 2
"""With more buttons under an answer, none of them is what it offers."""
_RATHER_NOT: Final = re.compile(r" (?:keep|leave|no|not|nah|nope|dont|later|never|stop|wait) ")


def _offer_taken(heard: Heard) -> Iterator[Interpretation]:
    """'Go on then', 'yeah, test me' where one questionnaire was just offered by a button:
    that one begins.
    """
    offered = {
        line.command
        for action in heard.state.conversation.choices.values()
        if (line := parse(heard.content, action)) and line.command in questionnaires.DIALOG_COMMANDS
    }
    is_short = len(heard.text.split()) <= MOST_NO_WORDS
    is_the_offer = len(heard.state.conversation.choices) <= MOST_BESIDE_AN_OFFER
    if (
        len(offered) != 1
        or not is_the_offer
        or not is_short
        or not _GO_ON.search(heard.utterance.line)
    ):
        return
    is_typed = parse(heard.content, heard.text) is not None
    said = heard.utterance
    is_left = said.does("confirm", "deny") or bool(_RATHER_NOT.search(said.line))
    if is_typed or is_left or said.asks or questionnaires.waiting(heard.words):
        return
    (command,) = offered
    yield Interpretation(
        name="an offer taken",
        score=0.985,
        decide=lambda: heard.run(Line(command, ""), None),
    )


def _bare_answers(heard: Heard) -> Iterator[Interpretation]:
    """A bare yes or no, and nothing that it could answer."""
    is_read = heard.reading is not None and heard.reading.action == "answer"
    if agreement(heard.text) and not is_read:
        yield Interpretation(
            name="yes or no to nothing",
            score=0.5 if questionnaires.waiting(heard.words) else 0.9,
            decide=lambda: courtesies.nothing_asked(heard.words),
        )


def _meanings(heard: Heard) -> Iterator[Interpretation]:
    reading = heard.reading
    if reading is None:
        return
    if reading.asks and _WISHES.search(heard.utterance.line):
        reading = replace(reading, asks=False)
    request = heard.request("help", heard.text)
    asked = fact_readers.asked_of(heard, reading)
    near = questions.offered(asked)
    match resolve(heard.content, heard.state.conversation, reading, heard.event.at):
        case RunCommand(line=line, entities=entities, also=also):
            if schedule_readers.speaks_of_no_nudge(
                heard, line
            ) or schedule_readers.speaks_of_paid_hours(heard, line):
                return
            if line.command in _OF_STUDY and heard.facts.answers and not heard.utterance.asks:
                # A degree that is told of asks for no page about degrees.
                yield Interpretation(
                    name="a degree told of",
                    score=0.8,
                    decide=lambda: questionnaires.noted_alone(
                        heard.request("profile", heard.text), heard.facts.answers
                    ),
                    takes_facts=True,
                )
                return
            if line.command in asked_acts.ACTING and reading.action != "answer":
                return  # what changes something is never done on the strength of the talk alone
            read = replace(reading, command=line.command, entities=entities)
            if _only_asks_how_long(heard, line):
                line = replace(line, words=f"at {line.words.split()[-1]} hours")
            line = schedule_readers.begins_unasked(heard, line) or line
            starts = _starts_unasked(heard, line)
            if starts:
                yield Interpretation(
                    name="answers that are near" if near else "a questionnaire explained",
                    score=0.7,
                    decide=lambda: (
                        which_answer(request, near)
                        if near
                        else asked_acts.may_start(request, line.command)
                    ),
                )
                return
            yield Interpretation(
                name="understood",
                score=reading.confidence,
                covers=_coverage(heard, line, read),
                decide=lambda: (
                    name_other(request, heard.run(line, read), also)
                    if also
                    else heard.run(line, read)
                ),
                takes_facts=line.command in questionnaires.DIALOG_COMMANDS,
            )
        case SmallTalk() as courtesy:
            yield Interpretation(
                name="small talk", score=0.85, decide=lambda: word(request, courtesy)
            )
        case OutOfScope() as limit:
            yield Interpretation(
                name="beyond me",
                score=min(reading.confidence, 0.8),
                covers=0.6,
                decide=lambda: which_answer(request, near) if near else beyond(request, limit),
            )
        case Clarify() as doubt:
            yield Interpretation(
                name="a doubt",
                score=0.55,
                decide=lambda: ask_back(request, doubt, near or questions.near_the_talk(asked)),
            )


_WISHES: Final = re.compile(
    r"\A (?:(?:ok|okay|and|also|so|then|please|pls|hey) ){0,3}"
    r"(?:can|could|will|would) (?:you|u|ya|ye) (?:please |pls |also |just ){0,2}"
    r"(?:remind|nudge|bug|ping|poke|message|text|tell|write|send|set|start|move|change|make|put"
    r"|pause|stop) "
)
"""A wish in the form of a question: 'can you ping me on mondays'."""
_OF_STUDY: Final = ("education", "qualifications")
_WANTS_TO_START: Final = re.compile(
    r" (?:calculate|calc|compute|add up|tally|work out|figure out|test me|quiz me|calculator) "
    r"| (?:start|begin|go|run|take|do|check|try|open) (?:with )?(?:the |my |a |me "
    r"|through ){0,6}(?:points?|test|audit|self|sum|score|questions)"
    r"| my (?:own )?(?:points?|score|total) | how many points (?:do|would|will|have|could|can"
    r"|might) i (?:have|get|got|score|make|reach)? "
)


def _only_asks_how_long(heard: Heard, line: Line) -> bool:
    """'I only get 5 hours a week, how long would it take': the weeks are told,
    and no plan begins.
    """
    begins = line.command == "plan" and bool(re.fullmatch(r"hours \d{1,2}", line.words))
    return begins and bool(re.search(r" how (?:long|many weeks) ", heard.utterance.line))


def _starts_unasked(heard: Heard, line: Line) -> bool:
    """A question about points or the audit starts neither, nor does a story of somebody else."""
    said = heard.utterance
    of_others = any(clause.holder != "self" for clause in said.clauses)
    is_told = _is_open_already(heard, line)
    if line.command not in ("points", "audit") or line.words:
        return False
    is_named = line.command != "points" or bool(_OF_THE_TEST.search(heard.utterance.line))
    has_figures = line.command == "points" and any(map(str.isdigit, heard.text))
    if is_named and not (said.asks or of_others or is_told or has_figures):
        return False
    return not _WANTS_TO_START.search(heard.utterance.line)


_OF_THE_TEST: Final = re.compile(
    r" (?:points?|pts|score|scores|test|questions?|questionnaire|calculator|total"
    r"|eligib\w{0,6}|qualify) "
)
"""Words without which a text wants no points test."""


def _is_open_already(heard: Heard, line: Line) -> bool:
    """A sentence about the questionnaire that is open wants it
    neither started nor printed again.
    """
    current = questionnaires.waiting(heard.words)
    return current is not None and current.dialog == line.command


_FIGURE: Final = re.compile(r"\d+(?:[.,]\d+)?")


def _coverage(heard: Heard, line: Line, reading: Reading) -> float:
    """How much of the text a command accounts for: a figure that
    went nowhere counts for half of it.
    """
    kept = f"{line.words} {' '.join(map(str, reading.entities.values()))}"
    return 0.5 if _loses_figures(heard.text, kept) and reading.needs_context else 0.9


def _loses_figures(text: str, kept: str) -> bool:
    """Whether a figure of the text went nowhere."""
    kept = kept.replace(",", "")
    figures = [one.replace(",", "") for one in _FIGURE.findall(text)]
    return any(one not in kept and one.rstrip("0.") not in kept for one in figures)


INTERPRETERS: Final[tuple[tuple[str, Interpreter], ...]] = (
    ("a yes or no answers what was just asked; anything like a no is the safe side", _yes_or_no),
    ("what is typed as a command, or as a button's label, is that", _commands),
    ("a side question about what is asked leaves the question open", _about_the_question),
    ("the open question is strong where the text holds a value of its kind", _open_dialog),
    ("the open question about a schedule likewise", _open_schedule),
    ("the unit or the link of the term just told", term_readers.readings),
    ("a rumour answers no open question; the fact it is about is told", rumour_readers.readings),
    ("being abroad is kept, and changes what was just told", abroad_readers.readings),
    ("a doubt is about the answer that stands", doubt_readers.readings),
    ("a place in a list is that item of the last reply", pointing_readers.items),
    ("going back to an earlier topic by its name", pointing_readers.earlier),
    ("an act that is denied or asked about explains, and changes nothing", _acts_spoken_of),
    ("going on with what was left open", _resumes),
    ("the one questionnaire that a button offers begins on a go-ahead", _offer_taken),
    ("taking back the last change", _changes_back),
    ("thanks, hello, a complaint: what people say that asks for no fact", _courtesies),
    ("news, a mood, small talk: a line in return", remarks.readings),
    ("the last answer again, or shorter", _again),
    ("an ad quoted in a message, and what is asked of its pay", ad_readers.quoted),
    ("days of a week at full-time pay", pay_readers.part_of_full_time),
    ("whose tax is no resident's, and what a passport changes", pay_readers.tax_of_others),
    ("two incomes are taxed as one", pay_readers.two_incomes),
    ("shares and options are not counted", pay_readers.equity),
    ("how much is owed on a study loan changes no repayment", loan_readers.balances),
    ("how long a study loan lasts at this pay", loan_readers.years_left),
    ("another currency has no rate here", currency_readers.readings),
    ("years of other work are none of ML", experience_readers.readings),
    (
        "a message of money and nothing else, against what stands above",
        numbers_of_ours.unless_named(pay_readers.money_talk),
    ),
    (
        "a pay is set beside the visa income thresholds",
        numbers_of_ours.unless_named(pay_readers.pay_beside_thresholds),
    ),
    (
        "a pay and nothing else is taxed, and so is one that is asked about after tax",
        numbers_of_ours.unless_named(pay_readers.pays_taxed),
    ),
    ("two pays after tax are set side by side", numbers_of_ours.unless_named(pay_readers.two_pays)),
    ("a day rate and its days make a year's pay", pay_readers.rates_of_a_year),
    ("time on a sponsored visa is added up", visa_time_readers.sponsored_time),
    ("a visa that ends: the date said back, and the ways there are", visa_time_readers.visa_ends),
    ("a questionnaire that waits in silence can be left", _leaves),
    ("a maybe is no fact", _maybes),
    ("a plan is started, or gets other hours", schedule_readers.plans),
    ("where to begin, what counts, and sighs about learning", learning_questions.readings),
    ("an answer that missed its question: sorry, and the nearest", learning_questions.missed),
    ("where we were: what is set, and what comes next", schedule_readers.where_we_were),
    ("the smallest thing to do is one step, made small", schedule_readers.small_steps),
    ("acts on nudges and plan in people's own words", schedule_readers.steered),
    ("the one button that the words name", study_readers.taps_in_words),
    ("hours for the plan, in passing", study_readers.hours_in_passing),
    ("other hours, where a plan's length is too long", study_readers.other_hours),
    ("a start that is to come: the hours are kept", study_readers.later_starts),
    ("a self-audit's score is put into its band", study_readers.audit_scores),
    ("how long somebody's own plan is, at their hours", study_readers.own_lengths),
    ("days that stay, an absence, another hour, what is set", schedule_readers.wishes),
    ("a wish for a weekly nudge in a sentence, or for later", schedule_readers.weekly_wishes),
    ("a move that is to come leaves the clocks as they are", schedule_readers.later_moves),
    ("one week's nudge alone is moved or left out", schedule_readers.single_weeks),
    ("one day of a schedule is given up for another", schedule_readers.swaps),
    ("days, a time and a place and nothing else are a schedule", schedule_readers.plain_schedules),
    (
        "what a short text asks of a pay, by itself or after a sum",
        numbers_of_ours.unless_named(pay_readers.pay_asked_about),
    ),
    (
        "somebody else's pay is placed, and is nobody's here",
        numbers_of_ours.unless_named(pay_readers.pay_of_others),
    ),
    (
        "a pay that a site or somebody is reported to name",
        numbers_of_ours.unless_named(pay_readers.pay_reported),
    ),
    ("why a weak figure is shown", pay_readers.why_shown),
    ("facts about the speaker, and points from them", _statements),
    ("a short text that changes one value of what was talked about", _ellipses),
    ("visas side by side, where no fact compares just these", fact_readers.side_by_side),
    ("a passport, or a country's English, beside a test of English", subject_readers.passports),
    ("an invitation round by its date, or beside the one just told", talk_readers.rounds),
    ("an occupation's title while codes are talked about is its code", talk_readers.titles),
    ("a row of the points table by its name, or the one just told of", talk_readers.rows),
    ("scores that name no test belong to the one talked about", talk_readers.scores),
    ("one skill of the test just told of", talk_readers.skills),
    ("hours of a job, after which work counts, are none of the plan's", talk_readers.hours),
    ("a partner's test to come", talk_readers.partner_passes),
    ("the assessor that is named, its fee and its time", talk_readers.assessor),
    ("the visa that an employer starts, and the employer's part", talk_readers.sponsored),
    ("a birthday to come, and what changes with it", talk_readers.birthdays),
    ("a total of one's own, beside what past rounds took", talk_readers.own_totals),
    ("a sigh about chances gets the facts behind it", talk_readers.despair),
    ("a citizen asks what that is worth to a partner", talk_readers.citizen_for_partner),
    ("a number that is none of our visas and codes", subject_readers.numbers_not_ours),
    ("the fact that is asked for, near enough to be told", fact_readers.facts),
    (
        "something we have that a sentence tells of goes before a guess",
        subject_readers.named_subject,
    ),
    ("a conclusion from the last answer gets what it said first", conclusion_readers.readings),
    ("a short text that means something after one answer only", _follow_ups),
    ("a quiz is answered, gone on with or left in words", schedule_readers.quizzes),
    ("sentences that steer a schedule", schedule_readers.schedule_sentences),
    ("a reminder that is set gets another time, or is dropped", schedule_readers.reminder_changes),
    ("one reminder, with its time", schedule_readers.reminders),
    ("what the text is understood as, by rules and model", _meanings),
    ("a bare yes or no that nothing waits for", _bare_answers),
)
"""How a text is read, with the reason for each row."""
