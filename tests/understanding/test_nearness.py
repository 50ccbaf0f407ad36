"""How near a text is to what each label's examples say: the mean of the two nearest,
found for all labels at once.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.latest_texts import KEPT, of_latest
from bot.understanding.encoder import ROWS, _Matrix
from bot.understanding.model import examples_of

LIKENESS = st.integers(-4, 4).map(float)


@given(st.lists(st.tuples(st.sampled_from("abc"), LIKENESS), min_size=1, max_size=20))
def test_each_label_is_as_near_as_its_two_nearest_examples_and_equal_ones_count_twice(examples):
    labels = [label for label, _ in examples]
    vectors = np.array([[likeness] for _, likeness in examples], dtype=np.float32)
    near = examples_of(labels, vectors).nearness(np.array([1], dtype=np.float32))
    assert near.keys() == set(labels)
    for label in near:
        nearest = sorted(value for name, value in examples if name == label)[-2:]
        assert near[label] == sum(nearest) / len(nearest)


@pytest.mark.parametrize("length", range(1, 10))
@pytest.mark.parametrize("width", [ROWS, 4 * ROWS])
def test_a_text_of_any_length_goes_through_a_layer_row_by_row(length, width):
    random = np.random.default_rng(length)
    weight = random.integers(-127, 128, (width, 8), dtype=np.int8)
    scale, bias = random.random(8, dtype=np.float32), random.random(8, dtype=np.float32)
    state = random.random((2, length, width), dtype=np.float32)
    expected = state @ weight.astype(np.float32) * scale + bias
    np.testing.assert_allclose(_Matrix(weight, scale, bias)(state), expected, rtol=1e-3, atol=1e-2)


def test_what_was_read_of_the_latest_texts_is_not_read_again_and_of_older_ones_is():
    read = []

    @of_latest
    def length(text: str) -> int:
        read.append(text)
        return len(text)

    texts = [str(number) for number in range(KEPT + 1)]
    assert [length(text) for text in texts] == [len(text) for text in texts]
    assert length(texts[-1]) == len(texts[-1])
    assert read == texts
    length(texts[0])
    assert read == [*texts, texts[0]]
