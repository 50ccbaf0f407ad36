"""What the model is trained and measured on, as one table:
every example read as a message would be.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.understanding import retrieval_fit
from bot.understanding.encoder import Array
from bot.understanding.features import FEATURES
from bot.understanding.model import features, mark
from bot.understanding.reading import Reader
from content.content import Content

Words = tuple[str, ...]
Numbers = NDArray[np.int64]
Batch = tuple[list[Words], list[int]]
"""Lines, and the number of the group each belongs to."""


@dataclass(frozen=True, slots=True)
class Table:
    """A row for each line: its words, its features for the head, the number of its label,
    its mark.
    """

    labels: tuple[str, ...]
    signals: tuple[str, ...]
    words: tuple[Words, ...]
    rows: Array
    wanted: Numbers
    marks: tuple[int, ...]


def labels_of(content: Content) -> tuple[str, ...]:
    return tuple(sorted({entry.label for entry in content.examples.values()}))


def table(reader: Reader, lines: list[tuple[str, str]]) -> Table:
    """(label, line) pairs; lines of which no word is left are passed over."""
    labels = labels_of(reader.content)
    signals = (*sorted(reader.content.concepts), *FEATURES)
    read = [
        (label, line, noticed)
        for label, line in lines
        if (noticed := reader.notice(line)).written.words
    ]
    words = tuple(noticed.written.words for _, _, noticed in read)
    rows = [features(noticed.written.words, noticed.signals, signals) for _, _, noticed in read]
    wanted = np.array([labels.index(label) for label, _, _ in read])
    return Table(
        labels,
        signals,
        words,
        np.array(rows),
        wanted,
        tuple(mark(label, line) for label, line, _ in read),
    )


def examples(reader: Reader) -> Table:
    return table(
        reader,
        [(entry.label, line) for entry in reader.content.examples.values() for line in entry.lines],
    )


def units(content: Content, reader: Reader) -> tuple[list[Words], list[int]]:
    """The phrasings of every answer unit, and its number; without those held out,
    on which retrieval is measured.
    """
    pairs = [
        (said.words, number)
        for number, unit in enumerate(content.answer_units.values())
        for said in (reader.written(ask) for ask in unit.answer.asks)
        if said.words and not retrieval_fit.is_held_out(said.text)
    ]
    return [words for words, _ in pairs], [number for _, number in pairs]
