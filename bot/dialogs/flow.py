"""Every dialog's turns: start, an answer tapped or typed, back, cancel, start over, a changed answer, coming back later.

The engine (bot.questionnaire) says which question is next, the readers (bot.hearing) what was meant; here that becomes state
and a reply. What a finished dialog amounts to is decided by its own module, through `OUTCOMES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot import hearing, questionnaire
from bot.answers.migration import sourced
from bot.answers.printing import answered, day, figure
from bot.asking import Ask, taps
from bot.commands import parse, tidy
from bot.dialogs import audit, known, points, profile
from bot.dialogs.outcome import Outcome, shown
from bot.events import Reading, Said
from bot.hearing import Doubt, Heard
from bot.questionnaire import Answers
from bot.reply import Block, Choices, Note, Open, Paragraph, Reply, Strong, Tap, paragraph, spans
from bot.state import OpenDialog, State
from bot.turn import Turn
from content.dialog import Dialog
from content.library import Content

SKIP = "skip"

STALE = timedelta(days=14)
"""A dialog left alone for longer is offered again, never taken up in silence."""

OUTCOMES: Mapping[str, Callable[[Ask, Answers], Outcome]] = {"points": points.outcome, "audit": audit.outcome, "profile": profile.outcome}
NOTICES: Mapping[str, Callable[[Ask, Answers, Answers], tuple[Block, ...]]] = {"points": points.notices}
"""What has to be said at once when an answer decides everything."""
SO_FAR: Mapping[str, Callable[[Ask, Answers], str]] = {"points": points.so_far}


@dataclass(frozen=True, slots=True)
class Step:
    """Where a dialog is: its key, the answers, and the question that comes next ('' when it is done)."""

    dialog: str
    answers: Answers
    question: str


# ---- commands


def start(ask: Ask, key: str) -> Turn:
    """The dialog from its first question, with what the profile knows; or, if it is open, where it stopped."""
    current = ask.state.person.dialog
    if current is not None and current.dialog == key:
        return _offer(ask, current) if _is_stale(ask, current) else _again(ask, current)
    dialog = ask.content.dialogs[key]
    kept = questionnaire.still_valid(ask.content, dialog, _profile(ask), _today(ask))
    facts = [ask.content.facts[name] for name in dialog.facts]
    lead: tuple[Block, ...] = tuple(Paragraph(sourced(ask, figure(fact), fact)) for fact in facts)
    lead += tuple(paragraph(sentence) for sentence in dialog.opening)
    if kept:
        lead += (paragraph(ask.say("dialog_already_known", answers=_listed(ask, kept))),)
    return _go_on(ask, key, kept, lead)


def take(ask: Ask, key: str, heard: Heard) -> Turn:
    """Answers that came with the command itself."""
    return _taken(ask, key, _answers_so_far(ask, key), heard.answers, heard.doubts)


def answer(ask: Ask) -> Turn:
    """`answer DIALOG QUESTION ANSWER`: what a button says. Without a question: take an old dialog up again."""
    key, _, rest = ask.words.partition(" ")
    question, _, said = rest.partition(" ")
    dialog = ask.content.dialogs.get(key)
    if dialog is None or (question and question not in dialog.questions):
        return ask.answer(paragraph(ask.say("dialog_gone")), Choices(_starts(ask)), remember=False)
    current = ask.state.person.dialog
    if not question:
        return _again(ask, current) if current is not None and current.dialog == key else start(ask, key)
    if current is not None and current.dialog == key and _is_stale(ask, current):
        return _offer(ask, current)
    answers = _answers_so_far(ask, key)
    if said == SKIP:
        return _skipped(ask, Step(key, answers, question))
    found = hearing.read(ask.content, question, said, _today(ask))
    if not isinstance(found, str):
        doubt = found or _not_an_answer(ask, question)
        return _doubted(ask, Step(key, answers, question), doubt)
    return _taken(ask, key, answers, {question: found})


def _skipped(ask: Ask, step: Step) -> Turn:
    """Pass over a question that may be; otherwise say that this one needs an answer."""
    if not questionnaire.may_skip(ask.content, ask.content.dialogs[step.dialog], step.question):
        return _put(ask, step, paragraph(ask.say("dialog_no_skip")))
    return _taken(ask, step.dialog, step.answers, {step.question: questionnaire.SKIPPED})


def back(ask: Ask) -> Turn:
    """One question back. Its answer is taken out, and said."""
    current = _open(ask)
    if current is None:
        return _nothing_open(ask)
    dialog = ask.content.dialogs[current.dialog]
    earlier = questionnaire.before(dialog, current.answers, current.question)
    if not earlier:
        return _put(ask, Step(current.dialog, current.answers, current.question), paragraph(ask.say("dialog_at_the_start")))
    answers = {key: value for key, value in current.answers.items() if key != earlier}
    said = current.answers.get(earlier)
    lead = (paragraph(ask.say("dialog_you_said", answer=shown(ask, earlier, said))),) if said else ()
    return _put(ask, Step(current.dialog, answers, earlier), *lead)


def cancel(ask: Ask) -> Turn:
    """Leave the dialog. What the profile keeps, stays there."""
    current = ask.state.person.dialog
    if current is None:
        return _nothing_open(ask)
    state = _with_dialog(ask.state, None)
    left = ask.content.dialogs.get(current.dialog)
    words = ask.say("dialog_cancelled", name=left.name) if left else ask.say("dialog_cancelled_other")
    return ask.answer(paragraph(words), Choices(_starts(ask)), state=state, remember=False)


def start_over(ask: Ask) -> Turn:
    """From the first question, with no answers: the open dialog, or the one finished last."""
    current = ask.state.person.dialog
    key = current.dialog if current is not None and current.dialog in ask.content.dialogs else _last_dialog(ask)
    if not key:
        return _nothing_open(ask)
    lead = paragraph(ask.say("dialog_from_the_start", name=ask.content.dialogs[key].name))
    return _go_on(ask, key, {}, (lead,))


def change(ask: Ask) -> Turn:
    """`change X` asks X again, `change X to Y` takes Y: in the open dialog, else in the last result, else in the profile."""
    words = tidy(ask.words)
    name, told, said = (part.strip() for part in _at_to(words))
    for key in _changeable(ask):
        dialog = ask.content.dialogs[key]
        question = questionnaire.named(ask.content, dialog, name) or ("" if told else _named_first(ask.content, dialog, words))
        if not question:
            continue
        if not told and (rest := _after_name(ask, question, words)):
            said = rest
        return _change(ask, key, question, said)
    return _what_to_change(ask, name)


def _change(ask: Ask, key: str, question: str, said: str) -> Turn:
    answers = _answers_so_far(ask, key)
    if not said:
        was = answers.pop(question, "")
        lead = (paragraph(ask.say("dialog_you_said", answer=shown(ask, question, was))),) if was else ()
        return _put(ask, Step(key, answers, question), *lead)
    found = hearing.read(ask.content, question, said, _today(ask))
    if not isinstance(found, str):
        heard = hearing.hear(ask.content, (question,), question, said, _today(ask))
        found = heard.answers.get(question) or next(iter(heard.doubts), None) or found
    if isinstance(found, str):
        current = ask.state.person.dialog
        alone = ask.content.dialogs[key].optional and (current is None or current.dialog != key)
        return _taken(ask, key, answers, {question: found}, ask_on=not alone)
    doubt = found or _not_an_answer(ask, question)
    return _doubted(ask, Step(key, answers, question), doubt)


def names_a_question(content: Content, words: str) -> bool:
    """Whether `change WORDS` names a question of some dialog: 'age', 'hours to 8', 'english ielts 8'."""
    name, told, _ = _at_to(tidy(words))
    return any(
        questionnaire.named(content, dialog, name) or (not told and _named_first(content, dialog, words))
        for dialog in content.dialogs.values()
    )


# ---- free text and forms


def try_answer(ask: Ask, text: str) -> Turn | None:
    """What an open dialog makes of a typed text; None when it is not meant for the dialog."""
    current = _open(ask)
    if current is None or _is_stale(ask, current) or not _may_be_an_answer(ask, current, text):
        return None
    dialog = ask.content.dialogs[current.dialog]
    open_key = current.question if current.question in dialog.questions else questionnaire.first_open(dialog, current.answers)
    if tidy(text).lower() == SKIP:
        return _skipped(ask, Step(current.dialog, current.answers, open_key))
    heard = hearing.hear(ask.content, dialog.questions, open_key, text, _today(ask))
    if heard.answers:
        return _taken(ask, current.dialog, current.answers, heard.answers, heard.doubts)
    if heard.doubts:
        doubt = heard.doubts[0]
        return _doubted(ask, Step(current.dialog, current.answers, doubt.question), doubt)
    if _looks_like_an_attempt(ask, text):
        return _doubted(ask, Step(current.dialog, current.answers, open_key), _not_an_answer(ask, open_key))
    return None


def submitted(ask: Ask, form: str, values: Mapping[str, str]) -> Turn:
    """A form that was sent: the same answers as if typed one by one. Fields that cannot be used are asked again, one by one."""
    filled = questionnaire.filled(ask.content, form, values, _today(ask))
    if not filled.wrong:
        return _taken(ask, form, {}, filled.answers)
    doubt = next(iter(filled.wrong.values()))
    return _doubted(ask, Step(form, filled.answers, doubt.question), doubt)


def wrong_fields(ask: Ask, form: str, values: Mapping[str, str]) -> dict[str, str]:
    """For a surface that shows errors beside the fields of a form: field to sentence. Empty when all can be used."""
    filled = questionnaire.filled(ask.content, form, values, _today(ask))
    return {key: ask.say(doubt.phrase, **doubt.values) for key, doubt in filled.wrong.items()}


def resumed(ask: Ask, turn: Turn) -> Turn:
    """The turn of something else that was asked in between, and then the open question once more."""
    current = _open(replace(ask, state=turn.state))
    if current is None or _is_stale(ask, current) or not turn.replies or ask.state.person.dialog != turn.state.person.dialog:
        return turn
    dialog = ask.content.dialogs[current.dialog]
    lead = paragraph(ask.say("dialog_where_we_were", name=dialog.name))
    blocks = (lead, *_question(replace(ask, state=turn.state), Step(current.dialog, current.answers, current.question)))
    conversation = turn.state.conversation
    state = replace(turn.state, conversation=replace(conversation, choices={**conversation.choices, **taps(blocks)}))
    return replace(turn, state=state, replies=(*turn.replies, Reply(blocks=blocks, personal=True)))


_CLEAR = ("unsubscribe", "cancel", "back", "start-over", "change", "what-if", "help", "answer", "forget", "privacy", "sources", "start")
_QUESTION_WORDS = (
    "what",
    "whats",
    "how",
    "why",
    "which",
    "who",
    "when",
    "where",
    "can",
    "could",
    "do",
    "does",
    "is",
    "are",
    "should",
    "will",
    "would",
)
_SHORT = 4
_LONG = 4
"""Words: up to four are a try at an answer; with more than four, a text that happens to open with a command's name is evidence."""


