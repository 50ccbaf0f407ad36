"""Fine-tunes the upper layers of the encoder on several ways to group lines at once, and keeps the
old likenesses.

Lines of one group come together and apart from the others of their task: the examples by label, the
phrasings of questions by the answer they ask for. Cross-entropy against a centre for each group
does that, and supervised contrast within a batch. What no task tells apart keeps its old likeness
(distillation), so that the vectors still serve questions never seen.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from bot.understanding.training.epochs import watched
from bot.understanding.training.lines import Batch, Words
from bot.understanding.training.transformer import (
    Floats,
    Parameters,
    embed,
    pooled,
    stacked,
    through,
    vectors,
)
from bot.understanding.training.variation import varied

LENGTHS = (8, 12, 20, 48)
"""Batches are padded to one of these many pieces."""
_WORDS = (5, 8, 14)
PAD = 0
VECTOR = 384

Tokenise = Callable[[str], list[int]]
Arrays = dict[str, jax.Array]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train; the figures were chosen on folds."""

    epochs: int = 4
    frozen: int = 3
    """This many of the lower layers stay as they were:
    that costs little and saves a third of the time.
    """
    lines_in_batch: int = 64
    rate: float = 1.5e-4
    centre_rate: float = 4e-3
    warmup: float = 0.1
    decay: float = 0.01
    scale: float = 16.0
    contrast: float = 0.3
    temperature: float = 0.12
    distil: float = 0.5
    seed: int = 14


@dataclass(frozen=True, slots=True)
class Task:
    """Lines and the number of the group each belongs to."""

    name: str
    lines: Sequence[Words]
    groups: Sequence[int]
    count: int
    more: Callable[[random.Random], Batch] | None = None
    """Further lines for each epoch: generated negatives."""
    together: int = 4
    """So many lines of a group share a batch."""
    turns: int | None = None
    """At most so many lines of a group in one epoch; None for all."""


def padded(pieces: Sequence[Sequence[int]]) -> tuple[NDArray[np.int32], Floats]:
    """Piece numbers and mask, as wide as the longest asks for."""
    longest = max(map(len, pieces))
    width = next((length for length in LENGTHS if longest <= length), LENGTHS[-1])
    numbers = np.full((len(pieces), width), PAD, dtype=np.int32)
    mask = np.zeros((len(pieces), width), dtype=np.float32)
    for row, line in enumerate(pieces):
        numbers[row, : len(line)] = line[:width]
        mask[row, : len(line)] = 1
    return numbers, mask


_encode = jax.jit(vectors)


def encode(
    parameters: Parameters,
    tensors: dict[str, Floats],
    pieces: Sequence[Sequence[int]],
    size: int = 64,
) -> Floats:
    """Vectors of many lines, in float32."""
    order = sorted(range(len(pieces)), key=lambda row: len(pieces[row]))
    out = np.zeros((len(pieces), VECTOR), dtype=np.float32)
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        numbers, mask = padded([pieces[row] for row in (*rows, *rows[:1] * (size - len(rows)))])
        out[rows] = np.asarray(_encode(parameters, embed(tensors, numbers), mask))[: len(rows)]
    return out


def fine_tune(
    tensors: dict[str, Floats], tokenise: Tokenise, tasks: Sequence[Task], recipe: Recipe
) -> Parameters:
    """The trained layers (`layers`), and each task's centres and bias under its name."""
    return _Training(tensors, tokenise, tasks, recipe).run()


