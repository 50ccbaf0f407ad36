"""Readers of texts about the plan, the nudges and one-off reminders."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.calculators import study_plan
from bot.conversation import asked_acts, sentences, steering
from bot.conversation.heard import Heard
from bot.core.command_line import Line, parse, tidy
from bot.core.interpretation import Interpretation
from bot.core.reply import Choices, paragraph
from bot.core.turn import Turn
from bot.extraction.numbers import with_digits
from bot.features import learning, nudges, plan, questionnaires
from bot.features.nudges.rules import active, schedule_words
from bot.understanding.acts import utterance
from content.subject import tokens

_PLAN_STARTS: Final = re.compile(
    r"\b(?:start|begin|build|make|give|create|get|set up|draw up|kick off)\b[^.?!]{0,24}\bplan\b",
    re.IGNORECASE,
)


_BEFORE_A_START: Final = re.compile(
    r"\b(?:don'?t|do not|not|never|won'?t|can'?t|without|should|shall|when|how|why|if|whether|before|after"
    r"|until|what happens|rather than|instead of)\b[^.?!,;]{0,30}\Z",
    re.IGNORECASE,
)
"""What stands before a beginning that is denied, asked about or imagined."""
_DENIES_A_START: Final = re.compile(r"\b(?:don'?t|do not|not)\b[^.?!,;]{0,30}\Z", re.IGNORECASE)


def plans(heard: Heard) -> Iterator[Interpretation]:
    """'Can I start the plan, 6 hours a week?': the plan starts;
    hours said while there is one are the plan's.
    """
    said = heard.utterance
    hours = heard.facts.answers.get("hours", "")
    is_for_another = said.does("someone_else") and heard.state.person.progress is None
    if is_for_another:
        return  # whoever holds somebody else's phone starts nothing on it
    begins = _PLAN_STARTS.search(heard.text)
    if begins and _BEFORE_A_START.search(heard.text[: begins.start()]):
        if _DENIES_A_START.search(heard.text[: begins.start()]):
            yield Interpretation(
                name="an act denied",
                score=0.98,
                decide=lambda: asked_acts.left_alone(heard.request(), "plan"),
            )
    elif begins and not asked_acts.is_asked_about("done", said):
        hours = hours or plan.hours_named(heard.words)
        weeks = plan.weeks_named(heard.text)
        words = f"start {hours} hours a week" if hours else f"start {weeks}".strip()
        yield Interpretation(
            name="start the plan",
            score=0.95,
            decide=lambda: _and_reminds(heard, heard.run(Line("plan", words), None)),
            takes_facts=bool(hours),
        )
    elif agreed := _committed(heard) or _started(heard, hours):
        yield Interpretation(
            name="hours agreed on",
            score=0.987,
            decide=lambda: heard.run(agreed, None),
            takes_facts=not heard.facts.answers,
        )
    elif offered := _offered(heard):
        yield Interpretation(
            name="a plan that was offered is agreed to",
            score=0.987,
            decide=lambda: heard.run(offered, None),
        )
    elif weighed := _weighed(heard):
        yield Interpretation(
            name="hours that are weighed",
            score=0.99,
            decide=lambda: _weighed_hours(heard, weighed),
            takes_facts=True,
        )
    elif spare := _spare(heard):
        yield Interpretation(
            name="hours that could be spared",
            score=0.986,
            decide=lambda: _plan_offered(heard, spare),
            takes_facts=not heard.facts.answers,
        )
    elif line := _of_the_plan(heard, hours):
        yield Interpretation(
            name="what the plan is told",
            score=0.98,
            decide=lambda: heard.run(line, None),
            takes_facts=True,
        )


_COMMITS: Final = re.compile(
    r"\b(?:put me (?:down|in)|sign me up|count me in|lock (?:it |me )?in|go(?: with| for| at|(?= \d))"
    r"|(?:let'?s|lets|i'?ll|ill|we'?ll) (?:do|take|go with|go for|say|start (?:at|with|on)"
    r"|make it|try)|start (?:me )?(?:at|with|on|off)|make it|set it (?:to|at)|call it"
    r"|settle (?:on|for))\b"
    r"[^.?!\d]{0,24}?(?P<hours>\d{1,2}(?:\.5)?)(?:\s?-?(?P<unit>h|hrs?"
    r"|hours?)\b)?(?P<rest>[^.?!]{0,30})[.!]?$",
    re.IGNORECASE,
)
_REST_OF_HOURS: Final = re.compile(
    r"\s*(?:(?:a|per|each|every|/)\s?(?:week|wk)|weekly|pw|then|please|pls|thanks|for now"
    r"|to start|and see|,|\s)*",
    re.IGNORECASE,
)


def _committed(heard: Heard) -> Line | None:
    """'Put me down for 5 hrs then', 'start at 4', where the plan and its hours were talked about:
    it starts, or gets these hours.
    """
    said = heard.utterance
    text, asked_first = _FIRST_STEP_ASKED.subn("", heard.text)
    if steering.talked_of(heard.words) not in steering.PLAN or (said.asks and not asked_first):
        return None
    hit = _COMMITS.search(with_digits(text))
    if hit is None or not _REST_OF_HOURS.fullmatch(hit["rest"]):
        return None
    if questionnaires.waiting(heard.words) or any(one.holder != "self" for one in said.clauses):
        return None
    has_plan = heard.state.person.progress is not None
    return Line("plan", f"{'hours' if has_plan else 'start'} {hit['hours']}")


_AGREES: Final = re.compile(
    r"(?:(?:ok|okay|yes|yeah|yep|yup|ya|sure|please|pls|great|cool|right|alright|sounds good|perfect|awesome"
    r"|haan|opo|oo)[,.! ]{0,3}){0,3}"
    r"(?:yes|yeah|yep|yup|please|pls|do it|do that|lets do (?:it|this|that)|let's do (?:it|this|that)|lets go"
    r"|let's go|go for it|go ahead|go on(?: then)?|i'?m in|that one|go)"
    r"(?: (?:please|pls|then|now|mate|thanks|ta|po)){0,2}[.! ]{0,3}",
    re.IGNORECASE,
)


def _offered(heard: Heard) -> Line | None:
    """'Yes pls', where the first button under the last answer begins the plan, or sets its hours."""
    conversation = heard.state.conversation
    first = next(iter(conversation.choices.values()), "")
    is_offer = first.startswith(("plan start", "plan hours"))
    if not is_offer or conversation.question or not steering.plan_talked_of(heard.words):
        return None
    if questionnaires.waiting(heard.words) or not _AGREES.fullmatch(heard.text.strip()):
        return None
    return parse(heard.content, first)


_STARTS: Final = re.compile(
    r"\A\W{0,3}(?:(?:ok|okay|yes|yeah|yep|sure|right|alright|cool|good|great|fine)[, ]{1,3}){0,2}"
    r"(?:start|begin|lets go|let's go|lets start|let's start)(?: it| now| that| me| then)?\b",
    re.IGNORECASE,
)


def _started(heard: Heard, hours: str) -> Line | None:
    """'Ok start it. can do 15 hours a week for now', after the plan was talked about."""
    is_asked = heard.utterance.asks or "?" in heard.text
    if not hours or is_asked or not _STARTS.search(heard.text):
        return None
    if heard.state.person.progress is not None or questionnaires.waiting(heard.words):
        return None
    return Line("plan", f"start {hours} hours a week")


_FIRST_STEP_ASKED: Final = re.compile(
    r"[\s,.;–-]{1,4}(?:and |so |but )?(?:(?:what|wat) (?:would|wd|wud|do|should|shud|shall|can) i"
    r" (?:actually |even |really )?(?:do|start(?: with| on)?|begin with)(?: first| 1st| now)?"
    r"|where (?:would|do|should) i (?:start|begin)|what(?:'?s| is) (?:first|the first (?:step|thing|bit))"
    r"|what comes first)[?!. ]{0,3}\Z",
    re.IGNORECASE,
)
"""A plan that starts names its first step."""


def _weighed(heard: Heard) -> str:
    """The hours that the speaker asks about: 'maybe 3 hours a week, is that realistic'."""
    if questionnaires.waiting(heard.words) or not _hours_are_mine(heard):
        return ""
    return plan.hours_weighed(heard.words, steering.plan_talked_of(heard.words))


_FIRST_DONE: Final = re.compile(
    r"\b(?:did|done|finished|completed|ticked off|knocked (?:off|over)|smashed)\s(?:the\s)?first\s"
    r"(?P<count>\d{1,2})(?:\s(?:steps?|tasks?|ones|of them))",
    re.IGNORECASE,
)


def _weighed_hours(heard: Heard, hours: str) -> Turn:
    """How long the plan is at these hours; steps said to be done beside it are ticked first."""
    hit = _FIRST_DONE.search(with_digits(heard.text))
    if hit is not None and heard.state.person.progress is not None:
        ticked = heard.run(Line("done", f"1 to {hit['count']}"), None)
        after = replace(heard, state=ticked.state)
        told = plan.HANDLERS["plan"](after.request("plan", f"at {hours}"))
        return sentences.merged(ticked, told)
    turn = _plan_offered(heard, hours)
    first, *rest = turn.replies
    line = paragraph(heard.request().text("plan_weighed"))
    return replace(turn, replies=(replace(first, blocks=(line, *first.blocks)), *rest))


def speaks_of_no_nudge(heard: Heard, line: Line) -> bool:
    """A change of nudges, from somebody who has none and names none: 'if I change company,
    does the time reset'.
    """
    person = heard.state.person
    is_change = line.command == "reminders" and bool(line.words)
    has_any = bool(person.subscriptions or person.reminders)
    return is_change and not has_any and not _NUDGE_WORDS.search(heard.text)


def speaks_of_paid_hours(heard: Heard, line: Line) -> bool:
    """Hours of somebody's job, which are none for the plan: 'I work 38 hours a week'."""
    return line.command == "plan" and bool(_PAID_HOURS.search(heard.text))