def _may_be_an_answer(ask: Ask, current: OpenDialog, text: str) -> bool:
    """Commands and questions win over the dialog; a text that is an option's own words is an answer all the same."""
    line = parse(ask.content, text)
    question = ask.content.questions.get(current.question)
    if line is None:
        return not _is_a_question(text)
    if line.explicit or line.command in _CLEAR or question is None:
        return False
    if line.command == SKIP and not line.words:
        return True
    if question.kind == "text":
        return len(text.split()) > _LONG
    return isinstance(hearing.read(ask.content, current.question, text, _today(ask)), str)


def _is_a_question(text: str) -> bool:
    words = tidy(text).lower().replace("'", "").replace("’", "").split()
    return bool(words) and (words[0] in _QUESTION_WORDS or (words[-1].endswith("?") and len(words) > 1))


def _looks_like_an_attempt(ask: Ask, text: str) -> bool:
    """Nothing that understanding is sure to be something else; where it did not run, something short."""
    match ask.event.body:
        case Said(reading=Reading(action=action)):
            return action != "answer"
        case _:
            return len(text.split()) <= _SHORT


# ---- one step


def _taken(ask: Ask, key: str, answers: Answers, new: Answers, doubts: tuple[Doubt, ...] = (), *, ask_on: bool = True) -> Turn:
    """Keep new answers, say which, and ask on. Answers that the new ones make pointless are dropped."""
    dialog = ask.content.dialogs[key]
    answers = questionnaire.reopened(dialog, answers, new)
    merged = questionnaire.still_valid(ask.content, dialog, {**answers, **new}, _today(ask))
    person = ask.state.person
    told = known.remembered(ask.content, person.profile, {name: value for name, value in new.items() if name in merged and value})
    state = replace(ask.state, person=replace(person, profile=told))
    lead: tuple[Block, ...] = ()
    current = ask.state.person.dialog
    beside = current is not None and current.dialog == key and current.question not in new
    if len(new) > 1 or "(" in "".join(new.values()) or doubts or beside:
        lead = (paragraph(ask.say("dialog_taken", answers=_listed(ask, {name: value for name, value in new.items() if name in merged}))),)
    if len(merged) < len({**answers, **new}.keys() & set(dialog.questions)) and len(answers) > len(merged):
        lead += (paragraph(ask.say("dialog_no_longer_asked")),)
    if key in NOTICES:
        lead += NOTICES[key](ask, answers, merged)
    ask = replace(ask, state=state)
    if doubts:
        doubt = doubts[0]
        return _doubted(ask, Step(key, merged, doubt.question), doubt, *lead)
    return _go_on(ask, key, merged, lead) if ask_on else _finished(ask, key, merged, lead)


