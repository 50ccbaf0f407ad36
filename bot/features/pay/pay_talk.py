"""Short texts about a pay, after a sum or by themselves: 'whats the break-even day rate', 'super on
that', 'the top one, plus super'.

Each becomes a command line or a line of its own beside the sum that stands in the chat. What a pay
may be compared with is shown; nothing is called enough or good.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.calculators import take_home
from bot.core.command_line import Line, tidy
from bot.core.request import Request
from bot.core.state import LastAnswer
from bot.core.turn import Turn
from bot.extraction import pay
from bot.extraction.pay import Pay
from bot.extraction.slots.lines import find
from bot.features.pay import offers, pay_answers, pay_ends, pay_spans
from bot.features.pay.pay_spans import Span

LONGEST: Final = 18
LONGEST_TEXT: Final = 400
SUMS: Final = ("takehome", "offer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A short text, and what was talked about before it, nearest first."""

    request: Request
    text: str
    topics: tuple[LastAnswer, ...]
    asks: bool

    @property
    def last(self) -> LastAnswer | None:
        return next(iter(self.topics), None)

    @property
    def sum(self) -> LastAnswer | None:
        """The sum that stands above, where it was talked about last."""
        last = self.last
        return last if last is not None and last.command in SUMS and last.words else None

    def says(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(self.text))


Meant = Line | Callable[[], Turn]


def meant(
    request: Request, text: str, topics: tuple[LastAnswer, ...], *, asks: bool
) -> Iterator[Meant]:
    """What the text asks of a pay: a command line, or a turn of its own;
    the first one is the surest.
    """
    words = tidy(text)
    if len(words) > LONGEST_TEXT:
        return
    talk = Talk(request=request, text=words, topics=topics, asks=asks)
    if not words or len(words.split()) > LONGEST:
        return
    for read in READERS:
        found = read(talk)
        if found is not None:
            yield found


# ---- after a sum

_TAXED: Final = re.compile(
    r"\b(?:is|was|are) (?:that|this|it|those|they)\b.{0,60}\b(?:before|after|pre|post|gross"
    r"|net|tax(?:ed)?|in (?:the|my) (?:hand|pocket))\b"
    r"|^(?:and |so )?(?:before|after|pre|post)[ -]?tax\b|\bgross or net\b|\bnet or gross\b",
    re.IGNORECASE,
)


def _taxed(talk: Talk) -> Meant | None:
    """'Is that before tax?'"""
    if talk.sum is None or not talk.says(_TAXED) or re.search(r"\d", talk.text):
        return None
    words = talk.sum.words
    return lambda: pay_answers.line_for_each(
        talk.request, "pay_taxed", pay_answers.cases_of(talk.request, words)[:1]
    )


_SUPER_ON: Final = re.compile(
    r"\bhow much\b.{0,60}\bsuper\b|\bsuper (?:on|for|from|of) \b"
    r"|\b(?:and )?the super\b(?! (?:guarantee|rate|cap))|\bsuper\b.{0,60}\b(?:would be"
    r"|comes? to|goes|amounts? to)\b|\bgoes (?:in)?to (?:the |my )?super\b",
    re.IGNORECASE,
)
_DUTY: Final = re.compile(
    r"\b(?:owe[sd]?|obliged|have to|has to|must|entitled|liable|supposed to|legally|law|who|when"
    r"|why)\b",
    re.IGNORECASE,
)
"""Whether super is owed is a question of law, and no sum."""
_NUMBER: Final = re.compile(r"(?<![\d.,])\d{2,3}(?:,?\d{3})?(?![\d.,%])")
_IN_OR_OUT: Final = re.compile(
    r"\b(?:plus|including|incl?|inclusive|with|without|before|inside|on top|included|is super"
    r"|if super)\b",
    re.IGNORECASE,
)


def _super_on_it(talk: Talk) -> Meant | None:
    """'How much of the 165 goes to super', 'super on the 190 would be': that part alone."""
    before = talk.sum or _salary_topic(talk)
    if before is None or not talk.says(_SUPER_ON) or talk.says(_IN_OR_OUT) or talk.says(_DUTY):
        return None
    one = pay.read(offers.sides(before.words)[0])
    if hit := _NUMBER.search(talk.text):
        figure = float(hit[0].replace(",", ""))
        one = replace(
            one, day_rate=None, days=None, amount=figure * 1000 if figure < _LEAST else figure
        )
    if one.said_nothing or one.between:
        return None
    words = pay.written(one)
    return lambda: pay_answers.line_for_each(
        talk.request, "pay_super", pay_answers.cases_of(talk.request, words)
    )


