"""Forms: a dialog, or the questions of `subscribe`, on pages instead of one by one.

A form is one more way to give the same answers: the questions and what an answer means are the dialogs' and the schedule's. Here
stands which page comes when, what of the known goes into it, and what happens where none can be shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot import dialogs, questionnaire, schedule
from bot.answers.migration import sourced
from bot.answers.printing import figure
from bot.asking import Ask, Handler
from bot.dialogs import audit, flow, known
from bot.dialogs.turns import SO_FAR, answers_so_far, open_dialog
from bot.events import Found, Submitted
from bot.form import Form
from bot.questionnaire import Answers
from bot.reply import Choices, Line, Tap, paragraph, spans
from bot.schedule import on_a_form
from bot.state import State
from bot.turn import ShowForm, Turn
from content.library import Content

NOTHING: Mapping[str, str] = {}


def has_form(content: Content, name: str) -> bool:
    return name == schedule.DIALOG or name in content.dialogs


def form(ask: Ask) -> Turn:
    """`form points`: its questions on one page. Where there are no forms, one by one."""
    name = ask.words.strip().lower()
    if not has_form(ask.content, name):
        taps = [Tap(dialog.title, f"form {key}") for key, dialog in ask.content.dialogs.items()]
        taps.append(Tap(ask.say("form_subscribe_title"), f"form {schedule.DIALOG}"))
        return ask.answer(paragraph(ask.say("form_which")), Choices(tuple(taps)), remember=False)
    if not ask.event.surface.forms:
        return _in_the_chat(ask, name)
    return on_a_form.shown(ask) if name == schedule.DIALOG else _opened(ask, name)


def submitted(ask: Ask, name: str, values: Answers) -> Turn:
    """A page was sent. The answers are taken as typed ones are; then comes the next page, or the result."""
    if name == schedule.DIALOG:
        return on_a_form.submitted(ask, values, correctable=_is_open(ask))
    dialog = ask.content.dialogs[name]
    page = questionnaire.page_of(ask.content, dialog, values)
    filled = questionnaire.filled(ask.content, name, values, ask.today)
    if filled.wrong and _is_open(ask):
        wrong = {key: ask.say(doubt.phrase, **doubt.values) for key, doubt in filled.wrong.items()}
        return Turn(state=ask.state, effects=(ShowForm(form=_page(ask, name, filled.answers, page, wrong)),))
    if dialog.optional:
        ask = _emptied(ask, [key for key in page if not values.get(key)])
    exact = questionnaire.unchanged(ask.content, answers_so_far(ask, name), values, ask.today)
    turn = dialogs.sent(ask, name, _of_other_pages(ask, name, page), replace(filled, answers={**filled.answers, **exact}))
    current = open_dialog(replace(ask, state=turn.state))
    is_done = current is None or current.dialog != name
    return turn if is_done or not _is_open(ask) else _opened(replace(ask, state=_without_notice(ask, turn)), name)


def not_shown(ask: Ask, found: Found) -> Turn:
    """The platform did not show the form: the same goes on in the chat."""
    match found.cause:
        case Submitted(form=name, values=values) if has_form(ask.content, name):
            return submitted(ask, name, dict(values))
        case _:
            name = ask.words.strip().lower()
            return _in_the_chat(ask, name) if has_form(ask.content, name) else Turn(state=ask.state)


def followed(ask: Ask, name: str, values: Answers) -> Form | None:
    """The open form as these values leave it; None where nothing depends on them. Knows nobody: everything stands in the form."""
    if name not in ask.content.dialogs:
        return None
    page = questionnaire.page_of(ask.content, ask.content.dialogs[name], values)
    return _page(ask, name, questionnaire.filled(ask.content, name, values, ask.today).answers, page)


HANDLERS: dict[str, Handler] = {"form": form}
FOUND = {ShowForm.__name__: not_shown}


def _is_open(ask: Ask) -> bool:
    """The form still stands before the person who sent it."""
    return isinstance(ask.event.body, Submitted)


def _in_the_chat(ask: Ask, name: str) -> Turn:
    if name == schedule.DIALOG:
        return schedule.HANDLERS[name](replace(ask, command=name, words=""))
    return flow.start(replace(ask, command=ask.content.dialogs[name].command.split(" ")[0], words=""), name)


def _opened(ask: Ask, name: str) -> Turn:
    """Where the dialog stopped, or its first page; with what is known."""
    dialog, current = ask.content.dialogs[name], open_dialog(ask)
    asked = (current.question,) if current is not None and current.dialog == name else ()
    page = questionnaire.page_of(ask.content, dialog, asked)
    return Turn(state=ask.state, effects=(ShowForm(form=_page(ask, name, answers_so_far(ask, name), page)),))


def _emptied(ask: Ask, keys: Iterable[str]) -> Ask:
    """What was filled in and came back empty is not to be known any more."""
    person = ask.state.person
    return replace(ask, state=replace(ask.state, person=replace(person, profile=known.without(person.profile, keys))))


def _without_notice(ask: Ask, turn: Turn) -> State:
    """The turn's state, where its reply is not said: nobody was told yet who may read the chat."""
    person = turn.state.person
    told = ask.state.person.profile.told_who_reads
    return replace(turn.state, person=replace(person, profile=replace(person.profile, told_who_reads=told)))


def _of_other_pages(ask: Ask, name: str, page: tuple[str, ...]) -> dict[str, str]:
    current = open_dialog(ask)
    if current is None or current.dialog != name:
        return {}
    return {key: answer for key, answer in current.answers.items() if key not in page}


def _page(ask: Ask, name: str, answers: Answers, page: tuple[str, ...], wrong: Mapping[str, str] = NOTHING) -> Form:
    pages = questionnaire.pages(ask.content, ask.content.dialogs[name])
    number = pages.index(page)
    fields = questionnaire.fields(ask.content, name, answers, ask.today, page)
    return Form(
        name=name,
        title=ask.content.dialogs[name].title,
        lead=() if number else _lead(ask, name),
        heading=_heading(ask, page, number, len(pages)),
        fields=tuple(replace(one, follows=one.follows or name in SO_FAR, wrong=wrong.get(one.key, "")) for one in fields),
        so_far=dialogs.live_total(ask, name, answers),
        submit=ask.say("form_send" if number + 1 == len(pages) else "form_next"),
    )


def _lead(ask: Ask, name: str) -> tuple[Line, ...]:
    dialog = ask.content.dialogs[name]
    facts = [ask.content.facts[key] for key in dialog.facts]
    return (*(sourced(ask, figure(fact), fact) for fact in facts), *(spans(sentence) for sentence in dialog.opening))


def _heading(ask: Ask, page: tuple[str, ...], number: int, count: int) -> str:
    group = ask.content.questions[page[0]].group
    if count == 1 or group is None:
        return ""
    return ask.say("form_page", number=number + 1, count=count, name=audit.name_of(ask.content, group))
