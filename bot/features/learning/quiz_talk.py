"""A quiz in the words of whoever takes it: 'b', 'the second one', an option's own words, 'no idea',
'next question', 'leave the quiz'.

Each is the command line that a tap would be. Nothing here is one where no question of a quiz is on
the screen or was just answered.
"""

import re
from datetime import timedelta
from typing import Final

from bot.core.command_line import Line, tidy
from bot.core.request import Request
from bot.core.state import LastAnswer
from bot.extraction.numbers import ORDINALS
from bot.features.learning.quiz import ANSWER, LETTERS, put_again, question_of
from bot.features.plan import plan_or_trial
from content.quiz import ARTICLE, QuizQuestion

STANDS: Final = timedelta(minutes=10)
"""So long a question that was asked may be answered after something else was talked about."""
MOST_WORDS: Final = 14
_LETTER: Final = re.compile(
    r"\A(?:(?:i|id|i'?d|ill|i'?ll|my|the|is|it|its|it'?s|must|be|that'?s|thats|think|say"
    r"|reckon|guess|go|going|choose|pick|for|with|answer|option|letter|would|ok|um{1,6}"
    r"|h{1,3}m{1,6}|maybe|probably|surely|so|then|well|definitely|final)[ ,]{1,3}){0,6}"
    r"(?P<letter>[a-d])(?:[).:]|(?:,? (?:i|id|then|please|pls|maybe|think|say|reckon|guess"
    r"|probably|for|sure|definitely|surely|final|answer|is|right|correct|mate)){0,4})\W{0,3}",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(
    r"\A(?:(?:i|id|i'?d|i'?ll|the|is|it|its|it'?s|think|say|reckon|guess|go|going|choose"
    r"|pick|for|with|answer|option|number|no|would|um{1,6}|h{1,3}m{1,6}|maybe|probably"
    r"|then|that)[ ,.]{1,3}){0,6}"
    rf"(?P<place>[1-4]|one|two|three|four|{'|'.join(ORDINALS)}|1st|2nd|3rd|4th|last|top"
    r"|bottom|middle)(?: (?:one|option|answer|choice|of them|i|think|reckon|guess|say|please"
    r"|then)){0,4}\W{0,3}",
    re.IGNORECASE,
)
_PLACES: Final = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "top": 1,
}
_KNOWS_NOT: Final = re.compile(
    r"\A(?:\w{1,20} ){0,2}(?:idk|dk|dunno|no idea|no clue|not a clue|don'?t know|dont know"
    r"|do not know|not sure|unsure|pass|give up|beats me|stumped|can'?t say|haven'?t a clue"
    r"|who knows|you tell me|tell me|show me(?: the answer)?|what'?s the answer"
    r"|whats the answer|what is the answer|which (?:one )?is (?:it|right"
    r"|correct))(?: \w{1,20}){0,4}\W{0,3}",
    re.IGNORECASE,
)
_NEXT: Final = re.compile(
    r"\A(?:(?:ok|okay|yes|yeah|yep|cool|right|no|nah|h{1,3}m{1,6}|um{1,6}|and|give me|gimme"
    r"|can i (?:have|get)|the|let'?s (?:have|do|skip)|lets|please|pls|an?|skip|skip to|go to"
    r"|hit me with|another|one)[ ,]{1,3}){0,6}"
    r"(?:next(?: (?:question|one|q|please|pls))?|another(?: (?:question|one|q))?"
    r"|one more(?: question)?|a (?:different|new) (?:question|one)|more(?: questions)?"
    r"|skip(?: (?:it|this|that|this one|that one|the question|this question))?|go on"
    r"|keep going|continue|again)(?: (?:please|pls|then|thanks))?\W{0,3}",
    re.IGNORECASE,
)
_LEAVE: Final = re.compile(
    r"\A(?:(?:ok|okay|no|nah|h{1,3}m{1,6}|right|thanks|cheers|please|can we|can you|let'?s"
    r"|lets|i want to|i'?d like to|i'?m|im|i am|that'?s|thats|had|got)[ ,]{1,3}){0,5}"
    r"(?:(?:stop|leave|quit|end|exit|close|cancel|drop|finish|abandon|pause|forget|enough of"
    r"|enough|done with|out of|no more of|no more)(?: with)? (?:the |this |that |with the "
    r"|with |of the |these |any )?(?:quiz(?:zing|zes)?|questions?|test|quizzing me)"
    r"|no more(?: questions)?(?: please)?|enough(?: for (?:now|today))?|(?:i'?m "
    r"|im )?done(?: for (?:now|today))|stop(?: (?:it|now|here|there))?|(?:stop"
    r"|quit) quizzing(?: me)?|leave it(?: there)?|that(?:'?s| is) enough(?: for (?:now"
    r"|today))?)"
    r"(?: (?:for now|for today|now|please|pls|thanks|there|here|today|mate|ta)){0,4}\W{0,3}",
    re.IGNORECASE,
)
_WISHES: Final = re.compile(
    r"\b(?:quiz|test|drill|question|ask|try|examine) (?:me|us)\b|\bquiz(?:zes)?\b"
    r"|\bquestions (?:on|about|from|for)\b|\bflash ?cards\b",
    re.IGNORECASE,
)
_ON: Final = re.compile(
    r"\b(?:on|about|from|for|over|in|of)\s+(?P<what>.{2,60}?)[.!?]*$", re.IGNORECASE
)
_BASICS: Final = re.compile(
    r"\b(?:quiz|test|drill) (?:me|us) (?:on|about|over) (?:(?:the|my|some|ml) ){0,2}"
    r"(?:basics?|fundamentals|essentials|foundations|beginner \w{1,9})"
    r"(?: (?:please|pls|then|now|thanks|first|of (?:ml|machine learning))){0,3}[.!? ]{0,3}\Z",
    re.IGNORECASE,
)
"""At the end of a text of any length: 'got an interview friday, can you quiz me on the basics'."""
_ANYTHING: Final = re.compile(
    r"\A\W{0,3}(?:(?:ok|okay|cool|right|yeah|yes|sure|anyway|so|please|can you|could you)[,. ]{1,3}){0,4}"
    r"quiz me(?: on (?:something|anything))?(?:,? (?:i have|ive got|i've got|got|before) an? (?:\w{1,12} ){0,2}"
    r"(?:interview|exam|test|chat)\b.{0,30}| (?:please|pls|now|then))?[.!? ]{0,3}\Z",
    re.IGNORECASE,
)
"""'Ok cool. quiz me on something, i have an interview thursday'."""
_EARLY_UNIT: Final = "2"
"""Training, loss and what goes wrong there: where the basics are asked."""
_THAT: Final = re.compile(
    r"(?:that|this|it|the same|these|those|what (?:we|i) (?:just )?(?:did|read|talked about"
    r"|learnt|learned))(?: (?:unit|one|topic|step|stuff|week|chapter|bit|thing|module|now"
    r"|please))*|(?:the |my )?(?:current|same|last) (?:unit|step|one|topic|week)"
    r"|where i(?:'?m| am)(?: (?:up to|at))?",
    re.IGNORECASE,
)
_OTHER_TESTS: Final = re.compile(
    r"\b(?:points?|english|ielts|pte|audit|visa|immi|skills assessment)\b", re.IGNORECASE
)
_SMALL: Final = frozenset(
    "the a an of to in and or is it that this on for with as at by be are its i think "
    "because when how so".split()
)


