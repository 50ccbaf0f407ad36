"""One-off reminders: the command `remind` and the sentences that ask for one.

A reminder goes to its person alone, at the time that they chose, once. Setting, changing, listing
and delivering it have modules of their own.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from bot.core.request import Request
from bot.core.turn import Turn
from bot.features.nudges.reminder_answer import answered
from bot.features.nudges.reminder_list import ID, listing
from bot.features.nudges.reminder_moving import drop, every_week, move, rewording
from bot.features.nudges.reminder_question import DIALOG, local_now, refused, without_me
from bot.features.nudges.reminder_request import once_wanted
from bot.features.nudges.reminder_setting import heard
from bot.features.nudges.rules import active
from content.content import Content

_ELSEWHEN: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""Any moment: whether words are in the grammar does not depend on when they are said."""


def remind(request: Request) -> Turn:
    """`remind on friday 6pm to …`, `remind list`, `remind move 2 to friday 6pm`,
    `remind drop 2`.
    """
    words = request.words.strip()
    if not words or re.fullmatch(r"list|show|all", words, re.IGNORECASE):
        return listing(request)
    if hit := re.fullmatch(
        r"(?:drop|delete|remove|cancel|forget) (?P<which>.+)", words, re.IGNORECASE
    ):
        return drop(request, hit["which"])
    if hit := re.fullmatch(
        r"(?:move|change|put off) (?P<which>\S{1,20})(?P<when>.*)", words, re.IGNORECASE
    ):
        return move(request, hit["which"], hit["when"])
    if hit := re.fullmatch(rf"text (?P<which>{ID.pattern}) (?P<text>.+)", words):
        return rewording(request, hit["which"], hit["text"])
    if hit := re.fullmatch(r"weekly (?P<which>\S{1,20})", words, re.IGNORECASE):
        return every_week(request, hit["which"])
    if hit := re.fullmatch(r"when (?P<when>.+)", words, re.IGNORECASE):
        return answered(replace(request, words=hit["when"])) or refused(
            request, "remind_nothing_open"
        )
    now = local_now(request)
    said = once_wanted(request.content, words, now) or once_wanted(
        request.content, f"remind me {without_me(words)}", now
    )
    if said is None:
        return refused(request, "remind_repeats")
    return heard(request, said.once, is_open=said.open)


def sentence(request: Request) -> Turn | None:
    """A sentence that asks for one reminder, with its time: 'in two hours tell me to go on'.

    Else None.
    """
    said = once_wanted(request.content, request.words, local_now(request))
    if said is None or said.weekly or not (said.once.found or said.once.wrong or said.once.doubt):
        return None
    if said.open and active(request.state.person):
        return None  # whether it comes instead or as well is asked elsewhere
    return heard(replace(request, command=DIALOG), said.once, is_open=said.open)


def untimed(request: Request) -> Turn | None:
    """A sentence that asks for a reminder and names no time: 'remind me to book the test'.

    Else None.
    """
    said = once_wanted(request.content, request.words, local_now(request))
    if said is None or said.once.found or said.once.wrong or said.once.doubt or not said.once.what:
        return None
    return heard(replace(request, command=DIALOG), said.once)


def in_grammar(content: Content, _command: str, words: str) -> bool:
    """Whether the words after `remind` are a reminder's, every one of them."""
    if re.fullmatch(
        r"me|list|show|all|(?:drop|move|when|weekly|text r[0-9a-f]{10}|delete|remove|cancel"
        r"|change)\b.*",
        words.strip(),
        re.IGNORECASE,
    ):
        return True
    said = once_wanted(content, f"remind me {without_me(words)}", _ELSEWHEN)
    if said is None or (said.weekly and without_me(words) != words):
        return False
    return said.once.found or bool(said.once.wrong or said.once.doubt)
