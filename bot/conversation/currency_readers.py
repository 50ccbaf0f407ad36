"""Money that is not Australian: no exchange rate is kept here, so the figure of the talk is told in
AUD again.
"""

import re
from collections.abc import Iterator
from typing import Final

from bot.conversation import courtesies, topics
from bot.conversation.heard import Heard
from bot.core.command_line import Line, parse
from bot.core.interpretation import Interpretation
from bot.core.turn import Turn
from bot.extraction.amounts import other_currency
from bot.features.pay import pay_answers
from bot.features.pay.talk import vocabulary
from content.subject import tokens

MOST_WORDS: Final = 30
_SLIP: Final = re.compile(r"[€£₹¥][\s.…]{0,9}(?:sorry|no|i mean)", re.IGNORECASE)
"""'The offer is £... sorry, $185k': another currency taken back."""
_TOLD: Final = ("salary", "takehome", "offer", "fact", "visa")


def readings(heard: Heard) -> Iterator[Interpretation]:
    """'And in rupees?', 'i make 24 lakh, a senior there gets how much'."""
    named = other_currency(heard.text)
    if not named or len(heard.text.split()) > MOST_WORDS or _SLIP.search(heard.text):
        return
    if parse(heard.content, heard.text) is not None:
        return
    yield Interpretation(
        name="another currency",
        score=0.991,
        decide=lambda: _in_dollars(heard, named),
        takes_facts=True,
    )


def _in_dollars(heard: Heard, named: str) -> Turn:
    request = heard.request("takehome", heard.text)
    line = _band(heard) or _line_before(heard)
    phrase = "currency_in_aud" if line else "currency_unknown"
    lead = pay_answers.line(request, phrase, currency=named)
    if line is None:
        return request.answer(lead, remember=False)
    return pay_answers.led(courtesies.shortened(heard.run(line, None)), lead)


def _band(heard: Heard) -> Line | None:
    """The band of the one level that the text names."""
    known = vocabulary(heard.request())
    named = {known[word] for word in tokens(heard.text) if word in known}
    return Line("salary", named.pop()) if len(named) == 1 else None


def _line_before(heard: Heard) -> Line | None:
    last = next(iter(topics.recent(heard.state.conversation, heard.event.at)), None)
    if last is None or last.command not in _TOLD:
        return None
    return Line(last.command, last.words)
