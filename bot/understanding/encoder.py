"""A sentence becomes 384 numbers: MiniLM's forward pass in numpy, from int8 weights kept as plain
arrays.

No framework and no pickle: the six layers are a page of arithmetic, and a short text takes a few
milliseconds. Weights stay int8 and on disk until they are used. What the numbers mean is
bot.understanding.model's business.
"""

import re
import struct
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

HEADS = 12
LAYERS = 6
MOST_PIECES = 48
"""Longer texts keep their first and last pieces: people put the question at an end."""

ROWS = 384
"""Of a matrix, this many rows are floats at a time: all of them but for the widest,
and two megabytes at most.
"""

KEPT = 64
"""Vectors kept: a few chats' latest messages."""

BATCH = 32
"""So many texts go through the layers together."""

_WORD = re.compile(r"\w+|[^\w\s]")


class WordPieces:
    """BERT's greedy longest-match pieces over an uncased vocabulary;
    a piece's number is its line.
    """

    def __init__(self, pieces: Sequence[str]) -> None:
        self._number = {piece: number for number, piece in enumerate(pieces)}
        self._unknown = self._number["[UNK]"]
        self._first = self._number["[CLS]"]
        self._last = self._number["[SEP]"]

    def __call__(self, text: str) -> list[int]:
        bare = "".join(
            char
            for char in unicodedata.normalize("NFD", text.lower())
            if unicodedata.category(char) != "Mn"
        )
        inner = [number for word in _WORD.findall(bare) for number in self._split(word)]
        room = MOST_PIECES - 2
        if len(inner) > room:
            inner = [*inner[: room // 2], *inner[-(room - room // 2) :]]
        return [self._first, *inner, self._last]

    def _split(self, word: str) -> list[int]:
        numbers: list[int] = []
        start = 0
        while start < len(word) and len(word) <= 40:
            for end in range(len(word), start, -1):
                if start == 0:
                    piece = word[start:end]
                else:
                    piece = "##" + word[start:end]
                if piece in self._number:
                    numbers.append(self._number[piece])
                    start = end
                    break
            else:
                return [self._unknown]
        return numbers or [self._unknown]


class Encoder:
    """`encode` gives a unit vector of 384 numbers; the latest texts' are kept, since a follow-up
    looks at the text before it.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], pieces: Sequence[str]) -> None:
        self._pieces = WordPieces(pieces)
        self._words: NDArray[np.int8] = np.asarray(arrays["words"], dtype=np.int8)
        self._word_scales = _floats(arrays["words.scale"])
        self._positions = _floats(arrays["positions"])
        self._norm = (_floats(arrays["norm.weight"]), _floats(arrays["norm.bias"]))
        self._layers = [_Layer(arrays, f"{number}.") for number in range(LAYERS)]
        self.encode = lru_cache(maxsize=KEPT)(self._encode)

    def _encode(self, text: str) -> Array:
        vector: Array = self._forward(np.array([self._pieces(text)]))[0]
        return vector

    def encode_all(self, texts: Sequence[str]) -> Array:
        """A row for each text.

        Texts of one length go through the layers together: several times as fast as one by one.
        """
        numbers = [self._pieces(text) for text in texts]
        rows = np.zeros((len(texts), len(self._norm[0])), dtype=np.float32)
        by_length: dict[int, list[int]] = {}
        for place, pieces in enumerate(numbers):
            by_length.setdefault(len(pieces), []).append(place)
        for places in by_length.values():
            for first in range(0, len(places), BATCH):
                batch = places[first : first + BATCH]
                rows[batch] = self._forward(np.array([numbers[place] for place in batch]))
        return rows

    def _forward(self, numbers: NDArray[np.int64]) -> Array:
        """Texts × pieces become texts × 384."""
        positions = self._positions[: numbers.shape[1]]
        state = self._words[numbers] * self._word_scales[numbers][..., None] + positions
        state = _layer_norm(state, *self._norm)
        for layer in self._layers:
            state = layer(state)
        mean: Array = state.mean(axis=1)
        unit: Array = mean / np.linalg.norm(mean, axis=1, keepdims=True).astype(np.float32)
        return unit


class _Layer:
    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> None:
        def matrix(name: str) -> _Matrix:
            weight = np.asarray(arrays[f"{prefix}{name}"], dtype=np.int8)
            return _Matrix(
                weight,
                _floats(arrays[f"{prefix}{name}.scale"]),
                _floats(arrays[f"{prefix}{name}.bias"]),
            )

        def norm(name: str) -> tuple[Array, Array]:
            return _floats(arrays[f"{prefix}{name}.weight"]), _floats(
                arrays[f"{prefix}{name}.bias"]
            )

        self._asked = matrix("attention")
        self._joined = matrix("joined")
        self._joined_norm = norm("joined_norm")
        self._wide = matrix("wide")
        self._narrow = matrix("narrow")
        self._narrow_norm = norm("narrow_norm")

    def __call__(self, state: Array) -> Array:
        texts, length, width = state.shape
        asked = self._asked(state).reshape(texts, length, 3, HEADS, width // HEADS)
        query, key, value = asked.transpose(2, 0, 3, 1, 4)
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32((width // HEADS) ** 0.5)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        heard = (scores @ value).transpose(0, 2, 1, 3).reshape(texts, length, width)
        state = _layer_norm(state + self._joined(heard), *self._joined_norm)
        wide = _gelu(self._wide(state))
        return _layer_norm(state + self._narrow(wide), *self._narrow_norm)


@dataclass(frozen=True, slots=True)
class _Matrix:
    """A linear layer: int8 weights, and for each column a scale
    that brings them back and a bias.
    """

    weight: NDArray[np.int8]
    scale: Array
    bias: Array

    def __call__(self, state: Array) -> Array:
        flat = _in_fours(state.reshape(-1, state.shape[-1]))
        product = flat[:, :ROWS] @ self.weight[:ROWS].astype(np.float32)
        for first in range(ROWS, len(self.weight), ROWS):
            rows = slice(first, first + ROWS)
            product += flat[:, rows] @ self.weight[rows].astype(np.float32)
        product *= self.scale
        product += self.bias
        result: Array = product[: state.size // state.shape[-1]].reshape(*state.shape[:-1], -1)
        return result


def _in_fours(rows: Array) -> Array:
    """The rows with rows of nothing after them up to a multiple of four: a product of eleven takes
    half as long again as one of twelve.
    """
    missing = -len(rows) % 4
    if not missing:
        return rows
    return np.concatenate([rows, np.zeros((missing, rows.shape[1]), dtype=np.float32)])


def memory_map(file: Path) -> dict[str, NDArray[np.generic]]:
    """The arrays of an .npz by name, left on disk until they are used: a sentence needs a dozen
    rows of 27,626 words. NumPy writes them one after the other as they are, each behind a header of
    its own, but maps none of them itself.
    """
    whole = np.memmap(file, mode="r")
    arrays: dict[str, NDArray[np.generic]] = {}
    with zipfile.ZipFile(file) as archive, file.open("rb") as raw:
        for member in archive.infolist():
            raw.seek(member.header_offset + 26)
            name, extra = struct.unpack("<HH", raw.read(4))
            raw.seek(name + extra, 1)
            np.lib.format.read_magic(raw)
            shape, _, dtype = np.lib.format.read_array_header_1_0(raw)
            values = whole[raw.tell() : member.header_offset + 30 + name + extra + member.file_size]
            arrays[member.filename.removesuffix(".npy")] = values.view(dtype).reshape(shape)
    return arrays


def _floats(array: NDArray[np.generic]) -> Array:
    return np.array(array, dtype=np.float32)


def _layer_norm(state: Array, weight: Array, bias: Array) -> Array:
    width = state.shape[-1]
    mean: Array = state.sum(axis=-1, keepdims=True)
    mean /= width
    centred = state - mean
    square: Array = (centred * centred).sum(axis=-1, keepdims=True)
    square /= width
    centred /= np.sqrt(square + np.float32(1e-12))
    centred *= weight
    centred += bias
    return centred


def _gelu(x: Array) -> Array:
    """The usual tanh form; it differs from the exact one by less than int8 does."""
    bent: Array = x * x
    bent *= np.float32(0.7978845608 * 0.044715)
    bent += np.float32(0.7978845608)
    bent *= x
    np.tanh(bent, out=bent)
    bent += np.float32(1)
    bent *= x
    bent *= np.float32(0.5)
    return bent