_PAID_HOURS: Final = re.compile(
    r"\bwork(?:ing|s|ed)? (?:[a-z]+ ){0,2}\d{1,2}(?:\.\d)? ?(?:h|hrs?|hours?)\b", re.IGNORECASE
)
_NUDGE_WORDS: Final = re.compile(
    r"\b(?:nudg\w*|re?mind\w*|ping\w*|alarm\w*|notif\w*|messag\w*|schedule\w*|clock|am|pm"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|morning|evening|arvo|weekly|earlier|later"
    r"|o'?clock)\b|\d",
    re.IGNORECASE,
)


def _spare(heard: Heard) -> str:
    """The hours a week that a statement of the speaker's gives; '' for none."""
    if questionnaires.waiting(heard.words) or heard.utterance.asks or not _hours_are_mine(heard):
        return ""
    return plan.hours_to_spare(heard.words)


_HOURS: Final = re.compile(r"\d{1,2}(?:\.5)?\s?-?(?:h|hrs?|hours?|mins?|minutes?)\b", re.IGNORECASE)


def _hours_are_mine(heard: Heard) -> bool:
    """Whether nobody else was spoken of before the hours: '3 hours, and 1 when she is sick'."""
    text = with_digits(heard.text)
    hit = _HOURS.search(text)
    before = utterance(heard.content.acts, text[: hit.end()]) if hit else heard.utterance
    return all(clause.holder == "self" for clause in before.clauses[-1:])