def _go_on(ask: Ask, key: str, answers: Answers, lead: tuple[Block, ...] = ()) -> Turn:
    """Ask the first open question; with none left, the dialog is done."""
    question = questionnaire.first_open(ask.content.dialogs[key], answers)
    if question:
        return _put(ask, Step(key, answers, question), *lead)
    return _finished(ask, key, answers, lead)


def _finished(ask: Ask, key: str, answers: Answers, lead: tuple[Block, ...]) -> Turn:
    ask = replace(ask, command=ask.content.dialogs[key].command.split(" ")[0], words="")
    outcome = OUTCOMES[key](ask, answers)
    person = ask.state.person
    results = {**person.results, key: {**answers, **outcome.kept, "result.at": ask.event.at.isoformat()}}
    state = replace(ask.state, person=replace(person, dialog=None, results=results))
    blocks = (*lead, *outcome.blocks)
    return answered(replace(ask, state=state), *blocks, cite=outcome.cited, taps=outcome.taps, personal=True)


def _put(ask: Ask, step: Step, *lead: Block, offers: tuple[tuple[str, str], ...] = ()) -> Turn:
    """Put one question, after whatever leads to it."""
    state = _with_dialog(ask.state, _opened(ask, step))
    if not state.person.profile.told_who_reads and ask.event.surface.workspace_owners_may_read:
        lead = (paragraph(ask.say("dialog_who_reads")), *lead)
        state = replace(state, person=replace(state.person, profile=replace(state.person.profile, told_who_reads=True)))
    blocks = (*lead, *_question(replace(ask, state=state), step, offers))
    return ask.answer(*blocks, state=state, personal=True, remember=False)


