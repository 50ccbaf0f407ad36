"""MiniLM's forward pass in JAX, so that it can be trained; bot.understanding.encoder runs the same
layers from int8.

Layers are stacked into one array a parameter, so that XLA compiles one layer and not six.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Parameters = dict[str, Any]

LAYERS = 6
HEADS = 12
EPSILON = 1e-12

_PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "joined": "attention.output.dense",
    "joined_norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "narrow_norm": "output.LayerNorm",
}


def stacked(tensors: dict[str, Floats]) -> Parameters:
    """The trainable parameters: every layer's, one array with a leading axis of layers for each."""
    return {
        f"{part}.{kind}": jnp.stack(
            [
                jnp.asarray(tensors[f"encoder.layer.{number}.{name}.{kind}"])
                for number in range(LAYERS)
            ]
        )
        for part, name in _PARTS.items()
        for kind in ("weight", "bias")
    }


def unstacked(parameters: Parameters, tensors: dict[str, Floats]) -> dict[str, Floats]:
    """The published tensors with the trained layers put in their place."""
    trained = dict(tensors)
    for part, name in _PARTS.items():
        for kind in ("weight", "bias"):
            for number in range(LAYERS):
                trained[f"encoder.layer.{number}.{name}.{kind}"] = np.asarray(
                    parameters[f"{part}.{kind}"][number], dtype=np.float32
                )
    return trained


def embed(tensors: dict[str, Floats], pieces: NDArray[np.int32]) -> Floats:
    """The frozen first stage: word, position and type added and normed."""
    positions = tensors["embeddings.position_embeddings.weight"][: pieces.shape[1]]
    state = (
        tensors["embeddings.word_embeddings.weight"][pieces]
        + positions
        + tensors["embeddings.token_type_embeddings.weight"][0]
    )
    centred = state - state.mean(-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + EPSILON)
    normed: Floats = (
        centred / spread * tensors["embeddings.LayerNorm.weight"]
        + tensors["embeddings.LayerNorm.bias"]
    )
    return normed.astype(np.float32)


def vectors(parameters: Parameters, state: jax.Array, mask: jax.Array) -> jax.Array:
    """Unit sentence vectors of a batch of embedded pieces; `mask` is 1 where a piece stands."""
    return pooled(through(parameters, state, mask), mask)


def through(parameters: Parameters, state: jax.Array, mask: jax.Array) -> jax.Array:
    """The state after these layers."""
    ignored = (1.0 - mask)[:, None, None, :] * -1e9

    def step(state: jax.Array, layer: Parameters) -> tuple[jax.Array, None]:
        return _layer(layer, state, ignored), None

    state, _ = jax.lax.scan(step, state, parameters)
    return state


def pooled(state: jax.Array, mask: jax.Array) -> jax.Array:
    """The mean of the pieces that stand, at length one."""
    mean = (state * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
    return mean / jnp.linalg.norm(mean, axis=-1, keepdims=True)


def _layer(layer: Parameters, state: jax.Array, ignored: jax.Array) -> jax.Array:
    rows, length, width = state.shape

    def linear(name: str, given: jax.Array) -> jax.Array:
        return given @ layer[f"{name}.weight"].T + layer[f"{name}.bias"]

    def split(given: jax.Array) -> jax.Array:
        return given.reshape(rows, length, HEADS, width // HEADS).transpose(0, 2, 1, 3)

    query, key, value = (split(linear(name, state)) for name in ("query", "key", "value"))
    scores = query @ key.transpose(0, 1, 3, 2) / (width // HEADS) ** 0.5 + ignored
    heard = (jax.nn.softmax(scores) @ value).transpose(0, 2, 1, 3).reshape(rows, length, width)
    state = _norm(layer, "joined_norm", state + linear("joined", heard))
    wide = jax.nn.gelu(linear("wide", state), approximate=True)
    return _norm(layer, "narrow_norm", state + linear("narrow", wide))


def _norm(layer: Parameters, name: str, state: jax.Array) -> jax.Array:
    centred = state - state.mean(-1, keepdims=True)
    spread = jnp.sqrt((centred * centred).mean(-1, keepdims=True) + EPSILON)
    return centred / spread * layer[f"{name}.weight"] + layer[f"{name}.bias"]