def begins_unasked(heard: Heard, line: Line) -> Line | None:
    """What a reading that would begin a plan comes to, where no word of the text begins one: the
    length at these hours, or the plan; None where it may begin.
    """
    begins = line.command == "plan" and bool(re.match(r"(?:start|hours?|in|\d)\b", line.words))
    if not begins or heard.state.person.progress is not None:
        return None
    start = _START_WORD.search(heard.text)
    if start and not _BEFORE_A_START.search(heard.text[: start.start()]):
        return None
    hours = re.search(r"\d{1,2}(?:\.\d)?(?=\s?h|\Z)", line.words)
    return Line("plan", f"at {hours[0]} hours" if hours else "")


_START_WORD: Final = re.compile(
    r"\b(?:start|strt|begin|kick (?:it )?off|sign me up|count me in)\b"
    r"|\b(?:create|make|build|set up|get|give|want|need|draw(?: up)?|do|hook \w{2,3} up(?: with)?)\b.{0,24}\bplan\b",
    re.IGNORECASE,
)


def _plan_offered(heard: Heard, hours: str) -> Turn:
    """How long the plan is at these hours, with the button that starts it;
    days named beside them are offered for nudges.
    """
    turn = heard.run(Line("plan", f"at {hours}"), None)
    person = turn.state.person
    profile = replace(person.profile, hours=float(hours.split(maxsplit=1)[0]))
    turn = replace(turn, state=replace(turn.state, person=replace(person, profile=profile)))
    days = nudges.days_offered(heard.words)
    if days is None or not turn.replies:
        return turn
    line, tap = days
    first, *rest = turn.replies
    first = replace(first, blocks=(*first.blocks, line, Choices((tap,))))
    conversation = turn.state.conversation
    choices = {**conversation.choices, tap.label: tap.action}
    state = replace(turn.state, conversation=replace(conversation, choices=choices))
    return replace(turn, state=state, replies=(first, *rest))


