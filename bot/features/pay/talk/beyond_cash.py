"""What is offered beside money: shares, options, packaging of pay. Nothing of it is counted."""

from typing import Final

_EQUITY: Final = frozenset(
    "rsu rsus esop espp equity shares stock options vesting vest ote".split()
)


def names_equity(text_tokens: frozenset[str]) -> bool:
    """Whether the words name shares or options."""
    return bool(_EQUITY & text_tokens)
