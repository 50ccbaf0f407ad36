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
from bot.core.reply import Paragraph, paragraph
from bot.core.turn import Turn
from bot.features import questionnaires
from bot.features.about import fact

MOST_WORDS: Final = 18
_WHERE_TO_START: Final = re.compile(
    r"\bwhere (?:do|should|can|would|shall|to|does) (?:i |we |one )?(?:even |actually |really )?(?:start|begin)\b"
    r"|\bhow (?:do|should|can|would) i (?:even |actually )?(?:start|begin|get started)\b(?! the| my)"
    r"|\b(?:what'?s|whats|what is) the (?:actual |very )?first (?:thing|step)\b"
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
    r"|kills|do|does|eat|eats)\b.{0,20}\b(?:jobs?|coders?|programm\w{0,4}|devs?|it all|everything|work|us)\b",
    re.IGNORECASE,
)
_SIGHS: Final = re.compile(
    r"\b(?:anyway|what'?s the point|whats the point|why bother|any point|pointless|worth it|scared|worried|afraid"
    r"|cant sleep|can'?t sleep|useless|everyone|keeps? saying|my (?:son|mate|friend|wife|boss) (?:says|reckons))\b",
    re.IGNORECASE,
)
AUTOMATED: Final = "ai_overview"
_STRANDED: Final = re.compile(
    r"\b(?:stuck|stranded|stationed|posted|marooned|living)\b.{0,20}\b(?:bush|outback|desert|farm|station|mine|camp"
    r"|middle of nowhere|woop ?woop|whoop ?whoop|sticks|rig|ship|boat|island|country)\b",
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
    text, words = heard.text, len(heard.text.split())
    if questionnaires.waiting(heard.words) or heard.state.conversation.question:
        return
    typed = parse(heard.content, text)
    if words > MOST_WORDS or (typed is not None and typed.command not in _NAMED_BY_CHANCE):
        return
    if _KEEPS.search(text) and not _WANTS_IT.search(text):
        yield _told("what is kept", 0.987, heard, Line(fact.COMMAND, KEPT))
    elif _WHERE_TO_START.search(text) and _is_of_learning(heard):
        yield _told("where to start", 0.987, heard, Line("plan", "first step"))
    elif hit := _EVIDENCE.search(text):
        yield _told(
            "what a unit asks to be shown", 0.987, heard, Line("plan", f"unit {hit['unit']}")
        )
    elif _COUNTS.search(text) and _OF_STUDY.search(text) and not _OF_WORK.search(text):
        yield _said("what counts as done", 0.987, heard, "plan_what_counts")
    elif _STRANDED.search(text):
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
        takes_facts=True,
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
