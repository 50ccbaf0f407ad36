"""How people ask the bot to decide for them, as data: the words behind declining to give migration
or tax advice.

A pattern is a row of words. `a|b` is either word, `{name}` any member of a group, `*` up to eight
words between, `word?` may be missing, a lone `.` is the end of the text, `#2` and `#6` are numbers
of so many digits (`#2` also takes three), and `!how` in front means "not after how". Texts are
compared in lower case without punctuation. What is said instead lives in phrases.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

from pydantic import model_validator

from content.entry import Entry, Key, Words

_NUMBERS = {"#2": r"\d{2,3}", "#6": r"\d{6}"}
_GAP = r"(?:\w+ ){0,8}?"


class AdviceKind(Entry):
    """One kind of wish.

    `patterns` are enough by themselves; those of `on_topic` need visas (or the kind's own words) to
    be what is talked about. `shows`: which facts stand beside the refusal. `command`: what a
    follow-up is then about.
    """

    command: Words
    shows: Literal["nothing", "comparison", "criteria", "rounds", "codes"]
    patterns: tuple[Words, ...] = ()
    on_topic: tuple[Words, ...] = ()


class Advice(Entry):
    """`kinds` are tried in order.

    A text is on topic when it holds a topic word, or follows an answer to a topic command.
    """

    spellings: Mapping[Words, Words] = {}
    groups: Mapping[Key, tuple[Words, ...]] = {}
    topic_words: tuple[Words, ...]
    topic_commands: tuple[Words, ...]
    kinds: Mapping[Key, AdviceKind]

    @model_validator(mode="after")
    def _patterns_can_be_read(self) -> "Advice":
        _ = self.expressions
        return self

    @cached_property
    def expressions(self) -> Mapping[str, tuple[str, str]]:
        """For each kind, what is enough by itself and what is enough on topic; '' for nothing."""
        return {
            key: (self._any(kind.patterns), self._any(kind.on_topic))
            for key, kind in self.kinds.items()
        }

    @cached_property
    def compiled(self) -> Mapping[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]:
        """The same to look with, made for the first text."""
        return {
            key: (_compile(alone), _compile(on_topic))
            for key, (alone, on_topic) in self.expressions.items()
        }

    @cached_property
    def topic(self) -> re.Pattern[str]:
        return re.compile(rf"(?<=\s)(?:{'|'.join(re.escape(word) for word in self.topic_words)}) ")

    def with_visas(self, numbers: Iterable[str]) -> "Advice":
        """The same where these numbers of visas are visas too: words of the group `visa`,
        and of the topic.
        """
        groups = {**self.groups, "visa": (*self.groups.get("visa", ()), *numbers)}
        return Advice(
            spellings=self.spellings,
            groups=groups,
            topic_words=(*self.topic_words, *numbers),
            topic_commands=self.topic_commands,
            kinds=self.kinds,
        )

    def _any(self, patterns: tuple[str, ...]) -> str:
        each = "|".join(map(self._one, patterns))
        if not patterns:
            return ""
        return rf"(?<=\s)(?:{each})"

    def _one(self, pattern: str) -> str:
        return "".join(self._token(token) for token in pattern.split())

    def _token(self, token: str) -> str:
        if token == "*":  # noqa: S105 -- a gap, no password
            return _GAP
        if token == ".":  # noqa: S105 -- the end, no password
            return r"\Z"
        if token.startswith("!"):
            return rf"(?<!\b{re.escape(token[1:])} )"
        bare = token.removesuffix("?")
        words = [word for part in bare.split("|") for word in self._words(part)]
        return rf"(?:(?:{'|'.join(words)}) ){'?' if bare != token else ''}"

    def _words(self, part: str) -> tuple[str, ...]:
        if part in _NUMBERS:
            return (_NUMBERS[part],)
        if part.startswith("{"):
            name = part.strip("{}")
            if name not in self.groups:
                raise ValueError(f"no group {name!r}; the groups are {', '.join(self.groups)}")
            return tuple(_NUMBERS.get(word, re.escape(word)) for word in self.groups[name])
        return (re.escape(part),)


def _compile(expression: str) -> re.Pattern[str] | None:
    if not expression:
        return None
    return re.compile(expression)