def _doubted(ask: Ask, step: Step, doubt: Doubt, *lead: Block) -> Turn:
    """Put the question again, saying what was not clear, with the doubt's own offers to tap."""
    return _put(ask, step, *lead, paragraph(ask.say(doubt.phrase, **doubt.values)), offers=doubt.offers)


def _question(ask: Ask, step: Step, offers: tuple[tuple[str, str], ...] = ()) -> tuple[Block, ...]:
    """The question, what counts for it, how far along it is, and its buttons."""
    dialog, question = ask.content.dialogs[step.dialog], ask.content.questions[step.question]
    number, total = questionnaire.counted(ask.content, dialog, step.answers, step.question)
    so_far = SO_FAR[step.dialog](ask, step.answers) if step.dialog in SO_FAR else ""
    blocks: list[Block] = [Paragraph(spans(Strong(question.ask)))]
    details = (*question.more, *(str(ask.content.facts[key].value) for key in question.facts))
    if details:
        blocks.append(Note(ask.say("dialog_what_counts"), tuple(spans(line) for line in details)))
    if not question.options:
        blocks.append(paragraph(question.hint))
    blocks.append(paragraph(" ".join(part for part in (ask.say("dialog_place", number=number, total=total), so_far) if part)))
    buttons = [Tap(ask.content.phrases.get(label, label), f"answer {step.dialog} {step.question} {said}") for label, said in offers]
    if not offers:
        buttons += [Tap(option.label, f"answer {step.dialog} {step.question} {name}") for name, option in question.options.items()]
    if questionnaire.may_skip(ask.content, dialog, step.question):
        buttons.append(Tap(ask.say("tap_skip"), f"answer {step.dialog} {step.question} skip"))
    if questionnaire.before(dialog, step.answers, step.question):
        buttons.append(Tap(ask.say("tap_back"), "back"))
    buttons.append(Tap(ask.say("tap_cancel"), "cancel"))
    return (*blocks, Choices(tuple(buttons)))


