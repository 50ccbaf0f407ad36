"""A sentence becomes 384 numbers: MiniLM's forward pass in numpy, from int8 weights kept as plain arrays.

No framework and no pickle: the six layers are a page of arithmetic. Weights become float32 once, when the model is
first needed; a short text then takes a few milliseconds. What the numbers mean is bot.understanding.model's business.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

HEADS = 12
LAYERS = 6
MOST_PIECES = 48
"""Longer texts keep their first and last pieces: people put the question at an end."""

_WORD = re.compile(r"\w+|[^\w\s]")


class WordPieces:
    """BERT's greedy longest-match pieces over an uncased vocabulary; a piece's number is its line."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._number = {piece: number for number, piece in enumerate(pieces)}
        self._unknown = self._number["[UNK]"]
        self._first = self._number["[CLS]"]
        self._last = self._number["[SEP]"]

    def __call__(self, text: str) -> list[int]:
        bare = "".join(char for char in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(char) != "Mn")
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
                piece = word[start:end] if start == 0 else "##" + word[start:end]
                if piece in self._number:
                    numbers.append(self._number[piece])
                    start = end
                    break
            else:
                return [self._unknown]
        return numbers or [self._unknown]


class Encoder:
    """`encode` gives a unit vector of 384 numbers."""

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], pieces: Sequence[str]) -> None:
        self._pieces = WordPieces(pieces)
        self._words: NDArray[np.int8] = np.asarray(arrays["words"], dtype=np.int8)
        self._word_scales = _floats(arrays["words.scale"])
        self._positions = _floats(arrays["positions"])
        self._norm = (_floats(arrays["norm.weight"]), _floats(arrays["norm.bias"]))
        self._layers = [_Layer(arrays, f"{number}.") for number in range(LAYERS)]

    def encode(self, text: str) -> Array:
        numbers = self._pieces(text)
        state = self._words[numbers] * self._word_scales[numbers][:, None] + self._positions[: len(numbers)]
        state = _normed(state, *self._norm)
        for layer in self._layers:
            state = layer(state)
        mean: Array = state.mean(axis=0)
        return mean / np.float32(np.linalg.norm(mean))


class _Layer:
    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> None:
        def matrix(name: str) -> tuple[Array, Array]:
            weight = np.asarray(arrays[f"{prefix}{name}"], dtype=np.float32)
            weight *= _floats(arrays[f"{prefix}{name}.scale"])
            return weight, _floats(arrays[f"{prefix}{name}.bias"])

        def norm(name: str) -> tuple[Array, Array]:
            return _floats(arrays[f"{prefix}{name}.weight"]), _floats(arrays[f"{prefix}{name}.bias"])

        self._asked = matrix("attention")
        self._joined = matrix("joined")
        self._joined_norm = norm("joined_norm")
        self._wide = matrix("wide")
        self._narrow = matrix("narrow")
        self._narrow_norm = norm("narrow_norm")

    def __call__(self, state: Array) -> Array:
        length, width = state.shape
        asked = _linear(state, *self._asked).reshape(length, 3, HEADS, width // HEADS).transpose(1, 2, 0, 3)
        query, key, value = asked[0], asked[1], asked[2]
        scores = query @ key.transpose(0, 2, 1) / np.float32((width // HEADS) ** 0.5)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        heard = (scores @ value).transpose(1, 0, 2).reshape(length, width)
        state = _normed(state + _linear(heard, *self._joined), *self._joined_norm)
        wide = _gelu(_linear(state, *self._wide))
        return _normed(state + _linear(wide, *self._narrow), *self._narrow_norm)


def _floats(array: NDArray[np.generic]) -> Array:
    return np.asarray(array, dtype=np.float32)


def _linear(state: Array, weight: Array, bias: Array) -> Array:
    product: Array = state @ weight
    return product + bias


def _normed(state: Array, weight: Array, bias: Array) -> Array:
    centred = state - state.mean(axis=-1, keepdims=True)
    spread: Array = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-12))
    normed: Array = centred / spread * weight + bias
    return normed


def _gelu(x: Array) -> Array:
    """The usual tanh form; it differs from the exact one by less than int8 does."""
    bent: Array = np.tanh(np.float32(0.7978845608) * (x + np.float32(0.044715) * x * x * x))
    halved: Array = np.float32(0.5) * x * (np.float32(1) + bent)
    return halved
