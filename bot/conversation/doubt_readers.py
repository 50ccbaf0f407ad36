"""A doubt about the last answer: 'are you sure', 'which number is right then', 'my agent says
3,115', 'why'.

There is one answer that it can be about, so nobody is asked which figure they mean. A text that
names something else is not read here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from bot.conversation import numbers_of_ours, questions, topics, wanted_acts
from bot.conversation.heard import Heard
from bot.conversation.subject_left_out import knows_text
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.core.reply import paragraph
from bot.core.state import LastAnswer
from bot.core.turn import Turn
from bot.features import questionnaires
from bot.features.about import doubt, fact
from bot.features.learning import quiz
from bot.understanding.acts import plain
from bot.understanding.reading import own_words, term_named
from content.subject import tokens

MOST_WORDS: Final = 11
MOST_WHY: Final = 5
SCORE: Final = 0.975
_SUMS: Final = {"takehome": "sums", "offer": "more"}
"""How the working of a sum is asked for."""
_CLAIM: Final = re.compile(
    r" (?:says?|said|saying|told|tells|claims?|claimed|heard|read|saw|seen|shows?|showed"
    r"|prints?|lists?|listed|quotes?|quoted|reckons?|reckoned|thinks?|thought|isnt|wasnt"
    r"|arent"
    r"|website|site|sites|page|google|seek|glassdoor|indeed|linkedin|reddit|chatgpt|agent"
    r"|recruiter|consultant|payscale|levels) "
)
_FIGURE: Final = re.compile(
    r"(?<![\w.,])\$?\d[\d,]{0,9}(?:\.\d{1,2})?(?: ?k)?(?![\w])", re.IGNORECASE
)
_QUIZ: Final = "quiz"
_HELD: Final = re.compile(
    r" (?:reckon|think|thought|said|say|picked|guess|isnt|wasnt|not|why|be"
    r"|meant) (?:\w+ ){0,3}[a-d] "
)
"""Somebody holds to an option of the quiz."""
_NEW: Final = re.compile(
    r" (?:how|when|where|who|what|whats|my (?:score|scores|test|pte|ielts|result|salary|pay"
    r"|offer|job|english|age|own)|mine|im|ive|if|points|test|band|bands|years|yrs|months|visa"
    r"|code) "
)
"""Words of a text with a figure that asks or tells something of its own."""
_WHENCE: Final = re.compile(
    r" where (?:is|are|s|did|does|do|was|were) (?:that|this|it|those|these|they|you|u|the \w+"
    r"|your \w+)(?: \w+){0,3} (?:from|get|got|source) "
    r"| wheres (?:that|this|it) (?:from|come) | (?:whats|what is) (?:your|the|that"
    r"|its) source | (?:got|have|any|a) (?:a )?source | (?:src|source) (?:for|of|on) "
)
"""Asks where the answer comes from."""
_LONG_FIGURE: Final = re.compile(r"(?<!\d)\d{5,6}(?!\d)")
_WHO_SAYS: Final = re.compile(
    r"^ (?:(?:and|but|so|ok|hmm|wait|then) ){0,3}(?:who (?:says?|said|told|tells|claims?"
    r"|claimed|wrote|writes|prints?|reported|decided?|decides|sets?|made|makes|came up)"
    r"(?! (?:you|u|ya|me|this bot)\b)"
    r"|says who|since when|when (?:was|were|is) (?:that|this|it|these|those)"
    r"|whats the date of|as of when|as at when|how (?:sure|certain|reliable|solid|old) (?:is"
    r"|are|of) (?:that|this|it|the|those|these)) "
    r"| (?:how sure|what date|as of|as at|which date)(?: (?:is|was) (?:that|this|it))? $"
    r"|^ (?:so )?(?:wrong|true|correct|real|legit|not true|a lie) $"
    r"| \d{4,6} (?:true|right|correct|sure|real|legit|confirmed) $"
    r"| (?:(?:is|did|does|so) )?(?:he|she|they|agent) (?:lie|lied|lying|wrong|right|lies"
    r"|bluffing) $"
)
"""Asks who says so, or since when: of the answer that stands."""
_PAY: Final = ("level", "job")
_YEARLY: Final = range(40, 1000)
_LEAST: Final = 40_000
_THOUSAND: Final = 1000


def readings(heard: Heard) -> Iterator[Interpretation]:
    """What a doubt is answered with; nothing where no answer stands,
    or a question of a form does.
    """
    last = heard.state.conversation.last
    if last is None or heard.event.at - last.at > topics.POINTED_AT or not _may_doubt(heard):
        return
    asks_who = bool(_WHO_SAYS.search(plain(heard.text)))
    claimed = None if asks_who else _about_another_figure(heard, last)
    decide = _about_the_quiz(heard, last) or claimed or _about_what_was_told(heard, last)
    if decide is not None:
        yield Interpretation(
            name="a doubt about the answer",
            score=SCORE,
            covers=NAMES_MORE if _names_more(heard, last) else 1.0,
            decide=decide,
        )


NAMES_MORE: Final = 0.88
"""How much a doubt explains of a text with a word that the answer doubted does not know: a fact
that knows it goes before.
"""


def _names_more(heard: Heard, last: LastAnswer) -> bool:
    """'Who says March' after an answer that names no March, 'which of them are permanent'."""
    if not wanted_acts.asks_within(heard.text):
        return False
    words = " ".join(_DOUBTING.sub(" ", plain(heard.text)).split())
    if not own_words(heard.content, words):
        return False
    if last.command == fact.COMMAND and last.words in heard.content.answer_units:
        return not knows_text(heard.content, last.words, words)
    return True


_DOUBTING: Final = re.compile(
    r"\b(?:sure|certain|true|right|wrong|correct|legit|real|really|says?|said|told|tells?|since"
    r"|when|source|sources|come|comes|from|figures?|numbers?|why|how|which|one|trust|believe"
    r"|reckon|think|thought|doubt|sounds?|seems?|looks?|heaps?|much|many|high|low|so|too|official"
    r"|tho|though|then|wait|hmm|reliable|date|old|exactly|get|got|does|did|lies?|lied|lying|he|she|they|agent)\b"
)
"""Words of a doubt itself."""


def _may_doubt(heard: Heard) -> bool:
    """The text is short and names nothing that the last answer is not about;
    no question of a form is on the screen.
    """
    if len(heard.text.split()) > MOST_WORDS:
        return False
    about = questions.topic_of(heard.content, heard.state.conversation.last, heard.event.at)
    words = tuple(one for one in tokens(heard.text) if not _CLAIM.search(f" {one} "))
    if not heard.content.mentions(words) <= about:
        return False
    if any(_is_another_term(heard, word) for word in words):
        return False
    is_aside = heard.content.phrases["tap_go_on"] in heard.state.conversation.choices
    return is_aside or questionnaires.waiting(heard.words) is None


def _is_another_term(heard: Heard, word: str) -> bool:
    """Whether the word is a term of the glossary that the last answer does not tell of."""
    key = term_named(heard.content, word)
    last = heard.state.conversation.last
    unit = None
    if last is not None:
        unit = heard.content.answer_units.get(last.words)
    if unit:
        told = " ".join((unit.key, unit.answer.subject, *unit.answer.asks))
    else:
        told = ""
    return bool(key) and word not in told.lower()


def _about_the_quiz(heard: Heard, last: LastAnswer) -> Callable[[], Turn] | None:
    """'Doesn't sound right', 'nah i reckon b' under a verdict of the quiz:
    every option's reason.
    """
    judged = None
    if last.command == _QUIZ:
        judged = quiz.ANSWER.fullmatch(last.words)
    is_held = bool(_HELD.search(plain(heard.text)))
    if judged is None or not (is_held or heard.utterance.does("doubt", "complain", "why")):
        return None
    return lambda: heard.run(Line(_QUIZ, f"{judged['key']} why"), None)


def _about_another_figure(heard: Heard, last: LastAnswer) -> Callable[[], Turn] | None:
    """'Seek says 180 though': a pay is placed; of any other figure it
    is said that it cannot be checked.
    """
    line = plain(heard.text)
    hit = _FIGURE.search(heard.text)
    is_claim = bool(_CLAIM.search(line)) or heard.utterance.does("doubt")
    if hit is None or not is_claim or _NEW.search(line) or last.command in _SUMS:
        return None
    if numbers_of_ours.are_named(heard):
        return None
    said = hit[0].strip()
    if _is_about_pay(heard, last) and (pay := _yearly(said)):
        return lambda: heard.run(Line("salary", str(pay)), None)
    turn = doubt.in_doubt(heard.request(), "doubt_other_figure", said=said)
    if turn is None:
        return None
    return lambda: turn


def _yearly(said: str) -> int:
    """A pay of a year as people print it: '180', '180k', '$180,000'; 0 for what is none."""
    number = float(said.lower().strip("$k ").replace(",", ""))
    yearly = number * _THOUSAND if number in _YEARLY else number
    if yearly >= _LEAST:
        return int(yearly)
    return 0


def _is_about_pay(heard: Heard, last: LastAnswer) -> bool:
    if last.command == "salary":
        return True
    about = questions.topic_of(heard.content, last, heard.event.at)
    return any(one.kind in _PAY for one in about)


def _about_what_was_told(heard: Heard, last: LastAnswer) -> Callable[[], Turn] | None:
    said = heard.utterance
    if _WHENCE.search(plain(heard.text)):
        return lambda: heard.run(Line("sources", ""), None)
    if _WHO_SAYS.search(plain(heard.text)) and last.command not in _SUMS:
        hit = _LONG_FIGURE.search(heard.text.replace(",", ""))
        told = doubt.whence(heard.request(), hit[0] if hit else "")
        if told is None:
            return None
        return lambda: told
    is_why = said.does("why") and len(heard.text.split()) <= MOST_WHY
    if said.does("which_figure"):
        key = doubt.explaining(heard.content, last.sources)
        if key and last.words != key:
            return lambda: heard.run(Line(fact.COMMAND, key), None)
    elif not is_why and not said.does("doubt") and not _complains_of_one(heard, last):
        return None
    if last.command in _SUMS and last.words:
        return lambda: _working(heard, last)
    if _FIGURE.search(heard.text):
        return None
    turn = doubt.in_doubt(heard.request(), "doubt_back") or doubt.whence(heard.request())
    if turn is None:
        return None
    return lambda: turn


def _complains_of_one(heard: Heard, last: LastAnswer) -> bool:
    """'That's wrong' under one fact or one sum; under a page of
    figures somebody has to say which.
    """
    return heard.utterance.does("complain") and last.command in (fact.COMMAND, *_SUMS)


def _working(heard: Heard, last: LastAnswer) -> Turn:
    """The sum line by line, below what changes it most."""
    asked = last.words.removesuffix(f" {_SUMS[last.command]}")
    turn = heard.run(Line(last.command, f"{asked} {_SUMS[last.command]}"), None)
    first, *others = turn.replies
    words = paragraph(heard.content.phrases["doubt_sum"])
    return replace(turn, replies=(replace(first, blocks=(words, *first.blocks)), *others))