# ---- coming back


def _offer(ask: Ask, current: OpenDialog) -> Turn:
    """An old dialog: ask before going on."""
    dialog = ask.content.dialogs[current.dialog]
    kept = questionnaire.still_valid(ask.content, dialog, current.answers, _today(ask))
    words = ask.say("dialog_stale", name=dialog.name, day=day(current.touched_at.date()), count=len(kept))
    buttons = (
        Tap(ask.say("tap_go_on"), f"answer {current.dialog}"),
        Tap(ask.say("tap_start_over"), "start over"),
        Tap(ask.say("tap_leave"), "cancel"),
    )
    return ask.answer(paragraph(words), Choices(buttons), personal=True, remember=False)


def _again(ask: Ask, current: OpenDialog) -> Turn:
    """Go on where it stopped; when content changed meanwhile, at the first open question, saying so."""
    dialog = ask.content.dialogs[current.dialog]
    kept = questionnaire.still_valid(ask.content, dialog, current.answers, _today(ask))
    lead: tuple[Block, ...] = (paragraph(ask.say("dialog_go_on", name=dialog.name)),)
    if len(kept) < len(current.answers) or current.question not in dialog.questions:
        lead = (paragraph(ask.say("dialog_changed", name=dialog.name)),)
        return _go_on(ask, current.dialog, kept, lead)
    if current.question in questionnaire.path(dialog, kept):
        return _put(ask, Step(current.dialog, kept, current.question), *lead)
    return _go_on(ask, current.dialog, kept, lead)


def _open(ask: Ask) -> OpenDialog | None:
    """The open dialog, with the answers that content still knows; None when there is none, or its dialog is gone."""
    current = ask.state.person.dialog
    if current is None or current.dialog not in ask.content.dialogs:
        return None
    dialog = ask.content.dialogs[current.dialog]
    kept = questionnaire.still_valid(ask.content, dialog, current.answers, _today(ask))
    question = current.question if current.question in dialog.questions else questionnaire.first_open(dialog, kept)
    return replace(current, answers=kept, question=question)


def _is_stale(ask: Ask, current: OpenDialog) -> bool:
    return ask.event.at - current.touched_at > STALE


