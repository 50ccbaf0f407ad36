"""`takehome` and `offer` as commands, and how either is asked again with something changed."""

import re
from dataclasses import replace

from bot.core.request import Grammar, Handler, Request
from bot.core.turn import Turn
from bot.extraction import pay as pay_said
from bot.features.page import without_more
from bot.features.pay import offers, takehome
from content.content import Content

_FILLER = re.compile(r"(?:an?|at|for|i[nst]|m[ey]|o[fnr]|pay?|per|salary|the|to|with|year|yearly)")
"""Words that may stand around a pay and mean nothing for it."""


_OPENERS = frozenset(
    [
        "and",
        "or",
        "but",
        "so",
        "ok",
        "okay",
        "then",
        "what",
        "what's",
        "whats",
        "about",
        "how",
        "if",
        "it's",
        "its",
        "is",
        "it",
        "was",
        "that",
        "now",
        "with",
        "without",
        "show",
        "me",
        "please",
        "pls",
        "just",
        "say",
        "said",
        "actually",
        "no",
    ]
)
"""What a change of the last sum may open with."""


def knows(_content: Content, _command: str, words: str) -> bool:
    """Whether these words are pays and nothing else."""
    pays = [pay_said.read(side) for side in offers.sides(without_more(words))]
    around = [word for one in pays for word in re.findall(r"[a-z]+", one.rest.lower())]
    return all(not one.said_nothing for one in pays) and all(
        _FILLER.fullmatch(word) for word in around
    )


def says_only_pay(words: str) -> bool:
    """Whether these words, said after a sum, change something about it and say nothing else: 'plus super', 'and 190k?', 'with hecs'."""
    pay = pay_said.read(words)
    says = (
        not pay.said_nothing
        or pay.basis
        or pay.year
        or pay.help_debt
        or pay.sums
        or pay.foreign
        or pay.no_levy
    )
    around = re.findall(r"[a-z']+", pay.rest.lower())
    return (
        bool(says or pay.days is not None)
        and pay.bare is None
        and all(_FILLER.fullmatch(word) or word in _OPENERS for word in around)
    )


def pay_in(words: str) -> str:
    """A pay that stands in a sentence and that nobody else read ('tax on 18200'), so that no earlier pay is taken for it; empty if none."""
    pay = pay_said.read(words)
    if pay.bare is not None:
        return f"{pay.bare:g}"
    return "" if pay.said_nothing or pay.between else pay_said.written(pay)


def again(request: Request, command: str, words: str) -> Turn:
    """The last sum with something changed: 'what if including super', 'what if 180k'."""
    pays = offers.sides(words) if command == "offer" else [words]
    new = pay_said.read(request.words)
    changed = [pay_said.written(pay_said.merged(pay_said.read(one), new)) for one in pays]
    return HANDLERS[command](
        replace(
            request, command=command, words=" vs ".join(changed) + (" sums" if new.sums else "")
        )
    )


HANDLERS: dict[str, Handler] = {"takehome": takehome.takehome, "offer": offers.offer}
GRAMMARS: dict[str, Grammar] = {"takehome": knows, "offer": knows}