def _of_the_plan(heard: Heard, hours: str) -> Line | None:
    """Hours or units that the text gives the plan, or a question how
    long it would take at so many hours.
    """
    if questionnaires.waiting(heard.words) or _SPENT.search(heard.text):
        return None
    has_plan = heard.state.person.progress is not None
    if steering.plans_of_others(heard.utterance):
        return None
    if line := steering.planned(heard.words, heard.utterance):
        return line
    is_told = bool(hours) and has_plan and not heard.utterance.asks
    return Line("plan", f"hours {hours}") if is_told else None


_SPENT: Final = re.compile(
    r"\b(?:spent|took|took me|after|been at (?:it|this)(?: for)?|wasted)\b.{0,16}\d{1,2}(?:\.\d)? ?(?:h|hrs?|hours?)\b"
    r"|\b(?:h|hrs?|hours?)\b(?! (?:a|per|each|every|weekly)\b).{0,12}\b(?:still|already|today|yesterday|so far|gone"
    r"|later|in and|straight|last night)\b",
    re.IGNORECASE,
)
"""'3 hours and I still don't get it': hours that have gone are none for the plan."""


_AND_REMIND: Final = re.compile(
    r"\b(?:and|then|,|also)\s+(?:please )?(?:remind|nudge|ping|message|text"
    r"|subscribe)\b(?P<when>.*)$",
    re.IGNORECASE | re.DOTALL,
)


def _and_reminds(heard: Heard, turn: Turn) -> Turn:
    """'… and remind me sundays 8am': the second wish of the message, after the first."""
    hit = _AND_REMIND.search(heard.text)
    if hit is None:
        return turn
    after = replace(heard, state=turn.state)
    line = Line(nudges.DIALOG, re.sub(r"^\s*me\b", "", hit["when"]).strip())
    second = nudges.HANDLERS[nudges.DIALOG](after.request(line.command, line.words))
    return replace(second, replies=(*turn.replies, *second.replies))


_WHERE_WE_WERE: Final = re.compile(
    r"\bwhere (?:were|was|are|did) (?:we|i)(?: up to| at| get to| leave off| stop)?\b[?!. ]{0,3}\Z"
    r"|\bwhat were we (?:doing|up to|on about|talking about|saying)\b",
    re.IGNORECASE,
)
MOST_WORDS_BEFORE: Final = 12


def where_we_were(heard: Heard) -> Iterator[Interpretation]:
    """'Sorry, phone. where were we': what is set and what comes next, in a few lines."""
    person = heard.state.person
    is_short = len(heard.text.split()) <= MOST_WORDS_BEFORE
    if questionnaires.waiting(heard.words) or not is_short:
        return
    if person.progress is None and not active(person):
        return
    if _WHERE_WE_WERE.search(heard.text):
        yield Interpretation(
            name="where we were", score=0.991, decide=lambda: _standing(heard), takes_facts=True
        )


