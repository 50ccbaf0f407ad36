"""Languages that the bot does not speak, as data: how each is known,
and the one line that says what works here.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from content.care import fold
from content.entry import Entry, Key, Words

Letters = Literal["latin", "devanagari", "han", "arabic", "gurmukhi"]


class OtherLanguage(Entry):
    """`subjects`: words for a command's matter, so that its page is offered first."""

    says: Words
    letters: Letters
    words: tuple[Words, ...]
    subjects: Mapping[Key, tuple[Words, ...]] = {}

    @cached_property
    def words_by_fold(self) -> tuple[str, ...]:
        return tuple(map(fold, self.words))

    @cached_property
    def subjects_by_fold(self) -> Mapping[str, tuple[str, ...]]:
        return {command: tuple(map(fold, words)) for command, words in self.subjects.items()}
