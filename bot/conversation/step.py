"""The conversation's one decision: (content, state, event) → Turn. Pure; everything else in `bot` serves or runs it.

A typed text, a slash command, a tap and an understood sentence all become a command of the table and the words after
it; from there nobody knows which one it was. What an open dialog or the last answer make of a text is decided here.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from bot.conversation import (
    aftermath,
    edits,
    home,
    interjections,
    pay_readers,
    questions,
    replies,
    sentences,
    sharing,
    study_starts,
    taken_back,
    topics,
    uncertain,
    wanted_acts,
)
from bot.conversation.advice import advice_asked, command_of, declined
from bot.conversation.care import Care, care_in, comfort, comforted
from bot.conversation.exact_commands import exact
from bot.conversation.fallback import no_reading
from bot.conversation.heard import Heard
from bot.conversation.interpreters import best
from bot.conversation.person_rate_limit import check
from bot.core.command_line import Line, fold, from_link, parse, without_decoration
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
from bot.core.interpretation import Interpretation
from bot.core.reply import Choices, Open, Reply, Tap, paragraph
from bot.core.request import Handler, Request
from bot.core.state import Person, State
from bot.core.turn import Forget, MoveChat, Turn
from bot.extraction.slots import age_of
from bot.features import forms, learning, nudges, pages, plan, questionnaires
from bot.features.about import fact, news
from bot.features.account import admin, people
from bot.features.nudges import message
from bot.features.plan import calendar_file
from bot.features.questionnaires import noting
from bot.understanding.acts import Holder, utterance
from bot.understanding.normalise import shortened
from bot.understanding.reading import mended, understand
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
    event = _clean_event(content, event)
    if edits.is_unchanged(state, event):
        return Turn(state=state)
    return edits.noted(_decided(content, state, event), event)


def _decided(content: Content, state: State, event: Event) -> Turn:
    state = aftermath.faded(replies.replied_to(state, event), event)
    heeded, verdict = check(content, _present(state, event), event)
    care = care_in(content, event) if verdict == "answer" else None
    if care and not _asks_besides(care, event):
        unmoved = replace(heeded, person=state.person)
        request = Request(content=content, state=unmoved, event=event, command="help")
        return aftermath.begun(comfort(request, care), request, care)
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
        turn = topics.remembered(state, nudges.place_settled(state, turn))
    turn = uncertain.told(content, news.shown_facts(content, turn, event.at), event)
    turn = _discreet(content, _welcome_back(content, state, turn, event), event)
    return replies.noted(state, _close_question(state, turn, event), event)


def _clean_event(content: Content, event: Event) -> Event:
    """The event with its text as it is read. What an admin sends to everybody stays as it was typed."""
    match event.body:
        case Said(text=text) as said:
            line = parse(content, text)
            if line is not None and line.command == "admin":
                return event
            return replace(event, body=replace(said, text=without_decoration(text)))
        case Submitted(values=values) as sent:
            read = tuple((key, without_decoration(value)) for key, value in values)
            return replace(event, body=replace(sent, values=read))
        case _:
            return event


def _asks_besides(care: Care, event: Event) -> bool:
    """Whether the text also asks for something that has an answer here; then that follows the warm line."""
    match event.body:
        case Said(text=text) if not care.urgent and plan.opening(text) is not None:
            return True
        case Said(reading=Reading(action="answer", command=command)):
            return care.asks and bool(command)
        case _:
            return False


def _decide(content: Content, state: State, event: Event) -> Turn:
    match event.body:
        case Said(quoted=True) | Said(anonymous=True):
            return _explain_quote(content, state, event)
        case Said() as said:
            return _answer_text(content, state, event, said)
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
    if isinstance(event.body, Due) and not state.person.is_suspended:
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


def _welcome_back(content: Content, before: State, turn: Turn, event: Event) -> Turn:
    """Somebody whom we could not reach for a while learns why the nudges paused: before the answer or the next nudge, or on coming back."""
    reason = before.person.unreachable
    returned = isinstance(event.body, Joined) and not event.chat.shared
    if not reason or turn.state.person.unreachable or not (turn.replies or returned):
        return turn
    phrases = content.phrases
    waited = any(rule.active for rule in before.person.subscriptions)
    key = "welcome_back" if waited else "welcome_back_only"
    if isinstance(event.body, Due):
        key = "nudges_again"
    greeting = phrases[key].format(
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


def _close_question(before: State, turn: Turn, event: Event) -> Turn:
    """A yes-or-no question is open until anything else is said or done in its chat: then a 'yes' might mean that."""
    conversation = turn.state.conversation
    question = conversation.question
    # The same object, not an equal one: two messages of one instant may put it again.
    is_old = question is not None and question is before.conversation.question
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


def _explain_quote(content: Content, state: State, event: Event) -> Turn:
    """Another person's message, shown to us for an explanation: or nobody's: it answers no open question and starts nothing."""
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


def _answer_text(content: Content, state: State, event: Event, said: Said) -> Turn:
    """Whether a decision is asked for comes first; then the best interpretation of all."""
    text = fold(said.text)
    ad = Request(content=content, state=state, event=event, command="ad", words=text)
    if turn := learning.pasted_ad(ad):
        return turn
    text = _as_read(content, text)
    said = _settled(content, replace(said, text=text))
    text = said.text
    event = replace(event, body=said)
    last = state.conversation.last
    topic = questions.topic_of(content, last, event.at)
    page = questions.as_page(content, last)
    heard = _heard(content, state, event, said)
    wish = advice_asked(content, text, page.command if page else "")
    if wish and not (wish == _CHANCES and next(pay_readers.money_talk(heard), None)):
        if key := questions.declining(content, text, said.reading, topic):
            return _declined_by_fact(heard, _run(content, state, event, Line(fact.COMMAND, key)))
        request = Request(
            content=content, state=state, event=event, command=command_of(content, wish), words=text
        )
        turn = _declined_by_fact(heard, declined(request, wish))
        said_text = utterance(content.acts, text, named=_she(state))
        return questionnaires.digressed(request, questionnaires.sum_first(request, said_text, turn))
    if begun := study_starts.begun(heard) or study_starts.hours_changed(heard):
        return _and_the_rest(heard, *begun)
    if answered := _city_and_more(heard):
        return _and_the_rest(heard, *answered)
    choice = best(heard)
    if calm := aftermath.stilled(heard, choice):
        return calm
    if choice is None or choice.name in _DOUBTS:
        return _by_sentence(heard) or _only_told(heard) or _doubted(heard, choice)
    return _turn_of(heard, choice)


def _declined_by_fact(heard: Heard, turn: Turn) -> Turn:
    """The turn that declines, with what the text tells of its speaker noted; and with what an age
    ends for which no invitation is left.
    """
    request = heard.request("help", heard.text)
    age = heard.facts.answers.get("age", "")
    too_old = heard.content.points.too_old
    if age and turn.replies and age_of(age, request.today)[0] >= too_old:
        first, *others = turn.replies
        line = paragraph(request.text("age_ends_it", age=too_old))
        blocks = (*first.blocks[:1], line, *first.blocks[1:])
        turn = replace(turn, replies=(replace(first, blocks=blocks), *others))
    if not noting.speaks_of_self(heard.utterance):
        return turn
    return noting.noted(request, turn, heard.facts.answers)


def _heard(content: Content, state: State, event: Event, said: Said) -> Heard:
    text = shortened(said.text, LONGEST_READ)
    return Heard(
        content=content,
        state=state,
        event=event,
        said=said,
        utterance=utterance(content.acts, text, named=_she(state)),
        run=lambda line, reading: _run(content, state, event, line, reading),
    )


def _city_and_more(heard: Heard) -> tuple[Turn, str] | None:
    """'Darwin. also is my age ok': the open question's answer, and what is asked beside it."""
    parts = sentences.wishes(heard.text)
    if len(parts) < sentences.MOST_TOLD or not nudges.asks_for_place(heard.words):
        return None
    said = Said(parts[0], understand(heard.content, parts[0]))
    one = _heard(heard.content, heard.state, replace(heard.event, body=said), said)
    turn = nudges.answered(one.words)
    return (turn, " also ".join(parts[1:])) if turn else None


