"""Readers of what people ask and sigh about learning: where to begin, what counts as done, jobs that
AI takes, a stranded evening, and an answer that missed the question.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.conversation.heard import Heard
from bot.conversation.subject_left_out import talks_of_migration
from bot.core.command_line import Line, parse
from bot.core.interpretation import Interpretation
from bot.core.reply import Choices, Paragraph, Tap, paragraph
from bot.core.turn import Turn
from bot.features import questionnaires
from bot.features.about import fact

MOST_WORDS: Final = 18
_WHERE_TO_START: Final = re.compile(
    r"\bwhere (?:do|should|can|would|shall|to|does) (?:i |we |one )?(?:even |actually |really )?(?:start|begin)\b"
    r"|\bhow (?:do|should|can|would) i (?:even |actually )?(?:start|begin|get started)\b(?! the| my)"
    r"|\b(?:what'?s|whats|what is|what comes) (?:the (?:actual |very )?)?first(?: thing| step)?\W{0,3}\Z"
    r"|\bwhat (?:do|should|would|shall) i (?:do|learn|study) first\b",
    re.IGNORECASE,
)
_OF_ELSE: Final = re.compile(
    r"\b(?:visas?|points?|acs|assessment|apply\w{0,3}|eoi|agent|migrat\w{0,5}|codes?|test|ielts|pte|482|189|190"
    r"|491|186|offer|salary|pay|tax|contract\w{0,4}|audit|quiz|nudges?|reminders?)\b",
    re.IGNORECASE,
)
_COUNTS: Final = re.compile(
    r"\b(?:watch|read|listen|skim|look|go through|do)\w{0,4}\b.{0,60}\b(?:counts?|enough|done|tick\w{0,3}|pass)\b"
    r"|\bdoes (?:that|it|watching|reading) count\b"
    r"|\b(?:have to|need to|must i|gotta) (?:actually )?do (?:all )?the (?:exercises?|tasks?|homework|projects?|steps?)\b"
    r"|\bjust (?:watch|read)\b.{0,30}\?",
    re.IGNORECASE,
)
_OF_STUDY: Final = re.compile(
    r"\b(?:videos?|lectures?|stuff|pages?|links?|material|slides?|chapters?|readings?|book|exercises?|tasks?|watch\w{0,3}"
    r"|homework|projects?)\b",
    re.IGNORECASE,
)
_OF_WORK: Final = re.compile(
    r"\b(?:work|experience|years?|degree|points?|visa|acs|job|internship|super)\b", re.IGNORECASE
)
_EVIDENCE: Final = re.compile(
    r"\b(?:what (?:counts|do i (?:have to |need to )?show|proves?)|what evidence|which evidence)\b.{0,20}\bunit (?P<unit>\d{1,2})\b",
    re.IGNORECASE,
)
_TAKES_JOBS: Final = re.compile(
    r"\b(?:ai|robots?|bots?|machines?|chatgpt|llms?|it)\b.{0,24}\b(?:take|takes|taking|replace|replaces|steal|steals|kill"
    r"|kills|do|does|eat|eats|eating|killing)\b.{0,20}\b(?:jobs?|coders?|programm\w{0,4}|devs?|it all|everything|work|us)\b",
    re.IGNORECASE,
)
_SIGHS: Final = re.compile(
    r"\b(?:anyway|what'?s the point|whats the point|why bother|any point|pointless|worth it|scared|worried|afraid"
    r"|cant sleep|can'?t sleep|useless|everyone|keeps? saying|before i (?:get|finish|even)|too\b|my (?:son|mate|friend|wife|boss) (?:says|reckons))\b",
    re.IGNORECASE,
)
AUTOMATED: Final = "ai_overview"
_STRANDED: Final = re.compile(
    r"\b(?:stuck|stranded|stationed|posted|marooned)\b.{0,20}\b(?:bush|outback|desert|farm|station|mine|camp"
    r"|middle of nowhere|woop ?woop|whoop ?whoop|sticks|rig|ship|boat|island|the country)\b"
    r"|\bliving\b.{0,20}\b(?:bush|outback|desert|middle of nowhere|woop ?woop|whoop ?whoop|sticks)\b",
    re.IGNORECASE,
)
_LET_DOWN: Final = re.compile(
    r"\A(?:\W|oh|ok|hm+|ah|well|aw+|ugh|damn|that'?s|thats|that is|its|it'?s|what a|how|a bit|bit|so|pretty|kinda|really|very){0,8}"
    r"(?:disappoint\w{0,4}|a? ?shame|depressing|gutting|gutted|bummed|a? ?bummer|a? ?let ?down|not what i hoped"
    r"|less than i (?:hoped|thought)|discouraging|disheartening|bleak)\b.{0,24}\Z",
    re.IGNORECASE,
)
_MISSED: Final = re.compile(
    r"\b(?:you|u|ya) (?:didn'?t|didnt|never|havent|haven'?t|did not) (?:even |really )?(?:answer\w{0,2}|read)\b"
    r"|\b(?:not|isn'?t|isnt|wasn'?t|wasnt) what i (?:asked|meant|said)\b|\bi (?:asked|meant) (?:something|sth) else\b"
    r"|\bwrong (?:answer|question|page)\b|\bthat (?:doesn'?t|doesnt|didn'?t|didnt|does not) answer\b",
    re.IGNORECASE,
)


_NAMED_BY_CHANCE: Final = ("stuck", "mydata", "privacy")
"""Commands whose name a sentence may begin with."""
KEPT: Final = "bot_keeps"
_FROM_ZERO: Final = re.compile(
    r"\b(?:start|begin)\w{0,4} (?:again )?(?:from|at) (?:zero|scratch|nothing)\b", re.IGNORECASE
)
_KNOWS: Final = re.compile(
    r"\b(?:stat(?:s|istics)|maths|mathematics|sql|python|java|data|analysts?|software|programm\w{2,5}|developer|tester|degree"
    r"|ba|business analyst|excel|sas|cobol|engineer\w{0,3})\b",
    re.IGNORECASE,
)
AT_WORK: Final = "bot_at_work"
_OF_ME: Final = re.compile(
    r"\bwhat (?:do|did|does) (?:you|u) (?:know|remember|have|hold) (?:about|on|of) me\b"
    r"|\A(?:\W|so|ok|and|now){0,4}what do (?:you|u) know(?: now)?\W{0,3}\Z",
    re.IGNORECASE,
)
_AT_WORK: Final = re.compile(
    r"\b(?:boss|manager|employer|hr|work|team lead)\b.{0,24}\b(?:admins?|owns?|owner|runs|reads?|sees?)\b.{0,24}"
    r"\b(?:slack|workspace|chat|channel|dm|here)\b",
    re.IGNORECASE,
)
_NO_NUDGES: Final = re.compile(
    r"\b(?:don'?t|do not|no|never|without) (?:you |u )?(?:\w{3,8} )?(?:nag\w{0,4}|bug\w{0,4}|pester\w{0,3}|nudg\w{1,4}|ping\w{0,4}|hassl\w{1,4}"
    r"|spam\w{0,4})(?: me| us)?\W{0,3}\Z",
    re.IGNORECASE,
)
_KEEPS: Final = re.compile(
    r"\b(?:do|does|are|is|will|did|where)\b.{0,30}\b(?:keep|kept|store|stored|storing|save|saved|saving|record|recorded"
    r"|recording|log|logged|hold|held)\b.{0,30}\b(?:typ\w{1,3}|sa(?:y|id)|wr[io]te|told|tell|messages?|chats?|conversations?|stuff"
    r"|words|texts?)\b"
    r"|\b(?:is|are|does|do|will)\b.{0,12}\b(?:what|everything|all|stuff|things?) (?:that )?i (?:typ|say|wr|tell|told).{0,20}\b(?:kept|stored"
    r"|saved|recorded|logged)\b",
    re.IGNORECASE,
)
_WANTS_IT: Final = re.compile(
    r"\b(?:copy|export|download|file|send|delete|erase|wipe)\b", re.IGNORECASE
)


def readings(heard: Heard) -> Iterator[Interpretation]:
    """The line that such a text gets, or the page; nothing while a question is open."""
    text = heard.text
    if questionnaires.waiting(heard.words) or heard.state.conversation.question:
        return
    if _FROM_ZERO.search(text) and _KNOWS.search(text):
        yield _from_zero(heard)
        return
    typed = parse(heard.content, text)
    if len(text.split()) > MOST_WORDS:
        return
    if typed is not None and typed.command not in _NAMED_BY_CHANCE:
        return
    yield from _of_data(heard)
    yield from _of_study(heard)
    yield from _sighs(heard)


def _of_data(heard: Heard) -> Iterator[Interpretation]:
    text = heard.text
    if _OF_ME.search(text):
        yield _told("what is known of the speaker", 0.987, heard, Line("profile", ""))
    elif _AT_WORK.search(text):
        yield _told("who reads at work", 0.986, heard, Line(fact.COMMAND, AT_WORK))
    elif _NO_NUDGES.search(text) and not heard.state.person.subscriptions:
        yield _said("no nudges wanted, none set", 0.986, heard, "not_subscribe")
    elif _KEEPS.search(text) and not _WANTS_IT.search(text):
        yield _told("what is kept", 0.987, heard, Line(fact.COMMAND, KEPT))


def _of_study(heard: Heard) -> Iterator[Interpretation]:
    text = heard.text
    if _WHERE_TO_START.search(text) and _is_of_learning(heard):
        yield _told("where to start", 0.987, heard, Line("plan", "first step"))
    elif hit := _EVIDENCE.search(text):
        line = Line("plan", f"unit {hit['unit']}")
        yield _told("what a unit asks to be shown", 0.987, heard, line)
    elif _COUNTS.search(text) and _OF_STUDY.search(text) and not _OF_WORK.search(text):
        yield _said("what counts as done", 0.987, heard, "plan_what_counts")


def _sighs(heard: Heard) -> Iterator[Interpretation]:
    text = heard.text
    if _STRANDED.search(text):
        yield _said("far from everywhere", 0.986, heard, "far_away")
    elif _LET_DOWN.match(text) and not heard.utterance.asks:
        yield _said("let down", 0.986, heard, "let_down")
    elif _TAKES_JOBS.search(text) and _SIGHS.search(text):
        yield Interpretation(name="jobs that AI takes", score=0.99, decide=lambda: _of_jobs(heard))


def _is_of_learning(heard: Heard) -> bool:
    """Whether 'where do I start' is about the plan: to somebody who is new here, comes from abroad
    or spoke of visas last there are three doors.
    """
    if _OF_ELSE.search(heard.text) or _NEW_HERE.search(heard.text):
        return False
    return not talks_of_migration(heard.content, heard.state.conversation, heard.event.at)


_NEW_HERE: Final = re.compile(
    r"\b(?:new here|new to this|first time here|with (?:you|this)|use (?:you|this)|australia|aus|oz|abroad|overseas"
    r"|mov\w{1,3} (?:there|over|to)|com\w{1,3} (?:there|over|to)|immigrat\w{1,3}|emigrat\w{1,3}|relocat\w{1,3})\b",
    re.IGNORECASE,
)


def _told(name: str, score: float, heard: Heard, line: Line) -> Interpretation:
    return Interpretation(name=name, score=score, decide=lambda: heard.run(line, None))


def _said(name: str, score: float, heard: Heard, phrase: str) -> Interpretation:
    request = heard.request("plan")
    return Interpretation(
        name=name,
        score=score,
        decide=lambda: request.answer(Paragraph(request.spans(phrase)), remember=False),
    )


def _from_zero(heard: Heard) -> Interpretation:
    request = heard.request("plan")
    taps = Choices((Tap(heard.content.dialogs["audit"].title, "audit"),))
    words = Paragraph(request.spans("not_from_zero"))
    return Interpretation(
        name="not from zero",
        score=0.987,
        decide=lambda: request.answer(words, taps, remember=False),
    )


def _of_jobs(heard: Heard) -> Turn:
    """A warm line, then what is known of it."""
    turn = heard.run(Line(fact.COMMAND, AUTOMATED), None)
    first, *rest = turn.replies
    warm = paragraph(heard.request().text("jobs_taken"))
    return replace(turn, replies=(replace(first, blocks=(warm, *first.blocks)), *rest))


def missed(heard: Heard) -> Iterator[Interpretation]:
    """'You didn't answer': sorry, and what is nearest to the question before, told or a tap away."""
    is_short = len(heard.text.split()) <= MOST_WORDS // 2
    if not is_short or not _MISSED.search(heard.text) or questionnaires.waiting(heard.words):
        return
    near = _near(heard)
    if near is not None:
        yield Interpretation(
            name="an answer that missed", score=0.99, decide=lambda: _sorry(heard, near)
        )


def _near(heard: Heard) -> Line | None:
    """The first fact that stood beside the last answer."""
    for action in heard.state.conversation.choices.values():
        line = parse(heard.content, action)
        if line is not None and line.command == fact.COMMAND:
            return line
    return None


def _sorry(heard: Heard, line: Line) -> Turn:
    turn = heard.run(line, None)
    first, *rest = turn.replies
    sorry = paragraph(heard.request().text("missed_sorry"))
    return replace(turn, replies=(replace(first, blocks=(sorry, *first.blocks)), *rest))
