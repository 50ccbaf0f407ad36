"""Which sentences may act without a question: the guard before everything that changes what is
kept.

A sentence acts at once only where one of the intent's verbs stands in it and, for what would annoy
or destroy, every word is one that the intent's own examples use. Others are asked about; an act
that is negated, and one for other people, is not done.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final

from bot.understanding.phrase_matcher import Phrasebook
from content.content import Content

_OTHERS: Final = "others"
NEGATED: Final = "negated_act"


class Acting:
    """Made once for a content; `read` gives a line's words as a message's are."""

    def __init__(self, content: Content, read: Callable[[str], Sequence[str]]) -> None:
        self._content = content
        self._read = read
        self._verbs = Phrasebook(
            {name: intent.verbs for name, intent in content.intents.items() if intent.verbs}
        )
        self._people = Phrasebook({_OTHERS: content.writing.others})

    def acts(self, intent: str) -> bool:
        """Does the intent's command change what is kept?"""
        meant = self._content.intents[intent]
        command = self._content.commands.get(meant.command)
        return command is not None and command.reversible is not None and bool(meant.verbs)

    def asks(self, intent: str, words: Sequence[str]) -> bool:
        """Must these words be asked about before the intent is acted on?"""
        if not self.acts(intent):
            return False
        if not any(hit.concept == intent for hit in self._verbs.hits(words)):
            return True
        careful = self._content.intents[intent].sure
        return careful and not all(
            word in self._words_of_examples[intent] or _is_value(word) for word in words
        )

    def is_negated(self, intent: str, signals: frozenset[str]) -> bool:
        """Is it said that this is not to be done? 'don't delete my data'."""
        return self.acts(intent) and self._content.intents[intent].sure and NEGATED in signals

    def for_others(self, intent: str, words: Sequence[str]) -> bool:
        """Is something to be done to other people's things?"""
        return self.acts(intent) and bool(self._people.hits(words))

    @cached_property
    def _words_of_examples(self) -> dict[str, frozenset[str]]:
        """The words of each careful intent's examples."""
        known: dict[str, set[str]] = {}
        for entry in self._content.examples.values():
            if entry.intent in self._content.intents and self._content.intents[entry.intent].sure:
                words = known.setdefault(entry.intent, set())
                words.update(word for line in entry.lines for word in self._read(line))
        return {
            name: frozenset(known.get(name, ()))
            for name, intent in self._content.intents.items()
            if intent.sure
        }


def _is_value(word: str) -> bool:
    return word[:1].isdigit()