_LEAST: Final = 1000
SPOKEN_THOUSANDS: Final = range(40, 500)
"""Numbers that in talk of a year's pay are thousands."""

_WORKING: Final = re.compile(
    r"\bhow (?:is|was|did|do|does|are|come)\b.{0,60}\b(?:work(?:ed|s)? ?out|calculated"
    r"|computed|figured|added up|get (?:that|to|this)|come (?:to|up)|made up)\b"
    r"|\bshow (?:me )?(?:the|your) (?:maths?|workings?|sums?|arithmetic)\b",
    re.IGNORECASE,
)


def _working(talk: Talk) -> Meant | None:
    """'How is the help bit worked out': the arithmetic of that sum."""
    if talk.sum is None or not talk.says(_WORKING):
        return None
    if talk.sum.command == "offer":
        return Line("offer", f"{talk.sum.words} more")
    return Line("takehome", f"{talk.sum.words} sums")


_DROPS: Final = re.compile(
    r"\b(?:forget|drop|leave|scrap|ditch|skip|without|never ?mind|no more|take out"
    r"|remove)\b[^.]{0,40}?\b(?P<side>contract\w{0,15}|day rate|rate|perm\w{0,15}"
    r"|salar\w{0,15}|job)\b"
    r"|\b(?:just|only) (?:the )?(?P<kept>perm\w{0,15}|salar\w{0,15}|contract\w{0,15}|day rate)\b",
    re.IGNORECASE,
)


_ASKS_WHO: Final = re.compile(r"\b(?:who|when|why|does|do|is|are)\b", re.IGNORECASE)
"""'Who pays leave on contract' leaves no contract."""


def _one_side(talk: Talk) -> Meant | None:
    """'Forget contracting': the sum of the side that is left."""
    hit = None if talk.says(_ASKS_WHO) else _DROPS.search(talk.text)
    if hit is None or talk.sum is None or talk.sum.command != "offer" or _NUMBER.search(talk.text):
        return None
    named = (hit["side"] or hit["kept"]).lower()
    of_contract = named.startswith(("contract", "day", "rate"))
    keeps_contract = of_contract != bool(hit["side"])
    kept = [
        one
        for one in map(pay.read, offers.sides(talk.sum.words))
        if (one.day_rate is not None) == keeps_contract
    ]
    return Line("takehome", pay.written(kept[0])) if kept else None


_PERM: Final = re.compile(
    r"^(?:(?:ok|and|so|back to|then|just|right) ){0,6}(?:the )?(?:perm\w{0,15}|salar(?:y"
    r"|ied))\b(?! (?:senior|junior|mid|lead))",
    re.IGNORECASE,
)


def _perm_again(talk: Talk) -> Meant | None:
    """'Perm again but 165 including super': that pay's sum."""
    if talk.sum is None or not talk.says(_PERM):
        return None
    rest = _PERM.sub("", talk.text)
    new = _in_thousands(pay.read(rest))
    return Line("takehome", pay.written(new)) if new.amount is not None else None


def _in_thousands(one: Pay) -> Pay:
    """'165 including super' is 165,000."""
    if one.bare is None:
        return one
    return replace(one, bare=None, amount=one.bare * 1000 if one.bare < _LEAST else one.bare)


_AGAINST: Final = re.compile(
    r"\b(?:against|vs\.?|versus|compared? (?:with|to)|next to|beside|or) (?:the |my "
    r"|a )?(?P<other>[^\d]{0,20}\d.{0,60})$",
    re.IGNORECASE,
)


def _against(talk: Talk) -> Meant | None:
    """'220 days. against the 190 plus super': the pay that stands above beside another."""
    hit = _AGAINST.search(talk.text)
    before = talk.sum or _salary_topic(talk)
    if hit is None or before is None or before.command == "offer":
        return None
    other = _in_thousands(pay.read(hit["other"]))
    mine = pay.merged(pay.read(before.words), pay.read(talk.text[: hit.start()]))
    if other.said_nothing or mine.said_nothing or other.between or mine.bare is not None:
        return None
    return Line("offer", f"{pay.written(mine)} vs {pay.written(other)}")


_BREAK_EVEN: Final = re.compile(
    r"\bbreak[ -]?even\b|\b(?:what|which) (?:day )?rate (?:would|do|does|matches|equals"
    r"|is)\b.{0,60}\b(?:match|equal|same|perm|salary)|\bequivalent (?:day )?rate\b",
    re.IGNORECASE,
)