class _Training:
    def __init__(
        self, tensors: dict[str, Floats], tokenise: Tokenise, tasks: Sequence[Task], recipe: Recipe
    ) -> None:
        self._tensors, self._tokenise, self._tasks, self._recipe = tensors, tokenise, tasks, recipe
        self._chance = random.Random(recipe.seed)  # noqa: S311 -- samples, no secrets
        self._published = stacked(tensors)
        self._lower = jax.tree.map(lambda stack: stack[: recipe.frozen], self._published)
        self._through_lower = jax.jit(lambda state, mask: through(self._lower, state, mask))
        self._before: dict[Words, Floats] = {}
        self._remember([line for task in tasks for line in task.lines])

    def run(self) -> Parameters:
        parameters = self._start()
        epochs = [list(self._epoch()) for _ in range(self._recipe.epochs)]
        optimiser = _optimiser(self._recipe, sum(map(len, epochs)))
        memory = optimiser.init(parameters)

        @jax.jit  # type: ignore[untyped-decorator]  # jax is installed for `make model` alone
        def learn(
            parameters: Parameters, memory: Any, batch: Arrays, own: Parameters
        ) -> tuple[Any, ...]:
            def loss(layers: Parameters, own: Parameters) -> jax.Array:
                return _loss(self._recipe, layers, own, batch)

            value, (layers, centre) = jax.value_and_grad(loss, argnums=(0, 1))(
                parameters["layers"], own
            )
            change, memory = optimiser.update({"layers": layers}, memory, parameters)
            moved = jax.tree.map(
                lambda old, step: old - self._recipe.rate * step, parameters, change
            )
            return moved, memory, centre, value

        centres = {task.name: _Centres(self._centres(task), self._recipe) for task in self._tasks}
        began = time.monotonic()
        for number, epoch in enumerate(epochs, 1):
            values: dict[str, list[float]] = {task.name: [] for task in self._tasks}
            for task, lines, groups in watched(epoch, number):
                batch = self._arrays(lines)
                batch |= {
                    "groups": jnp.asarray(groups),
                    "weight": jnp.asarray(self._weights(task, groups)),
                }
                parameters, memory, slope, value = learn(
                    parameters, memory, batch, centres[task.name].values
                )
                centres[task.name].move(slope)
                values[task.name].append(float(value))
            losses = ", ".join(f"{name} {np.mean(found):.3f}" for name, found in values.items())
            sys.stderr.write(
                f"epoch {number}: {losses}; {time.monotonic() - began:.0f} s, {time.process_time():.0f} s of CPU\n"
            )
        whole = jax.tree.map(
            lambda one, other: jnp.concatenate([one, other]), self._lower, parameters["layers"]
        )
        return {"layers": whole} | {name: found.values for name, found in centres.items()}

    def _start(self) -> Parameters:
        return {"layers": jax.tree.map(lambda stack: stack[self._recipe.frozen :], self._published)}

    def _epoch(self) -> Iterator[tuple[Task, list[Words], list[int]]]:
        """Every task's batches of one epoch, in random order."""
        batches = [
            (task, *batch)
            for task in self._tasks
            for batch in _batches(task, self._recipe, self._chance)
        ]
        self._chance.shuffle(batches)
        yield from batches

    def _remember(self, lines: Sequence[Words]) -> None:
        """The vectors that lines had before training: of the lines as written,
        since slips are to be forgiven.
        """
        missing = [line for line in dict.fromkeys(lines) if line not in self._before]
        if missing:
            found = encode(
                self._published, self._tensors, [self._tokenise(" ".join(line)) for line in missing]
            )
            self._before.update(zip(missing, found, strict=True))

    def _arrays(self, lines: list[Words]) -> Arrays:
        self._remember(lines)
        numbers, mask = padded(
            [self._tokenise(" ".join(varied(line, self._chance))) for line in lines]
        )
        state = self._through_lower(embed(self._tensors, numbers), mask)
        return {
            "state": state,
            "mask": jnp.asarray(mask),
            "before": jnp.asarray(np.stack([self._before[line] for line in lines])),
        }

    def _centres(self, task: Task) -> Floats:
        """A group's mean before training, from where its centre starts."""
        groups = np.array(task.groups)
        rows = np.stack([self._before[line] for line in task.lines])
        total = np.full((task.count, VECTOR), 1e-3, dtype=np.float32)
        np.add.at(total, groups, rows)
        return np.asarray(total / np.linalg.norm(total, axis=1, keepdims=True), np.float32)

    def _weights(self, task: Task, groups: Sequence[int]) -> Floats:
        counts = np.bincount(task.groups, minlength=task.count)
        return np.asarray(np.maximum(counts[np.array(groups)], 4) ** -0.5, np.float32)


class _Centres:
    """A task's centres and biases with Adam of their own: they are small,
    and a step moves those of one task only.
    """

    def __init__(self, centres: Floats, recipe: Recipe) -> None:
        self.values: Parameters = {"centres": jnp.asarray(centres), "bias": jnp.zeros(len(centres))}
        self._adam = optax.adam(recipe.centre_rate, b2=0.98)
        self._memory = self._adam.init(self.values)

    def move(self, slope: Parameters) -> None:
        change, self._memory = self._adam.update(slope, self._memory)
        self.values = optax.apply_updates(self.values, change)