def spoken(request: Request) -> Line | None:
    """The command line of a text that answers a quiz, goes on with it or leaves it; None where
    there is none or it says anything else.
    """
    text = tidy(request.words)
    if len(text.split()) > MOST_WORDS:
        return None
    key = standing(request)
    if key:
        return _to_question(request, key, text)
    if answered := _question_in_dispute(request, text):
        return Line("quiz", f"{answered} why")
    if before := _question_before(request):
        return _after_something_else(request, before, text)
    going_on = _going_on(request)
    if (going_on or _is_fresh_quiz(request)) and _leaves(text):
        return Line("quiz", "leave")
    if going_on and _NEXT.fullmatch(text):
        return Line("quiz", going_on)
    return None


def _is_fresh_quiz(request: Request) -> bool:
    """A quiz was what was answered last, whatever was said since that had no answer."""
    last = request.state.conversation.last
    return last is not None and last.command == "quiz" and request.event.at - last.at <= STANDS


_WHY: Final = re.compile(
    r"\bwhy\b|\bhow come\b|\bexplain\b|\b(?:not|don'?t think|doubt|dont believe"
    r"|don'?t believe|can'?t be|are you|r u|you) (?:that'?s |thats |its |it'?s )?(?:right"
    r"|sure|correct|convinced)\b"
    r"|\b(?:disagree|that'?s wrong|thats wrong|dont agree|don'?t agree|dont get (?:it|that"
    r"|why)|don'?t get (?:it|that|why))\b",
    re.IGNORECASE,
)


