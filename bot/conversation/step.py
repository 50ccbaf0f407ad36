"""The conversation's one decision: (content, state, event) → Turn. Pure; everything else in `bot` serves or runs it.

A typed text, a slash command, a tap and an understood sentence all become a command of the table and the words after
it; from there nobody knows which one it was. What an open dialog or the last answer make of a text is decided here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.conversation import home, questions, sharing
from bot.conversation.advice import advice_asked, command_of, declined
from bot.conversation.care import Care, care_in, comfort, comforted
from bot.conversation.fallback import (
    ask_back,
    beyond,
    name_other,
    nothing_asked,
    which_answer,
    word,
)
from bot.conversation.follow_ups import follow_up
from bot.conversation.interpreters import Clarify, OutOfScope, RunCommand, SmallTalk, exact, resolve
from bot.conversation.person_rate_limit import check
from bot.core.command_line import Line, fold, from_link, parse, tidy, undecorated
from bot.core.events import (
    ChatMovedTo,
    Due,
    Event,
    Found,
    Joined,
    Left,
    Located,
    OpenedHome,
    Pressed,
    Reading,
    Said,
    Submitted,
    Surface,
)
from bot.core.reply import Choices, Open, Reply, Tap, paragraph
from bot.core.request import Handler, Request
from bot.core.state import Person, State
from bot.core.turn import Forget, MoveChat, Turn
from bot.extraction.slots import agreement
from bot.features import forms, learning, nudges, pages, plan, questionnaires
from bot.features.about import fact, news
from bot.features.account import admin, people
from bot.features.nudges import message
from bot.features.plan import calendar_file
from content.content import Content

HANDLERS: dict[str, Handler] = {
    **pages.HANDLERS,
    **people.HANDLERS,
    **admin.HANDLERS,
    **plan.HANDLERS,
    **learning.HANDLERS,
    **calendar_file.HANDLERS,
    **nudges.HANDLERS,
    **questionnaires.HANDLERS,
    **forms.HANDLERS,
}
HANDLERS["share"] = sharing.sharing(HANDLERS)
FOUND: dict[str, Callable[[Request, Found], Turn]] = {
    **people.FOUND,
    **admin.FOUND,
    **nudges.FOUND,
    **forms.FOUND,
}


def step(content: Content, state: State, event: Event) -> Turn:
    """Decide one event. Raises only for a defect; whatever a person types has an answer."""
    event = _undecorated(content, event)
    heeded, verdict = check(content, _present(state, event), event)
    care = care_in(content, event) if verdict == "answer" else None
    if care and not _asks_besides(care, event):
        unmoved = replace(heeded, person=state.person)
        return comfort(Request(content=content, state=unmoved, event=event, command="help"), care)
    match verdict:
        case "answer":
            turn = _once(content, heeded, _decide(content, heeded, event), event)
            turn = comforted(content, care, turn) if care else turn
        case "silence":
            turn = Turn(state=heeded)
        case notice:
            turn = Turn(
                state=heeded, replies=(Reply(blocks=(paragraph(content.phrases[notice]),)),)
            )
    if not isinstance(event.body, Due):
        turn = nudges.place_settled(state, turn)
    turn = news.shown_facts(content, turn, event.at)
    return _asked_last(
        state, _discreet(content, _welcomed(content, state, turn, event), event), event
    )


def _undecorated(content: Content, event: Event) -> Event:
    """The event with its text as it is read. What an admin sends to everybody stays as it was typed."""
    match event.body:
        case Said(text=text) as said:
            line = parse(content, text)
            if line is not None and line.command == "admin":
                return event
            return replace(event, body=replace(said, text=undecorated(text)))
        case Submitted(values=values) as sent:
            read = tuple((key, undecorated(value)) for key, value in values)
            return replace(event, body=replace(sent, values=read))
        case _:
            return event


def _asks_besides(care: Care, event: Event) -> bool:
    """Whether the text also asks for something that has an answer here; then that follows the warm line."""
    match event.body:
        case Said(reading=Reading(action="answer", command=command)):
            return care.asks and bool(command)
        case _:
            return False


def _decide(content: Content, state: State, event: Event) -> Turn:
    match event.body:
        case Said(quoted=True) | Said(anonymous=True):
            return _explained(content, state, event)
        case Said() as said:
            return _said(content, state, event, said)
        case Pressed(action=action):
            return _run(content, state, event, parse(content, action) or Line("help", action))
        case ChatMovedTo(new_id=new_id):
            return Turn(
                state=state, effects=(MoveChat(old=event.chat, new=replace(event.chat, id=new_id)),)
            )
        case Left() if event.chat.shared and event.chat != state.person.nudges_to:
            return Turn(state=state)  # a group lost the bot; the person did not
        case Left(reason=reason):
            return Turn(state=replace(state, person=replace(state.person, unreachable=reason)))
        case Found(effect=effect) as found:
            return FOUND[effect](_cause(content, state, event, found), found)
        case Located(zone=zone):
            return nudges.located(
                Request(content=content, state=state, event=event, command="timezone"), zone
            )
        case Due() as slot:
            return message.due(
                Request(content=content, state=state, event=event, command="reminders"), slot
            )
        case Submitted(form=form, values=values) if forms.has_form(content, form):
            return forms.submitted(
                Request(content=content, state=state, event=event, command="answer"),
                form,
                dict(values),
            )
        case OpenedHome():
            return Turn(state=state, replies=(_page(content, state, event),))
        case Submitted() | Joined():
            return Turn(state=state)


def _once(content: Content, before: State, turn: Turn, event: Event) -> Turn:
    """A text that is edited after it was answered may ask something else. What it did, it did the first time."""
    match event.body:
        case Said(edit_of=answer) if answer and (
            turn.effects or turn.state.person != before.person
        ):
            return Turn(
                state=before,
                replies=(Reply(blocks=(paragraph(content.phrases["edit_changes_nothing"]),)),),
            )
        case _:
            return turn


def _present(state: State, event: Event) -> State:
    """The person is here: they can be written to, and nudges have somewhere private to go."""
    if isinstance(event.body, Due) and not state.person.suspended:
        return replace(state, person=replace(state.person, unreachable=""))
    if isinstance(event.body, Left | Due | Found | ChatMovedTo):
        return state
    person = (
        state.person
        if isinstance(event.body, Joined | OpenedHome)
        else message.seen(state.person, event.at)
    )
    nudges_to = person.nudges_to
    if nudges_to is None and not event.chat.shared:
        nudges_to = replace(event.chat, thread="")
    person = replace(person, nudges_to=nudges_to, unreachable="")
    return state if person == state.person else replace(state, person=person)


def _welcomed(content: Content, before: State, turn: Turn, event: Event) -> Turn:
    """Somebody whom we could not reach for a while learns why the nudges paused: before the answer or the next nudge, or on coming back."""
    reason = before.person.unreachable
    returned = isinstance(event.body, Joined) and not event.chat.shared
    if not reason or turn.state.person.unreachable or not (turn.replies or returned):
        return turn
    phrases = content.phrases
    waited = any(rule.active for rule in before.person.subscriptions)
    words = phrases[
        "nudges_again"
        if isinstance(event.body, Due)
        else "welcome_back"
        if waited
        else "welcome_back_only"
    ]
    greeting = words.format(
        reason=phrases.get(f"unreachable_{reason}", phrases["unreachable_other"])
    )
    first, *rest = turn.replies or (Reply(blocks=()),)
    return replace(
        turn, replies=(replace(first, blocks=(paragraph(greeting), *first.blocks)), *rest)
    )


def _discreet(content: Content, turn: Turn, event: Event) -> Turn:
    """What was computed from what a person said goes to that person alone. Where others read along and nothing can be
    whispered, a button leads to the private chat instead.
    """
    if not event.overheard:
        return turn
    if not any(reply.personal for reply in turn.replies):
        return turn
    unseen = replace(turn.state.conversation, choices={}, question=None)
    replies = tuple(
        _elsewhere(content, turn, event) if reply.personal else reply for reply in turn.replies
    )
    return replace(turn, state=replace(turn.state, conversation=unseen), replies=replies)


def _asked_last(before: State, turn: Turn, event: Event) -> Turn:
    """A yes-or-no question is open until anything else is said or done in its chat: then a 'yes' might mean that."""
    conversation = turn.state.conversation
    is_old = (
        conversation.question is not None and conversation.question == before.conversation.question
    )
    if not is_old or not (
        turn.replies or isinstance(event.body, Said | Pressed | Submitted | Located)
    ):
        return turn
    return replace(
        turn, state=replace(turn.state, conversation=replace(conversation, question=None))
    )


def _elsewhere(content: Content, turn: Turn, event: Event) -> Reply:
    last = turn.state.conversation.last
    topic = last.command if last else "start"
    door = Open(content.phrases["open_private"], event.surface.private_link + topic)
    blocks = (
        paragraph(content.phrases["private_elsewhere"]),
        *((Choices((door,)),) if event.surface.private_link else ()),
    )
    return Reply(blocks=blocks)


def preview_reply(content: Content, event: Event) -> tuple[Reply, ...]:
    """What a stranger would be answered to a text that only asks for facts, with no effect on anybody; else nothing. For
    showing an answer before it is sent.
    """
    match event.body:
        case Said(text=text, reading=reading):
            read = (
                f"{reading.command} {reading.arguments}"
                if reading and reading.action == "answer"
                else ""
            )
            line = from_link(content, text) or from_link(content, read)
        case _:
            line = None
    if line is None or content.commands[line.command].from_link != "words":
        return ()
    turn = _run(content, State(person=Person(id=0)), event, line)
    return () if turn.effects else tuple(reply for reply in turn.replies if not reply.personal)


def _page(content: Content, state: State, event: Event) -> Reply:
    return home.page(Request(content=content, state=state, event=event, command="start"), HANDLERS)


def home_pages(
    content: Content, before: State, turn: Turn, event: Event, surfaces: Mapping[str, Surface]
) -> Iterator[tuple[Event, Reply]]:
    """The person's home pages that the turn changed, on every platform that shows one: see bot.conversation.home."""
    return home.changed(
        before, turn, event, surfaces, lambda state, opened: _page(content, state, opened)
    )