def _optimiser(recipe: Recipe, steps: int) -> Any:
    return optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.scale_by_adam(b2=0.98),
        optax.add_decayed_weights(recipe.decay),
        optax.scale_by_schedule(
            optax.warmup_cosine_decay_schedule(0.0, 1.0, int(steps * recipe.warmup), steps)
        ),
    )


def _batches(task: Task, recipe: Recipe, chance: random.Random) -> Iterator[Batch]:
    """Lines of one group together, groups in random company, each line about once; lines of about
    one length share a batch, so that little of it is padding.
    """
    lines, groups = list(task.lines), list(task.groups)
    if task.more:
        more, marks = task.more(chance)
        lines, groups = [*lines, *more], [*groups, *marks]
    size = recipe.lines_in_batch // task.together
    bundles: dict[int, list[tuple[int, list[Words]]]] = {}
    for (length, group), members in _by_length(*_turns(task, lines, groups, chance)).items():
        chance.shuffle(members)
        for start in range(0, len(members), task.together):
            bundle = members[start : start + task.together]
            bundle += chance.choices(members, k=task.together - len(bundle))
            bundles.setdefault(length, []).append((group, bundle))
    for alike in bundles.values():
        chance.shuffle(alike)
        for start in range(0, len(alike) - size + 1, size):
            chosen = alike[start : start + size]
            yield (
                [line for _, bundle in chosen for line in bundle],
                [group for group, bundle in chosen for _ in bundle],
            )


def _turns(
    task: Task, lines: list[Words], groups: list[int], chance: random.Random
) -> tuple[list[Words], list[int]]:
    """The lines whose turn it is in this epoch."""
    if task.turns is None:
        return lines, groups
    order = chance.sample(range(len(lines)), len(lines))
    taken: dict[int, int] = {}
    chosen = []
    for row in order:
        taken[groups[row]] = taken.get(groups[row], 0) + 1
        if taken[groups[row]] <= task.turns:
            chosen.append(row)
    return [lines[row] for row in chosen], [groups[row] for row in chosen]


def _by_length(lines: Sequence[Words], groups: Sequence[int]) -> dict[tuple[int, int], list[Words]]:
    found: dict[tuple[int, int], list[Words]] = {}
    for line, group in zip(lines, groups, strict=True):
        length = next(
            (number for number, longest in enumerate(_WORDS) if len(line) <= longest), len(_WORDS)
        )
        found.setdefault((length, group), []).append(line)
    return found


def _loss(recipe: Recipe, layers: Parameters, own: Parameters, batch: Arrays) -> jax.Array:
    found = pooled(through(layers, batch["state"], batch["mask"]), batch["mask"])
    centres = own["centres"] / jnp.linalg.norm(own["centres"], axis=-1, keepdims=True)
    odds = jax.nn.log_softmax(recipe.scale * found @ centres.T + own["bias"])
    right = jnp.take_along_axis(odds, batch["groups"][:, None], axis=1)[:, 0]
    loss = -(right * batch["weight"]).sum() / batch["weight"].sum()
    same = (batch["groups"][:, None] == batch["groups"][None, :]).astype(jnp.float32)
    loss += recipe.contrast * _contrast(found, same, recipe.temperature)
    return loss + recipe.distil * _change(found, batch["before"], same)


def _contrast(found: jax.Array, same: jax.Array, temperature: float) -> jax.Array:
    """Supervised contrast: each line nearer to those of its group
    than to the others of the batch.
    """
    itself = jnp.eye(found.shape[0])
    odds = jax.nn.log_softmax(found @ found.T / temperature - 1e9 * itself)
    same = same - itself
    return -((odds * same).sum(1) / jnp.maximum(same.sum(1), 1)).mean()


def _change(found: jax.Array, before: jax.Array, same: jax.Array) -> jax.Array:
    """How far vectors left their old places, and how far the likenesses
    inside a group left the old ones.
    """
    moved = (1.0 - (found * before).sum(1)).mean()
    apart = (found @ found.T - before @ before.T) ** 2
    return 0.5 * moved + (apart * same).sum() / same.sum()