def _opened(ask: Ask, step: Step) -> OpenDialog:
    return OpenDialog(dialog=step.dialog, question=step.question, answers=dict(step.answers), touched_at=ask.event.at)


def _with_dialog(state: State, dialog: OpenDialog | None) -> State:
    return replace(state, person=replace(state.person, dialog=dialog))


# ---- small things


def _today(ask: Ask) -> date:
    return ask.today


def _profile(ask: Ask) -> dict[str, str]:
    return known.answers(ask.content, ask.state.person.profile, _today(ask))


def _answers_so_far(ask: Ask, key: str) -> dict[str, str]:
    """Of the open dialog, else of its last result, else what the profile knows."""
    current = _open(ask)
    if current is not None and current.dialog == key:
        return dict(current.answers)
    kept = {**_profile(ask), **ask.state.person.results.get(key, {})}
    return questionnaire.still_valid(ask.content, ask.content.dialogs[key], kept, _today(ask))


def _listed(ask: Ask, answers: Answers) -> str:
    in_order = [key for dialog in ask.content.dialogs.values() for key in dialog.questions if key in answers]
    return " · ".join(f"{ask.content.questions[key].label} {shown(ask, key, answers[key])}" for key in dict.fromkeys(in_order))


def _not_an_answer(ask: Ask, question: str) -> Doubt:
    return Doubt(question=question, phrase="doubt_not_an_answer", values={"hint": ask.content.questions[question].hint})


def _starts(ask: Ask) -> tuple[Tap | Open, ...]:
    return tuple(Tap(dialog.title, dialog.command) for dialog in ask.content.dialogs.values())


def _nothing_open(ask: Ask) -> Turn:
    return ask.answer(paragraph(ask.say("dialog_none_open")), Choices(_starts(ask)), remember=False)


def _last_dialog(ask: Ask) -> str:
    finished = {key: result.get("result.at", "") for key, result in ask.state.person.results.items() if key in ask.content.dialogs}
    return max(finished, key=lambda key: finished[key], default="")


def _changeable(ask: Ask) -> tuple[str, ...]:
    current = _open(ask)
    order = (current.dialog if current else "", _last_dialog(ask), *ask.state.person.results, "profile", "points")
    return tuple(dict.fromkeys(key for key in order if key in ask.content.dialogs))


def _at_to(words: str) -> tuple[str, str, str]:
    """'age to 41' → ('age', 'to', '41'); the first ' to ' or '=' divides."""
    for mark in (" to ", " = ", "=", ": "):
        if mark in words:
            return words.partition(mark)
    return words, "", ""


def _named_first(content: Content, dialog: Dialog, words: str) -> str:
    """The question whose name the words open with: 'english ielts 8'. The longest beginning wins."""
    parts = words.split(" ")
    return next(
        (question for end in range(len(parts) - 1, 0, -1) if (question := questionnaire.named(content, dialog, " ".join(parts[:end])))),
        "",
    )


def _after_name(ask: Ask, question: str, words: str) -> str:
    """What follows the question's name in these words."""
    asked = ask.content.questions[question]
    names = sorted((question, question.replace("_", " "), asked.label.lower(), *asked.called), key=len, reverse=True)
    line = words.lower().removeprefix("my ").removeprefix("the ")
    return next((words[len(words) - len(line) + len(name) :].strip() for name in names if line.startswith(f"{name} ")), "")


def _what_to_change(ask: Ask, name: str) -> Turn:
    buttons = [
        Tap(ask.content.questions[question].label, f"change {question.replace('_', ' ')}")
        for key in _changeable(ask)[:1]
        for question in _answers_so_far(ask, key)
    ]
    words = ask.say("dialog_change_what", said=name) if name else ask.say("dialog_change_which")
    return ask.answer(
        paragraph(words), *((Choices(tuple(buttons)),) if buttons else (Choices(_starts(ask)),)), personal=bool(buttons), remember=False
    )
