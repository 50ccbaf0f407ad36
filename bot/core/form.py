"""A form: questions on one page, with what is known already filled in, and no platform in sight.

A surface that has forms shows one and hands back what was entered as `Submitted`; what that means
is decided where typed answers are. A form is never kept: whoever shows it forgets it.
"""

from dataclasses import dataclass

from bot.core.reply import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question.

    `options` are (value, label); without any the answer is typed. `answer` is what is known: an
    option's value, several joined by commas where `many` may be chosen, else text. `wrong`: why
    what was entered cannot be used.
    """

    key: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    many: bool = False
    hint: str = ""
    optional: bool = False
    answer: str = ""
    wrong: str = ""
    follows: bool = False
    """Other fields, or the sum so far, depend on this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`name` comes back with what was entered.

    `lead` is said first; `so_far` is the sum of the answers as they are.
    """

    name: str
    title: str
    lead: tuple[Line, ...] = ()
    heading: str = ""
    fields: tuple[Field, ...]
    so_far: str = ""
    submit: str