_SMALL_STEP: Final = re.compile(
    r"\b(?:smallest|tiniest|littlest|one (?:small|tiny|little)) (?:possible )?(?:thing|step|bit|task)\b",
    re.IGNORECASE,
)
MOST_WORDS_OF_A_STEP: Final = 16


def small_steps(heard: Heard) -> Iterator[Interpretation]:
    """'What's the smallest thing I could do tomorrow, 20 min': one step made small."""
    is_short = len(heard.text.split()) <= MOST_WORDS_OF_A_STEP
    if questionnaires.waiting(heard.words) or not is_short or parse(heard.content, heard.text):
        return
    asks = heard.utterance.asks or "?" in heard.text or bool(_COULD_DO.search(heard.text))
    if asks and _SMALL_STEP.search(heard.text):
        yield Interpretation(
            name="one small step", score=0.97, decide=lambda: heard.run(Line("stuck", ""), None)
        )


_COULD_DO: Final = re.compile(r"\b(?:could|can|should) (?:i )?(?:do|start)\b", re.IGNORECASE)


def _standing(heard: Heard) -> Turn:
    """The hours and the nudges that are set, then the next step, or the question still open."""
    person, request = heard.state.person, heard.request("plan")
    set_now: list[str] = []
    if person.progress is not None:
        set_now.append(request.text("where_hours", hours=f"{person.progress.hours:g} hours"))
    if rules := active(person):
        set_now.append(request.text("where_nudges", schedule=schedule_words(rules)))
    blocks = [paragraph(" ".join(set_now))]
    step = study_plan.next_step(*plan.plan_or_trial(request)) if person.progress else None
    if step is not None:
        title = step.step.title
        blocks.append(paragraph(request.text("where_next", number=step.number, title=title)))
    if open_one := nudges.hint(heard.words):
        first, *rest = open_one.replies
        first = replace(first, blocks=(*blocks, *first.blocks))
        return replace(open_one, replies=(first, *rest))
    return request.answer(*blocks, Choices((plan.tap(request, "show", "plan"),)), personal=True)


def steered(heard: Heard) -> Iterator[Interpretation]:
    yield from steering.readings(heard.words, heard.utterance, heard.run)


_NUDGE_WORD: Final = re.compile(
    r"\b(?:nudg\w{1,3}|remind\w{0,3}|ping|message|msg|text|poke|buzz)\b", re.IGNORECASE
)
_WISHES: Final = re.compile(
    r"\A(?:[\w' ]{2,20}[,.!]? ){0,3}?(?:(?:can|could|may|would|will) (?:you|u|i|we)|i(?:'d| would) like|i want"
    r"|nudge|remind|ping|message|msg|text|poke|buzz|maybe|reminders?|nudges?|set|please|pls)\b",
    re.IGNORECASE,
)
_ROTA: Final = re.compile(
    r"\b\d (?:weeks? |wks? )?on\b[ ,/&]{0,3}(?:and )?\d (?:weeks? |wks? )?off\b|\b(?:on|in) my (?:weeks?|days?|swings?) off\b"
    r"|\bfifo\b|\broster\b",
    re.IGNORECASE,
)
_MAYBE: Final = re.compile(r"\A(?:ok |hm+ |well )?maybe\b", re.IGNORECASE)
_TO_DO: Final = re.compile(r"\bto (?!the|my|be|do|go|study|learn|me)[a-z]{3,}", re.IGNORECASE)
_NOT_NOW: Final = re.compile(
    r"\A(?:sorry[, ]{1,2})?(?:not now|later|not today|not tonight|can'?t now|cant right now|busy(?: now)?)"
    r"[,.;– -]{1,3}(?:maybe |rather |try |make it )?(?P<when>.{3,40})\Z",
    re.IGNORECASE,
)


