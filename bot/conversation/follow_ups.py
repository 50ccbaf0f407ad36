"""Short texts that mean something only after the last answer: 'how much does it cost', 'plus
super', '190k then'.

They are few and plain, so words decide and no model: a table in the content, and pays after a sum
of pay. Nothing here answers; a text becomes a command line, or is left to be read by itself.
"""

import re
from datetime import datetime
from functools import lru_cache
from typing import Final

from bot.conversation.context import REMEMBERED
from bot.core.command_line import Line, parse, tidy
from bot.core.events import Reading
from bot.core.state import LastAnswer
from bot.extraction.visas import covered_visas
from bot.features import questionnaires
from bot.features.pay import net_pay
from content.content import Content
from content.language import FollowUp

MOST_WORDS: Final = 12
_SUMS: Final = ("takehome", "offer")
_BARE: Final = re.compile(r"\$?\d[\d, ]*(?:\.\d+)?\??")
_ONLY_VISA: Final = re.compile(
    r"(?:(?:and|or|so|what|how|about|for|the|with|on"
    r"|in)\s{1,3}){0,6}(?P<visa>\d{3})\s{0,3}(?:then)?\s{0,3}\??",
    re.IGNORECASE,
)


def follow_up(
    content: Content, last: LastAnswer | None, text: str, reading: Reading | None, now: datetime
) -> Line | None:
    """The command line that this text is after the last answer; None if it stands by itself."""
    words = tidy(text)
    if last is None or now - last.at > REMEMBERED:
        last = LastAnswer(command="", at=now)
    if reading is not None and reading.action == "answer":
        about = reading.command
    else:
        about = ""
    if "profile" in (last.command, about) and questionnaires.states_something(content, words):
        return Line("profile", words)
    if len(words.split()) > MOST_WORDS:
        return None
    if last.command in _SUMS and net_pay.says_only_pay(words):
        return Line("what-if" if last.words else last.command, words)
    if last.command in ("salary", "takehome") and _BARE.fullmatch(words):
        return Line(last.command, words.rstrip("?"))
    if (
        last.command in ("points", "what-if")
        and (hit := _ONLY_VISA.fullmatch(words))
        and hit["visa"] in content.points.nomination
    ):
        return Line("what-if", hit["visa"])
    if (
        about in ("salary", "takehome")
        and reading is not None
        and not reading.arguments
        and (pay := net_pay.pay_in(words))
    ):
        return Line(about, pay)
    return next(
        (line for one in content.follow_ups if (line := _line(content, one, last, words, reading))),
        None,
    )


def _line(
    content: Content, one: FollowUp, last: LastAnswer, words: str, reading: Reading | None
) -> Line | None:
    if (
        (one.after and last.command not in one.after)
        or not _pattern(one.say).search(words)
        or (one.unless and _pattern(one.unless).search(words))
    ):
        return None
    sure = reading is not None and reading.action == "answer"
    if sure and reading is not None and reading.command not in (last.command, *one.over):
        return None
    named = (
        set(covered_visas(words, content.visas))
        or set(covered_visas(last.words, content.visas))
        or set(map(str, _list(last.entities.get("subclass"))))
    )
    if "{visa}" in one.run and len(named) != 1:
        return None
    if len(named) == 1:
        visa = next(iter(named), "")
    else:
        visa = ""
    return parse(content, one.run.format(visa=visa, also=visa))


def _list(value: object) -> list[object]:
    if not isinstance(value, list | tuple):
        return []
    return list(value)


@lru_cache(maxsize=64)
def _pattern(says: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(re.escape(said) for said in says)})(?!\w)", re.IGNORECASE
    )
