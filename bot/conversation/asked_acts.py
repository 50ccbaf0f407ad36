"""A command that is asked about, imagined or denied explains itself, and changes nothing.

'How do I stop', 'if I type done, will it ask for a link', 'don't skip': people speak of an act
without wanting it done now.
"""

import re
from typing import Final

from bot.core.command_line import Line, parse
from bot.core.reply import Choices, Tap, paragraph
from bot.core.request import Request
from bot.core.turn import Turn
from bot.understanding.acts import Utterance, plain

ACTING: Final = frozenset(
    """
    done skip too-much unsubscribe snooze pause forget unlink link share subscribe quiet
    timezone resume cancel start-over calendar
    """.split()
)
"""Commands that change something or send something."""

DESTROYS: Final = frozenset(["unsubscribe", "forget", "unlink", "share", "start-over"])
"""Of these even 'can I …' is a question."""

_ASKED: Final = re.compile(
    r" (?:how (?:do|can|could|would|does|to|should)|what happens|what if|if i|if u|if you"
    r"|do i|will (?:it|that|this|they|i|my)|would (?:it|that|this|they)|can everyone"
    r"|what does|what is|shall i|should i) "
)
_OPENS_ASKING: Final = re.compile(
    r"^ (?:(?:so|and|but|ok|hey|wait) ){0,6}(?:is|are|does|do|did(?! (?:the |step |steps |unit |no )?\d)|who|why|whats|when i|when you) "
)
"""At the head of a clause these ask: 'is it gone then'; within one, 'it does not diverge',
they tell.
"""
_ON_TO_NEXT: Final = re.compile(
    r" (?:(?:so|and|ok|yeah|just|right) ){0,3}(?:(?:whats|what is|what) (?:next|now) "
    r"|did (?:the|it|that|this|my|step|both|all) (?!.* (?:count|work|help|matter) ))"
)
"""'Finished the first one. What's next?' tells of the work all the same."""
_MAY: Final = re.compile(r"^ (?:\w+ ){0,2}(?:can|could|may) i ")
_VERBS: Final = {
    "done": "done|finish|finished|complete|completed|tick|ticked|mark",
    "skip": "skip|skipped",
    "too-much": "ease|thin|slow",
    "unsubscribe": "stop|unsubscribe|cancel|end|turn",
    "snooze": "snooze|snoozed|delay|move",
    "pause": "pause|paused|stop",
    "forget": "forget|erase|delete|wipe|remove",
    "unlink": "unlink|separate|disconnect",
    "link": "link|connect|join",
    "share": "share|post|show|send",
    "subscribe": "remind|nudge|reminder|reminders|nudges|subscribe|message|notification|notifications|sign",
    "quiet": "quiet",
    "timezone": "change|move|timezone",
    "resume": "resume|restart",
    "cancel": "cancel|stop|leave",
    "start-over": "start|restart",
    "calendar": "calendar|send",
}
_NEGATIONS: Final = re.compile(
    r" (?:dont|do not|didnt|did not|never|not|havent|have not|hasnt|isnt|is not|arent|wont"
    r"|will not|shouldnt|no need to|no) "
)


def is_asked_about(command: str, said: Utterance) -> bool:
    """The act is asked about or imagined: nothing is to be done now."""
    is_told = _TICKS.match(said.text) and "?" not in said.text
    if command not in ACTING or is_told:
        return False
    line = said.line
    if _MAY.search(line):
        return command in DESTROYS
    if said.does("polite_request") and not _ASKED.search(line):
        return False
    heads = [plain(clause.text) for clause in said.clauses]
    is_question = "?" in said.text
    opens = any(
        _OPENS_ASKING.search(head) for head in heads if is_question or not _ON_TO_NEXT.match(head)
    )
    return opens or bool(_ASKED.search(line))


_TICKS: Final = re.compile(r"(?:done|skip) (?:step )?\d{1,3}\b", re.IGNORECASE)
"""'done 5 the loss does not diverge': what follows a step's number tells of the work,
whatever words it has.
"""


def is_denied(command: str, said: Utterance) -> bool:
    """'Don't skip', 'step 1 isn't done': the act, with a no before it."""
    verbs = _VERBS.get(command, "")
    if not verbs:
        return False
    line = said.line
    if command == "done" and _STEP_IS_NOT.search(line):
        return True
    for hit in _NEGATIONS.finditer(line):
        following = line[hit.end() - 1 : hit.end() + _REACH]
        if re.match(rf" (?:\w+ ){{0,3}}?(?:{verbs}) ", following):
            return True
    return False


_STEP_IS_NOT: Final = re.compile(
    r" (?:step|number) \d{1,9} (?:\w{1,20} ){0,2}(?:not|isnt|wasnt|never|aint|unfinished"
    r"|open again) "
    r"|^ (?:(?:oops|sorry|no|nah|actually|wait) ){0,6}(?:re)?open step \d{1,9} "
)
_REACH: Final = 40
"""Characters after a no in which the verb that it denies stands."""


def explained(request: Request, command: str) -> Turn:
    """What the act would do, and how to say it."""
    phrase = f"about_{command.replace('-', '_')}"
    words = request.content.phrases.get(phrase, "")
    if not words:
        return request.answer(paragraph(request.text("about_any")), remember=False)
    tap: tuple[Tap, ...] = ()
    if command not in DESTROYS:
        tap = (Tap(request.text("tap_do_it"), command),)
    return request.answer(paragraph(words), *((Choices(tap),) if tap else ()), remember=False)


def left_alone(request: Request, command: str) -> Turn:
    """Nothing is done, and that is said."""
    phrase = f"not_{command.replace('-', '_')}"
    words = request.content.phrases.get(phrase) or request.text("not_any")
    return request.answer(paragraph(words), remember=False)


def explained_as(request: Request, phrase: str) -> Turn:
    """What an act that is no command by itself would do."""
    return request.answer(paragraph(request.text(phrase)), remember=False)


def may_start(request: Request, command: str) -> Turn:
    """What a questionnaire is for, with a tap that starts it:
    a question about points or the audit starts neither.
    """
    dialog = request.content.dialogs[command]
    tap = Tap(dialog.title, dialog.command)
    return request.answer(
        paragraph(request.text(f"about_{command}")), Choices((tap,)), remember=False
    )


def undoing(request: Request, command: str) -> Line | None:
    """Where a step is denied that was ticked or left out just now, or is named:
    the line that opens it again.
    """
    if command not in ("done", "skip"):
        return None
    for action in request.state.conversation.choices.values():
        if re.fullmatch(r"done \d+ undo", action):
            return parse(request.content, action)
    named = re.search(r"\b(?:step|number|no)\.? ?(?P<number>\d{1,3})\b", request.words.lower())
    if not named:
        return None
    return parse(request.content, f"done {named['number']} undo")