def _break_even(talk: Talk) -> Meant | None:
    """'Whats the break-even day rate': of the salary that was talked about."""
    if not talk.says(_BREAK_EVEN):
        return None
    sums = [one for one in talk.topics if one.command in SUMS and one.words]
    above = [pay.read(side) for one in sums for side in offers.sides(one.words)]
    pays = [_in_thousands(pay.read(talk.text)), *above]
    salaried = next((one for one in pays if one.amount is not None), None)
    days = next((one.days for one in pays if one.day_rate is not None and one.days), None)
    if salaried is None:
        return None
    return lambda: pay_answers.rate_that_equals(talk.request, salaried, days)


_DIFFERENCE: Final = re.compile(
    r"^(?:(?:and|so|whats|what's|what is|the|ok|total) ){0,6}(?:difference|diff"
    r"|gap)\b(?! between (?!them|the two|those|these))"
    r"|^(?:and |so )?how much (?:more|less)(?: is (?:it|that))?\W{0,5}$"
    r"|\bwhich (?:one )?(?:is|comes to|leaves) (?:more|higher|bigger)\b",
    re.IGNORECASE,
)
_PAIR: Final = 2


def _difference(talk: Talk) -> Meant | None:
    """'Difference?' after two pays beside each other: in the hand and in the package."""
    if talk.sum is None or talk.sum.command != "offer" or not talk.says(_DIFFERENCE):
        return None
    sides = offers.sides(talk.sum.words)
    cases = [case for side in sides for case in pay_answers.cases_of(talk.request, side)]
    if len(cases) != _PAIR:
        return None
    return lambda: pay_answers.apart(
        talk.request, *sorted(cases, key=lambda case: -case.package.total)
    )


# ---- a sum in words


def _two_sides(talk: Talk) -> Meant | None:
    """'145 + super vs 820 a day': two pays, the bare one in thousands."""
    sides = [_in_thousands(pay.read(side)) for side in offers.sides(talk.text)]
    named = [one for one in sides if one.basis or one.day_rate is not None]
    if len(sides) != _PAIR or not named or any(one.said_nothing or one.between for one in sides):
        return None
    around = [word for one in sides for word in re.findall(r"[a-z]{3,}", one.rest.lower())]
    if len(around) > _FEW_AROUND or any(
        one.amount is not None and one.day_rate is not None for one in sides
    ):
        return None
    return Line("offer", " vs ".join(map(pay.written, sides)))


_FEW_AROUND: Final = 2

_IN_HAND: Final = re.compile(
    r"\btake[ -]?home\b|\bafter tax\b|\bin (?:the|my|his|her|your) (?:hand|pocket|bank"
    r"|account)\b|\bin hand\b|\bnet pay\b|\blands in\b|\bbring home\b",
    re.IGNORECASE,
)
_LOW: Final = re.compile(
    r"\b(?:lower|lowest|low|bottom|smaller|least|minimum|min)\b(?: (?:one|end|figure|number|of))?",
    re.IGNORECASE,
)
_HIGH: Final = re.compile(
    r"\b(?:upper|top|high|higher|highest|bigger|maximum|max)\b(?: (?:one|end|figure|number|of))?",
    re.IGNORECASE,
)
_SUPER_ON_TOP: Final = re.compile(r"\bsuper on top\b(?: of it)?|\bon top\W{0,5}$", re.IGNORECASE)
_PERIOD: Final = re.compile(r"\b(week|fortnight|month)(?:ly)?\b", re.IGNORECASE)
_OTHER_END: Final = re.compile(
    r"(?:(?:no|nah|sorry|and|ok|actually|i mean)\W{1,5}){0,6}(?:the )?other (?:one|end"
    r"|figure)\W{0,5}",
    re.IGNORECASE,
)


def _end_of_a_band(talk: Talk) -> Meant | None:
    """'Take home of the lower one, plus super', 'no, the other one':
    an end of the band that was shown.
    """
    salary = _salary_topic(talk)
    ends = pay_ends.ends_of(talk.request, salary.words) if salary else None
    if ends is None:
        return None
    low, high = ends
    if talk.sum is not None and _OTHER_END.fullmatch(talk.text):
        was = pay.read(talk.sum.words)
        if was.amount not in ends:
            return None
        other = high if was.amount == low else low
        return Line("takehome", pay.written(replace(was, amount=other)))
    of_span = pay.read(salary.words).basis if salary else None
    bare = _SUPER_ON_TOP.sub(" ", talk.text)
    names_end = bool(_LOW.search(bare)) != bool(_HIGH.search(bare))
    of_sum = talk.says(_IN_HAND) or (
        talk.sum is not None and pay.read(talk.sum.words).amount in ends
    )
    if not names_end or not (of_sum or talk.says(_PERIOD)):
        return None
    basis = pay.read(talk.text).basis or _on_top(talk.text) or of_span
    period = _PERIOD.search(talk.text)
    amount = low if _LOW.search(bare) else high
    words = pay.written(Pay(amount=amount, basis=basis))
    return Line("takehome", f"{words} {period[1].lower()}" if period else words)