def _and_the_rest(heard: Heard, told: Turn, rest: str) -> Turn:
    """The plan that was begun, and each other wish of the message that is clear by itself."""
    for part in sentences.wishes(rest):
        said = Said(part, understand(heard.content, part))
        one = _heard(heard.content, told.state, replace(heard.event, body=said), said)
        turn = study_starts.nudge_wished(one) or study_starts.first_left_out(one)
        choice = None if turn else best(one)
        if choice is not None and sentences.is_clear(choice.rank, choice.name):
            turn = _turn_of(one, choice)
        told = sentences.merged(told, turn) if turn else told
    return told


def _only_told(heard: Heard) -> Turn | None:
    """Facts of the points table in words that ask nothing are noted, and nothing is looked up."""
    asked = heard.content.dialogs["points"].questions
    told = {key: one for key, one in heard.facts.answers.items() if key in asked}
    if not told or heard.utterance.asks or "?" in heard.text or questionnaires.waiting(heard.words):
        return None
    return questionnaires.noted_alone(heard.request("profile", heard.text), heard.facts.answers)


def _doubted(heard: Heard, choice: Interpretation | None) -> Turn:
    if choice is None or len(heard.text.split()) <= SHORT:
        return _not_understood(heard, choice)
    return _turn_of(heard, choice)


def _by_sentence(heard: Heard) -> Turn | None:
    """The turns of the sentences that are clear by themselves, at most two, as one; None where none is."""
    told: Turn | None = None
    state, count = heard.state, 0
    for part in sentences.sentences(heard.text):
        said = Said(part, understand(heard.content, part))
        one = _heard(heard.content, state, replace(heard.event, body=said), said)
        choice = best(one)
        if choice is None or not sentences.is_clear(choice.rank, choice.name):
            continue
        turn = _turn_of(one, choice)
        told = sentences.merged(told, turn) if told else turn
        state, count = turn.state, count + 1
        if count == sentences.most_told(heard.text):
            break
    return told


