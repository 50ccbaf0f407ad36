"""How much is owed on a study loan: the yearly repayment follows the income, and not the debt."""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation import topics
from bot.conversation.heard import Heard
from bot.core.command_line import Line
from bot.core.interpretation import Interpretation
from bot.core.reply import Paragraph
from bot.core.request import Request
from bot.core.state import LastAnswer
from bot.extraction import pay
from bot.features.figures import money
from bot.features.pay import offers, pay_answers, pay_cases
from bot.features.pay.pay_cases import Case
from bot.features.pay.talk.context import OWED

BALANCE: Final = "help_balance"
MOST_WORDS: Final = 18
_LOAN: Final = re.compile(
    r" (?:hecs|help|hex) (?:debt|loan)? ?| (?:student|study|uni|university) (?:loan|debt) "
)
_SIZE: Final = re.compile(
    r" (?:matter|matters|difference|affect|affects|depend|depends|change|changes|big|bigger|smaller"
    r"|size|balance|total|how much i owe|what i owe|owe|owing|owed|left) "
)
_ASKS: Final = re.compile(r" (?:does|do|is|are|would|will|what if|wait|if|so|how|matter|matters) ")
_OWED: Final = re.compile(
    r" (?:hecs|help|loan|debt) (?:(?:debt|loan|balance|is|of|at|about|around|like|left|now|just"
    r"|only|sits|sitting) ){1,4}\$?\d{1,3}(?: ?k|,\d{3}| grand)?"
    r"| (?:owe|owing|owed) (?:about |around |like )?\$?\d{1,3}(?: ?k|,\d{3}| grand)? "
)
_UNTIL: Final = re.compile(
    r" (?:how (?:long|many years)|when) .{0,40}(?:gone|paid off|pay it off|paid|clear|cleared"
    r"|finish|finished|over|done|rid of) | years (?:till|until|to) .{0,20}(?:gone|paid|clear) "
)
_FIGURE: Final = re.compile(
    r"(?<![\w.,])\$?(?P<number>\d{1,3},\d{3}|\d{1,6})\s?(?P<k>k|grand)?\b(?!\s?(?:%|percent|years?|yrs?|months?))"
)


def repayments(heard: Heard) -> Iterator[Interpretation]:
    """'Hecs repayment on 96k', 'how much help do i repay at 120': what of that pay goes to it."""
    said = pay.read(heard.text)
    amounts = [one for one in (said.amount, said.day_rate) if one]
    is_short = len(heard.text.split()) <= MOST_WORDS
    if not (is_short and amounts and _REPAID.search(heard.utterance.line)):
        return
    if _TAKEN_OUT.search(heard.utterance.line):
        return
    yield Interpretation(
        name="what a study loan takes of a pay",
        score=0.995,
        decide=lambda: pay_answers.loan_repaid(heard.request("takehome", heard.text), said),
        takes_facts=True,
    )


_REPAID: Final = re.compile(
    r" (?:hecs|help|hex|(?:student|study|uni) (?:loan|debt)) (?:debt |loan )?(?:re ?payments?|payments?) "
    r"| (?:re ?pay|repayments?|pay back) (?:\w{1,10} ){0,4}(?:hecs|hex|(?:student|study|uni) (?:loan|debt)) "
    r"| how much (?:hecs|hex|help(?: debt)?|(?:student|study|uni) (?:loan|debt)) (?:\w{1,8} ){0,3}(?:re)?(?:pay|paid|comes? off) "
)
_TAKEN_OUT: Final = re.compile(
    r" (?:after tax|in the hand|in hand|take ?home|net|left|owe|owed|owing) "
)


def balances(heard: Heard) -> Iterator[Interpretation]:
    """'My hecs is 42k', 'wait does it matter that its 27k': what the size of the debt changes."""
    line, is_short = heard.utterance.line, len(heard.text.split()) <= MOST_WORDS
    if not is_short or _names_pay(heard):
        return
    is_about = bool(_LOAN.search(line)) or _sum_with_loan(heard) is not None
    asks = bool(_SIZE.search(line) and _ASKS.search(line))
    states = bool(_OWED.search(f" {heard.text.lower()} "))
    if is_about and (asks or states) and _FIGURE.search(heard.text) and not _UNTIL.search(line):
        yield Interpretation(
            name="how much is owed",
            score=0.992,
            decide=lambda: heard.run(Line("fact", BALANCE), None),
            takes_facts=True,
        )


def _names_pay(heard: Heard) -> bool:
    """Whether a pay stands beside the debt."""
    said = pay.read(heard.text)
    return said.basis is not None or said.day_rate is not None


def _sum_with_loan(heard: Heard) -> LastAnswer | None:
    recent = topics.recent(heard.state.conversation, heard.event.at)[:2]
    sums = (one for one in recent if one.command in ("takehome", "offer"))
    return next((one for one in sums if pay.read(one.words).help_debt), None)


def years_left(heard: Heard) -> Iterator[Interpretation]:
    """'How many years till its gone', after a sum with a study loan: the debt by the year's
    repayment, where the debt was named; else what decides it.
    """
    last = _sum_with_loan(heard)
    if last is None or not _UNTIL.search(heard.utterance.line):
        return
    request = heard.request("takehome", last.words)
    (case, *_) = pay_answers.cases_of(request, offers.sides(last.words)[0])
    owed = _owed(heard, last)
    if case.net.help_repayment <= 0:
        return
    yield Interpretation(
        name="years until a loan is repaid",
        score=0.991,
        decide=lambda: request.answer(
            _line_of_years(request, case, owed), personal=True, remember=False
        ),
        takes_facts=True,
    )


def _owed(heard: Heard, last: LastAnswer) -> float:
    """The debt that the text names, else the one that was named with the sum."""
    hit = _FIGURE.search(heard.text)
    if hit is None:
        return float(str(last.entities.get(OWED, 0)))
    number = float(hit["number"].replace(",", ""))
    return number * 1000 if hit["k"] or number < 1000 else number


def _line_of_years(request: Request, case: Case, owed: float) -> Paragraph:
    repaid = case.net.help_repayment
    return pay_answers.line(
        request,
        "loan_years" if owed else "loan_years_unknown",
        owed=money(owed),
        repaid=pay_cases.dollars(repaid),
        years=max(1, round(owed / float(repaid))),
    )
