"""Acts that a text speaks of without wanting them done: asked about or denied, they are explained and
change nothing; and the last change taken back.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation import (
    asked_acts,
    courtesies,
)
from bot.conversation.heard import Heard
from bot.core.command_line import Line, parse
from bot.core.interpretation import Interpretation
from bot.features import questionnaires
from bot.understanding.acts import plain

_OF_STEPS: Final = re.compile(
    r" (?:steps?|tasks?|units?|plan|tick|ticks|ticked|type|write|say|press|tap|button|command"
    r"|done it|nudge) "
)


def _is_about_nothing(heard: Heard, command: str) -> bool:
    """'It is finished for me then' from somebody without a plan speaks of no step."""
    is_step = command in ("done", "skip", "too-much")
    has_plan = heard.state.person.progress is not None
    return is_step and not has_plan and not _OF_STEPS.search(plain(heard.text))


def acts_spoken_of(heard: Heard) -> Iterator[Interpretation]:
    """An act that is denied or asked about: explained, and nothing is changed."""
    command = _act_in(heard)
    if not command or _is_about_nothing(heard, command):
        return
    request = heard.request("help", heard.text)
    waits = questionnaires.waiting(request) is not None
    if asked_acts.is_denied(command, heard.utterance):
        back = asked_acts.undoing(request, command)
        yield Interpretation(
            name="an act denied",
            score=0.75 if waits else 0.98,
            decide=lambda: (
                heard.run(back, None) if back else asked_acts.left_alone(request, command)
            ),
        )
    elif asked_acts.is_asked_about(command, heard.utterance):
        # A text that names no act is only read as one: a fact that is near goes before it ('is
        # Hobart regional').
        is_named = command.replace("-", " ") in heard.utterance.line or bool(_named_act(heard))
        sure = 0.97 if is_named else 0.95
        yield Interpretation(
            name="an act asked about",
            score=0.8 if waits else sure,
            decide=lambda: asked_acts.explained(request, command),
        )


_NAMED_ACT: Final = {
    "done": (
        r"done|tick(?:ed)?|finish(?:ed)?|step \d{1,9} (?:\w{1,20} ){0,2}(?:not|isnt|wasnt|never"
        r"|aint)"
    ),
    "skip": r"skip(?:ped)?",
    "snooze": r"snooz(?:e|ed|ing)",
    "pause": r"paus(?:e|ed)",
    "forget": r"forget|erase|wipe",
    "share": r"share|sharing|post(?:ed|ing)?",
    "unlink": r"unlink",
    "unsubscribe": r"unsubscribe|stop",
}


def _named_act(heard: Heard) -> str:
    """The acting command that a verb of the text names; '' for none."""
    line = heard.utterance.line
    named = (one for one, verbs in _NAMED_ACT.items() if re.search(rf" (?:{verbs}) ", line))
    return next(named, "")


def _act_in(heard: Heard) -> str:
    """The acting command that the text speaks of: the one it is read as, else the one it names."""
    line = heard.utterance.line
    named = _named_act(heard)
    reading = heard.reading
    read = reading.command if reading is not None and reading.action != "reject" else ""
    is_sure = reading is not None and reading.action == "answer"
    if " link " in line and asked_acts.is_denied("link", heard.utterance):
        return "link"
    if named and (heard.utterance.asks or not is_sure):
        return named
    return read if read in asked_acts.ACTING else named


def changes_back(heard: Heard) -> Iterator[Interpretation]:
    """'Take that back', 'that's wrong' after something was noted."""
    undo = heard.utterance.does("undo") and not heard.utterance.asks
    if undo and (line := _undo_tap(heard)):
        yield Interpretation(
            name="undo",
            score=0.985,
            covers=max(courtesies.share(heard.utterance, "undo", "correct"), 0.6),
            decide=lambda: heard.run(line, None),
            takes_facts=True,
        )
        return
    changed = heard.state.conversation.changed
    if changed and heard.utterance.does("undo") and not heard.utterance.asks:
        yield Interpretation(
            name="take back",
            score=0.9,
            covers=courtesies.share(heard.utterance, "undo", "correct"),
            decide=lambda: questionnaires.undo(heard.request("undo")),
            takes_facts=True,
        )


def _undo_tap(heard: Heard) -> Line | None:
    """The undo that stands on the screen."""
    for label, action in heard.state.conversation.choices.items():
        if label == heard.content.phrases["tap_plan_undo"] or action.endswith(" undo"):
            return parse(heard.content, action)
    return None