def weekly_wishes(heard: Heard) -> Iterator[Interpretation]:
    """A wish for a weekly nudge in a whole sentence, a rhythm that cannot be kept, and 'not now,
    tomorrow 6pm'.
    """
    request, text = heard.words, heard.text
    if questionnaires.waiting(request) or heard.state.conversation.question:
        return
    if parse(heard.content, text) is not None:
        return
    turn = None
    if hit := _NOT_NOW.match(text):
        turn = nudges.reminder_asked(heard.request(nudges.DIALOG, f"remind me {hit['when']}"))
    elif _ROTA.search(text) and _NUDGE_WORD.search(text) and _WISHES.match(text):
        turn = nudges.rota_refused(request)
    elif _MAYBE.match(text) or (
        _NUDGE_WORD.search(text) and _WISHES.match(text) and not _TO_DO.search(text)
    ):
        turn = nudges.weekly_wish(request)
    if turn:
        yield Interpretation(
            name="a wish for every week", score=0.984, decide=lambda: turn, takes_facts=True
        )


_LATER_MOVE: Final = re.compile(
    r"\b(?:in|from|after|on|next|come|by|early|late)\s(?P<when>[\w ]{3,20}?)[, ]{1,2}(?:i|we|i'?ll|i'?m|im|ill|we'?ll|we'?re)"
    r"\s(?:will |am |are |be |going to |gonna ){0,2}(?:mov|shift|relocat|fly|land|arriv|com|go)\w{0,3}\s(?:over |back )?(?:to|in)\s(?P<place>[\w ]{3,20})"
    r"|\b(?:mov|shift|relocat|fly|arriv)\w{0,3}\s(?:over |back )?(?:to|in)\s(?P<place2>[a-z ]{3,20}?)\s(?:in|from|after|on|next|by|early|late)\s(?P<when2>[\w ]{3,20})"
    r"|\A(?:and |then |so )?after (?:that|then|march|this)[, ]{1,2}(?:it'?s |its |in )?(?P<place3>[a-z ]{3,20})\W{0,3}\Z",
    re.IGNORECASE,
)


def later_moves(heard: Heard) -> Iterator[Interpretation]:
    """'In May I move to Hobart', with nudges set: the clocks stay until then."""
    hit = _LATER_MOVE.search(heard.text)
    if hit is None or questionnaires.waiting(heard.words):
        return
    place = hit["place"] or hit["place2"] or hit["place3"]
    when = hit["when"] or hit["when2"] or ""
    if turn := nudges.moves_later(heard.words, place, when):
        yield Interpretation(
            name="a move that is to come", score=0.993, decide=lambda: turn, takes_facts=True
        )


def single_weeks(heard: Heard) -> Iterator[Interpretation]:
    """One week's nudge moved or left out, and nudges that begin after a day."""
    request = heard.words
    if questionnaires.waiting(request) or heard.state.conversation.question:
        return
    typed = parse(heard.content, heard.text)
    if typed is not None and typed.command not in ("start", "skip"):
        return
    if turn := nudges.changed_once(request):
        yield Interpretation(
            name="one week's nudge", score=0.992, decide=lambda: turn, takes_facts=True
        )


def swaps(heard: Heard) -> Iterator[Interpretation]:
    """One day given up for another, and 'both nights' after two were named."""
    request = heard.words
    if questionnaires.waiting(request) or heard.state.conversation.question:
        return
    if turn := nudges.swapped(request) or nudges.both_days(request):
        yield Interpretation(
            name="one day for another", score=0.99, decide=lambda: turn, takes_facts=True
        )


def wishes(heard: Heard) -> Iterator[Interpretation]:
    """Days that stay, an absence with its days, another hour, and what is set,
    of whoever has something set.
    """
    request = heard.words
    if questionnaires.waiting(request) or heard.state.conversation.question:
        return
    typed = parse(heard.content, heard.text)
    if typed is not None and not (typed.command == "cancel" and typed.words):
        return
    is_topic = steering.talked_of(request) in (*steering.SCHEDULE, *steering.PLAN)
    turn = nudges.around(request) if is_topic else None
    if turn := turn or nudges.only_days(request) or nudges.absent(request):
        yield Interpretation(
            name="a wish for a schedule", score=0.991, decide=lambda: turn, takes_facts=True
        )
    if heard.content.mentions(tokens(heard.text)):
        return
    line = nudges.asks_what_is_set(request, heard.utterance.line)
    if line := line or nudges.another_hour(request):
        yield Interpretation(
            name="what is set, or when", score=0.99, decide=lambda: heard.run(line, None)
        )