_CHANCES = "prediction"
"""The kind of advice that asks whether a number is good enough: 'is 150 ok for 8 years' asks it of a pay."""
LONGEST_READ = 800
"""So many characters of a message are read: its first half and its last, where people put what they ask."""
_READ_WHOLE = frozenset(["ad", "admin"])
"""Commands whose words are a text to be kept or posted as it is."""


def _as_read(content: Content, text: str) -> str:
    """The text as its readers see it: of a long one both ends, and but for a command's words spelt as they are meant."""
    line = parse(content, text)
    if line is None:
        return mended(content, shortened(text, LONGEST_READ))
    return text if line.command in _READ_WHOLE else shortened(text, LONGEST_READ)


def _settled(content: Content, said: Said) -> Said:
    """What was said without what it takes back of itself, 'fridays, no wait, sundays', and without
    the interjection that it opens with.
    """
    kept = taken_back.last_said(said.text)
    if parse(content, kept) is None:
        kept = interjections.without(kept)
    if kept == said.text:
        return said
    return replace(said, text=kept, reading=understand(content, kept))


def _she(state: State) -> Holder:
    """Whom 'she' or 'he' means where nobody was named: the partner, where one was told of."""
    partner = state.person.profile.answers.get("partner")
    if partner is None:
        # While the points are added up, whose partner row is open, nobody else is a mere 'he'.
        dialog = state.person.dialog
        return "partner" if dialog is not None and dialog.dialog == "points" else "other"
    return "other" if partner == "single" else "partner"


SHORT = 6
"""So few words, not understood while a question is open, are a try at its answer."""
_DOUBTS = frozenset(["a doubt", "beyond me"])


def _turn_of(heard: Heard, choice: Interpretation) -> Turn:
    """The turn of the interpretation chosen, with what the speaker stated besides, and what is still open."""
    turn = choice.decide()
    request = heard.request("help", heard.text)
    if not choice.takes_facts and not choice.on_dialog and _speaks_of_self(heard, choice):
        turn = noting.noted(request, turn, heard.facts.answers)
    if choice.keeps_question:
        turn = _still_asked(heard, turn)
    if choice.on_dialog or choice.name in _QUIET:
        return turn
    return _return_to_open(request, turn)


def _speaks_of_self(heard: Heard, choice: Interpretation) -> bool:
    """The words of 'salary data engineer' or 'points for age 36' name what is asked for; 'takehome 150k, I live in Perth' tells of
    the speaker too.
    """
    is_typed = choice.name in ("command", "slash command")
    if choice.name == "a fact" and len(heard.utterance.clauses) == 1:
        is_typed = (
            wanted_acts.asks_within(heard.text) or parse(heard.content, heard.text) is not None
        )
    return not is_typed or noting.speaks_of_self(heard.utterance)


_QUIET = frozenset(["command", "slash command", "yes or no"])
"""These went through `_run`, which looks after the open question itself."""


def _return_to_open(request: Request, turn: Turn) -> Turn:
    return nudges.digressed(request, questionnaires.digressed(request, turn))


def _still_asked(heard: Heard, turn: Turn) -> Turn:
    """The yes or no that was waited for is waited for still."""
    before = heard.state.conversation
    if before.question is None:
        return turn
    asked = replace(before.question, at=heard.event.at)
    conversation = replace(
        turn.state.conversation,
        question=asked,
        choices={**before.choices, **turn.state.conversation.choices},
    )
    return replace(turn, state=replace(turn.state, conversation=conversation))


def _not_understood(heard: Heard, choice: Interpretation | None) -> Turn:
    """What would help in this place: at an open question its hint, else the doubt, else what can be asked."""
    request = heard.request("answer", heard.text)
    if hint := questionnaires.hint(request) or nudges.hint(heard.words):
        return hint
    return _turn_of(heard, choice) if choice else no_reading(heard.request("help", heard.text))


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


_PLAN = re.compile(r"(?:(?:my|the|a|this|learning|study) ){0,6}plan\b(?P<rest>.*)", re.IGNORECASE)


def _start_line(content: Content, words: str) -> Line | None:
    """'begin plan' starts the plan; 'start WORDS' from outside opens what may be opened so."""
    if plan_words := _PLAN.fullmatch(words.strip()):
        return Line("plan", f"start{plan_words['rest']}")
    return from_link(content, words)


def _run(
    content: Content, state: State, event: Event, line: Line, reading: Reading | None = None
) -> Turn:
    if line.command == "start":
        line = _start_line(content, line.words) or line
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
    if line.command in nudges.HANDLERS:
        return questionnaires.digressed(request, turn)
    return _return_to_open(request, turn)