def _on_top(text: str) -> take_home.Basis | None:
    return "plus_super" if re.search(r"\bon top\b", text, re.IGNORECASE) else None


def _salary_topic(talk: Talk) -> LastAnswer | None:
    return next((one for one in talk.topics if one.command == "salary" and one.words), None)


_JUDGED: Final = re.compile(
    r"\b(?:over the odds|under ?paid|over ?paid|ok|okay|fair|decent|good|enough|low|high"
    r"|right|reasonable|normal|much|on par|market|stack up|compare)\b",
    re.IGNORECASE,
)


def _stated_pay(talk: Talk) -> Meant | None:
    """'Was on 172 plus super, was that over the odds',
    'take home on 110k plus super by the month'.
    """
    if len(_FIGURE.findall(talk.text)) > 1:
        return None
    one = _in_thousands(pay.read(talk.text))
    yearly = _in_thousands(pay.read(_BY_PERIOD.sub(" ", talk.text)))
    if talk.says(_IN_HAND) and (yearly.amount or 0) >= _LEAST_YEARLY:
        one = yearly  # 'take home on 110k by the month': the month is how to show it
    if one.said_nothing or one.between or not (one.basis or one.day_rate is not None):
        return None
    words = pay.written(one)
    if talk.says(_IN_HAND):
        period = _PERIOD.search(talk.text)
        return Line("takehome", f"{words} {period[1].lower()}" if period else words)
    return Line("salary", words) if talk.asks and talk.says(_JUDGED) else None


_FIGURE: Final = re.compile(r"(?<![\d.,])\d{2,7}(?:,\d{3})?(?!\d)")
_BY_PERIOD: Final = re.compile(
    r"\b(?:by the|per|an?|each|every)\s{1,3}(?:week|fortnight|month)\b|\b(?:weekly"
    r"|fortnightly|monthly)\b",
    re.IGNORECASE,
)
_LEAST_YEARLY: Final = 20_000


_ADVERTISER: Final = (
    r"(?:seek|indeed|glassdoor|linkedin|jora|payscale|levels(?:\.fyi)?|hays|talent|hudson"
    r"|robert half|(?:an?|the|this|that|one|my|some) (?:job )?(?:ads?|adverts?|advertisement"
    r"|listing|posting|recruiter|website|site|salary guide|survey)"
    r"|(?:job )?(?:ads?|adverts|listings|postings|recruiters?|websites?))"
)
_ADVERTISED: Final = re.compile(
    rf"\b{_ADVERTISER}\b(?: (?:on|from|in|for|at) (?:seek|indeed|linkedin|glassdoor"
    r"|\w{3,12}))?(?: (?:just|all|even|always|also|here))?"
    r" (?:says?|said|reckons?|has|had|have|lists?|listed|shows?|showed|quotes?|quoted|puts?"
    r"|claims?|offers?|offered|advertis\w+|goes|is|are|pays?|mentions?|told me"
    r"|tells me)\b[^\d]{0,25}"
    r"(?:a?\$|aud ?)?(?P<pay>\d{2,3}(?:[, ]?\d{3})?)(?![\d.%])\s?(?P<k>k\b"
    r"|grand\b)?(?:\s?(?:to|-|–"
    r"|and)\s?\$?(?P<upto>\d{2,3}(?:[, ]?\d{3})?)(?![\d.%])\s?(?:k\b)?)?(?!\s?(?:points?"
    r"|days?|hours?|years?|yrs?|months?|weeks?|a day|/day|per day|an hour|jobs?|roles?))",
    re.IGNORECASE,
)
_NOT_A_PAY: Final = re.compile(
    r"\b(?:csit|ssit|tsmit|thresholds?|limit|visa|fees?|charges?|costs?|points?|acs|cut ?off"
    r"|hecs|debt|levy|places|invited|workers|people|median|engineers? (?:in|are)|code)\b",
    re.IGNORECASE,
)
"""What else a website puts a figure on."""
_LEAST_ADVERTISED: Final = 30_000