def _explained(content: Content, state: State, event: Event) -> Turn:
    """Another person's message, shown to us for an explanation, or nobody's: it answers no open question and starts nothing."""
    words = Request(content=content, state=state, event=event, command="help")
    anonymous = isinstance(event.body, Said) and event.body.anonymous
    phrase = "anonymous_nothing" if anonymous else "quoted_nothing"
    nothing = Reply(
        blocks=(
            paragraph(words.text(phrase)),
            Choices((Tap(words.text("tap_all_commands"), "help"),)),
        )
    )
    return Turn(state=state, replies=preview_reply(content, event) or (nothing,))


def apology(content: Content, state: State, reference: str) -> Turn:
    """What the sender reads when an event could not be handled: one sentence with a reference number."""
    sentence = content.phrases["set_aside"].format(reference=reference)
    return Turn(state=state, replies=(Reply(blocks=(paragraph(sentence),)),))


QUESTION_LASTS = timedelta(minutes=10)
"""After so long a bare 'yes' is no answer any more: what it would do may be final."""


def _agreed(content: Content, state: State, event: Event, text: str) -> Turn | None:
    """A bare yes or no, to the question that was just put; None if none was, or the text says something else."""
    question, says = state.conversation.question, agreement(text)
    if question is None or not says or event.at - question.at > QUESTION_LASTS:
        return None
    line = parse(content, question.yes if says == "yes" else question.no)
    return _run(content, state, event, line) if line else None


