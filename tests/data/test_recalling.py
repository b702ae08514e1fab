import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data import associative_recall, running_parity


@given(st.integers(1, 8), st.integers(0, 7), st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_recall_asks_for_a_key_that_was_there(most, fewer, seed):
    fewest = max(1, most - fewer)
    x, target = associative_recall(20, (fewest, most), seed=seed)
    assert x.shape == (20, most + 1, 16) and target.shape == (20,)
    keys, values = x[:, :-1, :8], x[:, :-1, 8:]
    assert np.array_equal(keys.sum(axis=2), values.sum(axis=2))
    assert (keys.sum(axis=1) <= 1).all()  # no key twice
    counts = keys.sum(axis=(1, 2))
    assert ((counts >= fewest) & (counts <= most)).all()
    assert (np.diff(keys.sum(axis=2), axis=1) >= 0).all()  # empty steps come first
    assert (x[:, -1, :8].sum(axis=1) == 1).all() and not x[:, -1, 8:].any()
    found = (keys @ x[:, -1, :8, None])[:, :, 0].argmax(axis=1)
    assert np.array_equal(values[np.arange(20), found].argmax(axis=1), target)


def test_recall_with_one_number_of_pairs_and_seeds():
    x, target = associative_recall(50, 5, seed=1)
    assert (x[:, :-1].sum(axis=(1, 2)) == 10).all() and len(set(target)) > 3
    assert np.array_equal(x, associative_recall(50, 5, seed=1)[0])
    for pairs in (0, 9, (3, 2)):
        with pytest.raises(ValueError, match="pairs: expected a whole number"):
            associative_recall(5, pairs)


def test_parity_counts_the_ones():
    x, target = running_parity(30, 9, 2)
    assert x.shape == (30, 9, 2) and (x.sum(axis=2) == 1).all()
    for bits, odd in zip(x[:, :, 1], target[:, :, 0], strict=True):
        ones = 0
        for bit, is_odd in zip(bits, odd, strict=True):
            ones += bit
            assert is_odd == ones % 2
    with pytest.raises(ValueError, match="steps"):
        running_parity(1, 0)