def _advertised(talk: Talk) -> Meant | None:
    """'Seek says 180 though': the figure of an advertisement, placed among the bands;
    nobody's pay here.
    """
    hit = _ADVERTISED.search(talk.text)
    if hit is None or pay.read(talk.text).day_rate is not None or talk.says(_NOT_A_PAY):
        return None
    ends = [_yearly(one) for one in (hit["pay"], hit["upto"]) if one]
    if min(ends) < _LEAST_ADVERTISED:
        return None
    if len(ends) > 1:
        span = Span(low=min(ends), high=max(ends), basis=pay.read(talk.text).basis)
        return lambda: pay_spans.placed(talk.request, span)
    return lambda: pay_answers.placed_ad(talk.request, ends[0])


def _yearly(said: str) -> float:
    figure = float(re.sub(r"[ ,]", "", said))
    return figure * 1000 if figure < _LEAST else figure


_PICK: Final = re.compile(
    r"\b(?:would|should|shall|do|could|might) (?:you|u|i|we) (?:just |rather |ever "
    r"|really )?(?:take|pick|choose|go (?:for|with)|accept|sign|do it|prefer|say yes|jump"
    r"|switch|stay)\b"
    r"|\bwhich (?:one )?(?:would|should|do|is) (?:you|u|i|better|best|the better|worth"
    r"|smarter)\b|\bwhat would (?:you|u) (?:do|pick|take|choose)\b"
    r"|\b(?:is|are) (?:it|that|this|the contract|the rate) (?:a )?(?:worth it|good deal"
    r"|better (?:deal|offer))\b|\bworth (?:it|taking|jumping|the jump|switching)\b"
    r"|\byour pick\b",
    re.IGNORECASE,
)


def _picked(talk: Talk) -> Meant | None:
    """'Would you take it?' after two pays: not decided here; what the sums leave out is said."""
    if talk.sum is None or talk.sum.command != "offer" or not talk.says(_PICK):
        return None
    if re.search(r"\d", talk.text):
        return None
    words = talk.sum.words
    return lambda: pay_answers.not_decided(talk.request, words)


_YEARS: Final = re.compile(r"\b(?P<years>\d{1,2})\s?\+?\s?(?:years?|yrs?|yoe)\b", re.IGNORECASE)
_OF_PAY: Final = re.compile(
    r"\b(?:asking|ask) for\b|\b(?:earn\w{0,15}|paid|pay|salary|money|worth|expect|make|makes"
    r"|get|gets|how much)\b",
    re.IGNORECASE,
)
_NOT_OF_PAY: Final = re.compile(
    r"\b(?:points?|visa|pr|acs|assess\w{0,15}|count\w{0,15}|189|190|491|482|186|study|plan"
    r"|degree|overseas|english|nominat\w{0,15}|sponsor\w{0,15}|age)\b",
    re.IGNORECASE,
)


def _by_years(talk: Talk) -> Meant | None:
    """'7 yrs exp what should I be asking for', 'a friend has 12 years, him how much':
    the band of those years.
    """
    hit = _YEARS.search(talk.text)
    if hit is None or talk.says(_NOT_OF_PAY):
        return None
    asks = talk.asks or re.search(r"\b(?:what|how much)\b", talk.text, re.IGNORECASE)
    is_narrowed = _on_pay(talk) and talk.says(_NARROWS)
    if not is_narrowed and not (asks and talk.says(_OF_PAY)):
        return None
    return Line("salary", f"{hit['years']} years {_city(talk)}".strip())


_NARROWS: Final = re.compile(
    r"(?:^(?:(?:and|ok|so|then) )?|\b(?:for|with|at|after|someone|somebody|says?|mean|about"
    r"|on)\b[^\d]{0,20})\d{1,2}\s?\+?\s?(?:years?|yrs?|yoe)\b(?!.{0,40}\b(?:ago|old)\b)",
    re.IGNORECASE,
)
"""'No, for four years' experience in Perth': whose pay is meant,
where pay is what was talked about.
"""


def _on_pay(talk: Talk) -> bool:
    return talk.last is not None and talk.last.command in ("salary", *SUMS)


def _city(talk: Talk) -> str:
    """The first place in Australia that the text names."""
    line = talk.text.lower()
    names = talk.request.content.place_names.get("australia", ())
    found = [(line.index(name), name) for name in names if find(name, line)]
    return min(found, default=(0, ""))[1]


# ---- the figures


READERS: Final[tuple[Callable[[Talk], Meant | None], ...]] = (
    _one_side,
    _perm_again,
    _break_even,
    _against,
    _two_sides,
    _end_of_a_band,
    _picked,
    _advertised,
    _working,
    _difference,
    _super_on_it,
    _taxed,
    _stated_pay,
    _by_years,
)
"""In this order: what names a side or two pays first, a bare statement of a pay last."""