def _said(content: Content, state: State, event: Event, said: Said) -> Turn:
    text = fold(said.text)
    if turn := _agreed(content, state, event, text):
        return turn
    if turn := learning.pasted_ad(
        Request(content=content, state=state, event=event, command="ad", words=text)
    ):
        return turn
    last = state.conversation.last
    topic = questions.topic_of(content, last, event.at)
    page = questions.as_page(content, last)
    wish = advice_asked(content, text, page.command if page else "")
    if wish:
        if key := questions.declining(content, text, said.reading, topic):
            return _run(content, state, event, Line(fact.COMMAND, key))
        request = Request(
            content=content, state=state, event=event, command=command_of(content, wish), words=text
        )
        return questionnaires.resumed(request, declined(request, wish))
    if turn := questionnaires.try_answer(
        Request(content=content, state=state, event=event, command="answer", words=text), text
    ):
        return turn
    words = Request(content=content, state=state, event=event, command=nudges.DIALOG, words=text)
    if turn := nudges.holidays(words):
        return turn
    line = _labelled(content, state, text, exact(content, text, said.reading))
    if line is None and tidy(text).startswith("/"):
        line = Line("help", text)
    if line is None and (
        turn := nudges.answered(words)
        or nudges.moved_house(words)
        or nudges.paced(words)
        or plan.wished_end(words)
        or learning.link_kept(words)
    ):
        return turn
    if last and last.command in questions.SUMS:  # 'per week?' means the sum that stands above it
        line = line or follow_up(content, page, text, said.reading, event.at)
    if line is None and said.reading and (turn := _told(content, state, event, said.reading)):
        return turn
    line = line or follow_up(content, page, text, said.reading, event.at)
    if line is None and agreement(text) and not (said.reading and said.reading.action == "answer"):
        return nothing_asked(words)
    if line is None and said.reading is not None:
        offered = questions.offered(content, text, said.reading, topic)
        return _understood(content, state, event, said.reading, offered)
    return _run(content, state, event, line or Line("help", ""), said.reading)


