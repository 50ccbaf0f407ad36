"""What was made of the phrasings when the model was built: their words as the encoder sees them,
and their vectors. A phrasing that is not among them is worked out anew.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.int8]
_Marks = NDArray[np.uint32]

FILE = "phrasings.npz"


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPhrasings:
    """Texts by a mark of the phrasing as it is written; rows of `vectors` by a mark of the text."""

    texts: dict[int, str] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    vectors: Bytes | None = None

    def text(self, phrasing: str) -> str | None:
        """The phrasing's words, normalised."""
        return self.texts.get(mark(phrasing))

    def vector(self, text: str) -> Bytes | None:
        """The vector of a normalised text."""
        row = self.rows.get(mark(text))
        if row is None or self.vectors is None:
            return None
        vector: Bytes = self.vectors[row]
        return vector


def load_stored(place: Path, spelling: str) -> StoredPhrasings:
    """The phrasings built with the encoder in this folder: without vectors if they belong to
    another one, without texts if they were normalised in another `spelling`.
    """
    try:
        made_with = _encoder(place)
        arrays = np.load(place / FILE, allow_pickle=False)
    except FileNotFoundError:
        return StoredPhrasings()
    with arrays:
        if str(arrays["encoder"]) != made_with:
            return StoredPhrasings()
        texts = {}
        if str(arrays.get("spelling", "")) == spelling:
            lines = arrays["texts"].tobytes().decode().split("\n")
            texts = dict(zip(arrays["phrasings"].tolist(), lines, strict=True))
        rows = {mark: row for row, mark in enumerate(arrays["marks"].tolist())}
        return StoredPhrasings(texts=texts, rows=rows, vectors=arrays["vectors"])


def store(
    place: Path, *, phrasings: Sequence[str], texts: Sequence[str], vectors: Bytes, spelling: str
) -> None:
    """Writes the phrasings, each with its normalised text and its vector, beside the encoder that
    made the vectors. Raises ValueError where two of them have one mark.
    """
    for lines in (phrasings, texts):
        if len(set(_marks(lines).tolist())) < len(set(lines)):
            raise ValueError("two phrasings have one mark: change a word of either")
    marks = _marks(texts)
    first = np.unique(marks, return_index=True)[1]
    whole = dict(zip(_marks(phrasings).tolist(), texts, strict=True))
    np.savez(
        place / FILE,
        phrasings=np.array(list(whole), dtype=np.uint32),
        texts=np.frombuffer("\n".join(whole.values()).encode(), dtype=np.uint8),
        marks=marks[first],
        vectors=vectors[first],
        spelling=np.array(spelling),
        encoder=np.array(_encoder(place)),
    )


def _encoder(place: Path) -> str:
    """Raises FileNotFoundError where there is no encoder."""
    checksums: dict[str, str] = json.loads((place / "sha256.json").read_text(encoding="utf-8"))
    return checksums["encoder.npz"]


def _marks(texts: Sequence[str]) -> _Marks:
    return np.array([mark(text) for text in texts], dtype=np.uint32)


def mark(text: str) -> int:
    """A short mark of a text."""
    return crc32(text.encode())