def _question_in_dispute(request: Request, text: str) -> str:
    """The key of the question just judged, where somebody asks why; '' for none."""
    last = request.state.conversation.last
    judged = None
    if last and last.command == "quiz":
        judged = ANSWER.fullmatch(last.words)
    is_why = len(text.split()) <= MOST_WHY and bool(_WHY.search(text))
    if judged and is_why:
        return judged["key"]
    return ""


MOST_WHY: Final = 9


def _to_question(request: Request, key: str, text: str) -> Line | None:
    """To the question on the screen: everything that can be said to it."""
    question = question_of(request.content, key)
    if question is None:
        return None
    if _leaves(text):
        return Line("quiz", "leave")
    if _NEXT.fullmatch(text) and text.lower() != "again":
        return Line("quiz", f"{key} skip")
    if _KNOWS_NOT.fullmatch(text):
        return Line("quiz", f"{key} 0")
    option = _option(question, text)
    if not option:
        return None
    return Line("quiz", f"{key} {option}")


def _leaves(text: str) -> bool:
    """'Im tired of this, stop': one part of the text leaves the quiz."""
    return any(_LEAVE.fullmatch(part.strip()) for part in re.split(r"[,.;!]", text))


def _after_something_else(request: Request, key: str, text: str) -> Line | None:
    """To a question that something else was shown after: only its letter,
    and what names the quiz.
    """
    question = question_of(request.content, key)
    if _LEAVE.fullmatch(text) and "quiz" in text.lower():
        return Line("quiz", "leave")
    hit = _LETTER.fullmatch(text)
    option = _option(question, text) if question and hit else 0
    if not option:
        return None
    return Line("quiz", f"{key} {option}")


def standing(request: Request) -> str:
    """The key of the question that is on the screen; '' for none."""
    for action in request.state.conversation.choices.values():
        if hit := ANSWER.fullmatch(action.removeprefix("quiz ")):
            return hit["key"]
    return ""


def _question_before(request: Request) -> str:
    """The key of a question that was asked some minutes ago,
    before something else was talked about; '' for none.
    """
    talk = request.state.conversation
    if talk.last is None:
        return ""
    for one in (talk.last, *talk.topics):
        if one.command == "quiz" and request.event.at - one.at <= STANDS:
            return put_again(request, one.words)
    return ""


def _going_on(request: Request) -> str:
    """The words that a tap on the next question has, under an answer."""
    talk = request.state.conversation
    is_quiz = talk.last is not None and talk.last.command == "quiz"
    label = request.text("tap_quiz_next")
    action = talk.choices.get(label, "")
    if is_quiz and action.startswith("quiz "):
        return action.removeprefix("quiz ")
    return ""


def _option(question: QuizQuestion, text: str) -> int:
    """Which option the text is, from 1; 0 for none."""
    count = len(question.options)
    if hit := _LETTER.fullmatch(text):
        place = LETTERS.index(hit["letter"].upper()) + 1
        return place if place <= count else 0
    if hit := _PLACE.fullmatch(text):
        place = _place(hit["place"].lower(), count)
        return place if 1 <= place <= count else 0
    if text.endswith("?"):
        return 0
    return _in_words(question, text)


def _place(said: str, count: int) -> int:
    if said in ("last", "bottom"):
        return count
    if said == "middle":
        return (count + 1) // 2 if count % 2 else 0
    return _PLACES.get(said) or ORDINALS.get(said) or (int(said) if said.isdecimal() else 0)


NEEDED: Final = 0.6
"""Of what is said so much has to stand in the option that is meant."""