def _labelled(content: Content, state: State, text: str, line: Line | None) -> Line | None:
    """The label of a button shown last means that button, even where it is a command's name too ('Start' under a plan); `stop`
    always stops.
    """
    if line is not None and (line.explicit or line.words or line.command == "unsubscribe"):
        return line
    typed = tidy(text).lower()
    tapped = next(
        (action for label, action in state.conversation.choices.items() if label.lower() == typed),
        "",
    )
    return parse(content, tapped) or line


def _told(content: Content, state: State, event: Event, reading: Reading) -> Turn | None:
    """The fact that a text asks for, where one is near enough; with a second question's answer after it."""
    text = event.body.text if isinstance(event.body, Said) else ""
    last = state.conversation.last
    found = questions.same_of_another(content, text, last, event.at) or questions.asked_for(
        content, text, reading, questions.topic_of(content, last, event.at)
    )
    if found is None:
        return None
    turn = _run(content, state, event, Line(fact.COMMAND, found.key))
    request = Request(
        content=content, state=state, event=event, command=fact.COMMAND, words=found.key
    )
    return questions.told(request, turn, found.others, found.near)


def _understood(
    content: Content, state: State, event: Event, reading: Reading, offered: tuple[str, ...] = ()
) -> Turn:
    """Free text: the command it asks for, a question back, or an honest no. `offered`: answers that are worth a tap."""
    request = Request(content=content, state=state, event=event, command="help")
    match resolve(content, state.conversation, reading, event.at):
        case RunCommand(line=line, entities=entities, also=also):
            turn = _run(
                content,
                state,
                event,
                line,
                replace(reading, command=line.command, entities=entities),
            )
            return name_other(request, turn, also) if also else turn
        case Clarify() as doubt:
            return _resumed(request, ask_back(request, doubt, offered))
        case OutOfScope() as limit:
            unsure = which_answer(request, offered) if offered else beyond(request, limit)
            return _resumed(request, unsure)
        case SmallTalk() as courtesy:
            return word(request, courtesy)


def _cause(content: Content, state: State, event: Event, found: Found) -> Request:
    """The question that an effect was to help answer, asked again now that the effect found something out."""
    match found.cause:
        case Pressed(action=text):
            line = parse(content, text)
        case Said(text=text, reading=reading):
            line = exact(content, text, reading) or (
                Line(reading.command, reading.arguments) if reading and reading.command else None
            )
        case _:
            line = None
    line = line or Line("help", "")
    return Request(
        content=content, state=state, event=event, command=line.command, words=line.words
    )


def _run(
    content: Content, state: State, event: Event, line: Line, reading: Reading | None = None
) -> Turn:
    if line.command == "start":
        line = from_link(content, line.words) or line
    entities = reading.entities if reading is not None and reading.command == line.command else {}
    request = Request(
        content=content,
        state=state,
        event=event,
        command=line.command,
        words=line.words,
        entities=entities,
    )
    turn = (nudges.inside(request) if line.command in nudges.INSIDE else None) or HANDLERS[
        line.command
    ](request)
    put = turn.state.conversation.question
    asks = put is not None and put != state.conversation.question
    if line.command in questionnaires.DIALOG_COMMANDS or Forget() in turn.effects or asks:
        return turn
    return (
        questionnaires.resumed(request, turn)
        if line.command in nudges.HANDLERS
        else _resumed(request, turn)
    )


def _resumed(request: Request, turn: Turn) -> Turn:
    """Something else was asked while a question was open: it is put once more."""
    return nudges.resumed(request, questionnaires.resumed(request, turn))
