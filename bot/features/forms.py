"""Forms: a dialog, or the questions of `subscribe`, on pages instead of one by one.

A form is one more way to give the same answers: the questions and what an answer means are the
dialogs' and the schedule's. Here stands which page comes when, what of the known goes into it, and
what happens where none can be shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.core.events import Account, Chat, Event, Found, Said, Submitted, Surface
from bot.core.form import Form
from bot.core.reply import Choices, Line, Tap, paragraph, spans
from bot.core.request import Handler, Request
from bot.core.state import Person, State
from bot.core.turn import ShowForm, Turn
from bot.features import nudges, questionnaires
from bot.features.figures import figure
from bot.features.nudges import form as schedule_form
from bot.features.questionnaires import audit, engine, flow, known
from bot.features.questionnaires.engine import Answers
from bot.features.questionnaires.turns import SO_FAR, answers_so_far, open_dialog
from bot.features.visas.migration import sourced
from content.content import Content

NOTHING: Mapping[str, str] = {}


def has_form(content: Content, name: str) -> bool:
    return name == nudges.DIALOG or name in content.dialogs


def form(request: Request) -> Turn:
    """`form points`: its questions on one page. Where there are no forms, one by one."""
    name = request.words.strip().lower()
    if not has_form(request.content, name):
        taps = [Tap(dialog.title, f"form {key}") for key, dialog in request.content.dialogs.items()]
        taps.append(Tap(request.text("form_subscribe_title"), f"form {nudges.DIALOG}"))
        return request.answer(
            paragraph(request.text("form_which")), Choices(tuple(taps)), remember=False
        )
    if not request.event.surface.forms:
        return _in_the_chat(request, name)
    if name == nudges.DIALOG:
        return schedule_form.schedule_form(request)
    return _open(request, name)


def submitted(request: Request, name: str, values: Answers) -> Turn:
    """A page was sent.

    The answers are taken as typed ones are; then comes the next page, or the result.
    """
    if name == nudges.DIALOG:
        return schedule_form.submission(request, values, correctable=_is_open(request))
    dialog = request.content.dialogs[name]
    page = engine.page_of(request.content, dialog, values)
    filled = engine.read_form(request.content, name, values, request.today)
    if filled.wrong and _is_open(request):
        wrong = {
            key: request.text(doubt.phrase, **doubt.values) for key, doubt in filled.wrong.items()
        }
        return Turn(
            state=request.state,
            effects=(ShowForm(form=_page(request, name, filled.answers, page, wrong)),),
        )
    if dialog.optional:
        request = _without_cleared(request, [key for key in page if not values.get(key)])
    exact = engine.as_before(request.content, answers_so_far(request, name), values, request.today)
    turn = questionnaires.sent(
        request,
        name,
        _of_other_pages(request, name, page),
        replace(filled, answers={**filled.answers, **exact}),
    )
    current = open_dialog(replace(request, state=turn.state))
    is_done = current is None or current.dialog != name
    if is_done or not _is_open(request):
        return turn
    return _open(replace(request, state=_without_notice(request, turn)), name)


def not_shown(request: Request, found: Found) -> Turn:
    """The platform did not show the form: the same goes on in the chat."""
    match found.cause:
        case Submitted(form=name, values=values) if has_form(request.content, name):
            return submitted(request, name, dict(values))
        case _:
            name = request.words.strip().lower()
            if has_form(request.content, name):
                return _in_the_chat(request, name)
            return Turn(state=request.state)


def form_after(
    content: Content, surface: Surface, name: str, values: Answers, at: datetime
) -> Form | None:
    """The open form of this name as these values leave it; None where nothing depends on them.

    Knows nobody: everything stands in the form.
    """
    if name not in content.dialogs:
        return None
    request = _stranger(content, surface, at)
    page = engine.page_of(content, content.dialogs[name], values)
    filled = engine.read_form(content, name, values, request.today)
    return _page(request, name, filled.answers, page)


def _stranger(content: Content, surface: Surface, at: datetime) -> Request:
    """A question without a person."""
    event = Event(
        key="",
        at=at,
        account=Account(platform=surface.name, user=""),
        chat=Chat(platform=surface.name, id=""),
        surface=surface,
        body=Said(""),
    )
    return Request(content=content, state=State(person=Person(id=0)), event=event, command="form")


HANDLERS: dict[str, Handler] = {"form": form}
FOUND = {ShowForm.__name__: not_shown}


def _is_open(request: Request) -> bool:
    """The form still stands before the person who sent it."""
    return isinstance(request.event.body, Submitted)


def _in_the_chat(request: Request, name: str) -> Turn:
    if name == nudges.DIALOG:
        return nudges.HANDLERS[name](replace(request, command=name, words=""))
    return flow.start(
        replace(request, command=request.content.dialogs[name].command.split(" ")[0], words=""),
        name,
    )


def _open(request: Request, name: str) -> Turn:
    """Where the dialog stopped, or its first page; with what is known."""
    dialog, current = request.content.dialogs[name], open_dialog(request)
    asked: tuple[str, ...] = ()
    if current is not None and current.dialog == name:
        asked = (current.question,)
    page = engine.page_of(request.content, dialog, asked)
    return Turn(
        state=request.state,
        effects=(ShowForm(form=_page(request, name, answers_so_far(request, name), page)),),
    )


def _without_cleared(request: Request, keys: Iterable[str]) -> Request:
    """What was filled in and came back empty is not to be known any more."""
    person = request.state.person
    return replace(
        request,
        state=replace(
            request.state, person=replace(person, profile=known.without(person.profile, keys))
        ),
    )


def _without_notice(request: Request, turn: Turn) -> State:
    """The turn's state, where its reply is not said: nobody was told yet who may read the chat."""
    person = turn.state.person
    told = request.state.person.profile.told_who_reads
    return replace(
        turn.state, person=replace(person, profile=replace(person.profile, told_who_reads=told))
    )


def _of_other_pages(request: Request, name: str, page: tuple[str, ...]) -> dict[str, str]:
    current = open_dialog(request)
    if current is None or current.dialog != name:
        return {}
    return {key: answer for key, answer in current.answers.items() if key not in page}


def _page(
    request: Request,
    name: str,
    answers: Answers,
    page: tuple[str, ...],
    wrong: Mapping[str, str] = NOTHING,
) -> Form:
    pages = engine.pages(request.content, request.content.dialogs[name])
    number = pages.index(page)
    fields = engine.fields(request.content, name, answers, request.today, page)
    return Form(
        name=name,
        title=request.content.dialogs[name].title,
        lead=() if number else _lead(request, name),
        heading=_heading(request, page, number, len(pages)),
        fields=tuple(
            replace(one, follows=one.follows or name in SO_FAR, wrong=wrong.get(one.key, ""))
            for one in fields
        ),
        so_far=questionnaires.live_total(request, name, answers),
        submit=request.text("form_send" if number + 1 == len(pages) else "form_next"),
    )


def _lead(request: Request, name: str) -> tuple[Line, ...]:
    dialog = request.content.dialogs[name]
    facts = [request.content.facts[key] for key in dialog.facts]
    return (
        *(sourced(request, figure(fact), fact) for fact in facts),
        *(spans(sentence) for sentence in dialog.opening),
    )


def _heading(request: Request, page: tuple[str, ...], number: int, count: int) -> str:
    group = request.content.questions[page[0]].group
    if count == 1 or group is None:
        return ""
    return request.text(
        "form_page", number=number + 1, count=count, name=audit.name_of(request.content, group)
    )