def _in_words(question: QuizQuestion, text: str) -> int:
    """The one option that has most of these words; 0 where none or several do."""
    said = _content(text)
    if not said:
        return 0
    said -= _content(question.stem)
    if not said:
        return 0
    shares = [len(said & _content(one.text)) / len(said) for one in question.options]
    best = max(shares)
    if best < NEEDED or shares.count(best) > 1:
        return 0
    return shares.index(best) + 1


def _content(text: str) -> set[str]:
    words = set(re.findall(r"[a-z0-9']{2,}", text.lower())) - _SMALL
    return {word[:_STEM].removesuffix("s") for word in words}


# ---- which unit


def wished(request: Request) -> Line | None:
    """'Quiz me on that unit', 'a quick test on deployment': the quiz of the unit that is meant;
    None where none is asked for or named.
    """
    text = tidy(request.words)
    if _BASICS.search(text):
        return Line("quiz", _EARLY_UNIT)
    if _ANYTHING.search(text):
        return Line("quiz", "")
    if len(text.split()) > MOST_WORDS or not _WISHES.search(text) or _OTHER_TESTS.search(text):
        return None
    hit = _ON.search(text)
    if hit is None:
        return None
    what = re.sub(
        r"(?:^(?:the|my|a)\s)|(?:,? (?:please|pls|then|now|thanks)){1,4}$",
        "",
        hit["what"].strip(),
        flags=re.IGNORECASE,
    )
    if _THAT.fullmatch(what):
        return Line("quiz", unit_talked_of(request))
    key = _unit_of(request, what.lower())
    if not key:
        return None
    return Line("quiz", _number(request, key))


def unit_talked_of(request: Request) -> str:
    """The unit of what was answered last, as a command line names it; '' for none: then the quiz
    goes on where the plan stands.
    """
    talk = request.state.conversation
    for one in (talk.last, *talk.topics):
        if one is None or request.event.at - one.at > STANDS:
            continue
        if named := re.match(r"(?:unit|need|know) (\d{1,2})\b", one.words):
            return named[1]
        unit = _unit_of_term(request, one)
        if unit:
            return _number(request, unit)
        told = request.content.answer_units.get(one.words)
        if told:
            about = [named.key for named in told.about if named.kind == "unit"]
        else:
            about = []
        if about and _number(request, about[0]):
            return _number(request, about[0])
    return ""


_TERM: Final = "term_"


def _unit_of_term(request: Request, one: LastAnswer) -> str:
    """The unit that teaches the term which an answer was about; '' for none."""
    named = [source.removeprefix("glossary.") for source in one.sources]
    if one.words.startswith(_TERM):
        parts = one.words.removeprefix(_TERM).split("_")
        named += ["_".join(parts[:count]) for count in range(len(parts), 0, -1)]
    terms = [request.content.glossary[key] for key in named if key in request.content.glossary]
    units = [term.unit for term in terms if term.unit in request.content.quizzes]
    return units[0] or "" if units else ""


def _number(request: Request, key: str) -> str:
    mine, _ = plan_or_trial(request)
    units = list(mine.units)
    if key in units:
        return str(units.index(key) + 1)
    if key in request.content.quizzes or key.isdecimal():
        return key
    return ""


def _unit_of(request: Request, what: str) -> str:
    """The unit whose number, title, key or one of whose terms these words are; '' for none."""
    if number := re.fullmatch(r"(?:unit|week|module|chapter|number|no)?\s{0,3}(\d{1,2})", what):
        return _by_number(request, int(number[1]))
    if "article" in what:
        return ARTICLE
    names = {
        name.lower(): one.unit for one in request.content.glossary.values() for name in one.names
    }
    unit = names.get(what) or names.get(what.removesuffix("s"))
    if unit in request.content.quizzes:
        return unit or ""
    said = _content(what)
    for key, held in request.content.quizzes.items():
        title = _content(f"{held.title} {key.replace('_', ' ')}")
        if said and said <= title:
            return key
    return ""


_STEM: Final = 5
"""'deployment' and 'deploy' begin alike."""


def _by_number(request: Request, number: int) -> str:
    mine, _ = plan_or_trial(request)
    units = list(mine.units)
    if 1 <= number <= len(units):
        return units[number - 1]
    return ""