def plain_schedules(heard: Heard) -> Iterator[Interpretation]:
    request = heard.words
    labels = {label.lower() for label in heard.state.conversation.choices}
    if questionnaires.waiting(request) or parse(heard.content, heard.text):
        return
    if tidy(heard.text).lower() in labels:
        return
    talked_about = steering.talked_of(request) in (*steering.SCHEDULE, "")
    turn = nudges.plain_schedule(request, talked_about=talked_about)
    turn = turn or nudges.quiet_wished(request)
    if turn:
        yield Interpretation(name="a schedule and nothing else", score=0.97, decide=lambda: turn)


def schedule_sentences(heard: Heard) -> Iterator[Interpretation]:
    turn = nudges.holidays(heard.words) or nudges.moved_house(heard.words)
    turn = turn or nudges.paced(heard.words) or plan.wished_end(heard.words)
    turn = turn or learning.link_kept(heard.words)
    if turn is None and not heard.utterance.asks and not parse(heard.content, heard.text):
        turn = learning.links_kept(heard.words)
    if turn:
        yield Interpretation(name="a sentence about the schedule", score=0.985, decide=lambda: turn)


def quiz_line(heard: Heard) -> Line | None:
    """The command line of a text that speaks to a quiz: 'b', 'no idea', 'leave the quiz',
    'quiz me on that unit'.
    """
    if questionnaires.waiting(heard.words) or heard.state.conversation.question:
        return None
    typed = parse(heard.content, heard.text)
    wished = None
    if typed is None or typed.command == "quiz":
        wished = learning.quiz_wished(heard.words)
    return learning.quiz_spoken(heard.words) or wished


def quizzes(heard: Heard) -> Iterator[Interpretation]:
    """A text that speaks to a quiz."""
    if line := quiz_line(heard):
        yield Interpretation(
            name="a quiz in words", score=0.991, decide=lambda: heard.run(line, None)
        )


_AND_ANOTHER: Final = re.compile(
    r"^(?:(?:ok|yeah|oh|and|also|plus|then|another|one"
    r"|add)\b[, ]{1,3}){1,5}(?:for )?(?P<rest>.{1,200}?(?:\bto|[,:;])\s?\w.{0,200})",
    re.IGNORECASE,
)


def _with_to(words: str) -> str:
    """'Sunday 10am, finish unit 1' as 'sunday 10am to finish unit 1'."""
    return (
        words
        if re.search(r"\bto \w", words)
        else re.sub(r"\s{0,3}[,:;]\s{0,3}", " to ", words, count=1)
    )


def _another_reminder(heard: Heard) -> Turn | None:
    """'And friday 6pm to book the test' under a reminder that was just set: one more."""
    actions = heard.state.conversation.choices.values()
    hit = _AND_ANOTHER.fullmatch(heard.text.strip())
    if hit is None or not any(action.startswith("remind ") for action in actions):
        return None
    return nudges.reminder_asked(heard.request(nudges.DIALOG, f"remind me {_with_to(hit['rest'])}"))


def reminder_changes(heard: Heard) -> Iterator[Interpretation]:
    """'Make that 6.30', 'and sydney time', 'scrap the fee one': a reminder that is set,
    moved or dropped.
    """
    if heard.state.conversation.question or questionnaires.waiting(heard.words):
        return
    line = nudges.reminder_changed(heard.words)
    if line:
        yield Interpretation(
            name="a reminder changed",
            score=0.989,
            decide=lambda: heard.run(line, None),
            takes_facts=True,
        )


def reminders(heard: Heard) -> Iterator[Interpretation]:
    """'In two hours tell me to go on': one reminder;
    without a time only where nothing else is meant.
    """
    timed, untimed = nudges.reminder_asked(heard.words), nudges.reminder_untimed(heard.words)
    timed = timed or _another_reminder(heard)
    if timed:
        yield Interpretation(
            name="one reminder", score=0.988, decide=lambda: timed, takes_facts=True
        )
    if untimed:
        yield Interpretation(
            name="a reminder without a time", score=0.7, decide=lambda: untimed, takes_facts=True
        )
